//! Turns the code: a new one at each step of 30 seconds by the server's clock, in place of the old one, with nothing on
//! the page moved and no focus lost.

use kopilka_browser::{clock, page};

use super::Card;
use super::key::Key;
use crate::components::code;

/// Milliseconds of a step.
const STEP: i64 = code::STEP * 1_000;

/// Source of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The device, or the server where the device has none or an old one.
    Online,
    /// The device alone.
    Device,
}

/// Turns the code for as long as the page is open.
pub async fn turn(card: &Card, source: Source) {
    // Kept here too for browsers that store nothing.
    let mut key = None;
    let mut drawn = 0;
    loop {
        let step = card.now() / STEP;
        if step != drawn {
            let found = find(card, source).await;
            key = found.or(key);
            if key.is_none() && source == Source::Online {
                key = Key::renewed(&card.wanted_key()).await;
            }
            let path = match &key {
                Some(key) => path(card, key, step).await,
                None => without_key(card, source, drawn).await,
            };
            if let Some(path) = path {
                page::set_attribute(".code path", "d", &path);
            }
            drawn = step;
        }
        let now = card.now();
        let left = code::STEP - now.rem_euclid(STEP) / 1_000;
        page::set_attribute(".timer rect", "width", &left.to_string());
        let pause = 1_000 - now.rem_euclid(1_000);
        clock::sleep(i32::try_from(pause).unwrap_or(1_000)).await;
    }
}

async fn find(card: &Card, source: Source) -> Option<Key> {
    match source {
        Source::Online => Key::valid(&card.wanted_key()).await,
        Source::Device => Key::stored().await,
    }
}

async fn path(card: &Card, key: &Key, step: i64) -> Option<String> {
    let digits = code::turning(&card.fact("number"), &key.sign(step).await?)?;
    code::path(&digits)
}

/// Without WebCrypto the server draws each code; without a server the fixed form is left.
async fn without_key(card: &Card, source: Source, drawn: i64) -> Option<String> {
    match source {
        // The first code came with the page.
        Source::Online if drawn == 0 => None,
        Source::Online => {
            let answered = page::read("/card").await?;
            answered
                .query_selector(".code path")
                .ok()??
                .get_attribute("d")
        }
        Source::Device => code::path(&code::fixed(&card.fact("number"))),
    }
}
