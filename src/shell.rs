//! The HTML document around each page. No inline script or style: the content security policy allows none.

use std::sync::{Arc, PoisonError};

use futures_util::StreamExt;
use http::{HeaderMap, StatusCode};
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::reactive::owner::Sandboxed;
use leptos_axum::ResponseOptions;

use crate::api::forms::FormState;
use crate::api::{ColourTheme, Visitor};
use crate::app::{App, AppProps};
use crate::components::document_facts::{DocumentFacts, DocumentFactsCell};
use crate::pages::till::queue_bar;

/// A rendered document, and the status and headers that its page asks for.
#[derive(Debug)]
pub struct RenderedDocument {
    /// The whole document.
    pub html: String,
    /// Status of the answer.
    pub status: StatusCode,
    /// Headers that the page wants: cookies, a redirect.
    pub headers: HeaderMap,
}

/// Renders the document of the page at the visitor's address, with a posted form on it where there is one. The page comes first
/// and waits for its data once; only then is it known what stands in the head.
pub async fn render_document(visitor: Arc<Visitor>, posted: Option<FormState>) -> RenderedDocument {
    let facts = DocumentFactsCell::default();
    let response = ResponseOptions::default();
    let path = visitor.path.split('?').next().unwrap_or("/").to_owned();
    // No signal lives longer than the request, and nothing is hydrated but islands, which take no data of the server's.
    let owner = Owner::new_root(None);
    let page = owner.with(|| {
        provide_context(Arc::clone(&visitor));
        provide_context(facts.clone());
        provide_context(response.clone());
        if let Some(posted) = posted {
            provide_context(posted);
        }
        let page = App(AppProps { path }).into_any();
        Sandboxed::new(ScopedFuture::new(
            page.to_html_stream_in_order().collect::<String>(),
        ))
    });
    let page = page.await;
    let html = owner.with(|| html_document(&visitor, page, facts.take()).to_html());
    let told = std::mem::take(&mut *response.0.write().unwrap_or_else(PoisonError::into_inner));
    RenderedDocument {
        html,
        status: told.status.unwrap_or_default(),
        headers: told.headers,
    }
}

fn html_document(visitor: &Visitor, page: String, facts: DocumentFacts) -> impl IntoView + use<> {
    let assets = &visitor.assets;
    let at_till = visitor.is_till_page();
    let (loader, js, wasm) = if at_till {
        (&assets.till_loader, &assets.till_js, &assets.till_wasm)
    } else {
        (&assets.loader, &assets.js, &assets.wasm)
    };
    // A scanner does not wait for the paint, so the till's module comes beside the page, not after it.
    let till = at_till.then(|| {
        view! {
            <link rel="stylesheet" href=assets.till_css.clone() />
            <link rel="modulepreload" href=js.clone() />
            <link rel="preload" r#as="fetch" crossorigin="anonymous" href=wasm.clone() />
        }
    });
    let language = visitor.language.as_str();
    let theme = (visitor.theme != ColourTheme::System).then(|| visitor.theme.as_str());
    let mut body = page;
    if at_till {
        // After the page, so that the way to its content is the first link; shown above it.
        body.push_str(&queue_bar(visitor).into_any().to_html());
    }
    view! {
        <!DOCTYPE html>
        <html lang=language data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f2f6f4" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0a100e" />
                <link rel="stylesheet" href=assets.css.clone() />
                {till}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <script src=loader.clone() data-js=js.clone() data-wasm=wasm.clone() defer=""></script>
                <title>{facts.title}</title>
            </head>
            <body class=facts.body_class inner_html=body></body>
        </html>
    }
}
