//! Quotation marks within quotation marks: a name that has its own, put into a sentence that quotes it.

use crate::api::PageLanguage;

/// The outer and the inner marks of a language.
const fn quote_marks(language: PageLanguage) -> ((char, char), (char, char)) {
    match language {
        PageLanguage::Ru => (('«', '»'), ('„', '“')),
        PageLanguage::En => (('“', '”'), ('‘', '’')),
    }
}

/// The text with inner marks wherever outer ones stand within others: `«Кофе «Парк»»` is written `«Кофе „Парк“»`.
pub fn nest_quotes(text: String, language: PageLanguage) -> String {
    let ((open, close), (inner_open, inner_close)) = quote_marks(language);
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
        let ru = |text: &str| nest_quotes(text.to_owned(), PageLanguage::Ru);
        assert_eq!(
            ru("предложение «Капучино от «Парка»»"),
            "предложение «Капучино от „Парка“»"
        );
        assert_eq!(
            ru("«Серебро» до 22.12.2026, «Золото» далеко"),
            "«Серебро» до 22.12.2026, «Золото» далеко"
        );
        let en = nest_quotes("offer “A “Park” coffee”".to_owned(), PageLanguage::En);
        assert_eq!(en, "offer “A ‘Park’ coffee”");
    }

    #[test]
    fn a_mark_without_its_other_spoils_nothing_before_it() {
        let ru = nest_quotes("» «А» «Б «В»".to_owned(), PageLanguage::Ru);
        assert_eq!(ru, "» «А» «Б „В“");
    }
}
