//! What is the same on every machine and decides what pages and calls cost: how often each goes to the database and back, and
//! how many bytes a page has. A number that becomes better is written down here, so that it stays so.

use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::place::engine;
use crate::support::{Demo, agent, sale};

/// The demo's member with two years of receipts.
const PHONE: &str = "+79000000001";
const CASHIER: [(&str, &str); 2] = [("login", "kassir"), ("password", "kassir-of-the-demo")];
/// Loads of a page, of which the cheapest counts: jobs go to the database too, and first loads prepare what is kept.
const TIMES: usize = 5;

/// Statements that SQLite is asked to run, and ways to PostgreSQL and back, with the beginnings and ends of transactions.
type Trips = (u64, u64);

/// Pages of whoever is not signed in, of the member, and of the cashier, with the most bytes of their HTML, plain and with brotli.
const PAGES: [(&str, Trips, usize, usize); 16] = [
    ("/", (2, 2), 3_600, 1_400),
    ("/join", (2, 2), 2_700, 1_150),
    ("/sign-in", (2, 2), 2_400, 1_050),
    ("/rules", (6, 6), 13_400, 3_400),
    ("/help", (2, 2), 5_300, 1_950),
    ("/privacy", (2, 2), 7_000, 2_500),
    ("member /card", (11, 11), 12_400, 3_400),
    ("member /offers", (15, 15), 9_700, 2_300),
    ("member /points", (20, 20), 11_600, 2_500),
    ("member /profile", (25, 25), 11_900, 3_000),
    ("member /consents", (17, 17), 13_300, 2_700),
    ("member /settings", (19, 19), 7_500, 2_400),
    ("member /rules", (17, 17), 14_800, 3_700),
    ("cashier /till", (6, 6), 12_200, 3_400),
    ("cashier /till/return", (11, 11), 9_200, 2_600),
    ("cashier /till/report", (11, 11), 9_900, 2_600),
];

/// Forms of the browser's till and calls of the POS API.
const CALLS: [(&str, Trips); 8] = [
    ("till/scan", (14, 13)),
    ("till/quote", (8, 12)),
    ("till/post", (21, 22)),
    ("members/lookup", (11, 10)),
    ("receipts/quote", (6, 6)),
    ("receipts", (20, 17)),
    ("receipts/{id}/returns/quote", (13, 13)),
    ("receipts/{id}/returns", (35, 32)),
];

/// Ways to the database that the program has gone since it began.
fn trips(demo: &Demo) -> u64 {
    let answer = agent().get(format!("{}/metrics", demo.url)).call();
    let text = answer.unwrap().body_mut().read_to_string().unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("kopilka_database_trips_total"));
    line.unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

/// The fewest ways that the work takes, of several times.
fn fewest(demo: &Demo, work: impl FnMut(usize)) -> u64 {
    // Reading the figures goes there too.
    let reading = count(demo, |_| {});
    count(demo, work) - reading
}

fn count(demo: &Demo, mut work: impl FnMut(usize)) -> u64 {
    let counted = (0..TIMES).map(|time| {
        let before = trips(demo);
        work(time);
        trips(demo) - before
    });
    counted.min().unwrap()
}

fn of_engine(trips: Trips) -> u64 {
    if engine() == "sqlite" {
        trips.0
    } else {
        trips.1
    }
}

fn bytes(demo: &Demo, browser: &Browser<'_>, path: &str, encoding: &str) -> usize {
    let answer = agent()
        .get(format!("{}{path}", demo.url))
        .header("cookie", browser.cookie_header())
        .header("accept", "text/html")
        .header("accept-encoding", encoding)
        .call();
    let mut answer = answer.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.body_mut().read_to_vec().unwrap().len()
}

