//! Limits of a support person who acts alone: within a day, points up to the programme's limit in all, whoever gets them. Acts
//! beyond it need a second person, in whatever parts they come.

use crate::domain::amounts::Points;
use crate::domain::corrections::{CorrectionState, SupportRequestKind};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action};
use crate::store::support_requests::{self, SupportRequestRow};
use crate::store::{Tx, adjustments, ledger};
use crate::usecases::Error;
use crate::usecases::access::staff::Officer;

/// Seconds for which acts of one author are counted together: parts of a large one need a second person as the whole would.
const COUNTED_TOGETHER: i64 = 86_400;

/// Returns whether the author may move so many points without a second person: with those that they gave (or, for a
/// negative number, took) alone within a day. Two acts of one author at the same time are counted one after the other.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn may_act_alone(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    author: StaffId,
    points: Points,
    now: Instant,
) -> Result<bool, Error> {
    tx.advisory_lock(&format!("author {author}")).await?;
    let since = now.plus_secs(-COUNTED_TOGETHER);
    let mut before = adjustments::sum_decided_alone_since(tx, author, points, since).await?;
    if points.is_positive() {
        before += support_requests::sum_decided_alone_since(tx, author, since).await?;
    }
    let together = before.0.saturating_add(points.0).saturating_abs();
    Ok(together <= rules.programme.adjustments.approval_above.0)
}

/// Returns the points that hang on an account: active and pending ones, and a debt. The account is locked by this.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn points_at_stake(tx: &mut Tx, member: MemberId) -> Result<Points, Error> {
    let debt = ledger::lock_account(tx, member).await?.debt;
    let lots = ledger::list_open_lots(tx, member).await?;
    let points: Points = lots.iter().map(|lot| lot.remaining).sum();
    Ok(points + debt)
}

/// An act that hands points to somebody.
pub(super) struct ApprovalRequest<'a> {
    /// Its kind.
    pub kind: SupportRequestKind,
    /// Member whose account it is about.
    pub member: MemberId,
    /// The other account of a move.
    pub other: Option<MemberId>,
    /// The merge that is to be moved back.
    pub merge: Option<RowId>,
    /// Number of the card that names the account.
    pub card: &'a str,
    /// Number of the card that names the other account, or nothing.
    pub other_card: &'a str,
    /// The new phone, or nothing.
    pub phone: &'a str,
    /// The phone that it is to replace; `None` for a move.
    pub old_phone: Option<&'a str>,
    /// Reason, or nothing.
    pub note: &'a str,
    /// Points that hang on it.
    pub points: Points,
}

/// Stores the act: done by the author alone where they may, or waiting. Returns the id of one that waits.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn ask_or_note(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    officer: &Officer,
    request: ApprovalRequest<'_>,
    now: Instant,
) -> Result<Option<RowId>, Error> {
    if !request.points.is_positive() {
        return Ok(None);
    }
    let alone = may_act_alone(tx, rules, officer.staff, request.points, now).await?;
    let row = SupportRequestRow {
        id: RowId::new(),
        kind: request.kind,
        member_id: request.member,
        other_id: request.other,
        merge_id: request.merge,
        card: request.card.to_owned(),
        other_card: request.other_card.to_owned(),
        phone: request.phone.to_owned(),
        old_phone: request.old_phone.map(str::to_owned),
        points: request.points,
        note: request.note.to_owned(),
        author_id: officer.staff,
        created_at: now,
    };
    support_requests::insert_waiting(tx, &row).await?;
    if alone {
        support_requests::decide(tx, row.id, CorrectionState::Applied, officer.staff, now).await?;
        return Ok(None);
    }
    let waits = officer
        .audit_line(Action::ApprovalAsked)
        .member(request.member)
        .subject(row.id)
        .outcome(request.kind.as_str());
    audit::log(tx, waits, now).await?;
    Ok(Some(row.id))
}

/// Writes down that somebody decided on what another asked for.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn log_decision(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    id: RowId,
    member: MemberId,
    approved: bool,
) -> Result<(), Error> {
    let line = officer
        .audit_line(Action::ApprovalDecided)
        .member(member)
        .subject(id)
        .outcome(if approved { "approved" } else { "declined" });
    audit::log(tx, line, service.now()).await?;
    Ok(())
}
