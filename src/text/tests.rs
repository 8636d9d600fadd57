//! Both languages have the same keys, and each file parses whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use fluent::FluentResource;

use super::*;

fn keys(sources: &[&str]) -> BTreeSet<String> {
    sources
        .iter()
        .flat_map(|source| {
            FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
            source
                .lines()
                .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
                .filter_map(|line| line.split_once('='))
                .map(|(key, _)| key.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn english_is_complete() {
    let (ru, en) = (keys(&sources!("ru")), keys(&sources!("en")));
    assert_eq!(
        ru.difference(&en).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    assert_eq!(
        en.difference(&ru).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn russian_points_have_the_right_plural_forms() {
    let texts = Texts::new(Language::Ru);
    let expected = [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (21, "21 балл"),
    ];
    for (n, words) in expected {
        assert_eq!(texts.count("points", n).replace('\u{a0}', " "), words);
    }
}
