//! How long a receipt is judged, in memory.

use std::hint::black_box;

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

use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::statistics::{median_of, millis};
use kopilka_testing::chain;

use crate::limits;
use crate::receipt::{CATEGORIES, line};

/// Offers of all kinds, each for the goods of one category, a third of them in six groups.
pub(super) fn offers(count: usize) -> Vec<Offer> {
    let words = |text: &str| LocalisedText {
        ru: text.to_owned(),
        en: text.to_owned(),
    };
    let offers = (0..count).map(|number| Offer {
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
                categories: vec![CATEGORIES[number % CATEGORIES.len()].to_owned()],
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
    offers.collect()
}

/// Sixty offers on two hundred lines.
pub(super) fn tell() {
    let programme = Programme {
        offers: offers(60),
        ..demo::programme().unwrap()
    };
    let basket = Basket {
        store: "center".to_owned(),
        at: chain::noon("2026-06-15"),
        zone: programme.time_zone,
        lines: (0..200_usize)
            .map(|number| line(CATEGORIES[number % CATEGORIES.len()], 100 + number as i64))
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
        millis(median_of(300, || {
            let standing = OfferEligibility::of_member(&programme, &member, basket.at, basket.zone);
            let spend = PointsToSpend::All;
            let evaluated = evaluate(&programme, &basket, Some(&standing), wallet, spend);
            black_box(evaluated).ok();
        }))
    };
    Figure::new(
        "evaluation, 60 offers × 200 lines (floor: 1 line)",
        time(200),
        Unit::Millis,
    )
    .floor(time(1))
    .wanted(Wanted::AtMost(1.0))
    .limited_by(limits::JUDGING)
    .tell();
}
