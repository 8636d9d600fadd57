//! What a till kept while it had no link: many receipts and returns in one call, an answer for each.

use axum::Json;
use axum::extract::State;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::checkout::receipts::{
    self, CommitOutcome, MOST_ITEMS, ReceiptBatchItem,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::answers::answers;
use super::body::{ParsedJsonBody, parse_json};
use super::named_returns::QueuedReturn;
use super::problem::ProblemBody;
use super::problem_types::BODY;
use super::receipts::{ReceiptBody, bytes_hash, sent_sale};
use super::returns::sent_return;
use super::{AuthenticatedTill, examples, problem::PosApiProblem};
use crate::http::ServerState;

/// Largest batch in bytes.
pub const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// A queue, or a part of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    /// Receipts and returns in the order of the queue, 1 to 1,000.
    #[schema(value_type = Vec<BatchItemBody>, min_items = 1, max_items = 1_000)]
    items: Vec<Box<RawValue>>,
}

/// A receipt or a return with its key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ItemBody)]
pub struct BatchItemBody {
    /// Its idempotency key.
    key: String,
    /// A receipt, with the body that `POST /receipts` takes; it must not spend.
    #[serde(default)]
    #[schema(value_type = Option<ReceiptBody>)]
    receipt: Option<Box<RawValue>>,
    /// Or a return.
    #[serde(default, rename = "return")]
    #[schema(value_type = Option<QueuedReturn>)]
    back: Option<Box<RawValue>>,
}

/// Answers in the order of the items.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchAnswer {
    /// An answer for each item.
    results: Vec<BatchItemAnswer>,
}

/// What became of an item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ItemAnswer)]
pub struct BatchItemAnswer {
    /// The item's key.
    key: String,
    /// 201: stored now; 200: stored before; 202: it waits for its time or its sale, or is held until somebody has looked at
    /// it; otherwise a problem.
    status: u16,
    /// What the call of its own would have answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    receipt: Option<Box<RawValue>>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemBody>,
}

answers!(BatchProblems: BODY);

/// Post a queue
///
/// Each item is stored by itself, exactly once, as the call of its own would do; one that is refused stops no other. Points
/// are not spent here. A return may come before its sale: it waits for it. A receipt whose card is on too many receipts today
/// is held: it is answered with 202 and stored once somebody has looked at it.
#[utoipa::path(
    post,
    path = "/receipts/batch",
    operation_id = "batch",
    tag = "receipts",
    request_body(content = BatchBody, example = json!(examples::batch_request())),
    responses(
        (status = 200, description = "An answer for each item", body = BatchAnswer, example = json!(examples::batch_answer())),
        BatchProblems,
    ),
)]
pub async fn post_batch(
    State(app): State<ServerState>,
    AuthenticatedTill(at_till): AuthenticatedTill,
    body: ParsedJsonBody<BatchBody, BATCH_BYTES>,
) -> Result<Json<BatchAnswer>, PosApiProblem> {
    let items = body.value.items;
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(Error::invalid_field("items", "items-count").into());
    }
    let mut results = Vec::with_capacity(items.len());
    for raw in &items {
        let (key, item) = parse_item(raw.get());
        let done = match item {
            Ok(item) => receipts::commit_batch_item(&app.kopilka, &at_till, &item)
                .await
                .map_err(PosApiProblem::from),
            Err(problem) => Err(problem),
        };
        results.push(match done {
            Ok(committed) => BatchItemAnswer {
                key,
                status: match committed.outcome {
                    CommitOutcome::Stored => 201,
                    CommitOutcome::Repeated => 200,
                    CommitOutcome::Parked | CommitOutcome::Held => 202,
                },
                receipt: RawValue::from_string(committed.answer).ok(),
                problem: None,
            },
            Err(problem) => {
                let problem = problem.into_problem_body(None);
                BatchItemAnswer {
                    key,
                    status: problem.status(),
                    receipt: None,
                    problem: Some(problem),
                }
            }
        });
    }
    Ok(Json(BatchAnswer { results }))
}

/// An item with its key, as far as that can be read.
fn parse_item(raw: &str) -> (String, Result<ReceiptBatchItem, PosApiProblem>) {
    match parse_json::<BatchItemBody>(raw.as_bytes()) {
        Ok(item) => (item.key.clone(), item.into_batch_item()),
        Err(problem) => {
            #[derive(Deserialize)]
            struct BatchItemKey {
                key: String,
            }
            let key = serde_json::from_str::<BatchItemKey>(raw);
            (key.map(|each| each.key).unwrap_or_default(), Err(problem))
        }
    }
}

impl BatchItemBody {
    fn into_batch_item(self) -> Result<ReceiptBatchItem, PosApiProblem> {
        match (&self.receipt, &self.back) {
            (Some(raw), None) => {
                let draft = parse_item_body::<ReceiptBody>(raw)?.into_draft()?;
                let sent = sent_sale(
                    self.key.clone(),
                    &draft,
                    bytes_hash(&[raw.get().as_bytes()]),
                )?;
                Ok(ReceiptBatchItem::Sale(draft, sent))
            }
            (None, Some(raw)) => {
                let draft = parse_item_body::<QueuedReturn>(raw)?.into_draft()?;
                let sent = sent_return(
                    self.key.clone(),
                    &draft,
                    bytes_hash(&[raw.get().as_bytes()]),
                )?;
                Ok(ReceiptBatchItem::Return(draft, sent))
            }
            _ => Err(Error::invalid_field("items", "item-shape").into()),
        }
    }
}

fn parse_item_body<T: DeserializeOwned>(raw: &RawValue) -> Result<T, PosApiProblem> {
    parse_json(raw.get().as_bytes())
}
