//! Accounts of staff by command: a blocked person is out at the next request and comes in by no way, and every change ends what the
//! person had proven before.

use std::process::Output;

use crate::points_commands::{done, refused};
use crate::support::Demo;
use crate::support::browser::Browser;

const TILL: &str = "Касса 2";
const LOGIN: &str = "kassir";
const PASSWORD: &str = "kassir-of-the-demo";
/// Words of the till's page to whoever may work there.
const WORKS: &str = "Сканируйте карту";

fn staff(demo: &Demo, words: &[&str]) -> Output {
    demo.run(&[&["staff"][..], words].concat())
}

fn sign_in(browser: &mut Browser<'_>, password: &str) -> u16 {
    let fields = [("login", LOGIN), ("password", password)];
    browser.ask("till/sign-in", &fields).status
}

/// A browser in which the cashier has signed in.
fn at_work<'a>(demo: &'a Demo, password: &str) -> Browser<'a> {
    let mut browser = Browser::new(demo);
    assert_eq!(sign_in(&mut browser, password), 303);
    assert!(works(&mut browser));
    browser
}

fn works(browser: &mut Browser<'_>) -> bool {
    browser.get("/till").text.contains(WORKS)
}

#[test]
fn a_blocked_person_is_out_at_the_next_request_and_comes_in_by_no_way() {
    let demo = Demo::start();
    let mut browser = at_work(&demo, PASSWORD);
    let said = done(&staff(&demo, &["block", LOGIN]));
    assert_eq!(said, "kassir may not sign in; sessions ended: 1\n");
    assert!(!works(&mut browser));
    assert_eq!(sign_in(&mut browser, PASSWORD), 401);
    let code = done(&demo.run(&["till", "pair", TILL]));
    let mut paired = Browser::new(&demo);
    paired.post("till/pair", &[("pairing", code.trim())]);
    let door = paired.get("/till").text;
    assert!(!door.contains("Ольга") && door.contains("Илья"), "{door}");
    let listed = done(&staff(&demo, &["list"]));
    let row = listed.lines().find(|line| line.starts_with("kassir\t"));
    let row = row.unwrap();
    assert!(
        row.contains("\tcashier\t") && row.contains("\tPIN\tblocked 20"),
        "{row}"
    );
    let said = done(&staff(&demo, &["unblock", LOGIN]));
    assert_eq!(said, "kassir may sign in again; sessions ended: 0\n");
    // What had ended stays ended.
    assert!(!works(&mut browser));
    at_work(&demo, PASSWORD);
    assert!(paired.get("/till").text.contains("Ольга"));
}

#[test]
fn an_officer_who_is_blocked_approves_nothing() {
    let demo = Demo::start();
    done(&staff(&demo, &["block", "admin"]));
    let number = {
        let mut shopper = Browser::new(&demo);
        shopper.join("Анна");
        shopper.key().number
    };
    let args = [
        "points", "adjust", &number, "1", "--reason", "Спор", "--author", "admin",
    ];
    let no = refused(&demo.tell(&args, "admin-of-the-demo\n"));
    assert!(no.contains("Login or password"), "{no}");
}

#[test]
fn another_password_role_or_till_ends_what_was_proven_before() {
    let demo = Demo::start();
    let mut browser = at_work(&demo, PASSWORD);
    for (weak, words) in [("short", "At least 12"), ("password1234", "easy to guess")] {
        let no = refused(&demo.tell(&["staff", "password", LOGIN], &format!("{weak}\n")));
        assert!(no.contains(words), "{no}");
    }
    assert!(works(&mut browser), "a refused password changes nothing");
    let new = "orange lantern 42";
    let said = done(&demo.tell(&["staff", "password", LOGIN], &format!("{new}\n")));
    assert_eq!(said, "kassir has a new password; sessions ended: 1\n");
    assert!(!works(&mut browser));
    assert_eq!(sign_in(&mut browser, PASSWORD), 401);
    let mut browser = at_work(&demo, new);
    assert_eq!(
        done(&staff(&demo, &["role", LOGIN, "admin"])),
        "kassir is admin; sessions ended: 1\n"
    );
    assert!(!works(&mut browser));
    let mut browser = at_work(&demo, new);
    assert_eq!(
        done(&staff(&demo, &["end-sessions", LOGIN])),
        "kassir is signed out; sessions ended: 1\n"
    );
    assert!(!works(&mut browser));
    assert_eq!(
        done(&staff(&demo, &["till", LOGIN])),
        "kassir works at any paired till; sessions ended: 0\n"
    );
    let mut unpaired = Browser::new(&demo);
    assert_eq!(sign_in(&mut unpaired, new), 404, "no till to work at");
    assert_eq!(
        done(&staff(&demo, &["till", LOGIN, TILL])),
        "kassir works at Касса 2; sessions ended: 0\n"
    );
    at_work(&demo, new);
    for (words, told) in [
        (&["role", LOGIN, "king"][..], "possible values: cashier"),
        (&["till", LOGIN, "Нет такой"][..], "till"),
        (&["block", "nobody"][..], "nobody has the login nobody"),
    ] {
        let no = refused(&staff(&demo, words));
        assert!(no.contains(told), "{no}");
    }
    let log = done(&demo.run(&["audit", "--since", "1h"]));
    for (action, lines) in [
        ("password-set", 1),
        ("role-set", 1),
        ("staff-sessions-ended", 1),
        ("staff-till-set", 2),
        ("staff-blocked", 0),
    ] {
        assert_eq!(log.matches(action).count(), lines, "{action}: {log}");
    }
    for secret in [new, PASSWORD] {
        assert!(!log.contains(secret));
    }
}
