//! What is scanned at a till: each wrong code is told apart, each look-up shows no more than a cashier may see.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::json;
use support::Demo;
use support::browser::Browser;

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
    let stale = demo.pos("members/lookup", None, &json!({"code": key.code(-600)}));
    assert_eq!(
        (stale.status, stale.problem().as_str()),
        (422, "code-stale")
    );
    let foreign = format!("71{}00000000", key.number);
    let wrong = demo.pos("members/lookup", None, &json!({"code": foreign}));
    assert_eq!(
        (wrong.status, wrong.problem().as_str()),
        (422, "code-wrong")
    );
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
fn a_new_secret_ends_the_codes_of_the_old_one() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Инна");
    let old = shopper.key();
    let new = shopper.key();
    let refused = demo.pos("members/lookup", None, &json!({"code": old.code(0)}));
    assert_eq!(refused.problem(), "code-wrong");
    assert_eq!(
        demo.pos("members/lookup", None, &json!({"code": new.code(0)}))
            .status,
        200
    );
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
