//! The docs of the POS API: reachable without a key, whole, and a change that breaks tills is seen in the snapshot.

use std::collections::BTreeSet;

use crate::support::Demo;
use crate::support::raw::{Raw, Wire};
use serde_json::Value;

fn get(demo: &Demo, path: &str) -> Raw {
    let mut wire = Wire::to(&demo.url);
    wire.head(&format!("GET {path}"), &[]);
    wire.answer()
}

/// Every value under a key anywhere in the document.
fn all<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            for (name, inside) in fields {
                if name == key {
                    found.push(inside);
                }
                all(inside, key, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all(item, key, found)),
        _ => {}
    }
}

#[test]
fn the_document_is_openapi_3_1_and_changes_only_knowingly() {
    let demo = Demo::start();
    let answer = get(&demo, "/pos/v1/openapi.json");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json"))
    );
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    insta::assert_snapshot!("openapi", serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn every_call_has_an_example_and_every_field_a_meaning() {
    let demo = Demo::start();
    let document = get(&demo, "/pos/v1/openapi.json").json();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let what = format!("{method} {path}");
            assert!(
                call["summary"].is_string() && call["description"].is_string(),
                "{what}"
            );
            if let Some(body) = call.get("requestBody") {
                assert!(
                    body["content"]["application/json"]["example"].is_object(),
                    "{what}"
                );
            }
            for (status, response) in call["responses"].as_object().unwrap() {
                if let Some(json) = response["content"].get("application/json") {
                    assert!(json["example"].is_object(), "{what} {status}");
                }
                if status.starts_with(['4', '5']) {
                    let examples = &response["content"]["application/problem+json"]["examples"];
                    assert!(!examples.as_object().unwrap().is_empty(), "{what} {status}");
                }
            }
            for status in ["401", "429", "500"] {
                assert!(call["responses"].get(status).is_some(), "{what} {status}");
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        assert!(schema["description"].is_string(), "{name}");
        let mut properties = Vec::new();
        all(schema, "properties", &mut properties);
        for fields in properties {
            for (field, what) in fields.as_object().unwrap() {
                let tag = what.get("enum").is_some();
                let described = [
                    "/description",
                    "/oneOf/0/description",
                    "/oneOf/1/description",
                ]
                .iter()
                .any(|place| what.pointer(place).is_some_and(Value::is_string));
                assert!(
                    tag || described,
                    "{name}.{field} says nothing of itself: {what}"
                );
            }
        }
    }
    let mut references = Vec::new();
    all(&document, "$ref", &mut references);
    for reference in references {
        let pointer = reference.as_str().unwrap().trim_start_matches('#');
        assert!(
            document.pointer(pointer).is_some(),
            "{reference} leads nowhere"
        );
    }
}

#[test]
fn the_page_needs_no_key_no_script_and_nothing_foreign() {
    let demo = Demo::start();
    let page = get(&demo, "/pos/v1/docs");
    assert_eq!(page.status, 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"));
    let html = &page.body;
    for foreign in [
        "<script",
        "<style",
        " style=\"",
        " onclick=",
        "@import",
        "src=\"http",
    ] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    for link in html.match_indices("<link") {
        let tag = &html[link.0..html[link.0..].find('>').unwrap() + link.0];
        assert!(tag.contains("href=\"/"), "{tag}");
    }
    let style = get(&demo, "/pos/v1/docs.css");
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    assert!(style.body.contains("light dark"));
    for path in ["/pos/v1", "/pos/v1/"] {
        assert_eq!(get(&demo, path).header("location"), Some("/pos/v1/docs"));
    }
}

#[test]
fn every_link_of_the_page_has_its_anchor_and_every_problem_its_place() {
    let demo = Demo::start();
    let html = get(&demo, "/pos/v1/docs").body;
    let after = |mark: &str| -> BTreeSet<String> {
        html.match_indices(mark)
            .map(|(at, _)| {
                let rest = &html[at + mark.len()..];
                rest[..rest.find('"').unwrap()].to_owned()
            })
            .collect()
    };
    let anchors = after(" id=\"");
    let links = after("href=\"#");
    assert_eq!(
        links.difference(&anchors).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    let document = get(&demo, "/pos/v1/openapi.json").json();
    let mut types = Vec::new();
    all(&document["paths"], "type", &mut types);
    let problems: BTreeSet<&str> = types
        .iter()
        .filter_map(|kind| kind.as_str()?.strip_prefix("/pos/v1/docs#"))
        .collect();
    assert!(problems.len() > 25, "{problems:?}");
    for problem in problems {
        assert!(anchors.contains(problem), "{problem}");
    }
}
