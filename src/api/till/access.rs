//! Access to the till: pairing, signing in, the lock, PINs, shifts, and the senior's word for a visit that the fraud limits
//! stopped.

use kopilka_core::ids::{RowId, StaffId, TillId};
use kopilka_core::usecases::access::{pairing as pairings, shifts, staff};
use kopilka_core::usecases::checkout::fraud_limits::{self, OverrideTarget};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::answering::{answer_stopped, stopped_card};
use super::{TILL, TillFormOutcome, identify_customer, require_till_request};
use crate::api::forms::sale_form::SaleForm;
use crate::api::forms::{PageStep, SaleAct};
use crate::api::reply;
use crate::api::visitor::{Visitor, cookie};

/// Seconds for which a cashier stays signed in: a long shift.
const SHIFT_SECONDS: i64 = 12 * 3600;
/// Seconds for which a browser keeps its pairing, from the last sign-in on: no browser keeps a cookie for longer.
const PAIRED_SECONDS: i64 = 400 * 24 * 3600;

/// Returns the page to go on to after unlocking: a page of the till, or the till itself.
fn unlocked_page(next: &str) -> String {
    let local = reply::local_path(next);
    if local == TILL || local.starts_with("/till/") || local.starts_with("/till?") {
        local
    } else {
        TILL.to_owned()
    }
}

/// Gives the browser its session, and a paired one its pairing for another long while.
fn keep_session(visitor: &Visitor, session: &str) {
    reply::set_cookie(visitor, cookie::STAFF, session, SHIFT_SECONDS);
    if visitor.paired.is_some() {
        let token = visitor.cookie(cookie::TILL);
        reply::set_cookie(visitor, cookie::TILL, token, PAIRED_SECONDS);
    }
}

/// Signs a cashier in by login and password.
#[server(prefix = "/api", endpoint = "till/sign-in", input = PostUrl)]
pub async fn sign_in(
    #[server(default)] login: String,
    #[server(default)] password: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let (paired, locked) = (visitor.paired.as_ref(), visitor.locked.as_ref());
    match staff::sign_in(&visitor.kopilka, paired, locked, &login, &password).await {
        Ok(token) => {
            if locked.is_none() {
                reply::clear_cookie(&visitor, cookie::VISIT);
            }
            keep_session(&visitor, &token);
            reply::redirect_to(&unlocked_page(&next));
            Ok(())
        }
        Err(error) => reply::refuse(&unlocked_page(&next), error),
    }
}

/// Unlocks the till by PIN, or signs somebody in by theirs; what lay there stays.
#[server(prefix = "/api", endpoint = "till/unlock", input = PostUrl)]
pub async fn unlock(
    #[server(default)] who: String,
    #[server(default)] pin: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let (paired, locked) = (visitor.paired.as_ref(), visitor.locked.as_ref());
    let who: Option<StaffId> = who.parse().ok();
    match staff::unlock_till(&visitor.kopilka, paired, locked, who, pin.trim()).await {
        Ok(token) => {
            if let Some(token) = token {
                if locked.is_none() {
                    reply::clear_cookie(&visitor, cookie::VISIT);
                }
                keep_session(&visitor, &token);
            }
            reply::redirect_to(&unlocked_page(&next));
            Ok(())
        }
        Err(error) => reply::refuse(&unlocked_page(&next), error),
    }
}

/// Locks the till.
#[server(prefix = "/api", endpoint = "till/lock", input = PostUrl)]
pub async fn lock_till(#[server(default)] next: String) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    if let Some(cashier) = &visitor.cashier
        && let Err(error) = staff::lock_till(&visitor.kopilka, cashier).await
    {
        return reply::refuse(TILL, error);
    }
    reply::redirect_to(&unlocked_page(&next));
    Ok(())
}

/// Signs the cashier out, and whoever was being served is left.
#[server(prefix = "/api", endpoint = "till/sign-out", input = PostUrl)]
pub async fn sign_out() -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let cashier = visitor.cashier.as_ref().or(visitor.locked.as_ref());
    if let Some(cashier) = cashier
        && let Err(error) = staff::sign_out(&visitor.kopilka, cashier).await
    {
        return reply::refuse(TILL, error);
    }
    for name in [
        cookie::VISIT,
        cookie::STOPPED,
        cookie::STAFF,
        cookie::PAIRING,
    ] {
        reply::clear_cookie(&visitor, name);
    }
    reply::redirect_to(TILL);
    Ok(())
}

