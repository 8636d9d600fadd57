//! The till's forms. Each answers with the till's page again or sends it on to the next customer; a
//! receipt is stored under the key of its form, so that it is stored once however often the form arrives.

#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod access;

use std::sync::Arc;

use kopilka_core::domain::products::is_of_goods;
use kopilka_core::ids::{GrantId, ReceiptId};
use kopilka_core::usecases::receipts::{self, Outcome, Sent};
use kopilka_core::usecases::till::AtTill;
use kopilka_core::usecases::{Error, Refusal, confirming, products, till};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::forms::{FormFailure, FormOutcome};
use super::reply;
use super::visitor::{Visitor, cookie};
use crate::pages::till::{SaleForm, fingerprint};

/// Seconds for which the browser remembers who is being served.
pub(super) const VISIT_SECONDS: i64 = 300;
/// The till's page.
pub(super) const TILL: &str = "/till";

/// Finds whose card was scanned. What was typed of the receipt stays, unless it belongs to another customer.
#[server(prefix = "/api", endpoint = "till/scan", input = PostUrl)]
pub async fn scan(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(async { identify(&served()?, &sale).await }.await)
}

/// Judges the receipt without storing it: its page again, with the quote.
#[server(prefix = "/api", endpoint = "till/quote", input = PostUrl)]
pub async fn quote(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(judge(&sale).await)
}

/// The page again with the sum of what was typed, where there is one: nothing is refused while somebody types.
#[server(prefix = "/api", endpoint = "till/judge", input = PostUrl)]
pub async fn judge_as_typed() -> Result<(), ServerFnError> {
    answer(served().map(|_| Next::again(TILL)))
}

/// Stores the receipt, once, and makes the till ready for the next customer.
#[server(prefix = "/api", endpoint = "till/post", input = PostUrl)]
pub async fn post(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(commit(&sale).await)
}

/// Changes the receipt form itself (lines or amount, one more line, no card): the page reads what was posted.
#[server(prefix = "/api", endpoint = "till/edit", input = PostUrl)]
pub async fn edit() -> Result<(), ServerFnError> {
    answer(served().map(|_| Next::again(TILL)))
}

/// Looks for goods: the page again, with what was found.
#[server(prefix = "/api", endpoint = "till/goods", input = PostUrl)]
pub async fn goods(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(async { look_for(&served()?, &sale).await }.await)
}

/// Adds one of a product that was found; the page reads which.
#[server(prefix = "/api", endpoint = "till/add", input = PostUrl)]
pub async fn add() -> Result<(), ServerFnError> {
    answer(served().map(|_| Next::again(TILL)))
}

/// Asks the owner of the card on a device of their own whether points may pay.
#[server(prefix = "/api", endpoint = "till/ask-spend", input = PostUrl)]
pub async fn ask_spend(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(ask(&sale).await)
}

/// Shows the page again, with what the owner has answered.
#[server(prefix = "/api", endpoint = "till/ask-state", input = PostUrl)]
pub async fn ask_state() -> Result<(), ServerFnError> {
    answer(served().map(|_| Next::again(TILL)))
}

/// Hands a gift over; what was typed of the receipt stays. `done` names the receipt whose result is being shown.
#[server(prefix = "/api", endpoint = "till/gift", input = PostUrl)]
pub async fn gift(
    #[server(default)] grant: String,
    #[server(default)] done: String,
) -> Result<(), ServerFnError> {
    let page = again_done(&done);
    match hand_over(&grant).await {
        Ok(()) => answer(Ok(Next::Again(page))),
        Err(error) => reply::refuse(&page, error),
    }
}

/// The page of the receipt whose result is being shown, or the till's.
pub(super) fn again_done(done: &str) -> String {
    match done.parse::<ReceiptId>() {
        Ok(receipt) => format!("{TILL}?done={receipt}"),
        Err(_) => TILL.to_owned(),
    }
}

/// Ends the visit: the next customer, please.
#[server(prefix = "/api", endpoint = "till/leave", input = PostUrl)]
pub async fn leave() -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let visit = visitor.cookie(cookie::VISIT).to_owned();
    if let Ok(at_till) = visitor.at_till()
        && let Err(error) = take_back_question(&visitor, &at_till, &visit).await
    {
        return reply::refuse(TILL, error);
    }
    reply::clear_cookie(&visitor, cookie::VISIT);
    reply::go(TILL);
    Ok(())
}

/// Destination of a form that was accepted.
pub(super) enum Next {
    /// Another page, with GET.
    Go(String),
    /// This page with everything that was posted to it: nothing was refused, and nothing is finished.
    Again(String),
}

impl Next {
    pub(super) fn go(page: &str) -> Self {
        Self::Go(page.to_owned())
    }

    pub(super) fn again(page: &str) -> Self {
        Self::Again(page.to_owned())
    }
}

pub(super) fn answer(result: Result<Next, Error>) -> Result<(), ServerFnError> {
    answer_at(TILL, result)
}

/// Answers a form of `here`, the page that is shown again where something was refused.
pub(super) fn answer_at(here: &str, result: Result<Next, Error>) -> Result<(), ServerFnError> {
    match result {
        Ok(Next::Go(page)) => reply::go(&page),
        Ok(Next::Again(page)) => {
            let outcome = use_context::<FormOutcome>()
                .ok_or_else(|| reply::fault("a form without a place for its outcome"))?;
            outcome.fail(FormFailure::shown(page));
        }
        Err(error) => return reply::refuse(here, error),
    }
    Ok(())
}

