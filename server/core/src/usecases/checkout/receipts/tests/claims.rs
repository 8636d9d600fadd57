//! A sale without a card that is claimed: it earns as a sale with one would, money stays as it was paid, and whatever goes
//! back, before or after, leaves the ledger as if it had never been bought.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::rig::{Member, Rig, back, line};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::programme::FraudLimit;
use crate::ids::{ReceiptId, RowId};
use crate::store::audit::{self, Action, AuditLogFilter};
use crate::store::till_enrolments::{self, TillEnrolmentRow};
use crate::usecases::accounts::settings;
use crate::usecases::checkout::claim_codes;
use crate::usecases::checkout::receipts::{
    IssuedClaimCode, SaleReceipt, commit_sale, load_stored_sale,
};
use crate::usecases::{Error, Refusal};

static AT_ONCE: LazyLock<Rig> = LazyLock::new(|| Rig::new(0));
static HELD: LazyLock<Rig> = LazyLock::new(|| Rig::new(5));

fn code(receipt: &SaleReceipt) -> IssuedClaimCode {
    receipt.claim.clone().unwrap()
}

async fn claim(rig: &Rig, member: &Member, receipt: &SaleReceipt) -> Result<ReceiptId, Error> {
    let shopper = rig.shopper(member).await;
    claim_codes::claim_receipt(&rig.k, &shopper, &code(receipt).code).await
}

fn refused(answer: Result<ReceiptId, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_claimed_sale_earns_what_a_card_would_have_earned_and_takes_nothing_off() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        // Enough for the discount of 300, for double points and for a cup.
        let sold = rig
            .sell_to_nobody(vec![line("grocery", 1, 2_000), line("coffee", 1, 100)])
            .await;
        assert_eq!(sold.quote.evaluation.discount, Money(0));
        assert_eq!(sold.quote.evaluation.earned, Points(0));
        rig.wait_days(3);
        assert_eq!(claim(&rig, &member, &sold).await.unwrap(), sold.id);
        // 3 % of 2 100 twice, and 30 for coffee.
        assert_eq!(rig.balance(&member).await.active, Points(63 * 2 + 30));
        assert_eq!(rig.waiting_gifts(&member).await, 1);
        let now = load_stored_sale(&rig.k, &rig.till, sold.id).await.unwrap();
        let evaluation = now.quote.evaluation;
        assert_eq!(evaluation.to_pay, Money(210_000));
        assert_eq!(evaluation.earned, Points(156));
        assert!(
            evaluation
                .offers_used
                .iter()
                .all(|used| used.discount.is_zero())
        );
        let (money, points, uses) = rig.kept(&member).await;
        assert_eq!((money, points), (Money(210_000), Points(156)));
        let used: Vec<&str> = uses.iter().map(|(offer, ..)| offer.as_str()).collect();
        assert_eq!(used, ["coffee", "cup", "twice"]);
        // Again is the same, and nobody else gets it.
        assert_eq!(claim(&rig, &member, &sold).await.unwrap(), sold.id);
        let other = rig.member(0).await;
        assert_eq!(
            refused(claim(&rig, &other, &sold).await),
            Refusal::ClaimTaken
        );
        assert_eq!(rig.balance(&member).await.active, Points(156));
        rig.check().await;
    });
}

#[test]
fn a_code_ends_and_so_does_a_receipt_of_which_nothing_is_left() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let late = rig.sell_to_nobody(vec![line("grocery", 1, 100)]).await;
        let gone = rig.sell_to_nobody(vec![line("grocery", 1, 100)]).await;
        rig.take_back(gone.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(
            refused(claim(&rig, &member, &gone).await),
            Refusal::ClaimReturned
        );
        assert_eq!(code(&late).expires, rig.k.now().plus_days(14));
        rig.wait_days(14);
        assert_eq!(
            refused(claim(&rig, &member, &late).await),
            Refusal::ClaimOver
        );
        assert_eq!(rig.balance(&member).await.active, Points(0));
        rig.check().await;
    });
}

#[test]
fn a_sale_with_a_card_has_no_code() {
    AT_ONCE.runtime.block_on(async {
        let member = AT_ONCE.member(0).await;
        let sold = AT_ONCE
            .sell(&member, vec![line("grocery", 1, 100)], PointsToSpend::None)
            .await;
        assert_eq!(sold.claim, None);
    });
}

