//! Reference client of Kopilka's POS API: typed calls, keys of its own, retries under the same key, and a durable queue
//! for tills without a link. It knows the wire format only, nothing of the server's inside.
//!
//! ```no_run
//! # async fn sell() -> Result<(), kopilka_client::Error> {
//! use kopilka_client::{Client, Line, Receipt, new_key};
//!
//! let till = Client::new("https://club.example.com", "the till's key")?;
//! let sale = Receipt::of(vec![Line::new("coffee", 99_000)]);
//! let stored = till.commit(&new_key(), &sale).await?;
//! println!("{} points", stored.earned);
//! # Ok(())
//! # }
//! ```

mod client;
mod error;
mod queue;
mod retry;
mod wire;

pub use client::PosApiClient;
pub use error::ClientError;
pub use queue::{
    DurableQueue, QueueError, QueueStatusReport, QueuedItem, QueuedRequest, RefusedItem,
};
pub use retry::RetryPolicy;
pub use wire::{
    AcceptedResponse, BatchItemResponse, BilingualText, CommitResponse, GiftToHandOver,
    LookupResponse, NamedReturnRequest, OfferSummary, ProblemResponse, QueuedSaleReference,
    QuoteResponse, ReceiptLineRequest, ReceiptListItem, ReceiptListRequest, ReceiptListResponse,
    ReceiptRequest, ReturnLineRequest, ReturnRequest, SpendRequest, WrongField,
};

/// A key for one receipt or return: keep it with the receipt and use it for every repeat.
pub fn new_key() -> String {
    uuid::Uuid::now_v7().to_string()
}
