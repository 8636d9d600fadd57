//! The secret key as an operator meets it: made at the first start in a file that its owner alone can read, never in the
//! database or in a backup, and one for all processes over one database. And what it is for: once is once for a person.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use crate::support::browser::{Browser, fresh_phone};
use crate::support::{Demo, Place, kopilka, said_at, sale};

/// Runs a command that needs the key; what it said on stderr. It is refused in any case: nobody has this login.
fn needs_key(place: &Place, variable: Option<&str>, more: &[&str]) -> String {
    let mut program = kopilka();
    place.tell(&mut program);
    if let Some(value) = variable {
        program.env("KOPILKA_KEY", value);
    }
    let nothing = "01890000-0000-7000-8000-000000000000";
    let output = program
        .args(["points", "approve", nothing, "--author", "nobody"])
        .args(more)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// What a command says that got as far as the password.
const KEY_IS_FINE: &str = "Enter the password";

fn key_file(place: &Place) -> std::path::PathBuf {
    place.path().join("kopilka.key")
}

/// Returns whether any file under the folder holds these bytes, but for the key file itself.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        let is_key = path.extension().is_some_and(|extension| extension == "key");
        !is_key
            && fs::read(&path)
                .unwrap()
                .windows(bytes.len())
                .any(|window| window == bytes)
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_key_is_made_for_its_owner_alone_and_is_in_no_database_and_no_backup() {
    let demo = Demo::start();
    let file = key_file(&demo.data);
    let found = fs::metadata(&file).unwrap();
    assert_eq!((found.mode() & 0o777, found.len()), (0o600, 32));
    let key = fs::read(&file).unwrap();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    shopper.accept("settings/close", &[("confirmed", "yes")]);
    let backup = demo.data.path().join("backup.sqlite");
    assert!(
        demo.run(&["backup", backup.to_str().unwrap()])
            .status
            .success()
    );
    assert!(!holds(demo.data.path(), &key));
    assert!(!holds(demo.data.path(), hex(&key).as_bytes()));
    // No file but the key's own was left behind by making it.
    let left = fs::read_dir(demo.data.path()).unwrap();
    let keys = left.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_str().unwrap().contains(".key")
    });
    assert_eq!(keys.count(), 1);
    let place = demo.kill();
    let again = Demo::start_in(place);
    assert_eq!(fs::read(&file).unwrap(), key);
    drop(again);
}

#[test]
fn a_key_that_cannot_be_trusted_is_refused_in_a_sentence() {
    let place = Demo::start().kill();
    let file = key_file(&place);
    let key = fs::read(&file).unwrap();
    assert!(needs_key(&place, None, &[]).contains(KEY_IS_FINE));
    for mode in [0o640, 0o604, 0o620] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let said = needs_key(&place, None, &[]);
        assert!(
            said.contains("others may read or change the file"),
            "{said}"
        );
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    for length in [0, 31, 33] {
        fs::write(&file, vec![7_u8; length]).unwrap();
        let said = needs_key(&place, None, &[]);
        assert!(said.contains("exactly 32 bytes"), "{said}");
    }
    fs::write(&file, [7_u8; 32]).unwrap();
    let said = needs_key(&place, None, &[]);
    assert!(
        said.contains("is not the one that this database was used with"),
        "{said}"
    );
    fs::remove_file(&file).unwrap();
    let said = needs_key(&place, None, &[]);
    assert!(
        said.contains("the secret key of this database is missing"),
        "{said}"
    );
    assert!(!file.exists(), "no other key is made");
    // The variable does as well, in either spelling; a wrong one is never repeated.
    assert!(needs_key(&place, Some(&hex(&key)), &[]).contains(KEY_IS_FINE));
    let said = needs_key(&place, Some("correct-horse"), &[]);
    assert!(
        said.contains("KOPILKA_KEY does not hold a secret key"),
        "{said}"
    );
    assert!(!said.contains("correct-horse"), "{said}");
    let elsewhere = place.path().join("elsewhere.key");
    fs::write(&elsewhere, &key).unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o600)).unwrap();
    let file = elsewhere.to_str().unwrap();
    assert!(needs_key(&place, None, &["--key", file]).contains(KEY_IS_FINE));
    let said = needs_key(&place, Some(&hex(&key)), &["--key", file]);
    assert!(said.contains("given twice"), "{said}");
}

