//! Bodies that a till may send by mistake or on purpose: always a problem of the 4xx kind, nothing stored, never our fault.

use crate::support::raw::{JSON, Wire, authorization, expect, post, post_to, storing_nothing};
use crate::support::store::change;
use crate::support::{Demo, sale};
use kopilka_core::clock::{Clock, SystemClock};
use serde_json::{Value, json};

/// A receipt's text with one value of its line replaced, written as it is.
fn with(field: &str, text: &str) -> String {
    let mut fields: Vec<(&str, &str)> = vec![
        ("sku", "\"s\""),
        ("name", "\"n\""),
        ("category", "\"c\""),
        ("quantity", "1000"),
        ("amount", "100"),
    ];
    for each in &mut fields {
        if each.0 == field {
            each.1 = text;
        }
    }
    let line: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{\"lines\":[{{{}}}]}}", line.join(","))
}

#[test]
fn amounts_that_are_no_amounts_are_named_with_their_line() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        for text in ["-1", "1000000001"] {
            let answer = post(&demo, with("quantity", text).as_bytes(), &[JSON]);
            expect(&answer, 422, "invalid", text);
            let wrong = &answer.json()["errors"][0];
            assert_eq!(wrong["code"], "line-quantity", "{text}: {wrong}");
        }
        // A line may take money off, a receipt may not.
        let answer = post(&demo, with("amount", "-1").as_bytes(), &[JSON]);
        expect(&answer, 422, "invalid", "-1");
        let wrong = &answer.json()["errors"][0];
        assert_eq!(wrong["code"], "receipt-total-negative", "{wrong}");
        for field in ["amount", "quantity"] {
            for text in [
                "-9223372036854775808",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                "1.5",
                "1.000000000001",
                "1e3",
                "\"100\"",
                "true",
                "[]",
                "{}",
                "null",
            ] {
                let answer = post(&demo, with(field, text).as_bytes(), &[JSON]);
                expect(&answer, 422, "invalid", text);
                let wrong = &answer.json()["errors"][0];
                assert_eq!(wrong["field"], field, "{text}: {wrong}");
                assert_eq!(wrong["line"], 0, "{text}: {wrong}");
                assert!(wrong["code"].is_string() && wrong["message"].is_string());
            }
            for text in ["NaN", "Infinity", "-", "0x10", "007", "1.", "+1", ""] {
                let answer = post(&demo, with(field, text).as_bytes(), &[JSON]);
                expect(&answer, 400, "malformed", text);
            }
        }
    });
}

#[test]
fn texts_of_broken_letters_are_refused() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        for text in [
            &b"\"\xff\xfe\""[..],
            b"\"\x00\"",
            b"\"\\ud800\"",
            b"\"\\u12\"",
        ] {
            let mut body = b"{\"lines\":[{\"sku\":".to_vec();
            body.extend_from_slice(text);
            body.extend_from_slice(
                b",\"name\":\"\",\"category\":\"\",\"quantity\":1,\"amount\":1}]}",
            );
            let answer = post(&demo, &body, &[JSON]);
            expect(&answer, 400, "malformed", &String::from_utf8_lossy(text));
        }
        for (field, value) in [("shift", "a\u{0}b"), ("number", ""), ("shift", "\u{7f}")] {
            let mut body = sale("", 1);
            body.as_object_mut().unwrap().remove("code");
            body[field] = json!(value);
            let answer = post(&demo, body.to_string().as_bytes(), &[JSON]);
            expect(&answer, 422, "invalid", field);
        }
    });
}

