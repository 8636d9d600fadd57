//! The route table, nothing else.

use leptos::prelude::*;

use crate::pages;

/// The page at a path.
#[component]
pub fn App(
    /// Path of the request, without its query.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    match path.as_str() {
        "/" => pages::Landing().into_any(),
        _ => page_below_root(path.strip_suffix('/').unwrap_or(&path)),
    }
}

fn page_below_root(path: &str) -> AnyView {
    match path {
        "/join" => pages::JoinPhone().into_any(),
        "/join/code" => pages::JoinCode().into_any(),
        "/join/consents" => pages::JoinConsents().into_any(),
        "/sign-in" => pages::SignIn().into_any(),
        "/card" => pages::Card().into_any(),
        "/card/print" => pages::CardPrint().into_any(),
        "/claim" => pages::Claim().into_any(),
        "/offline" => pages::Offline().into_any(),
        "/points" => pages::Points().into_any(),
        "/offers" => pages::Offers().into_any(),
        "/profile" => pages::Profile().into_any(),
        "/consents" => pages::Consents().into_any(),
        "/settings" => pages::Settings().into_any(),
        "/rules" => pages::Rules().into_any(),
        "/help" => pages::Help().into_any(),
        "/privacy" => pages::Privacy().into_any(),
        "/outbox" => pages::Outbox().into_any(),
        "/till" => pages::Till().into_any(),
        "/till/return" => pages::TillReturn().into_any(),
        "/till/pair" => pages::TillPair().into_any(),
        "/till/pin" => pages::TillPin().into_any(),
        "/till/report" => pages::TillReport().into_any(),
        "/till/queue" => pages::TillQueue().into_any(),
        "/till/offline" => pages::TillOffline().into_any(),
        _ => match path.strip_prefix("/points/") {
            Some(entry) if !entry.is_empty() && !entry.contains('/') => {
                view! { <pages::Entry id=entry /> }.into_any()
            }
            _ => pages::NotFound().into_any(),
        },
    }
}
