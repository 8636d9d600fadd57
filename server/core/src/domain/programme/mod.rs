//! The programme of one chain as a document: TOML where people write it, JSON where it is stored. It holds all the rules
//! and never changes once it is in force; a change is a new version.

mod at_till;
mod defaults;
mod difference;
mod document;
mod exclusions;
mod fault;
mod phones;
mod rules;
mod tier;
mod validate;

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use toml::de::{DeTable, Deserializer};

pub use at_till::{FraudHoursLimit, FraudLimit, FraudLimitRules, TillRules, TimedFraudLimit};
pub use difference::{DocumentDifference, find_differences};
pub use document::{DocumentReading, LocatedFault, read_document};
pub use exclusions::CategoryExclusions;
pub(super) use fault::FaultCollector;
pub use fault::{DocumentPath, DocumentPathStep, FaultSeverity, ProgrammeFault};
pub use phones::PhoneRules;
pub use rules::{
    AdjustmentRules, AllowedCodeUse, CodeRules, DiscountOnReturn, DocumentVersions, EarnRules,
    PointsLife, PointsRules, ProfileRules, ReturnRules, SpendRules, TierDowngrade, TierMeasure,
    TierRules,
};
pub use tier::{ProgrammeTiers, RetiredTiers, Tier};
pub use validate::is_valid_id;

use super::offers::{FactsNeeded, Offer};

/// A text in the languages of the wallet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalisedText {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

impl LocalisedText {
    /// The text in a language; Russian where the language is not known.
    pub fn get(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.ru }
    }
}

/// A thing that is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeGift {
    /// Stable id.
    pub id: String,
    /// Name of the thing.
    pub name: LocalisedText,
    /// A sentence about it.
    pub text: LocalisedText,
    /// Id of the gift that may be handed over instead where this one is out; none: nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub substitute: Option<String>,
}

impl ProgrammeGift {
    /// Returns whether another gift may be handed over instead of this one.
    pub(super) fn is_replaced_by(&self, other: &str) -> bool {
        self.substitute.as_deref() == Some(other)
    }
}

/// All the rules of one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Name of the chain's programme.
    pub name: LocalisedText,
    /// One line under the name.
    pub tagline: LocalisedText,
    /// Currency of all money (ISO 4217).
    pub currency: String,
    /// Time zone in which days begin.
    pub time_zone: Tz,
    /// Colour of the brand as `#rrggbb`.
    pub brand: String,
    /// Contact of support: a phone or an address, as it is shown.
    pub support: String,
    /// Years that a member must have; none: any age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_age: Option<u8>,
    /// Days for which benefits that are given once stay used after an account was closed: who joins again with the same phone
    /// within them gets no welcome points again; 0: not at all.
    #[serde(default = "rejoin_days")]
    pub rejoin_days: u32,
    /// Value and life of points.
    pub points: PointsRules,
    /// Rules of earning on purchases.
    pub earn: EarnRules,
    /// Rules of paying with points.
    pub spend: SpendRules,
    /// Categories that are kept out of discounts, conditions and levels.
    #[serde(default)]
    pub exclusions: CategoryExclusions,
    /// Rules of returns.
    #[serde(default)]
    pub returns: ReturnRules,
    /// Rules of corrections of points by support.
    #[serde(default)]
    pub adjustments: AdjustmentRules,
    /// Rules of tills.
    #[serde(default)]
    pub till: TillRules,
    /// Limits beyond which a card or a till looks misused.
    #[serde(default, rename = "radar")]
    pub fraud_limits: FraudLimitRules,
    /// Rules of reading phone numbers, and which of them may join.
    #[serde(default)]
    pub phones: PhoneRules,
    /// Uses that each form of the code allows.
    pub codes: CodeRules,
    /// Rewards of a profile, and its limits.
    pub profile: ProfileRules,
    /// Rules of reaching and losing tiers.
    pub tier_rules: TierRules,
    /// Versions of the documents.
    pub documents: DocumentVersions,
    /// Levels, lowest first; there is always one.
    pub tiers: ProgrammeTiers,
    /// Levels that only other versions have. It is worked out from those, never written.
    #[serde(skip)]
    pub retired_tiers: RetiredTiers,
    /// Things that offers may give.
    #[serde(default)]
    pub gifts: Vec<ProgrammeGift>,
    /// Offers, in no particular order: their priority orders them.
    #[serde(default)]
    pub offers: Vec<Offer>,
}

