//! Guards of the wallet's pages: who may see one, and what is shown when its data cannot be. A guest is always sent to sign
//! in, and nobody ever reads the cause of a fault.

use std::sync::Arc;

use http::StatusCode;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::{BUSY_SECONDS, Error, Refusal};
use leptos::prelude::*;

use super::{Icon, Solo};
use crate::api::{Visitor, reply};
use crate::pages::NotFound;

/// The signed-in shopper behind the page being rendered. A guest is sent to `/sign-in` instead and gets nothing;
/// the page then renders nothing either.
pub fn require_shopper() -> Option<(Arc<Visitor>, Shopper)> {
    let visitor = Visitor::current();
    match visitor.shopper.clone() {
        Some(shopper) => Some((visitor, shopper)),
        None => {
            reply::redirect_to("/sign-in");
            None
        }
    }
}

/// Renders a page once its data is there, or what stands in its place ([`render_instead`]).
pub fn load_page(page: impl Future<Output = Result<AnyView, Error>> + Send + 'static) -> AnyView {
    Suspend::new(async move { page.await.unwrap_or_else(render_instead) }).into_any()
}

/// Renders a page for its signed-in shopper as [`load_page`] does; a guest is sent to `/sign-in`.
pub fn load_for_shopper<Loading>(page: impl FnOnce(Arc<Visitor>, Shopper) -> Loading) -> AnyView
where
    Loading: Future<Output = Result<AnyView, Error>> + Send + 'static,
{
    match require_shopper() {
        Some((visitor, shopper)) => load_page(page(visitor, shopper)),
        None => ().into_any(),
    }
}

/// Returns who reads a page for guests; a shopper who is signed in is sent to `/card` and gets nothing.
pub fn require_guest() -> Option<Arc<Visitor>> {
    let visitor = Visitor::current();
    if visitor.shopper.is_some() {
        reply::redirect_to("/card");
        return None;
    }
    Some(visitor)
}

/// Renders what stands in place of a page whose data could not be had: the way to sign in, the page of a wrong address
/// (404), where others were in the way a request to try again (503), or our apology (500), with the cause in the log only.
pub fn render_instead(error: Error) -> AnyView {
    match error {
        Error::Refused(Refusal::NotSignedIn) => {
            reply::redirect_to("/sign-in");
            ().into_any()
        }
        Error::Refused(_) | Error::Invalid(_) => view! { <NotFound /> }.into_any(),
        Error::Busy => {
            tracing::warn!("a page could not be shown: others were in the way");
            reply::status(StatusCode::SERVICE_UNAVAILABLE);
            reply::retry_after(BUSY_SECONDS);
            view! { <ErrorPanel words="busy-page" /> }.into_any()
        }
        Error::Fault(cause) => {
            tracing::error!(cause, "a page could not be shown");
            reply::status(StatusCode::INTERNAL_SERVER_ERROR);
            view! { <ErrorPanel words="trouble-text" /> }.into_any()
        }
    }
}

/// Our apology: what happened, what to do, and that nothing was lost.
#[component]
fn ErrorPanel(
    /// Key of what to do.
    words: &'static str,
) -> impl IntoView {
    let visitor = Visitor::current();
    let texts = visitor.texts();
    view! {
        <Solo title=texts.get("trouble-title")>
            <div class="panel">
                <div class="empty">
                    <Icon name="refresh-cw" />
                    <h1>{texts.get("trouble-title")}</h1>
                    <p>{texts.get(words)}</p>
                    <a class="btn" href=visitor.path.clone()>
                        {texts.get("trouble-again")}
                    </a>
                </div>
            </div>
        </Solo>
    }
    .into_any()
}