#[test]
fn a_lost_key_is_forgotten_by_hand_and_another_is_made() {
    let place = Demo::start().kill();
    let file = key_file(&place);
    let key = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    said_at(&place, &["key", "forget"]).unwrap();
    let demo = Demo::start_in(Arc::clone(&place));
    assert_ne!(fs::read(&file).unwrap(), key);
    drop(demo);
}

/// Joins with this phone; the shopper.
fn join<'a>(demo: &'a Demo, phone: &str) -> Browser<'a> {
    let mut shopper = Browser::new(demo);
    shopper.join_with("Анна", phone);
    shopper
}

/// Points that a purchase of 500 roubles earns.
fn buys(demo: &Demo, shopper: &mut Browser<'_>, key: &str) -> i64 {
    let card = shopper.key().number;
    let sold = demo.commit(key, &sale(&format!("70{card}"), 500));
    assert_eq!(sold.status, 201, "{}", sold.text);
    sold.json()["earned"].as_i64().unwrap()
}

#[test]
fn closing_and_joining_again_gives_no_welcome_points_again() {
    let demo = Demo::start();
    let phone = fresh_phone();
    for (round, earned) in [("one", 215), ("two", 15), ("three", 15)] {
        let mut shopper = join(&demo, &phone);
        assert_eq!(buys(&demo, &mut shopper, round), earned, "{round}");
        shopper.accept("settings/close", &[("confirmed", "yes")]);
    }
    // Somebody else is new.
    let mut other = join(&demo, &fresh_phone());
    assert_eq!(buys(&demo, &mut other, "other"), 215);
    let mut anybody = Browser::new(&demo);
    assert!(anybody.get("/privacy").text.contains("365 дней"));
    assert!(demo.check().status.success());
}

#[test]
fn a_command_makes_and_registers_no_key_before_the_service_has_one() {
    let place = Arc::new(Place::without_tables());
    said_at(&place, &["migrate"]).unwrap();
    let of_shell = hex(&[9; 32]);
    for variable in [None, Some(of_shell.as_str())] {
        let said = needs_key(&place, variable, &[]);
        assert!(said.contains("start `kopilka serve` once"), "{said}");
    }
    assert!(!key_file(&place).exists());
    // The service starts with its own afterwards, and the shell's is another one.
    let demo = Demo::start_in(Arc::clone(&place));
    assert!(key_file(&place).exists());
    let said = needs_key(&place, Some(&of_shell), &[]);
    assert!(
        said.contains("is not the one that this database was used with"),
        "{said}"
    );
    assert!(needs_key(&place, None, &[]).contains(KEY_IS_FINE));
    drop(demo);
}

#[test]
fn the_first_steps_of_a_chain_need_no_key() {
    let place = Place::without_tables();
    said_at(&place, &["migrate"]).unwrap();
    said_at(&place, &["store", "add", "s1", "--name", "First"]).unwrap();
    said_at(&place, &["till", "add", "Till 1", "--store", "s1"]).unwrap();
    let mut program = kopilka();
    place.tell(&mut program);
    let mut child = program
        .args(["staff", "add", "anna", "--name", "Anna", "--role", "admin"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"a long enough password\n").unwrap();
    drop(input);
    assert!(child.wait().unwrap().success());
    assert!(!key_file(&place).exists());
}

#[test]
fn processes_that_start_at_once_have_one_key() {
    let place = Demo::start().kill();
    let file = key_file(&place);
    for _ in 0..3 {
        fs::remove_file(&file).unwrap();
        said_at(&place, &["key", "forget"]).unwrap();
        let starting: Vec<_> = (0..3)
            .map(|_| {
                let place = Arc::clone(&place);
                std::thread::spawn(move || Demo::start_in(place))
            })
            .collect();
        let demos: Vec<Demo> = starting
            .into_iter()
            .map(|starting| starting.join().unwrap())
            .collect();
        assert_eq!(demos.len(), 3);
        let names: Vec<String> = fs::read_dir(place.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains(".key"))
            .collect();
        assert_eq!(names, ["kopilka.key"]);
        let found = fs::metadata(&file).unwrap();
        assert_eq!((found.mode() & 0o777, found.len()), (0o600, 32));
    }
}
