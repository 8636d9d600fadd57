//! How fast one till may call: each till for itself, however many of them share an address.

use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kopilka_core::ids::TillId;

/// Requests by till.
#[derive(Debug)]
pub struct TillRateLimits(DefaultKeyedRateLimiter<TillId>);

impl TillRateLimits {
    /// So many a second for long, and so many at once.
    pub fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(
            Quota::per_second(per_second).allow_burst(burst),
        ))
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Seconds to wait, rounded up, when there are none left.
    pub fn count_request(&self, till: TillId) -> Result<(), u64> {
        self.0.check_key(&till).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }
}
