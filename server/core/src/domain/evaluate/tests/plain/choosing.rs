//! Which offers count, tried one combination after another.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::super::choice::offer_order;
use super::*;
use crate::domain::programme::Tier;
use crate::domain::time::{local_time, weekday};

/// Why a receipt does not get an offer, of those conditions that the offers of these tests have.
fn misses(sale: &Plain<'_>, offer: &Offer, basket: &Basket) -> Vec<UnmetCondition> {
    let conditions = ConditionsDocument::from(offer.conditions.clone());
    let zone = sale.programme.time_zone;
    let mut misses = Vec::new();
    let mut unless = |holds: bool, miss| {
        if !holds {
            misses.push(miss);
        }
    };
    let on = weekday(basket.at, zone);
    unless(
        conditions.weekdays.is_empty() || conditions.weekdays.contains(&on),
        UnmetCondition::Weekday,
    );
    let clock = local_time(basket.at, zone);
    unless(
        conditions.hours.is_none_or(|hours| hours.contain(clock)),
        UnmetCondition::Hours,
    );
    unless(
        conditions.stores.is_empty() || conditions.stores.contains(&basket.store),
        UnmetCondition::Store,
    );
    let excluded = &sale.programme.exclusions.minimum_receipt;
    let named = |line: &ReceiptLine| conditions.items.iter().any(|item| item.names(line));
    let lines = basket.lines.iter().zip(&sale.amounts);
    let counted = lines.filter(|(line, _)| named(line) || !excluded.contains(&line.category));
    let total: Money = counted.map(|(_, amount)| Money(*amount)).sum();
    let missing = conditions.minimum_receipt.unwrap_or_default() - total;
    unless(
        !missing.is_positive(),
        UnmetCondition::MinimumReceipt { missing },
    );
    let holds = |item: &ItemCondition| {
        let there = basket.lines.iter().zip(&sale.amounts);
        let named: Vec<&ReceiptLine> = there
            .filter(|(line, amount)| item.names(line) && **amount > 0)
            .map(|(line, _)| line)
            .collect();
        let pieces = |line: &&ReceiptLine| match line.unit {
            Unit::Piece => line.quantity,
            _ => Quantity(1_000),
        };
        let bought: Quantity = named.iter().map(pieces).sum();
        !named.is_empty() && item.quantity.is_none_or(|quantity| bought >= quantity)
    };
    unless(conditions.items.iter().all(holds), UnmetCondition::Items);
    misses
}

/// Offers that count, in order, and those that don't.
pub(super) fn choose<'a>(
    sale: &Plain<'a>,
    basket: &Basket,
    standing: &OfferEligibility,
    tier: &Tier,
    earns: bool,
) -> (Vec<&'a Offer>, Vec<MissedOffer>) {
    let programme = sale.programme;
    let value = programme.points.value.0;
    let mut offers: Vec<&Offer> = programme.offers.iter().collect();
    offers.sort_by_key(|offer| offer_order(offer));
    let mut weighed: Vec<(&Offer, Vec<UnmetCondition>)> = Vec::new();
    let mut groups: BTreeMap<&str, Vec<(i64, &Offer)>> = BTreeMap::new();
    for offer in offers {
        let Some(standing) = standing.offers.get(&offer.id) else {
            continue;
        };
        let mut found = standing.misses.clone();
        found.extend(misses(sale, offer, basket));
        if found.is_empty() {
            let mut alone = sale.clone();
            let money = alone.offer_discount(offer);
            let points = if earns {
                alone.offer_points(offer, tier)
            } else {
                Points(0)
            };
            let gift = matches!(offer.benefit, OfferBenefit::Gift { .. })
                && sale.amounts != vec![0; sale.amounts.len()];
            if points.is_zero() && money.is_zero() && !gift {
                found.push(UnmetCondition::NothingToGain);
            } else if !standing.left.covers(points, money) {
                found.push(UnmetCondition::Budget);
            } else if let Some(group) = &offer.group {
                let worth = points.0 * value + money.0;
                groups.entry(group).or_default().push((worth, offer));
            }
        }
        weighed.push((offer, found));
    }
    for rivals in groups.values_mut() {
        rivals.sort_by_key(|(worth, _)| Reverse(*worth));
    }
    let free = weighed
        .iter()
        .filter(|(offer, found)| found.is_empty() && offer.group.is_none());
    let free: Vec<&Offer> = free.map(|(offer, _)| *offer).collect();
    let worth = |picks: &[usize]| {
        let picked = groups
            .values()
            .zip(picks)
            .map(|(rivals, pick)| rivals[*pick].1);
        let mut offers: Vec<&Offer> = free.iter().copied().chain(picked).collect();
        offers.sort_by_key(|offer| offer_order(offer));
        let mut sale = sale.clone();
        let money: Money = offers.iter().map(|offer| sale.offer_discount(offer)).sum();
        let mut points = Points(0);
        if earns {
            points += sale.earn(tier);
            points += offers
                .iter()
                .map(|offer| sale.offer_points(offer, tier))
                .sum();
        }
        points.0 * value + money.0
    };
    // Few enough here that every combination is tried; the first of equals stays.
    let sizes: Vec<usize> = groups.values().map(Vec::len).collect();
    let combinations: usize = sizes.iter().product();
    let mut best: Option<(i64, Vec<usize>)> = None;
    for mut number in 0..combinations {
        let picks = sizes.iter().map(|size| {
            let pick = number % size;
            number /= size;
            pick
        });
        let picks: Vec<usize> = picks.collect();
        let worth = worth(&picks);
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, picks));
        }
    }
    let picks = best.unwrap().1;
    let chosen: BTreeMap<&str, &Offer> = groups
        .iter()
        .zip(picks)
        .map(|((name, rivals), pick)| (*name, rivals[pick].1))
        .collect();
    let (mut open, mut missed) = (Vec::new(), Vec::new());
    for (offer, mut found) in weighed {
        if let Some(rival) = offer.group.as_deref().and_then(|group| chosen.get(group))
            && found.is_empty()
            && rival.id != offer.id
        {
            let offer = rival.id.clone();
            found.push(UnmetCondition::BetterInGroup { offer });
        }
        if found.is_empty() {
            open.push(offer);
        } else {
            missed.push(MissedOffer {
                offer: offer.id.clone(),
                title: offer.title.clone(),
                misses: found,
            });
        }
    }
    (open, missed)
}
