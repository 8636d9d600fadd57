//! A tier's period, notice, grace and fall, by example and for any member, programme and clock.
use chrono::NaiveDate;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::domain::programme::tests::demo;

const IDS: [&str; 4] = ["start", "silver", "gold", "platinum"];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The night that ends a day in Moscow.
fn night(text: &str) -> Instant {
    start_of_day(add_days(day(text), 1), Tz::Europe__Moscow)
}

fn noon(text: &str) -> Instant {
    start_of_day(day(text), Tz::Europe__Moscow).plus_secs(43_200)
}

fn programme(downgrade: TierDowngrade) -> Programme {
    let mut programme = demo();
    programme.tier_rules.downgrade = downgrade;
    programme
}

fn reached(tier: &str, at: Instant) -> TierStatus {
    TierStatus {
        tier: tier.to_owned(),
        since: at,
        until: Some(period_end(&demo(), at)),
        warned: None,
    }
}

/// The standing after a verdict, as it is stored.
fn after(standing: &TierStatus, verdict: &TierReviewVerdict<'_>, night: Instant) -> TierStatus {
    let mut next = standing.clone();
    match verdict {
        TierReviewVerdict::Holds => {}
        TierReviewVerdict::Renewed { until } => {
            next.until = Some(*until);
            next.warned = None;
        }
        TierReviewVerdict::Warned { until, .. } => {
            next.until = Some(*until);
            next.warned = Some(night);
        }
        TierReviewVerdict::Lowered { to, until } => {
            next = TierStatus {
                tier: to.id.clone(),
                since: night,
                until: *until,
                warned: None,
            };
        }
    }
    next
}

#[test]
fn a_tier_holds_until_the_end_of_the_same_day_a_year_later() {
    let programme = demo();
    let silver = reached("silver", noon("2026-11-22"));
    assert_eq!(silver.ends_at(&programme), Some(night("2027-11-22")));
    let early = night("2027-11-21");
    assert_eq!(
        review(&programme, &silver, 0, early, early),
        TierReviewVerdict::Holds
    );
}

#[test]
fn the_purchase_that_reached_a_tier_does_not_count_for_keeping_it() {
    let programme = demo();
    let silver = reached("silver", noon("2026-11-22"));
    let end = silver.ends_at(&programme).unwrap();
    assert!(silver.counted_since(&programme, end) > noon("2026-11-22"));
    assert_eq!(
        silver.counted_since(&programme, end),
        start_of_day(day("2026-11-23"), Tz::Europe__Moscow)
    );
}

#[test]
fn a_tier_with_enough_counted_is_renewed_to_the_same_day_of_the_next_year() {
    let programme = programme(TierDowngrade::OneStep);
    let silver = reached("silver", noon("2026-11-22"));
    let end = night("2027-11-22");
    let verdict = review(&programme, &silver, 1_500_000, end, end);
    let until = night("2028-11-21"); // 365 days on: 2028 is a leap year
    assert_eq!(verdict, TierReviewVerdict::Renewed { until });
}

#[test]
fn too_little_is_a_notice_and_a_grace_of_thirty_days() {
    let programme = programme(TierDowngrade::OneStep);
    let silver = reached("silver", noon("2025-11-22"));
    let end = night("2026-11-22");
    let told = end.plus_secs(90);
    let verdict = review(&programme, &silver, 1_180_000, end, told);
    let until = night("2026-12-22");
    assert_eq!(
        verdict,
        TierReviewVerdict::Warned {
            missing: 320_000,
            until
        }
    );
    let warned = after(&silver, &verdict, end);
    assert_eq!(warned.missing(&programme, 1_180_000), Some(320_000));
    assert_eq!(warned.missing(&programme, 1_600_000), Some(0));
    assert_eq!(silver.missing(&programme, 1_180_000), None);
}

#[test]
fn what_a_notice_said_does_not_grow_while_the_grace_goes_on() {
    let programme = demo();
    let mut gold = reached("gold", noon("2025-11-22"));
    let end = night("2026-11-22");
    gold.warned = Some(end);
    let later = end.plus_days(29);
    assert_eq!(
        gold.counted_since(&programme, later),
        gold.counted_since(&programme, end)
    );
}

