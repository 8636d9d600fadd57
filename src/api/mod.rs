//! Server functions, a file per subject: authorise, call a use case, answer with a redirect or with the page again.
//! Each has an explicit endpoint under `/api/` and takes a plain form by POST, so that it works without JavaScript.

pub mod forms;
pub mod reply;
pub mod visitor;

pub use visitor::{Language, Theme, Visitor};
