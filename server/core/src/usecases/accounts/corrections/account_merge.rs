//! Two accounts of one person become one: all that the first has goes to the second, and whatever comes to it later too. What
//! was moved is recorded, so that it can be moved back.

use super::approval_limits::{ApprovalRequest, ask_or_note, points_at_stake};
use super::{card_in_force, check_note};
use crate::domain::actor::Actor;
use crate::domain::amounts::Points;
use crate::domain::corrections::SupportRequestKind;
use crate::domain::roles::Permission;
use crate::ids::{MemberId, RowId, StaffId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::merged_accounts::{self as stored, AccountMergeRow};
use crate::store::support_requests::SupportRequestRow;
use crate::store::{Tx, cards, ledger, members, tills};
use crate::usecases::access::staff::Officer;
use crate::usecases::loyalty::merged_accounts::{self, AccountMergeTransfer, AccountPair};
use crate::usecases::loyalty::points_forwarding;
use crate::usecases::loyalty::posting::LedgerPosting;
use crate::usecases::{Error, Refusal, transact};

/// Result of a request to merge two accounts, or to undo a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountMergeOutcome {
    /// It is done.
    Moved(MergedAccountPair),
    /// A second person must approve it under this id.
    Waiting(RowId),
}

/// Two accounts that were merged, or are apart again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedAccountPair {
    /// Points that were moved, active and pending.
    pub points: Points,
    /// A debt that was moved along.
    pub debt: Points,
    /// The merge, by which it is moved back.
    pub id: RowId,
    /// The two accounts, the one that gave first.
    pub members: (MemberId, MemberId),
}

/// Moves all that one card's account has to another's: lots with their dates, a debt, level, uses of offers, gifts; blocks the
/// first card. For a person who has two. What a return, a sale that waited or a claim brings to the first account later goes
/// on to the second. Above the limit it waits for a second person.
///
/// # Errors
/// [`Error::Invalid`] with field `note`; the refusal of either card; [`Refusal::SameAccount`], also where the second goes
/// on to the first; [`Refusal::AccountJoined`] where the first was joined to another before.
pub async fn merge_accounts(
    service: &Kopilka,
    officer: &Officer,
    from: &str,
    to: &str,
    note: &str,
) -> Result<AccountMergeOutcome, Error> {
    officer.require(Permission::CorrectAccount)?;
    let note = check_note(note)?;
    let outcome = transact!(service.db, |tx| merge_in_transaction(
        service, tx, officer, from, to, &note
    )
    .await)?;
    notify_cards(service, &outcome);
    Ok(outcome)
}

async fn merge_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    from: &str,
    to: &str,
    note: &str,
) -> Result<AccountMergeOutcome, Error> {
    let rules = service.current_rules(tx).await?;
    let pair = AccountsToMerge::find_by_cards(tx, from, to).await?;
    hold_both(tx, pair.from, pair.to).await?;
    let request = ApprovalRequest {
        kind: SupportRequestKind::Move,
        member: pair.from,
        other: Some(pair.to),
        merge: None,
        card: &pair.card,
        other_card: to,
        phone: "",
        old_phone: None,
        note,
        points: points_at_stake(tx, pair.from).await?,
    };
    if let Some(id) = ask_or_note(tx, &rules, officer, request, service.now()).await? {
        return Ok(AccountMergeOutcome::Waiting(id));
    }
    let merged = merge_held_accounts(service, tx, &rules, officer.staff, &pair, note).await?;
    Ok(AccountMergeOutcome::Moved(merged))
}

/// Tells both members' open pages where something was moved.
fn notify_cards(service: &Kopilka, outcome: &AccountMergeOutcome) {
    if let AccountMergeOutcome::Moved(merged) = outcome {
        service.announce(merged.members.0);
        service.announce(merged.members.1);
    }
}

/// Merges the accounts of two cards as a second person has approved.
///
/// # Errors
/// As [`merge_accounts`]; [`Refusal::RequestOutdated`] where the cards lead to other accounts than when it was asked for.
pub(super) async fn merge_approved(
    service: &Kopilka,
    tx: &mut Tx,
    request: &SupportRequestRow,
) -> Result<MergedAccountPair, Error> {
    let rules = service.current_rules(tx).await?;
    let pair = AccountsToMerge::find_by_cards(tx, &request.card, &request.other_card).await?;
    if (pair.from, Some(pair.to)) != (request.member_id, request.other_id) {
        return Err(Refusal::RequestOutdated.into());
    }
    hold_both(tx, pair.from, pair.to).await?;
    merge_held_accounts(service, tx, &rules, request.author_id, &pair, &request.note).await
}

