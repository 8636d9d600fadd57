//! Things of a person and not of one of their accounts: the level and what counts for it, uses of offers, gifts that were
//! promised. Two accounts that are merged have these together; a record says what a merge moved.

use serde::{Deserialize, Serialize};

use crate::domain::amounts::Points;
use crate::domain::programme::Programme;
use crate::domain::tiers::{TierChangeCause, TierStatus};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId};
use crate::service::ProgrammeRules;
use crate::store::merged_accounts::{self, AccountMergeRow};
use crate::store::{Tx, members, offers, tiers as stored_tiers};
use crate::usecases::Error;
use crate::usecases::loyalty::tiers::{self, TierChange};

/// Two accounts of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AccountPair {
    /// Account that is merged.
    pub from: MemberId,
    /// Account that it is merged into.
    pub to: MemberId,
}

/// Things that a merge moved. Stored as JSON, so its fields keep their names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct AccountMergeTransfer {
    /// Points that were moved.
    pub points: Points,
    /// Debt that was moved.
    pub debt: Points,
    /// Lots that were moved.
    pub lots: Vec<TransferredLot>,
    /// Accounts that had been merged into the merged one before.
    pub earlier: Vec<MemberId>,
    /// Number of gifts that were waiting to be handed over.
    pub gifts: u64,
    /// Offers that were switched on for the merged account alone.
    pub activated: Vec<String>,
    /// Times at which the profiles were rewarded before the merge (µs): of the merged account, of the other; `None` = never.
    pub rewarded: (Option<Instant>, Option<Instant>),
    /// Level of the merged account before.
    pub from_level: TierStatusSnapshot,
    /// Level of the other account before.
    pub to_level: TierStatusSnapshot,
}

/// A lot that was moved.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct TransferredLot {
    /// Lot of the merged account.
    pub from: uuid::Uuid,
    /// Lot of the other account that it became.
    pub to: uuid::Uuid,
    /// Points in it.
    pub points: Points,
}

/// A level as it stood.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct TierStatusSnapshot {
    /// Tier id.
    pub tier: String,
    /// Time from which it holds (µs).
    pub since: Instant,
    /// Time until which it holds (µs); `None` = no end.
    pub until: Option<Instant>,
    /// End of the period at which too little was counted (µs); `None` = not in grace.
    pub warned: Option<Instant>,
}

impl TierStatusSnapshot {
    fn from_standing(standing: &TierStatus) -> Self {
        Self {
            tier: standing.tier.clone(),
            since: standing.since,
            until: standing.until,
            warned: standing.warned,
        }
    }

    fn to_standing(&self) -> TierStatus {
        TierStatus {
            tier: self.tier.clone(),
            since: self.since,
            until: self.until,
            warned: self.warned,
        }
    }
}

/// Moves what belongs to the person from one account to the other; the points have been moved before. Both accounts are
/// locked.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn transfer_benefits(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    AccountPair { from, to }: AccountPair,
    things: &mut AccountMergeTransfer,
    now: Instant,
) -> Result<(), Error> {
    things.earlier = merged_accounts::merged_into(tx, from).await?;
    merged_accounts::mark_merged(tx, from, to).await?;
    things.gifts = merged_accounts::move_gifts(tx, from, to).await?;
    move_activations(tx, from, to, things, now).await?;
    share_reward(tx, from, to, things).await?;
    move_level(tx, rules, AccountPair { from, to }, things, now).await
}

/// Moves what was switched on.
async fn move_activations(
    tx: &mut Tx,
    from: MemberId,
    to: MemberId,
    things: &mut AccountMergeTransfer,
    now: Instant,
) -> Result<(), Error> {
    let there = merged_accounts::activated_offers(tx, to).await?;
    for offer in merged_accounts::activated_offers(tx, from).await? {
        offers::deactivate(tx, from, &offer);
        if !there.contains(&offer) {
            offers::activate(tx, to, &offer, now);
            things.activated.push(offer);
        }
    }
    Ok(())
}

/// Marks both profiles as rewarded where one of them was.
async fn share_reward(
    tx: &mut Tx,
    from: MemberId,
    to: MemberId,
    things: &mut AccountMergeTransfer,
) -> Result<(), Error> {
    let of_from = members::load_member(tx, from).await?.rewarded_at;
    let of_to = members::load_member(tx, to).await?.rewarded_at;
    things.rewarded = (of_from, of_to);
    let first = [of_from, of_to].into_iter().flatten().min();
    merged_accounts::set_rewarded(tx, from, of_from.or(first)).await?;
    merged_accounts::set_rewarded(tx, to, of_to.or(first)).await?;
    Ok(())
}

