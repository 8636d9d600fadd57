//! Claim codes through the front door: printed by a till over the API, taken in the wallet, once.

use crate::support::browser::Browser;
use crate::support::{Demo, sale};
use serde_json::{Value, json};

fn without_card(roubles: i64) -> Value {
    let mut body = sale("", roubles);
    body.as_object_mut().unwrap().remove("code");
    body
}

/// What the card of this code has.
fn points(demo: &Demo, code: &str) -> i64 {
    let found = demo.pos("members/lookup", None, &json!({"code": code}));
    found.json()["points"].as_i64().unwrap()
}

#[test]
fn a_sale_without_a_card_is_answered_with_a_claim_and_its_repeat_byte_for_byte() {
    let demo = Demo::start();
    let first = demo.commit("claim-1", &without_card(1_000));
    assert_eq!(first.status, 201, "{}", first.text);
    let claim = first.json()["claim"].clone();
    let code = claim["code"].as_str().unwrap();
    assert_eq!(code.len(), 13, "{code}");
    let bare = code.replace(' ', "");
    assert_eq!(claim["link"], format!("{}/claim?code={bare}", demo.url));
    assert!(claim["expires"].as_str().unwrap().ends_with('Z'));
    assert_eq!(
        demo.commit("claim-1", &without_card(1_000)).text,
        first.text
    );
    // A sale with a card has none, and a quote promises nothing.
    let mut browser = Browser::new(&demo);
    browser.join("Анна");
    let key = browser.key();
    let with_card = demo.commit("claim-2", &sale(&key.code(0), 1_000));
    assert_eq!(with_card.json().get("claim"), None);
    let quoted = demo.pos("receipts/quote", None, &without_card(1_000));
    assert_eq!(quoted.json().get("claim"), None);
    assert!(demo.check().status.success());
}

#[test]
fn the_wallet_takes_it_once_and_a_return_afterwards_takes_the_points_back() {
    let demo = Demo::start();
    let sold = demo.commit("claim-1", &without_card(1_000)).json();
    let code = sold["claim"]["code"].as_str().unwrap().to_owned();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let page = anna
        .get(&format!("/claim?code={}", code.replace(' ', "")))
        .text;
    assert!(page.contains(&code.replace(' ', "")), "{page}");
    let taken = anna.accept("claim", &[("code", &code.to_lowercase())]);
    assert!(taken.starts_with("/claim?done="), "{taken}");
    assert!(anna.get(&taken).text.contains("Чек теперь ваш"));
    // Again is the same page; somebody else is told that it is gone.
    assert_eq!(anna.post("claim", &[("code", &code)]).location, taken);
    let mut boris = Browser::new(&demo);
    boris.join("Борис");
    let late = boris.stay("claim", &[("code", &code)]);
    assert!(late.text.contains("уже забрали"));
    // 3 % and 200 for a first purchase.
    let card = anna.key().fixed();
    assert_eq!(points(&demo, &card), 230);
    let id = sold["id"].as_str().unwrap();
    let back = json!({"lines": [{"position": 0, "quantity": 1000}]});
    let returned = demo.pos(&format!("receipts/{id}/returns"), Some("back-1"), &back);
    assert_eq!(returned.status, 201, "{}", returned.text);
    assert_eq!(returned.json()["taken_back"], 230);
    assert_eq!(points(&demo, &card), 0);
    assert!(demo.check().status.success());
}

#[test]
fn wrong_codes_are_counted_by_device_and_mistyped_ones_are_not() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    for typed in ["", "4KM2", "4KM2 9TX P07C"] {
        assert_eq!(anna.ask("claim", &[("code", typed)]).status, 422, "{typed}");
    }
    for left in [
        "Осталось 4",
        "Осталось 3",
        "Осталось 2",
        "Осталась 1",
        "закончились",
    ] {
        let answer = anna.stay("claim", &[("code", "0000 000 0000")]);
        assert!(answer.text.contains(left), "{left}: {}", answer.text);
    }
    assert_eq!(anna.ask("claim", &[("code", "0000 000 0000")]).status, 429);
    // A guest is sent to sign in, and nothing is taken.
    let guest = Browser::new(&demo).post("claim", &[("code", "0000 000 0000")]);
    assert_eq!(guest.location, "/sign-in");
}

#[test]
fn whoever_joins_by_a_till_s_link_gets_the_sale_in_progress() {
    let demo = Demo::start();
    let phone = crate::support::browser::fresh_phone();
    let asked = json!({"phone": phone, "sale": "sale-in-progress"});
    assert_eq!(demo.pos("members/enrol", None, &asked).status, 202);
    let mut shopper = Browser::new(&demo);
    let outbox = shopper.get("/outbox").text;
    let after = &outbox[outbox.find(&phone).unwrap()..];
    let token: String = after[after.find("invitation=").unwrap() + "invitation=".len()..]
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .collect();
    let accepted = shopper.post("join/invitation", &[("invitation", &token)]);
    assert_eq!(accepted.location, "/join/consents", "{}", accepted.text);
    // The till does not wait for the shopper.
    let sold = demo.commit("sale-in-progress", &without_card(1_000));
    assert_eq!(sold.status, 201);
    let fields = [
        ("first_name", "Анна"),
        ("personal_data", "on"),
        ("rules", "on"),
    ];
    assert_eq!(shopper.post("join/finish", &fields).location, "/card");
    assert_eq!(points(&demo, &shopper.key().fixed()), 230);
    // The code of the receipt is used up by that.
    let code = sold.json()["claim"]["code"].as_str().unwrap().to_owned();
    let mut other = Browser::new(&demo);
    other.join("Борис");
    assert_eq!(other.ask("claim", &[("code", &code)]).status, 409);
    assert!(demo.check().status.success());
}
