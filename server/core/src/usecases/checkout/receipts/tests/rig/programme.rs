//! The rules of the rig's chain: offers whose conditions a return can break.

use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::domain::offers::{
    Conditions, ConditionsDocument, ItemCondition, Offer, OfferActivation, OfferBenefit,
    OfferLimits,
};
use crate::domain::programme::{
    AllowedCodeUse, DiscountOnReturn, LocalisedText, PointsLife, Programme,
};
use crate::usecases::demo;

fn words(text: &str) -> LocalisedText {
    LocalisedText {
        ru: text.to_owned(),
        en: text.to_owned(),
    }
}

fn offer(id: &str, benefit: OfferBenefit, conditions: Conditions) -> Offer {
    Offer {
        id: id.to_owned(),
        title: words(id),
        text: words(id),
        benefit,
        conditions,
        limits: OfferLimits::default(),
        priority: 0,
        group: None,
        activation: OfferActivation::Automatic,
        alcohol: false,
    }
}

fn of(category: &str, quantity: Option<i64>) -> Conditions {
    ConditionsDocument {
        items: vec![ItemCondition {
            categories: vec![category.to_owned()],
            quantity: quantity.map(Quantity),
            ..ItemCondition::default()
        }],
        ..ConditionsDocument::default()
    }
    .into()
}

fn from(roubles: i64) -> Conditions {
    ConditionsDocument {
        minimum_receipt: Some(Money(roubles * 100)),
        ..ConditionsDocument::default()
    }
    .into()
}

/// The demo with offers whose conditions a return can break.
pub fn programme(hold_days: u32) -> Programme {
    let mut programme = demo::programme().unwrap();
    programme.points.hold_days = hold_days;
    programme.points.life = PointsLife {
        days: Some(60),
        ..PointsLife::default()
    };
    programme.codes.fixed = AllowedCodeUse {
        earn: true,
        spend: true,
    };
    let grouped = |offer: Offer| Offer {
        group: Some("times".to_owned()),
        ..offer
    };
    let rate = BasisPoints(20_000);
    programme.offers = vec![
        offer(
            "off",
            OfferBenefit::AmountOff {
                amount: Money(30_000),
            },
            from(1_500),
        ),
        offer(
            "dairy",
            OfferBenefit::PercentOff {
                rate: BasisPoints(2_000),
            },
            of("dairy", Some(2_000)),
        ),
        offer(
            "coffee",
            OfferBenefit::FixedPoints { points: Points(30) },
            of("coffee", None),
        ),
        grouped(offer(
            "twice",
            OfferBenefit::MultiplyPoints { rate },
            from(1_000),
        )),
        grouped(offer(
            "fifty",
            OfferBenefit::FixedPoints { points: Points(50) },
            from(300),
        )),
        offer(
            "cup",
            OfferBenefit::Gift {
                gift: "cup".to_owned(),
            },
            from(2_000),
        ),
    ];
    programme
}

/// The same, where what is left of a sale is judged again.
pub fn recalculating(hold_days: u32) -> Programme {
    let mut programme = programme(hold_days);
    programme.returns.discount = DiscountOnReturn::Recalculate;
    programme
}
