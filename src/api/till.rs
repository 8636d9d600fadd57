//! The till's forms. Each answers with the till's page as it is now or sends it on to the next customer; a
//! receipt is stored under the key of its form, so that it is stored once however often the form arrives.

#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod access;
mod answering;

use kopilka_core::domain::products::is_of_goods;
use kopilka_core::ids::{GrantId, ReceiptId};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{self, CommitOutcome, IdempotentRequest};
use kopilka_core::usecases::checkout::{scanned_cards, spend_confirmation, till};
use kopilka_core::usecases::programme::products;
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

pub(super) use answering::{
    TILL, TillFormOutcome, TillFormRequest, VISIT_SECONDS, answer, answer_at, require_till_request,
};

use super::forms::SaleAct;
use super::forms::sale_form::{SaleForm, fingerprint};
use super::reply;
use super::visitor::{Visitor, cookie};

/// Finds whose card was scanned. What was typed of the receipt stays, unless it belongs to another customer.
#[server(prefix = "/api", endpoint = "till/scan", input = PostUrl)]
pub async fn scan_card(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    let found = async { identify_customer(&require_till_request()?, &sale).await };
    answer(&sale, found.await)
}

/// Judges the receipt without storing it: its page again, with the quote.
#[server(prefix = "/api", endpoint = "till/quote", input = PostUrl)]
pub async fn quote_receipt(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(&sale, judge_receipt(&sale).await)
}

/// The page again with the sum of what was typed, where there is one: nothing is refused while somebody types.
#[server(prefix = "/api", endpoint = "till/judge", input = PostUrl)]
pub async fn judge_as_typed(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(
        &sale,
        require_till_request().map(|_| TillFormOutcome::stay(&sale, SaleAct::None)),
    )
}

/// Stores the receipt, once, and makes the till ready for the next customer.
#[server(prefix = "/api", endpoint = "till/post", input = PostUrl)]
pub async fn post_receipt(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(&sale, commit_receipt(&sale).await)
}

/// Changes the receipt form itself: lines or amount, one more line, no card.
#[server(prefix = "/api", endpoint = "till/edit", input = PostUrl)]
pub async fn edit_receipt(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] to: String,
) -> Result<(), ServerFnError> {
    let edited = require_till_request().map(|_| {
        let sale = sale.clone().edited(&to);
        TillFormOutcome::stay(&sale, SaleAct::Edited(to))
    });
    answer(&sale, edited)
}

/// Looks for goods: the page again, with what was found.
#[server(prefix = "/api", endpoint = "till/goods", input = PostUrl)]
pub async fn search_goods(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    let found = async { search_product(&require_till_request()?, &sale).await };
    answer(&sale, found.await)
}

/// Adds one of a product that was found.
#[server(prefix = "/api", endpoint = "till/add", input = PostUrl)]
pub async fn add_product(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] sku: String,
) -> Result<(), ServerFnError> {
    let added = async {
        let request = require_till_request()?;
        let product = products::find_by_sku(&request.visitor.kopilka, &sku).await?;
        let sale = product.map_or_else(|| sale.clone(), |product| sale.with_product(&product));
        Ok(TillFormOutcome::stay(&sale, SaleAct::None))
    };
    answer(&sale, added.await)
}

/// Asks the owner of the card on a device of their own whether points may pay.
#[server(prefix = "/api", endpoint = "till/ask-spend", input = PostUrl)]
pub async fn ask_spend(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(&sale, ask_owner(&sale).await)
}

/// Shows the page again, with what the owner has answered.
#[server(prefix = "/api", endpoint = "till/ask-state", input = PostUrl)]
pub async fn show_spend_answer(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(
        &sale,
        require_till_request().map(|_| TillFormOutcome::stay(&sale, SaleAct::OwnerAsked)),
    )
}

/// Hands a gift over; what was typed of the receipt stays. `done` names the receipt whose result is being shown.
#[server(prefix = "/api", endpoint = "till/gift", input = PostUrl)]
pub async fn hand_over_gift(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] grant: String,
    #[server(default)] done: String,
) -> Result<(), ServerFnError> {
    let page = done_page(&done);
    let given = hand_over(&grant).await.map(|()| {
        let grant = grant.split(' ').next().unwrap_or_default().to_owned();
        let receipt = done;
        TillFormOutcome::stay(&sale, SaleAct::GiftGiven { grant, receipt })
    });
    answer_at(&page, &sale, given)
}

/// Returns the page of the receipt whose result is being shown, or the till's.
pub(super) fn done_page(done: &str) -> String {
    match done.parse::<ReceiptId>() {
        Ok(receipt) => format!("{TILL}?done={receipt}"),
        Err(_) => TILL.to_owned(),
    }
}

/// Ends the visit: the next customer, please.
#[server(prefix = "/api", endpoint = "till/leave", input = PostUrl)]
pub async fn end_visit() -> Result<(), ServerFnError> {
    let visitor = Visitor::current();
    let visit = visitor.cookie(cookie::VISIT).to_owned();
    if let Ok(at_till) = visitor.at_till()
        && let Err(error) = take_back_question(&visitor, &at_till, &visit).await
    {
        return reply::refuse(TILL, error);
    }
    reply::clear_cookie(&visitor, cookie::VISIT);
    reply::redirect_to(TILL);
    Ok(())
}

