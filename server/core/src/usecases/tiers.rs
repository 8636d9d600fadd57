//! Tiers of members: up at once, down after a notice and a grace, back after a return. Every change is a line of the
//! history, written by [`change`] together with the account.

mod fall;
mod view;

pub use fall::after_return;
pub use fall::{Purchases, fallen};
pub use view::{NextTier, TierNotice, TierView, tier_of};

use super::Error;
use super::facts::MemberSnapshot;
use super::outbox::{Message, send_sms};
use crate::domain::amounts::{Money, Points};
use crate::domain::programme::{Downgrade, Programme, TierMeasure};
use crate::domain::tiers::{self as rules_of, Cause, Standing, Verdict, period_end, upgraded};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};
use crate::service::{Kopilka, Rules};
use crate::store::tiers::{ChangeRow, CountedSums};
use crate::store::{Tx, ledger, members, tiers};

/// A change about to be stored.
pub struct Change {
    /// Status of the tier until now.
    pub from: Standing,
    /// Status of the tier from now on.
    pub to: Standing,
    /// Cause of the change.
    pub cause: Cause,
    /// Sum that counted for it, in the unit of the programme's measure.
    pub measured: i64,
    /// Receipt that caused it; `None` = none did.
    pub receipt: Option<ReceiptId>,
    /// Time of the change.
    pub at: Instant,
}

impl Change {
    /// The same, caused by this receipt.
    pub fn because_of(self, receipt: ReceiptId) -> Self {
        Self {
            receipt: Some(receipt),
            ..self
        }
    }

    /// The line of the history.
    pub fn row(&self, id: RowId, rules: &Rules) -> ChangeRow {
        let ends = self.from.ends(&rules.programme);
        ChangeRow {
            id,
            from_tier: self.from.tier.clone(),
            to_tier: self.to.tier.clone(),
            cause: self.cause,
            measured: self.measured,
            programme_version: rules.version,
            receipt_id: self.receipt,
            from_until: ends,
            from_warned_at: self.from.warned,
            at: self.at,
        }
    }
}

fn change(tx: &mut Tx, rules: &Rules, member: MemberId, change: &Change) {
    let row = change.row(RowId::new(), rules);
    tiers::add_change(tx, member, &row);
    tiers::stand(tx, member, &change.to);
}

/// Returns what counts for tiers since `since`, in the unit of the programme's measure.
///
/// # Errors
/// [`Error::Fault`].
pub async fn counted(
    tx: &mut Tx,
    member: MemberId,
    rules: &Rules,
    since: Instant,
) -> Result<i64, Error> {
    let CountedSums { money, points } = tiers::kept_since(tx, member, since).await?;
    Ok(in_measure(&rules.programme, money, points))
}

/// Returns money or points, whichever counts for tiers, in the unit of the programme's measure.
pub(super) const fn in_measure(programme: &Programme, money: Money, points: Points) -> i64 {
    match programme.tier_rules.measure {
        TierMeasure::Spent => money.0,
        TierMeasure::Earned => points.0,
    }
}

/// Returns what counts for the member's tier at `at`, in the unit of the programme's measure.
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

/// Rules that decide a member's level now, which are not always those that a late sale is judged by, and what counts by them
/// without the receipt in question.
#[derive(Debug, Clone)]
pub(super) struct Ladder {
    /// Rules in force now.
    pub rules: Rules,
    /// Sum that counts, in the unit of their measure.
    pub counted: i64,
}

impl Ladder {
    /// Makes the ladder of a member of whom this is known by `rules`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn of(
        k: &Kopilka,
        tx: &mut Tx,
        rules: &Rules,
        known: &MemberSnapshot,
        now: Instant,
    ) -> Result<Self, Error> {
        let (rules, counted) = if known.todays_version == Some(rules.version) {
            let CountedSums { money, points } = known.counted;
            (rules.clone(), in_measure(&rules.programme, money, points))
        } else {
            let rules = k.rules(tx).await?;
            let counted = measured(tx, known.person, &rules, now).await?;
            (rules, counted)
        };
        Ok(Self { rules, counted })
    }

    /// Returns what counts with a receipt of this time, of which so much is left and so many points came.
    pub fn with(&self, at: Instant, kept: Money, points: Points, now: Instant) -> i64 {
        let programme = &self.rules.programme;
        if at < rules_of::window_start(programme, now) {
            return self.counted;
        }
        self.counted
            .saturating_add(in_measure(programme, kept, points))
    }
}

/// Moves a member who stands at `from` up at once when `receipt` has brought what counts to `measured`. Whoever calls it
/// keeps the account to themselves ([`ledger::lock_account`]) since before that was read.
pub(super) fn lift(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    from: &Standing,
    measured: i64,
    receipt: ReceiptId,
    now: Instant,
) {
    if let Some(lifted) = lifted(rules, from, measured, receipt, now) {
        change(tx, rules, member, &lifted);
    }
}

/// The rise of a member who stands at `from`, when `receipt` has brought the measure to `measured`.
pub fn lifted(
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

/// Moves a member from one standing to another, with a line of the history where the tier changes.
pub(super) fn set_level(tx: &mut Tx, rules: &Rules, member: MemberId, moved: &Change) {
    if moved.from.tier == moved.to.tier {
        tiers::stand(tx, member, &moved.to);
    } else {
        change(tx, rules, member, moved);
    }
}

/// Moves a member up where what counts reaches a higher tier, though no receipt has just come.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn lift_without_receipt(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    measured: i64,
    now: Instant,
) -> Result<(), Error> {
    let from = tiers::standing(tx, member).await?;
    if let Some(tier) = upgraded(&rules.programme, &from.tier, measured) {
        let to = Standing {
            tier: tier.id.clone(),
            since: now,
            until: Some(period_end(&rules.programme, now)),
            warned: None,
        };
        let moved = Change {
            from,
            to,
            cause: Cause::Upgrade,
            measured,
            receipt: None,
            at: now,
        };
        set_level(tx, rules, member, &moved);
    }
    Ok(())
}

/// Result of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reviewed {
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

/// Decision of a review.
pub enum Decided {
    /// Nothing that the history tells.
    Stands(Standing),
    /// The member is to be told what is missing.
    Warned {
        /// Status of the tier, in grace.
        to: Standing,
        /// Amount that is missing, in the unit of the measure.
        missing: i64,
    },
    /// A line of the history.
    Changed(Change),
}

/// Decides a review at `night` of a member who stands at `from` and of whom `measured` was counted.
pub fn decide(
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
