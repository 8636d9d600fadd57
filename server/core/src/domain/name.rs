//! Names of people as they typed them: freed of what cannot be seen, never changed in spelling. What is no name is refused.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::visible::visible;

/// The most characters in one name.
const LONGEST: usize = 60;

/// Fault of a name that was typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", prefix = "name-")]
pub enum PersonNameFault {
    /// There is none.
    Missing,
    /// It is longer than 60 characters.
    TooLong,
    /// It has no letter.
    Malformed,
    /// It has a sign that nobody reads aloud: a picture, an arrow, a bracket of markup.
    Symbols,
}

impl PersonNameFault {
    /// The name of the text that explains it.
    pub fn problem_key(&self) -> &'static str {
        self.into()
    }
}

/// The first name, without spaces around it and with single ones inside, and without what cannot be seen.
///
/// # Errors
/// [`PersonNameFault`]: missing, too long, or not a name.
pub fn first_name(text: &str) -> Result<String, PersonNameFault> {
    let name = last_name(text)?;
    if name.is_empty() {
        return Err(PersonNameFault::Missing);
    }
    Ok(name)
}

/// The last name, tidied in the same way. It may be empty.
///
/// # Errors
/// [`PersonNameFault`]: too long, or not a name.
pub fn last_name(text: &str) -> Result<String, PersonNameFault> {
    let name = visible(text);
    if name.chars().count() > LONGEST {
        return Err(PersonNameFault::TooLong);
    }
    if !(name.is_empty() || name.chars().any(char::is_alphabetic)) {
        return Err(PersonNameFault::Malformed);
    }
    if name.chars().any(is_symbol) {
        return Err(PersonNameFault::Symbols);
    }
    Ok(name)
}

fn is_symbol(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::MathSymbol
            | GeneralCategory::CurrencySymbol
            | GeneralCategory::OtherSymbol
    )
}

/// The name as a cashier sees it: «Анна К.». Names that were stored before they were cleaned are cleaned here; nothing that
/// can be seen gives an empty text.
pub fn short_name(first: &str, last: &str) -> String {
    let (first, last) = (visible(first), visible(last));
    match last.chars().find(|letter| letter.is_alphabetic()) {
        Some(initial) => format!("{first} {}.", initial.to_uppercase())
            .trim_start()
            .to_owned(),
        None => first,
    }
}

/// Returns whether a text can name a till, an account of staff, a shift or a receipt: 1 to 64 characters, none of them a
/// control character.
pub fn is_plain(text: &str) -> bool {
    (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// Control characters, and those that turn the direction of writing or take no place: they let one name look like
/// another, or spill over the text around it.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_tidied_but_not_respelt() {
        assert_eq!(first_name("  Анна \u{a0} Мария ").unwrap(), "Анна Мария");
        assert_eq!(first_name("д’Артаньян").unwrap(), "д’Артаньян");
        assert_eq!(last_name("Салтыков-Щедрин").unwrap(), "Салтыков-Щедрин");
        assert_eq!(first_name("李").unwrap(), "李");
    }

    #[test]
    fn the_last_name_may_be_left_out_and_the_first_may_not() {
        assert_eq!(last_name("  ").unwrap(), "");
        assert_eq!(first_name(" \n "), Err(PersonNameFault::Missing));
    }

    #[test]
    fn a_name_has_sixty_characters_at_most() {
        assert!(first_name(&"я".repeat(60)).is_ok());
        assert_eq!(first_name(&"я".repeat(61)), Err(PersonNameFault::TooLong));
        assert_eq!(last_name(&"я".repeat(61)), Err(PersonNameFault::TooLong));
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for text in ["123", "—", "\u{301}1"] {
            assert_eq!(
                first_name(text),
                Err(PersonNameFault::Malformed),
                "{text:?}"
            );
        }
        assert_eq!(last_name("..."), Err(PersonNameFault::Malformed));
        for text in [
            "<b>Мария</b>",
            "Мария 🎉",
            "Анна → Борис",
            "Анна €",
            "☎ Анна",
        ] {
            assert_eq!(first_name(text), Err(PersonNameFault::Symbols), "{text:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_left_out_of_a_name() {
        for text in [
            "Ан\u{0}на",
            "Анна\u{1b}",
            "Анна\u{202e}",
            "\u{200b}Анна",
            "\u{3164}Анна\u{ffa0}",
            "Анна\u{e0041}\u{e007f}",
            "А\u{200d}нна\u{fe0f}",
        ] {
            assert_eq!(first_name(text).as_deref(), Ok("Анна"), "{text:?}");
            assert_eq!(last_name(text).as_deref(), Ok("Анна"), "{text:?}");
        }
        for text in [
            "\u{3164}",
            "\u{115f}\u{1160} \u{200b}",
            "\u{301}\u{302}",
            "\u{e0041}",
        ] {
            assert_eq!(first_name(text), Err(PersonNameFault::Missing), "{text:?}");
            assert_eq!(last_name(text).as_deref(), Ok(""), "{text:?}");
        }
        assert_eq!(
            first_name("مهدی\u{200c}زاده").as_deref(),
            Ok("مهدی\u{200c}زاده")
        );
    }

    #[test]
    fn a_cashier_sees_the_first_name_and_an_initial() {
        assert_eq!(short_name("Анна", "Каренина"), "Анна К.");
        assert_eq!(short_name("Анна", "каренина"), "Анна К.");
        assert_eq!(short_name("Жанна", "д’Арк"), "Жанна Д.");
        assert_eq!(short_name("Анна", ""), "Анна");
        // Names that were stored before they were cleaned.
        assert_eq!(
            short_name("\u{3164}А\u{202e}нна", "\u{200b}К\u{310}\u{310}"),
            "Анна К."
        );
        assert_eq!(short_name("\u{3164}", "Каренина"), "К.");
        assert_eq!(short_name("\u{3164}", "\u{115f}"), "");
    }

    #[test]
    fn what_names_a_thing_has_up_to_sixty_four_characters_and_none_that_control() {
        assert!(is_plain("Касса 1") && is_plain(&"я".repeat(64)));
        for text in ["", &"я".repeat(65), "Касса\n1", "Касса\u{1b}[2J"] {
            assert!(!is_plain(text), "{text:?}");
        }
    }

    #[test]
    fn each_fault_has_a_text() {
        assert_eq!(PersonNameFault::Missing.problem_key(), "name-missing");
        assert_eq!(PersonNameFault::TooLong.problem_key(), "name-too-long");
        assert_eq!(PersonNameFault::Malformed.problem_key(), "name-malformed");
        assert_eq!(PersonNameFault::Symbols.problem_key(), "name-symbols");
    }

    proptest! {
        #[test]
        fn a_tidied_name_stays_as_it_is(text in "\\PC{0,80}") {
            if let Ok(name) = first_name(&text) {
                prop_assert_eq!(first_name(&name).unwrap(), name.clone());
                prop_assert!((1..=60).contains(&name.chars().count()));
            }
        }
    }
}
