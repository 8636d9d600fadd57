//! Receipts by their own identity over the POS API.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::checkout::pos_v1::ApiReceiptPage;
use kopilka_core::usecases::checkout::receipts::{self, ReceiptSearchCriteria};
use serde::Deserialize;

use super::answers::answers;
use super::members::malformed_query;
use super::{AuthenticatedTill, examples, problem::PosApiProblem};
use crate::http::ServerState;

/// What follows the question mark.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptListQuery {
    #[serde(default)]
    till: Option<String>,
    #[serde(default)]
    series: Option<String>,
    #[serde(default)]
    shift: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    after: Option<String>,
    #[serde(default)]
    limit: Option<String>,
}

impl ReceiptListQuery {
    fn into_search(self) -> Result<ReceiptSearchCriteria, Error> {
        let limit = self.limit.map(|limit| limit.parse());
        let after = self.after.map(|after| after.parse());
        Ok(ReceiptSearchCriteria {
            till: self.till,
            series: super::receipts::non_empty_series(self.series),
            shift: self.shift.unwrap_or_default(),
            number: self.number,
            after: after
                .transpose()
                .map_err(|_| Error::invalid_field("after", "cursor-invalid"))?,
            limit: limit
                .transpose()
                .map_err(|_| Error::invalid_field("limit", "limit-range"))?,
        })
    }
}

answers!(ListProblems: ["not-found", "invalid"]);

/// Receipts of a shift, or one by its number
///
/// Sales and returns of one till, in the order in which they were stored. With `number` only those of that number: a sale and
/// a return may have the same. Nothing found is an empty list. Ask for the next page with `after` until `next` is null; what
/// is stored meanwhile comes on the last pages. To compare a day, ask when the shift is closed. Receipts that wait (202) are
/// not listed.
#[utoipa::path(
    get,
    path = "/receipts",
    operation_id = "receipts",
    tag = "receipts",
    params(
        ("shift" = String, Query, description = "The till's shift", example = json!("118")),
        ("number" = Option<String>, Query, description = "The number in the shift; all where none is given", example = json!("42")),
        ("series" = Option<String>, Query, description = "Series of the numbering; receipts without a series where none is given", example = json!("9960440300123456")),
        ("till" = Option<String>, Query, description = "Name of a till of the same store; the till that asks where none is given"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "Receipts of a page, 1 to 200; 50 where none is given"),
    ),
    responses(
        (status = 200, description = "A page of receipts", body = ApiReceiptPage, example = json!(examples::receipt_page_answer())),
        ListProblems,
    ),
)]
pub async fn list_receipts(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    query: Result<Query<ReceiptListQuery>, QueryRejection>,
) -> Result<Json<ApiReceiptPage>, PosApiProblem> {
    let Query(query) = query.map_err(|error| malformed_query(&error))?;
    let page = receipts::list_receipts(&app.kopilka, &at_till, &query.into_search()?).await?;
    Ok(Json(page.into()))
}
