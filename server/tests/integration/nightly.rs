//! The night by command and beside the service: done once, refused before its time.

use std::process::Output;
use std::time::{Duration, Instant};

use crate::support::{Demo, run};
use kopilka_core::store::jobs;

fn said(output: &Output) -> (bool, String) {
    let text = [&output.stdout, &output.stderr]
        .map(|bytes| String::from_utf8(bytes.clone()).unwrap())
        .concat();
    assert!(!text.contains("panicked"), "{text}");
    (output.status.success(), text)
}

/// Waits until the service has finished a night by itself; the day.
fn night_of_the_service(demo: &Demo) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = demo.data.open().await;
        let began = Instant::now();
        loop {
            let mut tx = db.read().await.unwrap();
            if let Some(day) = jobs::last_finished(&mut tx, "nightly").await.unwrap() {
                return day;
            }
            drop(tx);
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "no night is done"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}

#[test]
fn a_service_does_the_night_by_itself_and_a_second_time_does_nothing_more() {
    let demo = Demo::start();
    let day = night_of_the_service(&demo);
    for arguments in [&["nightly"][..], &["nightly", "--day", &day]] {
        let (fine, text) = said(&demo.run(arguments));
        assert!(fine);
        assert_eq!(
            text,
            format!("{day} was done before: nothing more was done\n")
        );
    }
    assert!(demo.check().status.success());
}

#[test]
fn the_command_prints_what_a_night_did() {
    let demo = Demo::start();
    night_of_the_service(&demo);
    let day = (chrono::Utc::now() - chrono::TimeDelta::days(300)).date_naive();
    let day = day.to_string();
    let (fine, text) = said(&demo.run(&["nightly", "--day", &day]));
    assert!(fine, "{text}");
    for step in [
        day.as_str(),
        "activated",
        "settled",
        "expired",
        "warned",
        "downgraded",
        "renewed",
        "took",
    ] {
        assert!(text.contains(step), "{step}: {text}");
    }
}

#[test]
fn a_day_in_the_future_is_refused() {
    let demo = Demo::start();
    let (fine, text) = said(&demo.run(&["nightly", "--day", "2999-01-01"]));
    assert!(!fine);
    assert!(text.contains("2999-01-01 has not ended yet"), "{text}");
}

#[test]
fn a_day_before_the_chain_began_is_refused_and_leaves_no_nights_to_do() {
    let demo = Demo::start();
    let day = night_of_the_service(&demo);
    let (fine, text) = said(&demo.run(&["nightly", "--day", "1970-01-01"]));
    assert!(!fine);
    assert!(
        text.contains("1970-01-01 is before the chain began"),
        "{text}"
    );
    let (fine, text) = said(&demo.run(&["nightly"]));
    assert!(fine);
    assert!(
        text.starts_with(&day) && text.lines().count() == 1,
        "{text}"
    );
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
    assert!(run(folder.path(), &["migrate"]).status.success());
    let (fine, text) = said(&run(folder.path(), &["nightly"]));
    assert!(!fine);
    assert!(text.contains("no programme is in force"), "{text}");
}

#[test]
fn the_wallet_says_until_when_a_tier_holds() {
    let demo = Demo::start();
    let mut shopper = crate::support::browser::Browser::new(&demo);
    shopper.join("Рита");
    let card = shopper.key().fixed();
    assert!(!shopper.get("/card").text.contains("» до "));
    demo.commit("silver", &crate::support::sale(&card, 15_000))
        .json();
    for page in ["/card", "/points"] {
        let text = shopper.get(page).text;
        assert!(text.contains("«Серебро» до "), "{page}");
    }
    let export = shopper.get("/settings/export.json").json();
    assert_eq!(export["tier"], "silver");
    assert_eq!(export["tier_changes"][0]["cause"], "upgrade");
}
