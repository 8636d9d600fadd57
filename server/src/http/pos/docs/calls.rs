//! The calls: what each takes and answers, with an example that can be pasted into a terminal.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::{format_json, render_markdown, text_at, types};

/// One method of one path.
struct DocumentedCall<'a> {
    method: String,
    path: &'a str,
    what: &'a Value,
}

impl DocumentedCall<'_> {
    fn anchor_id(&self) -> String {
        format!("call-{}", text_at(self.what, "/operationId"))
    }
}

/// Calls in the order of their tags, then of their addresses.
fn calls_of_document(document: &Value) -> Vec<DocumentedCall<'_>> {
    let paths = document.pointer("/paths").and_then(Value::as_object);
    let tags: Vec<&str> = document
        .pointer("/tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|tag| text_at(tag, "/name"))
        .collect();
    let mut calls: Vec<DocumentedCall<'_>> = paths
        .into_iter()
        .flatten()
        .flat_map(|(path, methods)| {
            methods
                .as_object()
                .into_iter()
                .flatten()
                .map(move |(method, what)| DocumentedCall {
                    method: method.to_uppercase(),
                    path,
                    what,
                })
        })
        .collect();
    calls.sort_by_key(|call| {
        let tag = text_at(call.what, "/tags/0");
        tags.iter().position(|each| *each == tag)
    });
    calls
}

/// Links to the calls.
pub fn render_contents(document: &Value) -> Markup {
    html! {
        ul {
            @for call in calls_of_document(document) {
                li { a href={ "#" (call.anchor_id()) } { (text_at(call.what, "/summary")) } }
            }
        }
    }
}

/// All calls.
pub fn render_calls(document: &Value) -> Markup {
    let base = text_at(document, "/servers/0/url");
    html! {
        @for call in calls_of_document(document) { (render_call(base, &call)) }
    }
}

fn render_call(base: &str, call: &DocumentedCall<'_>) -> Markup {
    let body = call
        .what
        .pointer("/requestBody/content/application~1json/schema");
    html! {
        article id=(call.anchor_id()) {
            h3 { (text_at(call.what, "/summary")) }
            p class="address" { b { (call.method) } " " code { (base) (call.path) } }
            (render_markdown(text_at(call.what, "/description")))
            (parameters(call))
            @if let Some(schema) = body {
                p { "Body: " (types::render_type_name(schema)) }
            }
            h4 { "Example" }
            pre tabindex="0" { code { (curl_command(base, call)) } }
            (answers(call))
        }
    }
}

fn parameters(call: &DocumentedCall<'_>) -> Markup {
    let parameters = call.what.pointer("/parameters").and_then(Value::as_array);
    html! {
        @if let Some(parameters) = parameters {
            dl class="fields" {
                @for parameter in parameters {
                    dt {
                        code { (text_at(parameter, "/name")) } " "
                        span { "in the " (text_at(parameter, "/in")) }
                    }
                    dd { (render_markdown(text_at(parameter, "/description"))) }
                }
            }
        }
    }
}

/// The call as a command. Examples hold no apostrophe, so they may stand between two.
fn curl_command(base: &str, call: &DocumentedCall<'_>) -> String {
    let mut path = call.path.to_owned();
    let mut headers = vec!["Authorization: Bearer $KEY".to_owned()];
    let mut query = Vec::new();
    let parameters = call.what.pointer("/parameters").and_then(Value::as_array);
    for parameter in parameters.into_iter().flatten() {
        let required = parameter.pointer("/required").and_then(Value::as_bool);
        let (name, example) = (text_at(parameter, "/name"), text_at(parameter, "/example"));
        match text_at(parameter, "/in") {
            "path" => path = path.replace(&format!("{{{name}}}"), example),
            "header" => headers.push(format!("{name}: {example}")),
            "query" if required == Some(true) => query.push(format!("{name}={example}")),
            _ => {}
        }
    }
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let body = call
        .what
        .pointer("/requestBody/content/application~1json/example");
    if body.is_some() {
        headers.push("Content-Type: application/json".to_owned());
    }
    let mut command = match call.method.as_str() {
        "GET" => "curl".to_owned(),
        method => format!("curl -X {method}"),
    };
    command.push_str(&format!(" \"$SITE{base}{path}\""));
    for header in headers {
        command.push_str(&format!(" \\\n  -H \"{header}\""));
    }
    if let Some(body) = body {
        command.push_str(&format!(" \\\n  -d '{}'", format_json(body)));
    }
    command
}

fn answers(call: &DocumentedCall<'_>) -> Markup {
    let empty = Map::new();
    let all = call
        .what
        .pointer("/responses")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let (good, refused): (Vec<_>, Vec<_>) = all.iter().partition(|(_, answer)| {
        answer
            .pointer("/content/application~1problem+json")
            .is_none()
    });
    html! {
        @for (status, answer) in good {
            h4 { "Answer " (status) }
            p { (text_at(answer, "/description"))
                @if let Some(schema) = answer.pointer("/content/application~1json/schema") {
                    ": " (types::render_type_name(schema))
                }
            }
            @if let Some(example) = answer.pointer("/content/application~1json/example") {
                details { summary { "Example of the answer" } pre tabindex="0" { code { (format_json(example)) } } }
            }
        }
        details {
            summary { "Problems of this call" }
            dl class="fields" {
                @for (status, answer) in refused {
                    dt { (status) }
                    dd {
                        ul {
                            @for (key, example) in examples(answer) {
                                li { a href={ "#problem-" (key) } { (text_at(example, "/summary")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn examples(answer: &Value) -> impl Iterator<Item = (&String, &Value)> {
    answer
        .pointer("/content/application~1problem+json/examples")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}
