//! Receipts over the POS API: exactly once, explained, and never more points than there are.

use std::sync::Arc;

use crate::support::browser::Browser;
use crate::support::{Demo, sale};
use serde_json::json;

#[test]
fn a_repeated_key_gets_the_stored_answer_byte_for_byte() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    let first = demo.commit("k-1", &sale(&card, 1240));
    assert_eq!(first.status, 201, "{}", first.text);
    assert_eq!(first.json()["reasons"][0]["points"], 37, "3 % of 1 240 ₽");
    let second = demo.commit("k-1", &sale(&card, 1240));
    assert_eq!((second.status, &second.text), (201, &first.text));
    assert!(demo.check().status.success());
}

#[test]
fn a_key_with_another_body_or_no_key_or_a_malformed_one_is_refused() {
    let demo = Demo::start();
    let body = json!({"lines": sale("", 100)["lines"]});
    assert_eq!(
        demo.commit("k", &body).status,
        201,
        "a sale without a card goes on"
    );
    let other = demo.commit("k", &json!({"lines": sale("", 200)["lines"]}));
    assert_eq!(
        (other.status, other.problem().as_str()),
        (422, "key-reused")
    );
    let none = demo.pos("receipts", None, &body);
    assert_eq!((none.status, none.problem().as_str()), (400, "key-missing"));
    let long = demo.commit(&"k".repeat(256), &body);
    assert_eq!(
        (long.status, long.problem().as_str()),
        (400, "key-malformed")
    );
}

#[test]
fn the_same_receipt_under_another_key_names_the_first() {
    let demo = Demo::start();
    let mut body = json!({"shift": "7", "number": "42", "lines": sale("", 100)["lines"]});
    let first = demo.commit("a", &body).json();
    body["lines"] = sale("", 200)["lines"].clone();
    let second = demo.commit("b", &body);
    assert_eq!(
        (second.status, second.problem().as_str()),
        (409, "receipt-exists")
    );
    assert_eq!(second.json()["receipt"], first["id"]);
}

#[test]
fn a_quote_stores_nothing_and_equals_the_commit() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Борис");
    let card = shopper.key().fixed();
    let quote = demo.pos("receipts/quote", None, &sale(&card, 700)).json();
    assert_eq!(
        demo.pos("receipts/quote", None, &sale(&card, 700)).json(),
        quote
    );
    let receipt = demo.commit("q", &sale(&card, 700)).json();
    for part in [
        "earned",
        "to_pay",
        "discount",
        "offers_used",
        "offers_missed",
        "lines",
    ] {
        assert_eq!(receipt[part], quote[part], "{part}");
    }
}

#[test]
fn the_same_points_spent_by_many_at_once_are_spent_once() {
    let demo = Arc::new(Demo::start());
    let mut shopper = Browser::new(&demo);
    shopper.join("Вера");
    let key = shopper.key();
    // Enough to earn: 3 % of 10 000 ₽ and the first purchase's 200.
    let earned = demo.commit("earn", &sale(&key.fixed(), 10_000)).json();
    let balance = earned["balance"].as_i64().unwrap();
    assert!(balance >= 300, "{balance}");
    let threads: Vec<_> = (0..16)
        .map(|n| {
            let demo = Arc::clone(&demo);
            // Each with another code, so that only the balance stands between them.
            let code = key.code(30 * (n % 3 - 1));
            std::thread::spawn(move || {
                let mut body = sale(&code, 10_000);
                body["spend"] = json!(balance);
                demo.commit(&format!("spend-{n}"), &body)
            })
        })
        .collect();
    let answers: Vec<_> = threads
        .into_iter()
        .map(|each| each.join().unwrap())
        .collect();
    let spent: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 201)
        .collect();
    let total: i64 = spent
        .iter()
        .map(|answer| answer.json()["spent"].as_i64().unwrap())
        .sum();
    // Each receipt earns again, so a later one may spend what an earlier one earned, but never more than came in.
    assert!(!spent.is_empty());
    assert!(
        answers
            .iter()
            .all(|answer| [201, 409, 422].contains(&answer.status))
    );
    let came_in: i64 = balance
        + spent
            .iter()
            .map(|answer| answer.json()["earned"].as_i64().unwrap())
            .sum::<i64>();
    assert!(total <= came_in, "{total} of {came_in}");
    assert!(demo.check().status.success());
}

#[test]
fn sixteen_posts_of_one_key_at_once_make_one_receipt() {
    let demo = Arc::new(Demo::start());
    let mut shopper = Browser::new(&demo);
    shopper.join("Глеб");
    let card = shopper.key().fixed();
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let (demo, card) = (Arc::clone(&demo), card.clone());
            std::thread::spawn(move || demo.commit("same", &sale(&card, 500)))
        })
        .collect();
    let answers: Vec<_> = threads
        .into_iter()
        .map(|each| each.join().unwrap())
        .collect();
    assert!(
        answers.iter().all(|answer| answer.text == answers[0].text),
        "{answers:?}"
    );
    assert_eq!(answers[0].status, 201);
}

#[test]
fn a_code_that_paid_once_pays_no_second_time() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Дина");
    let key = shopper.key();
    demo.commit("earn", &sale(&key.fixed(), 10_000));
    let code = key.code(0);
    let mut body = sale(&code, 1000);
    body["spend"] = json!(100);
    assert_eq!(demo.commit("first", &body).status, 201);
    let again = demo.commit("second", &body);
    assert_eq!(
        (again.status, again.problem().as_str()),
        (409, "code-already-spent")
    );
}

#[test]
fn the_static_code_earns_but_does_not_pay() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Ева");
    let mut body = sale(&shopper.key().fixed(), 1000);
    body["spend"] = json!("all");
    let refused = demo.commit("static", &body);
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (422, "cannot-spend")
    );
}

#[test]
fn more_points_than_may_be_spent_are_refused_naming_what_may() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Жанна");
    let key = shopper.key();
    demo.commit("earn", &sale(&key.fixed(), 10_000));
    let mut body = sale(&key.code(0), 200);
    body["spend"] = json!(150);
    let refused = demo.commit("greedy", &body);
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (422, "too-many-points")
    );
    assert_eq!(refused.json()["spendable"], 100, "half of 200 ₽");
}

#[test]
fn every_answered_receipt_survives_a_kill() {
    let mut demo = Demo::start();
    for cycle in 0..3 {
        let answered: Vec<String> = (0..5)
            .map(|n| {
                let body = json!({"lines": sale("", 100 + n)["lines"]});
                let answer = demo.commit(&format!("kill-{cycle}-{n}"), &body);
                assert_eq!(answer.status, 201);
                answer.text
            })
            .collect();
        demo = Demo::start_in(demo.kill());
        for (n, text) in (0..5).zip(answered) {
            let body = json!({"lines": sale("", 100 + n)["lines"]});
            assert_eq!(demo.commit(&format!("kill-{cycle}-{n}"), &body).text, text);
        }
    }
    assert!(demo.check().status.success());
}
