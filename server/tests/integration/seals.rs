//! Seals as an operator meets them: made by the serving process, verified by `kopilka check`.

use std::process::Output;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::browser::Browser;
use crate::support::{Demo, Place, agent, kopilka, run_at, sale};
use kopilka_core::store::engine::{Statement, sql};

/// Waits until the job has sealed at least once.
fn wait_for_seals(demo: &Demo) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let mut answer = agent().get(format!("{}/metrics", demo.url)).call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        if text.contains("kopilka_job_done_timestamp_seconds{job=\"sealing\"}") {
            return;
        }
        assert!(Instant::now() < until, "nothing is sealed");
        std::thread::yield_now();
    }
}

/// Data of a demo that has stopped and whose chains are sealed.
fn sealed_data() -> Arc<Place> {
    let demo = Demo::start();
    wait_for_seals(&demo);
    demo.kill()
}

fn execute(place: &Place, statement: Statement) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = place.open().await;
        let mut tx = db.write_test_data().await.unwrap();
        assert!(statement.execute(&mut tx).await.unwrap() > 0);
        tx.commit().await.unwrap();
        db.close().await;
    });
}

/// Whether the check was content, and all that it printed.
fn said(output: &Output) -> (bool, String) {
    let text =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    (output.status.success(), text.concat())
}

#[test]
fn the_check_names_the_first_line_that_was_changed_and_the_end_of_sound_chains() {
    let place = sealed_data();
    let (fine, text) = said(&run_at(&place, &["check"]));
    assert!(fine, "{text}");
    for table in ["audit", "entries"] {
        assert!(text.contains(&format!("{table}: the lines ")), "{text}");
    }
    let change = "UPDATE audit SET outcome = 'refused' WHERE id = (SELECT line_id FROM audit_seals ORDER BY number DESC LIMIT 1)";
    execute(&place, sql(change));
    let (fine, text) = said(&run_at(&place, &["check"]));
    assert!(!fine);
    assert!(text.contains("audit: number "), "{text}");
    assert!(text.contains("the line was changed"), "{text}");
    assert!(
        text.contains("the seals do not fit in 1 place(s)"),
        "{text}"
    );
}

#[test]
fn the_check_says_that_emptied_seal_tables_seal_nothing() {
    let place = sealed_data();
    for text in [
        "DELETE FROM audit_seals",
        "DELETE FROM ledger_seals",
        "DELETE FROM seal_chains",
    ] {
        execute(&place, sql(text));
    }
    let (fine, text) = said(&run_at(&place, &["check"]));
    assert!(fine, "{text}");
    for table in ["audit", "entries"] {
        let line = format!("{table}: no line is sealed");
        assert!(text.contains(&line), "{text}");
    }
}

#[test]
fn points_that_are_raised_consistently_are_found() {
    let place = sealed_data();
    for text in [
        "UPDATE lots SET earned = earned + 100000, remaining = remaining + 100000 WHERE id = (SELECT l.id FROM lots l \
         JOIN accounts a ON a.member_id = l.member_id WHERE a.balance = (SELECT MAX(balance) FROM accounts) \
         AND l.state <> 'closed' ORDER BY l.id LIMIT 1)",
        "UPDATE entries SET points = points + 100000 WHERE id = (SELECT e.id FROM entries e \
         JOIN accounts a ON a.member_id = e.member_id WHERE a.balance = (SELECT MAX(balance) FROM accounts) \
         AND e.kind = 'earn' ORDER BY e.id LIMIT 1)",
        // Last, because the others look for this account.
        "UPDATE accounts SET balance = balance + 100000 WHERE balance = (SELECT MAX(balance) FROM accounts)",
    ] {
        execute(&place, sql(text));
    }
    let (fine, text) = said(&run_at(&place, &["check"]));
    assert!(!fine);
    assert!(!text.contains("does not add up"), "{text}");
    assert!(
        text.contains("the entry or one of its allocations was changed"),
        "{text}"
    );
}

#[test]
fn a_missing_key_and_another_one_are_said_in_a_sentence() {
    let place = sealed_data();
    let file = place.path().join("kopilka.key");
    let key = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let (fine, text) = said(&run_at(&place, &["check"]));
    assert!(fine, "{text}");
    assert!(
        text.contains("the seals were not verified, only their numbers: the secret key of this database is not here"),
        "{text}"
    );
    let check_with = |key: &[u8]| {
        let mut program = kopilka();
        place.tell(&mut program);
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        said(
            &program
                .arg("check")
                .env("KOPILKA_KEY", hex)
                .output()
                .unwrap(),
        )
    };
    let (fine, text) = check_with(&[9; 32]);
    assert!(!fine);
    assert!(
        text.contains("is not the one that this database was used with"),
        "{text}"
    );
    assert!(
        !text.contains("was changed") && !text.contains("do not fit"),
        "{text}"
    );
    let (fine, text) = check_with(&key);
    assert!(fine, "{text}");
    assert!(text.contains("audit: the lines "), "{text}");
}

#[test]
fn lines_of_a_process_that_was_killed_are_sealed_by_the_next_one() {
    let demo = Demo::start();
    wait_for_seals(&demo);
    let mut shopper = Browser::new(&demo);
    shopper.join("Рита");
    demo.commit("late", &sale(&shopper.key().fixed(), 1_000))
        .json();
    let place = demo.kill();
    // Not sealed yet is no fault.
    let (fine, before) = said(&run_at(&place, &["check"]));
    assert!(fine, "{before}");
    let demo = Demo::start_in(Arc::clone(&place));
    wait_for_seals(&demo);
    let (fine, after) = said(&demo.check());
    assert!(fine, "{after}");
    assert_ne!(before, after);
}
