//! Which tier a member has reached and how far the next one is. Tiers are ordered by the programme; a member whose tier
//! is no longer in it has the next one under it that is ([`Programme::held_tier`]).

mod cause;
mod period;

use super::amounts::BasisPoints;
use super::programme::{Programme, Tier};

pub use self::cause::TierChangeCause;
pub use period::{TierReviewVerdict, TierStatus, period_end, review, window_start};

/// The highest tier that `measured` reaches; none where it is below even the first.
pub fn tier_for(programme: &Programme, measured: i64) -> Option<&Tier> {
    programme
        .tiers
        .iter()
        .rfind(|tier| tier.threshold <= measured)
}

/// Progress of a member from one tier to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierThresholdProgress<'a> {
    /// The present tier.
    pub tier: &'a Tier,
    /// The next one and what is missing to it, in the unit of the measure; none at the top.
    pub next: Option<(&'a Tier, i64)>,
    /// Part of the way from the present tier to the next that is gone; whole at the top.
    pub share: BasisPoints,
}

/// Returns the progress of a member of tier `current` with `measured`.
pub fn progress<'a>(
    programme: &'a Programme,
    current: &str,
    measured: i64,
) -> TierThresholdProgress<'a> {
    let tier = programme.held_tier(current);
    let next = tiers_above(programme, tier).next();
    TierThresholdProgress {
        tier,
        next: next.map(|next| (next, next.threshold.saturating_sub(measured).max(0))),
        share: next.map_or(BasisPoints::WHOLE, |next| {
            let way = next.threshold.saturating_sub(tier.threshold);
            progress_share(measured.saturating_sub(tier.threshold), way)
        }),
    }
}

/// The tier to which a member of tier `current` rises with `measured`, where there is one.
pub fn upgraded<'a>(programme: &'a Programme, current: &str, measured: i64) -> Option<&'a Tier> {
    tiers_above(programme, programme.held_tier(current))
        .filter(|tier| tier.threshold <= measured)
        .last()
}

/// Tiers above `tier`, nearest first.
fn tiers_above<'a>(programme: &'a Programme, tier: &'a Tier) -> impl Iterator<Item = &'a Tier> {
    programme
        .tiers
        .iter()
        .skip_while(|each| each.id != tier.id)
        .skip(1)
}

fn progress_share(gone: i64, way: i64) -> BasisPoints {
    let (gone, way) = (i128::from(gone), i128::from(way.max(1)));
    let parts = (gone * i128::from(BasisPoints::WHOLE.0) / way).clamp(0, 10_000);
    u32::try_from(parts).map_or(BasisPoints::WHOLE, BasisPoints)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::programme::tests::demo;

    #[test]
    fn the_tier_is_the_highest_that_is_reached() {
        let programme = demo();
        let id = |measured| tier_for(&programme, measured).map(|tier| tier.id.clone());
        assert_eq!(id(-1), None);
        assert_eq!(id(0).as_deref(), Some("start"));
        assert_eq!(id(1_499_999).as_deref(), Some("start"));
        assert_eq!(id(1_500_000).as_deref(), Some("silver"));
        assert_eq!(id(i64::MAX).as_deref(), Some("platinum"));
    }

    #[test]
    fn progress_says_what_is_missing_to_the_next_tier() {
        let programme = demo();
        let half = progress(&programme, "start", 750_000);
        let (next, missing) = half.next.unwrap();
        assert_eq!((next.id.as_str(), missing), ("silver", 750_000));
        assert_eq!(half.share, BasisPoints(5_000));
    }

    #[test]
    fn the_highest_tier_has_nothing_missing() {
        let programme = demo();
        let top = progress(&programme, "platinum", 0);
        assert_eq!((top.next, top.share), (None, BasisPoints::WHOLE));
    }

    #[test]
    fn a_tier_held_with_too_little_measured_shows_an_empty_way() {
        let programme = demo();
        let held = progress(&programme, "silver", 0);
        assert_eq!(held.share, BasisPoints(0));
        assert_eq!(held.next.unwrap().1, 5_000_000);
    }

    #[test]
    fn a_tier_that_is_gone_counts_as_the_first() {
        let programme = demo();
        assert_eq!(progress(&programme, "gone", 0).tier.id, "start");
        assert_eq!(upgraded(&programme, "gone", 0), None);
    }

    #[test]
    fn a_member_rises_at_once_and_over_several_tiers() {
        let programme = demo();
        let to = |current, measured| upgraded(&programme, current, measured).map(|t| t.id.clone());
        assert_eq!(to("start", 1_499_999), None);
        assert_eq!(to("start", 5_000_000).as_deref(), Some("gold"));
        assert_eq!(to("gold", 5_000_000), None);
        assert_eq!(to("gold", 0), None);
    }
}
