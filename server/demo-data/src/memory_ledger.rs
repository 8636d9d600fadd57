//! A member's ledger in memory while their past is being made: what `posting` does to stored rows, by the same rules of
//! `domain::ledger`, done to lots at hand. Entries and allocations go out at once, lots and the account at the end.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::numbers::MemberIdSequence;
use crate::rows::Rows;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::ledger::{
    DueLotMovement, EntryKind, Lot, LotAllocation, LotState, PointsBalance, RestoredLot,
    TakeBackSources, allocate, allocate_up_to, balance, due_movements,
};
use kopilka_core::domain::reason::EntryReason;
use kopilka_core::domain::tiers::TierStatus;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::{EntryId, LotId, MemberId, ReceiptId};
use kopilka_core::store::ledger::NewLedgerEntry;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::loyalty::posting::NewPointsLot;

/// A lot with what is asked of it later.
#[derive(Debug)]
struct MemoryLedgerLot {
    lot: Lot,
    sale: Option<ReceiptId>,
    expired: Points,
}

/// The points of a sale that goes back.
#[derive(Debug, Default)]
pub struct ReturnedSaleLots {
    /// Lots that it made.
    pub own: Vec<Lot>,
    /// Points of these lots that have expired.
    pub expired: Points,
    /// All other lots that can be taken from.
    pub others: Vec<Lot>,
    /// Lots that paid for it, with what each still has in it.
    pub paid: Vec<(Lot, Points)>,
}

/// A member's ledger.
#[derive(Debug)]
pub struct MemoryLedger {
    member: MemberId,
    version: i64,
    held: Vec<MemoryLedgerLot>,
    balance: Points,
    debt: Points,
    /// Points that each lot has paid for a sale.
    paid: BTreeMap<(ReceiptId, Uuid), Points>,
}

/// Time and receipt of a movement of points.
#[derive(Debug, Clone, Copy)]
pub struct MovementCause {
    /// Time of the movement.
    pub at: Instant,
    /// The receipt.
    pub receipt: Option<ReceiptId>,
    /// The sale that spending belongs to.
    pub sale: Option<ReceiptId>,
}

impl MovementCause {
    /// Time alone.
    pub fn at_time(at: Instant) -> Self {
        Self {
            at,
            receipt: None,
            sale: None,
        }
    }
}

/// Collector of rows, with the source of their ids.
#[derive(Debug)]
pub struct RowSink<'a> {
    /// Rows.
    pub rows: &'a mut Rows,
    /// Ids.
    pub ids: &'a mut MemberIdSequence,
}

impl MemoryLedger {
    /// An empty one.
    pub fn new(member: MemberId, version: i64) -> Self {
        Self {
            member,
            version,
            held: Vec::new(),
            balance: Points::ZERO,
            debt: Points::ZERO,
            paid: BTreeMap::new(),
        }
    }

    fn open_lots(&self) -> Vec<Lot> {
        self.held
            .iter()
            .filter(|held| held.lot.state != LotState::Closed)
            .map(|held| held.lot.clone())
            .collect()
    }

    fn find_lot(&mut self, lot: Uuid) -> Result<&mut MemoryLedgerLot, Error> {
        self.held
            .iter_mut()
            .find(|held| held.lot.id == lot)
            .ok_or_else(|| Error::Fault(format!("lot {lot} is not the member's")))
    }

    /// Returns the member's balance at `at`.
    pub fn balance(&self, at: Instant) -> PointsBalance {
        balance(&self.open_lots(), self.debt, at)
    }

    /// The next instant by which time makes something of the lots due.
    pub fn next_due(&self) -> Option<Instant> {
        let open = self
            .held
            .iter()
            .map(|held| &held.lot)
            .filter(|lot| lot.state != LotState::Closed);
        open.filter_map(|lot| match lot.state {
            LotState::Pending => Some(lot.activates),
            _ => lot.expires,
        })
        .min()
    }

