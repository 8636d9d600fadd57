//! The camera as a scanner: opened by its button, closed by itself once a card is read, when the page is hidden or when it
//! fails. While it looks, typing and scanners go on as ever. Whatever fails ends in one sentence and the code's field.

mod panel;
mod reader;
mod source;

use std::cell::{Cell, RefCell};

use kopilka_browser::{device_clock, get_property, page};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::{listen_on_page, scan, scanned_code};
use reader::QrCodeReader;

/// Pause between two looks, in milliseconds: about ten a second.
const PAUSE: i32 = 90;
/// Seconds of looking after which a hint is given.
const PATIENCE: i64 = 5;

/// Why the camera does not serve; its name is that of the sentence on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CameraTrouble {
    /// The browser or the person said no.
    Denied,
    /// There is none.
    Missing,
    /// Another program has it.
    Busy,
    /// The page came over plain http, where browsers give no camera.
    Insecure,
    /// Anything else.
    Failed,
}

thread_local! {
    /// Counts openings and closings: work of an earlier one ends when it sees that the number is no longer its own.
    static TURN: Cell<u32> = const { Cell::new(0) };
    static STREAM: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Listens to the camera's button.
pub fn listen() {
    listen_on_page("click", |event: Event| {
        match pressed_control(&event).as_deref() {
            Some("open") if panel::is_open() => close_camera(),
            Some("open") => open_camera(),
            Some("close") => close_camera(),
            Some("torch") => spawn_local(turn_torch()),
            _ => {}
        }
    });
    listen_on_page("change", |event: Event| {
        if pressed_control(&event).as_deref() == Some("choice") {
            source::remember(&panel::chosen_camera());
            open_camera();
        }
    });
    page::on_visibility(|visible| {
        if !visible {
            close_camera();
        }
    });
    listen_on_page("pagehide", |_: Event| close_camera());
}

/// Shows the camera's button.
pub fn begin_page() {
    panel::show_button();
}

/// Returns what the pressed control of the panel does.
fn pressed_control(event: &Event) -> Option<String> {
    let target: Element = get_property(event, "target")?.dyn_into().ok()?;
    target
        .closest("[data-camera]")
        .ok()??
        .get_attribute("data-camera")
}

/// Begins another turn; the one before stops its camera.
fn next_turn() -> u32 {
    if let Some(stream) = STREAM.take() {
        source::stop_stream(&stream);
    }
    TURN.set(TURN.get().wrapping_add(1));
    TURN.get()
}

/// Closes the camera where it is open.
pub fn close_camera() {
    if panel::is_open() {
        next_turn();
        panel::close_panel();
    }
}

fn open_camera() {
    let turn = next_turn();
    panel::open_panel();
    spawn_local(async move {
        let watched = watch_for_card(turn).await;
        if TURN.get() == turn {
            close_camera();
            if let Err(trouble) = watched {
                panel::show_trouble(trouble);
            }
        }
    });
}

/// Looks until a card is read or this turn is over.
async fn watch_for_card(turn: u32) -> Result<(), CameraTrouble> {
    let stream = source::open_stream().await?;
    if TURN.get() != turn {
        source::stop_stream(&stream);
        return Ok(());
    }
    STREAM.set(Some(stream.clone()));
    let video = panel::play_stream(&stream)
        .await
        .ok_or(CameraTrouble::Failed)?;
    panel::offer_torch(source::has_torch(&stream));
    panel::offer_cameras(&source::cameras().await, source::device(&stream));
    let mut reader = QrCodeReader::load_reader()
        .await
        .ok_or(CameraTrouble::Failed)?;
    let began = device_clock::device_time();
    while TURN.get() == turn {
        let started = device_clock::device_time();
        if source::has_ended(&stream) {
            return Err(CameraTrouble::Failed);
        }
        let read = reader
            .read_code(&video)
            .await
            .map_err(|_| CameraTrouble::Failed)?;
        let card = read.filter(|digits| scanned_code::is_card_code(digits));
        // The same card within two seconds counts once: then the camera goes on looking.
        if TURN.get() == turn && card.is_some_and(|digits| scan::resolve(&digits)) {
            return Ok(());
        }
        let seconds = (device_clock::device_time() - began) / 1_000;
        panel::show_progress(seconds, seconds >= PATIENCE);
        // A slow machine looks less often, so that keys come through.
        let took = i32::try_from(device_clock::device_time() - started).unwrap_or(PAUSE);
        device_clock::sleep(PAUSE.max(took)).await;
    }
    Ok(())
}

async fn turn_torch() {
    let stream = STREAM.with_borrow(Clone::clone);
    if let Some(stream) = stream {
        let lit = !panel::is_torch_lit();
        if source::set_torch(&stream, lit).await {
            panel::show_torch(lit);
        }
    }
}
