//! Refused forms have a line in the audit log, up to a number in a minute.

use crate::support::Demo;
use crate::support::browser::{Browser, fresh_phone};
use crate::support::late::{TILL, at_work};

/// These columns of the lines about refused forms, in the order of `kopilka audit`.
fn columns_of_refused<const N: usize>(demo: &Demo, wanted: [usize; N]) -> Vec<[String; N]> {
    let output = demo.run(&["audit"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let columns = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    columns
        .filter(|columns| columns[3] == "form-refused")
        .map(|columns| wanted.map(|column| columns[column].to_owned()))
        .collect()
}

/// Outcome and endpoint of the lines about refused forms.
fn refused_forms(demo: &Demo) -> Vec<[String; 2]> {
    columns_of_refused(demo, [4, 6])
}

#[test]
fn each_refused_form_has_a_line_with_its_endpoint_and_the_reason() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = "12";
    assert_eq!(browser.ask("join/phone", &[("phone", phone)]).status, 422);
    let password = "not-the-password-of-anybody";
    let fields = [("login", "kassir"), ("password", password)];
    let refused = browser.ask("till/sign-in", &fields);
    assert_eq!(refused.status, 401, "{}", refused.text);
    assert_eq!(
        refused_forms(&demo),
        [
            ["invalid", "join/phone"],
            ["wrong-password", "till/sign-in"]
        ]
    );
    // A form that is taken has none, and nothing that was typed is in the log.
    browser.accept("join/phone", &[("phone", &fresh_phone())]);
    assert_eq!(refused_forms(&demo).len(), 2);
    let text = String::from_utf8(demo.run(&["audit"]).stdout).unwrap();
    assert!(!text.contains(password), "{text}");
}

#[test]
fn a_refused_form_is_whose_it_is_in_a_browser_of_a_till_and_a_shopper() {
    let demo = Demo::start();
    let mut browser = at_work(&demo, "Ольга", "2580");
    browser.join("Анна");
    let end = browser.key().number[12..].to_owned();
    for (endpoint, fields) in [
        ("profile/name", [("first_name", "12345")]),
        ("settings/close", [("confirmed", "")]),
        ("till/return-find", [("number", "")]),
        ("till/scan", [("code", "")]),
    ] {
        browser.stay(endpoint, &fields);
    }
    let member = format!("…{end}");
    let (shopper, till) = (["-", "-", &member], [TILL, "kassir", "-"]);
    assert_eq!(
        // Till, login, member, endpoint, kind of the actor.
        columns_of_refused(&demo, [1, 2, 5, 6, 9]),
        [
            (shopper, "profile/name", "member"),
            (shopper, "settings/close", "member"),
            (till, "till/return-find", "staff"),
            (till, "till/scan", "staff"),
        ]
        .map(|([till, login, member], endpoint, kind)| [till, login, member, endpoint, kind])
    );
}

#[test]
fn a_flood_of_refused_forms_is_one_line_more_than_thirty() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    for _ in 0..40 {
        browser.stay("join/phone", &[("phone", "12")]);
    }
    let lines = refused_forms(&demo);
    // A line comes back every two seconds.
    assert!((31..=36).contains(&lines.len()), "{}", lines.len());
    let summaries = lines.iter().filter(|[outcome, _]| outcome == "too-many");
    assert_eq!(summaries.count(), 1);
}
