//! Receipts of a till by their own identity: one by its number, or a shift's in pages.

use std::collections::BTreeSet;

use super::receipt_identity::{back, sold, stored};
use crate::support::{Demo, TILL_KEY, store};
use serde_json::{Value, json};

fn list(demo: &Demo, query: &str) -> Value {
    let answer = demo.get(&format!("receipts?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// One field of each listed receipt.
fn listed(page: &Value, field: &str) -> Vec<String> {
    let receipts = page["receipts"].as_array().unwrap();
    receipts
        .iter()
        .map(|receipt| receipt[field].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_shift_is_listed_in_pages_without_gap_or_repeat_while_new_receipts_arrive() {
    let demo = Demo::start();
    let mut expected = Vec::new();
    let post = |count: usize| {
        let number = count.to_string();
        let answer = if count % 5 == 4 {
            let mut body = back(Some("fn-1"), "7", &(count - 1).to_string());
            body["series"] = json!("fn-1");
            body["shift"] = json!("7");
            body["number"] = json!(number);
            demo.pos("receipts/returns", Some(&number), &body)
        } else {
            demo.commit(&number, &sold(Some("fn-1"), "7", &number, 100))
        };
        stored(&answer)["id"].as_str().unwrap().to_owned()
    };
    for count in 0..120 {
        expected.push(post(count));
    }
    // Neighbours that the list must not show.
    stored(&demo.commit("other-shift", &sold(Some("fn-1"), "8", "1", 100)));
    stored(&demo.commit("other-series", &sold(None, "7", "1", 100)));

    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = list(&demo, &format!("series=fn-1&shift=7&limit=7{after}"));
        seen.extend(listed(&page, "id"));
        // A till goes on selling for a while.
        if expected.len() < 135 {
            expected.push(post(expected.len()));
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, expected, "every receipt once, in order");

    let page = list(&demo, "series=fn-1&shift=7");
    assert_eq!(listed(&page, "id"), expected[..50]);
    let kinds: BTreeSet<String> = listed(&page, "kind").into_iter().collect();
    assert_eq!(
        kinds,
        BTreeSet::from(["return".to_owned(), "sale".to_owned()])
    );
    let rest = list(
        &demo,
        &format!("series=fn-1&shift=7&limit=200&after={}", expected[130]),
    );
    assert_eq!(
        (listed(&rest, "id"), &rest["next"]),
        (expected[131..].to_vec(), &Value::Null)
    );
}

#[test]
fn a_receipt_is_found_by_its_number() {
    let demo = Demo::start();
    let sale = stored(&demo.commit("a", &sold(Some("fn-1"), "7", "42", 100)));
    let mut body = back(Some("fn-1"), "7", "42");
    (body["series"], body["shift"], body["number"]) = (json!("fn-1"), json!("7"), json!("42"));
    let back = stored(&demo.pos("receipts/returns", Some("b"), &body));

    let found = list(&demo, "series=fn-1&shift=7&number=42");
    assert_eq!(found["next"], Value::Null);
    let at = &found["receipts"][0]["at"];
    assert_eq!(
        found["receipts"][0],
        json!({
            "id": sale["id"], "kind": "sale", "series": "fn-1", "shift": "7", "number": "42", "at": at,
            "total": 10_000, "discount": 0, "paid_by_points": 0, "money": 10_000,
        })
    );
    let returned = &found["receipts"][1];
    assert_eq!(
        (&returned["id"], &returned["sale"]),
        (&back["id"], &sale["id"])
    );
    assert_eq!(
        (&returned["kind"], &returned["money"]),
        (&json!("return"), &json!(5_000))
    );
    for nothing in [
        "shift=7&number=42",
        "series=fn-1&shift=7&number=43",
        "series=fn-1&shift=8",
    ] {
        assert_eq!(
            list(&demo, nothing),
            json!({"receipts": [], "next": null}),
            "{nothing}"
        );
    }
}

#[test]
fn receipts_of_a_store_are_listed_for_its_tills_alone() {
    let demo = Demo::start();
    stored(&demo.commit("a", &sold(None, "7", "1", 100)));
    let id = list(&demo, "shift=7")["receipts"][0]["id"].clone();
    let tills = |args: &[&str]| {
        let output = demo.run(args);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let list_of_tills = tills(&["till", "list"]);
    let own = list_of_tills
        .lines()
        .find(|line| line.contains("\tpos\t"))
        .unwrap();
    let own: Vec<&str> = own.split('\t').collect();
    let other = store::word(
        &demo,
        "SELECT code FROM stores WHERE code <> $1 ORDER BY code",
        own[0],
    );
    let neighbour = tills(&["till", "add", "Neighbour", "--store", own[0]]);
    let stranger = tills(&["till", "add", "Stranger", "--store", &other]);
    let name = store::words(
        &demo,
        "SELECT t.name FROM tills t JOIN receipts r ON r.till_id = t.id WHERE r.shift = '7'",
    )
    .remove(0);
    let asked = |key: &str, query: &[(&str, &str)]| {
        let mut request = crate::support::agent()
            .get(format!("{}/pos/v1/receipts", demo.url))
            .header("authorization", format!("Bearer {}", key.trim()));
        for (field, value) in query {
            request = request.query(field, value);
        }
        let mut response = request.call().unwrap();
        let json: Value =
            serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
        (response.status().as_u16(), json)
    };
    let (status, page) = asked(&neighbour, &[("shift", "7"), ("till", &name)]);
    assert_eq!((status, &page["receipts"][0]["id"]), (200, &id), "{page}");
    let (_, page) = asked(&neighbour, &[("shift", "7")]);
    assert_eq!(
        page["receipts"],
        json!([]),
        "of the till that asks where none is named"
    );
    assert_eq!(asked(&stranger, &[("shift", "7"), ("till", &name)]).0, 404);
    assert_eq!(
        asked(TILL_KEY, &[("shift", "7"), ("till", "Stranger")]).0,
        404
    );
    assert_eq!(asked("wrong", &[("shift", "7")]).0, 401);
}

#[test]
fn a_search_that_cannot_be_says_which_part_is_wrong() {
    let demo = Demo::start();
    for (query, field, code) in [
        ("", "shift", "receipt-identity"),
        ("number=1", "shift", "receipt-identity"),
        ("shift=", "shift", "receipt-identity"),
        ("shift=%00", "shift", "receipt-identity"),
        ("shift=1&number=", "number", "receipt-identity"),
        ("shift=1&series=%0A", "series", "receipt-identity"),
        ("shift=1&limit=0", "limit", "limit-range"),
        ("shift=1&limit=201", "limit", "limit-range"),
        ("shift=1&limit=-1", "limit", "limit-range"),
        ("shift=1&limit=ten", "limit", "limit-range"),
        ("shift=1&after=yesterday", "after", "cursor-invalid"),
        ("shift=1&shift=2", "query", "wrong-shape"),
        ("shift=1&color=red", "query", "wrong-shape"),
    ] {
        let answer = demo.get(&format!("receipts?{query}"));
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, "invalid"),
            "{query}"
        );
        let wrong = &answer.json()["errors"][0];
        assert_eq!(
            (&wrong["field"], &wrong["code"]),
            (&json!(field), &json!(code)),
            "{query}"
        );
    }
}
