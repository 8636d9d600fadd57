//! Whether a programme means something: a document without errors never makes a rule divide by zero, contradict itself
//! or name what is not there. Warnings are for what is allowed and hardly meant.

mod at_till;
mod offers;
mod phones;

use std::collections::HashSet;

use super::fault::{DocumentPath, FaultCollector, ProgrammeFault};
use super::{LocalisedText, Programme, Tier};
use crate::domain::amounts::{BasisPoints, Money, Points};
use crate::domain::receipt::MAX_AMOUNT;

/// Most points that a rule may name.
const MAX_POINTS: Points = Points(1_000_000_000);
/// Longest life of points or window of tiers, in days.
const MAX_DAYS: u32 = 3_660;
/// Longest wait that a rule may ask for, in days.
const YEAR: u32 = 366;
/// Oldest age that a programme may ask for: no country's law asks for more.
const OLDEST_MINIMUM: u8 = 25;
/// Age from which alcohol is sold at all.
const ALCOHOL_AGE: u8 = 18;
/// Most levels of a programme.
const MAX_TIERS: usize = 20;
const MATERIALS: [&str; 4] = ["plain", "silver", "gold", "platinum"];

impl Programme {
    /// Everything that is wrong with the document, for the person who wrote it. No errors: it may be put in force.
    pub fn validate(&self) -> Vec<ProgrammeFault> {
        let mut findings = FaultCollector::default();
        self.validate_chain(&mut findings);
        self.validate_points(&mut findings);
        self.validate_tills(&mut findings);
        self.validate_phones(&mut findings);
        self.validate_tiers(&mut findings);
        self.validate_gifts(&mut findings);
        self.validate_offers(&mut findings);
        findings.0
    }

    /// Conditions that name stores which the chain does not have. They are warnings: a store may be about to open.
    pub fn unknown_stores(&self, known: &[String]) -> Vec<ProgrammeFault> {
        let mut findings = FaultCollector::default();
        for (position, offer) in self.offers.iter().enumerate() {
            let path = top_level_path("offers")
                .item(position)
                .field("conditions")
                .field("stores");
            for (item, store) in offer.conditions.named_stores().iter().enumerate() {
                findings.warn_unless(
                    known.contains(store),
                    path.item(item),
                    format!(
                        "the chain has no store {store}; it has {}",
                        if known.is_empty() {
                            "none".to_owned()
                        } else {
                            known.join(", ")
                        }
                    ),
                );
            }
        }
        findings.0
    }

    fn validate_chain(&self, findings: &mut FaultCollector) {
        findings.check_text(top_level_path("name"), &self.name);
        findings.check_text(top_level_path("tagline"), &self.tagline);
        let code = self.currency.as_bytes();
        findings.unless(
            code.len() == 3 && code.iter().all(u8::is_ascii_uppercase),
            top_level_path("currency"),
            "must be a code of three capital letters (ISO 4217), as RUB",
        );
        let hex = self.brand.strip_prefix('#').unwrap_or_default();
        findings.unless(
            hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
            top_level_path("brand"),
            "must be a colour like #0f5c4a",
        );
        findings.unless(
            !self.support.trim().is_empty(),
            top_level_path("support"),
            "must not be empty",
        );
        findings.unless(
            self.minimum_age
                .is_none_or(|age| (1..=OLDEST_MINIMUM).contains(&age)),
            top_level_path("minimum_age"),
            format!("must be 1 to {OLDEST_MINIMUM} years; leave it out where any age may join"),
        );
        findings.unless(
            self.rejoin_days <= MAX_DAYS,
            top_level_path("rejoin_days"),
            format!("must be 0 to {MAX_DAYS} days; 0: who joins again is new"),
        );
        let documents = &self.documents;
        for (name, version) in [
            ("personal_data", &documents.personal_data),
            ("rules", &documents.rules),
            ("children", &documents.children),
            ("messages", &documents.messages),
        ] {
            findings.unless(
                !version.trim().is_empty(),
                top_level_path("documents").field(name),
                "must name a version",
            );
        }
    }

