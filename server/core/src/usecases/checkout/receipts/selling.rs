//! Quote and commit of a sale.

use tokio::sync::OwnedMutexGuard;

use super::draft_checks::{check_draft, is_ahead};
use super::idempotency::till_answer_of;
use super::judging::{
    judge_as_if_confirmed, judge_sale, read_late_presented_card, read_presented_card,
};
use super::late_sale::SaleArrival;
use super::sale_storing::store_sale;
use super::sent_receipt::{KeyLookUp, SentReceipt};
use super::{CommitAnswer, IdempotentRequest, LateSaleOrigin, SaleDraft, SaleQuote, parking};
use crate::domain::amounts::{Money, Points};
use crate::domain::time::Instant;
use crate::service::Kopilka;
use crate::store::Tx;
use crate::till_answers::TillRequest;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits;
use crate::usecases::checkout::scanned_cards::{PresentedCard, count_alone, refuse_receipt};
use crate::usecases::{Error, retrying};

/// Evaluates what the receipt would earn and cost; stores nothing and can be repeated.
///
/// # Errors
/// [`Error::Invalid`] for wrong lines; the refusal of the visit, the code, the time or the spending.
pub async fn quote_sale(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
) -> Result<SaleQuote, Error> {
    let turn = turn_for_code(service, at_till, draft).await;
    let now = service.now();
    check_draft(at_till, draft, now)?;
    let mut tx = service.db.read().await?;
    let card = match read_presented_card(&mut tx, at_till, draft, now).await {
        Ok(card) => card,
        Err(no) => {
            drop(tx);
            return refuse_receipt(service, at_till, draft.code.as_deref(), no).await;
        }
    };
    drop(turn);
    let judged = judge_sale(service, &mut tx, at_till, draft, card).await?;
    if let Some(card) = &judged.card {
        let programme = &judged.rules.programme;
        let late = SaleArrival::Live(None).late_origin(at_till, draft, now);
        let verdict =
            fraud_limits::judge_receipt(&mut tx, programme, at_till, draft, card, late, now).await;
        if let Err(no) = verdict {
            drop(tx);
            return fraud_limits::log_stopped_receipt(service, at_till, card, no).await;
        }
    }
    Ok(SaleQuote {
        programme_version: judged.rules.version,
        tier: judged.tier_progress(),
        evaluation: judged.evaluation,
    })
}

/// Returns the number of points that would pay for the receipt if the card's owner agreed.
///
/// # Errors
/// As [`quote_sale`].
pub(crate) async fn points_to_ask_for(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    whose: PresentedCard,
) -> Result<Points, Error> {
    check_draft(at_till, draft, service.now())?;
    let evaluation = judge_as_if_confirmed(service, tx, at_till, draft, whose).await?;
    Ok(evaluation.spent)
}

/// Stores the sale under the key, or answers what the key was answered before. A sale from more than five minutes ahead
/// is parked until its time comes.
///
/// # Errors
/// As [`quote_sale`]; the refusals of the key, of an identity that is taken, of a code that has paid for another receipt.
pub async fn commit_sale(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
) -> Result<CommitAnswer, Error> {
    commit_by_arrival(service, at_till, draft, sent, SaleArrival::Live(None)).await
}

/// Stores a sale as [`commit_sale`] does, where the sum to pay was shown: programmes change, budgets end and hours pass
/// meanwhile, and nobody pays another sum than they were told.
///
/// # Errors
/// As [`commit_sale`]; [`crate::usecases::Refusal::SumChanged`].
pub async fn commit_shown_total(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
    to_pay: Option<Money>,
) -> Result<CommitAnswer, Error> {
    commit_by_arrival(service, at_till, draft, sent, SaleArrival::Live(to_pay)).await
}

