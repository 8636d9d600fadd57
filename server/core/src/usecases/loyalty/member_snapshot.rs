//! Facts that the rules need to know of a member, gathered from storage.

use chrono_tz::Tz;

use crate::domain::ledger::{PointsBalance, balance};
use crate::domain::offers::MemberFacts;
use crate::domain::profile::BirthDate;
use crate::domain::tiers::window_start;
use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::MemberId;
use crate::service::{Kopilka, ProgrammeRules};
pub(crate) use crate::store::member_snapshot::MemberSnapshot;
use crate::store::member_snapshot::{SnapshotQuery, load_snapshot_facts};
use crate::store::members::MemberRow;
use crate::store::{Tx, ledger, merged_accounts};
use crate::usecases::loyalty::once_only;
use crate::usecases::{Error, Refusal};

/// Birth date of a member, where told.
pub fn birth_date(member: &MemberRow) -> Option<BirthDate> {
    BirthDate::of_numbers(member.birth_year, member.birth_month, member.birth_day)
}

/// All that is known of a member as a receipt of `at` is judged at `now`; its day is that of `zone`, or else of the
/// programme's.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn load_member_snapshot(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    zone: Option<Tz>,
    at: Instant,
    now: Instant,
) -> Result<MemberSnapshot, Error> {
    let programme = &rules.programme;
    let zone = zone.unwrap_or(programme.time_zone);
    let date = local_date(at, zone);
    let limits = programme.offers.iter().filter(|offer| {
        let limits = &offer.limits;
        limits.per_member.is_some() || limits.per_day.is_some()
    });
    let query = SnapshotQuery {
        member,
        before: at,
        needed: programme.facts_needed(),
        offers: limits.map(|offer| offer.id.as_str()).collect(),
        today: start_of_day(date, zone),
        tomorrow: start_of_day(add_days(date, 1), zone),
        counted_since: window_start(programme, now),
        now,
    };
    let mut snapshot = load_snapshot_facts(tx, &query).await?;
    snapshot.person = count_other_accounts(tx, &mut snapshot, &query).await?;
    count_earlier(&mut snapshot, &query);
    let tier = programme.held_tier(&snapshot.standing.tier);
    snapshot.facts.tier.clone_from(&tier.id);
    Ok(snapshot)
}

/// Counts what the person did in other accounts that were merged with this one, and takes the person's level. Returns the
/// account that stands for the person.
async fn count_other_accounts(
    tx: &mut Tx,
    snapshot: &mut MemberSnapshot,
    query: &SnapshotQuery<'_>,
) -> Result<MemberId, Error> {
    if !snapshot.joined && !snapshot.merged {
        return Ok(query.member);
    }
    let person = merged_accounts::person_of(tx, query.member).await?;
    for account in merged_accounts::accounts_of_person(tx, person).await? {
        if account == query.member {
            continue;
        }
        let of_account = SnapshotQuery {
            member: account,
            ..query.clone()
        };
        let other = load_snapshot_facts(tx, &of_account).await?;
        if account == person {
            snapshot.take_level(&other);
        }
        snapshot.add_account(other);
    }
    Ok(person)
}

/// Counts what was used in earlier accounts of the same person with what was used in this one.
fn count_earlier(snapshot: &mut MemberSnapshot, query: &SnapshotQuery<'_>) {
    for earlier in std::mem::take(&mut snapshot.earlier) {
        if once_only::is_purchase(&earlier.benefit) {
            snapshot.facts.purchases.push(earlier.day);
        }
        let Some(offer) = once_only::offer_of(&earlier.benefit) else {
            continue;
        };
        if !query.offers.contains(&offer) {
            continue;
        }
        // Only the day is known. Its noon falls on the same day in the time zones of the stores.
        let noon = earlier.day.plus_secs(43_200);
        let is_today = query.today <= noon && noon < query.tomorrow;
        snapshot.add_own_uses(offer, earlier.uses, if is_today { earlier.uses } else { 0 });
    }
}

/// The programme in force at `at`, and what is known of a member by it as [`load_member_snapshot`] tells.
///
/// # Errors
/// As [`load_rules_at`].
pub(crate) async fn load_snapshot_in_force(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    zone: Option<Tz>,
    at: Instant,
    now: Instant,
) -> Result<(ProgrammeRules, MemberSnapshot), Error> {
    if let Some((rules, newest)) = service.cached_current_rules() {
        let snapshot = load_member_snapshot(tx, member, &rules, zone, at, now).await?;
        if snapshot.version == Some(rules.version) && snapshot.newest_version == Some(newest) {
            return Ok((rules, snapshot));
        }
    }
    let rules = load_rules_at(service, tx, at).await?;
    let snapshot = load_member_snapshot(tx, member, &rules, zone, at, now).await?;
    Ok((rules, snapshot))
}

/// The programme by which what happens at `at` is judged.
///
/// # Errors
/// [`Refusal::BeforeProgramme`] when none was in force yet; [`Error::Fault`].
pub(crate) async fn load_rules_at(
    service: &Kopilka,
    tx: &mut Tx,
    at: Instant,
) -> Result<ProgrammeRules, Error> {
    let rules = service.rules_at(tx, at).await?;
    rules.ok_or_else(|| Refusal::BeforeProgramme.into())
}

/// Everything about a member that conditions of offers can ask for, of purchases the latest that they can count. Days are
/// those of the programme.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_member_facts(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    at: Instant,
) -> Result<MemberFacts, Error> {
    Ok(load_member_snapshot(tx, member, rules, None, at, at)
        .await?
        .facts)
}

/// The balance as it is at `at`, also where nightly work is behind.
///
/// # Errors
/// [`Error::Fault`].
pub async fn balance_of(
    tx: &mut Tx,
    member: MemberId,
    at: Instant,
) -> Result<PointsBalance, Error> {
    let lots = ledger::list_open_lots(tx, member).await?;
    let debt = ledger::load_account(tx, member).await?.debt;
    Ok(balance(&lots, debt, at))
}
