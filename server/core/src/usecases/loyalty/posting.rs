//! Moving points: every change of a balance goes through here, as entries with reasons, lots and allocations. A debt and
//! active points never stand side by side: whatever becomes active pays the debt first.

mod debts;

use uuid::Uuid;

use crate::domain::amounts::Points;
use crate::domain::ledger::{
    DueLotMovement, EntryKind, Lot, LotAllocation, LotState, RestoredLot, TakeBackSources,
    allocate, anything_due, due_movements,
};
use crate::domain::reason::EntryReason;
use crate::domain::time::Instant;
use crate::ids::{EntryId, LotId, MemberId, ReceiptId, StaffId};
use crate::service::ProgrammeRules;
use crate::store::ledger::NewLedgerEntry;
use crate::store::{Tx, ledger};
use crate::usecases::Error;

/// Movement of one member's ledger: its member, its rules, its time and its receipt.
#[derive(Debug, Clone, Copy)]
pub struct LedgerPosting<'a> {
    /// Member whose ledger is moved.
    pub member: MemberId,
    /// Rules by which points move.
    pub rules: &'a ProgrammeRules,
    /// Time of the movement.
    pub at: Instant,
    /// Receipt that causes the movement.
    pub receipt: Option<ReceiptId>,
    /// Person who moves the points by hand; `None` = a rule does.
    pub author: Option<StaffId>,
    /// The entry that is corrected, where one is.
    pub corrects: Option<EntryId>,
}

/// Points about to come in as one lot.
#[derive(Debug, Clone)]
pub struct NewPointsLot {
    /// Number of points; nothing happens unless it is above zero.
    pub points: Points,
    /// Time from which they can be spent.
    pub activates: Instant,
    /// Time from which they can be spent no more.
    pub expires: Option<Instant>,
    /// The sale they belong to.
    pub sale: Option<ReceiptId>,
}

impl NewPointsLot {
    /// Returns the lot that the points become at `at`.
    pub fn into_lot(self, id: Uuid, at: Instant) -> Lot {
        Lot {
            id,
            earned: self.points,
            remaining: self.points,
            created: at,
            activates: self.activates,
            expires: self.expires,
            state: if self.activates <= at {
                LotState::Active
            } else {
                LotState::Pending
            },
        }
    }
}

/// Points that were moved because time had made them due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CatchUpTotals {
    /// Points that became usable.
    pub activated: Points,
    /// Points that paid a debt.
    pub settled: Points,
    /// Points whose life was over.
    pub expired: Points,
}

impl<'a> LedgerPosting<'a> {
    /// Begins a movement by a rule, without a receipt.
    pub const fn new(member: MemberId, rules: &'a ProgrammeRules, at: Instant) -> Self {
        Self {
            member,
            rules,
            at,
            receipt: None,
            author: None,
            corrects: None,
        }
    }

    /// The same for another member.
    #[must_use]
    pub const fn for_member(self, member: MemberId) -> Self {
        Self { member, ..self }
    }

    fn build_entry(
        &self,
        kind: EntryKind,
        points: Points,
        lot: Option<LotId>,
        reason: EntryReason,
    ) -> NewLedgerEntry {
        NewLedgerEntry {
            member: self.member,
            kind,
            points,
            lot,
            receipt: self.receipt,
            version: self.rules.version,
            reason,
            author: self.author,
            // What else is written on the way, as when time has made something due, corrects nothing.
            corrects: match kind {
                EntryKind::Adjust | EntryKind::Debt => self.corrects,
                _ => None,
            },
            at: self.at,
        }
    }

    fn add_entry(
        &self,
        tx: &mut Tx,
        kind: EntryKind,
        points: Points,
        lot: Option<LotId>,
        reason: EntryReason,
    ) -> Result<EntryId, Error> {
        let entry = self.build_entry(kind, points, lot, reason);
        Ok(ledger::insert_entry(tx, &entry)?)
    }

    fn add_allocations(&self, tx: &mut Tx, entry: EntryId, allocations: &[LotAllocation]) {
        for LotAllocation { lot, points } in allocations {
            ledger::take_points(tx, self.member, entry, LotId(*lot), *points);
        }
    }

