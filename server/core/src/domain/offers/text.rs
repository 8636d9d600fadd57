//! Dates, times and weekdays as short texts in a document: `"2026-01-31"`, `"09:30"`, `"mon"`. What is written can be
//! read again.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is written as a short text.
pub trait ShortText: FromStr {
    /// Description of what must be written, for the person who wrote something else.
    const WANTED: &str;
}

impl ShortText for NaiveDate {
    const WANTED: &str = "a day as 2026-12-31";
}

impl ShortText for NaiveTime {
    const WANTED: &str = "a time of the day as 09:30";
}

impl ShortText for Weekday {
    const WANTED: &str = "a day of the week: mon, tue, wed, thu, fri, sat or sun";
}

/// A value that reads itself, so that a fault in a list is known by its item.
struct ParsedShortText<T>(T);

impl<'de, T: ShortText> Deserialize<'de> for ParsedShortText<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map(Self)
            .map_err(|_| D::Error::custom(format!("`{text}` is not {}", T::WANTED)))
    }
}

/// A value that is always there.
pub mod one {
    use super::{Deserialize, Deserializer, Display, ParsedShortText, Serializer, ShortText};

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T: ShortText, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        Ok(ParsedShortText::deserialize(from)?.0)
    }
}

/// A value that may be missing.
pub mod maybe {
    use super::{
        Deserialize, Deserializer, Display, ParsedShortText, Serialize, Serializer, ShortText,
    };

    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(to)
    }

    pub fn deserialize<'de, T: ShortText, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Option::<ParsedShortText<T>>::deserialize(from)?.map(|parsed| parsed.0))
    }
}

/// A list of values.
pub mod many {
    use super::{Deserialize, Deserializer, Display, ParsedShortText, Serializer, ShortText};

    pub fn serialize<T: Display, S: Serializer>(values: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(ToString::to_string))
    }

    pub fn deserialize<'de, T: ShortText, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        let values = Vec::<ParsedShortText<T>>::deserialize(from)?;
        Ok(values.into_iter().map(|parsed| parsed.0).collect())
    }
}
