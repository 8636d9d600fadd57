//! The app: pages rendered on the server, server functions behind their forms, and the islands that reach the browser.
//! Only [`islands`] and what they use are compiled for the browser; the till's module is a crate of its own, `kopilka-till`.

pub mod components;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod text;

/// Called by the loader once the module is there; the islands follow, each by its own export.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
