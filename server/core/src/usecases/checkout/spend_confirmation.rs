//! The owner's word for spending: where a card was shown in a form that may not spend, the till asks and the owner answers
//! on a signed-in device of their own, within a minute. The first answer counts, and one receipt of the same visit uses it.

use crate::domain::amounts::Points;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::spend_answer::SpendAnswer;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{MemberId, RowId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::confirmations::{self, NewConfirmation};
use crate::store::{Tx, devices, members};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::Shopper;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::receipts::{SaleDraft, points_to_ask_for};
use crate::usecases::checkout::scanned_cards::{find_visit, find_visit_member};
use crate::usecases::{Error, Refusal, transact};

/// Time for which a question waits for its answer, in seconds (product rule: 60).
pub const SECONDS: i64 = 60;

/// State of a visit's last question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpendQuestionState {
    /// It waits for its answer.
    Waiting {
        /// Number of points that were asked for.
        points: Points,
        /// Whole seconds that are left, at least one.
        seconds: i64,
    },
    /// The owner agrees to so many points, and no receipt has used that yet.
    Confirmed {
        /// Most points that may be spent.
        points: Points,
    },
    /// The owner does not want to spend.
    Declined,
    /// Nobody has answered in time.
    Expired,
}

/// Question of a till to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpendQuestion {
    /// Its id, which the answer names.
    pub id: RowId,
    /// Number of points to spend.
    pub points: Points,
    /// Name of the store.
    pub store: String,
    /// Name of the till.
    pub till: String,
    /// Whole seconds that are left, at least one.
    pub seconds: i64,
}

fn seconds_until(end: Instant, now: Instant) -> i64 {
    let left = (end.0 - now.0).max(0);
    (left + 999_999) / 1_000_000
}

/// Asks the owner of the card that was shown whether points may pay for this receipt: as many as it says, or as many as
/// may. Asking twice for the same is asking once; asking for another number ends the question before.
///
/// # Errors
/// As a quote's; [`Refusal::NobodyToAsk`]; [`Refusal::TooManyPoints`], also where there is nothing to spend.
pub async fn ask_to_confirm(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
) -> Result<(), Error> {
    let asked = transact!(service.db, |tx| ask_in_transaction(
        service, tx, at_till, draft
    )
    .await)?;
    asked
        .into_iter()
        .for_each(|member| service.announce(member));
    Ok(())
}

/// Stores the question and returns who is asked; `None` = the same was asked before.
async fn ask_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
) -> Result<Option<MemberId>, Error> {
    let now = service.now();
    let token = draft.visit.as_deref().ok_or(Refusal::VisitOver)?;
    let card = find_visit(tx, at_till, token, now).await?;
    card.check_usage(true)?;
    let member = card.member;
    // Held until the end, so that a double click asks once and a closed account is asked nothing.
    if !members::lock_open(tx, member).await? {
        return Err(Refusal::CardUnknown.into());
    }
    let draft = SaleDraft {
        spend: match draft.spend {
            PointsToSpend::None => PointsToSpend::All,
            spend => spend,
        },
        ..draft.clone()
    };
    let points = points_to_ask_for(service, tx, at_till, &draft, card).await?;
    if !points.is_positive() {
        return Err(Refusal::TooManyPoints { spendable: points }.into());
    }
    if devices::list_of_member(tx, member).await?.is_empty() {
        return Err(Refusal::NobodyToAsk.into());
    }
    let hash = entropy::hash_token(token);
    let last = confirmations::find_of_visit(tx, hash.clone()).await?;
    let same = last.is_some_and(|last| {
        last.answer.is_none() && now < last.expires_at && last.points == points
    });
    if same {
        return Ok(None);
    }
    confirmations::withdraw(tx, hash.clone(), now).await?;
    let question = NewConfirmation {
        id: RowId::new(),
        member,
        till: at_till.till.id,
        staff: at_till.staff,
        visit_hash: hash,
        points,
        expires: now.plus_secs(SECONDS),
    };
    confirmations::insert(tx, &question, now).await?;
    let line = at_till.audit_line(Action::ConfirmationAsked).member(member);
    audit::log(tx, line.subject(question.id), now).await?;
    Ok(Some(member))
}

