//! Small view pieces. [`code`] is drawn on the server and by islands alike; the rest only on the server.

pub mod code;

#[cfg(feature = "ssr")]
mod field;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
mod icon;

#[cfg(feature = "ssr")]
pub use field::{FormErrors, TextField};
#[cfg(feature = "ssr")]
pub use frame::{Document, Head, Section, Solo, Wallet};
#[cfg(feature = "ssr")]
pub use icon::Icon;
