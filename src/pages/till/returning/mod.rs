//! Taking goods back: the sale is found by its number or among those of a card, lines are chosen, what would change is
//! seen, and the return is posted once. Every step is a page that works without JavaScript.

mod effect;
mod find;
mod recent;
mod sale;
mod state;

use leptos::prelude::*;

use super::frame::Frame;
use super::sign_in::SignIn;
use crate::api::Visitor;
use crate::api::forms::FormState;
use crate::components::guard;
use find::FindSale;
use sale::SalePanel;
use state::ReturnState;

/// The page of returns.
#[component]
pub fn Return() -> impl IntoView {
    let visitor = Visitor::current();
    let Ok(at_till) = visitor.at_till() else {
        return view! { <SignIn /> }.into_any();
    };
    let posted = FormState::current();
    guard::load(async move {
        let (state, banner) = state::load(&visitor, &at_till, posted.as_ref()).await?;
        Ok(view! { <Frame banner>{show(state)}</Frame> }.into_any())
    })
}

fn show(state: ReturnState) -> AnyView {
    let ReturnState {
        asked,
        tills,
        listed,
        recent,
        chosen,
    } = state;
    let focus = chosen.is_none();
    view! {
        <FindSale asked tills listed recent autofocus=focus />
        {chosen.map(|chosen| view! { <SalePanel chosen=*chosen /> })}
    }
    .into_any()
}
