//! Returns that name their sale in the body: by its id, or by its own identity at the till.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::checkout::pos_v1::{
    ApiParked, ApiReceiptId, ApiReturnEffect, ApiReturnLine, ApiReturned,
};
use kopilka_core::usecases::checkout::receipts::{ReturnDraft, ReturnedSaleName};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::ParsedJsonBody;
use super::receipts::non_empty_series;
use super::returns::{QuoteProblems, ReturnBody, ReturnProblems, answer_commit, answer_quote};
use super::{AuthenticatedTill, examples, problem::PosApiProblem};
use crate::http::ServerState;

/// A return that names its sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueuedReturn {
    /// The sale: its id, or its series, shift and number at this till.
    sale: QueuedSale,
    /// Series of the numbering, for instance the number of the fiscal drive, 1 to 64 characters; none where none is given.
    #[serde(default)]
    #[schema(max_length = 64)]
    series: Option<String>,
    /// The till's shift, 1 to 64 characters; today's date where none is given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    shift: Option<String>,
    /// The return's number in the shift, 1 to 64 characters; the next one where none is given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    number: Option<String>,
    /// The return's own time, RFC 3339; now where none is given.
    #[serde(default)]
    at: Option<String>,
    /// What goes back: lines of the sale by their place, from 0, and of each a quantity; or an amount, where the sale was
    /// posted as one sum.
    lines: Vec<ApiReturnLine>,
}

/// Which sale goes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "sale is an id, or a shift and a number, with a series where the till has one"
)]
enum QueuedSale {
    /// By its id.
    Id(ApiReceiptId),
    /// By its own identity at this till.
    Number {
        /// Series of the numbering; none where none is given.
        #[serde(default)]
        series: Option<String>,
        /// The till's shift.
        shift: String,
        /// The number in the shift.
        number: String,
    },
}

impl QueuedReturn {
    /// Returns the return that it describes.
    pub fn into_draft(self) -> Result<ReturnDraft, Error> {
        let sale = match self.sale {
            QueuedSale::Id(id) => ReturnedSaleName::Id(id.into()),
            QueuedSale::Number {
                series,
                shift,
                number,
            } => ReturnedSaleName::Number {
                series: non_empty_series(series).unwrap_or_default(),
                shift,
                number,
            },
        };
        let what = ReturnBody {
            series: self.series,
            shift: self.shift,
            number: self.number,
            at: self.at,
            lines: self.lines,
        };
        what.into_draft(sale)
    }
}

/// What a return of a sale named in the body would give back and take back
///
/// As `POST /receipts/{id}/returns/quote`. A sale that is not stored yet is not found.
#[utoipa::path(
    post,
    path = "/receipts/returns/quote",
    operation_id = "quote_named_return",
    tag = "returns",
    request_body(content = QueuedReturn, example = json!(examples::named_return_request())),
    responses(
        (status = 200, description = "The effect", body = ApiReturnEffect, example = json!(examples::return_quote_answer())),
        QuoteProblems,
    ),
)]
pub async fn quote_named_return(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    body: ParsedJsonBody<QueuedReturn>,
) -> Result<Json<ApiReturnEffect>, PosApiProblem> {
    let draft = body.value.into_draft()?;
    answer_quote(&app, &at_till, &draft).await
}

/// Store a return of a sale named in the body, exactly once
///
/// As `POST /receipts/{id}/returns`, for a till that does not keep our ids: the sale is named by its series, shift and number
/// at this till. Where that sale is not stored yet, the return waits for it.
#[utoipa::path(
    post,
    path = "/receipts/returns",
    operation_id = "commit_named_return",
    tag = "returns",
    params((
        "Idempotency-Key" = String, Header,
        description = "Names this return for repeats: 1 to 255 visible ASCII characters",
        example = json!("0f8a4a5e-0c7e-4a0f-9d7e-2f5b1a6c3d11"),
    )),
    request_body(content = QueuedReturn, example = json!(examples::named_return_request())),
    responses(
        (
            status = 201,
            description = "The stored return",
            headers(("Idempotency-Replayed" = String, description = "`true` where the answer is a repeat")),
            body = ApiReturned,
            example = json!(examples::return_commit_answer()),
        ),
        (
            status = 202,
            description = "Parked: it waits for its sale, or is from more than five minutes ahead and waits for its time",
            body = ApiParked,
            example = json!(examples::parked_answer()),
        ),
        ReturnProblems,
    ),
)]
pub async fn commit_named_return(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    headers: HeaderMap,
    body: ParsedJsonBody<QueuedReturn>,
) -> Result<Response, PosApiProblem> {
    let draft = || body.value.into_draft();
    answer_commit(&app, &at_till, &headers, &[&body.bytes], draft).await
}
