//! Taking goods back: the sale is found by its number or among those of a card, lines are chosen, what would change is
//! seen, and the return is posted once. Every step is a page that works without JavaScript.

mod effect;
mod find;
mod recent;
mod return_state;
mod sale_panel;

use leptos::prelude::*;

use super::till_frame::Frame;
use super::till_sign_in::TillSignIn;
use crate::api::Visitor;
use crate::api::forms::FormState;
use crate::components::page_loading;
use crate::text::Texts;
use find::FindSale;
use return_state::ReturnPageState;
use sale_panel::SalePanel;

/// The page of returns.
#[component]
pub fn Return() -> impl IntoView {
    let visitor = Visitor::current();
    let Ok(at_till) = visitor.at_till() else {
        return view! { <TillSignIn /> }.into_any();
    };
    let posted = FormState::current();
    page_loading::load_page(async move {
        let (state, banner) = return_state::load_state(&visitor, &at_till, posted.as_ref()).await?;
        Ok(view! { <Frame banner>{render_state(state, visitor.texts())}</Frame> }.into_any())
    })
}

fn render_state(state: ReturnPageState, texts: Texts) -> AnyView {
    let ReturnPageState {
        asked,
        tills,
        listed,
        recent,
        chosen,
    } = state;
    let focus = chosen.is_none();
    view! {
        <FindSale texts asked tills listed recent autofocus=focus />
        {chosen.map(|chosen| view! { <SalePanel chosen=*chosen /> })}
    }
    .into_any()
}
