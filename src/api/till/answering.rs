//! How the till's forms are answered: with another page, or with the receipt as it is now.

use std::sync::Arc;

use kopilka_core::entropy;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::till_context::TillContext;
use leptos::prelude::*;

use crate::api::forms::sale_form::SaleForm;
use crate::api::forms::{PageStep, SaleAct, SaleStep};
use crate::api::reply;
use crate::api::visitor::{Visitor, cookie};

/// Seconds for which the browser remembers who is being served.
pub(in crate::api) const VISIT_SECONDS: i64 = 300;
/// The till's page.
pub(in crate::api) const TILL: &str = "/till";
/// Seconds for which the browser remembers the card that the fraud limits have stopped: as long as a senior's word counts.
const STOPPED_SECONDS: i64 = 600;

/// Way on from a form of the till that was accepted.
pub(in crate::api) enum TillFormOutcome {
    /// Another page, with GET.
    Go(String),
    /// This page with the receipt as it is now: nothing was refused, and nothing is finished.
    Stay(Box<SaleStep>),
}

impl TillFormOutcome {
    /// Goes on to a page.
    pub(in crate::api) fn go(page: &str) -> Self {
        Self::Go(page.to_owned())
    }

    /// Stays with this receipt after this act.
    pub(in crate::api) fn stay(sale: &SaleForm, act: SaleAct) -> Self {
        let sale = sale.clone();
        Self::Stay(Box::new(SaleStep { sale, act }))
    }
}

/// Answers a form of the receipt.
pub(in crate::api) fn answer(
    sale: &SaleForm,
    result: Result<TillFormOutcome, Error>,
) -> Result<(), ServerFnError> {
    answer_at(TILL, sale, result)
}

/// Answers a form of the receipt that is shown on this page.
pub(in crate::api) fn answer_at(
    page: &str,
    sale: &SaleForm,
    result: Result<TillFormOutcome, Error>,
) -> Result<(), ServerFnError> {
    let act = match &result {
        Err(Error::Refused(no)) if no.is_of_fraud_limits() => stop_sale(sale),
        _ => Ok(SaleAct::None),
    };
    match act {
        Ok(act) => answer_stopped(page, sale, act, result),
        Err(error) => reply::refuse(page, error),
    }
}

/// Answers a form of the receipt; `act` is told where it was refused.
pub(in crate::api) fn answer_stopped(
    page: &str,
    sale: &SaleForm,
    act: SaleAct,
    result: Result<TillFormOutcome, Error>,
) -> Result<(), ServerFnError> {
    match result {
        Ok(TillFormOutcome::Go(page)) => {
            reply::redirect_to(&page);
            Ok(())
        }
        Ok(TillFormOutcome::Stay(step)) => reply::stay(page, PageStep::Sale(step)),
        Err(error) => {
            let mut sale = sale.clone();
            if !matches!(error, Error::Invalid(_)) {
                // A rule's no is about something else than the spelling of what was typed.
                sale.typed.clear();
            }
            let step = PageStep::Sale(Box::new(SaleStep { sale, act }));
            reply::refuse_with(page, error, step)
        }
    }
}

/// Returns the act that a senior may let pass. A card that was stopped is remembered by the browser alone, with a token by which
/// the page names it: its code is never kept here, and another card that is stopped later is another token.
fn stop_sale(sale: &SaleForm) -> Result<SaleAct, Error> {
    let senior = String::new();
    if !sale.visit.is_empty() && !sale.has_new_code() {
        let by_card = None;
        return Ok(SaleAct::Stopped { by_card, senior });
    }
    let code: String = sale.code.chars().filter(char::is_ascii_digit).collect();
    if code.is_empty() {
        // A look-up by phone: there is nothing that a senior could let pass, and another card may wait for one.
        return Ok(SaleAct::None);
    }
    let token = entropy::encode_hex(&entropy::random_bytes::<8>()?);
    let value = format!("{token}.{code}");
    reply::set_cookie(
        &Visitor::current(),
        cookie::STOPPED,
        &value,
        STOPPED_SECONDS,
    );
    let by_card = Some(token);
    Ok(SaleAct::Stopped { by_card, senior })
}

/// Returns the code of the stopped card that a page names by its token; `None` = the browser remembers another one, or none.
pub(in crate::api) fn stopped_card(visitor: &Visitor, token: &str) -> Option<String> {
    let (known, code) = visitor.cookie(cookie::STOPPED).split_once('.')?;
    (known == token).then(|| code.to_owned())
}

/// Sender of the form, and the till at which they are signed in.
pub(in crate::api) struct TillFormRequest {
    pub(in crate::api) visitor: Arc<Visitor>,
    pub(in crate::api) at_till: TillContext,
}

/// Returns who has sent the form.
///
/// # Errors
/// [`kopilka_core::usecases::Refusal::NotSignedIn`].
pub(in crate::api) fn require_till_request() -> Result<TillFormRequest, Error> {
    let visitor = Visitor::current();
    let at_till = visitor.at_till()?;
    Ok(TillFormRequest { visitor, at_till })
}
