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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BirthDate {
    /// Year of the common era.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

/// Fault of a birth date that was typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
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
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
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
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn today() -> NaiveDate {
        date("2026-11-22")
    }

    fn parse(day: &str, month: &str, year: &str) -> Result<BirthDate, BirthDateFault> {
        BirthDate::parse(day, month, year, today(), None)
    }

    #[test]
    fn a_month_is_understood_as_a_number_or_a_name() {
        for month in ["5", "05", " 5 ", "май", "мая", "Мая", "МАЙ", "may", "May"] {
            assert_eq!(
                parse("9", month, "1985"),
                Ok(BirthDate::new(1985, 5, 9).unwrap()),
                "{month}"
            );
        }
        for month in ["9", "сен", "сен.", "Сент.", "сентября", "sept", "SEPTEMBER"]
        {
            assert_eq!(
                parse("1", month, "2000").map(|birth| birth.month),
                Ok(9),
                "{month}"
            );
        }
        for (number, names) in (1..).zip(MONTHS) {
            for name in names {
                let short: String = name.chars().take(3).collect();
                assert_eq!(month_number(name), Some(number));
                assert_eq!(month_number(&short), Some(number), "{short}");
            }
        }
    }

    #[test]
    fn each_fault_points_at_its_field() {
        let faults = [
            (parse("0", "5", "1985"), BirthDateFault::Day, "birth_day"),
            (parse("", "", ""), BirthDateFault::Day, "birth_day"),
            (parse("+9", "5", "1985"), BirthDateFault::Day, "birth_day"),
            (
                parse("9", "13", "1985"),
                BirthDateFault::Month,
                "birth_month",
            ),
            (
                parse("9", "ма", "1985"),
                BirthDateFault::Month,
                "birth_month",
            ),
            (parse("9", "", "1985"), BirthDateFault::Month, "birth_month"),
            (parse("9", "5", "85"), BirthDateFault::Year, "birth_year"),
            (parse("9", "5", "1899"), BirthDateFault::Year, "birth_year"),
            (
                parse("9", "5", "99999999999"),
                BirthDateFault::Year,
                "birth_year",
            ),
            (
                parse("31", "4", "1985"),
                BirthDateFault::NoSuchDate,
                "birth_day",
            ),
            (
                parse("29", "2", "1985"),
                BirthDateFault::NoSuchDate,
                "birth_day",
            ),
            (
                parse("23", "11", "2026"),
                BirthDateFault::Future,
                "birth_year",
            ),
            (
                parse("1", "1", "2027"),
                BirthDateFault::Future,
                "birth_year",
            ),
        ];
        for (result, fault, field) in faults {
            assert_eq!(result, Err(fault));
            assert_eq!(fault.field_name(), field);
            assert!(fault.problem_key().starts_with("birth-"));
        }
    }

    #[test]
    fn the_least_age_is_reached_on_the_birthday() {
        let of_age = |day| BirthDate::parse(day, "11", "2008", today(), Some(18));
        assert!(of_age("22").is_ok());
        assert_eq!(of_age("23"), Err(BirthDateFault::TooYoung { minimum: 18 }));
    }

    #[test]
    fn one_born_on_29_february_has_a_birthday_every_year() {
        let birth = BirthDate::new(2000, 2, 29).unwrap();
        assert!(birth.is_birthday_within(0, date("2028-02-29")));
        assert!(!birth.is_birthday_within(0, date("2028-02-28")));
        assert!(birth.is_birthday_within(0, date("2026-02-28")));
        assert!(!birth.is_birthday_within(0, date("2026-03-01")));
        assert_eq!(birth.age_on(date("2026-02-28")), 25);
        assert_eq!(birth.age_on(date("2026-03-01")), 26);
    }

    #[test]
    fn days_around_a_birthday_cross_the_turn_of_the_year() {
        let birth = BirthDate::new(1990, 1, 2).unwrap();
        assert!(birth.is_birthday_within(7, date("2026-12-26")));
        assert!(!birth.is_birthday_within(7, date("2026-12-25")));
        let birth = BirthDate::new(1990, 12, 30).unwrap();
        assert!(birth.is_birthday_within(7, date("2026-01-06")));
        assert!(!birth.is_birthday_within(7, date("2026-01-07")));
    }

    #[test]
    fn children_are_at_most_18_and_pets_at_most_20() {
        assert_eq!(child_year("2008", today()), Some(2008));
        assert_eq!(child_year(" 2026 ", today()), Some(2026));
        assert_eq!(child_year("2007", today()), None);
        assert_eq!(child_year("2027", today()), None);
        assert_eq!(child_year("", today()), None);
        assert_eq!(pet_count("1"), Some(1));
        assert_eq!(pet_count("20"), Some(20));
        assert_eq!(pet_count("0"), None);
        assert_eq!(pet_count("21"), None);
        assert_eq!(pet_count("-1"), None);
    }

    #[test]
    fn kinds_are_read_by_their_words() {
        for &species in Species::ALL {
            assert_eq!(Species::parse(species.as_str()), Some(species));
        }
        for &car in CarKind::ALL {
            assert_eq!(CarKind::parse(car.as_str()), Some(car));
            assert_eq!(serde_json::to_value(car).unwrap(), car.as_str());
        }
        assert_eq!(CarKind::parse("none"), None);
    }

    proptest! {
        #[test]
        fn every_past_date_reads_back_and_is_its_own_birthday(back in 0..45_000_u32, window in 0..200_u32, off in -400_i64..400) {
            let born = today() - chrono::Days::new(u64::from(back));
            let birth = parse(&born.day().to_string(), MONTHS[usize::try_from(born.month0()).unwrap()][1], &born.year().to_string()).unwrap();
            prop_assert_eq!(BirthDate::new(born.year(), born.month(), born.day()), Some(birth));
            prop_assert!(birth.is_birthday_within(0, born));
            prop_assert!(birth.age_on(today()) >= 0);
            // The window is as wide before the birthday as after it.
            let near = born + chrono::Duration::days(off);
            if off.unsigned_abs() <= u64::from(window) {
                prop_assert!(birth.is_birthday_within(window, near));
            }
        }
    }
}
