//! Errors of the POS API as `application/problem+json` (RFC 9457) with stable types; never a cause from inside.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kopilka::api::Language;
use kopilka::text::Texts;
use kopilka_core::usecases::{self, Error, Refusal};
use serde::Serialize;

/// One wrong part of the body.
#[derive(Debug, Serialize)]
struct Wrong {
    field: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<String>,
    problem: &'static str,
    detail: String,
}

/// A problem as it is answered.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    spendable: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Wrong>,
}

impl Problem {
    /// A problem that no rule of the programme made: a body that is no JSON, say.
    pub fn plain(status: StatusCode, kind: &str, title: String) -> Self {
        Self {
            kind: format!("/pos/v1/docs#{kind}"),
            title,
            status: status.as_u16(),
            spendable: None,
            receipt: None,
            errors: Vec::new(),
        }
    }

    fn wrong(problems: &[usecases::Problem]) -> Self {
        let texts = Texts::new(Language::En);
        let mut problem = Self::plain(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "the body needs correcting".to_owned(),
        );
        problem.errors = problems
            .iter()
            .map(|each| Wrong {
                field: each.field,
                line: each
                    .args
                    .iter()
                    .find(|(name, _)| *name == "line")
                    .map(|(_, line)| line.clone()),
                problem: each.key,
                detail: texts.problem(each),
            })
            .collect();
        problem
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(problems) => Self::wrong(&problems),
            Error::Refused(refusal) => {
                let status = StatusCode::from_u16(refusal.status())
                    .unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
                let title = Texts::new(Language::En).refusal(&refusal);
                let mut problem = Self::plain(status, refusal.key(), title);
                match refusal {
                    Refusal::TooManyPoints { spendable } => problem.spendable = Some(spendable.0),
                    Refusal::ReceiptExists { receipt } => {
                        problem.receipt = Some(receipt.to_string());
                    }
                    _ => {}
                }
                problem
            }
            Error::Busy => Self::plain(
                StatusCode::CONFLICT,
                "busy",
                "others were in the way; nothing is stored, send it again".to_owned(),
            ),
            Error::Fault(cause) => {
                tracing::error!(cause, "a till could not be served");
                Self::plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "fault",
                    "something failed on our side; nothing is stored, send it again".to_owned(),
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let busy = self.kind.ends_with("#busy");
        let mut response = (status, axum::Json(self)).into_response();
        if busy {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
