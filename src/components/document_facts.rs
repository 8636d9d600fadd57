//! Facts that a page tells about the document around it. The document is written when its page is finished, so they are known then.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

/// Title and body of the document as its page wants them; the last one who tells is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentFacts {
    /// The browser's title.
    pub title: String,
    /// Class of `body`; `None` = it has none.
    pub body_class: Option<&'static str>,
}

/// Place where the page being rendered leaves its [`DocumentFacts`].
#[derive(Debug, Clone, Default)]
pub struct DocumentFactsCell(Arc<Mutex<DocumentFacts>>);

impl DocumentFactsCell {
    /// Takes what the page has told.
    pub fn take(&self) -> DocumentFacts {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn tell(change: impl FnOnce(&mut DocumentFacts)) {
        if let Some(cell) = use_context::<Self>() {
            change(&mut cell.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Sets the browser's title.
#[component]
pub fn Title(
    /// The whole title.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    DocumentFactsCell::tell(|facts| facts.title = text);
}

/// Sets the class of `body`.
#[component]
pub fn Body(
    /// The class.
    class: &'static str,
) -> impl IntoView {
    DocumentFactsCell::tell(|facts| facts.body_class = Some(class));
}
