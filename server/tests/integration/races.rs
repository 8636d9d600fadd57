//! Sixty-four tills at once over HTTP, at two processes where the engine allows that: nothing is spent, given or taken
//! back twice, and nothing is lost. Races within one process are in the core's own tests.

use std::sync::{Arc, Barrier};

use crate::support::browser::Browser;
use crate::support::{Answer, Demo, Place, place, rules, sale, store};
use serde_json::{Value, json};

const MANY: usize = 64;

/// Two processes over one PostgreSQL database; over SQLite, one.
fn processes() -> Vec<Demo> {
    let data = Arc::new(Place::new());
    let count = if place::engine() == "sqlite" { 1 } else { 2 };
    (0..count)
        .map(|_| Demo::start_in(Arc::clone(&data)))
        .collect()
}

/// Everybody calls at the same moment, each at the next process; a call that others were in the way of is repeated.
fn at_once(demos: &[Demo], call: impl Fn(&Demo, usize) -> Answer + Sync) -> Vec<Answer> {
    let start = Barrier::new(MANY);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..MANY)
            .map(|n| {
                let (demo, start, call) = (&demos[n % demos.len()], &start, &call);
                scope.spawn(move || {
                    start.wait();
                    loop {
                        let answer = call(demo, n);
                        if answer.status != 409 || answer.problem() != "busy" {
                            return answer;
                        }
                    }
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|each| each.join().unwrap())
            .collect()
    })
}

fn number(answer: &Answer, part: &str) -> i64 {
    answer.json()[part].as_i64().unwrap()
}

fn stored(answers: &[Answer]) -> Vec<&Answer> {
    answers
        .iter()
        .filter(|answer| answer.status == 201)
        .collect()
}

/// Every answer is a stored receipt, or this problem.
fn others_are(answers: &[Answer], status: u16, problem: &str) {
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, problem),
            "{}",
            answer.text
        );
    }
}

/// A new member's code, after a first purchase that is too small for the offer of first purchases.
fn member(demo: &Demo, name: &str) -> String {
    let mut shopper = Browser::new(demo);
    shopper.join(name);
    let card = shopper.key().fixed();
    let first = demo.commit(&format!("first-{card}"), &sale(&card, 10));
    assert_eq!(first.status, 201, "{}", first.text);
    card
}

/// What each process says that the member has; all say the same.
fn points(demos: &[Demo], card: &str) -> i64 {
    let seen: Vec<i64> = demos
        .iter()
        .map(|demo| {
            number(
                &demo.pos("members/lookup", None, &json!({"code": card})),
                "points",
            )
        })
        .collect();
    assert!(seen.iter().all(|points| *points == seen[0]), "{seen:?}");
    seen[0]
}

fn adds_up(demos: &[Demo]) {
    let checked = demos[0].check();
    assert!(checked.status.success(), "{checked:?}");
}

#[test]
fn the_same_hundred_points_are_spent_once() {
    let demos = processes();
    rules::put_in_force(&demos[0], &[rules::FIXED_SPENDS], "");
    let card = member(&demos[0], "Вера");
    demos[0].commit("earn", &sale(&card, 4_000));
    assert_eq!(points(&demos, &card), 120, "3 % of 4 000 ₽");
    let answers = at_once(&demos, |demo, n| {
        let mut body = sale(&card, 200);
        body["spend"] = json!(100);
        demo.commit(&format!("spend-{n}"), &body)
    });
    assert_eq!(stored(&answers).len(), 1);
    others_are(&answers, 422, "too-many-points");
    assert_eq!(points(&demos, &card), 120 - 100 + 3);
    adds_up(&demos);
}

#[test]
fn earning_and_spending_of_one_member_lose_nothing() {
    let demos = processes();
    rules::put_in_force(&demos[0], &[rules::FIXED_SPENDS], "");
    let card = member(&demos[0], "Глеб");
    let before = points(&demos, &card);
    let answers = at_once(&demos, |demo, n| {
        let mut body = sale(&card, 1_000);
        if n % 4 > 1 {
            body["spend"] = json!("all");
        }
        demo.commit(&format!("sale-{n}"), &body)
    });
    assert_eq!(stored(&answers).len(), MANY);
    let sum = |part| {
        answers
            .iter()
            .map(|answer| number(answer, part))
            .sum::<i64>()
    };
    let (earned, spent) = (sum("earned"), sum("spent"));
    assert!(spent > 0);
    assert_eq!(points(&demos, &card), before + earned - spent);
    let mut numbers: Vec<Value> = answers
        .iter()
        .map(|answer| answer.json()["number"].clone())
        .collect();
    numbers.sort_by_key(Value::to_string);
    numbers.dedup();
    assert_eq!(numbers.len(), MANY, "each receipt has a number of its own");
    adds_up(&demos);
}

