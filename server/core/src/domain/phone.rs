//! Phone numbers. Every common spelling of one number gives one value, and no number becomes another one; a log never
//! shows the whole of it.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType};

use super::card::strip_separators;
use super::country::Country;

/// The most characters that are looked at.
const LONGEST: usize = 40;

/// A phone number in E.164: a plus sign, the country's code, the rest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Reason why a text is not a phone number, or not one for this purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case", prefix = "phone-")]
pub enum PhoneFault {
    /// There is nothing in it.
    Missing,
    /// No such number can exist.
    Invalid,
    /// The number exists, but nobody reads messages there: a premium, toll-free or satellite number.
    NotPersonal,
    /// New members with a number of this country are not taken.
    Country,
}

impl PhoneFault {
    /// The name of the text that explains it.
    pub fn problem_key(&self) -> &'static str {
        self.into()
    }
}

impl Phone {
    /// Reads a number as people write or paste it. A number with `+` or `00` is read as it is written; a number without
    /// them is read as people write it in `country`.
    ///
    /// # Errors
    /// [`PhoneFault::Missing`], [`PhoneFault::Invalid`], [`PhoneFault::NotPersonal`].
    pub fn parse(text: &str, country: Country) -> Result<Self, PhoneFault> {
        if text.trim().is_empty() {
            return Err(PhoneFault::Missing);
        }
        if text.chars().count() > LONGEST {
            return Err(PhoneFault::Invalid);
        }
        let number = strip_separators(text)
            .chars()
            .map(half_width)
            .collect::<String>()
            .to_ascii_lowercase();
        let number = number.strip_prefix("tel:").unwrap_or(&number);
        let international = number
            .strip_prefix('+')
            .or_else(|| number.strip_prefix("00"));
        let read = match international {
            Some(rest) => read_international(rest),
            None => read_national(&digits(number)?, country),
        };
        let read = read.or_else(|fault| match international {
            // The zero in brackets is for callers from inside the country: +44 (0)20 7946 0958.
            Some(rest) if rest.contains("(0)") => read_international(&rest.replacen("(0)", "", 1)),
            _ => Err(fault),
        });
        let (phone, kind) = read?;
        match kind {
            PhoneNumberType::FixedLine
            | PhoneNumberType::Mobile
            | PhoneNumberType::FixedLineOrMobile
            | PhoneNumberType::VoIP
            | PhoneNumberType::PersonalNumber
                if phone.country().is_some() =>
            {
                Ok(phone)
            }
            _ => Err(PhoneFault::NotPersonal),
        }
    }

    /// A number that was read by [`Phone::parse`] before it was stored.
    pub fn trusted(stored: &str) -> Self {
        Self(stored.to_owned())
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the country whose plan the number belongs to; `None` = a number of no country.
    pub fn country(&self) -> Option<Country> {
        Country::from_region(self.parsed()?.get_region_code()?)
    }

    /// Returns whether calls to the number are passed on at the caller's expense, as +44 70 is.
    pub fn is_forwarded(&self) -> bool {
        self.parsed()
            .is_some_and(|number| number.get_type() == PhoneNumberType::PersonalNumber)
    }

    /// Enough for its owner to know it by: «+7 ··· 67-89».
    pub fn masked(&self) -> String {
        let last = self.0.len().checked_sub(4).and_then(|at| self.0.get(at..));
        let pairs = last.and_then(|digits| digits.split_at_checked(2));
        match (self.parsed(), pairs) {
            (Some(number), Some((left, right))) => {
                format!("+{} ··· {left}-{right}", number.country_code)
            }
            // Not a number that was read here: nothing of it is shown.
            _ => "···".to_owned(),
        }
    }

    fn parsed(&self) -> Option<PhoneNumber> {
        let digits = digits(self.0.strip_prefix('+')?).ok()?;
        PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None).ok()
    }
}

/// Letters, extensions and second numbers would be guessed at; a wrong guess sends a code to a stranger.
fn digits(text: &str) -> Result<String, PhoneFault> {
    let digits = text.replace(['(', ')', '.'], "");
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain {
        Ok(digits)
    } else {
        Err(PhoneFault::Invalid)
    }
}

/// Keyboards for Chinese and Japanese write digits and signs twice as wide.
fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => u32::from(character)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(character),
        other => other,
    }
}

/// Reads what follows the plus sign. Nothing of it may be changed: where the library would leave a digit out, the number
/// would be somebody else's.
fn read_international(rest: &str) -> Result<(Phone, PhoneNumberType), PhoneFault> {
    let typed = format!("+{}", digits(rest)?);
    let number = PHONE_NUMBER_UTIL
        .parse(&typed, None)
        .map_err(|_| PhoneFault::Invalid)?;
    let (phone, kind) = check_validity(&number)?;
    if phone.as_str() == typed {
        Ok((phone, kind))
    } else {
        Err(PhoneFault::Invalid)
    }
}

/// Reads digits as they are written and dialled inside a country. The country's own prefix for calls abroad (8 10 in Russia)
/// leads to a number of another country, which then may not be changed either.
fn read_national(typed: &str, country: Country) -> Result<(Phone, PhoneNumberType), PhoneFault> {
    let number = PHONE_NUMBER_UTIL
        .parse(typed, Some(country.region()))
        .map_err(|_| PhoneFault::Invalid)?;
    let (phone, kind) = check_validity(&number)?;
    let as_typed = || typed.ends_with(phone.as_str().trim_start_matches('+'));
    let stable = read_international(phone.as_str().trim_start_matches('+')).is_ok();
    if stable && (number.country_code == country.calling_code() || as_typed()) {
        Ok((phone, kind))
    } else {
        Err(PhoneFault::Invalid)
    }
}

fn check_validity(number: &PhoneNumber) -> Result<(Phone, PhoneNumberType), PhoneFault> {
    if !PHONE_NUMBER_UTIL.is_valid_number(number) {
        return Err(PhoneFault::Invalid);
    }
    let phone = PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164);
    Ok((
        Phone(phone.into_owned()),
        PHONE_NUMBER_UTIL.get_number_type(number),
    ))
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

#[cfg(test)]
mod tests;
