//! State of the page of returns for a request: how a sale is found, a card's sales, one sale with what would change.

use http::StatusCode;
use kopilka_core::ids::{ReceiptId, RowId};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, ReturnEffect, ReturnableSale, SaleListItem,
};
use kopilka_core::usecases::{Error, Refusal};

use crate::api::forms::return_form::ReturnForm;
use crate::api::forms::{FormProblem, FormState, PageStep};
use crate::api::{Visitor, reply};
use crate::pages::till::result::ResultBanner;
use crate::pages::till::till_state::query_value;

/// State of the page.
pub struct ReturnPageState {
    /// Query that was typed to find a sale.
    pub asked: SaleSearchQuery,
    /// Names of the store's tills, this one first.
    pub tills: Vec<String>,
    /// Sales of a card, where one was scanned.
    pub listed: Option<Vec<SaleListItem>>,
    /// The till's last sales, where no others are shown.
    pub recent: Vec<SaleListItem>,
    /// The sale that was found.
    pub chosen: Option<Box<ChosenSale>>,
}

/// Query that was typed to find a sale.
#[derive(Clone)]
pub struct SaleSearchQuery {
    /// Number, or the receipt's own id.
    pub number: String,
    /// The till's shift.
    pub shift: String,
    /// Name of the till.
    pub till: String,
}

/// A sale that was found.
pub struct ChosenSale {
    /// The sale.
    pub sale: ReturnableSale,
    /// Goods that come back, as typed.
    pub form: ReturnForm,
    /// Changes that the return would make, where they could be worked out.
    pub effect: Option<ReturnEffect>,
    /// Wrong fields.
    pub problems: Vec<FormProblem>,
}

/// Loads the state of a request and its banner.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_state(
    visitor: &Visitor,
    at_till: &TillContext,
    posted: Option<&FormState>,
) -> Result<(ReturnPageState, Option<ResultBanner>), Error> {
    let texts = visitor.texts();
    let value = |name: &str| posted?.typed(name).map(str::to_owned);
    let recent = receipts::recent_sales(&visitor.kopilka, at_till).await?;
    let mut state = ReturnPageState {
        asked: SaleSearchQuery {
            number: value("number").unwrap_or_default(),
            shift: value("shift").unwrap_or(recent.shift),
            till: value("till").unwrap_or_else(|| at_till.till.name.clone()),
        },
        tills: receipts::list_store_tills(&visitor.kopilka, at_till).await?,
        listed: None,
        recent: recent.sales,
        chosen: None,
    };
    let mut refusal = posted.and_then(|posted| posted.refusal.clone());
    match posted.map(|posted| (&posted.step, posted)) {
        Some((PageStep::CardSales(member), _)) => {
            let listed = receipts::sales_of_member(&visitor.kopilka, at_till, *member).await?;
            state.listed = Some(listed);
        }
        Some((PageStep::Return(form), posted)) => {
            let form = ReturnForm::clone(form);
            state.chosen = load_chosen_sale(visitor, at_till, form, Some(posted)).await?;
        }
        _ => {
            if let Some(id) = query_value(&visitor.path, "sale") {
                // A return whose answer is missing is repeated under its key: should it arrive late, it counts once.
                let key =
                    query_value(&visitor.path, "key").and_then(|key| key.parse::<RowId>().ok());
                let form = ReturnForm {
                    sale: id.to_owned(),
                    key: key.unwrap_or_default().to_string(),
                    ..ReturnForm::default()
                };
                state.chosen = load_chosen_sale(visitor, at_till, form, None).await?;
                if state.chosen.is_none() {
                    refusal = Some(Refusal::NotFound);
                    reply::status(StatusCode::NOT_FOUND);
                }
            }
        }
    }
    if state.listed.is_some() || state.chosen.is_some() {
        state.recent.clear();
    }
    let banner = match refusal {
        Some(Refusal::NotFound) => Some(ResultBanner::with_words(
            "bad",
            &texts.get("till-return-unknown"),
        )),
        Some(refusal) => Some(ResultBanner::with_words("bad", &texts.refusal(&refusal))),
        None if posted.is_some_and(|posted| posted.busy.is_some()) => {
            Some(ResultBanner::with_words("bad", &texts.get("busy-form")))
        }
        None => state
            .chosen
            .as_ref()
            .filter(|chosen| !chosen.problems.is_empty())
            .map(|_| ResultBanner::with_words("bad", &texts.get("form-check"))),
    };
    Ok((state, banner))
}

async fn load_chosen_sale(
    visitor: &Visitor,
    at_till: &TillContext,
    form: ReturnForm,
    posted: Option<&FormState>,
) -> Result<Option<Box<ChosenSale>>, Error> {
    let service = &visitor.kopilka;
    let Ok(id) = form.sale.parse::<ReceiptId>() else {
        return Ok(None);
    };
    let sale = match receipts::returnable(service, at_till, id).await {
        Ok(sale) => sale,
        Err(Error::Refused(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut form = match posted {
        Some(_) => form.filled(&sale),
        None => ReturnForm::fresh(form.key, &sale),
    };
    let mut effect = None;
    if posted.is_some_and(|posted| !posted.is_refused()) {
        effect = form.quote(service, at_till, &sale).await.ok();
    }
    form.quoted = match (&effect, form.draft(&sale)) {
        (Some(_), Ok(draft)) => form.as_quoted(&draft),
        _ => String::new(),
    };
    let problems = posted.map_or_else(Vec::new, |posted| posted.problems.clone());
    Ok(Some(Box::new(ChosenSale {
        sale,
        form,
        effect,
        problems,
    })))
}
