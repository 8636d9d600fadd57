//! Returns: what remains of the sale is judged again as the sale was, and the difference moves. Its quote shows the same
//! and stores nothing.

use super::super::facts::balance_of;
use super::super::posting::Posting;
use super::super::till::AtTill;
use super::super::{Error, Refusal, joined, once_only, retrying};
use super::judging::{check_age, is_ahead};
use super::once::{Identity, counted, identity};
use super::{Committed, Sent, kept, parking};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{Counted, Evaluation};
use crate::domain::ledger::{Lot, lot_grace};
use crate::domain::name::is_plain;
use crate::domain::receipt::ReceiptKind;
use crate::domain::returns::{self, Holdings, Movement};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::pos_v1::ApiReturned;
use crate::service::{Kopilka, Rules};
use crate::store::audit::{self, Action};
use crate::store::identity::ReceiptIdentity;
use crate::store::json;
use crate::store::receipts::{LineRow, ReceiptRow};
use crate::store::{Tx, chain, ledger, receipts};
use crate::till_answers::TillRequest;
use crate::usecases::foreign_ids::log_sale_of_elsewhere;

mod draft;
mod effects;
mod judgement;
mod working;

pub use draft::{ReturnDraft, ReturnEffect, Returned, ReturnedLine, SaleName};

use judgement::judgement_of;
pub use working::{Past, WorkedOut};

/// A return that was judged against its sale.
struct Undoing {
    sale: ReceiptRow,
    rules: Rules,
    /// The account that the member's was joined to, and its lots.
    joined: (Option<MemberId>, Vec<Lot>),
    /// Goods that go back, at the prices of the sale.
    goods: Vec<LineRow>,
    before: Evaluation,
    after: Evaluation,
    counted: Counted,
    movement: Movement,
    effect: ReturnEffect,
}

/// Evaluates what the return would do; stores nothing and can be repeated.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown sale or another store's; [`Error::Invalid`] for lines that were not bought, are
/// more than what is left, or went back before.
pub async fn quote_return(
    k: &Kopilka,
    at_till: &AtTill,
    draft: &ReturnDraft,
) -> Result<ReturnEffect, Error> {
    let quoted = work_out_quote(k, at_till, draft).await;
    log_sale_of_elsewhere(k, quoted, at_till, &draft.sale).await
}

async fn work_out_quote(
    k: &Kopilka,
    at_till: &AtTill,
    draft: &ReturnDraft,
) -> Result<ReturnEffect, Error> {
    check_draft(draft, k.now())?;
    let mut tx = k.db.read().await?;
    let id = name_to_id(&mut tx, at_till, &draft.sale).await?;
    let sale = match id {
        Some(id) => receipts::by_id(&mut tx, id).await?,
        None => None,
    };
    let sale = sale
        .filter(|sale| is_theirs(at_till, sale))
        .ok_or(Refusal::NotFound)?;
    let end = match sale.member_id {
        Some(member) => joined::end_of(&mut tx, member).await?,
        None => None,
    };
    let undoing = undo(k, &mut tx, sale, draft, end, k.now()).await?;
    let mut effect = undoing.effect.clone();
    effects::foretell(&mut tx, &undoing, &mut effect).await?;
    Ok(effect)
}

/// Stores the return under the key, or answers what the key was answered before. A return from more than five minutes
/// ahead, and one whose sale has a number that is not known yet, are parked.
///
/// # Errors
/// As [`quote_return`]; the refusals of the key and of an identity that is taken.
pub async fn commit_return(
    k: &Kopilka,
    at_till: &AtTill,
    draft: &ReturnDraft,
    sent: &Sent,
) -> Result<Committed, Error> {
    sent.check()?;
    let answer = retrying(|| commit_return_once(k, at_till, draft, sent)).await;
    k.till_answers.count(TillRequest::Return, counted(&answer));
    log_sale_of_elsewhere(k, answer, at_till, &draft.sale).await
}

/// Checks that a return can be judged at all, whatever its sale is.
fn check_draft(draft: &ReturnDraft, now: Instant) -> Result<(), Error> {
    check_age(draft.at.unwrap_or(now), now)?;
    if draft.sale.identity().is_some_and(|sale| !is_possible(sale)) {
        return Err(Error::field("sale", "receipt-identity"));
    }
    returns::check(&draft.lines).map_err(working::explain)
}

