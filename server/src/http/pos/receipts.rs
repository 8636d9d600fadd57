//! Quote and commit over the POS API.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::Spend;
use kopilka_core::domain::receipt::Line;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::receipts::{self, Draft, Quote, Receipt};
use kopilka_core::usecases::{Error, Refusal};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Till;
use super::body::Body;
use super::problem::Problem;
use crate::http::App;

/// A receipt as a till sends it. Amounts in minor units, quantities in thousandths, `at` in RFC 3339.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptBody {
    #[serde(default)]
    visit: Option<String>,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    shift: Option<String>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    at: Option<String>,
    lines: Vec<Line>,
    #[serde(default)]
    spend: SpendBody,
}

/// How many points pay: `"none"`, `"all"`, or a number.
#[derive(Debug, Default, Deserialize)]
#[serde(untagged)]
enum SpendBody {
    #[default]
    Nothing,
    Word(SpendWord),
    Exactly(i64),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SpendWord {
    None,
    All,
}

impl ReceiptBody {
    fn draft(self) -> Result<Draft, Error> {
        let at = match self.at {
            None => None,
            Some(text) => {
                Some(parse_time(&text).ok_or_else(|| Error::field("at", "time-invalid"))?)
            }
        };
        let spend = match self.spend {
            SpendBody::Nothing | SpendBody::Word(SpendWord::None) | SpendBody::Exactly(0) => {
                Spend::None
            }
            SpendBody::Word(SpendWord::All) => Spend::All,
            SpendBody::Exactly(points) if points > 0 => Spend::Exactly(Points(points)),
            SpendBody::Exactly(_) => return Err(Error::field("spend", "points-invalid")),
        };
        Ok(Draft {
            visit: self.visit,
            code: self.code,
            shift: self.shift,
            number: self.number,
            at,
            lines: self.lines,
            spend,
        })
    }
}

fn parse_time(text: &str) -> Option<Instant> {
    chrono::DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|time| Instant(time.timestamp_micros()))
}

/// `POST /pos/v1/receipts/quote`.
pub async fn quote(
    State(app): State<App>,
    Till(at_till): Till,
    body: Body<ReceiptBody>,
) -> Result<Json<Quote>, Problem> {
    let draft = body.value.draft()?;
    Ok(Json(receipts::quote(&app.kopilka, &at_till, &draft).await?))
}

/// `POST /pos/v1/receipts`: 201, and the same bytes for each repeat of the key.
pub async fn commit(
    State(app): State<App>,
    Till(at_till): Till,
    headers: HeaderMap,
    body: Body<ReceiptBody>,
) -> Result<Response, Problem> {
    let key = match headers.get("idempotency-key") {
        None => return Err(Error::from(Refusal::KeyMissing).into()),
        Some(key) => key
            .to_str()
            .map_err(|_| Error::from(Refusal::KeyMalformed))?
            .to_owned(),
    };
    let body_hash = Sha256::digest(&body.bytes).to_vec();
    let draft = body.value.draft()?;
    let committed = receipts::commit(&app.kopilka, &at_till, &draft, &key, body_hash).await?;
    let mut response = (
        StatusCode::CREATED,
        [(header::CONTENT_TYPE, "application/json")],
        committed.answer,
    )
        .into_response();
    if committed.repeated {
        response.headers_mut().insert(
            HeaderName::from_static("idempotency-replayed"),
            HeaderValue::from_static("true"),
        );
    }
    Ok(response)
}

/// `GET /pos/v1/receipts/{id}`.
pub async fn stored(
    State(app): State<App>,
    Till(at_till): Till,
    Path(id): Path<String>,
) -> Result<Json<Receipt>, Problem> {
    let id: ReceiptId = id.parse().map_err(|_| Error::from(Refusal::NotFound))?;
    Ok(Json(receipts::stored(&app.kopilka, &at_till, id).await?))
}
