//! Both languages have the same keys, and each file parses whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fluent::FluentResource;
use kopilka_core::domain::amounts::Money;
use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::email::EmailAddressFault;
use kopilka_core::domain::name::PersonNameFault;
use kopilka_core::domain::offers::{
    AgeRange, Condition, Conditions, ConditionsDocument, ConsentCondition, Hours, ItemCondition,
    OfferText, Purchases, UnmetCondition,
};
use kopilka_core::domain::one_time_code::OneTimeCodeFault;
use kopilka_core::domain::phone::PhoneFault;
use kopilka_core::domain::profile::{BirthDateFault, Species};
use kopilka_core::domain::receipt::ReceiptLineFaultKind;
use kopilka_core::usecases::{Refusal, demo};
use strum::IntoEnumIterator as _;

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

/// Adds the keys of what may be wrong with a field, as a source text names them: the second words of `Error::invalid_field` and
/// of `FieldProblem::new`.
fn problem_keys(text: &str, keys: &mut BTreeSet<String>) {
    for call in ["Error::invalid_field(", "FieldProblem::new("] {
        for (at, _) in text.match_indices(call) {
            let words: Vec<&str> = text[at + call.len()..].splitn(5, '"').collect();
            if let [before, _, between, key, _] = words.as_slice()
                && before.trim().is_empty()
                && between.trim() == ","
                // A problem of the POS API has a sentence in that place.
                && !key.contains(' ')
            {
                keys.insert((*key).to_owned());
            }
        }
    }
}

/// Keys of the faults of typed values that the domain tells apart.
fn fault_keys() -> Vec<&'static str> {
    let names = PersonNameFault::iter().map(|fault| fault.problem_key());
    let phones = PhoneFault::iter().map(|fault| fault.problem_key());
    let addresses = EmailAddressFault::iter().map(|fault| fault.problem_key());
    let codes = OneTimeCodeFault::iter().map(OneTimeCodeFault::problem_key);
    let births = BirthDateFault::iter().map(|fault| fault.problem_key());
    let lines = ReceiptLineFaultKind::iter().map(ReceiptLineFaultKind::key);
    let typed = names.chain(phones).chain(addresses);
    typed.chain(codes).chain(births).chain(lines).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_problem_of_a_field_has_words_in_both_languages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src/api", "src/pages", "server/src", "server/core/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut keys = BTreeSet::new();
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        let elsewhere = name.contains("/tests") || name.ends_with("/refusal.rs");
        if !elsewhere {
            problem_keys(&std::fs::read_to_string(&file).unwrap(), &mut keys);
        }
    }
    assert!(keys.len() > 60, "sources read differently: {keys:?}");
    keys.extend(fault_keys().into_iter().map(str::to_owned));
    let missing: Vec<(String, PageLanguage)> = keys
        .into_iter()
        .flat_map(|key| [(key.clone(), PageLanguage::Ru), (key, PageLanguage::En)])
        .filter(|(key, language)| {
            let texts = Texts::new(*language);
            !texts.bundle().has_message(&format!("problem-{key}"))
        })
        .collect();
    assert_eq!(missing, Vec::new());
}
