//! A version that leaves out a level which members hold: who falls is told, and how far is what was under theirs.

use super::*;
use crate::domain::actor::Actor;
use crate::domain::programme::Tier;
use crate::usecases::jobs::nightly;

/// The plain programme without these levels.
fn without(ids: &[&str]) -> Programme {
    let mut programme = plain();
    let mut tiers: Vec<Tier> = programme.tiers.into();
    tiers.retain(|tier| !ids.contains(&tier.id.as_str()));
    programme.tiers = tiers.try_into().unwrap();
    programme
}

fn falling(tier: &str, members: i64, to: &str) -> RetiredTierMembers {
    RetiredTierMembers {
        tier: tier.to_owned(),
        members,
        to: to.to_owned(),
    }
}

fn fall_of(applied: ProgrammeApplyOutcome) -> Vec<RetiredTierMembers> {
    match applied {
        ProgrammeApplyOutcome::Version { falling, .. } => falling,
        already @ ProgrammeApplyOutcome::Already { .. } => panic!("{already:?}"),
    }
}

#[tokio::test]
async fn members_of_a_level_that_is_left_out_are_counted_and_have_the_one_under_it() {
    let chain = Chain::open().await;
    let (gold, silver) = (
        chain.member("+79160000001").await,
        chain.member("+79160000002").await,
    );
    chain.sell(&gold, "2026-11-02", 60_000).await;
    chain.sell(&silver, "2026-11-02", 20_000).await;
    let told = compare_with_version(&chain.k, &without(&["gold"]), None)
        .await
        .unwrap();
    assert_eq!(told.falling, [falling("gold", 1, "silver")]);
    assert_eq!(
        told.falling[0].to_string(),
        "1 member holds the level gold, which is left out: from the version's first moment on, without a notice, they \
         have silver"
    );
    // Nobody holds it: nothing to tell.
    let told = compare_with_version(&chain.k, &without(&["platinum"]), None)
        .await
        .unwrap();
    assert_eq!(told.falling, []);
    let applied = apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &without(&["gold"]),
        Some("2026-11-05"),
        false,
    )
    .await;
    assert_eq!(fall_of(applied.unwrap()), [falling("gold", 1, "silver")]);
    // 7 % before it begins, the 5 % of silver from then on; who has silver keeps it.
    let before = chain.sell(&gold, "2026-11-04", 1_000).await;
    assert_eq!(before.quote.evaluation.earned, Points(70));
    let after = chain.sell(&gold, "2026-11-06", 1_000).await;
    assert_eq!(after.quote.evaluation.earned, Points(50));
    let other = chain.sell(&silver, "2026-11-06", 1_000).await;
    assert_eq!(other.quote.evaluation.earned, Points(50));
    // A receipt of the time before that comes late is judged by the level that it had then.
    let late = chain.post(&gold, "2026-11-04", 1_000).await;
    assert_eq!(late.quote.evaluation.earned, Points(70));
    // The next version knows nothing of gold itself, and has no silver either.
    let applied = apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &without(&["gold", "silver"]),
        None,
        false,
    )
    .await;
    assert_eq!(
        fall_of(applied.unwrap()),
        [falling("gold", 1, "start"), falling("silver", 1, "start")]
    );
    chain.clock.set_time(chain.k.now().plus_secs(1));
    let after = chain.post(&gold, "2026-11-06T00:00:01+03:00", 1_000).await;
    assert_eq!(after.quote.evaluation.earned, Points(30));
}

#[tokio::test]
async fn the_night_reviews_members_of_a_level_that_is_left_out() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02", 60_000).await;
    apply_document(&chain.k, &Actor::OPERATOR, &without(&["gold"]), None, false)
        .await
        .unwrap();
    // More than a year and a grace later nothing counts any more: a notice, then a step down.
    let mut lowered = 0;
    for day in ["2027-11-10", "2027-12-20"] {
        chain.clock.set_time(at(day));
        let night = at(day).plus_days(-1);
        let day = crate::domain::time::local_date(night, Tz::Europe__Moscow);
        match nightly::run_night(&chain.k, &Actor::Job, day, || false)
            .await
            .unwrap()
        {
            nightly::NightlyRunOutcome::Done(report) => lowered += report.lowered,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(lowered, 1);
    let receipt = chain.sell(&card, "2027-12-21", 1_000).await;
    assert_eq!(receipt.quote.evaluation.earned, Points(30));
}
