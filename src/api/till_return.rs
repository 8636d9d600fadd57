//! The forms of a return: finding the sale, working the return out, posting it once under the key of its form.

use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::checkout::receipts::{self, IdempotentRequest};
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::forms::PageStep;
use super::forms::return_form::{ReturnForm, returned_fingerprint};
use super::reply;
use super::till::require_till_request;

/// The page of returns.
const RETURN_PAGE: &str = "/till/return";

/// Finds a sale by its number, shift and till; a receipt's own id may stand for the number.
#[server(prefix = "/api", endpoint = "till/return-find", input = PostUrl)]
pub async fn find_sale(
    #[server(default)] number: String,
    #[server(default)] shift: String,
    #[server(default)] till: String,
) -> Result<(), ServerFnError> {
    match find_sale_page(number.trim(), shift.trim(), &till).await {
        Ok(sale) => {
            reply::redirect_to(&format!("{RETURN_PAGE}?sale={sale}"));
            Ok(())
        }
        Err(error) => reply::refuse(RETURN_PAGE, error),
    }
}

/// Lists the sales of a card: the page shows them.
#[server(prefix = "/api", endpoint = "till/return-card", input = PostUrl)]
pub async fn list_sales(#[server(default)] code: String) -> Result<(), ServerFnError> {
    let found = async {
        let request = require_till_request()?;
        till::identify_member(&request.visitor.kopilka, &request.at_till, &code).await
    };
    match found.await {
        Ok(member) => reply::stay(RETURN_PAGE, PageStep::CardSales(member)),
        Err(error) => reply::refuse(RETURN_PAGE, error),
    }
}

/// Works a return out without storing it: its page again, with what would change.
#[server(prefix = "/api", endpoint = "till/return-quote", input = PostUrl)]
pub async fn quote_return(#[server(flatten)] form: ReturnForm) -> Result<(), ServerFnError> {
    let quoted = quote_return_page(&form).await;
    answer(form, quoted.map(|()| None))
}

/// Stores the return, once. What was not worked out before as it is now is shown first.
#[server(prefix = "/api", endpoint = "till/return-post", input = PostUrl)]
pub async fn post_return(#[server(flatten)] form: ReturnForm) -> Result<(), ServerFnError> {
    let committed = commit_return(&form).await;
    answer(form, committed)
}

/// Answers a form of a return: with the return that was stored, or with the form as it is now.
fn answer(form: ReturnForm, result: Result<Option<ReceiptId>, Error>) -> Result<(), ServerFnError> {
    let step = PageStep::Return(Box::new(form));
    match result {
        Ok(Some(returned)) => {
            reply::redirect_to(&format!("/till?returned={returned}"));
            Ok(())
        }
        Ok(None) => reply::stay(RETURN_PAGE, step),
        Err(error) => reply::refuse_with(RETURN_PAGE, error, step),
    }
}

async fn find_sale_page(number: &str, shift: &str, till: &str) -> Result<ReceiptId, Error> {
    let request = require_till_request()?;
    let (service, at_till) = (&request.visitor.kopilka, &request.at_till);
    // A till's software may number its receipts by ids of its own, so one that is none of ours may still be a number.
    let own = match number.parse::<ReceiptId>() {
        Ok(id) => match receipts::returnable(service, at_till, id).await {
            Ok(sale) => Some(sale.id),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        },
        Err(_) => None,
    };
    match own {
        Some(id) => Ok(id),
        None => receipts::find_by_number(service, at_till, till, shift, number).await,
    }
}

async fn quote_return_page(form: &ReturnForm) -> Result<(), Error> {
    let request = require_till_request()?;
    let (service, at_till) = (&request.visitor.kopilka, &request.at_till);
    let id = form.sale.parse().map_err(|_| Refusal::NotFound)?;
    let sale = receipts::returnable(service, at_till, id).await?;
    form.quote(service, at_till, &sale).await?;
    Ok(())
}

/// Returns the return that was stored; `None` = it is shown first.
async fn commit_return(form: &ReturnForm) -> Result<Option<ReceiptId>, Error> {
    let request = require_till_request()?;
    let (service, at_till) = (&request.visitor.kopilka, &request.at_till);
    let id = form.sale.parse().map_err(|_| Refusal::NotFound)?;
    let sale = receipts::returnable(service, at_till, id).await?;
    let draft = form.draft(&sale)?;
    let body_hash = returned_fingerprint(&draft);
    if form.quoted != form.as_quoted(&draft) {
        quote_return_page(form).await?;
        return Ok(None);
    }
    let sent = IdempotentRequest {
        key: form.key.clone(),
        bytes_hash: None,
        body_hash,
    };
    let committed = receipts::commit_return(service, at_till, &draft, &sent)
        .await
        .map_err(|error| form.placed(&sale, error))?;
    let returned = committed.returned()?;
    Ok(Some(returned.id))
}
