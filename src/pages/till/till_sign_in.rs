//! The till while nobody works at it: signing in, by name and PIN where the browser is paired, and the lock. Nothing of a
//! customer is here. The login stays in its field when it was refused, PIN and password do not.

use std::sync::Arc;

use kopilka_core::usecases::access::staff::{self, PinSignInChoice};
use kopilka_core::usecases::{Error, Refusal};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::api::forms::{FormState, RenderedForm};
use crate::api::visitor::cookie;
use crate::components::{
    Body, BusyNote, FormErrors, Head, Icon, LanguageSwitch, TextField, Title, page_loading,
};
use crate::text::Texts;

/// The till while nobody works at it.
#[component]
pub fn TillSignIn(
    /// The visitor behind the request.
    visitor: Arc<Visitor>,
) -> impl IntoView {
    page_loading::load_page(async move {
        let people = load_colleagues(&visitor).await?;
        Ok(sign_in_panels(&visitor, people))
    })
}

/// Returns who can come in by PIN: everybody of a paired till's store, else whoever has locked the till.
async fn load_colleagues(visitor: &Visitor) -> Result<Vec<PinSignInChoice>, Error> {
    let service = &visitor.kopilka;
    if must_be_paired(visitor) {
        return Ok(Vec::new());
    }
    match (&visitor.paired, &visitor.locked) {
        (Some(paired), _) => staff::list_roster(service, paired.till.store_id).await,
        (None, Some(locked)) => {
            let mut people = staff::list_roster(service, locked.till.store_id).await?;
            people.retain(|each| each.id == locked.staff);
            Ok(people)
        }
        (None, None) => Ok(Vec::new()),
    }
}

/// Returns whether nobody signs in here before the browser is paired.
fn must_be_paired(visitor: &Visitor) -> bool {
    visitor.paired.is_none() && !visitor.kopilka.admits_unpaired_browser()
}

fn sign_in_panels(visitor: &Visitor, people: Vec<PinSignInChoice>) -> AnyView {
    let texts = visitor.texts();
    let locked = visitor.locked.is_some();
    let by_pin = !people.is_empty();
    let unpaired = must_be_paired(visitor);
    let (title, lead) = match (locked, by_pin) {
        _ if unpaired => ("till-pair", "till-pair-first"),
        (true, true) => ("till-locked", "till-locked-pin"),
        (true, false) => ("till-locked", "till-locked-password"),
        (false, true) => ("till-sign-in", "till-sign-in-pin"),
        (false, false) => ("till-sign-in", "till-sign-in-lead"),
    };
    let till = visitor
        .paired
        .as_ref()
        .map(|paired| &paired.till)
        .or(visitor.locked.as_ref().map(|locked| &locked.till));
    let place = till.map_or_else(
        || texts.pick_language(&visitor.rules.programme.name),
        |till| format!("{} · {}", till.name, till.store_name),
    );
    let next = visitor.path.clone();
    let locked_by = visitor
        .locked
        .as_ref()
        .map(|locked| locked.staff.to_string());
    let ended = visitor.paired.is_none() && !visitor.cookie(cookie::TILL).is_empty();
    view! {
        <Title text=format!("{} · {place}", texts.get(title)) />
        <Body class="till" />
        <a class="skip" href="#main">
            {texts.get("skip-to-content")}
        </a>
        <header class="top">
            <a class="brand" href="/till">
                <img src="/favicon.svg" width="28" height="28" alt="" />
                <span>{place.clone()}</span>
            </a>
            <LanguageSwitch />
        </header>
        <main class="solo till-door" id="main">
            <Head title=texts.get(title) lead=texts.get(lead) />
            <BusyNote />
            // A browser that is cut off is told that alone: its receipt stays at the till that it was typed at.
            {(!ended && !unpaired).then(|| view! { <UnfinishedNote texts /> })}
            {ended.then(|| view! { <PairingEndedNote texts /> })}
            {if by_pin {
                view! {
                    <PinForm texts next=next.clone() locked_by people />
                    <details class="panel" open=RenderedForm::for_endpoint("till/sign-in").is_refused()>
                        <summary>{texts.get("till-by-password")}</summary>
                        <PasswordForm texts next autofocus=false />
                    </details>
                }
                    .into_any()
            } else if unpaired {
                ().into_any()
            } else {
                view! { <PasswordForm texts next autofocus=!ended class="panel" /> }.into_any()
            }}
            {visitor.paired.is_none().then(|| view! { <PairForm texts open=ended || unpaired /> })}
        </main>
    }
    .into_any()
}

/// A form came after the sign-in had ended: it is shown again once somebody has signed in.
#[component]
fn UnfinishedNote(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    let unfinished =
        FormState::current().filter(|state| state.refusal == Some(Refusal::NotSignedIn));
    unfinished.map(|state| {
        view! {
            <div class="errors" role="alert" tabindex="-1" id="errors">
                <Icon name="circle-alert" />
                <h2>{RenderedForm::for_endpoint(&state.endpoint).refusal(texts)}</h2>
            </div>
        }
    })
}

