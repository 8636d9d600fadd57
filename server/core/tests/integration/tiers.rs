//! Tiers of stored members: up at once, kept for a period, lost after a notice and a grace, back after a return.

use crate::chain::{Chain, Member, day, night, noon};
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::programme::{PointsLife, TierDowngrade};
use kopilka_core::domain::tiers::TierStatus;
use kopilka_core::store::{outbox, tiers as stored};
use kopilka_core::usecases::jobs::nightly::{self, NightlyReport, NightlyRunOutcome};
use kopilka_core::usecases::loyalty::tiers::{self, MemberTierView};
use kopilka_core::usecases::messages::outbox::{MessageContent, list_newest_messages};

async fn run(chain: &Chain, text: &str) -> NightlyReport {
    chain.set(night(text).plus_secs(30));
    match nightly::run_night(&chain.k, &Actor::Job, day(text), || false)
        .await
        .unwrap()
    {
        NightlyRunOutcome::Done(report) => report,
        other => panic!("{other:?}"),
    }
}

async fn view(chain: &Chain, member: &Member) -> MemberTierView {
    let mut tx = chain.k.db.read().await.unwrap();
    let rules = chain.k.current_rules(&mut tx).await.unwrap();
    tiers::load_member_tier(&mut tx, member.id, &rules, chain.k.now())
        .await
        .unwrap()
}

fn change(from: &str, to: &str, cause: &str) -> (String, String, String) {
    (from.to_owned(), to.to_owned(), cause.to_owned())
}

/// Silver since 22 November 2025, with 12 800 ₽ bought in the year after it: 2 200 ₽ too little.
async fn short(downgrade: TierDowngrade) -> (Chain, Member) {
    let chain = Chain::open("2025-11-22", |programme| {
        programme.tier_rules.downgrade = downgrade;
        programme.points.life = PointsLife::default();
    })
    .await;
    let member = chain.member(1).await;
    chain.sell(&member, 15_000).await;
    chain.set(noon("2026-06-01"));
    chain.sell(&member, 12_800).await;
    (chain, member)
}

#[tokio::test]
async fn a_tier_is_reached_at_once_and_holds_a_period() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    chain.sell(&member, 14_999).await;
    assert_eq!(chain.standing(&member).await.tier, "start");
    assert_eq!(view(&chain, &member).await.holds_until, None);
    let sale = chain.sell(&member, 1).await;
    let shown = view(&chain, &member).await;
    assert_eq!(shown.id, "silver");
    assert_eq!(shown.holds_until, Some(night("2026-11-22")));
    assert_eq!(shown.notice, None);
    let mut tx = chain.k.db.read().await.unwrap();
    let rows = stored::list_changes(&mut tx, member.id, 10).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].cause.as_str(), "upgrade");
    assert_eq!(rows[0].receipt_id, Some(sale));
    assert_eq!(rows[0].measured, 1_500_000);
}