#[test]
fn after_the_grace_a_member_is_renewed_or_falls_one_step_or_in_full() {
    let end = night("2026-12-22");
    let warned = TierStatus {
        until: Some(end),
        warned: Some(night("2026-11-22")),
        ..reached("platinum", noon("2025-11-22"))
    };
    let fall = |downgrade, counted| {
        let programme = programme(downgrade);
        match review(&programme, &warned, counted, end, end) {
            TierReviewVerdict::Lowered { to, until } => (to.id.clone(), until),
            TierReviewVerdict::Renewed { until } => ("renewed".to_owned(), Some(until)),
            other => panic!("{other:?}"),
        }
    };
    let next = Some(night("2027-12-22"));
    assert_eq!(
        fall(TierDowngrade::OneStep, 15_000_000),
        ("renewed".into(), next)
    );
    assert_eq!(fall(TierDowngrade::None, 0), ("renewed".into(), next));
    assert_eq!(fall(TierDowngrade::OneStep, 0), ("gold".into(), next));
    assert_eq!(fall(TierDowngrade::Full, 0), ("start".into(), None));
    assert_eq!(fall(TierDowngrade::Full, -5), ("start".into(), None));
    assert_eq!(
        fall(TierDowngrade::Full, 14_999_999),
        ("gold".into(), next),
        "in full is to what the measure gives"
    );
    assert_eq!(
        fall(TierDowngrade::Full, 1_500_000),
        ("silver".into(), next)
    );
}

#[test]
fn a_grace_is_counted_from_the_notice_however_late_the_night_is() {
    let programme = programme(TierDowngrade::Full);
    let silver = reached("silver", noon("2024-01-10"));
    let missed = night("2025-01-09");
    let told = noon("2026-05-01");
    let verdict = review(&programme, &silver, 0, missed, told);
    assert_eq!(
        verdict,
        TierReviewVerdict::Warned {
            missing: 1_500_000,
            until: night("2026-05-30")
        }
    );
}

#[test]
fn without_a_grace_there_is_no_notice() {
    let mut programme = programme(TierDowngrade::OneStep);
    programme.tier_rules.grace_days = 0;
    let silver = reached("silver", noon("2025-11-22"));
    let end = night("2026-11-22");
    assert!(matches!(
        review(&programme, &silver, 0, end, end),
        TierReviewVerdict::Lowered { until: None, .. }
    ));
}

#[test]
fn the_first_tier_and_one_that_is_gone_have_no_end() {
    let programme = demo();
    let far = Instant(i64::MAX);
    for id in ["start", "gone"] {
        let standing = TierStatus {
            until: Some(Instant(0)),
            ..reached(id, Instant(0))
        };
        assert_eq!(standing.ends_at(&programme), None);
        assert_eq!(
            review(&programme, &standing, 0, far, far),
            TierReviewVerdict::Holds
        );
    }
}

#[test]
fn a_tier_from_before_periods_holds_one_from_the_day_it_was_reached() {
    let programme = demo();
    let old = TierStatus {
        until: None,
        ..reached("silver", noon("2026-11-22"))
    };
    assert_eq!(old.ends_at(&programme), Some(night("2027-11-22")));
}

prop_compose! {
    fn rules()(
        window_days in 1..800_u32,
        grace_days in 0..90_u32,
        downgrade in prop::sample::select(vec![TierDowngrade::None, TierDowngrade::OneStep, TierDowngrade::Full]),
        zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
    ) -> Programme {
        let mut programme = demo();
        programme.time_zone = zone;
        programme.tier_rules.window_days = window_days;
        programme.tier_rules.grace_days = grace_days;
        programme.tier_rules.downgrade = downgrade;
        programme
    }
}

/// Any moment from 2001 to 2065.
fn moment() -> impl Strategy<Value = Instant> {
    (1_000_000_000_000_000_i64..3_000_000_000_000_000).prop_map(Instant)
}

