//! Look-ups at the till, and the visits that they open. Each look-up is logged.

mod code_by_phone;
mod completed_sale;
mod customer;
mod gift_handover;
mod judged_offers;
mod put_aside_sales;
mod till_enrolment;

pub use code_by_phone::{
    PhoneCodeStatus, confirm_phone_code, find_phone_code, request_phone_code, resend_phone_code,
};
pub use completed_sale::{CompletedSale, load_completed_sale};
pub use customer::TillCustomer;
pub use gift_handover::{GiftReplacement, WaitingGift, hand_over_gift, take_gift_back};
pub use judged_offers::{JudgedOffer, JudgedOffers, OfferOutcome};
pub use put_aside_sales::{PutAsideSale, list_put_aside, put_sale_aside};
pub(crate) use till_enrolment::finish_till_enrolment;
pub use till_enrolment::{
    attach_printed_card, begin_enrolment, check_enrolment, has_joined, join_link,
};

use customer::load_customer;

use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::tills::VisitRow;
use crate::store::{Tx, tills};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::fraud_limits;
use crate::usecases::checkout::scanned_cards::{
    CardScheme, CodeUsageState, PresentedCard, ScanReadingTimes, find_visit, refuse_look_up,
    resolve_scan,
};
use crate::usecases::{Error, Refusal, retrying};

/// Life of a visit in seconds (product rule: 5 minutes).
const VISIT_SECONDS: i64 = 300;

/// The till key's till, or the refusal to serve it.
///
/// # Errors
/// [`Refusal::NotSignedIn`] for an unknown or revoked key.
pub async fn authenticate(service: &Kopilka, key: &str) -> Result<TillContext, Error> {
    let mut tx = service.db.read().await?;
    let till = tills::find_by_key(&mut tx, entropy::hash_token(key), service.now())
        .await?
        .ok_or(Refusal::NotSignedIn)?;
    Ok(TillContext { till, staff: None })
}

/// Visit that was opened.
#[derive(Debug, Clone)]
pub struct OpenedVisit {
    /// Names the member at this till for five minutes.
    pub token: String,
    /// Member who is served; stays on the server.
    pub member: MemberId,
    /// Time at which it ends.
    pub expires: Instant,
}

/// A look-up's answer.
#[derive(Debug, Clone)]
pub struct CustomerVisit {
    /// Names the member at this till for five minutes.
    pub token: String,
    /// Member who is served; stays on the server.
    pub member: MemberId,
    /// Time at which it ends.
    pub expires: Instant,
    /// Member as the cashier may see them.
    pub customer: TillCustomer,
}

/// Looks a member up by what was scanned and opens a visit. Each look-up is logged, failed ones too.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub async fn look_up_customer(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
) -> Result<CustomerVisit, Error> {
    retrying(|| async {
        let (mut tx, mut card, now) = resolve_unused(service, at_till, scan).await?;
        if let Some(refusal) = stop_look_up(service, &mut tx, at_till, &mut card, now).await? {
            tx.commit().await?;
            return Err(refusal.into());
        }
        // This look-up is not in the log yet.
        let customer = load_customer(service, &mut tx, at_till, &card, 1, now).await?;
        let opened = store_visit(&mut tx, at_till, &card, now).await?;
        tx.commit().await?;
        Ok(CustomerVisit {
            token: opened.token,
            member: opened.member,
            expires: opened.expires,
            customer,
        })
    })
    .await
}

/// Opens a visit as [`look_up_customer`] does, without loading the member as the cashier sees them: the page that comes next
/// does.
///
/// # Errors
/// As [`look_up_customer`].
pub async fn open_visit(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
) -> Result<OpenedVisit, Error> {
    retrying(|| async {
        let (mut tx, mut card, now) = resolve_unused(service, at_till, scan).await?;
        let opened = open(service, &mut tx, at_till, &mut card, now).await?;
        tx.commit().await?;
        Ok(opened?)
    })
    .await
}

/// Returns what was scanned, in the transaction that may open a visit of it, and its time. A code that another till has used
/// does nothing here: better to hear it now than after the total.
async fn resolve_unused(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
) -> Result<(Tx, PresentedCard, Instant), Error> {
    resolve_scanned(service, at_till, scan, |card| card.check_usage(false)).await
}

