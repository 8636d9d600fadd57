//! The till: a cashier signs in, scans a card, sees the customer and the receipt, posts, and is ready for the next one.
//! Every step is a page that works without JavaScript; phone, birth date and children never get this far.

mod asking;
mod camera;
mod customer;
mod draft;
mod fields;
mod frame;
mod goods;
mod idle;
mod lines;
mod offers;
mod pair;
mod pin;
mod quote;
mod radar;
mod receipt;
mod report;
mod result;
mod returning;
mod scene;
mod sign_in;

use leptos::prelude::*;

pub use draft::{SaleForm, fingerprint};
pub use pair::TillPair;
pub use pin::TillPin;
pub use report::TillReport;
pub use returning::{Return, ReturnForm, returned_fingerprint};

use crate::api::Visitor;
use crate::api::forms::PostedForm;
use crate::components::guard;
use customer::CustomerPanel;
use frame::Frame;
use idle::{Idle, ScanPanel};
use radar::Lift;
use receipt::ReceiptPanel;
use scene::{Scene, Serving};
use sign_in::SignIn;

/// The till.
#[component]
pub fn Till() -> impl IntoView {
    let Ok(visitor) = Visitor::current() else {
        return ().into_any();
    };
    let Ok(at_till) = visitor.at_till() else {
        return view! { <SignIn /> }.into_any();
    };
    let asked = visitor.path.clone();
    // The visit's token is for this answer only: no link of the page repeats it.
    provide_context(Visitor {
        path: scene::address(&asked),
        ..visitor.clone()
    });
    let posted = use_context::<PostedForm>();
    view! {
        <Suspense>
            {Suspend::new(async move {
                let lift = Lift::of(&visitor, &at_till, posted.as_ref()).await;
                match (scene::load(&visitor, &at_till, &asked, posted.as_ref()).await, lift) {
                    (Ok((scene, told)), Ok(lift)) => {
                        view! { <Frame told lift>{show(scene)}</Frame> }.into_any()
                    }
                    (Err(error), _) | (_, Err(error)) => guard::instead(error),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn show(scene: Scene) -> AnyView {
    match scene {
        Scene::Idle { sold, code } => {
            let sold = sold.map(|sold| *sold);
            view! { <Idle sold code /> }.into_any()
        }
        Scene::Serving(serving) => view! { <Counter serving=*serving /> }.into_any(),
    }
}

/// The customer on the left, the receipt on the right.
#[component]
fn Counter(serving: Serving) -> impl IntoView {
    let left = match serving.customer.clone() {
        Some(customer) => {
            let (quote, sale) = (serving.quote.clone(), serving.sale.clone());
            view! { <CustomerPanel customer quote sale /> }.into_any()
        }
        None => {
            let (sale, over) = (serving.sale.clone(), serving.over);
            view! { <ScanPanel sale over /> }.into_any()
        }
    };
    view! {
        // Enter in any field presses the first button of its form: this one, and never one that gives something away.
        <button
            class="vh"
            form="receipt"
            formaction="/api/till/quote"
            tabindex="-1"
            aria-hidden="true"
        ></button>
        {left}
        <ReceiptPanel serving />
    }
}
