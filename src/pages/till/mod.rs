//! The till: a cashier signs in, scans a card, sees the customer and the receipt, posts, and is ready for the next one.
//! Every step is a page that works without JavaScript; phone, birth date and children never get this far.

mod ask_owner;
mod attach;
mod block_override;
mod camera_panel;
mod claim_slip;
mod customer;
mod customer_offers;
mod enrolment_panel;
mod fields;
mod gift_list;
mod goods_search;
mod idle;
mod lines;
mod pair;
mod phone_panel;
mod pin;
mod queue_pages;
mod receipt_panel;
mod result;
mod returning;
mod shift_report;
mod side_panel;
mod sum_panel;
mod till_frame;
mod till_offline;
mod till_sign_in;
mod till_state;

use std::sync::Arc;

use kopilka_core::domain::programme::Programme;
use leptos::prelude::*;

pub use pair::TillPair;
pub use pin::TillPin;
pub use queue_pages::{TillQueue, queue_bar};
pub use returning::Return;
pub use shift_report::TillReport;
pub use till_offline::TillOffline;

use crate::api::Visitor;
use crate::api::forms::FormState;
use crate::api::visitor::AssetPaths;
use crate::components::page_loading;
use crate::text::Texts;
use block_override::BlockOverride;
use customer::CustomerPanel;
use idle::{Idle, ScanPanel};
use receipt_panel::ReceiptPanel;
use side_panel::SidePanel;
use till_frame::Frame;
use till_sign_in::TillSignIn;
use till_state::{OpenSale, TillPageState};

/// The till.
#[component]
pub fn Till() -> impl IntoView {
    let visitor = Visitor::current();
    let Ok(at_till) = visitor.at_till() else {
        return view! { <TillSignIn visitor /> }.into_any();
    };
    let asked = visitor.path.clone();
    // The next customer is asked for once: no link of the page repeats it.
    let visitor = Arc::new(Visitor {
        path: till_state::address(&asked),
        ..Visitor::clone(&visitor)
    });
    provide_context(Arc::clone(&visitor));
    let posted = FormState::current();
    page_loading::load_page(async move {
        let block_override =
            BlockOverride::from_posted(&visitor, &at_till, posted.as_ref()).await?;
        let (state, banner) =
            till_state::load_state(&visitor, &at_till, &asked, posted.as_ref()).await?;
        let panels = render_state(&visitor, state);
        Ok(view! { <Frame visitor banner block_override>{panels}</Frame> }.into_any())
    })
}

fn render_state(visitor: &Visitor, state: TillPageState) -> AnyView {
    let texts = visitor.texts();
    let programme = Arc::clone(&visitor.rules.programme);
    let assets = Arc::clone(&visitor.assets);
    match state {
        TillPageState::Idle { sold } => {
            let sold = sold.map(|sold| *sold);
            view! { <Idle texts programme assets sold /> }.into_any()
        }
        TillPageState::OpenSale(open_sale) => {
            view! { <SaleView texts programme assets open_sale=*open_sale /> }.into_any()
        }
    }
}

/// The customer on the left, the receipt on the right.
#[component]
fn SaleView(
    /// Words in the language of the page.
    texts: Texts,
    programme: Arc<Programme>,
    assets: Arc<AssetPaths>,
    open_sale: OpenSale,
) -> impl IntoView {
    // Enter in a field beside the receipt is about that field.
    let enter = if open_sale.sale.side_panel.is_empty() {
        "/api/till/quote"
    } else {
        "/api/till/enter"
    };
    let beside = side_panel::side_panel(&open_sale, texts);
    let left = match open_sale.customer.clone() {
        None if beside.is_some() => beside.into_any(),
        Some(customer) => {
            let (quote, sale) = (open_sale.quote.clone(), open_sale.sale.clone());
            let attaching = matches!(open_sale.side_panel, SidePanel::Attach);
            let programme = Arc::clone(&programme);
            view! { <CustomerPanel texts programme customer quote sale attaching /> }.into_any()
        }
        None => {
            let over = open_sale.over;
            view! { <ScanPanel texts assets over /> }.into_any()
        }
    };
    view! {
        // Enter in any field presses the first button of its form: this one, and never one that gives something away.
        <button
            class="vh"
            form="receipt"
            formaction=enter
            tabindex="-1"
            aria-hidden="true"
        ></button>
        {left}
        <ReceiptPanel texts programme open_sale />
    }
}
