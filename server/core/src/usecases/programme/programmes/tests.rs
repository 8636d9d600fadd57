//! Putting documents in force and reading them back, over a chain of its own for each test.
mod chain;
mod dropping;
mod simulating;

use chain::{Chain, DOCUMENT, at, plain, rate};

use super::*;
use crate::domain::amounts::{Money, Points};

fn version(applied: &ProgrammeApplyOutcome) -> i64 {
    match applied {
        ProgrammeApplyOutcome::Version { version, .. }
        | ProgrammeApplyOutcome::Already { version, .. } => *version,
    }
}

fn stored_anew(applied: &ProgrammeApplyOutcome) -> bool {
    matches!(applied, ProgrammeApplyOutcome::Version { .. })
}

#[tokio::test]
async fn a_receipt_is_judged_by_the_version_of_its_own_time() {
    let chain = Chain::open().await;
    let card = chain.member("+79160000001").await;
    let new = rate(plain(), 1_000);
    let applied = apply_document(&chain.k, &Actor::OPERATOR, &new, Some("2026-11-10"), false)
        .await
        .unwrap();
    let ProgrammeApplyOutcome::Version {
        version: 2,
        from,
        changes,
        falling,
        replaces: None,
        until: None,
    } = applied
    else {
        panic!("{applied:?}");
    };
    assert_eq!(falling, []);
    assert_eq!(from, at("2026-11-10T00:00:00+03:00"));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to_string(), "tiers[start].rate: 300 → 1000");
    let before = chain.sell(&card, "2026-11-09T23:59:59+03:00", 1_000).await;
    assert_eq!(
        (
            before.quote.programme_version,
            before.quote.evaluation.earned
        ),
        (1, Points(30))
    );
    let after = chain.sell(&card, "2026-11-10T00:00:00+03:00", 1_000).await;
    assert_eq!(
        (after.quote.programme_version, after.quote.evaluation.earned),
        (2, Points(100))
    );
    // A till that was without a link posts it later: the rules of then still hold.
    let late = chain.post(&card, "2026-11-09T12:00:00+03:00", 1_000).await;
    assert_eq!(
        (late.quote.programme_version, late.quote.evaluation.earned),
        (1, Points(30))
    );
}

#[tokio::test]
async fn the_past_is_never_changed() {
    let chain = Chain::open().await;
    chain.clock.set_time(at("2026-11-05T12:00:00+03:00"));
    for time in ["2026-11-04", "2026-11-05", "2026-11-05T11:59:59+03:00"] {
        let refused = apply_document(
            &chain.k,
            &Actor::OPERATOR,
            &rate(plain(), 500),
            Some(time),
            false,
        )
        .await;
        let sentence = refused.unwrap_err().to_string();
        assert!(sentence.contains("is in the past"), "{sentence}");
    }
    let refused = apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &rate(plain(), 500),
        Some("tomorrow"),
        false,
    )
    .await;
    assert!(matches!(refused, Err(ProgrammeCommandError::NoTime(_))));
    assert_eq!(list_versions(&chain.k).await.unwrap().0.len(), 1);
}

#[tokio::test]
async fn the_same_document_again_does_nothing() {
    let chain = Chain::open().await;
    let again = apply_document(&chain.k, &Actor::OPERATOR, &plain(), None, false)
        .await
        .unwrap();
    assert_eq!((version(&again), stored_anew(&again)), (1, false));
    let new = rate(plain(), 500);
    let later = apply_document(&chain.k, &Actor::OPERATOR, &new, Some("2026-12-01"), false)
        .await
        .unwrap();
    assert_eq!((version(&later), stored_anew(&later)), (2, true));
    for from in [None, Some("2026-12-01"), Some("2027-01-01")] {
        let again = apply_document(&chain.k, &Actor::OPERATOR, &new, from, false)
            .await
            .unwrap();
        assert_eq!(
            (version(&again), stored_anew(&again)),
            (2, false),
            "{from:?}"
        );
    }
    // An earlier time is something else to ask for.
    let earlier = apply_document(&chain.k, &Actor::OPERATOR, &new, Some("2026-11-15"), false)
        .await
        .unwrap();
    assert_eq!((version(&earlier), stored_anew(&earlier)), (3, true));
}