const fn rejoin_days() -> u32 {
    365
}

impl Programme {
    /// Reads a programme as people write it. What it means is checked by [`Programme::validate`].
    ///
    /// # Errors
    /// What could not be read and where, in words for the person who wrote it.
    pub fn parse_toml(text: &str) -> Result<Self, String> {
        let read = || {
            let mut document = DeTable::parse(text)?;
            defaults::fill_in_defaults(document.get_mut());
            Self::deserialize(Deserializer::from(document))
        };
        read().map_err(|error: toml::de::Error| error.to_string())
    }

    /// The tier of this id; the first one where no tier has it. Of members' tiers ask [`Programme::held_tier`].
    pub fn tier(&self, id: &str) -> &Tier {
        self.tiers
            .iter()
            .find(|tier| tier.id == id)
            .unwrap_or(self.tiers.first())
    }

    /// The offer of this id.
    pub fn offer(&self, id: &str) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    /// Returns the facts of a member that the conditions of its offers need.
    pub fn facts_needed(&self) -> FactsNeeded {
        self.offers
            .iter()
            .map(|offer| offer.conditions.facts_needed())
            .fold(FactsNeeded::NONE, FactsNeeded::and)
    }

    /// Returns the categories that the rules speak of.
    pub fn categories(&self) -> BTreeSet<&str> {
        let excluded = self
            .earn
            .excluded_categories
            .iter()
            .chain(&self.spend.excluded_categories)
            .chain(self.exclusions.categories());
        self.offers
            .iter()
            .flat_map(|offer| offer.conditions.categories())
            .chain(excluded.map(String::as_str))
            .collect()
    }

    /// Returns whether pages and messages may name an offer: one of alcohol is shown in stores only, and so is one of which
    /// nothing is known.
    pub fn may_name(&self, offer: &str) -> bool {
        self.offer(offer).is_some_and(|offer| !offer.alcohol)
    }

    /// Returns whether pages leave an offer of this version unnamed: it was shown in stores only then, or is in the programme
    /// of now, or this version does not have it.
    pub fn leaves_unnamed(&self, offer: &str, now: &Self) -> bool {
        !self.may_name(offer) || now.offer(offer).is_some_and(|offer| offer.alcohol)
    }

    /// The gift of this id.
    pub fn gift(&self, id: &str) -> Option<&ProgrammeGift> {
        self.gifts.iter().find(|gift| gift.id == id)
    }

    /// Returns the gifts that may be handed over instead of a gift, best first: its substitute, the substitute's substitute,
    /// and so on.
    pub fn substitutes(&self, id: &str) -> impl Iterator<Item = &ProgrammeGift> {
        let next = |gift: &ProgrammeGift| self.gift(gift.substitute.as_deref()?);
        // A document without errors has no circle of them; one is not followed twice all the same.
        std::iter::successors(self.gift(id).and_then(next), move |gift| next(gift))
            .take(self.gifts.len())
            .filter(move |gift| gift.id != id)
    }

    /// The programme with nothing that takes money off: what is left of it when a sale is judged after it was paid.
    pub fn earning_only(&self) -> Self {
        let mut programme = self.clone();
        programme.tiers.without_discounts();
        programme.offers.retain(|offer| !offer.benefit.takes_off());
        programme
    }
}

#[cfg(test)]
mod document_tests;
#[cfg(test)]
mod documentation_tests;
#[cfg(test)]
pub(crate) mod tests;
