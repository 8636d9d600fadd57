//! The levels of a programme. A list of tiers is never empty: a document without one is not read at all, so that every
//! member always has a tier.

use std::collections::BTreeMap;
use std::{iter, slice};

use serde::{Deserialize, Serialize};

use super::{LocalisedText, Programme};
use crate::domain::amounts::BasisPoints;

/// A level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: LocalisedText,
    /// Threshold at which it begins, in the unit of the programme's measure: minor units, or points.
    pub threshold: i64,
    /// Share of a purchase that comes back in points.
    pub rate: BasisPoints,
    /// Share of every purchase that is taken off at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<BasisPoints>,
    /// Other advantages, in words.
    #[serde(default)]
    pub perks: Vec<LocalisedText>,
    /// Material of the card: `plain`, `silver`, `gold`, `platinum`.
    pub material: String,
}

/// The levels of a programme, lowest first; at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Tier>", into = "Vec<Tier>")]
pub struct ProgrammeTiers {
    first: Tier,
    rest: Vec<Tier>,
}

impl ProgrammeTiers {
    /// Levels, lowest first.
    pub const fn new(first: Tier, rest: Vec<Tier>) -> Self {
        Self { first, rest }
    }

    /// The level of a new member.
    pub const fn first(&self) -> &Tier {
        &self.first
    }

    /// All levels, lowest first.
    pub fn iter(&self) -> iter::Chain<iter::Once<&Tier>, slice::Iter<'_, Tier>> {
        iter::once(&self.first).chain(&self.rest)
    }

    /// Leaves out what levels take off at once.
    pub(super) fn without_discounts(&mut self) {
        for tier in iter::once(&mut self.first).chain(&mut self.rest) {
            tier.discount = None;
        }
    }
}

/// Levels that other versions have and a programme has not, each with the level that its members have instead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RetiredTiers(BTreeMap<String, String>);

impl RetiredTiers {
    /// Ids of levels that are gone, and of those that their members have instead.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter();
        all.map(|(gone, instead)| (gone.as_str(), instead.as_str()))
    }
}

impl Programme {
    /// Works out what members of levels have that another version has (by id, lowest first) and this one has not: the
    /// highest of its levels that stands under theirs. To be told first of the version that has the last word.
    pub fn merge_tier_order(&mut self, other: &[String]) {
        let mut under = self.tiers.first().id.clone();
        for id in other {
            if self.tiers.iter().any(|tier| tier.id == *id) {
                under.clone_from(id);
            } else {
                let gone = self.retired_tiers.0.entry(id.clone());
                gone.or_insert_with(|| under.clone());
            }
        }
    }

    /// The tier of a member who reached the one of this id, perhaps under another version, which has it.
    pub fn held_tier(&self, id: &str) -> &Tier {
        self.tier(self.retired_tiers.0.get(id).map_or(id, String::as_str))
    }
}

impl<'a> IntoIterator for &'a ProgrammeTiers {
    type Item = &'a Tier;
    type IntoIter = iter::Chain<iter::Once<&'a Tier>, slice::Iter<'a, Tier>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl TryFrom<Vec<Tier>> for ProgrammeTiers {
    type Error = &'static str;

    fn try_from(tiers: Vec<Tier>) -> Result<Self, Self::Error> {
        let mut tiers = tiers.into_iter();
        let first = tiers.next().ok_or("a programme needs at least one tier")?;
        Ok(Self::new(first, tiers.collect()))
    }
}

impl From<ProgrammeTiers> for Vec<Tier> {
    fn from(tiers: ProgrammeTiers) -> Self {
        iter::once(tiers.first).chain(tiers.rest).collect()
    }
}
