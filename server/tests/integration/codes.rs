//! What is scanned at a till: each wrong code is told apart, each look-up shows no more than a cashier may see.

use crate::support::browser::Browser;
use crate::support::raw::{Wire, authorization};
use crate::support::{Answer, Demo, agent, post, sale, store};
use serde_json::{Value, json};

#[test]
fn a_code_is_good_for_its_half_minute_and_the_ones_beside_it() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Зоя");
    let key = shopper.key();
    for seconds in [-29, 0, 29] {
        let found = demo.pos("members/lookup", None, &json!({"code": key.code(seconds)}));
        assert_eq!(found.status, 200, "{seconds}: {}", found.text);
    }
    let stale = demo.pos("members/lookup", None, &json!({"code": key.code(-75)}));
    assert_eq!(
        (stale.status, stale.problem().as_str()),
        (422, "code-stale")
    );
    // Older codes, made-up ones and those of cards that do not exist are answered alike.
    let made_up = format!("71{}00000000", key.number);
    let of_nobody = "71123456781234567012345678".to_owned();
    let answers = [key.code(-600), made_up, of_nobody].map(|code| {
        let wrong = demo.pos("members/lookup", None, &json!({"code": code}));
        assert_eq!(
            (wrong.status, wrong.problem().as_str()),
            (422, "code-wrong"),
            "{code}"
        );
        let mut problem = wrong.json();
        problem.as_object_mut().unwrap().remove("instance");
        problem
    });
    assert!(answers.iter().all(|answer| answer == &answers[0]));
}

#[test]
fn an_old_code_spends_nothing_whatever_time_its_receipt_tells() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Вера");
    let key = shopper.key();
    demo.commit("earn", &sale(&key.fixed(), 10_000));
    for (name, age) in [("a", 95), ("b", 1_800), ("c", 21_600), ("d", 2_592_000)] {
        let made = chrono::Utc::now() - chrono::TimeDelta::seconds(age);
        let mut body = sale(&key.code(-age), 1_000);
        body["at"] = json!(made.to_rfc3339());
        body["spend"] = json!(50);
        let spends = demo.commit(name, &body);
        assert_eq!(spends.status, 422, "{age}: {}", spends.text);
        body["spend"] = json!("none");
        let earns = demo.commit(&format!("{name}-earns"), &body);
        assert_eq!(earns.status, 201, "{age}: {}", earns.text);
    }
    assert!(demo.check().status.success());
}

/// The key of a second till of the demo.
fn second_till(demo: &Demo) -> String {
    let added = demo.run(&["till", "add", "Касса 9", "--store", "park"]);
    String::from_utf8(added.stdout).unwrap().trim().to_owned()
}

fn at_till(demo: &Demo, till_key: &str, path: &str, key: Option<&str>, body: &Value) -> Answer {
    post(&agent(), &demo.url, till_key, path, key, body).unwrap()
}

