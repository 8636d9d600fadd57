//! What a till may send by mistake or on purpose: always a problem of the 4xx kind, nothing stored, never our fault.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use serde_json::{Value, json};
use support::raw::{Raw, Wire};
use support::{Demo, TILL_KEY, sale, store};

const JSON: (&str, &str) = ("content-type", "application/json");

fn authorization() -> String {
    format!("Bearer {TILL_KEY}")
}

/// Posts bytes as a receipt under a key.
fn post(demo: &Demo, body: &[u8], headers: &[(&str, &str)]) -> Raw {
    post_to(demo, "receipts", body, headers)
}

fn post_to(demo: &Demo, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Raw {
    let (authorization, length) = (authorization(), body.len().to_string());
    let mut all = vec![
        ("authorization", authorization.as_str()),
        ("content-length", length.as_str()),
        ("idempotency-key", "input"),
    ];
    all.extend_from_slice(headers);
    let mut wire = Wire::to(&demo.url);
    wire.head(&format!("POST /pos/v1/{path}"), &all);
    wire.bytes(body);
    wire.answer()
}

fn expect(answer: &Raw, status: u16, problem: &str, what: &str) {
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (status, problem),
        "{what}: {}",
        answer.body
    );
}

/// Rows that a stored receipt would leave.
fn rows(demo: &Demo) -> Vec<i64> {
    [
        "SELECT COUNT(*) FROM receipts",
        "SELECT COUNT(*) FROM receipt_lines",
        "SELECT COUNT(*) FROM entries",
        "SELECT COUNT(*) FROM lots",
        "SELECT COUNT(*) FROM idempotency",
        "SELECT COUNT(*) FROM spent_codes",
    ]
    .into_iter()
    .map(|text| store::number(demo, text))
    .collect()
}

/// Runs what must store nothing.
fn storing_nothing(demo: &Demo, attack: impl FnOnce()) {
    let before = rows(demo);
    attack();
    assert_eq!(rows(demo), before, "something is stored");
    assert!(demo.check().status.success());
}

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
        for field in ["amount", "quantity"] {
            for text in [
                "0",
                "-1",
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
fn texts_with_control_characters_or_no_end_are_refused() {
    let demo = Demo::start();
    storing_nothing(&demo, || {
        let long = format!("\"{}\"", "x".repeat(201));
        for text in [r#""\u0000""#, r#""\u001b[2J""#, r#""a\nb""#, &long] {
            for field in ["sku", "name", "category"] {
                let answer = post(&demo, with(field, text).as_bytes(), &[JSON]);
                expect(&answer, 422, "invalid", text);
                assert_eq!(answer.json()["errors"][0]["field"], field);
            }
        }
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
        let many = format!(r#"{{"lines":[{}]}}"#, vec![line; 1_001].join(","));
        let answer = post(&demo, many.as_bytes(), &[JSON]);
        expect(&answer, 422, "invalid", "1,001 lines");
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
        while sent < 3 * 1024 * 1024 && wire.chunk(&[b' '; 64 * 1024]) {
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
        // A receipt of the future is refused by a quote; storing may park it.
        let body = json!({"at": "2999-01-01T00:00:00Z", "lines": sale("", 1)["lines"]});
        let answer = post_to(
            &demo,
            "receipts/quote",
            body.to_string().as_bytes(),
            &[JSON],
        );
        expect(&answer, 422, "receipt-ahead", "2999");
    });
}

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
        ("GET /pos/v1/receipts", "POST"),
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

/// Numbers without order, the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// A receipt's bytes with one to four things wrong with them.
fn mutated(valid: &[u8], dice: &mut Dice) -> Vec<u8> {
    const PIECES: [&[u8]; 14] = [
        b"\"",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"-",
        b"0",
        b"9223372036854775808",
        b"null",
        b"\\u0000",
        b"\xff",
        b"\"amount\":1,",
    ];
    let mut bytes = valid.to_vec();
    for _ in 0..=dice.roll(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.roll(bytes.len());
        match dice.roll(5) {
            0 => {
                bytes.remove(at);
            }
            1 => bytes[at] ^= 1 << dice.roll(8),
            2 => {
                let end = (at + dice.roll(20)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => bytes.truncate(at),
            _ => {
                let piece = PIECES[dice.roll(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn no_mutation_of_a_receipt_is_ever_our_fault() {
    let demo = Demo::start();
    let valid = json!({
        "code": "700000000000000000", "shift": "1", "number": "1", "at": "2026-11-22T14:05:00+03:00", "spend": 1,
        "lines": [
            {"sku": "1", "name": "Молоко", "category": "dairy", "quantity": 1000, "amount": 9900},
            {"sku": "2", "name": "Хлеб", "category": "bread", "quantity": 2000, "amount": 8000},
        ],
    })
    .to_string();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut dice = Dice(20_261_122);
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..3_000 {
        let body = mutated(valid.as_bytes(), &mut dice);
        let path = [
            "receipts",
            "receipts/quote",
            "members/lookup",
            "members/enrol",
        ][round % 4];
        let mut answer = agent
            .post(format!("{}/pos/v1/{path}", demo.url))
            .header("authorization", authorization())
            .header("content-type", "application/json")
            .header("idempotency-key", format!("fuzz-{round}"))
            .send(body.as_slice())
            .unwrap();
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(
            status < 500,
            "{status} {text}: {}",
            String::from_utf8_lossy(&body)
        );
        if status >= 400 {
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(problem["status"], status);
        }
        *seen.entry(status).or_insert(0) += 1;
    }
    assert!(
        seen.len() >= 2,
        "the mutations reach several answers: {seen:?}"
    );
    assert!(demo.check().status.success());
}
