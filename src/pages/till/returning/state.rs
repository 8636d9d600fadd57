//! State of the page of returns for a request: how a sale is found, a card's sales, one sale with what would change.

use http::StatusCode;
use kopilka_core::ids::{ReceiptId, RowId};
use kopilka_core::usecases::receipts::{self, ReturnEffect, Returnable, SaleInList};
use kopilka_core::usecases::till::AtTill;
use kopilka_core::usecases::{Error, Refusal};

use crate::api::forms::return_form::ReturnForm;
use crate::api::forms::{FormProblem, FormState, PageStep};
use crate::api::{Visitor, reply};
use crate::pages::till::result::Banner;
use crate::pages::till::state::query;

/// State of the page.
pub struct ReturnState {
    /// Query that was typed to find a sale.
    pub asked: ReturnQuery,
    /// Names of the store's tills, this one first.
    pub tills: Vec<String>,
    /// Sales of a card, where one was scanned.
    pub listed: Option<Vec<SaleInList>>,
    /// The till's last sales, where no others are shown.
    pub recent: Vec<SaleInList>,
    /// The sale that was found.
    pub chosen: Option<Box<Chosen>>,
}

/// Query that was typed to find a sale.
#[derive(Clone)]
pub struct ReturnQuery {
    /// Number, or the receipt's own id.
    pub number: String,
    /// The till's shift.
    pub shift: String,
    /// Name of the till.
    pub till: String,
}

/// A sale that was found.
pub struct Chosen {
    /// The sale.
    pub sale: Returnable,
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
pub async fn load(
    visitor: &Visitor,
    at_till: &AtTill,
    posted: Option<&FormState>,
) -> Result<(ReturnState, Option<Banner>), Error> {
    let texts = visitor.texts();
    let value = |name: &str| posted?.typed(name).map(str::to_owned);
    let recent = receipts::recent_sales(&visitor.kopilka, at_till).await?;
    let mut state = ReturnState {
        asked: ReturnQuery {
            number: value("number").unwrap_or_default(),
            shift: value("shift").unwrap_or(recent.shift),
            till: value("till").unwrap_or_else(|| at_till.till.name.clone()),
        },
        tills: receipts::tills_here(&visitor.kopilka, at_till).await?,
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
            state.chosen = chosen(visitor, at_till, form, Some(posted)).await?;
        }
        _ => {
            if let Some(id) = query(&visitor.path, "sale") {
                // A return whose answer is missing is repeated under its key: should it arrive late, it counts once.
                let key = query(&visitor.path, "key").and_then(|key| key.parse::<RowId>().ok());
                let form = ReturnForm {
                    sale: id.to_owned(),
                    key: key.unwrap_or_default().to_string(),
                    ..ReturnForm::default()
                };
                state.chosen = chosen(visitor, at_till, form, None).await?;
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
        Some(Refusal::NotFound) => Some(Banner::say("bad", &texts.get("till-return-unknown"))),
        Some(refusal) => Some(Banner::say("bad", &texts.refusal(&refusal))),
        None if posted.is_some_and(|posted| posted.busy.is_some()) => {
            Some(Banner::say("bad", &texts.get("busy-form")))
        }
        None => state
            .chosen
            .as_ref()
            .filter(|chosen| !chosen.problems.is_empty())
            .map(|_| Banner::say("bad", &texts.get("form-check"))),
    };
    Ok((state, banner))
}

async fn chosen(
    visitor: &Visitor,
    at_till: &AtTill,
    form: ReturnForm,
    posted: Option<&FormState>,
) -> Result<Option<Box<Chosen>>, Error> {
    let k = &visitor.kopilka;
    let Ok(id) = form.sale.parse::<ReceiptId>() else {
        return Ok(None);
    };
    let sale = match receipts::returnable(k, at_till, id).await {
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
        effect = form.quote(k, at_till, &sale).await.ok();
    }
    form.quoted = match (&effect, form.draft(&sale)) {
        (Some(_), Ok(draft)) => form.as_quoted(&draft),
        _ => String::new(),
    };
    let problems = posted.map_or_else(Vec::new, |posted| posted.problems.clone());
    Ok(Some(Box::new(Chosen {
        sale,
        form,
        effect,
        problems,
    })))
}
