//! Data that goes over the wire. Money in minor units, quantities in thousandths, points whole. Fields that this client does
//! not know are skipped, since answers may grow.

mod requests;
mod responses;

pub use requests::{
    NamedReturnRequest, QueuedSaleReference, ReceiptLineRequest, ReceiptListRequest,
    ReceiptRequest, ReturnLineRequest, ReturnRequest, SpendRequest,
};
pub use responses::{
    AcceptedResponse, BatchItemResponse, BilingualText, CommitResponse, GiftToHandOver,
    LookupResponse, OfferSummary, ProblemResponse, QuoteResponse, ReceiptListItem,
    ReceiptListResponse, WrongField,
};
