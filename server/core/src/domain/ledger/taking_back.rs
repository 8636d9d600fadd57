//! Whose points go when a sale is undone, and to which lots spent points return. What cannot be taken is named as debt,
//! never dropped and never taken twice.

use super::{Lot, LotAllocation, LotState};
use crate::domain::amounts::Points;
use crate::domain::time::Instant;

/// Sources that points are taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakeBackSources {
    /// Lots that give, in the order in which they do.
    pub lots: Vec<LotAllocation>,
    /// Points of the sale that had expired: they are gone already and are not taken again.
    pub expired: Points,
    /// Points that nobody holds any more.
    pub debt: Points,
}

/// Takes `wanted` points back at `now`: from the sale's `own` lots, pending before active; then what of them has expired
/// (`expired` so far, and what is due to) counts as taken; then from `others`, as spending would; the rest is debt.
pub fn take_back(
    own: &[Lot],
    expired: Points,
    others: &[Lot],
    wanted: Points,
    now: Instant,
) -> TakeBackSources {
    let mut left = wanted.or_zero();
    let mut taken = TakeBackSources::default();
    let mut mine: Vec<&Lot> = own
        .iter()
        .filter(|lot| lot.is_open() && !lot.is_expired(now))
        .collect();
    mine.sort_by_key(|lot| (lot.activates <= now, lot.expires, lot.created, lot.id));
    taken.take_from_lots(&mine, &mut left);
    let due: Points = own
        .iter()
        .filter(|lot| lot.is_open() && lot.is_expired(now))
        .map(|lot| lot.remaining)
        .sum();
    taken.expired = (expired.or_zero() + due).min(left);
    left -= taken.expired;
    let mut theirs: Vec<&Lot> = others.iter().filter(|lot| lot.is_usable(now)).collect();
    theirs.sort_by_key(|lot| lot.spending_order());
    taken.take_from_lots(&theirs, &mut left);
    taken.debt = left;
    taken
}

impl TakeBackSources {
    fn take_from_lots(&mut self, lots: &[&Lot], left: &mut Points) {
        for lot in lots {
            let points = (*left).min(lot.remaining);
            if points.is_positive() {
                *left -= points;
                self.lots.push(LotAllocation {
                    lot: lot.id,
                    points,
                });
            }
        }
    }

    /// Returns the points that the lots give in all.
    pub fn from_lots(&self) -> Points {
        self.lots.iter().map(|each| each.points).sum()
    }
}

/// A lot to which spent points return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoredLot {
    /// The lot.
    pub lot: uuid::Uuid,
    /// Number of points.
    pub points: Points,
    /// Its new end of life, where the old one has passed.
    pub expires: Option<Instant>,
}

/// Chooses the lots to which `wanted` points return. `paid` says what each lot still has in the sale; the lot that would
/// have been spent last gets its points back first, as if less had been spent. A lot that has expired lives until `grace`.
pub fn restore(
    paid: &[(Lot, Points)],
    wanted: Points,
    now: Instant,
    grace: Instant,
) -> Vec<RestoredLot> {
    let mut lots: Vec<&(Lot, Points)> = paid.iter().collect();
    lots.sort_by_key(|(lot, _)| lot.spending_order());
    let mut left = wanted.or_zero();
    let mut restored = Vec::new();
    for (lot, points) in lots.into_iter().rev() {
        let points = left.min(*points);
        if points.is_positive() {
            left -= points;
            restored.push(RestoredLot {
                lot: lot.id,
                points,
                expires: lot.is_expired(now).then_some(grace),
            });
        }
    }
    restored
}

impl Lot {
    /// Returns the key by which lots pay: the one that expires soonest first, then the oldest.
    pub(super) fn spending_order(&self) -> (bool, Option<Instant>, Instant, uuid::Uuid) {
        (self.expires.is_none(), self.expires, self.created, self.id)
    }

    /// The state that a lot has at `now` when something is put back into it.
    pub fn state_at(&self, now: Instant) -> LotState {
        if self.activates <= now {
            LotState::Active
        } else {
            LotState::Pending
        }
    }
}
