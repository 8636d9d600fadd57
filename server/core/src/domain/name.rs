//! Names of people as they typed them: tidied, never changed in spelling. What cannot be shown safely is refused.

/// The most characters in one name.
const LONGEST: usize = 60;

/// What is wrong with a name that was typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// There is none.
    Missing,
    /// It is longer than 60 characters.
    TooLong,
    /// It has no letter, or a character that cannot be seen.
    Malformed,
}

impl NameFault {
    /// The name of the text that explains it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Missing => "name-missing",
            Self::TooLong => "name-too-long",
            Self::Malformed => "name-malformed",
        }
    }
}

/// The first name, without spaces around it and with single ones inside.
///
/// # Errors
/// [`NameFault`]: missing, too long, or not a name.
pub fn first_name(text: &str) -> Result<String, NameFault> {
    let name = last_name(text)?;
    if name.is_empty() {
        return Err(NameFault::Missing);
    }
    Ok(name)
}

/// The last name, tidied in the same way. It may be empty.
///
/// # Errors
/// [`NameFault`]: too long, or not a name.
pub fn last_name(text: &str) -> Result<String, NameFault> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST {
        return Err(NameFault::TooLong);
    }
    if name.chars().any(is_unseen) || !(name.is_empty() || name.chars().any(char::is_alphabetic)) {
        return Err(NameFault::Malformed);
    }
    Ok(name)
}

/// The name as a cashier sees it: «Анна К.».
pub fn short(first: &str, last: &str) -> String {
    match last.chars().find(|letter| letter.is_alphabetic()) {
        Some(initial) => format!("{first} {}.", initial.to_uppercase()),
        None => first.to_owned(),
    }
}

/// Whether a text can name a till, an account of staff, a shift or a receipt: 1 to 64 characters, none of them a control
/// character.
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
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::panic
    )]

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
        assert_eq!(first_name(" \n "), Err(NameFault::Missing));
    }

    #[test]
    fn a_name_has_sixty_characters_at_most() {
        assert!(first_name(&"я".repeat(60)).is_ok());
        assert_eq!(first_name(&"я".repeat(61)), Err(NameFault::TooLong));
        assert_eq!(last_name(&"я".repeat(61)), Err(NameFault::TooLong));
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for text in [
            "123",
            "—",
            "Ан\u{0}на",
            "Анна\u{1b}[2J",
            "Анна\u{202e}",
            "\u{200b}Анна",
        ] {
            assert_eq!(first_name(text), Err(NameFault::Malformed), "{text:?}");
        }
        assert_eq!(last_name("..."), Err(NameFault::Malformed));
    }

    #[test]
    fn a_cashier_sees_the_first_name_and_an_initial() {
        assert_eq!(short("Анна", "Каренина"), "Анна К.");
        assert_eq!(short("Анна", "каренина"), "Анна К.");
        assert_eq!(short("Жанна", "д’Арк"), "Жанна Д.");
        assert_eq!(short("Анна", ""), "Анна");
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
        assert_eq!(NameFault::Missing.key(), "name-missing");
        assert_eq!(NameFault::TooLong.key(), "name-too-long");
        assert_eq!(NameFault::Malformed.key(), "name-malformed");
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