/// Looks the scanned card up and begins its visit. A receipt that was begun without a card or for the same member
/// goes on. What was scanned may also be goods: one of them is added, whatever else was typed.
async fn identify_customer(
    request: &TillFormRequest,
    sale: &SaleForm,
) -> Result<TillFormOutcome, Error> {
    let TillFormRequest { visitor, at_till } = request;
    if is_of_goods(&sale.code) {
        let added = add_by_barcode(visitor, sale, &sale.code).await?;
        return Ok(added.ok_or(Refusal::ProductUnknown)?);
    }
    // A shop may have a barcode that begins like our cards' own. It is not looked up: an unknown card would count as a
    // wrong code.
    if let Some(added) = add_by_barcode(visitor, sale, &sale.code).await? {
        return Ok(added);
    }
    let visit = till::open_visit(&visitor.kopilka, at_till, &sale.code).await?;
    reply::set_cookie(visitor, cookie::VISIT, &visit.token, VISIT_SECONDS);
    let begun = !sale.key.is_empty();
    let theirs = sale.visit.is_empty()
        || scanned_cards::find_visit_member(&visitor.kopilka, &sale.visit).await?
            == Some(visit.member);
    Ok(if begun && theirs {
        TillFormOutcome::stay(&sale.for_visit(&visit.token), SaleAct::None)
    } else {
        TillFormOutcome::go(TILL)
    })
}

/// The page with one more of the product of this barcode, where it is one.
async fn add_by_barcode(
    visitor: &Visitor,
    sale: &SaleForm,
    code: &str,
) -> Result<Option<TillFormOutcome>, Error> {
    let product = products::find_by_barcode(&visitor.kopilka, code.trim()).await?;
    Ok(product.map(|product| TillFormOutcome::stay(&sale.with_product(&product), SaleAct::None)))
}

/// A barcode in the field of the search adds its product at once; anything else is for the page to show.
async fn search_product(
    request: &TillFormRequest,
    sale: &SaleForm,
) -> Result<TillFormOutcome, Error> {
    let added = add_by_barcode(&request.visitor, sale, &sale.find).await?;
    Ok(added.unwrap_or_else(|| TillFormOutcome::stay(sale, SaleAct::None)))
}

async fn ask_owner(sale: &SaleForm) -> Result<TillFormOutcome, Error> {
    let TillFormRequest { visitor, at_till } = require_till_request()?;
    let draft = sale.asking().draft().map_err(|mut problems| {
        for problem in &mut problems {
            if problem.field == "points" {
                problem.field = "ask";
            }
        }
        Error::Invalid(problems)
    })?;
    spend_confirmation::ask_to_confirm(&visitor.kopilka, &at_till, &draft).await?;
    Ok(TillFormOutcome::stay(sale, SaleAct::OwnerAsked))
}

/// A question that nobody has answered ends with the sale that it was about.
async fn take_back_question(
    visitor: &Visitor,
    at_till: &TillContext,
    visit: &str,
) -> Result<(), Error> {
    if visit.is_empty() {
        return Ok(());
    }
    spend_confirmation::withdraw_question(&visitor.kopilka, at_till, visit).await
}

pub(super) async fn judge_receipt(sale: &SaleForm) -> Result<TillFormOutcome, Error> {
    let request = require_till_request()?;
    if sale.has_new_code() {
        // Enter in the field of another card arrives here too.
        return identify_customer(&request, sale).await;
    }
    if sale.has_new_search() {
        return search_product(&request, sale).await;
    }
    let draft = sale.draft().map_err(Error::Invalid)?;
    receipts::quote_sale(&request.visitor.kopilka, &request.at_till, &draft).await?;
    Ok(TillFormOutcome::stay(sale, SaleAct::None))
}

async fn commit_receipt(sale: &SaleForm) -> Result<TillFormOutcome, Error> {
    let request = require_till_request()?;
    if sale.has_new_code() {
        // A card was typed and not looked up: first whose it is, then the sale.
        return identify_customer(&request, sale).await;
    }
    if sale.has_new_search() {
        return search_product(&request, sale).await;
    }
    let TillFormRequest { visitor, at_till } = &request;
    let draft = sale.draft().map_err(Error::Invalid)?;
    let sent = IdempotentRequest {
        key: sale.key.clone(),
        bytes_hash: None,
        body_hash: fingerprint(&draft),
    };
    let committed = receipts::commit_shown_total(
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
    if matches!(
        committed.outcome,
        CommitOutcome::Parked | CommitOutcome::Held
    ) {
        return Ok(TillFormOutcome::go("/till/queue"));
    }
    let receipt = committed.receipt()?;
    Ok(TillFormOutcome::Go(format!("{TILL}?done={}", receipt.id)))
}

async fn hand_over(grant: &str) -> Result<(), Error> {
    let TillFormRequest { visitor, at_till } = require_till_request()?;
    // The button of a substitute names it behind the promise.
    let (grant, instead) = match grant.split_once(' ') {
        Some((grant, instead)) => (grant, Some(instead)),
        None => (grant, None),
    };
    let grant: GrantId = grant.parse().map_err(|_| Refusal::NotFound)?;
    till::hand_over_gift(&visitor.kopilka, &at_till, grant, instead).await
}
