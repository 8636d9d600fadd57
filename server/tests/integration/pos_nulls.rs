//! In every body of the POS API null means the same as a field that is left out, wherever the OpenAPI document says that a
//! field may be.

use crate::support::{Answer, Demo};
use serde_json::{Value, json};

/// Follows references to the schema itself.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => {
            let path = name.strip_prefix('#').unwrap();
            resolved(document, document.pointer(path).unwrap())
        }
        None => schema,
    }
}

/// Adds the places of all fields that may be left out of a value of this schema, as JSON pointers.
fn add_optional(
    document: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
) {
    let schema = resolved(document, schema);
    for kind in ["oneOf", "anyOf", "allOf"] {
        for each in schema[kind].as_array().into_iter().flatten() {
            add_optional(document, each, value, at, found);
        }
    }
    if let (Some(fields), Value::Object(given)) = (schema["properties"].as_object(), value) {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, of_field) in fields {
            let at = format!("{at}/{name}");
            if !required.contains(&json!(name)) {
                found.push(at.clone());
            }
            if let Some(inside) = given.get(name) {
                add_optional(document, of_field, inside, &at, found);
            }
        }
    }
    for (position, each) in value.as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}/{position}");
        add_optional(document, &schema["items"], each, &at, found);
    }
}

/// Returns the body with null at this place, or with nothing there.
fn changed(body: &Value, at: &str, to_null: bool) -> Value {
    let mut body = body.clone();
    let (parent, name) = at.rsplit_once('/').unwrap();
    let fields = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if to_null {
        fields.insert(name.to_owned(), Value::Null);
    } else {
        fields.remove(name);
    }
    body
}

/// Returns an answer without what differs by its request.
fn told(answer: &Answer) -> (u16, Value) {
    let mut told = answer.json();
    if let Some(fields) = told.as_object_mut() {
        for name in ["instance", "visit"] {
            fields.remove(name);
        }
    }
    (answer.status, told)
}

#[test]
fn null_means_the_same_as_nothing_in_every_field_that_may_be_left_out() {
    let demo = Demo::start();
    let document = demo.get("openapi.json").json();
    let mut tried = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let content = &methods["post"]["requestBody"]["content"]["application/json"];
        let body = &content["example"];
        if body.is_null() {
            continue;
        }
        let mut places = Vec::new();
        add_optional(&document, &content["schema"], body, "", &mut places);
        let path = path.trim_start_matches("/pos/v1").trim_start_matches('/');
        let path = path.replace("{id}", "0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f");
        for place in places {
            let key = format!("{path}{place}");
            let send = |to_null| demo.pos(&path, Some(&key), &changed(body, &place, to_null));
            let (left_out, null) = (send(false), send(true));
            let problem = &null.json()["type"];
            assert_ne!(
                problem, "/pos/v1/docs#problem-malformed",
                "{key}: {}",
                null.text
            );
            assert!(!null.text.contains("wrong-shape"), "{key}: {}", null.text);
            // A phone gets one message at a time, and a batch tells a repeat by another status.
            if !["members/enrol", "receipts/batch"].contains(&path.as_str()) {
                assert_eq!(told(&null), told(&left_out), "{key}");
            }
            tried.push(key);
        }
    }
    for expected in [
        "receipts/lines/0/unit",
        "receipts/quote/lines/0/unit",
        "receipts/spend",
    ] {
        assert!(
            tried.iter().any(|each| each == expected),
            "{expected}: {tried:?}"
        );
    }
}
