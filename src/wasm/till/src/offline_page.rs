//! The page that stands in for the till's without a link: a receipt is typed and kept on this device. It takes over what was
//! begun before, and leaves as soon as the server answers again.

use kopilka_browser::{device_clock, get_global, get_method, get_property, page};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlFormElement, HtmlInputElement};

use super::browser_memory::BrowserMemory;
use super::offline_sale::{FormFields, OfflineSale};
use super::result_bar::ResultMessage;
use super::{
    money, next_customer, offline_sales, page_facts, receipt_posting, remembered_draft, result_bar,
    scan, scanned_code, send_once, server_calls, server_link,
};

/// Time between two questions whether the server is there, in milliseconds.
const PAUSE: i32 = 5_000;

/// Begins with what was scanned or typed before; asks for the server as long as it is open.
pub fn begin_page() {
    let Some(form) = sale_form() else {
        return;
    };
    // Whoever was served is done with: this page stands in for an answer that did not come. A page that the browser cannot
    // show again is no sign of a lost link.
    let came_back = came_back();
    if came_back {
        next_customer::lead_on();
    } else {
        next_customer::mark_served();
    }
    server_link::set_link_state(server_link::ServerLinkState::None);
    if !page_facts::may_keep() {
        drop(form.set_attribute("hidden", ""));
        show_line("#offline-unpaired", None);
    }
    fill_form(&form);
    on_click("#offline-drop", || {
        remembered_draft::forget_draft();
        next_customer::mark_served();
        if let Some(form) = sale_form() {
            clear_form(&form);
        }
    });
    spawn_local(async move {
        if came_back {
            if server_calls::is_there().await {
                there_is_a_link().await;
            } else {
                next_customer::mark_served();
            }
        }
        loop {
            device_clock::sleep(PAUSE).await;
            if page::is_visible() && server_calls::is_there().await {
                there_is_a_link().await;
            }
        }
    });
}

/// Returns whether the browser's own Back or Forward led here.
fn came_back() -> bool {
    let entries = || {
        let performance = get_global("performance")?;
        let entries = get_method(&performance, "getEntriesByType")?;
        entries.call1(&performance, &"navigation".into()).ok()
    };
    let kind =
        entries().and_then(|entries| get_property(&js_sys::Array::from(&entries).get(0), "type"));
    kind.and_then(|kind| kind.as_string()).as_deref() == Some("back_forward")
}

fn sale_form() -> Option<HtmlFormElement> {
    page::find_element("#offline")?.dyn_into().ok()
}

fn form_field(name: &str) -> Option<HtmlInputElement> {
    page::find_element(&format!("#{name}"))?.dyn_into().ok()
}

fn on_click(selector: &str, act: impl Fn() + 'static) {
    use wasm_bindgen::closure::Closure;
    if let Some(button) = page::find_element(selector) {
        let act = Closure::<dyn FnMut(Event)>::new(move |_| act()).into_js_value();
        kopilka_browser::listen(&button, "click", &act);
    }
}

/// Fills in the receipt that was begun and the code that was being looked up.
fn fill_form(form: &HtmlFormElement) {
    if let Some(scanned) = scan::unanswered_scan() {
        take_code(&scanned.code);
        if scanned.is_next {
            // The receipt that was begun is of the customer before.
            remembered_draft::forget_draft();
        }
    }
    let Some(begun) = remembered_draft::remembered_draft() else {
        return focus_field(if scan::field_value().is_empty() {
            "code"
        } else {
            "amount"
        });
    };
    if let Some(amount) = form_field("amount") {
        amount.set_value(&money::format_money(
            begun.sum_in_kopecks(),
            &page_facts::language(),
        ));
        drop(form.set_attribute("data-begun", &amount.value()));
        if begun.by_lines() {
            // The lines say what it costs.
            drop(amount.set_attribute("readonly", ""));
        }
    }
    remembered_draft::allow_restoring();
    let with_card = !begun.first_value("visit").is_empty();
    let words = form.get_attribute("data-begun-card");
    show_line("#offline-begun", words.as_deref().filter(|_| with_card));
    focus_field("amount");
}

/// Puts a scanned code into its field, and says what is wrong with it.
pub fn take_code(digits: &str) {
    let word =
        |name: &str| sale_form().and_then(|form| form.get_attribute(&format!("data-{name}")));
    if let Some(code) = form_field("code") {
        if scanned_code::is_card(digits) {
            code.set_value(digits);
            let broken = word("broken").filter(|_| !scanned_code::is_whole(digits));
            show_line("#code-error", Some(broken.as_deref().unwrap_or_default()));
        } else {
            show_line("#code-error", word("goods").as_deref());
        }
    }
    focus_field("amount");
}

