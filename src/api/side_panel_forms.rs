//! The till's forms beside the receipt: a new card, a phone instead of a card, a printed card to attach. Each answers with
//! the till's page and the receipt as it was typed; no code comes back with it.

use kopilka_core::ids::GrantId;
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::sign_up::invitations;
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;
use leptos::server_fn::codec::PostUrl;

use super::forms::SaleAct;
use super::forms::sale_form::SaleForm;
use super::reply;
use super::till::{
    TillFormOutcome, TillFormRequest, VISIT_SECONDS, answer, answer_at, done_page, judge_receipt,
    require_till_request,
};
use super::visitor::cookie;

/// The till's page with this beside the receipt.
fn open_beside(sale: &SaleForm, side_panel: &str, token: &str, act: SaleAct) -> TillFormOutcome {
    TillFormOutcome::stay(&sale.clone().beside(side_panel, token), act)
}

/// Serves a member who needed no card; the receipt that was begun goes on.
fn serve_member(
    request: &TillFormRequest,
    sale: &SaleForm,
    visit: &till::OpenedVisit,
    act: SaleAct,
) -> TillFormOutcome {
    reply::set_cookie(&request.visitor, cookie::VISIT, &visit.token, VISIT_SECONDS);
    TillFormOutcome::stay(&sale.for_visit(&visit.token), act)
}

/// Begins a shopper's joining: a code for their phone on the screen.
#[server(prefix = "/api", endpoint = "till/enrol-open", input = PostUrl)]
pub async fn open_enrolment(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    let begun = async {
        let TillFormRequest { visitor, at_till } = require_till_request()?;
        let token = till::begin_enrolment(&visitor.kopilka, &at_till, &sale.key).await?;
        Ok(open_beside(&sale, "enrol", &token, SaleAct::None))
    };
    answer(&sale, begun.await)
}

/// Sends the shopper a link to joining.
#[server(prefix = "/api", endpoint = "till/enrol", input = PostUrl)]
pub async fn send_invitation(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(&sale, invite(&sale).await)
}

async fn invite(sale: &SaleForm) -> Result<TillFormOutcome, Error> {
    let TillFormRequest { visitor, at_till } = require_till_request()?;
    let (service, language) = (&visitor.kopilka, visitor.language.as_str());
    let during = Some(sale.token.as_str());
    invitations::send_invitation(service, &at_till, &sale.typed, language, during).await?;
    Ok(open_beside(
        sale,
        "enrol",
        &sale.token,
        SaleAct::InvitationSent,
    ))
}

/// Turns to the shopper who has finished joining.
#[server(prefix = "/api", endpoint = "till/enrol-check", input = PostUrl)]
pub async fn check_enrolment(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    let checked = async {
        let request = require_till_request()?;
        let (service, at_till) = (&request.visitor.kopilka, &request.at_till);
        let visit = till::check_enrolment(service, at_till, &sale.token, &sale.key).await?;
        let act = SaleAct::EnrolmentChecked;
        Ok(match visit {
            Some(visit) => serve_member(&request, &sale, &visit, act),
            None => open_beside(&sale, "enrol", &sale.token, act),
        })
    };
    answer(&sale, checked.await)
}

/// Sends a code to the phone of a shopper who forgot the card.
#[server(prefix = "/api", endpoint = "till/phone", input = PostUrl)]
pub async fn send_phone_code(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(&sale, ask_phone(&sale).await)
}

async fn ask_phone(sale: &SaleForm) -> Result<TillFormOutcome, Error> {
    let TillFormRequest { visitor, at_till } = require_till_request()?;
    let language = visitor.language.as_str();
    let token = till::request_phone_code(&visitor.kopilka, &at_till, &sale.typed, language).await?;
    Ok(open_beside(
        sale,
        "phone-code",
        &token,
        SaleAct::PhoneCodeSent,
    ))
}

/// Sends another code to the same phone; wrong tries stay counted.
#[server(prefix = "/api", endpoint = "till/phone-resend", input = PostUrl)]
pub async fn resend_phone_code(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    let sent = async {
        let TillFormRequest { visitor, at_till } = require_till_request()?;
        let language = visitor.language.as_str();
        till::resend_phone_code(&visitor.kopilka, &at_till, &sale.token, language).await?;
        let act = SaleAct::PhoneCodeSent;
        Ok(open_beside(&sale, "phone-code", &sale.token, act))
    };
    answer(&sale, sent.await)
}

/// Takes the code that the shopper has told.
#[server(prefix = "/api", endpoint = "till/phone-code", input = PostUrl)]
pub async fn confirm_phone_code(#[server(flatten)] sale: SaleForm) -> Result<(), ServerFnError> {
    answer(&sale, confirm_phone(&sale).await)
}

async fn confirm_phone(sale: &SaleForm) -> Result<TillFormOutcome, Error> {
    let request = require_till_request()?;
    let (service, at_till) = (&request.visitor.kopilka, &request.at_till);
    let visit = till::confirm_phone_code(service, at_till, &sale.token, &sale.typed).await?;
    Ok(serve_member(&request, sale, &visit, SaleAct::None))
}

/// Attaches a printed card to the customer.
#[server(prefix = "/api", endpoint = "till/attach", input = PostUrl)]
pub async fn attach_printed_card(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] lost: String,
) -> Result<(), ServerFnError> {
    answer(&sale, attach_card(&sale, !lost.is_empty()).await)
}

async fn attach_card(sale: &SaleForm, lost: bool) -> Result<TillFormOutcome, Error> {
    let TillFormRequest { visitor, at_till } = require_till_request()?;
    till::attach_printed_card(&visitor.kopilka, &at_till, &sale.visit, &sale.typed, lost).await?;
    Ok(open_beside(sale, "", "", SaleAct::CardAttached))
}

/// Enter in any field while something is done beside the receipt: about what was typed there, or else the quote.
#[server(prefix = "/api", endpoint = "till/enter", input = PostUrl)]
pub async fn submit_side_panel(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] lost: String,
) -> Result<(), ServerFnError> {
    let typed = !sale.typed.trim().is_empty();
    let entered = match sale.side_panel.as_str() {
        _ if sale.has_new_code() || !typed => judge_receipt(&sale).await,
        "enrol" => invite(&sale).await,
        "phone" => ask_phone(&sale).await,
        "phone-code" => confirm_phone(&sale).await,
        "attach" => attach_card(&sale, !lost.is_empty()).await,
        _ => judge_receipt(&sale).await,
    };
    answer(&sale, entered)
}

/// Takes the handing over of a gift back; what was typed of the receipt stays.
#[server(prefix = "/api", endpoint = "till/gift-undo", input = PostUrl)]
pub async fn take_gift_back(
    #[server(flatten)] sale: SaleForm,
    #[server(default)] undo: String,
    #[server(default)] done: String,
) -> Result<(), ServerFnError> {
    let undone = async {
        let TillFormRequest { visitor, at_till } = require_till_request()?;
        let grant: GrantId = undo.parse().map_err(|_| Refusal::NotFound)?;
        till::take_gift_back(&visitor.kopilka, &at_till, grant).await?;
        Ok(TillFormOutcome::stay(&sale, SaleAct::GiftTakenBack))
    };
    answer_at(&done_page(&done), &sale, undone.await)
}
