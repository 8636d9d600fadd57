//! A receipt's lines, so arranged that an offer finds its own without looking at the others: by category and by item code,
//! read once for all offers.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::ItemCondition;
use crate::domain::amounts::{Money, Quantity};
use crate::domain::programme::CategoryExclusions;
use crate::domain::receipt::{ReceiptLine, effective_amounts};

/// Places of lines by a text that they have.
type LinePositions<'a> = HashMap<&'a str, Vec<usize>>;

/// Lines of a receipt. Those that cost nothing (free samples, negative lines, what these have lowered to 0) are not there
/// for conditions.
#[derive(Debug)]
pub(in crate::domain) struct ReceiptGoods<'a> {
    lines: &'a [ReceiptLine],
    /// Amount of each line before discounts.
    amounts: Vec<Money>,
    exclusions: &'a CategoryExclusions,
    /// Sum of all lines before discounts.
    pub total: Money,
    by_category: OnceCell<LinePositions<'a>>,
    by_sku: OnceCell<LinePositions<'a>>,
}

/// The lines that an offer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain) enum MatchedLines {
    /// All.
    All,
    /// Those at these places, in order.
    Some(Vec<usize>),
}

impl MatchedLines {
    /// The amounts that an offer is for, of those of all lines.
    pub fn of(&self, amounts: &[i64]) -> Vec<i64> {
        match self {
            Self::All => amounts.to_vec(),
            Self::Some(places) => places
                .iter()
                .filter_map(|place| amounts.get(*place).copied())
                .collect(),
        }
    }

    /// Returns the sum of those amounts.
    pub fn sum(&self, amounts: &[i64]) -> i64 {
        match self {
            Self::All => amounts.iter().sum(),
            Self::Some(places) => places.iter().filter_map(|place| amounts.get(*place)).sum(),
        }
    }

    /// Goes over what the offer is for, each with its share of `shares`, which are in the order of [`MatchedLines::of`].
    pub fn for_each_share<T>(
        &self,
        all: &mut [T],
        shares: &[i64],
        mut change: impl FnMut(&mut T, i64),
    ) {
        match self {
            Self::All => {
                for (one, share) in all.iter_mut().zip(shares) {
                    change(one, *share);
                }
            }
            Self::Some(places) => {
                for (place, share) in places.iter().zip(shares) {
                    if let Some(one) = all.get_mut(*place) {
                        change(one, *share);
                    }
                }
            }
        }
    }
}

impl<'a> ReceiptGoods<'a> {
    /// Returns what these lines are under a programme with these exclusions.
    pub fn of(lines: &'a [ReceiptLine], exclusions: &'a CategoryExclusions) -> Self {
        let amounts = effective_amounts(lines);
        Self {
            lines,
            total: amounts.iter().sum(),
            amounts,
            exclusions,
            by_category: OnceCell::new(),
            by_sku: OnceCell::new(),
        }
    }

    fn positions_by_text(&self, text: impl Fn(&'a ReceiptLine) -> &'a str) -> LinePositions<'a> {
        let mut places = LinePositions::new();
        let lines = self.lines.iter().zip(&self.amounts).enumerate();
        for (place, (line, _)) in lines.filter(|(_, (_, amount))| amount.is_positive()) {
            places.entry(text(line)).or_default().push(place);
        }
        places
    }

    /// Places of the lines that one of these names, in order.
    fn matching_positions(&self, items: &[ItemCondition]) -> Vec<usize> {
        let mut named = Vec::new();
        let mut lists = 0;
        for item in items {
            for category in &item.categories {
                let all = self
                    .by_category
                    .get_or_init(|| self.positions_by_text(|line| &line.category));
                if let Some(places) = all.get(category.as_str()) {
                    named.extend_from_slice(places);
                    lists += 1;
                }
            }
            for sku in &item.skus {
                let all = self
                    .by_sku
                    .get_or_init(|| self.positions_by_text(|line| &line.sku));
                if let Some(places) = all.get(sku.as_str()) {
                    named.extend_from_slice(places);
                    lists += 1;
                }
            }
        }
        if lists > 1 {
            named.sort_unstable();
            named.dedup();
        }
        named
    }

    /// Returns what the lines cost together without the excluded ones. An offer that names goods includes them on purpose.
    fn counted_total(&self, excluded: &[String], items: &[ItemCondition]) -> Money {
        if excluded.is_empty() {
            return self.total;
        }
        let named = self.matching_positions(items);
        let lines = self.lines.iter().zip(&self.amounts).enumerate();
        lines
            .filter(|(place, (line, _))| {
                !excluded.contains(&line.category) || named.binary_search(place).is_ok()
            })
            .map(|(_, (_, amount))| *amount)
            .sum()
    }

    /// Returns what counts for the sum that an offer for these goods asks for.
    pub fn minimum_total(&self, items: &[ItemCondition]) -> Money {
        self.counted_total(&self.exclusions.minimum_receipt, items)
    }

    /// Returns whether the receipt is a purchase for an offer for these goods.
    pub fn is_purchase(&self, items: &[ItemCondition]) -> bool {
        self.counted_total(&self.exclusions.purchases, items)
            .is_positive()
    }

    /// Returns the lines that a discount on the whole receipt is for.
    pub fn discountable_lines(&self) -> MatchedLines {
        let excluded = &self.exclusions.whole_receipt_discounts;
        if excluded.is_empty() {
            return MatchedLines::All;
        }
        let lines = self.lines.iter().enumerate();
        let places = lines.filter(|(_, line)| !excluded.contains(&line.category));
        MatchedLines::Some(places.map(|(place, _)| place).collect())
    }

    /// Returns whether enough is bought of an item; what is weighed counts as one piece a line.
    fn is_bought(&self, item: &ItemCondition) -> bool {
        let named = self.matching_positions(std::slice::from_ref(item));
        if named.is_empty() {
            return false;
        }
        let lines = named.iter().filter_map(|place| self.lines.get(*place));
        let bought: Quantity = lines.map(ReceiptLine::pieces).sum();
        item.quantity.is_none_or(|quantity| bought >= quantity)
    }

    /// Returns the lines that an offer for these goods is for; `None` = not all that must be bought is there.
    pub fn match_items(&self, items: &[ItemCondition]) -> Option<MatchedLines> {
        if items.is_empty() {
            return Some(MatchedLines::All);
        }
        match items {
            // What one item names is what the offer is for, wherever no quantity must be reached.
            [item] if item.quantity.is_none() => {
                let named = self.matching_positions(items);
                (!named.is_empty()).then_some(MatchedLines::Some(named))
            }
            _ => {
                let all_there = items.iter().all(|item| self.is_bought(item));
                all_there.then(|| MatchedLines::Some(self.matching_positions(items)))
            }
        }
    }
}