/// Takes over the sending of this page's form; whether it is one.
pub fn takes_submit(event: &Event) -> bool {
    let ours = result_bar::target(event).is_some_and(|form| form.id() == "offline");
    if ours && send_once::begin_sending() {
        spawn_local(async {
            save_sale().await;
            send_once::allow_sending();
        });
    }
    ours
}

async fn save_sale() -> Option<()> {
    let form = sale_form()?;
    let typed = receipt_posting::fields(&form)?;
    let word = |name: &str| {
        form.get_attribute(&format!("data-{name}"))
            .unwrap_or_default()
    };
    let (amount, scanned) = (
        typed.first_value("amount"),
        scanned_code::digits_of_pasted(&typed.first_value("code")),
    );
    let wrong = match money::parse_money(&amount) {
        _ if amount.trim().is_empty() => word("amount-missing"),
        None | Some(0) => word("amount-invalid"),
        Some(_) => String::new(),
    };
    show_line("#amount-error", Some(&wrong));
    let broken = !typed.first_value("code").trim().is_empty()
        && !scanned
            .as_deref()
            .is_some_and(|code| scanned_code::is_card(code) && scanned_code::is_whole(code));
    let broken = if broken {
        word("broken")
    } else {
        String::new()
    };
    show_line("#code-error", Some(&broken));
    if !broken.is_empty() {
        focus_field("code");
        return None;
    }
    if !wrong.is_empty() {
        focus_field("amount");
        return None;
    }
    let begun = remembered_draft::remembered_draft().filter(|_| form.has_attribute("data-begun"));
    let sale = OfflineSale::new(&receipt(begun, &amount, scanned.as_deref())?);
    if !page_facts::may_keep() || offline_sales::keep_sale(&sale).await.is_none() {
        return ResultMessage::from_page_words("bad", "not-kept").tell_here(None);
    }
    remembered_draft::forget_draft();
    next_customer::mark_served();
    clear_form(&form);
    let told = ResultMessage::from_page_words("warn", "kept");
    let title = sale.fill_sentence(&told.title);
    ResultMessage { title, ..told }.tell_here(None);
    server_link::send_soon();
    Some(())
}

/// The receipt as the till's own form would post it: the one that was begun, or a new one. It never spends.
fn receipt(begun: Option<FormFields>, amount: &str, scanned: Option<&str>) -> Option<FormFields> {
    let receipt = match begun {
        Some(begun) if begun.by_lines() => begun,
        Some(begun) => begun.with_field("amount", amount),
        None => {
            let crypto = get_global("crypto")?;
            let key = get_method(&crypto, "randomUUID")?.call0(&crypto).ok()?;
            FormFields::new(&[
                ("key", &key.as_string()?),
                ("mode", "amount"),
                ("amount", amount),
            ])
        }
    };
    let receipt = receipt.without_fields(&["spend", "points"]);
    Some(match scanned {
        // The card that was scanned last is whose it is.
        Some(code) => receipt.without_fields(&["visit"]).with_field("code", code),
        None => receipt,
    })
}

fn clear_form(form: &HtmlFormElement) {
    form.reset();
    drop(form.remove_attribute("data-begun"));
    if let Some(amount) = form_field("amount") {
        drop(amount.remove_attribute("readonly"));
    }
    page::set_attribute("#offline-begun", "hidden", "");
    show_line("#code-error", Some(""));
    show_line("#amount-error", Some(""));
    focus_field("code");
}

/// Shows a line, with these words; no line without any.
fn show_line(selector: &str, words: Option<&str>) {
    let Some(line) = page::find_element(selector) else {
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

fn focus_field(name: &str) {
    if let Some(field) = form_field(name) {
        drop(field.focus());
    }
}

/// The server answers: the till itself takes over, unless a receipt is being typed here.
pub async fn there_is_a_link() {
    let Some(form) = sale_form() else {
        return;
    };
    let value = |name: &str| {
        form_field(name)
            .map(|field| field.value())
            .unwrap_or_default()
    };
    let begun = form.get_attribute("data-begun").unwrap_or_default();
    // What was begun goes on on the till's own page, unless it was changed here.
    let untouched = value("code").is_empty() && value("amount") == begun;
    let stays = web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .is_some_and(|path| path == "/till/offline");
    if untouched && !stays && !send_once::is_sent() {
        BrowserMemory::Tab.forget_value(scan::LOOKING);
        if let Some(window) = web_sys::window() {
            drop(window.location().replace(next_customer::address()));
        }
    }
}
