//! What looks like misuse: how many are fine, when it warns, when it blocks. Counts and times are passed in.

use crate::domain::programme::{FraudHoursLimit, FraudLimit, TimedFraudLimit};
use crate::domain::time::Instant;

/// Pattern that looks like misuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum FraudPattern {
    /// One card on many receipts at one till in a day.
    CardReceipts,
    /// One cashier looks one card up again and again.
    CardScans,
    /// One cashier looks many cards up and sells little.
    ScansWithoutSale,
    /// Points are spent soon after the phone was changed.
    PhoneChange,
}

impl FraudPattern {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Level of suspicion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuspicionLevel {
    /// No suspicion.
    Fine,
    /// The cashier is told and goes on.
    Soft,
    /// It is refused.
    Hard,
}

impl FraudLimit {
    /// Returns how bad `count` looks, the one at hand included: as many as a limit says are still within it.
    pub fn level(&self, count: i64) -> SuspicionLevel {
        let beyond = |limit: Option<u32>| limit.is_some_and(|limit| count > i64::from(limit));
        if beyond(self.hard) {
            SuspicionLevel::Hard
        } else if beyond(self.soft) {
            SuspicionLevel::Soft
        } else {
            SuspicionLevel::Fine
        }
    }

    /// No need to count any further: more looks no worse.
    pub fn counting_cap(&self) -> i64 {
        i64::from(self.soft.max(self.hard).unwrap_or_default()).saturating_add(1)
    }
}

impl TimedFraudLimit {
    /// Returns the time from which it is counted at `now`.
    pub fn counted_since(&self, now: Instant) -> Instant {
        now.plus_secs(i64::from(self.minutes).saturating_mul(-60))
    }
}

impl FraudHoursLimit {
    /// Returns how bad spending looks at `now`, when the phone was changed at `changed`. A change that a wrong clock has put
    /// into the time to come counts as one of this moment.
    pub fn level(&self, changed: Option<Instant>, now: Instant) -> SuspicionLevel {
        let Some(changed) = changed else {
            return SuspicionLevel::Fine;
        };
        let within = |hours: Option<u32>| {
            hours.is_some_and(|hours| {
                now < changed.plus_secs(i64::from(hours).saturating_mul(3_600))
            })
        };
        if within(self.hard_hours) {
            SuspicionLevel::Hard
        } else if within(self.soft_hours) {
            SuspicionLevel::Soft
        } else {
            SuspicionLevel::Fine
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
        let limit = FraudLimit {
            soft: Some(3),
            hard: Some(5),
        };
        let levels: Vec<SuspicionLevel> = (1..=7).map(|count| limit.level(count)).collect();
        use SuspicionLevel::{Fine, Hard, Soft};
        assert_eq!(levels, [Fine, Fine, Fine, Soft, Soft, Hard, Hard]);
        assert_eq!(limit.counting_cap(), 6);
    }

    #[test]
    fn what_is_left_out_is_not_looked_for() {
        let limit = FraudLimit {
            soft: None,
            hard: None,
        };
        assert_eq!(limit.level(i64::MAX), SuspicionLevel::Fine);
        let hard_only = FraudLimit {
            soft: None,
            hard: Some(1),
        };
        assert_eq!(hard_only.level(1), SuspicionLevel::Fine);
        assert_eq!(hard_only.level(2), SuspicionLevel::Hard);
    }

    #[test]
    fn spending_is_refused_for_a_day_then_warns_then_is_free_to_the_microsecond() {
        let limit = FraudHoursLimit {
            soft_hours: Some(72),
            hard_hours: Some(24),
        };
        let after = |micros: i64| limit.level(Some(Instant(NOW.0 - micros)), NOW);
        let hour = 3_600_000_000;
        assert_eq!(after(0), SuspicionLevel::Hard);
        assert_eq!(after(24 * hour - 1), SuspicionLevel::Hard);
        assert_eq!(after(24 * hour), SuspicionLevel::Soft);
        assert_eq!(after(72 * hour - 1), SuspicionLevel::Soft);
        assert_eq!(after(72 * hour), SuspicionLevel::Fine);
        assert_eq!(after(-hour), SuspicionLevel::Hard);
        assert_eq!(limit.level(None, NOW), SuspicionLevel::Fine);
    }

    proptest! {
        #[test]
        fn more_never_looks_better(
            soft in prop::option::of(1..1_000_u32),
            hard in prop::option::of(1..1_000_u32),
            count in 0..2_000_i64,
        ) {
            let limit = FraudLimit { soft, hard };
            prop_assert!(limit.level(count) <= limit.level(count + 1));
            // Counting no further than `most` tells the same.
            prop_assert_eq!(limit.level(count), limit.level(count.min(limit.counting_cap())));
        }

        #[test]
        fn a_window_is_as_long_as_it_says_and_moves_with_the_time(
            minutes in 1..1_440_u32,
            later in 0..10_000_000_i64,
        ) {
            let limit = TimedFraudLimit { soft: None, hard: None, minutes };
            prop_assert_eq!(NOW.0 - limit.counted_since(NOW).0, i64::from(minutes) * 60_000_000);
            let moved = Instant(NOW.0 + later);
            prop_assert_eq!(limit.counted_since(moved).0 - limit.counted_since(NOW).0, later);
        }

        #[test]
        fn a_change_of_the_phone_matters_less_and_less(
            soft in prop::option::of(1..720_u32),
            hard in prop::option::of(1..720_u32),
            ago in 0..800_i64,
        ) {
            let limit = FraudHoursLimit { soft_hours: soft, hard_hours: hard };
            let at = |hours: i64| limit.level(Some(NOW.plus_secs(-hours * 3_600)), NOW);
            prop_assert!(at(ago) >= at(ago + 1));
        }
    }
}
