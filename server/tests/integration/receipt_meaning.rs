//! An idempotency key compares what a body means. Keys that were answered before that are compared by bytes, as they were.

use std::sync::Arc;

use crate::spelling::{Dice, spelled, with_defaults};
use crate::support::raw::{JSON, Raw, Wire, authorization};
use crate::support::{Demo, sale, store};
use serde_json::{Map, Value, json};

/// Posts a text as it is.
fn post(demo: &Demo, path: &str, key: &str, body: &str) -> Raw {
    let (authorization, length) = (authorization(), body.len().to_string());
    let mut wire = Wire::to(&demo.url);
    wire.head(
        &format!("POST /pos/v1/{path}"),
        &[
            ("authorization", &authorization),
            ("content-length", &length),
            ("idempotency-key", key),
            JSON,
        ],
    );
    wire.bytes(body.as_bytes());
    wire.answer()
}

fn stored(answer: &Raw) -> String {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body.clone()
}

fn is_reused(answer: &Raw, what: &str) {
    assert_eq!(answer.status, 422, "{what}: {answer:?}");
    assert_eq!(answer.problem(), "key-reused", "{what}");
}

/// A receipt's own identity and time, each at random or not at all.
fn own(round: usize, dice: &mut Dice) -> Map<String, Value> {
    let mut own = Map::new();
    if dice.flip() {
        own.insert("series".to_owned(), json!(format!("ФН {}", dice.roll(3))));
    }
    if dice.flip() {
        own.insert("shift".to_owned(), json!(dice.roll(3).to_string()));
    }
    if dice.flip() {
        own.insert("number".to_owned(), json!(format!("n-{round}")));
    }
    if dice.flip() {
        own.insert("at".to_owned(), json!(chrono::Utc::now().to_rfc3339()));
    }
    own
}

fn random_sale(round: usize, dice: &mut Dice) -> Value {
    let lines: Vec<Value> = (0..=dice.roll(3))
        .map(|line| {
            let category = ["", "grocery"][dice.roll(2)];
            json!({
                "sku": format!("{line}"), "name": "Кофе \"Утро\" 🙂", "category": category,
                "quantity": 1000 * (1 + dice.roll(4)), "amount": 1 + dice.roll(100_000),
            })
        })
        .collect();
    let mut body = own(round, dice);
    body.insert("lines".to_owned(), json!(lines));
    Value::Object(body)
}

/// The same receipt with one thing changed that matters.
fn changed(body: &Value, dice: &mut Dice) -> Value {
    let mut body = body.clone();
    let other = |value: Option<&Value>| match value.and_then(Value::as_str) {
        Some(text) => json!(format!("{text}1")),
        None => json!("other"),
    };
    match dice.roll(7) {
        0 => body["series"] = other(body.get("series")),
        1 => body["shift"] = other(body.get("shift")),
        2 => body["number"] = other(body.get("number")),
        3 => body["at"] = json!((chrono::Utc::now() - chrono::Duration::minutes(1)).to_rfc3339()),
        4 => {
            let quantity = body["lines"][0]["quantity"].as_i64().unwrap();
            body["lines"][0]["quantity"] = json!(quantity + 1);
        }
        5 => {
            let first = body["lines"][0].clone();
            body["lines"].as_array_mut().unwrap().push(first);
        }
        _ => {
            let lines = body["lines"].as_array_mut().unwrap();
            let last = lines.last_mut().unwrap();
            let field = if last.get("amount").is_some() {
                "amount"
            } else {
                "quantity"
            };
            last[field] = json!(last[field].as_i64().unwrap() + 1);
        }
    }
    body
}

fn null() -> Vec<Value> {
    vec![Value::Null]
}

