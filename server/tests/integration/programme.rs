//! The programme as a document, from the command line: a line for every fault, an exit code, a version.

use std::path::Path;
use std::process::Output;

use crate::support::browser::Browser;
use crate::support::{Demo, run, sale};

const DOCUMENT: &str = include_str!("../../core/demo/programme.toml");

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    text
}

fn write(folder: &Path, text: &str) -> String {
    let file = folder.join("programme.toml");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn check_names_every_fault_by_file_line_and_column_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let sound = write(folder.path(), DOCUMENT);
    let output = run(&data, &["programme", "check", "--offline", &sound]);
    assert!(output.status.success(), "{}", err(&output));
    assert!(!data.exists(), "--offline leaves the database alone");

    let wrong = DOCUMENT
        .replace("threshold = 5000000", "threshold = 5")
        .replace("end_of_month = true", "end_of_mnth = true");
    let file = write(folder.path(), &wrong);
    let output = run(&data, &["programme", "check", "--offline", &file]);
    assert_eq!(output.status.code(), Some(1));
    let line = |piece: &str| {
        wrong
            .lines()
            .position(|line| line.starts_with(piece))
            .unwrap()
            + 1
    };
    let told = out(&output);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    let first = format!(
        "{file}:{}:1: points.life.end_of_mnth: unknown field",
        line("end_of_mnth")
    );
    assert!(lines[0].starts_with(&first), "{told}");
    let second = format!(
        "{file}:{}:13: tiers[2].threshold: must be above the one before it (1500000)",
        line("threshold = 5")
    );
    assert_eq!(lines[1], second);
    assert!(err(&output).contains("has 2 errors"));

    let output = run(&data, &["programme", "check", "--offline", "no-such-file"]);
    assert!(err(&output).contains("no-such-file cannot be read"));
}

#[test]
fn a_document_is_compared_simulated_put_in_force_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start();
    let same = write(folder.path(), DOCUMENT);
    let output = demo.run(&["programme", "diff", &same]);
    assert!(
        out(&output).ends_with("says the same as version 1\n"),
        "{}",
        out(&output)
    );
    let output = demo.run(&["programme", "apply", &same]);
    assert!(
        out(&output).contains("version 1, in force from"),
        "{}",
        out(&output)
    );
    assert!(out(&output).contains("says the same: nothing is stored"));

    let file = write(
        folder.path(),
        &DOCUMENT.replacen("rate = 300", "rate = 400", 1),
    );
    let output = demo.run(&["programme", "diff", &file]);
    assert_eq!(
        out(&output),
        "against version 1:\n  tiers[start].rate: 300 → 400\n"
    );

    let days = ["--from", "2025-01-01", "--until", "2099-12-31"];
    let output = demo.run(&[&["programme", "simulate", &file][..], &days].concat());
    let told = out(&output);
    assert!(told.contains("points issued"), "{told}{}", err(&output));
    assert!(
        told.contains("those who gain most, RUB\n  card …"),
        "{told}"
    );
    assert!(told.contains("0 lose"), "{told}");

    let refused = demo.run(&["programme", "apply", &file, "--from", "2026-01-01"]);
    assert!(
        err(&refused).contains("is in the past"),
        "{}",
        err(&refused)
    );
    let output = demo.run(&["programme", "apply", &file, "--from", "2099-01-01"]);
    let told = out(&output);
    assert!(
        told.starts_with("stored as version 2, in force from 2099-01-01T00:00:00+03:00\n"),
        "{told}"
    );

    let output = demo.run(&["programme", "list"]);
    let told = out(&output);
    assert!(told.lines().next().unwrap().ends_with("waiting"), "{told}");
    assert!(told.lines().nth(1).unwrap().ends_with("in force"), "{told}");

    let shown = demo.run(&["programme", "show", "2"]);
    let file = write(folder.path(), &out(&shown));
    let output = demo.run(&["programme", "check", &file]);
    assert!(output.status.success(), "{}", err(&output));
    let output = demo.run(&["programme", "diff", &file]);
    assert!(
        out(&output).ends_with("says the same as version 2\n"),
        "{}",
        out(&output)
    );

    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let silver = demo.commit("silver", &sale(&anna.key().fixed(), 16_000));
    assert_eq!(silver.status, 201, "{}", silver.text);
    let ids = ["id = \"silver\"", "tiers = [\"silver\""];
    let news = ["id = \"bronze\"", "tiers = [\"bronze\""];
    let mut renamed = DOCUMENT.to_owned();
    for (id, new) in ids.into_iter().zip(news) {
        assert!(renamed.contains(id));
        renamed = renamed.replace(id, new);
    }
    let file = write(folder.path(), &renamed);
    let warned = |told: &str| {
        let warning = told.lines().find(|line| line.starts_with("warning: "));
        warning
            .is_some_and(|line| line.contains("the level silver") && line.ends_with("have start"))
    };
    let output = demo.run(&["programme", "diff", &file]);
    assert!(warned(&out(&output)), "{}", out(&output));
    let output = demo.run(&["programme", "apply", &file]);
    assert!(warned(&out(&output)), "{}", out(&output));

    let broken = write(
        folder.path(),
        &DOCUMENT.replace("currency = \"RUB\"", "currency = "),
    );
    let refused = demo.run(&["programme", "apply", &broken]);
    assert!(!refused.status.success());
    assert!(err(&refused).contains("has an error"), "{}", err(&refused));
}
