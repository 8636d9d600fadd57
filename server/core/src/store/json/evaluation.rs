//! How a judgement is stored beside its receipt: short, without what the receipt's lines and the programme's version say
//! anyway. What is read back equals what was judged to the last character; what could not be read back so is stored whole.

use serde::{Deserialize, Serialize};

use super::reason::StoredReason;
use super::short_evaluation::ShortEvaluation;
use super::unmet::StoredUnmetCondition;
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{EarnReason, Evaluation, LineResult, MissedOffer, UsedOffer};
use crate::domain::programme::{LocalisedText, Programme};
use crate::mirror::mirror_structs;

/// A judgement as it is stored; of receipts from before it was shortened, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StoredEvaluation {
    /// Everything, titles included.
    Whole(Box<WholeEvaluation>),
    /// Part that lines and programme do not say.
    Short(ShortEvaluation),
}

/// A text in the languages of the wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredText {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

/// A whole judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeEvaluation {
    lines: Vec<StoredLineResult>,
    total: Money,
    discount: Money,
    spendable: Points,
    spent: Points,
    paid_by_points: Money,
    to_pay: Money,
    earned: Points,
    reasons: Vec<StoredEarnReason>,
    offers_used: Vec<StoredUsedOffer>,
    offers_missed: Vec<StoredMissedOffer>,
    gifts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct StoredLineResult {
    discount: Money,
    paid_by_points: Money,
    earned: Points,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredEarnReason {
    points: Points,
    reason: StoredReason,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredUsedOffer {
    offer: String,
    title: StoredText,
    points: Points,
    discount: Money,
    gift: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredMissedOffer {
    offer: String,
    title: StoredText,
    misses: Vec<StoredUnmetCondition>,
}

mirror_structs! {
    StoredText as LocalisedText { ru, en }
    StoredLineResult as LineResult { discount, paid_by_points, earned }
    StoredEarnReason as EarnReason { points, reason }
    StoredUsedOffer as UsedOffer { offer, title, points, discount, gift }
    StoredMissedOffer as MissedOffer { offer, title, misses }
    WholeEvaluation as Evaluation {
        lines, total, discount, spendable, spent, paid_by_points, to_pay, earned, reasons, offers_used, offers_missed, gifts,
    }
}

impl StoredEvaluation {
    /// Returns the judgement as it is to be stored, of a member of `tier`.
    pub fn of(evaluation: &Evaluation, programme: &Programme, tier: &str) -> Self {
        let whole = || Self::Whole(Box::new(evaluation.clone().into()));
        let Some(short) = ShortEvaluation::of(evaluation) else {
            return whole();
        };
        let read = short.read(programme, tier, evaluation.total, &evaluation.lines);
        if read.as_ref() == Some(evaluation) {
            Self::Short(short)
        } else {
            whole()
        }
    }

    /// Returns the judgement of a receipt of `total` before discounts; `None` = the programme is not the one that judged it.
    pub fn read(
        self,
        programme: &Programme,
        tier: &str,
        total: Money,
        lines: &[LineResult],
    ) -> Option<Evaluation> {
        match self {
            Self::Whole(evaluation) => Some((*evaluation).into()),
            Self::Short(short) => short.read(programme, tier, total, lines),
        }
    }
}