#[test]
fn a_code_that_earned_spends_nowhere_and_the_till_hears_it_at_the_look_up() {
    let demo = Demo::start();
    let other = second_till(&demo);
    let mut shopper = Browser::new(&demo);
    shopper.join("Лия");
    let key = shopper.key();
    demo.commit("points", &sale(&key.fixed(), 10_000));
    let code = key.code(0);
    let look_up = || demo.pos("members/lookup", None, &json!({"code": code}));
    let found = look_up().json();
    assert_eq!(
        (&found["may_spend"], &found["needs_new_code"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(demo.commit("earns", &sale(&code, 1_000)).status, 201);
    let found = look_up().json();
    assert_eq!(
        (&found["may_spend"], &found["needs_new_code"]),
        (&json!(false), &json!(true))
    );
    let mut spends = sale(&code, 1_000);
    spends["spend"] = json!(50);
    for refused in [
        demo.commit("spends", &spends),
        demo.pos("receipts/quote", None, &spends),
        at_till(&demo, &other, "receipts", Some("spends"), &spends),
        at_till(
            &demo,
            &other,
            "receipts",
            Some("earns"),
            &sale(&code, 1_000),
        ),
        at_till(
            &demo,
            &other,
            "members/lookup",
            None,
            &json!({"code": code}),
        ),
    ] {
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "code-already-spent")
        );
    }
    assert_eq!(demo.commit("again", &sale(&code, 1_000)).status, 201);
    // A sale that the other till kept without a link is not lost.
    let late = json!({"items": [{"key": "late", "receipt": sale(&code, 1_000)}]});
    let late = at_till(&demo, &other, "receipts/batch", None, &late).json();
    assert_eq!(late["results"][0]["status"], 201, "{late}");
    assert!(late["results"][0]["receipt"]["earned"].as_i64().unwrap() > 0);
    assert!(demo.check().status.success());
}

#[test]
fn two_tills_that_spend_with_one_code_at_once_spend_once() {
    let demo = std::sync::Arc::new(Demo::start());
    let keys = [crate::support::TILL_KEY.to_owned(), second_till(&demo)];
    let mut shopper = Browser::new(&demo);
    shopper.join("Майя");
    let key = shopper.key();
    demo.commit("points", &sale(&key.fixed(), 10_000));
    let mut body = sale(&key.code(0), 1_000);
    body["spend"] = json!(10);
    let threads: Vec<_> = (0..16)
        .map(|n| {
            let (demo, till, body) = (demo.clone(), keys[n % 2].clone(), body.clone());
            let name = format!("at-once-{n}");
            std::thread::spawn(move || at_till(&demo, &till, "receipts", Some(&name), &body).status)
        })
        .collect();
    let mut statuses: Vec<u16> = threads
        .into_iter()
        .map(|each| each.join().unwrap())
        .collect();
    statuses.sort_unstable();
    let mut expected = vec![409; 15];
    expected.insert(0, 201);
    assert_eq!(statuses, expected);
}

#[test]
fn after_five_wrong_codes_a_till_waits_in_every_call_and_other_tills_do_not() {
    let demo = Demo::start();
    let other = second_till(&demo);
    let mut shopper = Browser::new(&demo);
    shopper.join("Нина");
    let card = shopper.key().fixed();
    let unknown = |n: u64| {
        let number = kopilka_core::domain::card::CardNumber::from_random(900_000 + n);
        format!("70{number}")
    };
    let items: Vec<Value> = (0..7)
        .map(|n| json!({"key": format!("item-{n}"), "receipt": sale(&unknown(n), 100)}))
        .collect();
    let batch = demo
        .pos("receipts/batch", None, &json!({"items": items}))
        .json();
    let statuses: Vec<u64> = batch["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [404, 404, 404, 404, 404, 429, 429]);
    for (position, waits) in [(4, false), (5, true)] {
        let seconds = batch["results"][position]["problem"]["retry_after"].as_u64();
        assert_eq!(seconds.is_some_and(|n| (1..=60).contains(&n)), waits);
    }
    for (path, key, body) in [
        ("members/lookup", None, json!({"code": card})),
        ("receipts/quote", None, sale(&card, 100)),
        ("receipts", Some("waits"), sale(&card, 100)),
    ] {
        let waits = demo.pos(path, key, &body);
        assert_eq!(
            (waits.status, waits.problem().as_str()),
            (429, "too-many-wrong-codes"),
            "{path}"
        );
        assert!(waits.json()["retry_after"].as_u64().is_some(), "{path}");
    }
    let mut wire = Wire::to(&demo.url);
    let body = json!({"code": card}).to_string();
    let (length, authorization) = (body.len().to_string(), authorization());
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
        ("content-length", length.as_str()),
    ];
    wire.head("POST /pos/v1/members/lookup", &headers);
    wire.bytes(body.as_bytes());
    let seconds = wire.answer().header("retry-after").map(str::to_owned);
    assert!((1..=60).contains(&seconds.unwrap().parse::<u64>().unwrap()));
    let mut without_card = sale("", 100);
    without_card.as_object_mut().unwrap().remove("code");
    assert_eq!(demo.commit("without-card", &without_card).status, 201);
    let elsewhere = at_till(
        &demo,
        &other,
        "members/lookup",
        None,
        &json!({"code": card}),
    );
    assert_eq!(elsewhere.status, 200);
    let lines = demo.run(&["audit", "--since", "1h"]);
    assert!(
        String::from_utf8(lines.stdout)
            .unwrap()
            .contains("too-many-wrong-codes")
    );
    store::change(&demo, "UPDATE wrong_codes SET at = at - 60000000");
    let found = demo.pos("members/lookup", None, &json!({"code": card}));
    assert_eq!(found.status, 200);
}

#[test]
fn the_browser_till_waits_too_at_the_sale_and_at_the_return() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Олеся");
    let card = shopper.key().fixed();
    let mut cashier = Browser::new(&demo);
    let fields = [("login", "kassir"), ("password", "kassir-of-the-demo")];
    cashier.accept("till/sign-in", &fields);
    for endpoint in [
        "till/scan",
        "till/return-card",
        "till/scan",
        "till/return-card",
        "till/scan",
    ] {
        let unknown = cashier.ask(endpoint, &[("code", "701234567812345670")]);
        assert_eq!(unknown.status, 404, "{endpoint}");
    }
    for endpoint in ["till/scan", "till/return-card"] {
        let response = agent()
            .post(format!("{}/api/{endpoint}", demo.url))
            .header("cookie", cashier.cookie_header())
            .header("prefer", "return=representation")
            .header("sec-fetch-site", "same-origin")
            .send_form([("code", card.as_str())])
            .unwrap();
        assert_eq!(response.status().as_u16(), 429, "{endpoint}");
        let seconds = response.headers()["retry-after"].to_str().unwrap();
        assert!(
            (1..=60).contains(&seconds.parse::<u64>().unwrap()),
            "{endpoint}"
        );
    }
}

