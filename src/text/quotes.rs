//! Quotation marks within quotation marks: a name that has its own, put into a sentence that quotes it.

use crate::api::Language;

/// The outer and the inner marks of a language.
const fn marks(language: Language) -> ((char, char), (char, char)) {
    match language {
        Language::Ru => (('«', '»'), ('„', '“')),
        Language::En => (('“', '”'), ('‘', '’')),
    }
}

/// The text with inner marks wherever outer ones stand within others: `«Кофе «Парк»»` is written `«Кофе „Парк“»`.
pub fn nested(text: String, language: Language) -> String {
    let ((open, close), (inner_open, inner_close)) = marks(language);
    if text.matches(open).count() < 2 {
        return text;
    }
    let mut depth = 0_usize;
    let set = |mark| {
        if mark == open {
            depth += 1;
            return if depth > 1 { inner_open } else { open };
        }
        if mark == close {
            depth = depth.saturating_sub(1);
            return if depth > 0 { inner_close } else { close };
        }
        mark
    };
    text.chars().map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_within_marks_are_the_inner_ones() {
        let ru = |text: &str| nested(text.to_owned(), Language::Ru);
        assert_eq!(
            ru("предложение «Капучино от «Парка»»"),
            "предложение «Капучино от „Парка“»"
        );
        assert_eq!(
            ru("«Серебро» до 22.12.2026, «Золото» далеко"),
            "«Серебро» до 22.12.2026, «Золото» далеко"
        );
        let en = nested("offer “A “Park” coffee”".to_owned(), Language::En);
        assert_eq!(en, "offer “A ‘Park’ coffee”");
    }

    #[test]
    fn a_mark_without_its_other_spoils_nothing_before_it() {
        let ru = nested("» «А» «Б «В»".to_owned(), Language::Ru);
        assert_eq!(ru, "» «А» «Б „В“");
    }
}
