//! Numbers of cards: the long one that identifies a member and the short one of the linear barcode.
//! A number that exists has a right check digit.

use std::fmt;

use super::name::is_unseen;

/// 16 digits that identify a card; the last one is a Luhn check digit (ISO/IEC 7812-1, annex B).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardNumber(String);

impl CardNumber {
    /// A number made of randomness: the last 15 decimal digits of `random` and their check digit.
    pub fn from_random(random: u64) -> Self {
        let body = format!("{:015}", random % 1_000_000_000_000_000);
        let check = (10 - luhn_sum(&body) % 10) % 10;
        Self(format!("{body}{check}"))
    }

    /// Reads a number, with or without spaces and dashes. `None` unless it has 16 digits and the check digit is right.
    pub fn parse(text: &str) -> Option<Self> {
        let number = strip_separators(text);
        let digits = number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_digit());
        (digits && luhn_sum(&number).is_multiple_of(10)).then_some(Self(number))
    }

    /// The 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits in fours, as on a bank card: "1234 5678 9012 3456".
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(19);
        for (position, digit) in self.0.chars().enumerate() {
            if position > 0 && position % 4 == 0 {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Luhn sum of 16 digits, or of the first 15 of them: every second digit counts double, starting with the first.
fn luhn_sum(number: &str) -> u32 {
    digits(number)
        .enumerate()
        .map(|(position, digit)| match (position % 2, digit) {
            (0, 5..) => digit * 2 - 9,
            (0, _) => digit * 2,
            _ => digit,
        })
        .sum()
}

/// Payload of the linear barcode: prefix 29 (numbers for use inside one chain), the short number in ten digits and a check
/// digit (GS1 General Specifications, 7.9).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ean13 {
    short: i64,
    text: String,
}

impl Ean13 {
    /// The first two digits of every one.
    pub const PREFIX: &'static str = "29";
    /// Bars and spaces of the narrowest width in the symbol, without quiet zones.
    pub const MODULES: usize = 95;

    /// A short number made of randomness, so that cards are issued without waiting for one another and their numbers
    /// tell nobody how many there are.
    pub fn short_from_random(random: u64) -> i64 {
        i64::try_from(random % 10_000_000_000).unwrap_or_default()
    }

    /// The code of a short number. `None` unless that is from 0 to 9 999 999 999.
    pub fn from_short(short: i64) -> Option<Self> {
        if !(0..10_000_000_000).contains(&short) {
            return None;
        }
        let body = format!("{}{short:010}", Self::PREFIX);
        let sum: u32 = digits(&body)
            .enumerate()
            .map(|(position, digit)| if position % 2 == 0 { digit } else { digit * 3 })
            .sum();
        let text = format!("{body}{}", (10 - sum % 10) % 10);
        Some(Self { short, text })
    }

    /// Reads 13 digits, with or without spaces and dashes. `None` unless the prefix and the check digit are right.
    pub fn parse(text: &str) -> Option<Self> {
        let text = strip_separators(text);
        let body = text.strip_prefix(Self::PREFIX)?.get(..10)?;
        Self::from_short(body.parse().ok()?).filter(|code| code.text == text)
    }

    /// The short number.
    pub fn short_number(&self) -> i64 {
        self.short
    }

    /// The 13 digits.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The symbol from left to right, `true` where a module is a bar (ISO/IEC 15420). Eleven modules of quiet zone
    /// belong on the left of it, seven on the right.
    pub fn bar_modules(&self) -> [bool; Self::MODULES] {
        // Sets of the left half for a number that begins with 2, in the order of its digits 2 to 7: A A B B A B.
        const MIRRORED: [bool; 6] = [false, false, true, true, false, true];

        let mut symbol: u128 = 0b101;
        for (digit, mirrored) in digits(&self.text).skip(1).zip(MIRRORED) {
            let bars = encode_set_a(digit);
            let bars = if mirrored {
                (bars ^ 0x7f).reverse_bits() >> 1
            } else {
                bars
            };
            symbol = symbol << 7 | u128::from(bars);
        }
        symbol = symbol << 5 | 0b01010;
        for digit in digits(&self.text).skip(7) {
            symbol = symbol << 7 | u128::from(encode_set_a(digit) ^ 0x7f);
        }
        symbol = symbol << 3 | 0b101;

        let mut bars = [false; Self::MODULES];
        for (position, bar) in bars.iter_mut().rev().enumerate() {
            *bar = symbol >> position & 1 == 1;
        }
        bars
    }
}

impl fmt::Display for Ean13 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Seven modules of a digit in number set A. Set C is its inverse and set B the mirror image of set C.
fn encode_set_a(digit: u32) -> u8 {
    match digit {
        0 => 0b000_1101,
        1 => 0b001_1001,
        2 => 0b001_0011,
        3 => 0b011_1101,
        4 => 0b010_0011,
        5 => 0b011_0001,
        6 => 0b010_1111,
        7 => 0b011_1011,
        8 => 0b011_0111,
        _ => 0b000_1011,
    }
}

fn digits(number: &str) -> impl Iterator<Item = u32> {
    number.chars().filter_map(|digit| digit.to_digit(10))
}

/// The text without what people and programs put between digits: spaces, dashes and marks that cannot be seen.
pub(super) fn strip_separators(text: &str) -> String {
    text.chars()
        .filter(|character| {
            let dash = matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
            !(dash || character.is_whitespace() || is_unseen(*character))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_known_to_be_right_is_read() {
        // A test number that payment systems publish.
        assert!(CardNumber::parse("4111 1111 1111 1111").is_some());
        assert!(CardNumber::parse("4111 1111 1111 1112").is_none());
    }

    #[test]
    fn a_card_number_has_sixteen_digits_and_nothing_else() {
        for text in [
            "",
            "0",
            "411111111111111",
            "41111111111111111",
            "411111111111111a",
            "４111111111111111",
        ] {
            assert_eq!(CardNumber::parse(text), None, "{text}");
        }
    }

    #[test]
    fn small_random_numbers_keep_their_zeros() {
        assert_eq!(CardNumber::from_random(0).as_str(), "0000000000000000");
        assert_eq!(CardNumber::from_random(1).as_str(), "0000000000000018");
        assert_eq!(CardNumber::from_random(1).grouped(), "0000 0000 0000 0018");
    }

    #[test]
    fn a_short_number_makes_a_code_with_prefix_29() {
        assert_eq!(Ean13::from_short(0).unwrap().as_str(), "2900000000001");
        assert_eq!(
            Ean13::from_short(123_456_789).unwrap().as_str(),
            "2901234567896"
        );
        assert_eq!(Ean13::from_short(-1), None);
        assert_eq!(Ean13::from_short(10_000_000_000), None);
    }

    #[test]
    fn a_code_of_goods_is_not_a_short_number() {
        // The example of the article on EAN-13 in Wikipedia: a right check digit, another prefix.
        assert_eq!(Ean13::parse("4003994155486"), None);
        assert_eq!(Ean13::parse("2901234567890"), None);
        assert_eq!(Ean13::parse("29012345678960"), None);
        assert_eq!(Ean13::parse("29+1234567896"), None);
        assert_eq!(Ean13::parse("29"), None);
    }

    #[test]
    fn the_symbol_is_the_one_that_other_encoders_draw() {
        let drawn: String = Ean13::parse("2901234567896")
            .unwrap()
            .bar_modules()
            .map(|bar| if bar { '1' } else { '0' })
            .into_iter()
            .collect();
        assert_eq!(
            drawn,
            "10100010110001101011001100110110111101001110101010100111010100001000100100100011101001010000101"
        );
    }

    proptest! {
        #[test]
        fn a_card_number_reads_back_in_any_spelling(random in any::<u64>()) {
            let card = CardNumber::from_random(random);
            prop_assert_eq!(CardNumber::parse(card.as_str()), Some(card.clone()));
            prop_assert_eq!(CardNumber::parse(&card.grouped()), Some(card.clone()));
            prop_assert_eq!(CardNumber::parse(&card.grouped().replace(' ', "\u{a0}")), Some(card.clone()));
            prop_assert_eq!(CardNumber::parse(&card.grouped().replace(' ', "–")), Some(card));
        }

        #[test]
        fn one_wrong_digit_is_always_noticed(random in any::<u64>(), position in 0..16_usize, by in 1..10_u8) {
            let card = CardNumber::from_random(random);
            let mut wrong = card.as_str().as_bytes().to_vec();
            wrong[position] = (wrong[position] - b'0' + by) % 10 + b'0';
            prop_assert_eq!(CardNumber::parse(&String::from_utf8(wrong).unwrap()), None);
        }

        #[test]
        fn a_short_number_reads_back_and_one_wrong_digit_is_noticed(
            short in 0..10_000_000_000_i64,
            position in 0..13_usize,
            by in 1..10_u8,
        ) {
            let code = Ean13::from_short(short).unwrap();
            prop_assert_eq!(code.short_number(), short);
            prop_assert_eq!(Ean13::parse(code.as_str()), Some(code.clone()));
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[position] = (wrong[position] - b'0' + by) % 10 + b'0';
            prop_assert_eq!(Ean13::parse(&String::from_utf8(wrong).unwrap()), None);
        }
    }
}
