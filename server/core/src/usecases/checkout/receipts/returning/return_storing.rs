//! The storing of a judged return, in one transaction: its row and lines, what it does to the member, its answer.

use super::return_effects::{apply_return, preview_offer_effects};
use super::{EvaluatedReturn, ReturnDraft, evaluate_return};
use crate::domain::amounts::{Money, Points};
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::json;
use crate::store::receipts::StoredReceiptRow;
use crate::store::{Tx, receipts};
use crate::usecases::Error;
use crate::usecases::checkout::pos_v1::ApiReturned;
use crate::usecases::checkout::receipt_answers::{ReturnEffect, ReturnReceipt};
use crate::usecases::checkout::receipts::idempotency::{CommitAnswer, ResolvedReceiptIdentity};
use crate::usecases::checkout::receipts::sent_receipt::SentReceipt;
use crate::usecases::loyalty::member_snapshot::balance_of;
use crate::usecases::loyalty::posting::LedgerPosting;
use crate::usecases::loyalty::{once_only, points_forwarding};

/// Stores a return with all that it does. Members whose points moved are added to `news`.
pub(in crate::usecases::checkout::receipts) async fn store_return(
    service: &Kopilka,
    tx: &mut Tx,
    returned: &SentReceipt<'_, ReturnDraft>,
    sale: StoredReceiptRow,
    identity: ResolvedReceiptIdentity,
    news: &mut Vec<MemberId>,
) -> Result<CommitAnswer, Error> {
    let end = match sale.member_id {
        Some(member) => points_forwarding::hold_with_target(tx, member).await?,
        None => None,
    };
    // Read once nobody else moves the same points: what others have brought in meanwhile is active by now.
    let now = service.now();
    catch_up_points(service, tx, &sale, end, now).await?;
    let evaluated = evaluate_return(service, tx, sale, returned.draft, end, now).await?;
    let id = ReceiptId::new();
    let mut effect = evaluated.effect.clone();
    preview_offer_effects(tx, &evaluated, &mut effect).await?;
    let row = stored_row(returned, &evaluated, &identity, &effect, id, now)?;
    receipts::insert(tx, &row, &evaluated.goods);
    let done = returned.at_till.audit_line(Action::Return);
    audit::log(tx, done.member(row.member_id).subject(id), now).await?;
    let (sale, after) = (evaluated.sale.id, &evaluated.after);
    let kept = after.total - after.discount;
    receipts::set_remaining(tx, sale, kept, after.earned, evaluated.counted);
    let balance = apply_to_member(service, tx, &evaluated, id, now, news).await?;
    let receipt = ReturnReceipt {
        id,
        sale,
        series: identity.series,
        shift: identity.shift,
        number: identity.number,
        programme_version: evaluated.rules.version,
        balance,
        effect,
    };
    returned.store_answer(tx, id, &ApiReturned::from(receipt), now)
}

/// Writes what is due by now for the member of the sale, and for the account that theirs was joined to.
async fn catch_up_points(
    service: &Kopilka,
    tx: &mut Tx,
    sale: &StoredReceiptRow,
    end: Option<MemberId>,
    now: Instant,
) -> Result<(), Error> {
    let Some(member) = sale.member_id else {
        return Ok(());
    };
    let rules = &service.rules_of_version(tx, sale.programme_version).await?;
    let posting = LedgerPosting::new(member, rules, now);
    posting.catch_up(tx).await?;
    if let Some(end) = end {
        posting.for_member(end).catch_up(tx).await?;
    }
    Ok(())
}

fn stored_row(
    returned: &SentReceipt<'_, ReturnDraft>,
    evaluated: &EvaluatedReturn,
    identity: &ResolvedReceiptIdentity,
    effect: &ReturnEffect,
    id: ReceiptId,
    now: Instant,
) -> Result<StoredReceiptRow, Error> {
    let SentReceipt { at_till, draft, .. } = *returned;
    let goods: Money = evaluated.goods.iter().map(|row| row.line.amount).sum();
    let by_points = evaluated.before.paid_by_points - evaluated.after.paid_by_points;
    Ok(StoredReceiptRow {
        id,
        store_id: at_till.till.store_id,
        till_id: at_till.till.id,
        kind: ReceiptKind::Return,
        series: identity.series.clone(),
        shift: identity.shift.clone(),
        number: identity.number.clone(),
        at: draft.at.unwrap_or(now),
        received_at: now,
        member_id: evaluated.sale.member_id,
        staff_id: at_till.staff,
        programme_version: evaluated.rules.version,
        tier: evaluated.sale.tier.clone(),
        total: goods,
        discount: goods - by_points - effect.refund,
        paid_by_points: by_points,
        evaluation: json::to_column(effect)?,
        judgement: String::new(),
        sale_id: Some(evaluated.sale.id),
        kept_total: Money::ZERO,
        kept_points: Points::ZERO,
        counted_total: Money::ZERO,
        counted_points: Points::ZERO,
        purchase_total: Money::ZERO,
    })
}

/// Does what the return does to its member. Returns the points that are active afterwards; `None` = the sale has no member.
async fn apply_to_member(
    service: &Kopilka,
    tx: &mut Tx,
    evaluated: &EvaluatedReturn,
    id: ReceiptId,
    now: Instant,
    news: &mut Vec<MemberId>,
) -> Result<Option<Points>, Error> {
    let Some(member) = evaluated.sale.member_id else {
        return Ok(None);
    };
    let (end, _) = evaluated.joined;
    let person = end.unwrap_or(member);
    let debt = balance_of(tx, person, now).await?.debt;
    apply_return(service, tx, evaluated, member, id, now).await?;
    let after = balance_of(tx, person, now).await?;
    let change = after.debt - debt;
    news.extend(once_only::debt_changed(service, tx, person, change, now).await?);
    news.push(member);
    news.extend(end);
    Ok(Some(after.active))
}
