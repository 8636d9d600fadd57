//! Quote and commit over the POS API.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::ReceiptLine;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::checkout::pos_v1::{
    ApiLine, ApiQuote, ApiReceipt, ApiStored, ApiWaiting,
};
use kopilka_core::usecases::checkout::receipts::{
    self, CommitAnswer, CommitOutcome, IdempotentRequest, SaleDraft,
};
use kopilka_core::usecases::{Error, Refusal};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::answers::answers;
use super::body::ParsedJsonBody;
use super::problem_types::{BODY, RECEIPT, SCAN, STORED};
use super::{AuthenticatedTill, IdFromPath};
use super::{examples, problem::PosApiProblem};
use crate::http::ServerState;

/// A receipt as a till sends it. Amounts in minor units, quantities in thousandths, `at` in RFC 3339.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptBody {
    /// The visit of a look-up; or `code`, or neither for a sale without a card.
    #[serde(default)]
    visit: Option<String>,
    /// The code itself. Where points are spent it is judged by the server's clock; a receipt that only earns is judged as
    /// of `at`.
    #[serde(default)]
    code: Option<String>,
    /// Series of the numbering, for instance the number of the fiscal drive, up to 64 characters; none where none is given.
    #[serde(default)]
    #[schema(max_length = 64)]
    series: Option<String>,
    /// The till's shift, 1 to 64 characters; today's date where none is given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    shift: Option<String>,
    /// The receipt's number in the shift, 1 to 64 characters; the next one where none is given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    number: Option<String>,
    /// The receipt's own time, RFC 3339; now where none is given.
    #[serde(default)]
    at: Option<String>,
    /// What was bought, 1 to 2,000 lines; their total must not be below 0.
    #[schema(min_items = 1, max_items = 2_000)]
    lines: Vec<ApiLine>,
    /// How many points pay: `"none"`, `"all"` that may, or a number; none where it is not given.
    #[serde(default)]
    spend: Option<SpendBody>,
}

/// How many points pay: `"none"`, `"all"` that may, or a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "spend is \"none\", \"all\" or a whole number of points"
)]
enum SpendBody {
    /// In a word.
    Word(SpendWord),
    /// So many points.
    Exactly(i64),
}

/// How many points pay, in a word.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SpendWord {
    /// None.
    None,
    /// As many as may.
    All,
}

impl ReceiptBody {
    /// The sale that it tells.
    pub fn into_draft(self) -> Result<SaleDraft, Error> {
        let at = parse_time(self.at)?;
        if self.visit.is_some() && self.code.is_some() {
            return Err(Error::invalid_field("code", "visit-or-code"));
        }
        let spend = match self.spend {
            None | Some(SpendBody::Word(SpendWord::None) | SpendBody::Exactly(0)) => {
                PointsToSpend::None
            }
            Some(SpendBody::Word(SpendWord::All)) => PointsToSpend::All,
            Some(SpendBody::Exactly(points)) if points > 0 => {
                PointsToSpend::Exactly(Points(points))
            }
            Some(SpendBody::Exactly(_)) => {
                return Err(Error::invalid_field("spend", "points-invalid"));
            }
        };
        let lines = self.lines.into_iter();
        Ok(SaleDraft {
            visit: self.visit,
            code: self.code,
            series: non_empty_series(self.series),
            shift: self.shift,
            number: self.number,
            at,
            lines: lines
                .map(ReceiptLine::from)
                .map(ReceiptLine::at_least_one_piece)
                .collect(),
            spend,
        })
    }
}

/// Returns a series where one is given; an empty text is none.
pub fn non_empty_series(series: Option<String>) -> Option<String> {
    series.filter(|series| !series.is_empty())
}

/// A time in RFC 3339, where one is given.
pub fn parse_time(text: Option<String>) -> Result<Option<Instant>, Error> {
    text.map(|text| {
        chrono::DateTime::parse_from_rfc3339(&text)
            .map(|time| Instant(time.timestamp_micros()))
            .map_err(|_| Error::invalid_field("at", "time-invalid"))
    })
    .transpose()
}

/// Returns the idempotency key of a commit.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let mut keys = headers.get_all("idempotency-key").iter();
    match (keys.next(), keys.next()) {
        (None, _) => Err(Refusal::KeyMissing),
        (Some(key), None) => key
            .to_str()
            .map(str::to_owned)
            .map_err(|_| Refusal::KeyMalformed),
        (Some(_), Some(_)) => Err(Refusal::KeyMalformed),
    }
}

/// Returns the hash of a body's bytes. Keys that were answered before meanings were compared are compared by it.
pub fn bytes_hash(parts: &[&[u8]]) -> Vec<u8> {
    Sha256::digest(parts.concat()).to_vec()
}

