//! Instants in answers to tills: RFC 3339 in UTC, to the microsecond.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

use crate::domain::time::Instant;

/// Writes an instant.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
    let time = DateTime::<Utc>::from_timestamp_micros(at.0).unwrap_or_default();
    to.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// Reads an instant that [`serialize`] has written.
///
/// # Errors
/// Those of the deserializer; text that is no time.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
    let text = String::deserialize(from)?;
    let time = DateTime::parse_from_rfc3339(&text).map_err(D::Error::custom)?;
    Ok(Instant(time.timestamp_micros()))
}

/// Writes an instant that may be missing.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_option<S: Serializer>(at: &Option<Instant>, to: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serialize(at, to),
        None => to.serialize_none(),
    }
}
