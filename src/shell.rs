//! The HTML document around each page. No inline script or style: the content security policy allows none.

use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::api::{ColourTheme, Visitor};
use crate::app::App;
use crate::pages::till::queue_bar;

/// The document for one visitor.
pub fn html_document(visitor: &Visitor) -> impl IntoView + use<> {
    let assets = visitor.assets.clone();
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
                <MetaTags />
            </head>
            <body>
                <App />
                // After the page, so that the way to its content is the first link; shown above it.
                {at_till.then(|| queue_bar(visitor))}
            </body>
        </html>
    }
}
