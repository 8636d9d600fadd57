//! The night over a real database file: once for each day, whatever is interrupted, repeated, missed or done at once.

mod failures;

use std::collections::HashSet;

use crate::chain::{Chain, Member, day, night, noon};
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::programme::Programme;
use kopilka_core::store::PointsChange;
use kopilka_core::usecases::jobs::nightly::{
    self, NightBatchOutcome, NightStartOutcome, NightlyReport, NightlyRun, NightlyRunOutcome,
    list_unfinished_days, load_first_day, load_last_ended_day,
};

async fn run(k: &Kopilka, text: &str) -> NightlyRunOutcome {
    nightly::run_night(k, &Actor::Job, day(text), || false)
        .await
        .unwrap()
}

fn done(outcome: NightlyRunOutcome) -> NightlyReport {
    match outcome {
        NightlyRunOutcome::Done(report) => report,
        other => panic!("{other:?}"),
    }
}

async fn begin(k: &Kopilka, text: &str) -> NightlyRun {
    match NightlyRun::begin_or_resume(k, &Actor::Job, day(text))
        .await
        .unwrap()
    {
        NightStartOutcome::Night(night) => *night,
        other => panic!("{other:?}"),
    }
}

/// Points wait a fortnight and live a month to its end.
fn held(programme: &mut Programme) {
    programme.points.hold_days = 14;
    programme.points.life.months = Some(1);
}

/// Members who each bought for 1 000 ₽ on 1 March 2026: 30 points, active from 15 March, over with the end of April.
async fn bought(members: u64) -> (Chain, Vec<Member>) {
    let chain = Chain::open("2026-03-01", held).await;
    let mut all = Vec::new();
    for number in 0..members {
        let member = chain.member(number).await;
        chain.sell(&member, 1_000).await;
        all.push(member);
    }
    (chain, all)
}

#[tokio::test]
async fn points_come_alive_and_expire_on_their_own_nights_once() {
    let (chain, members) = bought(3).await;
    chain.set(night("2026-03-14").plus_secs(30));
    let report = done(run(&chain.k, "2026-03-14").await);
    let activated = NightlyReport {
        activated_lots: 3,
        activated: Points(90),
        ..NightlyReport::default()
    };
    assert_eq!(report, activated);
    assert_eq!(
        run(&chain.k, "2026-03-14").await,
        NightlyRunOutcome::DoneBefore
    );
    chain.set(night("2026-04-30").plus_secs(30));
    let report = done(run(&chain.k, "2026-04-30").await);
    let expired = NightlyReport {
        expired_lots: 3,
        expired: Points(90),
        ..NightlyReport::default()
    };
    assert_eq!(report, expired);
    for member in &members {
        assert_eq!(chain.entries(member, "activate").await.len(), 1);
        let expired = chain.entries(member, "expire").await;
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].at, night("2026-04-30"));
    }
    chain.check().await;
}

#[tokio::test]
async fn a_night_with_nothing_due_is_finished_too() {
    let (chain, _) = bought(1).await;
    chain.set(noon("2026-03-05"));
    assert_eq!(
        run(&chain.k, "2026-03-04").await,
        NightlyRunOutcome::Done(NightlyReport::default())
    );
    assert_eq!(
        run(&chain.k, "2026-03-04").await,
        NightlyRunOutcome::DoneBefore
    );
}

#[tokio::test]
async fn a_day_that_has_not_ended_in_moscow_is_refused() {
    let (chain, _) = bought(1).await;
    chain.set(night("2026-03-14").plus_secs(-1));
    assert_eq!(
        run(&chain.k, "2026-03-14").await,
        NightlyRunOutcome::NotEnded
    );
    assert_eq!(
        load_last_ended_day(&chain.k).await.unwrap(),
        Some(day("2026-03-13"))
    );
    chain.later(1);
    assert_eq!(
        load_last_ended_day(&chain.k).await.unwrap(),
        Some(day("2026-03-14"))
    );
    done(run(&chain.k, "2026-03-14").await);
}

#[tokio::test]
async fn open_cards_of_the_members_who_were_moved_are_told() {
    let (chain, members) = bought(3).await;
    chain.set(noon("2026-03-15"));
    let mut news = chain.listen().await;
    done(run(&chain.k, "2026-03-14").await);
    let mut told = HashSet::new();
    while told.len() < members.len() {
        if let PointsChange::Of(member) = news.recv().await.unwrap() {
            told.insert(member);
        }
    }
    assert_eq!(told, members.iter().map(|member| member.id).collect());
}

#[tokio::test]
async fn what_a_crash_interrupts_goes_on_where_it_stopped() {
    let (chain, members) = bought(25).await;
    chain.set(noon("2026-03-15"));
    for batches in [1, 2] {
        let mut night = begin(&chain.k, "2026-03-14").await;
        for _ in 0..batches {
            assert_eq!(
                night.run_batch(&chain.k, 7).await.unwrap(),
                NightBatchOutcome::MoreToDo
            );
        }
        // Dropped without a word, as a crash would: its lease is still there.
        drop(night);
        assert_eq!(run(&chain.k, "2026-03-14").await, NightlyRunOutcome::Busy);
        chain.later(61);
    }
    let report = done(run(&chain.k, "2026-03-14").await);
    assert_eq!(report.activated_lots, 25, "the whole night is counted");
    assert_eq!(report.activated, Points(750));
    for member in &members {
        assert_eq!(chain.entries(member, "activate").await.len(), 1);
    }
    chain.check().await;
}

