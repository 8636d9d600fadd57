//! The rules in force for everybody to read. Each number comes from the programme that the till obeys; none is written
//! here.

mod points_rules;
mod tier_rules;

pub(super) use points_rules::life_in_words;

use chrono::NaiveDate;
use kopilka_core::domain::offers::{Condition, Offer};
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::time::{Instant, local_date};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::programme::rules::{self, PublicRulesView, PublicStoreView};
use kopilka_core::usecases::wallet::card::CardFaceView;
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::{Icon, OpenPage, card_beside, page_loading, sentence};
use crate::text::{Texts, format};

/// The rules in force and their versions.
#[component]
pub fn Rules() -> impl IntoView {
    let visitor = Visitor::current();
    page_loading::load_page(async move {
        let (view, card) = load_rules(&visitor).await?;
        Ok(rules_page(&visitor, view, card))
    })
}

async fn load_rules(visitor: &Visitor) -> Result<(PublicRulesView, Option<CardFaceView>), Error> {
    Ok((
        rules::load_public_rules(&visitor.kopilka).await?,
        card_beside(visitor).await?,
    ))
}

fn rules_page(visitor: &Visitor, view: PublicRulesView, card: Option<CardFaceView>) -> AnyView {
    let texts = visitor.texts();
    let programme = &view.rules.programme;
    let current = view.rules.version;
    let day = |since: Instant| format::format_day(since, programme.time_zone, texts.language());
    let since = view
        .versions
        .iter()
        .find(|(version, _)| *version == current)
        .map(|(_, since)| day(*since))
        .unwrap_or_default();
    let lead = texts.with_values(
        "rules-lead",
        &[
            ("version", current.to_string().into()),
            ("date", since.into()),
        ],
    );
    let own = card.as_ref().map(|card| card.tier.id.clone());
    let tiers = tier_rules::tiers_panel(texts, programme, own.as_deref()).into_any();
    let points = points_rules::points_panel(texts, programme).into_any();
    let joining = points_rules::participation_panel(texts, programme).into_any();
    let today = local_date(visitor.kopilka.now(), programme.time_zone);
    let offers = offers_panel(visitor, &view, today).into_any();
    let versions = versions_panel(visitor, &view).into_any();
    let stores = stores_panel(visitor, view.stores).into_any();
    view! {
        <OpenPage texts title=texts.get("rules-title") lead card>
            {tiers}
            {points}
            {joining}
            {offers}
            {stores}
            {versions}
        </OpenPage>
    }
    .into_any()
}

/// Returns the conditions of an offer that runs now, in words: the last day first.
fn terms(texts: Texts, offer: &Offer, programme: &Programme) -> Vec<String> {
    let conditions = &offer.conditions;
    let until = conditions.period().and_then(|period| period.until);
    let until = until.map(|until| {
        let date = format::format_date(until, texts.language());
        texts.with_values("rules-offer-until", &[("date", date.into())])
    });
    let others = conditions
        .iter()
        .filter(|condition| !matches!(condition, Condition::Period(_)))
        .map(|condition| texts.condition(condition, programme));
    until.into_iter().chain(others).collect()
}

fn offers_panel(
    visitor: &Visitor,
    view: &PublicRulesView,
    today: NaiveDate,
) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let programme = &view.rules.programme;
    let mut open: Vec<&Offer> = programme
        .offers
        .iter()
        .filter(|offer| offer.is_public_on(today))
        .collect();
    open.sort_by_key(|offer| -offer.priority);
    let rows = open
        .into_iter()
        .map(|offer| {
            let terms: String = terms(texts, offer, programme)
                .into_iter()
                .map(|term| format!(" · {term}"))
                .collect();
            view! {
                <li>
                    <Icon name="tag" />
                    <span>
                        {sentence(&texts.pick_language(&offer.title))}
                        <span class="meta">{sentence(&texts.pick_language(&offer.text))} {terms}</span>
                    </span>
                    <span class="tag" data-tone="brand">
                        {texts.benefit_label(&offer.benefit, programme)}
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let about = if rows.is_empty() {
        "rules-offers-none"
    } else {
        "rules-offers-text"
    };
    view! {
        <section class="panel" id="offers" aria-labelledby="offers-title">
            <header>
                <h2 id="offers-title">{texts.get("rules-offers")}</h2>
                <p>{texts.get(about)}</p>
            </header>
            {(!rows.is_empty()).then(|| view! { <ul class="list">{rows}</ul> })}
        </section>
    }
}

fn stores_panel(visitor: &Visitor, stores: Vec<PublicStoreView>) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let rows = stores
        .into_iter()
        .map(|store| {
            view! {
                <li>
                    <Icon name="receipt-text" />
                    <span>
                        {store.name}
                        <span class="meta">{store.address}</span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="panel" id="stores" aria-labelledby="stores-title">
            <header>
                <h2 id="stores-title">{texts.get("rules-stores")}</h2>
                <p>{texts.get("rules-stores-text")}</p>
            </header>
            <ul class="list">{rows}</ul>
        </section>
    }
}

fn versions_panel(visitor: &Visitor, view: &PublicRulesView) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let zone = view.rules.programme.time_zone;
    let current = view.rules.version;
    let rows = view
        .versions
        .iter()
        .map(|(version, since)| {
            let number =
                texts.with_values("rules-version", &[("version", version.to_string().into())]);
            let date = format::format_day(*since, zone, texts.language());
            let since = texts.with_values("rules-version-since", &[("date", date.into())]);
            let now = (*version == current).then(|| {
                view! {
                    <span class="tag" data-tone="good">
                        <Icon name="check" />
                        {texts.get("rules-version-now")}
                    </span>
                }
            });
            view! {
                <li>
                    <Icon name="file-text" />
                    <span>
                        {number}
                        <span class="meta">{since}</span>
                    </span>
                    {now}
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="panel" id="versions" aria-labelledby="versions-title">
            <header>
                <h2 id="versions-title">{texts.get("rules-versions")}</h2>
                <p>{texts.get("rules-versions-text")}</p>
            </header>
            <ul class="list">{rows}</ul>
        </section>
    }
}
