//! Empties the store of waiting sales while there is a link: in their order, one tab at a time, each until the server has
//! answered for it. What is refused stays until the cashier decides. Without an answer it is tried again, ever more slowly.

use std::cell::Cell;
use std::collections::HashSet;

use kopilka_browser::{await_promise, device_clock, get_global, get_method, get_property};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::Event;

use super::offline_sale::OfflineSale;
use super::server_calls::{self, SalesResponse, SettledSale};
use super::{listen_on_page, offline_page, offline_sales, page_exchange, page_facts, result_bar};

/// Sales that one request takes.
const AT_ONCE: usize = 50;
/// The first pause before another try, in milliseconds; it doubles each time.
const PAUSE: i32 = 2_000;
/// Time after an exchange of pages before waiting sales are looked at, in milliseconds.
const AFTER_EXCHANGE: i32 = 500;
/// The longest pause.
const LONGEST: i32 = 30_000;
/// The longest time for which the server tells a sale to wait, in milliseconds.
const LONGEST_TOLD: i64 = 60_000;

/// State of the link to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerLinkState {
    /// The server has answered, or was not asked yet.
    Reachable,
    /// It has not.
    None,
    /// It answers, but nobody is signed in.
    SignedOut,
}

thread_local! {
    static STATE: Cell<ServerLinkState> = const { Cell::new(ServerLinkState::Reachable) };
    static PAUSED: Cell<i32> = const { Cell::new(PAUSE) };
    // Counts tries, so that only the last one's pause counts.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Returns what is known of the link.
pub fn link_state() -> ServerLinkState {
    STATE.get()
}

/// Remembers what became of the last question to the server.
pub fn set_link_state(state: ServerLinkState) {
    STATE.set(state);
}

/// Sends whenever there may be a link again; shows what other tabs change.
pub fn listen() {
    listen_on_page("online", |_: Event| {
        PAUSED.set(PAUSE);
        send_soon();
    });
    listen_on_page("offline", |_: Event| {
        set_link_state(ServerLinkState::None);
        spawn_local(result_bar::refresh_bar());
    });
    listen_on_page("storage", |event: Event| {
        let turned = get_property(&event, "key").is_some_and(|key| key == offline_sales::TURN);
        if turned {
            spawn_local(result_bar::refresh_bar());
        }
    });
}

/// Sends what waits; after an exchange a moment later, when the page has been painted.
pub fn begin_page() {
    let turn = page_exchange::page_turn();
    if turn == 0 {
        return send_soon();
    }
    spawn_local(async move {
        device_clock::sleep(AFTER_EXCHANGE).await;
        if page_exchange::page_turn() == turn {
            send_soon();
        }
    });
}

/// Sends what waits.
pub fn send_soon() {
    spawn_local(async {
        let turn = TURN.get().wrapping_add(1);
        TURN.set(turn);
        send_exclusively().await;
        result_bar::refresh_bar().await;
        let waiting = offline_sales::all_sales()
            .await
            .into_iter()
            .filter(is_waiting);
        let told = waiting.map(|sale| millis_to_wait(&sale)).min();
        // Who is signed out comes back by another page.
        if let Some(told) = told
            && link_state() != ServerLinkState::SignedOut
        {
            let pause = PAUSED.get();
            PAUSED.set((pause * 2).min(LONGEST));
            device_clock::sleep(pause.max(told)).await;
            if TURN.get() == turn {
                send_soon();
            }
        } else {
            PAUSED.set(PAUSE);
        }
    });
}

fn is_waiting(sale: &OfflineSale) -> bool {
    sale.get_word("state") == "waiting"
}

/// Returns how long the server has told a sale to wait from now on, in milliseconds.
fn millis_to_wait(sale: &OfflineSale) -> i32 {
    millis_until(
        sale.get_word("not_before").parse().unwrap_or(0),
        device_clock::device_time(),
    )
}

/// Milliseconds from `now` to `until`. A clock that was set back makes no wait longer than the server ever asks for.
fn millis_until(until: i64, now: i64) -> i32 {
    let left = until.saturating_sub(now).clamp(0, LONGEST_TOLD);
    i32::try_from(left).unwrap_or(0)
}

/// Sends while no other tab does. A browser without locks sends all the same: every sale counts once by its key.
async fn send_exclusively() {
    let work = Closure::once_into_js(move |lock: JsValue| {
        future_to_promise(async move {
            if !lock.is_null() {
                send_each_once().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let locks = get_global("navigator").and_then(|navigator| get_property(&navigator, "locks"));
    let Some((locks, request)) = locks.and_then(|locks| {
        let request = get_method(&locks, "request")?;
        Some((locks, request))
    }) else {
        return send_each_once().await;
    };
    let options = js_sys::Object::new();
    kopilka_browser::set_property(&options, "ifAvailable", &JsValue::TRUE);
    if let Ok(done) = request.call3(
        &locks,
        &"kopilka-till".into(),
        options.unchecked_ref(),
        &work,
    ) {
        await_promise(done).await;
    }
}

/// Sends every sale once, the parked ones too: their time may have come. Sales that the server has told to wait keep no other
/// sale back.
async fn send_each_once() {
    let mut tried = HashSet::new();
    loop {
        let fresh = |sale: &OfflineSale| {
            sale.get_word("state") != "refused"
                && millis_to_wait(sale) == 0
                && !tried.contains(&sale.get_word("name"))
        };
        let mut sales: Vec<OfflineSale> = offline_sales::all_sales()
            .await
            .into_iter()
            .filter(fresh)
            .collect();
        sales.truncate(AT_ONCE);
        if sales.is_empty() {
            return;
        }
        tried.extend(sales.iter().map(|sale| sale.get_word("name")));
        match server_calls::post_kept(&sales).await {
            SalesResponse::Settled(results) => {
                set_link_state(ServerLinkState::Reachable);
                let mut held = Vec::new();
                for result in &results {
                    let key = result.get_word("key");
                    let sale = sales
                        .iter()
                        .find(|sale| sale.form_fields().first_value("key") == key);
                    if let Some(sale) = sale {
                        settle_sale(sale, result).await;
                        if result.get_word("state") == "held" {
                            held.push(sale.clone());
                        }
                    }
                }
                tell_held(&held);
                result_bar::refresh_bar().await;
                offline_page::there_is_a_link().await;
            }
            SalesResponse::SignedOut => {
                set_link_state(ServerLinkState::SignedOut);
                return offline_page::there_is_a_link().await;
            }
            SalesResponse::None => return set_link_state(ServerLinkState::None),
        }
    }
}

/// Tells which sales the server holds until somebody has looked at them: they leave the device.
fn tell_held(held: &[OfflineSale]) -> Option<()> {
    let told = result_bar::ResultMessage::from_page_words("warn", "held");
    let title = match held {
        [] => return None,
        [sale] => sale.fill_sentence(&told.title),
        _ => page_facts::plural_attribute("held-count", held.len()),
    };
    let told = result_bar::ResultMessage { title, ..told };
    if page_facts::is_kept_page() {
        // The server answers again, so this page is about to be left.
        told.tell_next();
    }
    told.tell_here(None)
}

/// Does what the server's answer for a sale asks for.
pub async fn settle_sale(sale: &OfflineSale, result: &SettledSale) {
    match result.get_word("state").as_str() {
        "posted" | "known" | "held" => offline_sales::forget_sale(sale).await,
        state @ ("parked" | "refused") => {
            sale.set_word("state", state);
            sale.set_word("why", &result.get_word("why"));
            sale.set_word("words", &result.get_word("words"));
            sale.set_word(
                "without_card",
                if result.without_card() { "yes" } else { "" },
            );
            offline_sales::keep_sale(sale).await;
        }
        // The till has sent too many wrong codes: what names a card is sent again after that time.
        _ => {
            if let Some(seconds) = result.retry_after() {
                let until =
                    device_clock::device_time().saturating_add(seconds.saturating_mul(1_000));
                sale.set_word("not_before", &until.to_string());
                offline_sales::keep_sale(sale).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sale_waits_as_long_as_the_server_says_and_never_longer_than_a_minute() {
        assert_eq!(millis_until(0, 1_000_000), 0);
        assert_eq!(millis_until(1_042_000, 1_000_000), 42_000);
        assert_eq!(millis_until(1_042_000, 1_042_000), 0);
        assert_eq!(millis_until(1_042_000, 1_042_001), 0);
        assert_eq!(millis_until(1_042_000, 0), 60_000);
    }
}
