//! Corrections by support: points by hand with a reason and an author, above a limit only with a second person; a lost card
//! replaced; a phone changed; a balance moved from one account to another. Nothing is ever changed in place: each is entries of its own.

mod account_merge;
mod approval_limits;
mod approval_requests;
mod phone_change;

use chrono_tz::Tz;

pub use account_merge::{AccountMergeOutcome, MergedAccountPair, merge_accounts, undo_merge};
pub use approval_requests::waiting_requests;
pub use phone_change::change_phone;

use approval_limits::{log_decision, may_act_alone};

use crate::domain::actor::Actor;
use crate::domain::amounts::Points;
use crate::domain::card::CardNumber;
use crate::domain::corrections::CorrectionState;
use crate::domain::ledger::{EntryKind, lot_dates, take_back};
use crate::domain::reason::EntryReason;
use crate::domain::roles::Permission;
use crate::ids::{EntryId, MemberId, RowId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::adjustments::{self, AdjustmentRow, WaitingAdjustmentRow};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::cards::CardRow;
use crate::store::{Tx, cards, ledger, members, tills};
use crate::usecases::access::staff::Officer;
use crate::usecases::loyalty::points_forwarding;
use crate::usecases::loyalty::posting::{LedgerPosting, NewPointsLot};
use crate::usecases::sign_up::enrolment;
use crate::usecases::{Error, Refusal, transact};

/// Longest reason in characters.
const LONGEST_NOTE: usize = 300;
/// Most points that one correction may move.
const MOST_POINTS: i64 = 1_000_000_000;

/// Result of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrectionOutcome {
    /// The points have moved.
    Applied,
    /// A second person must approve it under this id.
    Waiting(RowId),
}

/// Moves points by hand: + gives, − takes. What is not there to be taken becomes a debt. `corrects` names the entry of the
/// same member that was a mistake. What the author has given, or taken, without a second person within a day counts with it, whoever got it.
///
/// # Errors
/// [`Error::Invalid`] with field `points`, `note` or `corrects`; the refusal of the card.
pub async fn adjust_points(
    service: &Kopilka,
    officer: &Officer,
    card: &str,
    points: Points,
    note: &str,
    corrects: Option<EntryId>,
) -> Result<CorrectionOutcome, Error> {
    officer.require(Permission::CorrectAccount)?;
    let note = check_note(note)?;
    if points.is_zero() || points.0.saturating_abs() > MOST_POINTS {
        return Err(Error::invalid_field("points", "points-invalid"));
    }
    let (adjustment, news) = transact!(service.db, |tx| adjust_in_transaction(
        service, tx, officer, card, points, &note, corrects
    )
    .await)?;
    news.into_iter().for_each(|member| service.announce(member));
    Ok(adjustment)
}

/// Moves points by hand or has that wait. Returns whose open cards are told after the commit.
async fn adjust_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    card: &str,
    points: Points,
    note: &str,
    corrects: Option<EntryId>,
) -> Result<(CorrectionOutcome, Vec<MemberId>), Error> {
    let member = card_in_force(tx, card).await?.member_id;
    let rules = service.current_rules(tx).await?;
    if let Some(entry) = corrects
        && ledger::find_entry(tx, member, entry).await?.is_none()
    {
        return Err(Error::invalid_field("corrects", "corrects-unknown"));
    }
    // Held before it is counted what was moved without a second person: accounts always before their authors.
    points_forwarding::hold_with_target(tx, member).await?;
    let now = service.now();
    let alone = may_act_alone(tx, &rules, officer.staff, points, now).await?;
    let row = AdjustmentRow {
        id: RowId::new(),
        member_id: member,
        points,
        note: note.to_owned(),
        author_id: officer.staff,
        created_at: now,
        state: if alone {
            CorrectionState::Applied
        } else {
            CorrectionState::Waiting
        },
        corrects,
    };
    adjustments::insert(tx, &row, alone.then_some(officer.staff)).await?;
    if !alone {
        let waits = officer
            .audit_line(Action::ApprovalAsked)
            .member(member)
            .subject(row.id)
            .outcome("points");
        audit::log(tx, waits, now).await?;
        return Ok((CorrectionOutcome::Waiting(row.id), Vec::new()));
    }
    let end = apply_adjustment(service, tx, &rules, &row).await?;
    let news = [member].into_iter().chain(end).collect();
    Ok((CorrectionOutcome::Applied, news))
}

/// Approves or declines a correction, a merge of accounts or a change of a phone that waits. What is approved is done now,
/// once, with the points that are there now. Returns the id of a merge that was made, by which it is undone.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::OwnAdjustment`] for its author; [`Refusal::Decided`] when somebody has decided already;
/// [`Refusal::RequestOutdated`] where the account, its card or its phone is another by now; what the act itself is refused for by now.
pub async fn decide_on_approval(
    service: &Kopilka,
    officer: &Officer,
    id: RowId,
    approve: bool,
) -> Result<Option<RowId>, Error> {
    officer.require(Permission::ApproveCorrection)?;
    let (merge, news) = transact!(service.db, |tx| decide_in_transaction(
        service, tx, officer, id, approve
    )
    .await)?;
    news.into_iter().for_each(|member| service.announce(member));
    Ok(merge)
}

