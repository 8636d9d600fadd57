//! The level after a return: the highest that what is left of the purchases would have led to, each counted when it came to
//! the member, by the rules in force then. So it is the level of somebody who never bought what went back, whatever the
//! order of returns.

use super::{TierChange, TierChangeCause, in_measure, store_tier_change};
use crate::domain::amounts::{Money, Points};
use crate::domain::programme::Programme;
use crate::domain::tiers::{TierStatus, period_end, tier_for, window_start};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::tiers::{RemainingSaleRow, TierChangeRow};
use crate::store::{Tx, merged_accounts, programmes, tiers};
use crate::usecases::Error;

/// Number of changes that a return looks back over.
const LOOK_BACK: i64 = 1_000;

/// Purchases of a member as far as they have not gone back, in the order in which they came to the member.
#[derive(Debug)]
pub struct QualifyingPurchases {
    sales: Vec<RemainingSaleRow>,
    /// Times at which sales came of accounts that were merged into the member's.
    merged: Vec<Instant>,
}

impl QualifyingPurchases {
    /// Collects purchases, given in any order.
    pub fn new(mut sales: Vec<RemainingSaleRow>) -> Self {
        sales.sort_by_key(|sale| sale.came);
        Self {
            sales,
            merged: Vec::new(),
        }
    }

    /// Adds those of accounts that were merged into the member's.
    fn add_merged(&mut self, sales: Vec<RemainingSaleRow>) {
        self.merged.extend(sales.iter().map(|sale| sale.came));
        self.sales.extend(sales);
        self.sales.sort_by_key(|sale| sale.came);
    }

    /// Returns what counted at `moment` of those that had come, in the unit of the programme's measure.
    fn counted(&self, programme: &Programme, moment: Instant) -> i64 {
        let since = window_start(programme, moment);
        let come = self.sales.iter().take_while(|sale| sale.came <= moment);
        let (mut money, mut points) = (Money::ZERO, Points::ZERO);
        for sale in come.filter(|sale| sale.at >= since) {
            money += sale.money;
            points += sale.points;
        }
        in_measure(programme, money, points)
    }

    /// Returns when they came, after `since`. What confirmed the member's own level says nothing of merged accounts: all of theirs.
    fn moments(&self, since: Option<Instant>) -> impl Iterator<Item = Instant> {
        let all = self.sales.iter().map(|sale| sale.came);
        all.filter(move |came| {
            since.is_none_or(|since| *came > since) || self.merged.contains(came)
        })
    }
}

/// The level that purchases led to, and when first.
struct ReachedTier<'a> {
    rules: &'a ProgrammeRules,
    tier: &'a str,
    /// Threshold of the tier in the programme of today.
    threshold: i64,
    at: Instant,
    measured: i64,
}

/// Lowers the member's level where only what has gone back held it up: to the highest that what is left led to since the
/// last change that nothing takes back (a renewal, a fall), and not under the one that they had then. A level that they
/// had risen from comes back as it was: its period, and its grace. Purchases that have only grown old take nothing away.
///
/// To be called after the return is stored, so that what is left no longer has it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn after_return(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    sale: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let changes = tiers::list_changes(tx, member, LOOK_BACK).await?;
    if unconfirmed(&changes).next().is_none() {
        return Ok(());
    }
    let from = tiers::load_tier_status(tx, member).await?;
    let mut purchases = QualifyingPurchases::new(tiers::list_remaining_sales(tx, member).await?);
    for merged in merged_accounts::merged_into(tx, member).await? {
        purchases.add_merged(tiers::list_remaining_sales(tx, merged).await?);
    }
    let todays = service.current_rules(tx).await?;
    let mut versions = programmes::list_versions(tx).await?;
    versions.sort_unstable_by_key(|row| (row.valid_from, row.version));
    let mut rules: Vec<(Instant, ProgrammeRules)> = Vec::new();
    for moment in purchases.moments(last_confirmation(&changes)) {
        let then = versions.iter().rfind(|row| row.valid_from <= moment);
        if let Some(row) = then
            && rules
                .last()
                .is_none_or(|(_, last)| last.version != row.version)
        {
            rules.push((
                row.valid_from,
                service.rules_of_version(tx, row.version).await?,
            ));
        }
    }
    let fallen = find_fall(&todays, &rules, &changes, &from, &purchases, now);
    if let Some((fall, rules)) = fallen {
        store_tier_change(tx, rules, member, &fall.because_of(sale));
    }
    Ok(())
}

