//! The rules of the rig's chain: offers whose conditions a return can break.

use crate::domain::amounts::{BasisPoints, Money, Points, Quantity};
use crate::domain::offers::{
    Activation, Benefit, Conditions, ConditionsDocument, ItemCondition, Limits, Offer,
};
use crate::domain::programme::{CodeUse, DiscountOnReturn, Life, Localised, Programme};
use crate::usecases::demo;

fn words(text: &str) -> Localised {
    Localised {
        ru: text.to_owned(),
        en: text.to_owned(),
    }
}

fn offer(id: &str, benefit: Benefit, conditions: Conditions) -> Offer {
    Offer {
        id: id.to_owned(),
        title: words(id),
        text: words(id),
        benefit,
        conditions,
        limits: Limits::default(),
        priority: 0,
        group: None,
        activation: Activation::Automatic,
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
    programme.points.life = Life {
        days: Some(60),
        ..Life::default()
    };
    programme.codes.fixed = CodeUse {
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
            Benefit::AmountOff {
                amount: Money(30_000),
            },
            from(1_500),
        ),
        offer(
            "dairy",
            Benefit::PercentOff {
                rate: BasisPoints(2_000),
            },
            of("dairy", Some(2_000)),
        ),
        offer(
            "coffee",
            Benefit::FixedPoints { points: Points(30) },
            of("coffee", None),
        ),
        grouped(offer(
            "twice",
            Benefit::MultiplyPoints { rate },
            from(1_000),
        )),
        grouped(offer(
            "fifty",
            Benefit::FixedPoints { points: Points(50) },
            from(300),
        )),
        offer(
            "cup",
            Benefit::Gift {
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
