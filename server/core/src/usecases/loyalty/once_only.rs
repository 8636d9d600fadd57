//! Once is once for a person. What a member has used of benefits that are given once is kept under a keyed hash of the phone
//! when the account is closed; while it lives, its former phones are known by their hashes. Who joins again with one of these
//! phones within `rejoin_days`, or gets it by support, has used what was used under it.
//!
//! Only days are kept and no id, so that nothing leads from the hash back to the erased account. Kept are: that there was a
//! purchase and the day of the last one, that the profile was rewarded, the uses of offers with a limit for each member, and
//! debts.

mod debts;

use std::collections::BTreeMap;

pub(crate) use debts::debt_changed;

use crate::domain::programme::Programme;
use crate::domain::time::{Instant, local_date, start_of_day};
use crate::ids::MemberId;
use crate::secret_key::{KeyPurpose, SecretKey};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::members::{self, MemberRow};
use crate::store::once_only::{self, DatedOfferUse, EarlierBenefitUse};
use crate::store::{Tx, merged_accounts, profiles};
use crate::usecases::Error;

/// Benefit name of the points for a full profile.
const PROFILE: &str = "profile";
/// Benefit name of purchases, for "first purchase" and "absent for so many days".
const PURCHASE: &str = "purchase";
/// Prefix of an offer's benefit name.
const OFFER: &str = "offer:";
/// Days for which uses of offers are kept that are limited for each day only.
const DAYS_OF_DAILY_LIMITS: i64 = 2;

/// Returns the offer that the benefit is a use of.
pub(crate) fn offer_of(benefit: &str) -> Option<&str> {
    benefit.strip_prefix(OFFER)
}

/// Returns whether the benefit is a purchase.
pub(crate) fn is_purchase(benefit: &str) -> bool {
    benefit == PURCHASE
}

/// Keeps what a person has used, in all accounts that were merged, under every phone that these have or had within
/// `rejoin_days`. To be called before the person is erased, with the accounts locked, so that no sale is counted only
/// afterwards.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn on_accounts_closed(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    accounts: &[MemberRow],
    now: Instant,
) -> Result<(), Error> {
    let (Some(rejoin), Some(account)) = (
        RejoinRules::in_force(service, &rules.programme, now)?,
        accounts.first(),
    ) else {
        return Ok(());
    };
    let used = rejoin.used_by_person(tx, account.id).await?;
    let mut hashes = Vec::new();
    for account in accounts {
        hashes.extend(once_only::former_phones(tx, account.id, rejoin.since).await?);
        hashes.extend(
            account
                .phone
                .as_deref()
                .map(|phone| rejoin.hash_phone(phone)),
        );
    }
    for hash in &hashes {
        rejoin.keep_uses(tx, &used, hash).await?;
    }
    rejoin.keep_debts(tx, accounts).await
}

/// Gives a member who has just joined what was used under their phone.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn on_member_joined(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    phone: &str,
    now: Instant,
) -> Result<(), Error> {
    match RejoinRules::in_force(service, &rules.programme, now)? {
        Some(rejoin) => {
            rejoin
                .adopt_uses(tx, rules, member, &rejoin.hash_phone(phone))
                .await
        }
        None => Ok(()),
    }
}

/// Remembers the phone that the member had, and gives them what others have used under the one that they have now. Whoever
/// gets the former phone finds what this member has used by then, as long as the account lives.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn on_phone_changed(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    old: Option<&str>,
    new: &str,
    now: Instant,
) -> Result<(), Error> {
    let Some(rejoin) = RejoinRules::in_force(service, &rules.programme, now)? else {
        return Ok(());
    };
    if old == Some(new) {
        return Ok(());
    }
    if let Some(old) = old {
        once_only::add_former_phone(tx, member, &rejoin.hash_phone(old), now).await?;
    }
    let hash = rejoin.hash_phone(new);
    once_only::remove_former_phone(tx, member, &hash).await?;
    rejoin.adopt_uses(tx, rules, member, &hash).await
}

/// Remembers that the account had this phone, which its owner has in another account from now on.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn on_phone_given_up(
    service: &Kopilka,
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    phone: &str,
    now: Instant,
) -> Result<(), Error> {
    if let Some(rejoin) = RejoinRules::in_force(service, &rules.programme, now)? {
        once_only::add_former_phone(tx, member, &rejoin.hash_phone(phone), now).await?;
    }
    Ok(())
}

/// Uses by benefit and beginning of the day.
type BenefitUseCounts = BTreeMap<(String, Instant), i64>;

/// Rules by which uses outlive an account now.
struct RejoinRules<'a> {
    key: &'a SecretKey,
    programme: &'a Programme,
    now: Instant,
    /// Time from which kept uses count; uses kept before it are over.
    since: Instant,
    /// Time until which uses are kept that are stored now.
    ends: Instant,
}

