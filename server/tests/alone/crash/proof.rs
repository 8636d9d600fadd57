//! What must hold after a crash: an answered commit is there once and is answered with the same bytes; one that was not
//! answered is there once or not at all, and a repeat with the same key settles it.

use std::collections::HashMap;

use kopilka_core::ids::ReceiptId;
use serde_json::{Value, json};

use super::posted::{Posted, Told};
use super::queue::QueueTill;
use super::till::Till;
use crate::support::store::{self, Identity};
use crate::support::{Demo, agent};

/// Receipts by their identity, with their ids; parked ones without.
type Stored = HashMap<Identity, Option<ReceiptId>>;

/// Holds all this for what was posted since the crash before.
pub fn prove(demo: &Demo, tills: &mut [Till], queue: &QueueTill) {
    queue.finish(&demo.url);
    let before = stored(demo);
    for till in tills.iter_mut() {
        settle(demo, till, &before);
    }
    for till in tills.iter_mut() {
        repeat(demo, till.checked, &mut till.book);
        till.checked = till.book.len();
    }
    // Nothing else is there either.
    let mut expected: Vec<&Identity> = tills
        .iter()
        .flat_map(|till| &till.book)
        .filter(|posted| posted.told.as_ref().is_some_and(|told| told.status < 300))
        .map(|posted| &posted.identity)
        .chain(&queue.pushed)
        .collect();
    let after = stored(demo);
    let mut seen: Vec<&Identity> = after.keys().collect();
    expected.sort();
    seen.sort();
    assert_eq!(seen, expected);
    let waiting = queue.pushed.iter().find(|item| after[*item].is_none());
    assert_eq!(waiting, None, "a queue is sent in order, so nothing waits");
    let checked = demo.check();
    assert!(checked.status.success(), "{checked:?}");
}

/// Repeats everything that every cycle has posted.
pub fn prove_all(demo: &Demo, tills: &mut [Till]) {
    for till in tills {
        repeat(demo, 0, &mut till.book);
    }
}

fn stored(demo: &Demo) -> Stored {
    let rows = store::receipts(demo, "crash");
    let count = rows.len();
    let stored: Stored = rows.into_iter().collect();
    assert_eq!(stored.len(), count, "each once");
    stored
}

/// The answer to a repeat; others may be in the way for a moment, but not for long.
fn again(demo: &Demo, posted: &Posted) -> Told {
    let agent = agent();
    (0..10)
        .find_map(|_| posted.send(&agent, &demo.url))
        .unwrap_or_else(|| panic!("no answer to a repeat: {posted:?}"))
}

fn id(told: &Told) -> Option<ReceiptId> {
    let id = told.json()["id"].as_str()?.to_owned();
    Some(serde_json::from_value(json!(id)).unwrap())
}

/// Compares what was answered with what is there, and repeats what was not answered.
fn settle(demo: &Demo, till: &mut Till, before: &Stored) {
    for at in till.checked..till.book.len() {
        let posted = &till.book[at];
        let there = before.get(&posted.identity);
        match &posted.told {
            Some(told) if told.is_stored() => {
                assert_eq!(there, Some(&id(told)), "{posted:?}");
            }
            Some(told) if told.is_parked() => assert!(there.is_some(), "{posted:?}"),
            Some(_) => assert_eq!(there, None, "{posted:?}"),
            None => {
                let told = again(demo, posted);
                match there {
                    Some(Some(receipt)) => assert_eq!(id(&told), Some(*receipt), "{posted:?}"),
                    Some(None) => assert!(told.status < 300, "{posted:?}: {told:?}"),
                    None => {}
                }
                till.book[at].told = Some(told);
                let posted = till.book[at].clone();
                till.learn(&posted);
            }
        }
    }
}

/// Repeats what is stored or waits, and looks at what is stored.
fn repeat(demo: &Demo, from: usize, book: &mut [Posted]) {
    let sales: Vec<Identity> = book
        .iter()
        .filter(|posted| posted.is_sale() && posted.told.as_ref().is_some_and(Told::is_stored))
        .map(|posted| posted.identity.clone())
        .collect();
    for posted in &mut book[from..] {
        let told = posted.told.clone().unwrap();
        if told.status >= 300 {
            continue;
        }
        let again = again(demo, posted);
        let sale = &posted.body["return"]["sale"]["number"];
        let due = sales.iter().any(|(_, _, number)| sale == number.as_str());
        if told.is_parked() && due {
            assert!(again.is_stored(), "{posted:?}: {again:?}");
        } else {
            assert_eq!(again, told, "{posted:?}");
        }
        if again.is_stored() {
            look(demo, posted, &again.json());
        }
        posted.told = Some(again);
    }
}

/// A stored receipt is the one that was answered, and has moved the points that it says, once.
fn look(demo: &Demo, posted: &Posted, answer: &Value) {
    let stored = demo.stored(answer["id"].as_str().unwrap());
    assert_eq!(stored.status, 200, "{}", stored.text);
    let stored = stored.json();
    let (kind, shift, number) = &posted.identity;
    for (part, expected) in [("kind", kind), ("shift", shift), ("number", number)] {
        assert_eq!(stored[part], expected.as_str(), "{posted:?}");
    }
    let moved = |kind: &str| -> i64 {
        let entries = stored["entries"].as_array().unwrap();
        entries
            .iter()
            .filter(|entry| entry["kind"] == kind)
            .map(|entry| entry["points"].as_i64().unwrap())
            .sum()
    };
    let said = |part: &str| answer[part].as_i64().unwrap();
    if posted.is_sale() {
        assert_eq!(
            (moved("earn"), moved("spend")),
            (said("earned"), -said("spent")),
            "{stored}"
        );
    } else {
        assert_eq!(moved("restore"), said("restored"), "{stored}");
    }
}
