//! Lots under any order and at any time: nothing is lost, nothing is spent twice, the soonest expiry pays first.
use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::domain::amounts::{Money, Rounding};
use crate::domain::programme::PointsLife;

fn at(text: &str) -> Instant {
    Instant(
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_micros(),
    )
}

fn rules(days: Option<u32>, months: Option<u32>, end_of_month: bool) -> PointsRules {
    PointsRules {
        value: Money(100),
        rounding: Rounding::Floor,
        hold_days: 0,
        bonus_hold_days: 0,
        restore_grace_days: 30,
        life: PointsLife {
            days,
            months,
            end_of_month,
        },
    }
}

fn lot(id: u128, remaining: i64, activates: i64, expires: Option<i64>) -> Lot {
    Lot {
        id: Uuid::from_u128(id),
        earned: Points(remaining.max(1)),
        remaining: Points(remaining),
        created: Instant(activates),
        activates: Instant(activates),
        expires: expires.map(Instant),
        state: LotState::Active,
    }
}

const MOSCOW: Tz = Tz::Europe__Moscow;

#[test]
fn without_a_hold_points_are_active_at_once_and_live_through_their_last_day() {
    let earned = at("2026-03-10T15:00:00+03:00");
    let (activates, expires) = lot_dates(&rules(Some(30), None, false), earned, 0, MOSCOW);
    assert_eq!(activates, earned);
    assert_eq!(expires, Some(at("2026-04-10T00:00:00+03:00")));
}

#[test]
fn a_hold_ends_with_the_night_and_life_is_counted_from_there() {
    let earned = at("2026-03-10T23:59:59+03:00");
    let (activates, expires) = lot_dates(&rules(Some(30), None, false), earned, 14, MOSCOW);
    assert_eq!(activates, at("2026-03-24T00:00:00+03:00"));
    assert_eq!(expires, Some(at("2026-04-24T00:00:00+03:00")));
}

#[test]
fn a_month_from_the_31st_of_january_ends_with_february() {
    let earned = at("2026-01-31T12:00:00+03:00");
    let (_, expires) = lot_dates(&rules(None, Some(1), false), earned, 0, MOSCOW);
    assert_eq!(expires, Some(at("2026-03-01T00:00:00+03:00")));
    let leap = at("2028-01-31T12:00:00+03:00");
    let (_, expires) = lot_dates(&rules(None, Some(1), false), leap, 0, MOSCOW);
    assert_eq!(expires, Some(at("2028-03-01T00:00:00+03:00")));
}

#[test]
fn life_can_run_to_the_end_of_the_month() {
    let earned = at("2026-01-10T12:00:00+03:00");
    let (_, expires) = lot_dates(&rules(None, Some(12), true), earned, 0, MOSCOW);
    assert_eq!(expires, Some(at("2027-02-01T00:00:00+03:00")));
    // The last day of a month is its own end.
    let last = at("2026-01-31T12:00:00+03:00");
    let (_, expires) = lot_dates(&rules(None, Some(1), true), last, 0, MOSCOW);
    assert_eq!(expires, Some(at("2026-03-01T00:00:00+03:00")));
}

#[test]
fn points_without_a_life_never_expire() {
    let (_, expires) = lot_dates(&rules(None, None, false), Instant(0), 3, MOSCOW);
    assert_eq!(expires, None);
}

#[test]
fn days_are_those_of_the_time_zone() {
    // Late on the 9th in London is the 10th in Moscow.
    let earned = at("2026-03-09T22:30:00+00:00");
    let (activates, _) = lot_dates(&rules(Some(1), None, false), earned, 1, MOSCOW);
    assert_eq!(activates, at("2026-03-11T00:00:00+03:00"));
}

#[test]
fn the_lot_that_expires_soonest_pays_first_then_the_oldest_and_the_lasting_one_last() {
    let lots = [
        lot(1, 10, 0, None),
        lot(2, 10, 5, Some(200)),
        lot(3, 10, 3, Some(200)),
        lot(4, 10, 9, Some(100)),
    ];
    let order: Vec<u128> = allocate(&lots, Points(40), Instant(50))
        .unwrap()
        .iter()
        .map(|allocation| allocation.lot.as_u128())
        .collect();
    assert_eq!(order, [4, 3, 2, 1]);
}

