//! Phone numbers. Every common spelling of one number gives one value; a log never shows the whole of it.

use std::fmt;

use phonenumber::{Mode, country};

use super::card::bare;

/// The most characters that are looked at.
const LONGEST: usize = 40;

/// A phone number in E.164: a plus sign, the country's code, the rest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneFault {
    /// There is nothing in it.
    Missing,
    /// No such number can exist.
    Invalid,
}

impl PhoneFault {
    /// The name of the text that explains it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Missing => "phone-missing",
            Self::Invalid => "phone-invalid",
        }
    }
}

impl Phone {
    /// Reads a number as people write or paste it. Without a country's code it is a Russian one.
    ///
    /// # Errors
    /// [`PhoneFault`].
    pub fn parse(text: &str) -> Result<Self, PhoneFault> {
        if text.trim().is_empty() {
            return Err(PhoneFault::Missing);
        }
        if text.chars().count() > LONGEST {
            return Err(PhoneFault::Invalid);
        }
        let number = bare(text).to_ascii_lowercase();
        let number = number.strip_prefix("tel:").unwrap_or(&number);
        let number = number.replace(['(', ')', '.'], "");
        // Letters, extensions and second numbers would be guessed at; a wrong guess sends a code to a stranger.
        let digits = number.strip_prefix('+').unwrap_or(&number);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PhoneFault::Invalid);
        }
        let read = |text: &str| {
            phonenumber::parse(Some(country::RU), text)
                .ok()
                .filter(phonenumber::is_valid)
                .map(|number| number.format().mode(Mode::E164).to_string())
        };
        let number = read(&number).ok_or(PhoneFault::Invalid)?;
        // Some foreign numbers are read otherwise than they are written: their owner would not be found again.
        if read(&number).as_ref() != Some(&number) {
            return Err(PhoneFault::Invalid);
        }
        Ok(Self(number))
    }

    /// A number that was read by [`Phone::parse`] before it was stored.
    pub fn trusted(stored: &str) -> Self {
        Self(stored.to_owned())
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to know it by: «+7 ··· 67-89».
    pub fn masked(&self) -> String {
        let last = self.0.len().checked_sub(4).and_then(|at| self.0.get(at..));
        let pairs = last.and_then(|digits| digits.split_at_checked(2));
        match (phonenumber::parse(None, &self.0), pairs) {
            (Ok(number), Some((left, right))) => {
                format!("+{} ··· {left}-{right}", number.code().value())
            }
            // Not a number that was read here: nothing of it is shown.
            _ => "···".to_owned(),
        }
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
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
    fn all_spellings_of_a_number_are_one() {
        for text in [
            "+79123456789",
            "79123456789",
            "89123456789",
            "9123456789",
            "8 (912) 345-67-89",
            "+7 (912) 345-67-89",
            "+7(912)3456789",
            "+7 912 345 67 89",
            "7 912 345-67-89",
            "8-912-345-67-89",
            "8.912.345.67.89",
            "+7\u{a0}912\u{a0}345\u{2011}67\u{2011}89",
            "+7 912 345–67—89",
            "\u{202a}+7 912 345-67-89\u{202c}",
            "tel:+79123456789",
            "TEL: +7-912-345-67-89",
            "  912 345 67 89\n",
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().as_str(),
                "+79123456789",
                "{text:?}"
            );
        }
    }

    #[test]
    fn numbers_of_other_countries_need_their_code() {
        assert_eq!(
            Phone::parse("+375 29 123-45-67").unwrap().as_str(),
            "+375291234567"
        );
        assert_eq!(
            Phone::parse("+7 701 123 45 67").unwrap().as_str(),
            "+77011234567"
        );
        assert_eq!(
            Phone::parse("+44 20 7946 0958").unwrap().as_str(),
            "+442079460958"
        );
        assert_eq!(Phone::parse("020 7946 0958"), Err(PhoneFault::Invalid));
    }

    #[test]
    fn what_cannot_be_a_number_is_refused() {
        assert_eq!(Phone::parse(""), Err(PhoneFault::Missing));
        assert_eq!(Phone::parse(" \u{a0}"), Err(PhoneFault::Missing));
        for text in [
            "+",
            "tel:",
            "912345678",
            "+7912345678",
            "+791234567890",
            "+7 000 000 00 00",
            "8 912 345 67 89 доб. 5",
            "8 912 345 67 89 ext 5",
            "+7 912 345 67 89, +7 912 345 67 80",
            "++79123456789",
            "8 912 FLOWERS",
            "12345",
        ] {
            assert_eq!(Phone::parse(text), Err(PhoneFault::Invalid), "{text:?}");
        }
        assert_eq!(
            Phone::parse(&format!("{}9123456789", " ".repeat(40))),
            Err(PhoneFault::Invalid)
        );
    }

    #[test]
    fn a_mask_keeps_the_country_and_four_digits() {
        assert_eq!(
            Phone::parse("89123456789").unwrap().masked(),
            "+7 ··· 67-89"
        );
        assert_eq!(Phone::trusted("+375291234567").masked(), "+375 ··· 45-67");
        assert_eq!(Phone::trusted("").masked(), "···");
        assert_eq!(Phone::trusted("закрыт").masked(), "···");
    }

    #[test]
    fn a_log_shows_only_the_mask() {
        let phone = Phone::parse("89123456789").unwrap();
        assert_eq!(format!("{phone:?}"), "Phone(+7 ··· 67-89)");
    }

    proptest! {
        #[test]
        fn spelling_never_changes_the_number(
            end in 0..10_000_000_u32,
            start in prop::sample::select(vec!["+7", "7", "8", "", "tel:+7", "8 ", "+7\u{a0}"]),
            gaps in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "\u{a0}", "\u{2011}", "–", ") ", "."]), 3),
        ) {
            let end = format!("{end:07}");
            let text = format!("{start}(912{}{}{}{}{}{}", gaps[0], &end[..3], gaps[1], &end[3..5], gaps[2], &end[5..]);
            let phone = Phone::parse(&text).unwrap();
            prop_assert_eq!(phone.as_str(), format!("+7912{end}"));
            prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone.clone());
            prop_assert_eq!(phone.masked(), format!("+7 ··· {}-{}", &end[3..5], &end[5..]));
        }

        #[test]
        fn no_text_makes_the_reader_fail(text in any::<String>(), digits in "[+]?[0-9 ()-]{0,40}") {
            let _ = Phone::parse(&text);
            if let Ok(phone) = Phone::parse(&digits) {
                prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
            }
        }

        #[test]
        fn a_mask_is_made_of_any_stored_text(text in any::<String>()) {
            let _ = Phone::trusted(&text).masked();
        }
    }
}
