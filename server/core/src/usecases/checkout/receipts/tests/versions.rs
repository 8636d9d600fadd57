//! Receipts and returns of a time when other rules were in force: they are judged by their own, and the member's level is
//! decided on by those that are in force now.

use super::super::*;
use super::rig::{Member, Rig, back, line, programme};
use crate::domain::actor::Actor;
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::programme::{Programme, Tier};
use crate::domain::tiers::TierStatus;
use crate::domain::time::local_date;
use crate::store::tiers;
use crate::usecases::checkout::claim_codes;
use crate::usecases::jobs::nightly;
use crate::usecases::programme::programmes::apply_document;
use crate::usecases::{Error, Refusal};

/// The rig's levels without offers: 3 %, silver 5 % from 15 000 ₽ on, gold 7 % from 50 000 ₽ on.
fn plain() -> Programme {
    let mut programme = programme(0);
    programme.offers.clear();
    programme
}

/// The same with silver from so many roubles on.
fn silver_from(roubles: i64) -> Programme {
    let mut programme = plain();
    let mut tiers: Vec<Tier> = programme.tiers.into();
    for tier in tiers.iter_mut().filter(|tier| tier.id == "silver") {
        tier.threshold = roubles * 100;
    }
    programme.tiers = tiers.try_into().unwrap();
    programme
}

/// The same with no level above silver.
fn up_to_silver() -> Programme {
    let mut programme = plain();
    let mut tiers: Vec<Tier> = programme.tiers.into();
    tiers.truncate(2);
    programme.tiers = tiers.try_into().unwrap();
    programme
}

/// The same without the level of this id.
fn without(id: &str) -> Programme {
    let mut programme = plain();
    let mut tiers: Vec<Tier> = programme.tiers.into();
    tiers.retain(|tier| tier.id != id);
    programme.tiers = tiers.try_into().unwrap();
    programme
}

/// A second after what was before, and a second before what comes.
async fn put_in_force(rig: &Rig, programme: &Programme) {
    rig.clock.set_time(rig.k.now().plus_secs(1));
    apply_document(&rig.k, &Actor::OPERATOR, programme, None, false)
        .await
        .unwrap();
    rig.clock.set_time(rig.k.now().plus_secs(1));
}

async fn standing(rig: &Rig, member: &Member) -> TierStatus {
    let mut tx = rig.k.db.read().await.unwrap();
    tiers::load_tier_status(&mut tx, member.id).await.unwrap()
}

async fn level(rig: &Rig, member: &Member) -> String {
    standing(rig, member).await.tier
}

/// Sells for so many hundreds of roubles, each a piece.
async fn sell(rig: &Rig, member: &Member, hundreds: i64) -> SaleReceipt {
    let goods = vec![line("grocery", hundreds, hundreds * 100)];
    rig.sell(member, goods, PointsToSpend::None).await
}

#[test]
fn a_receipt_from_before_the_first_programme_is_refused() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        crate::store::engine::sql("UPDATE programme_versions SET valid_from = $1")
            .bind(rig.k.now().plus_days(-100))
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let with_card = rig.draft(&anna, vec![line("grocery", 1, 100)], PointsToSpend::None);
        let without = SaleDraft {
            code: None,
            ..rig.draft(&anna, vec![line("grocery", 1, 100)], PointsToSpend::None)
        };
        for mut draft in [with_card, without] {
            draft.at = Some(rig.k.now().plus_days(-101));
            let quoted = quote_sale(&rig.k, &rig.till, &draft).await.map(drop);
            let done = commit_sale(&rig.k, &rig.till, &draft, &rig.sent()).await;
            for refused in [quoted, done.map(drop)] {
                assert!(
                    matches!(refused, Err(Error::Refused(Refusal::BeforeProgramme))),
                    "{refused:?}"
                );
            }
            draft.at = Some(rig.k.now().plus_days(-99));
            commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
                .await
                .unwrap();
        }
    });
}

#[test]
fn a_late_sale_under_rules_without_the_member_s_level_is_judged_by_the_next_one_and_takes_none_away()
 {
    let rig = Rig::with(&up_to_silver());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        put_in_force(&rig, &plain()).await;
        sell(&rig, &anna, 600).await;
        assert_eq!(level(&rig, &anna).await, "gold");
        let mut late = rig.draft(&anna, vec![line("grocery", 1, 1_000)], PointsToSpend::None);
        late.at = Some(rig.k.now().plus_days(-1));
        let done = commit_sale(&rig.k, &rig.till, &late, &rig.sent())
            .await
            .unwrap();
        let receipt = done.receipt().unwrap();
        assert_eq!(receipt.quote.programme_version, 1);
        assert_eq!(receipt.quote.evaluation.earned, Points(50));
        assert_eq!(level(&rig, &anna).await, "gold");
        let now = sell(&rig, &anna, 10).await;
        assert_eq!(now.quote.evaluation.earned, Points(70));
        rig.check().await;
    });
}

#[test]
fn a_late_sale_lifts_by_the_rules_in_force_now() {
    let rig = Rig::with(&plain());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        put_in_force(&rig, &silver_from(5_000)).await;
        let mut late = rig.draft(&anna, vec![line("grocery", 1, 6_000)], PointsToSpend::None);
        late.at = Some(rig.k.now().plus_days(-1));
        let quoted = quote_sale(&rig.k, &rig.till, &late).await.unwrap();
        assert_eq!(quoted.tier.map(|tier| tier.tier), Some("silver".to_owned()));
        commit_sale(&rig.k, &rig.till, &late, &rig.sent())
            .await
            .unwrap();
        assert_eq!(level(&rig, &anna).await, "silver");
    });
}