    /// Brings points in as one lot, an entry of `kind` for each reason; what is active at once pays a debt first.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn bring_in(
        &self,
        tx: &mut Tx,
        kind: EntryKind,
        new: NewPointsLot,
        reasons: &[(Points, EntryReason)],
    ) -> Result<(), Error> {
        if self.bring_in_free(tx, kind, new, reasons)? == LotState::Active {
            self.settle_debt(tx).await?;
        }
        Ok(())
    }

    /// Brings points in for a member who is known to have no debt; the state of the lot, closed where there is none.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn bring_in_free(
        &self,
        tx: &mut Tx,
        kind: EntryKind,
        new: NewPointsLot,
        reasons: &[(Points, EntryReason)],
    ) -> Result<LotState, Error> {
        if !new.points.is_positive() {
            return Ok(LotState::Closed);
        }
        Ok(self.open_lot(tx, kind, new, reasons)?.state)
    }

    /// Brings points in, of which there are some, and settles nothing: the lot that they are.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn open_lot(
        &self,
        tx: &mut Tx,
        kind: EntryKind,
        new: NewPointsLot,
        reasons: &[(Points, EntryReason)],
    ) -> Result<Lot, Error> {
        let sale = new.sale;
        let lot = new.into_lot(LotId::new().0, self.at);
        ledger::insert_lot(tx, self.member, sale, &lot);
        let entry = |(part, reason): &(Points, EntryReason)| {
            self.build_entry(kind, *part, Some(LotId(lot.id)), reason.clone())
        };
        ledger::insert_entries(tx, &reasons.iter().map(entry).collect::<Vec<_>>())?;
        Ok(lot)
    }

    /// Spends points: soonest to expire first. The allocations say which lot paid.
    ///
    /// # Errors
    /// [`Error::Fault`] when the lots hold less: the caller has checked what may be spent.
    pub async fn spend_points(
        &self,
        tx: &mut Tx,
        points: Points,
        reason: EntryReason,
    ) -> Result<(), Error> {
        if !points.is_positive() {
            return Ok(());
        }
        let lots = ledger::list_open_lots(tx, self.member).await?;
        let allocations = allocate(&lots, points, self.at).map_err(|short| {
            Error::Fault(format!(
                "{} points to spend, {} active",
                points.0, short.available.0
            ))
        })?;
        let entry = self.add_entry(tx, EntryKind::Spend, -points, None, reason)?;
        self.add_allocations(tx, entry, &allocations);
        Ok(())
    }

    /// Gives spent points back to the lots they came from. The caller settles a debt when all of the return has moved.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn restore_points(&self, tx: &mut Tx, restored: &[RestoredLot]) -> Result<(), Error> {
        let points: Points = restored.iter().map(|each| each.points).sum();
        if !points.is_positive() {
            return Ok(());
        }
        let reason = EntryReason::Restored { points };
        let entry = self.add_entry(tx, EntryKind::Restore, points, None, reason)?;
        for each in restored {
            ledger::give_back(tx, self.member, entry, each, self.at);
        }
        Ok(())
    }

    /// Takes points back under `kind`; what nobody holds any more becomes a debt.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn take_back(
        &self,
        tx: &mut Tx,
        kind: EntryKind,
        taken: &TakeBackSources,
        reason: EntryReason,
    ) -> Result<(), Error> {
        let points = taken.from_lots();
        if points.is_positive() {
            let entry = self.add_entry(tx, kind, -points, None, reason)?;
            self.add_allocations(tx, entry, &taken.lots);
        }
        if taken.debt.is_positive() {
            let reason = EntryReason::new_debt(taken.debt, kind);
            self.add_entry(tx, EntryKind::Debt, -taken.debt, None, reason)?;
            ledger::add_debt(tx, self.member, taken.debt);
        }
        Ok(())
    }

    /// Gives points of a lot away, as when an account is joined to another.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn hand_over(
        &self,
        tx: &mut Tx,
        lot: &Lot,
        points: Points,
        reason: EntryReason,
    ) -> Result<(), Error> {
        let id = Some(LotId(lot.id));
        let entry = self.add_entry(tx, EntryKind::Transfer, -points, id, reason)?;
        let lot = lot.id;
        self.add_allocations(tx, entry, &[LotAllocation { lot, points }]);
        Ok(())
    }

    /// Does what time has made due, each step as of its own time: activates lots whose hold is over, settles a debt with
    /// them, expires lots whose life is over. Doing it late or twice changes nothing.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn catch_up(&self, tx: &mut Tx) -> Result<CatchUpTotals, Error> {
        let mut done = CatchUpTotals::default();
        let lots = ledger::list_open_lots(tx, self.member).await?;
        if !anything_due(&lots, self.at) {
            return Ok(done);
        }
        let debt = ledger::load_account(tx, self.member).await?.debt;
        for step in due_movements(&lots, debt, self.at) {
            match step {
                DueLotMovement::Activate { lot, points } => {
                    ledger::set_lot_state(tx, LotId(lot), LotState::Active);
                    let reason = EntryReason::Activated { points };
                    // Activation makes points usable; it does not change how many there are.
                    let (kind, none) = (EntryKind::Activate, Points::ZERO);
                    self.add_entry(tx, kind, none, Some(LotId(lot)), reason)?;
                    done.activated += points;
                }
                DueLotMovement::Settle { lot, points } => {
                    self.pay_debt(tx, points, &[LotAllocation { lot, points }])?;
                    done.settled += points;
                }
                DueLotMovement::Expire { lot, points } => {
                    let reason = EntryReason::Expired { points };
                    let kind = EntryKind::Expire;
                    let entry = self.add_entry(tx, kind, -points, Some(LotId(lot)), reason)?;
                    self.add_allocations(tx, entry, &[LotAllocation { lot, points }]);
                    done.expired += points;
                }
            }
        }
        Ok(done)
    }
}
