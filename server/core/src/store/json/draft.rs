//! Receipts and returns that wait, as they are stored.

use serde::{Deserialize, Serialize};

use super::{StoredLine, StoredReturnLine};
use crate::domain::amounts::Points;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::time::Instant;
use crate::ids::ReceiptId;
use crate::mirror::mirror_by_from;

/// A receipt as its till sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSaleDraft {
    /// The visit that names the member.
    pub visit: Option<String>,
    /// Scanned code instead of a visit.
    pub code: Option<String>,
    /// Series of the numbering; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The till's shift.
    pub shift: Option<String>,
    /// The number in the shift.
    pub number: Option<String>,
    /// The receipt's own time (µs).
    pub at: Option<Instant>,
    /// Lines of the receipt.
    pub lines: Vec<StoredLine>,
    /// Points that are to pay.
    pub spend: StoredSpend,
}

/// Number of points that shall pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredSpend {
    /// None.
    None,
    /// All that may pay.
    All,
    /// Exactly this number.
    Exactly(Points),
    /// This number, or as many of them as may pay.
    AtMost(Points),
}

/// A return as its till sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReturnDraft {
    /// Sale that goes back, in whole or in part.
    pub sale: StoredSaleName,
    /// Series of the numbering; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// The till's shift.
    pub shift: Option<String>,
    /// The number in the shift.
    pub number: Option<String>,
    /// The return's own time (µs).
    pub at: Option<Instant>,
    /// Lines that go back.
    pub lines: Vec<StoredReturnLine>,
}

/// Name of the sale that goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StoredSaleName {
    /// Id that the server gave the sale.
    Id(ReceiptId),
    /// Identity of the sale at the till that returns.
    Number {
        /// Series of the numbering; left out where there is none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        series: String,
        /// The till's shift.
        shift: String,
        /// The number in the shift.
        number: String,
    },
}

impl From<PointsToSpend> for StoredSpend {
    fn from(spend: PointsToSpend) -> Self {
        match spend {
            PointsToSpend::None => Self::None,
            PointsToSpend::All => Self::All,
            PointsToSpend::Exactly(points) => Self::Exactly(points),
            PointsToSpend::AtMost(points) => Self::AtMost(points),
        }
    }
}

impl From<StoredSpend> for PointsToSpend {
    fn from(spend: StoredSpend) -> Self {
        match spend {
            StoredSpend::None => Self::None,
            StoredSpend::All => Self::All,
            StoredSpend::Exactly(points) => Self::Exactly(points),
            StoredSpend::AtMost(points) => Self::AtMost(points),
        }
    }
}

mirror_by_from!(PointsToSpend => StoredSpend);
mirror_by_from!(StoredSpend => PointsToSpend);
