//! The route table, nothing else.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::SsrMode::Async;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::pages;

/// All pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::Landing ssr=Async />
                <Route path=path!("/join") view=pages::JoinPhone ssr=Async />
                <Route path=path!("/join/code") view=pages::JoinCode ssr=Async />
                <Route path=path!("/join/consents") view=pages::JoinConsents ssr=Async />
                <Route path=path!("/sign-in") view=pages::SignIn ssr=Async />
                <Route path=path!("/card") view=pages::Card ssr=Async />
                <Route path=path!("/card/print") view=pages::CardPrint ssr=Async />
                <Route path=path!("/claim") view=pages::Claim ssr=Async />
                <Route path=path!("/offline") view=pages::Offline ssr=Async />
                <Route path=path!("/points") view=pages::Points ssr=Async />
                <Route path=path!("/points/:entry") view=pages::Entry ssr=Async />
                <Route path=path!("/offers") view=pages::Offers ssr=Async />
                <Route path=path!("/profile") view=pages::Profile ssr=Async />
                <Route path=path!("/consents") view=pages::Consents ssr=Async />
                <Route path=path!("/settings") view=pages::Settings ssr=Async />
                <Route path=path!("/rules") view=pages::Rules ssr=Async />
                <Route path=path!("/help") view=pages::Help ssr=Async />
                <Route path=path!("/privacy") view=pages::Privacy ssr=Async />
                <Route path=path!("/outbox") view=pages::Outbox ssr=Async />
                <Route path=path!("/till") view=pages::Till ssr=Async />
                <Route path=path!("/till/return") view=pages::TillReturn ssr=Async />
                <Route path=path!("/till/pair") view=pages::TillPair ssr=Async />
                <Route path=path!("/till/pin") view=pages::TillPin ssr=Async />
                <Route path=path!("/till/report") view=pages::TillReport ssr=Async />
                <Route path=path!("/till/queue") view=pages::TillQueue ssr=Async />
                <Route path=path!("/till/offline") view=pages::TillOffline ssr=Async />
            </FlatRoutes>
        </Router>
    }
}
