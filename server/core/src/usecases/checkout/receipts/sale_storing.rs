//! The storing of a judged sale, in one transaction: its row and lines, what it does to its member, its answer.

use super::claiming::give_sale_to_new_member;
use super::code_use::mark_code_used;
use super::idempotency::{CommitAnswer, ResolvedReceiptIdentity};
use super::issued_claim_code::issue_claim_code;
use super::judging::{EvaluatedSale, judge_and_hold};
use super::late_sale::{SaleArrival, check_fraud_limits};
use super::sale_effects::{MemberSale, apply_sale};
use super::sent_receipt::SentReceipt;
use super::{IssuedClaimCode, LateSaleOrigin, SaleDraft, SaleQuote, SaleReceipt, holding, parking};
use crate::domain::evaluate::LineResult;
use crate::domain::receipt::ReceiptKind;
use crate::ids::{MemberId, ReceiptId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::json;
use crate::store::receipts::{StoredReceiptLine, StoredReceiptRow};
use crate::store::{Tx, held_sales, receipts};
use crate::usecases::checkout::pos_v1::ApiReceipt;
use crate::usecases::checkout::scanned_cards::PresentedCard;
use crate::usecases::loyalty::evaluation_encoding::encode_evaluation;
use crate::usecases::{Error, Refusal};

/// Stores a sale with all that it does, and then the returns that came before it. Members whose points moved
/// are added to `news`.
pub(super) async fn store_sale(
    service: &Kopilka,
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    card: Option<PresentedCard>,
    identity: ResolvedReceiptIdentity,
    arrival: SaleArrival,
    news: &mut Vec<MemberId>,
) -> Result<CommitAnswer, Error> {
    let SentReceipt { at_till, draft, .. } = *sale;
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
        return holding::hold_sale(tx, sale, &judged, card, &identity, late, why).await;
    }
    let id = ReceiptId::new();
    insert_sale(tx, sale, &judged, &identity, id, late).await?;
    apply_to_member(tx, sale, &judged, id, news).await?;
    let claim = match card {
        Some(_) => None,
        None => issue_claim_code(service, tx, sale, &judged.rules, id, now).await?,
    };
    let receipt = answered_receipt(id, &identity, claim, judged);
    let committed = sale.store_answer(tx, id, &ApiReceipt::from(receipt), now)?;
    if card.is_none() {
        give_sale_to_new_member(service, tx, sale, id, news).await?;
    }
    if identity.awaited {
        let (actor, identity) = (arrival.actor(at_till), identity.as_identity());
        parking::settle_waiting_returns(service, tx, at_till, &actor, identity, news).await?;
    }
    Ok(committed)
}

/// Inserts the sale with its lines, and logs it.
async fn insert_sale(
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    judged: &EvaluatedSale,
    identity: &ResolvedReceiptIdentity,
    id: ReceiptId,
    late: Option<LateSaleOrigin>,
) -> Result<(), Error> {
    let SentReceipt { at_till, draft, .. } = *sale;
    let evaluation = &judged.evaluation;
    let standing = judged.judgement.standing.as_ref();
    let tier = standing.map_or("", |standing| standing.tier.as_str());
    let row = StoredReceiptRow {
        id,
        store_id: at_till.till.store_id,
        till_id: at_till.till.id,
        kind: ReceiptKind::Sale,
        series: identity.series.clone(),
        shift: identity.shift.clone(),
        number: identity.number.clone(),
        at: judged.at,
        received_at: judged.now,
        member_id: judged.card.map(|card| card.member),
        staff_id: at_till.staff,
        programme_version: judged.rules.version,
        tier: tier.to_owned(),
        total: evaluation.total,
        discount: evaluation.discount,
        paid_by_points: evaluation.paid_by_points,
        evaluation: encode_evaluation(evaluation, &judged.rules.programme, tier)?,
        judgement: json::to_column(&judged.judgement)?,
        sale_id: None,
        kept_total: evaluation.total - evaluation.discount,
        kept_points: evaluation.earned,
        counted_total: judged.counted.money,
        counted_points: judged.counted.points,
        purchase_total: judged.counted.purchase,
    };
    receipts::insert(tx, &row, &lines_of(draft, &evaluation.lines));
    let done = match late {
        Some(late) => {
            held_sales::mark_late(tx, id, late.sender, late.sent_at);
            late.audit_line(at_till, Action::Sale)
        }
        None => at_till.audit_line(Action::Sale),
    };
    let done = done.member(row.member_id).subject(id);
    Ok(audit::log(tx, done, judged.now).await?)
}

fn lines_of(draft: &SaleDraft, results: &[LineResult]) -> Vec<StoredReceiptLine> {
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

/// Does what the sale does to its member, and uses up the code that was shown.
async fn apply_to_member(
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    judged: &EvaluatedSale,
    id: ReceiptId,
    news: &mut Vec<MemberId>,
) -> Result<(), Error> {
    let level = judged.level_after_sale();
    let (Some(card), Some(snapshot), Some(level)) = (&judged.card, &judged.snapshot, level) else {
        return Ok(());
    };
    let (evaluation, till) = (&judged.evaluation, sale.at_till.till.id);
    let visit = sale.draft.visit.as_deref();
    mark_code_used(tx, visit, card, evaluation.spent, till, judged.now).await?;
    let effects = MemberSale {
        receipt: id,
        at: judged.at,
        evaluation,
        snapshot,
        level,
    };
    news.extend(apply_sale(tx, judged, card, &effects).await?);
    news.push(card.member);
    Ok(())
}

/// Returns the stored sale as its till is answered.
fn answered_receipt(
    id: ReceiptId,
    identity: &ResolvedReceiptIdentity,
    claim: Option<IssuedClaimCode>,
    judged: EvaluatedSale,
) -> SaleReceipt {
    SaleReceipt {
        id,
        series: identity.series.clone(),
        shift: identity.shift.clone(),
        number: identity.number.clone(),
        balance: judged.balance_after(),
        claim,
        quote: SaleQuote {
            programme_version: judged.rules.version,
            tier: judged.tier_progress(),
            evaluation: judged.evaluation,
        },
    }
}
