//! One-time passwords as people paste them: with spaces, invisible marks, other scripts' digits, or the whole message
//! around them.

/// Number of digits of a one-time password.
const DIGITS: usize = 6;

/// Zero of each script's decimal digits (Unicode general category Nd); the digits 1 to 9 follow it.
const ZEROS: [u32; 75] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66,
    0xDE6, 0xE50, 0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650,
    0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16A60, 0x16AC0,
    0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E950,
    0x1FBF0, 0x10D40, 0x116D0, 0x116DA, 0x11BF0, 0x16D70, 0x1CCF0, 0x1E5F1,
];

/// A one-time password: six ASCII digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode(String);

/// Reason why a text is no one-time password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", prefix = "code-")]
pub enum OneTimeCodeFault {
    /// Nothing visible was typed.
    Missing,
    /// There are no six digits, or more than one code could be meant.
    #[strum(serialize = "six-digits")]
    NotSixDigits,
}

impl OneTimeCodeFault {
    /// Stable name of the problem.
    pub fn problem_key(self) -> &'static str {
        self.into()
    }
}

impl OneTimeCode {
    /// Reads what was typed or pasted.
    ///
    /// # Errors
    /// [`OneTimeCodeFault`].
    pub fn parse(text: &str) -> Result<Self, OneTimeCodeFault> {
        let text: String = text
            .chars()
            .filter(|c| !is_invisible(*c))
            .map(ascii_digit)
            .collect();
        if text.trim().is_empty() {
            return Err(OneTimeCodeFault::Missing);
        }
        let text = without_addresses(&text);
        // A full stop ends a sentence more often than it parts the digits of a code, so it is read as such first.
        [is_gap, is_gap_or_mark]
            .into_iter()
            .find_map(|joins| match candidates(&text, joins).as_slice() {
                [] => None,
                [first, rest @ ..] => Some(
                    rest.iter()
                        .all(|other| other == first)
                        .then(|| Self(first.clone())),
                ),
            })
            .flatten()
            .ok_or(OneTimeCodeFault::NotSixDigits)
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the ASCII digit of a decimal digit of any script, any other character unchanged.
fn ascii_digit(c: char) -> char {
    let value = u32::from(c);
    ZEROS
        .iter()
        .filter_map(|zero| value.checked_sub(*zero))
        .find(|digit| *digit < 10)
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

/// Marks that text carries along unseen: zero-width characters, marks of direction, variation selectors, controls.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// Spaces and hyphens, by which a code is written in groups.
fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
        )
}

fn is_gap_or_mark(c: char) -> bool {
    is_gap(c)
        || matches!(
            c,
            '.' | '#' | ',' | '·' | '•' | '_' | '\u{3002}' | '\u{FF0E}'
        )
}

/// Words without addresses: the last line of a message names the site, whose address may hold digits.
fn without_addresses(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| if word.contains(['@', '/']) { "/" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The groups of digits in a text that can be a code.
fn candidates(text: &str, joins: fn(char) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for series in text.split(|c: char| !c.is_ascii_digit() && !joins(c)) {
        let groups: Vec<&str> = series
            .split(joins)
            .filter(|group| !group.is_empty())
            .collect();
        let whole = groups.concat();
        if whole.len() == DIGITS {
            found.push(whole);
        } else {
            let six = groups.into_iter().filter(|group| group.len() == DIGITS);
            found.extend(six.map(str::to_owned));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        OneTimeCode::parse(text).ok().map(|code| code.0)
    }

    fn in_script(code: &str, zero: u32) -> String {
        code.bytes()
            .map(|digit| char::from_u32(zero + u32::from(digit - b'0')).unwrap())
            .collect()
    }

    #[test]
    fn a_code_is_found_in_whatever_was_pasted() {
        for text in [
            "123456",
            " 123 456\n",
            "12-34-56",
            "123\u{a0}456",
            "\u{200e}123456\u{200f}",
            "1\u{200b}2\u{200b}3456",
            "#123456",
            "123456.",
            "123.456",
            "Ваш код 123 456",
            "«Ваш код 123 456»",
            "Ваш код: 123-456. Никому его не сообщайте",
            "123456 — код для входа. Никому его не сообщайте\n\n@127.0.0.1:3000 #123456",
            "123456 is your code\n\n@club7.example.com #123456",
            "Your code is 123456, valid for 10 minutes",
            "１２３４５６",
            "١٢٣٤٥٦",
            "29.11.26 код 123456",
        ] {
            assert_eq!(read(text).as_deref(), Some("123456"), "{text:?}");
        }
        assert_eq!(read("000001").as_deref(), Some("000001"));
    }

    #[test]
    fn what_may_mean_two_codes_or_none_is_not_guessed_at() {
        for text in [
            "123456 654321",
            "код 123456, прежний 654321",
            "123456\n654321",
            "#123456 #654321",
            "12345",
            "1234567",
            "123 456 789",
            "код",
            "+7 912 345-67-89",
            "https://club.example.com/123456",
        ] {
            let fault = OneTimeCode::parse(text).unwrap_err();
            assert_eq!(fault, OneTimeCodeFault::NotSixDigits, "{text:?}");
        }
        for text in ["", " \n", "\u{200b}\u{feff}"] {
            let fault = OneTimeCode::parse(text).unwrap_err();
            assert_eq!(fault, OneTimeCodeFault::Missing, "{text:?}");
        }
    }

    const NOISE: [&str; 12] = [
        " ", "\u{a0}", "\u{2009}", "-", "\u{2011}", "\u{200b}", "\u{200e}", "\u{202b}", "\u{2069}",
        "\u{feff}", ".", "#",
    ];

    proptest! {
        #[test]
        fn noise_and_scripts_change_no_code(
            digits in prop::collection::vec(0_u32..10, 6),
            zeros in prop::collection::vec(prop::sample::select(ZEROS.to_vec()), 6),
            noise in prop::collection::vec(prop::sample::select(NOISE.to_vec()), 7),
            quoted in any::<bool>(),
        ) {
            let plain: String = digits.iter().map(ToString::to_string).collect();
            let mut text = String::new();
            for ((digit, zero), noise) in plain.chars().zip(&zeros).zip(&noise) {
                text.push_str(noise);
                text.push_str(&in_script(&digit.to_string(), *zero));
            }
            text.push_str(noise.last().unwrap());
            if quoted {
                text = format!("«Ваш код: {text}»");
            }
            prop_assert_eq!(read(&text), Some(plain));
        }

        #[test]
        fn whatever_is_read_is_six_ascii_digits(text in any::<String>()) {
            if let Some(code) = read(&text) {
                prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
            }
        }

        #[test]
        fn two_different_codes_are_never_one(
            one in "[0-9]{6}",
            other in "[0-9]{6}",
            between in prop::sample::select(vec![" ", "\n", ", ", " или ", ". "]),
        ) {
            prop_assume!(one != other);
            let text = format!("{one}{between}{other}");
            prop_assert_eq!(read(&text), None);
        }
    }
}
