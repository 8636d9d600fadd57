//! Part of a judgement that the receipt's lines and the programme's version do not say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::unmet::StoredUnmetCondition;
use crate::domain::amounts::{BasisPoints, Money, Points};
use crate::domain::evaluate::{
    EarnReason, Evaluation, LineResult, MissedOffer, UsedOffer, offer_order,
};
use crate::domain::offers::{UnmetCondition, rewarded_share};
use crate::domain::programme::Programme;
use crate::domain::reason::EntryReason;

/// Part of a judgement that lines and programme do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShortEvaluation {
    #[serde(skip_serializing_if = "is_nothing")]
    spendable: Points,
    #[serde(skip_serializing_if = "is_nothing")]
    spent: Points,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earned: Vec<EarnedShort>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used: Vec<UsedShort>,
    /// Misses by offer: a miss without figures is its name alone, and one alone stands without a list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    missed: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EarnedShort {
    /// Points at the tier's rate: base, rate, points.
    Tier(Money, BasisPoints, Points),
    /// Points of an offer.
    Offer(String, Points),
    /// Points of an offer, for so much money.
    Share(String, Points, Money),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct UsedShort {
    offer: String,
    #[serde(default, skip_serializing_if = "is_nothing")]
    points: Points,
    #[serde(default, skip_serializing_if = "is_nothing")]
    discount: Money,
}

impl ShortEvaluation {
    /// Returns the part; `None` = something cannot be shortened.
    pub(super) fn of(evaluation: &Evaluation) -> Option<Self> {
        let earned = evaluation.reasons.iter().map(|each| match &each.reason {
            EntryReason::Purchase { base, rate, .. } => {
                Some(EarnedShort::Tier(*base, *rate, each.points))
            }
            EntryReason::Offer { offer, of, .. } => Some(match of {
                Some(of) => EarnedShort::Share(offer.clone(), each.points, of.base),
                None => EarnedShort::Offer(offer.clone(), each.points),
            }),
            _ => None,
        });
        let used = evaluation.offers_used.iter().map(|used| UsedShort {
            offer: used.offer.clone(),
            points: used.points,
            discount: used.discount,
        });
        let missed = evaluation
            .offers_missed
            .iter()
            .map(|missed| Some((missed.offer.clone(), shortened(&missed.misses)?)));
        Some(Self {
            spendable: evaluation.spendable,
            spent: evaluation.spent,
            earned: earned.collect::<Option<_>>()?,
            used: used.collect(),
            missed: missed.collect::<Option<_>>()?,
        })
    }

    /// Returns the whole judgement; `None` = the programme is not the one that judged it.
    pub(super) fn read(
        &self,
        programme: &Programme,
        tier: &str,
        total: Money,
        lines: &[LineResult],
    ) -> Option<Evaluation> {
        let title = |offer: &str| programme.offer(offer).map(|offer| offer.title.clone());
        let by_offer = |offer: &str, points: Points, base: Option<Money>| {
            let offer = programme.offer(offer)?;
            let rate = programme.tier(tier).rate;
            let reason = EntryReason::Offer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                points,
                of: base.and_then(|base| rewarded_share(&offer.benefit, || base, rate)),
            };
            Some(EarnReason { points, reason })
        };
        let mut reasons = Vec::with_capacity(self.earned.len());
        for earned in &self.earned {
            reasons.push(match earned {
                EarnedShort::Tier(base, rate, points) => EarnReason {
                    points: *points,
                    reason: EntryReason::Purchase {
                        base: *base,
                        rate: *rate,
                        tier: programme.tier(tier).name.clone(),
                        points: *points,
                    },
                },
                EarnedShort::Offer(offer, points) => by_offer(offer, *points, None)?,
                EarnedShort::Share(offer, points, base) => by_offer(offer, *points, Some(*base))?,
            });
        }
        let mut offers_used = Vec::with_capacity(self.used.len());
        for used in &self.used {
            let offer = programme.offer(&used.offer)?;
            offers_used.push(UsedOffer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                points: used.points,
                discount: used.discount,
                gift: offer.benefit.gift().map(str::to_owned),
            });
        }
        let mut offers_missed = Vec::with_capacity(self.missed.len());
        for (offer, misses) in &self.missed {
            offers_missed.push(MissedOffer {
                offer: offer.clone(),
                title: title(offer)?,
                misses: lengthened(misses)?,
            });
        }
        offers_missed.sort_by_cached_key(|missed| programme.offer(&missed.offer).map(offer_order));
        Some(Evaluation {
            spendable: self.spendable,
            spent: self.spent,
            reasons,
            gifts: offers_used
                .iter()
                .filter_map(|used| used.gift.clone())
                .collect(),
            offers_used,
            offers_missed,
            ..Evaluation::of_lines(lines.to_vec(), total)
        })
    }
}

/// Name under which a miss says what it is.
const KIND: &str = "kind";

fn shortened(misses: &[UnmetCondition]) -> Option<Value> {
    let mut short = Vec::with_capacity(misses.len());
    for miss in misses {
        let miss = StoredUnmetCondition::from(miss.clone());
        let Value::Object(mut miss) = serde_json::to_value(miss).ok()? else {
            return None;
        };
        short.push(match miss.len() {
            1 => miss.remove(KIND)?,
            _ => Value::Object(miss),
        });
    }
    match short.len() {
        1 => short.pop(),
        _ => Some(Value::Array(short)),
    }
}

fn lengthened(short: &Value) -> Option<Vec<UnmetCondition>> {
    let miss = |value: &Value| {
        let whole = match value {
            Value::String(kind) => serde_json::json!({ KIND: kind }),
            other => other.clone(),
        };
        let stored: StoredUnmetCondition = serde_json::from_value(whole).ok()?;
        Some(stored.into())
    };
    match short {
        Value::Array(all) => all.iter().map(miss).collect(),
        one => miss(one).map(|miss| vec![miss]),
    }
}

fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
