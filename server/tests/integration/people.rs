//! Who may join with which phone, and what cashiers read of people: a country's answer says nothing about who is a member,
//! and a name has nothing in it that nobody sees.

use crate::support::browser::Browser;
use crate::support::{Answer, Demo};
use serde_json::json;

const DOCUMENT: &str = include_str!("../../core/demo/programme.toml");
const ALL_LISTED: &str =
    r#"join = ["RU", "BY", "KZ", "AM", "AZ", "GE", "KG", "MD", "MN", "TJ", "TM", "UZ"]"#;
/// A number of Ireland that once was read as another person's.
const IRISH: &str = "+353867001122";
/// Another one, which no member has.
const STRANGER: &str = "+353867001133";

/// Puts the demo's document in force with other countries to join from.
fn admit(demo: &Demo, countries: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("programme.toml");
    assert!(DOCUMENT.contains(ALL_LISTED));
    std::fs::write(&file, DOCUMENT.replace(ALL_LISTED, countries)).unwrap();
    let output = demo.run(&["programme", "apply", file.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
}

fn enrol(demo: &Demo, phone: &str) -> Answer {
    demo.pos("members/enrol", None, &json!({"phone": phone}))
}

/// Joins by a till's link: no code is sent, so that the next one need not wait.
fn join_by_link(demo: &Demo, phone: &str) {
    assert_eq!(enrol(demo, phone).status, 202);
    let mut shopper = Browser::new(demo);
    let outbox = shopper.get("/outbox").text;
    let message = &outbox[outbox.find(phone).unwrap()..];
    let start = message.find("/join?invitation=").unwrap() + "/join?invitation=".len();
    let token = &message[start..start + 64];
    let proven = shopper.post("join/invitation", &[("invitation", token)]);
    assert_eq!(proven.location, "/join/consents");
    let fields = [
        ("first_name", "Шинейд"),
        ("personal_data", "on"),
        ("rules", "on"),
    ];
    assert_eq!(shopper.post("join/finish", &fields).location, "/card");
}

/// Returns what an answer says, without what was typed.
fn said(answer: &Answer, typed: &str) -> (u16, String, String) {
    let text = answer.text.replace(typed, "PHONE");
    (answer.status, answer.location.clone(), text)
}

#[test]
fn members_from_anywhere_sign_in_and_strangers_join_from_the_listed_countries_only() {
    let demo = Demo::start();
    admit(&demo, r#"join = ["RU", "IE"]"#);
    join_by_link(&demo, IRISH);
    admit(&demo, r#"join = ["RU", "BY"]"#);

    // Joining: the same clear answer for both.
    let [known, unknown] = [IRISH, STRANGER].map(|phone| {
        let answer = Browser::new(&demo).ask("join/phone", &[("phone", phone)]);
        said(&answer, phone)
    });
    assert_eq!(known, unknown);
    assert_eq!(known.0, 422);
    assert!(known.2.contains("начинается с +7, +375"), "{}", known.2);
    assert!(
        known.2.contains("войти можно с любым номером"),
        "{}",
        known.2
    );
    let mut english = Browser::new(&demo);
    english.post("language", &[("language", "en")]);
    let answer = english.stay("join/phone", &[("phone", STRANGER)]);
    let named = answer.text.matches("begins with +7, +375").count();
    assert_eq!(named, 1, "{}", answer.text);

    // At a till.
    let [known, unknown] = [IRISH, STRANGER].map(|phone| enrol(&demo, phone));
    for answer in [&known, &unknown] {
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert_eq!(answer.json()["errors"][0]["field"], "phone");
        assert_eq!(answer.json()["errors"][0]["code"], "phone-country");
    }
    assert_eq!(known.json()["errors"], unknown.json()["errors"]);

    // Signing in: the same page and status for both, and a code to both.
    let (mut member, mut stranger) = (Browser::new(&demo), Browser::new(&demo));
    let known = member.post("sign-in/phone", &[("phone", "00 353 86 700 11 22")]);
    let unknown = stranger.post("sign-in/phone", &[("phone", STRANGER)]);
    assert_eq!(
        (known.status, &known.location, &known.text),
        (unknown.status, &unknown.location, &unknown.text)
    );
    assert_eq!(known.location, "/join/code");
    let code = member.one_time_password(IRISH);
    assert_eq!(
        member.post("join/code", &[("code", &code)]).location,
        "/card"
    );
    let code = stranger.one_time_password(STRANGER);
    let refused = stranger.stay("join/code", &[("code", &code)]);
    assert!(
        refused.text.contains("начинается с +7, +375"),
        "{}",
        refused.text
    );
    assert_ne!(stranger.get("/join/consents").status, 500);
    let fields = [
        ("first_name", "Нил"),
        ("personal_data", "on"),
        ("rules", "on"),
    ];
    assert_eq!(stranger.ask("join/finish", &fields).status, 422);
}

#[test]
fn a_number_with_a_plus_gets_its_own_message() {
    let demo = Demo::start();
    admit(
        &demo,
        r#"join = ["RU", "IE", "BG", "UZ", "TJ", "KG", "VN", "IN"]"#,
    );
    for (typed, right) in [
        ("+353 86 700 1122", "+353867001122"),
        ("+359 87 700 1122", "+359877001122"),
        ("00 998 88 123 45 67", "+998881234567"),
        ("tel:+992-88-123-45-67", "+992881234567"),
        ("+996 (880) 12-34-56", "+996880123456"),
        ("+84 812 345 678", "+84812345678"),
        ("+91 81234 56789", "+918123456789"),
    ] {
        let mut browser = Browser::new(&demo);
        let sent = browser.post("join/phone", &[("phone", typed)]);
        assert_eq!(sent.location, "/join/code", "{typed}");
        let code = browser.one_time_password(right);
        let proven = browser.post("join/code", &[("code", &code)]);
        assert_eq!(proven.location, "/join/consents", "{typed}");
    }
    for (typed, key) in [
        ("+1 900 234-56-78", "На этот номер сообщения не приходят"),
        ("8 800 555-35-35", "На этот номер сообщения не приходят"),
        ("+353 086 700 1122", "Номер не похож на настоящий"),
    ] {
        let answer = Browser::new(&demo).stay("join/phone", &[("phone", typed)]);
        assert!(answer.text.contains(key), "{typed}: {}", answer.text);
    }
}

#[test]
fn a_cashier_reads_nothing_of_a_name_that_nobody_sees() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("\u{3164}Ан\u{200b}н\u{e0041}а\u{fe0f}\u{ffa0} \u{202e}");
    let code = shopper.key().fixed();
    let name = |code: &str| {
        let found = demo.pos("members/lookup", None, &json!({"code": code}));
        assert_eq!(found.status, 200, "{}", found.text);
        found.json()["name"].as_str().unwrap().to_owned()
    };
    assert_eq!(name(&code), "Анна");
    shopper.accept(
        "profile/name",
        &[
            ("first_name", "مهدی\u{200c}زاده"),
            ("last_name", "\u{1160}К\u{300}\u{310}\u{320}\u{330}аренина"),
            ("email", "\u{a0}mehdi\u{ff20}example.com\u{200b}"),
        ],
    );
    assert_eq!(name(&code), "مهدی\u{200c}زاده К.");
    assert!(
        shopper
            .get("/profile")
            .text
            .contains("value=\"mehdi@example.com\"")
    );

    for (name, words) in [
        ("\u{3164}\u{115f}", "Введите имя"),
        ("<b>Мария</b> 🎉", "Только буквы"),
        ("123", "В имени должны быть буквы"),
    ] {
        let refused = shopper.stay("profile/name", &[("first_name", name), ("email", "")]);
        assert!(refused.text.contains(words), "{name}: {}", refused.text);
    }
    for (email, words) in [
        ("mehdi.example.com", "В адресе нет знака @"),
        ("mehdi @example.com", "В адресе не бывает пробелов"),
        ("mehdi@example", "имя сайта с точкой"),
        ("мехди@example.com", "не из латиницы"),
        ("a@example.com,b@example.com", "один знак @"),
    ] {
        let refused = shopper.stay("profile/name", &[("first_name", "Анна"), ("email", email)]);
        assert!(refused.text.contains(words), "{email}: {}", refused.text);
    }
}
