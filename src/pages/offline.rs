//! Page that the service worker shows without a link: the card that this device has kept, filled in by an island. The page
//! is the same for everybody, since it is kept in the browser's cache. The card's place is there from the start: most who
//! come here have one, and nothing then moves.

use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::card_tile::EmptyCard;
use crate::components::{Document, Icon, WalletSection};
use crate::islands::OfflineCard;

/// The offline page.
#[component]
pub fn Offline() -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    view! {
        <Document title=texts.get("offline-title") section=WalletSection::Card>
            <main class="cols" id="main" aria-busy="true">
                <div class="side script">
                    <EmptyCard texts />
                </div>
                <div class="page script">
                    <h1 class="vh">{texts.get("offline-title")}</h1>
                    <div class="note" data-tone="warn">
                        <Icon name="wifi-off" />
                        <div>
                            <h2>{texts.get("offline-works")}</h2>
                            <p>{texts.get("offline-balance")} " " <span data-live="at"></span></p>
                            <p>{texts.get("offline-later")}</p>
                        </div>
                    </div>
                    <p>
                        <a class="btn quiet" href="/card">
                            <Icon name="refresh-cw" />
                            {texts.get("offline-again")}
                        </a>
                    </p>
                </div>
                <div class="panel no-script" id="offline-empty">
                    <div class="empty">
                        <Icon name="wifi-off" />
                        <h1>{texts.get("offline-none")}</h1>
                        <p>{texts.get("offline-none-text")}</p>
                        <a class="btn" href="/card">
                            {texts.get("offline-again")}
                        </a>
                    </div>
                </div>
                <OfflineCard />
            </main>
        </Document>
    }
    .into_any()
}
