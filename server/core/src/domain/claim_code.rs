//! The claim code: what a receipt without a card shows, so that the shopper can take its points later. Short, printable,
//! speakable, and typed on any keyboard: a code that exists has a right check sign.

use std::fmt;

/// Signs that look and sound alike in no two ways: digits, and letters that are written the same in Latin and Cyrillic. `O`
/// is a zero, `B` an eight. Nineteen of them, a prime, so that the check sign finds every misread and every swapped sign.
const SIGNS: [char; 19] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'C', 'E', 'H', 'K', 'M', 'P', 'T', 'X',
];
/// Random signs: 19¹⁰ is more than 2⁴².
const RANDOM: usize = 10;
/// Random signs and the check sign.
const LENGTH: usize = RANDOM + 1;
/// Codes that can be made.
const CODES: u64 = 6_131_066_257_801;

/// A code of eleven signs, the last of them a check sign.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimCode(String);

impl ClaimCode {
    /// A code made of randomness, each equally likely to one in a million.
    pub fn from_random(random: u64) -> Self {
        let mut rest = random % CODES;
        let mut values = Vec::with_capacity(LENGTH);
        for _ in 0..RANDOM {
            values.push(rest % 19);
            rest /= 19;
        }
        values.push((19 - weighted_sum(&values) % 19) % 19);
        Self(values.into_iter().filter_map(sign_of_value).collect())
    }

    /// Reads a code as people type it: small letters, a Russian layout, spaces and dashes don't matter. `None` unless it is
    /// whole and its check sign is right.
    pub fn parse(text: &str) -> Option<Self> {
        let signs: String = text
            .chars()
            .filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '–' | '—'))
            .map(normalize_sign)
            .take(LENGTH + 1)
            .collect();
        let values: Vec<u64> = signs.chars().map(value_of_sign).collect::<Option<_>>()?;
        (values.len() == LENGTH && weighted_sum(&values).is_multiple_of(19)).then_some(Self(signs))
    }

    /// The eleven signs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The signs in groups, as they are shown and said: `4KM2 9TX P077` is easier to keep than one word.
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(LENGTH + 2);
        for (position, sign) in self.0.chars().enumerate() {
            if matches!(position, 4 | 7) {
                text.push(' ');
            }
            text.push(sign);
        }
        text
    }
}

/// A secret stays out of logs.
impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode")
    }
}

fn sign_of_value(value: u64) -> Option<char> {
    SIGNS.get(usize::try_from(value).ok()?).copied()
}

fn value_of_sign(sign: char) -> Option<u64> {
    let place = SIGNS.iter().position(|each| *each == sign)?;
    u64::try_from(place).ok()
}

/// The sum of signs by weight. All weights are different and none is a multiple of 19, so no one wrong sign and no two swapped
/// ones leave it a multiple of 19.
fn weighted_sum(values: &[u64]) -> u64 {
    // The check sign weighs 1, so that it can be worked out as what is missing.
    let weights = (2_u64..).take(RANDOM).chain([1]);
    values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum()
}

/// The sign that was meant by what was typed.
fn normalize_sign(typed: char) -> char {
    let upper = typed.to_uppercase().next().unwrap_or(typed);
    match upper {
        'O' | 'О' | 'D' | 'Q' => '0',
        'B' | 'В' => '8',
        'I' | 'L' | '|' => '1',
        'З' => '3',
        'А' => 'A',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn there_are_more_than_two_to_the_forty_of_them() {
        assert_eq!(CODES, 19_u64.pow(10));
        const { assert!(CODES > 1 << 40) };
        assert_eq!(ClaimCode::from_random(0).as_str(), "00000000000");
        assert_ne!(
            ClaimCode::from_random(CODES - 1),
            ClaimCode::from_random(CODES - 2)
        );
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = ClaimCode::from_random(4_611_686_018_427_387_904);
        let shown = code.grouped();
        assert_eq!(shown.len(), 13, "{shown}");
        let russian: String = code
            .as_str()
            .chars()
            .map(|sign| match sign {
                'A' => 'а',
                'C' => 'С',
                'E' => 'е',
                'H' => 'н',
                'K' => 'к',
                'M' => 'м',
                'P' => 'р',
                'T' => 'т',
                'X' => 'х',
                '0' => 'О',
                '8' => 'в',
                other => other,
            })
            .collect();
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            format!(" {} ", shown.replace(' ', "-")),
            russian,
        ] {
            assert_eq!(ClaimCode::parse(&typed), Some(code.clone()), "{typed}");
        }
        for typed in ["", "4KM2", "нет", &format!("{shown}0"), "4KM2 9TX P07Ж"] {
            assert_eq!(ClaimCode::parse(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn a_misread_or_swapped_sign_is_always_found(
            random in any::<u64>(), place in 0..LENGTH, other in 0..19_usize, with in 0..LENGTH,
        ) {
            let code = ClaimCode::from_random(random);
            prop_assert_eq!(ClaimCode::parse(&code.grouped()), Some(code.clone()));
            let mut signs: Vec<char> = code.as_str().chars().collect();
            let right = signs[place];
            signs[place] = SIGNS[other];
            let read = ClaimCode::parse(&signs.iter().collect::<String>());
            prop_assert_eq!(read.is_some(), SIGNS[other] == right);
            signs[place] = right;
            signs.swap(place, with);
            let read = ClaimCode::parse(&signs.iter().collect::<String>());
            prop_assert_eq!(read.is_some(), signs[place] == right);
        }
    }
}
