//! Corrections by support: points by hand with a reason and an author, above a limit only with a second person; a lost card
//! replaced; a phone changed; a balance moved from one account to another. Nothing is ever changed in place: each is entries of its own.

use super::posting::{NewLot, Posting};
use super::staff::Officer;
use super::{Error, Refusal, enrolment};
use crate::domain::amounts::Points;
use crate::domain::card::CardNumber;
use crate::domain::ledger::{EntryKind, lot_dates, take_back};
use crate::domain::phone::Phone;
use crate::domain::reason::Reason;
use crate::ids::{MemberId, RowId};
use crate::service::{Kopilka, Rules};
use crate::store::adjustments::{self, AdjustmentRow};
use crate::store::audit::{self, Action, Line};
use crate::store::cards::CardRow;
use crate::store::{StoreError, Tx, cards, ledger, members, tills};

/// Longest reason in characters.
const LONGEST_NOTE: usize = 300;
/// Most points that one correction may move.
const MOST_POINTS: i64 = 1_000_000_000;

/// What became of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// The points have moved.
    Applied,
    /// A second person must approve it under this id.
    Waiting(RowId),
}

/// Moves points by hand: + gives, − takes. What is not there to be taken becomes a debt.
///
/// # Errors
/// [`Error::Invalid`] with field `points` or `note`; the refusal of the card.
pub async fn adjust(
    k: &Kopilka,
    officer: &Officer,
    card: &str,
    points: Points,
    note: &str,
) -> Result<Adjustment, Error> {
    let note = check_note(note)?;
    if points.is_zero() || points.0.saturating_abs() > MOST_POINTS {
        return Err(Error::field("points", "points-invalid"));
    }
    let now = k.now();
    let mut tx = k.db.write().await?;
    let member = card_in_force(&mut tx, card).await?.member_id;
    let rules = k.rules(&mut tx).await?;
    let alone = points.0.saturating_abs() <= rules.programme.adjustments.approval_above.0;
    let row = AdjustmentRow {
        id: RowId::new(),
        member_id: member,
        points: points.0,
        note,
        author_id: officer.staff,
        created_at: now.0,
        state: if alone { "applied" } else { "waiting" }.to_owned(),
    };
    adjustments::insert(&mut tx, &row, alone.then_some(officer.staff)).await?;
    if alone {
        apply(k, &mut tx, &rules, &row).await?;
    }
    tx.commit().await?;
    if alone {
        k.announce(member);
        return Ok(Adjustment::Applied);
    }
    Ok(Adjustment::Waiting(row.id))
}

/// Approves or declines a correction that waits.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::OwnAdjustment`] for its author; [`Refusal::Decided`] when somebody has decided already.
pub async fn decide(k: &Kopilka, officer: &Officer, id: RowId, approve: bool) -> Result<(), Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let row = adjustments::by_id(&mut tx, id)
        .await?
        .ok_or(Refusal::NotFound)?;
    if approve && row.author_id == officer.staff {
        return Err(Refusal::OwnAdjustment.into());
    }
    let state = if approve { "applied" } else { "declined" };
    if !adjustments::decide(&mut tx, id, state, officer.staff, now).await? {
        return Err(Refusal::Decided.into());
    }
    if approve {
        let rules = k.rules(&mut tx).await?;
        apply(k, &mut tx, &rules, &row).await?;
    }
    tx.commit().await?;
    k.announce(row.member_id);
    Ok(())
}

/// Corrections that wait for a second person, oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn waiting(k: &Kopilka) -> Result<Vec<AdjustmentRow>, Error> {
    let mut tx = k.db.read().await?;
    Ok(adjustments::waiting(&mut tx).await?)
}

async fn apply(k: &Kopilka, tx: &mut Tx, rules: &Rules, row: &AdjustmentRow) -> Result<(), Error> {
    ledger::lock_account(tx, row.member_id).await?;
    // Read once nobody else moves the same points: what others have brought in meanwhile is active by now.
    let now = k.now();
    let posting = Posting {
        member: row.member_id,
        rules,
        at: now,
        receipt: None,
        author: Some(row.author_id),
    };
    posting.catch_up(tx).await?;
    let points = row.signed();
    let reason = Reason::Adjusted {
        points: Points(points.0.saturating_abs()),
        note: row.note.clone(),
    };
    if points.is_positive() {
        let zone = rules.programme.time_zone;
        let (activates, expires) = lot_dates(&rules.programme.points, now, 0, zone);
        let lot = NewLot {
            points,
            activates,
            expires,
            sale: None,
        };
        return posting
            .bring_in(tx, EntryKind::Adjust, lot, &[(points, reason)])
            .await;
    }
    let lots = ledger::lots(tx, row.member_id).await?;
    let taken = take_back(&[], Points::ZERO, &lots, -points, now);
    posting
        .take_back(tx, EntryKind::Adjust, &taken, reason)
        .await
}

