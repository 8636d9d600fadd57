//! Quote and commit of a sale.

use super::claiming::give_sale_to_new_member;
use super::code_use::mark_code_used;
use super::draft_checks::{check_draft, is_ahead};
use super::idempotency::{
    GivenReceiptIdentity, ResolvedReceiptIdentity, resolve_identity, till_answer_of,
};
use super::issued_claim_code::issue_claim_code;
use super::judging::{
    judge_and_hold, judge_as_if_confirmed, judge_sale, read_late_presented_card,
    read_presented_card,
};
use super::late_sale::{SaleArrival, check_fraud_limits};
use super::sale_effects::{MemberSale, apply_sale};
use super::{
    CommitAnswer, IdempotentRequest, LateSaleOrigin, SaleDraft, SaleQuote, SaleReceipt, holding,
    parking,
};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits;
use crate::usecases::checkout::scanned_cards::{PresentedCard, count_alone, refuse_receipt};
use crate::usecases::loyalty::evaluation_encoding;
use crate::usecases::{Error, Refusal, retrying};
use tokio::sync::OwnedMutexGuard;

use crate::domain::amounts::{Money, Points};
use crate::domain::receipt::ReceiptKind;
use crate::ids::{MemberId, ReceiptId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::identity::ReceiptIdentity;
use crate::store::json;
use crate::store::receipts::{StoredReceiptLine, StoredReceiptRow};
use crate::store::{Tx, held_sales, receipts};
use crate::till_answers::TillRequest;
use crate::usecases::checkout::pos_v1::ApiReceipt;

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
/// As [`commit_sale`]; [`Refusal::SumChanged`].
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
    let answer = retrying(|| commit_once(service, at_till, draft, sent, arrival)).await;
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
    at_till: &TillContext,
    draft: &SaleDraft,
    sent: &IdempotentRequest,
    arrival: SaleArrival,
) -> Result<CommitAnswer, Error> {
    let turn = turn_for_code(service, at_till, draft).await;
    let mut tx = service.db.write().await?;
    let now = service.now();
    let name = GivenReceiptIdentity {
        series: draft.series.as_deref(),
        shift: draft.shift.as_deref(),
        number: draft.number.as_deref(),
    };
    let till = at_till.till.id;
    let presence = sent
        .read_presence(&mut tx, till, name, ReceiptKind::Sale)
        .await?;
    if let Some(earlier) = sent.find_earlier_answer(&mut tx, till, &presence).await? {
        return Ok(earlier);
    }
    check_draft(at_till, draft, now)?;
    let identity = resolve_identity(
        service,
        &mut tx,
        at_till,
        name,
        ReceiptKind::Sale,
        &presence,
    )
    .await?;
    let by = arrival.sender(at_till);
    let card = match arrival {
        SaleArrival::Live(_) => read_presented_card(&mut tx, at_till, draft, now)
            .await
            .map(|card| (card, None)),
        SaleArrival::Late(_) | SaleArrival::Released(..) => {
            read_late_presented_card(service, &mut tx, &by, draft, now).await
        }
    };
    let (card, wrong_code) = match card {
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
        let parked =
            parking::park_sale(&mut tx, at_till, draft, card, &identity, sent, late).await?;
        tx.commit().await?;
        drop(turn);
        return Ok(parked);
    }
    let mut news = Vec::new();
    let sold = store_sale(
        service, &mut tx, at_till, draft, card, identity, sent, arrival, &mut news,
    )
    .await;
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

/// Stores a sale with all that it does, and then the returns that came before it. Members whose points moved
/// are added to `news`.
#[expect(clippy::too_many_arguments, reason = "the parts of one receipt")]
pub(super) async fn store_sale(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &SaleDraft,
    card: Option<PresentedCard>,
    identity: ResolvedReceiptIdentity,
    sent: &IdempotentRequest,
    arrival: SaleArrival,
    news: &mut Vec<MemberId>,
) -> Result<CommitAnswer, Error> {
    let till = at_till.till.id;
    let judged = judge_and_hold(service, tx, at_till, draft, card).await?;
    let now = judged.now;
    if matches!(arrival, SaleArrival::Live(Some(to_pay)) if to_pay != judged.evaluation.to_pay) {
        return Err(Refusal::SumChanged.into());
    }
    let late = arrival.late_origin(at_till, draft, now);
    if let (Some(card), Some(why), Some(late)) = (
        &card,
        check_fraud_limits(service, tx, at_till, draft, &judged, arrival).await?,
        late,
    ) {
        let sale = (draft, judged.at);
        return holding::hold_sale(tx, at_till, sale, card, &identity, sent, late, why, now).await;
    }
    let id = ReceiptId::new();
    let ResolvedReceiptIdentity {
        series,
        shift,
        number,
        awaited,
    } = identity;
    let evaluation = &judged.evaluation;
    let standing = judged.judgement.standing.as_ref();
    let tier = standing.map_or("", |standing| standing.tier.as_str());
    let row = StoredReceiptRow {
        id,
        store_id: at_till.till.store_id,
        till_id: till,
        kind: ReceiptKind::Sale,
        series: series.clone(),
        shift: shift.clone(),
        number: number.clone(),
        at: judged.at,
        received_at: now,
        member_id: card.map(|card| card.member),
        staff_id: at_till.staff,
        programme_version: judged.rules.version,
        tier: tier.to_owned(),
        total: evaluation.total,
        discount: evaluation.discount,
        paid_by_points: evaluation.paid_by_points,
        evaluation: evaluation_encoding::encode_evaluation(
            evaluation,
            &judged.rules.programme,
            tier,
        )?,
        judgement: json::to_column(&judged.judgement)?,
        sale_id: None,
        kept_total: evaluation.total - evaluation.discount,
        kept_points: evaluation.earned,
        counted_total: judged.counted.money,
        counted_points: judged.counted.points,
        purchase_total: judged.counted.purchase,
    };
    receipts::insert(tx, &row, &lines_of(draft, &judged.evaluation.lines));
    let done = match late {
        Some(late) => {
            held_sales::mark_late(tx, id, late.sender, late.sent_at);
            late.audit_line(at_till, Action::Sale)
        }
        None => at_till.audit_line(Action::Sale),
    };
    let done = done.member(row.member_id).subject(id);
    audit::log(tx, done, now).await?;
    let (balance, progress) = (judged.balance_after(), judged.tier_progress());
    let level = judged.level_after_sale();
    if let (Some(card), Some(snapshot), Some(level)) = (&judged.card, &judged.snapshot, level) {
        mark_code_used(
            tx,
            draft.visit.as_deref(),
            card,
            evaluation.spent,
            till,
            now,
        )
        .await?;
        let sale = MemberSale {
            receipt: id,
            at: judged.at,
            evaluation,
            snapshot,
            level,
        };
        news.extend(apply_sale(tx, &judged, card, &sale).await?);
        news.push(card.member);
    }
    let claim = match card {
        Some(_) => None,
        None => issue_claim_code(service, tx, &judged.rules, (till, &sent.key), id, now).await?,
    };
    let receipt = SaleReceipt {
        id,
        series: series.clone(),
        shift: shift.clone(),
        number: number.clone(),
        balance,
        claim,
        quote: SaleQuote {
            programme_version: judged.rules.version,
            tier: progress,
            evaluation: judged.evaluation,
        },
    };
    let answer = serde_json::to_string(&ApiReceipt::from(receipt))?;
    let committed = sent.remember_answer(tx, till, id, answer, now);
    if card.is_none() {
        give_sale_to_new_member(service, tx, till, &sent.key, id, news).await?;
    }
    if awaited {
        let sale = ReceiptIdentity {
            series: &series,
            shift: &shift,
            number: &number,
        };
        let by = (at_till, &arrival.actor(at_till));
        parking::settle_waiting_returns(service, tx, by, sale, news).await?;
    }
    Ok(committed)
}

fn lines_of(
    draft: &SaleDraft,
    results: &[crate::domain::evaluate::LineResult],
) -> Vec<StoredReceiptLine> {
    (0_i64..)
        .zip(&draft.lines)
        .zip(results)
        .map(|((position, line), result)| StoredReceiptLine {
            position,
            line: line.clone(),
            result: *result,
        })
        .collect()
}
