//! Addresses, methods, keys and headers of the POS API: each mistake is a problem that says what to do.

use crate::support::raw::{JSON, Wire, authorization, expect, storing_nothing};
use crate::support::{Demo, TILL_KEY, sale};
use serde_json::json;

#[test]
fn wrong_addresses_and_methods_are_problems() {
    let demo = Demo::start();
    let key = authorization();
    let ask = |line: &str| {
        let mut wire = Wire::to(&demo.url);
        wire.head(line, &[("authorization", &key), ("content-length", "0")]);
        wire.answer()
    };
    for path in [
        "nowhere",
        "receipts/",
        "receipts/x",
        "receipts/%ff",
        "receipts/%00",
        "gifts",
    ] {
        expect(&ask(&format!("GET /pos/v1/{path}")), 404, "not-found", path);
    }
    expect(
        &ask("POST /pos/v1/gifts/x/handover"),
        404,
        "not-found",
        "gift",
    );
    for (line, allowed) in [
        ("DELETE /pos/v1/receipts", "POST,GET,HEAD"),
        ("DELETE /pos/v1/members/lookup", "POST"),
        ("POST /pos/v1/docs", "GET,HEAD"),
        (
            "PUT /pos/v1/receipts/0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f",
            "GET,HEAD",
        ),
    ] {
        let answer = ask(line);
        expect(&answer, 405, "wrong-method", line);
        assert_eq!(answer.header("allow"), Some(allowed), "{line}");
    }
}

#[test]
fn a_wrong_or_missing_key_is_401_before_the_body() {
    let demo = Demo::start();
    for key in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic ZGVtbw==",
        TILL_KEY,
        "Bearer \u{ff}",
    ] {
        let mut wire = Wire::to(&demo.url);
        wire.head(
            "POST /pos/v1/receipts",
            &[
                ("authorization", key),
                JSON,
                ("content-length", "999999999"),
            ],
        );
        let answer = wire.answer();
        expect(&answer, 401, "not-signed-in", key);
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Bearer realm=\"pos\"")
        );
    }
    let mut wire = Wire::to(&demo.url);
    wire.head("GET /pos/v1/receipts/x", &[]);
    expect(&wire.answer(), 401, "not-signed-in", "no key");
}

#[test]
fn idempotency_keys_are_short_and_visible() {
    let demo = Demo::start();
    let body = json!({"lines": sale("", 1)["lines"]}).to_string();
    let long = "k".repeat(256);
    storing_nothing(&demo, || {
        for (key, problem) in [
            ("", "key-missing"),
            (long.as_str(), "key-malformed"),
            ("two words", "key-malformed"),
            ("\u{44f}", "key-malformed"),
        ] {
            let (authorization, length) = (authorization(), body.len().to_string());
            let mut wire = Wire::to(&demo.url);
            wire.head(
                "POST /pos/v1/receipts",
                &[
                    ("authorization", &authorization),
                    JSON,
                    ("content-length", &length),
                    ("idempotency-key", key),
                ],
            );
            wire.bytes(body.as_bytes());
            expect(&wire.answer(), 400, problem, key);
        }
    });
}

#[test]
fn a_request_s_id_comes_back_or_is_made() {
    let demo = Demo::start();
    let ask = |id: Option<&str>| {
        let mut wire = Wire::to(&demo.url);
        let headers: Vec<(&str, &str)> = id.map(|id| ("x-request-id", id)).into_iter().collect();
        wire.head("GET /pos/v1/nowhere", &headers);
        let answer = wire.answer();
        let id = answer.header("x-request-id").unwrap().to_owned();
        (id, answer.json()["instance"].as_str().unwrap().to_owned())
    };
    assert_eq!(
        ask(Some("till-7.42")),
        (
            "till-7.42".to_owned(),
            "/pos/v1/requests/till-7.42".to_owned()
        )
    );
    let long = "x".repeat(65);
    for id in [None, Some(""), Some("two words"), Some(long.as_str())] {
        let (made, instance) = ask(id);
        assert_eq!(made.len(), 36, "{made}");
        assert!(instance.ends_with(&made));
    }
}
