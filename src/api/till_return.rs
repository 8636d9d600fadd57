//! The forms of a return: finding the sale, working the return out, posting it once under the key of its form.

use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::receipts::{self, Sent};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::till::{Next, answer_at, served};
use crate::pages::till::{ReturnForm, returned_fingerprint};

/// The page of returns.
const RETURN: &str = "/till/return";

/// Finds a sale by its number, shift and till; a receipt's own id may stand for the number.
#[server(prefix = "/api", endpoint = "till/return-find", input = PostUrl)]
pub async fn find_sale(
    #[server(default)] number: String,
    #[server(default)] shift: String,
    #[server(default)] till: String,
) -> Result<(), ServerFnError> {
    answer_at(RETURN, find(number.trim(), shift.trim(), &till).await)
}

/// Lists the sales of a card: the page looks it up and shows them.
#[server(prefix = "/api", endpoint = "till/return-card", input = PostUrl)]
pub async fn list_sales() -> Result<(), ServerFnError> {
    answer_at(RETURN, served().map(|_| Next::again(RETURN)))
}

/// Works a return out without storing it: its page again, with what would change.
#[server(prefix = "/api", endpoint = "till/return-quote", input = PostUrl)]
pub async fn quote_return(#[server(flatten)] form: ReturnForm) -> Result<(), ServerFnError> {
    answer_at(RETURN, quote(&form).await)
}

/// Stores the return, once. What was not worked out before as it is now is shown first.
#[server(prefix = "/api", endpoint = "till/return-post", input = PostUrl)]
pub async fn post_return(#[server(flatten)] form: ReturnForm) -> Result<(), ServerFnError> {
    answer_at(RETURN, commit(&form).await)
}

async fn find(number: &str, shift: &str, till: &str) -> Result<Next, Error> {
    let served = served()?;
    let (k, at_till) = (&served.visitor.kopilka, &served.at_till);
    // A till's software may number its receipts by ids of its own, so one that is none of ours may still be a number.
    let own = match number.parse::<ReceiptId>() {
        Ok(id) => match receipts::returnable(k, at_till, id).await {
            Ok(sale) => Some(sale.id),
            Err(Error::Refused(_)) => None,
            Err(error) => return Err(error),
        },
        Err(_) => None,
    };
    let id = match own {
        Some(id) => id,
        None => receipts::by_number(k, at_till, till, (shift, number)).await?,
    };
    Ok(Next::go(&format!("{RETURN}?sale={id}")))
}

async fn quote(form: &ReturnForm) -> Result<Next, Error> {
    let served = served()?;
    let (k, at_till) = (&served.visitor.kopilka, &served.at_till);
    let id = form.sale.parse().map_err(|_| Refusal::NotFound)?;
    let sale = receipts::returnable(k, at_till, id).await?;
    form.quote(k, at_till, &sale).await?;
    Ok(Next::again(RETURN))
}

async fn commit(form: &ReturnForm) -> Result<Next, Error> {
    let served = served()?;
    let (k, at_till) = (&served.visitor.kopilka, &served.at_till);
    let id = form.sale.parse().map_err(|_| Refusal::NotFound)?;
    let sale = receipts::returnable(k, at_till, id).await?;
    let draft = form.draft(&sale)?;
    let body_hash = returned_fingerprint(&draft);
    if form.quoted != form.as_quoted(&draft) {
        return quote(form).await;
    }
    let sent = Sent {
        key: form.key.clone(),
        bytes_hash: None,
        body_hash,
    };
    let committed = receipts::commit_return(k, at_till, &draft, &sent)
        .await
        .map_err(|error| form.placed(&sale, error))?;
    let returned = committed.returned()?;
    Ok(Next::go(&format!("/till?returned={}", returned.id)))
}
