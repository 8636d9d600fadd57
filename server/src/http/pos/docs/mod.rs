//! The OpenAPI document and the page that people read, both made once from the code. Nothing on the page comes from
//! elsewhere: no script, no foreign file. Neither needs a key.

mod calls;
mod problems;
mod types;

use axum::Router;
use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::http::ServerState;

const STYLE: &str = include_str!("docs.css");
const STYLE_PATH: &str = "/pos/v1/docs.css";
/// The docs change with the program only; an hour is soon enough.
const CACHE: &str = "public, max-age=3600";

/// Routes of the document, the page and its styles.
pub fn router(document: &OpenApi, stylesheet: &str) -> Router<ServerState> {
    let json = document.to_pretty_json().unwrap_or_default();
    let value: Value = serde_json::from_str(&json).unwrap_or_default();
    let page = render_page(&value, stylesheet).into_string();
    Router::new()
        .route("/openapi.json", serve_fixed(json, "application/json"))
        .route("/docs", serve_fixed(page, "text/html; charset=utf-8"))
        .route(
            "/docs.css",
            serve_fixed(STYLE.to_owned(), "text/css; charset=utf-8"),
        )
}

fn serve_fixed(contents: String, kind: &'static str) -> axum::routing::MethodRouter<ServerState> {
    let contents = Bytes::from(contents);
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)];
    get(|| async move { (headers, contents).into_response() })
}

fn render_page(document: &Value, stylesheet: &str) -> Markup {
    let title = text_at(document, "/info/title");
    let version = text_at(document, "/info/version");
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                link rel="stylesheet" href=(stylesheet);
                link rel="stylesheet" href=(STYLE_PATH);
            }
            body class="docs" {
                a class="skip" href="#content" { "To the contents" }
                header {
                    h1 { (title) " " small { (version) } }
                    p { a href="/pos/v1/openapi.json" { "OpenAPI 3.1 document" } }
                }
                nav aria-label="Contents" {
                    ul {
                        li { a href="#basics" { "Basics" } }
                        li { "Calls" (calls::render_contents(document)) }
                        li { a href="#types" { "Types" } }
                        li { a href="#problems" { "Problems" } }
                    }
                }
                main id="content" {
                    section id="basics" aria-labelledby="basics-title" {
                        h2 id="basics-title" { "Basics" }
                        (render_markdown(text_at(document, "/info/description")))
                    }
                    section id="calls" aria-labelledby="calls-title" {
                        h2 id="calls-title" { "Calls" }
                        (calls::render_calls(document))
                    }
                    section id="types" aria-labelledby="types-title" {
                        h2 id="types-title" { "Types" }
                        (types::render_types(document))
                    }
                    section id="problems" aria-labelledby="problems-title" {
                        h2 id="problems-title" { "Problems" }
                        (problems::render_problems())
                    }
                }
            }
        }
    }
}

/// The text at a place of the document, empty where there is none.
fn text_at<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Markdown of ours as HTML.
fn render_markdown(markdown: &str) -> Markup {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(markdown));
    PreEscaped(html)
}

/// JSON as it may be typed.
fn format_json(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