    fn validate_points(&self, findings: &mut FaultCollector) {
        let path = top_level_path("points");
        let points = &self.points;
        findings.unless(
            points.value > Money::ZERO && points.value <= MAX_AMOUNT,
            path.field("value"),
            format!(
                "the value of a point must be 1 to {} minor units",
                MAX_AMOUNT.0
            ),
        );
        let life = &points.life;
        let lasting = path.field("life");
        findings.unless(
            life.days.is_none() || life.months.is_none(),
            lasting.clone(),
            "life is in days or in months, not both",
        );
        findings.unless(
            life.days.is_some() || life.months.is_some() || !life.end_of_month,
            lasting.field("end_of_month"),
            "life to the end of a month needs days or months",
        );
        findings.unless(
            life.days.is_none_or(|days| (1..=MAX_DAYS).contains(&days)),
            lasting.field("days"),
            format!("must be 1 to {MAX_DAYS} days"),
        );
        findings.unless(
            life.months.is_none_or(|months| (1..=120).contains(&months)),
            lasting.field("months"),
            "must be 1 to 120 months",
        );
        for (name, days) in [
            ("hold_days", points.hold_days),
            ("bonus_hold_days", points.bonus_hold_days),
            ("restore_grace_days", points.restore_grace_days),
        ] {
            findings.unless(
                days <= YEAR,
                path.field(name),
                format!("must be 0 to {YEAR} days"),
            );
        }
        findings.unless(
            self.spend.max_share <= BasisPoints::WHOLE,
            top_level_path("spend").field("max_share"),
            "must be 0 to 10000 (100 %)",
        );
        let codes = &self.codes;
        for (name, code) in [
            ("rotating", codes.rotating),
            ("fixed", codes.fixed),
            ("ean", codes.ean),
        ] {
            // Both of these forms can be copied from a photograph of the card.
            findings.warn_unless(
                name == "rotating" || !code.spend,
                top_level_path("codes").field(name).field("spend"),
                "whoever has a photograph of this code can spend the member's points",
            );
        }
        findings.warn_unless(
            !codes.phone.spend,
            top_level_path("codes").field("phone").field("spend"),
            "whoever talks a member into telling a code can spend the member's points",
        );
        let amounts = [
            (
                top_level_path("profile").field("completed_points"),
                self.profile.completed_points,
            ),
            (
                top_level_path("adjustments").field("approval_above"),
                self.adjustments.approval_above,
            ),
        ];
        for (path, points) in amounts {
            findings.unless(
                (Points::ZERO..=MAX_POINTS).contains(&points),
                path,
                format!("must be 0 to {} points", MAX_POINTS.0),
            );
        }
        findings.unless(
            (0..=100).contains(&self.profile.birth_changes),
            top_level_path("profile").field("birth_changes"),
            "must be 0 to 100",
        );
    }