#[test]
fn pages_go_to_the_database_as_often_and_are_as_long_as_is_written_down() {
    let demo = Demo::start();
    let (visitor, mut member) = (Browser::new(&demo), Browser::new(&demo));
    member.sign_in(PHONE);
    let mut cashier = Browser::new(&demo);
    cashier.accept("till/sign-in", &CASHIER);
    let mut differ = Vec::new();
    for (page, wanted, html, brotli) in PAGES {
        let (browser, path) = match page.split_once(' ') {
            Some(("member", path)) => (&member, path),
            Some((_, path)) => (&cashier, path),
            None => (&visitor, page),
        };
        let counted = fewest(&demo, |_| {
            browser.clone().get(path);
        });
        let (plain, compressed) = (
            bytes(&demo, browser, path, "identity"),
            bytes(&demo, browser, path, "br"),
        );
        // Days have more offers or fewer, and codes other pictures.
        let fits = |seen: usize, most: usize| (most * 4 / 5..=most).contains(&seen);
        if counted != of_engine(wanted) || !fits(plain, html) || !fits(compressed, brotli) {
            differ.push(format!(
                "{page}: {counted} ways, {plain} bytes, {compressed} with brotli"
            ));
        }
    }
    assert!(differ.is_empty(), "{}:\n{}", engine(), differ.join("\n"));
}

#[test]
fn calls_go_to_the_database_as_often_as_is_written_down() {
    let demo = Demo::start();
    let mut member = Browser::new(&demo);
    member.join("Анна");
    let code = member.key().fixed();
    let mut counted = count_till_forms(&demo, &code);
    counted.extend(count_pos_calls(&demo, &code));
    let differ: Vec<String> = CALLS
        .iter()
        .zip(counted)
        .filter(|((_, wanted), counted)| of_engine(*wanted) != *counted)
        .map(|((call, _), counted)| format!("{call}: {counted} ways"))
        .collect();
    assert!(differ.is_empty(), "{}:\n{}", engine(), differ.join("\n"));
}

/// Scan, quote and post of the browser's till, each without the page that follows.
fn count_till_forms(demo: &Demo, code: &str) -> Vec<u64> {
    let mut till = Browser::new(demo);
    till.accept("till/sign-in", &CASHIER);
    let keys: Vec<String> = (0..TIMES)
        .map(|time| format!("page-costs-{time}"))
        .collect();
    let receipt = |time: usize| {
        [
            ("key", keys[time].as_str()),
            ("mode", "amount"),
            ("amount", "500"),
        ]
    };
    let scan = fewest(demo, |_| {
        till.accept("till/scan", &[("code", code)]);
    });
    let quote = fewest(demo, |time| {
        assert_eq!(till.post("till/quote", &receipt(time)).status, 303);
    });
    let post = fewest(demo, |time| {
        let to = till.accept("till/post", &receipt(time));
        assert!(to.starts_with("/till?done="), "{to}");
    });
    vec![scan, quote, post]
}

fn count_pos_calls(demo: &Demo, code: &str) -> Vec<u64> {
    let call = |path: &str, key: Option<&str>, body: &Value| {
        let answer = demo.pos(path, key, body);
        assert!(answer.status < 300, "{path}: {}", answer.text);
        answer.json()
    };
    let look_up = fewest(demo, |_| {
        call("members/lookup", None, &json!({ "code": code }));
    });
    let quote = fewest(demo, |_| {
        call("receipts/quote", None, &sale(code, 100));
    });
    let mut sales = Vec::new();
    let commit = fewest(demo, |time| {
        let key = format!("pos-costs-{time}");
        let stored = call("receipts", Some(&key), &sale(code, 100));
        sales.push(stored["id"].as_str().unwrap().to_owned());
    });
    let back = json!({ "lines": [{ "position": 0, "quantity": 1_000 }] });
    let quote_return = fewest(demo, |time| {
        call(
            &format!("receipts/{}/returns/quote", sales[time]),
            None,
            &back,
        );
    });
    let commit_return = fewest(demo, |time| {
        let key = format!("pos-costs-back-{time}");
        call(
            &format!("receipts/{}/returns", sales[time]),
            Some(&key),
            &back,
        );
    });
    vec![look_up, quote, commit, quote_return, commit_return]
}
