//! Dates, times and weekdays as short texts in a document: `"2026-01-31"`, `"09:30"`, `"mon"`. What is written can be
//! read again.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

fn parse<T: FromStr<Err: Display>, E: Error>(text: &str) -> Result<T, E> {
    text.parse()
        .map_err(|error| E::custom(format!("{text}: {error}")))
}

/// A value that is always there.
pub mod one {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer, parse};

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<T, D::Error> {
        parse(&String::deserialize(from)?)
    }
}

/// A value that may be missing.
pub mod maybe {
    use super::{Deserialize, Deserializer, Display, FromStr, Serialize, Serializer, parse};

    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(to)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|text| parse(&text))
            .transpose()
    }
}

/// A list of values.
pub mod many {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer, parse};

    pub fn serialize<T: Display, S: Serializer>(values: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(ToString::to_string))
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|text| parse(text))
            .collect()
    }
}
