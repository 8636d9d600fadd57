//! What time has made due: lots come alive, pay a debt, and end. Said once for everybody who writes it or foretells it.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Lot, LotState, settle};
use crate::domain::amounts::Points;
use crate::domain::time::Instant;

/// Step that time has made due on a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueLotMovement {
    /// Its hold is over.
    Activate {
        /// The lot.
        lot: Uuid,
        /// Points that it holds.
        points: Points,
    },
    /// It has come alive and pays of a debt.
    Settle {
        /// The lot.
        lot: Uuid,
        /// Points that it pays, above 0.
        points: Points,
    },
    /// Its life is over.
    Expire {
        /// The lot.
        lot: Uuid,
        /// Points that it still held, above 0.
        points: Points,
    },
}

impl Lot {
    fn activates_by(&self, now: Instant) -> bool {
        self.state == LotState::Pending && self.activates <= now
    }

    fn expires_by(&self, now: Instant) -> bool {
        self.is_open() && self.is_expired(now)
    }
}

/// Returns whether time has made anything due by `now`.
pub fn anything_due(lots: &[Lot], now: Instant) -> bool {
    lots.iter()
        .any(|lot| lot.activates_by(now) || lot.expires_by(now))
}

/// Everything that time has made due by `now`, in the order in which it became so, to a member who has this debt. Of lots
/// that come alive together, the one that would be spent first pays it.
pub fn due_movements(lots: &[Lot], mut debt: Points, now: Instant) -> Vec<DueLotMovement> {
    let mut moments = Vec::new();
    for lot in lots {
        if lot.activates_by(now) {
            moments.push((lot.activates, false, lot.spending_order(), lot));
        }
        if let Some(expires) = lot.expires
            && lot.expires_by(now)
        {
            // A lot never expires before it was active, whatever its dates say.
            let at = expires.max(lot.activates);
            moments.push((at, true, lot.spending_order(), lot));
        }
    }
    moments.sort_by_key(|(at, ends, order, _)| (*at, *ends, *order));
    let mut paid: BTreeMap<Uuid, Points> = BTreeMap::new();
    let mut steps = Vec::new();
    for (_, ends, _, lot) in moments {
        let (id, held) = (lot.id, lot.remaining);
        if ends {
            let points = held - paid.get(&id).copied().unwrap_or_default();
            if points.is_positive() {
                steps.push(DueLotMovement::Expire { lot: id, points });
            }
            continue;
        }
        steps.push(DueLotMovement::Activate {
            lot: id,
            points: held,
        });
        let (points, _) = settle(debt, held);
        if points.is_positive() {
            debt -= points;
            paid.insert(id, points);
            steps.push(DueLotMovement::Settle { lot: id, points });
        }
    }
    steps
}

/// Lots and debt as they are once everything that is due is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UpToDateLots {
    /// The same lots, those that have ended too.
    pub lots: Vec<Lot>,
    /// Debt that is left.
    pub debt: Points,
    /// Points that each lot has lost because its life is over.
    pub expired: BTreeMap<Uuid, Points>,
}

impl UpToDateLots {
    /// Returns the points that these lots have lost because their life is over.
    pub fn expired_of(&self, lots: &[Lot]) -> Points {
        let lost = lots.iter().filter_map(|lot| self.expired.get(&lot.id));
        lost.copied().sum()
    }

    /// A lot as it is then; one that was not asked about stays as it is.
    pub fn lot_up_to_date(&self, lot: &Lot) -> Lot {
        let known = self.lots.iter().find(|each| each.id == lot.id);
        known.unwrap_or(lot).clone()
    }
}

/// Returns `lots` and `debt` as they are once everything that is due by `now` is written.
pub fn up_to_date(lots: Vec<Lot>, debt: Points, now: Instant) -> UpToDateLots {
    let steps = due_movements(&lots, debt, now);
    let mut then = UpToDateLots {
        lots,
        debt,
        ..UpToDateLots::default()
    };
    for step in steps {
        let (DueLotMovement::Activate { lot: id, .. }
        | DueLotMovement::Settle { lot: id, .. }
        | DueLotMovement::Expire { lot: id, .. }) = step;
        let Some(lot) = then.lots.iter_mut().find(|lot| lot.id == id) else {
            continue;
        };
        match step {
            DueLotMovement::Activate { .. } => lot.state = LotState::Active,
            DueLotMovement::Settle { points, .. } => {
                lot.remaining -= points;
                then.debt -= points;
            }
            DueLotMovement::Expire { points, .. } => {
                lot.remaining -= points;
                then.expired.insert(id, points);
            }
        }
        if lot.remaining.is_zero() {
            lot.state = LotState::Closed;
        }
    }
    then
}
