//! Errors of the POS API as `application/problem+json` (RFC 9457) with stable types; never a cause from inside.

use std::any::Any;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka::api::PageLanguage;
use kopilka::text::Texts;
use kopilka_core::ids::ReceiptId;
use kopilka_core::usecases::checkout::pos_v1::ApiReceiptId;
use kopilka_core::usecases::{self, BUSY_SECONDS, Error, Refusal};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem_types;
use crate::http::error_pages;

/// One wrong part of the body.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Wrong)]
pub struct WrongFieldBody {
    /// Name of the field; `lines` where the receipt as a whole is wrong, `body` where no field is to blame.
    #[schema(example = "amount")]
    pub field: String,
    /// Position of the line, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 2)]
    pub line: Option<usize>,
    /// Stable name of what is wrong.
    #[schema(example = "line-amount")]
    pub code: &'static str,
    /// The same in words.
    #[schema(example = "A line’s amount is at most 1 000 000 000 000 minor units")]
    pub message: String,
}

/// A problem (RFC 9457). Programs tell problems apart by `type`, people read `title` and `detail`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Which problem: an address of these docs that never changes.
    #[serde(rename = "type")]
    #[schema(example = "/pos/v1/docs#problem-invalid")]
    kind: String,
    /// What it is, the same for each occurrence.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened this time.
    detail: String,
    /// This occurrence: ends with the request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/pos/v1/requests/0199c2d2-5f0a-7c3e-8f6b-0f3a5c1d2e4f")]
    instance: Option<String>,
    /// `too-many-points`: how many points may pay this receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    spendable: Option<i64>,
    /// `receipt-exists`: id of the receipt that is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ApiReceiptId>,
    /// `gift-out`: id of the gift that may be handed over instead, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    substitute: Option<String>,
    /// Seconds after which another try may pass, as in the Retry-After header; an item of a batch has no header of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 42)]
    retry_after: Option<u64>,
    /// `invalid` and `malformed`: what is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<WrongFieldBody>,
}

impl ProblemBody {
    /// HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }
}

/// What only some problems carry.
#[derive(Debug, Clone, Default)]
struct ProblemExtensions {
    spendable: Option<i64>,
    receipt: Option<ReceiptId>,
    substitute: Option<String>,
}

/// A problem on its way to be answered.
#[derive(Debug, Clone)]
pub struct PosApiProblem {
    key: &'static str,
    status: u16,
    detail: String,
    extensions: Option<Box<ProblemExtensions>>,
    errors: Vec<WrongFieldBody>,
    retry_after: Option<u64>,
}

impl PosApiProblem {
    /// Makes a problem of a type that is listed in [`problem_types::PROBLEM_TYPES`], with what happened this time.
    pub fn new(key: &'static str, detail: impl Into<String>) -> Self {
        Self {
            key,
            status: problem_types::find_by_key(key).map_or(422, |kind| kind.status),
            detail: detail.into(),
            extensions: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Names what is wrong with which field.
    pub fn with_errors(mut self, errors: Vec<WrongFieldBody>) -> Self {
        self.errors = errors;
        self
    }

    /// Says in how many seconds to try again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    fn wrong_fields(problems: &[usecases::FieldProblem]) -> Self {
        let texts = Texts::new(PageLanguage::En);
        let errors: Vec<WrongFieldBody> = problems
            .iter()
            .map(|each| WrongFieldBody {
                field: each.field.to_owned(),
                line: each
                    .args
                    .iter()
                    .find(|(name, _)| *name == "line")
                    .filter(|_| each.field != "lines")
                    .and_then(|(_, line)| line.parse().ok()),
                code: each.key,
                message: texts.problem(each),
            })
            .collect();
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.field, one.message),
            many => format!("{} fields need correcting", many.len()),
        };
        Self::new("invalid", detail).with_errors(errors)
    }

    fn refused_by_rule(refusal: &Refusal) -> Self {
        let mut problem = Self::new(refusal.key(), Texts::new(PageLanguage::En).refusal(refusal));
        problem.status = refusal.status();
        match refusal {
            Refusal::TooManyPoints { spendable } => {
                problem.add_extension(|extensions| extensions.spendable = Some(spendable.0));
            }
            Refusal::ReceiptExists { receipt } => {
                problem.add_extension(|extensions| extensions.receipt = Some(*receipt));
            }
            Refusal::GiftOut { substitute } => {
                problem.add_extension(|extensions| extensions.substitute.clone_from(substitute));
            }
            _ => {}
        }
        if let Some(seconds) = refusal.retry_after() {
            problem = problem.retry_after(u64::try_from(seconds).unwrap_or_default());
        }
        problem
    }

    fn add_extension(&mut self, what: impl FnOnce(&mut ProblemExtensions)) {
        what(self.extensions.get_or_insert_default());
    }

    /// The body as it is sent; `instance` names this occurrence.
    pub fn into_http_body(self, instance: Option<String>) -> Body {
        Body::from(serde_json::to_vec(&self.into_problem_body(instance)).unwrap_or_default())
    }

    /// What is sent; `instance` names this occurrence.
    pub fn into_problem_body(self, instance: Option<String>) -> ProblemBody {
        let known = problem_types::find_by_key(self.key);
        if known.is_none() {
            tracing::error!(
                key = self.key,
                "a problem is missing in the list of problem types"
            );
        }
        let extensions = self
            .extensions
            .map(|extensions| *extensions)
            .unwrap_or_default();
        ProblemBody {
            kind: format!("/pos/v1/docs#problem-{}", self.key),
            title: known.map_or("The call is refused", |kind| kind.title),
            status: self.status,
            detail: self.detail,
            instance,
            spendable: extensions.spendable,
            receipt: extensions.receipt.map(ApiReceiptId::from),
            substitute: extensions.substitute,
            retry_after: self.retry_after,
            errors: self.errors,
        }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED.as_u16() {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"pos\""),
            );
        }
        headers
    }
}

