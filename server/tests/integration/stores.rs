//! A chain is set up by commands alone: stores, their tills, and where their clocks are.

use crate::support::{Demo, Place, said_at, sale};

#[test]
fn a_chain_is_set_up_without_a_demo() {
    let place = Place::without_tables();
    said_at(&place, &["migrate"]).unwrap();
    assert_eq!(said_at(&place, &["store", "list"]).unwrap(), "");
    let missing = said_at(&place, &["till", "add", "Till 1", "--store", "s1"]);
    assert!(missing.unwrap_err().contains("there is no store s1"));
    said_at(
        &place,
        &[
            "store",
            "add",
            "s1",
            "--name",
            "First",
            "--address",
            "High Street, 1",
        ],
    )
    .unwrap();
    let key = said_at(&place, &["till", "add", "Till 1", "--store", "s1"]).unwrap();
    assert!(!key.trim().is_empty());
    let samara = [
        "store",
        "add",
        "s2",
        "--name",
        "Second",
        "--time-zone",
        "Europe/Samara",
    ];
    said_at(&place, &[&samara[..], &["--status", "pilot"]].concat()).unwrap();
    let listed = said_at(&place, &["store", "list"]).unwrap();
    assert_eq!(
        listed,
        "s1\tactive\tthe programme's\tFirst\tHigh Street, 1\n\
         s2\tpilot\tEurope/Samara\tSecond\t\n"
    );
    // What is not said stays.
    said_at(
        &place,
        &["store", "set", "s1", "--time-zone", "Asia/Vladivostok"],
    )
    .unwrap();
    said_at(&place, &["store", "set", "s1", "--name", "The first"]).unwrap();
    said_at(
        &place,
        &[
            "store",
            "set",
            "s2",
            "--no-time-zone",
            "--status",
            "waiting",
        ],
    )
    .unwrap();
    assert_eq!(
        said_at(&place, &["store", "list"]).unwrap(),
        "s2\twaiting\tthe programme's\tSecond\t\n\
         s1\tactive\tAsia/Vladivostok\tThe first\tHigh Street, 1\n"
    );
}

#[test]
fn what_is_wrong_with_a_store_is_a_sentence() {
    let place = Place::without_tables();
    said_at(&place, &["migrate"]).unwrap();
    said_at(&place, &["store", "add", "s1", "--name", "First"]).unwrap();
    let long = "x".repeat(201);
    for (words, told) in [
        (
            vec!["add", "s1", "--name", "Again"],
            "a store with this code",
        ),
        (vec!["add", "S 1", "--name", "First"], "small Latin letters"),
        (vec!["add", "s2", "--name", " "], "1 to 200 characters"),
        (
            vec!["set", "s1", "--address", &long],
            "up to 200 characters",
        ),
        (
            vec!["set", "s3", "--name", "Third"],
            "There is no such store",
        ),
        (
            vec!["set", "s1", "--time-zone", "Europe/Samarra"],
            "there is no time zone Europe/Samarra",
        ),
        (vec!["set", "s1", "--time-zone", ""], "no time zone"),
        (vec!["set", "s1", "--status", "closed"], "possible values"),
    ] {
        let words = [&["store"][..], &words].concat();
        let said = said_at(&place, &words).unwrap_err();
        assert!(said.contains(told), "{words:?}: {said}");
    }
}

#[test]
fn a_store_that_waits_sells_nothing_under_the_programme() {
    let demo = Demo::start();
    let mut body = sale("", 1_000);
    body.as_object_mut().unwrap().remove("code");
    assert_eq!(demo.commit("before", &body).status, 201);
    said_at(
        &demo.data,
        &["store", "set", "center", "--status", "waiting"],
    )
    .unwrap();
    let refused = demo.commit("meanwhile", &body);
    assert_eq!(refused.problem(), "store-waiting");
    said_at(&demo.data, &["store", "set", "center", "--status", "pilot"]).unwrap();
    assert_eq!(demo.commit("after", &body).status, 201);
}
