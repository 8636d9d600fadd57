//! Forms whose answer never came: a sale that spends points, a return, the hand-over of a gift. Each may be stored. It is
//! remembered on this device with its key and never sent again by itself. A receipt is looked up by its key once the server
//! answers; then a note says whether it is stored, with a button that leads to its result or to the receipt as it was typed. The
//! note stands on every page of this till, in each tab, until somebody has dealt with it.

use std::rc::Rc;

use kopilka_browser::{device_clock, page};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlFormElement};

use super::browser_memory::BrowserMemory;
use super::offline_sale::FormFields;
use super::remembered_forms::{RememberedForm, change_form, forget_form, sent_forms, write_forms};
use super::result_bar::{self, ResultMessage};
use super::{
    next_customer, page_exchange, page_facts, receipt_posting, remembered_draft, scan, send_once,
    server_calls, tone,
};

/// Key of the form that this tab has sent.
const SENT_FORM_KEY: &str = "sent";
/// Time between two questions to the server, in milliseconds.
const ASK_INTERVAL_MS: i32 = 5_000;

/// Remembers the sale that is being sent, for the page that comes without an answer.
pub fn remember_sale(fields: &FormFields) {
    remember_sent(RememberedForm::new(
        "sale",
        &remembered_draft::typed_part(fields),
    ));
}

/// Remembers the return or the hand-over of a gift that is being sent, where the form is one.
pub fn remember_form(event: &Event, submitter: Option<&Element>) -> Option<()> {
    let form: HtmlFormElement = result_bar::target(event)?.dyn_into().ok()?;
    let own = submitter.and_then(|button| button.get_attribute("formaction"));
    let action = own.or_else(|| form.get_attribute("action"))?;
    match action.as_str() {
        "/api/till/return-post" => {
            let fields = receipt_posting::fields(&form)?;
            let (key, sale) = (fields.first_value("key"), fields.first_value("sale"));
            let named = FormFields::new(&[("key", &key), ("sale", &sale)]);
            remember_sent(RememberedForm::new("return", &named));
        }
        "/api/till/gift" => {
            let grant = submitter?.get_attribute("value")?;
            remember_sent(RememberedForm::new(
                "gift",
                &FormFields::new(&[("key", &grant)]),
            ));
        }
        _ => {}
    }
    Some(())
}

fn remember_sent(sent: RememberedForm) {
    BrowserMemory::Tab.write_value(SENT_FORM_KEY, &sent.idempotency_key());
    let mut all = sent_forms();
    all.retain(|each| each.idempotency_key() != sent.idempotency_key());
    all.push(sent);
    write_forms(&all);
}

/// Takes note of the form that this tab has sent: it is answered by this page, or unanswered.
pub fn note_sent_form() {
    let Some(key) = BrowserMemory::Tab.take_value(SENT_FORM_KEY) else {
        return;
    };
    let kind = sent_forms()
        .iter()
        .find(|sent| sent.idempotency_key() == key)
        .map(RememberedForm::form_kind);
    let kind = kind.unwrap_or_default();
    let is_gift = kind == "gift";
    // The hand-over of a gift is answered by the customer's page, or by that of a receipt.
    if is_answered(&kind) || is_gift && !page_facts::is_kept_page() {
        return forget_form(&key);
    }
    // What may be stored is no unfinished receipt.
    remembered_draft::forget_key(&key);
    change_form(&key, |sent| {
        sent.set_word("at", "0");
        // Nobody can be asked what became of it: the card shows it.
        if is_gift {
            sent.set_word("state", "gift");
        }
    });
}

/// Tells of forms without an answer on the page without a link; on the till's own tells what became of them, and looks up those
/// of which nothing is known.
pub fn begin_page() {
    if page_facts::is_kept_page() {
        show_unanswered();
        return;
    }
    if !page_facts::bar_attribute("till").is_empty() {
        for sent in sent_forms() {
            if sent.get_word("state") == "none" && sent.is_here() {
                spawn_local(tell_again(sent.idempotency_key()));
            } else {
                tell(&sent);
            }
        }
        spawn_local(look_up());
    }
}

