//! Who may come in at a till, and the lines that commands leave in the log.

use std::sync::Arc;

use crate::points_commands::done;
use crate::support::browser::Browser;
use crate::support::{Demo, Place};

/// Password of the demo's cashier.
const PASSWORD: &str = "kassir-of-the-demo";

fn behind_a_proxy() -> Demo {
    Demo::start_with(Arc::new(Place::new()), &["--trusted-proxy", "127.0.0.1"])
}

#[test]
fn a_browser_of_another_machine_signs_in_only_once_it_is_paired() {
    let demo = behind_a_proxy();
    let mut browser = Browser::from_address(&demo, "192.0.2.7");
    let door = browser.get("/till").text;
    assert!(door.contains("Этот браузер ещё не касса"), "{door}");
    assert!(door.contains("name=\"pairing\""));
    assert!(!door.contains("name=\"password\""));
    let fields = [("login", "kassir"), ("password", PASSWORD)];
    let refused = browser.ask("till/sign-in", &fields);
    assert_eq!(refused.status, 403);
    assert!(!refused.text.contains("name=\"password\""));
    assert!(!browser.cookie_header().contains("staff="));
    let code = done(&demo.run(&["till", "pair", "Касса 2"]));
    browser.accept("till/pair", &[("pairing", code.trim())]);
    let door = browser.get("/till").text;
    assert!(door.contains("name=\"password\"") && door.contains("name=\"pin\""));
    assert_eq!(browser.accept("till/sign-in", &fields), "/till");
    assert!(browser.get("/till").text.contains("Сканируйте карту"));
}

#[test]
fn a_browser_of_this_machine_signs_in_at_the_demo_without_being_paired() {
    let demo = behind_a_proxy();
    for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
        let mut browser = Browser::from_address(&demo, address);
        let door = browser.get("/till").text;
        assert!(door.contains("name=\"password\""), "{address}");
        let fields = [("login", "kassir"), ("password", PASSWORD)];
        assert_eq!(browser.accept("till/sign-in", &fields), "/till");
        let till = browser.get("/till").text;
        assert!(till.contains("Сканируйте карту"), "{address}");
    }
}

/// Action, subject and kind of the actor of the last line of `kopilka audit`.
fn last_line(demo: &Demo) -> [String; 3] {
    let lines = done(&demo.run(&["audit", "--since", "1h"]));
    let columns: Vec<&str> = lines.lines().last().unwrap().split('\t').collect();
    [3, 6, 9].map(|column| columns[column].to_owned())
}

#[test]
fn commands_that_write_leave_a_line_of_the_operator() {
    let demo = Demo::start();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy").display().to_string();
    for (words, action, subject) in [
        (
            &["store", "add", "dock", "--name", "Dock"][..],
            "store-added",
            "dock",
        ),
        (
            &["store", "set", "dock", "--name", "The dock"],
            "store-changed",
            "dock",
        ),
        (&["till", "add", "D1", "--store", "dock"], "till-added", "-"),
        (&["till", "rotate", "D1"], "till-key-rotated", "-"),
        (&["till", "revoke", "D1"], "till-revoked", "-"),
        (&["till", "unpair", "Касса 2"], "unpair", "-"),
        (&["products", "remove", "demo-001"], "products-removed", "1"),
        (&["card", "print", "2"], "cards-printed", "2"),
        (
            &["staff", "end-sessions", "kassir"],
            "staff-sessions-ended",
            "kassir",
        ),
        (&["backup", &copy], "backup-made", "-"),
    ] {
        done(&demo.run(words));
        assert_eq!(last_line(&demo), [action, subject, "operator"], "{words:?}");
    }
}

#[test]
fn roles_are_listed_with_what_they_may_do() {
    let demo = Demo::start();
    let table = done(&demo.run(&["staff", "roles"]));
    assert!(
        table.contains("work-at-till\tcashier, support, admin\n"),
        "{table}"
    );
    assert!(
        table.contains("operate-deployment\toperator only\n"),
        "{table}"
    );
    for role in ["approver", "analyst", "auditor"] {
        done(&demo.run(&["staff", "role", "kassir", role]));
        let fields = [("login", "kassir"), ("password", PASSWORD)];
        let refused = Browser::new(&demo).ask("till/sign-in", &fields);
        assert_eq!(refused.status, 403, "{role}");
    }
}
