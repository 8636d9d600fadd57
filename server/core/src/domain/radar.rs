//! What looks like misuse: how many are fine, when it warns, when it blocks. Counts and times are passed in.

use crate::domain::programme::{HourLimit, Limit, TimedLimit};
use crate::domain::time::Instant;

/// Pattern that looks like misuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Pattern {
    /// One card on many receipts at one till in a day.
    CardReceipts,
    /// One cashier looks one card up again and again.
    CardScans,
    /// One cashier looks many cards up and sells little.
    ScansWithoutSale,
    /// Points are spent soon after the phone was changed.
    PhoneChange,
}

impl Pattern {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Level of suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No suspicion.
    Fine,
    /// The cashier is told and goes on.
    Soft,
    /// It is refused.
    Hard,
}

impl Limit {
    /// Returns how bad `count` looks, the one at hand included: as many as a limit says are still within it.
    pub fn level(&self, count: i64) -> Level {
        let beyond = |limit: Option<u32>| limit.is_some_and(|limit| count > i64::from(limit));
        if beyond(self.hard) {
            Level::Hard
        } else if beyond(self.soft) {
            Level::Soft
        } else {
            Level::Fine
        }
    }

    /// No need to count any further: more looks no worse.
    pub fn most(&self) -> i64 {
        i64::from(self.soft.max(self.hard).unwrap_or_default()).saturating_add(1)
    }
}

impl TimedLimit {
    /// Returns the time from which it is counted at `now`.
    pub fn since(&self, now: Instant) -> Instant {
        now.plus_secs(i64::from(self.minutes).saturating_mul(-60))
    }
}

impl HourLimit {
    /// Returns how bad spending looks at `now`, when the phone was changed at `changed`. A change that a wrong clock has put
    /// into the time to come counts as one of this moment.
    pub fn level(&self, changed: Option<Instant>, now: Instant) -> Level {
        let Some(changed) = changed else {
            return Level::Fine;
        };
        let within = |hours: Option<u32>| {
            hours.is_some_and(|hours| {
                now < changed.plus_secs(i64::from(hours).saturating_mul(3_600))
            })
        };
        if within(self.hard_hours) {
            Level::Hard
        } else if within(self.soft_hours) {
            Level::Soft
        } else {
            Level::Fine
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Instant = Instant(1_795_338_000_000_000);

    #[test]
    fn as_many_as_the_limit_says_are_fine_and_one_more_is_not() {
        let limit = Limit {
            soft: Some(3),
            hard: Some(5),
        };
        let levels: Vec<Level> = (1..=7).map(|count| limit.level(count)).collect();
        use Level::{Fine, Hard, Soft};
        assert_eq!(levels, [Fine, Fine, Fine, Soft, Soft, Hard, Hard]);
        assert_eq!(limit.most(), 6);
    }

    #[test]
    fn what_is_left_out_is_not_looked_for() {
        let limit = Limit {
            soft: None,
            hard: None,
        };
        assert_eq!(limit.level(i64::MAX), Level::Fine);
        let hard_only = Limit {
            soft: None,
            hard: Some(1),
        };
        assert_eq!(hard_only.level(1), Level::Fine);
        assert_eq!(hard_only.level(2), Level::Hard);
    }

    #[test]
    fn spending_is_refused_for_a_day_then_warns_then_is_free_to_the_microsecond() {
        let limit = HourLimit {
            soft_hours: Some(72),
            hard_hours: Some(24),
        };
        let after = |micros: i64| limit.level(Some(Instant(NOW.0 - micros)), NOW);
        let hour = 3_600_000_000;
        assert_eq!(after(0), Level::Hard);
        assert_eq!(after(24 * hour - 1), Level::Hard);
        assert_eq!(after(24 * hour), Level::Soft);
        assert_eq!(after(72 * hour - 1), Level::Soft);
        assert_eq!(after(72 * hour), Level::Fine);
        assert_eq!(after(-hour), Level::Hard);
        assert_eq!(limit.level(None, NOW), Level::Fine);
    }

    proptest! {
        #[test]
        fn more_never_looks_better(
            soft in prop::option::of(1..1_000_u32),
            hard in prop::option::of(1..1_000_u32),
            count in 0..2_000_i64,
        ) {
            let limit = Limit { soft, hard };
            prop_assert!(limit.level(count) <= limit.level(count + 1));
            // Counting no further than `most` tells the same.
            prop_assert_eq!(limit.level(count), limit.level(count.min(limit.most())));
        }

        #[test]
        fn a_window_is_as_long_as_it_says_and_moves_with_the_time(
            minutes in 1..1_440_u32,
            later in 0..10_000_000_i64,
        ) {
            let limit = TimedLimit { soft: None, hard: None, minutes };
            prop_assert_eq!(NOW.0 - limit.since(NOW).0, i64::from(minutes) * 60_000_000);
            let moved = Instant(NOW.0 + later);
            prop_assert_eq!(limit.since(moved).0 - limit.since(NOW).0, later);
        }

        #[test]
        fn a_change_of_the_phone_matters_less_and_less(
            soft in prop::option::of(1..720_u32),
            hard in prop::option::of(1..720_u32),
            ago in 0..800_i64,
        ) {
            let limit = HourLimit { soft_hours: soft, hard_hours: hard };
            let at = |hours: i64| limit.level(Some(NOW.plus_secs(-hours * 3_600)), NOW);
            prop_assert!(at(ago) >= at(ago + 1));
        }
    }
}