/// A renewal, a fall at the end of a period: what stood before it, no return takes back.
fn confirms_tier(row: &TierChangeRow) -> bool {
    row.cause != TierChangeCause::Upgrade && row.cause != TierChangeCause::Return
}

/// Returns the time of the last renewal, or fall at the end of a period; changes come newest first.
fn last_confirmation(changes: &[TierChangeRow]) -> Option<Instant> {
    let last = changes.iter().find(|row| confirms_tier(row));
    last.map(|row| row.at)
}

/// The rises that nothing has confirmed since, newest first as the changes are.
fn unconfirmed(changes: &[TierChangeRow]) -> impl Iterator<Item = &TierChangeRow> {
    let since = changes.iter().take_while(|row| !confirms_tier(row));
    since.filter(|row| row.cause == TierChangeCause::Upgrade)
}

/// Returns the fall of a member who stands at `from`, and the rules that decide it; `None` = nothing changes. Changes come
/// newest first; the rules of the past with the time from which each was in force, the oldest first. Levels are compared in
/// those of today.
pub fn find_fall<'a>(
    todays: &'a ProgrammeRules,
    rules: &'a [(Instant, ProgrammeRules)],
    changes: &[TierChangeRow],
    from: &TierStatus,
    purchases: &QualifyingPurchases,
    now: Instant,
) -> Option<(TierChange, &'a ProgrammeRules)> {
    let threshold = |tier: &str| todays.programme.held_tier(tier).threshold;
    let first = unconfirmed(changes).last()?;
    let floor = threshold(&first.from_tier);
    let mut best: Option<ReachedTier<'a>> = None;
    for at in purchases.moments(last_confirmation(changes)) {
        let Some((_, rules)) = rules.iter().rfind(|(from, _)| *from <= at) else {
            continue;
        };
        let measured = purchases.counted(&rules.programme, at);
        let Some(tier) = tier_for(&rules.programme, measured) else {
            continue;
        };
        let reached = threshold(&tier.id);
        if reached > best.as_ref().map_or(floor, |best| best.threshold) {
            best = Some(ReachedTier {
                rules,
                tier: &tier.id,
                threshold: reached,
                at,
                measured,
            });
        }
    }
    let lowest = best.as_ref().map_or(floor, |best| best.threshold);
    if lowest >= threshold(&from.tier) {
        return None;
    }
    // The member as they were when they last rose from there.
    let left = unconfirmed(changes).find(|rise| threshold(&rise.from_tier) == lowest);
    let as_left = |tier: &str, since: Instant| TierStatus {
        tier: tier.to_owned(),
        since,
        until: left.and_then(|rise| rise.from_until),
        warned: left.and_then(|rise| rise.from_warned_at),
    };
    let (to, measured, rules) = match best {
        Some(best) => {
            let until = Some(period_end(&best.rules.programme, best.at));
            let mut to = as_left(best.tier, best.at);
            if to.until < until {
                (to.until, to.warned) = (until, None);
            }
            (to, best.measured, best.rules)
        }
        None => {
            let floor = &todays.programme.held_tier(&first.from_tier).id;
            let measured = purchases.counted(&todays.programme, now);
            (as_left(floor, from.since), measured, todays)
        }
    };
    let fall = TierChange {
        from: from.clone(),
        to,
        cause: TierChangeCause::Return,
        measured,
        receipt: None,
        at: now,
    };
    Some((fall, rules))
}
