//! Lots of points: when they come alive, which pay first, what is due and what is left. A lot never gives more than it
//! holds, and time alone decides what may be spent: a night's work that is late changes no answer.

mod due;
mod kinds;
mod taking_back;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use uuid::Uuid;

pub use due::{DueLotMovement, UpToDateLots, anything_due, due_movements, up_to_date};
pub use kinds::{EntryKind, LotState};
pub use taking_back::{RestoredLot, TakeBackSources, restore, take_back};

use super::amounts::Points;
use super::programme::PointsRules;
use super::time::{Instant, add_days, add_months, end_of_month, local_date, start_of_day};

/// Points earned together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: Uuid,
    /// Points that came in.
    pub earned: Points,
    /// Points that are left.
    pub remaining: Points,
    /// Time at which they came in.
    pub created: Instant,
    /// Time from which they can be spent.
    pub activates: Instant,
    /// Time from which they can be spent no more; `None` = never.
    pub expires: Option<Instant>,
    /// State as stored.
    pub state: LotState,
}

impl Lot {
    fn is_open(&self) -> bool {
        self.state != LotState::Closed && self.remaining > Points(0)
    }

    fn is_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    fn is_usable(&self, now: Instant) -> bool {
        self.is_open() && self.activates <= now && !self.is_expired(now)
    }
}

/// Returns when points earned at `earned_at` can be spent, and from when no more.
///
/// Without a hold they are active at once; otherwise from the start of the local day `hold_days` later. Life is counted
/// from the local day of activation, its last day included: points expire at the start of the day after.
pub fn lot_dates(
    rules: &PointsRules,
    earned_at: Instant,
    hold_days: u32,
    zone: Tz,
) -> (Instant, Option<Instant>) {
    let earned_on = local_date(earned_at, zone);
    let (activates, first_day) = if hold_days == 0 {
        (earned_at, earned_on)
    } else {
        let day = add_days(earned_on, hold_days);
        (start_of_day(day, zone), day)
    };
    let last_day = match (rules.life.days, rules.life.months) {
        (Some(days), _) => Some(add_days(first_day, days)),
        (None, Some(months)) => Some(add_months(first_day, months)),
        (None, None) => None,
    };
    let expires = last_day.map(|day| {
        let day = if rules.life.end_of_month {
            end_of_month(day)
        } else {
            day
        };
        start_of_day(add_days(day, 1), zone)
    });
    (activates, expires)
}

/// Returns the time until which points live that return at `now` to a lot whose life is over: whole days, today not counted.
pub fn lot_grace(rules: &PointsRules, now: Instant, zone: Tz) -> Instant {
    let last_day = add_days(local_date(now, zone), rules.restore_grace_days);
    start_of_day(add_days(last_day, 1), zone)
}

/// Points that one lot gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotAllocation {
    /// The lot.
    pub lot: Uuid,
    /// Number of points, above 0.
    pub points: Points,
}

/// The lots hold less than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsShortfall {
    /// Points that they hold.
    pub available: Points,
}

/// Chooses the lots that give `wanted` points at `now`: the one that expires soonest first, then the oldest.
///
/// # Errors
/// [`PointsShortfall`] when active lots hold less.
pub fn allocate(
    lots: &[Lot],
    wanted: Points,
    now: Instant,
) -> Result<Vec<LotAllocation>, PointsShortfall> {
    let mut usable: Vec<&Lot> = lots.iter().filter(|lot| lot.is_usable(now)).collect();
    let available: Points = usable.iter().map(|lot| lot.remaining).sum();
    if wanted > available {
        return Err(PointsShortfall { available });
    }
    usable.sort_by_key(|lot| lot.spending_order());
    let mut left = wanted;
    let mut allocations = Vec::new();
    for lot in usable {
        if left <= Points(0) {
            break;
        }
        let points = left.min(lot.remaining);
        left -= points;
        allocations.push(LotAllocation {
            lot: lot.id,
            points,
        });
    }
    Ok(allocations)
}

/// Chooses the lots that give up to `wanted` points at `now`, as [`allocate`] does: all that they hold where that is less.
pub fn allocate_up_to(lots: &[Lot], wanted: Points, now: Instant) -> Vec<LotAllocation> {
    allocate(lots, wanted, now).unwrap_or_else(|short| {
        // They hold just that.
        allocate(lots, short.available, now).unwrap_or_default()
    })
}

/// Points and debt of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointsBalance {
    /// Points that can be spent now.
    pub active: Points,
    /// Points that wait for their activation.
    pub pending: Points,
    /// Points that are still to be taken back.
    pub debt: Points,
    /// Points that expire next, and the time from which they can be spent no more.
    pub next_expiry: Option<(Points, Instant)>,
}

/// Returns the balance of a member at `now`, by the dates of the lots. Active points pay a debt as soon as there are any,
/// also where the entry that says so is still to be written.
pub fn balance(lots: &[Lot], debt: Points, now: Instant) -> PointsBalance {
    let UpToDateLots { lots, debt, .. } = up_to_date(lots.to_vec(), debt, now);
    let sum = |alive: bool| -> Points {
        let open = lots.iter().filter(|lot| lot.is_open());
        open.filter(|lot| (lot.activates <= now) == alive)
            .map(|lot| lot.remaining)
            .sum()
    };
    let (to_debt, active) = settle(debt, sum(true));
    PointsBalance {
        active,
        pending: sum(false),
        debt: debt - to_debt,
        next_expiry: expiries(&lots, now)
            .first()
            .map(|(at, points)| (*points, *at)),
    }
}

/// Returns when points expire and how many, soonest first, one row for each instant. Points that wait are among them.
pub fn expiries(lots: &[Lot], now: Instant) -> Vec<(Instant, Points)> {
    let mut days: BTreeMap<Instant, Points> = BTreeMap::new();
    for lot in lots {
        if let Some(expires) = lot.expires
            && expires > now
            && lot.is_open()
        {
            let day = days.entry(expires).or_default();
            *day += lot.remaining;
        }
    }
    days.into_iter().collect()
}

/// Returns how many of these points pay the debt, and how many are kept.
pub fn settle(debt: Points, earned: Points) -> (Points, Points) {
    let to_debt = debt.min(earned).max(Points(0));
    (to_debt, earned - to_debt)
}

#[cfg(test)]
mod tests;
