//! Empties the store of waiting sales while there is a link: in their order, one tab at a time, each until the server has
//! answered for it. What is refused stays until the cashier decides. Without an answer it is tried again, ever more slowly.

use std::cell::Cell;
use std::collections::HashSet;

use kopilka_browser::{clock, get, global, method, settled};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::Event;

use super::sale::Sale;
use super::wire::{self, Answer, Settled};
use super::{bar, facts, kept, offline, on};

/// Sales that one request takes.
const AT_ONCE: usize = 50;
/// The first pause before another try, in milliseconds; it doubles each time.
const PAUSE: i32 = 2_000;
/// The longest pause.
const LONGEST: i32 = 30_000;
/// The longest time for which the server tells a sale to wait, in milliseconds.
const LONGEST_TOLD: i64 = 60_000;

/// State of the link to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The server has answered, or was not asked yet.
    There,
    /// It has not.
    None,
    /// It answers, but nobody is signed in.
    SignedOut,
}

thread_local! {
    static STATE: Cell<Link> = const { Cell::new(Link::There) };
    static PAUSED: Cell<i32> = const { Cell::new(PAUSE) };
    // Counts tries, so that only the last one's pause counts.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Returns what is known of the link.
pub fn state() -> Link {
    STATE.get()
}

/// Remembers what became of the last question to the server.
pub fn set_state(state: Link) {
    STATE.set(state);
}

/// Sends now, and whenever there may be a link again; shows what other tabs change.
pub fn listen() {
    on("online", |_: Event| {
        PAUSED.set(PAUSE);
        send_soon();
    });
    on("offline", |_: Event| {
        set_state(Link::None);
        spawn_local(bar::refresh());
    });
    on("storage", |event: Event| {
        let turned = get(&event, "key").is_some_and(|key| key == kept::TURN);
        if turned {
            spawn_local(bar::refresh());
        }
    });
    send_soon();
}

/// Sends what waits.
pub fn send_soon() {
    spawn_local(async {
        let turn = TURN.get().wrapping_add(1);
        TURN.set(turn);
        alone().await;
        bar::refresh().await;
        let waiting = kept::all().await.into_iter().filter(is_waiting);
        let told = waiting.map(|sale| left_to_wait(&sale)).min();
        // Who is signed out comes back by another page.
        if let Some(told) = told
            && state() != Link::SignedOut
        {
            let pause = PAUSED.get();
            PAUSED.set((pause * 2).min(LONGEST));
            clock::sleep(pause.max(told)).await;
            if TURN.get() == turn {
                send_soon();
            }
        } else {
            PAUSED.set(PAUSE);
        }
    });
}

fn is_waiting(sale: &Sale) -> bool {
    sale.word("state") == "waiting"
}

/// Returns how long the server has told a sale to wait from now on, in milliseconds.
fn left_to_wait(sale: &Sale) -> i32 {
    left(sale.word("not_before").parse().unwrap_or(0), clock::now())
}

/// Milliseconds from `now` to `until`. A clock that was set back makes no wait longer than the server ever asks for.
fn left(until: i64, now: i64) -> i32 {
    let left = until.saturating_sub(now).clamp(0, LONGEST_TOLD);
    i32::try_from(left).unwrap_or(0)
}

/// Sends while no other tab does. A browser without locks sends all the same: every sale counts once by its key.
async fn alone() {
    let work = Closure::once_into_js(move |lock: JsValue| {
        future_to_promise(async move {
            if !lock.is_null() {
                send().await;
            }
            Ok(JsValue::UNDEFINED)
        })
    });
    let locks = global("navigator").and_then(|navigator| get(&navigator, "locks"));
    let Some((locks, request)) = locks.and_then(|locks| {
        let request = method(&locks, "request")?;
        Some((locks, request))
    }) else {
        return send().await;
    };
    let options = js_sys::Object::new();
    kopilka_browser::set(&options, "ifAvailable", &JsValue::TRUE);
    if let Ok(done) = request.call3(
        &locks,
        &"kopilka-till".into(),
        options.unchecked_ref(),
        &work,
    ) {
        settled(done).await;
    }
}

/// Sends every sale once, the parked ones too: their time may have come. Sales that the server has told to wait keep no other
/// sale back.
async fn send() {
    let mut tried = HashSet::new();
    loop {
        let fresh = |sale: &Sale| {
            sale.word("state") != "refused"
                && left_to_wait(sale) == 0
                && !tried.contains(&sale.word("name"))
        };
        let mut sales: Vec<Sale> = kept::all().await.into_iter().filter(fresh).collect();
        sales.truncate(AT_ONCE);
        if sales.is_empty() {
            return;
        }
        tried.extend(sales.iter().map(|sale| sale.word("name")));
        match wire::post_kept(&sales).await {
            Answer::Settled(results) => {
                set_state(Link::There);
                let mut held = Vec::new();
                for result in &results {
                    let key = result.word("key");
                    let sale = sales.iter().find(|sale| sale.form().value("key") == key);
                    if let Some(sale) = sale {
                        settle(sale, result).await;
                        if result.word("state") == "held" {
                            held.push(sale.clone());
                        }
                    }
                }
                tell_held(&held);
                bar::refresh().await;
                offline::there_is_a_link().await;
            }
            Answer::SignedOut => {
                set_state(Link::SignedOut);
                return offline::there_is_a_link().await;
            }
            Answer::None => return set_state(Link::None),
        }
    }
}

/// Tells which sales the server holds until somebody has looked at them: they leave the device.
fn tell_held(held: &[Sale]) -> Option<()> {
    let told = bar::Told::of("warn", "held");
    let title = match held {
        [] => return None,
        [sale] => sale.tell(&told.title),
        _ => facts::counted("held-count", held.len()),
    };
    let told = bar::Told { title, ..told };
    if facts::is_kept_page() {
        // The server answers again, so this page is about to be left.
        told.tell_next();
    }
    told.tell(None)
}

/// Does what the server's answer for a sale asks for.
pub async fn settle(sale: &Sale, result: &Settled) {
    match result.word("state").as_str() {
        "posted" | "known" | "held" => kept::forget(sale).await,
        state @ ("parked" | "refused") => {
            sale.set("state", state);
            sale.set("why", &result.word("why"));
            sale.set("words", &result.word("words"));
            sale.set(
                "without_card",
                if result.without_card() { "yes" } else { "" },
            );
            kept::keep(sale).await;
        }
        // The till has sent too many wrong codes: what names a card is sent again after that time.
        _ => {
            if let Some(seconds) = result.retry_after() {
                let until = clock::now().saturating_add(seconds.saturating_mul(1_000));
                sale.set("not_before", &until.to_string());
                kept::keep(sale).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sale_waits_as_long_as_the_server_says_and_never_longer_than_a_minute() {
        assert_eq!(left(0, 1_000_000), 0);
        assert_eq!(left(1_042_000, 1_000_000), 42_000);
        assert_eq!(left(1_042_000, 1_042_000), 0);
        assert_eq!(left(1_042_000, 1_042_001), 0);
        assert_eq!(left(1_042_000, 0), 60_000);
    }
}