#[test]
fn five_wrong_codes_make_a_device_wait_and_a_mistyped_one_is_none() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let shopper = rig.shopper(&member).await;
        let sold = rig.sell_to_nobody(vec![line("grocery", 1, 1_000)]).await;
        let right = code(&sold).code;
        let wrong = |typed: &'static str| claim_codes::claim_receipt(&rig.k, &shopper, typed);
        for _ in 0..9 {
            assert!(matches!(wrong("4KM2").await, Err(Error::Invalid(_))));
        }
        for left in (0..5).rev() {
            let Err(Error::Invalid(problems)) = wrong("00000000000").await else {
                panic!("a code of nobody");
            };
            assert_eq!(problems[0].key, "claim-code-wrong");
            assert_eq!(problems[0].args[0].1, left.to_string());
        }
        let locked = refused(claim_codes::claim_receipt(&rig.k, &shopper, &right).await);
        assert_eq!(locked, Refusal::Locked { minutes: 10 });
        // Another device of the same member, or the same one later, goes on.
        rig.clock.set_time(rig.k.now().plus_secs(601));
        claim_codes::claim_receipt(&rig.k, &shopper, &right)
            .await
            .unwrap();
        assert_eq!(rig.balance(&member).await.active, Points(80));
    });
}

#[test]
fn what_is_switched_on_once_the_receipt_is_known_does_not_count() {
    let mut programme = super::rig::programme(0);
    programme.offers.retain(|offer| offer.id == "coffee");
    programme.offers[0].activation = crate::domain::offers::OfferActivation::Tap;
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let (early, late) = (rig.member(0).await, rig.member(0).await);
        let switch_on = async |member: &Member| {
            let mut tx = rig.k.db.write_test_data().await.unwrap();
            crate::store::offers::activate(&mut tx, member.id, "coffee", rig.k.now());
            tx.commit().await.unwrap();
        };
        switch_on(&early).await;
        rig.clock.set_time(rig.k.now().plus_secs(60));
        for (member, points) in [(&early, 33), (&late, 3)] {
            let sold = rig.sell_to_nobody(vec![line("coffee", 1, 100)]).await;
            rig.clock.set_time(rig.k.now().plus_secs(60));
            if points == 3 {
                switch_on(member).await;
            }
            claim(&rig, member, &sold).await.unwrap();
            assert_eq!(rig.balance(member).await.active, Points(points));
        }
    });
}

#[test]
fn a_claim_lifts_the_tier_and_a_return_takes_it_back() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let sold = rig.sell_to_nobody(vec![line("grocery", 1, 15_000)]).await;
        claim(&rig, &member, &sold).await.unwrap();
        let tier = async || {
            let mut tx = rig.k.db.read().await.unwrap();
            crate::store::ledger::load_account(&mut tx, member.id)
                .await
                .unwrap()
                .tier
        };
        assert_eq!(tier().await, "silver");
        rig.take_back(sold.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(tier().await, "start");
        rig.check().await;
    });
}

#[test]
fn of_two_who_claim_at_once_one_gets_it() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        for _ in 0..5 {
            let sold = rig.sell_to_nobody(vec![line("grocery", 1, 1_000)]).await;
            let (a, b) = (rig.member(0).await, rig.member(0).await);
            let (first, second) = tokio::join!(claim(&rig, &a, &sold), claim(&rig, &b, &sold));
            assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
            let points = rig.balance(&a).await.active + rig.balance(&b).await.active;
            assert_eq!(points, Points(80));
        }
        rig.check().await;
    });
}

#[test]
fn a_closed_account_keeps_the_claimed_receipt_under_its_meaningless_id() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let shopper = rig.shopper(&member).await;
        let sold = rig.sell_to_nobody(vec![line("grocery", 1, 1_000)]).await;
        drop(claim_codes::claim_receipt(&rig.k, &shopper, "00000000000").await);
        claim_codes::claim_receipt(&rig.k, &shopper, &code(&sold).code)
            .await
            .unwrap();
        settings::close_account(&rig.k, &shopper, true)
            .await
            .unwrap();
        let mut tx = rig.k.db.read().await.unwrap();
        let tries: i64 = crate::store::engine::sql("SELECT COUNT(*) FROM claim_tries")
            .fetch_value(&mut tx)
            .await
            .unwrap();
        assert_eq!(tries, 0);
        drop(tx);
        rig.check().await;
    });
}

prop_compose! {
    fn any_lines()(
        lines in prop::collection::vec(
            (prop::sample::select(vec!["dairy", "coffee", "tobacco", "grocery"]), 1..4_i64, 1..1_500_i64), 1..4,
        ),
    ) -> Vec<(&'static str, i64, i64)> {
        lines
    }
}

