//! Questions and answers. What depends on the rules is said with the numbers of the rules in force.

use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::wallet::card::CardFaceView;
use leptos::prelude::*;

use super::rules::life_in_words;
use crate::api::Visitor;
use crate::components::{OpenPage, card_beside, page_loading};
use crate::text::Texts;

/// Help.
#[component]
pub fn Help() -> impl IntoView {
    let visitor = Visitor::current();
    page_loading::load_page(async move {
        let card = card_beside(&visitor).await?;
        Ok(help_page(&visitor, card))
    })
}

fn help_page(visitor: &Visitor, card: Option<CardFaceView>) -> AnyView {
    let texts = visitor.texts();
    let programme = &visitor.rules.programme;
    let support = programme.support.clone();
    let lead = texts.with_values("help-lead", &[("support", support.into())]);
    let questions = [
        ("show", texts.get("help-show-a").into_any()),
        ("offline", texts.get("help-offline-a").into_any()),
        ("dead", printed_card_answer(texts, programme).into_any()),
        ("stale", texts.get("help-stale-a").into_any()),
        (
            "pending",
            pending_points_answer(texts, programme).into_any(),
        ),
        (
            "expiry",
            format!(
                "{}. {}",
                life_in_words(texts, &programme.points.life),
                texts.get("help-expiry-a")
            )
            .into_any(),
        ),
        (
            "tiers",
            view! {
                {texts.get("help-tiers-a")}
                " "
                <a href="/rules#tiers">{texts.get("help-tiers-link")}</a>
            }
            .into_any(),
        ),
        (
            "messages",
            linked_answer(texts, "help-messages-a", "/consents", "consents-title").into_any(),
        ),
        (
            "phone",
            linked_answer(texts, "help-phone-a", "/settings#devices", "settings-title").into_any(),
        ),
        (
            "close",
            linked_answer(texts, "help-close-a", "/settings#close", "settings-title").into_any(),
        ),
    ];
    let rows = questions
        .into_iter()
        .map(|(id, answer)| {
            view! {
                <details id=id>
                    <summary>{texts.get(&format!("help-{id}-q"))}</summary>
                    <p>{answer}</p>
                </details>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <OpenPage texts title=texts.get("help-title") lead card>
            <div class="panel faq">{rows}</div>
        </OpenPage>
    }
    .into_any()
}

fn printed_card_answer(texts: Texts, programme: &Programme) -> String {
    let fixed = programme.codes.fixed;
    let can = texts.get(match (fixed.earn, fixed.spend) {
        (true, false) => "help-dead-earns",
        (false, false) => "help-dead-nothing",
        (_, true) => "help-dead-earns-and-spends",
    });
    texts.with_values("help-dead-a", &[("can", can.into())])
}

fn pending_points_answer(texts: Texts, programme: &Programme) -> String {
    let when = match programme.points.hold_days {
        0 => texts.get("help-pending-at-once"),
        days => texts.with_count("help-pending-hold", i64::from(days)),
    };
    format!("{when} {}", texts.get("help-pending-a"))
}

/// An answer, and the page that it speaks of.
fn linked_answer(
    texts: Texts,
    answer: &str,
    href: &'static str,
    page: &str,
) -> impl IntoView + use<> {
    view! {
        {texts.get(answer)}
        " "
        <a href=href>{texts.get(page)}</a>
    }
}
