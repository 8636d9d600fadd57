//! The question about a car: one of a few answers, and one of them is none.

use kopilka_core::domain::profile::{CarAnswer, CarKind};
use kopilka_core::usecases::profiles::profile::MemberProfile;
use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::Icon;
use crate::text::Texts;

/// Answers in the order of showing; the first takes the answer back.
const ANSWERS: [&str; 7] = [
    "untold", "none", "petrol", "diesel", "electric", "hybrid", "other",
];

fn car_answer(car: CarAnswer) -> &'static str {
    match car {
        CarAnswer::Untold => "untold",
        CarAnswer::None => "none",
        CarAnswer::Kind(kind) => CarKind::as_str(kind),
    }
}

/// Car.
#[component]
pub fn CarPanel(
    /// Words in the language of the page.
    texts: Texts,
    /// Stored profile.
    profile: MemberProfile,
) -> impl IntoView {
    let form = RenderedForm::for_endpoint("profile/car");
    let stored = car_answer(profile.car);
    let problem = form.problem("car", texts);
    let described = problem.is_some().then_some("car-error");
    let choices = ANSWERS.map(|value| {
        view! {
            <label>
                <input
                    type="radio"
                    name="car"
                    value=value
                    checked=form.ticked("car", value, value == stored)
                />
                <span>{texts.get(&format!("car-{value}"))}</span>
            </label>
        }
    });
    view! {
        <section class="panel" id="drive" aria-labelledby="drive-title">
            <header>
                <h2 id="drive-title">{texts.get("profile-car")}</h2>
                <p>{texts.get("profile-car-why")}</p>
            </header>
            <form class="form" method="post" action="/api/profile/car" novalidate>
                <fieldset class="field" id="car" tabindex="-1" aria-describedby=described>
                    <legend class="vh">{texts.get("profile-car-question")}</legend>
                    <div class="choice">{choices.collect_view()}</div>
                    {problem
                        .map(|words| {
                            view! {
                                <p class="error" id="car-error" role="alert">
                                    <Icon name="circle-alert" />
                                    <span>{words}</span>
                                </p>
                            }
                        })}
                </fieldset>
                <div class="actions">
                    <button class="btn quiet">{texts.get("save")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