/// Returns whether a receipt may have this identity.
fn is_possible(identity: ReceiptIdentity<'_>) -> bool {
    let ReceiptIdentity {
        series,
        shift,
        number,
    } = identity;
    is_plain(shift) && is_plain(number) && (series.is_empty() || is_plain(series))
}

async fn commit_return_once(
    k: &Kopilka,
    at_till: &AtTill,
    draft: &ReturnDraft,
    sent: &Sent,
) -> Result<Committed, Error> {
    let now = k.now();
    let mut tx = k.db.write().await?;
    let name = draft.given_identity();
    let till = at_till.till.id;
    let presence = sent
        .presence(&mut tx, till, name, ReceiptKind::Return)
        .await?;
    if let Some(known) = sent.known(&mut tx, till, &presence).await? {
        return Ok(known);
    }
    check_draft(draft, now)?;
    let identity = identity(k, &mut tx, at_till, name, ReceiptKind::Return, &presence).await?;
    let sale = find(&mut tx, at_till, &draft.sale).await?;
    let ahead = is_ahead(draft.at.unwrap_or(now), now);
    let tx_shared = tx.shared();
    let sale = match (sale, &draft.sale) {
        (Some(sale), _) if !ahead => sale,
        (None, SaleName::Id(_)) => return Err(Refusal::NotFound.into()),
        (sale, _) => {
            if sale.is_none()
                && let Some(why) = parking::refused_sale(&mut tx, at_till, draft).await?
            {
                return Err(Refusal::ParkedRefused { why }.into());
            }
            let (parked, id) =
                parking::park_return(&mut tx, at_till, draft, &identity, sent, now).await?;
            tx.commit().await?;
            // The sale may have come at this very moment, and not have seen what waits for it.
            if !ahead && tx_shared {
                parking::settle(k, id).await?;
            }
            return Ok(parked);
        }
    };
    let mut news = Vec::new();
    let committed = take_in(k, &mut tx, at_till, sale, draft, identity, sent, &mut news).await?;
    tx.commit().await?;
    news.iter().for_each(|member| k.announce(*member));
    Ok(committed)
}

async fn name_to_id(
    tx: &mut Tx,
    at_till: &AtTill,
    name: &SaleName,
) -> Result<Option<ReceiptId>, Error> {
    Ok(match (name, name.identity()) {
        (SaleName::Id(id), _) => Some(*id),
        (_, Some(identity)) => {
            receipts::by_identity(tx, at_till.till.id, identity, ReceiptKind::Sale).await?
        }
        (_, None) => None,
    })
}

/// Returns whether this till may know the sale: it is of its own store.
fn is_theirs(at_till: &AtTill, sale: &ReceiptRow) -> bool {
    sale.store_id == at_till.till.store_id && sale.kind == ReceiptKind::Sale
}

/// The sale that a return names, held until the transaction ends, as far as this till may know it.
pub(super) async fn find(
    tx: &mut Tx,
    at_till: &AtTill,
    name: &SaleName,
) -> Result<Option<ReceiptRow>, Error> {
    let Some(id) = name_to_id(tx, at_till, name).await? else {
        return Ok(None);
    };
    let sale = receipts::locked(tx, id).await?;
    Ok(sale.filter(|sale| is_theirs(at_till, sale)))
}

