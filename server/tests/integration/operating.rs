//! Starting and failing to start: a sentence on stderr and an exit code, never a panic.

use std::net::TcpListener;

use crate::support::{Demo, Place, bare, kopilka, run, run_at};

fn said(output: &std::process::Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    assert!(!output.status.success());
    text
}

#[test]
fn a_database_that_cannot_be_opened_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("kopilka.db"),
        "this is no database, only text".repeat(99),
    )
    .unwrap();
    let text = said(&run(folder.path(), &["migrate"]));
    assert!(text.contains("kopilka.db cannot be opened"), "{text}");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let text = said(&run(&file.join("inside"), &["migrate"]));
    assert!(text.contains("cannot be made"), "{text}");
}

#[test]
fn a_database_of_a_newer_version_is_a_sentence() {
    let place = Place::without_tables();
    assert!(run_at(&place, &["migrate"]).status.success());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        use kopilka_core::store::engine::sql;
        let db = place.open().await;
        let mut tx = db.write_test_data().await.unwrap();
        sql("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'from the future', TRUE, $1, 0)")
        .bind(vec![0])
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    });
    let text = said(&run_at(&place, &["migrate"]));
    assert!(text.contains("newer version"), "{text}");
}

#[test]
fn only_serve_and_migrate_bring_an_older_database_up_to_date() {
    let place = Place::without_tables();
    assert!(run_at(&place, &["migrate"]).status.success());
    // As the version before the newest migration has left it.
    bare::change(&place, "DROP TABLE offer_members");
    bare::change(&place, "DELETE FROM _sqlx_migrations WHERE version = 39");
    let file = place.path().join("copy");
    let file = file.to_str().unwrap();
    for command in [
        ["check"].as_slice(),
        &["backup", file],
        &["till", "list"],
        &["nightly"],
    ] {
        let text = said(&run_at(&place, command));
        assert!(
            text.contains("earlier version of kopilka") && text.contains("kopilka migrate"),
            "{text}"
        );
    }
    let newest = "SELECT CAST(MAX(version) AS TEXT) FROM _sqlx_migrations";
    assert_eq!(bare::texts(&place, newest), ["38"]);
    assert!(run_at(&place, &["migrate"]).status.success());
    assert_eq!(bare::texts(&place, newest), ["39"]);
    assert!(run_at(&place, &["check"]).status.success());
}

#[cfg(unix)]
#[test]
fn a_log_that_no_terminal_shows_has_no_colours_and_may_be_json() {
    let folder = tempfile::tempdir().unwrap();
    // A folder with a file of another program is warned of.
    std::fs::write(folder.path().join("notes.txt"), "").unwrap();
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let log = |args: &[&str]| {
        let output = run(folder.path(), args);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let text = log(&["migrate"]);
    assert!(
        text.contains("WARN") && text.contains("other programs"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let json = log(&["--log-format", "json", "migrate"]);
    let line: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(line["level"], "WARN");
    let message = line["fields"]["message"].as_str().unwrap();
    assert!(message.contains("other programs"), "{message}");
}

#[test]
fn an_address_that_leads_nowhere_is_a_sentence_without_its_password() {
    for url in [
        "postgres://someone:hush-hush@127.0.0.1:1/nowhere",
        "postgres://someone:hush-hush@no such host/nowhere",
        "postgres://someone:hush-hush@127.0.0.1:99999/nowhere",
        "mysql://someone:hush-hush@127.0.0.1/nowhere",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = kopilka()
            .arg("--data")
            .arg(folder.path())
            .arg("migrate")
            .env("DATABASE_URL", url)
            .output()
            .unwrap();
        let text = said(&output);
        assert!(text.contains("database"), "{text}");
        assert!(!text.contains("hush"), "{text}");
    }
    let help = kopilka()
        .arg("--help")
        .env("DATABASE_URL", "postgres://someone:hush-hush@127.0.0.1/x")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("DATABASE_URL") && !help.contains("hush"),
        "{help}"
    );
}

#[test]
fn a_ledger_that_does_not_add_up_fails_the_check() {
    let demo = Demo::start();
    let sound = demo.check();
    assert!(sound.status.success(), "{sound:?}");
    let place = demo.kill();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        use kopilka_core::store::engine::sql;
        let db = place.open().await;
        let mut tx = db.write_test_data().await.unwrap();
        sql("UPDATE accounts SET balance = balance + 5")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    });
    let broken = run_at(&place, &["check"]);
    let told = String::from_utf8(broken.stdout.clone()).unwrap();
    assert!(told.contains("but its entries sum to"), "{told}");
    assert!(said(&broken).contains("does not add up in 10 place(s)"));
}

#[test]
fn a_backup_of_a_running_shop_is_restored_elsewhere() {
    let demo = Demo::start();
    let mut shopper = crate::support::browser::Browser::new(&demo);
    shopper.join("Рита");
    let card = shopper.key().fixed();
    demo.commit("before", &crate::support::sale(&card, 1000));
    let file = demo.data.path().join("backup");
    let file = file.to_str().unwrap();
    assert!(demo.run(&["backup", file]).status.success());
    let after = demo
        .commit("after", &crate::support::sale(&card, 1000))
        .json();
    let place = Place::without_tables();
    let restored = run_at(&place, &["restore", file]);
    assert!(restored.status.success(), "{restored:?}");
    assert!(said(&run_at(&place, &["restore", file])).contains("--replace"));
    assert!(run_at(&place, &["check"]).status.success());
    // A backup does not hold the secret key: it is brought along.
    let unkeyed = said(&run_at(
        &place,
        &["serve", "--demo", "--listen", "127.0.0.1:0"],
    ));
    assert!(
        unkeyed.contains("the secret key of this database is missing"),
        "{unkeyed}"
    );
    let key = |place: &Place| place.path().join("kopilka.key");
    std::fs::copy(key(&demo.data), key(&place)).unwrap();
    // The backup is from before the second sale, which is new there.
    let second = Demo::start_in(std::sync::Arc::new(place));
    let again = second
        .commit("after", &crate::support::sale(&card, 1000))
        .json();
    assert_ne!(again["id"], after["id"]);
    assert_eq!(again["balance"], after["balance"]);
}

