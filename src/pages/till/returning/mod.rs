//! Taking goods back: the sale is found by its number or among those of a card, lines are chosen, what would change is
//! seen, and the return is posted once. Every step is a page that works without JavaScript.

mod effect;
mod find;
mod recent;
mod return_state;
mod sale_panel;

use std::sync::Arc;

use leptos::prelude::*;

use super::till_frame::Frame;
use super::till_sign_in::TillSignIn;
use crate::api::Visitor;
use crate::api::forms::FormState;
use crate::components::page_loading;
use find::FindSale;
use return_state::ReturnPageState;
use sale_panel::SalePanel;

/// The page of returns.
#[component]
pub fn Return() -> impl IntoView {
    let visitor = Visitor::current();
    let Ok(at_till) = visitor.at_till() else {
        return view! { <TillSignIn visitor /> }.into_any();
    };
    let posted = FormState::current();
    page_loading::load_page(async move {
        let (state, banner) = return_state::load_state(&visitor, &at_till, posted.as_ref()).await?;
        let panels = render_state(&visitor, state);
        Ok(view! { <Frame visitor banner>{panels}</Frame> }.into_any())
    })
}

fn render_state(visitor: &Visitor, state: ReturnPageState) -> AnyView {
    let texts = visitor.texts();
    let zone = visitor.zone_here();
    let programme = Arc::clone(&visitor.rules.programme);
    let ReturnPageState {
        asked,
        tills,
        listed,
        recent,
        chosen,
    } = state;
    let focus = chosen.is_none();
    view! {
        <FindSale
            texts
            programme=Arc::clone(&programme)
            zone
            asked
            tills
            listed
            recent
            autofocus=focus
        />
        {chosen.map(|chosen| view! { <SalePanel texts programme zone chosen=*chosen /> })}
    }
    .into_any()
}
