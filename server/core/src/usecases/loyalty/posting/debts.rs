//! Movements of debts: paid as soon as points are active, restored and moved with an account.

use super::{LedgerPosting, NewPointsLot};
use crate::domain::amounts::Points;
use crate::domain::ledger::{EntryKind, LotAllocation, allocate_up_to, settle};
use crate::domain::reason::{DebtCause, EntryReason};
use crate::domain::time::Instant;
use crate::store::{Tx, ledger};
use crate::usecases::Error;

impl LedgerPosting<'_> {
    /// Gives back spent points that had come from no lot but from a debt: it shrinks by them, and what it is smaller than
    /// they are becomes a lot that lives until `expires`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn give_back_to_debt_first(
        &self,
        tx: &mut Tx,
        points: Points,
        expires: Option<Instant>,
    ) -> Result<(), Error> {
        if !points.is_positive() {
            return Ok(());
        }
        let debt = ledger::load_account(tx, self.member).await?.debt;
        let (to_debt, rest) = settle(debt, points);
        let (kind, reason) = (EntryKind::Restore, |points| EntryReason::Restored {
            points,
        });
        if to_debt.is_positive() {
            self.add_entry(tx, kind, to_debt, None, reason(to_debt))?;
            ledger::add_debt(tx, self.member, -to_debt);
        }
        let lot = NewPointsLot {
            points: rest,
            activates: self.at,
            expires,
            sale: None,
        };
        self.bring_in(tx, kind, lot, &[(rest, reason(rest))]).await
    }

    /// Gives a debt of so many points away, to an account that takes it over.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn hand_over_debt(
        &self,
        tx: &mut Tx,
        debt: Points,
        reason: EntryReason,
    ) -> Result<(), Error> {
        self.add_entry(tx, EntryKind::Transfer, debt, None, reason)?;
        ledger::add_debt(tx, self.member, -debt);
        Ok(())
    }

    /// Takes over a debt that the same person has left in a closed account.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn owe_again(&self, tx: &mut Tx, points: Points) -> Result<(), Error> {
        let cause = DebtCause::ClosedAccount;
        self.add_entry(
            tx,
            EntryKind::Debt,
            -points,
            None,
            EntryReason::Debt { points, cause },
        )?;
        ledger::add_debt(tx, self.member, points);
        self.settle_debt(tx).await
    }

    /// Pays the debt from active points, as far as they reach.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn settle_debt(&self, tx: &mut Tx) -> Result<(), Error> {
        let debt = ledger::load_account(tx, self.member).await?.debt;
        if !debt.is_positive() {
            return Ok(());
        }
        let lots = ledger::list_open_lots(tx, self.member).await?;
        let allocations = allocate_up_to(&lots, debt, self.at);
        let points: Points = allocations.iter().map(|each| each.points).sum();
        if points.is_positive() {
            self.pay_debt(tx, points, &allocations)?;
        }
        Ok(())
    }

    /// The balance stays: the entry of the debt has lowered it already.
    pub(super) fn pay_debt(
        &self,
        tx: &mut Tx,
        points: Points,
        allocations: &[LotAllocation],
    ) -> Result<(), Error> {
        let reason = EntryReason::Settled { points };
        let entry = self.add_entry(tx, EntryKind::Settle, Points::ZERO, None, reason)?;
        self.add_allocations(tx, entry, allocations);
        ledger::add_debt(tx, self.member, -points);
        Ok(())
    }
}
