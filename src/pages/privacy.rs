//! Documents about personal data: each consent is a text of its own with its version, apart from rules and advertising.

use kopilka_core::usecases::wallet::card::CardFaceView;
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::{Icon, OpenPage, card_beside, page_loading};
use crate::text::Texts;

/// Documents about personal data.
#[component]
pub fn Privacy() -> impl IntoView {
    let visitor = Visitor::current();
    page_loading::load_page(async move {
        let card = card_beside(&visitor).await?;
        Ok(privacy_page(&visitor, card))
    })
}

fn privacy_page(visitor: &Visitor, card: Option<CardFaceView>) -> AnyView {
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let versions = programme.documents.clone();
    let support = programme.support.clone();
    let rejoin_days = i64::from(programme.rejoin_days);
    view! {
        <OpenPage texts title=texts.get("privacy-title") lead=texts.get("privacy-lead") card>
            <div class="note" data-tone="warn">
                <Icon name="info" />
                <p>{texts.get("privacy-demo")}</p>
            </div>
            <article class="panel prose" id="personal-data" aria-labelledby="personal-data-title">
                <h2 id="personal-data-title">{texts.get("privacy-personal-data")}</h2>
                {version_note(texts, &versions.personal_data)}
                <p>{texts.get("privacy-personal-data-1")}</p>
                <p>{texts.get("privacy-personal-data-list")}</p>
                <ul>
                    <li>{texts.get("privacy-personal-data-phone")}</li>
                    <li>{texts.get("privacy-personal-data-purchases")}</li>
                    <li>{texts.get("privacy-personal-data-told")}</li>
                    <li>{texts.get("privacy-personal-data-devices")}</li>
                </ul>
                <p>{texts.get("privacy-personal-data-2")}</p>
                {(rejoin_days > 0)
                    .then(|| view! { <p>{texts.with_count("privacy-personal-data-rejoin", rejoin_days)}</p> })}
                <p>{texts.get("privacy-personal-data-3")}</p>
            </article>
            <article class="panel prose" id="children" aria-labelledby="children-title">
                <h2 id="children-title">{texts.get("privacy-children")}</h2>
                {version_note(texts, &versions.children)}
                <p>{texts.get("privacy-children-1")}</p>
                <p>{texts.get("privacy-children-2")}</p>
            </article>
            <article class="panel prose" id="messages" aria-labelledby="messages-title">
                <h2 id="messages-title">{texts.get("privacy-messages")}</h2>
                {version_note(texts, &versions.messages)}
                <p>{texts.get("privacy-messages-1")}</p>
                <p>{texts.get("privacy-messages-2")}</p>
            </article>
            <section class="panel prose" id="device" aria-labelledby="device-title">
                <h2 id="device-title">{texts.get("privacy-device")}</h2>
                <p>{texts.get("privacy-device-1")}</p>
                <p>{texts.get("privacy-device-2")}</p>
            </section>
            <section class="panel prose" id="rights" aria-labelledby="rights-title">
                <h2 id="rights-title">{texts.get("privacy-rights")}</h2>
                <p>
                    {texts.get("privacy-rights-1")} " "
                    <a href="/settings#export">{texts.get("privacy-rights-settings")}</a> ". "
                    {texts.get("privacy-rights-2")}
                </p>
                <p>{texts.with_values("privacy-rights-3", &[("support", support.into())])}</p>
            </section>
        </OpenPage>
    }
    .into_any()
}

fn version_note(texts: Texts, version: &str) -> impl IntoView + use<> {
    view! {
        <p class="meta">
            {texts.with_values("privacy-version", &[("version", version.to_owned().into())])}
        </p>
    }
}
