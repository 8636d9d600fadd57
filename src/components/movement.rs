//! Movements of points in words and as a table. An offer that may be shown in stores only is never named here.

use std::collections::HashSet;
use std::sync::Arc;

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::offers::UnmetCondition;
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::time::Instant;
use kopilka_core::usecases::wallet::history::LedgerEntryView;
use leptos::prelude::*;

use super::sentence;
use crate::text::{Texts, format};

/// Why points moved: «5 % от 1 240 ₽, уровень «Серебро»».
pub fn entry_reason(texts: Texts, entry: &LedgerEntryView, programme: &Programme) -> String {
    if entry.unnamed {
        texts.get("reason-store-offer")
    } else {
        texts.entry_reason(&entry.reason, programme)
    }
}

/// Why an offer was not used; `unnamed` offers are not named.
pub fn unmet_reason(
    texts: Texts,
    miss: &UnmetCondition,
    programme: &Programme,
    unnamed: &HashSet<String>,
) -> String {
    // Of an offer that is gone the title is not at hand.
    let is_nameless = |offer: &str| unnamed.contains(offer) || programme.offer(offer).is_none();
    if miss.named_offer().is_some_and(is_nameless) {
        texts.get("miss-better-store-offer")
    } else {
        texts.unmet_condition(miss, programme)
    }
}

/// Class of a number of points: what came in stands out.
pub const fn points_tone(points: Points) -> &'static str {
    if points.0 > 0 { "num plus" } else { "num" }
}

/// Movements, each a link to its detail.
#[component]
pub fn Movements(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The time at which the page is rendered.
    now: Instant,
    /// Entries in the order of showing.
    entries: Vec<LedgerEntryView>,
    /// The table's name for those who hear it.
    #[prop(into)]
    caption: String,
) -> impl IntoView {
    let columns = ["points-date", "points-what", "points-where"].map(|key| {
        view! {
            <th scope="col" role="columnheader">
                {texts.get(key)}
            </th>
        }
    });
    view! {
        <table class="fold" role="table">
            <caption class="vh">{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {columns.collect_view()}
                    <th class="num" scope="col" role="columnheader">
                        {texts.get("nav-points")}
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {entries
                    .into_iter()
                    .map(|entry| movement_row(texts, &programme, now, entry))
                    .collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

fn movement_row(
    texts: Texts,
    programme: &Programme,
    now: Instant,
    entry: LedgerEntryView,
) -> impl IntoView + use<> {
    let day = sentence(&texts.near_date(entry.at, now, programme.time_zone));
    let kind = texts.entry_kind(entry.kind);
    let words = format!("{kind} · {}", entry_reason(texts, &entry, programme));
    view! {
        <tr role="row">
            <td class="meta" role="cell">
                <time datetime=format::format_rfc3339(entry.at)>{day}</time>
            </td>
            <th class="what" scope="row" role="rowheader">
                <a href=format!("/points/{}", entry.id)>{words}</a>
            </th>
            <td class="meta" role="cell">
                {entry.store}
            </td>
            <td class=points_tone(entry.points) role="cell">
                {format::format_signed(entry.points.0, texts.language())}
            </td>
        </tr>
    }
}
