//! The demo shows one-time passwords to whoever asks and has known passwords, so it is for one machine and its own data.
//! What any database holds is for its owner alone.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{Demo, Place, run, run_at, said_at};

fn refusal(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn served_with(options: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &[&["serve", "--demo"], options].concat());
    assert!(
        !folder.path().join("kopilka.db").exists(),
        "nothing is made for a demo that is refused"
    );
    refusal(&output)
}

#[test]
fn the_demo_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:3000"] {
        let text = served_with(&["--listen", address]);
        assert!(text.contains("--listen 127.0.0.1:3000"), "{text}");
    }
}

#[test]
fn the_demo_has_no_public_address() {
    for url in [
        "https://club.example.com",
        "http://localhost@club.example.com",
        "http://192.0.2.1:3000",
        "https://localhost/path",
    ] {
        let text = served_with(&["--listen", "127.0.0.1:0", "--public-url", url]);
        assert!(text.contains(url), "{text}");
    }
}

#[test]
fn the_demo_opens_no_other_chains_database() {
    let place = Place::without_tables();
    said_at(&place, &["migrate"]).unwrap();
    said_at(&place, &["store", "add", "s1", "--name", "First"]).unwrap();
    let text = refusal(&run_at(
        &place,
        &["serve", "--demo", "--listen", "127.0.0.1:0"],
    ));
    assert!(text.contains("not the demo's"), "{text}");
    assert_eq!(
        said_at(&place, &["store", "list"]).unwrap(),
        "s1\tactive\tthe programme's\tFirst\t\n",
        "it is as it was"
    );
}

/// Tables and columns of the database, and the migrations that it had.
fn schema(place: &Place) -> Vec<String> {
    let text = match place.url() {
        None => "SELECT name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1",
        Some(_) => {
            "SELECT table_name || ' ' || column_name || ' ' || data_type FROM information_schema.columns \
             WHERE table_schema = current_schema() ORDER BY 1"
        }
    };
    let mut found = crate::support::bare::texts(place, text);
    found.extend(crate::support::bare::texts(
        place,
        "SELECT CAST(version AS TEXT) FROM _sqlx_migrations ORDER BY version",
    ));
    found
}

#[test]
fn the_demo_changes_nothing_of_another_chains_older_database() {
    let place = Place::without_tables();
    said_at(&place, &["migrate"]).unwrap();
    said_at(&place, &["store", "add", "s1", "--name", "First"]).unwrap();
    // As an older version has left it: without a column and its migration.
    for text in [
        "ALTER TABLE challenge_tokens DROP COLUMN tries",
        "DELETE FROM _sqlx_migrations WHERE version = 31",
    ] {
        crate::support::bare::change(&place, text);
    }
    let file = place.path().join("kopilka.db");
    let bytes = || std::fs::read(&file).ok();
    let (before, schema_before) = (bytes(), schema(&place));
    let refused = run_at(&place, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert!(refusal(&refused).contains("not the demo's"));
    if place.url().is_some() {
        // A SQLite file that is there is refused without being opened.
        let refused = run_at(&place, &["demo", "--members", "10", "--receipts", "20"]);
        assert!(refusal(&refused).contains("not empty"));
    }
    assert!(bytes() == before, "the file is as it was");
    assert_eq!(schema(&place), schema_before);
}

#[test]
fn the_demo_opens_no_database_of_another_program() {
    let place = Place::without_tables();
    crate::support::bare::change(&place, "CREATE TABLE notes (text TEXT)");
    let refused = run_at(&place, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert!(refusal(&refused).contains("not the demo's"));
    let tables = match place.url() {
        None => "SELECT name FROM sqlite_schema",
        Some(_) => {
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
        }
    };
    assert_eq!(crate::support::bare::texts(&place, tables), ["notes"]);
}

#[test]
fn the_demo_answers_to_names_of_this_machine_only() {
    let demo = Demo::start();
    let port = demo.url.rsplit(':').next().unwrap();
    let status = |path: &str, host: &str| {
        let answer = crate::support::agent()
            .get(format!("{}{path}", demo.url))
            .header("host", host)
            .call();
        answer.unwrap().status().as_u16()
    };
    for path in ["/outbox", "/", "/health/live", "/pos/v1/docs"] {
        for host in ["localhost", "127.0.0.1", "[::1]", "shop.localhost"] {
            assert_eq!(status(path, host), 200, "{host}{path}");
            assert_eq!(status(path, &format!("{host}:{port}")), 200, "{host}{path}");
        }
        for host in ["evil.example", "localhost.evil.example", "192.168.1.5"] {
            assert_eq!(status(path, host), 421, "{host}{path}");
            assert_eq!(status(path, &format!("{host}:{port}")), 421, "{host}{path}");
        }
    }
    // Neither does a form, and the answer shows nothing of anybody.
    let mut answer = crate::support::agent()
        .get(format!("{}/outbox", demo.url))
        .header("host", "evil.example")
        .call()
        .unwrap();
    let page = answer.body_mut().read_to_string().unwrap();
    assert!(page.contains("127.0.0.1") && page.len() < 1_000, "{page}");
}

#[test]
fn the_demo_opens_a_chain_that_the_demo_command_filled() {
    let place = Place::without_tables();
    let small = ["demo", "--members", "10", "--receipts", "20"];
    said_at(&place, &small).unwrap();
    let demo = Demo::start_in(Arc::new(place));
    assert_eq!(
        crate::support::browser::Browser::new(&demo).get("/").status,
        200
    );
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn the_folder_and_all_files_of_the_database_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let data = outer.path().join("chain/data");
    assert!(run(&data, &["migrate"]).status.success());
    assert_eq!(mode(&data), 0o700);
    let database = data.join("kopilka.db");
    assert_eq!(mode(&database), 0o600);

    // One from before, which others could read.
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(run(&data, &["migrate"]).status.success());
    assert_eq!((mode(&data), mode(&database)), (0o700, 0o600));

    // A folder that is used for more than Kopilka keeps its mode, and the operator is warned.
    std::fs::write(data.join("notes.txt"), "").unwrap();
    for (open, others) in [(0o755, "see the names"), (0o777, "replace the database")] {
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(open)).unwrap();
        let migrated = run(&data, &["migrate"]);
        assert!(migrated.status.success());
        assert_eq!((mode(&data), mode(&database)), (open, 0o600));
        let said = String::from_utf8(migrated.stderr).unwrap();
        assert!(
            said.contains("files of other programs") && said.contains(others),
            "{said}"
        );
    }
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert!(run(&data, &["migrate"]).stderr.is_empty());
}

#[cfg(unix)]
#[test]
fn the_log_of_a_served_database_is_for_its_owner_alone_also_once_it_is_made_again() {
    use std::os::unix::fs::PermissionsExt;
    let place = Arc::new(Place::without_tables());
    if place.url().is_some() {
        return;
    }
    // In a folder that others may read.
    std::fs::write(place.path().join("notes.txt"), "").unwrap();
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    for _ in 0..2 {
        let demo = Demo::start_in(Arc::clone(&place));
        for name in [
            "kopilka.db",
            "kopilka.db-wal",
            "kopilka.db-shm",
            "kopilka.key",
        ] {
            assert_eq!(mode(&place.path().join(name)), 0o600, "{name}");
        }
        // Its end folds the log back into the database, whose mode somebody changes meanwhile.
        assert!(demo.stop(Duration::from_secs(20)).unwrap().success());
        assert!(!place.path().join("kopilka.db-wal").exists());
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(place.path().join("kopilka.db"), open).unwrap();
    }
}
