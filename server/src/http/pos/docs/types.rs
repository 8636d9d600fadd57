//! The types: fields with their meaning and unit, each type under an anchor of its own.

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::{render_markdown, text_at};

const PREFIX: &str = "#/components/schemas/";

/// All types.
pub fn render_types(document: &Value) -> Markup {
    let empty = Map::new();
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    html! {
        @for (name, schema) in schemas {
            article id={ "type-" (name) } {
                h3 { (name) }
                (render_markdown(text_at(schema, "/description")))
                (render_type_body(schema))
            }
        }
    }
}

/// What a schema is called where it is used: a link for a type of its own, words otherwise.
pub fn render_type_name(schema: &Value) -> Markup {
    if let Some(reference) = schema.pointer("/$ref").and_then(Value::as_str) {
        let name = reference.strip_prefix(PREFIX).unwrap_or(reference);
        return html! { a href={ "#type-" (name) } { (name) } };
    }
    if let Some(choices) = choices(schema) {
        return html! {
            @for (position, choice) in choices.iter().enumerate() {
                @if position > 0 { " or " }
                (render_type_name(choice))
            }
        };
    }
    match schema.pointer("/type") {
        Some(Value::String(kind)) if kind == "array" => {
            let items = schema.pointer("/items").unwrap_or(&Value::Null);
            html! { "list of " (render_type_name(items)) }
        }
        Some(Value::String(kind)) => html! { (type_word(kind)) },
        Some(Value::Array(kinds)) => {
            let kinds: Vec<&str> = kinds
                .iter()
                .filter_map(Value::as_str)
                .map(type_word)
                .collect();
            html! { (kinds.join(" or ")) }
        }
        _ => html! { "value" },
    }
}

fn type_word(kind: &str) -> &str {
    match kind {
        "integer" => "whole number",
        "boolean" => "true or false",
        "string" => "text",
        other => other,
    }
}

fn choices(schema: &Value) -> Option<&Vec<Value>> {
    ["/oneOf", "/anyOf"]
        .into_iter()
        .find_map(|place| schema.pointer(place))
        .and_then(Value::as_array)
}

/// The inside of a type.
fn render_type_body(schema: &Value) -> Markup {
    if let Some(parts) = schema.pointer("/allOf").and_then(Value::as_array) {
        return html! {
            @for part in parts {
                @if part.pointer("/$ref").is_some() {
                    p { "With all fields of " (render_type_name(part)) "." }
                } @else {
                    (render_type_body(part))
                }
            }
        };
    }
    if let Some(choices) = choices(schema) {
        return html! {
            p { "One of:" }
            ul class="choices" {
                @for choice in choices {
                    li { (render_markdown(text_at(choice, "/description"))) (inside(choice)) }
                }
            }
        };
    }
    inside(schema)
}

fn inside(schema: &Value) -> Markup {
    if let Some(fields) = schema.pointer("/properties").and_then(Value::as_object) {
        return self::fields(schema, fields);
    }
    let words = enum_words(schema);
    html! {
        p {
            @if words.is_empty() { (render_type_name(schema)) }
            @for (position, word) in words.iter().enumerate() {
                @if position > 0 { ", " }
                code { (word) }
            }
        }
    }
}

fn fields(schema: &Value, fields: &Map<String, Value>) -> Markup {
    let required: Vec<&str> = schema
        .pointer("/required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    html! {
        dl class="fields" {
            @for (field, what) in fields {
                dt {
                    code { (field) } " "
                    span {
                        (render_type_name(what))
                        @if !required.contains(&field.as_str()) { ", may be missing" }
                    }
                }
                dd {
                    (render_markdown(meaning(what)))
                    @for word in enum_words(what) { code { (word) } " " }
                }
            }
        }
    }
}

/// What a field means; one that may be null says it beside its type.
fn meaning(field: &Value) -> &str {
    [
        "/description",
        "/oneOf/0/description",
        "/oneOf/1/description",
    ]
    .into_iter()
    .map(|place| text_at(field, place))
    .find(|text| !text.is_empty())
    .unwrap_or_default()
}

/// The words that a text may be.
fn enum_words(schema: &Value) -> Vec<&str> {
    schema
        .pointer("/enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
