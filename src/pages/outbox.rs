//! The demo's messages: what would have gone to phones, newest first. Without the demo there is no such page.

use kopilka_core::domain::time::Instant;
use kopilka_core::usecases::messages::outbox::{self, MessageContent, OutgoingMessage};
use leptos::prelude::*;

use super::NotFound;
use crate::api::{PageLanguage, Visitor, reply};
use crate::components::{Head, Icon, Solo, page_loading};
use crate::text::{Texts, format};

/// Messages that were sent to shoppers of the demo.
#[component]
pub fn Outbox() -> impl IntoView {
    let visitor = Visitor::current();
    if !visitor.kopilka.config.demo {
        return view! { <NotFound /> }.into_any();
    }
    page_loading::load_page(async move {
        let messages = outbox::list_newest_messages(&visitor.kopilka).await?;
        Ok(outbox_page(&visitor, &messages))
    })
}

fn outbox_page(visitor: &Visitor, messages: &[OutgoingMessage]) -> AnyView {
    let texts = visitor.texts();
    let now = visitor.kopilka.now();
    let list = if messages.is_empty() {
        empty_outbox(texts).into_any()
    } else {
        let rows = messages
            .iter()
            .map(|each| message_item(visitor, each, now).into_any())
            .collect::<Vec<_>>();
        view! { <ul class="list panel">{rows}</ul> }.into_any()
    };
    view! {
        <Solo title=texts.get("outbox-title")>
            <Head title=texts.get("outbox-title") lead=texts.get("outbox-lead") />
            <p>
                <a class="btn quiet small" href="/outbox">
                    <Icon name="refresh-cw" />
                    {texts.get("outbox-refresh")}
                </a>
            </p>
            {list}
        </Solo>
    }
    .into_any()
}

fn empty_outbox(texts: Texts) -> impl IntoView {
    view! {
        <div class="panel">
            <div class="empty">
                <Icon name="message-square" />
                <h2>{texts.get("outbox-empty")}</h2>
                <p>{texts.get("outbox-empty-text")}</p>
                <a class="btn" href="/sign-in">
                    {texts.get("sign-in")}
                </a>
            </div>
        </div>
    }
}

/// `+7 912 345-67-89`; a number of another country is shown as it is stored.
fn format_phone(stored: &str) -> String {
    let parts = stored
        .strip_prefix("+7")
        .filter(|rest| rest.len() == 10)
        .and_then(|rest| {
            let (code, rest) = rest.split_at_checked(3)?;
            let (three, rest) = rest.split_at_checked(3)?;
            let (two, last) = rest.split_at_checked(2)?;
            Some(format!("+7 {code} {three}-{two}-{last}"))
        });
    parts.unwrap_or_else(|| stored.to_owned())
}

fn message_item(
    visitor: &Visitor,
    message: &OutgoingMessage,
    now: Instant,
) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let zone = visitor.rules.programme.time_zone;
    let language = PageLanguage::parse(&message.language).unwrap_or_default();
    // What a person would take from the message: the code to type, the link to open.
    let taken = match &message.message {
        MessageContent::OneTimePassword { code, .. } | MessageContent::TillCode { code, .. } => {
            view! {
                <output class="otp-code" aria-label=texts.get("outbox-code")>
                    {code.clone()}
                </output>
            }
            .into_any()
        }
        MessageContent::TierEnding { .. } | MessageContent::CodesPaused => ().into_any(),
        MessageContent::Invitation { link } => view! {
            <p>
                <a href=reply::path_of(link)>{texts.get("join-title")}</a>
            </p>
        }
        .into_any(),
    };
    view! {
        <li>
            <Icon name="message-square" />
            <div>
                <p>
                    <b>
                        <data value=message.recipient.clone()>{format_phone(&message.recipient)}</data>
                    </b>
                    " "
                    <span class="tag">{texts.get("channel-sms")}</span>
                </p>
                {taken}
                <p class="message" lang=language.as_str()>
                    {Texts::new(language).message(&message.message)}
                </p>
                <time class="meta" datetime=format::format_rfc3339(message.at)>
                    {texts.near_date(message.at, now, zone)}
                    ", "
                    {format::format_time(message.at, zone)}
                </time>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_written_in_groups() {
        assert_eq!(format_phone("+79123456789"), "+7 912 345-67-89");
        assert_eq!(format_phone("+4915112345678"), "+4915112345678");
        assert_eq!(format_phone(""), "");
    }
}