/// Returns the key of a sale with what tells a repeat from another receipt.
pub fn sent_sale(
    key: String,
    draft: &SaleDraft,
    bytes_hash: Vec<u8>,
) -> Result<IdempotentRequest, Error> {
    Ok(IdempotentRequest {
        key,
        body_hash: receipts::hash_sale(draft)?,
        bytes_hash: Some(bytes_hash),
    })
}

/// The answer to a commit: 201, and the same bytes for each repeat; 202 for what waits.
pub fn commit_response(committed: CommitAnswer) -> Response {
    let status = match committed.outcome {
        CommitOutcome::Stored | CommitOutcome::Repeated => StatusCode::CREATED,
        CommitOutcome::Parked | CommitOutcome::Held => StatusCode::ACCEPTED,
    };
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (status, json, committed.answer).into_response();
    if committed.outcome == CommitOutcome::Repeated {
        response.headers_mut().insert(
            HeaderName::from_static("idempotency-replayed"),
            HeaderValue::from_static("true"),
        );
    }
    response
}

answers!(QuoteProblems: BODY, SCAN, RECEIPT);

/// What a sale would cost and earn
///
/// Stores nothing and can be asked again at any time. What it answers is what storing the same sale does, as long as
/// nothing happens between.
#[utoipa::path(
    post,
    path = "/receipts/quote",
    operation_id = "quote",
    tag = "receipts",
    request_body(content = ReceiptBody, example = json!(examples::quote_request())),
    responses(
        (status = 200, description = "The judgement", body = ApiQuote, example = json!(examples::quote_answer())),
        QuoteProblems,
    ),
)]
pub async fn quote_sale(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    body: ParsedJsonBody<ReceiptBody>,
) -> Result<Json<ApiQuote>, PosApiProblem> {
    let draft = body.value.into_draft()?;
    let quote = receipts::quote_sale(&app.kopilka, &at_till, &draft).await?;
    Ok(Json(quote.into()))
}

answers!(CommitProblems: BODY, SCAN, RECEIPT, STORED, ["receipt-exists", "receipt-parked", "parked-refused"]);

/// Store a sale, exactly once
///
/// Points are spent and earned, offers counted, gifts promised, all or nothing. The same key with a body of the
/// same meaning gets the same bytes again, for ever.
///
/// A sale without a member is answered with `claim`, unless the programme has no such codes: print `code`, and `link`, where
/// it is not null, as a QR code, on the receipt. Whoever opens the link in the wallet gets the points of the receipt, once, until it expires.
/// What was paid is not changed.
#[utoipa::path(
    post,
    path = "/receipts",
    operation_id = "commit",
    tag = "receipts",
    params((
        "Idempotency-Key" = String, Header,
        description = "Names this receipt for repeats: 1 to 255 visible ASCII characters",
        example = json!("6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d21"),
    )),
    request_body(content = ReceiptBody, example = json!(examples::commit_request())),
    responses(
        (
            status = 201,
            description = "The stored receipt",
            headers(("Idempotency-Replayed" = String, description = "`true` where the answer is a repeat")),
            body = ApiReceipt,
            example = json!(examples::commit_answer()),
        ),
        (
            status = 202,
            description = "Parked: it is from more than five minutes ahead and waits for its time. Or held: it comes more than \
                           five minutes late, with a card that is on too many receipts today, and waits for somebody to look \
                           at it. The server has the receipt; a repeat gets the same answer until that is done",
            body = ApiWaiting,
            example = json!(examples::parked_answer()),
        ),
        CommitProblems,
    ),
)]
pub async fn commit_sale(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    headers: HeaderMap,
    body: ParsedJsonBody<ReceiptBody>,
) -> Result<Response, PosApiProblem> {
    let key = idempotency_key(&headers)?;
    let draft = body.value.into_draft()?;
    let sent = sent_sale(key, &draft, bytes_hash(&[&body.bytes]))?;
    let committed = receipts::commit_sale(&app.kopilka, &at_till, &draft, &sent).await?;
    Ok(commit_response(committed))
}

answers!(StoredProblems: ["not-found"]);

/// A stored receipt with its entries
///
/// A sale or a return of any till of the same store; another store's is not found.
#[utoipa::path(
    get,
    path = "/receipts/{id}",
    operation_id = "receipt",
    tag = "receipts",
    params(("id" = String, Path, description = "The receipt's id", example = json!(examples::RECEIPT_ID))),
    responses(
        (status = 200, description = "The receipt", body = ApiStored, example = json!(examples::stored_receipt())),
        StoredProblems,
    ),
)]
pub async fn load_receipt(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    IdFromPath(id): IdFromPath<ReceiptId>,
) -> Result<Json<ApiStored>, PosApiProblem> {
    let stored = receipts::load_receipt(&app.kopilka, &at_till, id).await?;
    Ok(Json(stored.into()))
}
