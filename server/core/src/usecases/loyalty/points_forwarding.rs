//! Accounts that were joined. The one that was emptied knows where its points went; whatever comes to it later (a return, a
//! sale that waited, a claim, a correction) goes on there in the same transaction, so that it never keeps points or a debt.

use crate::domain::amounts::Points;
use crate::domain::ledger::{
    self as rules, EntryKind, Lot, TakeBackSources, UpToDateLots, take_back,
};
use crate::domain::reason::EntryReason;
use crate::domain::time::Instant;
use crate::ids::{LotId, MemberId};
use crate::store::{Tx, ledger, receipts};
use crate::usecases::Error;
use crate::usecases::loyalty::merged_accounts::{AccountMergeTransfer, TransferredLot};
use crate::usecases::loyalty::posting::{LedgerPosting, NewPointsLot};

/// Amounts that went from one account to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TransferredAmounts {
    /// Points, active and pending.
    pub points: Points,
    /// A debt, which went along.
    pub debt: Points,
}

/// Returns the account at the end of the chain of merges, to which all that comes is forwarded; `None` = the account was
/// not merged into another.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn forwarding_target(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Option<MemberId>, Error> {
    let mut end = None;
    let mut row = ledger::load_account(tx, member).await?;
    while let Some(next) = row.joined_to {
        end = Some(next);
        row = ledger::load_account(tx, next).await?;
    }
    Ok(end)
}

/// Holds the account until the transaction ends, and those that it goes on to; the last of them, as [`forwarding_target`] says.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn hold_with_target(
    tx: &mut Tx,
    member: MemberId,
) -> Result<Option<MemberId>, Error> {
    let mut end = None;
    let mut row = ledger::lock_account(tx, member).await?;
    while let Some(next) = row.joined_to {
        end = Some(next);
        row = ledger::lock_account(tx, next).await?;
    }
    Ok(end)
}

/// The account's lots as they are once what time has made due by `now` is written.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn load_current_lots(
    tx: &mut Tx,
    member: MemberId,
    now: Instant,
) -> Result<UpToDateLots, Error> {
    let debt = ledger::load_account(tx, member).await?.debt;
    let lots = ledger::list_open_lots(tx, member).await?;
    Ok(rules::up_to_date(lots, debt, now))
}

/// The account that another goes on to, as [`load_current_lots`] says: a return to that one may take from its lots.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn load_target_lots(
    tx: &mut Tx,
    end: Option<MemberId>,
    now: Instant,
) -> Result<UpToDateLots, Error> {
    match end {
        Some(end) => load_current_lots(tx, end, now).await,
        None => Ok(UpToDateLots::default()),
    }
}

/// Gives all that `giver` has to `taker`: lots with their dates and their sales, and a debt. Both are held and caught up.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn transfer_all(
    tx: &mut Tx,
    giver: &LedgerPosting<'_>,
    taker: &LedgerPosting<'_>,
    note: &str,
) -> Result<(TransferredAmounts, Vec<TransferredLot>), Error> {
    let (mut moved, mut lots) = (TransferredAmounts::default(), Vec::new());
    for lot in ledger::list_open_lots(tx, giver.member).await? {
        let to = transfer_lot(tx, giver, taker, &lot, lot.remaining, note).await?;
        lots.push(TransferredLot {
            from: lot.id,
            to,
            points: lot.remaining,
        });
        moved.points += lot.remaining;
    }
    taker.settle_debt(tx).await?;
    let debt = ledger::load_account(tx, giver.member).await?.debt;
    if debt.is_positive() {
        giver.hand_over_debt(tx, debt, transfer_reason(debt, note))?;
        let lots = ledger::list_open_lots(tx, taker.member).await?;
        let taken = take_back(&[], Points::ZERO, &lots, debt, taker.at);
        let reason = transfer_reason(taken.from_lots(), note);
        taker
            .take_back(tx, EntryKind::Transfer, &taken, reason)
            .await?;
        moved.debt = debt;
    }
    Ok((moved, lots))
}

