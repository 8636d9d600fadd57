//! What a receipt costs and earns: the one place where a quote, a sale and a return are judged. The order is fixed:
//! discounts, then paying by points, then earning on what was paid in money. The sums are always those of the lines.

mod choice;
mod counted;
mod matched_lines;
mod offer_eligibility;
mod sale;

pub(crate) use self::choice::offer_order;
use self::choice::{OfferChoice, choose_offers};
pub use self::counted::CountedAmounts;
pub(super) use self::matched_lines::{earning_lines, reached_lines};
pub use self::offer_eligibility::{OfferEligibility, SingleOfferEligibility};
use self::sale::SaleEvaluator;
use super::amounts::{Money, Points};
pub use super::offers::MemberFacts;
use super::offers::UnmetCondition;
use super::programme::{LocalisedText, Programme};
use super::reason::EntryReason;
use super::receipt::Basket;

/// Points that a member has, and what the code shown lets them do on this receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemberWallet {
    /// Active points.
    pub available: Points,
    /// True if the code shown may earn.
    pub may_earn: bool,
    /// True if the code shown may spend.
    pub may_spend: bool,
}

/// Number of points that shall pay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PointsToSpend {
    /// None.
    #[default]
    None,
    /// All that may pay.
    All,
    /// Exactly this number.
    Exactly(Points),
    /// This number, or as many of them as may pay: what a sale spent, on what remains of it.
    AtMost(Points),
}

/// More points shall pay than may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyPoints {
    /// Number of points that may pay.
    pub spendable: Points,
}

/// What a line got and gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineResult {
    /// Taken off.
    pub discount: Money,
    /// Paid by points.
    pub paid_by_points: Money,
    /// Points earned.
    pub earned: Points,
}

/// Points earned for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarnReason {
    /// How many.
    pub points: Points,
    /// Why.
    pub reason: EntryReason,
}

/// An offer that a receipt used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedOffer {
    /// Its id.
    pub offer: String,
    /// Its title.
    pub title: LocalisedText,
    /// Points that it gave.
    pub points: Points,
    /// Money that it took off.
    pub discount: Money,
    /// Id of the gift that it gave.
    pub gift: Option<String>,
}

/// An offer that a receipt did not use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedOffer {
    /// Its id.
    pub offer: String,
    /// Its title.
    pub title: LocalisedText,
    /// Why not; never empty.
    pub misses: Vec<UnmetCondition>,
}

/// What a receipt costs and earns; nothing, for a receipt of which nothing remains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// By line, in the order of the receipt.
    pub lines: Vec<LineResult>,
    /// Lines before discounts.
    pub total: Money,
    /// Taken off.
    pub discount: Money,
    /// How many points may pay.
    pub spendable: Points,
    /// How many points pay.
    pub spent: Points,
    /// What they are worth.
    pub paid_by_points: Money,
    /// What is left to pay in money.
    pub to_pay: Money,
    /// Points to earn.
    pub earned: Points,
    /// Why; they add up to `earned`.
    pub reasons: Vec<EarnReason>,
    /// Offers used, highest priority first.
    pub offers_used: Vec<UsedOffer>,
    /// Offers not used, highest priority first.
    pub offers_missed: Vec<MissedOffer>,
    /// Ids of gifts to hand over.
    pub gifts: Vec<String>,
}

impl Evaluation {
    /// Adds up what lines of `total` before discounts got and gave.
    pub fn of_lines(lines: Vec<LineResult>, total: Money) -> Self {
        let discount: Money = lines.iter().map(|line| line.discount).sum();
        let paid_by_points: Money = lines.iter().map(|line| line.paid_by_points).sum();
        Self {
            total,
            discount,
            paid_by_points,
            to_pay: total - discount - paid_by_points,
            earned: lines.iter().map(|line| line.earned).sum(),
            lines,
            ..Self::default()
        }
    }
}

/// Judges a receipt. Without a member nothing is taken off and nothing is earned.
///
/// The basket must have passed [`super::receipt::check_lines`], and the programme [`Programme::validate`].
///
/// # Errors
/// [`TooManyPoints`] when [`PointsToSpend::Exactly`] asks for more than may pay.
pub fn evaluate(
    programme: &Programme,
    basket: &Basket,
    standing: Option<&OfferEligibility>,
    wallet: MemberWallet,
    spend: PointsToSpend,
) -> Result<Evaluation, TooManyPoints> {
    let mut sale = SaleEvaluator::new(programme, &basket.lines);
    let Some(standing) = standing else {
        pay_with_points(&mut sale, MemberWallet::default(), spend)?;
        return Ok(sale.finish());
    };
    let tier = programme.tier(&standing.tier);
    sale.tier_discount(tier);
    let OfferChoice { open, missed } =
        choose_offers(&sale, basket, standing, tier, wallet.may_earn);
    // Each offer's share of the work: points, money and gift, in the order of priority.
    let mut used: Vec<UsedOffer> = Vec::new();
    for applied in &open {
        let offer = applied.offer;
        used.push(UsedOffer {
            offer: offer.id.clone(),
            title: offer.title.clone(),
            points: Points::ZERO,
            discount: sale.offer_discount(applied),
            gift: offer.benefit.gift().map(str::to_owned),
        });
    }
    pay_with_points(&mut sale, wallet, spend)?;
    if wallet.may_earn {
        sale.earn_tier_points(tier);
        for (applied, used) in open.iter().zip(&mut used) {
            used.points = sale.offer_points(applied, tier);
        }
    }
    Ok(separate_unused_offers(
        programme,
        sale.finish(),
        used,
        missed,
    ))
}

fn pay_with_points(
    sale: &mut SaleEvaluator<'_>,
    wallet: MemberWallet,
    spend: PointsToSpend,
) -> Result<(), TooManyPoints> {
    let spendable = sale.spendable(wallet);
    let points = match spend {
        PointsToSpend::None => Points::ZERO,
        PointsToSpend::All => spendable,
        PointsToSpend::Exactly(points) if points > spendable => {
            return Err(TooManyPoints { spendable });
        }
        PointsToSpend::Exactly(points) => points.or_zero(),
        PointsToSpend::AtMost(points) => points.or_zero().min(spendable),
    };
    sale.pay_with_points(spendable, points);
    Ok(())
}

/// Puts offers where they belong: one that found nothing left to give has missed after all.
fn separate_unused_offers(
    programme: &Programme,
    mut evaluation: Evaluation,
    used: Vec<UsedOffer>,
    missed: Vec<MissedOffer>,
) -> Evaluation {
    evaluation.offers_missed = missed;
    for offer in used {
        if offer.points.is_zero() && offer.discount.is_zero() && offer.gift.is_none() {
            evaluation.offers_missed.push(MissedOffer {
                offer: offer.offer,
                title: offer.title,
                misses: vec![UnmetCondition::NothingToGain],
            });
        } else {
            evaluation.gifts.extend(offer.gift.clone());
            evaluation.offers_used.push(offer);
        }
    }
    evaluation
        .offers_missed
        .sort_by_cached_key(|missed| programme.offer(&missed.offer).map(offer_order));
    evaluation
}

#[cfg(test)]
mod tests;
