//! The balance on an open card follows the server's: it counts up or down to the new one, is said once, and is kept for
//! a page without a link. What depends on it (tier, expiry, offers) follows. The words come finished from the server.

use js_sys::JSON;
use wasm_bindgen_futures::spawn_local;

use kopilka_browser::live::Stream;
use kopilka_browser::{clock, get, page};

use super::{Card, question};

/// Steps of counting, and the time of each in milliseconds.
const COUNTS: i64 = 12;
const PACE: i32 = 30;

/// Shows each balance that the server tells.
pub fn follow(card: Card) {
    Stream::listen("/card/live", "balance", move |data| {
        let card = card.clone();
        spawn_local(async move {
            show(&card, &data).await;
        });
    });
}

async fn show(card: &Card, data: &str) -> Option<()> {
    let news = JSON::parse(data).ok()?;
    let word = |name| get(&news, name).and_then(|value| value.as_string());
    spawn_local(question::follow(word("question")?));
    let (before, active) = (card.fact("active"), word("active")?);
    let pending = word("pending")?;
    for name in ["active", "noun", "at"] {
        card.set_fact(name, &word(name)?);
    }
    let changed = active != before || pending != card.fact("pending");
    card.set_fact("pending", &pending);
    if changed {
        page::write("[data-live=pending]", &pending);
        page::write("[data-live=noun]", &card.fact("noun"));
        page::say(&word("say")?);
        count(&before, &active).await;
        if let Some(news) = page::read("/card").await {
            card.follow_tier(&news);
            page::take_over(".page", &news);
        }
    }
    card.keep().await;
    Some(())
}

/// Counts the figure from one written number to another. Nobody waits for it: the words are said already.
async fn count(before: &str, after: &str) {
    let (from, to) = (value(before), value(after));
    let apart = before
        .chars()
        .chain(after.chars())
        .find(|sign| !sign.is_ascii_digit() && *sign != '−');
    if !page::is_still() {
        for turn in 1..COUNTS {
            let between = from + (to - from) * turn / COUNTS;
            page::write("[data-live=active]", &written(between, apart));
            clock::sleep(PACE).await;
        }
    }
    page::write("[data-live=active]", after);
    page::set_attribute("[data-live=active]", "value", &to.to_string());
}

/// A written number, whatever stands between its thousands.
fn value(written: &str) -> i64 {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let number: i64 = digits.parse().unwrap_or_default();
    if written.starts_with('−') {
        -number
    } else {
        number
    }
}

/// A number with the given sign between its thousands, as its neighbours are written.
fn written(number: i64, apart: Option<char>) -> String {
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
