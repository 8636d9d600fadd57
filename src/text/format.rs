//! Numbers, money, dates as each language writes them. Spaces inside are no-break, so that a number never splits.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use kopilka_core::domain::amounts::{BasisPoints, Money, Quantity};
use kopilka_core::domain::time::{Instant, local_date, local_time};

use crate::api::PageLanguage;

/// No-break space.
const NBSP: char = '\u{a0}';
/// The minus sign, as wide as a plus.
const MINUS: char = '−';

/// A whole number with its thousands apart: `1 240`, `−5`.
pub fn format_number(n: i64, language: PageLanguage) -> String {
    let separator = match language {
        PageLanguage::Ru => NBSP,
        PageLanguage::En => ',',
    };
    let digits = n.unsigned_abs().to_string();
    let mut written = String::new();
    if n < 0 {
        written.push(MINUS);
    }
    // Russian leaves four digits together in running text, but tables and balances want one look: always apart.
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(separator);
        }
        written.push(digit);
    }
    written
}

/// A number with its sign, for movements: `+62`, `−100`, `0`.
pub fn format_signed(n: i64, language: PageLanguage) -> String {
    if n > 0 {
        format!("+{}", format_number(n, language))
    } else {
        format_number(n, language)
    }
}

/// Money in roubles, kopecks only where there are any: `1 240 ₽`, `99,90 ₽`.
pub fn format_money(amount: Money, currency: &str, language: PageLanguage) -> String {
    let sign = match currency {
        "RUB" => "₽",
        "EUR" => "€",
        "USD" => "$",
        "KZT" => "₸",
        other => other,
    };
    let (major, minor) = (amount.0 / 100, (amount.0 % 100).unsigned_abs());
    let whole = if amount.0 < 0 && major == 0 {
        format!("{MINUS}0")
    } else {
        format_number(major, language)
    };
    if minor == 0 {
        format!("{whole}{NBSP}{sign}")
    } else {
        let comma = decimal_sign(language);
        format!("{whole}{comma}{minor:02}{NBSP}{sign}")
    }
}

const fn decimal_sign(language: PageLanguage) -> char {
    match language {
        PageLanguage::Ru => ',',
        PageLanguage::En => '.',
    }
}

/// Parts in `per` with at most `digits` digits after the sign and no zeros at the end.
fn decimal(value: i64, per: i64, digits: usize, language: PageLanguage) -> String {
    let whole = format_number(value / per, language);
    let rest = format!("{:0digits$}", value % per);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() {
        whole
    } else {
        format!("{whole}{}{rest}", decimal_sign(language))
    }
}

/// A rate: `5 %`, `2,5 %`.
pub fn format_percent(rate: BasisPoints, language: PageLanguage) -> String {
    let value = decimal(i64::from(rate.0), 100, 2, language);
    match language {
        PageLanguage::Ru => format!("{value}{NBSP}%"),
        PageLanguage::En => format!("{value}%"),
    }
}

/// A factor: 20 000 basis points are `2`.
pub fn format_factor(rate: BasisPoints, language: PageLanguage) -> String {
    decimal(i64::from(rate.0), 10_000, 4, language)
}

/// A quantity: `1`, `1,25`, `−1,25` of a negative line.
pub fn format_quantity(quantity: Quantity, language: PageLanguage) -> String {
    let size = decimal(quantity.0.saturating_abs(), 1000, 3, language);
    if quantity < Quantity::ZERO {
        format!("{MINUS}{size}")
    } else {
        size
    }
}

/// A day: `22.11.2026` or `22 Nov 2026`.
pub fn format_date(date: NaiveDate, language: PageLanguage) -> String {
    match language {
        PageLanguage::Ru => format!("{:02}.{:02}.{}", date.day(), date.month(), date.year()),
        PageLanguage::En => {
            const MONTHS: [&str; 12] = [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ];
            let month = usize::try_from(date.month0())
                .ok()
                .and_then(|month| MONTHS.get(month))
                .unwrap_or(&"");
            format!("{}{NBSP}{month}{NBSP}{}", date.day(), date.year())
        }
    }
}

/// The day of an instant.
pub fn format_day(at: Instant, zone: Tz, language: PageLanguage) -> String {
    format_date(local_date(at, zone), language)
}

/// Hours and minutes of an instant: `14:05`.
pub fn format_time(at: Instant, zone: Tz) -> String {
    let time = local_time(at, zone);
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Day and time of an instant: `22.11.2026, 14:05`.
pub fn format_moment(at: Instant, zone: Tz, language: PageLanguage) -> String {
    format!(
        "{}, {}",
        format_day(at, zone, language),
        format_time(at, zone)
    )
}

/// An instant for the `datetime` attribute, RFC 3339 in UTC.
pub fn format_rfc3339(at: Instant) -> String {
    chrono::DateTime::from_timestamp_micros(at.0)
        .map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_as_each_language_does() {
        assert_eq!(
            format_money(Money(124_000), "RUB", PageLanguage::Ru),
            "1\u{a0}240\u{a0}₽"
        );
        assert_eq!(
            format_money(Money(9_990), "RUB", PageLanguage::Ru),
            "99,90\u{a0}₽"
        );
        assert_eq!(
            format_money(Money(-50), "RUB", PageLanguage::Ru),
            "−0,50\u{a0}₽"
        );
        assert_eq!(
            format_money(Money(124_000), "RUB", PageLanguage::En),
            "1,240\u{a0}₽"
        );
    }

    #[test]
    fn a_balance_of_millions_keeps_its_thousands_apart() {
        assert_eq!(
            format_number(9_999_999, PageLanguage::Ru),
            "9\u{a0}999\u{a0}999"
        );
        assert_eq!(format_signed(-1000, PageLanguage::Ru), "−1\u{a0}000");
    }

    #[test]
    fn rates_lose_their_zeros() {
        assert_eq!(
            format_percent(BasisPoints(500), PageLanguage::Ru),
            "5\u{a0}%"
        );
        assert_eq!(format_percent(BasisPoints(250), PageLanguage::En), "2.5%");
        assert_eq!(format_factor(BasisPoints(20_000), PageLanguage::Ru), "2");
        assert_eq!(format_quantity(Quantity(1_250), PageLanguage::Ru), "1,25");
        assert_eq!(format_quantity(Quantity(-1_250), PageLanguage::Ru), "−1,25");
        assert_eq!(format_quantity(Quantity(-250), PageLanguage::En), "−0.25");
    }

    #[test]
    fn a_day_is_read_in_the_programme_s_zone() {
        let late = Instant(1_763_845_200_000_000); // 2025-11-22 21:00 UTC
        assert_eq!(
            format_day(late, chrono_tz::Europe::Moscow, PageLanguage::Ru),
            "23.11.2025"
        );
    }
}
