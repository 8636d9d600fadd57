//! A new card at the till: a link that the shopper opens on their own phone, bound to the sale in progress. Whoever joins by
//! it is the customer of that sale; where it was stored meanwhile, it becomes theirs as it was paid. Consents are the
//! shopper's alone, so nothing here makes a member.

use super::{OpenedVisit, open_by_phone};
use crate::domain::actor::Actor;
use crate::entropy;
use crate::ids::{MemberId, RowId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::till_enrolments::{self, TillEnrolmentRow};
use crate::store::{StoreError, Tx, members};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::receipts::is_valid_key;
use crate::usecases::checkout::scanned_cards::{check_scan, find_visit, refuse_receipt};
use crate::usecases::checkout::{claim_codes, printed_cards};
use crate::usecases::{Error, Refusal, retrying, transact};

/// Time after its beginning in which an enrolment can end, in seconds: a link, a code, and an hour for the consents.
const ENROLMENT_SECONDS: i64 = 7_200;
/// Time after joining in which the till may turn to the new member, in seconds.
const TURN_SECONDS: i64 = 900;

/// Begins an enrolment during the sale that will be stored under `sale_key`; the token of its link.
///
/// # Errors
/// [`Refusal::StoreWaiting`]; [`Refusal::KeyMissing`].
pub async fn begin_enrolment(
    service: &Kopilka,
    at_till: &TillContext,
    sale_key: &str,
) -> Result<String, Error> {
    at_till.require_open_store()?;
    if !is_valid_key(sale_key) {
        return Err(Error::invalid_field("sale", "sale-key"));
    }
    let now = service.now();
    // Half a token is plenty for two hours, and keeps the code on the screen coarse enough to be read from afar.
    let token: String = entropy::random_token()?.chars().take(32).collect();
    let row = TillEnrolmentRow {
        id: RowId::new(),
        till_id: at_till.till.id,
        sale_key: sale_key.to_owned(),
        created_at: now,
        member_id: None,
        joined_at: None,
    };
    transact!(service.db, |tx| {
        till_enrolments::insert(tx, &row, entropy::hash_token(&token)).await?;
        let begun = at_till.audit_line(Action::EnrolmentBegun);
        audit::log(tx, begun.subject(row.id), now).await?;
        Ok(())
    })?;
    Ok(token)
}

/// The address that the shopper opens.
///
/// # Errors
/// [`Error::Fault`] in a process that serves nobody.
pub fn join_link(service: &Kopilka, at_till: &TillContext, token: &str) -> Result<String, Error> {
    let store = &at_till.till.store_code;
    let path = format!("/join?from=till&store={store}&visit={token}");
    Ok(service.served_link(&path)?)
}

/// Writes down who has joined by an enrolment's token, or turned out to be a member, and gives them the sale where it is
/// stored already. A token that is over does nothing: joining goes on without it.
pub(crate) async fn finish_till_enrolment(
    service: &Kopilka,
    tx: &mut Tx,
    token: &str,
    member: MemberId,
    news: &mut Vec<MemberId>,
) -> Result<(), Error> {
    if token.is_empty() {
        return Ok(());
    }
    let now = service.now();
    let since = now.plus_secs(-ENROLMENT_SECONDS);
    let Some(row) = till_enrolments::find_by_token(tx, entropy::hash_token(token), since).await?
    else {
        return Ok(());
    };
    let (till, key) = (row.till_id, row.sale_key.as_str());
    // The sale may be on its way at this moment: either it finds the member, or the member finds it.
    tx.advisory_lock(&format!("key {till} {key}")).await?;
    if till_enrolments::mark_joined(tx, row.id, member, now).await? {
        claim_codes::give_stored_sale(service, tx, till, key, member).await?;
        let finished = AuditLine::new(Action::EnrolmentFinished, &Actor::Member(member)).till(till);
        audit::log(tx, finished.subject(row.id), now).await?;
        news.push(member);
    }
    Ok(())
}

/// Returns the member who has joined by a token of this till, during this sale, a moment ago.
async fn find_new_member(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    token: &str,
    sale_key: &str,
) -> Result<Option<MemberId>, StoreError> {
    let since = service.now().plus_secs(-ENROLMENT_SECONDS);
    let row = till_enrolments::find_by_token(tx, entropy::hash_token(token), since).await?;
    let lately = service.now().plus_secs(-TURN_SECONDS);
    Ok(row
        .filter(|row| row.till_id == at_till.till.id && row.sale_key == sale_key)
        .filter(|row| row.joined_at.is_some_and(|joined| joined > lately))
        .and_then(|row| row.member_id))
}

/// Returns whether the shopper has finished joining.
///
/// # Errors
/// [`Error::Fault`].
pub async fn has_joined(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
    sale_key: &str,
) -> Result<bool, Error> {
    let mut tx = service.db.read().await?;
    Ok(find_new_member(service, &mut tx, at_till, token, sale_key)
        .await?
        .is_some())
}

/// Turns the till to the shopper who has finished joining: a visit of theirs, which earns as a proven phone does. None while
/// they have not.
///
/// # Errors
/// [`Error::Fault`].
pub async fn check_enrolment(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
    sale_key: &str,
) -> Result<Option<OpenedVisit>, Error> {
    let opened = transact!(service.db, |tx| {
        let Some(member) = find_new_member(service, tx, at_till, token, sale_key).await? else {
            return Ok(None);
        };
        if !members::lock_open(tx, member).await? {
            return Ok(None);
        }
        Ok(Some(
            open_by_phone(service, tx, at_till, member, service.now()).await?,
        ))
    })?;
    Ok(opened.transpose()?)
}

/// Attaches a printed card to the customer of a running visit, once. With `lost`, the member's printed cards so far are
/// blocked for good.
///
/// # Errors
/// [`Refusal::VisitOver`]; the refusal of the number, as [`printed_cards::attach_card`].
pub async fn attach_printed_card(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
    number: &str,
    lost: bool,
) -> Result<(), Error> {
    retrying(|| async {
        let turn = service.turns.wait_for_turn(at_till.till.id).await;
        let mut tx = service.db.write().await?;
        let now = service.now();
        let card = find_visit(&mut tx, at_till, token, now).await?;
        if !members::lock_open(&mut tx, card.member).await? {
            return Err(Refusal::CardUnknown.into());
        }
        let attached = match check_scan(&mut tx, at_till.till.id, number, now).await {
            Ok(()) => {
                printed_cards::attach_in_transaction(&mut tx, card.member, number, lost, now).await
            }
            waits => waits,
        };
        if let Err(no) = attached {
            drop(tx);
            return refuse_receipt(service, at_till, Some(number), no).await;
        }
        drop(turn);
        let attached = at_till.audit_line(Action::CardAttached).member(card.member);
        audit::log(&mut tx, attached, now).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}
