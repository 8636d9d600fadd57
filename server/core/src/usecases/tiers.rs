//! Tiers of members: up at once, down after a notice and a grace, back after a return. Every change is a line of the
//! history, written by [`change`] together with the account.

mod view;

pub use view::{NextTier, TierNotice, TierView, tier_of};

use super::Error;
use super::outbox::{Message, send_sms};
use crate::domain::amounts::{Money, Points};
use crate::domain::programme::{Downgrade, Programme, Tier, TierMeasure};
use crate::domain::tiers::{self as rules_of, Standing, Verdict, period_end, upgraded};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};
use crate::service::{Kopilka, Rules};
use crate::store::tiers::ChangeRow;
use crate::store::{Tx, ledger, members, tiers};

/// How many changes a return looks back over.
const LOOK_BACK: i64 = 100;

/// Why a tier was changed or renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A threshold was passed.
    Upgrade,
    /// Enough was counted at the end of a period or a grace.
    Renewal,
    /// Too little was counted at the end of a grace.
    Downgrade,
    /// A sale that had helped to lift the member was returned.
    Return,
}

impl Cause {
    /// Name as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Renewal => "renewal",
            Self::Downgrade => "downgrade",
            Self::Return => "return",
        }
    }
}

/// A change about to be stored.
pub(super) struct Change {
    from: Standing,
    /// Where the member stands from now on.
    pub to: Standing,
    cause: Cause,
    measured: i64,
    receipt: Option<ReceiptId>,
    at: Instant,
}

impl Change {
    /// The line of the history.
    pub fn row(&self, id: RowId, rules: &Rules) -> ChangeRow {
        let ends = self.from.ends(&rules.programme);
        ChangeRow {
            id,
            from_tier: self.from.tier.clone(),
            to_tier: self.to.tier.clone(),
            cause: self.cause.as_str().to_owned(),
            measured: self.measured,
            programme_version: rules.version,
            receipt_id: self.receipt,
            from_until: ends.map(|ends| ends.0),
            from_warned_at: self.from.warned.map(|warned| warned.0),
            at: self.at.0,
        }
    }
}

fn change(tx: &mut Tx, rules: &Rules, member: MemberId, change: &Change) {
    let row = change.row(RowId::new(), rules);
    tiers::add_change(tx, member, &row);
    tiers::stand(tx, member, &change.to);
}

/// What counts for tiers since `since`, in the unit of the programme's measure.
///
/// # Errors
/// [`Error::Fault`].
pub async fn counted(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    since: Instant,
) -> Result<i64, Error> {
    let (money, points) = tiers::kept_since(tx, member, since).await?;
    Ok(in_measure(&rules.programme, money, points))
}

/// What counts of these, in the unit of the programme's measure.
pub(super) const fn in_measure(programme: &Programme, money: Money, points: Points) -> i64 {
    match programme.tier_rules.measure {
        TierMeasure::Spent => money.0,
        TierMeasure::Earned => points.0,
    }
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
    counted(
        tx,
        member,
        rules,
        rules_of::window_start(&rules.programme, at),
    )
    .await
}

/// Moves a member who stands at `from` up at once when `receipt` has brought what counts to `measured`. Whoever calls it
/// keeps the account to themselves ([`ledger::lock_account`]) since before that was read.
pub(super) fn lift(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    (from, measured): (&Standing, i64),
    receipt: ReceiptId,
    now: Instant,
) {
    if let Some(lifted) = lifted(rules, from, measured, receipt, now) {
        change(tx, rules, member, &lifted);
    }
}

/// The rise of a member who stands at `from`, when `receipt` has brought the measure to `measured`.
pub(super) fn lifted(
    rules: &Rules,
    from: &Standing,
    measured: i64,
    receipt: ReceiptId,
    now: Instant,
) -> Option<Change> {
    let tier = upgraded(&rules.programme, &from.tier, measured)?;
    Some(Change {
        to: Standing {
            tier: tier.id.clone(),
            since: now,
            until: Some(period_end(&rules.programme, now)),
            warned: None,
        },
        from: from.clone(),
        cause: Cause::Upgrade,
        measured,
        receipt: Some(receipt),
        at: now,
    })
}

