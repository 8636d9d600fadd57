//! Keys that the sources name, and the texts of both languages: no text is missing, and none is there for nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kopilka_core::domain::consents::{Channel, ConsentDocument, Purpose};
use kopilka_core::domain::email::EmailAddressFault;
use kopilka_core::domain::fraud_limits::FraudPattern;
use kopilka_core::domain::ledger::EntryKind;
use kopilka_core::domain::name::PersonNameFault;
use kopilka_core::domain::one_time_code::OneTimeCodeFault;
use kopilka_core::domain::phone::PhoneFault;
use kopilka_core::domain::profile::{BirthDateFault, Species};
use kopilka_core::domain::receipt::ReceiptLineFaultKind;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::programme::products::USUAL_CATEGORIES;
use strum::{IntoEnumIterator as _, VariantArray as _};

use super::russian_keys;
use crate::api::claims::card_number_problem;
use crate::api::preferences::CODE_SIZES;
use crate::api::{ColourTheme, PageLanguage};
use crate::text::Texts;

/// Calls that name what is wrong with a field, as their second argument.
const PROBLEM_CALLS: [&str; 3] = [
    "Error::invalid_field(",
    "FieldProblem::new(",
    // The problems of a return.
    " problem(",
];
/// Second arguments of those calls that are no literals: keys of faults ([`fault_keys`]), and the parameters of functions that
/// hand a key on.
const KEYS_OF_ELSEWHERE: [&str; 3] = ["fault.key()", "fault.problem_key()", "key"];
/// Calls that ask for the text of a key, as their first argument.
const TEXT_CALLS: [&str; 5] = [
    "texts.get(",
    "texts().get(",
    "self.get(",
    ".with_values(",
    ".with_count(",
];

fn list_sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list_sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// Sources of these folders with their paths, without tests.
fn read_sources(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in folders {
        list_sources(&root.join(folder), &mut files);
    }
    let named = files.into_iter().map(|file| {
        let name = file.to_string_lossy().replace('\\', "/");
        let source = std::fs::read_to_string(&file).unwrap();
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
        (name, code.to_owned())
    });
    named.filter(|(name, _)| !name.contains("/tests")).collect()
}

/// Splits a call's arguments, which begin a text, at their commas.
fn split_arguments(text: &str) -> Vec<&str> {
    let (mut depth, mut in_string, mut escaped, mut start) = (0, false, false, 0);
    let mut arguments = Vec::new();
    for (at, letter) in text.char_indices() {
        let is_escaped = std::mem::take(&mut escaped);
        match letter {
            '\\' if in_string && !is_escaped => escaped = true,
            '"' if !is_escaped => in_string = !in_string,
            _ if in_string => {}
            ',' | ')' if depth == 0 => {
                arguments.push(text[start..at].trim());
                start = at + 1;
                if letter == ')' {
                    break;
                }
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    arguments
}

fn arguments_of<'a>(source: &'a str, call: &str) -> impl Iterator<Item = Vec<&'a str>> {
    let calls = source.match_indices(call);
    calls.map(move |(at, call)| split_arguments(&source[at + call.len()..]))
}

fn literal(argument: &str) -> Option<&str> {
    argument.strip_prefix('"')?.strip_suffix('"')
}

/// Adds the keys of what may be wrong with a field that a source names.
fn add_problem_keys(file: &str, source: &str, keys: &mut BTreeSet<String>) {
    for call in PROBLEM_CALLS {
        for arguments in arguments_of(source, call) {
            let Some(key) = arguments.get(1) else {
                continue;
            };
            match literal(key) {
                // A problem of the POS API has a sentence in that place.
                Some(sentence) if sentence.contains(' ') => {}
                Some(key) => {
                    keys.insert(key.to_owned());
                }
                None => assert!(
                    KEYS_OF_ELSEWHERE.contains(key) || call == " problem(",
                    "{file}: the keys of {key} belong into this test"
                ),
            }
        }
    }
}

/// Keys of the faults of typed values that enums tell apart.
fn fault_keys() -> Vec<&'static str> {
    let names = PersonNameFault::iter().map(|fault| fault.problem_key());
    let phones = PhoneFault::iter().map(|fault| fault.problem_key());
    let addresses = EmailAddressFault::iter().map(|fault| fault.problem_key());
    let codes = OneTimeCodeFault::iter().map(OneTimeCodeFault::problem_key);
    let births = BirthDateFault::iter().map(|fault| fault.problem_key());
    let lines = ReceiptLineFaultKind::iter().map(ReceiptLineFaultKind::key);
    let cards = Refusal::of_each_kind().filter_map(|refusal| card_number_problem(&refusal));
    let typed = names.chain(phones).chain(addresses);
    let faults = typed.chain(codes).chain(births).chain(lines);
    faults.chain(cards).collect()
}

