//! How a judgement is kept beside its receipt: without what the receipt's lines and the programme's version say anyway.
//! What is read back equals what was judged to the last character; what could not be read back so is kept whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{EarnReason, Evaluation, LineResult, MissedOffer, UsedOffer, choice};
use crate::domain::amounts::{BasisPoints, Money, Points};
use crate::domain::offers::{UnmetCondition, share};
use crate::domain::programme::Programme;
use crate::domain::reason::Reason;

/// A judgement as it is kept; of receipts from before it was shortened, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Kept {
    /// Everything, titles included.
    Whole(Box<Evaluation>),
    /// Part that lines and programme do not say.
    Short(Short),
}

/// Part of a judgement that lines and programme do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Short {
    #[serde(skip_serializing_if = "is_nothing")]
    spendable: Points,
    #[serde(skip_serializing_if = "is_nothing")]
    spent: Points,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earned: Vec<Earned>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used: Vec<Used>,
    /// Misses by offer: a miss without figures is its name alone, and one alone stands without a list.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    missed: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Earned {
    /// Points at the tier's rate: base, rate, points.
    Tier(Money, BasisPoints, Points),
    /// Points of an offer.
    Offer(String, Points),
    /// Points of an offer, for so much money.
    Share(String, Points, Money),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    offer: String,
    #[serde(default, skip_serializing_if = "is_nothing")]
    points: Points,
    #[serde(default, skip_serializing_if = "is_nothing")]
    discount: Money,
}

impl Kept {
    /// The judgement as it is to be kept, of a member of `tier`.
    pub fn of(evaluation: &Evaluation, programme: &Programme, tier: &str) -> Self {
        let whole = || Self::Whole(Box::new(evaluation.clone()));
        let Some(short) = Short::of(evaluation) else {
            return whole();
        };
        let read = short.read(programme, tier, evaluation.total, &evaluation.lines);
        if read.as_ref() == Some(evaluation) {
            Self::Short(short)
        } else {
            whole()
        }
    }

    /// The judgement of a receipt of `total` before discounts; none where the programme is not the one that judged it.
    pub fn read(
        self,
        programme: &Programme,
        tier: &str,
        total: Money,
        lines: &[LineResult],
    ) -> Option<Evaluation> {
        match self {
            Self::Whole(evaluation) => Some(*evaluation),
            Self::Short(short) => short.read(programme, tier, total, lines),
        }
    }
}

