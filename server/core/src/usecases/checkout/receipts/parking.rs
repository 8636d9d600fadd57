//! Receipts that wait: a sale or return from a clock that is ahead, for its time; a return that came before its sale, for
//! the sale. Each is settled once and none is dropped: one that turns out wrong stays, with the reason.

use super::code_use::mark_code_used;
use super::idempotency::{CommitAnswer, IdempotentRequest, ResolvedReceiptIdentity};
use super::late_sale::SaleArrival;
use super::named_sale::find_named_sale;
use super::parked_refusals::{keep_refusal, log_refused, refuse_alone};
use super::returning::{ReturnDraft, store_return};
use super::sale_storing::store_sale;
use super::sent_receipt::SentReceipt;
use super::{LateSaleOrigin, SaleDraft, draft_checks};
use crate::domain::actor::Actor;
use crate::domain::amounts::Points;
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::identity::ReceiptIdentity;
use crate::store::json;
use crate::store::parked_receipts::{self, ParkedReceiptRow};
use crate::store::{Exemption, StoreError, Tx, held_sales, members, receipts, tills};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::scanned_cards::PresentedCard;
use crate::usecases::{Error, Refusal, retrying};

/// Number of parked receipts that are settled before others get their turn.
const AT_ONCE: i64 = 100;

/// Parks a sale until its time. It ends its code and visit for spending, as a stored one does.
pub(super) async fn park_sale(
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    card: Option<PresentedCard>,
    identity: &ResolvedReceiptIdentity,
    late: LateSaleOrigin,
) -> Result<CommitAnswer, Error> {
    let SentReceipt { at_till, draft, .. } = *sale;
    let row = ParkedReceiptRow {
        member_id: card.map(|card| card.member),
        draft: json::to_column(draft)?,
        shown: card.map_or_else(|| Ok(String::new()), |card| json::to_column(&card))?,
        due_at: draft.at,
        ..new_parked_row(at_till, ReceiptKind::Sale, identity, sale.request)
    };
    let (id, row_member) = (row.id, row.member_id);
    let parked = store_parked(tx, row, late.sent_at).await?;
    held_sales::set_sender(tx, id, late.sender).await?;
    let line = late
        .audit_line(at_till, Action::ReceiptParked)
        .member(row_member);
    audit::log(tx, line.subject(id).outcome("sale"), late.sent_at).await?;
    if let Some(card) = &card {
        let (till, visit) = (at_till.till.id, draft.visit.as_deref());
        mark_code_used(tx, visit, card, Points::ZERO, till, late.sent_at).await?;
    }
    Ok(parked)
}

/// Parks a return until its time, or until its sale comes. Also the id under which it waits.
pub(super) async fn park_return(
    tx: &mut Tx,
    returned: &SentReceipt<'_, ReturnDraft>,
    identity: &ResolvedReceiptIdentity,
    now: Instant,
) -> Result<(CommitAnswer, RowId), Error> {
    let SentReceipt { at_till, draft, .. } = *returned;
    let sale = draft.sale.identity().unwrap_or_default();
    let ahead = draft.at.filter(|at| draft_checks::is_ahead(*at, now));
    let row = ParkedReceiptRow {
        draft: json::to_column(draft)?,
        sale_series: sale.series.to_owned(),
        sale_shift: sale.shift.to_owned(),
        sale_number: sale.number.to_owned(),
        due_at: ahead,
        ..new_parked_row(at_till, ReceiptKind::Return, identity, returned.request)
    };
    let id = row.id;
    let line = at_till.audit_line(Action::ReceiptParked);
    audit::log(tx, line.subject(id).outcome("return"), now).await?;
    Ok((store_parked(tx, row, now).await?, id))
}

