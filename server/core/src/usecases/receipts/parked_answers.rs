//! Answers about receipts that wait: what a parked receipt waits for, and that a held one waits for somebody to look at it.

use serde::Serialize;

use super::super::{Error, Refusal};
use super::once::{Committed, Outcome};
use crate::domain::time::{Instant, rfc3339};
use crate::ids::RowId;
use crate::store::parked::ParkedRow;

/// What a parked receipt waits for.
#[derive(utoipa::ToSchema, Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkedFor {
    /// Its own time.
    Time,
    /// Its sale.
    Sale,
    /// Somebody to look at it.
    Review,
}

/// A parked receipt as it is answered.
#[derive(utoipa::ToSchema, Debug, Clone, Serialize)]
pub struct Parked {
    /// Its id while it waits.
    pub parked: RowId,
    /// What it waits for.
    pub waits_for: ParkedFor,
    /// When its time comes, where it waits for that.
    #[serde(serialize_with = "rfc3339::maybe")]
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
#[derive(utoipa::ToSchema, Debug, Clone, Serialize)]
pub struct Held {
    /// Its id while it is held.
    pub held: RowId,
    /// `review`: it waits for somebody to look at it.
    pub waits_for: ParkedFor,
    /// Always null: nobody knows when that will be.
    #[serde(serialize_with = "rfc3339::maybe")]
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
#[derive(utoipa::ToSchema, Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Waiting {
    /// It waits for its time.
    Parked(Parked),
    /// It waits for somebody to look at it.
    Held(Held),
}

impl ParkedRow {
    /// Returns whether it is a sale that is held: a parked sale waits for its time, and a held one has none.
    pub(super) fn is_held(&self) -> bool {
        self.kind == "sale" && self.due_at.is_none() && self.refused.is_empty()
    }

    /// Returns the answer to its sender.
    ///
    /// # Errors
    /// [`Refusal::ParkedRefused`] where it turned out wrong when its turn came.
    pub(super) fn answer(&self) -> Result<Committed, Error> {
        if !self.refused.is_empty() {
            return Err(Refusal::ParkedRefused {
                why: self.refused.clone(),
            }
            .into());
        }
        if self.is_held() {
            let answer = serde_json::to_string(&Held {
                held: self.id,
                waits_for: ParkedFor::Review,
                due_at: None,
                series: self.series.clone(),
                shift: self.shift.clone(),
                number: self.number.clone(),
            })?;
            let outcome = Outcome::Held;
            return Ok(Committed { answer, outcome });
        }
        let waits_for = if self.due_at.is_some() {
            ParkedFor::Time
        } else {
            ParkedFor::Sale
        };
        let answer = serde_json::to_string(&Parked {
            parked: self.id,
            waits_for,
            due_at: self.due_at,
            series: self.series.clone(),
            shift: self.shift.clone(),
            number: self.number.clone(),
        })?;
        Ok(Committed {
            answer,
            outcome: Outcome::Parked,
        })
    }
}
