//! Figures of a night.

use serde::{Deserialize, Serialize};

use crate::domain::amounts::Points;
use crate::domain::reason::EntryReason;

/// Figures of a night. Tiers are counted by members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightlyReport {
    /// Lots whose hold was over.
    pub activated_lots: i64,
    /// Points in these lots.
    pub activated: Points,
    /// Points that settled debts.
    pub settled: Points,
    /// Lots whose life was over.
    pub expired_lots: i64,
    /// Points that were left in these lots.
    pub expired: Points,
    /// Members told that their tier will be lost.
    pub warned: i64,
    /// Members that fell.
    pub lowered: i64,
    /// Members whose tier holds for another period.
    pub renewed: i64,
    /// Members who could not be done and are left to the next night; the log says why.
    #[serde(default)]
    pub failed: i64,
}

impl NightlyReport {
    /// Counts an entry by its reason.
    pub(super) fn count_entry(&mut self, reason: &EntryReason) {
        match reason {
            EntryReason::Activated { points } => {
                self.activated_lots += 1;
                self.activated += *points;
            }
            EntryReason::Settled { points } => self.settled += *points,
            EntryReason::Expired { points } => {
                self.expired_lots += 1;
                self.expired += *points;
            }
            _ => {}
        }
    }
}
