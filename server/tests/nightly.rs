//! The night by command and beside the service: done once, refused before its time.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use support::{Demo, run};

fn said(output: &Output) -> (bool, String) {
    let text = [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8(bytes.clone()).unwrap())
        .concat();
    assert!(!text.contains("panicked"), "{text}");
    (output.status.success(), text)
}

/// Asks for the last night until somebody has done it: the service does it by itself soon after its start.
fn until_done(data: &Path) {
    let began = Instant::now();
    loop {
        let (_, text) = said(&run(data, &["nightly"]));
        if text.contains("was done before: nothing more was done") {
            return;
        }
        let both = text.contains("activated") || text.contains("another process");
        assert!(both && began.elapsed() < Duration::from_secs(30), "{text}");
    }
}

#[test]
fn a_night_is_done_once_also_when_a_service_does_it() {
    let demo = Demo::start();
    until_done(demo.data.path());
    assert!(demo.check().status.success());
    // The service is alive all the while.
    assert_eq!(support::Browser::new(&demo).get("/").status, 200);
}

#[test]
fn a_day_in_the_future_is_refused() {
    let demo = Demo::start();
    let (fine, text) = said(&run(demo.data.path(), &["nightly", "--day", "2999-01-01"]));
    assert!(!fine);
    assert!(text.contains("2999-01-01 has not ended yet"), "{text}");
}

#[test]
fn a_day_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (fine, text) = said(&run(folder.path(), &["nightly", "--day", "2026-02-30"]));
    assert!(!fine);
    assert!(text.contains("--day"), "{text}");
}

#[test]
fn without_a_programme_there_are_no_nights() {
    let folder = tempfile::tempdir().unwrap();
    let (fine, text) = said(&run(folder.path(), &["nightly"]));
    assert!(!fine);
    assert!(text.contains("no programme is in force"), "{text}");
}

#[test]
fn the_wallet_says_until_when_a_tier_holds() {
    let demo = Demo::start();
    let mut shopper = support::Browser::new(&demo);
    shopper.join("Рита");
    let card = shopper.key().fixed();
    assert!(!shopper.get("/card").text.contains("» до "));
    demo.commit("silver", &support::sale(&card, 15_000)).json();
    for page in ["/card", "/points"] {
        let text = shopper.get(page).text;
        assert!(text.contains("«Серебро» до "), "{page}");
    }
    let export = shopper.get("/settings/export.json").json();
    assert_eq!(export["tier"], "silver");
    assert_eq!(export["tier_changes"][0]["cause"], "upgrade");
}
