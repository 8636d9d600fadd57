//! Text that people read, without what cannot be seen: marks that take no place, turn the direction of writing, or pile up on
//! a letter. They make one name look like another, or spill over the text around it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
/// Combining class of the sign that takes the vowel from a letter of an Indic script.
const VIRAMA: u8 = 9;

/// Returns the text with only what can be seen, composed (NFC), with single spaces inside and none around. Joiners stay where
/// the script needs them. Cleaning twice changes nothing.
pub fn visible(text: &str) -> String {
    let mut clean = clean_once(text);
    // What is left out may bring together what composes or joins.
    for _ in 0..8 {
        let again = clean_once(&clean);
        if again == clean {
            break;
        }
        clean = again;
    }
    clean
}

/// Returns the text without whatever is invisible, joiners included: for addresses and codes.
pub fn without_invisible(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_whitespace() || !is_invisible(*character))
        .filter(|character| !matches!(*character, NON_JOINER | JOINER))
        .collect()
}

fn clean_once(text: &str) -> String {
    let composed: Vec<char> = text
        .nfc()
        .filter(|character| character.is_whitespace() || !is_invisible(*character))
        .collect();
    let mut clean = String::with_capacity(text.len());
    let mut base = None;
    let mut marks = 0;
    for (position, character) in composed.iter().copied().enumerate() {
        let next = composed.get(position.saturating_add(1)).copied();
        let last = clean.chars().next_back();
        if character.is_whitespace() {
            base = None;
            if last.is_some_and(|last| last != ' ') {
                clean.push(' ');
            }
            continue;
        }
        if matches!(character, NON_JOINER | JOINER) {
            if is_joiner_needed(character, last, next) {
                clean.push(character);
            }
            continue;
        }
        if is_mark(character) {
            let more = marks + usize::from(is_stacking(character));
            let room = base.is_some_and(|base| more <= most_marks(base));
            if room && last != Some(character) {
                clean.push(character);
                marks = more;
            }
            continue;
        }
        base = Some(character);
        marks = 0;
        clean.push(character);
    }
    clean.trim_end().to_owned()
}