/// Returns the lots of `giver` that had come from `taker`, and those of sales of `taker` that came later.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn lots_to_give_back(
    tx: &mut Tx,
    giver: MemberId,
    taker: MemberId,
    things: &AccountMergeTransfer,
) -> Result<Vec<Lot>, Error> {
    let is_theirs = |member| member == taker || things.earlier.contains(&member);
    let mut theirs = Vec::new();
    for lot in ledger::list_open_lots(tx, giver).await? {
        let came_along = things.lots.iter().any(|each| each.to == lot.id);
        let buyer = match ledger::find_sale_of_lot(tx, LotId(lot.id)).await? {
            Some(sale) => receipts::find_by_id(tx, sale)
                .await?
                .and_then(|sale| sale.member_id),
            None => None,
        };
        if came_along || buyer.is_some_and(is_theirs) {
            theirs.push(lot);
        }
    }
    Ok(theirs)
}

/// Gives back what is left of lots that had come from another account, and of lots of its sales that came later; and of a
/// debt that came along as much as is still owed. Both accounts are held and caught up.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn transfer_back(
    tx: &mut Tx,
    giver: &LedgerPosting<'_>,
    taker: &LedgerPosting<'_>,
    things: &AccountMergeTransfer,
    note: &str,
) -> Result<TransferredAmounts, Error> {
    let mut moved = TransferredAmounts::default();
    for lot in lots_to_give_back(tx, giver.member, taker.member, things).await? {
        transfer_lot(tx, giver, taker, &lot, lot.remaining, note).await?;
        moved.points += lot.remaining;
    }
    let owed = ledger::load_account(tx, giver.member).await?.debt;
    moved.debt = owed.min(things.debt);
    if moved.debt.is_positive() {
        giver.hand_over_debt(tx, moved.debt, transfer_reason(moved.debt, note))?;
        let theirs = ledger::list_open_lots(tx, taker.member).await?;
        let taken = take_back(&[], Points::ZERO, &theirs, moved.debt, taker.at);
        let reason = transfer_reason(taken.from_lots(), note);
        taker
            .take_back(tx, EntryKind::Transfer, &taken, reason)
            .await?;
    }
    taker.settle_debt(tx).await?;
    Ok(moved)
}

/// Lets whatever has just come to an account go on, where it was joined to another: which one.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn forward_points(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
) -> Result<Option<MemberId>, Error> {
    let Some(end) = hold_with_target(tx, posting.member).await? else {
        return Ok(None);
    };
    let taker = without_receipt(posting).for_member(end);
    taker.catch_up(tx).await?;
    transfer_all(tx, &without_receipt(posting), &taker, "").await?;
    Ok(Some(end))
}

/// Brings what is about to be taken back from an account, and is in `lots` of the account that it was joined to, back to it:
/// what is to be taken then.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn pull_points_back(
    tx: &mut Tx,
    end: Option<MemberId>,
    posting: &LedgerPosting<'_>,
    lots: &[Lot],
    taken: &TakeBackSources,
) -> Result<TakeBackSources, Error> {
    let mut taken = taken.clone();
    let Some(end) = end else {
        return Ok(taken);
    };
    let taker = without_receipt(posting);
    let giver = taker.for_member(end);
    for each in &mut taken.lots {
        if let Some(lot) = lots.iter().find(|lot| lot.id == each.lot) {
            each.lot = transfer_lot(tx, &giver, &taker, lot, each.points, "").await?;
        }
    }
    Ok(taken)
}

/// Gives points of a lot, which go on as a lot of the same dates and of the same sale: its id.
async fn transfer_lot(
    tx: &mut Tx,
    giver: &LedgerPosting<'_>,
    taker: &LedgerPosting<'_>,
    lot: &Lot,
    points: Points,
    note: &str,
) -> Result<uuid::Uuid, Error> {
    let sale = ledger::find_sale_of_lot(tx, LotId(lot.id)).await?;
    giver.hand_over(tx, lot, points, transfer_reason(points, note))?;
    let new = NewPointsLot {
        points,
        activates: lot.activates,
        expires: lot.expires,
        sale,
    };
    let reasons = [(points, transfer_reason(points, note))];
    Ok(taker.open_lot(tx, EntryKind::Transfer, new, &reasons)?.id)
}

/// Transfers are of no receipt, whatever caused them: what a receipt did is counted by its entries.
const fn without_receipt<'a>(posting: &LedgerPosting<'a>) -> LedgerPosting<'a> {
    LedgerPosting {
        receipt: None,
        ..*posting
    }
}

fn transfer_reason(points: Points, note: &str) -> EntryReason {
    EntryReason::Transfer {
        points,
        note: note.to_owned(),
    }
}