/// Returns a parked receipt of this till, kind and identity, with nothing else of it yet.
pub(super) fn new_parked_row(
    at_till: &TillContext,
    kind: ReceiptKind,
    identity: &ResolvedReceiptIdentity,
    sent: &IdempotentRequest,
) -> ParkedReceiptRow {
    ParkedReceiptRow {
        id: RowId::new(),
        till_id: at_till.till.id,
        staff_id: at_till.staff,
        member_id: None,
        kind,
        key: sent.key.clone(),
        body_hash: sent.body_hash.clone(),
        draft: String::new(),
        shown: String::new(),
        series: identity.series.clone(),
        shift: identity.shift.clone(),
        number: identity.number.clone(),
        sale_series: String::new(),
        sale_shift: String::new(),
        sale_number: String::new(),
        due_at: None,
        refused: String::new(),
    }
}

async fn store_parked(
    tx: &mut Tx,
    row: ParkedReceiptRow,
    now: Instant,
) -> Result<CommitAnswer, Error> {
    parked_receipts::insert(tx, &row, now).await?;
    row.to_commit_answer()
}

/// The receipt that waits under a key.
pub(super) async fn find_waiting(
    tx: &mut Tx,
    till: crate::ids::TillId,
    key: &str,
) -> Result<Option<ParkedReceiptRow>, StoreError> {
    parked_receipts::find_by_key(tx, till, key).await
}

impl ParkedReceiptRow {
    fn idempotent_request(&self) -> IdempotentRequest {
        IdempotentRequest {
            key: self.key.clone(),
            body_hash: self.body_hash.clone(),
            bytes_hash: None,
        }
    }

    /// Its number was free when it was parked, but somebody may have stored another receipt at that very moment.
    async fn check_identity_free(&self, tx: &mut Tx) -> Result<(), Error> {
        let stored = receipts::find_by_identity(
            tx,
            self.till_id,
            self.resolved_identity().as_identity(),
            self.kind,
        )
        .await?;
        stored.map_or(Ok(()), |receipt| {
            Err(Refusal::ReceiptExists { receipt }.into())
        })
    }

    pub(super) fn resolved_identity(&self) -> ResolvedReceiptIdentity {
        ResolvedReceiptIdentity {
            series: self.series.clone(),
            shift: self.shift.clone(),
            number: self.number.clone(),
            awaited: true,
        }
    }
}

/// Settles the returns that waited for a sale which has just been stored. One that is wrong stays with its reason and
/// never keeps the sale from being stored. The actor is whoever stores the sale.
pub(super) async fn settle_waiting_returns(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    actor: &Actor,
    sale: ReceiptIdentity<'_>,
    news: &mut Vec<MemberId>,
) -> Result<(), Error> {
    for row in parked_receipts::for_sale(tx, at_till.till.id, sale).await? {
        let at_till = TillContext {
            till: at_till.till.clone(),
            staff: row.staff_id,
        };
        settle_return(service, tx, &at_till, actor, &row, news).await?;
    }
    Ok(())
}

/// Returns why the sale that a return names was refused after it had waited; `None` = it may still come.
pub(super) async fn refused_sale(
    tx: &mut Tx,
    at_till: &TillContext,
    draft: &ReturnDraft,
) -> Result<Option<String>, Error> {
    let Some(sale) = draft.sale.identity() else {
        return Ok(None);
    };
    Ok(parked_receipts::refused_sale(tx, at_till.till.id, sale).await?)
}

async fn settle_return(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    actor: &Actor,
    row: &ParkedReceiptRow,
    news: &mut Vec<MemberId>,
) -> Result<(), Error> {
    let draft: ReturnDraft = json::from_column(&row.draft)?;
    let Some(sale) = find_named_sale(tx, at_till, &draft.sale).await? else {
        // Its time has come, but its sale has not.
        match refused_sale(tx, at_till, &draft).await? {
            Some(why) => {
                parked_receipts::refuse(tx, row.id, &why).await?;
                log_refused(tx, actor, row, service.now()).await?;
            }
            None => {
                tx.exempt(Exemption::ParkedReceipt);
                parked_receipts::wait_for_sale(tx, row.id).await?;
            }
        }
        return Ok(());
    };
    parked_receipts::delete(tx, row.id).await?;
    if let Err(taken) = row.check_identity_free(tx).await {
        return keep_refusal(service, tx, actor, row, Err(taken)).await;
    }
    let returned = SentReceipt {
        at_till,
        draft: &draft,
        request: &row.idempotent_request(),
    };
    let identity = row.resolved_identity();
    let done = store_return(service, tx, &returned, sale, identity, news).await;
    keep_refusal(service, tx, actor, row, done.map(drop)).await
}

