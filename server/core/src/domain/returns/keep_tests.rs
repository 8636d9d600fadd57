//! What is left of a sale where discounts are kept, for any sale under the demo's rules.
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::evaluate::MemberFacts;
use crate::domain::programme::tests::demo;
use crate::domain::receipt::Unit;

static DEMO: LazyLock<Programme> = LazyLock::new(demo);

/// Noon in Moscow on Sunday, 22 November 2026.
const NOON: Instant = Instant(1_795_338_000_000_000);

/// A sale and its judgement.
#[derive(Debug)]
struct Sold {
    basket: Basket,
    evaluation: Evaluation,
}

impl Sold {
    fn left(&self, parts: &[RemainingLinePart]) -> Evaluation {
        let sale = ShareSettledSale {
            programme: &DEMO,
            basket: &self.basket,
            evaluation: &self.evaluation,
        };
        sale.evaluate_left(parts)
    }
}

/// A member of this tier who has switched every offer on buys these lines.
fn sold(lines: Vec<ReceiptLine>, tier: &str, spend: PointsToSpend) -> Sold {
    sold_after(Vec::new(), lines, tier, spend)
}

/// As [`sold`], after purchases at these times.
fn sold_after(
    purchases: Vec<Instant>,
    lines: Vec<ReceiptLine>,
    tier: &str,
    spend: PointsToSpend,
) -> Sold {
    let facts = MemberFacts {
        purchases,
        tier: tier.to_owned(),
        activated: DEMO.offers.iter().map(|offer| offer.id.clone()).collect(),
        car: true,
        ..MemberFacts::default()
    };
    let zone = DEMO.time_zone;
    let standing = OfferEligibility::of_member(&DEMO, &facts, NOON, zone);
    let wallet = MemberWallet {
        available: Points(700),
        may_earn: true,
        may_spend: true,
    };
    let basket = Basket {
        store: "center".to_owned(),
        at: NOON,
        zone,
        lines,
    };
    let evaluation = evaluate(&DEMO, &basket, Some(&standing), wallet, spend).unwrap();
    Sold { basket, evaluation }
}

fn any_lines() -> impl Strategy<Value = Vec<ReceiptLine>> {
    let categories = [
        "dairy", "bakery", "coffee", "pets", "grocery", "tobacco", "",
    ];
    let line = (
        prop::sample::select(categories.to_vec()),
        1..5_000_i64,
        1..200_000_i64,
    );
    let line = line.prop_map(|(category, quantity, amount)| ReceiptLine {
        sku: String::new(),
        name: String::new(),
        category: category.to_owned(),
        quantity: Quantity(quantity),
        unit: Unit::Piece,
        amount: Money(amount),
    });
    // Among them lines that cost nothing and are counted as nothing.
    (
        prop::collection::vec(line, 1..7),
        prop::option::of(0..7_usize),
    )
        .prop_map(|(mut lines, place)| {
            if let Some(place) = place {
                let nothing = ReceiptLine {
                    quantity: Quantity::ZERO,
                    amount: Money::ZERO,
                    ..lines[0].clone()
                };
                lines.insert(place.min(lines.len()), nothing);
            }
            lines
        })
}

/// Returns what is left after each of these returns; every one names a line and how much of what is left of it, of a thousand.
fn parts_after(
    lines: &[ReceiptLine],
    returns: &[(prop::sample::Index, i64)],
) -> Vec<Vec<RemainingLinePart>> {
    let mut left = RemainingLinePart::whole_sale(lines);
    let mut all = vec![left.clone()];
    for (line, share) in returns {
        let position = line.index(lines.len());
        let quantity = Quantity(left[position].quantity().0 * share / 1_000);
        if quantity.is_positive() {
            left = left_after(&left, &[ReturnedLinePart::of_quantity(position, quantity)]).unwrap();
            all.push(left.clone());
        }
    }
    all
}