/// Takes back rises that a returned sale had helped to: where nothing has confirmed one since (no renewal, no fall), and
/// neither what is left of the purchases that it counted nor what counts now reaches its tier, the member goes back to what
/// the greater of both gives, but not under the tier they had before. That one comes back as it was: its period, and its
/// grace. Purchases that have only grown old take nothing away. A rise is judged by the rules that it came by; what the
/// rules in force now give for what counts now stays.
///
/// To be called after the return is stored, so that what is left no longer has it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn after_return(
    k: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    sale: Sold,
    now: Instant,
) -> Result<(), Error> {
    let changes = tiers::changes(tx, member, LOOK_BACK).await?;
    let rises: Vec<&ChangeRow> = unconfirmed(&changes).collect();
    if rises.is_empty() {
        return Ok(());
    }
    let todays = k.rules(tx).await?;
    let counts = measured(tx, member, &todays, now).await?;
    let mut from = tiers::standing(tx, member).await?;
    for rise in rises {
        let rules = k.rules_of(tx, rise.programme_version).await?;
        let programme = &rules.programme;
        if !helped(programme, rise, sale) {
            continue;
        }
        let since = rules_of::window_start(programme, Instant(rise.at));
        let (money, points) = tiers::kept_of_rise(tx, member, since, rise).await?;
        let still = measured(tx, member, &rules, now).await?;
        let left = in_measure(programme, money, points).max(still);
        let back = undone(&rules, rise, &from, left, now);
        if let Some(back) = back.and_then(|back| less_what_counts(&todays, rise, back, counts)) {
            change(tx, &todays, member, &back);
            from = back.to;
        }
    }
    Ok(())
}

/// A fall by the rules of a rise, as far as today's let it come: what counts by them gives its tier all the same.
fn less_what_counts(
    todays: &Rules,
    rise: &ChangeRow,
    mut back: Change,
    counts: i64,
) -> Option<Change> {
    let programme = &todays.programme;
    let tier = rules_of::after_return(programme, &back.to.tier, &back.from.tier, counts)?;
    if tier.id != programme.held_tier(&back.to.tier).id {
        back.to = risen_to(programme, tier, rise);
    }
    Some(back)
}

/// A sale: its id and its own time.
pub type Sold = (ReceiptId, Instant);

/// The rises that nothing has confirmed since, among changes that come newest first.
pub(super) fn unconfirmed<'a>(
    changes: impl IntoIterator<Item = &'a ChangeRow>,
) -> impl Iterator<Item = &'a ChangeRow> {
    changes
        .into_iter()
        .take_while(|row| {
            row.cause == Cause::Upgrade.as_str() || row.cause == Cause::Return.as_str()
        })
        .filter(|row| row.cause == Cause::Upgrade.as_str())
}

/// Whether the sale helped to the rise, which came by these rules.
pub(super) fn helped(programme: &Programme, rise: &ChangeRow, (sale, sold_at): Sold) -> bool {
    let at = Instant(rise.at);
    let counted = rules_of::window_start(programme, at)..=at;
    rise.receipt_id == Some(sale) || counted.contains(&sold_at)
}

/// What becomes of a rise, and of the member who stands at `from`, when a sale that helped to it has gone back and `measured` remains.
pub(super) fn undone(
    rules: &Rules,
    rise: &ChangeRow,
    from: &Standing,
    measured: i64,
    now: Instant,
) -> Option<Change> {
    let programme = &rules.programme;
    let tier = rules_of::after_return(programme, &rise.from_tier, &from.tier, measured)?;
    let to = if tier.id == programme.held_tier(&rise.from_tier).id {
        Standing {
            tier: tier.id.clone(),
            since: from.since,
            until: rise.from_until.map(Instant),
            warned: rise.from_warned_at.map(Instant),
        }
    } else {
        risen_to(programme, tier, rise)
    };
    Some(Change {
        from: from.clone(),
        to,
        cause: Cause::Return,
        measured,
        receipt: rise.receipt_id,
        at: now,
    })
}

