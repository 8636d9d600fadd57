//! Both languages have the same keys, and each file parses whole.

use std::collections::BTreeSet;

use fluent::FluentResource;

use super::*;

fn keys(sources: &[&str]) -> Vec<String> {
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
    let set = |sources| keys(sources).into_iter().collect::<BTreeSet<_>>();
    let (ru, en) = (set(&sources!("ru")), set(&sources!("en")));
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
fn no_key_is_said_twice() {
    for language in [&sources!("ru"), &sources!("en")] {
        let mut said = BTreeSet::new();
        let again = |key: &String| !said.insert(key.clone());
        let twice: Vec<_> = keys(language).into_iter().filter(again).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
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
