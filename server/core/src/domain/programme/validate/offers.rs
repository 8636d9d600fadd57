//! Whether each offer gives something, to somebody, at some time, and names only what there is.

use std::collections::HashMap;

use super::{ALCOHOL_AGE, MAX_POINTS, top_level_path};
use crate::domain::amounts::{Money, Points};
use crate::domain::offers::{Offer, OfferActivation, OfferBenefit};
use crate::domain::programme::Programme;
use crate::domain::programme::fault::{DocumentPath, FaultCollector};
use crate::domain::receipt::MAX_AMOUNT;

impl Offer {
    /// Returns whether this gift is what it gives.
    pub(super) fn gives_gift(&self, gift: &str) -> bool {
        self.benefit.gift() == Some(gift)
    }
}

impl Programme {
    pub(super) fn validate_offers(&self, findings: &mut FaultCollector) {
        let path = top_level_path("offers");
        findings.check_ids(&path, self.offers.iter().map(|offer| offer.id.as_str()));
        let mut groups: HashMap<&str, usize> = HashMap::new();
        for group in self
            .offers
            .iter()
            .filter_map(|offer| offer.group.as_deref())
        {
            *groups.entry(group).or_default() += 1;
        }
        for (position, offer) in self.offers.iter().enumerate() {
            let path = path.item(position);
            findings.check_text(path.field("title"), &offer.title);
            findings.check_text(path.field("text"), &offer.text);
            self.validate_benefit(offer, &path.field("benefit"), findings);
            let conditions = path.field("conditions");
            offer
                .conditions
                .validate(self, &offer.id, &conditions, findings);
            validate_limits(offer, &path.field("limits"), findings);
            if let Some(group) = offer.group.as_deref() {
                let path = path.field("group");
                findings.unless(
                    !group.trim().is_empty(),
                    path.clone(),
                    "the group has no name: leave it out for an offer that stands alone",
                );
                findings.warn_unless(
                    group.trim().is_empty() || groups.get(group) != Some(&1),
                    path,
                    format!("no other offer is in the group {group}: it changes nothing"),
                );
            }
            self.validate_alcohol(offer, &path, findings);
        }
    }

    /// An offer for alcohol is seen in stores only, so nobody could switch it on in a page.
    fn validate_alcohol(&self, offer: &Offer, path: &DocumentPath, findings: &mut FaultCollector) {
        findings.unless(
            !offer.alcohol || offer.activation == OfferActivation::Automatic,
            path.field("activation"),
            "an offer for alcohol is never shown in the wallet: nobody could switch it on",
        );
        findings.warn_unless(
            !offer.alcohol || self.minimum_age.is_some_and(|age| age >= ALCOHOL_AGE),
            path.field("alcohol"),
            format!(
                "members may be younger than {ALCOHOL_AGE}: minimum_age does not keep them out"
            ),
        );
    }

    fn validate_benefit(&self, offer: &Offer, path: &DocumentPath, findings: &mut FaultCollector) {
        match &offer.benefit {
            OfferBenefit::MultiplyPoints { rate } => findings.unless(
                (10_001..=1_000_000).contains(&rate.0),
                path.field("rate"),
                "must be 10001 to 1000000: more than once (10000), at most 100 times the points",
            ),
            OfferBenefit::ExtraPoints { rate } | OfferBenefit::PercentOff { rate } => findings
                .unless(
                    (1..=10_000).contains(&rate.0),
                    path.field("rate"),
                    "must be 1 to 10000 (100 %)",
                ),
            OfferBenefit::FixedPoints { points } => findings.unless(
                points.is_positive() && *points <= MAX_POINTS,
                path.field("points"),
                format!("must be 1 to {}", MAX_POINTS.0),
            ),
            OfferBenefit::AmountOff { amount } => findings.unless(
                amount.is_positive() && *amount <= MAX_AMOUNT,
                path.field("amount"),
                format!("must be 1 to {} minor units", MAX_AMOUNT.0),
            ),
            OfferBenefit::FixedPrice { price } => {
                findings.unless(
                    *price >= Money::ZERO && *price <= MAX_AMOUNT,
                    path.field("price"),
                    format!("must be 0 to {} minor units", MAX_AMOUNT.0),
                );
                findings.unless(
                    !offer.conditions.items().is_empty(),
                    path.clone(),
                    "a fixed price needs conditions.items: for which goods?",
                );
            }
            OfferBenefit::Gift { gift } => findings.unless(
                self.gift(gift).is_some(),
                path.field("gift"),
                format!("there is no gift {gift}"),
            ),
        }
    }
}

fn validate_limits(offer: &Offer, path: &DocumentPath, findings: &mut FaultCollector) {
    let limits = &offer.limits;
    for (name, limit) in [
        ("per_member", limits.per_member),
        ("in_all", limits.in_all),
        ("per_day", limits.per_day),
    ] {
        findings.unless(
            limit.is_none_or(|limit| limit > 0),
            path.field(name),
            "must be 1 or more; leave it out for no limit",
        );
    }
    let (points, money) = (limits.points_budget, limits.money_budget);
    for (name, budget) in [
        ("points_budget", points.map(|points| points.0)),
        ("money_budget", money.map(|money| money.0)),
    ] {
        let path = path.field(name);
        findings.unless(
            budget.is_none_or(|budget| budget >= 0),
            path.clone(),
            "must be 0 or more; leave it out for no limit",
        );
        findings.warn_unless(
            budget != Some(0),
            path,
            "with a budget of 0 the offer gives nothing",
        );
    }
    let gives_points = matches!(
        offer.benefit,
        OfferBenefit::MultiplyPoints { .. }
            | OfferBenefit::ExtraPoints { .. }
            | OfferBenefit::FixedPoints { .. }
    );
    let gives_money = matches!(
        offer.benefit,
        OfferBenefit::PercentOff { .. }
            | OfferBenefit::AmountOff { .. }
            | OfferBenefit::FixedPrice { .. }
    );
    findings.warn_unless(
        points.is_none() || gives_points,
        path.field("points_budget"),
        "this benefit gives no points: the budget is never used",
    );
    findings.warn_unless(
        money.is_none() || gives_money,
        path.field("money_budget"),
        "this benefit takes no money off: the budget is never used",
    );
    if let (OfferBenefit::FixedPoints { points: once }, Some(budget)) = (&offer.benefit, points) {
        findings.warn_unless(
            budget <= Points::ZERO || *once <= budget,
            path.field("points_budget"),
            format!(
                "is less than one receipt gets ({}): it can never hold",
                once.0
            ),
        );
    }
}