    fn add_entry(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
        kind: EntryKind,
        points: Points,
        lot: Option<Uuid>,
        reason: EntryReason,
    ) -> Result<EntryId, Error> {
        let id = EntryId(out.ids.next_id());
        let entry = NewLedgerEntry {
            member: self.member,
            kind,
            points,
            lot: lot.map(LotId),
            receipt: cause.receipt,
            version: self.version,
            reason,
            author: None,
            corrects: None,
            at: cause.at,
        };
        out.rows.add_entry(id, &entry)?;
        self.balance += points;
        Ok(id)
    }

    fn add_allocations(
        &mut self,
        out: &mut RowSink<'_>,
        entry: EntryId,
        allocations: &[LotAllocation],
    ) -> Result<(), Error> {
        for LotAllocation { lot, points } in allocations {
            let held = self.find_lot(*lot)?;
            held.lot.remaining -= *points;
            if held.lot.remaining.is_zero() {
                held.lot.state = LotState::Closed;
            }
            out.rows
                .add_allocation(entry, LotId(*lot), self.member, *points);
        }
        Ok(())
    }

    /// Brings points in as one lot; what is active at once pays a debt first.
    pub fn bring_in(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
        kind: EntryKind,
        new: NewPointsLot,
        reasons: &[(Points, EntryReason)],
    ) -> Result<(), Error> {
        if !new.points.is_positive() {
            return Ok(());
        }
        let sale = new.sale;
        let lot = new.into_lot(out.ids.next_id(), cause.at);
        let (id, state) = (lot.id, lot.state);
        self.held.push(MemoryLedgerLot {
            lot,
            sale,
            expired: Points::ZERO,
        });
        for (part, reason) in reasons {
            self.add_entry(out, cause, kind, *part, Some(id), reason.clone())?;
        }
        if state == LotState::Active {
            self.settle_debt(out, cause)?;
        }
        Ok(())
    }

    /// Spends points.
    pub fn spend_points(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
        points: Points,
        reason: EntryReason,
    ) -> Result<(), Error> {
        if !points.is_positive() {
            return Ok(());
        }
        let allocations = allocate(&self.open_lots(), points, cause.at)
            .map_err(|_| Error::Fault("more points are spent than there are".to_owned()))?;
        let kind = EntryKind::Spend;
        let entry = self.add_entry(out, cause, kind, -points, None, reason)?;
        self.remember_payment(cause, &allocations);
        self.add_allocations(out, entry, &allocations)
    }

    /// Remembers which lots paid for a sale.
    fn remember_payment(&mut self, cause: MovementCause, allocations: &[LotAllocation]) {
        if let Some(sale) = cause.sale {
            for each in allocations {
                *self.paid.entry((sale, each.lot)).or_default() += each.points;
            }
        }
    }

    /// The points of a sale that goes back.
    pub fn lots_of_sale(&self, sale: ReceiptId) -> ReturnedSaleLots {
        let (own, others): (Vec<&MemoryLedgerLot>, Vec<&MemoryLedgerLot>) =
            self.held.iter().partition(|held| held.sale == Some(sale));
        let mut of_sale = ReturnedSaleLots {
            own: own.iter().map(|held| held.lot.clone()).collect(),
            expired: own.iter().map(|held| held.expired).sum(),
            ..ReturnedSaleLots::default()
        };
        for held in others {
            let paid = self.paid.get(&(sale, held.lot.id)).copied();
            let paid = paid.unwrap_or_default();
            if paid.is_positive() {
                of_sale.paid.push((held.lot.clone(), paid));
            }
            // What is spent is closed, but what returns to it can be taken at once.
            if paid.is_positive() || held.lot.state != LotState::Closed {
                of_sale.others.push(held.lot.clone());
            }
        }
        of_sale
    }