#[test]
fn a_sale_in_any_spelling_gets_its_answer_again_and_any_other_meaning_is_refused() {
    let demo = Demo::start();
    let mut dice = Dice(20_261_129);
    let (null, series) = (null(), [Value::Null, json!("")]);
    let spend = [Value::Null, json!("none"), json!(0)];
    let defaults: [(&str, &[Value]); 7] = [
        ("visit", &null),
        ("code", &null),
        ("series", &series),
        ("shift", &null),
        ("number", &null),
        ("at", &null),
        ("spend", &spend),
    ];
    for round in 0..80 {
        let (body, key) = (random_sale(round, &mut dice), format!("sale-{round}"));
        let spell = |body: &Value, dice: &mut Dice| {
            let body = with_defaults(body, &defaults, dice);
            spelled(&body, dice)
        };
        let first = spell(&body, &mut dice);
        let answer = stored(&post(&demo, "receipts", &key, &first));
        for _ in 0..3 {
            let again = spell(&body, &mut dice);
            assert_eq!(
                stored(&post(&demo, "receipts", &key, &again)),
                answer,
                "{first} and {again}"
            );
        }
        // In a batch too.
        let batch = format!(
            "{{\"items\":[{{\"key\":\"{key}\",\"receipt\":{}}}]}}",
            spell(&body, &mut dice)
        );
        let batched = post(&demo, "receipts/batch", &key, &batch);
        assert_eq!(
            batched.json()["results"][0]["status"],
            200,
            "{batch}: {}",
            batched.body
        );
        assert!(batched.body.contains(&answer));
        let other = spell(&changed(&body, &mut dice), &mut dice);
        is_reused(
            &post(&demo, "receipts", &key, &other),
            &format!("{first} and {other}"),
        );
        let mut spends = body.clone();
        spends["spend"] = if dice.flip() { json!("all") } else { json!(1) };
        is_reused(
            &post(&demo, "receipts", &key, &spends.to_string()),
            "it spends",
        );
    }
    assert!(demo.check().status.success());
}

#[test]
fn a_return_in_any_spelling_gets_its_answer_again_and_any_other_meaning_is_refused() {
    let demo = Demo::start();
    let mut dice = Dice(11_292_026);
    let (null, series) = (null(), [Value::Null, json!("")]);
    let defaults: [(&str, &[Value]); 4] = [
        ("series", &series),
        ("shift", &null),
        ("number", &null),
        ("at", &null),
    ];
    for round in 0..40 {
        let sold =
            json!({"shift": "s", "number": format!("{round}"), "lines": sale("", 100)["lines"]});
        let sold = demo.commit(&format!("sold-{round}"), &sold).json();
        let id = sold["id"].as_str().unwrap();
        let mut body = own(round, &mut dice);
        body.insert(
            "lines".to_owned(),
            json!([{"position": 0, "quantity": 1 + dice.roll(1000)}]),
        );
        let mut body = Value::Object(body);
        let named = dice.flip();
        let path = if named {
            body["sale"] = json!({"shift": "s", "number": format!("{round}")});
            "receipts/returns".to_owned()
        } else {
            format!("receipts/{id}/returns")
        };
        let key = format!("return-{round}");
        let spell = |body: &Value, dice: &mut Dice| {
            let mut body = with_defaults(body, &defaults, dice);
            if named && dice.flip() {
                body["sale"]["series"] = series[dice.roll(2)].clone();
            }
            spelled(&body, dice)
        };
        let first = spell(&body, &mut dice);
        let answer = stored(&post(&demo, &path, &key, &first));
        for _ in 0..3 {
            let again = spell(&body, &mut dice);
            assert_eq!(
                stored(&post(&demo, &path, &key, &again)),
                answer,
                "{first} and {again}"
            );
        }
        let other = spell(&changed(&body, &mut dice), &mut dice);
        is_reused(
            &post(&demo, &path, &key, &other),
            &format!("{first} and {other}"),
        );
        is_reused(
            &post(
                &demo,
                "receipts",
                &key,
                &random_sale(round, &mut dice).to_string(),
            ),
            "a sale",
        );
    }
    assert!(demo.check().status.success());
}

