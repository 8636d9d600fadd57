//! Returns over the POS API: their quote, and storing them exactly once.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::pos_v1::{
    ApiParked, ApiReturnEffect, ApiReturnLine, ApiReturned,
};
use kopilka_core::usecases::checkout::receipts::{
    self, IdempotentRequest, ReturnDraft, ReturnedSaleName,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answers::answers;
use super::body::ParsedJsonBody;
use super::problem_types::{BODY, STORED};
use super::receipts::{bytes_hash, commit_response, idempotency_key, non_empty_series, parse_time};
use super::{AuthenticatedTill, IdFromPath};
use super::{examples, problem::PosApiProblem};
use crate::http::ServerState;

/// Goods that go back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnBody {
    /// Series of the numbering, for instance the number of the fiscal drive, up to 64 characters; none where none is given.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub series: Option<String>,
    /// The till's shift, 1 to 64 characters; today's date where none is given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    pub shift: Option<String>,
    /// The return's number in the shift, 1 to 64 characters; the next one where none is given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    pub number: Option<String>,
    /// The return's own time, RFC 3339; now where none is given.
    #[serde(default)]
    pub at: Option<String>,
    /// What goes back: lines of the sale by their place, from 0, and of each a quantity; or an amount, where the sale was
    /// posted as one sum.
    pub lines: Vec<ApiReturnLine>,
}

impl ReturnBody {
    /// The return of this sale.
    pub fn into_draft(self, sale: ReturnedSaleName) -> Result<ReturnDraft, Error> {
        Ok(ReturnDraft {
            sale,
            series: non_empty_series(self.series),
            shift: self.shift,
            number: self.number,
            at: parse_time(self.at)?,
            lines: self.lines.into_iter().map(Into::into).collect(),
        })
    }
}

/// Answers what a return would give back and take back.
pub async fn answer_quote(
    app: &ServerState,
    at_till: &TillContext,
    draft: &ReturnDraft,
) -> Result<Json<ApiReturnEffect>, PosApiProblem> {
    let effect = receipts::quote_return(&app.kopilka, at_till, draft).await?;
    Ok(Json(effect.into()))
}

/// Stores a return under the key of the headers and answers it. `parts` are the bytes that tell it, `draft` reads what they say
/// once there is a key.
pub async fn answer_commit(
    app: &ServerState,
    at_till: &TillContext,
    headers: &HeaderMap,
    parts: &[&[u8]],
    draft: impl FnOnce() -> Result<ReturnDraft, Error>,
) -> Result<Response, PosApiProblem> {
    let key = idempotency_key(headers)?;
    let draft = draft()?;
    let sent = sent_return(key, &draft, bytes_hash(parts))?;
    let committed = receipts::commit_return(&app.kopilka, at_till, &draft, &sent).await?;
    Ok(commit_response(committed))
}

/// Returns the key of a return with what tells a repeat from another return.
pub fn sent_return(
    key: String,
    draft: &ReturnDraft,
    bytes_hash: Vec<u8>,
) -> Result<IdempotentRequest, Error> {
    Ok(IdempotentRequest {
        key,
        body_hash: receipts::hash_return(draft)?,
        bytes_hash: Some(bytes_hash),
    })
}

answers!(QuoteProblems: BODY, ["not-found"]);

/// What a return would give back and take back
///
/// Stores nothing and can be asked again at any time.
#[utoipa::path(
    post,
    path = "/receipts/{id}/returns/quote",
    operation_id = "quote_return",
    tag = "returns",
    params(("id" = String, Path, description = "The sale's id", example = json!(examples::RECEIPT_ID))),
    request_body(content = ReturnBody, example = json!(examples::return_request())),
    responses(
        (status = 200, description = "The effect", body = ApiReturnEffect, example = json!(examples::return_quote_answer())),
        QuoteProblems,
    ),
)]
pub async fn quote_return(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    IdFromPath(sale): IdFromPath<ReceiptId>,
    body: ParsedJsonBody<ReturnBody>,
) -> Result<Json<ApiReturnEffect>, PosApiProblem> {
    let draft = body.value.into_draft(ReturnedSaleName::Id(sale))?;
    answer_quote(&app, &at_till, &draft).await
}

answers!(ReturnProblems: BODY, STORED, ["not-found", "receipt-exists", "receipt-parked", "parked-refused", "receipt-too-old"]);

/// Store a return, exactly once
///
/// The sale's own programme version says how. With `returns.discount = "keep"` each line is refunded at what was paid for it,
/// and the points that it earned go by the same share; fixed points and gifts go once the conditions of their offer no longer
/// hold for what remains. With `recalculate` what remains is judged again by the sale's own programme, store, time and level,
/// and the difference is refunded. Points that the sale spent return to the lots they came from, offers that it no longer uses
/// are free again. Any order of partial returns ends the same.
#[utoipa::path(
    post,
    path = "/receipts/{id}/returns",
    operation_id = "commit_return",
    tag = "returns",
    params(
        ("id" = String, Path, description = "The sale's id", example = json!(examples::RECEIPT_ID)),
        (
            "Idempotency-Key" = String, Header,
            description = "Names this return for repeats: 1 to 255 visible ASCII characters",
            example = json!("0f8a4a5e-0c7e-4a0f-9d7e-2f5b1a6c3d10"),
        ),
    ),
    request_body(content = ReturnBody, example = json!(examples::return_request())),
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
            description = "Parked: it is from more than five minutes ahead and waits for its time",
            body = ApiParked,
            example = json!(examples::parked_answer()),
        ),
        ReturnProblems,
    ),
)]
pub async fn commit_return(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    IdFromPath(sale): IdFromPath<ReceiptId>,
    headers: HeaderMap,
    body: ParsedJsonBody<ReturnBody>,
) -> Result<Response, PosApiProblem> {
    // Which sale goes back is said by the address, and is as much part of the return as its body.
    let name = sale.to_string();
    let draft = || body.value.into_draft(ReturnedSaleName::Id(sale));
    answer_commit(
        &app,
        &at_till,
        &headers,
        &[name.as_bytes(), &body.bytes],
        draft,
    )
    .await
}
