//! An administrator shows a code that makes another browser a till of the store: large, for ten minutes, once.

use std::sync::Arc;

use kopilka_core::ids::TillId;
use kopilka_core::usecases::access::pairing;
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;

use super::till_frame::Sheet;
use super::till_sign_in::TillSignIn;
use crate::api::Visitor;
use crate::api::forms::RenderedForm;
use crate::api::visitor::cookie;
use crate::components::{FormErrors, Head, Icon, page_loading};
use crate::text::Texts;

/// The page.
#[component]
pub fn TillPair() -> impl IntoView {
    let visitor = Visitor::current();
    let Some(cashier) = visitor.cashier.clone() else {
        return view! { <TillSignIn visitor /> }.into_any();
    };
    let texts = visitor.texts();
    view! {
        <Sheet visitor=Arc::clone(&visitor) title=texts.get("till-pairing")>
            <Head
                title=texts.get("till-pairing")
                lead=texts.get("till-pairing-lead")
                back=("/till", texts.get("till-back"))
            />
            {page_loading::load_page(async move {
                match pairing::list_tills_to_pair(&visitor.kopilka, &cashier).await {
                    Err(Error::Refused(Refusal::AdminsOnly)) => Ok(only_admins(texts)),
                    tills => Ok(pairing_page(&visitor, tills?)),
                }
            })}
        </Sheet>
    }
    .into_any()
}

fn only_admins(texts: Texts) -> AnyView {
    view! {
        <div class="errors" role="alert">
            <Icon name="lock" />
            <h2>{texts.refusal(&Refusal::AdminsOnly)}</h2>
        </div>
    }
    .into_any()
}

/// The code that was just made, and the till that it is for. A token of ours; a till that is not the store's says nothing.
fn shown_code(visitor: &Visitor, tills: &[(TillId, String)]) -> Option<(String, String)> {
    let (code, till) = visitor.cookie(cookie::PAIRING).split_once('.')?;
    let digits = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit());
    let till: TillId = till.parse().ok()?;
    let (_, name) = tills.iter().find(|(id, _)| *id == till)?;
    digits.then(|| {
        let (first, last) = code.split_at(4);
        (format!("{first} {last}"), name.clone())
    })
}

fn pairing_page(visitor: &Visitor, tills: Vec<(TillId, String)>) -> AnyView {
    let texts = visitor.texts();
    let form = RenderedForm::for_endpoint("till/pairing-code");
    let code = shown_code(visitor, &tills);
    let chosen = form.value_or_stored("till", "");
    let option = move |(id, name): (TillId, String)| {
        let id = id.to_string();
        let selected = id == chosen;
        view! {
            <option value=id selected=selected>
                {name}
            </option>
        }
    };
    view! {
        {code
            .map(|(code, till)| {
                view! {
                    <section class="panel pairing-code" aria-labelledby="code-h" role="status">
                        <h2 id="code-h">
                            {texts.with_values("till-pairing-code", &[("till", till.into())])}
                        </h2>
                        <p class="digits">{code}</p>
                        <p class="meta">{texts.get("till-pairing-how")}</p>
                    </section>
                }
            })}
        <FormErrors form=form />
        {if tills.is_empty() {
            view! { <p class="panel">{texts.get("till-pairing-none")}</p> }.into_any()
        } else {
            view! {
                <form class="form panel" method="post" action="/api/till/pairing-code">
                    <div class="field">
                        <label for="till">{texts.get("till-pairing-till")}</label>
                        <select id="till" name="till">
                            {tills.into_iter().map(option).collect_view()}
                        </select>
                    </div>
                    <button class="btn">{texts.get("till-pairing-show")}</button>
                </form>
            }
                .into_any()
        }}
    }
    .into_any()
}
