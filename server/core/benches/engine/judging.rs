//! How long a receipt is judged, in memory.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kopilka_core::domain::amounts::{BasisPoints, Points};
use kopilka_core::domain::evaluate::{
    MemberFacts, MemberWallet, OfferEligibility, PointsToSpend, evaluate,
};
use kopilka_core::domain::offers::{
    ConditionsDocument, ItemCondition, Offer, OfferActivation, OfferBenefit, OfferLimits,
};
use kopilka_core::domain::programme::{LocalisedText, Programme};
use kopilka_core::domain::receipt::Basket;
use kopilka_core::usecases::demo;

use super::{explain, line, median, millis, row, why};
use kopilka_testing::chain;

/// Sixty offers, a third of them in six groups, on two hundred lines.
pub(super) fn figure() {
    let categories = ["dairy", "bakery", "fruit", "coffee", "grocery"];
    let words = |text: &str| LocalisedText {
        ru: text.to_owned(),
        en: text.to_owned(),
    };
    let offers = (0..60_usize).map(|number| Offer {
        id: format!("offer-{number}"),
        title: words("Offer"),
        text: words("Offer"),
        benefit: match number % 4 {
            0 => OfferBenefit::PercentOff {
                rate: BasisPoints(500),
            },
            1 => OfferBenefit::ExtraPoints {
                rate: BasisPoints(300),
            },
            2 => OfferBenefit::MultiplyPoints {
                rate: BasisPoints(20_000),
            },
            _ => OfferBenefit::FixedPoints { points: Points(25) },
        },
        conditions: ConditionsDocument {
            items: vec![ItemCondition {
                categories: vec![categories[number % categories.len()].to_owned()],
                ..ItemCondition::default()
            }],
            ..ConditionsDocument::default()
        }
        .into(),
        limits: OfferLimits::default(),
        priority: 0,
        group: (number % 3 == 0).then(|| format!("group-{}", number / 3 % 6)),
        activation: OfferActivation::Automatic,
        alcohol: false,
    });
    let programme = Programme {
        offers: offers.collect(),
        ..demo::programme().unwrap()
    };
    let basket = Basket {
        store: "center".to_owned(),
        at: chain::noon("2026-06-15"),
        zone: programme.time_zone,
        lines: (0..200_usize)
            .map(|number| line(categories[number % categories.len()], 100 + number as i64))
            .collect(),
    };
    let member = MemberFacts {
        tier: "silver".to_owned(),
        ..MemberFacts::default()
    };
    let wallet = MemberWallet {
        available: Points(10_000),
        may_earn: true,
        may_spend: true,
    };
    let time = |lines: usize| {
        let basket = Basket {
            lines: basket.lines[..lines].to_vec(),
            ..basket.clone()
        };
        median(
            (0..300)
                .map(|_| {
                    let start = Instant::now();
                    let standing =
                        OfferEligibility::of_member(&programme, &member, basket.at, basket.zone);
                    let spend = PointsToSpend::All;
                    black_box(evaluate(
                        &programme,
                        &basket,
                        Some(&standing),
                        wallet,
                        spend,
                    ))
                    .ok();
                    start.elapsed()
                })
                .collect(),
        )
    };
    let evaluation = time(200);
    row(
        "evaluation, 60 offers x 200 lines (floor: 1 line)",
        &millis(evaluation),
        "<= 1 ms",
        &millis(time(1)),
    );
    explain(evaluation > Duration::from_millis(1), why::JUDGING);
}
