//! Turns the code: a new one at each step of 30 seconds by the server's clock, in place of the old one, with nothing on
//! the page moved and no focus lost.

use kopilka_browser::{device_clock, page};

use super::CardOnPage;
use super::device_key::DeviceCodeKey;
use crate::components::code;

/// Milliseconds of a step.
const STEP: i64 = code::STEP * 1_000;

/// Source of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKeySource {
    /// The device, or the server where the device has none or an old one.
    Online,
    /// The device alone.
    Device,
}

/// Turns the code for as long as the page is open.
pub async fn turn_code(card: &CardOnPage, source: CodeKeySource) {
    // Kept here too for browsers that store nothing.
    let mut key = None;
    let mut drawn = 0;
    loop {
        let step = card.server_time() / STEP;
        if step != drawn {
            let found = find_key(card, source).await;
            key = found.or(key);
            if key.is_none() && source == CodeKeySource::Online {
                key = DeviceCodeKey::load_or_renew(&card.wanted_key()).await;
            }
            let path = match &key {
                Some(key) => draw_code_path(card, key, step).await,
                None => without_key(card, source, drawn).await,
            };
            if let Some(path) = path {
                page::set_attribute(".code path", "d", &path);
            }
            drawn = step;
        }
        let now = card.server_time();
        let left = code::STEP - now.rem_euclid(STEP) / 1_000;
        page::set_attribute(".timer rect", "width", &left.to_string());
        let pause = 1_000 - now.rem_euclid(1_000);
        device_clock::sleep(i32::try_from(pause).unwrap_or(1_000)).await;
    }
}

async fn find_key(card: &CardOnPage, source: CodeKeySource) -> Option<DeviceCodeKey> {
    match source {
        CodeKeySource::Online => DeviceCodeKey::load_valid(&card.wanted_key()).await,
        CodeKeySource::Device => DeviceCodeKey::load_stored().await,
    }
}

async fn draw_code_path(card: &CardOnPage, key: &DeviceCodeKey, step: i64) -> Option<String> {
    let digits = code::turning(&card.get_fact("number"), &key.sign_step(step).await?)?;
    code::path(&digits)
}

/// Without WebCrypto the server draws each code; without a server the fixed form is left.
async fn without_key(card: &CardOnPage, source: CodeKeySource, drawn: i64) -> Option<String> {
    match source {
        // The first code came with the page.
        CodeKeySource::Online if drawn == 0 => None,
        CodeKeySource::Online => {
            let answered = page::fetch_document("/card").await?;
            answered
                .query_selector(".code path")
                .ok()??
                .get_attribute("d")
        }
        CodeKeySource::Device => code::path(&code::fixed(&card.get_fact("number"))),
    }
}