#[test]
fn a_port_in_use_is_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let text = said(&run(
        folder.path(),
        &["serve", "--demo", "--listen", &address],
    ));
    assert!(text.contains("cannot be listened at"), "{text}");
}

#[test]
fn a_second_start_keeps_what_the_first_stored() {
    let demo = Demo::start();
    let mut shopper = crate::support::browser::Browser::new(&demo);
    shopper.join("Рита");
    let card = shopper.key().fixed();
    let earned = demo
        .commit("before", &crate::support::sale(&card, 1000))
        .json();
    let demo = Demo::start_in(demo.kill());
    let found = demo
        .pos("members/lookup", None, &serde_json::json!({"code": card}))
        .json();
    assert_eq!(found["points"], earned["balance"]);
}

#[test]
fn staff_passwords_come_from_standard_input_and_are_checked() {
    use std::io::Write;
    let demo = Demo::start();
    let mut program = kopilka();
    demo.data.tell(&mut program);
    let mut child = program
        .args(["staff", "add", "new", "--name", "Demo", "--till", "Касса 2"])
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"short\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(said(&output).contains("At least 12 characters"));
}

#[test]
fn a_mistyped_place_is_told_and_nothing_is_made_there() {
    let place = Place::without_tables();
    let data = place.path().join("none");
    let mistyped = |args: &[&str]| {
        let mut program = kopilka();
        match place.url() {
            None => program.env_remove("DATABASE_URL"),
            Some(url) => program.env("DATABASE_URL", url),
        };
        program.arg("--data").arg(&data).args(args);
        program.stdin(std::process::Stdio::null()).output().unwrap()
    };
    let file = place.path().join("file");
    std::fs::write(&file, include_str!("../../core/demo/programme.toml")).unwrap();
    let file = file.to_str().unwrap();
    let backup = place.path().join("backup");
    let days = ["--from", "2026-01-01", "--until", "2026-01-02"];
    for args in [
        &["check"][..],
        &["backup", backup.to_str().unwrap()],
        &["nightly"],
        &["audit"],
        &["points", "waiting"],
        &["card", "print", "1"],
        &["gift", "stock"],
        &["till", "list"],
        &["till", "add", "1", "--store", "1"],
        &["staff", "add", "one", "--name", "One"],
        &["products", "list"],
        &["programme", "check", file],
        &["programme", "diff", file],
        &["programme", "show"],
        &["programme", "list"],
        &["programme", "apply", file],
        &[&["programme", "simulate", file][..], &days].concat(),
    ] {
        let text = said(&mistyped(args));
        assert!(text.contains("there is no database in"), "{args:?}: {text}");
        assert!(text.contains("`kopilka migrate`"), "{args:?}: {text}");
        assert!(!data.exists(), "{args:?}");
    }
    assert!(!backup.exists());
    if place.url().is_none() {
        // A file that has just been made is no database either.
        std::fs::create_dir(&data).unwrap();
        std::fs::write(data.join("kopilka.db"), "").unwrap();
        assert!(said(&mistyped(&["check"])).contains("there is no database in"));
        std::fs::remove_dir_all(&data).unwrap();
    }
    assert!(mistyped(&["migrate"]).status.success());
    assert!(mistyped(&["check"]).status.success());
}

#[test]
fn names_of_tills_and_staff_are_short_and_have_no_control_characters() {
    use std::io::Write;
    let demo = Demo::start();
    let list = demo.run(&["till", "list"]);
    let list = String::from_utf8(list.stdout).unwrap();
    let store = list.split('\t').next().unwrap();
    let add_staff = |login: &str, name: &str| {
        let mut program = kopilka();
        demo.data.tell(&mut program);
        let mut child = program
            .args(["staff", "add", login, "--name", name])
            .stdin(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child
            .stdin
            .take()
            .unwrap()
            .write_all(b"long enough words\n");
        child.wait_with_output().unwrap()
    };
    let long = "я".repeat(65);
    for wrong in ["", "  ", &long, "one\ntwo", "one\u{1b}[2J"] {
        let till = demo.run(&["till", "add", wrong, "--store", store]);
        assert!(said(&till).contains("1 to 64 characters"), "{wrong:?}");
        let staff = add_staff(wrong, "One");
        assert!(said(&staff).contains("1 to 64 characters"), "{wrong:?}");
    }
    for wrong in ["", "  ", &long, "\u{200b}\u{3164}"] {
        let staff = add_staff("one", wrong);
        assert!(said(&staff).contains("1 to 64 characters"), "{wrong:?}");
    }
    // What nobody can see is left out of a person's name.
    assert!(add_staff("one", "One\u{1b}\u{202e}").status.success());
    let right = "я".repeat(64);
    let till = demo.run(&["till", "add", &right, "--store", store]);
    assert!(till.status.success(), "{till:?}");
    assert!(add_staff(&right, &right).status.success());
}
