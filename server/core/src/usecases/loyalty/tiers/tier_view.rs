//! A member's tier as it is shown: until when it holds, what a notice says is missing, and the way to the next.

use super::{count_since, in_measure, measure_member};
use crate::domain::amounts::BasisPoints;
use crate::domain::programme::{LocalisedText, Tier, TierDowngrade, TierMeasure};
use crate::domain::tiers::{TierStatus, progress};
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::service::ProgrammeRules;
use crate::store::tiers::CountedSaleSums;
use crate::store::{Tx, tiers};
use crate::usecases::Error;
use crate::usecases::loyalty::member_snapshot::MemberSnapshot;

/// A member's tier and the way to the next.
#[derive(Debug, Clone)]
pub struct MemberTierView {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: LocalisedText,
    /// Material of the card on screen: `plain`, `silver`, `gold`, `platinum`.
    pub material: String,
    /// Share of a purchase that comes back in points.
    pub rate: BasisPoints,
    /// Perks in words.
    pub perks: Vec<LocalisedText>,
    /// Sum that counts, in the window: minor units of money, or points.
    pub measured: i64,
    /// Measure of tiers: money spent or points earned.
    pub measure: TierMeasure,
    /// Days of the window.
    pub window_days: u32,
    /// The next tier, where there is one.
    pub next: Option<NextTierTarget>,
    /// Share of the way to the next tier that is done; whole when there is none.
    pub share: BasisPoints,
    /// Time from which the tier holds no more unless it is renewed: the start of a day. `None` in the first tier, and where the
    /// programme lets nobody fall.
    pub holds_until: Option<Instant>,
    /// Notice that the member got; `None` = not in grace.
    pub notice: Option<TierLossNotice>,
}

/// The next tier.
#[derive(Debug, Clone)]
pub struct NextTierTarget {
    /// Name.
    pub name: LocalisedText,
    /// Threshold of the tier, in the unit of the measure.
    pub threshold: i64,
    /// Amount that is missing, in the unit of the measure.
    pub missing: i64,
}

/// Notice of a tier that is about to be lost: what keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierLossNotice {
    /// Amount that is missing, in the unit of the measure; 0: enough was counted, it will be renewed.
    pub missing: i64,
    /// Time from which it is too late: the start of a day.
    pub until: Instant,
}

/// The member's tier at `at`.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_member_tier(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    at: Instant,
) -> Result<MemberTierView, Error> {
    let standing = tiers::load_tier_status(tx, member).await?;
    let measured = measure_member(tx, member, rules, at).await?;
    show_tier(tx, member, rules, &standing, measured, at).await
}

/// The tier of the person whom the snapshot is about. It was taken by the same rules, with `at` as its present time.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn show_tier_of_snapshot(
    tx: &mut Tx,
    snapshot: &MemberSnapshot,
    rules: &ProgrammeRules,
    at: Instant,
) -> Result<MemberTierView, Error> {
    let CountedSaleSums { money, points } = snapshot.counted;
    let measured = in_measure(&rules.programme, money, points);
    show_tier(tx, snapshot.person, rules, &snapshot.standing, measured, at).await
}

async fn show_tier(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    standing: &TierStatus,
    measured: i64,
    at: Instant,
) -> Result<MemberTierView, Error> {
    let programme = &rules.programme;
    let holds_until = standing
        .ends_at(programme)
        .filter(|_| programme.tier_rules.downgrade != TierDowngrade::None);
    let notice = match (standing.warned, holds_until) {
        (Some(_), Some(until)) => {
            let since = standing.counted_since(programme, at);
            let kept = count_since(tx, member, rules, since).await?;
            standing
                .missing(programme, kept)
                .map(|missing| TierLossNotice { missing, until })
        }
        _ => None,
    };
    let progress = progress(programme, &standing.tier, measured);
    let tier: &Tier = progress.tier;
    Ok(MemberTierView {
        id: tier.id.clone(),
        name: tier.name.clone(),
        material: tier.material.clone(),
        rate: tier.rate,
        perks: tier.perks.clone(),
        measured,
        measure: programme.tier_rules.measure,
        window_days: programme.tier_rules.window_days,
        next: progress.next.map(|(next, missing)| NextTierTarget {
            name: next.name.clone(),
            threshold: next.threshold,
            missing,
        }),
        share: progress.share,
        holds_until,
        notice,
    })
}
