//! The identity of a receipt at its till, as the tables `receipts` and `parked` hold it.

/// Separates the series from the number in the column `series_number`. No series or number contains a control character.
const SEPARATOR: char = '\u{1f}';

/// Identity of a receipt of one till and kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReceiptIdentity<'a> {
    /// Series, for instance the number of the fiscal drive; empty where the till has none.
    pub series: &'a str,
    /// The till's shift.
    pub shift: &'a str,
    /// The number in the shift.
    pub number: &'a str,
}

impl ReceiptIdentity<'_> {
    /// Returns what the column `series_number` holds.
    pub fn series_number(&self) -> String {
        series_number(self.series, self.number)
    }
}

/// Returns the number alone where there is no series, else series and number in one text.
pub fn series_number(series: &str, number: &str) -> String {
    if series.is_empty() {
        number.to_owned()
    } else {
        format!("{series}{SEPARATOR}{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_series_is_stored_as_it_was() {
        assert_eq!(series_number("", "42"), "42");
    }

    #[test]
    fn series_and_number_are_never_read_as_another_pair() {
        assert_ne!(series_number("1", "23"), series_number("12", "3"));
        assert_ne!(series_number("1", "23"), series_number("", "123"));
    }
}
