//! Accounts that were joined. The one that was emptied knows where its points went; whatever comes to it later (a return, a
//! sale that waited, a claim, a correction) goes on there in the same transaction, so that it never keeps points or a debt.

use super::Error;
use super::merged_accounts::{MovedLot, MovedThings};
use super::posting::{NewLot, Posting};
use crate::domain::amounts::Points;
use crate::domain::ledger::{self as rules, EntryKind, Lot, TakenBack, UpToDate, take_back};
use crate::domain::reason::Reason;
use crate::domain::time::Instant;
use crate::ids::{LotId, MemberId};
use crate::store::{Tx, ledger, receipts};

/// Amounts that went from one account to another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
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
pub(super) async fn end_of(tx: &mut Tx, member: MemberId) -> Result<Option<MemberId>, Error> {
    let mut end = None;
    let mut row = ledger::account(tx, member).await?;
    while let Some(next) = row.joined_to {
        end = Some(next);
        row = ledger::account(tx, next).await?;
    }
    Ok(end)
}

/// Holds the account until the transaction ends, and those that it goes on to; the last of them, as [`end_of`] says.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn hold(tx: &mut Tx, member: MemberId) -> Result<Option<MemberId>, Error> {
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
pub(super) async fn up_to_date(
    tx: &mut Tx,
    member: MemberId,
    now: Instant,
) -> Result<UpToDate, Error> {
    let debt = ledger::account(tx, member).await?.debt;
    let lots = ledger::lots(tx, member).await?;
    Ok(rules::up_to_date(lots, debt, now))
}

/// The account that another goes on to, as [`up_to_date`] says: a return to that one may take from its lots.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn up_to_date_at(
    tx: &mut Tx,
    end: Option<MemberId>,
    now: Instant,
) -> Result<UpToDate, Error> {
    match end {
        Some(end) => up_to_date(tx, end, now).await,
        None => Ok(UpToDate::default()),
    }
}

/// Gives all that `giver` has to `taker`: lots with their dates and their sales, and a debt. Both are held and caught up.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn give_all(
    tx: &mut Tx,
    giver: &Posting<'_>,
    taker: &Posting<'_>,
    note: &str,
) -> Result<(Moved, Vec<MovedLot>), Error> {
    let (mut moved, mut lots) = (Moved::default(), Vec::new());
    for lot in ledger::lots(tx, giver.member).await? {
        let to = give(tx, (giver, taker), &lot, lot.remaining, note).await?;
        lots.push(MovedLot {
            from: lot.id,
            to,
            points: lot.remaining,
        });
        moved.points += lot.remaining;
    }
    taker.settle_debt(tx).await?;
    let debt = ledger::account(tx, giver.member).await?.debt;
    if debt.is_positive() {
        giver.hand_over_debt(tx, debt, reason(debt, note))?;
        let lots = ledger::lots(tx, taker.member).await?;
        let taken = take_back(&[], Points::ZERO, &lots, debt, taker.at);
        let reason = reason(taken.from_lots(), note);
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
pub(super) async fn lots_to_give_back(
    tx: &mut Tx,
    (giver, taker): (MemberId, MemberId),
    things: &MovedThings,
) -> Result<Vec<Lot>, Error> {
    let is_theirs = |member| member == taker || things.earlier.contains(&member);
    let mut theirs = Vec::new();
    for lot in ledger::lots(tx, giver).await? {
        let came_along = things.lots.iter().any(|each| each.to == lot.id);
        let buyer = match ledger::sale_of(tx, LotId(lot.id)).await? {
            Some(sale) => receipts::by_id(tx, sale)
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
pub(super) async fn give_back(
    tx: &mut Tx,
    giver: &Posting<'_>,
    taker: &Posting<'_>,
    things: &MovedThings,
    note: &str,
) -> Result<Moved, Error> {
    let mut moved = Moved::default();
    for lot in lots_to_give_back(tx, (giver.member, taker.member), things).await? {
        give(tx, (giver, taker), &lot, lot.remaining, note).await?;
        moved.points += lot.remaining;
    }
    let owed = ledger::account(tx, giver.member).await?.debt;
    moved.debt = owed.min(things.debt);
    if moved.debt.is_positive() {
        giver.hand_over_debt(tx, moved.debt, reason(moved.debt, note))?;
        let theirs = ledger::lots(tx, taker.member).await?;
        let taken = take_back(&[], Points::ZERO, &theirs, moved.debt, taker.at);
        let reason = reason(taken.from_lots(), note);
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
pub(super) async fn go_on(tx: &mut Tx, posting: &Posting<'_>) -> Result<Option<MemberId>, Error> {
    let Some(end) = hold(tx, posting.member).await? else {
        return Ok(None);
    };
    let taker = on_its_own(posting).of(end);
    taker.catch_up(tx).await?;
    give_all(tx, &on_its_own(posting), &taker, "").await?;
    Ok(Some(end))
}

/// Brings what is about to be taken back from an account, and is in `lots` of the account that it was joined to, back to it:
/// what is to be taken then.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn fetch(
    tx: &mut Tx,
    end: Option<MemberId>,
    posting: &Posting<'_>,
    lots: &[Lot],
    taken: &TakenBack,
) -> Result<TakenBack, Error> {
    let mut taken = taken.clone();
    let Some(end) = end else {
        return Ok(taken);
    };
    let taker = on_its_own(posting);
    let giver = taker.of(end);
    for each in &mut taken.lots {
        if let Some(lot) = lots.iter().find(|lot| lot.id == each.lot) {
            each.lot = give(tx, (&giver, &taker), lot, each.points, "").await?;
        }
    }
    Ok(taken)
}

/// Gives points of a lot, which go on as a lot of the same dates and of the same sale: its id.
async fn give(
    tx: &mut Tx,
    (giver, taker): (&Posting<'_>, &Posting<'_>),
    lot: &Lot,
    points: Points,
    note: &str,
) -> Result<uuid::Uuid, Error> {
    let sale = ledger::sale_of(tx, LotId(lot.id)).await?;
    giver.hand_over(tx, lot, points, reason(points, note))?;
    let new = NewLot {
        points,
        activates: lot.activates,
        expires: lot.expires,
        sale,
    };
    let reasons = [(points, reason(points, note))];
    Ok(taker.open_lot(tx, EntryKind::Transfer, new, &reasons)?.id)
}

/// Transfers are of no receipt, whatever caused them: what a receipt did is counted by its entries.
const fn on_its_own<'a>(posting: &Posting<'a>) -> Posting<'a> {
    Posting {
        receipt: None,
        ..*posting
    }
}

fn reason(points: Points, note: &str) -> Reason {
    Reason::Transfer {
        points,
        note: note.to_owned(),
    }
}
