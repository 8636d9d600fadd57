//! Whether a programme means something: a document with no findings never makes a rule divide by zero, contradict itself
//! or name what is not there.

use std::collections::HashSet;

use super::{Localised, Programme};
use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::domain::offers::{Benefit, Conditions, Offer};
use crate::domain::receipt::MAX_AMOUNT;

/// Most that one offer may give in points.
const MAX_POINTS: Points = Points(1_000_000_000);
/// Days of memory that storage keeps of purchases: conditions can't ask for more.
const MEMORY_DAYS: u32 = 400;
/// Longest life of points or window of tiers, in days.
const MAX_DAYS: u32 = 3_660;
const MATERIALS: [&str; 4] = ["plain", "silver", "gold", "platinum"];

impl Programme {
    /// Everything that is wrong with the document, a sentence each, for the person who wrote it. Nothing: it may be put
    /// in force.
    pub fn validate(&self) -> Vec<String> {
        let mut findings = Findings::default();
        self.validate_chain(&mut findings);
        self.validate_points(&mut findings);
        self.validate_tiers(&mut findings);
        findings.unique("gift", self.gifts.iter().map(|gift| gift.id.as_str()));
        findings.unique("offer", self.offers.iter().map(|offer| offer.id.as_str()));
        for gift in &self.gifts {
            findings.text(&format!("gift {}: name", gift.id), &gift.name);
        }
        for offer in &self.offers {
            let found = self.validate_offer(offer);
            findings.0.extend(
                found
                    .0
                    .into_iter()
                    .map(|finding| format!("offer {}: {finding}", offer.id)),
            );
        }
        findings.0
    }

    fn validate_chain(&self, findings: &mut Findings) {
        findings.text("name", &self.name);
        findings.text("tagline", &self.tagline);
        let code = self.currency.as_bytes();
        findings.unless(
            code.len() == 3 && code.iter().all(u8::is_ascii_uppercase),
            "currency is not a code of three capital letters",
        );
        let hex = self.brand.strip_prefix('#').unwrap_or_default();
        findings.unless(
            hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "brand is not a colour like #0f5c4a",
        );
        findings.unless(!self.support.trim().is_empty(), "support is empty");
        let documents = &self.documents;
        for (name, version) in [
            ("personal_data", &documents.personal_data),
            ("rules", &documents.rules),
            ("children", &documents.children),
            ("messages", &documents.messages),
        ] {
            findings.unless(
                !version.trim().is_empty(),
                &format!("documents: {name} has no version"),
            );
        }
    }

    fn validate_points(&self, findings: &mut Findings) {
        let points = &self.points;
        findings.unless(
            points.value > Money::ZERO && points.value <= MAX_AMOUNT,
            "points: the value of a point is not above 0",
        );
        let life = &points.life;
        findings.unless(
            life.days.is_none() || life.months.is_none(),
            "points: life is in days or in months, not both",
        );
        let ends = life.days.is_some() || life.months.is_some();
        findings.unless(
            ends || !life.end_of_month,
            "points: life to the end of a month needs days or months",
        );
        findings.unless(
            life.days.is_none_or(|days| (1..=MAX_DAYS).contains(&days))
                && life.months.is_none_or(|months| (1..=120).contains(&months)),
            "points: life is from 1 day to 10 years",
        );
        findings.unless(
            points.hold_days <= 366 && points.bonus_hold_days <= 366,
            "points: a hold is longer than a year",
        );
        findings.unless(
            self.spend.max_share <= BasisPoints::WHOLE,
            "spend: max_share is above 100 %",
        );
        let profile = &self.profile;
        findings.unless(
            (Points::ZERO..=MAX_POINTS).contains(&profile.completed_points)
                && profile.birth_changes >= 0,
            "profile: a number is below 0 or too large",
        );
    }

    fn validate_tiers(&self, findings: &mut Findings) {
        findings.unique("tier", self.tiers.iter().map(|tier| tier.id.as_str()));
        findings.unless(
            self.tiers.first().threshold == 0,
            "tiers: the first one does not begin at 0",
        );
        findings.unless(
            self.tiers
                .iter()
                .zip(self.tiers.iter().skip(1))
                .all(|(below, above)| below.threshold < above.threshold),
            "tiers: thresholds do not rise",
        );
        findings.unless(
            (1..=MAX_DAYS).contains(&self.tier_rules.window_days),
            "tier_rules: window_days is from 1 day to 10 years",
        );
        for tier in &self.tiers {
            findings.text(&format!("tier {}: name", tier.id), &tier.name);
            findings.unless(
                tier.rate <= BasisPoints::WHOLE
                    && tier.discount.is_none_or(|rate| rate <= BasisPoints::WHOLE),
                &format!("tier {}: a rate is above 100 %", tier.id),
            );
            findings.unless(
                MATERIALS.contains(&tier.material.as_str()),
                &format!(
                    "tier {}: the material is none of plain, silver, gold, platinum",
                    tier.id
                ),
            );
        }
    }

