//! A receipt's own identity: series, shift, number and kind at its till. A return names its sale by it.

use crate::support::{Answer, Demo, sale};
use serde_json::{Value, json};

/// A sale of two pieces without a card.
pub fn sold(series: Option<&str>, shift: &str, number: &str, roubles: i64) -> Value {
    let mut body = json!({"shift": shift, "number": number, "lines": sale("", roubles)["lines"]});
    body["lines"][0]["quantity"] = json!(2000);
    if let Some(series) = series {
        body["series"] = json!(series);
    }
    body
}

/// A return of one piece of the sale with this identity.
pub fn back(series: Option<&str>, shift: &str, number: &str) -> Value {
    let mut named = json!({"shift": shift, "number": number});
    if let Some(series) = series {
        named["series"] = json!(series);
    }
    json!({"sale": named, "lines": [{"position": 0, "quantity": 1000}]})
}

/// Returns the receipt that was stored.
pub fn stored(answer: &Answer) -> Value {
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

#[test]
fn a_number_is_used_once_in_each_series() {
    let demo = Demo::start();
    let first = stored(&demo.commit("a", &sold(Some("fn-1"), "7", "42", 100)));
    let second = stored(&demo.commit("b", &sold(Some("fn-2"), "7", "42", 100)));
    let none = stored(&demo.commit("c", &sold(None, "7", "42", 100)));
    assert_eq!(
        (&first["series"], &second["series"]),
        (&json!("fn-1"), &json!("fn-2"))
    );
    assert_eq!(none.get("series"), None, "as answers have always been");
    let twin = demo.commit("d", &sold(Some("fn-1"), "7", "42", 200));
    assert_eq!(
        (twin.status, twin.problem().as_str()),
        (409, "receipt-exists")
    );
    assert_eq!(twin.json()["receipt"], first["id"]);
    let again = demo.stored(first["id"].as_str().unwrap()).json();
    assert_eq!(
        (&again["series"], &again["number"]),
        (&json!("fn-1"), &json!("42"))
    );

    // An empty series is none.
    let mut empty = sold(Some(""), "7", "42", 100);
    assert_eq!(stored(&demo.commit("c", &empty)), none);
    empty["number"] = json!("43");
    assert_eq!(stored(&demo.commit("e", &empty)).get("series"), None);

    for series in ["x".repeat(65), "a\nb".to_owned()] {
        let refused = demo.commit("f", &sold(Some(&series), "7", "1", 100));
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (422, "invalid")
        );
        assert_eq!(refused.json()["errors"][0]["field"], "series");
    }
    assert!(demo.check().status.success());
}

#[test]
fn numbers_that_are_given_here_start_again_in_each_series() {
    let demo = Demo::start();
    let numbered = |key: &str, series: &str| {
        let body = json!({"series": series, "shift": "1", "lines": sale("", 100)["lines"]});
        stored(&demo.commit(key, &body))["number"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let numbers = [
        numbered("a", "fn-1"),
        numbered("b", "fn-1"),
        numbered("c", "fn-2"),
        numbered("d", "fn-1"),
        numbered("e", ""),
    ];
    assert_eq!(numbers, ["1", "2", "1", "3", "1"]);
}

#[test]
fn a_return_names_its_sale_by_series_shift_and_number() {
    let demo = Demo::start();
    let first = stored(&demo.commit("a", &sold(Some("fn-1"), "7", "42", 100)));
    let none = stored(&demo.commit("b", &sold(None, "7", "42", 300)));

    let quote = demo.pos(
        "receipts/returns/quote",
        None,
        &back(Some("fn-1"), "7", "42"),
    );
    assert_eq!(quote.status, 200, "{}", quote.text);
    assert_eq!(quote.json()["refund"], 5_000);
    let mut body = back(Some("fn-1"), "7", "42");
    body["series"] = json!("fn-2");
    let returned = stored(&demo.pos("receipts/returns", Some("back"), &body));
    assert_eq!(returned["sale"], first["id"]);
    assert_eq!(
        returned["series"], "fn-2",
        "a return has a series of its own"
    );
    assert_eq!(returned["refund"], 5_000);
    let of_none = stored(&demo.pos("receipts/returns", Some("back-2"), &back(None, "7", "42")));
    assert_eq!(
        (&of_none["sale"], &of_none["refund"]),
        (&none["id"], &json!(15_000))
    );

    // By its id too, and then it is the return that the call with the id in its address stores.
    let mut by_id = body.clone();
    by_id["sale"] = first["id"].clone();
    let by_id = stored(&demo.pos("receipts/returns", Some("by-id"), &by_id));
    body.as_object_mut().unwrap().remove("sale");
    let path = format!("receipts/{}/returns", first["id"].as_str().unwrap());
    assert_eq!(stored(&demo.pos(&path, Some("by-id"), &body)), by_id);

    let unknown = demo.pos(
        "receipts/returns/quote",
        None,
        &back(Some("fn-3"), "7", "42"),
    );
    assert_eq!(
        (unknown.status, unknown.problem().as_str()),
        (404, "not-found")
    );
    let keyless = demo.pos("receipts/returns", None, &back(None, "7", "42"));
    assert_eq!(
        (keyless.status, keyless.problem().as_str()),
        (400, "key-missing")
    );
    let shapeless = demo.pos(
        "receipts/returns",
        Some("x"),
        &json!({"sale": {"shift": "7"}, "lines": []}),
    );
    assert_eq!(
        (shapeless.status, shapeless.problem().as_str()),
        (422, "invalid")
    );
    assert!(demo.check().status.success());
}

#[test]
fn a_return_waits_for_the_sale_of_its_series_and_for_no_other() {
    let demo = Demo::start();
    let alone = back(Some("fn-2"), "7", "42");
    let waits = demo.pos("receipts/returns", Some("alone"), &alone);
    assert_eq!(waits.status, 202, "{}", waits.text);
    assert_eq!(waits.json()["waits_for"], "sale");
    let mut queued = back(Some("fn-2"), "7", "42");
    queued["series"] = json!("fn-2");
    let items = json!({"items": [{"key": "queued", "return": queued}]});
    let answer = demo.pos("receipts/batch", None, &items).json();
    assert_eq!(answer["results"][0]["status"], 202, "{answer}");
    assert_eq!(answer["results"][0]["receipt"]["series"], "fn-2");

    for (key, series) in [("a", None), ("b", Some("fn-1"))] {
        stored(&demo.commit(key, &sold(series, "7", "42", 100)));
        let still = demo.pos("receipts/returns", Some("alone"), &alone);
        assert_eq!(
            (still.status, &still.text),
            (202, &waits.text),
            "{series:?}"
        );
    }
    let sale = stored(&demo.commit("c", &sold(Some("fn-2"), "7", "42", 100)));
    for key in ["alone", "queued"] {
        let body = if key == "alone" { &alone } else { &queued };
        let settled = stored(&demo.pos("receipts/returns", Some(key), body));
        assert_eq!(settled["sale"], sale["id"], "{key}");
    }
    // What is parked is unique in its series too.
    let mut ahead = sold(Some("fn-2"), "8", "1", 100);
    let later = chrono::Utc::now() + chrono::Duration::hours(1);
    ahead["at"] = json!(later.to_rfc3339());
    assert_eq!(demo.commit("ahead", &ahead).status, 202);
    let twin = demo.commit("twin", &ahead);
    assert_eq!(
        (twin.status, twin.problem().as_str()),
        (409, "receipt-parked")
    );
    ahead["series"] = json!("fn-3");
    assert_eq!(demo.commit("other", &ahead).status, 202);
    assert!(demo.check().status.success());
}
