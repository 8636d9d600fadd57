//! Effects of a stored sale on its member: spends, earns, uses offers, promises gifts and lifts the tier.

use super::judging::EvaluatedSale;
use super::judging::receipt_lot_dates;
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::Evaluation;
use crate::domain::ledger::EntryKind;
use crate::domain::offers::OfferUses;
use crate::domain::reason::EntryReason;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::ProgrammeRules;
use crate::store::offers::NewOfferUse;
use crate::store::{Tx, confirmations, offers};
use crate::usecases::checkout::scanned_cards::PresentedCard;
use crate::usecases::loyalty::member_snapshot::MemberSnapshot;
use crate::usecases::loyalty::posting::{LedgerPosting, NewPointsLot};
use crate::usecases::loyalty::tiers::CurrentTierRules;
use crate::usecases::loyalty::{points_forwarding, tiers};
use crate::usecases::{Error, Refusal};

/// Level of a member once a sale is stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct LevelAfterSale<'a> {
    /// Rules that decide the level.
    pub tier_rules: &'a CurrentTierRules,
    /// Sum that counts for it.
    pub counted: i64,
}

/// A sale as it comes to its member.
pub(super) struct MemberSale<'a> {
    /// Its receipt.
    pub receipt: ReceiptId,
    /// Time of the purchase.
    pub at: Instant,
    /// Result of the judgement.
    pub evaluation: &'a Evaluation,
    /// Member as the sale was judged by.
    pub snapshot: &'a MemberSnapshot,
    /// Level of the member once it is stored.
    pub level: LevelAfterSale<'a>,
}

/// Does all that a sale does to its member. Where that account was joined to another, which one the points went on to.
pub(super) async fn apply_sale(
    tx: &mut Tx,
    judged: &EvaluatedSale,
    card: &PresentedCard,
    sale: &MemberSale<'_>,
) -> Result<Option<MemberId>, Error> {
    let evaluation = sale.evaluation;
    let posting = LedgerPosting {
        receipt: Some(sale.receipt),
        ..LedgerPosting::new(card.member, &judged.rules, judged.now)
    };
    if sale.snapshot.due {
        posting.catch_up(tx).await?;
    }
    if evaluation.spent > Points(0) {
        if let Some(confirmed) = &judged.confirmed
            && !confirmations::use_up(tx, confirmed.id, sale.receipt).await?
        {
            return Err(Refusal::CannotSpend.into());
        }
        let reason = EntryReason::Spend {
            points: evaluation.spent,
            money: evaluation.paid_by_points,
            total: Money(evaluation.total.0 - evaluation.discount.0),
        };
        posting.spend_points(tx, evaluation.spent, reason).await?;
    }
    apply_earnings(tx, &posting, sale).await
}

/// Brings in what a sale of this time gives its member: points with their reasons, offers used, gifts promised, and the level
/// that they reach with it. The account that the points went on to, where the member's was joined to one.
pub(super) async fn apply_earnings(
    tx: &mut Tx,
    posting: &LedgerPosting<'_>,
    sale: &MemberSale<'_>,
) -> Result<Option<MemberId>, Error> {
    let (member, rules, now) = (posting.member, posting.rules, posting.at);
    let MemberSale {
        receipt,
        at,
        evaluation,
        snapshot,
        level: LevelAfterSale {
            tier_rules,
            counted,
        },
    } = *sale;
    let person = snapshot.person;
    let reasons: Vec<(Points, EntryReason)> = evaluation
        .reasons
        .iter()
        .map(|part| (part.points, part.reason.clone()))
        .collect();
    let (activates, expires) = receipt_lot_dates(rules, at);
    let lot = NewPointsLot {
        points: evaluation.earned,
        activates,
        expires,
        sale: Some(receipt),
    };
    if snapshot.debt.is_positive() {
        posting.bring_in(tx, EntryKind::Earn, lot, &reasons).await?;
    } else {
        posting.bring_in_free(tx, EntryKind::Earn, lot, &reasons)?;
    }
    let gone_on = if snapshot.joined {
        points_forwarding::forward_points(tx, posting).await?
    } else {
        None
    };
    let uses = evaluation.offers_used.iter().map(|used| NewOfferUse {
        offer: &used.offer,
        points: used.points,
        money: used.discount,
    });
    let uses: Vec<NewOfferUse<'_>> = uses.collect();
    offers::use_offers(tx, receipt, member, at, &uses);
    for used in &evaluation.offers_used {
        let offer = used.offer.as_str();
        // A tapped offer is used up by its receipt: the next one takes another tap.
        if snapshot.facts.activated.contains(offer) {
            offers::deactivate(tx, member, offer);
            if person != member {
                offers::deactivate(tx, person, offer);
            }
        }
        if let Some(gift) = &used.gift {
            offers::grant_gift(tx, person, offer, gift, receipt, now);
        }
    }
    let from = &snapshot.standing;
    tiers::raise_tier(tx, &tier_rules.rules, person, from, counted, receipt, now);
    reserve_offer_limits(tx, rules, &uses).await?;
    offers::add_to_totals(tx, &uses);
    Ok(gone_on)
}

/// Makes sure that offers may give so much to everyone together, and that nobody else takes of it before the transaction
/// ends. Everybody waits here for everybody, so it comes last; what was judged by is seldom gone by then.
///
/// # Errors
/// [`Error::Busy`] where others have taken what was left: judged again, the receipt goes without.
async fn reserve_offer_limits(
    tx: &mut Tx,
    rules: &ProgrammeRules,
    uses: &[NewOfferUse<'_>],
) -> Result<(), Error> {
    let offer = |id: &str| rules.programme.offer(id).filter(|offer| offer.is_limited());
    let limited: Vec<&str> = uses
        .iter()
        .map(|used| used.offer)
        .filter(|id| offer(id).is_some())
        .collect();
    // Who writes alone has judged by what is still true.
    if limited.is_empty() || !tx.has_concurrent_writers() {
        return Ok(());
    }
    for total in offers::lock_totals(tx, &limited).await? {
        let before = OfferUses {
            in_all: total.uses,
            points: total.points,
            money: total.money,
            ..OfferUses::default()
        };
        let used = uses.iter().find(|used| used.offer == total.offer);
        if let (Some(used), Some(offer)) = (used, offer(&total.offer))
            && !offer.may_give(&before, used.points, used.money)
        {
            return Err(Error::Busy);
        }
    }
    Ok(())
}