/// The pairing was ended, or its till revoked.
#[component]
fn PairingEndedNote(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <div class="errors" role="alert">
            <Icon name="circle-alert" />
            <h2>{texts.get("till-pairing-ended")}</h2>
        </div>
    }
    .into_any()
}

/// Names as large buttons, and one PIN.
#[component]
fn PinForm(
    /// Words in the language of the page.
    texts: Texts,
    /// The page to go on with: the one that is being asked for.
    next: String,
    /// Id of whoever has locked the till.
    locked_by: Option<String>,
    people: Vec<PinSignInChoice>,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("till/unlock");
    let only = match people.as_slice() {
        [one] => Some(one.id.to_string()),
        _ => None,
    };
    let chosen = form
        .typed_value("who")
        .or(locked_by)
        .or(only)
        .unwrap_or_default();
    let known = people.iter().any(|each| each.id.to_string() == chosen);
    view! {
        <FormErrors form=form.clone() />
        <form class="form panel" method="post" action="/api/till/unlock" novalidate>
            <input type="hidden" name="next" value=next />
            <People people name="who" label=texts.get("till-who") chosen autofocus=!known />
            <TextField
                texts
                form
                name="pin"
                label=texts.get("till-pin")
                kind="password"
                inputmode="numeric"
                class="pin"
                maxlength=8
                required=true
                autofocus=known
            />
            <button class="btn">{texts.get("till-come-in")}</button>
        </form>
    }
    .into_any()
}

/// People to choose one from.
#[component]
pub fn People(
    /// People to choose from.
    people: Vec<PinSignInChoice>,
    /// Name of the field.
    name: &'static str,
    /// Label of the choice.
    label: String,
    /// Id of whoever is chosen already.
    chosen: String,
    /// True if the page opens with the cursor here.
    autofocus: bool,
) -> impl IntoView {
    let person = move |(place, each): (usize, PinSignInChoice)| {
        let id = each.id.to_string();
        let checked = id == chosen;
        view! {
            <label>
                <input
                    type="radio"
                    // The first one is where an error's link leads.
                    id=(place == 0).then_some(name)
                    name=name
                    checked=checked
                    value=id
                    required
                    autofocus=autofocus && place == 0
                />
                <span>{each.name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field people">
            <legend>{label}</legend>
            <div>{people.into_iter().enumerate().map(person).collect_view()}</div>
        </fieldset>
    }
}

/// Errors of a sign-in by password.
#[component]
fn SignInErrors(
    /// Words in the language of the page.
    texts: Texts,
    /// The form.
    form: RenderedForm,
) -> impl IntoView {
    if form.refused_by() != Some(Refusal::NotFound) {
        return view! { <FormErrors form /> }.into_any();
    }
    // The account is right, but nobody has given it a till yet.
    view! {
        <div class="errors" role="alert">
            <h2>{texts.get("till-none")}</h2>
        </div>
    }
    .into_any()
}

/// Login and password, as everywhere.
#[component]
fn PasswordForm(
    /// Words in the language of the page.
    texts: Texts,
    /// The page to go on with: the one that is being asked for.
    next: String,
    /// True if the page opens with the cursor here.
    autofocus: bool,
    /// Further classes of the form.
    #[prop(default = "")]
    class: &'static str,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("till/sign-in");
    let login_is_wrong = form.problem("login", texts).is_some();
    let at_password = form
        .typed_value("login")
        .is_some_and(|login| !login.is_empty())
        && !login_is_wrong;
    let focus = autofocus || form.is_refused();
    view! {
        <SignInErrors texts form=form.clone() />
        <form
            class=format!("form {class}").trim().to_owned()
            method="post"
            action="/api/till/sign-in"
            novalidate
        >
            <input type="hidden" name="next" value=next />
            <TextField
                texts
                form=form.clone()
                name="login"
                label=texts.get("till-login")
                autocomplete="username"
                required=true
                autofocus=focus && !at_password
            />
            <TextField
                texts
                form
                name="password"
                label=texts.get("till-password")
                kind="password"
                autocomplete="current-password"
                required=true
                autofocus=focus && at_password
            />
            <button class="btn">{texts.get("sign-in")}</button>
        </form>
    }
    .into_any()
}

/// Makes this browser a till.
#[component]
fn PairForm(
    /// Words in the language of the page.
    texts: Texts,
    /// True if pairing is what the page is about.
    open: bool,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("till/pair");
    let refused = form.is_refused();
    view! {
        <details class="panel" open=open || refused>
            <summary>{texts.get("till-pair")}</summary>
            <FormErrors form=form.clone() />
            <form class="form" method="post" action="/api/till/pair" novalidate>
                <TextField
                    texts
                    form
                    name="pairing"
                    label=texts.get("till-pair-key")
                    hint=texts.get("till-pair-hint")
                    required=true
                    autofocus=open || refused
                />
                <button class="btn">{texts.get("till-pair-now")}</button>
            </form>
        </details>
    }
    .into_any()
}
