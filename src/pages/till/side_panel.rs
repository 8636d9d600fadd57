//! Work of a cashier beside the receipt while nobody's card is there: a new card, or a phone instead of a card. The receipt
//! stays in its place meanwhile, and a card that turns up is scanned as ever.

use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::till;
use leptos::prelude::*;

use super::enrolment_panel::EnrolPanel;
use super::fields::{CodeField, FieldError, ReceiptFieldErrors};
use super::phone_panel::{PhoneCodePanel, PhoneOver, PhonePanel};
use super::till_state::OpenSale;
use crate::api::Visitor;
use crate::api::forms::sale_form::SaleForm;
use crate::components::Key;
use crate::text::Texts;
use kopilka_core::ids::RowId;

/// Work that is done beside the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidePanel {
    /// Nothing.
    Nothing,
    /// A shopper joins by this link.
    Enrol(String),
    /// A phone is asked for.
    Phone,
    /// A code was sent; another may be in so many seconds.
    PhoneCode(i64),
    /// The code that was sent is dead.
    PhoneOver,
    /// A printed card is attached to the customer.
    Attach,
}

impl SidePanel {
    /// Returns the work that the form names, as far as it can be done.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn load_named(
        visitor: &Visitor,
        at_till: &TillContext,
        sale: &SaleForm,
        has_customer: bool,
    ) -> Result<Self, Error> {
        let service = &visitor.kopilka;
        Ok(match (sale.side_panel.as_str(), has_customer) {
            ("enrol", false) if !sale.token.is_empty() => {
                Self::Enrol(till::join_link(service, at_till, &sale.token)?)
            }
            ("phone", false) => Self::Phone,
            ("phone-code", false) => {
                match till::find_phone_code(service, at_till, &sale.token).await? {
                    Some(sent) => Self::PhoneCode(sent.resend_in),
                    None => Self::PhoneOver,
                }
            }
            ("attach", true) => Self::Attach,
            _ => Self::Nothing,
        })
    }
}

/// The panel in the customer's place, where something is done there.
pub fn side_panel(open_sale: &OpenSale, texts: Texts) -> Option<AnyView> {
    let sale = open_sale.sale.clone();
    let wrong = ReceiptFieldErrors::new(open_sale.problems.clone(), texts);
    Some(match &open_sale.side_panel {
        SidePanel::Enrol(link) => {
            let link = link.clone();
            view! { <EnrolPanel texts link sale wrong /> }.into_any()
        }
        SidePanel::Phone => view! { <PhonePanel texts sale wrong /> }.into_any(),
        SidePanel::PhoneCode(resend_in) => {
            let resend_in = *resend_in;
            view! { <PhoneCodePanel texts resend_in wrong /> }.into_any()
        }
        SidePanel::PhoneOver => view! { <PhoneOver texts /> }.into_any(),
        SidePanel::Nothing | SidePanel::Attach => return None,
    })
}

/// Field for what is typed beside the receipt: a phone or a code, with its button.
#[component]
pub fn TypedField(
    /// Its label.
    label: String,
    /// Text that was typed and has to be put right.
    typed: String,
    /// Words for what is wrong with it.
    error: Option<String>,
    /// `inputmode`.
    inputmode: &'static str,
    /// The words on the button.
    button: String,
    /// Address to which it sends the form.
    action: &'static str,
    /// True if the page opens with the cursor here.
    autofocus: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="typed">{label}</label>
            <div class="inline">
                <input
                    id="typed"
                    name="typed"
                    form="receipt"
                    value=typed
                    inputmode=inputmode
                    autocomplete="off"
                    maxlength="40"
                    autofocus=autofocus
                    aria-invalid=error.is_some().then_some("true")
                    aria-describedby=error.is_some().then_some("typed-error")
                />
                <button class="btn" form="receipt" formaction=action>
                    {button}
                </button>
            </div>
            <FieldError id="typed".to_owned() words=error />
        </div>
    }
}

/// The end of a panel: a card that turned up, and the way back to the receipt alone.
#[component]
pub fn PanelEnd(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <div class="field">
            <CodeField texts
                label=texts.get("till-card-turned-up")
                form=Some("receipt")
                autofocus=false
            />
        </div>
        <div class="actions">
            <button
                class="btn quiet"
                form="receipt"
                formaction="/api/till/edit"
                name="to"
                value="receipt"
            >
                {texts.get("till-cancel")}
                <Key name="Escape" />
            </button>
        </div>
    }
    .into_any()
}

/// The ways to serve a shopper who has no card with them: a new card, or their phone.
#[component]
pub fn WithoutTheCard(
    /// Words in the language of the page.
    texts: Texts,
    /// Id of the form whose buttons these are; none: a form of their own, with a new receipt.
    form: Option<&'static str>,
) -> impl IntoView {
    let buttons = view! {
        <button class="btn quiet" form=form formaction="/api/till/enrol-open">
            {texts.get("till-new-card")}
            <Key name="Insert" />
        </button>
        <button
            class="btn quiet"
            form=form
            formaction="/api/till/edit"
            name="to"
            value="phone"
        >
            {texts.get("till-forgot-card")}
            <Key name="F7" />
        </button>
    };
    if form.is_some() {
        return view! { <div class="actions">{buttons}</div> }.into_any();
    }
    view! {
        <form class="actions" method="post" action="/api/till/edit">
            <input type="hidden" name="key" value=RowId::new().to_string() />
            {buttons}
        </form>
    }
    .into_any()
}
