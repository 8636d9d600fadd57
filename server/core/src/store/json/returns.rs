//! Effects of returns as they are stored.

use serde::{Deserialize, Serialize};

use crate::domain::amounts::{Money, Points, Quantity};

/// A line of the sale that went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReturnedLine {
    /// Place in the sale, from 0.
    pub position: usize,
    /// Quantity in thousandths; 0 where it went back by amount.
    pub quantity: Quantity,
    /// Amount that it went back for, where it did so by amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Share of the refund.
    pub refund: Money,
}

/// Effect of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReturnEffect {
    /// Lines that went back.
    pub lines: Vec<StoredReturnedLine>,
    /// Money given back.
    pub refund: Money,
    /// Spent points that returned.
    pub restored: Points,
    /// Points that pay for what remains and did not before.
    pub spent: Points,
    /// Earned points that were taken back.
    pub taken_back: Points,
    /// Earned points that had expired already.
    pub expired: Points,
    /// Earned points that became a debt.
    pub debt: Points,
    /// Points that what remains earns more than it did before.
    pub earned: Points,
    /// Offers that the sale no longer uses.
    pub offers_lost: Vec<String>,
    /// Gifts that were promised and are not any more.
    pub gifts_withdrawn: Vec<String>,
    /// Gifts that had been handed over.
    pub gifts_to_collect: Vec<String>,
}
