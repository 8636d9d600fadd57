//! Returns: what remains of the sale is judged again as the sale was, and the difference moves. Its quote shows the same
//! and stores nothing.

use super::draft_checks::{check_age, is_ahead};
use super::idempotency::till_answer_of;
use super::named_sale::{find_named_sale, is_of_own_store, is_possible, resolve_sale_reference};
use super::sent_receipt::{KeyLookUp, SentReceipt};
use super::{CommitAnswer, IdempotentRequest, ReturnEffect, parking};
use crate::domain::amounts::Points;
use crate::domain::evaluate::{CountedAmounts, Evaluation};
use crate::domain::ledger::{Lot, lot_grace};
use crate::domain::returns::{self, MemberHoldings, ReturnMovement};
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::json;
use crate::store::receipts::{StoredReceiptLine, StoredReceiptRow};
use crate::store::{Tx, chain, ledger, receipts};
use crate::till_answers::TillRequest;
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_till};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::loyalty::{evaluation_encoding, points_forwarding};
use crate::usecases::{Error, Refusal, retrying};

mod return_calculation;
mod return_draft;
mod return_effects;
mod return_storing;
mod sale_judgement;

pub use return_draft::{ReturnDraft, ReturnedSaleName};

pub use return_calculation::{ReturnCalculation, SaleBeforeReturn};
pub(super) use return_storing::store_return;
use sale_judgement::judgement_of;

/// A return that was judged against its sale.
struct EvaluatedReturn {
    sale: StoredReceiptRow,
    rules: ProgrammeRules,
    /// The account that the member's was joined to, and its lots.
    joined: (Option<MemberId>, Vec<Lot>),
    /// Goods that go back, at the prices of the sale.
    goods: Vec<StoredReceiptLine>,
    before: Evaluation,
    after: Evaluation,
    counted: CountedAmounts,
    movement: ReturnMovement,
    effect: ReturnEffect,
}

/// Evaluates what the return would do; stores nothing and can be repeated.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown sale or another store's; [`Error::Invalid`] for lines that were not bought, are
/// more than what is left, or went back before.
pub async fn quote_return(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &ReturnDraft,
) -> Result<ReturnEffect, Error> {
    let quoted = work_out_quote(service, at_till, draft).await;
    log_sale_of_elsewhere(service, quoted, at_till, &draft.sale).await
}

async fn work_out_quote(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &ReturnDraft,
) -> Result<ReturnEffect, Error> {
    check_return_draft(draft, service.now())?;
    let mut tx = service.db.read().await?;
    let id = resolve_sale_reference(&mut tx, at_till, &draft.sale).await?;
    let sale = match id {
        Some(id) => receipts::find_by_id(&mut tx, id).await?,
        None => None,
    };
    let sale = sale
        .filter(|sale| is_of_own_store(at_till, sale))
        .ok_or(Refusal::NotFound)?;
    let end = match sale.member_id {
        Some(member) => points_forwarding::forwarding_target(&mut tx, member).await?,
        None => None,
    };
    let evaluated = evaluate_return(service, &mut tx, sale, draft, end, service.now()).await?;
    let mut effect = evaluated.effect.clone();
    return_effects::preview_offer_effects(&mut tx, &evaluated, &mut effect).await?;
    Ok(effect)
}

/// Stores the return under the key, or answers what the key was answered before. A return from more than five minutes
/// ahead, and one whose sale has a number that is not known yet, are parked.
///
/// # Errors
/// As [`quote_return`]; the refusals of the key and of an identity that is taken.
pub async fn commit_return(
    service: &Kopilka,
    at_till: &TillContext,
    draft: &ReturnDraft,
    sent: &IdempotentRequest,
) -> Result<CommitAnswer, Error> {
    sent.check_key()?;
    let returned = SentReceipt {
        at_till,
        draft,
        request: sent,
    };
    let answer = retrying(|| commit_return_once(service, &returned)).await;
    service
        .till_answers
        .count_answer(TillRequest::Return, till_answer_of(&answer));
    log_sale_of_elsewhere(service, answer, at_till, &draft.sale).await
}

/// Returns the result of a return that names a sale. A refusal is logged where the sale is another store's.
///
/// # Errors
/// As [`log_foreign_id_of_till`].
async fn log_sale_of_elsewhere<T>(
    service: &Kopilka,
    result: Result<T, Error>,
    at_till: &TillContext,
    name: &ReturnedSaleName,
) -> Result<T, Error> {
    match name {
        ReturnedSaleName::Id(id) => {
            log_foreign_id_of_till(service, result, at_till, OwnedId::StoresReceipt(*id)).await
        }
        _ => result,
    }
}

/// Checks that a return can be judged at all, whatever its sale is.
pub(super) fn check_return_draft(draft: &ReturnDraft, now: Instant) -> Result<(), Error> {
    check_age(draft.at.unwrap_or(now), now)?;
    if draft.sale.identity().is_some_and(|sale| !is_possible(sale)) {
        return Err(Error::invalid_field("sale", "receipt-identity"));
    }
    returns::check_returned_lines(&draft.lines).map_err(return_calculation::explain_return_fault)
}

