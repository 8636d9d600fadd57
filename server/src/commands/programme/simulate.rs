//! What a simulation prints: sums before and after, by tier and by offer, and who gains and loses most. No names: a card
//! is told by its last four digits.

use std::fmt::Write;

use kopilka_core::Kopilka;
use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::programme::Programme;
use kopilka_core::ids::MemberId;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::programmes::simulate::{
    Compared, OfferSum, Period, Simulation, Sum, simulate,
};

const HOW: &str = "\
Each sale is judged again with its own lines, store, time and points paid (fewer where fewer may pay), and with the\n\
purchases before it; with the profile and consents of today. Codes count as ones that earn. Returns are left out.\n\
Budgets and limits for everyone run out member by member, not in the order of sales.\n";

/// Simulates, and tells it.
///
/// # Errors
/// As the use case.
pub async fn run(k: &Kopilka, programme: Programme, period: Period) -> Result<String, Error> {
    let currency = programme.currency.clone();
    let zone = programme.time_zone;
    let new_taps = period.switched_on;
    let (from, until) = (period.from, period.until);
    let found = simulate(k, programme, period).await?;
    let mut text = format!(
        "{} sales of {} members from {from} to {until} ({zone})\n\n",
        grouped(found.all.before.sales),
        grouped(found.gain + found.lose + found.same),
    );
    table(&mut text, &currency, &found);
    let _ = writeln!(
        text,
        "\nmembers: {} gain, {} lose, for {} nothing changes",
        grouped(found.gain),
        grouped(found.lose),
        grouped(found.same)
    );
    top(&mut text, "gain most", &found.most_gained, &currency);
    top(&mut text, "lose most", &found.most_lost, &currency);
    let _ = writeln!(text, "\n{}", HOW.trim_end());
    text.push_str(if new_taps {
        "New offers that need a tap count as switched on by everybody.\n"
    } else {
        "New offers that need a tap count as switched on by nobody (--switched-on: by everybody).\n"
    });
    if found.tiers_reached_anew {
        text.push_str(
            "Tiers are reached otherwise than before: each sale has the tier that purchases before it reach, with no grace.\n",
        );
    }
    Ok(text)
}

fn table(text: &mut String, currency: &str, found: &Simulation) {
    let _ = writeln!(
        text,
        "{:<36}{:>16}{:>16}{:>16}",
        "", "before", "after", "change"
    );
    sums(text, currency, &found.all);
    for (tier, sum) in &found.by_tier {
        let _ = writeln!(text, "\ntier {tier}");
        row(text, "sales", sum.before.sales, sum.after.sales, grouped);
        sums(text, currency, sum);
    }
    for (offer, sum) in &found.by_offer {
        let _ = writeln!(text, "\noffer {offer}");
        offer_rows(text, currency, sum);
    }
}

fn sums(text: &mut String, currency: &str, sum: &Compared<Sum>) {
    let (before, after) = (&sum.before, &sum.after);
    row(
        text,
        "points issued",
        before.points.0,
        after.points.0,
        grouped,
    );
    row(
        text,
        &format!("their cost, {currency}"),
        before.cost.0,
        after.cost.0,
        money,
    );
    row(
        text,
        &format!("discounts, {currency}"),
        before.discount.0,
        after.discount.0,
        money,
    );
    row(
        text,
        &format!("paid by points, {currency}"),
        before.paid_by_points.0,
        after.paid_by_points.0,
        money,
    );
}

fn offer_rows(text: &mut String, currency: &str, sum: &Compared<OfferSum>) {
    let (before, after) = (&sum.before, &sum.after);
    row(text, "uses", before.uses, after.uses, grouped);
    row(text, "points", before.points.0, after.points.0, grouped);
    row(
        text,
        &format!("discounts, {currency}"),
        before.discount.0,
        after.discount.0,
        money,
    );
    row(text, "gifts", before.gifts, after.gifts, grouped);
}

/// A line of the table; one that says nothing is left out.
fn row(text: &mut String, name: &str, before: i64, after: i64, show: fn(i64) -> String) {
    if before == 0 && after == 0 {
        return;
    }
    let change = after.saturating_sub(before);
    let sign = if change > 0 { "+" } else { "" };
    let change = format!("{sign}{}", show(change));
    let _ = writeln!(
        text,
        "  {name:<34}{:>16}{:>16}{change:>16}",
        show(before),
        show(after)
    );
}

fn top(text: &mut String, title: &str, list: &[(MemberId, String, Money)], currency: &str) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nthose who {title}, {currency}");
    for (_, who, gain) in list {
        let _ = writeln!(text, "  {who:<50}{:>16}", money(gain.0));
    }
}

/// A number in groups of three digits.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// Minor units as money with two decimals.
fn money(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, part) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    format!(
        "{sign}{}.{part:02}",
        grouped(i64::try_from(whole).unwrap_or(i64::MAX))
    )
}
