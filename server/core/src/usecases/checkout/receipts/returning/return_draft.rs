//! A return as a till sends it.

use crate::domain::returns::ReturnedLinePart;
use crate::domain::time::Instant;
use crate::ids::ReceiptId;
use crate::store::identity::ReceiptIdentity;

/// Name of the sale that goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReturnedSaleName {
    /// Id that the server gave the sale.
    Id(ReceiptId),
    /// Identity of the sale at the till that returns.
    Number {
        /// Series of the numbering; empty: none.
        series: String,
        /// The till's shift.
        shift: String,
        /// The number in the shift.
        number: String,
    },
}

impl ReturnedSaleName {
    /// Returns the sale's own identity, where it is named by that.
    pub(crate) fn identity(&self) -> Option<ReceiptIdentity<'_>> {
        match self {
            Self::Id(_) => None,
            Self::Number {
                series,
                shift,
                number,
            } => Some(ReceiptIdentity {
                series,
                shift,
                number,
            }),
        }
    }
}

/// A return as a till sends it, parsed.
#[derive(Debug, Clone)]
pub struct ReturnDraft {
    /// Sale that goes back, in whole or in part.
    pub sale: ReturnedSaleName,
    /// Series of the numbering, for instance the number of the fiscal drive.
    pub series: Option<String>,
    /// The till's shift; the till's own day where none is given.
    pub shift: Option<String>,
    /// The number in the shift; the next free one where none is given.
    pub number: Option<String>,
    /// The return's own time; now where none is given.
    pub at: Option<Instant>,
    /// Lines that go back.
    pub lines: Vec<ReturnedLinePart>,
}
