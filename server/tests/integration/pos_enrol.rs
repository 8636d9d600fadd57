//! Joining begun at a till: the link goes to the phone alone, works once, and the till learns nothing of who has a card.

use std::sync::Arc;

use crate::support::Place;
use crate::support::browser::{Browser, fresh_phone};
use crate::support::raw::{JSON, expect, post_to};
use crate::support::{Answer, Demo, store};
use serde_json::json;

/// Words of the page to whoever has a link that works no more.
const OVER: &str = "Ссылка больше не работает";

fn enrol(demo: &Demo, phone: &str) -> Answer {
    demo.pos("members/enrol", None, &json!({"phone": phone}))
}

/// The path of the newest link to this phone.
fn link(demo: &Demo, phone: &str) -> String {
    let outbox = Browser::new(demo).get("/outbox").text;
    let after = &outbox[outbox.find(phone).expect("a message to this phone")..];
    let start = after.find("/join?invitation=").expect("a link");
    let end = after[start..].find('"').unwrap();
    after[start..start + end].to_owned()
}

fn token(link: &str) -> &str {
    link.split_once('=').unwrap().1
}

#[test]
fn a_shopper_joins_by_the_link_alone_and_agrees_in_person() {
    let demo = Demo::start();
    let phone = fresh_phone();
    let sent = enrol(&demo, &phone);
    assert_eq!((sent.status, sent.text.as_str()), (202, ""));
    let link = link(&demo, &phone);
    assert_eq!(token(&link).len(), 64, "256 bits");
    let mut shopper = Browser::new(&demo);
    for _ in 0..2 {
        let page = shopper.get(&link);
        assert_eq!(page.status, 200);
        assert!(!page.text.contains(&phone), "the phone is masked");
        assert!(
            page.text.contains("action=\"/api/join/invitation\""),
            "{}",
            page.text
        );
    }
    let on = shopper.post("join/invitation", &[("invitation", token(&link))]);
    assert_eq!(on.location, "/join/consents", "looking has used nothing up");
    let refused = shopper.ask("join/finish", &[("first_name", "Тест")]);
    assert_eq!(refused.status, 422, "agreements stay the shopper's");
    let fields = [
        ("first_name", "Тест"),
        ("personal_data", "on"),
        ("rules", "on"),
    ];
    assert_eq!(shopper.post("join/finish", &fields).location, "/card");
}

#[test]
fn a_link_works_once_and_a_made_up_one_never() {
    let demo = Demo::start();
    let phone = fresh_phone();
    enrol(&demo, &phone);
    let link = link(&demo, &phone);
    let mut first = Browser::new(&demo);
    first.post("join/invitation", &[("invitation", token(&link))]);
    for token in [token(&link), "", "x", &"0".repeat(64)] {
        let fields = [("invitation", token)];
        let again = Browser::new(&demo).ask("join/invitation", &fields);
        assert_eq!(
            (again.status, again.location.as_str()),
            (422, ""),
            "{token}"
        );
        for page in [again, Browser::new(&demo).stay("join/invitation", &fields)] {
            assert!(page.text.contains(OVER), "{token}: {}", page.text);
            assert!(!page.text.contains("name=\"invitation\""), "{token}");
        }
    }
    let page = Browser::new(&demo).get(&link);
    assert_eq!(page.status, 200);
    assert!(page.text.contains(OVER), "{}", page.text);
    assert!(
        !page.text.contains("/api/join/invitation"),
        "no button on a dead link"
    );
}

#[test]
fn a_known_phone_gets_the_same_answer_and_is_signed_in_by_its_link() {
    let demo = Demo::start();
    let phone = Browser::new(&demo).join("Нина");
    let known = enrol(&demo, &phone);
    let unknown = enrol(&demo, &fresh_phone());
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let link = link(&demo, &phone);
    let mut shopper = Browser::new(&demo);
    let on = shopper.post("join/invitation", &[("invitation", token(&link))]);
    assert_eq!(on.location, "/card");
    assert_eq!(shopper.get("/card").status, 200);
}

#[test]
fn a_phone_is_not_sent_links_one_after_the_other() {
    let demo = Demo::start();
    let known = Browser::new(&demo).join("Олег");
    for phone in [known, fresh_phone()] {
        assert_eq!(enrol(&demo, &phone).status, 202);
        let again = enrol(&demo, &phone);
        assert_eq!((again.status, again.problem().as_str()), (429, "too-soon"));
    }
}

#[test]
fn when_the_days_messages_are_used_up_the_till_is_told_so() {
    let place = Arc::new(Place::new());
    let demo = Demo::start_with(place, &["--otp-per-day", "1"]);
    assert_eq!(enrol(&demo, &fresh_phone()).status, 202);
    let body = json!({"phone": fresh_phone()}).to_string();
    let answer = post_to(&demo, "members/enrol", body.as_bytes(), &[JSON]);
    expect(&answer, 503, "no-codes-today", "the second");
    let said = answer.json();
    assert_eq!(said["title"], "No more messages are sent today");
    let seconds = said["retry_after"].as_u64().unwrap();
    assert!((3_600..=86_400).contains(&seconds), "{said}");
    assert_eq!(
        answer.header("retry-after"),
        Some(seconds.to_string().as_str())
    );
    let detail = said["detail"].as_str().unwrap();
    assert!(detail.starts_with("No more codes are sent today"), "{said}");
}

#[test]
fn a_phone_that_is_none_is_named() {
    let demo = Demo::start();
    for phone in ["", "12", "phone", "+7 000"] {
        let answer = enrol(&demo, phone);
        assert_eq!((answer.status, answer.problem().as_str()), (422, "invalid"));
        assert_eq!(answer.json()["errors"][0]["field"], "phone");
    }
}

#[test]
fn a_link_lives_twenty_minutes() {
    let demo = Demo::start();
    let phone = fresh_phone();
    enrol(&demo, &phone);
    let link = link(&demo, &phone);
    store::change(
        &demo,
        "UPDATE invitations SET created_at = created_at - 1170000000",
    );
    assert!(
        Browser::new(&demo)
            .get(&link)
            .text
            .contains("/api/join/invitation")
    );
    store::change(
        &demo,
        "UPDATE invitations SET created_at = created_at - 31000000",
    );
    assert!(
        !Browser::new(&demo)
            .get(&link)
            .text
            .contains("/api/join/invitation")
    );
    let late = Browser::new(&demo).ask("join/invitation", &[("invitation", token(&link))]);
    assert_eq!(late.status, 422);
}

#[test]
fn a_link_is_stored_as_a_hash_and_forgotten_with_its_account() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    let phone = shopper.join("Павел");
    enrol(&demo, &phone);
    assert_eq!(store::number(&demo, "SELECT COUNT(*) FROM invitations"), 1);
    shopper.accept("settings/close", &[("confirmed", "yes")]);
    assert_eq!(store::number(&demo, "SELECT COUNT(*) FROM invitations"), 0);
}

#[test]
fn a_sale_that_no_receipt_can_have_and_a_language_that_is_none_are_named() {
    let demo = Demo::start();
    for (field, value) in [
        ("sale", json!("")),
        ("sale", json!("x".repeat(300))),
        ("sale", json!("чек")),
        ("language", json!("de")),
        ("language", json!(0)),
        ("language", json!([])),
    ] {
        let body = json!({"phone": fresh_phone(), field: value});
        let answer = demo.pos("members/enrol", None, &body);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (422, "invalid"),
            "{body}"
        );
        assert_eq!(answer.json()["errors"][0]["field"], field, "{body}");
    }
}