/// Decides. Returns the id of a merge that was made, and whose open cards are told after the commit.
async fn decide_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    id: RowId,
    approve: bool,
) -> Result<(Option<RowId>, Vec<MemberId>), Error> {
    let now = service.now();
    let Some(row) = adjustments::find_by_id(tx, id).await? else {
        return approval_requests::decide_on_request(service, tx, officer, id, approve).await;
    };
    if approve && row.author_id == officer.staff {
        return Err(Refusal::OwnAdjustment.into());
    }
    let state = CorrectionState::decided(approve);
    if !adjustments::decide(tx, id, state, officer.staff, now).await? {
        return Err(Refusal::Decided.into());
    }
    log_decision(service, tx, officer, id, row.member_id, approve).await?;
    let mut end = None;
    if approve {
        let rules = service.current_rules(tx).await?;
        end = apply_adjustment(service, tx, &rules, &row).await?;
    }
    Ok((None, [row.member_id].into_iter().chain(end).collect()))
}

/// Corrections that wait for a second person, oldest first, and the time zone that their times are read in.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_waiting_adjustments(
    service: &Kopilka,
) -> Result<(Vec<WaitingAdjustmentRow>, Tz), Error> {
    let mut tx = service.db.read().await?;
    let zone = service.current_rules(&mut tx).await?.programme.time_zone;
    Ok((adjustments::list_waiting(&mut tx).await?, zone))
}

/// Moves the points of a correction; the account that they went on to, where the member's was joined to one.
async fn apply_adjustment(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    row: &AdjustmentRow,
) -> Result<Option<MemberId>, Error> {
    let end = points_forwarding::hold_with_target(tx, row.member_id).await?;
    if members::load_member(tx, row.member_id)
        .await?
        .closed_at
        .is_some()
    {
        return Err(Refusal::RequestOutdated.into());
    }
    // Read once nobody else moves the same points: what others have brought in meanwhile is active by now.
    let now = service.now();
    let posting = LedgerPosting {
        author: Some(row.author_id),
        corrects: row.corrects,
        ..LedgerPosting::new(row.member_id, rules, now)
    };
    posting.catch_up(tx).await?;
    if let Some(end) = end {
        posting.for_member(end).catch_up(tx).await?;
    }
    let points = row.signed();
    let reason = EntryReason::Adjusted {
        points: Points(points.0.saturating_abs()),
        note: row.note.clone(),
    };
    if points.is_positive() {
        bring_in(tx, &posting, points, reason).await?;
    } else {
        let theirs = points_forwarding::load_target_lots(tx, end, now)
            .await?
            .lots;
        let mut lots = ledger::list_open_lots(tx, row.member_id).await?;
        lots.extend(theirs.iter().cloned());
        let taken = take_back(&[], Points::ZERO, &lots, -points, now);
        let taken = points_forwarding::pull_points_back(tx, end, &posting, &theirs, &taken).await?;
        posting
            .take_back(tx, EntryKind::Adjust, &taken, reason)
            .await?;
    }
    if end.is_some() {
        points_forwarding::forward_points(tx, &posting).await?;
    }
    let author = Actor::proven_operator(row.author_id);
    let adjusted = AuditLine::new(Action::PointsAdjusted, &author)
        .member(row.member_id)
        .subject(row.id)
        .outcome(if points.is_positive() {
            "given"
        } else {
            "taken"
        });
    audit::log(tx, adjusted, now).await?;
    Ok(end)
}

/// Gives points that live as earned ones do, and can be spent at once.
async fn bring_in(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    points: Points,
    reason: EntryReason,
) -> Result<(), Error> {
    let programme = &posting.rules.programme;
    let (activates, expires) = lot_dates(&programme.points, posting.at, 0, programme.time_zone);
    let lot = NewPointsLot {
        points,
        activates,
        expires,
        sale: None,
    };
    posting
        .bring_in(tx, EntryKind::Adjust, lot, &[(points, reason)])
        .await
}

/// Gives a member a new card and blocks the old one for good; the points stay the member's.
///
/// # Errors
/// The refusal of the card.
pub async fn replace_card(
    service: &Kopilka,
    officer: &Officer,
    card: &str,
) -> Result<CardNumber, Error> {
    officer.require(Permission::CorrectAccount)?;
    let now = service.now();
    let (new, member) = transact!(service.db, |tx| {
        let old = card_in_force(tx, card).await?;
        cards::block_card(tx, &old.number, now).await?;
        tills::end_visits(tx, old.member_id, now);
        let new = enrolment::issue_card(tx, old.member_id, now).await?;
        let line = officer
            .audit_line(Action::CardReplaced)
            .member(old.member_id);
        audit::log(tx, line, now).await?;
        Ok((new, old.member_id))
    })?;
    service.announce(member);
    Ok(new)
}

fn check_note(note: &str) -> Result<String, Error> {
    let note = note.trim();
    if note.is_empty() {
        return Err(Error::invalid_field("note", "note-missing"));
    }
    if note.chars().count() > LONGEST_NOTE || note.chars().any(char::is_control) {
        return Err(Error::invalid_field("note", "note-invalid"));
    }
    Ok(note.to_owned())
}

/// The card of this number, spaces and all.
///
/// # Errors
/// [`Refusal::CardUnknown`]; [`Refusal::AccountJoined`] where its account was merged into another and the card blocked for that;
/// [`Refusal::CardBlocked`].
pub(crate) async fn card_in_force(tx: &mut Tx, number: &str) -> Result<CardRow, Error> {
    let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
    let number = CardNumber::parse(&digits).ok_or(Refusal::ScanCheckDigit)?;
    let card = cards::find_by_number(tx, number.as_str())
        .await?
        .ok_or(Refusal::CardUnknown)?;
    if card.blocked_at.is_some() {
        if points_forwarding::forwarding_target(tx, card.member_id)
            .await?
            .is_some()
        {
            return Err(Refusal::AccountJoined.into());
        }
        return Err(Refusal::CardBlocked.into());
    }
    Ok(card)
}

#[cfg(test)]
mod tests;
