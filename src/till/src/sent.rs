//! Receipts that were sent as forms and whose answer never came: a sale that spends points, and a return. Each may be stored.
//! It is remembered in this tab with its key, never sent again by itself, and looked up by its key once the server answers:
//! then a note says whether it is stored, with a button that leads to its result or to the receipt as it was typed.

use js_sys::{Array, JSON, Object};
use kopilka_browser::{clock, get, page, set};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlFormElement};

use super::bar::{self, Told};
use super::memory::Memory;
use super::sale::Fields;
use super::{draft, facts, money, next, once, posting, scan, tone, wire};

/// The form that is on its way.
const SENT: &str = "sent";
/// Forms whose answer is missing, oldest first.
const UNANSWERED: &str = "unanswered";
/// Time between two questions to the server, in milliseconds.
const PAUSE: i32 = 5_000;

/// A receipt that was sent as a form.
struct SentReceipt(JsValue);

impl SentReceipt {
    fn new(kind: &str, form: &Fields) -> Self {
        let record = Object::new();
        set(&record, "kind", &kind.into());
        set(&record, "till", &facts::place().0.into());
        set(&record, "form", form.as_js());
        Self(record.into())
    }

    fn read(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }

    fn word(&self, name: &str) -> String {
        get(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    fn is_return(&self) -> bool {
        self.word("kind") == "return"
    }

    fn form(&self) -> Fields {
        get(&self.0, "form").map_or_else(|| Fields::new(&[]), |form| Fields::of(&form))
    }

    /// A sentence about it: `#sum` is filled in.
    fn tell(&self, sentence: &str) -> String {
        let sum = money::write(self.form().sum(), &facts::language());
        sentence.replace("#sum", &facts::word("money").replace('#', &sum))
    }
}

/// Remembers the sale that is being sent, for the page that comes without an answer.
pub fn remember_sale(fields: &Fields) {
    remember(&SentReceipt::new("sale", &draft::typed(fields)));
}

/// Remembers the return that is being sent, where the form is one.
pub fn remember_return(event: &Event, submitter: Option<&Element>) -> Option<()> {
    let form: HtmlFormElement = bar::target(event)?.dyn_into().ok()?;
    let own = submitter.and_then(|button| button.get_attribute("formaction"));
    let action = own.or_else(|| form.get_attribute("action"))?;
    if action == "/api/till/return-post" {
        let fields = posting::fields(&form)?;
        let named = [("key", fields.value("key")), ("sale", fields.value("sale"))];
        let named = named
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        remember(&SentReceipt::new("return", &Fields::new(&named)));
    }
    Some(())
}

fn remember(sent: &SentReceipt) {
    if let Some(text) = as_text(&sent.0) {
        Memory::Tab.write(SENT, &text);
    }
}

/// Takes note of a form whose answer is missing.
pub fn note() {
    if let Some(text) = Memory::Tab.take(SENT)
        && !is_answered()
        && let Some(sent) = SentReceipt::read(&text)
    {
        // What may be stored is no unfinished receipt.
        draft::forget_key(&sent.form().value("key"));
        let list = unanswered();
        list.push(&sent.0);
        write(&list);
    }
}

/// Tells of forms without an answer on the page without a link, and looks them up on the till's own.
pub fn listen() {
    if facts::is_kept_page() {
        show();
    } else if unanswered().length() > 0 {
        spawn_local(look_up());
    }
}

/// Returns whether this page is the server's answer to the form.
fn is_answered() -> bool {
    if facts::is_kept_page() {
        return false;
    }
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return true;
    };
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let told = ["done=", "returned="];
    path.starts_with("/api/till/")
        || path == "/till/queue"
        || told.iter().any(|name| search.contains(name))
}

fn unanswered() -> Array {
    let list = Memory::Tab.read(UNANSWERED);
    let list = list.and_then(|text| JSON::parse(&text).ok());
    list.map_or_else(Array::new, |list| Array::from(&list))
}

fn write(list: &Array) {
    if let Some(text) = as_text(list) {
        Memory::Tab.write(UNANSWERED, &text);
    }
}

fn as_text(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok()?.as_string()
}

/// Tells on the page without a link what was sent and not answered.
fn show() -> Option<()> {
    let note = page::find("#offline-sent")?;
    let place = note.last_element_child()?;
    let document = page::document()?;
    for record in unanswered().iter() {
        let sent = SentReceipt(record);
        let name = format!("sent-{}", sent.word("kind"));
        for (tag, words) in [
            ("strong", sent.tell(&facts::word(&name))),
            ("p", facts::word(&format!("{name}-more"))),
        ] {
            let line = document.create_element(tag).ok()?;
            line.set_text_content(Some(&words));
            place.append_child(&line).ok()?;
        }
        note.remove_attribute("hidden").ok()?;
    }
    Some(())
}

/// Asks what became of the first of them, as long as nobody is being served.
async fn look_up() {
    while is_idle() {
        let list = unanswered();
        let place = facts::word("till");
        let here = |record: &JsValue| SentReceipt(record.clone()).word("till") == place;
        let Some(at) = list.iter().position(|record| here(&record)) else {
            return;
        };
        let Ok(at) = u32::try_from(at) else {
            return;
        };
        let sent = SentReceipt(list.get(at));
        let outcome = wire::outcome(&sent.form().value("key")).await;
        if !is_idle() {
            return;
        }
        match outcome {
            Some((state, receipt)) => {
                let left = list.filter(&mut |_, place, _| place != at);
                write(&left);
                tell(&sent, &state, &receipt);
            }
            None => clock::sleep(PAUSE).await,
        }
    }
}

/// Returns whether the till waits for the next customer, and nothing was typed.
fn is_idle() -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.as_deref() == Some("/till")
        && !facts::word("till").is_empty()
        && page::find("#receipt").is_none()
        && scan::field_value().is_empty()
        && draft::remembered().is_none()
        && next::address() == "/till"
        && !once::is_sent()
}

