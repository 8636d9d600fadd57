//! Which offers a receipt uses. Of each exclusive group one counts: together they are the combination that gives the
//! shopper most, before any points pay, so that the choice never depends on how much is spent or on the order of the
//! document.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sale::Sale;
use super::standing::Standing;
use super::{MissedOffer, OfferStanding};
use crate::domain::amounts::{Money, Points};
use crate::domain::offers::{Benefit, Miss, Offer, basket_misses};
use crate::domain::programme::Tier;
use crate::domain::receipt::Basket;

/// How much work the search for the best combination may be, in offers × lines × combinations. A receipt of 10 lines
/// under 12 offers has every one of 256 combinations tried; one of 200 lines under 60 offers stays under a millisecond.
const MOST_WORK: usize = 100_000;
/// Combinations that are tried even on the largest receipt, and no more than so many on the smallest.
const TRIES: (usize, usize) = (8, 256);

/// Offers that apply, and those that don't with the reasons; highest priority first.
#[derive(Debug)]
pub struct Choice<'a> {
    /// Offers that apply.
    pub open: Vec<&'a Offer>,
    /// Offers that don't.
    pub missed: Vec<MissedOffer>,
}

/// By what offers are ordered: priority, then id.
pub fn order(offer: &Offer) -> (Reverse<i32>, &str) {
    (Reverse(offer.priority), &offer.id)
}

/// What an offer would give alone.
#[derive(Debug, Clone, Copy)]
struct Worth {
    points: Points,
    money: Money,
    gift: bool,
}

impl Worth {
    fn of(offer: &Offer, sale: &Sale<'_>, tier: &Tier, earns: bool) -> Self {
        let mut alone = sale.clone();
        Self {
            money: alone.offer_discount(offer),
            points: if earns {
                alone.offer_points(offer, tier)
            } else {
                Points::ZERO
            },
            gift: matches!(offer.benefit, Benefit::Gift { .. }),
        }
    }

    fn is_nothing(self) -> bool {
        self.points.is_zero() && self.money.is_zero() && !self.gift
    }

    /// In minor units. What a gift is worth is not known: it gives way to any sum.
    fn in_money(self, value: Money) -> i64 {
        self.points
            .0
            .saturating_mul(value.0)
            .saturating_add(self.money.0)
    }
}

/// An exclusive group of which more than one offer applies, the best alone first.
struct Group<'a> {
    name: &'a str,
    rivals: Vec<&'a Offer>,
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
    let mut weighed = Vec::new();
    let mut groups: BTreeMap<&str, Vec<(i64, &Offer)>> = BTreeMap::new();
    for (offer, standing) in offers {
        let mut found = standing.misses.clone();
        found.extend(basket_misses(
            &offer.conditions,
            basket,
            programme.time_zone,
        ));
        if found.is_empty() {
            let worth = Worth::of(offer, sale, tier, earns);
            if worth.is_nothing() {
                found.push(Miss::NothingToGain);
            } else if !standing.left.covers(worth.points, worth.money) {
                found.push(Miss::Budget);
            } else if let Some(group) = &offer.group {
                let worth = worth.in_money(programme.points.value);
                groups.entry(group).or_default().push((worth, offer));
            }
        }
        weighed.push((offer, found));
    }
    let groups = groups
        .into_iter()
        .map(|(name, mut rivals)| {
            // Of equals the first stays: they come in their order.
            rivals.sort_by_key(|(worth, _)| Reverse(*worth));
            Group {
                name,
                rivals: rivals.into_iter().map(|(_, offer)| offer).collect(),
            }
        })
        .collect();
    let free = weighed
        .iter()
        .filter(|(offer, found)| found.is_empty() && offer.group.is_none())
        .map(|(offer, _)| *offer)
        .collect();
    let search = Search {
        sale,
        tier,
        earns,
        free,
        groups,
    };
    sort_out(weighed, &search.best())
}

/// Parts the offers that count from those that don't.
fn sort_out<'a>(weighed: Vec<(&'a Offer, Vec<Miss>)>, best: &BTreeMap<&str, &Offer>) -> Choice<'a> {
    let mut choice = Choice {
        open: Vec::new(),
        missed: Vec::new(),
    };
    for (offer, mut found) in weighed {
        let rival = offer.group.as_deref().and_then(|group| best.get(group));
        if let Some(rival) = rival
            && found.is_empty()
            && rival.id != offer.id
        {
            found.push(Miss::BetterInGroup {
                offer: rival.id.clone(),
            });
        }
        if found.is_empty() {
            choice.open.push(offer);
        } else {
            choice.missed.push(MissedOffer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                misses: found,
            });
        }
    }
    choice
}

/// The search for the combination that gives most.
struct Search<'a, 's> {
    sale: &'s Sale<'a>,
    tier: &'s Tier,
    earns: bool,
    free: Vec<&'a Offer>,
    groups: Vec<Group<'a>>,
}

impl<'a> Search<'a, '_> {
    /// The offer that counts of each group. All combinations are tried where that is little work; otherwise group by
    /// group is bettered, beginning with the best ones alone, for as long as the work allows.
    fn best(&self) -> BTreeMap<&'a str, &'a Offer> {
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
        let mut tried = picks.clone();
        let mut most = self.worth(&tried);
        while self.next(&mut tried) {
            let worth = self.worth(&tried);
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
        let mut most = self.worth(picks);
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
                    let worth = self.worth(picks);
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

    /// What a combination gives in all, in minor units: money off first, in the order of priority, then points on what
    /// is left to pay.
    fn worth(&self, picks: &[usize]) -> i64 {
        let picked = self.groups.iter().zip(picks);
        let mut offers: Vec<&Offer> = picked
            .filter_map(|(group, pick)| group.rivals.get(*pick).copied())
            .chain(self.free.iter().copied())
            .collect();
        offers.sort_by_key(|offer| order(offer));
        let mut sale = self.sale.clone();
        let mut money = Money::ZERO;
        for offer in &offers {
            money += sale.offer_discount(offer);
        }
        let mut points = Points::ZERO;
        if self.earns {
            points += sale.earn(self.tier);
            for offer in &offers {
                points += sale.offer_points(offer, self.tier);
            }
        }
        Worth {
            points,
            money,
            gift: false,
        }
        .in_money(self.sale.programme.points.value)
    }
}

fn set(picks: &mut [usize], position: usize, pick: usize) {
    if let Some(place) = picks.get_mut(position) {
        *place = pick;
    }
}
