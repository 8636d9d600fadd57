//! Answers about receipts that wait.

use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiRowId, times};
use crate::domain::time::Instant;

/// What a parked receipt waits for.
#[derive(ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schema(as = ParkedFor)]
pub enum ApiParkedFor {
    /// Its own time.
    Time,
    /// Its sale.
    Sale,
    /// Somebody to look at it.
    Review,
}

/// A parked receipt as it is answered.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = Parked)]
pub struct ApiParked {
    /// Its id while it waits.
    pub parked: ApiRowId,
    /// What it waits for.
    pub waits_for: ApiParkedFor,
    /// When its time comes, where it waits for that.
    #[serde(serialize_with = "times::serialize_option")]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Instant>,
    /// Series of the numbering, where the till has one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
}

/// A held sale as it is answered.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[schema(as = Held)]
pub struct ApiHeld {
    /// Its id while it is held.
    pub held: ApiRowId,
    /// `review`: it waits for somebody to look at it.
    pub waits_for: ApiParkedFor,
    /// Always null: nobody knows when that will be.
    #[serde(serialize_with = "times::serialize_option")]
    #[schema(value_type = Option<String>, format = "date-time")]
    pub due_at: Option<Instant>,
    /// Series of the numbering; left out where there is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
}

/// A sale that the server has and has not stored yet, as it is answered.
#[derive(ToSchema, Debug, Clone, Serialize)]
#[serde(untagged)]
#[schema(as = Waiting)]
pub enum ApiWaiting {
    /// It waits for its time.
    Parked(ApiParked),
    /// It waits for somebody to look at it.
    Held(ApiHeld),
}