#[tokio::test]
async fn who_is_told_to_stop_leaves_the_rest_to_the_next_at_once() {
    let (chain, _) = bought(3).await;
    chain.set(noon("2026-03-15"));
    let stopped = nightly::run_night(&chain.k, &Actor::Job, day("2026-03-14"), || true)
        .await
        .unwrap();
    assert_eq!(stopped, NightlyRunOutcome::Stopped);
    assert_eq!(done(run(&chain.k, "2026-03-14").await).activated_lots, 3);
}

#[tokio::test]
async fn who_was_overtaken_stores_nothing_more() {
    let (chain, members) = bought(25).await;
    let second = chain.another_process().await;
    chain.set(noon("2026-03-15"));
    let mut slow = begin(&chain.k, "2026-03-14").await;
    assert_eq!(
        slow.run_batch(&chain.k, 7).await.unwrap(),
        NightBatchOutcome::MoreToDo
    );
    chain.later(61);
    let mut quick = begin(&second, "2026-03-14").await;
    assert_eq!(
        quick.run_batch(&second, 7).await.unwrap(),
        NightBatchOutcome::MoreToDo
    );
    assert_eq!(
        slow.run_batch(&chain.k, 7).await.unwrap(),
        NightBatchOutcome::Overtaken
    );
    let report = loop {
        match quick.run_batch(&second, 7).await.unwrap() {
            NightBatchOutcome::MoreToDo => {}
            NightBatchOutcome::Finished(report) => break report,
            NightBatchOutcome::Overtaken => panic!("nobody else is there"),
        }
    };
    assert_eq!(report.activated_lots, 25);
    for member in &members {
        assert_eq!(chain.entries(member, "activate").await.len(), 1);
    }
    chain.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_at_once_do_a_night_once() {
    let (chain, members) = bought(40).await;
    let second = chain.another_process().await;
    chain.set(noon("2026-03-15"));
    let first = chain.k.clone();
    let (one, other) = tokio::join!(
        tokio::spawn(async move { run(&first, "2026-03-14").await }),
        tokio::spawn(async move { run(&second, "2026-03-14").await }),
    );
    let outcomes = [one.unwrap(), other.unwrap()];
    let did = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, NightlyRunOutcome::Done(_)))
        .count();
    assert_eq!(did, 1, "{outcomes:?}");
    for member in &members {
        assert_eq!(chain.entries(member, "activate").await.len(), 1);
    }
    chain.check().await;
}

#[tokio::test]
async fn a_lease_from_a_clock_that_was_years_ahead_does_not_last_years() {
    let (chain, _) = bought(1).await;
    chain.set(noon("2031-01-01"));
    drop(begin(&chain.k, "2026-03-14").await);
    chain.set(noon("2026-03-15"));
    done(run(&chain.k, "2026-03-14").await);
}

#[tokio::test]
async fn the_first_night_of_all_is_the_last_that_has_ended() {
    let (chain, _) = bought(1).await;
    chain.set(noon("2026-06-10"));
    assert_eq!(
        list_unfinished_days(&chain.k, None).await.unwrap(),
        [day("2026-06-09")]
    );
    // What was due long before is done with it.
    let report = done(run(&chain.k, "2026-06-09").await);
    assert_eq!((report.activated_lots, report.expired_lots), (1, 1));
    assert!(
        list_unfinished_days(&chain.k, None)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn months_of_missed_nights_are_done_in_order_each_on_its_own_day() {
    let (chain, members) = bought(2).await;
    chain.set(noon("2026-03-05"));
    done(run(&chain.k, "2026-03-04").await);
    chain.set(noon("2026-07-20"));
    let days = list_unfinished_days(&chain.k, None).await.unwrap();
    assert_eq!(days.first(), Some(&day("2026-03-05")));
    assert_eq!(days.last(), Some(&day("2026-07-19")));
    assert_eq!(days.len(), 137);
    let mut busy = Vec::new();
    for each in days {
        let report = done(
            nightly::run_night(&chain.k, &Actor::Job, each, || false)
                .await
                .unwrap(),
        );
        if report != NightlyReport::default() {
            busy.push((each, report.activated_lots, report.expired_lots));
        }
    }
    assert_eq!(busy, [(day("2026-03-14"), 2, 0), (day("2026-04-30"), 0, 2)]);
    for member in &members {
        assert_eq!(
            chain.entries(member, "activate").await[0].at,
            night("2026-03-14")
        );
    }
    assert!(
        list_unfinished_days(&chain.k, None)
            .await
            .unwrap()
            .is_empty()
    );
    chain.check().await;
}

#[tokio::test]
async fn no_missed_night_is_from_before_the_chain_began() {
    let (chain, _) = bought(1).await;
    assert_eq!(
        load_first_day(&chain.k).await.unwrap(),
        Some(day("2026-03-01"))
    );
    assert!(
        list_unfinished_days(&chain.k, None)
            .await
            .unwrap()
            .is_empty()
    );
    let long_ago = Some(day("1970-01-01"));
    assert!(
        list_unfinished_days(&chain.k, long_ago)
            .await
            .unwrap()
            .is_empty()
    );
    chain.set(noon("2026-03-04"));
    // An earlier version of the program did any day that it was told to do.
    done(run(&chain.k, "1970-01-01").await);
    assert_eq!(
        list_unfinished_days(&chain.k, None).await.unwrap(),
        ["2026-03-01", "2026-03-02", "2026-03-03"].map(day)
    );
}

#[tokio::test]
async fn a_night_before_any_programme_was_in_force_has_nothing_to_do() {
    let (chain, _) = bought(1).await;
    assert_eq!(
        run(&chain.k, "2026-02-01").await,
        NightlyRunOutcome::Done(NightlyReport::default())
    );
}
