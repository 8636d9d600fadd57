//! What a till kept while it had no link: many receipts and returns in one call, an answer for each.

use axum::Json;
use axum::extract::State;
use kopilka_core::domain::returns::ReturnLine;
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::receipts::{self, BatchItem, MOST_ITEMS, Outcome, SaleName, Sent};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::answers::answers;
use super::body::{Body, parse};
use super::catalogue::BODY;
use super::problem::ProblemBody;
use super::receipts::ReceiptBody;
use super::returns::ReturnBody;
use super::{Till, examples, problem::Problem};
use crate::http::App;

/// Largest batch in bytes.
pub const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// A queue, or a part of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchBody {
    /// Receipts and returns in the order of the queue, 1 to 1,000.
    #[schema(value_type = Vec<ItemBody>, min_items = 1, max_items = 1_000)]
    items: Vec<Box<RawValue>>,
}

/// A receipt or a return with its key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
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

/// A return that names its sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueuedReturn {
    /// The sale: its id, or its shift and number at this till where it is queued itself.
    sale: QueuedSale,
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
    /// What goes back: lines of the sale by their place, from 0, and how much of each.
    lines: Vec<ReturnLine>,
}

/// Which sale goes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "sale is an id, or a shift and a number"
)]
enum QueuedSale {
    /// By its id.
    Id(ReceiptId),
    /// By its own identity at this till.
    Number {
        /// The till's shift.
        shift: String,
        /// The number in the shift.
        number: String,
    },
}

/// Answers in the order of the items.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchAnswer {
    /// An answer for each item.
    results: Vec<ItemAnswer>,
}

/// What became of an item.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemAnswer {
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
    request_body(content = BatchBody, example = json!(examples::batch())),
    responses(
        (status = 200, description = "An answer for each item", body = BatchAnswer, example = json!(examples::batched())),
        BatchProblems,
    ),
)]
pub async fn batch(
    State(app): State<App>,
    Till(at_till): Till,
    body: Body<BatchBody, BATCH_BYTES>,
) -> Result<Json<BatchAnswer>, Problem> {
    let items = body.value.items;
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(Error::field("items", "items-count").into());
    }
    let mut results = Vec::with_capacity(items.len());
    for raw in &items {
        let (key, item) = read(raw.get());
        let done = match item {
            Ok(item) => receipts::batch(&app.kopilka, &at_till, &item)
                .await
                .map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        results.push(match done {
            Ok(committed) => ItemAnswer {
                key,
                status: match committed.outcome {
                    Outcome::Stored => 201,
                    Outcome::Repeated => 200,
                    Outcome::Parked | Outcome::Held => 202,
                },
                receipt: RawValue::from_string(committed.answer).ok(),
                problem: None,
            },
            Err(problem) => {
                let problem = problem.named(None);
                ItemAnswer {
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
fn read(raw: &str) -> (String, Result<BatchItem, Problem>) {
    match parse::<ItemBody>(raw.as_bytes()) {
        Ok(item) => (item.key.clone(), item.item()),
        Err(problem) => {
            #[derive(Deserialize)]
            struct Key {
                key: String,
            }
            let key = serde_json::from_str::<Key>(raw);
            (key.map(|each| each.key).unwrap_or_default(), Err(problem))
        }
    }
}

impl ItemBody {
    fn item(self) -> Result<BatchItem, Problem> {
        // The bytes of the receipt alone: the same receipt sent by a call of its own is the same.
        let sent = |raw: &RawValue| Sent {
            key: self.key.clone(),
            body_hash: Sha256::digest(raw.get()).to_vec(),
        };
        match (&self.receipt, &self.back) {
            (Some(raw), None) => {
                let body: ReceiptBody = body(raw)?;
                Ok(BatchItem::Sale(body.draft()?, sent(raw)))
            }
            (None, Some(raw)) => {
                let back: QueuedReturn = body(raw)?;
                let sale = match back.sale {
                    QueuedSale::Id(id) => SaleName::Id(id),
                    QueuedSale::Number { shift, number } => SaleName::Number { shift, number },
                };
                let what = ReturnBody {
                    shift: back.shift,
                    number: back.number,
                    at: back.at,
                    lines: back.lines,
                };
                Ok(BatchItem::Return(what.draft(sale)?, sent(raw)))
            }
            _ => Err(Error::field("items", "item-shape").into()),
        }
    }
}

fn body<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Problem> {
    parse(raw.get().as_bytes())
}
