//! Server functions, a file per subject: authorise, call a use case, answer with a redirect or with the page again.
//! Each has an explicit endpoint under `/api/` and takes a plain form by POST, so that it works without JavaScript.

#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod card_key;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod claims;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod consents;
pub mod forms;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod offers;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod preferences;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod profile;
pub mod reply;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod settings;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod side_panel_forms;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod sign_up;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod spend_questions;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod till;
pub mod till_queue;
#[allow(missing_docs, reason = "fields of the structs that `server` makes")]
pub mod till_return;
pub mod visitor;

pub use visitor::{ColourTheme, PageLanguage, Visitor};