/// Returns whether this page is the server's answer to a form of this kind.
fn is_answered(kind: &str) -> bool {
    if page_facts::is_kept_page() {
        return false;
    }
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return true;
    };
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let told = ["done=", "returned="];
    let posts = match kind {
        "return" => "till/return-post",
        _ => "till/post",
    };
    path.starts_with("/api/till/")
        || path == "/till/queue"
        || page_facts::bar_attribute("answers") == posts
        || told.iter().any(|name| search.contains(name))
}

/// Tells on the page without a link what was sent and not answered.
fn show_unanswered() -> Option<()> {
    let note = page::find_element("#offline-sent")?;
    let place = note.last_element_child()?;
    let document = page::document()?;
    for sent in sent_forms() {
        if sent.is_known() && sent.form_kind() != "gift" || sent.is_on_its_way() {
            continue;
        }
        let name = format!("sent-{}", sent.form_kind());
        for (tag, words) in [
            ("strong", sent.tell(&page_facts::bar_attribute(&name))),
            ("p", page_facts::bar_attribute(&format!("{name}-more"))),
        ] {
            let line = document.create_element(tag).ok()?;
            line.set_text_content(Some(&words));
            place.append_child(&line).ok()?;
        }
        note.remove_attribute("hidden").ok()?;
    }
    Some(())
}

/// Asks what became of each of them, as long as nobody is being served.
async fn look_up() {
    let turn = page_exchange::page_turn();
    while is_idle() && page_exchange::page_turn() == turn {
        let unknown = |sent: &RememberedForm| sent.is_here() && !sent.is_known();
        let all: Vec<RememberedForm> = sent_forms().into_iter().filter(unknown).collect();
        if all.is_empty() {
            return;
        }
        let mut known = None;
        if let Some(sent) = all.iter().find(|sent| !sent.is_on_its_way()) {
            known = ask_outcome(&sent.idempotency_key()).await;
        }
        match known {
            // The page that was shown meanwhile tells it.
            Some(_) if page_exchange::page_turn() != turn => return,
            Some(sent) => {
                tell(&sent);
                tone::play_tone("warn");
            }
            None => device_clock::sleep(ASK_INTERVAL_MS).await,
        }
    }
}

/// Asks what became of a form and remembers it. Returns the form; `None` = the server does not answer, or somebody has dealt with
/// it meanwhile.
async fn ask_outcome(key: &str) -> Option<RememberedForm> {
    let (state, receipt) = server_calls::receipt_outcome(key).await?;
    change_form(key, |sent| {
        sent.set_word("state", &state);
        sent.set_word("receipt", &receipt);
    });
    sent_forms()
        .into_iter()
        .find(|sent| sent.idempotency_key() == key)
}

/// Tells of a form that was not stored when it was asked for: it may have arrived since. What somebody has dealt with meanwhile, in
/// another tab, is told no more.
async fn tell_again(key: String) {
    let turn = page_exchange::page_turn();
    drop(ask_outcome(&key).await);
    if page_exchange::page_turn() != turn {
        return;
    }
    sent_forms()
        .iter()
        .filter(|sent| sent.idempotency_key() == key)
        .for_each(tell);
}

/// Returns whether the till waits for the next customer, and nothing was typed.
fn is_idle() -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.as_deref() == Some("/till")
        && !page_facts::answers_form()
        && !page_facts::bar_attribute("till").is_empty()
        && !is_serving()
        && scan::field_value().is_empty()
        && remembered_draft::remembered_draft().is_none()
        && next_customer::address() == "/till"
        && !send_once::is_sent()
}

