//! The question about the birth date: three fields, the wrong one named beside them, and how often it may be changed.

use kopilka_core::domain::profile::BirthDate;
use kopilka_core::usecases::profiles::profile::MemberProfile;
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::Icon;
use crate::text::{Texts, format};

/// Birth date.
#[component]
pub fn BirthPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Contact of support, as it is shown.
    support: String,
    /// Stored profile.
    profile: MemberProfile,
) -> impl IntoView {
    view! {
        <section class="panel" id="birth" aria-labelledby="birth-title">
            <header>
                <h2 id="birth-title">{texts.get("profile-birth")}</h2>
                <p>{texts.get("profile-birth-why")}</p>
            </header>
            {if profile.birth_changes_left > 0 {
                date_fields(texts, &profile)
            } else {
                locked_date(texts, profile.birth, support)
            }}
        </section>
    }
    .into_any()
}

/// The date may no longer be set: it is shown as it is, and can only be removed.
fn locked_date(texts: Texts, birth: Option<BirthDate>, support: String) -> AnyView {
    let Some(birth) = birth else {
        return view! {
            <p>{texts.with_values("profile-birth-locked", &[("support", support.into())])}</p>
        }
        .into_any();
    };
    let shown = chrono::NaiveDate::from_ymd_opt(birth.year, birth.month, birth.day)
        .map(|date| format::format_date(date, texts.language()));
    view! {
        <p>
            <b>{shown}</b>
        </p>
        <p class="hint">{texts.with_values("profile-birth-last", &[("support", support.into())])}</p>
        <form class="actions" method="post" action="/api/profile/birth-remove">
            <button class="btn quiet">{texts.get("profile-birth-remove")}</button>
        </form>
    }
    .into_any()
}

fn month_name(texts: Texts, month: u32) -> String {
    texts.get(&format!("month-{month}"))
}

/// One of the three fields.
struct BirthDateField {
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    stored: String,
    digits: Option<u32>,
}

fn date_fields(texts: Texts, profile: &MemberProfile) -> AnyView {
    let form = RenderedForm::for_endpoint("profile/birth");
    let stored =
        |part: fn(&BirthDate) -> String| profile.birth.as_ref().map(part).unwrap_or_default();
    let parts = [
        BirthDateField {
            name: "birth_day",
            label: "profile-birth-day",
            autocomplete: "bday-day",
            stored: stored(|date| date.day.to_string()),
            digits: Some(2),
        },
        BirthDateField {
            name: "birth_month",
            label: "profile-birth-month",
            autocomplete: "bday-month",
            stored: profile
                .birth
                .map(|date| month_name(texts, date.month))
                .unwrap_or_default(),
            digits: None,
        },
        BirthDateField {
            name: "birth_year",
            label: "profile-birth-year",
            autocomplete: "bday-year",
            stored: stored(|date| date.year.to_string()),
            digits: Some(4),
        },
    ];
    let errors = parts
        .iter()
        .filter_map(|part| Some((part.name, form.problem(part.name, texts)?)))
        .map(|(name, words)| {
            view! {
                <p class="error" id=format!("{name}-error") role="alert">
                    <Icon name="circle-alert" />
                    <span>{words}</span>
                </p>
            }
        })
        .collect_view();
    view! {
        <form class="form" method="post" action="/api/profile/birth" novalidate>
            <fieldset class="field" aria-describedby="birth-hint">
                <legend class="vh">{texts.get("profile-birth")}</legend>
                <p class="hint" id="birth-hint">
                    {texts.with_count("profile-birth-left", profile.birth_changes_left)}
                </p>
                <div class="parts">
                    {parts.into_iter().map(|part| date_field(texts, &form, part)).collect_view()}
                </div>
                <datalist id="months">
                    {(1..=12)
                        .map(|month| view! { <option value=month_name(texts, month)></option> })
                        .collect_view()}
                </datalist>
                {errors}
            </fieldset>
            <div class="actions">
                <button class="btn">{texts.get("save")}</button>
                {profile
                    .birth
                    .is_some()
                    .then(|| {
                        view! {
                            <button class="btn quiet" formaction="/api/profile/birth-remove">
                                {texts.get("profile-birth-remove")}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}

fn date_field(texts: Texts, form: &RenderedForm, part: BirthDateField) -> impl IntoView + use<> {
    let BirthDateField {
        name,
        label,
        autocomplete,
        stored,
        digits,
    } = part;
    let wrong = form.problem(name, texts).is_some();
    view! {
        <div class=if digits.is_some() { "field" } else { "field grow" }>
            <label for=name>{texts.get(label)}</label>
            <input
                id=name
                name=name
                value=form.value_or_stored(name, &stored)
                autocomplete=autocomplete
                inputmode=digits.map(|_| "numeric")
                maxlength=digits.unwrap_or(20).to_string()
                list=digits.is_none().then_some("months")
                aria-invalid=wrong.then_some("true")
                aria-describedby=wrong.then(|| format!("{name}-error"))
            />
        </div>
    }
}
