//! Texts of the programme where a sentence or a title begins: the first letter is always large, whoever wrote it small.

/// The text with a large first letter.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    rest.next()
        .map(|first| first.to_uppercase().chain(rest).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_letter_grows() {
        assert_eq!(sentence("кофе с 7 до 11"), "Кофе с 7 до 11");
        assert_eq!(sentence("+5 % за фрукты"), "+5 % за фрукты");
        assert_eq!(sentence(""), "");
    }
}