    /// Gives spent points back to the lots they came from.
    pub fn restore(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
        restored: &[RestoredLot],
    ) -> Result<(), Error> {
        let points: Points = restored.iter().map(|each| each.points).sum();
        if !points.is_positive() {
            return Ok(());
        }
        let reason = EntryReason::Restored { points };
        let kind = EntryKind::Restore;
        let entry = self.add_entry(out, cause, kind, points, None, reason)?;
        for each in restored {
            let held = self.find_lot(each.lot)?;
            held.lot.remaining += each.points;
            held.lot.expires = each.expires.or(held.lot.expires);
            held.lot.state = held.lot.state_at(cause.at);
            let lot = LotId(each.lot);
            out.rows
                .add_allocation(entry, lot, self.member, -each.points);
            if let Some(sale) = cause.sale {
                *self.paid.entry((sale, each.lot)).or_default() -= each.points;
            }
        }
        Ok(())
    }

    /// Takes points back; what nobody holds any more becomes a debt.
    pub fn take_back(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
        kind: EntryKind,
        taken: &TakeBackSources,
        reason: EntryReason,
    ) -> Result<(), Error> {
        let points = taken.from_lots();
        if points.is_positive() {
            let entry = self.add_entry(out, cause, kind, -points, None, reason)?;
            if kind == EntryKind::Spend {
                self.remember_payment(cause, &taken.lots);
            }
            self.add_allocations(out, entry, &taken.lots)?;
        }
        if taken.debt.is_positive() {
            let points = taken.debt;
            let reason = EntryReason::new_debt(points, kind);
            self.add_entry(out, cause, EntryKind::Debt, -points, None, reason)?;
            self.debt += points;
        }
        Ok(())
    }

    /// Pays the debt from active points, as far as they reach.
    pub fn settle_debt(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
    ) -> Result<(), Error> {
        if !self.debt.is_positive() {
            return Ok(());
        }
        let allocations = allocate_up_to(&self.open_lots(), self.debt, cause.at);
        let points: Points = allocations.iter().map(|each| each.points).sum();
        if points.is_positive() {
            self.pay_debt(out, cause, points, &allocations)?;
        }
        Ok(())
    }

    fn pay_debt(
        &mut self,
        out: &mut RowSink<'_>,
        cause: MovementCause,
        points: Points,
        allocations: &[LotAllocation],
    ) -> Result<(), Error> {
        let (kind, none) = (EntryKind::Settle, Points::ZERO);
        let reason = EntryReason::Settled { points };
        let entry = self.add_entry(out, cause, kind, none, None, reason)?;
        self.add_allocations(out, entry, allocations)?;
        self.debt -= points;
        Ok(())
    }

    /// Does what time has made due.
    pub fn catch_up(&mut self, out: &mut RowSink<'_>, cause: MovementCause) -> Result<(), Error> {
        for step in due_movements(&self.open_lots(), self.debt, cause.at) {
            match step {
                DueLotMovement::Activate { lot, points } => {
                    self.find_lot(lot)?.lot.state = LotState::Active;
                    let (kind, none) = (EntryKind::Activate, Points::ZERO);
                    let reason = EntryReason::Activated { points };
                    self.add_entry(out, cause, kind, none, Some(lot), reason)?;
                }
                DueLotMovement::Settle { lot, points } => {
                    self.pay_debt(out, cause, points, &[LotAllocation { lot, points }])?;
                }
                DueLotMovement::Expire { lot, points } => {
                    let kind = EntryKind::Expire;
                    let reason = EntryReason::Expired { points };
                    let entry = self.add_entry(out, cause, kind, -points, Some(lot), reason)?;
                    self.add_allocations(out, entry, &[LotAllocation { lot, points }])?;
                    self.find_lot(lot)?.expired += points;
                }
            }
        }
        Ok(())
    }

    /// Writes lots and account as they are at the end.
    pub fn write_final_state(self, rows: &mut Rows, tier: &TierStatus) {
        for held in &self.held {
            rows.add_lot(self.member, held.sale, &held.lot);
        }
        rows.add_account(self.member, self.balance, self.debt, tier);
    }
}
