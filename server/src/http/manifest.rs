//! Manifest that makes the wallet installable: its name, icons, shortcuts, in the visitor's language.

use std::sync::Arc;

use axum::extract::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kopilka::api::Visitor;
use serde_json::json;

/// The web app manifest.
pub async fn manifest(Extension(visitor): Extension<Arc<Visitor>>) -> Response {
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let shortcut = |key: &str, url: &str| {
        json!({
            "name": texts.get(key),
            "url": url,
            "icons": [{ "src": "/icon-192.png", "sizes": "192x192", "type": "image/png" }],
        })
    };
    let manifest = json!({
        "id": "/",
        "start_url": "/card",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "lang": visitor.language.as_str(),
        "dir": "ltr",
        "name": texts.pick_language(&programme.name),
        "short_name": texts.pick_language(&programme.name),
        "description": texts.pick_language(&programme.tagline),
        "theme_color": programme.brand,
        "background_color": "#f2f6f4",
        "icons": [
            { "src": "/icon-192.png", "sizes": "192x192", "type": "image/png" },
            { "src": "/icon-512.png", "sizes": "512x512", "type": "image/png" },
            { "src": "/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable" },
        ],
        "shortcuts": [
            shortcut("nav-card", "/card"),
            shortcut("nav-offers", "/offers"),
            shortcut("nav-points", "/points"),
        ],
    });
    (
        [
            (header::CONTENT_TYPE, "application/manifest+json"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        manifest.to_string(),
    )
        .into_response()
}
