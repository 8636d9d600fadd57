//! All conditions of an offer, asked together.

use serde::{Deserialize, Serialize};

use super::{
    Circumstances, Condition, ConditionScope, ConditionsDocument, FactsNeeded, ItemCondition,
    NamesInCondition, Period, PlaceAndTime,
};
use crate::domain::offers::unmet::UnmetCondition;
use crate::domain::programme::{DocumentPath, FaultCollector, Programme};

/// Conditions of an offer, each kind at most once; none = the offer is for everybody, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ConditionsDocument", into = "ConditionsDocument")]
pub struct Conditions(Vec<Condition>);

impl Conditions {
    /// Returns each condition.
    pub fn iter(&self) -> impl Iterator<Item = &Condition> {
        self.0.iter()
    }

    /// Changes them as they are written in a document.
    pub fn rewrite(&mut self, change: impl FnOnce(&mut ConditionsDocument)) {
        let mut document = ConditionsDocument::from(std::mem::take(self));
        change(&mut document);
        *self = Self::from(document);
    }

    /// Returns which of them do not hold under these circumstances, as far as these decide on them.
    pub(in crate::domain) fn unmet(
        &self,
        circumstances: &Circumstances<'_, '_>,
    ) -> Vec<UnmetCondition> {
        self.iter()
            .filter_map(|condition| condition.rule().unmet(circumstances))
            .collect()
    }

    /// Returns the first condition on day of the week, hour and store that does not hold there and then.
    pub fn unmet_at(&self, place: PlaceAndTime<'_>) -> Option<&Condition> {
        let there = Circumstances::Place(place);
        self.iter()
            .find(|condition| condition.rule().unmet(&there).is_some())
    }

    /// Adds what is wrong with them in a document.
    pub(in crate::domain) fn validate(
        &self,
        programme: &Programme,
        offer: &str,
        path: &DocumentPath,
        findings: &mut FaultCollector,
    ) {
        let scope = ConditionScope {
            programme,
            offer,
            conditions: self,
            path,
        };
        for condition in self.iter() {
            condition.rule().validate(&scope, findings);
        }
    }

    /// Returns the facts that they need.
    pub fn facts_needed(&self) -> FactsNeeded {
        self.iter()
            .map(|condition| condition.rule().facts_needed())
            .fold(FactsNeeded::NONE, FactsNeeded::and)
    }

    /// Returns the period in which the offer runs; `None` = it always does.
    pub fn period(&self) -> Option<Period> {
        self.iter().find_map(|condition| match condition {
            Condition::Period(period) => Some(*period),
            _ => None,
        })
    }

    /// Returns the goods that must be bought; none: the offer is for the whole receipt.
    pub fn items(&self) -> &[ItemCondition] {
        let items = self
            .iter()
            .find_map(|condition| match condition.mentioned_names() {
                NamesInCondition::Goods(items) => Some(items),
                _ => None,
            });
        items.unwrap_or_default()
    }

    /// Returns the codes of the stores that they name.
    pub fn named_stores(&self) -> &[String] {
        let stores = self
            .iter()
            .find_map(|condition| match condition.mentioned_names() {
                NamesInCondition::Stores(stores) => Some(stores),
                _ => None,
            });
        stores.unwrap_or_default()
    }

    /// Returns the categories of goods that they name.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        let items = self
            .iter()
            .flat_map(|condition| match condition.mentioned_names() {
                NamesInCondition::Goods(items) => items,
                NamesInCondition::Nothing
                | NamesInCondition::Stores(_)
                | NamesInCondition::Members => &[],
            });
        items.flat_map(|item| &item.categories).map(String::as_str)
    }

    /// Returns whether the offer asks for its list of members.
    pub fn ask_for_list(&self) -> bool {
        self.iter()
            .any(|condition| matches!(condition, Condition::NamedMembers(_)))
    }

    /// Returns whether the offer is only for members whom the chain has named.
    pub fn are_for_named_members(&self) -> bool {
        self.iter()
            .any(|condition| matches!(condition.mentioned_names(), NamesInCondition::Members))
    }
}

impl IntoIterator for Conditions {
    type Item = Condition;
    type IntoIter = std::vec::IntoIter<Condition>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Vec<Condition>> for Conditions {
    fn from(conditions: Vec<Condition>) -> Self {
        Self(conditions)
    }
}
