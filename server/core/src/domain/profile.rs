//! What a member may tell about themselves: birth date, children, pets, car. A value that exists is a possible one.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// Children are asked about up to this age, in years.
const CHILD_YEARS: i32 = 18;

const MONTHS: [[&str; 3]; 12] = [
    ["январь", "января", "january"],
    ["февраль", "февраля", "february"],
    ["март", "марта", "march"],
    ["апрель", "апреля", "april"],
    ["май", "мая", "may"],
    ["июнь", "июня", "june"],
    ["июль", "июля", "july"],
    ["август", "августа", "august"],
    ["сентябрь", "сентября", "september"],
    ["октябрь", "октября", "october"],
    ["ноябрь", "ноября", "november"],
    ["декабрь", "декабря", "december"],
];

/// The day a person was born: a date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate {
    /// Year of the common era.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// Fault of a birth date that was typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case", prefix = "birth-")]
pub enum BirthDateFault {
    /// The day is not a number from 1 to 31.
    Day,
    /// The month is neither a number from 1 to 12 nor a name.
    Month,
    /// The year is not a number of four digits since 1900.
    Year,
    /// The month of that year has no such day.
    NoSuchDate,
    /// The date has not come yet.
    Future,
    /// The person is younger than the programme allows.
    TooYoung {
        /// The least age allowed, in full years.
        minimum: u8,
    },
}

impl BirthDateFault {
    /// The field of the form that the fault is shown at.
    pub fn field_name(&self) -> &'static str {
        match self {
            Self::Day | Self::NoSuchDate => "birth_day",
            Self::Month => "birth_month",
            Self::Year | Self::Future | Self::TooYoung { .. } => "birth_year",
        }
    }

    /// The name of the text that explains it.
    pub fn problem_key(&self) -> &'static str {
        self.into()
    }
}

impl BirthDate {
    /// That date, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(|_| Self { year, month, day })
    }

    /// Reads three typed fields. The month is a number or a Russian or English name, in full or three letters of it at
    /// least. `minimum_age` is in full years on `today`.
    ///
    /// # Errors
    /// The first fault found, in the order of the fields.
    pub fn parse(
        day: &str,
        month: &str,
        year: &str,
        today: NaiveDate,
        minimum_age: Option<u8>,
    ) -> Result<Self, BirthDateFault> {
        let day = number(day)
            .filter(|day| (1..=31).contains(day))
            .ok_or(BirthDateFault::Day)?;
        let month = month_number(month).ok_or(BirthDateFault::Month)?;
        let year = number(year)
            .and_then(|year| i32::try_from(year).ok())
            .filter(|year| (1900..=9999).contains(year))
            .ok_or(BirthDateFault::Year)?;
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(BirthDateFault::NoSuchDate)?;
        if date > today {
            return Err(BirthDateFault::Future);
        }
        let birth = Self { year, month, day };
        match minimum_age {
            Some(minimum) if birth.age_on(today) < i32::from(minimum) => {
                Err(BirthDateFault::TooYoung { minimum })
            }
            _ => Ok(birth),
        }
    }

    /// Makes the date of its numbers, where they are all there and make one.
    pub fn of_numbers(year: Option<i64>, month: Option<i64>, day: Option<i64>) -> Option<Self> {
        let year = i32::try_from(year?).ok()?;
        let month = u32::try_from(month?).ok()?;
        let day = u32::try_from(day?).ok()?;
        Self::new(year, month, day)
    }

    /// Full years lived by `date`. A person born on 29 February is a year older on 1 March of a common year: where age
    /// permits something, never a day early.
    pub fn age_on(&self, date: NaiveDate) -> i32 {
        let had_birthday = (date.month(), date.day()) >= (self.month, self.day);
        date.year() - self.year - i32::from(!had_birthday)
    }

    /// `date` is at most `days` before or after a birthday. One on 29 February is kept on the 28th in common years.
    pub fn is_birthday_within(&self, days: u32, date: NaiveDate) -> bool {
        // The nearest birthday may lie across the turn of the year.
        (date.year() - 1..=date.year() + 1)
            .filter_map(|year| self.birthday_in(year))
            .any(|birthday| (date - birthday).num_days().unsigned_abs() <= u64::from(days))
    }

    fn birthday_in(&self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
            .or_else(|| NaiveDate::from_ymd_opt(year, self.month, self.day.saturating_sub(1)))
    }
}

/// A kind of pet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Species {
    /// A dog.
    Dog,
    /// A cat.
    Cat,
    /// A bird.
    Bird,
    /// Fish.
    Fish,
    /// A rodent.
    Rodent,
    /// Any other.
    Other,
}

/// A kind of car, by what it runs on.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum CarKind {
    /// Petrol.
    Petrol,
    /// Diesel.
    Diesel,
    /// Electricity alone.
    Electric,
    /// Fuel and electricity.
    Hybrid,
    /// Anything else.
    Other,
}

stored_names!(Species, CarKind);

/// The answer about a car.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CarAnswer {
    /// Not told.
    Untold,
    /// No car.
    None,
    /// A car of this kind.
    Kind(CarKind),
}

impl CarAnswer {
    /// Returns the answer of a stored word; an unknown word, as of a later version, says nothing.
    pub fn of_word(word: Option<&str>) -> Self {
        match word {
            None => Self::Untold,
            Some("none") => Self::None,
            Some(kind) => CarKind::parse(kind).map_or(Self::Untold, Self::Kind),
        }
    }

    /// Returns the word that is stored; `None` = not told.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Untold => None,
            Self::None => Some("none"),
            Self::Kind(kind) => Some(kind.as_str()),
        }
    }
}

/// Birth year of a child: this year or one of the 18 before it.
pub fn child_year(text: &str, today: NaiveDate) -> Option<i32> {
    let year = i32::try_from(number(text)?).ok()?;
    (today.year() - CHILD_YEARS..=today.year())
        .contains(&year)
        .then_some(year)
}

/// Reads the number of pets of one species: 1 to 20.
pub fn pet_count(text: &str) -> Option<i64> {
    number(text).map(i64::from).filter(|n| (1..=20).contains(n))
}

/// A number of plain digits; a sign or anything else makes it none.
fn number(text: &str) -> Option<u32> {
    let digits = text.trim();
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| digits.parse().ok())?
}

fn month_number(text: &str) -> Option<u32> {
    if let Some(month) = number(text) {
        return (1..=12).contains(&month).then_some(month);
    }
    let word = text.trim().trim_end_matches('.').to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    (1..)
        .zip(MONTHS)
        .find(|(_, names)| names.iter().any(|name| name.starts_with(&word)))
        .map(|(month, _)| month)
}

#[cfg(test)]
mod tests;
