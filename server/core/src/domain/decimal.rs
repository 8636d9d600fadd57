//! Numbers as people write them, read digit by digit in whole units of their last place: never as a float.

use super::amounts::{Money, Quantity};

/// Reads a number with at most `digits` digits after its comma or dot, in units of the last of them. Spaces don't
/// matter; a second mark, a sign or anything else does.
pub fn parse_decimal(text: &str, digits: usize) -> Option<i64> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = bare.split_once([',', '.']).unwrap_or((&bare, ""));
    let plain = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > digits {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse().ok()
}

/// Reads money in roubles: `1240`, `1 240,5`, `99.90 ₽`; kopecks in integers.
pub fn parse_money(text: &str) -> Option<Money> {
    parse_decimal(text.trim().trim_end_matches('₽'), 2).map(Money)
}

/// Reads how much of an item: `1`, `0,345`.
pub fn parse_quantity(text: &str) -> Option<Quantity> {
    parse_decimal(text, 3).map(Quantity)
}

/// Returns the price of so much of a thing: half a kopeck and more is a whole one. `None` = it does not fit.
pub fn cost_of_quantity(price: Money, quantity: Quantity) -> Option<Money> {
    let thousandths = i128::from(price.0) * i128::from(quantity.0);
    let whole = i128::from(Quantity::ONE.0);
    i64::try_from((2 * thousandths + whole).div_euclid(2 * whole))
        .ok()
        .map(Money)
}

/// Writes money as it is typed: `1240`, `99,90`.
pub fn format_money(amount: Money) -> String {
    let (major, minor) = (amount.0 / 100, amount.0 % 100);
    if minor == 0 {
        major.to_string()
    } else {
        format!("{major},{minor:02}")
    }
}

/// Writes a quantity as it is typed: `1`, `0,345`.
pub fn format_quantity(quantity: Quantity) -> String {
    let (whole, part) = (quantity.0 / 1000, quantity.0 % 1000);
    let part = format!("{part:03}");
    match part.trim_end_matches('0') {
        "" => whole.to_string(),
        part => format!("{whole},{part}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn money_is_read_with_comma_dot_and_spaces() {
        for (text, kopecks) in [
            ("99,90", 9_990),
            ("99.9", 9_990),
            ("1 240 ₽", 124_000),
            ("0", 0),
        ] {
            assert_eq!(parse_money(text), Some(Money(kopecks)), "{text}");
        }
        for text in [
            "",
            "-1",
            "1,234",
            "1.2.3",
            "1e3",
            "٣",
            "99999999999999999999",
        ] {
            assert_eq!(parse_money(text), None, "{text}");
        }
    }

    #[test]
    fn a_cost_is_rounded_at_half_a_kopeck() {
        assert_eq!(
            cost_of_quantity(Money(8_990), Quantity(2_000)),
            Some(Money(17_980))
        );
        assert_eq!(
            cost_of_quantity(Money(64_001), Quantity(345)),
            Some(Money(22_080))
        );
        assert_eq!(cost_of_quantity(Money(1), Quantity(500)), Some(Money(1)));
        assert_eq!(cost_of_quantity(Money(1), Quantity(499)), Some(Money(0)));
        assert_eq!(cost_of_quantity(Money(i64::MAX), Quantity(i64::MAX)), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(amount in 0..=i64::MAX / 2) {
            prop_assert_eq!(parse_money(&format_money(Money(amount))), Some(Money(amount)));
            let quantity = Quantity(amount);
            prop_assert_eq!(parse_quantity(&format_quantity(quantity)), Some(quantity));
        }
    }
}
