//! The balance on an open card follows the server's: it counts up or down to the new one, is said once, and is kept for
//! a page without a link. What depends on it (tier, expiry, offers) follows. The words come finished from the server.

use js_sys::JSON;
use wasm_bindgen_futures::spawn_local;

use kopilka_browser::event_stream::EventStream;
use kopilka_browser::{device_clock, get_property, page};

use super::{CardOnPage, live_question};

/// Steps of counting, and the time of each in milliseconds.
const COUNTS: i64 = 12;
const PACE: i32 = 30;

/// Shows each balance that the server tells.
pub fn follow_balance(card: CardOnPage) {
    EventStream::listen("/card/live", "balance", move |data| {
        let card = card.clone();
        spawn_local(async move {
            show_balance(&card, &data).await;
        });
    });
}

async fn show_balance(card: &CardOnPage, data: &str) -> Option<()> {
    let news = JSON::parse(data).ok()?;
    let word = |name| get_property(&news, name).and_then(|value| value.as_string());
    spawn_local(live_question::follow_question(word("question")?));
    let (before, active) = (card.get_fact("active"), word("active")?);
    let pending = word("pending")?;
    for name in ["active", "noun", "at"] {
        card.set_fact(name, &word(name)?);
    }
    let changed = active != before || pending != card.get_fact("pending");
    card.set_fact("pending", &pending);
    if changed {
        page::write_text("[data-live=pending]", &pending);
        page::write_text("[data-live=noun]", &card.get_fact("noun"));
        page::announce(&word("say")?);
        animate_figure(&before, &active).await;
        if let Some(news) = page::fetch_document("/card").await {
            card.follow_tier(&news);
            page::take_over(".page", &news);
        }
    }
    card.keep_facts().await;
    Some(())
}

/// Counts the figure from one written number to another. Nobody waits for it: the words are said already.
async fn animate_figure(before: &str, after: &str) {
    let (from, to) = (parse_figure(before), parse_figure(after));
    let apart = before
        .chars()
        .chain(after.chars())
        .find(|sign| !sign.is_ascii_digit() && *sign != '−');
    if !page::is_still() {
        for turn in 1..COUNTS {
            let between = from + (to - from) * turn / COUNTS;
            page::write_text("[data-live=active]", &format_figure(between, apart));
            device_clock::sleep(PACE).await;
        }
    }
    page::write_text("[data-live=active]", after);
    page::set_attribute("[data-live=active]", "value", &to.to_string());
}

/// A written number, whatever stands between its thousands.
fn parse_figure(written: &str) -> i64 {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().unwrap_or_default();
    if written.starts_with('−') {
        -number
    } else {
        number
    }
}

/// A number with the given sign between its thousands, as its neighbours are written.
fn format_figure(number: i64, apart: Option<char>) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    if number < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.extend(apart);
        }
        text.push(digit);
    }
    text
}
