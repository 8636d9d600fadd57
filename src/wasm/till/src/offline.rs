//! The page that stands in for the till's without a link: a receipt is typed and kept on this device. It takes over what was
//! begun before, and leaves as soon as the server answers again.

use kopilka_browser::{clock, get, global, method, page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlFormElement, HtmlInputElement};

use super::bar::Told;
use super::memory::Memory;
use super::sale::{Fields, Sale};
use super::{bar, code, draft, facts, kept, link, money, next, once, posting, scan, wire};

/// Time between two questions whether the server is there, in milliseconds.
const PAUSE: i32 = 5_000;

/// Begins with what was scanned or typed before; asks for the server as long as it is open.
pub fn listen() {
    let Some(form) = form() else {
        return;
    };
    // Whoever was served is done with: this page stands in for an answer that did not come. A page that the browser cannot
    // show again is no sign of a lost link.
    let came_back = came_back();
    if came_back {
        next::lead_on();
    } else {
        next::mark();
    }
    link::set_state(link::Link::None);
    if !facts::may_keep() {
        drop(form.set_attribute("hidden", ""));
        show("#offline-unpaired", None);
    }
    begin(&form);
    on_click("#offline-drop", || {
        draft::forget();
        next::mark();
        if let Some(form) = self::form() {
            clear(&form);
        }
    });
    spawn_local(async move {
        if came_back {
            if wire::is_there().await {
                there_is_a_link().await;
            } else {
                next::mark();
            }
        }
        loop {
            clock::sleep(PAUSE).await;
            if page::is_visible() && wire::is_there().await {
                there_is_a_link().await;
            }
        }
    });
}

/// Returns whether the browser's own Back or Forward led here.
fn came_back() -> bool {
    let entries = || {
        let performance = global("performance")?;
        let entries = method(&performance, "getEntriesByType")?;
        entries.call1(&performance, &"navigation".into()).ok()
    };
    let kind = entries().and_then(|entries| get(&js_sys::Array::from(&entries).get(0), "type"));
    kind.and_then(|kind| kind.as_string()).as_deref() == Some("back_forward")
}

fn form() -> Option<HtmlFormElement> {
    page::find("#offline")?.dyn_into().ok()
}

fn field(name: &str) -> Option<HtmlInputElement> {
    page::find(&format!("#{name}"))?.dyn_into().ok()
}

fn on_click(selector: &str, act: impl Fn() + 'static) {
    use wasm_bindgen::closure::Closure;
    if let Some(button) = page::find(selector) {
        let act = Closure::<dyn FnMut(Event)>::new(move |_| act()).into_js_value();
        kopilka_browser::listen(&button, "click", &act);
    }
}

/// Fills in the receipt that was begun and the code that was being looked up.
fn begin(form: &HtmlFormElement) {
    if let Some(scanned) = scan::left() {
        take(&scanned.code);
        if scanned.is_next {
            // The receipt that was begun is of the customer before.
            draft::forget();
        }
    }
    let Some(begun) = draft::remembered() else {
        return focus(if scan::field_value().is_empty() {
            "code"
        } else {
            "amount"
        });
    };
    if let Some(amount) = field("amount") {
        amount.set_value(&money::write(begun.sum(), &facts::language()));
        drop(form.set_attribute("data-begun", &amount.value()));
        if begun.by_lines() {
            // The lines say what it costs.
            drop(amount.set_attribute("readonly", ""));
        }
    }
    draft::stands();
    let with_card = !begun.value("visit").is_empty();
    let words = form.get_attribute("data-begun-card");
    show("#offline-begun", words.as_deref().filter(|_| with_card));
    focus("amount");
}

/// Puts a scanned code into its field, and says what is wrong with it.
pub fn take(digits: &str) {
    let word = |name: &str| form().and_then(|form| form.get_attribute(&format!("data-{name}")));
    if let Some(code) = field("code") {
        if code::is_card(digits) {
            code.set_value(digits);
            let broken = word("broken").filter(|_| !code::is_whole(digits));
            show("#code-error", Some(broken.as_deref().unwrap_or_default()));
        } else {
            show("#code-error", word("goods").as_deref());
        }
    }
    focus("amount");
}

