//! Figures for those who watch over the service: what they tell, and whom.

use std::net::TcpListener;
use std::sync::Arc;

use crate::support::browser::Browser;
use crate::support::place::Place;
use crate::support::{Demo, agent, sale};

/// Status and text that somebody with these headers is given.
fn read(demo: &Demo, headers: &[(&str, &str)]) -> (u16, String) {
    let mut request = agent().get(format!("{}/metrics", demo.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut answer = request.call().unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), text)
}

/// The value of the line that begins so.
fn value(text: &str, line: &str) -> f64 {
    text.lines()
        .find_map(|each| each.strip_prefix(line)?.trim().parse().ok())
        .expect(line)
}

#[test]
fn receipts_are_counted_by_their_answers_and_requests_by_their_routes() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    let name = "Неповторимая";
    shopper.join(name);
    let code = shopper.key().fixed();
    let key = "key-that-no-other-test-has";
    assert_eq!(demo.commit(key, &sale(&code, 100)).status, 201);
    assert_eq!(demo.commit(key, &sale(&code, 100)).status, 201);
    assert_eq!(demo.commit(key, &sale(&code, 200)).status, 422);
    let (status, text) = read(&demo, &[]);
    assert_eq!(status, 200, "{text}");
    let answered = |answer| {
        let line = format!("kopilka_receipts_total{{kind=\"sale\",answer=\"{answer}\"}}");
        value(&text, &line)
    };
    assert_eq!(answered("stored"), 1.0);
    assert_eq!(answered("repeated"), 1.0);
    assert_eq!(answered("refused"), 1.0);
    assert_eq!(answered("failed"), 0.0);
    let requests = "kopilka_http_requests_total{route=\"/pos/v1/receipts\",method=\"POST\"";
    assert_eq!(value(&text, &format!("{requests},status=\"201\"}}")), 2.0);
    let route = "kopilka_http_request_duration_seconds_count{route=\"/pos/v1/receipts\"}";
    assert_eq!(value(&text, route), 3.0);
    assert!(value(&text, "kopilka_database_connections") >= 1.0);
    assert!(text.ends_with("# EOF\n"));
    // Nothing of anybody is in it.
    for theirs in [name, code.as_str(), key] {
        assert!(!text.contains(theirs), "{theirs}");
    }
}

#[test]
fn paths_that_somebody_thinks_of_are_not_counted_apart() {
    let demo = Demo::start();
    for path in ["/wp-login.php", "/pos/v1/x", "/api/y", "/till/z"] {
        agent().get(format!("{}{path}", demo.url)).call().unwrap();
    }
    let (_, text) = read(&demo, &[]);
    for word in ["wp-login", "/pos/v1/x", "/api/y", "/till/z"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[test]
fn who_comes_through_a_proxy_finds_no_figures_where_no_token_is_set() {
    let demo = Demo::start();
    for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        let (status, text) = read(&demo, &[(header, "203.0.113.9")]);
        assert_eq!((status, text.as_str()), (404, ""), "{header}");
    }
}

#[test]
fn where_people_come_by_a_public_address_there_are_no_figures_without_a_token() {
    // A proxy would have the public address; here it is the service's own.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let address = port.unwrap().to_string();
    let public = format!("http://{address}");
    let options = ["--listen", &address, "--public-url", &public];
    let demo = Demo::start_with(Arc::new(Place::new()), &options);
    assert_eq!(read(&demo, &[]).0, 404);
}

#[test]
fn where_a_token_is_set_it_is_needed_and_enough() {
    let demo = Demo::start_with(Arc::new(Place::new()), &["--metrics-token", "geheim"]);
    assert_eq!(read(&demo, &[]).0, 404);
    let wrong = [("authorization", "Bearer gehei")];
    assert_eq!(read(&demo, &wrong).0, 404);
    let from_afar = [
        ("authorization", "Bearer geheim"),
        ("x-forwarded-for", "203.0.113.9"),
    ];
    assert_eq!(read(&demo, &from_afar).0, 200);
}

#[test]
fn jobs_tell_when_they_were_last_done() {
    let demo = Demo::start();
    // The first try begins as the service does.
    let done = || {
        let (_, text) = read(&demo, &[]);
        ["nightly", "parked", "pruning", "sealing"].map(|job| {
            ["done_timestamp", "duration"]
                .map(|figure| format!("kopilka_job_{figure}_seconds{{job=\"{job}\"}}"))
                .iter()
                .all(|line| text.contains(line))
        })
    };
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while done() != [true; 4] && std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    assert_eq!(done(), [true; 4]);
}
