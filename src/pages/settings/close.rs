//! The end of the account.

use leptos::prelude::*;

use crate::api::forms::RenderedForm;
use crate::components::Icon;
use crate::text::Texts;

/// Everything that follows is said before the button, and the button waits for a tick.
pub fn close_account_panel(texts: Texts, form: RenderedForm, points: i64) -> impl IntoView {
    let problem = form.problem("confirmed", texts);
    let lost = (points > 0).then(|| texts.with_count("settings-close-points", points) + " ");
    view! {
        <details class="panel" id="close" open=form.is_refused()>
            <summary>{texts.get("settings-close")}</summary>
            <form class="form" method="post" action="/api/settings/close" novalidate>
                <div class="note" data-tone="bad">
                    <Icon name="triangle-alert" />
                    <div>
                        <h2>{texts.get("settings-close-title")}</h2>
                        <p>
                            {texts.get("settings-close-text")} " " {lost}
                            {texts.get("settings-close-export")}
                        </p>
                    </div>
                </div>
                <div class="field">
                    <label class="check">
                        <input
                            type="checkbox"
                            id="confirmed"
                            name="confirmed"
                            value="yes"
                            required
                            aria-invalid=problem.is_some().then_some("true")
                            aria-describedby=problem.is_some().then_some("confirmed-error")
                        />
                        <span>{texts.get("settings-close-confirm")}</span>
                    </label>
                    {problem
                        .map(|words| {
                            view! {
                                <p class="error" id="confirmed-error" role="alert">
                                    <Icon name="circle-alert" />
                                    <span>{words}</span>
                                </p>
                            }
                        })}
                </div>
                <div class="actions">
                    <button class="btn danger">{texts.get("settings-close-button")}</button>
                </div>
            </form>
        </details>
    }
}
