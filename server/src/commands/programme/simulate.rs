//! What a simulation prints: sums before and after, by tier and by offer, and who gains and loses most. No names: a card
//! is told by its last four digits.

use std::fmt::Write;

use kopilka_core::Kopilka;
use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::programme::Programme;
use kopilka_core::ids::MemberId;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::programme::programmes::simulate::{
    BeforeAndAfter, SimulatedOfferTotals, SimulatedSaleTotals, SimulationPeriod, SimulationReport,
    simulate,
};

const HOW: &str = "\
Each sale is judged again with its own lines, store, time and points paid (fewer where fewer may pay), and with the\n\
purchases before it; with the profile and consents of today. Codes count as ones that earn. Returns are left out.\n\
Budgets and limits for everyone run out member by member, not in the order of sales.\n";

/// Simulates, and tells it.
///
/// # Errors
/// As the use case.
pub async fn simulate_and_report(
    service: &Kopilka,
    programme: Programme,
    period: SimulationPeriod,
) -> Result<String, Error> {
    let currency = programme.currency.clone();
    let zone = programme.time_zone;
    let new_taps = period.switched_on;
    let (from, until) = (period.from, period.until);
    let found = simulate(service, programme, period).await?;
    let mut text = format!(
        "{} sales of {} members from {from} to {until} ({zone})\n\n",
        group_thousands(found.all.before.sales),
        group_thousands(found.gain + found.lose + found.same),
    );
    write_totals(&mut text, &currency, &found);
    let _ = writeln!(
        text,
        "\nmembers: {} gain, {} lose, for {} nothing changes",
        group_thousands(found.gain),
        group_thousands(found.lose),
        group_thousands(found.same)
    );
    write_top_list(&mut text, "gain most", &found.most_gained, &currency);
    write_top_list(&mut text, "lose most", &found.most_lost, &currency);
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

fn write_totals(text: &mut String, currency: &str, found: &SimulationReport) {
    let _ = writeln!(
        text,
        "{:<36}{:>16}{:>16}{:>16}",
        "", "before", "after", "change"
    );
    write_sums(text, currency, &found.all);
    for (tier, sum) in &found.by_tier {
        let _ = writeln!(text, "\ntier {tier}");
        write_row(
            text,
            "sales",
            sum.before.sales,
            sum.after.sales,
            group_thousands,
        );
        write_sums(text, currency, sum);
    }
    for (offer, sum) in &found.by_offer {
        let _ = writeln!(text, "\noffer {offer}");
        offer_rows(text, currency, sum);
    }
}

fn write_sums(text: &mut String, currency: &str, sum: &BeforeAndAfter<SimulatedSaleTotals>) {
    let (before, after) = (&sum.before, &sum.after);
    write_row(
        text,
        "points issued",
        before.points.0,
        after.points.0,
        group_thousands,
    );
    write_row(
        text,
        &format!("their cost, {currency}"),
        before.cost.0,
        after.cost.0,
        format_money,
    );
    write_row(
        text,
        &format!("discounts, {currency}"),
        before.discount.0,
        after.discount.0,
        format_money,
    );
    write_row(
        text,
        &format!("paid by points, {currency}"),
        before.paid_by_points.0,
        after.paid_by_points.0,
        format_money,
    );
}

fn offer_rows(text: &mut String, currency: &str, sum: &BeforeAndAfter<SimulatedOfferTotals>) {
    let (before, after) = (&sum.before, &sum.after);
    write_row(text, "uses", before.uses, after.uses, group_thousands);
    write_row(
        text,
        "points",
        before.points.0,
        after.points.0,
        group_thousands,
    );
    write_row(
        text,
        &format!("discounts, {currency}"),
        before.discount.0,
        after.discount.0,
        format_money,
    );
    write_row(text, "gifts", before.gifts, after.gifts, group_thousands);
}

/// A line of the table; one that says nothing is left out.
fn write_row(text: &mut String, name: &str, before: i64, after: i64, show: fn(i64) -> String) {
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

fn write_top_list(
    text: &mut String,
    title: &str,
    list: &[(MemberId, String, Money)],
    currency: &str,
) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nthose who {title}, {currency}");
    for (_, who, gain) in list {
        let _ = writeln!(text, "  {who:<50}{:>16}", format_money(gain.0));
    }
}

/// A number in groups of three digits.
fn group_thousands(number: i64) -> String {
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
fn format_money(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, part) = (minor.unsigned_abs() / 100, minor.unsigned_abs() % 100);
    format!(
        "{sign}{}.{part:02}",
        group_thousands(i64::try_from(whole).unwrap_or(i64::MAX))
    )
}