#[test]
fn every_problem_of_a_field_has_words_and_no_words_are_left_of_a_problem_that_is_gone() {
    let mut named: BTreeSet<String> = fault_keys().into_iter().map(str::to_owned).collect();
    let sources = read_sources(&["src/api", "src/pages", "server/src", "server/core/src"]);
    for (file, source) in &sources {
        add_problem_keys(file, source, &mut named);
    }
    assert!(named.len() > 90, "sources read differently: {named:?}");
    // Said in the summary above a form in place of a longer one.
    named.insert("phone-country-short".to_owned());
    let written: BTreeSet<String> = russian_keys()
        .iter()
        .filter_map(|key| key.strip_prefix("problem-").map(str::to_owned))
        .collect();
    let missing: Vec<_> = named.difference(&written).collect();
    let dead: Vec<_> = written.difference(&named).collect();
    assert_eq!((missing, dead), (Vec::new(), Vec::new()));
}

#[test]
fn every_refusal_that_has_words_is_one() {
    let refusals: BTreeSet<String> = Refusal::of_each_kind()
        .map(|refusal| format!("refusal-{}", refusal.key()))
        .collect();
    let written = russian_keys();
    let written = written.iter().filter(|key| key.starts_with("refusal-"));
    let dead: Vec<_> = written.filter(|key| !refusals.contains(*key)).collect();
    assert_eq!(dead, Vec::<&String>::new());
}

#[test]
fn every_key_that_a_page_asks_for_has_words_in_both_languages() {
    let mut asked = BTreeSet::new();
    for (_, source) in read_sources(&["src/api", "src/components", "src/pages", "src/text"]) {
        for call in TEXT_CALLS {
            let first = arguments_of(&source, call).filter_map(|all| all.first().copied());
            asked.extend(first.filter_map(literal).map(str::to_owned));
        }
    }
    assert!(
        asked.len() > 500,
        "sources read differently: {}",
        asked.len()
    );
    let enumerated = families()
        .into_iter()
        .flat_map(|(prefix, rests)| rests.into_iter().map(move |rest| format!("{prefix}{rest}")));
    for key in asked.into_iter().chain(enumerated) {
        for language in [PageLanguage::Ru, PageLanguage::En] {
            assert!(
                Texts::new(language).bundle().has_message(&key),
                "{key}, {language:?}"
            );
        }
    }
}

/// Keys that a page puts together of a beginning and a value, with all values.
fn families() -> Vec<(&'static str, Vec<String>)> {
    let plain = |word: &str| word.replace('_', "-");
    let numbers = |range: std::ops::Range<u32>| range.map(|n| n.to_string()).collect();
    let themes = [ColourTheme::System, ColourTheme::Light, ColourTheme::Dark];
    let channels = Channel::VARIANTS.iter();
    let purposes = Purpose::VARIANTS.iter();
    let documents = ConsentDocument::VARIANTS.iter();
    let species = Species::VARIANTS.iter();
    let patterns = FraudPattern::VARIANTS.iter();
    vec![
        ("card-size-", CODE_SIZES.map(str::to_owned).to_vec()),
        (
            "channel-",
            channels.map(|each| plain(each.as_str())).collect(),
        ),
        (
            "purpose-",
            purposes.map(|each| plain(each.as_str())).collect(),
        ),
        (
            "document-",
            documents.map(|each| plain(each.as_str())).collect(),
        ),
        ("pet-", species.map(|each| plain(each.as_str())).collect()),
        ("till-category-", USUAL_CATEGORIES.map(plain).to_vec()),
        (
            "theme-",
            themes.map(|each| each.as_str().to_owned()).to_vec(),
        ),
        (
            "radar-",
            patterns.map(|each| each.as_str().to_owned()).collect(),
        ),
        ("join-step-", numbers(1..4)),
        ("month-", numbers(1..13)),
        ("weekday-", numbers(0..7)),
    ]
}

/// Beginnings of keys whose other part stands in the sources as a word of its own.
const PUT_TOGETHER: [&str; 6] = [
    "car-",
    "help-",
    "notice-",
    "offers-group-",
    "profile-question-",
    "till-link-",
];
/// Ends of keys whose beginning stands in the sources as a word of its own.
const ENDS: [&str; 6] = ["-again", "-few", "-many", "-one", "-q", "-text"];

#[test]
fn no_text_is_there_for_nothing() {
    let sources = read_sources(&["src", "server/src", "server/core/src"]);
    let is_said = |word: &str| {
        let quoted = format!("\"{word}\"");
        sources.iter().any(|(_, source)| source.contains(&quoted))
    };
    let enumerated: BTreeSet<String> = families()
        .into_iter()
        .flat_map(|(prefix, rests)| rests.into_iter().map(move |rest| format!("{prefix}{rest}")))
        .collect();
    let is_put_together = |key: &str| {
        let beginnings = PUT_TOGETHER.iter();
        let mut words = beginnings
            .filter_map(|prefix| key.strip_prefix(prefix))
            .chain([key]);
        words.any(|word| {
            let ends = ENDS.iter().filter_map(|end| word.strip_suffix(end));
            ends.chain([word]).any(is_said)
        })
    };
    let dead: Vec<String> = russian_keys()
        .into_iter()
        // Those have tests of their own.
        .filter(|key| !key.starts_with("problem-") && !key.starts_with("refusal-"))
        .filter(|key| !enumerated.contains(key) && !is_put_together(key))
        .filter(|key| {
            let entry = key.strip_prefix("entry-").map(str::parse::<EntryKind>);
            entry.is_none_or(|kind| kind.is_err())
        })
        .collect();
    assert_eq!(dead, Vec::<String>::new());
}
