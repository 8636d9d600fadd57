//! Look-ups at the till, and the visits that they open. Each look-up is logged.

mod customer;
mod enrolling;
mod gifts;
mod judged_offers;
mod phone;
mod showing;
mod sold;
mod waiting;
mod wrong_codes;

pub use customer::Customer;
pub(super) use enrolling::joined;
pub use enrolling::{
    attach, begin as begin_enrolment, check as check_enrolment, has_joined, join_link,
};
pub use gifts::{Instead, WaitingGift, hand_over, take_back as take_gift_back};
pub use judged_offers::{JudgedOffer, JudgedOffers, OfferOutcome};
pub use phone::{Forgotten, ask_phone, confirm_phone, forgotten, resend_phone};
pub(super) use showing::{AsOf, card, resolve, resolve_number, unreadable};
pub use showing::{CodeUsage, Scheme, Shown};
pub use sold::{Sold, sold};
pub use waiting::{PutAside, made_by, put_aside, put_aside_here};
pub(super) use wrong_codes::{count_alone, count_in, refuse_look_up, refuse_receipt};

use customer::customer;

use super::{Error, Refusal, radar, retrying};
use crate::domain::actor::Actor;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{MemberId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::tills::{TillRow, VisitRow};
use crate::store::{Tx, tills};

/// Life of a visit in seconds (product rule: 5 minutes).
const VISIT_SECONDS: i64 = 300;

/// Till that asks, and the person at it where one is signed in.
#[derive(Debug, Clone)]
pub struct AtTill {
    /// The till with its store.
    pub till: TillRow,
    /// The person.
    pub staff: Option<StaffId>,
}

impl AtTill {
    /// Returns who acts here: the person, or the till by its key.
    pub const fn actor(&self) -> Actor {
        Actor::Till {
            till: self.till.id,
            staff: self.staff,
        }
    }

    /// Makes a line of the audit log about what was done here.
    pub(super) fn did(&self, action: Action) -> AuditLine {
        AuditLine::new(action, &self.actor())
    }
}

/// The till key's till, or the refusal to serve it.
///
/// # Errors
/// [`Refusal::NotSignedIn`] for an unknown or revoked key.
pub async fn authenticate(k: &Kopilka, key: &str) -> Result<AtTill, Error> {
    let mut tx = k.db.read().await?;
    let till = tills::by_key(&mut tx, entropy::hash(key), k.now())
        .await?
        .ok_or(Refusal::NotSignedIn)?;
    Ok(AtTill { till, staff: None })
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
pub struct Visit {
    /// Names the member at this till for five minutes.
    pub token: String,
    /// Member who is served; stays on the server.
    pub member: MemberId,
    /// Time at which it ends.
    pub expires: Instant,
    /// Member as the cashier may see them.
    pub customer: Customer,
}

/// Looks a member up by what was scanned and opens a visit. Each look-up is logged, failed ones too.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub async fn lookup(k: &Kopilka, at_till: &AtTill, scan: &str) -> Result<Visit, Error> {
    retrying(|| async {
        let (mut tx, mut shown, now) = resolve_scanned(k, at_till, scan).await?;
        if let Some(refusal) = stop_look_up(k, &mut tx, at_till, &mut shown, now).await? {
            tx.commit().await?;
            return Err(refusal.into());
        }
        // This look-up is not in the log yet.
        let customer = customer(k, &mut tx, at_till, &shown, 1, now).await?;
        let opened = store_visit(&mut tx, at_till, &shown, now).await?;
        tx.commit().await?;
        Ok(Visit {
            token: opened.token,
            member: opened.member,
            expires: opened.expires,
            customer,
        })
    })
    .await
}

/// Opens a visit as [`lookup`] does, without loading the member as the cashier sees them: the page that comes next does.
///
/// # Errors
/// As [`lookup`].
pub async fn open_visit(k: &Kopilka, at_till: &AtTill, scan: &str) -> Result<OpenedVisit, Error> {
    retrying(|| async {
        let (mut tx, mut shown, now) = resolve_scanned(k, at_till, scan).await?;
        let opened = open(k, &mut tx, at_till, &mut shown, now).await?;
        tx.commit().await?;
        Ok(opened?)
    })
    .await
}

/// Returns what was scanned, in the transaction that may open a visit of it, and its time.
async fn resolve_scanned(
    k: &Kopilka,
    at_till: &AtTill,
    scan: &str,
) -> Result<(Tx, Shown, Instant), Error> {
    let turn = k.turns.take(at_till.till.id).await;
    let mut tx = k.db.write().await?;
    let now = k.now();
    let found = resolve(&mut tx, at_till.till.id, scan, AsOf::now(now)).await;
    // A code that another till has used does nothing here: better to hear it now than after the total.
    let usable = found.and_then(|shown| {
        shown.check_usage(false)?;
        Ok(shown)
    });
    let shown = match usable {
        Ok(shown) => shown,
        Err(no) => {
            drop(tx);
            return refuse_look_up(k, at_till, scan, no).await;
        }
    };
    drop(turn);
    Ok((tx, shown, now))
}

/// Opens a visit of whoever was shown, and logs the look-up; one that the radar stops is logged too. The caller commits
/// either.
async fn open(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &mut Shown,
    now: Instant,
) -> Result<Result<OpenedVisit, Refusal>, Error> {
    if let Some(refusal) = stop_look_up(k, tx, at_till, shown, now).await? {
        return Ok(Err(refusal));
    }
    Ok(Ok(store_visit(tx, at_till, shown, now).await?))
}

/// Returns why the radar stops a look-up, and logs it then; the caller commits that.
async fn stop_look_up(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &mut Shown,
    now: Instant,
) -> Result<Option<Refusal>, Error> {
    let refusal = radar::before_look_up(k, tx, at_till, shown, now).await?;
    if let Some(refusal) = &refusal {
        let stopped = at_till.did(Action::LookUp).member(shown.member);
        audit::log(tx, stopped.outcome(refusal.key()), now).await?;
    }
    Ok(refusal)
}

/// Stores a visit of whoever was shown, and logs the look-up.
async fn store_visit(
    tx: &mut Tx,
    at_till: &AtTill,
    shown: &Shown,
    now: Instant,
) -> Result<OpenedVisit, Error> {
    let token = entropy::token()?;
    let expires = now.plus_secs(VISIT_SECONDS);
    let visit = VisitRow {
        till_id: at_till.till.id,
        member_id: shown.member,
        scheme: shown.scheme,
        device_id: shown.code.map(|(device, _)| device),
        step: shown.code.map(|(_, step)| step),
        expires_at: expires,
        lifted_by: shown.lifted_by,
    };
    let found = at_till.did(Action::LookUp).member(shown.member);
    audit::log(tx, found.outcome("found"), now).await?;
    tills::open_visit(tx, entropy::hash(&token), &visit, now).await?;
    Ok(OpenedVisit {
        token,
        member: shown.member,
        expires,
    })
}

/// Looks a member up by what was scanned, without opening a visit: for finding their receipts. Each look-up is logged,
/// failed ones too.
///
/// # Errors
/// The [`Refusal`] that says what is wrong with the code or the card.
pub(super) async fn lookup_member(
    k: &Kopilka,
    at_till: &AtTill,
    scan: &str,
) -> Result<MemberId, Error> {
    retrying(|| look_up_member(k, at_till, scan)).await
}

async fn look_up_member(k: &Kopilka, at_till: &AtTill, scan: &str) -> Result<MemberId, Error> {
    let turn = k.turns.take(at_till.till.id).await;
    let mut tx = k.db.write().await?;
    let now = k.now();
    let mut shown = match resolve(&mut tx, at_till.till.id, scan, AsOf::now(now)).await {
        Ok(shown) => shown,
        Err(no) => {
            drop(tx);
            return refuse_look_up(k, at_till, scan, no).await;
        }
    };
    drop(turn);
    let stopped = radar::before_look_up(k, &mut tx, at_till, &mut shown, now).await?;
    let outcome = stopped.as_ref().map_or("receipts", Refusal::key);
    let looked_up = at_till.did(Action::LookUp).member(shown.member);
    audit::log(&mut tx, looked_up.outcome(outcome), now).await?;
    tx.commit().await?;
    match stopped {
        Some(refusal) => Err(refusal.into()),
        None => Ok(shown.member),
    }
}

/// Opens a visit of a member whose phone is proven; it is a look-up as any other, and the caller commits it as such.
async fn open_by_phone(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    member: MemberId,
    now: Instant,
) -> Result<Result<OpenedVisit, Refusal>, Error> {
    let mut shown = Shown {
        member,
        scheme: Scheme::Phone,
        code: None,
        lifted_by: None,
        usage: CodeUsage::Unused,
    };
    open(k, tx, at_till, &mut shown, now).await
}

/// Returns the member whose visit a token names or named: an over one too, or one of a till that this one stands in for, so
/// that a card shown again is known for the same.
///
/// # Errors
/// [`Error::Fault`].
pub async fn visitor_of(k: &Kopilka, token: &str) -> Result<Option<MemberId>, Error> {
    let mut tx = k.db.read().await?;
    let row = tills::visit(&mut tx, entropy::hash(token)).await?;
    Ok(row.map(|row| row.visit.member_id))
}

/// The visit of a token at this till, unless it was over at `at`.
///
/// # Errors
/// [`Refusal::VisitOver`], also for a token of another till.
pub(super) async fn visit(
    tx: &mut Tx,
    at_till: &AtTill,
    token: &str,
    at: Instant,
) -> Result<Shown, Error> {
    let with_use = tills::visit(tx, entropy::hash(token))
        .await?
        .filter(|row| row.visit.till_id == at_till.till.id && at < row.visit.expires_at)
        .ok_or(Refusal::VisitOver)?;
    let usage = CodeUsage::of_visit(&with_use);
    let row = with_use.visit;
    Ok(Shown {
        member: row.member_id,
        scheme: row.scheme,
        code: row.device_id.zip(row.step),
        lifted_by: row.lifted_by,
        usage,
    })
}

/// The customer of a running visit, for a page that is loaded again.
///
/// # Errors
/// [`Refusal::VisitOver`].
pub async fn customer_of(k: &Kopilka, at_till: &AtTill, token: &str) -> Result<Customer, Error> {
    let now = k.now();
    let mut tx = k.db.read().await?;
    let shown = visit(&mut tx, at_till, token, now).await?;
    customer(k, &mut tx, at_till, &shown, 0, now).await
}

#[cfg(test)]
mod tests;
