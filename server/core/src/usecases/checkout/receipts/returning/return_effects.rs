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
use crate::usecases::checkout::receipts::judging::receipt_lot_dates;
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
    evaluated: &EvaluatedReturn,
    effect: &mut ReturnEffect,
) -> Result<(), Error> {
    if evaluated.sale.member_id.is_none() {
        return Ok(());
    }
    for used in evaluated.lost_offers() {
        effect.offers_lost.push(used.offer.clone());
        let Some(gift) = &used.gift else { continue };
        match gifts::handed_over(tx, evaluated.sale.id, &used.offer).await? {
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
    evaluated: &EvaluatedReturn,
    member: MemberId,
    receipt: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let posting = LedgerPosting {
        receipt: Some(receipt),
        ..LedgerPosting::new(member, &evaluated.rules, now)
    };
    let movement = &evaluated.movement;
    posting.restore_points(tx, &movement.restored).await?;
    restore_paid_debt(tx, &posting, evaluated).await?;
    let reason = EntryReason::Spend {
        points: evaluated.effect.spent,
        money: (evaluated.after.paid_by_points - evaluated.before.paid_by_points).or_zero(),
        total: evaluated.after.total - evaluated.after.discount,
    };
    let spent = pull_back_forwarded(tx, &posting, evaluated, &movement.spent).await?;
    posting
        .take_back(tx, EntryKind::Spend, &spent, reason)
        .await?;
    let reason = evaluated.return_reason(movement.taken.from_lots());
    let taken = pull_back_forwarded(tx, &posting, evaluated, &movement.taken).await?;
    posting
        .take_back(tx, EntryKind::Return, &taken, reason)
        .await?;
    credit_recalculated_points(tx, &posting, evaluated).await?;
    posting.settle_debt(tx).await?;
    if evaluated.joined.0.is_some() {
        points_forwarding::forward_points(tx, &posting).await?;
    }
    // What is the person's goes where the account was joined to.
    let person = evaluated.joined.0.unwrap_or(member);
    give_offers_back(tx, evaluated, member, person, now).await?;
    tiers::after_return(service, tx, person, evaluated.sale.id, now).await
}

/// Pulls back the points that had been forwarded to another account, and returns what is taken.
async fn pull_back_forwarded(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    evaluated: &EvaluatedReturn,
    taken: &TakeBackSources,
) -> Result<TakeBackSources, Error> {
    let (end, lots) = &evaluated.joined;
    points_forwarding::pull_points_back(tx, *end, posting, lots, taken).await
}

/// Points that had paid as a debt return to the debt; where that is settled by now, as a lot of their own.
async fn restore_paid_debt(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    evaluated: &EvaluatedReturn,
) -> Result<(), Error> {
    let rules = &evaluated.rules.programme;
    let expires = Some(lot_grace(&rules.points, posting.at, rules.time_zone));
    posting
        .give_back_to_debt_first(tx, evaluated.movement.forgiven, expires)
        .await
}

/// Gives the points that the remaining lines earn alone beyond what they earned before, as of the day of the sale.
async fn credit_recalculated_points(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    evaluated: &EvaluatedReturn,
) -> Result<(), Error> {
    let points = evaluated.movement.given;
    let (activates, expires) = receipt_lot_dates(&evaluated.rules, evaluated.sale.at);
    let lot = NewPointsLot {
        points,
        activates,
        expires,
        sale: Some(evaluated.sale.id),
    };
    let reason = evaluated.return_reason(points);
    posting
        .bring_in(tx, EntryKind::Return, lot, &[(points, reason)])
        .await
}

async fn give_offers_back(
    tx: &mut Tx,
    evaluated: &EvaluatedReturn,
    member: MemberId,
    person: MemberId,
    now: Instant,
) -> Result<(), Error> {
    let sale = evaluated.sale.id;
    for used in evaluated.lost_offers() {
        offers::give_use_back(tx, sale, &used.offer).await?;
        offers::withdraw(tx, sale, &used.offer);
        let offer = evaluated.rules.programme.offer(&used.offer);
        // What a tap had switched on is on again: it was not used.
        if offer.is_some_and(|offer| offer.activation == OfferActivation::Tap) {
            offers::activate(tx, person, &used.offer, now);
        }
    }
    for used in &evaluated.after.offers_used {
        let offer = used.offer.as_str();
        if is_offer_used(&evaluated.before.offers_used, offer) {
            offers::change_use(tx, sale, offer, used.points, used.discount).await?;
        } else {
            let at = evaluated.sale.at;
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
