//! Refused forms have a line in the audit log, up to a number in a minute.

use crate::support::Demo;
use crate::support::browser::{Browser, fresh_phone};

/// Columns of the lines about refused forms: outcome, subject.
fn refused_forms(demo: &Demo) -> Vec<(String, String)> {
    let output = demo.run(&["audit"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let columns = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    columns
        .filter(|columns| columns[3] == "form-refused")
        .map(|columns| (columns[4].to_owned(), columns[6].to_owned()))
        .collect()
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
    let line = |outcome: &str, endpoint: &str| (outcome.to_owned(), endpoint.to_owned());
    assert_eq!(
        refused_forms(&demo),
        [
            line("invalid", "join/phone"),
            line("wrong-password", "till/sign-in")
        ]
    );
    // A form that is taken has none, and nothing that was typed is in the log.
    assert_eq!(
        browser
            .post("join/phone", &[("phone", &fresh_phone())])
            .status,
        303
    );
    assert_eq!(refused_forms(&demo).len(), 2);
    let text = String::from_utf8(demo.run(&["audit"]).stdout).unwrap();
    assert!(!text.contains(password), "{text}");
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
    let summaries = lines.iter().filter(|(outcome, _)| outcome == "too-many");
    assert_eq!(summaries.count(), 1);
}
