//! Conditions on the day, the hour and the store.

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

use super::{Circumstances, ConditionRule, ConditionScope, FactsNeeded};
use crate::domain::offers::offer_text::{OfferText, OfferTextValue};
use crate::domain::offers::text;
use crate::domain::offers::unmet::UnmetCondition;
use crate::domain::programme::FaultCollector;

/// Days in which an offer runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First day; `None` = since ever.
    pub from: Option<NaiveDate>,
    /// Last day, itself included; `None` = for ever.
    pub until: Option<NaiveDate>,
}

impl Period {
    /// Returns whether a day is in it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

// It is asked with the member and the day, not with the receipt: it is judged once for a sale and kept with it.
impl ConditionRule for Period {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let today = circumstances.member()?.date();
        (!self.contains(today)).then_some(UnmetCondition::OutsideDates)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        let (Some(from), Some(until)) = (self.from, self.until) else {
            return;
        };
        findings.unless(
            from <= until,
            scope.path.field("until"),
            format!("it ends before it begins ({from}): it can never hold"),
        );
    }

    fn describe(&self) -> OfferText {
        let key = match (self.from, self.until) {
            (Some(_), Some(_)) => "condition-period",
            (None, Some(_)) => "condition-until",
            (Some(_) | None, None) => "condition-from",
        };
        let days = [("from", self.from), ("until", self.until)];
        days.into_iter()
            .filter_map(|(name, day)| Some((name, day?)))
            .fold(OfferText::new(key), |message, (name, day)| {
                message.with(name, OfferTextValue::Date(day))
            })
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// Days of the week on which an offer counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekdays(pub Vec<Weekday>);

impl ConditionRule for Weekdays {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let today = circumstances.place()?.weekday();
        (!self.0.contains(&today)).then_some(UnmetCondition::Weekday)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        let path = scope.path.field("weekdays");
        for (item, day) in self.0.iter().enumerate() {
            let first = self.0.iter().position(|each| each == day);
            findings.warn_unless(
                first == Some(item),
                path.item(item),
                format!("{day} is named twice"),
            );
        }
        let period = scope.conditions.period().unwrap_or_default();
        if let (Some(from), Some(until)) = (period.from, period.until)
            && from <= until
        {
            findings.unless(
                from.iter_days()
                    .take_while(|day| *day <= until)
                    .take(7)
                    .any(|day| self.0.contains(&day.weekday())),
                path,
                "none of these weekdays lies between from and until: it can never hold",
            );
        }
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-weekdays").with("days", OfferTextValue::Weekdays(self.0.clone()))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// A time of the day, over midnight where it ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Time from which they hold.
    #[serde(with = "text::one")]
    pub from: NaiveTime,
    /// Time at which they end, itself not included.
    #[serde(with = "text::one")]
    pub until: NaiveTime,
}

impl Hours {
    /// Returns whether a clock that shows `time` is within.
    pub fn contain(&self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }
}

impl ConditionRule for Hours {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let time = circumstances.place()?.time();
        (!self.contain(time)).then_some(UnmetCondition::Hours)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        findings.unless(
            self.from != self.until,
            scope.path.field("hours"),
            "from and until are the same: it can never hold",
        );
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-hours")
            .with("from", OfferTextValue::Time(self.from))
            .with("until", OfferTextValue::Time(self.until))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// Codes of the stores in which an offer counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreCodes(pub Vec<String>);

impl ConditionRule for StoreCodes {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let store = circumstances.place()?.store?;
        let is_named = self.0.iter().any(|code| code == store);
        (!is_named).then_some(UnmetCondition::Store)
    }

    // Codes are compared with the chain's stores where these are at hand: `Programme::unknown_stores`.
    fn validate(&self, _: &ConditionScope<'_>, _: &mut FaultCollector) {}

    fn describe(&self) -> OfferText {
        OfferText::new("condition-stores")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}