impl From<Error> for PosApiProblem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(problems) => Self::wrong_fields(&problems),
            Error::Refused(refusal) => Self::refused_by_rule(&refusal),
            Error::Busy => Self::new("busy", "nothing is stored; send it again")
                .retry_after(BUSY_SECONDS.unsigned_abs()),
            Error::Fault(cause) => {
                tracing::error!(cause, "a till could not be served");
                Self::new(
                    "fault",
                    "send it again with the same key: it is stored once, whatever became of it",
                )
            }
        }
    }
}

impl From<Refusal> for PosApiProblem {
    fn from(refusal: Refusal) -> Self {
        Self::refused_by_rule(&refusal)
    }
}

impl IntoResponse for PosApiProblem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (headers, body) = (self.headers(), self.clone().into_http_body(None));
        let mut response = (status, headers, body).into_response();
        // The layer that knows the request's id writes the body again with it.
        response.extensions_mut().insert(self);
        response
    }
}

/// What a panic is answered with.
pub fn panic_response(cause: Box<dyn Any + Send + 'static>) -> Response {
    error_pages::log_panic(cause.as_ref());
    PosApiProblem::new(
        "fault",
        "send it again with the same key: it is stored once, whatever became of it",
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the body of an error as it is sent.
    fn written(error: Error) -> String {
        let named =
            PosApiProblem::from(error).into_problem_body(Some("/pos/v1/requests/1".to_owned()));
        serde_json::to_string(&named).unwrap()
    }

    #[test]
    fn problems_are_written_as_ever() {
        let fault = usecases::FieldProblem::new("amount", "line-amount").with_arg("line", 2);
        let words = Texts::new(PageLanguage::En).problem(&fault);
        let invalid = format!(
            r#"{{"type":"/pos/v1/docs#problem-invalid","title":"The call needs correcting","status":422,"detail":"amount: {words}","instance":"/pos/v1/requests/1","errors":[{{"field":"amount","line":2,"code":"line-amount","message":"{words}"}}]}}"#
        );
        assert_eq!(written(Error::Invalid(vec![fault])), invalid);
        let spendable = kopilka_core::domain::amounts::Points(100);
        let refusal = Refusal::TooManyPoints { spendable };
        let words = Texts::new(PageLanguage::En).refusal(&refusal);
        let too_many = format!(
            r#"{{"type":"/pos/v1/docs#problem-too-many-points","title":"More points than may be spent","status":422,"detail":"{words}","instance":"/pos/v1/requests/1","spendable":100}}"#
        );
        assert_eq!(written(refusal.into()), too_many);
    }
}
