//! `kopilka demo` as an operator runs it: a new database is filled whole, any other is left as it is.

use crate::support::{Place, run_at, said_at};

const SMALL: [&str; 9] = [
    "demo",
    "--members",
    "30",
    "--receipts",
    "200",
    "--seed",
    "5",
    "--day",
    "2026-11-01",
];

/// Holds that what is stored adds up.
fn adds_up(place: &Place) {
    let output = run_at(place, &["check"]);
    assert!(output.status.success(), "{output:?}");
}

/// The numbers of a line.
fn numbers(line: &str) -> Vec<i64> {
    line.split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect()
}

#[test]
fn a_new_database_is_filled_with_as_much_as_was_asked_for() {
    let place = Place::without_tables();
    let line = said_at(&place, &SMALL).unwrap();
    let told = numbers(&line);
    let [members, sales, returns, points] = told[..] else {
        panic!("{line}");
    };
    assert_eq!(
        line,
        format!("{members} members with {sales} sales, {returns} returns and {points} points\n")
    );
    assert_eq!((members, sales + returns), (30, 200));
    assert!(points > 0, "{line}");
    adds_up(&place);
    // The same seed makes the same chain of the same day.
    let other = Place::without_tables();
    assert_eq!(said_at(&other, &SMALL).unwrap(), line);
}

#[test]
fn a_database_that_holds_something_is_left_as_it_is() {
    let place = Place::without_tables();
    said_at(&place, &SMALL).unwrap();
    let stores = said_at(&place, &["store", "list"]).unwrap();
    let said = said_at(&place, &SMALL).unwrap_err();
    assert!(said.contains("a demo chain fills"), "{said}");
    adds_up(&place);
    assert_eq!(said_at(&place, &["store", "list"]).unwrap(), stores);
    // Not only a demo is something.
    let chain = Place::without_tables();
    said_at(&chain, &["migrate"]).unwrap();
    said_at(&chain, &["store", "add", "s1", "--name", "First"]).unwrap();
    let said = said_at(&chain, &SMALL).unwrap_err();
    assert!(said.contains("a demo chain fills"), "{said}");
    let stores = said_at(&chain, &["store", "list"]).unwrap();
    assert_eq!(stores.lines().count(), 1, "{stores}");
    adds_up(&chain);
}

#[test]
fn what_cannot_be_filled_is_a_sentence_and_nothing_is_made() {
    let place = Place::without_tables();
    for (words, told) in [
        (vec!["--members", "0"], "a demo chain has 1 to "),
        (
            vec!["--members", "1", "--receipts", "1001"],
            "at most 1000 receipts for each member",
        ),
        (vec!["--members", "some"], "invalid value 'some'"),
        (vec!["--day", "yesterday"], "invalid value 'yesterday'"),
        (vec!["--day", "2026-02-30"], "invalid value '2026-02-30'"),
        (vec!["--day", "2999-01-01"], "2999-01-01 has not come yet"),
    ] {
        let words = [&["demo"][..], &words].concat();
        let said = said_at(&place, &words).unwrap_err();
        assert!(said.contains(told), "{words:?}: {said}");
    }
    let nothing = said_at(&place, &["check"]).unwrap_err();
    assert!(nothing.contains("there is no database in"), "{nothing}");
}