/// Tells what became of it, above the page: the page itself may show the result of another receipt, and nobody is brought back
/// to it before the cashier asks for it.
fn tell(sent: &SentReceipt, state: &str, receipt: &str) {
    let address = match state {
        "sale" => Some(("was-posted", "to-result", format!("/till?done={receipt}"))),
        "return" => Some((
            "was-returned",
            "to-result",
            format!("/till?returned={receipt}"),
        )),
        "waits" => Some(("was-kept", "show", "/till/queue".to_owned())),
        _ if sent.is_return() => {
            let (sale, key) = (sent.form().value("sale"), sent.form().value("key"));
            let address = format!("/till/return?sale={sale}&key={key}");
            Some(("not-returned", "to-return", address))
        }
        _ => None,
    };
    if let Some((name, label, address)) = address {
        add_note(sent, name, label, move || go(&address));
        return;
    }
    let told = Told::of("warn", "not-posted");
    let title = sent.tell(&told.title);
    let (told, form) = (Told { title, ..told }, sent.form());
    add_note(sent, "not-posted", "to-receipt", move || {
        told.tell_first();
        draft::restore(&form);
    });
}

/// Adds a note with these words and a button at the top of the page.
fn add_note(sent: &SentReceipt, name: &str, label: &str, act: impl Fn() + 'static) -> Option<()> {
    let document = page::document()?;
    let main = page::find("#main")?;
    let note = document.create_element("div").ok()?;
    note.set_class_name("note sent");
    for (attribute, value) in [("data-tone", "warn"), ("role", "status")] {
        note.set_attribute(attribute, value).ok()?;
    }
    let words = document.create_element("div").ok()?;
    for (tag, text) in [
        ("strong", sent.tell(&facts::word(name))),
        ("p", facts::word(&format!("{name}-more"))),
    ] {
        let line = document.create_element(tag).ok()?;
        line.set_text_content(Some(&text));
        words.append_child(&line).ok()?;
    }
    let button = document.create_element("button").ok()?;
    button.set_class_name("btn quiet small");
    button.set_attribute("type", "button").ok()?;
    button.set_text_content(Some(&facts::word(label)));
    let act = Closure::<dyn FnMut(Event)>::new(move |_| act()).into_js_value();
    kopilka_browser::listen(&button, "click", &act);
    note.append_child(&words).ok()?;
    note.append_child(&button).ok()?;
    main.insert_before(&note, main.first_child().as_ref())
        .ok()?;
    tone::play("warn");
    Some(())
}

fn go(address: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(address));
    }
}