#[test]
fn a_version_that_waits_changes_no_level_of_the_one_in_force() {
    let rig = Rig::with(&plain());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        sell(&rig, &anna, 600).await;
        assert_eq!(level(&rig, &anna).await, "gold");
        // Version 2 leaves out gold, version 3 will have it again and no silver.
        put_in_force(&rig, &without("gold")).await;
        let later = rig.k.now().plus_days(30);
        let later = local_date(later, plain().time_zone).to_string();
        apply_document(
            &rig.k,
            &Actor::OPERATOR,
            &without("silver"),
            Some(&later),
            false,
        )
        .await
        .unwrap();
        let sale = sell(&rig, &anna, 10).await;
        assert_eq!(sale.quote.programme_version, 2);
        assert_eq!(sale.quote.evaluation.earned, Points(50));
    });
}

#[test]
fn a_version_that_was_stored_before_and_waits_changes_none_either() {
    let rig = Rig::with(&plain());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        sell(&rig, &anna, 600).await;
        // Version 2 has no silver and waits, version 3 leaves out gold now.
        let later = local_date(rig.k.now().plus_days(30), plain().time_zone).to_string();
        apply_document(
            &rig.k,
            &Actor::OPERATOR,
            &without("silver"),
            Some(&later),
            false,
        )
        .await
        .unwrap();
        put_in_force(&rig, &without("gold")).await;
        let sale = sell(&rig, &anna, 10).await;
        assert_eq!(sale.quote.programme_version, 3);
        assert_eq!(sale.quote.evaluation.earned, Points(50));
    });
}

#[test]
fn a_claim_under_harder_rules_keeps_no_level_of_the_easier_ones() {
    let rig = Rig::with(&silver_from(5_000));
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let found = rig.sell_to_nobody(vec![line("grocery", 1, 6_000)]).await;
        put_in_force(&rig, &silver_from(20_000)).await;
        let shopper = rig.shopper(&anna).await;
        let code = found.claim.unwrap().code;
        claim_codes::claim_receipt(&rig.k, &shopper, &code)
            .await
            .unwrap();
        assert_eq!(level(&rig, &anna).await, "start");
        let sale = sell(&rig, &anna, 140).await;
        assert_eq!(level(&rig, &anna).await, "silver");
        rig.take_back(sale.id, vec![back(0, 140)]).await.unwrap();
        assert_eq!(level(&rig, &anna).await, "start");
    });
}

#[test]
fn a_return_gives_the_grace_back_in_which_the_member_was() {
    let rig = Rig::with(&plain());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        sell(&rig, &anna, 200).await;
        rig.wait_days(370);
        for day in nightly::list_unfinished_days(&rig.k, None).await.unwrap() {
            nightly::run_night(&rig.k, &Actor::Job, day, || false)
                .await
                .unwrap();
        }
        let warned = standing(&rig, &anna).await;
        assert!(warned.tier == "silver" && warned.warned.is_some());
        let sale = sell(&rig, &anna, 600).await;
        assert_eq!(level(&rig, &anna).await, "gold");
        rig.take_back(sale.id, vec![back(0, 600)]).await.unwrap();
        let back = standing(&rig, &anna).await;
        assert_eq!(
            (back.tier, back.until, back.warned),
            (warned.tier, warned.until, warned.warned)
        );
    });
}

#[test]
fn a_return_takes_no_level_that_the_rules_in_force_now_give() {
    let rig = Rig::with(&plain());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let first = sell(&rig, &anna, 20).await;
        put_in_force(&rig, &silver_from(5_000)).await;
        let second = sell(&rig, &anna, 40).await;
        assert_eq!(level(&rig, &anna).await, "silver");
        rig.take_back(first.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(level(&rig, &anna).await, "silver");
        // 1 900 and 3 000 roubles are left: less than 5 000.
        rig.take_back(second.id, vec![back(0, 10)]).await.unwrap();
        assert_eq!(level(&rig, &anna).await, "start");
        rig.check().await;
    });
}

#[test]
fn a_return_takes_no_level_that_came_by_easier_rules_and_is_still_deserved_by_them() {
    let rig = Rig::with(&silver_from(5_000));
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let sale = sell(&rig, &anna, 60).await;
        put_in_force(&rig, &plain()).await;
        rig.take_back(sale.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(level(&rig, &anna).await, "silver");
        rig.take_back(sale.id, vec![back(0, 10)]).await.unwrap();
        assert_eq!(level(&rig, &anna).await, "start");
    });
}

#[test]
fn a_return_under_rules_without_the_level_takes_it_all_the_same() {
    let rig = Rig::with(&up_to_silver());
    rig.runtime.block_on(async {
        let anna = rig.member(0).await;
        let first = sell(&rig, &anna, 100).await;
        put_in_force(&rig, &plain()).await;
        sell(&rig, &anna, 450).await;
        assert_eq!(level(&rig, &anna).await, "gold");
        rig.take_back(first.id, vec![back(0, 100)]).await.unwrap();
        assert_eq!(level(&rig, &anna).await, "silver");
        assert_eq!(rig.kept(&anna).await.0, Money(4_500_000));
    });
}
