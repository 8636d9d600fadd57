//! Gifts through the front door: counted by the command line, handed over once, replaced where they are out.

use crate::support::browser::Browser;
use crate::support::{Demo, sale};
use serde_json::{Value, json};

/// A member in silver with five purchases, who is promised a cup; the till's look-up of them.
fn promised(demo: &Demo) -> Value {
    let mut browser = Browser::new(demo);
    browser.join("Анна");
    let code = browser.key().fixed();
    for (turn, roubles) in [16_000, 500, 500, 500, 500].into_iter().enumerate() {
        let key = format!("{code}-{turn}");
        assert_eq!(demo.commit(&key, &sale(&code, roubles)).status, 201);
    }
    let found = demo
        .pos("members/lookup", None, &json!({"code": code}))
        .json();
    assert_eq!(found["gifts"].as_array().unwrap().len(), 1, "{found}");
    found
}

fn hand_over(demo: &Demo, found: &Value, instead: &str) -> crate::support::Answer {
    let id = found["gifts"][0]["id"].as_str().unwrap();
    demo.pos(&format!("gifts/{id}/handover{instead}"), None, &json!({}))
}

fn stock(demo: &Demo, words: &[&str]) -> String {
    let out = demo.run(&[&["gift", "stock"], words].concat());
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn what_is_out_is_refused_with_its_substitute_and_the_second_time_with_409() {
    let demo = Demo::start();
    stock(&demo, &["--store", "center", "cup", "0"]);
    stock(&demo, &["--store", "center", "bag", "1"]);
    let found = promised(&demo);
    assert_eq!(found["gifts"][0]["out_of_stock"], true);
    assert_eq!(found["gifts"][0]["substitute"]["gift"], "bag");
    let out = hand_over(&demo, &found, "");
    assert_eq!((out.status, out.problem().as_str()), (409, "gift-out"));
    assert_eq!(out.json()["substitute"], "bag");
    let wrong = hand_over(&demo, &found, "?instead=bag");
    assert_eq!((wrong.status, wrong.problem().as_str()), (422, "invalid"));
    assert_eq!(wrong.json()["errors"][0]["field"], "query");
    let nobodys = json!({"gifts": [{"id": "01890000-0000-7000-8000-000000000000"}]});
    let unknown = hand_over(&demo, &nobodys, "");
    assert_eq!(
        (unknown.status, unknown.problem().as_str()),
        (404, "not-found")
    );
    assert_eq!(hand_over(&demo, &found, "?substitute=bag").status, 204);
    let again = hand_over(&demo, &found, "");
    assert_eq!(
        (again.status, again.problem().as_str()),
        (409, "gift-handed-over")
    );
    let listed = stock(&demo, &["--list"]);
    assert!(
        listed
            .lines()
            .any(|line| line.contains("bag") && line.ends_with(" 0")),
        "{listed}"
    );
    stock(&demo, &["--store", "center", "cup", "--unlimited"]);
    assert!(!stock(&demo, &["--store", "center"]).contains("cup"));
    assert!(demo.check().status.success());
}

#[test]
fn a_till_of_another_store_hands_nothing_over() {
    let demo = Demo::start();
    let made = demo.run(&["till", "add", "park-1", "--store", "park"]);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&made.stdout),
        String::from_utf8_lossy(&made.stderr)
    );
    assert!(made.status.success(), "{said}");
    let key = said
        .split_whitespace()
        .find(|word| word.len() >= 40)
        .expect("a key")
        .to_owned();
    let found = promised(&demo);
    let id = found["gifts"][0]["id"].as_str().unwrap();
    let path = format!("gifts/{id}/handover");
    let no = crate::support::post(
        &crate::support::agent(),
        &demo.url,
        &key,
        &path,
        None,
        &json!({}),
    )
    .unwrap();
    assert_eq!(
        (no.status, no.problem().as_str()),
        (422, "visit-over"),
        "{}",
        no.text
    );
    assert_eq!(hand_over(&demo, &found, "").status, 204);
}

#[test]
fn stock_needs_a_store_a_gift_and_a_number() {
    let demo = Demo::start();
    for (words, said) in [
        (vec!["--store", "nowhere", "cup", "1"], "no such store"),
        (vec!["--store", "center", "car", "1"], ""),
        (vec!["--store", "center", "cup"], "say how many there are"),
        (vec!["cup", "1"], "--store"),
    ] {
        let out = demo.run(&[&["gift", "stock"], &words[..]].concat());
        assert!(!out.status.success(), "{words:?}");
        let error = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(error.contains(said), "{words:?}: {error}");
    }
}

#[test]
fn cards_are_printed_as_csv_and_attached_once() {
    let demo = Demo::start();
    let out = demo.run(&["card", "print", "2"]);
    assert!(out.status.success());
    let csv = String::from_utf8(out.stdout).unwrap();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["number", "ean", "qr"]);
    assert_eq!(rows.len(), 3);
    let [number, ean, qr] = rows[1][..] else {
        panic!("{csv}");
    };
    assert_eq!(
        (number.len(), ean.len(), qr),
        (16, 13, format!("70{number}").as_str())
    );
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let attached = anna.post("settings/card-attach", &[("number", number)]);
    assert_eq!(
        (attached.status, attached.location.as_str()),
        (303, "/settings")
    );
    for code in [qr, ean] {
        let found = demo.pos("members/lookup", None, &json!({"code": code}));
        assert_eq!(found.json()["name"], "Анна", "{}", found.text);
    }
    let mut boris = Browser::new(&demo);
    boris.join("Борис");
    assert_eq!(
        boris
            .ask("settings/card-attach", &[("number", number)])
            .status,
        422
    );
    assert_eq!(
        boris
            .ask("settings/card-attach", &[("number", "4000001234567899")])
            .status,
        422
    );
    for (number, words) in [
        ("12", "Номер введён не целиком. Сверьте его с картой"),
        (
            "4000001234567890",
            "Одна цифра неверна. Сверьте номер с картой",
        ),
        ("", "Введите номер карты"),
    ] {
        let refused = boris.stay("settings/card-attach", &[("number", number)]);
        let (_, field) = refused.text.split_once("id=\"number\"").unwrap();
        let (tag, after) = field.split_once('>').unwrap();
        assert!(tag.contains("aria-invalid=\"true\""), "{tag}");
        let (_, error) = after.split_once("id=\"number-error\"").unwrap();
        assert!(error.contains(words), "{number}: {error}");
    }
    assert!(!demo.run(&["card", "print", "0"]).status.success());
}
