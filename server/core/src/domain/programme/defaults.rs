//! Settings that a new document has where it does not write them. Serde's own defaults cannot do this: they belong to stored
//! programmes, where a missing setting means what was done before the setting existed.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::exclusions::fill_in_exclusions;

/// Section, setting, and the value that it gets where a document does not write it.
const DEFAULTS: [(&str, &str, &str); 1] = [("returns", "discount", "keep")];

/// Adds the settings that a document does not write. What is written stays as it is, also where it cannot be read.
pub(super) fn fill_in_defaults(document: &mut DeTable<'_>) {
    for (section, setting, value) in DEFAULTS {
        if !document.contains_key(section) {
            let empty = DeValue::Table(DeTable::new());
            document.insert(unwritten(Cow::Borrowed(section)), unwritten(empty));
        }
        let section = document.get_mut(section).map(Spanned::get_mut);
        if let Some(DeValue::Table(section)) = section
            && !section.contains_key(setting)
        {
            let value = DeValue::String(Cow::Borrowed(value));
            section.insert(unwritten(Cow::Borrowed(setting)), unwritten(value));
        }
    }
    fill_in_exclusions(document);
}

/// A part of the document that has no place in its text: no error names this span.
pub(super) fn unwritten<T>(part: T) -> Spanned<T> {
    Spanned::new(usize::MAX..usize::MAX, part)
}

#[cfg(test)]
mod tests {
    use super::super::{DiscountOnReturn, Programme, read_document};

    const DEMO: &str = include_str!("../../../demo/programme.toml");

    /// The demo's document with this instead of its section about returns.
    fn with(section: &str) -> String {
        let mut document: toml::Table = DEMO.parse().unwrap();
        document.remove("returns");
        format!("{document}\n{section}")
    }

    #[test]
    fn a_document_that_does_not_write_the_setting_keeps_discounts_on_return() {
        for section in ["", "[returns]", "[returns]\ndiscount = \"keep\""] {
            let text = with(section);
            let discount = Programme::parse_toml(&text).unwrap().returns.discount;
            assert_eq!(discount, DiscountOnReturn::Keep, "{section}");
            let reading = read_document(&text, None);
            assert_eq!(reading.remarks, [], "{section}");
            let discount = reading.programme.unwrap().returns.discount;
            assert_eq!(discount, DiscountOnReturn::Keep, "{section}");
        }
    }

    #[test]
    fn what_is_written_stays() {
        let text = with("[returns]\ndiscount = \"recalculate\"");
        let discount = Programme::parse_toml(&text).unwrap().returns.discount;
        assert_eq!(discount, DiscountOnReturn::Recalculate);
        for wrong in ["[returns]\ndiscount = 5", "[returns]\nrefund = 1"] {
            let text = with(wrong);
            let reading = read_document(&text, None);
            assert_eq!(reading.remarks.len(), 1, "{:?}", reading.remarks);
            let last = text.lines().count();
            assert_eq!(reading.remarks[0].line, last, "{wrong}");
            assert!(Programme::parse_toml(&text).is_err());
        }
    }

    #[test]
    fn a_programme_that_was_stored_before_the_setting_recalculates() {
        let programme = Programme::parse_toml(DEMO).unwrap();
        let mut stored = serde_json::to_value(&programme).unwrap();
        assert_eq!(stored["returns"]["discount"], "keep");
        stored.as_object_mut().unwrap().remove("returns");
        let read: Programme = serde_json::from_value(stored).unwrap();
        assert_eq!(read.returns.discount, DiscountOnReturn::Recalculate);
    }
}
