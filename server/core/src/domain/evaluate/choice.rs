//! Which offers a receipt uses. Of each exclusive group one counts: together they are the combination that gives the
//! shopper most, before any points pay, so that the choice never depends on how much is spent or on the order of the
//! document.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::offer_eligibility::OfferEligibility;
use super::sale::{ApplicableOffer, RemainingPrices, SaleEvaluator};
use super::{MissedOffer, SingleOfferEligibility};
use crate::domain::amounts::{Money, Points};
use crate::domain::offers::{
    MatchedLines, Offer, OfferBenefit, ReceiptGoods, UnmetCondition, match_lines,
};
use crate::domain::programme::Tier;
use crate::domain::receipt::Basket;

/// Most work that the search for the best combination may be, in offers × lines × combinations. A receipt of 10 lines under
/// 12 offers has every one of 256 combinations tried; one of 200 lines under 60 offers stays under a millisecond.
const MOST_WORK: usize = 100_000;
/// Combinations that are tried even on the largest receipt, and no more than so many on the smallest.
const TRIES: (usize, usize) = (8, 256);

/// Offers that apply, and those that don't with the reasons; highest priority first.
#[derive(Debug)]
pub struct OfferChoice<'a> {
    /// Offers that apply.
    pub open: Vec<ApplicableOffer<'a>>,
    /// Offers that don't.
    pub missed: Vec<MissedOffer>,
}

/// Returns the key by which offers are ordered: priority, then id.
pub fn offer_order(offer: &Offer) -> (Reverse<i32>, &str) {
    (Reverse(offer.priority), &offer.id)
}

/// Returns the value in minor units. The value of a gift is not known: it gives way to any sum.
fn in_money(points: Points, money: Money, value: Money) -> i64 {
    points.0.saturating_mul(value.0).saturating_add(money.0)
}

/// An exclusive group of which more than one offer applies, the best alone first; offers by their places.
struct ExclusiveGroup<'a> {
    name: &'a str,
    rivals: Vec<usize>,
}

/// An offer, asked for a member of a tier.
#[derive(Clone, Copy)]
struct OfferForTier<'a> {
    offer: &'a Offer,
    /// State of the offer for the member.
    standing: &'a SingleOfferEligibility,
    tier: &'a Tier,
    /// True if the receipt may earn points.
    earns: bool,
}

/// Returns the lines of this receipt that an offer is for, and what it would give alone, in minor units; or why it gives
/// nothing.
fn match_offer(
    sale: &SaleEvaluator<'_>,
    basket: &Basket,
    goods: &ReceiptGoods<'_>,
    asked: OfferForTier<'_>,
) -> Result<(MatchedLines, i64), Vec<UnmetCondition>> {
    let OfferForTier {
        offer,
        standing,
        tier,
        earns,
    } = asked;
    let found = match_lines(offer, basket, goods);
    if !standing.misses.is_empty() {
        let mut misses = standing.misses.clone();
        let more = found.err().unwrap_or_default();
        let more = more
            .into_iter()
            .filter(|miss| !standing.misses.contains(miss));
        misses.extend(more);
        return Err(misses);
    }
    let applied = ApplicableOffer {
        offer,
        matched: found?,
    };
    let (money, points) = sale.value_alone(&applied, tier, earns);
    let gift = matches!(offer.benefit, OfferBenefit::Gift { .. });
    let gift = gift && goods.total.is_positive();
    if points.is_zero() && money.is_zero() && !gift {
        return Err(vec![UnmetCondition::NothingToGain]);
    }
    if !standing.left.covers(points, money) {
        return Err(vec![UnmetCondition::Budget]);
    }
    let worth = in_money(points, money, sale.programme.points.value);
    Ok((applied.matched, worth))
}

/// Chooses the offers of a receipt whose tier discount is taken off and of which nothing is paid yet.
pub fn choose_offers<'a>(
    sale: &SaleEvaluator<'a>,
    basket: &Basket,
    standing: &OfferEligibility,
    tier: &Tier,
    earns: bool,
) -> OfferChoice<'a> {
    let programme = sale.programme;
    let mut offers: Vec<(&Offer, &SingleOfferEligibility)> = programme
        .offers
        .iter()
        .filter_map(|offer| Some((offer, standing.offers.get(&offer.id)?)))
        .collect();
    offers.sort_by_key(|(offer, _)| offer_order(offer));
    let goods = ReceiptGoods::of(sale.lines, &programme.exclusions);
    let mut open: Vec<ApplicableOffer<'a>> = Vec::new();
    let mut missed = Vec::new();
    let mut free = Vec::new();
    let mut groups: BTreeMap<&str, Vec<(i64, usize)>> = BTreeMap::new();
    for (offer, standing) in offers {
        let asked = OfferForTier {
            offer,
            standing,
            tier,
            earns,
        };
        match match_offer(sale, basket, &goods, asked) {
            Ok((reach, worth)) => {
                match &offer.group {
                    Some(group) => groups.entry(group).or_default().push((worth, open.len())),
                    None => free.push(open.len()),
                }
                open.push(ApplicableOffer {
                    offer,
                    matched: reach,
                });
            }
            Err(misses) => missed.push(missed_offer(offer, misses)),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(name, mut rivals)| {
            // Of equals the first stays: they come in their order.
            rivals.sort_by_key(|(worth, _)| Reverse(*worth));
            ExclusiveGroup {
                name,
                rivals: rivals.into_iter().map(|(_, place)| place).collect(),
            }
        })
        .collect();
    let search = CombinationSearch {
        sale,
        tier,
        earns,
        open: &open,
        free,
        groups,
    };
    let best = search.best_combination();
    // Parts the offers that count from those whose rival does.
    let mut choice = OfferChoice {
        open: Vec::with_capacity(open.len()),
        missed,
    };
    for (place, applied) in open.iter().enumerate() {
        let rival = best
            .iter()
            .find(|(name, _)| applied.offer.group.as_deref() == Some(name));
        match rival.and_then(|(_, rival)| open.get(*rival).filter(|_| *rival != place)) {
            Some(rival) => {
                let better = UnmetCondition::BetterInGroup {
                    offer: rival.offer.id.clone(),
                };
                choice
                    .missed
                    .push(missed_offer(applied.offer, vec![better]));
            }
            None => choice.open.push(applied.clone()),
        }
    }
    choice
}

