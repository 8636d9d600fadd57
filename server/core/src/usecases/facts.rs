//! Facts that the rules need to know of a member, gathered from storage.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::tiers::in_measure;
pub use super::tiers::{NextTier, TierNotice, TierView, measured, tier_of};
use super::{Error, Refusal, once_only};
use crate::domain::amounts::{Money, Points};
use crate::domain::consents::{Channel, Purpose};
use crate::domain::evaluate::MemberFacts;
use crate::domain::ledger::{Balance, balance, settle};
use crate::domain::offers::OfferUses;
use crate::domain::profile::{BirthDate, Species};
use crate::domain::programme::Programme;
use crate::domain::tiers::{Standing, window_start};
use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::MemberId;
use crate::service::{Kopilka, Rules};
use crate::store::consents::GrantedConsent;
use crate::store::facts::{Asked, Found, Uses, find};
use crate::store::members::MemberRow;
use crate::store::{Tx, ledger, merged_accounts};

/// Birth date of a member, where told.
pub fn birth_date(member: &MemberRow) -> Option<BirthDate> {
    date_of_birth((member.birth_year, member.birth_month, member.birth_day))
}

fn date_of_birth((year, month, day): (Option<i64>, Option<i64>, Option<i64>)) -> Option<BirthDate> {
    let year = i32::try_from(year?).ok()?;
    let month = u32::try_from(month?).ok()?;
    let day = u32::try_from(day?).ok()?;
    BirthDate::new(year, month, day)
}

/// A member as a receipt is judged by: what conditions of offers can ask for, the points, the tier.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// Facts for the conditions of offers.
    pub facts: MemberFacts,
    /// Offers of which it is counted what they give to everyone.
    pub counted_offers: Vec<String>,
    /// Version of the programme in force at the receipt's time.
    version: Option<i64>,
    /// Version of the programme in force now.
    pub todays_version: Option<i64>,
    /// The newest version that is stored, in force or not.
    newest_version: Option<i64>,
    /// Time of the last change of the phone; `None` = it never was changed.
    pub phone_changed: Option<Instant>,
    /// True if the account is closed.
    pub closed: bool,
    /// True if the account was merged into another, to which everything that comes is forwarded.
    pub joined: bool,
    /// The account that stands for the person: the one that this was joined to, or this.
    pub person: MemberId,
    /// Status of the member's tier.
    pub standing: Standing,
    /// Sum that counts for the tier, in the unit of the programme's measure, without the receipt in question.
    pub counted: i64,
    /// Points in lots that are active by their dates.
    pub in_lots: Points,
    /// Points that could not be taken back yet.
    pub debt: Points,
    /// True if time has made anything due that is still to be written.
    pub due: bool,
}

impl Known {
    /// Active points: those in lots pay a debt first, also where the entry that says so is still to be written.
    pub fn active(&self) -> Points {
        settle(self.debt, self.in_lots).1
    }
}

/// All that is known of a member as a receipt of `at` is judged at `now`; its day is that of `zone`, or else of the
/// programme's.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn known(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    zone: Option<Tz>,
    at: Instant,
    now: Instant,
) -> Result<Known, Error> {
    let programme = &rules.programme;
    let zone = zone.unwrap_or(programme.time_zone);
    let date = local_date(at, zone);
    let limits = programme.offers.iter().filter(|offer| {
        let limits = &offer.limits;
        limits.per_member.is_some() || limits.per_day.is_some()
    });
    let asked = Asked {
        member,
        before: at,
        purchases: purchases_asked(programme),
        offers: limits.map(|offer| offer.id.as_str()).collect(),
        today: start_of_day(date, zone),
        tomorrow: start_of_day(add_days(date, 1), zone),
        counted_since: window_start(programme, now),
        now,
    };
    let mut found = find(tx, &asked).await?;
    let person = count_other_accounts(tx, &mut found, &asked).await?;
    count_earlier(&mut found, &asked);
    let mut uses: HashMap<String, OfferUses> = HashMap::new();
    let counted_offers = found.totals.iter().map(|total| total.offer.clone());
    let counted_offers = counted_offers.collect();
    for total in found.totals {
        let entry = uses.entry(total.offer).or_default();
        entry.in_all = total.uses;
        entry.points = total.points;
        entry.money = total.money;
    }
    for own in found.own {
        let entry = uses.entry(own.offer).or_default();
        entry.by_member = entry.by_member.saturating_add(own.uses);
        entry.today = entry.today.saturating_add(own.today);
    }
    let consent = |consent: &GrantedConsent| {
        Some((
            Channel::parse(&consent.channel)?,
            Purpose::parse(&consent.purpose)?,
        ))
    };
    let years = found.children.into_iter().map(i32::try_from);
    let pets = found.pets.iter().filter_map(|pet| Species::parse(pet));
    Ok(Known {
        person,
        facts: MemberFacts {
            id: member.to_string(),
            tier: programme.held_tier(&found.tier).id.clone(),
            birth: date_of_birth(found.birth),
            child_birth_years: years.filter_map(Result::ok).collect(),
            pets: pets.collect(),
            car: found.car.is_some_and(|car| car != "none"),
            purchases: found.purchases,
            bought_later: found.bought_later,
            consents: found.consents.iter().filter_map(consent).collect(),
            activated: found.activated.into_iter().collect(),
            uses,
        },
        counted_offers,
        version: found.version,
        todays_version: found.todays_version,
        newest_version: found.newest_version,
        phone_changed: found.phone_changed_at,
        closed: found.closed,
        joined: found.joined,
        standing: Standing {
            tier: found.tier,
            since: found.tier_since,
            until: found.tier_until,
            warned: found.tier_warned_at,
        },
        counted: in_measure(programme, found.counted.money, found.counted.points),
        in_lots: found.active,
        debt: found.debt,
        due: found.due > 0,
    })
}