/// Two accounts that may be merged.
struct AccountsToMerge {
    from: MemberId,
    to: MemberId,
    /// Card of the first.
    card: String,
}

impl AccountsToMerge {
    async fn find_by_cards(tx: &mut Tx, from: &str, to: &str) -> Result<Self, Error> {
        let card = card_in_force(tx, from).await?;
        let from = card.member_id;
        let to = card_in_force(tx, to).await?.member_id;
        // Joined to the end of a chain and to nothing that leads back, accounts never go round in a circle.
        let to = points_forwarding::forwarding_target(tx, to)
            .await?
            .unwrap_or(to);
        match points_forwarding::forwarding_target(tx, from).await? {
            _ if from == to => return Err(Refusal::SameAccount.into()),
            Some(end) if end == to => return Err(Refusal::SameAccount.into()),
            Some(_) => return Err(Refusal::AccountJoined.into()),
            None => {}
        }
        Ok(Self {
            from,
            to,
            card: card.number,
        })
    }
}

/// Merges two accounts that are held.
async fn merge_held_accounts(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    author: StaffId,
    pair: &AccountsToMerge,
    note: &str,
) -> Result<MergedAccountPair, Error> {
    // Read once nobody else moves the same points: what others have brought in meanwhile is active by now.
    let now = service.now();
    let (from, to) = (pair.from, pair.to);
    let giver = posting(from, rules, author, now);
    let taker = giver.for_member(to);
    giver.catch_up(tx).await?;
    taker.catch_up(tx).await?;
    let (moved, lots) = points_forwarding::transfer_all(tx, &giver, &taker, note).await?;
    if !ledger::mark_merged_into(tx, from, to).await? {
        return Err(Error::Fault("an account was not emptied".to_owned()));
    }
    let mut things = AccountMergeTransfer {
        points: moved.points,
        debt: moved.debt,
        lots,
        ..AccountMergeTransfer::default()
    };
    merged_accounts::transfer_benefits(tx, rules, AccountPair { from, to }, &mut things, now)
        .await?;
    let id =
        merged_accounts::record_merge(tx, AccountPair { from, to }, author, note, &things, now)
            .await?;
    cards::block_card(tx, &pair.card, now).await?;
    tills::end_visits(tx, from, now);
    log_both_accounts(tx, author, AccountPair { from, to }, "given", "taken", now).await?;
    Ok(MergedAccountPair {
        points: moved.points,
        debt: moved.debt,
        id,
        members: (from, to),
    })
}

fn posting(
    member: MemberId,
    rules: &ProgrammeRules,
    author: StaffId,
    at: crate::domain::time::Instant,
) -> LedgerPosting<'_> {
    LedgerPosting {
        author: Some(author),
        ..LedgerPosting::new(member, rules, at)
    }
}

async fn log_both_accounts(
    tx: &mut Tx,
    author: StaffId,
    pair: AccountPair,
    gave: &'static str,
    took: &'static str,
    now: crate::domain::time::Instant,
) -> Result<(), Error> {
    let author = Actor::proven_operator(author);
    let AccountPair { from, to } = pair;
    for (member, other, outcome) in [(from, to, gave), (to, from, took)] {
        let line = AuditLine::new(Action::PointsMoved, &author)
            .member(member)
            .subject(other)
            .outcome(outcome);
        audit::log(tx, line, now).await?;
    }
    Ok(())
}

/// Undoes a merge: what is left of the points that were moved, and of those that came later by sales of the first account,
/// goes back; the level, uses of offers and gifts of each account are its own again; the card is no longer blocked. Points
/// that were spent meanwhile stay spent. Above the limit it waits for a second person.
///
/// # Errors
/// [`Error::Invalid`] with field `note`; [`Refusal::NotFound`] for an unknown merge, one that is undone, and one of an account
/// that is closed; [`Refusal::AccountJoined`] where the second account was merged into another since.
pub async fn undo_merge(
    service: &Kopilka,
    officer: &Officer,
    id: RowId,
    note: &str,
) -> Result<AccountMergeOutcome, Error> {
    officer.require(Permission::CorrectAccount)?;
    let note = check_note(note)?;
    let outcome = transact!(service.db, |tx| undo_merge_in_transaction(
        service, tx, officer, id, &note
    )
    .await)?;
    notify_cards(service, &outcome);
    Ok(outcome)
}

