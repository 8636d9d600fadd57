//! Small view pieces. [`code`] is drawn on the server and by islands alike; the rest only on the server.

pub mod code;
#[cfg(all(test, feature = "ssr"))]
mod code_comparison;

#[cfg(feature = "ssr")]
pub mod card_tile;
#[cfg(feature = "ssr")]
pub mod ean;

#[cfg(feature = "ssr")]
mod debt;
#[cfg(feature = "ssr")]
pub mod document_facts;
#[cfg(feature = "ssr")]
mod field;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
mod icon;
#[cfg(feature = "ssr")]
mod keyboard_key;
#[cfg(feature = "ssr")]
mod link_code;
#[cfg(feature = "ssr")]
pub mod message_grid;
#[cfg(feature = "ssr")]
pub mod movement;
#[cfg(feature = "ssr")]
mod offer;
#[cfg(feature = "ssr")]
mod open_page;
#[cfg(feature = "ssr")]
pub mod page_loading;
#[cfg(feature = "ssr")]
mod sentence;
#[cfg(feature = "ssr")]
mod tier_holding;
#[cfg(feature = "ssr")]
mod till_question;

#[cfg(feature = "ssr")]
pub use debt::Debt;
#[cfg(feature = "ssr")]
pub use document_facts::{Body, Title};
#[cfg(feature = "ssr")]
pub use field::{BusyNote, FormErrors, TextField};
#[cfg(feature = "ssr")]
pub use frame::{Document, Head, LanguageSwitch, Solo, Wallet, WalletSection};
#[cfg(feature = "ssr")]
pub use icon::Icon;
#[cfg(feature = "ssr")]
pub use keyboard_key::Key;
#[cfg(feature = "ssr")]
pub use link_code::LinkCode;
#[cfg(feature = "ssr")]
pub use message_grid::MessageGrid;
#[cfg(feature = "ssr")]
pub use offer::OfferItem;
#[cfg(feature = "ssr")]
pub use open_page::{OpenPage, card_beside};
#[cfg(feature = "ssr")]
pub use sentence::sentence;
#[cfg(feature = "ssr")]
pub use tier_holding::Holding;
#[cfg(feature = "ssr")]
pub use till_question::TillQuestion;