/// A sale and each of its pieces in an order of chance.
fn lines_and_order() -> impl Strategy<Value = (Vec<(&'static str, i64, i64)>, Vec<usize>)> {
    any_lines().prop_flat_map(|lines| {
        let pieces: Vec<usize> = lines
            .iter()
            .enumerate()
            .flat_map(|(position, (_, pieces, _))| (0..*pieces).map(move |_| position))
            .collect();
        (Just(lines), Just(pieces).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn returning_everything_of_a_claimed_sale_equals_never_having_bought(
        (lines, order) in lines_and_order(), before in any::<prop::sample::Index>(),
        held in any::<bool>(), bonus in 0..300_i64,
    ) {
        let rig: &Rig = if held { &HELD } else { &AT_ONCE };
        rig.runtime.block_on(async {
            let member = rig.member(bonus).await;
            let bought = lines.iter().map(|(category, pieces, price)| line(category, *pieces, *price));
            let sold = rig.sell_to_nobody(bought.collect()).await;
            // Some goes back before the claim, but never all of it.
            let before = before.index(order.len());
            let mut refunded = Money(0);
            for (turn, position) in order.iter().enumerate() {
                if turn == before {
                    claim(rig, &member, &sold).await.unwrap();
                    rig.check_one(&member).await;
                    let (money, points, _) = rig.kept(&member).await;
                    let balance = rig.balance(&member).await;
                    assert_eq!(balance.active + balance.pending, Points(bonus) + points);
                    // Tobacco counts neither for levels nor as a purchase.
                    let counts = order[turn..].iter().any(|position| lines[*position].0 != "tobacco");
                    assert_eq!(money.is_positive(), counts);
                }
                let returned = rig.take_back(sold.id, vec![back(*position, 1)]).await.unwrap();
                refunded += returned.effect.refund;
                rig.check_one(&member).await;
            }
            assert_eq!(refunded, sold.quote.evaluation.to_pay);
            let balance = rig.balance(&member).await;
            assert_eq!((balance.active, balance.pending, balance.debt), (Points(bonus), Points(0), Points(0)));
            assert_eq!(rig.kept(&member).await, (Money(0), Points(0), Vec::new()));
            assert_eq!(rig.waiting_gifts(&member).await, 0);
        });
    }

    #[test]
    fn a_claim_gives_the_same_before_and_after_a_return(
        (lines, order) in lines_and_order(), some in any::<prop::sample::Index>(),
    ) {
        let rig: &Rig = &AT_ONCE;
        // What is left is worth something, or there is nothing to claim.
        let gone = &order[..some.index(order.len())];
        rig.runtime.block_on(async {
            let mut states = Vec::new();
            for claim_first in [true, false] {
                let member = rig.member(500).await;
                let bought = lines.iter().map(|(category, pieces, price)| line(category, *pieces, *price));
                let sold = rig.sell_to_nobody(bought.collect()).await;
                if claim_first {
                    claim(rig, &member, &sold).await.unwrap();
                }
                for position in gone {
                    rig.take_back(sold.id, vec![back(*position, 1)]).await.unwrap();
                }
                if !claim_first {
                    claim(rig, &member, &sold).await.unwrap();
                }
                states.push((rig.balance(&member).await.active, rig.kept(&member).await, rig.waiting_gifts(&member).await));
                rig.check_one(&member).await;
            }
            assert_eq!(states[0], states[1]);
        });
    }
}

#[test]
fn a_sale_during_which_a_member_joined_stays_nobody_s_beyond_the_hard_limit_of_their_card() {
    let mut programme = super::rig::programme(0);
    programme.fraud_limits.card_receipts = Some(FraudLimit {
        soft: None,
        hard: Some(1),
    });
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let (anna, boris) = (rig.member(0).await, rig.member(0).await);
        let groceries = || vec![line("grocery", 1, 1_000)];
        rig.sell(&anna, groceries(), PointsToSpend::None).await;
        for (member, gets_it) in [(&anna, false), (&boris, true)] {
            let sent = rig.sent();
            let now = rig.k.now();
            let row = TillEnrolmentRow {
                id: RowId::new(),
                till_id: rig.till.till.id,
                sale_key: sent.key.clone(),
                created_at: now,
                member_id: None,
                joined_at: None,
            };
            let mut tx = rig.k.db.write_test_data().await.unwrap();
            let token = crate::entropy::hash_token(&sent.key);
            till_enrolments::insert(&mut tx, &row, token).await.unwrap();
            till_enrolments::mark_joined(&mut tx, row.id, member.id, now)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let mut draft = rig.draft(member, groceries(), PointsToSpend::None);
            draft.code = None;
            let done = commit_sale(&rig.k, &rig.till, &draft, &sent).await.unwrap();
            let receipt = done.receipt().unwrap();
            let later = claim(&rig, member, &receipt).await;
            if gets_it {
                assert_eq!(later.unwrap(), receipt.id);
            } else {
                assert_eq!(refused(later), Refusal::ClaimTooOften);
            }
        }
        assert!(rig.balance(&boris).await.active.is_positive());
        let mut tx = rig.k.db.read().await.unwrap();
        let lines = audit::list_entries(&mut tx, &AuditLogFilter::default(), None, 10_000).await;
        let lines = lines.unwrap();
        let about = |action: Action| -> Vec<_> {
            let of_action = lines.iter().filter(|line| line.action == action.as_str());
            of_action
                .map(|line| (line.actor.as_str(), line.member_id))
                .collect()
        };
        assert_eq!(about(Action::ReceiptClaimed), [("member", Some(boris.id))]);
        // One as the sale was stored, one as the code was typed.
        assert_eq!(about(Action::Radar), [("member", Some(anna.id)); 2]);
        drop(tx);
        rig.check().await;
    });
}