/// Stores a sale as [`commit_sale`] does, where its till has queued it without a link: beyond the hard fraud limit it is
/// held.
///
/// # Errors
/// As [`commit_sale`].
pub(super) async fn commit_late(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
    late: LateSaleOrigin,
) -> Result<CommitAnswer, Error> {
    commit_by_arrival(service, at_till, draft, sent, SaleArrival::Late(late)).await
}

async fn commit_by_arrival(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
    arrival: SaleArrival,
) -> Result<CommitAnswer, Error> {
    sent.check_key()?;
    let sale = SentReceipt {
        at_till,
        draft,
        request: sent,
    };
    let answer = retrying(|| commit_once(service, &sale, arrival)).await;
    service
        .till_answers
        .count_answer(TillRequest::Sale, till_answer_of(&answer));
    answer
}

/// Waits for the turn of the till where a code has to be judged; a visit has proven its code.
async fn turn_for_code(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &SaleDraft,
) -> Option<OwnedMutexGuard<()>> {
    match (&draft.visit, &draft.code) {
        (None, Some(_)) => Some(service.turns.wait_for_turn(at_till.till.id).await),
        _ => None,
    }
}

async fn commit_once(
    service: &Kopilka,
    sale: &SentReceipt<'_, SaleDraft>,
    arrival: SaleArrival,
) -> Result<CommitAnswer, Error> {
    let SentReceipt { at_till, draft, .. } = *sale;
    let turn = turn_for_code(service, at_till, draft).await;
    let mut tx = service.db.write().await?;
    let now = service.now();
    let identity = match sale.look_up_key(service, &mut tx, now).await? {
        KeyLookUp::Answered(earlier) => return Ok(earlier),
        KeyLookUp::New(identity) => identity,
    };
    let by = arrival.sender(at_till);
    let read = read_card_by_arrival(service, &mut tx, sale, arrival, now).await;
    let (card, wrong_code) = match read {
        Ok(found) => found,
        Err(no) => {
            drop(tx);
            return refuse_receipt(service, &by, draft.code.as_deref(), no).await;
        }
    };
    // A wrong code is counted with its sale, and the next scan of the till waits for that.
    let turn = turn.filter(|_| wrong_code.is_some());
    if is_ahead(draft.at.unwrap_or(now), now) {
        let late = arrival.late_origin(at_till, draft, now);
        let late = late.unwrap_or(LateSaleOrigin::sent_by(at_till.staff, now));
        let parked = parking::park_sale(&mut tx, sale, card, &identity, late).await?;
        tx.commit().await?;
        drop(turn);
        return Ok(parked);
    }
    let mut news = Vec::new();
    let sold = store_sale(service, &mut tx, sale, card, identity, arrival, &mut news).await;
    let committed = match sold {
        Ok(committed) => committed,
        Err(no) => {
            drop(tx);
            // The sale is not stored, so its wrong code is counted by itself.
            if let (Some(code), Error::Refused(_) | Error::Invalid(_)) = (wrong_code, &no) {
                count_alone(service, &by, code).await?;
            }
            return match &card {
                Some(card) => fraud_limits::log_stopped_receipt(service, at_till, card, no).await,
                None => Err(no),
            };
        }
    };
    tx.commit().await?;
    drop(turn);
    news.iter().for_each(|member| service.announce(*member));
    Ok(committed)
}

/// Returns whose card was shown, and the wrong code that is counted in the transaction of a late sale.
async fn read_card_by_arrival<'a>(
    service: &Kopilka,
    tx: &mut Tx,
    sale: &SentReceipt<'a, SaleDraft>,
    arrival: SaleArrival,
    now: Instant,
) -> Result<(Option<PresentedCard>, Option<&'a str>), Error> {
    match arrival {
        SaleArrival::Live(_) => {
            let card = read_presented_card(tx, sale.at_till, sale.draft, now).await?;
            Ok((card, None))
        }
        SaleArrival::Late(_) | SaleArrival::Released(..) => {
            let by = arrival.sender(sale.at_till);
            read_late_presented_card(service, tx, &by, sale.draft, now).await
        }
    }
}
