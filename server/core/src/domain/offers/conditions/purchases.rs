//! Conditions on the member's purchases before this one.

use serde::{Deserialize, Serialize};

use super::{Circumstances, Condition, ConditionRule, ConditionScope, Conditions, FactsNeeded};
use crate::domain::offers::offer_text::OfferText;
use crate::domain::offers::unmet::UnmetCondition;
use crate::domain::programme::FaultCollector;
use crate::domain::time::{days_between, local_date};

/// Days of memory that storage keeps of purchases: conditions can't ask for more.
const MEMORY_DAYS: u32 = 400;

fn is_remembered(days: u32) -> bool {
    (1..=MEMORY_DAYS).contains(&days)
}

fn memory() -> String {
    format!("must be 1 to {MEMORY_DAYS} days")
}

/// Days since the last purchase, at least. Who never bought anything was never absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// Number of days.
    pub days: u32,
}

impl ConditionRule for Absence {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let member = circumstances.member()?;
        let last = member.purchases_before().max();
        let away = last.map(|last| days_between(local_date(last, member.zone), member.date()));
        away.is_none_or(|away| away < i64::from(self.days))
            .then_some(UnmetCondition::Absent { days: self.days })
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        let path = scope.path.field("absent_days");
        findings.unless(is_remembered(self.days), path.clone(), memory());
        if let Some(purchases) = scope.conditions.purchases() {
            findings.unless(
                self.days <= purchases.within_days,
                path,
                format!(
                    "who was away for {} days made no purchase within {}: it can never hold",
                    self.days, purchases.within_days
                ),
            );
        }
    }

    fn describe(&self) -> OfferText {
        OfferText::counted("condition-absence", i64::from(self.days))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            purchases: 1,
            ..FactsNeeded::NONE
        }
    }
}

/// A number of purchases in the days before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purchases {
    /// Number of purchases, at least.
    pub count: i64,
    /// Number of days in which they are counted.
    pub within_days: u32,
}

impl ConditionRule for Purchases {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let member = circumstances.member()?;
        let since = member.at.plus_days(-i64::from(self.within_days));
        let purchases = member.purchases_before();
        let made = purchases.filter(|purchase| *purchase >= since).count();
        let made = i64::try_from(made).unwrap_or(i64::MAX);
        let missing = self.count.saturating_sub(made);
        (missing > 0).then_some(UnmetCondition::Purchases { missing })
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        let path = scope.path.field("purchases");
        findings.unless(
            is_remembered(self.within_days),
            path.field("within_days"),
            memory(),
        );
        findings.unless(self.count > 0, path.field("count"), "must be 1 or more");
    }

    fn describe(&self) -> OfferText {
        OfferText::counted("condition-purchases", self.count)
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            purchases: self.count,
            ..FactsNeeded::NONE
        }
    }
}

/// The first purchase only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstPurchase;

// The member must not have bought before, and the receipt must be a purchase: excluded goods alone are none.
impl ConditionRule for FirstPurchase {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let is_unmet = match circumstances {
            Circumstances::Member(member) => {
                member.facts.bought_later || member.purchases_before().next().is_some()
            }
            Circumstances::Place(_) => false,
            Circumstances::Receipt(receipt) => !receipt.goods.is_purchase(receipt.items),
        };
        is_unmet.then_some(UnmetCondition::FirstPurchase)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        findings.unless(
            scope.conditions.purchases().is_none() && !scope.conditions.asks_for_absence(),
            scope.path.field("first_purchase"),
            "a first purchase has none before it, and absent_days or purchases asks for one: it can never hold",
        );
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-first-purchase")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            purchases: 1,
            ..FactsNeeded::NONE
        }
    }
}

impl Conditions {
    fn purchases(&self) -> Option<Purchases> {
        self.iter().find_map(|condition| match condition {
            Condition::Purchases(purchases) => Some(*purchases),
            _ => None,
        })
    }

    fn asks_for_absence(&self) -> bool {
        self.iter()
            .any(|condition| matches!(condition, Condition::Absence(_)))
    }
}