#[test]
fn meanings_are_compared_across_a_restart_and_while_a_receipt_waits() {
    let demo = Demo::start();
    let later = chrono::Utc::now() + chrono::Duration::hours(1);
    let waiting = json!({"shift": "1", "number": "1", "at": later.to_rfc3339(), "lines": sale("", 100)["lines"]});
    let parked = post(&demo, "receipts", "waits", &waiting.to_string());
    assert_eq!(parked.status, 202, "{parked:?}");
    let early = json!({"sale": {"shift": "1", "number": "awaited"}, "lines": [{"position": 0, "quantity": 1000}]});
    let early_answer = post(&demo, "receipts/returns", "early", &early.to_string());
    assert_eq!(early_answer.status, 202, "{early_answer:?}");
    let sold = json!({"lines": sale("", 100)["lines"], "shift": "1"});
    let answer = stored(&post(&demo, "receipts", "sold", &sold.to_string()));

    let demo = Demo::start_in(demo.kill());
    let mut dice = Dice(7);
    for _ in 0..5 {
        assert_eq!(
            stored(&post(&demo, "receipts", "sold", &spelled(&sold, &mut dice))),
            answer
        );
        let again = post(&demo, "receipts", "waits", &spelled(&waiting, &mut dice));
        assert_eq!((again.status, &again.body), (202, &parked.body));
        let again = post(
            &demo,
            "receipts/returns",
            "early",
            &spelled(&early, &mut dice),
        );
        assert_eq!((again.status, &again.body), (202, &early_answer.body));
    }
    for (path, key, body) in [
        ("receipts", "waits", &waiting),
        ("receipts/returns", "early", &early),
        ("receipts", "sold", &sold),
    ] {
        let mut other = body.clone();
        other["series"] = json!("1");
        is_reused(&post(&demo, path, key, &other.to_string()), key);
    }
    let _: Arc<_> = demo.kill();
}

#[test]
fn a_key_that_was_answered_by_bytes_is_compared_by_bytes() {
    let demo = Demo::start();
    let sold = json!({"shift": "1", "number": "1", "lines": sale("", 100)["lines"]});
    let sale_text = sold.to_string();
    let answer = stored(&post(&demo, "receipts", "sold", &sale_text));
    store::answered_by_bytes(&demo, "sold", sale_text.as_bytes());
    assert_eq!(stored(&post(&demo, "receipts", "sold", &sale_text)), answer);
    let batch = format!("{{\"items\":[{{\"key\":\"sold\",\"receipt\":{sale_text}}}]}}");
    let batched = post(&demo, "receipts/batch", "batch", &batch).json();
    assert_eq!(batched["results"][0]["status"], 200, "{batched}");
    let other = json!({"shift": "1", "number": "1", "lines": sale("", 200)["lines"]});
    is_reused(
        &post(&demo, "receipts", "sold", &other.to_string()),
        "another sale",
    );
    is_reused(
        &post(&demo, "receipts", "sold", &format!("{sale_text} ")),
        "as it was then",
    );

    let id = serde_json::from_str::<Value>(&answer).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("receipts/{id}/returns");
    let back = json!({"shift": "1", "number": "2", "lines": [{"position": 0, "quantity": 500}]})
        .to_string();
    let returned = stored(&post(&demo, &path, "back", &back));
    store::answered_by_bytes(&demo, "back", format!("{id}{back}").as_bytes());
    assert_eq!(stored(&post(&demo, &path, "back", &back)), returned);
    is_reused(
        &post(&demo, &path, "back", &format!(" {back}")),
        "as it was then",
    );

    let later = chrono::Utc::now() + chrono::Duration::hours(1);
    let waits = json!({"at": later.to_rfc3339(), "lines": sale("", 100)["lines"]}).to_string();
    let parked = post(&demo, "receipts", "waits", &waits);
    store::answered_by_bytes(&demo, "waits", waits.as_bytes());
    let again = post(&demo, "receipts", "waits", &waits);
    assert_eq!((again.status, &again.body), (202, &parked.body));
    is_reused(
        &post(&demo, "receipts", "waits", &format!("{waits} ")),
        "as it was then",
    );
}
