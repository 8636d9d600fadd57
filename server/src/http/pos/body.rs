//! Bodies of the POS API: read whole within the limit and the time, then parsed; what is wrong is said as a problem.

use std::error::Error as _;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::problem::{PosApiProblem, WrongFieldBody};
use crate::http::{RECEIPT_BYTES, ServerState};

/// How long a body may take to come whole.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// Characters of a parser's words that are repeated: they may quote what was sent.
const LONGEST_WORDS: usize = 200;

/// A parsed body with its bytes as they came. At most `MOST` bytes.
pub struct ParsedJsonBody<T, const MOST: usize = RECEIPT_BYTES> {
    /// What it says.
    pub value: T,
    /// What was sent, for the idempotency key's comparison.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned, const MOST: usize> FromRequest<ServerState> for ParsedJsonBody<T, MOST> {
    type Rejection = PosApiProblem;

    async fn from_request(request: Request, _: &ServerState) -> Result<Self, PosApiProblem> {
        check_headers(request.headers(), MOST)?;
        let read = axum::body::to_bytes(request.into_body(), MOST);
        let bytes = tokio::time::timeout(BODY_TIMEOUT, read)
            .await
            .map_err(|_| PosApiProblem::new("body-too-slow", "the body was not here in time"))?
            .map_err(|error| {
                let too_large = error
                    .source()
                    .is_some_and(|cause| cause.is::<LengthLimitError>());
                if too_large {
                    body_too_large(MOST)
                } else {
                    PosApiProblem::new("body-cut-off", "the connection broke before the body's end")
                }
            })?;
        let value = parse_json(&bytes)?;
        Ok(Self { value, bytes })
    }
}

/// What headers say is refused before anything is read.
fn check_headers(headers: &HeaderMap, most: usize) -> Result<(), PosApiProblem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let kind = text(header::CONTENT_TYPE).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(PosApiProblem::new(
            "not-json",
            "the body must be application/json",
        ));
    }
    // A compressed body could be a thousand times as large as it looks; receipts are small without.
    if text(header::CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity"))
    {
        return Err(PosApiProblem::new(
            "encoded-body",
            "the body must come as it is, without compression",
        ));
    }
    let announced = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > most) {
        return Err(body_too_large(most));
    }
    Ok(())
}

fn body_too_large(most: usize) -> PosApiProblem {
    PosApiProblem::new(
        "body-too-large",
        format!("the body is larger than {most} bytes"),
    )
}

/// Byte order mark in UTF-8, which some programs put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads JSON, after a byte order mark or without one; a field that is wrong is named with its line.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PosApiProblem> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (field, line) = field_and_line(error.path());
        unreadable_body(error.inner(), field, line)
    })?;
    reader
        .end()
        .map_err(|error| unreadable_body(&error, "body".to_owned(), None))?;
    Ok(value)
}

/// The field and the line that a path leads to.
fn field_and_line(path: &serde_path_to_error::Path) -> (String, Option<usize>) {
    let mut field = "body".to_owned();
    let mut line = None;
    for segment in path {
        match segment {
            Segment::Map { key } => field = key.chars().take(64).collect(),
            Segment::Seq { index } => line = Some(*index),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    (field, line)
}

fn unreadable_body(error: &serde_json::Error, field: String, line: Option<usize>) -> PosApiProblem {
    let words: String = error.to_string().chars().take(LONGEST_WORDS).collect();
    let twice = words.starts_with("duplicate field");
    let (kind, code) = match (error.is_data(), twice) {
        (true, true) => ("malformed", "field-twice"),
        (true, false) => ("invalid", "wrong-shape"),
        (false, _) => ("malformed", "no-json"),
    };
    let wrong = WrongFieldBody {
        field,
        line,
        code,
        message: words.clone(),
    };
    PosApiProblem::new(kind, format!("the body cannot be read: {words}")).with_errors(vec![wrong])
}
