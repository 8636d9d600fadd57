//! What the rules need to know of a member, gathered from storage.

use std::collections::HashSet;

use super::Error;
pub use super::tiers::{NextTier, TierNotice, TierView, measured, tier_of};
use crate::domain::amounts::Points;
use crate::domain::consents::{Channel, Purpose};
use crate::domain::evaluate::MemberFacts;
use crate::domain::ledger::{Balance, balance};
use crate::domain::profile::{BirthDate, Species};
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
