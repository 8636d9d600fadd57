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
    for month in ["9", "сен", "сен.", "Сент.", "сентября", "sept", "SEPTEMBER"] {
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
    use BirthDateFault::{Day, Future, Month, NoSuchDate, Year};
    let of_day: &[[&str; 3]] = &[["0", "5", "1985"], ["", "", ""], ["+9", "5", "1985"]];
    let of_month = &[["9", "13", "1985"], ["9", "ма", "1985"], ["9", "", "1985"]];
    let of_year = &[
        ["9", "5", "85"],
        ["9", "5", "1899"],
        ["9", "5", "99999999999"],
    ];
    let no_such_date = &[["31", "4", "1985"], ["29", "2", "1985"]];
    let in_future = &[["23", "11", "2026"], ["1", "1", "2027"]];
    let faults = [
        (Day, "birth_day", "birth-day", of_day),
        (Month, "birth_month", "birth-month", of_month),
        (Year, "birth_year", "birth-year", of_year),
        (NoSuchDate, "birth_day", "birth-no-such-date", no_such_date),
        (Future, "birth_year", "birth-future", in_future),
    ];
    for (fault, field, key, typed) in faults {
        for [day, month, year] in typed {
            assert_eq!(parse(day, month, year), Err(fault), "{day}.{month}.{year}");
        }
        assert_eq!((fault.field_name(), fault.problem_key()), (field, key));
    }
    let young = BirthDateFault::TooYoung { minimum: 18 };
    assert_eq!(
        (young.field_name(), young.problem_key()),
        ("birth_year", "birth-too-young")
    );
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
    }
    assert_eq!(CarKind::parse("none"), None);
    for word in [None, Some("none"), Some("electric")] {
        assert_eq!(CarAnswer::of_word(word).word(), word);
    }
    assert_eq!(CarAnswer::of_word(Some("rocket")), CarAnswer::Untold);
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
