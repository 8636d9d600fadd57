//! Sales that a till has kept because it had no link: they have happened, whatever has changed meanwhile.

use super::super::*;
use super::rig::{Member, Rig, line, programme};
use crate::domain::amounts::Points;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::offers::{ConditionsDocument, Offer, OfferBenefit, OfferLimits};
use crate::store::{cards, devices};
use crate::usecases::{Error, Refusal};

/// A sale of an hour before, as a queue brings it.
fn kept(rig: &Rig, draft: SaleDraft) -> ReceiptBatchItem {
    let at = Some(rig.k.now().plus_secs(-3_600));
    ReceiptBatchItem::Sale(SaleDraft { at, ..draft }, rig.sent())
}

async fn post(rig: &Rig, item: &ReceiptBatchItem) -> SaleReceipt {
    let done = commit_batch_item(&rig.k, &rig.till, item).await.unwrap();
    assert_eq!(done.outcome, CommitOutcome::Stored);
    done.receipt().unwrap()
}

fn sale(rig: &Rig, member: &Member) -> SaleDraft {
    rig.draft(member, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
}

#[test]
fn a_card_that_was_blocked_after_the_sale_still_earns_by_it_and_none_that_was_blocked_before() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let item = kept(&rig, sale(&rig, &anna));
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        cards::block_card(&mut tx, anna.card.as_str(), rig.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let receipt = post(&rig, &item).await;
        assert!(receipt.quote.evaluation.earned.is_positive());
        rig.wait_days(1);
        let after = commit_batch_item(&rig.k, &rig.till, &kept(&rig, sale(&rig, &anna))).await;
        assert!(
            matches!(after, Err(Error::Refused(Refusal::CardBlocked))),
            "{after:?}"
        );
        rig.check().await;
    });
}

#[test]
fn a_blocked_card_spends_nothing_whatever_time_the_till_tells() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(100).await;
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        cards::block_card(&mut tx, anna.card.as_str(), rig.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let draft = SaleDraft {
            at: Some(rig.k.now().plus_secs(-60)),
            spend: PointsToSpend::Exactly(Points(50)),
            ..sale(&rig, &anna)
        };
        let refused = commit_sale(&rig.k, &rig.till, &draft, &rig.sent()).await;
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::CardBlocked))),
            "{refused:?}"
        );
    });
}

#[test]
fn the_code_of_a_device_that_was_signed_out_since_counts_as_the_card_s_number() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let code = rig.turning_code(&anna).await;
        let item = kept(
            &rig,
            SaleDraft {
                code: Some(code.clone()),
                ..sale(&rig, &anna)
            },
        );
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        devices::end_all(&mut tx, anna.id, rig.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let receipt = post(&rig, &item).await;
        assert!(receipt.quote.evaluation.earned.is_positive());
        // At a till that has its link, the shopper is there to show another.
        let draft = SaleDraft {
            code: Some(code),
            ..sale(&rig, &anna)
        };
        let now = commit_sale(&rig.k, &rig.till, &draft, &rig.sent()).await;
        assert!(
            matches!(now, Err(Error::Refused(Refusal::CodeWrong))),
            "{now:?}"
        );
    });
}

#[test]
fn an_offer_for_the_first_purchase_is_had_once_in_whatever_order_the_purchases_come() {
    let mut programme = programme(0);
    programme.offers = vec![Offer {
        id: "welcome".to_owned(),
        benefit: OfferBenefit::FixedPoints {
            points: Points(200),
        },
        conditions: ConditionsDocument {
            first_purchase: true,
            ..ConditionsDocument::default()
        }
        .into(),
        limits: OfferLimits::default(),
        group: None,
        ..programme.offers[0].clone()
    }];
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let waiting = kept(&rig, sale(&rig, &anna));
        let first = rig
            .sell(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None)
            .await;
        let used = |receipt: &SaleReceipt| {
            let used = &receipt.quote.evaluation.offers_used;
            used.iter().any(|used| used.offer == "welcome")
        };
        assert!(used(&first));
        assert!(!used(&post(&rig, &waiting).await));
    });
}
