//! Categories that are kept out of what a programme gives. A new document names them once, for earning; paying and each
//! rule of [`CategoryExclusions`] may have a list of its own.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::defaults::unwritten;

/// Categories that are kept out, a list for each rule. Empty lists are those of programmes that were stored before there
/// were any; a document that does not write one gets `earn.excluded_categories` for it ([`fill_in_exclusions`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryExclusions {
    /// Discounts on the whole receipt.
    pub whole_receipt_discounts: Vec<String>,
    /// Discounts of tiers.
    pub tier_discounts: Vec<String>,
    /// Sums that offers ask for.
    pub minimum_receipt: Vec<String>,
    /// Purchases that offers count: a receipt of these goods alone is none.
    pub purchases: Vec<String>,
    /// Measure of tiers.
    pub tier_measure: Vec<String>,
    /// True: an offer of points also gives them on excluded goods that its items name.
    pub named_goods_earn: bool,
}

impl CategoryExclusions {
    /// Returns all categories that the lists name.
    pub fn categories(&self) -> impl Iterator<Item = &String> {
        let Self {
            whole_receipt_discounts,
            tier_discounts,
            minimum_receipt,
            purchases,
            tier_measure,
            named_goods_earn: _,
        } = self;
        [
            whole_receipt_discounts,
            tier_discounts,
            minimum_receipt,
            purchases,
            tier_measure,
        ]
        .into_iter()
        .flatten()
    }
}

/// Lists that a document may leave out.
const LISTS: [&str; 5] = [
    "whole_receipt_discounts",
    "tier_discounts",
    "minimum_receipt",
    "purchases",
    "tier_measure",
];

/// Adds the lists that a document does not write, each as `earn.excluded_categories`: those of [`CategoryExclusions`], and
/// `spend.excluded_categories` where there is a section `spend`. What is written stays as it is, also where it cannot be read.
pub(super) fn fill_in_exclusions(document: &mut DeTable<'_>) {
    let excluded = earn_exclusions(document);
    let spend = document.get_mut("spend").map(Spanned::get_mut);
    if let Some(DeValue::Table(spend)) = spend {
        fill_in_list(spend, "excluded_categories", &excluded);
    }
    if !document.contains_key("exclusions") {
        let empty = DeValue::Table(DeTable::new());
        document.insert(unwritten(Cow::Borrowed("exclusions")), unwritten(empty));
    }
    let section = document.get_mut("exclusions").map(Spanned::get_mut);
    let Some(DeValue::Table(section)) = section else {
        return;
    };
    for list in LISTS {
        fill_in_list(section, list, &excluded);
    }
    if !section.contains_key("named_goods_earn") {
        let name = unwritten(Cow::Borrowed("named_goods_earn"));
        section.insert(name, unwritten(DeValue::Boolean(true)));
    }
}

/// Adds a list of categories to a section that does not write it.
fn fill_in_list(section: &mut DeTable<'_>, list: &'static str, categories: &[String]) {
    if section.contains_key(list) {
        return;
    }
    let mut items = DeArray::new();
    for category in categories {
        items.push(unwritten(DeValue::String(Cow::Owned(category.clone()))));
    }
    let list = unwritten(Cow::Borrowed(list));
    section.insert(list, unwritten(DeValue::Array(items)));
}

/// Categories of `earn.excluded_categories`, as far as they can be read.
fn earn_exclusions(document: &DeTable<'_>) -> Vec<String> {
    let earn = document.get("earn").map(Spanned::get_ref);
    let Some(DeValue::Table(earn)) = earn else {
        return Vec::new();
    };
    let excluded = earn.get("excluded_categories").map(Spanned::get_ref);
    let Some(DeValue::Array(excluded)) = excluded else {
        return Vec::new();
    };
    let text = |category: &Spanned<DeValue<'_>>| match category.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    excluded.iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests;
