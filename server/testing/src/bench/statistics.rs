//! Percentiles of measured times.

use std::time::Duration;

/// Measured times, in order.
#[derive(Debug, Clone, Default)]
pub struct SortedTimes(Vec<Duration>);

impl SortedTimes {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// Number of times.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Shortest time that so many of a hundred do not exceed; zero where nothing was measured.
    pub fn percentile(&self, hundredths: usize) -> Duration {
        let place = (self.0.len() * hundredths).div_ceil(100).max(1) - 1;
        self.0.get(place).copied().unwrap_or_default()
    }

    pub fn median(&self) -> Duration {
        self.percentile(50)
    }

    pub fn longest(&self) -> Duration {
        self.percentile(100)
    }
}

/// Median of a number of runs of something that does not wait.
pub fn median_of(runs: usize, mut call: impl FnMut()) -> Duration {
    let times = (0..runs).map(|_| {
        let start = std::time::Instant::now();
        call();
        start.elapsed()
    });
    SortedTimes::of(times.collect()).median()
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(of: impl Iterator<Item = u64>) -> SortedTimes {
        SortedTimes::of(of.map(Duration::from_millis).collect())
    }

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let hundred = times((1..=100).rev());
        assert_eq!(hundred.median(), Duration::from_millis(50));
        assert_eq!(hundred.percentile(99), Duration::from_millis(99));
        assert_eq!(hundred.longest(), Duration::from_millis(100));
        assert_eq!(
            times([7, 5, 6].into_iter()).median(),
            Duration::from_millis(6)
        );
        assert_eq!(
            times([3].into_iter()).percentile(99),
            Duration::from_millis(3)
        );
        assert_eq!(times(std::iter::empty()).median(), Duration::ZERO);
    }
}
