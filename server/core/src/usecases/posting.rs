//! Moving points: every change of a balance goes through here, as entries with reasons, lots and allocations.

use super::Error;
use crate::domain::amounts::Points;
use crate::domain::ledger::{
    Allocation, Due, EntryKind, Lot, LotState, allocate, due, lot_dates, settle,
};
use crate::domain::reason::Reason;
use crate::domain::time::Instant;
use crate::ids::{EntryId, LotId, MemberId, ReceiptId};
use crate::service::Rules;
use crate::store::ledger::NewEntry;
use crate::store::{Tx, ledger};

/// Whose ledger is moved, by which rules, when, and because of which receipt.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    /// Whose.
    pub member: MemberId,
    /// By which rules.
    pub rules: &'a Rules,
    /// When.
    pub at: Instant,
    /// Because of which receipt.
    pub receipt: Option<ReceiptId>,
}

impl Posting<'_> {
    fn entry(
        &self,
        kind: EntryKind,
        points: Points,
        lot: Option<LotId>,
        reason: Reason,
    ) -> NewEntry {
        NewEntry {
            member: self.member,
            kind,
            points,
            lot,
            receipt: self.receipt,
            version: self.rules.version,
            reason,
            at: self.at,
        }
    }

    /// Earns points as one lot, pending for `hold_days`, and lets them settle a debt first.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn earn(
        &self,
        tx: &mut Tx,
        points: Points,
        hold_days: u32,
        reasons: &[(Points, Reason)],
    ) -> Result<(), Error> {
        if points.0 <= 0 {
            return Ok(());
        }
        let zone = self.rules.programme.time_zone;
        let (activates, expires) =
            lot_dates(&self.rules.programme.points, self.at, hold_days, zone);
        let lot = Lot {
            id: LotId::new().0,
            earned: points,
            remaining: points,
            created: self.at,
            activates,
            expires,
            state: if activates <= self.at {
                LotState::Active
            } else {
                LotState::Pending
            },
        };
        ledger::add_lot(tx, self.member, self.receipt, &lot).await?;
        for (part, reason) in reasons {
            let entry = self.entry(EntryKind::Earn, *part, Some(LotId(lot.id)), reason.clone());
            ledger::add(tx, &entry).await?;
        }
        let debt = Points(ledger::account(tx, self.member).await?.debt);
        let (to_debt, _) = settle(debt, points);
        if to_debt.0 > 0 {
            // The debt entry has lowered the balance already: settling moves points from the lot to the debt.
            let reason = Reason::Settled { points: to_debt };
            let entry = self.entry(EntryKind::Settle, Points(0), Some(LotId(lot.id)), reason);
            let entry = ledger::add(tx, &entry).await?;
            ledger::take(tx, self.member, entry, LotId(lot.id), to_debt).await?;
            ledger::lower_debt(tx, self.member, to_debt).await?;
        }
        Ok(())
    }

    /// Spends points: soonest to expire first. The allocations say which lot paid.
    ///
    /// # Errors
    /// [`Error::Fault`] when the lots hold less: the caller has checked what may be spent.
    pub async fn spend(
        &self,
        tx: &mut Tx,
        points: Points,
        reason: Reason,
    ) -> Result<Option<EntryId>, Error> {
        if points.0 <= 0 {
            return Ok(None);
        }
        let lots = ledger::lots(tx, self.member).await?;
        let allocations = allocate(&lots, points, self.at).map_err(|short| {
            Error::Fault(format!(
                "{} points to spend, {} active",
                points.0, short.available.0
            ))
        })?;
        let entry = self.entry(EntryKind::Spend, Points(-points.0), None, reason);
        let entry = ledger::add(tx, &entry).await?;
        for Allocation { lot, points } in allocations {
            ledger::take(tx, self.member, entry, LotId(lot), points).await?;
        }
        Ok(Some(entry))
    }

    /// Does what time has made due: activates lots whose hold is over, expires those whose life is.
    /// Doing it twice does nothing more.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn catch_up(&self, tx: &mut Tx) -> Result<(), Error> {
        let lots = ledger::lots(tx, self.member).await?;
        for step in due(&lots, self.at) {
            match step {
                Due::Activate { lot } => {
                    ledger::set_lot_state(tx, LotId(lot), LotState::Active).await?;
                    let held = lots
                        .iter()
                        .find(|each| each.id == lot)
                        .map_or(Points(0), |each| each.remaining);
                    let reason = Reason::Activated { points: held };
                    // Activation makes points usable; it does not change how many there are.
                    let entry =
                        self.entry(EntryKind::Activate, Points(0), Some(LotId(lot)), reason);
                    ledger::add(tx, &entry).await?;
                }
                Due::Expire { lot, points } => {
                    let reason = Reason::Expired { points };
                    let entry = self.entry(
                        EntryKind::Expire,
                        Points(-points.0),
                        Some(LotId(lot)),
                        reason,
                    );
                    let entry = ledger::add(tx, &entry).await?;
                    ledger::take(tx, self.member, entry, LotId(lot), points).await?;
                }
            }
        }
        Ok(())
    }
}