    fn validate_tiers(&self, findings: &mut FaultCollector) {
        let rules = &self.tier_rules;
        findings.unless(
            (1..=MAX_DAYS).contains(&rules.window_days),
            top_level_path("tier_rules").field("window_days"),
            format!("must be 1 to {MAX_DAYS} days"),
        );
        findings.unless(
            rules.grace_days <= YEAR,
            top_level_path("tier_rules").field("grace_days"),
            format!("must be 0 to {YEAR} days"),
        );
        let path = top_level_path("tiers");
        findings.unless(
            self.tiers.iter().count() <= MAX_TIERS,
            path.clone(),
            format!("must be at most {MAX_TIERS}"),
        );
        findings.check_ids(&path, self.tiers.iter().map(|tier| tier.id.as_str()));
        let mut below: Option<&Tier> = None;
        for (position, tier) in self.tiers.iter().enumerate() {
            let path = path.item(position);
            let threshold = path.field("threshold");
            match below {
                None => findings.unless(
                    tier.threshold == 0,
                    threshold,
                    "must be 0: the first tier is for everyone",
                ),
                Some(below) => findings.unless(
                    tier.threshold > below.threshold,
                    threshold,
                    format!("must be above the one before it ({})", below.threshold),
                ),
            }
            if let Some(below) = below {
                findings.warn_unless(
                    tier.rate >= below.rate || tier.discount > below.discount,
                    path.field("rate"),
                    format!("is less than what the tier below gives ({})", below.rate.0),
                );
            }
            findings.check_text(path.field("name"), &tier.name);
            for (item, perk) in tier.perks.iter().enumerate() {
                findings.check_text(path.field("perks").item(item), perk);
            }
            findings.unless(
                tier.rate <= BasisPoints::WHOLE,
                path.field("rate"),
                "must be 0 to 10000 (100 %)",
            );
            findings.unless(
                tier.discount.is_none_or(|rate| rate <= BasisPoints::WHOLE),
                path.field("discount"),
                "must be 0 to 10000 (100 %)",
            );
            findings.unless(
                MATERIALS.contains(&tier.material.as_str()),
                path.field("material"),
                format!("must be one of {}", MATERIALS.join(", ")),
            );
            below = Some(tier);
        }
    }

    /// Returns whether the substitutes of a gift lead to it again.
    fn has_substitute_cycle(&self, id: &str) -> bool {
        let next = |id: &str| self.gift(id)?.substitute.as_deref();
        std::iter::successors(next(id), |id| next(id))
            .take(self.gifts.len())
            .any(|each| each == id)
    }

    fn validate_gifts(&self, findings: &mut FaultCollector) {
        let path = top_level_path("gifts");
        findings.check_ids(&path, self.gifts.iter().map(|gift| gift.id.as_str()));
        for (position, gift) in self.gifts.iter().enumerate() {
            let path = path.item(position);
            findings.check_text(path.field("name"), &gift.name);
            findings.check_text(path.field("text"), &gift.text);
            findings.warn_unless(
                self.offers.iter().any(|offer| offer.gives_gift(&gift.id))
                    || self
                        .gifts
                        .iter()
                        .any(|other| other.id != gift.id && other.is_replaced_by(&gift.id)),
                path.field("id"),
                format!("no offer gives the gift {}", gift.id),
            );
            let Some(instead) = &gift.substitute else {
                continue;
            };
            let instead_of = path.field("substitute");
            findings.unless(
                self.gift(instead).is_some(),
                instead_of.clone(),
                format!("there is no gift {instead}"),
            );
            findings.unless(
                !self.has_substitute_cycle(&gift.id),
                instead_of,
                format!("leads back to {} itself", gift.id),
            );
        }
    }
}

/// A top-level name of the document.
fn top_level_path(name: &str) -> DocumentPath {
    DocumentPath::root().field(name)
}

impl FaultCollector {
    fn check_text(&mut self, path: DocumentPath, text: &LocalisedText) {
        for (language, words) in [("ru", &text.ru), ("en", &text.en)] {
            self.unless(
                !words.trim().is_empty(),
                path.field(language),
                "must not be empty",
            );
        }
    }

    /// Ids go into addresses and forms: short, plain, and each only once.
    fn check_ids<'a>(&mut self, list: &DocumentPath, ids: impl Iterator<Item = &'a str>) {
        let mut known = HashSet::new();
        for (position, id) in ids.enumerate() {
            let path = list.item(position).field("id");
            self.unless(
                is_valid_id(id),
                path.clone(),
                "an id is 1 to 64 small Latin letters, digits and hyphens",
            );
            self.unless(known.insert(id), path, format!("the id {id} is used twice"));
        }
    }
}

/// Returns whether a text can name a thing for ever: 1 to 64 small Latin letters, digits and hyphens.
pub fn is_valid_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}
