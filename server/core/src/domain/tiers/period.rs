//! How long a reached tier holds, and what happens when its time is over. A tier above the first holds for one period
//! of as many days as are counted; it is never lost without a notice and a grace, unless the programme gives no grace.
//! After a review nothing is due at the same night: doing it twice does nothing more.

use super::tier_for;
use crate::domain::programme::{Programme, Tier, TierDowngrade};
use crate::domain::time::{Instant, add_days, local_date, start_of_day};

/// Tier status of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierStatus {
    /// Id of the tier.
    pub tier: String,
    /// Time since which it holds.
    pub since: Instant,
    /// Time from which it holds no more unless it is renewed: end of the period, in grace the end of the grace. `None` = as
    /// long as a period that began at `since`.
    pub until: Option<Instant>,
    /// End of the period at which too little was counted; set in grace only.
    pub warned: Option<Instant>,
}

impl TierStatus {
    /// Returns the time from which the tier holds no more unless it is renewed; `None` in the first tier, which nobody
    /// loses.
    pub fn ends_at(&self, programme: &Programme) -> Option<Instant> {
        (programme.held_tier(&self.tier) != programme.tiers.first())
            .then(|| self.until.unwrap_or(period_end(programme, self.since)))
    }

    /// Returns the time since which purchases count for keeping the tier, at `at`. In grace the window stands still: what a
    /// notice said to be missing never grows while old purchases pass out of the window.
    pub fn counted_since(&self, programme: &Programme, at: Instant) -> Instant {
        window_start(programme, self.warned.unwrap_or(at))
    }

    /// Returns what is still missing to keep the tier, where the member was told so; 0 once it is enough.
    pub fn missing(&self, programme: &Programme, counted: i64) -> Option<i64> {
        self.warned?;
        let threshold = programme.held_tier(&self.tier).threshold;
        Some(threshold.saturating_sub(counted).max(0))
    }
}

/// Result of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TierReviewVerdict<'a> {
    /// The tier's time is not over.
    Holds,
    /// Enough was counted, or nobody falls: it holds for another period.
    Renewed {
        /// End of the new period.
        until: Instant,
    },
    /// Too little was counted: the member is told, and the tier holds through the grace.
    Warned {
        /// Amount that is missing, in the unit of the measure; above 0.
        missing: i64,
        /// End of the grace.
        until: Instant,
    },
    /// The grace is over and it is still too little.
    Lowered {
        /// The tier that the member falls to.
        to: &'a Tier,
        /// End of its period; none for the first tier.
        until: Option<Instant>,
    },
}

/// Returns the time since which purchases count at `at`.
pub fn window_start(programme: &Programme, at: Instant) -> Instant {
    at.plus_days(-i64::from(programme.tier_rules.window_days))
}

/// End of the period of a tier that was reached at `reached`: the end of the local day `window_days` later, so that the
/// purchases of the day that reached it have just passed out of the window.
pub fn period_end(programme: &Programme, reached: Instant) -> Instant {
    let zone = programme.time_zone;
    let days = programme.tier_rules.window_days.saturating_add(1);
    start_of_day(add_days(local_date(reached, zone), days), zone)
}

/// Decides what becomes of a member's tier at `night`, the end of a local day, when `counted` was spent or earned since
/// [`TierStatus::counted_since`].
///
/// `told` is when a notice would be made. It is later than `night` when nights were missed: the grace is counted from
/// it, because nobody can act on a notice before it is there.
pub fn review<'a>(
    programme: &'a Programme,
    standing: &TierStatus,
    counted: i64,
    night: Instant,
    told: Instant,
) -> TierReviewVerdict<'a> {
    if standing.ends_at(programme).is_none_or(|ends| ends > night) {
        return TierReviewVerdict::Holds;
    }
    let rules = &programme.tier_rules;
    // The next period begins with the day that this night ends.
    let until = period_end(programme, Instant(night.0.saturating_sub(1)));
    let tier = programme.held_tier(&standing.tier);
    let missing = tier.threshold.saturating_sub(counted);
    if missing <= 0 || rules.downgrade == TierDowngrade::None {
        return TierReviewVerdict::Renewed { until };
    }
    if standing.warned.is_none() && rules.grace_days > 0 {
        let zone = programme.time_zone;
        let today = local_date(told.max(night), zone);
        return TierReviewVerdict::Warned {
            missing,
            until: start_of_day(add_days(today, rules.grace_days), zone),
        };
    }
    let to = match rules.downgrade {
        TierDowngrade::Full => tier_for(programme, counted).unwrap_or(programme.tiers.first()),
        TierDowngrade::OneStep | TierDowngrade::None => tier_below(programme, tier),
    };
    TierReviewVerdict::Lowered {
        to,
        until: (to != programme.tiers.first()).then_some(until),
    }
}

/// The tier under `tier`; the first one is under itself.
fn tier_below<'a>(programme: &'a Programme, tier: &Tier) -> &'a Tier {
    programme
        .tiers
        .iter()
        .take_while(|each| each.id != tier.id)
        .last()
        .unwrap_or(programme.tiers.first())
}

#[cfg(test)]
mod tests;
