//! Instants, and the calendar as a place reads it. The time is always passed in: nothing here looks at a clock.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Utc, Weekday,
};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize};

const MICROS: i64 = 1_000_000;
const DAY_SECS: i64 = 86_400;

/// The last instant that the calendar reads in any time zone, some 253 000 years away; the first is as far back.
const FURTHEST: i64 = 8_000_000_000_000_000_000;

/// A moment: UTC microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// The moment `secs` seconds later, or earlier when below zero; stops at the ends of time.
    pub fn plus_secs(self, secs: i64) -> Self {
        Self(self.0.saturating_add(secs.saturating_mul(MICROS)))
    }

    /// The moment `days` times 24 hours later, or earlier when below zero; stops at the ends of time.
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_secs(days.saturating_mul(DAY_SECS))
    }

    /// Whole seconds since 1970, rounded down.
    pub fn unix_secs(self) -> i64 {
        self.0.div_euclid(MICROS)
    }

    fn calendar(self) -> DateTime<Utc> {
        // Never the default: the clamped range lies within what the calendar holds.
        DateTime::from_timestamp_micros(self.0.clamp(-FURTHEST, FURTHEST)).unwrap_or_default()
    }
}

/// The date that a calendar in `zone` shows.
pub fn local_date(at: Instant, zone: Tz) -> NaiveDate {
    at.calendar().with_timezone(&zone).date_naive()
}

/// The time that a clock in `zone` shows.
pub fn local_time(at: Instant, zone: Tz) -> NaiveTime {
    at.calendar().with_timezone(&zone).time()
}

/// The instant as a clock in `zone` shows it, to the second (RFC 3339).
pub fn written(at: Instant, zone: Tz) -> String {
    at.calendar()
        .with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// The day of the week in `zone`.
pub fn weekday(at: Instant, zone: Tz) -> Weekday {
    local_date(at, zone).weekday()
}

/// The first moment of `date` in `zone`: midnight, the earlier of two midnights, or, where clocks jump over midnight,
/// the moment they jump.
pub fn start_of_day(date: NaiveDate, zone: Tz) -> Instant {
    let midnight = date.and_time(NaiveTime::MIN);
    let start = zone
        .from_local_datetime(&midnight)
        .earliest()
        .or_else(|| GapInfo::new(&midnight, &zone)?.end);
    Instant(start.map_or_else(
        || midnight.and_utc().timestamp_micros(),
        |start| start.timestamp_micros(),
    ))
}

/// The same day `months` later, or the last day of a shorter month: 31 January + 1 month is 28 or 29 February.
pub fn add_months(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

/// The date `days` later; stops at the end of the calendar.
pub fn add_days(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX)
}

/// The last day of the month that `date` is in.
pub fn end_of_month(date: NaiveDate) -> NaiveDate {
    let days = u32::from(date.num_days_in_month());
    date.with_day(days).unwrap_or(date)
}

/// Days from `a` to `b`; below zero when `b` is earlier.
pub fn days_between(a: NaiveDate, b: NaiveDate) -> i64 {
    (b - a).num_days()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> Instant {
        Instant(text.parse::<DateTime<Utc>>().unwrap().timestamp_micros())
    }

    #[test]
    fn late_evening_in_london_is_the_next_day_in_moscow() {
        let at = utc("2026-11-22T21:30:00Z");
        assert_eq!(local_date(at, Tz::Europe__London), date("2026-11-22"));
        assert_eq!(local_date(at, Tz::Europe__Moscow), date("2026-11-23"));
        assert_eq!(
            local_time(at, Tz::Europe__Moscow),
            NaiveTime::from_hms_opt(0, 30, 0).unwrap()
        );
        assert_eq!(weekday(at, Tz::Europe__London), Weekday::Sun);
        assert_eq!(weekday(at, Tz::Europe__Moscow), Weekday::Mon);
    }

    #[test]
    fn a_day_starts_at_local_midnight() {
        assert_eq!(
            start_of_day(date("2026-11-22"), Tz::Europe__Moscow),
            utc("2026-11-21T21:00:00Z")
        );
    }

    #[test]
    fn a_day_without_midnight_starts_when_the_clocks_jump() {
        // São Paulo, 2018: at 00:00 the clocks went to 01:00.
        assert_eq!(
            start_of_day(date("2018-11-04"), Tz::America__Sao_Paulo),
            utc("2018-11-04T03:00:00Z")
        );
    }

    #[test]
    fn a_day_with_two_midnights_starts_at_the_earlier() {
        // Havana, 2023: at 01:00 the clocks went back to 00:00.
        assert_eq!(
            start_of_day(date("2023-11-05"), Tz::America__Havana),
            utc("2023-11-05T04:00:00Z")
        );
    }

    #[test]
    fn a_skipped_day_starts_with_the_next_one() {
        // Samoa crossed the date line and had no 30 December 2011.
        assert_eq!(
            start_of_day(date("2011-12-30"), Tz::Pacific__Apia),
            start_of_day(date("2011-12-31"), Tz::Pacific__Apia)
        );
    }

    #[test]
    fn a_month_after_31_january_is_the_last_day_of_february() {
        assert_eq!(add_months(date("2026-01-31"), 1), date("2026-02-28"));
        assert_eq!(add_months(date("2028-01-31"), 1), date("2028-02-29"));
        assert_eq!(add_months(date("2026-11-30"), 3), date("2027-02-28"));
        assert_eq!(add_months(NaiveDate::MAX, 1), NaiveDate::MAX);
        assert_eq!(add_days(date("2026-12-31"), 1), date("2027-01-01"));
    }

    #[test]
    fn a_month_ends_on_its_last_day() {
        assert_eq!(end_of_month(date("2026-02-01")), date("2026-02-28"));
        assert_eq!(end_of_month(date("2028-02-29")), date("2028-02-29"));
        assert_eq!(end_of_month(date("2026-12-05")), date("2026-12-31"));
    }

    #[test]
    fn days_are_counted_both_ways() {
        assert_eq!(days_between(date("2026-02-27"), date("2026-03-01")), 2);
        assert_eq!(days_between(date("2026-03-01"), date("2026-02-27")), -2);
    }

    #[test]
    fn the_ends_of_time_are_read_without_a_fault() {
        for at in [Instant(i64::MAX), Instant(i64::MIN)] {
            for zone in [Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago] {
                local_date(at, zone);
                local_time(at, zone);
            }
        }
        assert_eq!(Instant(0).plus_days(i64::MAX), Instant(i64::MAX));
        assert_eq!(Instant(0).plus_secs(i64::MIN), Instant(i64::MIN));
        for zone in chrono_tz::TZ_VARIANTS {
            start_of_day(NaiveDate::MAX, zone);
            start_of_day(NaiveDate::MIN, zone);
        }
    }

    proptest! {
        #[test]
        fn the_start_of_a_day_is_on_that_day_and_the_moment_before_is_not(
            day in 0..36_500_u32,
            zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let date = add_days(date("1990-01-01"), day);
            let start = start_of_day(date, zone);
            prop_assert!(local_date(start, zone) >= date);
            prop_assert!(local_date(Instant(start.0 - 1), zone) < date);
        }
    }
}