/// Stores a return with all that it does.
#[expect(clippy::too_many_arguments, reason = "the parts of one return")]
pub(super) async fn take_in(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    sale: ReceiptRow,
    draft: &ReturnDraft,
    identity: Identity,
    sent: &Sent,
    news: &mut Vec<MemberId>,
) -> Result<Committed, Error> {
    let end = match sale.member_id {
        Some(member) => joined::hold(tx, member).await?,
        None => None,
    };
    // Read once nobody else moves the same points: what others have brought in meanwhile is active by now.
    let now = k.now();
    if let Some(member) = sale.member_id {
        let rules = &k.rules_of(tx, sale.programme_version).await?;
        let posting = Posting::new(member, rules, now);
        posting.catch_up(tx).await?;
        if let Some(end) = end {
            posting.of(end).catch_up(tx).await?;
        }
    }
    let undoing = undo(k, tx, sale, draft, end, now).await?;
    let Identity {
        series,
        shift,
        number,
        ..
    } = identity;
    let (sale, member) = (undoing.sale.id, undoing.sale.member_id);
    let id = ReceiptId::new();
    let goods: Money = undoing.goods.iter().map(|row| row.line.amount).sum();
    let by_points = undoing.before.paid_by_points - undoing.after.paid_by_points;
    let mut effect = undoing.effect.clone();
    let row = |effect: &ReturnEffect| -> Result<ReceiptRow, Error> {
        Ok(ReceiptRow {
            id,
            store_id: at_till.till.store_id,
            till_id: at_till.till.id,
            kind: ReceiptKind::Return,
            series: series.clone(),
            shift: shift.clone(),
            number: number.clone(),
            at: draft.at.unwrap_or(now),
            received_at: now,
            member_id: member,
            staff_id: at_till.staff,
            programme_version: undoing.rules.version,
            tier: undoing.sale.tier.clone(),
            total: goods,
            discount: goods - by_points - effect.refund,
            paid_by_points: by_points,
            evaluation: json::to_column(effect)?,
            judgement: String::new(),
            sale_id: Some(sale),
            kept_total: Money::ZERO,
            kept_points: Points::ZERO,
            counted_total: Money::ZERO,
            counted_points: Points::ZERO,
            purchase_total: Money::ZERO,
        })
    };
    effects::foretell(tx, &undoing, &mut effect).await?;
    receipts::insert(tx, &row(&effect)?, &undoing.goods);
    let done = at_till.did(Action::Return).member(member).subject(id);
    audit::log(tx, done, now).await?;
    let kept = undoing.after.total - undoing.after.discount;
    receipts::keep(tx, sale, kept, undoing.after.earned, undoing.counted);
    let mut balance = None;
    if let Some(member) = member {
        let person = end.unwrap_or(member);
        let debt = balance_of(tx, person, now).await?.debt;
        effects::apply(k, tx, &undoing, member, id, now).await?;
        let after = balance_of(tx, person, now).await?;
        let change = (person, after.debt - debt);
        news.extend(once_only::debt_changed(k, tx, change, now).await?);
        balance = Some(after.active);
        news.push(member);
        news.extend(end);
    }
    let returned = Returned {
        id,
        sale,
        series,
        shift,
        number,
        programme_version: undoing.rules.version,
        balance,
        effect,
    };
    let answer = serde_json::to_string(&ApiReturned::from(returned))?;
    Ok(sent.remember(tx, at_till.till.id, id, answer, now))
}

/// Judges a return, to a member whose account was joined to that of `end`, where it was.
async fn undo(
    k: &Kopilka,
    tx: &mut Tx,
    sale: ReceiptRow,
    draft: &ReturnDraft,
    end: Option<MemberId>,
    now: Instant,
) -> Result<Undoing, Error> {
    if draft.at.is_some_and(|at| at < sale.at) {
        return Err(Error::field("at", "return-before-sale"));
    }
    let rules = k.rules_of(tx, sale.programme_version).await?;
    let rows = receipts::lines(tx, sale.id).await?;
    let (programme, tier) = (&rules.programme, &sale.tier);
    let stored = kept::read(&sale.evaluation, programme, tier, &rows)?;
    let mut earlier = Vec::new();
    for row in receipts::returns_of(tx, sale.id).await? {
        earlier.push(json::from_column(&row.evaluation)?);
    }
    let past = Past {
        judgement: judgement_of(tx, &sale, &stored, &rules).await?,
        store: chain::store_code(tx, sale.store_id).await?,
        at: sale.at,
        sold: rows.into_iter().map(|row| row.line).collect(),
        stored,
        earlier,
    };
    let theirs = joined::up_to_date_at(tx, end, now).await?;
    let worked_out = match sale.member_id {
        None => past.give_back(programme, &draft.lines, None, now)?,
        Some(member) => {
            // What is due by now is written before a return is stored; its quote tells the same without writing it.
            let then = joined::up_to_date(tx, member, now).await?;
            let own = ledger::lots_of_sale(tx, sale.id).await?;
            let as_then = |lot: &Lot| theirs.of(&then.of(lot));
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
            let holdings = Holdings {
                own: &own,
                expired: ledger::expired_of_sale(tx, sale.id).await? + gone,
                others: &others,
                paid: &paid,
                grace: lot_grace(&programme.points, now, programme.time_zone),
            };
            past.give_back(programme, &draft.lines, Some(holdings), now)?
        }
    };
    let WorkedOut {
        goods,
        before,
        after,
        counted,
        movement,
        effect,
    } = worked_out;
    Ok(Undoing {
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