/// An offer of 30 points a time, 300 in all.
const BUDGET: &str = r#"
[[offers]]
id = "race"
title = { ru = "Гонка, тест", en = "Race, test" }
text = { ru = "Пока есть баллы", en = "While points last" }
benefit = { kind = "fixed_points", points = 30 }
conditions = { items = [{ categories = ["kids"] }] }
limits = { points_budget = 300 }
"#;

/// Points that a receipt got by the offer.
fn given(answer: &Answer) -> i64 {
    let receipt = answer.json();
    let used = receipt["offers_used"].as_array().unwrap();
    used.iter()
        .filter(|used| used["offer"] == "race")
        .map(|used| used["points"].as_i64().unwrap())
        .sum()
}

#[test]
fn a_budget_is_given_out_whole_and_never_overdrawn() {
    let demos = processes();
    rules::put_in_force(&demos[0], &[], BUDGET);
    let cards: Vec<String> = (0..8).map(|_| member(&demos[0], "Дина")).collect();
    let before: i64 = cards.iter().map(|card| points(&demos, card)).sum();
    let body = |n: usize| {
        let mut body = sale(&cards[n % cards.len()], 100);
        body["lines"][0]["category"] = json!("kids");
        body
    };
    let answers = at_once(&demos, |demo, n| {
        demo.commit(&format!("kids-{n}"), &body(n))
    });
    assert_eq!(
        stored(&answers).len(),
        MANY,
        "the sale goes on without the offer"
    );
    assert_eq!(answers.iter().map(given).sum::<i64>(), 300);
    let totals = "SELECT points FROM offer_totals WHERE offer = 'race'";
    assert_eq!(store::number(&demos[0], totals), 300);
    let earned: i64 = answers.iter().map(|answer| number(answer, "earned")).sum();
    let after: i64 = cards.iter().map(|card| points(&demos, card)).sum();
    assert_eq!(after, before + earned);

    // What a return sets free is given again, once.
    let lucky = answers
        .iter()
        .find(|answer| given(answer) == 30)
        .unwrap()
        .json();
    let path = format!("receipts/{}/returns", lucky["id"].as_str().unwrap());
    let back = json!({"lines": [{"position": 0, "quantity": 1000}]});
    assert_eq!(demos[0].pos(&path, Some("back"), &back).status, 201);
    assert_eq!(store::number(&demos[0], totals), 270);
    let answers = at_once(&demos, |demo, n| {
        demo.commit(&format!("more-{n}"), &body(n))
    });
    assert_eq!(answers.iter().map(given).sum::<i64>(), 30);
    assert_eq!(store::number(&demos[0], totals), 300);
    adds_up(&demos);
}

#[test]
fn the_same_goods_go_back_once() {
    let demos = processes();
    let card = member(&demos[0], "Ева");
    let before = points(&demos, &card);
    let sold = demos[0].commit("sale", &sale(&card, 1_000)).json();
    let path = format!("receipts/{}/returns", sold["id"].as_str().unwrap());
    let back = json!({"lines": [{"position": 0, "quantity": 1000}]});
    let answers = at_once(&demos, |demo, n| {
        demo.pos(&path, Some(&format!("back-{n}")), &back)
    });
    assert_eq!(stored(&answers).len(), 1);
    others_are(&answers, 422, "invalid");
    assert_eq!(points(&demos, &card), before);
    adds_up(&demos);
}

#[test]
fn one_number_under_many_keys_makes_one_receipt_that_the_others_are_told() {
    let demos = processes();
    let card = member(&demos[0], "Жанна");
    let answers = at_once(&demos, |demo, n| {
        let mut body = sale(&card, 1_000);
        (body["shift"], body["number"]) = (json!("7"), json!("42"));
        demo.commit(&format!("key-{n}"), &body)
    });
    let first = stored(&answers);
    assert_eq!(first.len(), 1);
    others_are(&answers, 409, "receipt-exists");
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        assert_eq!(answer.json()["receipt"], first[0].json()["id"]);
    }
    adds_up(&demos);
}
