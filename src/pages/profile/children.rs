//! The question about children: birth years only, kept under a consent of its own that is given with the first of them.

use kopilka_core::usecases::profiles::profile::MemberProfile;
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::Icon;
use crate::text::Texts;

/// Children.
#[component]
pub fn ChildrenPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Stored profile.
    profile: MemberProfile,
) -> impl IntoView {
    let children = profile
        .children
        .iter()
        .map(|(row, year)| child_row(texts, row.to_string(), *year))
        .collect::<Vec<_>>();
    view! {
        <section class="panel" id="children" aria-labelledby="children-title">
            <header>
                <h2 id="children-title">{texts.get("profile-children")}</h2>
                <p>{texts.get("profile-children-why")}</p>
            </header>
            {(!children.is_empty()).then(|| view! { <ul class="list">{children}</ul> })}
            {add_child_form(texts, profile.children_agreed)}
        </section>
    }
    .into_any()
}

fn child_row(texts: Texts, row: String, year: i32) -> impl IntoView + use<> {
    // As words, so that a year is not written like an amount, with its thousands apart.
    let year = [("year", year.to_string().into())];
    view! {
        <li>
            <Icon name="baby" />
            <span>{texts.with_values("profile-child-of-year", &year)}</span>
            <form method="post" action="/api/profile/child-remove">
                <button
                    class="btn icon"
                    name="child"
                    value=row
                    aria-label=texts.with_values("profile-child-remove", &year)
                >
                    <Icon name="x" />
                </button>
            </form>
        </li>
    }
}

fn add_child_form(texts: Texts, agreed: bool) -> impl IntoView {
    let form = RenderedForm::for_endpoint("profile/child-add");
    let year_error = form.problem("child_year", texts);
    view! {
        <form class="form" method="post" action="/api/profile/child-add" novalidate>
            {if agreed {
                view! {
                    <p class="hint">
                        {texts.get("profile-child-agreed")} " "
                        <a href="/consents#documents">{texts.get("consents-title")}</a>
                    </p>
                }
                    .into_any()
            } else {
                agreement_box(texts, &form).into_any()
            }} <div class="field">
                <label for="child_year">{texts.get("profile-child-year")}</label>
                <div class="inline">
                    <input
                        id="child_year"
                        name="child_year"
                        value=form.value_or_stored("child_year", "")
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength="4"
                        aria-invalid=year_error.is_some().then_some("true")
                        aria-describedby=year_error.is_some().then_some("child_year-error")
                    />
                    <button class="btn quiet">{texts.get("profile-child-add")}</button>
                </div>
                {year_error.map(|words| field_error("child_year-error", words))}
            </div>
        </form>
    }
}

/// The box is never ticked for the shopper; only what they ticked themselves comes back with an error.
fn agreement_box(texts: Texts, form: &RenderedForm) -> impl IntoView + use<> {
    let problem = form.problem("child_agreed", texts);
    view! {
        <div>
            <label class="check">
                <input
                    type="checkbox"
                    id="child_agreed"
                    name="child_agreed"
                    value="yes"
                    checked=form.ticked("child_agreed", "yes", false)
                    aria-invalid=problem.is_some().then_some("true")
                    aria-describedby=problem.is_some().then_some("child_agreed-error")
                />
                <span>
                    {texts.get("profile-child-agree")} ". "
                    <a href="/privacy#children">{texts.get("profile-child-document")}</a>
                </span>
            </label>
            {problem.map(|words| field_error("child_agreed-error", words))}
        </div>
    }
}

fn field_error(id: &'static str, words: String) -> impl IntoView {
    view! {
        <p class="error" id=id role="alert">
            <Icon name="circle-alert" />
            <span>{words}</span>
        </p>
    }
}
