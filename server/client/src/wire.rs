//! Data that goes over the wire. Money in minor units, quantities in thousandths, points whole. Fields that this client does
//! not know are skipped, since answers may grow.

mod answers;
mod requests;

pub use answers::{
    AcceptedResponse, BatchItemResponse, BilingualText, CommitResponse, GiftToHandOver,
    LookupResponse, OfferSummary, ProblemResponse, QuoteResponse, ReceiptListItem,
    ReceiptListResponse, WrongField,
};
pub use requests::{
    NamedReturnRequest, QueuedSaleReference, ReceiptLineRequest, ReceiptListRequest,
    ReceiptRequest, ReturnLineRequest, ReturnRequest, SpendRequest,
};