prop_compose! {
    fn standing()(
        tier in prop::sample::select(&IDS[..]),
        since in moment(),
        until in prop::option::of(moment()),
        warned in prop::option::of(moment()),
    ) -> TierStatus {
        TierStatus { tier: tier.to_owned(), since, until, warned }
    }
}

fn place(id: &str) -> usize {
    IDS.iter().position(|each| *each == id).unwrap()
}

proptest! {
    #[test]
    fn a_second_review_of_a_night_does_nothing_more(
        programme in rules(), standing in standing(), counted in 0..20_000_000_i64, night in moment(), told in moment(),
    ) {
        let first = review(&programme, &standing, counted, night, told);
        let next = after(&standing, &first, night);
        prop_assert_eq!(review(&programme, &next, counted, night, told), TierReviewVerdict::Holds);
        // A clock that goes back finds nothing to do either.
        let back = Instant(night.0 - 1);
        prop_assert_eq!(review(&programme, &next, 0, back, told), TierReviewVerdict::Holds);
    }

    #[test]
    fn nobody_falls_without_a_notice_and_its_whole_grace(
        programme in rules(), standing in standing(), counted in 0..20_000_000_i64, night in moment(), told in moment(),
    ) {
        let grace = i64::from(programme.tier_rules.grace_days);
        match review(&programme, &standing, counted, night, told) {
            TierReviewVerdict::Lowered { .. } => prop_assert!(standing.warned.is_some() || grace == 0),
            TierReviewVerdict::Warned { until, missing } => {
                prop_assert!(standing.warned.is_none());
                prop_assert!(missing > 0);
                let days = local_date(until, programme.time_zone)
                    .signed_duration_since(local_date(told.max(night), programme.time_zone))
                    .num_days();
                // One more where a zone has skipped a day of its calendar.
                prop_assert!(days == grace || days == grace + 1, "{days} days of {grace}");
            }
            TierReviewVerdict::Holds | TierReviewVerdict::Renewed { .. } => {}
        }
    }

    #[test]
    fn more_counted_never_gives_a_lower_tier(
        programme in rules(), standing in standing(), less in 0..20_000_000_i64, more in 0..20_000_000_i64,
        night in moment(),
    ) {
        let (less, more) = (less.min(more), less.max(more));
        let tier = |counted| {
            let verdict = review(&programme, &standing, counted, night, night);
            place(&after(&standing, &verdict, night).tier)
        };
        prop_assert!(tier(less) <= tier(more));
        prop_assert!(tier(more) <= place(&standing.tier), "a review never lifts");
    }

    #[test]
    fn night_after_night_a_tier_falls_only_when_it_lacks_and_at_its_pace(
        programme in rules(), tier in prop::sample::select(&IDS[..]), since in moment(), counted in 0..20_000_000_i64,
        nights in 1..900_u32,
    ) {
        // What counts does not change meanwhile, so that only the order of nights could make a difference.
        let zone = programme.time_zone;
        let first = local_date(since, zone);
        let mut nightly = TierStatus { tier: tier.to_owned(), since, until: None, warned: None };
        let mut falls = 0;
        for n in 1..=nights {
            let night = start_of_day(add_days(first, n), zone);
            let verdict = review(&programme, &nightly, counted, night, night);
            falls += u32::from(matches!(verdict, TierReviewVerdict::Lowered { .. }));
            nightly = after(&nightly, &verdict, night);
        }
        let rules = &programme.tier_rules;
        // Each fall takes a period and a grace of its own.
        prop_assert!(falls <= nights / (rules.window_days + rules.grace_days).max(1) + 1);
        if rules.downgrade == TierDowngrade::None || counted >= programme.tier(tier).threshold {
            prop_assert_eq!(falls, 0);
            prop_assert_eq!(nightly.tier.as_str(), tier);
        }
        prop_assert!(nightly.ends_at(&programme).is_none_or(|ends| ends > start_of_day(add_days(first, nights), zone)));
    }
}
