//! The settings of a programme, a struct per subject. They only hold what was written; what it means is decided where
//! each rule is applied.

use serde::{Deserialize, Serialize};

use crate::domain::amounts::{BasisPoints, Money, Points, Rounding};

/// Value and life of points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsRules {
    /// Value of one point, in minor units.
    pub value: Money,
    /// Rounding of fractions, once for each rule and receipt; not written: dropped.
    #[serde(default)]
    pub rounding: Rounding,
    /// Days until points of a purchase can be spent; 0: at once.
    pub hold_days: u32,
    /// Days until other points (a filled-in profile) can be spent; 0: at once.
    pub bonus_hold_days: u32,
    /// Days that points given back by a return can still be spent where their own life ended meanwhile; 0: not at all.
    #[serde(default = "restore_grace_days")]
    pub restore_grace_days: u32,
    /// Life of points.
    pub life: PointsLife,
}

const fn restore_grace_days() -> u32 {
    30
}

/// Life of points from the day of their activation: days or months, not both; neither: for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsLife {
    /// Days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Months; a day that a month lacks becomes its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// True: to the end of the month in which the last day falls.
    #[serde(default)]
    pub end_of_month: bool,
}

/// Rules of earning on purchases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarnRules {
    /// Categories that never earn.
    #[serde(default)]
    pub excluded_categories: Vec<String>,
}

/// Rules of paying with points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpendRules {
    /// Most of a receipt that points may pay.
    pub max_share: BasisPoints,
    /// Categories that points never pay.
    #[serde(default)]
    pub excluded_categories: Vec<String>,
}

/// Rules of returns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReturnRules {
    /// Rule for the discounts and points of a sale of which a part goes back.
    pub discount: DiscountOnReturn,
}

/// Rule for the discounts and points of a sale of which a part goes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiscountOnReturn {
    /// Lines that are left keep their share of them: the refund is what was paid.
    Keep,
    /// Lines that are left are judged again, as if the rest had never been sold. Default of stored programmes, because those
    /// from before this setting mean it; a document that does not write the setting gets `keep` (`super::defaults`).
    #[default]
    Recalculate,
}

/// Rules of corrections of points by support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdjustmentRules {
    /// A correction of more points than this needs a second person.
    pub approval_above: Points,
}

impl Default for AdjustmentRules {
    fn default() -> Self {
        Self {
            approval_above: Points(1_000),
        }
    }
}

/// Uses that each form of the code allows at a till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRules {
    /// The code that turns.
    pub rotating: AllowedCodeUse,
    /// The card number alone.
    pub fixed: AllowedCodeUse,
    /// The linear code.
    pub ean: AllowedCodeUse,
    /// No card: a one-time password that the shopper's phone was sent.
    #[serde(default = "earn_only")]
    pub phone: AllowedCodeUse,
}

const fn earn_only() -> AllowedCodeUse {
    AllowedCodeUse {
        earn: true,
        spend: false,
    }
}

/// Uses that a form of the code allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedCodeUse {
    /// Earn points.
    pub earn: bool,
    /// Spend points.
    pub spend: bool,
}

/// Rewards of a profile, and its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileRules {
    /// Points for a profile that is filled in, once for ever.
    pub completed_points: Points,
    /// Number of changes of the birth date before it is locked.
    pub birth_changes: i64,
}

/// Rules of reaching and losing tiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRules {
    /// Measure that is counted.
    pub measure: TierMeasure,
    /// Days that are counted, back from now.
    pub window_days: u32,
    /// Days between the notice and the loss of a tier.
    pub grace_days: u32,
    /// Kind of downgrade.
    pub downgrade: TierDowngrade,
}

/// What tiers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierMeasure {
    /// Money spent, in minor units.
    Spent,
    /// Points earned by purchases.
    Earned,
}

/// Kind of downgrade when a tier is not held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierDowngrade {
    /// No downgrade.
    None,
    /// Downgrade to the tier below.
    OneStep,
    /// Downgrade to the tier that the measure gives.
    Full,
}

/// Versions of the documents that members agree to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentVersions {
    /// Consent to process personal data.
    pub personal_data: String,
    /// Rules of the programme.
    pub rules: String,
    /// Consent to process birth years of children.
    pub children: String,
    /// Consent to messages.
    pub messages: String,
}
