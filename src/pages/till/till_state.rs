//! State of the till for a request: nobody, or one customer with one receipt. A form that was posted decides before a cookie
//! does, so that two tabs with two customers never mix them up.

use kopilka_core::ids::ReceiptId;
use kopilka_core::store::products::ProductRow;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{self, SaleQuote};
use kopilka_core::usecases::checkout::spend_confirmation::{self, SpendQuestionState};
use kopilka_core::usecases::checkout::till::{self, CompletedSale, TillCustomer};
use kopilka_core::usecases::programme::products;
use kopilka_core::usecases::{Error, Refusal};

use super::result::ResultBanner;
use super::side_panel::SidePanel;
use crate::api::forms::sale_form::{SaleForm, shown_sum};
use crate::api::forms::{FormProblem, FormState, PageStep, SaleAct, SaleStep};
use crate::api::visitor::cookie;
use crate::api::{Visitor, reply};

/// State of the till.
pub enum TillPageState {
    /// The next customer, please.
    Idle {
        /// The sale that has just been done.
        sold: Option<Box<CompletedSale>>,
    },
    /// A sale in progress.
    OpenSale(Box<OpenSale>),
}

/// A sale in progress.
pub struct OpenSale {
    /// The receipt as typed.
    pub sale: SaleForm,
    /// Customer who is being served; `None` = a sale without a card.
    pub customer: Option<TillCustomer>,
    /// The visit has ended: the card must be scanned again.
    pub over: bool,
    /// Quote of the receipt.
    pub quote: Option<SaleQuote>,
    /// Wrong fields.
    pub problems: Vec<FormProblem>,
    /// Refusal that tells how many points may be spent, where more were asked for.
    pub refused: Option<Refusal>,
    /// Question to the owner of the card, and the answer.
    pub asked: Option<SpendQuestionState>,
    /// Products that were found in the product list, where something was looked for.
    pub found: Option<Vec<ProductRow>>,
    /// The button of a row that was pressed.
    pub pressed: String,
    /// Work that is done beside the receipt.
    pub side_panel: SidePanel,
}

/// Loads the state of a request for `path` and its banner.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_state(
    visitor: &Visitor,
    at_till: &TillContext,
    path: &str,
    posted: Option<&FormState>,
) -> Result<(TillPageState, Option<ResultBanner>), Error> {
    let state = match load_begun_receipt(posted) {
        Some((step, posted)) => open_sale(visitor, at_till, step, Some(posted)).await?,
        None => {
            let token = if is_next(path, posted) || is_without_card(path, posted) {
                ""
            } else {
                visitor.cookie(cookie::VISIT)
            };
            match load_visited_sale(visitor, at_till, token).await? {
                Some(state) => state,
                None => load_idle_state(visitor, at_till, path).await?,
            }
        }
    };
    // A cookie outlives its visit only by the clock's grain; then the page says so once.
    let named = !visitor.cookie(cookie::VISIT).is_empty();
    let over = matches!(&state, TillPageState::Idle { .. }) && named;
    if over || (named && is_without_card(path, posted)) {
        reply::clear_cookie(visitor, cookie::VISIT);
    }
    let banner = match query_value(path, "returned").filter(|_| posted.is_none()) {
        Some(id) => load_finished_return(visitor, at_till, id).await?,
        None if is_next(path, posted) && query_value(path, "done").is_none() => None,
        None => ResultBanner::from_request(visitor, posted, &state, over),
    };
    Ok((state, banner))
}

/// Returns whether the till's device asks for the next customer: whoever the cookie names is done with, though their sale may still
/// wait on the device.
fn is_next(path: &str, posted: Option<&FormState>) -> bool {
    posted.is_none() && query_value(path, "next").is_some()
}

/// Returns whether a sale without a card is begun: it is nobody's, whomever another tab has served.
fn is_without_card(path: &str, posted: Option<&FormState>) -> bool {
    posted.is_none() && query_value(path, "without-card").is_some()
}