#[test]
fn each_wrong_scan_says_what_is_wrong_with_it() {
    let demo = Demo::start();
    for (scan, problem) in [
        ("", "scan-empty"),
        ("hello", "scan-not-digits"),
        ("7112", "scan-wrong-length"),
        ("991234567812345670", "scan-other-scheme"),
        ("701234567812345678", "scan-check-digit"),
        ("701234567812345670", "card-unknown"),
    ] {
        let answer = demo.pos("members/lookup", None, &json!({"code": scan}));
        assert!((400..500).contains(&answer.status), "{scan}");
        assert_eq!(answer.problem(), problem, "{scan}");
    }
}

#[test]
fn a_new_secret_ends_the_codes_of_the_old_one_after_two_steps() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Инна");
    let old = shopper.key();
    let new = shopper.key();
    let look_up = |code: &str| demo.pos("members/lookup", None, &json!({"code": code}));
    for key in [&old, &new] {
        assert_eq!(look_up(&key.code(0)).status, 200);
    }
    let aged = "UPDATE former_secrets SET replaced_at = replaced_at - 60000000";
    assert!(store::change(&demo, aged) > 0);
    assert_eq!(look_up(&old.code(0)).problem(), "code-wrong");
    assert_eq!(look_up(&new.code(0)).status, 200);
}

#[test]
fn signing_out_ends_the_device_s_codes() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Кира");
    let key = shopper.key();
    shopper.post("sign-out", &[]);
    let refused = demo.pos("members/lookup", None, &json!({"code": key.code(0)}));
    assert_eq!(refused.problem(), "code-wrong");
    assert_eq!(shopper.get("/card").location, "/sign-in");
}

#[test]
fn a_cashier_sees_no_phone_birth_date_or_children() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    let phone = shopper.join("Лада");
    let birth = [
        ("birth_day", "17"),
        ("birth_month", "марта"),
        ("birth_year", "1987"),
    ];
    shopper.post("profile/birth", &birth);
    let key = shopper.key();
    let found = demo.pos("members/lookup", None, &json!({"code": key.code(0)}));
    assert_eq!(found.status, 200);
    for secret in [
        &phone[2..],
        "1987",
        "17.03",
        "birth_year",
        "phone",
        "children",
    ] {
        assert!(!found.text.contains(secret), "{secret} in {}", found.text);
    }
}

#[test]
fn a_till_without_a_key_or_with_an_ended_one_is_not_served() {
    let demo = Demo::start();
    let added = demo.run(&["till", "add", "Касса 9", "--store", "park"]);
    let key = String::from_utf8(added.stdout).unwrap().trim().to_owned();
    let call = |key: &str| {
        ureq::Agent::from(
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .build(),
        )
        .post(format!("{}/pos/v1/members/lookup", demo.url))
        .header("authorization", format!("Bearer {key}"))
        .send_json(json!({"code": "701234567812345670"}))
        .unwrap()
        .status()
        .as_u16()
    };
    assert_eq!(call("nonsense"), 401);
    assert_eq!(call(&key), 404, "served: the card is unknown");
    demo.run(&["till", "revoke", "Касса 9"]);
    assert_eq!(call(&key), 401);
}
