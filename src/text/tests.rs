//! Both languages have the same keys, and each file parses whole.

use std::collections::BTreeSet;

use fluent::FluentResource;
use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::offers::{
    AgeRange, Condition, Conditions, ConditionsDocument, ConsentCondition, Hours, ItemCondition,
    OfferText, Purchases, UnmetCondition,
};
use kopilka_core::domain::profile::Species;
use kopilka_core::usecases::{Refusal, demo};

use super::*;

mod key_coverage;

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

/// Keys of the first language; the second one has the same.
fn russian_keys() -> BTreeSet<String> {
    keys(&sources!("ru")).into_iter().collect()
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
    let texts = Texts::new(PageLanguage::Ru);
    let expected = [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (21, "21 балл"),
    ];
    for (n, words) in expected {
        assert_eq!(texts.with_count("points", n).replace('\u{a0}', " "), words);
    }
}

#[test]
fn every_refusal_has_words_in_both_languages() {
    for refusal in Refusal::of_each_kind() {
        let key = format!("refusal-{}", refusal.key());
        for language in [PageLanguage::Ru, PageLanguage::En] {
            let texts = Texts::new(language);
            assert!(texts.bundle().has_message(&key), "{key}, {language:?}");
            // A value that the words name and that is not given would stand there in braces.
            let words = texts.refusal(&refusal);
            assert!(!words.is_empty() && !words.contains('{'), "{key}: {words}");
        }
    }
}

#[test]
fn every_condition_and_every_reason_has_words_in_both_languages() {
    let programme = demo::programme().unwrap();
    // Every name of a document is written out: a new one does not compile until it is here.
    let one_of_each = ConditionsDocument {
        from: Some("2026-01-01".parse().unwrap()),
        until: Some("2026-12-31".parse().unwrap()),
        weekdays: vec![chrono::Weekday::Tue, chrono::Weekday::Thu],
        hours: Some(Hours {
            from: "07:00:00".parse().unwrap(),
            until: "11:00:00".parse().unwrap(),
        }),
        stores: vec!["park".to_owned()],
        minimum_receipt: Some(Money(30_000)),
        items: vec![ItemCondition::default()],
        tiers: vec!["gold".to_owned()],
        birthday_within: Some(3),
        children_age: Some(AgeRange { from: 0, until: 3 }),
        pets: vec![Species::Cat],
        car: true,
        absent_days: Some(30),
        purchases: Some(Purchases {
            count: 4,
            within_days: 30,
        }),
        first_purchase: true,
        consent: Some(ConsentCondition {
            channel: Channel::Email,
            purpose: Purpose::News,
        }),
        named_members: true,
        members: vec!["7".to_owned()],
    };
    let mut sentences: Vec<OfferText> = Conditions::from(one_of_each)
        .iter()
        .map(Condition::describe)
        .collect();
    sentences.extend(UnmetCondition::of_each_kind().map(|unmet| unmet.describe()));
    for language in [PageLanguage::Ru, PageLanguage::En] {
        let texts = Texts::new(language);
        for sentence in &sentences {
            assert!(texts.bundle().has_message(sentence.key), "{sentence:?}");
            let words = texts.offer_text(sentence, &programme);
            assert!(!words.is_empty() && !words.contains('{'), "{words}");
        }
    }
}

#[test]
fn conditions_are_said_with_their_values() {
    let programme = demo::programme().unwrap();
    let morning = programme.offer("coffee-morning").unwrap();
    let said = |language| -> Vec<String> {
        let texts = Texts::new(language);
        let conditions = morning.conditions.iter();
        conditions
            .map(|condition| {
                texts
                    .condition(condition, &programme)
                    .replace('\u{a0}', " ")
            })
            .collect()
    };
    assert_eq!(
        said(PageLanguage::En),
        [
            "from 1 Jan 2026 to 31 Dec 2027",
            "from 07:00 to 11:00",
            "for certain goods"
        ]
    );
}
