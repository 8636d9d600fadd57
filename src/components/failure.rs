//! What stands in place of a page whose data could not be had. The cause is logged and never shown.

use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;

use crate::api::reply;
use crate::pages::NotFound;

/// Sign-in for whoever was signed out meanwhile, 404, or status 500, which the server answers with its apology.
pub fn failure(error: Error) -> AnyView {
    match error {
        Error::Refused(Refusal::NotSignedIn) => reply::go("/sign-in"),
        Error::Refused(Refusal::NotFound) => return view! { <NotFound /> }.into_any(),
        error => {
            reply::fault(&error.to_string());
        }
    }
    ().into_any()
}
