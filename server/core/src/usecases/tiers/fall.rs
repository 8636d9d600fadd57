//! The level after a return: the highest that what is left of the purchases ever reached, at its own times and by the rules
//! of these. So it is the level of somebody who never bought what went back, whatever the order of returns.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Cause, Change, change, in_measure};
use crate::domain::amounts::{Money, Points};
use crate::domain::programme::Programme;
use crate::domain::tiers::{Standing, period_end, tier_for, window_start};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::{Kopilka, Rules};
use crate::store::tiers::{ChangeRow, KeptSale};
use crate::store::{Tx, tiers};
use crate::usecases::Error;

/// How many changes a return looks back over.
const LOOK_BACK: i64 = 100;

/// What is left of a member's purchases.
#[derive(Debug)]
pub(in crate::usecases) struct Purchases {
    /// The oldest first.
    sales: Vec<KeptSale>,
    /// Of the first none, one, two … of them together.
    sums: Vec<(Money, Points)>,
}

impl Purchases {
    /// In whatever order they come.
    pub fn new(mut sales: Vec<KeptSale>) -> Self {
        sales.sort_by_key(|sale| sale.at);
        let mut sum = (Money::ZERO, Points::ZERO);
        let mut sums = vec![sum];
        for sale in &sales {
            sum = (sum.0 + Money(sale.money), sum.1 + Points(sale.points));
            sums.push(sum);
        }
        Self { sales, sums }
    }

    /// What counted at `at`, in the unit of the programme's measure.
    fn counted(&self, programme: &Programme, at: Instant) -> i64 {
        let since = window_start(programme, at);
        let first = |count: usize| self.sums.get(count).copied().unwrap_or_default();
        let before = first(self.sales.partition_point(|sale| sale.at < since.0));
        let all = first(self.sales.partition_point(|sale| sale.at <= at.0));
        in_measure(programme, all.0 - before.0, all.1 - before.1)
    }

    /// Each with the version of its own time.
    fn moments(&self) -> impl Iterator<Item = (Instant, i64)> {
        let sales = self.sales.iter();
        sales.map(|sale| (Instant(sale.at), sale.programme_version))
    }
}

/// What purchases reached, and when first.
struct Reached<'a> {
    rules: &'a Rules,
    tier: &'a str,
    /// In the programme of today.
    threshold: i64,
    at: Instant,
    measured: i64,
}

/// Lowers the member's level where only what a sale had counted held it up: to the highest that what is left reached since
/// the last change that nothing takes back (a renewal, a fall), and not under the one that they had then. That one comes
/// back as it was: its period, and its grace. Purchases that have only grown old take nothing away.
///
/// To be called after the return is stored, so that what is left no longer has it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn after_return(
    k: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    sale: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let changes = tiers::changes(tx, member, LOOK_BACK).await?;
    if unconfirmed(&changes).next().is_none() {
        return Ok(());
    }
    let from = tiers::standing(tx, member).await?;
    let purchases = Purchases::new(tiers::kept_sales(tx, member).await?);
    let todays = k.rules(tx).await?;
    let mut versions = BTreeMap::from([(todays.version, todays.clone())]);
    let risen = changes.iter().map(|row| row.programme_version);
    let bought = purchases.moments().map(|(_, version)| version);
    for version in risen.chain(bought) {
        if let Entry::Vacant(unknown) = versions.entry(version) {
            unknown.insert(k.rules_of(tx, version).await?);
        }
    }
    let fallen = fallen((&todays, &versions), &changes, &from, &purchases, now);
    if let Some((fall, rules)) = fallen {
        change(tx, rules, member, &fall.because_of(sale));
    }
    Ok(())
}

/// A renewal, a fall at the end of a period: what stood before it, no return takes back.
fn confirms(row: &ChangeRow) -> bool {
    row.cause != Cause::Upgrade.as_str() && row.cause != Cause::Return.as_str()
}

/// The rises that nothing has confirmed since, of changes that come newest first.
fn unconfirmed(changes: &[ChangeRow]) -> impl Iterator<Item = &ChangeRow> {
    let since = changes.iter().take_while(|row| !confirms(row));
    since.filter(|row| row.cause == Cause::Upgrade.as_str())
}

/// Where a member who stands at `from` falls to, and the rules that say so; none where nothing changes. Changes come newest
/// first. Levels are compared in the rules of today.
pub(in crate::usecases) fn fallen<'a>(
    (todays, versions): (&'a Rules, &'a BTreeMap<i64, Rules>),
    changes: &[ChangeRow],
    from: &Standing,
    purchases: &Purchases,
    now: Instant,
) -> Option<(Change, &'a Rules)> {
    let threshold = |tier: &str| todays.programme.held_tier(tier).threshold;
    let first = unconfirmed(changes).last()?;
    let rises = unconfirmed(changes).map(|rise| (Instant(rise.at), rise.programme_version));
    let confirmed = changes.iter().find(|row| confirms(row));
    let confirmed = confirmed.map(|row| Instant(row.at));
    let since = |(at, _): &(Instant, i64)| confirmed.is_none_or(|confirmed| *at > confirmed);
    let bought = purchases.moments().filter(since);
    let mut moments: Vec<(Instant, i64)> = bought.chain(rises).collect();
    moments.push((now, todays.version));
    moments.sort_unstable();
    let floor = threshold(&first.from_tier);
    let mut best: Option<Reached<'a>> = None;
    for (at, version) in moments {
        let Some(rules) = versions.get(&version) else {
            continue;
        };
        let measured = purchases.counted(&rules.programme, at);
        let Some(tier) = tier_for(&rules.programme, measured) else {
            continue;
        };
        let reached = threshold(&tier.id);
        if reached > best.as_ref().map_or(floor, |best| best.threshold) {
            best = Some(Reached {
                rules,
                tier: &tier.id,
                threshold: reached,
                at,
                measured,
            });
        }
    }
    if best.as_ref().map_or(floor, |best| best.threshold) >= threshold(&from.tier) {
        return None;
    }
    let (to, measured, rules) = match best {
        Some(best) => {
            let to = Standing {
                tier: best.tier.to_owned(),
                since: best.at,
                until: Some(period_end(&best.rules.programme, best.at)),
                warned: None,
            };
            (to, best.measured, best.rules)
        }
        None => {
            let to = Standing {
                tier: todays.programme.held_tier(&first.from_tier).id.clone(),
                since: from.since,
                until: first.from_until.map(Instant),
                warned: first.from_warned_at.map(Instant),
            };
            (to, purchases.counted(&todays.programme, now), todays)
        }
    };
    let fall = Change {
        from: from.clone(),
        to,
        cause: Cause::Return,
        measured,
        receipt: None,
        at: now,
    };
    Some((fall, rules))
}
