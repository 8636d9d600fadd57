//! Hostile and mistaken requests: a clear 4xx, nothing stored, never our fault.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::browser::Browser;
use crate::support::{Demo, Place, TILL_KEY};
use serde_json::json;

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}

#[test]
fn a_form_from_another_site_is_refused() {
    let demo = Demo::start();
    for site in ["cross-site", "same-site", "none"] {
        let answer = agent()
            .post(format!("{}/api/language", demo.url))
            .header("sec-fetch-site", site)
            .send_form([("language", "en")])
            .unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{site}");
    }
    let silent = agent()
        .post(format!("{}/api/language", demo.url))
        .send_form([("language", "en")])
        .unwrap();
    assert_eq!(
        silent.status().as_u16(),
        403,
        "no word of where it comes from"
    );
}

#[test]
fn a_field_sent_twice_is_a_mistake_of_the_form() {
    let demo = Demo::start();
    let answer = Browser::new(&demo).post("join/phone", &[("phone", "1"), ("phone", "2")]);
    assert_eq!(answer.status, 400, "{} {}", answer.location, answer.text);
}

#[test]
fn a_form_leads_nowhere_else() {
    let demo = Demo::start();
    for next in [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "/a\r\nx: y",
    ] {
        let answer = Browser::new(&demo).post("language", &[("language", "en"), ("next", next)]);
        assert_eq!(answer.location, "/", "{next}");
    }
}

#[test]
fn wrong_bodies_of_the_pos_api_are_problems() {
    let demo = Demo::start();
    let line = |field: &str, value: serde_json::Value| {
        let mut line =
            json!({"sku": "s", "name": "n", "category": "c", "quantity": 1000, "amount": 100});
        line[field] = value;
        json!({"lines": [line]})
    };
    let wrong = [
        (line("amount", json!(-5)), 422),
        (line("amount", json!(1.5)), 422),
        (line("amount", json!("12")), 422),
        (line("amount", json!(i64::MAX)), 422),
        (line("amount", json!(u64::MAX)), 422),
        (line("quantity", json!(-1)), 422),
        (line("category", json!(7)), 422),
        (line("unit", json!("pound")), 422),
        (json!({"lines": []}), 422),
        (json!({"lines": [], "extra": 1}), 422),
        (
            json!({"lines": line("amount", json!(100))["lines"], "spend": -1}),
            422,
        ),
        (
            json!({"lines": line("amount", json!(100))["lines"], "at": "yesterday"}),
            422,
        ),
        (
            json!({"lines": line("amount", json!(100))["lines"], "at": "2020-01-01T00:00:00Z"}),
            422,
        ),
        (json!([]), 422),
        (json!(null), 422),
    ];
    for (n, (body, status)) in wrong.iter().enumerate() {
        let answer = demo.commit(&format!("wrong-{n}"), body);
        assert_eq!(answer.status, *status, "{body}: {}", answer.text);
        answer.problem();
    }
    assert!(demo.check().status.success());
}

#[test]
fn bodies_that_are_no_json_or_too_large_are_problems() {
    let demo = Demo::start();
    let send = |kind: &str, body: Vec<u8>| {
        agent()
            .post(format!("{}/pos/v1/receipts/quote", demo.url))
            .header("authorization", format!("Bearer {TILL_KEY}"))
            .header("content-type", kind)
            .send(body.as_slice())
            .unwrap()
            .status()
            .as_u16()
    };
    let json = "application/json";
    assert_eq!(send(json, b"{".to_vec()), 400);
    assert_eq!(send(json, "[".repeat(10_000).into_bytes()), 422);
    assert_eq!(send(json, vec![0xff, 0xfe]), 400);
    assert_eq!(send("text/plain", b"{}".to_vec()), 415);
    assert_eq!(
        announced(&demo, 5 * 1024 * 1024),
        413,
        "refused before it is read"
    );
}

/// The status for a body of so many bytes that is announced and never sent.
fn announced(demo: &Demo, bytes: usize) -> u16 {
    use std::io::{BufRead, BufReader, Write};
    let address = demo.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let patience = Duration::from_secs(20);
    stream.set_read_timeout(Some(patience)).unwrap();
    write!(
        stream,
        "POST /pos/v1/receipts/quote HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TILL_KEY}\r\n\
         content-type: application/json\r\ncontent-length: {bytes}\r\n\r\n"
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn unknown_pages_and_endpoints_are_404_and_say_so() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    assert_eq!(browser.get("/nowhere").status, 404);
    assert_eq!(browser.post("nowhere", &[]).status, 404);
    let answer = demo.pos("nowhere", None, &json!({}));
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (404, "not-found")
    );
}

#[test]
fn personal_pages_lead_guests_to_the_door() {
    let demo = Demo::start();
    let pages = [
        "/card",
        "/card/print",
        "/points",
        "/offers",
        "/profile",
        "/consents",
        "/settings",
    ];
    for page in pages {
        assert_eq!(Browser::new(&demo).get(page).location, "/sign-in", "{page}");
    }
    for file in [
        "/settings/export.json",
        "/settings/points.csv",
        "/consents/proofs.csv",
    ] {
        assert_eq!(Browser::new(&demo).get(file).location, "/sign-in", "{file}");
    }
    for endpoint in [
        "profile/name",
        "consents/save",
        "offers/activate",
        "settings/close",
        "card/key",
    ] {
        let answer = Browser::new(&demo).post(endpoint, &[("confirmed", "on")]);
        let refused = answer.status == 401 || answer.location == "/sign-in";
        assert!(refused, "{endpoint}: {} {}", answer.status, answer.text);
    }
}

#[test]
fn pages_carry_no_inline_script_or_style() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    browser.join("Света");
    for page in [
        "/",
        "/card",
        "/points",
        "/offers",
        "/profile",
        "/consents",
        "/settings",
        "/rules",
    ] {
        let html = browser.get(page).text;
        assert!(!html.contains(" style=\""), "{page}");
        assert!(!html.contains("<style"), "{page}");
        let inline = html
            .match_indices("<script")
            .any(|(at, _)| !html[at..html[at..].find('>').unwrap() + at].contains("src="));
        assert!(!inline, "{page}");
        assert!(!html.contains(" onclick="), "{page}");
    }
}

#[test]
fn who_connects_and_says_nothing_or_half_a_word_is_not_waited_for() {
    let place = Arc::new(Place::new());
    let demo = Demo::start_with(place, &["--head-seconds", "1"]);
    let address = demo.url.strip_prefix("http://").unwrap();
    for word in ["", "P", "POST /pos/v1/receipts HTTP/1.1\r\nHo"] {
        let mut silent = TcpStream::connect(address).unwrap();
        silent.write_all(word.as_bytes()).unwrap();
        silent
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut answer = Vec::new();
        let since = Instant::now();
        // It is closed, with an answer or without.
        silent.read_to_end(&mut answer).unwrap();
        assert!(since.elapsed() < Duration::from_secs(30), "{word:?}");
    }
}

#[test]
fn an_open_stream_does_not_keep_the_service_from_stopping() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let address = demo.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "GET /card/live HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\r\n",
        shopper.cookie_header()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut first = [0_u8; 16];
    stream.read_exact(&mut first).unwrap();
    assert!(first.starts_with(b"HTTP/1.1 200"));
    let status = demo.stop(Duration::from_secs(60));
    assert!(status.unwrap().success());
}
