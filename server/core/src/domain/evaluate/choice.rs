//! Which offers a receipt uses. Of each exclusive group one counts: together they are the combination that gives the
//! shopper most, before any points pay, so that the choice never depends on how much is spent or on the order of the
//! document.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sale::{Applied, Prices, Sale};
use super::standing::Standing;
use super::{MissedOffer, OfferStanding};
use crate::domain::amounts::{Money, Points};
use crate::domain::offers::{Benefit, Goods, Offer, Reach, UnmetCondition, reach_of};
use crate::domain::programme::Tier;
use crate::domain::receipt::Basket;

/// Most work that the search for the best combination may be, in offers × lines × combinations. A receipt of 10 lines under
/// 12 offers has every one of 256 combinations tried; one of 200 lines under 60 offers stays under a millisecond.
const MOST_WORK: usize = 100_000;
/// Combinations that are tried even on the largest receipt, and no more than so many on the smallest.
const TRIES: (usize, usize) = (8, 256);

/// Offers that apply, and those that don't with the reasons; highest priority first.
#[derive(Debug)]
pub struct Choice<'a> {
    /// Offers that apply.
    pub open: Vec<Applied<'a>>,
    /// Offers that don't.
    pub missed: Vec<MissedOffer>,
}

/// Returns the key by which offers are ordered: priority, then id.
pub fn order(offer: &Offer) -> (Reverse<i32>, &str) {
    (Reverse(offer.priority), &offer.id)
}

/// Returns the value in minor units. The value of a gift is not known: it gives way to any sum.
fn in_money(points: Points, money: Money, value: Money) -> i64 {
    points.0.saturating_mul(value.0).saturating_add(money.0)
}

/// An exclusive group of which more than one offer applies, the best alone first; offers by their places.
struct Group<'a> {
    name: &'a str,
    rivals: Vec<usize>,
}

/// An offer, asked for a member of a tier.
#[derive(Clone, Copy)]
struct OfferForTier<'a> {
    offer: &'a Offer,
    /// State of the offer for the member.
    standing: &'a OfferStanding,
    tier: &'a Tier,
    /// True if the receipt may earn points.
    earns: bool,
}

/// Returns the lines of this receipt that an offer is for, and what it would give alone, in minor units; or why it gives
/// nothing.
fn ask(
    sale: &Sale<'_>,
    basket: &Basket,
    goods: &Goods<'_>,
    asked: OfferForTier<'_>,
) -> Result<(Reach, i64), Vec<UnmetCondition>> {
    let OfferForTier {
        offer,
        standing,
        tier,
        earns,
    } = asked;
    let found = reach_of(offer, basket, goods);
    if !standing.misses.is_empty() {
        let mut misses = standing.misses.clone();
        let more = found.err().unwrap_or_default();
        let more = more
            .into_iter()
            .filter(|miss| !standing.misses.contains(miss));
        misses.extend(more);
        return Err(misses);
    }
    let applied = Applied {
        offer,
        reach: found?,
    };
    let (money, points) = sale.alone(&applied, tier, earns);
    let gift = matches!(offer.benefit, Benefit::Gift { .. });
    let gift = gift && goods.total.is_positive();
    if points.is_zero() && money.is_zero() && !gift {
        return Err(vec![UnmetCondition::NothingToGain]);
    }
    if !standing.left.covers(points, money) {
        return Err(vec![UnmetCondition::Budget]);
    }
    let worth = in_money(points, money, sale.programme.points.value);
    Ok((applied.reach, worth))
}