#[tokio::test]
async fn too_little_is_told_once_shown_in_the_wallet_and_lost_after_the_grace() {
    let (chain, member) = short(TierDowngrade::OneStep).await;
    assert_eq!(run(&chain, "2026-11-21").await, NightlyReport::default());
    let report = run(&chain, "2026-11-22").await;
    assert_eq!((report.warned, report.lowered), (1, 0));
    let notice = view(&chain, &member).await.notice.unwrap();
    assert_eq!(notice.missing, 220_000);
    assert_eq!(notice.until, night("2026-12-22"));

    let messages = list_newest_messages(&chain.k).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].recipient, member.phone);
    assert_eq!(messages[0].language, "ru");
    let MessageContent::TierEnding {
        tier,
        missing,
        until,
        ..
    } = &messages[0].message
    else {
        panic!("{:?}", messages[0]);
    };
    assert_eq!((tier.en.as_str(), *missing), ("Silver", 220_000));
    assert_eq!(*until, night("2026-12-22"));

    for each in ["2026-11-23", "2026-12-21"] {
        assert_eq!(run(&chain, each).await, NightlyReport::default());
        // The window stands still: what was said to be missing does not grow.
        assert_eq!(view(&chain, &member).await.notice.unwrap().missing, 220_000);
    }
    assert_eq!(run(&chain, "2026-12-22").await.lowered, 1);
    let standing = chain.standing(&member).await;
    assert_eq!((standing.tier.as_str(), standing.until), ("start", None));
    assert_eq!(view(&chain, &member).await.notice, None);
    assert_eq!(
        chain.changes(&member).await,
        [
            change("start", "silver", "upgrade"),
            change("silver", "start", "downgrade"),
        ]
    );
    let mut tx = chain.k.db.read().await.unwrap();
    assert_eq!(outbox::list_unsent(&mut tx, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_missing_bought_in_the_grace_keeps_the_tier() {
    let (chain, member) = short(TierDowngrade::Full).await;
    run(&chain, "2026-11-22").await;
    chain.set(noon("2026-12-20"));
    chain.sell(&member, 2_200).await;
    assert_eq!(view(&chain, &member).await.notice.unwrap().missing, 0);
    assert_eq!(run(&chain, "2026-12-22").await.renewed, 1);
    let shown = view(&chain, &member).await;
    assert_eq!((shown.id.as_str(), shown.notice), ("silver", None));
    assert_eq!(shown.holds_until, Some(night("2027-12-22")));
    let changes = chain.changes(&member).await;
    assert_eq!(changes.last(), Some(&change("silver", "silver", "renewal")));
}

#[tokio::test]
async fn where_nobody_falls_periods_pass_in_silence() {
    let (chain, member) = short(TierDowngrade::None).await;
    assert_eq!(view(&chain, &member).await.holds_until, None);
    assert_eq!(run(&chain, "2026-11-22").await.renewed, 1);
    assert_eq!(chain.standing(&member).await.tier, "silver");
    assert_eq!(chain.changes(&member).await.len(), 1);
    assert!(list_newest_messages(&chain.k).await.unwrap().is_empty());
}

#[tokio::test]
async fn spending_points_never_lowers_a_tier() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    chain.sell(&member, 15_000).await;
    chain.set(noon("2026-06-01"));
    chain.sell(&member, 14_000).await;
    let paid = chain.buy(&member, 1_000, PointsToSpend::All).await;
    assert!(paid.quote.evaluation.paid_by_points.0 > 0);
    assert_eq!(view(&chain, &member).await.measured, 3_000_000);
    assert_eq!(run(&chain, "2026-11-22").await.renewed, 1);
    assert_eq!(chain.standing(&member).await.tier, "silver");
}

#[tokio::test]
async fn months_of_missed_nights_take_no_tier_without_a_whole_grace() {
    let (chain, member) = short(TierDowngrade::Full).await;
    run(&chain, "2026-11-20").await;
    chain.set(noon("2027-05-01"));
    for each in nightly::list_unfinished_days(&chain.k, None).await.unwrap() {
        nightly::run_night(&chain.k, &Actor::Job, each, || false)
            .await
            .unwrap();
    }
    let shown = view(&chain, &member).await;
    assert_eq!(shown.id, "silver");
    let notice = shown.notice.unwrap();
    assert_eq!(notice.missing, 220_000);
    assert_eq!(notice.until, night("2027-05-30"));
    assert_eq!(list_newest_messages(&chain.k).await.unwrap().len(), 1);
    assert_eq!(run(&chain, "2027-05-30").await.lowered, 1);
    assert_eq!(chain.standing(&member).await.tier, "start");
}

#[tokio::test]
async fn a_tier_from_before_periods_gets_its_end_from_the_first_night() {
    let (chain, member) = short(TierDowngrade::OneStep).await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    let old = TierStatus {
        until: None,
        ..stored::load_tier_status(&mut tx, member.id).await.unwrap()
    };
    stored::set_tier_status(&mut tx, member.id, &old);
    tx.commit().await.unwrap();
    assert_eq!(
        view(&chain, &member).await.holds_until,
        Some(night("2026-11-22"))
    );
    assert_eq!(run(&chain, "2026-06-01").await, NightlyReport::default());
    assert_eq!(
        chain.standing(&member).await.until,
        Some(night("2026-11-22"))
    );
}

#[tokio::test]
async fn a_closed_account_is_told_nothing() {
    let (chain, member) = short(TierDowngrade::OneStep).await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    kopilka_core::store::members::erase_member(&mut tx, member.id, chain.k.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    run(&chain, "2026-11-22").await;
    assert!(list_newest_messages(&chain.k).await.unwrap().is_empty());
    assert_eq!(run(&chain, "2026-12-22").await.lowered, 1);
}

#[tokio::test]
async fn a_returned_sale_takes_back_what_it_had_lifted() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    chain.sell(&member, 15_000).await;
    let silver = chain.standing(&member).await;
    chain.set(noon("2026-03-01"));
    let lifts = chain.sell(&member, 40_000).await;
    assert_eq!(chain.standing(&member).await.tier, "gold");
    let other = chain.sell(&member, 60_000).await;
    chain.take_back(other).await;
    assert_eq!(chain.standing(&member).await.tier, "gold", "another sale");
    chain.take_back(lifts).await;
    let back = chain.standing(&member).await;
    assert_eq!(back.tier, "silver");
    assert_eq!(back.until, silver.until, "its own period comes back");
    assert_eq!(
        chain.changes(&member).await.last(),
        Some(&change("gold", "silver", "return"))
    );
}

#[tokio::test]
async fn a_tier_that_is_reached_without_the_returned_sale_stays() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    let lifts = chain.sell(&member, 15_000).await;
    chain.later(3_600);
    chain.sell(&member, 15_000).await;
    chain.take_back(lifts).await;
    assert_eq!(chain.standing(&member).await.tier, "silver");
}