/// Pairs the browser with a till, by its key or by a code.
#[server(prefix = "/api", endpoint = "till/pair", input = PostUrl)]
pub async fn pair_browser(#[server(default)] pairing: String) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let at = visitor.cashier.as_ref().or(visitor.locked.as_ref());
    match pairings::pair_browser(&visitor.kopilka, &pairing, &visitor.device, at).await {
        Ok(token) => {
            reply::clear_cookie(&visitor, cookie::VISIT);
            reply::clear_cookie(&visitor, cookie::STAFF);
            reply::set_cookie(&visitor, cookie::TILL, &token, PAIRED_SECONDS);
            reply::redirect_to(TILL);
            Ok(())
        }
        Err(error) => reply::refuse(TILL, error),
    }
}

/// Shows an administrator a code that pairs another browser.
#[server(prefix = "/api", endpoint = "till/pairing-code", input = PostUrl)]
pub async fn create_pairing_code(#[server(default)] till: String) -> Result<(), ServerFnError> {
    const PAGE: &str = "/till/pair";
    let shown = async {
        let visitor = Visitor::current();
        let cashier = visitor.cashier()?;
        let till: TillId = till
            .parse()
            .map_err(|_| Error::invalid_field("till", "till-unknown"))?;
        let code = pairings::create_code_for_admin(&visitor.kopilka, &cashier, till).await?;
        // For the page that comes next, and only in the browser of whoever asked.
        let value = format!("{code}.{till}");
        reply::set_cookie(&visitor, cookie::PAIRING, &value, pairings::CODE_SECONDS);
        Ok(())
    };
    reply::answer(shown.await, PAGE, PAGE)
}

/// Gives the cashier a new PIN.
#[server(prefix = "/api", endpoint = "till/pin", input = PostUrl)]
pub async fn set_pin(
    #[server(default)] password: String,
    #[server(default)] pin: String,
    #[server(default)] again: String,
) -> Result<(), ServerFnError> {
    let set = async {
        let visitor = Visitor::current();
        let cashier = visitor.cashier()?;
        let (pin, again) = (pin.trim(), again.trim());
        staff::set_own_pin(&visitor.kopilka, &cashier, &password, pin, again).await
    };
    reply::answer(set.await, "/till/pin", "/till/pin?set")
}

/// Closes the shift: its report once more, and the till is locked behind it.
#[server(prefix = "/api", endpoint = "till/close-shift", input = PostUrl)]
pub async fn close_shift() -> Result<(), ServerFnError> {
    let closed = async {
        let visitor = Visitor::current();
        let shift = shifts::close_shift(&visitor.kopilka, &visitor.cashier()?).await?;
        reply::clear_cookie(&visitor, cookie::VISIT);
        Ok::<RowId, Error>(shift)
    };
    match closed.await {
        Ok(shift) => {
            let page = format!("/till/report?shift={shift}");
            reply::stay(&page, PageStep::ShiftClosed(shift))
        }
        Err(error) => reply::refuse("/till/report", error),
    }
}

/// A senior lets a visit pass that the fraud limits have stopped; the receipt as it was typed goes on. The code of a card that
/// was stopped is with the browser.
#[server(prefix = "/api", endpoint = "till/lift", input = PostUrl)]
pub async fn override_block(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] who: String,
    #[server(default)] pin: String,
    #[server(default)] by_card: String,
) -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let mut sale = sale;
    let by_card = (!by_card.is_empty()).then_some(by_card);
    if let Some(token) = &by_card {
        let Some(code) = stopped_card(&visitor, token) else {
            // The card was stopped too long ago, or another one since: it is scanned again.
            let over = Err(Refusal::VisitOver.into());
            return answer_stopped(TILL, &sale, SaleAct::None, over);
        };
        sale.code = code;
    }
    let passed = let_pass(&who, &pin, by_card.is_some(), &sale).await;
    let act = match &passed {
        Ok(_) => {
            reply::clear_cookie(&visitor, cookie::STOPPED);
            SaleAct::None
        }
        Err(_) => SaleAct::Stopped {
            by_card,
            senior: who,
        },
    };
    answer_stopped(TILL, &sale, act, passed)
}

async fn let_pass(
    who: &str,
    pin: &str,
    by_card: bool,
    sale: &SaleForm,
) -> Result<TillFormOutcome, Error> {
    let request = require_till_request()?;
    let device = request.visitor.cashier()?.device;
    let blocked = if by_card {
        OverrideTarget::Card(&sale.code)
    } else {
        OverrideTarget::Visit(&sale.visit)
    };
    let (service, at_till) = (&request.visitor.kopilka, &request.at_till);
    let senior: Option<StaffId> = who.parse().ok();
    fraud_limits::override_limits(service, at_till, device, senior, pin.trim(), blocked).await?;
    if by_card {
        return identify_customer(&request, sale).await;
    }
    Ok(TillFormOutcome::stay(sale, SaleAct::None))
}
