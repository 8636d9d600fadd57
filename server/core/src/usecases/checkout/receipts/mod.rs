//! Receipts: quote, sale, return. The same judgement answers a quote and is stored by a commit; a commit is stored exactly
//! once, by its key and by its own identity.

mod canonical_text;
mod claiming;
mod code_use;
mod confirmed_spending;
mod draft_checks;
mod holding;
mod idempotency;
mod issued_claim_code;
mod judging;
mod key_outcome;
mod late_sale;
mod named_sale;
mod parked_answers;
mod parked_refusals;
mod parking;
mod receipt_batch;
mod receipt_listing;
mod recent;
mod returnable_sales;
mod returning;
mod sale_effects;
mod sale_storing;
mod selling;
mod sent_receipt;
mod stored_forms;
mod stored_receipt;

pub use canonical_text::{hash_return, hash_sale};
pub(crate) use claiming::assign_receipt;
pub(crate) use draft_checks::OLDEST_DAYS;
pub use holding::{
    HeldSaleView, RefusedHeldSale, held_at_till, held_sales, refuse_held, refused_at_till,
    release_held,
};
pub use idempotency::{CommitAnswer, CommitOutcome, IdempotentRequest, is_valid_key};
pub use issued_claim_code::IssuedClaimCode;
pub(crate) use issued_claim_code::{find_claim_code, hash_claim_code};
pub use key_outcome::{IdempotencyKeyOutcome, outcome_of_key};
pub(crate) use parking::forget_member;
pub use parking::settle_parked;
pub use receipt_batch::{
    BatchItemResult, MOST_ITEMS, ReceiptBatchItem, commit_batch_item, commit_queued,
};
pub use receipt_listing::{
    LARGEST_PAGE, ReceiptListPage, ReceiptSearchCriteria, ReceiptSummary, USUAL_PAGE, list_receipts,
};
pub use recent::{RecentTillSales, recent_sales};
pub use returnable_sales::{
    ReturnableLine, ReturnableSale, SaleListItem, find_by_number, list_store_tills,
    load_stored_return, moves_points, returnable, sales_of_member,
};
pub use returning::{ReturnCalculation, SaleBeforeReturn};
pub use returning::{
    ReturnDraft, ReturnEffect, ReturnReceipt, ReturnedLine, ReturnedSaleName, commit_return,
    quote_return,
};
pub(crate) use selling::points_to_ask_for;
pub use selling::{commit_sale, commit_shown_total, quote_sale};
pub use stored_receipt::{
    SaleOrReturn, StoredGoodsLine, StoredReceipt, StoredReceiptEntry, load_receipt,
    load_stored_sale,
};

use crate::domain::amounts::Points;
use crate::domain::evaluate::Evaluation;
use crate::domain::programme::{LocalisedText, Programme, TierMeasure};
use crate::domain::tiers::{progress, upgraded};
use crate::ids::ReceiptId;
use crate::usecases::checkout::sale_draft::LateSaleOrigin;
pub use crate::usecases::checkout::sale_draft::SaleDraft;

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
    fn after_receipt(programme: &Programme, tier: &str, measured: i64) -> Self {
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

#[cfg(test)]
pub(crate) mod tests;
