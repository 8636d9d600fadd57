//! Lists of members of an offer by the command line.

use crate::support::browser::Browser;
use crate::support::{Demo, Place, run_at, said_at};

fn said(demo: &Demo, words: &[&str]) -> String {
    let out = demo.run(&[&["offer", "members"], words].concat());
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn a_list_is_filled_shown_and_emptied() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    browser.join("Анна");
    let code = browser.key().fixed();
    let card = code.strip_prefix("70").unwrap();
    let added = demo.run(&["offer", "members", "birthday", "add", card, card]);
    assert!(added.status.success(), "{added:?}");
    assert_eq!(added.stdout, b"1 added, 0 were there already\n");
    let warned = String::from_utf8(added.stderr).unwrap();
    assert!(
        warned.contains("warning: the offer birthday is not for named members"),
        "{warned}"
    );
    let list = said(&demo, &["birthday", "list"]);
    let columns: Vec<&str> = list.trim_end().split('\t').collect();
    assert_eq!(columns.len(), 3, "{list}");
    // Of a card only the end is said.
    let end = card.get(12..).unwrap();
    assert_eq!(columns[1], format!("…{end}"));
    // What was listed can be read again.
    let place = Place::without_tables();
    let file = place.path().join("list.tsv");
    std::fs::write(&file, &list).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(
        said(&demo, &["birthday", "add", "--file", file]),
        "0 added, 1 were there already\n"
    );
    assert_eq!(
        said(&demo, &["birthday", "remove", "--file", file]),
        "1 removed, 0 were not there\n"
    );
    assert_eq!(said(&demo, &["birthday", "list"]), "");
    assert_eq!(said(&demo, &["birthday", "clear"]), "0 removed\n");
    let unknown = demo.run(&["offer", "members", "birthday", "add", card, "12345"]);
    assert_eq!(unknown.status.code(), Some(1));
    let why = String::from_utf8(unknown.stderr).unwrap();
    assert!(why.contains("line 2 names no member"), "{why}");
    assert!(why.contains("nothing is stored"), "{why}");
    assert_eq!(said(&demo, &["birthday", "list"]), "");
}

#[test]
fn a_document_that_names_members_is_refused_with_the_command_that_does() {
    let demo = Demo::start();
    let unknown = demo.run(&["offer", "members", "no-such-offer", "add", "1"]);
    let why = String::from_utf8(unknown.stderr).unwrap();
    assert!(why.contains("has the offer no-such-offer"), "{why}");
    let place = Place::without_tables();
    let document = include_str!("../../core/demo/programme.toml");
    let named = document.replacen(
        "first_purchase = true,",
        "members = [\"0198c0de-0000-7000-8000-000000000001\"],",
        1,
    );
    assert_ne!(document, named);
    let file = place.path().join("programme.toml");
    std::fs::write(&file, named).unwrap();
    let file = file.to_str().unwrap();
    let checked = run_at(&place, &["programme", "check", file, "--offline"]);
    assert!(!checked.status.success(), "{checked:?}");
    let told = String::from_utf8([checked.stdout, checked.stderr].concat()).unwrap();
    assert!(
        told.contains("kopilka offer members first-purchase add"),
        "{told}"
    );
    let asked = document.replacen("first_purchase = true,", "named_members = true,", 1);
    std::fs::write(place.path().join("programme.toml"), asked).unwrap();
    said_at(&place, &["programme", "check", file, "--offline"]).unwrap();
}