#[test]
fn points_that_wait_or_are_over_never_pay_whatever_their_state_says() {
    let mut waiting = lot(1, 10, 100, None);
    waiting.state = LotState::Active;
    let over = lot(2, 10, 0, Some(50));
    let mut late = lot(3, 10, 40, None);
    // Its hold is over, the night's work has not come yet.
    late.state = LotState::Pending;
    let mut closed = lot(4, 10, 0, None);
    closed.state = LotState::Closed;
    let lots = [waiting, over, late, closed];
    assert_eq!(
        allocate(&lots, Points(11), Instant(50)),
        Err(PointsShortfall {
            available: Points(10)
        })
    );
    let all = [LotAllocation {
        lot: Uuid::from_u128(3),
        points: Points(10),
    }];
    assert_eq!(allocate(&lots, Points(10), Instant(50)).unwrap(), all);
    for (wanted, given) in [(11, 10), (10, 10), (4, 4)] {
        let allocated = allocate_up_to(&lots, Points(wanted), Instant(50));
        let points = allocated.iter().map(|each| each.points).sum();
        assert_eq!((allocated.len(), points), (1, Points(given)), "{wanted}");
    }
    assert_eq!(allocate_up_to(&lots[..2], Points(5), Instant(50)), []);
}

#[test]
fn of_lots_that_come_alive_together_the_one_that_is_spent_first_pays_the_debt() {
    let asleep = |id, expires| Lot {
        state: LotState::Pending,
        ..lot(id, 10, 10, expires)
    };
    let (lasting, ending) = (asleep(1, None), asleep(2, Some(90)));
    for lots in [[lasting.clone(), ending.clone()], [ending, lasting]] {
        let paid = due_movements(&lots, Points(4), Instant(10))
            .into_iter()
            .find_map(|step| match step {
                DueLotMovement::Settle { lot, points } => Some((lot.as_u128(), points)),
                _ => None,
            });
        assert_eq!(paid, Some((2, Points(4))));
    }
}

#[test]
fn what_is_due_comes_in_the_order_of_time_and_only_once() {
    let mut slept = lot(1, 10, 10, Some(30));
    slept.state = LotState::Pending;
    let lots = [
        lot(2, 5, 0, Some(20)),
        slept,
        lot(3, 7, 0, Some(31)),
        lot(4, 0, 0, Some(5)),
    ];
    let id = Uuid::from_u128;
    assert_eq!(
        due_movements(&lots, Points(4), Instant(30)),
        [
            DueLotMovement::Activate {
                lot: id(1),
                points: Points(10),
            },
            DueLotMovement::Settle {
                lot: id(1),
                points: Points(4),
            },
            DueLotMovement::Expire {
                lot: id(2),
                points: Points(5)
            },
            DueLotMovement::Expire {
                lot: id(1),
                points: Points(6)
            },
        ]
    );
    assert_eq!(due_movements(&lots, Points(4), Instant(4)), []);
    assert!(anything_due(&lots, Instant(30)) && !anything_due(&lots, Instant(4)));
}

#[test]
fn the_next_expiry_is_the_sum_of_what_goes_at_once() {
    let lots = [
        lot(1, 10, 0, Some(100)),
        lot(2, 5, 60, Some(100)),
        lot(3, 1, 0, Some(90)),
    ];
    let now = balance(&lots, Points(2), Instant(50));
    assert_eq!(
        (now.active, now.pending, now.debt),
        (Points(9), Points(5), Points(0)),
        "what is active has paid the debt"
    );
    assert_eq!(now.next_expiry, Some((Points(1), Instant(90))));
    let later = balance(&lots, Points(0), Instant(90));
    assert_eq!(later.next_expiry, Some((Points(15), Instant(100))));
    assert_eq!(balance(&lots, Points(0), Instant(100)).next_expiry, None);
}

#[test]
fn new_points_pay_a_debt_first() {
    assert_eq!(settle(Points(30), Points(100)), (Points(30), Points(70)));
    assert_eq!(settle(Points(100), Points(30)), (Points(30), Points(0)));
    assert_eq!(settle(Points(0), Points(30)), (Points(0), Points(30)));
}