fn missed_offer(offer: &Offer, misses: Vec<UnmetCondition>) -> MissedOffer {
    MissedOffer {
        offer: offer.id.clone(),
        title: offer.title.clone(),
        misses,
    }
}

/// The search for the combination that gives most.
struct CombinationSearch<'a, 's> {
    sale: &'s SaleEvaluator<'a>,
    tier: &'s Tier,
    earns: bool,
    /// Offers that apply, in order.
    open: &'s [ApplicableOffer<'a>],
    /// Places of those in no group.
    free: Vec<usize>,
    groups: Vec<ExclusiveGroup<'a>>,
}

impl<'a> CombinationSearch<'a, '_> {
    /// The offer that counts of each group. All combinations are tried where that is little work; otherwise group by
    /// group is bettered, beginning with the best ones alone, for as long as the work allows.
    fn best_combination(&self) -> Vec<(&'a str, usize)> {
        let mut picks = vec![0_usize; self.groups.len()];
        let combinations = self
            .groups
            .iter()
            .fold(1_usize, |all, group| all.saturating_mul(group.rivals.len()));
        if combinations > 1 {
            let offers = self.free.len() + self.groups.len();
            let each = offers.saturating_mul(self.sale.lines.len()).max(1);
            let tries = (MOST_WORK / each).clamp(TRIES.0, TRIES.1);
            if combinations <= tries {
                self.try_all(&mut picks);
            } else {
                self.improve_step_by_step(&mut picks, tries);
            }
        }
        let chosen = self.groups.iter().zip(&picks);
        chosen
            .filter_map(|(group, pick)| Some((group.name, *group.rivals.get(*pick)?)))
            .collect()
    }

    fn try_all(&self, picks: &mut Vec<usize>) {
        let mut desk = CombinationScratch::default();
        let mut tried = picks.clone();
        let mut most = self.combination_value(&tried, &mut desk);
        while self.next_combination(&mut tried) {
            let worth = self.combination_value(&tried, &mut desk);
            if worth > most {
                most = worth;
                picks.clone_from(&tried);
            }
        }
    }

    /// Counts one combination further; false after the last.
    fn next_combination(&self, picks: &mut [usize]) -> bool {
        for (pick, group) in picks.iter_mut().zip(&self.groups) {
            *pick += 1;
            if *pick < group.rivals.len() {
                return true;
            }
            *pick = 0;
        }
        false
    }

    fn improve_step_by_step(&self, picks: &mut [usize], mut tries: usize) {
        let mut desk = CombinationScratch::default();
        let mut most = self.combination_value(picks, &mut desk);
        let mut bettered = true;
        while bettered {
            bettered = false;
            for (position, group) in self.groups.iter().enumerate() {
                for pick in 0..group.rivals.len() {
                    let Some(before) = picks.get(position).copied() else {
                        continue;
                    };
                    if pick == before {
                        continue;
                    }
                    if tries == 0 {
                        return;
                    }
                    tries -= 1;
                    set_pick(picks, position, pick);
                    let worth = self.combination_value(picks, &mut desk);
                    if worth > most {
                        most = worth;
                        bettered = true;
                    } else {
                        set_pick(picks, position, before);
                    }
                }
            }
        }
    }

    /// Returns what a combination gives in all, in minor units: money off first, in the order of priority, then points on
    /// what is left to pay.
    fn combination_value(&self, picks: &[usize], desk: &mut CombinationScratch) -> i64 {
        let picked = self.groups.iter().zip(picks);
        desk.places.clear();
        desk.places.extend(&self.free);
        desk.places
            .extend(picked.filter_map(|(group, pick)| group.rivals.get(*pick)));
        desk.places.sort_unstable();
        let offers = desk.places.iter().filter_map(|place| self.open.get(*place));
        let (money, points) =
            self.sale
                .value_together(offers, self.tier, self.earns, &mut desk.prices);
        in_money(points, money, self.sale.programme.points.value)
    }
}

/// Buffers that are used again for one try after another.
#[derive(Debug, Default)]
struct CombinationScratch {
    places: Vec<usize>,
    prices: RemainingPrices,
}

fn set_pick(picks: &mut [usize], position: usize, pick: usize) {
    if let Some(place) = picks.get_mut(position) {
        *place = pick;
    }
}
