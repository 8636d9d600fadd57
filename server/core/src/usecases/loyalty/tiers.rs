//! Tiers of members: up at once, down after a notice and a grace, back after a return. Every change is a line of the
//! history, written by [`store_tier_change`] together with the account.

mod tier_fall;
mod tier_view;

pub use tier_fall::{QualifyingPurchases, after_return, find_fall};
pub(crate) use tier_view::show_tier_of_snapshot;
pub use tier_view::{MemberTierView, NextTierTarget, TierLossNotice, load_member_tier};

use crate::domain::amounts::{Money, Points};
use crate::domain::programme::{Programme, TierDowngrade, TierMeasure};
use crate::domain::tiers::{
    self as rules_of, TierChangeCause, TierReviewVerdict, TierStatus, period_end, upgraded,
};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::tiers::{CountedSaleSums, TierChangeRow};
use crate::store::{Tx, ledger, members, tiers};
use crate::usecases::Error;
use crate::usecases::loyalty::member_snapshot::MemberSnapshot;
use crate::usecases::messages::outbox::{MessageContent, send_sms};

/// A change about to be stored.
pub struct TierChange {
    /// Status of the tier until now.
    pub from: TierStatus,
    /// Status of the tier from now on.
    pub to: TierStatus,
    /// Cause of the change.
    pub cause: TierChangeCause,
    /// Sum that counted for it, in the unit of the programme's measure.
    pub measured: i64,
    /// Receipt that caused it; `None` = none did.
    pub receipt: Option<ReceiptId>,
    /// Time of the change.
    pub at: Instant,
}

impl TierChange {
    /// The same, caused by this receipt.
    pub fn because_of(self, receipt: ReceiptId) -> Self {
        Self {
            receipt: Some(receipt),
            ..self
        }
    }

