//! The camera beside the code's field: a button, and the panel that it opens. Both are hidden until the till's module shows
//! them, because without it no camera opens. Every word that the module may say stands here.

use std::sync::Arc;

use leptos::prelude::*;

use crate::api::visitor::AssetPaths;
use crate::components::{Icon, Key};
use crate::text::Texts;

/// The camera as a scanner.
#[component]
pub fn Camera(
    /// Words in the language of the page.
    texts: Texts,
    /// Paths of the decoder, among others.
    assets: Arc<AssetPaths>,
) -> impl IntoView {
    // The module puts the number in.
    let open_place = |key: &str| texts.with_values(key, &[("n", "{n}".into())]);
    view! {
        <div
            class="camera"
            id="camera"
            inert=true
            data-js=assets.decoder_js.clone()
            data-wasm=assets.decoder_wasm.clone()
            data-opening=texts.get("till-camera-opening")
            data-looking=open_place("till-camera-looking")
            data-hint=texts.get("till-camera-hint")
            data-name=open_place("till-camera-name")
            data-denied=texts.get("till-camera-denied")
            data-missing=texts.get("till-camera-missing")
            data-busy=texts.get("till-camera-busy")
            data-insecure=texts.get("till-camera-insecure")
            data-failed=texts.get("till-camera-failed")
        >
            <button
                type="button"
                class="btn quiet"
                data-camera="open"
            >
                <Icon name="camera" />
                {texts.get("till-camera")}
                <Key name="F6" />
            </button>
            <p class="camera-trouble" role="alert"></p>
            <div
                class="camera-view"
                id="camera-view"
                role="group"
                aria-label=texts.get("till-camera")
                hidden
            >
                <div class="camera-frame">
                    <video muted playsinline autoplay aria-hidden="true"></video>
                </div>
                <p class="meta camera-time"></p>
                <p class="camera-hint" role="status"></p>
                <div class="field camera-choice" hidden>
                    <label for="camera-choice">{texts.get("till-camera-choice")}</label>
                    <select id="camera-choice" data-camera="choice"></select>
                </div>
                <div class="actions">
                    <button
                        type="button"
                        class="btn quiet camera-torch"
                        data-camera="torch"
                        aria-pressed="false"
                        hidden
                    >
                        {texts.get("till-camera-torch")}
                    </button>
                    <button type="button" class="btn quiet camera-close" data-camera="close">
                        <Icon name="x" />
                        {texts.get("till-camera-close")}
                        " "
                        <kbd>"Esc"</kbd>
                    </button>
                </div>
            </div>
        </div>
    }
    .into_any()
}
