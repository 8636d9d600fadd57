//! Problems in the OpenAPI document: what each call may be refused with, by status, with an example each.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{Ref, RefOr};

use super::problem_types::{ANY, ProblemType, find_by_key};

/// The problems of a call: those of any call, and those of these groups.
pub fn problems(groups: &[&[&str]]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<u16, Vec<&ProblemType>> = BTreeMap::new();
    for key in ANY.iter().chain(groups.iter().copied().flatten()) {
        if let Some(kind) = find_by_key(key) {
            by_status.entry(kind.status).or_default().push(kind);
        }
    }
    by_status
        .into_iter()
        .map(|(status, kinds)| (status.to_string(), response(&kinds).into()))
        .collect()
}

fn response(kinds: &[&ProblemType]) -> Response {
    let titles: Vec<&str> = kinds.iter().map(|kind| kind.title).collect();
    let examples = kinds.iter().map(|kind| {
        let example = ExampleBuilder::new()
            .summary(kind.title)
            .value(Some(example(kind)))
            .build();
        (kind.key, example)
    });
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples)
        .build();
    let mut response = ResponseBuilder::new()
        .description(titles.join("; "))
        .content("application/problem+json", content);
    if kinds
        .iter()
        .any(|kind| kind.status == 429 || ["busy", "no-codes-today"].contains(&kind.key))
    {
        let header = HeaderBuilder::new()
            .description(Some("Seconds to wait, where another try may pass"))
            .build();
        response = response.header("Retry-After", header);
    }
    response.build()
}

/// A problem of this type as it may be answered.
pub fn example(kind: &ProblemType) -> Value {
    let mut example = json!({
        "type": format!("/pos/v1/docs#problem-{}", kind.key),
        "title": kind.title,
        "status": kind.status,
        "detail": kind.meaning,
        "instance": "/pos/v1/requests/0199c2d2-5f0a-7c3e-8f6b-0f3a5c1d2e4f",
    });
    let more = match kind.key {
        "too-many-points" => Some(("spendable", json!(100))),
        "too-many-wrong-codes" | "too-many-requests" | "too-soon" => {
            Some(("retry_after", json!(42)))
        }
        "busy" => Some(("retry_after", json!(1))),
        "no-codes-today" => Some(("retry_after", json!(7_200))),
        "gift-out" => Some(("substitute", json!("bag"))),
        "receipt-exists" => Some(("receipt", json!("0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f"))),
        "invalid" => Some((
            "errors",
            json!([{
                "field": "amount", "line": 2, "code": "line-amount",
                "message": "A line’s amount is at most 1 000 000 000 000 minor units",
            }]),
        )),
        "malformed" => Some((
            "errors",
            json!([{
                "field": "amount", "line": 2, "code": "field-twice",
                "message": "duplicate field `amount` at line 1 column 96",
            }]),
        )),
        _ => None,
    };
    if let (Value::Object(fields), Some((name, value))) = (&mut example, more) {
        fields.insert(name.to_owned(), value);
    }
    example
}

/// Makes a type that lists a call's problems: `answers!(QuoteProblems: BODY, SCAN, ["not-found"]);`
macro_rules! answers {
    ($name:ident: $($group:expr),* $(,)?) => {
        /// What the call may be refused with.
        pub struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::response::Response>,
            > {
                $crate::http::pos::answers::problems(&[$(&$group[..]),*])
            }
        }
    };
}

pub(super) use answers;
