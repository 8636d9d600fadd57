//! A return as a till sends it, and as it is answered.

use crate::domain::amounts::{Money, Points, Quantity};
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

/// A line of the sale that goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnedLine {
    /// Its place in the sale, from 0.
    pub position: usize,
    /// How much of it, in thousandths; 0 where it goes back by amount.
    pub quantity: Quantity,
    /// The amount that it goes back for, where it does so by amount; price before discounts, minor units.
    pub amount: Option<Money>,
    /// Its share of the refund.
    pub refund: Money,
}

impl ReturnedLine {
    /// The lines of a return that name what went back.
    pub(super) fn as_return_lines(&self) -> impl Iterator<Item = ReturnedLinePart> + use<> {
        let quantity = Some(self.quantity).filter(|quantity| quantity.is_positive());
        let quantity =
            quantity.map(|quantity| ReturnedLinePart::of_quantity(self.position, quantity));
        let amount = self
            .amount
            .map(|amount| ReturnedLinePart::of_amount(self.position, amount));
        quantity.into_iter().chain(amount)
    }
}

/// What a return does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnEffect {
    /// Lines that go back.
    pub lines: Vec<ReturnedLine>,
    /// Money to give back.
    pub refund: Money,
    /// Spent points that return.
    pub restored: Points,
    /// Points that pay for what remains and did not before.
    pub spent: Points,
    /// Earned points that are taken back from what the member has.
    pub taken_back: Points,
    /// Earned points that had expired already and are not taken again.
    pub expired: Points,
    /// Earned points that nobody holds any more: the next earnings pay them.
    pub debt: Points,
    /// Points that what remains earns more than it did before.
    pub earned: Points,
    /// Offers that the sale no longer uses.
    pub offers_lost: Vec<String>,
    /// Gifts that were promised and are not any more.
    pub gifts_withdrawn: Vec<String>,
    /// Gifts that were handed over for what goes back: ask for them.
    pub gifts_to_collect: Vec<String>,
}

/// A stored return as it is answered.
#[derive(Debug, Clone)]
pub struct ReturnReceipt {
    /// Its id.
    pub id: ReceiptId,
    /// The sale.
    pub sale: ReceiptId,
    /// Series of the numbering, where the till has one.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Version of the programme that judged the sale and judges its return.
    pub programme_version: i64,
    /// Points that the member has active afterwards.
    pub balance: Option<Points>,
    /// What it did.
    pub effect: ReturnEffect,
}