async fn commit_return_once(
    service: &Kopilka,
    returned: &SentReceipt<'_, ReturnDraft>,
) -> Result<CommitAnswer, Error> {
    let SentReceipt { at_till, draft, .. } = *returned;
    let now = service.now();
    let mut tx = service.db.write().await?;
    let identity = match returned.look_up_key(service, &mut tx, now).await? {
        KeyLookUp::Answered(earlier) => return Ok(earlier),
        KeyLookUp::New(identity) => identity,
    };
    let sale = find_named_sale(&mut tx, at_till, &draft.sale).await?;
    let ahead = is_ahead(draft.at.unwrap_or(now), now);
    let tx_shared = tx.has_concurrent_writers();
    let sale = match (sale, &draft.sale) {
        (Some(sale), _) if !ahead => sale,
        (None, ReturnedSaleName::Id(_)) => return Err(Refusal::NotFound.into()),
        (sale, _) => {
            if sale.is_none()
                && let Some(why) = parking::refused_sale(&mut tx, at_till, draft).await?
            {
                return Err(Refusal::ParkedRefused { why }.into());
            }
            let (parked, id) = parking::park_return(&mut tx, returned, &identity, now).await?;
            tx.commit().await?;
            // The sale may have come at this very moment, and not have seen what waits for it.
            if !ahead && tx_shared {
                parking::settle_if_due(service, &at_till.actor(), id).await?;
            }
            return Ok(parked);
        }
    };
    let mut news = Vec::new();
    let committed = store_return(service, &mut tx, returned, sale, identity, &mut news).await?;
    tx.commit().await?;
    news.iter().for_each(|member| service.announce(*member));
    Ok(committed)
}

/// Judges a return, to a member whose account was joined to that of `end`, where it was.
async fn evaluate_return(
    service: &Kopilka,
    tx: &mut Tx,
    sale: StoredReceiptRow,
    draft: &ReturnDraft,
    end: Option<MemberId>,
    now: Instant,
) -> Result<EvaluatedReturn, Error> {
    if draft.at.is_some_and(|at| at < sale.at) {
        return Err(Error::invalid_field("at", "return-before-sale"));
    }
    let rules = service.rules_of_version(tx, sale.programme_version).await?;
    let rows = receipts::list_lines(tx, sale.id).await?;
    let (programme, tier) = (&rules.programme, &sale.tier);
    let stored = evaluation_encoding::decode_evaluation(&sale.evaluation, programme, tier, &rows)?;
    let mut earlier = Vec::new();
    for row in receipts::list_returns(tx, sale.id).await? {
        earlier.push(json::from_column(&row.evaluation)?);
    }
    let past = SaleBeforeReturn {
        judgement: judgement_of(tx, &sale, &stored, &rules).await?,
        store: chain::store_code(tx, sale.store_id).await?,
        at: sale.at,
        sold: rows.into_iter().map(|row| row.line).collect(),
        stored,
        earlier,
    };
    let theirs = points_forwarding::load_target_lots(tx, end, now).await?;
    let worked_out = match sale.member_id {
        None => past.calculate_return(programme, &draft.lines, None, now)?,
        Some(member) => {
            // What is due by now is written before a return is stored; its quote tells the same without writing it.
            let then = points_forwarding::load_current_lots(tx, member, now).await?;
            let own = ledger::lots_of_sale(tx, sale.id).await?;
            let as_then = |lot: &Lot| theirs.lot_up_to_date(&then.lot_up_to_date(lot));
            let own: Vec<Lot> = own.iter().map(as_then).collect();
            let is_own = |id| own.iter().any(|mine| mine.id == id);
            let gone: Points = [&then, &theirs]
                .map(|side| side.expired_of(&own))
                .into_iter()
                .sum();
            let mut others = then.lots.clone();
            others.extend(theirs.lots.iter().cloned());
            others.retain(|lot| !is_own(lot.id));
            let paid = ledger::paid_for_sale(tx, sale.id).await?;
            let paid: Vec<(Lot, Points)> = paid
                .iter()
                .map(|(lot, points)| (as_then(lot), *points))
                .collect();
            // A lot that is spent is closed, but what returns to it can be taken at once.
            for (lot, _) in &paid {
                if others.iter().chain(&own).all(|each| each.id != lot.id) {
                    others.push(lot.clone());
                }
            }
            let holdings = MemberHoldings {
                own: &own,
                expired: ledger::expired_of_sale(tx, sale.id).await? + gone,
                others: &others,
                paid: &paid,
                grace: lot_grace(&programme.points, now, programme.time_zone),
            };
            past.calculate_return(programme, &draft.lines, Some(holdings), now)?
        }
    };
    let ReturnCalculation {
        goods,
        before,
        after,
        counted,
        movement,
        effect,
    } = worked_out;
    Ok(EvaluatedReturn {
        sale,
        rules,
        joined: (end, theirs.lots),
        goods,
        before,
        after,
        counted,
        movement,
        effect,
    })
}
