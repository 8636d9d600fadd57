//! A refused form has the status of its refusal for whoever asks for the page itself, and the words of it on that page.

use std::sync::Arc;

use crate::support::browser::{Browser, fresh_phone};
use crate::support::late::at_work;
use crate::support::{Answer, Demo, Place, sale, store};

/// An id that nothing has.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

/// Holds that an answer is a page with this status and these words.
fn expect(answer: &Answer, status: u16, words: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text);
    assert_eq!(answer.location, "", "{what}");
    assert!(
        answer.kind.starts_with("text/html"),
        "{what}: {}",
        answer.kind
    );
    assert!(answer.text.contains(words), "{what}: {}", answer.text);
}

#[test]
fn a_form_of_a_shopper_is_refused_with_its_status() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let mut without_card = sale("", 1_000);
    without_card.as_object_mut().unwrap().remove("code");
    let sold = demo.commit("sold", &without_card).json();
    let code = sold["claim"]["code"].as_str().unwrap();
    anna.accept("claim", &[("code", code)]);
    let old = demo.commit("old", &without_card).json();
    let old = old["claim"]["code"].as_str().unwrap();
    let mut boris = Browser::new(&demo);
    boris.join("Борис");
    for (endpoint, fields, status, words) in [
        ("claim", [("code", code)], 409, "уже забрали"),
        (
            "card/answer",
            [("question", NOTHING)],
            409,
            "Вопрос уже закрыт",
        ),
        (
            "offers/activate",
            [("offer", "none")],
            404,
            "Этого здесь нет",
        ),
        (
            "settings/device-end",
            [("device", NOTHING)],
            404,
            "Этого здесь нет",
        ),
        (
            "profile/name",
            [("first_name", "12345")],
            422,
            "должны быть буквы",
        ),
        ("join/code", [("code", "123456")], 303, ""),
    ] {
        let answer = boris.ask(endpoint, &fields);
        if status == 303 {
            assert_eq!((answer.status, answer.location.as_str()), (303, "/card"));
        } else {
            expect(&answer, status, words, endpoint);
        }
    }
    // The time for it is over.
    store::change(&demo, "UPDATE claims SET expires_at = 0");
    expect(
        &boris.ask("claim", &[("code", old)]),
        410,
        "Код больше не действует",
        "claim",
    );
    // A guest is sent to sign in.
    let guest = Browser::new(&demo).ask("profile/name", &[("first_name", "Анна")]);
    assert_eq!((guest.status, guest.location.as_str()), (303, "/sign-in"));
}

#[test]
fn a_form_of_the_till_is_refused_with_its_status() {
    let demo = Demo::start();
    let mut till = at_work(&demo, "Ольга", "2580");
    for (endpoint, fields, status, words) in [
        (
            "till/pairing-code",
            [("till", NOTHING)],
            403,
            "нужна роль администратора",
        ),
        (
            "till/scan",
            [("code", "701234567812345670")],
            404,
            "Такой карты нет",
        ),
        (
            "till/gift-undo",
            [("undo", NOTHING)],
            409,
            "Отменить уже нельзя",
        ),
        (
            "till/lift",
            [("by_card", "0")],
            422,
            "Отсканируйте карту снова",
        ),
        (
            "till/return-find",
            [("number", "no-such-number")],
            404,
            "Такого чека в этом магазине нет",
        ),
    ] {
        let answer = till.ask(endpoint, &fields);
        expect(&answer, status, words, endpoint);
    }
    let fields = [("password", "wrong"), ("pin", "97531"), ("again", "97531")];
    let answer = till.ask("till/pin", &fields);
    expect(&answer, 401, "не подходят", "till/pin");
}

#[test]
fn a_form_that_may_be_sent_again_later_says_when() {
    let place = Arc::new(Place::new());
    let demo = Demo::start_with(place, &["--otp-per-day", "1"]);
    let mut browser = Browser::new(&demo);
    browser.accept("join/phone", &[("phone", &fresh_phone())]);
    let again = browser.ask("join/resend", &[]);
    expect(&again, 429, "Новый код можно получить через", "join/resend");
    let seconds: i64 = again.retry_after.parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let over = Browser::new(&demo).ask("join/phone", &[("phone", &fresh_phone())]);
    expect(
        &over,
        503,
        "Сегодня коды больше не отправляем",
        "join/phone",
    );
    let seconds: i64 = over.retry_after.parse().unwrap();
    assert!((3_600..=86_400).contains(&seconds), "{seconds}");
}