impl<'a> RejoinRules<'a> {
    /// Returns the rules of the programme in force; `None` = nothing outlives an account.
    fn in_force(
        service: &'a Kopilka,
        programme: &'a Programme,
        now: Instant,
    ) -> Result<Option<Self>, Error> {
        let days = i64::from(programme.rejoin_days);
        if days == 0 {
            return Ok(None);
        }
        let zone = programme.time_zone;
        let start_of = |at: Instant| start_of_day(local_date(at, zone), zone);
        Ok(Some(Self {
            key: service.secret_key()?,
            programme,
            now,
            since: start_of(now.plus_days(-days)),
            ends: start_of(now.plus_days(days.saturating_add(1))),
        }))
    }

    fn hash_phone(&self, phone: &str) -> Vec<u8> {
        self.key.keyed_hash(KeyPurpose::OnceOnlyUses, phone)
    }

    /// Returns what the person has used whose account this is, in all accounts that were merged.
    async fn used_by_person(
        &self,
        tx: &mut Tx,
        member: MemberId,
    ) -> Result<BenefitUseCounts, Error> {
        let mut used = BenefitUseCounts::new();
        for account in merged_accounts::accounts_of_person(tx, member).await? {
            self.add_used_by(tx, account, &mut used).await?;
        }
        Ok(used)
    }

    /// Keeps uses under the hash.
    async fn keep_uses(
        &self,
        tx: &mut Tx,
        used: &BenefitUseCounts,
        hash: &[u8],
    ) -> Result<(), Error> {
        let from = self.day_start(self.now);
        for ((benefit, day), uses) in used {
            let used = EarlierBenefitUse {
                benefit: benefit.clone(),
                day: *day,
                uses: *uses,
            };
            once_only::insert_kept_use(tx, hash, &used, from, self.ends).await?;
        }
        Ok(())
    }

    /// Gives the member what was used under the hash, also what others have used who had its phone and still have an account.
    /// What the member has used on the same day is not counted again: it may have come under the hash by another owner.
    async fn adopt_uses(
        &self,
        tx: &mut Tx,
        rules: &ProgrammeRules,
        member: MemberId,
        hash: &[u8],
    ) -> Result<(), Error> {
        let own = self.used_by_person(tx, member).await?;
        let kept = once_only::list_kept_uses(tx, hash, self.since, self.now).await?;
        self.take_debts_over(tx, rules, member, hash).await?;
        let mut used: BenefitUseCounts = kept
            .into_iter()
            .map(|each| ((each.benefit, each.day), each.uses))
            .collect();
        for owner in once_only::former_owners(tx, hash, self.since).await? {
            for (each, uses) in self.used_by_person(tx, owner).await? {
                let most = used.entry(each).or_default();
                *most = uses.max(*most);
            }
        }
        for ((benefit, day), uses) in used {
            let own = own.get(&(benefit.clone(), day)).copied().unwrap_or(0);
            if uses <= own {
                continue;
            }
            let uses = uses - own;
            if benefit == PROFILE {
                profiles::take_reward(tx, member, day).await?;
            }
            let used = EarlierBenefitUse { benefit, day, uses };
            once_only::add_earlier_use(tx, member, &used).await?;
        }
        Ok(())
    }

    /// Returns the beginning of the day on which something was.
    fn day_start(&self, at: Instant) -> Instant {
        let zone = self.programme.time_zone;
        start_of_day(local_date(at, zone), zone)
    }

    /// Adds what was used in an account, and in earlier ones of its member, by benefit and day.
    async fn add_used_by(
        &self,
        tx: &mut Tx,
        member: MemberId,
        used: &mut BenefitUseCounts,
    ) -> Result<(), Error> {
        let rewarded = members::load_member(tx, member).await?.rewarded_at;
        let bought = once_only::last_purchase(tx, member).await?;
        for (benefit, at) in [(PROFILE, rewarded), (PURCHASE, bought)] {
            if let Some(at) = at {
                used.insert((benefit.to_owned(), self.day_start(at)), 1);
            }
        }
        let lately = self.now.plus_days(-DAYS_OF_DAILY_LIMITS);
        let limited = self.programme.offers.iter().filter(|offer| {
            let limits = &offer.limits;
            limits.per_member.is_some() || limits.per_day.is_some()
        });
        let limited: Vec<&str> = limited.map(|offer| offer.id.as_str()).collect();
        for DatedOfferUse { offer, at } in once_only::uses_of_offers(tx, member, &limited).await? {
            let counted_for_ever = self
                .programme
                .offer(&offer)
                .is_some_and(|offer| offer.limits.per_member.is_some());
            if counted_for_ever || at >= lately {
                *used
                    .entry((format!("{OFFER}{offer}"), self.day_start(at)))
                    .or_default() += 1;
            }
        }
        for earlier in once_only::earlier_uses(tx, member).await? {
            let entry = used.entry((earlier.benefit, earlier.day)).or_default();
            *entry = entry.saturating_add(earlier.uses);
        }
        Ok(())
    }
}
