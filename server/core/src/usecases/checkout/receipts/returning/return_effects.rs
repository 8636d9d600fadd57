//! Effects of a return on the member: points, offers, gifts, tier.

use super::{EvaluatedReturn, ReturnEffect};
use crate::domain::amounts::Points;
use crate::domain::evaluate::UsedOffer;
use crate::domain::ledger::{EntryKind, TakeBackSources, lot_grace};
use crate::domain::offers::OfferActivation;
use crate::domain::reason::{EntryReason, RecalculatedEarnings};
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::Kopilka;
use crate::store::offers::NewOfferUse;
use crate::store::{Tx, gifts, offers};
use crate::usecases::Error;
use crate::usecases::checkout::receipts::judging::lot_dates;
use crate::usecases::loyalty::posting::{LedgerPosting, NewPointsLot};
use crate::usecases::loyalty::{points_forwarding, tiers};

impl EvaluatedReturn {
    /// Returns the reason for which so many points moved.
    fn return_reason(&self, points: Points) -> EntryReason {
        let (before, after) = (self.before.earned, self.after.earned);
        let of = Some(RecalculatedEarnings { before, after });
        EntryReason::Returned { points, of }
    }

    /// Offers that the sale used and no longer does.
    fn lost_offers(&self) -> impl Iterator<Item = &UsedOffer> {
        self.before
            .offers_used
            .iter()
            .filter(|used| !is_offer_used(&self.after.offers_used, &used.offer))
    }
}

fn is_offer_used(offers: &[UsedOffer], offer: &str) -> bool {
    offers.iter().any(|used| used.offer == offer)
}

/// Adds to the effect what becomes of offers and gifts.
pub(super) async fn preview_offer_effects(
    tx: &mut Tx,
    undoing: &EvaluatedReturn,
    effect: &mut ReturnEffect,
) -> Result<(), Error> {
    if undoing.sale.member_id.is_none() {
        return Ok(());
    }
    for used in undoing.lost_offers() {
        effect.offers_lost.push(used.offer.clone());
        let Some(gift) = &used.gift else { continue };
        match gifts::handed_over(tx, undoing.sale.id, &used.offer).await? {
            // Its substitute, where that was handed over.
            Some(thing) => effect.gifts_to_collect.push(thing),
            None => effect.gifts_withdrawn.push(gift.clone()),
        }
    }
    Ok(())
}

/// Moves points, gives used offers back and withdraws gifts.
pub(super) async fn apply_return(
    service: &Kopilka,
    tx: &mut Tx,
    undoing: &EvaluatedReturn,
    member: MemberId,
    receipt: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let posting = LedgerPosting {
        receipt: Some(receipt),
        ..LedgerPosting::new(member, &undoing.rules, now)
    };
    let movement = &undoing.movement;
    posting.restore_points(tx, &movement.restored).await?;
    restore_paid_debt(tx, &posting, undoing).await?;
    let reason = EntryReason::Spend {
        points: undoing.effect.spent,
        money: (undoing.after.paid_by_points - undoing.before.paid_by_points).or_zero(),
        total: undoing.after.total - undoing.after.discount,
    };
    let spent = pull_back_forwarded(tx, &posting, undoing, &movement.spent).await?;
    posting
        .take_back(tx, EntryKind::Spend, &spent, reason)
        .await?;
    let reason = undoing.return_reason(movement.taken.from_lots());
    let taken = pull_back_forwarded(tx, &posting, undoing, &movement.taken).await?;
    posting
        .take_back(tx, EntryKind::Return, &taken, reason)
        .await?;
    credit_recalculated_points(tx, &posting, undoing).await?;
    posting.settle_debt(tx).await?;
    if undoing.joined.0.is_some() {
        points_forwarding::forward_points(tx, &posting).await?;
    }
    // What is the person's goes where the account was joined to.
    let person = undoing.joined.0.unwrap_or(member);
    give_offers_back(tx, undoing, member, person, now).await?;
    tiers::after_return(service, tx, person, undoing.sale.id, now).await
}

/// Pulls back the points that had been forwarded to another account, and returns what is taken.
async fn pull_back_forwarded(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    undoing: &EvaluatedReturn,
    taken: &TakeBackSources,
) -> Result<TakeBackSources, Error> {
    let (end, lots) = &undoing.joined;
    points_forwarding::pull_points_back(tx, *end, posting, lots, taken).await
}

/// Points that had paid as a debt return to the debt; where that is settled by now, as a lot of their own.
async fn restore_paid_debt(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    undoing: &EvaluatedReturn,
) -> Result<(), Error> {
    let rules = &undoing.rules.programme;
    let expires = Some(lot_grace(&rules.points, posting.at, rules.time_zone));
    posting
        .give_back_to_debt_first(tx, undoing.movement.forgiven, expires)
        .await
}

/// Gives the points that the remaining lines earn alone beyond what they earned before, as of the day of the sale.
async fn credit_recalculated_points(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    undoing: &EvaluatedReturn,
) -> Result<(), Error> {
    let points = undoing.movement.given;
    let (activates, expires) = lot_dates(&undoing.rules, undoing.sale.at);
    let lot = NewPointsLot {
        points,
        activates,
        expires,
        sale: Some(undoing.sale.id),
    };
    let reason = undoing.return_reason(points);
    posting
        .bring_in(tx, EntryKind::Return, lot, &[(points, reason)])
        .await
}

async fn give_offers_back(
    tx: &mut Tx,
    undoing: &EvaluatedReturn,
    member: MemberId,
    person: MemberId,
    now: Instant,
) -> Result<(), Error> {
    let sale = undoing.sale.id;
    for used in undoing.lost_offers() {
        offers::give_use_back(tx, sale, &used.offer).await?;
        offers::withdraw(tx, sale, &used.offer);
        let offer = undoing.rules.programme.offer(&used.offer);
        // What a tap had switched on is on again: it was not used.
        if offer.is_some_and(|offer| offer.activation == OfferActivation::Tap) {
            offers::activate(tx, person, &used.offer, now);
        }
    }
    for used in &undoing.after.offers_used {
        let offer = used.offer.as_str();
        if is_offer_used(&undoing.before.offers_used, offer) {
            offers::change_use(tx, sale, offer, used.points, used.discount).await?;
        } else {
            let at = undoing.sale.at;
            let new = NewOfferUse {
                offer,
                points: used.points,
                money: used.discount,
            };
            offers::use_offers(tx, sale, member, at, &[new]);
            offers::add_to_totals(tx, &[new]);
            if let Some(gift) = &used.gift {
                offers::grant_gift(tx, person, offer, gift, sale, now);
            }
        }
    }
    Ok(())
}