#[tokio::test]
async fn a_waiting_version_is_replaced_from_its_own_moment_only() {
    let chain = Chain::open().await;
    apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &rate(plain(), 500),
        Some("2026-12-01"),
        false,
    )
    .await
    .unwrap();
    let between = apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &rate(plain(), 600),
        Some("2026-11-20"),
        false,
    )
    .await
    .unwrap();
    let ProgrammeApplyOutcome::Version {
        version: 3,
        until: Some((2, start)),
        replaces: None,
        ..
    } = between
    else {
        panic!("{between:?}");
    };
    assert_eq!(start, at("2026-12-01"));
    let instead = apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &rate(plain(), 700),
        Some("2026-12-01"),
        false,
    )
    .await
    .unwrap();
    let ProgrammeApplyOutcome::Version {
        version: 4,
        replaces: Some(2),
        until: None,
        ..
    } = instead
    else {
        panic!("{instead:?}");
    };
    chain.clock.set_time(at("2026-11-25"));
    let (versions, zone) = list_versions(&chain.k).await.unwrap();
    assert_eq!(zone, Tz::Europe__Moscow);
    let states: Vec<(i64, ProgrammeVersionState)> = versions
        .iter()
        .map(|each| (each.version, each.state))
        .collect();
    assert_eq!(
        states,
        [
            (4, ProgrammeVersionState::Waiting),
            (3, ProgrammeVersionState::InForce),
            (2, ProgrammeVersionState::Replaced),
            (1, ProgrammeVersionState::Past)
        ]
    );
    assert_eq!(versions[1].until, Some(at("2026-12-01")));
    let card = chain.member("+79160000001").await;
    let sold = chain.sell(&card, "2026-12-01T10:00:00+03:00", 1_000).await;
    assert_eq!(sold.quote.programme_version, 4);
}

#[tokio::test]
async fn points_that_members_hold_keep_their_meaning_unless_forced() {
    let chain = Chain::open().await;
    let mut dear = plain();
    dear.points.value = Money(200);
    dear.currency = "EUR".to_owned();
    let card = chain.member("+79160000001").await;
    chain.sell(&card, "2026-11-02T10:00:00+03:00", 1_000).await;
    let refused = apply_document(&chain.k, &Actor::OPERATOR, &dear, None, false)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("points.value: 100 → 200"), "{refused}");
    assert!(refused.contains("currency: \"RUB\" → \"EUR\""), "{refused}");
    let forced = apply_document(&chain.k, &Actor::OPERATOR, &dear, None, true)
        .await
        .unwrap();
    assert_eq!(version(&forced), 2);
}

#[tokio::test]
async fn before_any_points_have_moved_everything_may_change() {
    let chain = Chain::open().await;
    let mut dear = plain();
    dear.points.value = Money(200);
    let applied = apply_document(&chain.k, &Actor::OPERATOR, &dear, None, false)
        .await
        .unwrap();
    assert_eq!(version(&applied), 2);
}

#[tokio::test]
async fn what_is_shown_can_be_checked_and_applied_again() {
    let chain = Chain::open().await;
    let demo = read_document(DOCUMENT, None).programme.unwrap();
    apply_document(&chain.k, &Actor::OPERATOR, &demo, Some("2026-12-01"), false)
        .await
        .unwrap();
    let shown = show_version(&chain.k, Some(2)).await.unwrap();
    let first = shown.lines().next().unwrap();
    assert_eq!(
        first,
        "# Version 2 of the programme, in force from 2026-12-01T00:00:00+03:00."
    );
    let reading = check_document(&chain.k, &shown).await.unwrap();
    assert_eq!(reading.programme.as_ref(), Some(&demo));
    // The demo names stores that this chain does not have.
    let texts: Vec<String> = reading
        .remarks
        .iter()
        .map(|remark| remark.fault.text.clone())
        .collect();
    assert_eq!(
        texts,
        [
            "the chain has no store park; it has center",
            "the chain has no store station; it has center"
        ]
    );
    let same = compare_with_version(&chain.k, &demo, None).await.unwrap();
    assert_eq!((same.version, same.changes.len()), (2, 0));
    let other = compare_with_version(&chain.k, &demo, Some(1))
        .await
        .unwrap();
    assert!(other.changes.len() > 1);
    assert!(
        show_version(&chain.k, None)
            .await
            .unwrap()
            .starts_with("# Version 1 ")
    );
    assert!(matches!(
        show_version(&chain.k, Some(9)).await,
        Err(ProgrammeCommandError::NoVersion(9))
    ));
}

#[tokio::test]
async fn the_newest_document_comes_back_after_another_has_taken_over() {
    let chain = Chain::open().await;
    let (waiting, newest) = (rate(plain(), 500), rate(plain(), 600));
    apply_document(
        &chain.k,
        &Actor::OPERATOR,
        &waiting,
        Some("2026-12-01"),
        false,
    )
    .await
    .unwrap();
    let now = apply_document(&chain.k, &Actor::OPERATOR, &newest, None, false)
        .await
        .unwrap();
    assert_eq!((version(&now), stored_anew(&now)), (3, true));
    chain.clock.set_time(at("2026-12-05"));
    let back = apply_document(&chain.k, &Actor::OPERATOR, &newest, None, false)
        .await
        .unwrap();
    assert_eq!((version(&back), stored_anew(&back)), (4, true));
}