impl Short {
    fn of(evaluation: &Evaluation) -> Option<Self> {
        let earned = evaluation.reasons.iter().map(|each| match &each.reason {
            Reason::Purchase { base, rate, .. } => Some(Earned::Tier(*base, *rate, each.points)),
            Reason::Offer { offer, of, .. } => Some(match of {
                Some(of) => Earned::Share(offer.clone(), each.points, of.base),
                None => Earned::Offer(offer.clone(), each.points),
            }),
            _ => None,
        });
        let used = evaluation.offers_used.iter().map(|used| Used {
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

    fn read(
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
            let reason = Reason::Offer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                points,
                of: base.and_then(|base| share(&offer.benefit, || base, rate)),
            };
            Some(EarnReason { points, reason })
        };
        let mut reasons = Vec::with_capacity(self.earned.len());
        for earned in &self.earned {
            reasons.push(match earned {
                Earned::Tier(base, rate, points) => EarnReason {
                    points: *points,
                    reason: Reason::Purchase {
                        base: *base,
                        rate: *rate,
                        tier: programme.tier(tier).name.clone(),
                        points: *points,
                    },
                },
                Earned::Offer(offer, points) => by_offer(offer, *points, None)?,
                Earned::Share(offer, points, base) => by_offer(offer, *points, Some(*base))?,
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
        offers_missed
            .sort_by_cached_key(|missed| programme.offer(&missed.offer).map(choice::order));
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
        serde_json::from_value(whole).ok()
    };
    match short {
        Value::Array(all) => all.iter().map(miss).collect(),
        one => miss(one).map(|miss| vec![miss]),
    }
}

fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amounts::Quantity;
    use crate::domain::evaluate::{MemberFacts, Spend, Standing, Wallet, evaluate};
    use crate::domain::programme::tests::demo;
    use crate::domain::receipt::{Basket, Line, Unit};
    use crate::domain::time::Instant;

    const TIER: &str = "gold";

    fn judged(programme: &Programme) -> Evaluation {
        let at = Instant(
            chrono::DateTime::parse_from_rfc3339("2026-03-12T09:00:00+03:00")
                .unwrap()
                .timestamp_micros(),
        );
        let lines = [
            ("dairy", 95, 3),
            ("fruit", 400, 2),
            ("coffee", 640, 1),
            ("tobacco", 250, 1),
        ]
        .map(|(category, roubles, pieces)| Line {
            sku: category.to_owned(),
            name: category.to_owned(),
            category: category.to_owned(),
            quantity: Quantity(1_000 * pieces),
            unit: Unit::Piece,
            amount: Money(roubles * 100),
        });
        let facts = MemberFacts {
            tier: TIER.to_owned(),
            activated: ["coffee-morning".to_owned()].into(),
            purchases: (1..9).map(|days| at.plus_days(-days)).collect(),
            ..MemberFacts::default()
        };
        let standing = Standing::of(programme, &facts, at, programme.time_zone);
        let wallet = Wallet {
            available: Points(300),
            may_earn: true,
            may_spend: true,
        };
        let basket = Basket {
            store: "center".to_owned(),
            at,
            zone: programme.time_zone,
            lines: lines.to_vec(),
        };
        evaluate(programme, &basket, Some(&standing), wallet, Spend::All).unwrap()
    }

    #[test]
    fn a_kept_judgement_reads_back_to_the_last_character_and_is_short() {
        let programme = demo();
        let evaluation = judged(&programme);
        // Something of everything that is shortened.
        assert!(evaluation.offers_used.len() >= 3, "{evaluation:?}");
        assert!(evaluation.offers_missed.iter().any(|m| m.misses.len() > 1));
        let shares = evaluation
            .reasons
            .iter()
            .filter(|each| matches!(each.reason, Reason::Offer { of: Some(_), .. }));
        assert!(shares.count() >= 1, "{evaluation:?}");
        assert_eq!(evaluation.gifts, ["cup"]);
        assert!(evaluation.spent.is_positive());
        let kept = Kept::of(&evaluation, &programme, TIER);
        assert!(matches!(kept, Kept::Short(_)));
        let stored = serde_json::to_string(&kept).unwrap();
        let answered = serde_json::to_string(&evaluation).unwrap();
        assert!(stored.len() * 4 < answered.len(), "{stored}");
        let read: Kept = serde_json::from_str(&stored).unwrap();
        let read = read
            .read(&programme, TIER, evaluation.total, &evaluation.lines)
            .unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), answered);
    }

    #[test]
    fn judgements_that_were_stored_whole_are_still_read() {
        let programme = demo();
        let evaluation = judged(&programme);
        let old = serde_json::to_string(&evaluation).unwrap();
        let read: Kept = serde_json::from_str(&old).unwrap();
        // Of an old row nothing but itself is needed.
        let read = read.read(&programme, "", Money::ZERO, &[]);
        assert_eq!(read, Some(evaluation));
    }

    #[test]
    fn what_its_programme_would_not_give_back_is_kept_whole() {
        let programme = demo();
        let mut evaluation = judged(&programme);
        evaluation.offers_missed[0].title.en = "Another title".to_owned();
        let kept = Kept::of(&evaluation, &programme, TIER);
        assert_eq!(kept, Kept::Whole(Box::new(evaluation)));
    }

    #[test]
    fn a_judgement_of_another_programme_is_not_guessed() {
        let programme = demo();
        let evaluation = judged(&programme);
        let kept = Kept::of(&evaluation, &programme, TIER);
        let mut other = programme.clone();
        other.offers.clear();
        assert_eq!(
            kept.read(&other, TIER, evaluation.total, &evaluation.lines),
            None
        );
    }
}
