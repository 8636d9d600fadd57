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
pub(crate) use issued_claim_code::{find_claim_code, hash_claim_code};
pub use key_outcome::{IdempotencyKeyOutcome, outcome_of_key};
pub(crate) use parking::forget_member;
pub use parking::settle_parked;
pub use receipt_batch::{
    BatchItemResult, MOST_ITEMS, ReceiptBatchItem, commit_batch_item, commit_queued,
};
pub use receipt_listing::{LARGEST_PAGE, ReceiptSearchCriteria, USUAL_PAGE, list_receipts};
pub use recent::{RecentTillSales, recent_sales};
pub use returnable_sales::{
    ReturnableLine, ReturnableSale, SaleListItem, find_by_number, list_store_tills,
    load_stored_return, moves_points, returnable, sales_of_member,
};
pub use returning::{ReturnCalculation, SaleBeforeReturn};
pub use returning::{ReturnDraft, ReturnedSaleName, commit_return, quote_return};
pub(crate) use selling::points_to_ask_for;
pub use selling::{commit_sale, commit_shown_total, quote_sale};
pub use stored_receipt::{load_receipt, load_stored_sale};

pub use crate::usecases::checkout::receipt_answers::{
    IssuedClaimCode, NextTierProgress, ReceiptListPage, ReceiptSummary, ReceiptTierProgress,
    ReturnEffect, ReturnReceipt, ReturnedLine, SaleOrReturn, SaleQuote, SaleReceipt,
    StoredGoodsLine, StoredReceipt, StoredReceiptEntry,
};
use crate::usecases::checkout::sale_draft::LateSaleOrigin;
pub use crate::usecases::checkout::sale_draft::SaleDraft;

#[cfg(test)]
pub(crate) mod tests;
