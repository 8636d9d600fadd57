//! Phones by which a person signs in whose cards were merged: each opens the same wallet, and those of merged cards can be taken
//! away.

use crate::points_commands::{
    ADMIN, SUPPORT, StaffLogin, done, last_word, phone_as, points_as, refused, staffed,
};
use crate::support::Demo;
use crate::support::browser::Browser;
use serde_json::json;

/// Signs a browser in by the phone; the browser.
fn signs_in<'a>(demo: &'a Demo, phone: &str) -> Browser<'a> {
    let mut browser = Browser::new(demo);
    let asked = browser.post("sign-in/phone", &[("phone", phone)]);
    assert_eq!(asked.location, "/join/code", "{}", asked.text);
    let code = browser.one_time_password(phone);
    let signed_in = browser.post("join/code", &[("code", &code)]);
    assert_eq!(signed_in.location, "/card", "{}", signed_in.text);
    browser
}

#[test]
fn the_phone_of_a_merged_account_opens_the_other_wallet_until_it_is_moved_back() {
    let demo = staffed();
    let (mut first, mut second) = (Browser::new(&demo), Browser::new(&demo));
    let phone = first.join("Анна");
    second.join("Мария");
    let (from, to) = (first.key().number, second.key().number);
    let words = ["move", &from, &to, "--reason", "Две карты"];
    let merge = last_word(&done(&points_as(&demo, ADMIN, &words)));
    crate::support::store::change(&demo, "UPDATE challenges SET sent_at = sent_at - 61000000");
    let mut again = signs_in(&demo, &phone);
    for browser in [&mut first, &mut again] {
        for path in ["/card", "/points", "/profile", "/settings"] {
            assert_eq!(browser.get(path).status, 200, "{path}");
        }
        let key = browser.key();
        assert_eq!(key.number, to);
        let found = demo.pos("members/lookup", None, &json!({"code": key.code(0)}));
        assert_eq!(found.json()["name"], "Мария", "{}", found.text);
    }
    let back = ["move-back", &merge, "--reason", "Не одно лицо"];
    done(&points_as(&demo, ADMIN, &back));
    for browser in [&mut first, &mut again] {
        assert_eq!(browser.key().number, from);
    }
    assert!(demo.check().status.success());
}

#[test]
fn the_phone_of_a_merged_account_is_taken_away_by_its_owner_or_by_support() {
    let demo = staffed();
    let names = ["Анна", "Рита", "Мария"];
    let mut browsers = names.map(|_| Browser::new(&demo));
    let phones: Vec<String> = browsers
        .iter_mut()
        .zip(names)
        .map(|(browser, name)| browser.join(name))
        .collect();
    let cards: Vec<String> = browsers
        .iter_mut()
        .map(|browser| browser.key().number)
        .collect();
    let [.., owner] = &mut browsers;
    assert!(
        !owner.get("/settings").text.contains("phone-remove"),
        "one phone"
    );
    for from in &cards[..2] {
        let words = ["move", from, &cards[2], "--reason", "Две карты"];
        done(&points_as(&demo, ADMIN, &words));
    }
    let settings = owner.get("/settings").text;
    let account = |text: &str| {
        let (_, rest) = text.split_once("name=\"account\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let accounts = [
        account(&settings),
        account(settings.split_once("name=\"account\"").unwrap().1),
    ];
    // Another person's account is no account to this one, nor is the own one.
    let mut stranger = Browser::new(&demo);
    stranger.join("Ника");
    let foreign = stranger.ask("settings/phone-remove", &[("account", &accounts[0])]);
    assert_eq!(foreign.status, 404, "{}", foreign.text);
    let removed = owner.post("settings/phone-remove", &[("account", &accounts[0])]);
    assert_eq!(removed.location, "/settings", "{}", removed.text);
    let again = owner.ask("settings/phone-remove", &[("account", &accounts[0])]);
    assert_eq!(again.status, 404, "{}", again.text);
    // One of the two numbers is nobody's now: whoever has it may join with it.
    let one_left = owner.get("/settings").text;
    assert_eq!(one_left.matches("name=\"account\"").count(), 1);
    crate::support::store::change(&demo, "UPDATE challenges SET sent_at = sent_at - 61000000");
    let StaffLogin { login, password } = SUPPORT;
    let forget = |card: &str, phone: &str| {
        let args = ["card", "forget-phone", card, "--author", login];
        demo.tell(&args, &format!("{password}\n{phone}\n"))
    };
    for wrong in [&phones[2], "+7 916 700-00-09"] {
        let no = refused(&forget(&cards[2], wrong));
        assert!(no.contains("not the phone of a card"), "{no}");
    }
    // The cards were merged: support is told so, not that they are blocked.
    let merged = refused(&phone_as(&demo, SUPPORT, &cards[0], "+7 916 700-00-08"));
    assert!(merged.contains("joined to another"), "{merged}");
    let left = phones[..2]
        .iter()
        .filter(|phone| forget(&cards[2], phone).status.success());
    assert_eq!(left.count(), 1);
    assert!(!owner.get("/settings").text.contains("phone-remove"));
    for phone in &phones[..2] {
        let mut browser = Browser::new(&demo);
        browser.post("sign-in/phone", &[("phone", phone)]);
        let code = browser.one_time_password(phone);
        let opened = browser.post("join/code", &[("code", &code)]);
        assert_eq!(opened.location, "/join/consents", "{}", opened.text);
    }
    signs_in(&demo, &phones[2]);
    assert!(demo.check().status.success());
}