async fn undo_merge_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    id: RowId,
    note: &str,
) -> Result<AccountMergeOutcome, Error> {
    let rules = service.current_rules(tx).await?;
    let merge = hold_merge(tx, id).await?;
    let HeldMerge { row, things } = &merge;
    let (giver, taker) = (row.into_id, row.member_id);
    let lots = points_forwarding::lots_to_give_back(tx, giver, taker, things).await?;
    let points: Points = lots.iter().map(|lot| lot.remaining).sum();
    let request = ApprovalRequest {
        kind: SupportRequestKind::MoveBack,
        member: row.member_id,
        other: Some(row.into_id),
        merge: Some(id),
        card: "",
        other_card: "",
        phone: "",
        old_phone: None,
        note,
        points: points + things.debt,
    };
    if let Some(waits) = ask_or_note(tx, &rules, officer, request, service.now()).await? {
        return Ok(AccountMergeOutcome::Waiting(waits));
    }
    let merged = undo_held_merge(service, tx, &rules, officer.staff, &merge, note).await?;
    Ok(AccountMergeOutcome::Moved(merged))
}

/// Undoes a merge as a second person has approved.
///
/// # Errors
/// As [`undo_merge`].
pub(super) async fn undo_approved_merge(
    service: &Kopilka,
    tx: &mut Tx,
    author: StaffId,
    id: RowId,
    note: &str,
) -> Result<MergedAccountPair, Error> {
    let rules = service.current_rules(tx).await?;
    let merge = hold_merge(tx, id).await?;
    undo_held_merge(service, tx, &rules, author, &merge, note).await
}

/// A merge that can be undone; both accounts are held.
struct HeldMerge {
    row: AccountMergeRow,
    /// Everything that it moved.
    things: AccountMergeTransfer,
}

/// Returns a merge that can be undone, and what it moved; both accounts are held.
async fn hold_merge(tx: &mut Tx, id: RowId) -> Result<HeldMerge, Error> {
    let row = stored::lock_merge(tx, id)
        .await?
        .filter(|row| row.undone_at.is_none())
        .ok_or(Refusal::NotFound)?;
    let (from, to) = (row.member_id, row.into_id);
    for member in [from.min(to), from.max(to)] {
        let account = ledger::lock_account(tx, member).await?;
        if members::load_member(tx, member).await?.closed_at.is_some() {
            return Err(Refusal::NotFound.into());
        }
        if member == to && account.joined_to.is_some() {
            return Err(Refusal::AccountJoined.into());
        }
    }
    let things = serde_json::from_str(&row.moved)?;
    Ok(HeldMerge { row, things })
}

async fn undo_held_merge(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    author: StaffId,
    HeldMerge { row, things }: &HeldMerge,
    note: &str,
) -> Result<MergedAccountPair, Error> {
    let now = service.now();
    let (from, to) = (row.member_id, row.into_id);
    let giver = posting(to, rules, author, now);
    let taker = giver.for_member(from);
    giver.catch_up(tx).await?;
    let moved = points_forwarding::transfer_back(tx, &giver, &taker, things, note).await?;
    merged_accounts::transfer_benefits_back(tx, rules, AccountPair { from, to }, things, now)
        .await?;
    stored::unblock_cards(tx, from, row.merged_at).await?;
    stored::mark_undone(tx, row.id, author, now).await?;
    let back = AccountPair { from: to, to: from };
    log_both_accounts(tx, author, back, "given-back", "taken-back", now).await?;
    Ok(MergedAccountPair {
        points: moved.points,
        debt: moved.debt,
        id: row.id,
        members: (to, from),
    })
}

/// Holds both accounts, in one order, so that two moves the other way round never wait for each other.
///
/// # Errors
/// [`Error::Busy`] where one of them was joined to another or closed meanwhile.
async fn hold_both(tx: &mut Tx, from: MemberId, to: MemberId) -> Result<(), Error> {
    for member in [from.min(to), from.max(to)] {
        let joined = ledger::lock_account(tx, member).await?.joined_to.is_some();
        if joined || members::load_member(tx, member).await?.closed_at.is_some() {
            return Err(Error::Busy);
        }
    }
    Ok(())
}