/// Returns the state of the visit's last question; `None` = nothing was asked, or a receipt has used the answer.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_question_state(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
) -> Result<Option<SpendQuestionState>, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let last = confirmations::find_of_visit(&mut tx, entropy::hash_token(token)).await?;
    let last = last.filter(|row| row.till_id == at_till.till.id && row.receipt_id.is_none());
    let Some(row) = last else {
        return Ok(None);
    };
    let points = row.points;
    Ok(Some(match row.answer {
        Some(SpendAnswer::Yes) => SpendQuestionState::Confirmed { points },
        Some(SpendAnswer::No) => SpendQuestionState::Declined,
        None if now < row.expires_at => SpendQuestionState::Waiting {
            points,
            seconds: seconds_until(row.expires_at, now),
        },
        None => SpendQuestionState::Expired,
    }))
}

/// Takes a question back that nobody has answered: the sale went on without it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn withdraw_question(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
) -> Result<(), Error> {
    let hash = entropy::hash_token(token);
    let mut tx = service.db.read().await?;
    let last = confirmations::find_of_visit(&mut tx, hash.clone()).await?;
    let waits = last.is_some_and(|row| {
        row.till_id == at_till.till.id && row.answer.is_none() && service.now() < row.expires_at
    });
    drop(tx);
    if !waits {
        return Ok(());
    }
    let member = find_visit_member(service, token).await?;
    transact!(service.db, |tx| {
        let now = service.now();
        if confirmations::withdraw(tx, hash.clone(), now).await? {
            let line = at_till.audit_line(Action::ConfirmationWithdrawn);
            audit::log(tx, line, now).await?;
        }
        Ok(())
    })?;
    if let Some(member) = member {
        service.announce(member);
    }
    Ok(())
}

/// Returns the question of a till that waits for the member's answer now.
pub(crate) async fn find_open_question(
    tx: &mut Tx,
    member: MemberId,
    now: Instant,
) -> Result<Option<SpendQuestion>, Error> {
    let row = confirmations::find_open_of_member(tx, member, now).await?;
    Ok(row.map(|row| SpendQuestion {
        id: row.id,
        points: row.points,
        store: row.store_name,
        till: row.till_name,
        seconds: seconds_until(row.expires_at, now),
    }))
}

/// Answers a question, from a device that is signed in. The first answer counts.
///
/// # Errors
/// [`Refusal::QuestionOver`] when it is answered or its time is over, and for what is nobody's question of theirs;
/// [`Refusal::NotSignedIn`] when the device was ended meanwhile.
pub async fn answer_question(
    service: &Kopilka,
    shopper: &Shopper,
    id: RowId,
    yes: bool,
) -> Result<(), Error> {
    let now = service.now();
    let (member, device) = (shopper.member, shopper.device);
    let answered = transact!(service.db, |tx| {
        crate::usecases::access::session::hold_account(tx, shopper).await?;
        let open = devices::list_of_member(tx, member).await?;
        if open.iter().all(|open| open.id != device) {
            return Err(Refusal::NotSignedIn.into());
        }
        let answer = if yes {
            SpendAnswer::Yes
        } else {
            SpendAnswer::No
        };
        if !confirmations::answer(tx, id, member, device, answer, now).await? {
            return Err(Refusal::QuestionOver.into());
        }
        let line = shopper.audit_line(Action::ConfirmationAnswered).subject(id);
        audit::log(tx, line.outcome(answer.as_str()), now).await?;
        Ok(())
    });
    log_foreign_id_of_shopper(service, answered, shopper, OwnedId::Question(id)).await?;
    service.announce(member);
    Ok(())
}
