//! The arithmetic of a movement, a row for each step, so that whoever adds them up gets the last row.

use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::reason::EntryReason;
use kopilka_core::usecases::wallet::history::{HistoryReceiptView, LedgerEntryView};
use leptos::prelude::*;

use crate::components::sentence;
use crate::text::{Texts, format};

/// Steps from the receipt to the points, by the programme that decided; none where the reason says it all.
pub fn calculation_rows(
    texts: Texts,
    entry: &LedgerEntryView,
    receipt: Option<&HistoryReceiptView>,
    programme: &Programme,
) -> Vec<AnyView> {
    let money = |amount: Money| texts.money_text(amount, programme);
    let less = |amount: Money| texts.money_text(Money(-amount.0), programme);
    let mut rows = Vec::new();
    match &entry.reason {
        EntryReason::Purchase {
            base, rate, tier, ..
        } => {
            if let Some(receipt) = receipt {
                rows.push(calculation_row(
                    texts.get("sum-receipt"),
                    money(receipt.total),
                ));
                rows.extend(
                    discounts(texts, receipt)
                        .into_iter()
                        .map(|(words, amount)| calculation_row(words, less(amount))),
                );
                if receipt.paid_by_points.is_positive() {
                    rows.push(calculation_row(
                        texts.get("sum-points-paid"),
                        less(receipt.paid_by_points),
                    ));
                }
                let paid = receipt.total - receipt.discount - receipt.paid_by_points;
                if paid > *base {
                    rows.push(calculation_row(
                        texts.get("sum-excluded"),
                        less(paid - *base),
                    ));
                }
            }
            rows.push(calculation_row(texts.get("sum-base"), money(*base)));
            let words =
                texts.with_values("sum-rate", &[("tier", texts.pick_language(tier).into())]);
            rows.push(calculation_row(
                words,
                format!("× {}", format::format_percent(*rate, texts.language())),
            ));
        }
        EntryReason::Spend {
            money: paid, total, ..
        } => {
            rows.push(calculation_row(texts.get("sum-total"), money(*total)));
            rows.push(calculation_row(texts.get("sum-by-points"), less(*paid)));
            rows.push(calculation_row(
                texts.get("sum-left"),
                money(*total - *paid),
            ));
        }
        EntryReason::Offer { offer, of, .. } => {
            let Some(offer) = programme.offer(offer).filter(|_| !entry.unnamed) else {
                return rows;
            };
            let gives = texts.benefit_label(&offer.benefit, programme);
            rows.push(calculation_row(texts.get("sum-offer"), gives));
            if let Some(of) = of {
                rows.push(calculation_row(texts.get("sum-base"), money(of.base)));
                if let Some(rate) = of.rate_of_base() {
                    let rate = format::format_percent(rate, texts.language());
                    rows.push(calculation_row(
                        texts.get("sum-offer-rate"),
                        format!("× {rate}"),
                    ));
                }
            }
        }
        _ => return rows,
    }
    let points = entry.points;
    let class = points.is_positive().then_some("plus");
    rows.push(
        view! {
            <div class="total">
                <dt>{texts.entry_kind(entry.kind)}</dt>
                <dd class=class>
                    {format::format_signed(points.0, texts.language())} " "
                    {texts.with_count("points-noun", points.0.saturating_abs())}
                </dd>
            </div>
        }
        .into_any(),
    );
    rows
}

/// Returns what was taken off and by what: offers by name, the rest is the level's.
fn discounts(texts: Texts, receipt: &HistoryReceiptView) -> Vec<(String, Money)> {
    let mut rest = receipt.discount;
    let mut rows = Vec::new();
    for used in &receipt.evaluation.offers_used {
        if !used.discount.is_positive() {
            continue;
        }
        rest -= used.discount;
        let words = if receipt.unnamed.contains(&used.offer) {
            texts.get("reason-store-offer")
        } else {
            texts.with_values(
                "reason-offer",
                &[("title", texts.pick_language(&used.title).into())],
            )
        };
        rows.push((sentence(&words), used.discount));
    }
    if rest.is_positive() {
        rows.push((texts.get("sum-discount"), rest));
    }
    rows
}

fn calculation_row(words: String, amount: String) -> AnyView {
    view! {
        <div>
            <dt>{words}</dt>
            <dd>{amount}</dd>
        </div>
    }
    .into_any()
}
