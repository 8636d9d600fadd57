//! Conditions on what is bought.

use serde::{Deserialize, Serialize};

use super::{Circumstances, ConditionRule, ConditionScope, FactsNeeded};
use crate::domain::amounts::{Money, Quantity};
use crate::domain::offers::offer_text::{OfferText, OfferTextValue};
use crate::domain::offers::unmet::UnmetCondition;
use crate::domain::programme::{DocumentPath, FaultCollector};
#[cfg(test)]
use crate::domain::receipt::ReceiptLine;
use crate::domain::receipt::{MAX_AMOUNT, MAX_QUANTITY, MAX_TEXT};

/// Sum that the lines must cost together before discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinimumReceipt(pub Money);

impl ConditionRule for MinimumReceipt {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let receipt = circumstances.receipt()?;
        let missing = self.0 - receipt.goods.minimum_total(receipt.items);
        missing
            .is_positive()
            .then_some(UnmetCondition::MinimumReceipt { missing })
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        findings.unless(
            self.0.is_positive() && self.0 <= MAX_AMOUNT,
            scope.path.field("minimum_receipt"),
            format!("must be 1 to {} minor units", MAX_AMOUNT.0),
        );
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-minimum-receipt").with("amount", OfferTextValue::Money(self.0))
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}

/// Something that must be bought: lines of any of these categories or with any of these codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ItemCondition {
    /// Categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Item codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// Quantity of it in all, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
}

impl ItemCondition {
    /// Returns whether a line is one of these.
    #[cfg(test)]
    pub fn names(&self, line: &ReceiptLine) -> bool {
        self.categories.contains(&line.category) || self.skus.contains(&line.sku)
    }

    fn validate(&self, path: &DocumentPath, findings: &mut FaultCollector) {
        findings.unless(
            !self.categories.is_empty() || !self.skus.is_empty(),
            path.clone(),
            "names neither categories nor skus",
        );
        for (name, values) in [("categories", &self.categories), ("skus", &self.skus)] {
            for (item, value) in values.iter().enumerate() {
                findings.unless(
                    !value.trim().is_empty() && value.chars().count() <= MAX_TEXT,
                    path.field(name).item(item),
                    format!("must be 1 to {MAX_TEXT} characters"),
                );
            }
        }
        findings.unless(
            self.quantity
                .is_none_or(|quantity| quantity > Quantity(0) && quantity <= MAX_QUANTITY),
            path.field("quantity"),
            format!(
                "must be 1 to {} thousandths: 1000 is one piece or one kilogram",
                MAX_QUANTITY.0
            ),
        );
    }
}

/// Goods that must be bought; the benefit is for these lines only. Unlike in other lists, all of them must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemConditions(pub Vec<ItemCondition>);

impl ConditionRule for ItemConditions {
    fn unmet(&self, circumstances: &Circumstances<'_, '_>) -> Option<UnmetCondition> {
        let reach = circumstances.receipt()?.reach;
        reach.is_none().then_some(UnmetCondition::Items)
    }

    fn validate(&self, scope: &ConditionScope<'_>, findings: &mut FaultCollector) {
        for (item, goods) in self.0.iter().enumerate() {
            goods.validate(&scope.path.field("items").item(item), findings);
        }
    }

    fn describe(&self) -> OfferText {
        OfferText::new("condition-items")
    }

    fn facts_needed(&self) -> FactsNeeded {
        FactsNeeded::NONE
    }
}
