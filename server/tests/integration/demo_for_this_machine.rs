//! The demo shows one-time passwords to whoever asks and has known passwords, so it is for one machine and its own data.
//! What any database holds is for its owner alone.

use std::path::Path;
use std::process::Output;
use std::sync::Arc;

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
    ] {
        let text = served_with(&["--listen", "127.0.0.1:0", "--public-url", url]);
        assert!(text.contains(url), "{text}");
    }
}

#[test]
fn the_demo_opens_no_other_chains_database() {
    let place = Place::new();
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

#[test]
fn the_demo_opens_a_chain_that_the_demo_command_filled() {
    let place = Place::new();
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

    // A folder that is used for more than Kopilka keeps its mode.
    std::fs::write(data.join("notes.txt"), "").unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(run(&data, &["migrate"]).status.success());
    assert_eq!((mode(&data), mode(&database)), (0o755, 0o600));
}

#[cfg(unix)]
#[test]
fn the_log_of_a_served_database_is_for_its_owner_alone() {
    let demo = Demo::start();
    if demo.data.url().is_some() {
        return;
    }
    for name in ["kopilka.db", "kopilka.db-wal", "kopilka.db-shm"] {
        assert_eq!(mode(&demo.data.path().join(name)), 0o600, "{name}");
    }
}