#[test]
fn bodies_of_another_shape_are_refused() {
    let demo = Demo::start();
    let line = r#"{"sku":"","name":"","category":"","quantity":1,"amount":1}"#;
    storing_nothing(&demo, || {
        let cases: [(String, u16, &str); 13] = [
            (
                format!(r#"{{"lines":[{line}],"lines":[{line}]}}"#),
                400,
                "malformed",
            ),
            (with("amount", r#"1,"amount":2"#), 400, "malformed"),
            (format!(r#"{{"lines":[{line}],"extra":1}}"#), 422, "invalid"),
            (with("amount", r#"1,"price":2"#), 422, "invalid"),
            (
                format!(r#"{{"lines":[{line}],"spend":"some"}}"#),
                422,
                "invalid",
            ),
            (
                format!(r#"{{"lines":[{line}],"spend":1.5}}"#),
                422,
                "invalid",
            ),
            (
                format!(r#"{{"lines":[{line}],"spend":-1}}"#),
                422,
                "invalid",
            ),
            (r#"{"lines":[]}"#.to_owned(), 422, "invalid"),
            ("{}".to_owned(), 422, "invalid"),
            ("[]".to_owned(), 422, "invalid"),
            ("null".to_owned(), 422, "invalid"),
            (format!(r#"{{"lines":[{line}]}} x"#), 400, "malformed"),
            (String::new(), 400, "malformed"),
        ];
        for (body, status, problem) in cases {
            expect(
                &post(&demo, body.as_bytes(), &[JSON]),
                status,
                problem,
                &body,
            );
        }
        let deep = "[".repeat(10_000);
        for body in [deep.clone(), format!(r#"{{"spend":{deep}"#)] {
            let answer = post(&demo, body.as_bytes(), &[JSON]);
            assert!([400, 422].contains(&answer.status), "{}", answer.body);
            answer.problem();
        }
        let many = format!(r#"{{"lines":[{}]}}"#, vec![line; 2_001].join(","));
        let answer = post(&demo, many.as_bytes(), &[JSON]);
        expect(&answer, 422, "invalid", "2,001 lines");
        assert_eq!(answer.json()["errors"][0]["code"], "lines-too-many");
    });
}

#[test]
fn a_body_over_the_limit_is_refused_however_it_comes() {
    let demo = Demo::start();
    let line = r#"{"sku":"","name":"","category":"","quantity":1,"amount":1}"#;
    storing_nothing(&demo, || {
        // Announced: refused before any of it is sent.
        let (key, length) = (authorization(), (6 * 1024 * 1024).to_string());
        let mut wire = Wire::to(&demo.url);
        wire.head(
            "POST /pos/v1/receipts",
            &[("authorization", &key), JSON, ("content-length", &length)],
        );
        expect(&wire.answer(), 413, "body-too-large", "announced");
        // 100,000 lines, announced and sent.
        let many = format!(r#"{{"lines":[{}]}}"#, vec![line; 100_000].join(","));
        let answer = post(&demo, many.as_bytes(), &[JSON]);
        expect(&answer, 413, "body-too-large", "100,000 lines");
        // In chunks, with no word of how many will come.
        let mut wire = Wire::to(&demo.url);
        wire.head(
            "POST /pos/v1/receipts",
            &[
                ("authorization", &key),
                JSON,
                ("transfer-encoding", "chunked"),
            ],
        );
        let mut sent = 0;
        while sent < 6 * 1024 * 1024 && wire.chunk(&[b' '; 64 * 1024]) {
            sent += 64 * 1024;
        }
        expect(&wire.answer(), 413, "body-too-large", "chunked");
    });
}

#[test]
fn a_body_that_is_compressed_or_no_json_is_refused_unread() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        for encoding in ["gzip", "br", "deflate", "gzip, identity", "x"] {
            let answer = post(
                &demo,
                &[0x1f, 0x8b, 8, 0],
                &[JSON, ("content-encoding", encoding)],
            );
            expect(&answer, 415, "encoded-body", encoding);
        }
        for kind in [
            "text/plain",
            "application/jsonp",
            "multipart/form-data",
            "x",
        ] {
            let answer = post(&demo, b"{}", &[("content-type", kind)]);
            expect(&answer, 415, "not-json", kind);
        }
        expect(&post(&demo, b"{}", &[]), 415, "not-json", "no type");
    });
    let body = json!({"lines": sale("", 1)["lines"]}).to_string();
    let fine = [
        ("content-type", "Application/JSON; charset=utf-8"),
        ("content-encoding", "identity"),
    ];
    assert_eq!(post(&demo, body.as_bytes(), &fine).status, 201);
}

#[test]
fn a_body_that_breaks_off_stores_nothing() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        let key = authorization();
        let mut wire = Wire::to(&demo.url);
        wire.head(
            "POST /pos/v1/receipts",
            &[
                ("authorization", &key),
                JSON,
                ("transfer-encoding", "chunked"),
            ],
        );
        wire.chunk(b"{\"lines\":[");
        wire.bytes(b"zz\r\n");
        let answer = wire.answer();
        assert!((400..500).contains(&answer.status), "{answer:?}");
    });
}

#[test]
fn times_that_are_none_or_far_away_are_refused() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        for at in ["yesterday", "", "2026-11-22", "2026-02-30T00:00:00Z", "1e9"] {
            let body = json!({"at": at, "lines": sale("", 1)["lines"]}).to_string();
            let answer = post(&demo, body.as_bytes(), &[JSON]);
            expect(&answer, 422, "invalid", at);
            assert_eq!(answer.json()["errors"][0]["field"], "at");
        }
        for at in ["0001-01-01T00:00:00Z", "2020-01-01T00:00:00Z"] {
            let body = json!({"at": at, "lines": sale("", 1)["lines"]}).to_string();
            let answer = post(&demo, body.as_bytes(), &[JSON]);
            expect(&answer, 422, "receipt-too-old", at);
        }
        let body = json!({"at": "2999-01-01T00:00:00Z", "lines": sale("", 1)["lines"]}).to_string();
        let answer = post(&demo, body.as_bytes(), &[JSON]);
        expect(&answer, 422, "invalid", "years ahead");
        assert_eq!(answer.json()["errors"][0]["code"], "receipt-too-far-ahead");
        // A receipt of tomorrow waits for its time, unless it spends.
        let at = from_now(86_400);
        let body = json!({"at": at, "lines": sale("", 1)["lines"], "spend": "all"}).to_string();
        let answer = post(&demo, body.as_bytes(), &[JSON]);
        expect(&answer, 422, "invalid", "spending ahead");
        assert_eq!(answer.json()["errors"][0]["code"], "spending-ahead");
        let body = json!({"at": at, "lines": sale("", 1)["lines"]}).to_string();
        let answer = post(&demo, body.as_bytes(), &[JSON]);
        assert_eq!(answer.status, 202, "{}", answer.json());
        assert_eq!(answer.json()["waits_for"], "time");
    });
}

/// So many seconds from now, as receipts tell time.
fn from_now(seconds: i64) -> String {
    let time = SystemClock.now().plus_secs(seconds).0;
    chrono::DateTime::from_timestamp_micros(time)
        .unwrap()
        .to_rfc3339()
}

#[test]
fn a_receipt_names_its_shopper_by_the_visit_or_by_the_code() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        let body = json!({"visit": "v", "code": "7", "lines": sale("", 1)["lines"]}).to_string();
        let answer = post(&demo, body.as_bytes(), &[JSON]);
        expect(&answer, 422, "invalid", "both");
        assert_eq!(answer.json()["errors"][0]["code"], "visit-or-code");
    });
}

#[test]
fn an_idempotency_key_that_comes_twice_is_none() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        let body = sale("", 1).to_string();
        let twice = [JSON, ("idempotency-key", "a"), ("idempotency-key", "b")];
        let answer = post(&demo, body.as_bytes(), &twice);
        expect(&answer, 400, "key-malformed", "two keys");
    });
}

#[test]
fn a_return_that_can_be_of_no_sale_does_not_wait_for_one() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        let back = |sale: Value, lines: Value| {
            let item = json!({"key": "k", "return": {"sale": sale, "lines": lines}});
            let answer = demo.pos("receipts/batch", None, &json!({"items": [item]}));
            answer.json()["results"][0].clone()
        };
        let named = json!({"shift": "1", "number": "1"});
        let one = json!([{"position": 0, "quantity": 1000}]);
        for (sale, lines) in [
            (named.clone(), json!([])),
            (named.clone(), json!([{"position": 0, "quantity": 0}])),
            (named.clone(), json!([{"position": 0, "quantity": -1}])),
            (named, json!([{"position": u64::MAX / 2, "quantity": 1000}])),
            (json!({"shift": "", "number": "1"}), one.clone()),
            (json!({"shift": "1", "number": "9".repeat(65)}), one.clone()),
            (json!({"shift": "1", "number": "a\u{0}"}), one),
        ] {
            let result = back(sale.clone(), lines);
            assert_eq!(result["status"], 422, "{sale}: {result}");
        }
    });
}

#[test]
fn a_sale_from_before_the_programme_began_is_refused_and_holds_up_no_queue() {
    let demo = Demo::start();
    let years = "UPDATE programme_versions SET valid_from = valid_from + 300 * 86400000000";
    assert!(change(&demo, years) > 0);
    let at = from_now(-200 * 86_400);
    let body = json!({"at": at, "lines": sale("", 1)["lines"]});
    let text = body.to_string();
    for path in ["receipts/quote", "receipts"] {
        let answer = post_to(&demo, path, text.as_bytes(), &[JSON]);
        expect(&answer, 422, "before-programme", path);
    }
    let item = |key: &str, receipt: &Value| json!({"key": key, "receipt": receipt});
    let now = json!({"lines": sale("", 1)["lines"]});
    let items = json!({"items": [item("b-1", &body), item("b-2", &now)]}).to_string();
    let answer = post_to(&demo, "receipts/batch", items.as_bytes(), &[JSON]);
    assert_eq!(answer.status, 200);
    let results = answer.json()["results"].clone();
    assert_eq!(results[0]["status"], 422, "{results}");
    assert_eq!(results[1]["status"], 201, "{results}");
}
