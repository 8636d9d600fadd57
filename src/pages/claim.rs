//! Taking a receipt that was bought without the card, by the code on it: `/claim`, `/claim?code=…` from its QR code, and
//! `/claim?done=…` when it is done. Looking takes nothing; the button does.

use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::checkout::claim_codes::{self, ClaimedReceiptView};
use kopilka_core::usecases::wallet::card::{self, CardFaceView};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;

use crate::api::claims::KEPT_SECONDS;
use crate::api::forms::RenderedForm;
use crate::api::visitor::cookie;
use crate::api::{Visitor, reply};
use crate::components::{
    FormErrors, Head, Icon, Solo, TextField, Wallet, WalletSection, page_loading,
};
use crate::text::format;

/// `/claim`.
#[component]
pub fn Claim() -> impl IntoView {
    let visitor = Visitor::current();
    let code = visitor.query_value("code").unwrap_or_default();
    let Some(shopper) = visitor.shopper.clone() else {
        return guest_page(&visitor, &code);
    };
    let done: Option<ReceiptId> = visitor
        .query_value("done")
        .and_then(|done| done.parse().ok());
    page_loading::load_page(async move {
        Ok(match load_claim(&visitor, &shopper, done).await? {
            (card, Some(claimed)) => claimed_page(&visitor, card, claimed),
            (card, None) => claim_page(&visitor, card, &code),
        })
    })
}

async fn load_claim(
    visitor: &Visitor,
    shopper: &Shopper,
    done: Option<ReceiptId>,
) -> Result<(CardFaceView, Option<ClaimedReceiptView>), Error> {
    let service = &visitor.kopilka;
    let claimed = match done {
        None => None,
        Some(receipt) => match claim_codes::load_claimed_receipt(service, shopper, receipt).await {
            Ok(claimed) => Some(claimed),
            Err(Error::Refused(Refusal::NotFound)) => None,
            Err(error) => return Err(error),
        },
    };
    Ok((card::load_card_face(service, shopper).await?, claimed))
}

/// A guest's code is kept while they sign in or join.
fn guest_page(visitor: &Visitor, code: &str) -> AnyView {
    let texts = visitor.texts();
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect();
    if !plain.is_empty() {
        reply::set_cookie(visitor, cookie::CLAIM, &plain, KEPT_SECONDS);
    }
    view! {
        <Solo title=texts.get("claim-title")>
            <Head title=texts.get("claim-title") lead=texts.get("claim-guest") />
            <div class="actions">
                <a class="btn" href="/sign-in">
                    {texts.get("sign-in")}
                </a>
                <a class="btn quiet" href="/join?from=claim">
                    {texts.get("landing-join")}
                </a>
            </div>
            <p class="meta">{texts.get("claim-guest-kept")}</p>
        </Solo>
    }
    .into_any()
}

fn claim_page(visitor: &Visitor, card: CardFaceView, code: &str) -> AnyView {
    let texts = visitor.texts();
    let code = code.to_owned();
    let form = RenderedForm::for_endpoint("claim");
    view! {
        <Wallet texts title=texts.get("claim-title") section=WalletSection::Points card>
            <Head
                title=texts.get("claim-title")
                lead=texts.get("claim-lead")
                back=("/points", texts.get("nav-points"))
            />
            <FormErrors form=form.clone() />
            <form class="form panel" method="post" action="/api/claim" novalidate>
                <TextField
                    texts
                    form
                    name="code"
                    label=texts.get("claim-code")
                    hint=texts.get("claim-code-hint")
                    autofocus=code.is_empty()
                    stored=code
                    class="big"
                    maxlength=24
                    required=true
                />
                <button class="btn">{texts.get("claim-button")}</button>
            </form>
        </Wallet>
    }
    .into_any()
}

fn claimed_page(visitor: &Visitor, card: CardFaceView, claimed: ClaimedReceiptView) -> AnyView {
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let zone = programme.time_zone;
    let points = claimed.points.0;
    let shown = format::format_signed(points, visitor.language);
    let bought = texts.with_values(
        "claim-done-of",
        &[
            ("money", texts.money_text(claimed.total, programme).into()),
            ("store", claimed.store.as_str().into()),
            (
                "day",
                format::format_day(claimed.at, zone, visitor.language).into(),
            ),
        ],
    );
    let waits = claimed.activates.map(|at| {
        let day = texts.near_date(at, visitor.kopilka.now(), zone);
        texts.with_values("claim-done-later", &[("day", day.into())])
    });
    let gifts = claimed.gifts.into_iter().map(move |gift| {
        let gift = texts.with_values(
            "claim-done-gift",
            &[("gift", texts.pick_language(&gift).into())],
        );
        view! {
            <p>
                <Icon name="gift" />
                {gift}
            </p>
        }
    });
    view! {
        <Wallet texts title=texts.get("claim-done-title") section=WalletSection::Points card>
            <Head title=texts.get("claim-done-title") back=("/points", texts.get("nav-points")) />
            <section class="panel claim-done">
                <p class="claim-points">
                    <data value=points.to_string()>{shown}</data>
                    " "
                    {texts.with_count("points-noun", points)}
                </p>
                <p>{bought}</p>
                {waits.map(|waits| view! { <p class="meta">{waits}</p> })}
                {gifts.collect_view()}
                <div class="actions">
                    <a class="btn" href="/card">
                        {texts.get("claim-done-card")}
                    </a>
                    <a class="btn quiet" href="/claim">
                        {texts.get("claim-done-more")}
                    </a>
                </div>
            </section>
        </Wallet>
    }
    .into_any()
}