    /// The line of the history.
    pub fn history_row(&self, id: RowId, rules: &ProgrammeRules) -> TierChangeRow {
        let ends = self.from.ends_at(&rules.programme);
        TierChangeRow {
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

fn store_tier_change(tx: &mut Tx, rules: &ProgrammeRules, member: MemberId, change: &TierChange) {
    let row = change.history_row(RowId::new(), rules);
    tiers::add_change(tx, member, &row);
    tiers::set_tier_status(tx, member, &change.to);
}

/// Returns what counts for tiers since `since`, in the unit of the programme's measure.
///
/// # Errors
/// [`Error::Fault`].
pub async fn count_since(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    since: Instant,
) -> Result<i64, Error> {
    let CountedSaleSums { money, points } = tiers::sum_counted_since(tx, member, since).await?;
    Ok(in_measure(&rules.programme, money, points))
}

/// Returns money or points, whichever counts for tiers, in the unit of the programme's measure.
pub(crate) const fn in_measure(programme: &Programme, money: Money, points: Points) -> i64 {
    match programme.tier_rules.measure {
        TierMeasure::Spent => money.0,
        TierMeasure::Earned => points.0,
    }
}

/// Returns what counts for the member's tier at `at`, in the unit of the programme's measure.
///
/// # Errors
/// [`Error::Fault`].
pub async fn measure_member(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
    at: Instant,
) -> Result<i64, Error> {
    count_since(
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
pub(crate) struct CurrentTierRules {
    /// Rules in force now.
    pub rules: ProgrammeRules,
    /// Sum that counts, in the unit of their measure.
    pub counted: i64,
}

impl CurrentTierRules {
    /// Loads the rules in force and what counts by them for a member of whom this is known by `rules`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn load_current(
        service: &Kopilka,
        tx: &mut Tx,
        rules: &ProgrammeRules,
        snapshot: &MemberSnapshot,
        now: Instant,
    ) -> Result<Self, Error> {
        let (rules, counted) = if snapshot.todays_version == Some(rules.version) {
            let CountedSaleSums { money, points } = snapshot.counted;
            (rules.clone(), in_measure(&rules.programme, money, points))
        } else {
            let rules = service.current_rules(tx).await?;
            let counted = measure_member(tx, snapshot.person, &rules, now).await?;
            (rules, counted)
        };
        Ok(Self { rules, counted })
    }

    /// Returns what counts with a receipt of this time, of which so much is left and so many points came.
    pub fn measure_with_receipt(
        &self,
        at: Instant,
        kept: Money,
        points: Points,
        now: Instant,
    ) -> i64 {
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
pub(crate) fn raise_tier(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    from: &TierStatus,
    measured: i64,
    receipt: ReceiptId,
    now: Instant,
) {
    if let Some(lifted) = find_rise(rules, from, measured, receipt, now) {
        store_tier_change(tx, rules, member, &lifted);
    }
}

/// The rise of a member who stands at `from`, when `receipt` has brought the measure to `measured`.
pub fn find_rise(
    rules: &ProgrammeRules,
    from: &TierStatus,
    measured: i64,
    receipt: ReceiptId,
    now: Instant,
) -> Option<TierChange> {
    let tier = upgraded(&rules.programme, &from.tier, measured)?;
    Some(TierChange {
        to: TierStatus {
            tier: tier.id.clone(),
            since: now,
            until: Some(period_end(&rules.programme, now)),
            warned: None,
        },
        from: from.clone(),
        cause: TierChangeCause::Upgrade,
        measured,
        receipt: Some(receipt),
        at: now,
    })
}

/// Moves a member from one standing to another, with a line of the history where the tier changes.
pub(crate) fn apply_tier_change(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    moved: &TierChange,
) {
    if moved.from.tier == moved.to.tier {
        tiers::set_tier_status(tx, member, &moved.to);
    } else {
        store_tier_change(tx, rules, member, moved);
    }
}

/// Moves a member up where what counts reaches a higher tier, though no receipt has just come.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn raise_without_receipt(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    measured: i64,
    now: Instant,
) -> Result<(), Error> {
    let from = tiers::load_tier_status(tx, member).await?;
    if let Some(tier) = upgraded(&rules.programme, &from.tier, measured) {
        let to = TierStatus {
            tier: tier.id.clone(),
            since: now,
            until: Some(period_end(&rules.programme, now)),
            warned: None,
        };
        let moved = TierChange {
            from,
            to,
            cause: TierChangeCause::Upgrade,
            measured,
            receipt: None,
            at: now,
        };
        apply_tier_change(tx, rules, member, &moved);
    }
    Ok(())
}

/// Result of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TierReviewOutcome {
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
pub(crate) async fn review_member(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    night: Instant,
    told: Instant,
) -> Result<TierReviewOutcome, Error> {
    let programme = &rules.programme;
    ledger::lock_account(tx, member).await?;
    let from = tiers::load_tier_status(tx, member).await?;
    let since = from.counted_since(programme, night);
    let measured = count_since(tx, member, rules, since).await?;
    let (decided, reviewed) = decide_review(rules, &from, measured, night, told);
    match decided {
        TierReviewDecision::Stands(to) => tiers::set_tier_status(tx, member, &to),
        TierReviewDecision::Warned { to, missing } => {
            tiers::set_tier_status(tx, member, &to);
            send_tier_notice(tx, rules, member, &to, missing, told).await?;
        }
        TierReviewDecision::Changed(decided) => store_tier_change(tx, rules, member, &decided),
    }
    Ok(reviewed)
}

/// Decision of a review.
pub enum TierReviewDecision {
    /// Nothing that the history tells.
    Stands(TierStatus),
    /// The member is to be told what is missing.
    Warned {
        /// Status of the tier, in grace.
        to: TierStatus,
        /// Amount that is missing, in the unit of the measure.
        missing: i64,
    },
    /// A line of the history.
    Changed(TierChange),
}

/// Decides a review at `night` of a member who stands at `from` and of whom `measured` was counted.
pub fn decide_review(
    rules: &ProgrammeRules,
    from: &TierStatus,
    measured: i64,
    night: Instant,
    told: Instant,
) -> (TierReviewDecision, TierReviewOutcome) {
    let programme = &rules.programme;
    let mut to = from.clone();
    let (cause, reviewed) = match rules_of::review(programme, from, measured, night, told) {
        TierReviewVerdict::Holds => {
            to.until = from.ends_at(programme);
            return (TierReviewDecision::Stands(to), TierReviewOutcome::Nothing);
        }
        TierReviewVerdict::Warned { missing, until } => {
            to.until = Some(until);
            to.warned = Some(night);
            return (
                TierReviewDecision::Warned { to, missing },
                TierReviewOutcome::Warned,
            );
        }
        TierReviewVerdict::Renewed { until } => {
            to.until = Some(until);
            to.warned = None;
            if programme.tier_rules.downgrade == TierDowngrade::None {
                // Where nobody falls, a period that ends is no event.
                return (TierReviewDecision::Stands(to), TierReviewOutcome::Renewed);
            }
            (TierChangeCause::Renewal, TierReviewOutcome::Renewed)
        }
        TierReviewVerdict::Lowered { to: tier, until } => {
            to = TierStatus {
                tier: tier.id.clone(),
                since: night,
                until,
                warned: None,
            };
            (TierChangeCause::Downgrade, TierReviewOutcome::Lowered)
        }
    };
    let decided = TierChange {
        from: from.clone(),
        to,
        cause,
        measured,
        receipt: None,
        at: night,
    };
    (TierReviewDecision::Changed(decided), reviewed)
}

/// Sends the notice that a tier will be lost. It is a service message: no consent is asked for.
async fn send_tier_notice(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    member: MemberId,
    standing: &TierStatus,
    missing: i64,
    now: Instant,
) -> Result<(), Error> {
    let row = members::load_member(tx, member).await?;
    let (Some(phone), Some(until)) = (row.phone, standing.until) else {
        return Ok(());
    };
    let programme = &rules.programme;
    let message = MessageContent::TierEnding {
        tier: programme.held_tier(&standing.tier).name.clone(),
        measure: programme.tier_rules.measure,
        missing,
        currency: programme.currency.clone(),
        until,
        time_zone: programme.time_zone,
    };
    send_sms(tx, &phone, &row.language, &message, now).await
}
