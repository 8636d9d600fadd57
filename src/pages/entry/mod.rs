//! One movement of points in full: why so many, the receipt behind it, and what else it moved.

mod calculation;
mod entry_receipt;

use std::sync::Arc;

use kopilka_core::domain::amounts::Rounding;
use kopilka_core::domain::reason::EntryReason;
use kopilka_core::ids::EntryId;
use kopilka_core::service::ProgrammeRules;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::wallet::card;
use kopilka_core::usecases::wallet::history::{
    self, HistoryReceiptView, LedgerEntryDetail, LedgerEntryView,
};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;

use self::entry_receipt::{OffersMissed, OffersUsed, ReceiptLines};
use crate::api::Visitor;
use crate::components::movement::{self, Movements};
use crate::components::{Icon, Wallet, WalletSection, page_loading, sentence};
use crate::text::format;

/// `/points/{entry}`.
#[component]
pub fn Entry(
    /// Id of the entry, as the address has it.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    let Some((visitor, shopper)) = page_loading::require_shopper() else {
        return ().into_any();
    };
    page_loading::load_page(async move { entry_page(&visitor, &shopper, &id).await })
}

async fn entry_page(visitor: &Visitor, shopper: &Shopper, id: &str) -> Result<AnyView, Error> {
    let id: EntryId = id.parse().map_err(|_| Refusal::NotFound)?;
    let texts = visitor.texts();
    let LedgerEntryDetail {
        entry,
        rules,
        receipt,
        siblings,
        corrects,
    } = history::load_entry(&visitor.kopilka, shopper, id).await?;
    let card = card::load_card_face(&visitor.kopilka, shopper).await?;
    let programme = Arc::clone(&visitor.rules.programme);
    let now = visitor.kopilka.now();
    let others: Vec<LedgerEntryView> = siblings
        .into_iter()
        .filter(|other| other.id != id)
        .collect();
    let kind = texts.entry_kind(entry.kind);
    let head = entry_heading(visitor, &entry, receipt.as_ref());
    let corrects = corrects.map(|other| correction_link(visitor, &other));
    let why = reason_panel(visitor, &entry, &rules, receipt.as_ref(), corrects);
    Ok(view! {
        <Wallet texts title=kind section=WalletSection::Points card=card>
            {head}
            {why}
            {receipt
                .map(|receipt| {
                    let HistoryReceiptView { lines, returned, evaluation, unnamed, .. } = receipt;
                    view! {
                        <ReceiptLines texts programme=Arc::clone(&programme) lines returned />
                        <OffersUsed
                            texts
                            programme=Arc::clone(&programme)
                            used=evaluation.offers_used
                            unnamed=unnamed.clone()
                        />
                        <OffersMissed
                            texts
                            programme=Arc::clone(&programme)
                            missed=evaluation.offers_missed
                            unnamed
                        />
                    }
                })}
            {(!others.is_empty())
                .then(|| {
                    view! {
                        <section class="panel" aria-labelledby="others">
                            <header>
                                <h2 id="others">{texts.get("entry-others")}</h2>
                            </header>
                            <Movements
                                texts
                                programme=Arc::clone(&programme)
                                now
                                entries=others
                                caption=texts.get("entry-others")
                            />
                        </section>
                    }
                })}
        </Wallet>
    }
    .into_any())
}

/// Renders the heading: how many points, when and where.
fn entry_heading(
    visitor: &Visitor,
    entry: &LedgerEntryView,
    receipt: Option<&HistoryReceiptView>,
) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let language = texts.language();
    let number = receipt.map(|receipt| {
        let words = if receipt.returned {
            "entry-receipt-returned"
        } else {
            "entry-receipt"
        };
        texts.with_values(words, &[("number", receipt.number.as_str().into())])
    });
    let place: Vec<String> = [
        Some(format::format_moment(
            entry.at,
            visitor.rules.programme.time_zone,
            language,
        )),
        entry.store.clone(),
        number,
    ]
    .into_iter()
    .flatten()
    .collect();
    let class = if entry.points.is_positive() {
        "hero-number plus"
    } else {
        "hero-number"
    };
    view! {
        <header class="head">
            <a class="back" href="/points">
                <Icon name="chevron-left" />
                {texts.get("nav-points")}
            </a>
            <h1>{texts.entry_kind(entry.kind)}</h1>
            <p class=class>
                {format::format_signed(entry.points.0, language)} " "
                <span>{texts.with_count("points-noun", entry.points.0.saturating_abs())}</span>
            </p>
            <p class="meta">{place.join(" · ")}</p>
        </header>
    }
}

/// Renders a link to the entry that was a mistake.
fn correction_link(visitor: &Visitor, other: &LedgerEntryView) -> AnyView {
    let texts = visitor.texts();
    let language = texts.language();
    let zone = visitor.rules.programme.time_zone;
    let words = texts.with_values(
        "entry-corrects",
        &[
            ("date", format::format_day(other.at, zone, language).into()),
            ("what", texts.entry_kind(other.kind).to_lowercase().into()),
            (
                "points",
                format::format_signed(other.points.0, language).into(),
            ),
        ],
    );
    view! {
        <p class="meta">
            <a href=format!("/points/{}", other.id)>{words}</a>
        </p>
    }
    .into_any()
}

/// The reason in words, then line by line.
fn reason_panel(
    visitor: &Visitor,
    entry: &LedgerEntryView,
    rules: &ProgrammeRules,
    receipt: Option<&HistoryReceiptView>,
    corrects: Option<AnyView>,
) -> impl IntoView + use<> {
    let texts = visitor.texts();
    // What decided then, whatever is in force now.
    let programme = &rules.programme;
    let words = sentence(&movement::entry_reason(texts, entry, programme));
    let rows = calculation::calculation_rows(texts, entry, receipt, programme);
    let rounded = matches!(
        entry.reason,
        EntryReason::Purchase { .. } | EntryReason::Offer { .. }
    );
    let rounding = rounded.then(|| {
        texts.get(match programme.points.rounding {
            Rounding::Floor => "entry-rounding-floor",
            Rounding::HalfUp => "entry-rounding-half-up",
            Rounding::Ceil => "entry-rounding-ceil",
        })
    });
    view! {
        <section class="panel" aria-labelledby="why">
            <header>
                <h2 id="why">{texts.get("entry-why")}</h2>
                <p>{words}</p>
                {corrects}
            </header>
            {(!rows.is_empty()).then(|| view! { <dl class="sum">{rows}</dl> })}
            <p class="meta">
                <a href="/rules">
                    {texts.with_values("entry-version", &[("version", rules.version.into())])}
                </a>
                {rounding.map(|words| format!(" · {words}"))}
            </p>
        </section>
    }
}