#[test]
fn names_of_kinds_and_states_are_read_back() {
    for kind in [
        EntryKind::Earn,
        EntryKind::Activate,
        EntryKind::Spend,
        EntryKind::Expire,
        EntryKind::Return,
        EntryKind::Restore,
        EntryKind::Adjust,
        EntryKind::Debt,
        EntryKind::Settle,
        EntryKind::Transfer,
    ] {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    for state in [LotState::Pending, LotState::Active, LotState::Closed] {
        assert_eq!(state.as_str().parse(), Ok(state));
    }
    assert!("gift".parse::<EntryKind>().is_err());
    assert!("".parse::<LotState>().is_err());
}

prop_compose! {
    fn any_lot()(
        remaining in 0..1_000_i64,
        activates in 0..100_i64,
        life in prop::option::of(1..100_i64),
        state in prop::sample::select(vec![LotState::Pending, LotState::Active, LotState::Closed]),
    ) -> Lot {
        Lot { state, ..lot(0, remaining, activates, life.map(|life| activates + life)) }
    }
}

fn any_lots() -> impl Strategy<Value = Vec<Lot>> {
    prop::collection::vec(any_lot(), 0..12).prop_map(|lots| {
        (1..)
            .zip(lots)
            .map(|(id, lot)| Lot {
                id: Uuid::from_u128(id),
                ..lot
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn allocations_add_up_and_never_take_more_than_a_lot_holds(
        lots in any_lots(), wanted in 0..3_000_i64, now in 0..200_i64,
    ) {
        let active = balance(&lots, Points(0), Instant(now)).active;
        match allocate(&lots, Points(wanted), Instant(now)) {
            Err(shortfall) => {
                prop_assert_eq!(shortfall.available, active);
                prop_assert!(active < Points(wanted));
            }
            Ok(allocations) => {
                let sum: Points = allocations.iter().map(|allocation| allocation.points).sum();
                prop_assert_eq!(sum, Points(wanted));
                for allocation in &allocations {
                    let lot = lots.iter().find(|lot| lot.id == allocation.lot).unwrap();
                    prop_assert!(allocation.points > Points(0));
                    prop_assert!(allocation.points <= lot.remaining);
                }
            }
        }
    }

    #[test]
    fn no_untouched_lot_expires_before_one_that_paid(
        lots in any_lots(), wanted in 0..3_000_i64, now in 0..200_i64,
    ) {
        let Ok(allocations) = allocate(&lots, Points(wanted), Instant(now)) else {
            return Ok(());
        };
        let expiry = |lot: &Lot| lot.expires.map_or(i64::MAX, |expires| expires.0);
        let paid = |lot: &Lot| {
            allocations
                .iter()
                .find(|allocation| allocation.lot == lot.id)
                .map_or(Points(0), |allocation| allocation.points)
        };
        let last = lots.iter().filter(|lot| paid(lot) > Points(0)).map(expiry).max();
        if let Some(last) = last {
            for lot in lots.iter().filter(|lot| lot.is_usable(Instant(now))) {
                prop_assert!(expiry(lot) >= last || paid(lot) == lot.remaining);
            }
        }
    }

    #[test]
    fn a_balance_is_the_sum_of_the_lots_that_live(lots in any_lots(), now in 0..200_i64) {
        let now = Instant(now);
        let alive: Points = lots
            .iter()
            .filter(|lot| lot.state != LotState::Closed)
            .filter(|lot| lot.expires.is_none_or(|expires| expires > now))
            .map(|lot| lot.remaining)
            .sum();
        let shown = balance(&lots, Points(0), now);
        prop_assert_eq!(shown.active + shown.pending, alive);
        let expiring: Points = expiries(&lots, now).iter().map(|(_, points)| points).sum();
        let lasting: Points = lots
            .iter()
            .filter(|lot| lot.state != LotState::Closed && lot.expires.is_none())
            .map(|lot| lot.remaining)
            .sum();
        prop_assert_eq!(expiring + lasting, alive);
        prop_assert!(expiries(&lots, now).is_sorted());
    }

    #[test]
    fn doing_what_is_due_changes_no_balance(lots in any_lots(), debt in 0..150_i64, now in 0..200_i64) {
        let (debt, now) = (Points(debt), Instant(now));
        let then = up_to_date(lots.clone(), debt, now);
        prop_assert_eq!(due_movements(&then.lots, then.debt, now), vec![]);
        prop_assert!(!anything_due(&then.lots, now));
        prop_assert_eq!(balance(&then.lots, then.debt, now), balance(&lots, debt, now));
        let held = |lots: &[Lot]| -> Points {
            lots.iter().filter(|lot| lot.state != LotState::Closed).map(|lot| lot.remaining).sum()
        };
        let expired: Points = then.expired.values().copied().sum();
        prop_assert_eq!(held(&lots) - held(&then.lots) - expired, debt - then.debt);
    }

    #[test]
    fn points_always_live_at_least_a_day_after_their_activation(
        earned in 0..4_000_000_000_i64, hold in 0..400_u32, life in 1..400_u32,
        months in any::<bool>(), end_of_month in any::<bool>(),
    ) {
        let rules = if months {
            rules(None, Some(life.min(120)), end_of_month)
        } else {
            rules(Some(life), None, end_of_month)
        };
        let earned = Instant(0).plus_secs(earned);
        let (activates, expires) = lot_dates(&rules, earned, hold, MOSCOW);
        prop_assert!(activates >= earned);
        prop_assert!(expires.unwrap() > activates.plus_days(1));
    }
}
