//! The settings of a programme that are about tills: how they are kept, and when the fraud limits warn and block.

use serde::{Deserialize, Serialize};

/// Rules of tills: when they lock, how long the audit log is kept, and how long points can be claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TillRules {
    /// Minutes after which an idle till locks.
    pub idle_minutes: u32,
    /// Days for which it is kept who did what.
    pub audit_days: u32,
    /// Days for which the points of a receipt without a card can be claimed by its code; 0: not at all.
    pub claim_days: u32,
}

impl Default for TillRules {
    fn default() -> Self {
        Self {
            idle_minutes: 15,
            audit_days: 365,
            claim_days: 14,
        }
    }
}

impl TillRules {
    /// Seconds after which an idle till locks.
    pub fn idle_seconds(&self) -> i64 {
        i64::from(self.idle_minutes).saturating_mul(60)
    }
}

/// Limits beyond which a card or a till looks misused: where a till warns, and where it blocks. Patterns that are left out
/// are not looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FraudLimitRules {
    /// Receipts of one card at one till in a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_receipts: Option<FraudLimit>,
    /// Look-ups of one card by one cashier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_scans: Option<TimedFraudLimit>,
    /// Cards that one cashier has found beyond the sales made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scans_without_sale: Option<TimedFraudLimit>,
    /// Hours from a change of the phone in which spending warns or is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_change: Option<FraudHoursLimit>,
}

impl Default for FraudLimitRules {
    fn default() -> Self {
        Self {
            card_receipts: None,
            card_scans: None,
            scans_without_sale: None,
            phone_change: Some(FraudHoursLimit {
                soft_hours: None,
                hard_hours: Some(24),
            }),
        }
    }
}

/// Limit of a number: one more than `soft` warns, one more than `hard` blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FraudLimit {
    /// Number that is fine without a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft: Option<u32>,
    /// Number that is let pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard: Option<u32>,
}

/// Limit of what happens within some minutes, otherwise the same as [`FraudLimit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedFraudLimit {
    /// Number that is fine without a warning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft: Option<u32>,
    /// Number that is let pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard: Option<u32>,
    /// Minutes in which it is counted, back from now.
    #[serde(default = "an_hour")]
    pub minutes: u32,
}

const fn an_hour() -> u32 {
    60
}

impl TimedFraudLimit {
    /// Returns the limit without its minutes.
    pub const fn without_minutes(&self) -> FraudLimit {
        FraudLimit {
            soft: self.soft,
            hard: self.hard,
        }
    }
}

/// Hours after something in which spending warns, and in which it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FraudHoursLimit {
    /// Hours in which it warns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soft_hours: Option<u32>,
    /// Hours in which it is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard_hours: Option<u32>,
}
