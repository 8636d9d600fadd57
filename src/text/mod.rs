//! Words in Russian and English, from Fluent files. Server side only: islands get finished strings.
//! A key that is missing in a language is found by a test, not by a reader.

pub mod format;
mod messages;
mod quotes;
mod words;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource, FluentValue};
use kopilka_core::domain::programme::LocalisedText;
use kopilka_core::usecases::{FieldProblem, Refusal};

use crate::api::PageLanguage;
use crate::api::forms::FormProblem;

type LanguageBundle = FluentBundle<FluentResource>;

macro_rules! sources {
    ($language:literal) => {
        [
            include_str!(concat!($language, "/common.ftl")),
            include_str!(concat!($language, "/problems.ftl")),
            include_str!(concat!($language, "/programme.ftl")),
            include_str!(concat!($language, "/joining.ftl")),
            include_str!(concat!($language, "/card.ftl")),
            include_str!(concat!($language, "/wallet.ftl")),
            include_str!(concat!($language, "/account.ftl")),
            include_str!(concat!($language, "/documents.ftl")),
            include_str!(concat!($language, "/till.ftl")),
            include_str!(concat!($language, "/till-camera.ftl")),
            include_str!(concat!($language, "/till-selling.ftl")),
            include_str!(concat!($language, "/till-access.ftl")),
            include_str!(concat!($language, "/till-joining.ftl")),
            include_str!(concat!($language, "/till-link.ftl")),
        ]
    };
}

static RU: LazyLock<LanguageBundle> = LazyLock::new(|| bundle("ru", &sources!("ru")));
static EN: LazyLock<LanguageBundle> = LazyLock::new(|| bundle("en", &sources!("en")));

fn bundle(language: &str, sources: &[&str]) -> LanguageBundle {
    let locale = language.parse().unwrap_or_default();
    let mut bundle = LanguageBundle::new_concurrent(vec![locale]);
    // Isolation marks around values would show up in attributes and copied text.
    bundle.set_use_isolating(false);
    for source in sources {
        // A file with a mistake still gives its readable messages; a test shows the mistake.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        // A key that is said twice keeps its first words; a test shows that too.
        if bundle.add_resource(resource).is_err() {
            tracing::error!(language, "a text is said twice");
        }
    }
    bundle
}

/// Words in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    language: PageLanguage,
}

impl Texts {
    /// Words in this language.
    pub const fn new(language: PageLanguage) -> Self {
        Self { language }
    }

    /// The language.
    pub const fn language(self) -> PageLanguage {
        self.language
    }

    /// The words of a key.
    pub fn get(self, key: &str) -> String {
        self.format_message(key, None)
    }

    /// The words of a key with values in them: strings are put in as they are, whole numbers choose plural forms.
    pub fn with_values(self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(Cow::Owned((*name).to_owned()), value.clone());
        }
        self.format_message(key, Some(&args))
    }

    /// The words of a key with a number: `$n` chooses the plural form, `$shown` is the number as it is written.
    pub fn with_count(self, key: &str, n: i64) -> String {
        let shown = format::format_number(n, self.language);
        self.with_values(key, &[("n", n.into()), ("shown", shown.into())])
    }

    /// The text of a programme's document in this language.
    pub fn pick_language(self, text: &LocalisedText) -> String {
        text.get(self.language.as_str()).to_owned()
    }

    /// Returns what is wrong with a field, in words.
    pub fn problem(self, problem: &FieldProblem) -> String {
        let args = problem.args.iter();
        self.problem_words(
            problem.key,
            args.map(|(name, value)| (*name, value.as_str())),
        )
    }

    /// Returns what is wrong with a field of a posted form.
    pub fn form_problem(self, problem: &FormProblem) -> String {
        let args = problem.args.iter();
        let args = args.map(|(name, value)| (name.as_str(), value.as_str()));
        self.problem_words(&problem.key, args)
    }

    fn problem_words<'a>(
        self,
        key: &str,
        args: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let values: Vec<(&str, FluentValue<'_>)> = args
            .map(|(name, value)| {
                let number = value.parse::<i64>();
                (
                    name,
                    number.map_or_else(|_| FluentValue::from(value), FluentValue::from),
                )
            })
            .collect();
        self.with_values(&format!("problem-{key}"), &values)
    }

    /// Returns what is wrong with a field, in the words of the summary above a form: those at the field, or short ones where
    /// these are long.
    pub fn problem_in_summary(self, problem: &FormProblem) -> String {
        match problem.key.as_str() {
            "phone-country" => self.get("problem-phone-country-short"),
            _ => self.form_problem(problem),
        }
    }

    /// A rule's no, in words.
    pub fn refusal(self, refusal: &Refusal) -> String {
        let key = format!("refusal-{}", refusal.key());
        match refusal {
            Refusal::TooSoon { seconds } | Refusal::TooManyWrongCodes { seconds } => {
                self.with_count(&key, *seconds)
            }
            Refusal::Locked { minutes } | Refusal::TooManyCodes { minutes } => {
                self.with_count(&key, *minutes)
            }
            Refusal::CodesPaused { hours } | Refusal::NoCodesToday { hours } => {
                self.with_count(&key, *hours)
            }
            Refusal::TooManyPoints { spendable } => self.with_count(&key, spendable.0),
            Refusal::ParkedRefused { why } => {
                self.with_values(&key, &[("why", why.as_str().into())])
            }
            _ => self.get(&key),
        }
    }

    /// The words of a key that may not be one: of a name that came from outside.
    pub fn get_if_known(self, key: &str) -> Option<String> {
        self.bundle().has_message(key).then(|| self.get(key))
    }

    fn bundle(self) -> &'static LanguageBundle {
        match self.language {
            PageLanguage::Ru => &RU,
            PageLanguage::En => &EN,
        }
    }

    fn format_message(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, "a text is missing");
            return key.to_owned();
        };
        let mut missing = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut missing);
        if !missing.is_empty() {
            tracing::error!(key, "a text lacks its values");
        }
        quotes::nest_quotes(text.into_owned(), self.language)
    }
}

#[cfg(test)]
mod tests;
