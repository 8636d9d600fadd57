//! Sales that come later than they were made: a browser that is a till with its queue, and batches of the API.

use std::process::Output;

use serde_json::{Value, json};

use super::browser::Browser;
use super::{Demo, agent, rules, sale};

pub fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A hard limit of two receipts of a card at a till in a day.
pub const HARD_LIMIT: (&str, &str) = (
    "card_receipts = { soft = 5 }",
    "card_receipts = { soft = 1, hard = 2 }",
);

/// Browser till of the demo.
pub const TILL: &str = "Касса 2";

/// A browser that is the demo's till, with its first cashier at work.
pub fn at_work<'a>(demo: &'a Demo, name: &str, pin: &str) -> Browser<'a> {
    let mut browser = Browser::new(demo);
    let code = said(&demo.run(&["till", "pair", TILL]));
    browser.accept("till/pair", &[("pairing", code.trim())]);
    come_in(&mut browser, name, pin);
    browser
}

pub fn come_in(browser: &mut Browser<'_>, name: &str, pin: &str) {
    let page = browser.get("/till").text;
    let before = &page[..page.find(name).unwrap()];
    let value = &before[before.rfind("value=\"").unwrap() + 7..];
    let who = &value[..value.find('"').unwrap()];
    let fields = [("who", who), ("pin", pin), ("next", "/till")];
    browser.accept("till/unlock", &fields);
}

/// Posts sales to the queue as the till's module does.
pub fn queue(demo: &Demo, browser: &Browser<'_>, sales: &[Value]) -> Vec<Value> {
    let mut response = agent()
        .post(format!("{}/api/till/queue", demo.url))
        .header("cookie", browser.cookie_header())
        .header("content-type", "application/json")
        .header("sec-fetch-site", "same-origin")
        .send(json!(sales).to_string())
        .unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    answer["results"].as_array().unwrap().clone()
}

/// A kept sale of a card, made so many seconds ago by this person.
pub fn kept(key: &str, card: &str, staff: &str, seconds_ago: i64) -> Value {
    json!({
        "form": [["key", key], ["mode", "amount"], ["amount", "500"], ["code", card]],
        "at": chrono::Utc::now().timestamp_millis() - seconds_ago * 1_000,
        "staff": staff,
    })
}

pub fn states(results: &[Value]) -> Vec<&str> {
    results
        .iter()
        .map(|each| each["state"].as_str().unwrap())
        .collect()
}

/// A receipt of the API's till with a number of its own, made so many seconds ago.
pub fn numbered(card: &str, number: &str, seconds_ago: i64) -> Value {
    let mut receipt = sale(card, 500);
    receipt["shift"] = json!("late");
    receipt["number"] = json!(number);
    let at = chrono::Utc::now() - chrono::Duration::seconds(seconds_ago);
    receipt["at"] = json!(at.to_rfc3339());
    receipt
}

pub fn batch(demo: &Demo, items: &[Value]) -> Vec<Value> {
    let answer = demo.pos("receipts/batch", None, &json!({"items": items}));
    answer.json()["results"].as_array().unwrap().clone()
}

pub fn statuses(results: &[Value]) -> Vec<i64> {
    results
        .iter()
        .map(|each| each["status"].as_i64().unwrap())
        .collect()
}

/// A demo with a hard limit of two receipts of a card at a till in a day, and a member's card.
pub fn limited() -> (Demo, String) {
    let demo = Demo::start();
    rules::put_in_force(&demo, &[HARD_LIMIT], "");
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    (demo, card)
}
