//! Consents: the grid of messages, what is no advertising, documents agreed to, and the proof of every yes and no.

mod proofs;

use kopilka_core::domain::consents::{ConsentDocument, ConsentSubject};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::profiles::consents::{self, ConsentChange};
use kopilka_core::usecases::wallet::card::{self, CardFaceView};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::components::{FormErrors, Head, Icon, MessageGrid, Wallet, WalletSection, page_loading};
use crate::text::{Texts, format};

/// The shopper's consents.
#[component]
pub fn Consents() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let (card, consents) = load_consents(&visitor, &shopper).await?;
        Ok(consents_page(&visitor, card, consents))
    })
}

async fn load_consents(
    visitor: &Visitor,
    shopper: &Shopper,
) -> Result<(CardFaceView, consents::MemberConsents), Error> {
    let service = &visitor.kopilka;
    Ok((
        card::load_card_face(service, shopper).await?,
        consents::load_consents(service, shopper).await?,
    ))
}

fn consents_page(
    visitor: &Visitor,
    card: CardFaceView,
    consents: consents::MemberConsents,
) -> AnyView {
    let texts = visitor.texts();
    let back = ("/profile", texts.get("nav-me"));
    let form = RenderedForm::for_endpoint("consents/save");
    let refused = [
        form.clone(),
        RenderedForm::for_endpoint("consents/children-off"),
    ]
    .into_iter()
    .find(RenderedForm::is_refused)
    .map(|form| view! { <FormErrors form /> });
    let documents = documents_panel(visitor, &consents);
    let proofs = proofs::proofs_panel(visitor, &consents.history);
    view! {
        <Wallet texts title=texts.get("consents-title") section=WalletSection::Me card>
            <Head title=texts.get("consents-title") lead=texts.get("consents-lead") back />
            {refused}
            <form class="panel" method="post" action="/api/consents/save" novalidate>
                <MessageGrid texts form granted=consents.granted />
                <div class="actions">
                    <button class="btn">{texts.get("save")}</button>
                    <button class="btn danger" formaction="/api/consents/off">
                        {texts.get("consents-off")}
                    </button>
                </div>
            </form>
            {service_messages_panel(texts)}
            {documents}
            {proofs}
        </Wallet>
    }
    .into_any()
}

fn service_messages_panel(texts: Texts) -> impl IntoView {
    view! {
        <section class="panel prose" aria-labelledby="service-title">
            <h2 id="service-title">{texts.get("consents-service")}</h2>
            <p>{texts.get("consents-service-text")}</p>
            <ul>
                <li>{texts.get("consents-service-codes")}</li>
                <li>{texts.get("consents-service-receipts")}</li>
                <li>{texts.get("consents-service-expiry")}</li>
            </ul>
        </section>
    }
}

const fn document_text_key(document: ConsentDocument) -> &'static str {
    match document {
        ConsentDocument::PersonalData => "/privacy#personal-data",
        ConsentDocument::Rules => "/rules",
        ConsentDocument::Children => "/privacy#children",
    }
}

fn document_name(texts: Texts, document: ConsentDocument) -> String {
    texts.get(&format!("document-{}", document.as_str().replace('_', "-")))
}

/// Renders the documents that were agreed to, with their versions and since when.
fn documents_panel(
    visitor: &Visitor,
    consents: &consents::MemberConsents,
) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let rows = ConsentDocument::ALL
        .iter()
        .map(|&document| {
            let agreed = consents.documents.contains(&document);
            let change = consents
                .history
                .iter()
                .find(|change| agreed && change.subject == ConsentSubject::Document(document));
            document_row(visitor, document, change).into_any()
        })
        .collect_view();
    view! {
        <section class="panel" id="documents" aria-labelledby="documents-title">
            <header>
                <h2 id="documents-title">{texts.get("consents-documents")}</h2>
                <p>{texts.get("consents-documents-text")}</p>
            </header>
            <ul class="list">{rows}</ul>
            <p class="hint">
                {texts.get("consents-personal-data-end")} " — "
                <a href="/settings#close">{texts.get("settings-close")}</a>
            </p>
        </section>
    }
}

fn document_row(
    visitor: &Visitor,
    document: ConsentDocument,
    change: Option<&ConsentChange>,
) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let zone = visitor.rules.programme.time_zone;
    let state = match change {
        Some(change) => texts.with_values(
            "consents-document-agreed",
            &[
                ("version", change.text_version.as_str().into()),
                (
                    "date",
                    format::format_day(change.at, zone, texts.language()).into(),
                ),
            ],
        ),
        None => texts.get("consents-document-never"),
    };
    let icon = if document == ConsentDocument::Children {
        "baby"
    } else {
        "file-text"
    };
    let end = (document == ConsentDocument::Children && change.is_some()).then(|| {
        view! {
            <form method="post" action="/api/consents/children-off">
                <button class="btn quiet small" aria-describedby="children-off-text">
                    {texts.get("consents-children-off")}
                    <span class="vh">{texts.get("consents-children-off-what")}</span>
                </button>
            </form>
        }
    });
    let warning = end.is_some().then(|| {
        view! {
            <span class="meta" id="children-off-text">
                {texts.get("consents-children-off-text")}
            </span>
        }
    });
    view! {
        <li>
            <Icon name=icon />
            <span>
                <a href=document_text_key(document)>{document_name(texts, document)}</a>
                <span class="meta">{state}</span>
                {warning}
            </span>
            {end}
        </li>
    }
}