/// Chooses the offers of a receipt whose tier discount is taken off and of which nothing is paid yet.
pub fn choose<'a>(
    sale: &Sale<'a>,
    basket: &Basket,
    standing: &Standing,
    tier: &Tier,
    earns: bool,
) -> Choice<'a> {
    let programme = sale.programme;
    let mut offers: Vec<(&Offer, &OfferStanding)> = programme
        .offers
        .iter()
        .filter_map(|offer| Some((offer, standing.offers.get(&offer.id)?)))
        .collect();
    offers.sort_by_key(|(offer, _)| order(offer));
    let goods = Goods::of(sale.lines, &programme.exclusions);
    let mut open: Vec<Applied<'a>> = Vec::new();
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
        match ask(sale, basket, &goods, asked) {
            Ok((reach, worth)) => {
                match &offer.group {
                    Some(group) => groups.entry(group).or_default().push((worth, open.len())),
                    None => free.push(open.len()),
                }
                open.push(Applied { offer, reach });
            }
            Err(misses) => missed.push(miss(offer, misses)),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(name, mut rivals)| {
            // Of equals the first stays: they come in their order.
            rivals.sort_by_key(|(worth, _)| Reverse(*worth));
            Group {
                name,
                rivals: rivals.into_iter().map(|(_, place)| place).collect(),
            }
        })
        .collect();
    let search = Search {
        sale,
        tier,
        earns,
        open: &open,
        free,
        groups,
    };
    let best = search.best();
    // Parts the offers that count from those whose rival does.
    let mut choice = Choice {
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
                choice.missed.push(miss(applied.offer, vec![better]));
            }
            None => choice.open.push(applied.clone()),
        }
    }
    choice
}

fn miss(offer: &Offer, misses: Vec<UnmetCondition>) -> MissedOffer {
    MissedOffer {
        offer: offer.id.clone(),
        title: offer.title.clone(),
        misses,
    }
}

/// The search for the combination that gives most.
struct Search<'a, 's> {
    sale: &'s Sale<'a>,
    tier: &'s Tier,
    earns: bool,
    /// Offers that apply, in order.
    open: &'s [Applied<'a>],
    /// Places of those in no group.
    free: Vec<usize>,
    groups: Vec<Group<'a>>,
}

impl<'a> Search<'a, '_> {
    /// The offer that counts of each group. All combinations are tried where that is little work; otherwise group by
    /// group is bettered, beginning with the best ones alone, for as long as the work allows.
    fn best(&self) -> Vec<(&'a str, usize)> {
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
                self.better(&mut picks, tries);
            }
        }
        let chosen = self.groups.iter().zip(&picks);
        chosen
            .filter_map(|(group, pick)| Some((group.name, *group.rivals.get(*pick)?)))
            .collect()
    }

    fn try_all(&self, picks: &mut Vec<usize>) {
        let mut desk = Desk::default();
        let mut tried = picks.clone();
        let mut most = self.worth(&tried, &mut desk);
        while self.next(&mut tried) {
            let worth = self.worth(&tried, &mut desk);
            if worth > most {
                most = worth;
                picks.clone_from(&tried);
            }
        }
    }

    /// Counts one combination further; false after the last.
    fn next(&self, picks: &mut [usize]) -> bool {
        for (pick, group) in picks.iter_mut().zip(&self.groups) {
            *pick += 1;
            if *pick < group.rivals.len() {
                return true;
            }
            *pick = 0;
        }
        false
    }

    fn better(&self, picks: &mut [usize], mut tries: usize) {
        let mut desk = Desk::default();
        let mut most = self.worth(picks, &mut desk);
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
                    set(picks, position, pick);
                    let worth = self.worth(picks, &mut desk);
                    if worth > most {
                        most = worth;
                        bettered = true;
                    } else {
                        set(picks, position, before);
                    }
                }
            }
        }
    }

    /// Returns what a combination gives in all, in minor units: money off first, in the order of priority, then points on
    /// what is left to pay.
    fn worth(&self, picks: &[usize], desk: &mut Desk) -> i64 {
        let picked = self.groups.iter().zip(picks);
        desk.places.clear();
        desk.places.extend(&self.free);
        desk.places
            .extend(picked.filter_map(|(group, pick)| group.rivals.get(*pick)));
        desk.places.sort_unstable();
        let offers = desk.places.iter().filter_map(|place| self.open.get(*place));
        let (money, points) = self
            .sale
            .together(offers, self.tier, self.earns, &mut desk.prices);
        in_money(points, money, self.sale.programme.points.value)
    }
}

/// Buffers that are used again for one try after another.
#[derive(Debug, Default)]
struct Desk {
    places: Vec<usize>,
    prices: Prices,
}

fn set(picks: &mut [usize], position: usize, pick: usize) {
    if let Some(place) = picks.get_mut(position) {
        *place = pick;
    }
}
