//! What the rules need to know of a member, gathered from storage.

use std::collections::HashSet;

use super::Error;
use crate::domain::amounts::{BasisPoints, Points};
use crate::domain::consents::{Channel, Purpose};
use crate::domain::evaluate::MemberFacts;
use crate::domain::ledger::{Balance, balance};
use crate::domain::profile::{BirthDate, Species};
use crate::domain::programme::{Localised, Tier, TierMeasure};
use crate::domain::tiers;
use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::MemberId;
use crate::service::Rules;
use crate::store::members::MemberRow;
use crate::store::{Tx, consents, ledger, members, offers, profiles, receipts};

/// How far back each visit counts, in days: the longest that a condition may ask for.
const MEMORY_DAYS: i64 = 400;

/// Birth date of a member, where told.
pub fn birth_date(member: &MemberRow) -> Option<BirthDate> {
    let year = i32::try_from(member.birth_year?).ok()?;
    let month = u32::try_from(member.birth_month?).ok()?;
    let day = u32::try_from(member.birth_day?).ok()?;
    BirthDate::new(year, month, day)
}

/// Everything about a member that conditions of offers can ask for.
///
/// # Errors
/// [`Error::Fault`].
pub async fn facts(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    at: Instant,
) -> Result<MemberFacts, Error> {
    let zone = rules.programme.time_zone;
    let row = members::by_id(tx, member).await?;
    let account = ledger::account(tx, member).await?;
    let date = local_date(at, zone);
    let today = start_of_day(date, zone);
    let tomorrow = start_of_day(add_days(date, 1), zone);
    let since = at.plus_days(-MEMORY_DAYS);
    // A purchase from before the window still tells that the member is not new, only long away.
    let mut purchases: Vec<Instant> = receipts::last_purchase_before(tx, member, since)
        .await?
        .into_iter()
        .collect();
    purchases.extend(receipts::purchases_since(tx, member, since).await?);
    let mut child_birth_years = Vec::new();
    for child in profiles::children(tx, member).await? {
        child_birth_years.extend(i32::try_from(child.birth_year));
    }
    let consents: HashSet<(Channel, Purpose)> = consents::granted(tx, member)
        .await?
        .into_iter()
        .filter_map(|(channel, purpose)| {
            Some((Channel::parse(&channel)?, Purpose::parse(&purpose)?))
        })
        .collect();
    Ok(MemberFacts {
        id: member.to_string(),
        tier: account.tier,
        birth: birth_date(&row),
        child_birth_years,
        pets: profiles::pets(tx, member)
            .await?
            .iter()
            .filter_map(|(species, _)| Species::parse(species))
            .collect(),
        car: row.car.as_deref().is_some_and(|car| car != "none"),
        purchases,
        consents,
        activated: offers::activated(tx, member).await?,
        uses: offers::uses(tx, member, today, tomorrow).await?,
    })
}

/// The balance as it is at `at`, also where nightly work is behind.
///
/// # Errors
/// [`Error::Fault`].
pub async fn balance_of(tx: &mut Tx, member: MemberId, at: Instant) -> Result<Balance, Error> {
    let lots = ledger::lots(tx, member).await?;
    let debt = Points(ledger::account(tx, member).await?.debt);
    Ok(balance(&lots, debt, at))
}

/// A member's tier and the way to the next.
#[derive(Debug, Clone)]
pub struct TierView {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: Localised,
    /// What the card is made of: `plain`, `silver`, `gold`, `platinum`.
    pub material: String,
    /// Share of a purchase that comes back in points.
    pub rate: BasisPoints,
    /// What it gives, in words.
    pub perks: Vec<Localised>,
    /// What counts, in the window: minor units of money, or points.
    pub measured: i64,
    /// What is counted.
    pub measure: TierMeasure,
    /// Days of the window.
    pub window_days: u32,
    /// The next tier, where there is one.
    pub next: Option<NextTier>,
    /// How far the way to the next tier is gone; whole when there is none.
    pub share: BasisPoints,
}

/// The next tier.
#[derive(Debug, Clone)]
pub struct NextTier {
    /// Name.
    pub name: Localised,
    /// Where it begins, in the unit of the measure.
    pub threshold: i64,
    /// What is missing, in the unit of the measure.
    pub missing: i64,
}

/// What counts for the member's tier at `at`, in the unit of the programme's measure.
///
/// # Errors
/// [`Error::Fault`].
pub async fn measured(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    at: Instant,
) -> Result<i64, Error> {
    let window = &rules.programme.tier_rules;
    let since = at.plus_days(-i64::from(window.window_days));
    let (money, points) = receipts::kept_since(tx, member, since).await?;
    Ok(match window.measure {
        TierMeasure::Spent => money.0,
        TierMeasure::Earned => points.0,
    })
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
    let account = ledger::account(tx, member).await?;
    let measured = measured(tx, member, rules, at).await?;
    let progress = tiers::progress(programme, &account.tier, measured);
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
    })
}