proptest! {
    #[test]
    fn the_whole_sale_is_worth_what_was_judged(
        lines in any_lines(), tier in prop::sample::select(vec!["start", "silver", "platinum"]), spend in any::<bool>(),
    ) {
        let sold = sold(lines, tier, if spend { PointsToSpend::All } else { PointsToSpend::None });
        let whole = sold.left(&RemainingLinePart::whole_sale(&sold.basket.lines));
        let judged = Evaluation {
            spendable: whole.spendable,
            offers_missed: Vec::new(),
            ..sold.evaluation.clone()
        };
        prop_assert_eq!(whole, judged);
    }

    #[test]
    fn what_is_left_adds_up_and_only_shrinks(
        lines in any_lines(), tier in prop::sample::select(vec!["start", "silver", "platinum"]), spend in any::<bool>(),
        returns in prop::collection::vec((any::<prop::sample::Index>(), 1..=1_000_i64), 1..8),
    ) {
        let sold = sold(lines, tier, if spend { PointsToSpend::All } else { PointsToSpend::None });
        let steps = parts_after(&sold.basket.lines, &returns);
        let mut before = sold.left(&steps[0]);
        for (earlier, parts) in steps.iter().zip(&steps[1..]) {
            let after = sold.left(parts);
            let results = &after.lines;
            prop_assert_eq!(results.iter().map(|line| line.discount).sum::<Money>(), after.discount);
            prop_assert_eq!(results.iter().map(|line| line.paid_by_points).sum::<Money>(), after.paid_by_points);
            prop_assert_eq!(results.iter().map(|line| line.earned).sum::<Points>(), after.earned);
            prop_assert_eq!(after.reasons.iter().map(|each| each.points).sum::<Points>(), after.earned);
            prop_assert!(results.iter().all(|line| line.discount >= Money(0) && line.paid_by_points >= Money(0)));
            prop_assert_eq!(after.to_pay, after.total - after.discount - after.paid_by_points);
            for (old, new) in [
                (before.to_pay.0, after.to_pay.0),
                (before.spent.0, after.spent.0),
                (before.earned.0, after.earned.0),
                ((before.total - before.discount).0, (after.total - after.discount).0),
            ] {
                prop_assert!(0 <= new && new <= old, "{} of {}", new, old);
            }
            let refunds = kept_refunds(&sold.basket.lines, &sold.evaluation.lines, earlier, parts);
            prop_assert_eq!(refunds.iter().sum::<Money>(), before.to_pay - after.to_pay);
            let lost = |used: &&crate::domain::evaluate::UsedOffer| !before.offers_used.iter().any(|each| each.offer == used.offer);
            prop_assert_eq!(after.offers_used.iter().find(lost), None);
            before = after;
        }
        let all: Vec<ReturnedLinePart> = (0..).zip(steps.last().unwrap())
            .filter(|(_, part)| part.quantity().is_positive())
            .map(|(position, part)| ReturnedLinePart::of_quantity(position, part.quantity())).collect();
        if !all.is_empty() {
            let nothing = left_after(steps.last().unwrap(), &all).unwrap();
            prop_assert_eq!(sold.left(&nothing), Evaluation::default());
        }
    }
}

#[test]
fn a_judgement_whose_points_by_line_the_rules_would_share_otherwise_by_now_is_taken_as_it_is_stored()
 {
    let line = |category: &str, amount| ReceiptLine {
        sku: String::new(),
        name: String::new(),
        category: category.to_owned(),
        quantity: Quantity(2_000),
        unit: Unit::Piece,
        amount: Money(amount),
    };
    let mut sold = sold(
        vec![line("grocery", 100_000), line("tobacco", 100_000)],
        "start",
        PointsToSpend::None,
    );
    // As if tobacco had earned and groceries had not.
    let earned = std::mem::take(&mut sold.evaluation.lines[0].earned);
    sold.evaluation.lines[1].earned = earned;
    let whole = RemainingLinePart::whole_sale(&sold.basket.lines);
    let half = left_after(&whole, &[ReturnedLinePart::of_quantity(1, Quantity(1_000))]).unwrap();
    let all = sold.evaluation.earned;
    let (whole, half) = (sold.left(&whole), sold.left(&half));
    assert_eq!(
        (whole.lines[0].earned, whole.lines[1].earned),
        (Points(0), all)
    );
    assert_eq!(half.lines[0].earned, Points(0));
    assert_eq!(half.lines[1].earned, half.earned);
    assert!(half.earned < all);
}

#[test]
fn a_gift_is_not_kept_for_what_costs_nothing() {
    let line = |name: &str, amount| ReceiptLine {
        sku: String::new(),
        name: name.to_owned(),
        category: "grocery".to_owned(),
        quantity: Quantity(1_000),
        unit: Unit::Piece,
        amount: Money(amount),
    };
    let visits = (1..9).map(|days| NOON.plus_days(-days)).collect();
    let lines = vec![line("Milk", 100_000), line("Free sample", 0)];
    let sold = sold_after(visits, lines, "silver", PointsToSpend::None);
    assert_eq!(sold.evaluation.gifts, ["cup"]);
    let whole = RemainingLinePart::whole_sale(&sold.basket.lines);
    let without = |position| {
        let back = ReturnedLinePart::of_quantity(position, Quantity(1_000));
        sold.left(&left_after(&whole, &[back]).unwrap())
    };
    assert_eq!(without(1).gifts, ["cup"]);
    assert_eq!(without(0).gifts, Vec::<String>::new());
}