/// Counts what the person did in other accounts that were merged with this one, and takes the person's level. Returns the
/// account that stands for the person.
async fn count_other_accounts(
    tx: &mut Tx,
    found: &mut Found,
    asked: &Asked<'_>,
) -> Result<MemberId, Error> {
    if !found.joined && !found.merged {
        return Ok(asked.member);
    }
    let person = merged_accounts::person_of(tx, asked.member).await?;
    for account in merged_accounts::accounts_of_person(tx, person).await? {
        if account == asked.member {
            continue;
        }
        let of_account = Asked {
            member: account,
            ..asked.clone()
        };
        let other = find(tx, &of_account).await?;
        if account == person {
            found.take_level(&other);
        }
        found.add_account(other);
    }
    Ok(person)
}

/// Counts what was used in earlier accounts of the same person with what was used in this one.
fn count_earlier(found: &mut Found, asked: &Asked<'_>) {
    for earlier in std::mem::take(&mut found.earlier) {
        if once_only::is_purchase(&earlier.benefit) {
            found.purchases.push(earlier.day);
        }
        let Some(offer) = once_only::offer_of(&earlier.benefit) else {
            continue;
        };
        if !asked.offers.contains(&offer) {
            continue;
        }
        // Only the day is known. Its noon falls on the same day in the time zones of the stores.
        let noon = earlier.day.plus_secs(43_200);
        let today = asked.today <= noon && noon < asked.tomorrow;
        found.own.push(Uses {
            offer: offer.to_owned(),
            uses: earlier.uses,
            today: if today { earlier.uses } else { 0 },
            points: Points::ZERO,
            money: Money::ZERO,
        });
    }
    found.purchases.sort_unstable_by(|one, two| two.cmp(one));
}

/// The programme in force at `at`, and what is known of a member by it as [`known`] tells.
///
/// # Errors
/// As [`in_force`].
pub(super) async fn known_in_force(
    k: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    zone: Option<Tz>,
    at: Instant,
    now: Instant,
) -> Result<(Rules, Known), Error> {
    if let Some((rules, newest)) = k.likely_rules() {
        let known = known(tx, member, &rules, zone, at, now).await?;
        if known.version == Some(rules.version) && known.newest_version == Some(newest) {
            return Ok((rules, known));
        }
    }
    let rules = in_force(k, tx, at).await?;
    let known = known(tx, member, &rules, zone, at, now).await?;
    Ok((rules, known))
}

/// The programme by which what happens at `at` is judged.
///
/// # Errors
/// [`Refusal::BeforeProgramme`] when none was in force yet; [`Error::Fault`].
pub(super) async fn in_force(k: &Kopilka, tx: &mut Tx, at: Instant) -> Result<Rules, Error> {
    let rules = k.rules_at(tx, at).await?;
    rules.ok_or_else(|| Refusal::BeforeProgramme.into())
}

/// Returns the number of latest purchases to read: as many as a condition may count, at least one for other uses.
fn purchases_asked(programme: &Programme) -> i64 {
    let counted = programme
        .offers
        .iter()
        .filter_map(|offer| offer.conditions.purchases);
    counted.map(|wanted| wanted.count).fold(1, i64::max)
}

/// Everything about a member that conditions of offers can ask for, of purchases the latest that they can count. Days are
/// those of the programme.
///
/// # Errors
/// [`Error::Fault`].
pub async fn facts(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    at: Instant,
) -> Result<MemberFacts, Error> {
    Ok(known(tx, member, rules, None, at, at).await?.facts)
}

/// The balance as it is at `at`, also where nightly work is behind.
///
/// # Errors
/// [`Error::Fault`].
pub async fn balance_of(tx: &mut Tx, member: MemberId, at: Instant) -> Result<Balance, Error> {
    let lots = ledger::lots(tx, member).await?;
    let debt = ledger::account(tx, member).await?.debt;
    Ok(balance(&lots, debt, at))
}
