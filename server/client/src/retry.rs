//! Waits between tries: longer and longer, with chance in them so that a chain's tills do not come back all at once, and
//! never shorter than the server asks, up to the longest wait.

use std::time::Duration;

/// Number of tries of a call, and the waits between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first one too.
    pub tries: u32,
    /// Longest wait after the first try; it doubles with each.
    pub first: Duration,
    /// Longest wait of all, whatever the server asks.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    /// Five tries within about four seconds: as long as a queue at a till bears.
    fn default() -> Self {
        Self {
            tries: 5,
            first: Duration::from_millis(200),
            longest: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// One try only.
    pub const NONE: Self = Self {
        tries: 1,
        first: Duration::ZERO,
        longest: Duration::ZERO,
    };

    /// Returns the time to wait after the try number `tried` (from 1), or none when it was the last.
    pub(crate) fn delay_after(&self, tried: u32, asked: Option<Duration>) -> Option<Duration> {
        if tried >= self.tries {
            return None;
        }
        let doubled = 1_u32.checked_shl(tried - 1).unwrap_or(u32::MAX);
        let most = self.first.saturating_mul(doubled).min(self.longest);
        let wait = random_delay(most).max(asked.unwrap_or_default());
        Some(wait.min(self.longest))
    }
}

/// Any time from half of `most` to all of it.
fn random_delay(most: Duration) -> Duration {
    let mut bytes = [0; 8];
    let micros = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
    // Without randomness the whole wait is as good as any.
    if micros == 0 || getrandom::fill(&mut bytes).is_err() {
        return most;
    }
    let half = micros / 2;
    Duration::from_micros(half + u64::from_le_bytes(bytes) % (micros - half + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: RetryPolicy = RetryPolicy {
        tries: 4,
        first: Duration::from_millis(100),
        longest: Duration::from_millis(250),
    };

    #[test]
    fn waits_double_up_to_the_longest_and_end() {
        for (tried, most) in [(1, 100), (2, 200), (3, 250)] {
            let wait = PATIENCE
                .delay_after(tried, None)
                .unwrap_or_default()
                .as_millis();
            assert!((most / 2..=most).contains(&wait), "{tried}: {wait}");
        }
        assert_eq!(PATIENCE.delay_after(4, None), None);
    }

    #[test]
    fn a_server_s_wish_is_kept_up_to_the_longest_wait() {
        let asked = |millis| PATIENCE.delay_after(1, Some(Duration::from_millis(millis)));
        assert_eq!(asked(180), Some(Duration::from_millis(180)));
        assert_eq!(asked(60_000), Some(PATIENCE.longest));
    }
}