#[tokio::test]
async fn whichever_of_two_sales_that_lifted_together_goes_back_the_tier_goes_too() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    for (number, returned) in [(1, 0), (2, 1)] {
        let member = chain.member(number).await;
        let first = chain.sell(&member, 14_000).await;
        chain.later(86_400);
        let second = chain.sell(&member, 1_500).await;
        assert_eq!(chain.standing(&member).await.tier, "silver");
        chain.take_back([first, second][returned]).await;
        assert_eq!(chain.standing(&member).await.tier, "start", "{returned}");
    }
}

#[tokio::test]
async fn purchases_that_have_only_grown_old_take_no_tier_when_something_small_goes_back() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    let small = chain.sell(&member, 1_000).await;
    chain.sell(&member, 15_000).await;
    chain.set(noon("2026-06-01"));
    let later = chain.sell(&member, 500).await;
    // The window has left the first two behind; the night has not come yet.
    chain.set(noon("2026-11-23"));
    chain.take_back(later).await;
    chain.take_back(small).await;
    assert_eq!(chain.standing(&member).await.tier, "silver");
}

#[tokio::test]
async fn sales_returned_one_after_another_leave_the_level_of_what_was_bought_since() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    let first = chain.sell(&member, 50_000).await;
    chain.later(3_600);
    let second = chain.sell(&member, 100_000).await;
    assert_eq!(chain.standing(&member).await.tier, "platinum");
    chain.set(noon("2026-11-23"));
    chain.sell(&member, 20_000).await;
    chain.take_back(second).await;
    assert_eq!(chain.standing(&member).await.tier, "gold");
    chain.take_back(first).await;
    let left = chain.standing(&member).await;
    assert_eq!(left.tier, "silver", "what is left reaches it alone");
    assert_eq!(left.until, Some(night("2027-11-23")));
}

#[tokio::test]
async fn two_rises_fall_together_when_the_sale_under_both_goes_back() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    let first = chain.sell(&member, 15_000).await;
    chain.later(3_600);
    chain.sell(&member, 35_000).await;
    assert_eq!(chain.standing(&member).await.tier, "gold");
    chain.take_back(first).await;
    // 35 000 ₽ remain: silver, by what is left of the second purchase.
    assert_eq!(chain.standing(&member).await.tier, "silver");
    chain.check().await;
}

#[tokio::test]
async fn a_tier_that_was_renewed_since_is_not_taken_back_by_an_old_return() {
    let chain = Chain::open("2025-11-22", |_| {}).await;
    let member = chain.member(1).await;
    let lifts = chain.sell(&member, 15_000).await;
    chain.set(noon("2026-11-22"));
    chain.sell(&member, 15_000).await;
    assert_eq!(run(&chain, "2026-11-22").await.renewed, 1);
    chain.set(noon("2026-12-24"));
    chain.take_back(lifts).await;
    assert_eq!(chain.standing(&member).await.tier, "silver");
}
