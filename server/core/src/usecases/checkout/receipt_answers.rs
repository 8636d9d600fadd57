//! Receipts as they are answered: quotes, stored sales and returns, lists. The types of the POS API are made of them.

use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::evaluate::Evaluation;
use crate::domain::ledger::EntryKind;
use crate::domain::programme::{LocalisedText, Programme, TierMeasure};
use crate::domain::reason::EntryReason;
use crate::domain::receipt::{ReceiptKind, Unit};
use crate::domain::returns::ReturnedLinePart;
use crate::domain::tiers::{progress, upgraded};
use crate::domain::time::Instant;
use crate::ids::{EntryId, ReceiptId};

/// What a receipt would earn and cost.
#[derive(Debug, Clone)]
pub struct SaleQuote {
    /// Version of the programme that judges.
    pub programme_version: i64,
    /// The member's level with this receipt; none where no card was shown, and where a stored receipt is read later.
    pub tier: Option<ReceiptTierProgress>,
    /// The judgement.
    pub evaluation: Evaluation,
}

/// A member's level as a receipt leaves it, and the way to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptTierProgress {
    /// Id of the level.
    pub tier: String,
    /// Its name.
    pub name: LocalisedText,
    /// Whether it is this receipt that lifts the member to it.
    pub risen: bool,
    /// What levels count: money spent, in minor units, or points earned.
    pub measure: TierMeasure,
    /// The next level; none at the top.
    pub next: Option<NextTierProgress>,
}

impl ReceiptTierProgress {
    /// The level of a member who stood at `tier` when a receipt has brought what counts to `measured`.
    pub(super) fn after_receipt(programme: &Programme, tier: &str, measured: i64) -> Self {
        let risen = upgraded(programme, tier, measured);
        let tier = risen.map_or(tier, |risen| risen.id.as_str());
        let progress = progress(programme, tier, measured);
        Self {
            tier: progress.tier.id.clone(),
            name: progress.tier.name.clone(),
            risen: risen.is_some(),
            measure: programme.tier_rules.measure,
            next: progress.next.map(|(next, missing)| NextTierProgress {
                name: next.name.clone(),
                missing,
            }),
        }
    }
}

/// The next level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextTierProgress {
    /// Its name.
    pub name: LocalisedText,
    /// What is still missing, in the unit of the measure.
    pub missing: i64,
}

/// A stored sale as it is answered.
#[derive(Debug, Clone)]
pub struct SaleReceipt {
    /// Its id.
    pub id: ReceiptId,
    /// Series of the numbering, where the till has one.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Points that the member has active afterwards.
    pub balance: Option<Points>,
    /// How a shopper who showed no card takes the receipt later; only of a sale without a member.
    pub claim: Option<IssuedClaimCode>,
    /// The judgement.
    pub quote: SaleQuote,
}

/// How a receipt without a card becomes somebody's later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedClaimCode {
    /// Eleven signs in groups, to be printed and typed.
    pub code: String,
    /// The address of the wallet's page for it, to be printed as a QR code; null where the receipt was stored by a command
    /// that knows no public address.
    pub link: Option<String>,
    /// When it ends.
    pub expires: Instant,
}

/// A line of the sale that goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnedLine {
    /// Its place in the sale, from 0.
    pub position: usize,
    /// How much of it, in thousandths; 0 where it goes back by amount.
    pub quantity: Quantity,
    /// The amount that it goes back for, where it does so by amount; price before discounts, minor units.
    pub amount: Option<Money>,
    /// Its share of the refund.
    pub refund: Money,
}

impl ReturnedLine {
    /// The lines of a return that name what went back.
    pub(super) fn as_return_lines(&self) -> impl Iterator<Item = ReturnedLinePart> + use<> {
        let quantity = Some(self.quantity).filter(|quantity| quantity.is_positive());
        let quantity =
            quantity.map(|quantity| ReturnedLinePart::of_quantity(self.position, quantity));
        let amount = self
            .amount
            .map(|amount| ReturnedLinePart::of_amount(self.position, amount));
        quantity.into_iter().chain(amount)
    }
}

