//! Conditions on the member (what they told about themselves, their tier, their consents, lists that the chain keeps), and
//! the facts that conditions ask for.

use std::collections::{HashMap, HashSet};

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::{Circumstances, ConditionRule, ConditionScope};
use crate::domain::consents::{Channel, Purpose};
use crate::domain::offers::OfferUses;
use crate::domain::offers::offer_text::{OfferText, OfferTextValue};
use crate::domain::offers::unmet::UnmetCondition;
use crate::domain::profile::{BirthDate, Species};
use crate::domain::programme::FaultCollector;
use crate::domain::time::Instant;

/// Everything about a member that rules can ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberFacts {
    /// Meaningless id.
    pub id: String,
    /// Id of the tier.
    pub tier: String,
    /// Birth date, where told.
    pub birth: Option<BirthDate>,
    /// Birth years of children.
    pub child_birth_years: Vec<i32>,
    /// Species of pets.
    pub pets: Vec<Species>,
    /// True if there is a car.
    pub car: bool,
    /// Times of purchases, in any order; those not before the receipt's own time don't count.
    pub purchases: Vec<Instant>,
    /// True if another purchase of the receipt's own time or a later one was stored before it, as when a till had no link.
    pub bought_later: bool,
    /// Messages agreed to.
    pub consents: HashSet<(Channel, Purpose)>,
    /// Offers switched on.
    pub activated: HashSet<String>,
    /// Offers in whose lists of members this one is.
    pub listed: HashSet<String>,
    /// Uses of offers so far, by offer.
    pub uses: HashMap<String, OfferUses>,
}

impl MemberFacts {
    /// Returns the uses of an offer so far.
    pub fn uses_of(&self, offer: &str) -> OfferUses {
        self.uses.get(offer).copied().unwrap_or_default()
    }
}

/// Facts that conditions need. Tier, birth date, car, offers switched on and uses are known always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FactsNeeded {
    /// True if birth years of children are needed.
    pub children: bool,
    /// True if pets are needed.
    pub pets: bool,
    /// True if consents are needed.
    pub consents: bool,
    /// True if places in offers' lists of members are needed.
    pub listed: bool,
    /// Number of the latest purchases that are needed.
    pub purchases: i64,
}

impl FactsNeeded {
    /// No fact beyond those that are known always.
    pub const NONE: Self = Self {
        children: false,
        pets: false,
        consents: false,
        listed: false,
        purchases: 0,
    };

    /// Returns what both need.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            children: self.children || other.children,
            pets: self.pets || other.pets,
            consents: self.consents || other.consents,
            listed: self.listed || other.listed,
            purchases: self.purchases.max(other.purchases),
        }
    }
}

/// Half a year: a birthday is never further away.
const HALF_YEAR: u32 = 182;

/// Ids of tiers of which the member has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierIds(pub Vec<String>);

impl ConditionRule for TierIds {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let tier = &circumstances.member()?.facts.tier;
        (!self.0.contains(tier)).then_some(UnmetCondition::Tier)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        for (item, tier) in self.0.iter().enumerate() {
            findings.unless(
                scope.programme.tiers.iter().any(|each| each.id == *tier),
                scope.path.field("tiers").item(item),
                format!("there is no tier {tier}"),
            );
        }
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-tiers").with("tiers", OfferTextValue::TierNames(self.0.clone()))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// Days that the birthday may be away, before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BirthdayWithin {
    /// Number of days.
    pub days: u32,
}

impl ConditionRule for BirthdayWithin {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let member = circumstances.member()?;
        let birth = member.facts.birth;
        let is_near = birth.is_some_and(|birth| birth.is_birthday_within(self.days, member.date()));
        (!is_near).then_some(UnmetCondition::Birthday)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        findings.unless(
            self.days <= HALF_YEAR,
            scope.path.field("birthday_within"),
            format!("must be 0 to {HALF_YEAR} days"),
        );
    }

    fn describe(&self) -> OfferText {
        OfferText::counted("condition-birthday", i64::from(self.days))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// Ages in years, both ends included. Only birth years are known: an age is the one reached in the calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeRange {
    /// Youngest.
    pub from: i32,
    /// Oldest.
    pub until: i32,
}

impl ConditionRule for AgeRange {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let member = circumstances.member()?;
        let this_year = member.date().year();
        let born = member.facts.child_birth_years.iter();
        let mut reached = born.map(|year| this_year.saturating_sub(*year));
        let is_there = reached.any(|age| (self.from..=self.until).contains(&age));
        (!is_there).then_some(UnmetCondition::Children)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        findings.unless(
            0 <= self.from && self.from <= self.until && self.until <= 120,
            scope.path.field("children_age"),
            "must be a range of ages, the youngest first",
        );
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-children-age")
            .with("from", OfferTextValue::Number(self.from.into()))
            .with("until", OfferTextValue::Number(self.until.into()))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            children: true,
            ..FactsNeeded::NONE
        }
    }
}

/// Species of pets of which the member has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PetSpecies(pub Vec<Species>);

impl ConditionRule for PetSpecies {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let pets = &circumstances.member()?.facts.pets;
        let is_there = pets.iter().any(|pet| self.0.contains(pet));
        (!is_there).then_some(UnmetCondition::Pets)
    }

    fn validate(&self, _: &ConditionScope<'_>, _: &mut FaultCollector) {}

    fn describe(&self) -> OfferText {
        OfferText::new("condition-pets")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            pets: true,
            ..FactsNeeded::NONE
        }
    }
}

/// Members who have a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CarOwner;

impl ConditionRule for CarOwner {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let has_car = circumstances.member()?.facts.car;
        (!has_car).then_some(UnmetCondition::Car)
    }

    fn validate(&self, _: &ConditionScope<'_>, _: &mut FaultCollector) {}

    fn describe(&self) -> OfferText {
        OfferText::new("condition-car")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// A consent that the member has given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentCondition {
    /// Channel of the messages.
    pub channel: Channel,
    /// Purpose of the messages.
    pub purpose: Purpose,
}

impl ConditionRule for ConsentCondition {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let consents = &circumstances.member()?.facts.consents;
        let is_given = consents.contains(&(self.channel, self.purpose));
        (!is_given).then_some(UnmetCondition::Consent)
    }

    fn validate(&self, _: &ConditionScope<'_>, _: &mut FaultCollector) {}

    fn describe(&self) -> OfferText {
        OfferText::new("condition-consent")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            consents: true,
            ..FactsNeeded::NONE
        }
    }
}

/// Members in the offer's list, which the chain keeps beside the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedMembers;

impl ConditionRule for NamedMembers {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let member = circumstances.member()?;
        let is_listed = member.facts.listed.contains(member.offer);
        (!is_listed).then_some(UnmetCondition::NotListed)
    }

    fn validate(&self, _: &ConditionScope<'_>, _: &mut FaultCollector) {}

    fn describe(&self) -> OfferText {
        OfferText::new("condition-named-members")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded {
            listed: true,
            ..FactsNeeded::NONE
        }
    }
}

/// Ids of members in the document. A new document cannot have them; a sale is still judged by a stored version that has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberIds(pub Vec<String>);

impl ConditionRule for MemberIds {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let id = &circumstances.member()?.facts.id;
        (!self.0.contains(id)).then_some(UnmetCondition::NotListed)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        findings.unless(
            false,
            scope.path.field("members"),
            format!(
                "members are named in a list beside the programme: write named_members = true, and put them into the list \
                 by `kopilka offer members {} add`",
                scope.offer
            ),
        );
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-named-members")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}