/// Stores a sale that waited, or holds it.
pub(super) async fn settle_sale(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    row: &ParkedReceiptRow,
    arrival: SaleArrival,
    news: &mut Vec<MemberId>,
) -> Result<CommitAnswer, Error> {
    let draft: SaleDraft = json::from_column(&row.draft)?;
    let mut card: Option<PresentedCard> = match row.shown.as_str() {
        "" => None,
        card => Some(json::from_column(card)?),
    };
    // The account was closed while the receipt waited: the sale goes on without it.
    if let Some(who) = &card
        && members::load_member(tx, who.member)
            .await?
            .closed_at
            .is_some()
    {
        card = None;
    }
    if let Some(who) = card {
        card = Some(who.of_late_sale(tx, at_till.till.id).await?);
    }
    parked_receipts::delete(tx, row.id).await?;
    row.check_identity_free(tx).await?;
    let sale = SentReceipt {
        at_till,
        draft: &draft,
        request: &row.idempotent_request(),
    };
    let identity = row.resolved_identity();
    store_sale(service, tx, &sale, card, identity, arrival, news).await
}

/// Settles parked receipts whose time has come, each in a transaction of its own; how many there were. One that fails
/// keeps no other from its turn.
///
/// # Errors
/// [`Error::Fault`] of the last one that failed; what was settled stays settled.
pub async fn settle_parked(service: &Kopilka) -> Result<usize, Error> {
    let mut tx = service.db.read().await?;
    let due = parked_receipts::list_due(&mut tx, service.now(), AT_ONCE).await?;
    drop(tx);
    let mut fault = None;
    for id in &due {
        if let Err(error) = retrying(|| settle_if_due(service, &Actor::Job, *id)).await {
            tracing::error!(parked = %id, %error, "a parked receipt cannot be settled");
            fault = Some(error);
        }
    }
    fault.map_or(Ok(due.len()), Err)
}

/// Settles a parked receipt where its turn has come, and leaves it where not.
pub(super) async fn settle_if_due(
    service: &Kopilka,
    actor: &Actor,
    id: RowId,
) -> Result<(), Error> {
    let mut tx = service.db.write().await?;
    // Another process may have been quicker.
    let Some(row) = parked_receipts::lock_by_id(&mut tx, id).await? else {
        return Ok(());
    };
    let at_till = TillContext {
        till: tills::load_selling_till(&mut tx, row.till_id).await?,
        staff: row.staff_id,
    };
    let mut news = Vec::new();
    if row.kind == ReceiptKind::Sale {
        let arrival = SaleArrival::Late(LateSaleOrigin::load_parked(&mut tx, id).await?);
        match settle_sale(service, &mut tx, &at_till, &row, arrival, &mut news).await {
            Err(no @ (Error::Refused(_) | Error::Invalid(_))) => {
                // A refusal may come late, after half of the sale: that is undone, and only the refusal is kept.
                drop(tx);
                return refuse_alone(service, actor, &row, no).await;
            }
            done => drop(done?),
        }
    } else {
        settle_return(service, &mut tx, &at_till, actor, &row, &mut news).await?;
    }
    tx.commit().await?;
    news.iter().for_each(|member| service.announce(*member));
    Ok(())
}

/// Forgets whose parked receipts these are, as an account is closed: they go on without a card.
pub(crate) async fn forget_member(tx: &mut Tx, member: MemberId) -> Result<(), Error> {
    for row in parked_receipts::list_of_member(tx, member).await? {
        let mut draft: SaleDraft = json::from_column(&row.draft)?;
        (draft.visit, draft.code) = (None, None);
        parked_receipts::make_anonymous(tx, row.id, &json::to_column(&draft)?).await?;
    }
    Ok(())
}