/// Gives a member a new card and blocks the old one for good; the points stay the member's.
///
/// # Errors
/// The refusal of the card.
pub async fn replace_card(k: &Kopilka, card: &str) -> Result<CardNumber, Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let old = card_in_force(&mut tx, card).await?;
    cards::block(&mut tx, &old.number, now).await?;
    tills::end_visits(&mut tx, old.member_id, now);
    let new = enrolment::issue_card(&mut tx, old.member_id, now).await?;
    tx.commit().await?;
    k.announce(old.member_id);
    Ok(new)
}

/// Gives a member another phone, once support has made sure who asks: for a lost number. Points are not spent for as long
/// after it as the programme's radar says.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`, also where it is another member's; the refusal of the card.
pub async fn change_phone(
    k: &Kopilka,
    officer: &Officer,
    card: &str,
    phone: &str,
) -> Result<(), Error> {
    let phone = Phone::parse(phone).map_err(|fault| Error::field("phone", fault.key()))?;
    let now = k.now();
    let mut tx = k.db.write().await?;
    let member = card_in_force(&mut tx, card).await?.member_id;
    members::set_phone(&mut tx, member, phone.as_str(), now)
        .await
        .map_err(|error| match error {
            StoreError::Duplicate => Error::field("phone", "phone-taken"),
            other => other.into(),
        })?;
    let line = Line::new(Action::PhoneChanged)
        .staff(officer.staff)
        .member(member);
    audit::log(&mut tx, line, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves all points from one card's account to another's, lot by lot with their dates, and blocks the first card: for a
/// person who has two. A debt stays with the account that made it. How many points went.
///
/// # Errors
/// [`Error::Invalid`] with field `note`; the refusal of either card; [`Refusal::SameAccount`].
pub async fn move_balance(
    k: &Kopilka,
    officer: &Officer,
    from: &str,
    to: &str,
    note: &str,
) -> Result<Points, Error> {
    let note = check_note(note)?;
    let now = k.now();
    let mut tx = k.db.write().await?;
    let from = card_in_force(&mut tx, from).await?;
    let to = card_in_force(&mut tx, to).await?;
    if from.member_id == to.member_id {
        return Err(Refusal::SameAccount.into());
    }
    let rules = k.rules(&mut tx).await?;
    let posting = |member: MemberId| Posting {
        member,
        rules: &rules,
        at: now,
        receipt: None,
        author: Some(officer.staff),
    };
    let (giver, taker) = (posting(from.member_id), posting(to.member_id));
    // Both accounts are held in one order, so that two moves the other way round never wait for each other.
    let mut both = [giver, taker];
    both.sort_by_key(|posting| posting.member);
    for each in both {
        ledger::lock_account(&mut tx, each.member).await?;
        each.catch_up(&mut tx).await?;
    }
    let mut moved = Points::ZERO;
    for lot in ledger::lots(&mut tx, from.member_id).await? {
        let points = lot.remaining;
        let reason = Reason::Transfer {
            points,
            note: note.clone(),
        };
        giver.hand_over(&mut tx, &lot, reason.clone()).await?;
        let new = NewLot {
            points,
            activates: lot.activates,
            expires: lot.expires,
            sale: None,
        };
        taker
            .bring_in(&mut tx, EntryKind::Transfer, new, &[(points, reason)])
            .await?;
        moved += points;
    }
    cards::block(&mut tx, &from.number, now).await?;
    tills::end_visits(&mut tx, from.member_id, now);
    tx.commit().await?;
    k.announce(from.member_id);
    k.announce(to.member_id);
    Ok(moved)
}

fn check_note(note: &str) -> Result<String, Error> {
    let note = note.trim();
    if note.is_empty() {
        return Err(Error::field("note", "note-missing"));
    }
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(Error::field("note", "note-invalid"));
    }
    Ok(note.to_owned())
}

/// The card of this number, spaces and all, unless it is blocked.
async fn card_in_force(tx: &mut Tx, number: &str) -> Result<CardRow, Error> {
    let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let number = CardNumber::parse(&digits).ok_or(Refusal::ScanCheckDigit)?;
    let card = cards::by_number(tx, number.as_str())
        .await?
        .ok_or(Refusal::CardUnknown)?;
    if card.blocked_at.is_some() {
        return Err(Refusal::CardBlocked.into());
    }
    Ok(card)
}

#[cfg(test)]
mod tests;