/// Returns what was scanned and passes the check, in the transaction of its look-up, and its time.
async fn resolve_scanned(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
    check: impl Fn(&PresentedCard) -> Result<(), Refusal>,
) -> Result<(Tx, PresentedCard, Instant), Error> {
    let turn = service.turns.wait_for_turn(at_till.till.id).await;
    let mut tx = service.db.write().await?;
    let now = service.now();
    let found = resolve_scan(
        &mut tx,
        at_till.till.id,
        scan,
        ScanReadingTimes::at_present(now),
    )
    .await;
    let usable = found.and_then(|card| {
        check(&card)?;
        Ok(card)
    });
    let card = match usable {
        Ok(card) => card,
        Err(no) => {
            drop(tx);
            return refuse_look_up(service, at_till, scan, no).await;
        }
    };
    drop(turn);
    Ok((tx, card, now))
}

/// Opens a visit of whoever was shown, and logs the look-up; one that the fraud limits stop is logged too. The caller commits
/// either.
async fn open(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    card: &mut PresentedCard,
    now: Instant,
) -> Result<Result<OpenedVisit, Refusal>, Error> {
    if let Some(refusal) = stop_look_up(service, tx, at_till, card, now).await? {
        return Ok(Err(refusal));
    }
    Ok(Ok(store_visit(tx, at_till, card, now).await?))
}

/// Returns why the fraud limits stop a look-up, and logs it then; the caller commits that.
async fn stop_look_up(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    card: &mut PresentedCard,
    now: Instant,
) -> Result<Option<Refusal>, Error> {
    let refusal = fraud_limits::check_look_up(service, tx, at_till, card, now).await?;
    if let Some(refusal) = &refusal {
        let stopped = at_till.audit_line(Action::LookUp).member(card.member);
        audit::log(tx, stopped.outcome(refusal.key()), now).await?;
    }
    Ok(refusal)
}

/// Stores a visit of whoever was shown, and logs the look-up.
async fn store_visit(
    tx: &mut Tx,
    at_till: &TillContext,
    card: &PresentedCard,
    now: Instant,
) -> Result<OpenedVisit, Error> {
    let token = entropy::random_token()?;
    let expires = now.plus_secs(VISIT_SECONDS);
    let visit = VisitRow {
        till_id: at_till.till.id,
        member_id: card.member,
        scheme: card.scheme,
        device_id: card.code.map(|(device, _)| device),
        step: card.code.map(|(_, step)| step),
        expires_at: expires,
        overridden_by: card.overridden_by,
    };
    let found = at_till.audit_line(Action::LookUp).member(card.member);
    audit::log(tx, found.outcome("found"), now).await?;
    tills::open_visit(tx, entropy::hash_token(&token), &visit, now).await?;
    Ok(OpenedVisit {
        token,
        member: card.member,
        expires,
    })
}

/// Looks a member up by what was scanned, without opening a visit: for finding their receipts. Each look-up is logged,
/// failed ones too.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub async fn identify_member(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
) -> Result<MemberId, Error> {
    retrying(|| identify_member_once(service, at_till, scan)).await
}

async fn identify_member_once(
    service: &Kopilka,
    at_till: &TillContext,
    scan: &str,
) -> Result<MemberId, Error> {
    // A code that another till has used still says whose receipts these are.
    let (mut tx, mut card, now) = resolve_scanned(service, at_till, scan, |_| Ok(())).await?;
    let stopped = stop_look_up(service, &mut tx, at_till, &mut card, now).await?;
    if stopped.is_none() {
        let looked_up = at_till.audit_line(Action::LookUp).member(card.member);
        audit::log(&mut tx, looked_up.outcome("receipts"), now).await?;
    }
    tx.commit().await?;
    stopped.map_or(Ok(card.member), |refusal| Err(refusal.into()))
}

/// Opens a visit of a member whose phone is proven; it is a look-up as any other, and the caller commits it as such.
async fn open_by_phone(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    member: MemberId,
    now: Instant,
) -> Result<Result<OpenedVisit, Refusal>, Error> {
    let mut card = PresentedCard {
        member,
        scheme: CardScheme::Phone,
        code: None,
        overridden_by: None,
        usage: CodeUsageState::Unused,
    };
    open(service, tx, at_till, &mut card, now).await
}

/// The customer of a running visit, for a page that is loaded again.
///
/// # Errors
/// [`Refusal::VisitOver`].
pub async fn load_visit_customer(
    service: &Kopilka,
    at_till: &TillContext,
    token: &str,
) -> Result<TillCustomer, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let card = find_visit(&mut tx, at_till, token, now).await?;
    load_customer(service, &mut tx, at_till, &card, 0, now).await
}

#[cfg(test)]
mod tests;