/// The return that has just been done.
async fn load_finished_return(
    visitor: &Visitor,
    at_till: &TillContext,
    id: &str,
) -> Result<Option<ResultBanner>, Error> {
    let Ok(id) = id.parse::<ReceiptId>() else {
        return Ok(None);
    };
    match receipts::load_stored_return(&visitor.kopilka, at_till, id).await {
        Ok((number, effect)) => Ok(Some(ResultBanner::after_return(visitor, &number, &effect))),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The address of the page for its links: without the question for the next customer, without the mark of an answer that the browser
/// has missed, and without a receipt that came back after a sign-in, because it may have been changed since.
pub fn address(path: &str) -> String {
    let once = ["next", "lost", "unfinished"];
    if once.iter().any(|name| query_value(path, name).is_some()) {
        "/till".to_owned()
    } else {
        path.to_owned()
    }
}

/// The value of a query parameter, empty where it has none. Ours are ids and tokens, so nothing needs decoding.
pub(super) fn query_value<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The receipt that was begun, as one of its forms has left it.
fn load_begun_receipt(posted: Option<&FormState>) -> Option<(SaleStep, &FormState)> {
    let posted = posted?;
    match &posted.step {
        PageStep::Sale(step) if !step.sale.key.is_empty() => Some((*step.clone(), posted)),
        _ => None,
    }
}

/// A new receipt for a visit; an empty token for a sale without a card.
fn fresh_form(visit: &str) -> SaleStep {
    SaleStep {
        sale: SaleForm::begin(visit),
        act: SaleAct::None,
    }
}

/// The customer whom the cookie names, with a new receipt; nobody where it names none or the visit is over.
async fn load_visited_sale(
    visitor: &Visitor,
    at_till: &TillContext,
    token: &str,
) -> Result<Option<TillPageState>, Error> {
    if token.is_empty() {
        return Ok(None);
    }
    let state = open_sale(visitor, at_till, fresh_form(token), None).await?;
    let over = matches!(&state, TillPageState::OpenSale(open_sale) if open_sale.over);
    Ok((!over).then_some(state))
}

/// Nobody is being served: a new receipt without a card where one was asked for, or the next scan.
async fn load_idle_state(
    visitor: &Visitor,
    at_till: &TillContext,
    path: &str,
) -> Result<TillPageState, Error> {
    if query_value(path, "without-card").is_some() {
        return open_sale(visitor, at_till, fresh_form(""), None).await;
    }
    let sold = match query_value(path, "done").and_then(|id| id.parse::<ReceiptId>().ok()) {
        None => None,
        Some(id) => match till::load_completed_sale(&visitor.kopilka, at_till, id).await {
            Ok(sold) => Some(Box::new(sold)),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        },
    };
    Ok(TillPageState::Idle { sold })
}

async fn open_sale(
    visitor: &Visitor,
    at_till: &TillContext,
    step: SaleStep,
    posted: Option<&FormState>,
) -> Result<TillPageState, Error> {
    let SaleStep { mut sale, act } = step;
    let customer = if sale.visit.is_empty() {
        None
    } else {
        match till::load_visit_customer(&visitor.kopilka, at_till, &sale.visit).await {
            Ok(customer) => Some(customer),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        }
    };
    let over = customer.is_none() && !sale.visit.is_empty();
    let asked = match &customer {
        Some(customer) if !customer.may_spend => {
            spend_confirmation::load_question_state(&visitor.kopilka, at_till, &sale.visit).await?
        }
        _ => None,
    };
    let confirmed = matches!(asked, Some(SpendQuestionState::Confirmed { .. }));
    match &customer {
        // Who was asked for points and agrees wants to spend them, until the cashier says otherwise.
        Some(_) if confirmed && sale.spend.is_empty() => "all".clone_into(&mut sale.spend),
        // What was asked for while spending is stopped stays, so that a senior can let it pass.
        Some(customer) if !customer.may_spend && !customer.spending_stopped && !confirmed => {
            sale.spend.clear();
        }
        _ => {}
    }
    let found = if sale.by_lines() && !sale.find.trim().is_empty() {
        Some(products::search_products(&visitor.kopilka, &sale.find).await?)
    } else {
        None
    };
    let side_panel = SidePanel::load_named(visitor, at_till, &sale, customer.is_some()).await?;
    let accepted = posted
        .is_some_and(|posted| !posted.is_refused() || posted.refusal == Some(Refusal::SumChanged));
    let quote = match sale.draft() {
        Ok(draft) if accepted && !over => {
            // The quote was accepted before, or nobody has asked for it: then it is shown only where it can be had.
            let quote = receipts::quote_sale(&visitor.kopilka, at_till, &draft)
                .await
                .ok();
            let to_pay = quote.as_ref().map(|quote| quote.evaluation.to_pay);
            sale.shown = to_pay.map_or_else(String::new, |to_pay| shown_sum(&draft, to_pay));
            quote
        }
        _ => {
            sale.shown.clear();
            None
        }
    };
    Ok(TillPageState::OpenSale(Box::new(OpenSale {
        sale,
        customer,
        over,
        quote,
        problems: posted.map_or_else(Vec::new, |posted| posted.problems.clone()),
        refused: posted.and_then(|posted| posted.refusal.clone()),
        asked,
        found,
        pressed: match act {
            SaleAct::Edited(button) => button,
            _ => String::new(),
        },
        side_panel,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_neither_for_the_next_customer_nor_for_a_receipt_again() {
        assert_eq!(address("/till?next"), "/till");
        assert_eq!(address("/till?unfinished=abc"), "/till");
        assert_eq!(address("/till?lost"), "/till");
        assert_eq!(address("/till?without-card"), "/till?without-card");
        assert_eq!(query_value("/till?without-card", "without-card"), Some(""));
        assert_eq!(query_value("/till?done=1&x=2", "x"), Some("2"));
        assert_eq!(query_value("/till", "done"), None);
    }
}