    fn validate_offer(&self, offer: &Offer) -> Findings {
        let mut findings = Findings::default();
        findings.text("title", &offer.title);
        findings.text("text", &offer.text);
        self.validate_benefit(offer, &mut findings);
        self.validate_conditions(&offer.conditions, &mut findings);
        let limits = &offer.limits;
        let counts = [limits.per_member, limits.in_all, limits.per_day];
        findings.unless(
            counts.iter().flatten().all(|limit| *limit > 0)
                && limits.points_budget.is_none_or(Points::is_positive)
                && limits.money_budget.is_none_or(Money::is_positive),
            "a limit is not above 0",
        );
        findings.unless(
            offer
                .group
                .as_ref()
                .is_none_or(|group| !group.trim().is_empty()),
            "the group has no name",
        );
        findings
    }

    fn validate_benefit(&self, offer: &Offer, findings: &mut Findings) {
        match &offer.benefit {
            Benefit::MultiplyPoints { rate } => findings.unless(
                (10_001..=1_000_000).contains(&rate.0),
                "points are multiplied by more than 1 (10000), at most by 100",
            ),
            Benefit::ExtraPoints { rate } | Benefit::PercentOff { rate } => findings.unless(
                (1..=10_000).contains(&rate.0),
                "a rate is above 0 and at most 100 % (10000)",
            ),
            Benefit::FixedPoints { points } => findings.unless(
                points.is_positive() && *points <= MAX_POINTS,
                "the points are not above 0 or too many",
            ),
            Benefit::AmountOff { amount } => findings.unless(
                amount.is_positive() && *amount <= MAX_AMOUNT,
                "the amount is not above 0 or too large",
            ),
            Benefit::FixedPrice { price } => {
                findings.unless(
                    *price >= Money::ZERO && *price <= MAX_AMOUNT,
                    "the price is below 0 or too large",
                );
                findings.unless(
                    !offer.conditions.items.is_empty(),
                    "a fixed price needs items",
                );
            }
            Benefit::Gift { gift } => {
                findings.unless(
                    self.gift(gift).is_some(),
                    &format!("there is no gift {gift}"),
                );
            }
        }
    }

    fn validate_conditions(&self, conditions: &Conditions, findings: &mut Findings) {
        if let (Some(from), Some(until)) = (conditions.from, conditions.until) {
            findings.unless(from <= until, "it ends before it begins");
        }
        findings.unless(
            conditions
                .hours
                .is_none_or(|hours| hours.from != hours.until),
            "its hours have no length",
        );
        findings.unless(
            conditions.minimum_receipt.is_none_or(Money::is_positive),
            "the minimum receipt is not above 0",
        );
        for item in &conditions.items {
            findings.unless(
                !item.categories.is_empty() || !item.skus.is_empty(),
                "an item names neither categories nor SKUs",
            );
            findings.unless(
                item.quantity.is_none_or(Quantity::is_positive),
                "the quantity of an item is not above 0",
            );
        }
        for tier in &conditions.tiers {
            findings.unless(
                self.tiers.iter().any(|each| each.id == *tier),
                &format!("there is no tier {tier}"),
            );
        }
        findings.unless(
            conditions.birthday_within.is_none_or(|days| days <= 182),
            "birthday_within is at most 182 days",
        );
        findings.unless(
            conditions
                .children_age
                .is_none_or(|ages| 0 <= ages.from && ages.from <= ages.until),
            "children_age is no range of ages",
        );
        let days = |days: u32| (1..=MEMORY_DAYS).contains(&days);
        findings.unless(
            conditions.absent_days.is_none_or(days)
                && conditions
                    .purchases
                    .is_none_or(|purchases| days(purchases.within_days)),
            "purchases are remembered for 400 days",
        );
        findings.unless(
            conditions
                .purchases
                .is_none_or(|purchases| purchases.count > 0),
            "a number of purchases is not above 0",
        );
        let never = conditions.first_purchase
            && (conditions.absent_days.is_some() || conditions.purchases.is_some());
        findings.unless(
            !never,
            "a first purchase has no purchases before it: it can never apply",
        );
    }
}

/// What is wrong, a sentence each.
#[derive(Debug, Default)]
struct Findings(Vec<String>);

impl Findings {
    fn unless(&mut self, fine: bool, finding: &str) {
        if !fine {
            self.0.push(finding.to_owned());
        }
    }

    fn text(&mut self, what: &str, text: &Localised) {
        let fine = !text.ru.trim().is_empty() && !text.en.trim().is_empty();
        self.unless(fine, &format!("{what} lacks a language"));
    }

    /// Ids go into addresses and forms: short, plain, and each only once.
    fn unique<'a>(&mut self, what: &str, ids: impl Iterator<Item = &'a str>) {
        let mut known = HashSet::new();
        for id in ids {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            self.unless(
                (1..=64).contains(&id.len()) && id.bytes().all(plain),
                &format!("{what} {id}: an id is 1 to 64 small Latin letters, digits and hyphens"),
            );
            self.unless(
                known.insert(id),
                &format!("{what} {id}: the id is used twice"),
            );
        }
    }
}
