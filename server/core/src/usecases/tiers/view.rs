//! A member's tier as it is shown: until when it holds, what a notice says is missing, and the way to the next.

use super::{counted, measured};
use crate::domain::amounts::BasisPoints;
use crate::domain::programme::{Downgrade, Localised, Tier, TierMeasure};
use crate::domain::tiers::progress;
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::service::Rules;
use crate::store::{Tx, tiers};
use crate::usecases::Error;

/// A member's tier and the way to the next.
#[derive(Debug, Clone)]
pub struct TierView {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Localised,
    /// Material of the card on screen: `plain`, `silver`, `gold`, `platinum`.
    pub material: String,
    /// Share of a purchase that comes back in points.
    pub rate: BasisPoints,
    /// Perks in words.
    pub perks: Vec<Localised>,
    /// Sum that counts, in the window: minor units of money, or points.
    pub measured: i64,
    /// Measure of tiers: money spent or points earned.
    pub measure: TierMeasure,
    /// Days of the window.
    pub window_days: u32,
    /// The next tier, where there is one.
    pub next: Option<NextTier>,
    /// Share of the way to the next tier that is done; whole when there is none.
    pub share: BasisPoints,
    /// Time from which the tier holds no more unless it is renewed: the start of a day. `None` in the first tier, and where the
    /// programme lets nobody fall.
    pub holds_until: Option<Instant>,
    /// Notice that the member got; `None` = not in grace.
    pub notice: Option<TierNotice>,
}

/// The next tier.
#[derive(Debug, Clone)]
pub struct NextTier {
    /// Name.
    pub name: Localised,
    /// Threshold of the tier, in the unit of the measure.
    pub threshold: i64,
    /// Amount that is missing, in the unit of the measure.
    pub missing: i64,
}

/// Notice of a tier that is about to be lost: what keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierNotice {
    /// Amount that is missing, in the unit of the measure; 0: enough was counted, it will be renewed.
    pub missing: i64,
    /// Time from which it is too late: the start of a day.
    pub until: Instant,
}

/// The member's tier at `at`.
///
/// # Errors
/// [`Error::Fault`].
pub async fn tier_of(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    at: Instant,
) -> Result<TierView, Error> {
    let programme = &rules.programme;
    let standing = tiers::standing(tx, member).await?;
    let measured = measured(tx, member, rules, at).await?;
    let holds_until = standing
        .ends(programme)
        .filter(|_| programme.tier_rules.downgrade != Downgrade::None);
    let notice = match (standing.warned, holds_until) {
        (Some(_), Some(until)) => {
            let since = standing.counted_since(programme, at);
            let kept = counted(tx, member, rules, since).await?;
            standing
                .missing(programme, kept)
                .map(|missing| TierNotice { missing, until })
        }
        _ => None,
    };
    let progress = progress(programme, &standing.tier, measured);
    let tier: &Tier = progress.tier;
    Ok(TierView {
        id: tier.id.clone(),
        name: tier.name.clone(),
        material: tier.material.clone(),
        rate: tier.rate,
        perks: tier.perks.clone(),
        measured,
        measure: programme.tier_rules.measure,
        window_days: programme.tier_rules.window_days,
        next: progress.next.map(|(next, missing)| NextTier {
            name: next.name.clone(),
            threshold: next.threshold,
            missing,
        }),
        share: progress.share,
        holds_until,
        notice,
    })
}