/// What is left still lifts, from the day of the rise.
fn risen_to(programme: &Programme, tier: &Tier, rise: &ChangeRow) -> Standing {
    let since = Instant(rise.at);
    Standing {
        tier: tier.id.clone(),
        since,
        until: Some(period_end(programme, since)),
        warned: None,
    }
}

/// What a review did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reviewed {
    /// Nothing, or only worked out an end.
    Nothing,
    /// The tier holds for another period.
    Renewed,
    /// The member was told what is missing.
    Warned,
    /// The member fell.
    Lowered,
}

/// Reviews a member's tier at `night`; a notice is made at `told`. A second review of the same night does nothing.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn review(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    night: Instant,
    told: Instant,
) -> Result<Reviewed, Error> {
    let programme = &rules.programme;
    ledger::lock_account(tx, member).await?;
    let from = tiers::standing(tx, member).await?;
    let since = from.counted_since(programme, night);
    let measured = counted(tx, member, rules, since).await?;
    let (decided, reviewed) = decide(rules, &from, measured, night, told);
    match decided {
        Decided::Stands(to) => tiers::stand(tx, member, &to),
        Decided::Warned { to, missing } => {
            tiers::stand(tx, member, &to);
            tell(tx, rules, member, &to, missing, told).await?;
        }
        Decided::Changed(decided) => change(tx, rules, member, &decided),
    }
    Ok(reviewed)
}

/// What a review decided.
pub(super) enum Decided {
    /// Nothing that the history tells.
    Stands(Standing),
    /// The member is to be told what is missing.
    Warned {
        /// In grace.
        to: Standing,
        /// In the unit of the measure.
        missing: i64,
    },
    /// A line of the history.
    Changed(Change),
}

/// Decides a review at `night` of a member who stands at `from` and of whom `measured` was counted.
pub(super) fn decide(
    rules: &Rules,
    from: &Standing,
    measured: i64,
    night: Instant,
    told: Instant,
) -> (Decided, Reviewed) {
    let programme = &rules.programme;
    let mut to = from.clone();
    let (cause, reviewed) = match rules_of::review(programme, from, measured, night, told) {
        Verdict::Holds => {
            to.until = from.ends(programme);
            return (Decided::Stands(to), Reviewed::Nothing);
        }
        Verdict::Warned { missing, until } => {
            to.until = Some(until);
            to.warned = Some(night);
            return (Decided::Warned { to, missing }, Reviewed::Warned);
        }
        Verdict::Renewed { until } => {
            to.until = Some(until);
            to.warned = None;
            if programme.tier_rules.downgrade == Downgrade::None {
                // Where nobody falls, a period that ends is no event.
                return (Decided::Stands(to), Reviewed::Renewed);
            }
            (Cause::Renewal, Reviewed::Renewed)
        }
        Verdict::Lowered { to: tier, until } => {
            to = Standing {
                tier: tier.id.clone(),
                since: night,
                until,
                warned: None,
            };
            (Cause::Downgrade, Reviewed::Lowered)
        }
    };
    let decided = Change {
        from: from.clone(),
        to,
        cause,
        measured,
        receipt: None,
        at: night,
    };
    (Decided::Changed(decided), reviewed)
}

/// Sends the notice that a tier will be lost. It is a service message: no consent is asked for.
async fn tell(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    standing: &Standing,
    missing: i64,
    now: Instant,
) -> Result<(), Error> {
    let row = members::by_id(tx, member).await?;
    let (Some(phone), Some(until)) = (row.phone, standing.until) else {
        return Ok(());
    };
    let programme = &rules.programme;
    let message = Message::TierEnding {
        tier: programme.held_tier(&standing.tier).name.clone(),
        measure: programme.tier_rules.measure,
        missing,
        currency: programme.currency.clone(),
        until,
        time_zone: programme.time_zone,
    };
    send_sms(tx, &phone, &row.language, &message, now).await
}