/// Takes back what [`share_reward`] copied. A reward that came after the merge stays known to both accounts: it was for the
/// person.
async fn give_rewards_back(
    tx: &mut Tx,
    AccountPair { from, to }: AccountPair,
    things: &AccountMergeTransfer,
) -> Result<(), Error> {
    let (of_from, of_to) = things.rewarded;
    let mut later = None;
    if of_from.or(of_to).is_none() {
        let now_from = members::load_member(tx, from).await?.rewarded_at;
        let now_to = members::load_member(tx, to).await?.rewarded_at;
        later = now_from.or(now_to);
    }
    merged_accounts::set_rewarded(tx, from, of_from.or(later)).await?;
    merged_accounts::set_rewarded(tx, to, of_to.or(later)).await?;
    Ok(())
}

/// Gives the other account the higher of the two levels, and a higher one still where both accounts together have reached it.
/// The merged account stands at the lowest.
async fn move_level(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    AccountPair { from, to }: AccountPair,
    things: &mut AccountMergeTransfer,
    now: Instant,
) -> Result<(), Error> {
    let programme = &rules.programme;
    let of_from = stored_tiers::load_tier_status(tx, from).await?;
    let of_to = stored_tiers::load_tier_status(tx, to).await?;
    (things.from_level, things.to_level) = (
        TierStatusSnapshot::from_standing(&of_from),
        TierStatusSnapshot::from_standing(&of_to),
    );
    let lowest = TierStatus {
        tier: programme.tiers.first().id.clone(),
        since: now,
        until: None,
        warned: None,
    };
    stored_tiers::set_tier_status(tx, from, &lowest);
    let measured = tiers::measure_member(tx, to, rules, now).await?;
    let moved = TierChange {
        to: better_standing(programme, &of_from, &of_to).clone(),
        from: of_to,
        cause: TierChangeCause::Upgrade,
        measured,
        receipt: None,
        at: now,
    };
    tiers::apply_tier_change(tx, rules, to, &moved);
    tiers::raise_without_receipt(tx, rules, to, measured, now).await
}

/// Returns the better of two standings: the higher tier, or the one that is promised for longer.
fn better_standing<'a>(
    programme: &Programme,
    one: &'a TierStatus,
    two: &'a TierStatus,
) -> &'a TierStatus {
    let threshold = |standing: &TierStatus| programme.held_tier(&standing.tier).threshold;
    let promise =
        |standing: &TierStatus| standing.ends_at(programme).map_or(i64::MAX, |ends| ends.0);
    if (threshold(one), promise(one)) > (threshold(two), promise(two)) {
        one
    } else {
        two
    }
}

/// Stores the record of a merge.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn record_merge(
    tx: &mut Tx,
    AccountPair { from, to }: AccountPair,
    author: StaffId,
    note: &str,
    things: &AccountMergeTransfer,
    now: Instant,
) -> Result<RowId, Error> {
    let row = AccountMergeRow {
        id: RowId::new(),
        member_id: from,
        into_id: to,
        author_id: author,
        note: note.to_owned(),
        moved: serde_json::to_string(things)?,
        merged_at: now,
        undone_at: None,
    };
    merged_accounts::insert_merge(tx, &row).await?;
    Ok(row.id)
}

/// Moves back what belongs to the person of the merged account; the points are moved back by the caller.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn transfer_benefits_back(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    AccountPair { from, to }: AccountPair,
    things: &AccountMergeTransfer,
    now: Instant,
) -> Result<(), Error> {
    merged_accounts::unmark_merged(tx, from, &things.earlier).await?;
    merged_accounts::move_gifts_back(tx, from, to).await?;
    let there = merged_accounts::activated_offers(tx, to).await?;
    for offer in things
        .activated
        .iter()
        .filter(|offer| there.contains(offer))
    {
        offers::deactivate(tx, to, offer);
        offers::activate(tx, from, offer, now);
    }
    give_rewards_back(tx, AccountPair { from, to }, things).await?;
    for (member, level) in [(from, &things.from_level), (to, &things.to_level)] {
        let is_now = stored_tiers::load_tier_status(tx, member).await?;
        let measured = tiers::measure_member(tx, member, rules, now).await?;
        let moved = TierChange {
            from: is_now,
            to: level.to_standing(),
            cause: TierChangeCause::Return,
            measured,
            receipt: None,
            at: now,
        };
        tiers::apply_tier_change(tx, rules, member, &moved);
        tiers::raise_without_receipt(tx, rules, member, measured, now).await?;
    }
    Ok(())
}
