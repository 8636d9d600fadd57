//! Tiers of members: up at once, down after a notice and a grace, back after a return. Every change is a line of the
//! history, written by [`change`] together with the account.

mod view;

pub use view::{NextTier, TierNotice, TierView, tier_of};

use super::Error;
use super::outbox::{Message, send_sms};
use crate::domain::programme::{Downgrade, TierMeasure};
use crate::domain::tiers::{self as rules_of, Standing, Verdict, period_end, upgraded};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};
use crate::service::Rules;
use crate::store::tiers::ChangeRow;
use crate::store::{Tx, ledger, members, receipts, tiers};

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
    /// The sale that had lifted the member was returned.
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
struct Change {
    from: Standing,
    to: Standing,
    cause: Cause,
    measured: i64,
    receipt: Option<ReceiptId>,
    at: Instant,
}

async fn change(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    change: &Change,
) -> Result<(), Error> {
    let ends = change.from.ends(&rules.programme);
    let row = ChangeRow {
        id: RowId::new(),
        from_tier: change.from.tier.clone(),
        to_tier: change.to.tier.clone(),
        cause: change.cause.as_str().to_owned(),
        measured: change.measured,
        programme_version: rules.version,
        receipt_id: change.receipt,
        from_until: ends.map(|ends| ends.0),
        from_warned_at: change.from.warned.map(|warned| warned.0),
        at: change.at.0,
    };
    tiers::add_change(tx, member, &row).await?;
    tiers::stand(tx, member, &change.to).await?;
    Ok(())
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
    let (money, points) = receipts::kept_since(tx, member, since).await?;
    Ok(match rules.programme.tier_rules.measure {
        TierMeasure::Spent => money.0,
        TierMeasure::Earned => points.0,
    })
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

/// Moves a member up at once when `receipt` has passed a threshold. Whoever calls it keeps the account to themselves
/// ([`ledger::lock_account`], or a balance moved in the same transaction).
///
/// # Errors
/// [`Error::Fault`].
pub async fn lift(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    receipt: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let from = tiers::standing(tx, member).await?;
    let measured = measured(tx, member, rules, now).await?;
    let Some(tier) = upgraded(&rules.programme, &from.tier, measured) else {
        return Ok(());
    };
    let lifted = Change {
        to: Standing {
            tier: tier.id.clone(),
            since: now,
            until: Some(period_end(&rules.programme, now)),
            warned: None,
        },
        from,
        cause: Cause::Upgrade,
        measured,
        receipt: Some(receipt),
        at: now,
    };
    change(tx, rules, member, &lifted).await
}

/// Takes back what a returned sale had lifted: where `sale` caused a rise that nothing has confirmed since (no renewal,
/// no fall), and what remains no longer reaches the present tier, the member goes back to what the measure gives, but
/// not under the tier they had before that sale. That one comes back as it was: its period, and its grace.
///
/// To be called after the return is stored, so that the measure no longer counts it.
///
/// # Errors
/// [`Error::Fault`].
pub async fn after_return(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    sale: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let rise = tiers::changes(tx, member, LOOK_BACK)
        .await?
        .into_iter()
        .take_while(|row| {
            row.cause == Cause::Upgrade.as_str() || row.cause == Cause::Return.as_str()
        })
        .find(|row| row.cause == Cause::Upgrade.as_str() && row.receipt_id == Some(sale));
    let Some(rise) = rise else {
        return Ok(());
    };
    let programme = &rules.programme;
    let from = tiers::standing(tx, member).await?;
    let measured = measured(tx, member, rules, now).await?;
    let Some(tier) = rules_of::after_return(programme, &rise.from_tier, &from.tier, measured)
    else {
        return Ok(());
    };
    let to = if tier.id == programme.tier(&rise.from_tier).id {
        Standing {
            tier: tier.id.clone(),
            since: from.since,
            until: rise.from_until.map(Instant),
            warned: rise.from_warned_at.map(Instant),
        }
    } else {
        // What is left of the sale still lifts, from the day it did.
        let until = period_end(programme, Instant(rise.at));
        Standing {
            tier: tier.id.clone(),
            since: Instant(rise.at),
            until: Some(until),
            warned: None,
        }
    };
    let back = Change {
        from,
        to,
        cause: Cause::Return,
        measured,
        receipt: Some(sale),
        at: now,
    };
    change(tx, rules, member, &back).await
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
    let mut to = from.clone();
    let (cause, reviewed) = match rules_of::review(programme, &from, measured, night, told) {
        Verdict::Holds => {
            to.until = from.ends(programme);
            tiers::stand(tx, member, &to).await?;
            return Ok(Reviewed::Nothing);
        }
        Verdict::Warned { missing, until } => {
            to.until = Some(until);
            to.warned = Some(night);
            tiers::stand(tx, member, &to).await?;
            tell(tx, rules, member, &to, missing, told).await?;
            return Ok(Reviewed::Warned);
        }
        Verdict::Renewed { until } => {
            to.until = Some(until);
            to.warned = None;
            if programme.tier_rules.downgrade == Downgrade::None {
                // Where nobody falls, a period that ends is no event.
                tiers::stand(tx, member, &to).await?;
                return Ok(Reviewed::Renewed);
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
        from,
        to,
        cause,
        measured,
        receipt: None,
        at: night,
    };
    change(tx, rules, member, &decided).await?;
    Ok(reviewed)
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
        tier: programme.tier(&standing.tier).name.clone(),
        measure: programme.tier_rules.measure,
        missing,
        currency: programme.currency.clone(),
        until,
        time_zone: programme.time_zone,
    };
    send_sms(tx, &phone, &row.language, &message, now).await
}
