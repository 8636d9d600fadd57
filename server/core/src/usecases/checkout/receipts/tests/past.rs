//! A database from before `returns.discount` existed: sales and a partial return of each, stored by the program of that
//! time. Its returns are finished by the rules of that time, and its programme judges new sales as it did.

use std::path::Path;

use super::rig::{Rig, back, line};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::programme::DiscountOnReturn;
use crate::ids::ReceiptId;
use crate::usecases::checkout::receipts::{ReturnEffect, ReturnedSaleName, SaleDraft, commit_sale};
use crate::usecases::checkout::receipts::{commit_return, quote_return};

/// Written by the program of that time; how, tells the page beside it.
fn restored() -> Rig {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/past/before-returns.backup");
    Rig::restored(&file)
}

async fn give_back(rig: &Rig, sale: &str, position: usize, pieces: i64) -> ReturnEffect {
    let named = ReturnedSaleName::Number {
        series: String::new(),
        shift: "past".to_owned(),
        number: sale.to_owned(),
    };
    let mut draft = rig.return_draft(ReceiptId::new(), vec![back(position, pieces)]);
    draft.shift = Some("finished".to_owned());
    draft.sale = named;
    let quoted = quote_return(&rig.k, &rig.till, &draft).await.unwrap();
    let sent = rig.sent();
    let done = commit_return(&rig.k, &rig.till, &draft, &sent).await;
    let returned = done.unwrap().returned().unwrap();
    assert_eq!(returned.effect, quoted);
    returned.effect
}

/// Refund in roubles, points restored and points taken back.
fn moved(effect: &ReturnEffect) -> (i64, i64, i64) {
    assert_eq!(effect.refund.0 % 100, 0);
    let points = (effect.restored.0, effect.taken_back.0);
    (effect.refund.0 / 100, points.0, points.1)
}

#[test]
fn returns_of_a_sale_from_before_the_setting_are_finished_by_its_own_rules() {
    let rig = restored();
    rig.runtime.block_on(async {
        let rules = rig.programme().await;
        assert_eq!(rules.returns.discount, DiscountOnReturn::Recalculate);
        // Ten lines of 300 ₽ with 300 ₽ off a receipt of 3 000 ₽. The first one, which lost the discount and gave back
        // nothing, was stored by the program of that time.
        let mut effects = Vec::new();
        for position in 1..10 {
            effects.push(give_back(&rig, "a", position, 1).await);
        }
        let moved_all: Vec<_> = effects.iter().map(moved).collect();
        let taken = [18, 18, 18, 13, 9, 9, 9, 9, 59];
        assert_eq!(moved_all, taken.map(|taken| (300, 0, taken)));
        let lost: Vec<&str> = effects
            .iter()
            .flat_map(|each| &each.offers_lost)
            .map(String::as_str)
            .collect();
        assert_eq!(lost, ["cup", "twice", "fifty"]);
        // Tobacco, which neither earns nor is paid by points; dairy at 20 % off for two pieces; coffee for 30 points more.
        assert_eq!(moved(&give_back(&rig, "b", 2, 1).await), (220, 180, 36));
        assert_eq!(moved(&give_back(&rig, "b", 1, 2).await), (0, 320, 50));
        assert_eq!(moved(&give_back(&rig, "b", 0, 1).await), (500, 0, 0));
        // Without a card: 100 ₽ for three pieces, of which one was given back for 33.34 ₽.
        for refund in [3_333, 3_333] {
            assert_eq!(give_back(&rig, "c", 0, 1).await.refund, Money(refund));
        }
        // Tobacco counts for what a receipt must come to: without it the offer is lost.
        let effect = give_back(&rig, "d", 0, 1).await;
        assert_eq!(
            (moved(&effect), effect.offers_lost),
            ((900, 0, 50), vec!["fifty".to_owned()])
        );
        assert_eq!(moved(&give_back(&rig, "d", 1, 1).await), (200, 0, 6));
        for (number, points) in [("a", 150), ("b", 500), ("d", 0)] {
            let member = rig.member_of("past", number).await;
            let balance = rig.balance(&member).await;
            assert_eq!(
                (balance.active, balance.pending, balance.debt),
                (Points(points), Points(0), Points(0))
            );
            assert_eq!(rig.kept(&member).await, (Money(0), Points(0), Vec::new()));
            assert_eq!(rig.waiting_gifts(&member).await, 0);
        }
        rig.check().await;
    });
}

#[test]
fn a_programme_from_before_the_setting_excludes_categories_from_earning_and_paying_only() {
    let rig = restored();
    rig.runtime.block_on(async {
        let draft = SaleDraft {
            code: None,
            ..rig.draft(&rig.member(0).await, Vec::new(), PointsToSpend::None)
        };
        let vera = rig.member_of("past", "d").await;
        let goods = vec![line("tobacco", 1, 900), line("grocery", 1, 200)];
        let draft = SaleDraft {
            code: Some(format!("70{}", vera.card.as_str())),
            lines: goods,
            ..draft
        };
        let done = commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        let receipt = done.receipt().unwrap();
        // 3 % of 200 ₽, and 50 points from 300 ₽ on, which it comes to with tobacco.
        let earned: Vec<Points> = receipt
            .quote
            .evaluation
            .lines
            .iter()
            .map(|line| line.earned)
            .collect();
        assert_eq!(earned, [Points(0), Points(56)]);
        assert_eq!(receipt.quote.evaluation.offers_used[0].offer, "fifty");
    });
}
