//! The balance, when it burns, and every movement with its reason, newest first.

use std::sync::Arc;

use kopilka_core::domain::amounts::{Money, Points as Amount};
use kopilka_core::domain::ledger::PointsBalance;
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::time::{Instant, days_between, local_date};
use kopilka_core::ids::EntryId;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::wallet::card;
use kopilka_core::usecases::wallet::history::{self, PointsHistory};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::movement::Movements;
use crate::components::{Debt, Holding, Icon, Wallet, WalletSection, page_loading};
use crate::text::{Texts, format};

/// Days before points burn in which their tile stands out.
const SOON: i64 = 30;

/// `/points`, and further back with `?before=`.
#[component]
pub fn Points() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let before = visitor.query_value("before");
        points_page(&visitor, &shopper, before).await
    })
}

async fn points_page(
    visitor: &Visitor,
    shopper: &Shopper,
    before: Option<String>,
) -> Result<AnyView, Error> {
    let before: Option<EntryId> = before
        .map(|id| id.parse().map_err(|_| Refusal::NotFound))
        .transpose()?;
    let texts = visitor.texts();
    let programme = Arc::clone(&visitor.rules.programme);
    let now = visitor.kopilka.now();
    let card = card::load_card_face(&visitor.kopilka, shopper).await?;
    let PointsHistory {
        balance,
        entries,
        expiries,
        older,
    } = history::load_history(&visitor.kopilka, shopper, before).await?;
    let first = before.is_none();
    let tier = card.tier.clone();
    let movements = if entries.is_empty() && first {
        no_points_yet(texts)
    } else {
        view! {
            <section class="panel" aria-labelledby="history">
                <header>
                    <h2 id="history">{texts.get("points-history")}</h2>
                    {(!first).then(|| view! { <a href="/points">{texts.get("points-newest")}</a> })}
                </header>
                <Movements
                    texts
                    programme=Arc::clone(&programme)
                    now
                    entries
                    caption=texts.get("points-history-caption")
                />
                {older
                    .map(|id| {
                        view! {
                            <p>
                                <a class="btn quiet small" href=format!("/points?before={id}")>
                                    {texts.get("points-older")}
                                </a>
                            </p>
                        }
                    })}
            </section>
        }
        .into_any()
    };
    let claims = programme.till.claim_days > 0;
    Ok(view! {
        <Wallet texts title=texts.get("nav-points") section=WalletSection::Points card=card>
            {balance_heading(texts, &balance, &programme)}
            <Debt texts debt=balance.debt />
            {first.then(|| view! { <Holding texts programme=Arc::clone(&programme) tier /> })}
            {first.then(|| expiry_calendar(texts, &expiries, &programme, now))}
            {movements}
            {claims.then(|| view! { <p><a href="/claim">{texts.get("points-claim")}</a></p> })}
        </Wallet>
    }
    .into_any())
}

fn balance_heading(
    texts: Texts,
    balance: &PointsBalance,
    programme: &Programme,
) -> impl IntoView + use<> {
    let active = balance.active;
    let worth = Money(active.0.saturating_mul(programme.points.value.0));
    let noun = texts.with_count("points-noun", active.0);
    let unit = if active.is_positive() {
        format!("{noun} = {}", texts.money_text(worth, programme))
    } else {
        noun
    };
    let pending = balance
        .pending
        .is_positive()
        .then(|| texts.with_count("points-pending", balance.pending.0));
    view! {
        <header class="head">
            <h1>{texts.get("nav-points")}</h1>
            <p class="hero-number">
                {format::format_number(active.0, texts.language())} " " <span>{unit}</span>
            </p>
            {pending.map(|words| view! { <p>{words}</p> })}
        </header>
    }
}

/// A tile for each day on which points burn.
fn expiry_calendar(
    texts: Texts,
    expiries: &[(Instant, Amount)],
    programme: &Programme,
    now: Instant,
) -> AnyView {
    if expiries.is_empty() {
        return ().into_any();
    }
    let zone = programme.time_zone;
    let tiles = expiries.iter().map(|(at, points)| {
        // They expire at the start of a day; what matters is the last one on which they pay.
        let last = at.plus_secs(-1);
        let days = days_between(local_date(now, zone), local_date(last, zone));
        view! {
            <li data-tone=(days <= SOON).then_some("warn")>
                <span class="meta">
                    <time datetime=format::format_rfc3339(last)>
                        {format::format_day(last, zone, texts.language())}
                    </time>
                </span>
                <b>{format::format_number(points.0, texts.language())}</b>
                <span class="meta">{time_ahead(texts, days)}</span>
            </li>
        }
    });
    view! {
        <section class="panel" aria-labelledby="expiries">
            <header>
                <h2 id="expiries">{texts.get("points-expiries")}</h2>
                <p>{texts.get("points-expiries-text")}</p>
            </header>
            <ol class="lots">{tiles.collect_view()}</ol>
        </section>
    }
    .into_any()
}

/// Returns how far ahead a day is: in days up to 45, in months further on.
fn time_ahead(texts: Texts, days: i64) -> String {
    match days {
        ..=0 => texts.get("day-today"),
        1 => texts.get("day-tomorrow"),
        2..=45 => texts.with_count("day-in", days),
        _ => texts.with_count("month-in", (days + 15) / 30),
    }
}

fn no_points_yet(texts: Texts) -> AnyView {
    view! {
        <div class="panel">
            <div class="empty">
                <Icon name="coins" />
                <h2>{texts.get("points-empty")}</h2>
                <p>{texts.get("points-empty-text")}</p>
                <a class="btn" href="/card">
                    {texts.get("points-empty-card")}
                </a>
            </div>
        </div>
    }
    .into_any()
}