/// Tells what became of it, above the page: the page itself may show the result of another receipt, and nobody is brought back
/// to it before the cashier asks for it. While a customer is served the note says only what it is about.
fn tell(sent: &RememberedForm) {
    if !sent.is_here() || !sent.is_known() {
        return;
    }
    let (state, receipt) = (sent.get_word("state"), sent.get_word("receipt"));
    let address = match state.as_str() {
        "sale" => Some(("was-posted", "to-result", format!("/till?done={receipt}"))),
        "return" => Some((
            "was-returned",
            "to-result",
            format!("/till?returned={receipt}"),
        )),
        "waits" => Some(("was-kept", "show", "/till/queue".to_owned())),
        "gift" => None,
        _ if sent.form_kind() == "return" => {
            let (sale, key) = (
                sent.form_fields().first_value("sale"),
                sent.idempotency_key(),
            );
            let address = format!("/till/return?sale={sale}&key={key}");
            Some(("not-returned", "to-return", address))
        }
        _ => None,
    };
    if let Some((name, label, address)) = address {
        add_note(
            sent,
            name,
            Some((label, Box::new(move || page_exchange::go_to(&address)))),
        );
        return;
    }
    if state == "gift" {
        add_note(sent, "sent-gift", None);
        return;
    }
    let told = ResultMessage::from_page_words("warn", "not-posted");
    let title = sent.tell(&told.title);
    let told = Rc::new(ResultMessage { title, ..told });
    let sent_form = sent.clone();
    let restore = move || spawn_local(restore_sale(sent_form.clone(), told.clone()));
    add_note(sent, "not-posted", Some(("to-receipt", Box::new(restore))));
}

/// Brings a sale back as it was typed, unless it has arrived since: then its result is shown.
async fn restore_sale(sent: RememberedForm, told: Rc<ResultMessage>) {
    match server_calls::receipt_outcome(&sent.idempotency_key()).await {
        Some((state, receipt)) if state == "sale" => {
            page_exchange::go_to(&format!("/till?done={receipt}"));
        }
        Some((state, _)) if state == "waits" => page_exchange::go_to("/till/queue"),
        _ => {
            told.tell_first();
            remembered_draft::restore_draft(&sent.form_fields());
        }
    }
}

/// A button's words and what it does.
type NoteButton = (&'static str, Box<dyn Fn()>);

/// Adds a note with these words at the top of the page, with a button that leads on and one that puts it away. Either ends it.
fn add_note(sent: &RememberedForm, name: &str, leads_on: Option<NoteButton>) -> Option<()> {
    let document = page::document()?;
    let main = page::find_element("#main")?;
    let note = document.create_element("div").ok()?;
    note.set_class_name("note sent");
    for (attribute, value) in [("data-tone", "warn"), ("role", "status")] {
        note.set_attribute(attribute, value).ok()?;
    }
    let words = document.create_element("div").ok()?;
    for (tag, text) in [
        ("strong", sent.tell(&page_facts::bar_attribute(name))),
        ("p", page_facts::bar_attribute(&format!("{name}-more"))),
    ] {
        let line = document.create_element(tag).ok()?;
        line.set_text_content(Some(&text));
        words.append_child(&line).ok()?;
    }
    note.append_child(&words).ok()?;
    if !is_serving() {
        let put_away: NoteButton = ("put-away", Box::new(|| {}));
        for (label, act) in leads_on.into_iter().chain([put_away]) {
            let button = document.create_element("button").ok()?;
            button.set_class_name("btn quiet small");
            button.set_attribute("type", "button").ok()?;
            button.set_text_content(Some(&page_facts::bar_attribute(label)));
            let (key, shown) = (sent.idempotency_key(), note.clone());
            let pressed = Closure::<dyn FnMut(Event)>::new(move |_| {
                forget_form(&key);
                shown.remove();
                act();
            });
            kopilka_browser::listen(&button, "click", &pressed.into_js_value());
            note.append_child(&button).ok()?;
        }
    }
    main.insert_before(&note, main.first_child().as_ref())
        .ok()?;
    Some(())
}

/// Returns whether a receipt is on this page.
fn is_serving() -> bool {
    page::find_element("#receipt").is_some()
}
