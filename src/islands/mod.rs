//! The only Rust that reaches a shopper's browser, a file each. An island draws nothing: it finds what the server drew
//! and keeps it alive, so that the page is whole without it. What it needs to know stands in `data-` attributes beside the text
//! that they describe: strings, so that no decoder of JSON is loaded.

#[cfg(feature = "hydrate")]
mod card;
mod live_card;
mod offline_card;

pub use live_card::LiveCard;
pub use offline_card::OfflineCard;
