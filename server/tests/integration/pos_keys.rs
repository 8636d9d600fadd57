//! Till keys: made, renewed with or without an overlap, ended at once; each till has its own rate.

use std::sync::Arc;

use crate::support::place::Place;
use crate::support::raw::{Raw, Wire};
use crate::support::{Demo, TILL_KEY, sale, store};
use serde_json::json;

fn quote(demo: &Demo, key: &str) -> Raw {
    let body = json!({"lines": sale("", 1)["lines"]}).to_string();
    let (bearer, length) = (format!("Bearer {key}"), body.len().to_string());
    let mut wire = Wire::to(&demo.url);
    wire.head(
        "POST /pos/v1/receipts/quote",
        &[
            ("authorization", &bearer),
            ("content-type", "application/json"),
            ("content-length", &length),
        ],
    );
    wire.bytes(body.as_bytes());
    wire.answer()
}

fn till(demo: &Demo, args: &[&str]) -> Result<String, String> {
    let mut all = vec!["till"];
    all.extend_from_slice(args);
    let output = demo.run(&all);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stderr))
    }
}

/// Code of a store of the demo, and that of another.
fn stores(demo: &Demo) -> Vec<String> {
    let list = till(demo, &["list"]).unwrap();
    let mut stores: Vec<String> = list
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned())
        .collect();
    stores.dedup();
    stores
}

#[test]
fn a_renewed_key_replaces_the_old_one_at_once_or_after_an_overlap() {
    let demo = Demo::start();
    let store = stores(&demo).remove(0);
    let first = till(&demo, &["add", "Касса 7", "--store", &store]).unwrap();
    assert_eq!(first.len(), 64, "256 bits in hexadecimal");
    assert_eq!(quote(&demo, &first).status, 200);

    let second = till(&demo, &["rotate", "Касса 7"]).unwrap();
    assert_eq!(
        quote(&demo, &first).status,
        401,
        "no overlap: ended at once"
    );
    assert_eq!(quote(&demo, &second).status, 200);

    let third = till(&demo, &["rotate", "Касса 7", "--overlap", "24h"]).unwrap();
    assert_eq!(quote(&demo, &second).status, 200, "goes on");
    assert_eq!(quote(&demo, &third).status, 200);
    assert!(
        till(&demo, &["list"])
            .unwrap()
            .contains("the old one until")
    );

    store::change(
        &demo,
        "UPDATE tills SET old_key_ends_at = old_key_ends_at - 86400000000 WHERE old_key_ends_at IS NOT NULL",
    );
    assert_eq!(quote(&demo, &second).status, 401, "the overlap is over");
    assert_eq!(quote(&demo, &third).status, 200);

    let fourth = till(&demo, &["rotate", "Касса 7", "--overlap", "1h"]).unwrap();
    let statuses: Vec<u16> = [&first, &second, &third, &fourth]
        .iter()
        .map(|key| quote(&demo, key).status)
        .collect();
    assert_eq!(
        statuses,
        [401, 401, 200, 200],
        "only the one before goes on"
    );

    till(&demo, &["revoke", "Касса 7"]).unwrap();
    for key in [&third, &fourth] {
        let answer = quote(&demo, key);
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (401, "not-signed-in")
        );
    }
    assert!(
        till(&demo, &["rotate", "Касса 7"])
            .unwrap_err()
            .contains("revoked")
    );
    assert!(till(&demo, &["list"]).unwrap().contains("revoked"));
}

#[test]
fn wrong_commands_say_what_is_wrong() {
    let demo = Demo::start();
    assert!(
        till(&demo, &["rotate", "Nowhere"])
            .unwrap_err()
            .contains("no till Nowhere")
    );
    assert!(
        till(&demo, &["add", "x", "--store", "nowhere"])
            .unwrap_err()
            .contains("no store")
    );
    for overlap in ["soon", "-1h", "31d"] {
        let argument = format!("--overlap={overlap}");
        assert!(
            till(&demo, &["rotate", "x", &argument]).is_err(),
            "{overlap}"
        );
    }
}

#[test]
fn neither_list_nor_database_hold_a_key() {
    let demo = Demo::start();
    let store = stores(&demo).remove(0);
    let key = till(&demo, &["add", "Касса 8", "--store", &store]).unwrap();
    assert!(!till(&demo, &["list"]).unwrap().contains(&key));
    let data = demo.kill();
    for file in std::fs::read_dir(data.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let found = bytes.windows(key.len()).any(|part| part == key.as_bytes());
        assert!(!found, "a key is stored as itself");
    }
}

#[test]
fn a_till_does_not_see_receipts_of_another_store() {
    let demo = Demo::start();
    let list = till(&demo, &["list"]).unwrap();
    let own = list
        .lines()
        .find(|line| line.contains("\tpos\t"))
        .and_then(|line| line.split('\t').next())
        .unwrap()
        .to_owned();
    let stored = demo
        .commit("mine", &json!({"lines": sale("", 5)["lines"]}))
        .json();
    let id = stored["id"].as_str().unwrap();
    let get = |key: &str| {
        let mut wire = Wire::to(&demo.url);
        let bearer = format!("Bearer {key}");
        wire.head(
            &format!("GET /pos/v1/receipts/{id}"),
            &[("authorization", &bearer)],
        );
        wire.answer()
    };
    assert_eq!(get(TILL_KEY).status, 200);
    let neighbour = till(&demo, &["add", "Соседняя", "--store", &own]).unwrap();
    assert_eq!(
        get(&neighbour).status,
        200,
        "another till of the same store"
    );
    let code = "SELECT code FROM stores WHERE code <> $1 ORDER BY code";
    let other = store::word(&demo, code, &own);
    let stranger = till(&demo, &["add", "Чужая", "--store", &other]).unwrap();
    let answer = get(&stranger);
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (404, "not-found")
    );
}

#[test]
fn each_till_has_a_rate_of_its_own() {
    let options = ["--till-rate", "1", "--till-burst", "5"];
    let demo = Demo::start_with(Arc::new(Place::new()), &options);
    let store = stores(&demo).remove(0);
    let other = till(&demo, &["add", "Касса 9", "--store", &store]).unwrap();
    let answers: Vec<Raw> = (0..12).map(|_| quote(&demo, TILL_KEY)).collect();
    let refused: Vec<&Raw> = answers
        .iter()
        .filter(|answer| answer.status == 429)
        .collect();
    assert!(answers.iter().take(5).all(|answer| answer.status == 200));
    assert!(!refused.is_empty(), "twelve at once are too many for five");
    for answer in refused {
        assert_eq!(answer.problem(), "too-many-requests");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    assert_eq!(quote(&demo, &other).status, 200, "behind the same address");
}

#[test]
fn many_tills_behind_one_address_are_cut_only_without_a_key() {
    let demo = Demo::start();
    assert_eq!(quote(&demo, "wrong").status, 401);
    // So many that a slow machine too asks faster than is allowed for long.
    let cut = (0..20_000).any(|_| quote(&demo, "wrong").status == 429);
    assert!(cut, "guessing is slowed down");
    assert_eq!(quote(&demo, TILL_KEY).status, 200, "a valid key is served");
}