/// What a return does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnEffect {
    /// Lines that go back.
    pub lines: Vec<ReturnedLine>,
    /// Money to give back.
    pub refund: Money,
    /// Spent points that return.
    pub restored: Points,
    /// Points that pay for what remains and did not before.
    pub spent: Points,
    /// Earned points that are taken back from what the member has.
    pub taken_back: Points,
    /// Earned points that had expired already and are not taken again.
    pub expired: Points,
    /// Earned points that nobody holds any more: the next earnings pay them.
    pub debt: Points,
    /// Points that what remains earns more than it did before.
    pub earned: Points,
    /// Offers that the sale no longer uses.
    pub offers_lost: Vec<String>,
    /// Gifts that were promised and are not any more.
    pub gifts_withdrawn: Vec<String>,
    /// Gifts that were handed over for what goes back: ask for them.
    pub gifts_to_collect: Vec<String>,
}

/// A stored return as it is answered.
#[derive(Debug, Clone)]
pub struct ReturnReceipt {
    /// Its id.
    pub id: ReceiptId,
    /// The sale.
    pub sale: ReceiptId,
    /// Series of the numbering, where the till has one.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Version of the programme that judged the sale and judges its return.
    pub programme_version: i64,
    /// Points that the member has active afterwards.
    pub balance: Option<Points>,
    /// What it did.
    pub effect: ReturnEffect,
}

/// A stored receipt with the entries that it made.
#[derive(Debug, Clone)]
pub struct StoredReceipt {
    /// Its own time.
    pub at: Instant,
    /// What was bought, or went back.
    pub goods: Vec<StoredGoodsLine>,
    /// Movements of points.
    pub entries: Vec<StoredReceiptEntry>,
    /// Returns of this sale.
    pub returns: Vec<ReceiptId>,
    /// The receipt as it was answered.
    pub receipt: SaleOrReturn,
}

/// A sale or a return.
#[derive(Debug, Clone)]
pub enum SaleOrReturn {
    /// A sale.
    Sale(SaleReceipt),
    /// A return.
    Return(ReturnReceipt),
}

/// A line of goods.
#[derive(Debug, Clone)]
pub struct StoredGoodsLine {
    /// Its place in the sale, from 0.
    pub position: i64,
    /// Item code.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Category.
    pub category: String,
    /// How much of it, in thousandths.
    pub quantity: Quantity,
    /// Unit of the quantity.
    pub unit: Unit,
    /// What it cost before discounts, minor units.
    pub amount: Money,
}

/// A movement of points.
#[derive(Debug, Clone)]
pub struct StoredReceiptEntry {
    /// Its id.
    pub id: EntryId,
    /// What it did.
    pub kind: EntryKind,
    /// How many points came (+) or went (−).
    pub points: Points,
    /// Why.
    pub reason: EntryReason,
    /// When.
    pub at: Instant,
}

/// A receipt in short.
#[derive(Debug, Clone)]
pub struct ReceiptSummary {
    /// Its id.
    pub id: ReceiptId,
    /// Sale or return.
    pub kind: ReceiptKind,
    /// Series of the numbering, where the till has one.
    pub series: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Its own time.
    pub at: Instant,
    /// Sum of the lines before discounts, minor units.
    pub total: Money,
    /// Discounts, minor units.
    pub discount: Money,
    /// Paid by points, minor units.
    pub paid_by_points: Money,
    /// Paid in money, or given back in money by a return, minor units.
    pub money: Money,
    /// Of a return: the sale.
    pub sale: Option<ReceiptId>,
}

/// A page of receipts.
#[derive(Debug, Clone)]
pub struct ReceiptListPage {
    /// Receipts in the order in which they were stored.
    pub receipts: Vec<ReceiptSummary>,
    /// What `after` is for the next page; null on the last page.
    pub next: Option<ReceiptId>,
}