/// Returns whether a character takes no place of its own or has no form; spaces and the two joiners are judged elsewhere.
fn is_invisible(character: char) -> bool {
    if matches!(character, NON_JOINER | JOINER) {
        return false;
    }
    let formless = matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
            | GeneralCategory::EnclosingMark
    );
    // Fillers, variation selectors, tags and other characters that Unicode calls ignorable; the Braille blank.
    formless
        || matches!(
            character,
            '\u{34f}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{2065}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffd}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

fn is_mark(character: char) -> bool {
    is_stacking(character) || character.general_category() == GeneralCategory::SpacingMark
}

/// Returns whether a mark stands above or below its letter instead of beside it.
fn is_stacking(character: char) -> bool {
    character.general_category() == GeneralCategory::NonspacingMark
}

/// Number of marks that a letter may carry: Latin, Greek and Cyrillic letters are composed already, others need more.
fn most_marks(base: char) -> usize {
    if base < '\u{530}' { 2 } else { 3 }
}

/// Returns whether a joiner changes how the letters around it are written.
fn is_joiner_needed(joiner: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before.filter(|character| is_of_joining_script(*character)) else {
        return false;
    };
    let follows = after.is_some_and(is_of_joining_script);
    // Some final consonants of Indic scripts are written with a joiner at the end of the word.
    follows || (joiner == JOINER && canonical_combining_class(before) == VIRAMA)
}

/// Returns whether a character is a letter or mark of a script that is written with joiners: Arabic, Syriac, N'Ko, Mongolian,
/// and the scripts of India, Sri Lanka, Myanmar and Cambodia.
fn is_of_joining_script(character: char) -> bool {
    let of_script = matches!(
        character,
        '\u{600}'..='\u{74f}'
            | '\u{750}'..='\u{77f}'
            | '\u{7c0}'..='\u{7ff}'
            | '\u{840}'..='\u{8ff}'
            | '\u{900}'..='\u{df4}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{18af}'
            | '\u{a8e0}'..='\u{a8ff}'
            | '\u{11000}'..='\u{11fff}'
    );
    of_script && (character.is_alphabetic() || is_mark(character))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn joiners_stay_where_the_script_needs_them() {
        for name in [
            // Persian: the parts of the word do not join.
            "مهدی\u{200c}زاده",
            // Sinhala, Hindi and Malayalam: joiners after the sign that takes the vowel.
            "ශ\u{dca}\u{200d}රී",
            "क\u{94d}\u{200d}ष",
            "അവന\u{d4d}\u{200d}",
        ] {
            assert_eq!(visible(name), name, "{name:?}");
        }
        for name in [
            "Ан\u{200d}на",
            "An\u{200c}na",
            "\u{200d}Анна\u{200c}",
            "مهدی\u{200c}",
            "مهدی\u{200c}\u{200c}\u{200d}زاده",
            "नि\u{200d}",
        ] {
            let clean = visible(name);
            let joiners = clean.matches([NON_JOINER, JOINER]).count();
            assert!(joiners <= usize::from(name.contains("زاده")), "{clean:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_left_out() {
        for hidden in [
            '\u{0}',
            '\u{1b}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{206f}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fffb}',
            '\u{fffd}',
            '\u{e000}',
            '\u{e0041}',
            '\u{e007f}',
            '\u{e0100}',
            '\u{10ffff}',
            '\u{20dd}',
        ] {
            assert_eq!(
                visible(&format!("{hidden}Ан{hidden}{hidden}на{hidden}")),
                "Анна",
                "{hidden:?}"
            );
            assert_eq!(visible(&hidden.to_string()), "", "{hidden:?}");
        }
        assert_eq!(visible("Анна\u{2028}\u{3000}\u{a0} Мария\t"), "Анна Мария");
    }

    #[test]
    fn marks_do_not_pile_up() {
        let zalgo = format!("А{}нна", "\u{300}\u{310}\u{320}\u{330}\u{340}".repeat(20));
        let clean = visible(&zalgo);
        assert!(clean.chars().count() <= 6, "{clean}");
        let many = format!("М{}ия", "\u{301}\u{310}\u{320}".repeat(20));
        assert_eq!(
            visible(&many),
            "М\u{320}\u{301}ия",
            "one below and one above"
        );
        assert_eq!(visible("\u{301}\u{301}Анна"), "Анна", "marks of no letter");
        assert_eq!(visible("Анна \u{301}"), "Анна");
        // Letters of living languages keep all of theirs.
        for name in [
            "Nguyễn",
            "Ọlá\u{300}",
            "יִשְׂרָאֵל",
            "น้ำ",
            "བསྒྲུབས",
            "अंकित",
            "ёж",
            "Иси\u{301}дор",
        ] {
            let composed: String = name.nfc().collect();
            assert_eq!(visible(name), composed, "{name}");
        }
    }

    #[test]
    fn a_text_is_composed() {
        assert_eq!(visible("Й".nfd().collect::<String>().as_str()), "Й");
        assert_eq!(
            visible("e\u{200b}\u{301}"),
            "é",
            "what stood between is gone"
        );
    }

    proptest! {
        #[test]
        fn a_clean_text_stays_as_it_is(
            text in ".{0,60}",
            marks in "[a\u{430}\u{300}-\u{310}\u{200b}-\u{200d}\u{628}\u{915}\u{94d}\u{3164}\u{e0041} ]{0,60}",
        ) {
            for text in [text, marks] {
                let clean = visible(&text);
                prop_assert_eq!(visible(&clean), clean.clone());
                prop_assert!(!clean.chars().any(|character| is_invisible(character) || character.is_control()));
                prop_assert_eq!(clean.trim(), clean.as_str());
            }
        }

        #[test]
        fn letters_are_never_lost(text in "[a-zA-Zа-яА-ЯёЁ' -]{0,60}") {
            let clean = visible(&text);
            prop_assert_eq!(clean, text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}