/// Takes over the sending of this page's form; whether it is one.
pub fn takes(event: &Event) -> bool {
    let ours = bar::target(event).is_some_and(|form| form.id() == "offline");
    if ours && once::begin() {
        spawn_local(async {
            save().await;
            once::free();
        });
    }
    ours
}

async fn save() -> Option<()> {
    let form = form()?;
    let typed = posting::fields(&form)?;
    let word = |name: &str| {
        form.get_attribute(&format!("data-{name}"))
            .unwrap_or_default()
    };
    let (amount, scanned) = (typed.value("amount"), code::pasted(&typed.value("code")));
    let wrong = match money::read(&amount) {
        _ if amount.trim().is_empty() => word("amount-missing"),
        None | Some(0) => word("amount-invalid"),
        Some(_) => String::new(),
    };
    show("#amount-error", Some(&wrong));
    let broken = !typed.value("code").trim().is_empty()
        && !scanned
            .as_deref()
            .is_some_and(|code| code::is_card(code) && code::is_whole(code));
    let broken = if broken {
        word("broken")
    } else {
        String::new()
    };
    show("#code-error", Some(&broken));
    if !broken.is_empty() {
        focus("code");
        return None;
    }
    if !wrong.is_empty() {
        focus("amount");
        return None;
    }
    let begun = draft::remembered().filter(|_| form.has_attribute("data-begun"));
    let sale = Sale::new(&receipt(begun, &amount, scanned.as_deref())?);
    if !facts::may_keep() || kept::keep(&sale).await.is_none() {
        return Told::of("bad", "not-kept").tell(None);
    }
    draft::forget();
    next::mark();
    clear(&form);
    let told = Told::of("warn", "kept");
    let title = sale.tell(&told.title);
    Told { title, ..told }.tell(None);
    link::send_soon();
    Some(())
}

/// The receipt as the till's own form would post it: the one that was begun, or a new one. It never spends.
fn receipt(begun: Option<Fields>, amount: &str, scanned: Option<&str>) -> Option<Fields> {
    let receipt = match begun {
        Some(begun) if begun.by_lines() => begun,
        Some(begun) => begun.with("amount", amount),
        None => {
            let crypto = global("crypto")?;
            let key = method(&crypto, "randomUUID")?.call0(&crypto).ok()?;
            Fields::new(&[
                ("key", &key.as_string()?),
                ("mode", "amount"),
                ("amount", amount),
            ])
        }
    };
    let receipt = receipt.without(&["spend", "points"]);
    Some(match scanned {
        // The card that was scanned last is whose it is.
        Some(code) => receipt.without(&["visit"]).with("code", code),
        None => receipt,
    })
}

fn clear(form: &HtmlFormElement) {
    form.reset();
    drop(form.remove_attribute("data-begun"));
    if let Some(amount) = field("amount") {
        drop(amount.remove_attribute("readonly"));
    }
    page::set_attribute("#offline-begun", "hidden", "");
    show("#code-error", Some(""));
    show("#amount-error", Some(""));
    focus("code");
}

/// Shows a line, with these words; no line without any.
fn show(selector: &str, words: Option<&str>) {
    let Some(line) = page::find(selector) else {
        return;
    };
    if let Some(words) = words {
        line.set_text_content(Some(words));
    }
    let hidden = words == Some("");
    drop(if hidden {
        line.set_attribute("hidden", "")
    } else {
        line.remove_attribute("hidden")
    });
}

fn focus(name: &str) {
    if let Some(field) = field(name) {
        drop(field.focus());
    }
}

/// The server answers: the till itself takes over, unless a receipt is being typed here.
pub async fn there_is_a_link() {
    let Some(form) = form() else {
        return;
    };
    let value = |name: &str| field(name).map(|field| field.value()).unwrap_or_default();
    let begun = form.get_attribute("data-begun").unwrap_or_default();
    // What was begun goes on on the till's own page, unless it was changed here.
    let untouched = value("code").is_empty() && value("amount") == begun;
    let stays = web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .is_some_and(|path| path == "/till/offline");
    if untouched && !stays && !once::is_sent() {
        Memory::Tab.forget(scan::LOOKING);
        if let Some(window) = web_sys::window() {
            drop(window.location().replace(next::address()));
        }
    }
}
