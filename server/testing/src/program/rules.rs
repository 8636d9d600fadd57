//! Rules of a test's own: the demo's document with changes, put in force as an operator would.

use super::Demo;

const DOCUMENT: &str = include_str!("../../../core/demo/programme.toml");

/// Lets the card's number alone pay, so that many can pay at once.
pub const FIXED_SPENDS: (&str, &str) = (
    "fixed = { earn = true, spend = false }",
    "fixed = { earn = true, spend = true }",
);

/// Puts the demo's rules in force with these pieces replaced and more offers at the end.
pub fn put_in_force(demo: &Demo, changes: &[(&str, &str)], offers: &str) {
    let mut document = DOCUMENT.to_owned();
    for (old, new) in changes {
        assert_eq!(document.matches(old).count(), 1, "{old}");
        document = document.replace(old, new);
    }
    document.push_str(offers);
    let file = demo.data.path().join("rules.toml");
    std::fs::write(&file, document).unwrap();
    let applied = demo.run(&["programme", "apply", file.to_str().unwrap()]);
    assert!(applied.status.success(), "{applied:?}");
}
