//! Joining and signing in by plain forms, as a browser without scripts does it.

use crate::support::Demo;
use crate::support::browser::{Browser, fresh_phone};

#[test]
fn spellings_of_a_phone_are_one_member() {
    let demo = Demo::start();
    let mut first = Browser::new(&demo);
    let phone = first.join("Мила");
    let digits = &phone[2..];
    let spelled = format!(
        "8 ({}) {}-{}-{}",
        &digits[..3],
        &digits[3..6],
        &digits[6..8],
        &digits[8..]
    );
    let mut second = Browser::new(&demo);
    // A code was just sent to this phone, so the next has to wait: the refusal proves that it is the same one.
    let answer = second.post("sign-in/phone", &[("phone", &spelled)]);
    let sent = answer.location == "/join/code";
    assert!(
        sent || answer.status == 429,
        "{} {}",
        answer.status,
        answer.text
    );
    if sent {
        let code = second.one_time_password(&phone);
        assert_eq!(
            second.post("join/code", &[("code", &code)]).location,
            "/card"
        );
    }
}

#[test]
fn a_wrong_phone_is_explained_beside_its_field_and_kept() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let answer = browser.stay("join/phone", &[("phone", "12<b>")]);
    assert!(
        answer.text.contains("id=\"phone-error\""),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("12&lt;b&gt;"), "{}", answer.text);
    assert!(!answer.text.contains("12<b>"));
}

#[test]
fn five_wrong_codes_end_the_challenge_even_for_the_right_one() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = fresh_phone();
    browser.post("join/phone", &[("phone", &phone)]);
    let right = browser.one_time_password(&phone);
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        assert_eq!(browser.ask("join/code", &[("code", wrong)]).status, 422);
    }
    let dead = browser.stay("join/code", &[("code", &right)]);
    assert!(
        dead.text.contains("Код больше не действует"),
        "{}",
        dead.text
    );
}

#[test]
fn a_code_works_once() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = fresh_phone();
    let sent = browser.post("join/phone", &[("phone", &phone)]);
    let challenge = sent
        .cookies
        .iter()
        .find(|each| each.starts_with("challenge="))
        .unwrap();
    let challenge = challenge.split(['=', ';']).nth(1).unwrap().to_owned();
    let code = browser.one_time_password(&phone);
    assert_eq!(
        browser.post("join/code", &[("code", &code)]).location,
        "/join/consents"
    );
    let again = ureq::Agent::from(
        ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build(),
    )
    .post(format!("{}/api/join/code", demo.url))
    .header("cookie", format!("challenge={challenge}"))
    .header("sec-fetch-site", "same-origin")
    .header("prefer", "return=representation")
    .send_form([("code", code.as_str())])
    .unwrap();
    assert_eq!(again.status().as_u16(), 422);
}

#[test]
fn known_and_unknown_phones_get_the_same_answer() {
    let demo = Demo::start();
    let known = Browser::new(&demo).post("sign-in/phone", &[("phone", "+79000000005")]);
    let unknown = Browser::new(&demo).post("sign-in/phone", &[("phone", &fresh_phone())]);
    assert_eq!(
        (known.status, known.location, known.text),
        (unknown.status, unknown.location, unknown.text)
    );
}

#[test]
fn a_form_sent_twice_makes_one_member_on_one_device() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = fresh_phone();
    browser.post("join/phone", &[("phone", &phone)]);
    let code = browser.one_time_password(&phone);
    browser.post("join/code", &[("code", &code)]);
    // A second click before the first answer: the same cookies, the first answer lost.
    let mut impatient = browser.clone();
    let fields = [
        ("first_name", "Нина"),
        ("personal_data", "yes"),
        ("rules", "yes"),
    ];
    assert_eq!(browser.post("join/finish", &fields).location, "/card");
    assert_eq!(impatient.post("join/finish", &fields).location, "/card");
    let settings = impatient.get("/settings").text;
    assert_eq!(settings.matches("Это устройство").count(), 1);
    assert!(
        !settings.contains("settings/device-end"),
        "no other device is left: {settings}"
    );
    // Whichever answer arrives last, the card is open; and what it opened ends with its device.
    assert_eq!(browser.get("/card").status, 200);
    browser.post("sign-out", &[]);
    assert_eq!(impatient.get("/card").location, "/sign-in");
    assert_ne!(impatient.post("join/finish", &fields).location, "/card");
    assert!(demo.check().status.success());
}

#[test]
fn joining_needs_both_agreements_and_a_name_and_no_message() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = fresh_phone();
    browser.post("join/phone", &[("phone", &phone)]);
    let code = browser.one_time_password(&phone);
    browser.post("join/code", &[("code", &code)]);
    let refused = browser.stay("join/finish", &[("first_name", " "), ("last_name", "Тест")]);
    for field in ["first_name", "personal_data", "rules"] {
        assert!(refused.text.contains(&format!("{field}-error")), "{field}");
    }
    assert!(
        refused.text.contains("value=\"Тест\""),
        "what was typed is kept"
    );
    let fields = [
        ("first_name", "Ольга"),
        ("personal_data", "on"),
        ("rules", "on"),
    ];
    assert_eq!(browser.post("join/finish", &fields).location, "/card");
    let proofs = browser.get("/consents/proofs.csv").text;
    assert!(proofs.contains("document,personal_data,yes"), "{proofs}");
    assert!(
        !proofs.contains("sms,"),
        "no message was consented to: {proofs}"
    );
}

#[test]
fn a_closed_account_leaves_nothing_personal_behind() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = browser.join("Пелагеяуникальная");
    let number = browser.key().number;
    browser.accept("settings/close", &[("confirmed", "yes")]);
    let data = demo.kill();
    // Folds SQLite's log into its file, as stopping in order does; a backup holds every row of either engine.
    let backup = data.path().join("backup");
    let args = ["backup", backup.to_str().unwrap()];
    assert!(crate::support::run_at(&data, &args).status.success());
    let written = std::fs::read(&backup).unwrap();
    let known = "Демова".as_bytes();
    assert!(written.windows(known.len()).any(|window| window == known));
    for name in ["kopilka.db", "kopilka.db-wal", "backup"] {
        let Ok(bytes) = std::fs::read(data.path().join(name)) else {
            continue;
        };
        for secret in ["Пелагеяуникальная", &phone, &number] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is still in {name}");
        }
    }
}
