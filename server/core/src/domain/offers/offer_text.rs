//! Words about offers, as a key of the texts and the values that they need. The words themselves are in the language files.

use chrono::{NaiveDate, NaiveTime, Weekday};

use crate::domain::amounts::Money;

/// A text by its key, with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferText {
    /// Key in the language files.
    pub key: &'static str,
    /// Values by their names in the text.
    pub values: Vec<(&'static str, OfferTextValue)>,
}

/// A value in a text, to be written in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferTextValue {
    /// Number that chooses the plural form: `$n`, and `$shown` as it is written.
    Count(i64),
    /// Number as it is.
    Number(i64),
    /// Sum in the programme's currency.
    Money(Money),
    /// Day.
    Date(NaiveDate),
    /// Time of the day.
    Time(NaiveTime),
    /// Days of the week, by their short names.
    Weekdays(Vec<Weekday>),
    /// Names of the tiers of these ids.
    TierNames(Vec<String>),
    /// Title of the offer of this id.
    OfferTitle(String),
}

impl OfferText {
    /// Builds the text of a key without values.
    pub const fn new(key: &'static str) -> Self {
        Self {
            key,
            values: Vec::new(),
        }
    }

    /// Builds the text of a key with a number that chooses its plural form.
    pub fn counted(key: &'static str, count: i64) -> Self {
        Self::new(key).with("n", OfferTextValue::Count(count))
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: OfferTextValue) -> Self {
        self.values.push((name, value));
        self
    }
}