/// Sender of the form, and the till at which they are signed in.
pub(super) struct Served {
    pub(super) visitor: Arc<Visitor>,
    pub(super) at_till: AtTill,
}

pub(super) fn served() -> Result<Served, Error> {
    let visitor = Visitor::current();
    let at_till = visitor.at_till()?;
    Ok(Served { visitor, at_till })
}

/// Looks the scanned card up and begins its visit. A receipt that was begun without a card or for the same member
/// goes on. What was scanned may also be goods: one of them is added, whatever else was typed.
async fn identify(served: &Served, sale: &SaleForm) -> Result<Next, Error> {
    let Served { visitor, at_till } = served;
    if is_of_goods(&sale.code) {
        let added = add_by_barcode(visitor, &sale.code).await?;
        return Ok(added.ok_or(Refusal::ProductUnknown)?);
    }
    // A shop may have a barcode that begins like our cards' own. It is not looked up: an unknown card would count as a
    // wrong code.
    if let Some(added) = add_by_barcode(visitor, &sale.code).await? {
        return Ok(added);
    }
    let visit = till::lookup(&visitor.kopilka, at_till, &sale.code).await?;
    reply::set_cookie(visitor, cookie::VISIT, &visit.token, VISIT_SECONDS);
    let begun = !sale.key.is_empty();
    let theirs = sale.visit.is_empty()
        || till::visitor_of(&visitor.kopilka, &sale.visit).await? == Some(visit.member);
    Ok(if begun && theirs {
        Next::Again(format!("{TILL}?visit={}", visit.token))
    } else {
        Next::go(TILL)
    })
}

/// The page with one more of the product of this barcode, where it is one.
async fn add_by_barcode(visitor: &Visitor, code: &str) -> Result<Option<Next>, Error> {
    let product = products::by_barcode(&visitor.kopilka, code).await?;
    // A barcode is digits alone, so it can stand in an address as it is.
    Ok(product.map(|_| Next::Again(format!("{TILL}?add={}", code.trim()))))
}

/// A barcode in the field of the search adds its product at once; anything else is for the page to show.
async fn look_for(served: &Served, sale: &SaleForm) -> Result<Next, Error> {
    let added = add_by_barcode(&served.visitor, &sale.find).await?;
    Ok(added.unwrap_or_else(|| Next::again(TILL)))
}

async fn ask(sale: &SaleForm) -> Result<Next, Error> {
    let Served { visitor, at_till } = served()?;
    let draft = sale.asking().draft().map_err(|mut problems| {
        for problem in &mut problems {
            if problem.field == "points" {
                problem.field = "ask";
            }
        }
        Error::Invalid(problems)
    })?;
    confirming::ask(&visitor.kopilka, &at_till, &draft).await?;
    Ok(Next::again(TILL))
}

/// A question that nobody has answered ends with the sale that it was about.
async fn take_back_question(visitor: &Visitor, at_till: &AtTill, visit: &str) -> Result<(), Error> {
    if visit.is_empty() {
        return Ok(());
    }
    confirming::withdraw(&visitor.kopilka, at_till, visit).await
}

pub(super) async fn judge(sale: &SaleForm) -> Result<Next, Error> {
    let served = served()?;
    if sale.has_new_code() {
        // Enter in the field of another card arrives here too.
        return identify(&served, sale).await;
    }
    if sale.has_new_search() {
        return look_for(&served, sale).await;
    }
    let draft = sale.draft().map_err(Error::Invalid)?;
    receipts::quote(&served.visitor.kopilka, &served.at_till, &draft).await?;
    Ok(Next::again(TILL))
}

async fn commit(sale: &SaleForm) -> Result<Next, Error> {
    let served = served()?;
    if sale.has_new_code() {
        // A card was typed and not looked up: first whose it is, then the sale.
        return identify(&served, sale).await;
    }
    if sale.has_new_search() {
        return look_for(&served, sale).await;
    }
    let Served { visitor, at_till } = &served;
    let draft = sale.draft().map_err(Error::Invalid)?;
    let sent = Sent {
        key: sale.key.clone(),
        bytes_hash: None,
        body_hash: fingerprint(&draft),
    };
    let committed = receipts::commit_shown(
        &visitor.kopilka,
        at_till,
        &draft,
        &sent,
        sale.shown_to_pay(&draft),
    )
    .await?;
    take_back_question(visitor, at_till, &sale.visit).await?;
    // The form may arrive again when the next customer is being served: that visit stays.
    if visitor.cookie(cookie::VISIT) == sale.visit {
        reply::clear_cookie(visitor, cookie::VISIT);
    }
    // A sale that the device has sent before may wait: the page of waiting sales tells it.
    if matches!(committed.outcome, Outcome::Parked | Outcome::Held) {
        return Ok(Next::Go("/till/queue".to_owned()));
    }
    let receipt = committed.receipt()?;
    Ok(Next::Go(format!("{TILL}?done={}", receipt.id)))
}

async fn hand_over(grant: &str) -> Result<(), Error> {
    let Served { visitor, at_till } = served()?;
    // The button of a substitute names it behind the promise.
    let (grant, instead) = match grant.split_once(' ') {
        Some((grant, instead)) => (grant, Some(instead)),
        None => (grant, None),
    };
    let grant: GrantId = grant.parse().map_err(|_| Refusal::NotFound)?;
    till::hand_over(&visitor.kopilka, &at_till, grant, instead).await
}
