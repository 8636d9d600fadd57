//! Forms whose answer never came: a sale that spends points, a return, the hand-over of a gift. Each may be stored. It is
//! remembered on this device with its key and never sent again by itself. A receipt is looked up by its key once the server
//! answers; then a note says whether it is stored, with a button that leads to its result or to the receipt as it was typed. The
//! note stands on every page of this till, in each tab, until somebody has dealt with it.

use std::rc::Rc;

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

/// Key of the form that this tab has sent.
const SENT: &str = "sent";
/// Forms that are on their way or whose answer is missing, oldest first.
const UNANSWERED: &str = "till-unanswered";
/// Time between two questions to the server, in milliseconds.
const PAUSE: i32 = 5_000;
/// Time after which a form that another tab has sent counts as unanswered, in milliseconds: that tab is closed by then, or waits
/// in vain.
const LONGEST_WAY: i64 = 180_000;

/// A form that was sent.
#[derive(Clone)]
struct SentForm(JsValue);

impl SentForm {
    fn new(kind: &str, form: &Fields) -> Self {
        let record = Object::new();
        set(&record, "kind", &kind.into());
        set(&record, "till", &facts::place().0.into());
        set(&record, "form", form.as_js());
        set(&record, "at", &clock::now().to_string().into());
        Self(record.into())
    }

    fn word(&self, name: &str) -> String {
        get(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// `sale`, `return` or `gift`.
    fn kind(&self) -> String {
        self.word("kind")
    }

    /// Returns the key that tells it from others.
    fn key(&self) -> String {
        self.form().value("key")
    }

    fn form(&self) -> Fields {
        get(&self.0, "form").map_or_else(|| Fields::new(&[]), |form| Fields::of(&form))
    }

    /// Returns whether it was sent at the till that this page is for.
    fn is_here(&self) -> bool {
        self.word("till") == facts::word("till")
    }

    /// Returns whether it may still be on its way.
    fn is_on_its_way(&self) -> bool {
        let at = self.word("at").parse().unwrap_or(0);
        (0..LONGEST_WAY).contains(&(clock::now() - at))
    }

    /// Returns whether it is known what became of it.
    fn is_known(&self) -> bool {
        !self.word("state").is_empty()
    }

    /// A sentence about it: `#sum` is filled in.
    fn tell(&self, sentence: &str) -> String {
        let sum = money::write(self.form().sum(), &facts::language());
        sentence.replace("#sum", &facts::word("money").replace('#', &sum))
    }
}

/// Remembers the sale that is being sent, for the page that comes without an answer.
pub fn remember_sale(fields: &Fields) {
    remember(SentForm::new("sale", &draft::typed(fields)));
}

/// Remembers the return or the hand-over of a gift that is being sent, where the form is one.
pub fn remember_form(event: &Event, submitter: Option<&Element>) -> Option<()> {
    let form: HtmlFormElement = bar::target(event)?.dyn_into().ok()?;
    let own = submitter.and_then(|button| button.get_attribute("formaction"));
    let action = own.or_else(|| form.get_attribute("action"))?;
    match action.as_str() {
        "/api/till/return-post" => {
            let fields = posting::fields(&form)?;
            let (key, sale) = (fields.value("key"), fields.value("sale"));
            let named = Fields::new(&[("key", &key), ("sale", &sale)]);
            remember(SentForm::new("return", &named));
        }
        "/api/till/gift" => {
            let grant = submitter?.get_attribute("value")?;
            remember(SentForm::new("gift", &Fields::new(&[("key", &grant)])));
        }
        _ => {}
    }
    Some(())
}

fn remember(sent: SentForm) {
    Memory::Tab.write(SENT, &sent.key());
    let mut all = sent_forms();
    all.retain(|each| each.key() != sent.key());
    all.push(sent);
    write(&all);
}

/// Takes note of the form that this tab has sent: it is answered by this page, or unanswered.
pub fn note() {
    let Some(key) = Memory::Tab.take(SENT) else {
        return;
    };
    let kind = sent_forms()
        .iter()
        .find(|sent| sent.key() == key)
        .map(SentForm::kind);
    let kind = kind.unwrap_or_default();
    let is_gift = kind == "gift";
    // The hand-over of a gift is answered by the customer's page, or by that of a receipt.
    if is_answered(&kind) || is_gift && !facts::is_kept_page() {
        return forget(&key);
    }
    // What may be stored is no unfinished receipt.
    draft::forget_key(&key);
    change(&key, |sent| {
        set(&sent.0, "at", &"0".into());
        // Nobody can be asked what became of it: the card shows it.
        if is_gift {
            set(&sent.0, "state", &"gift".into());
        }
    });
}

/// Tells of forms without an answer on the page without a link; on the till's own tells what became of them, and looks up those
/// of which nothing is known.
pub fn listen() {
    if facts::is_kept_page() {
        show();
        return;
    }
    if !facts::word("till").is_empty() {
        for sent in sent_forms() {
            if sent.word("state") == "none" && sent.is_here() {
                spawn_local(tell_again(sent.key()));
            } else {
                tell(&sent);
            }
        }
        spawn_local(look_up());
    }
}

/// Returns whether this page is the server's answer to a form of this kind.
fn is_answered(kind: &str) -> bool {
    if facts::is_kept_page() {
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
        || facts::word("answers") == posts
        || told.iter().any(|name| search.contains(name))
}

fn sent_forms() -> Vec<SentForm> {
    let list = Memory::Device.read(UNANSWERED);
    let list = list.and_then(|text| JSON::parse(&text).ok());
    let list = list.map_or_else(Array::new, |list| Array::from(&list));
    list.iter().map(SentForm).collect()
}

fn write(all: &[SentForm]) {
    let list: Array = all.iter().map(|sent| &sent.0).collect();
    let text = JSON::stringify(&list)
        .ok()
        .and_then(|text| text.as_string());
    if let Some(text) = text {
        Memory::Device.write(UNANSWERED, &text);
    }
}

fn change(key: &str, act: impl Fn(&SentForm)) {
    let all = sent_forms();
    all.iter().filter(|sent| sent.key() == key).for_each(act);
    write(&all);
}

fn forget(key: &str) {
    let mut all = sent_forms();
    all.retain(|sent| sent.key() != key);
    write(&all);
}

/// Tells on the page without a link what was sent and not answered.
fn show() -> Option<()> {
    let note = page::find("#offline-sent")?;
    let place = note.last_element_child()?;
    let document = page::document()?;
    for sent in sent_forms() {
        if sent.is_known() && sent.kind() != "gift" || sent.is_on_its_way() {
            continue;
        }
        let name = format!("sent-{}", sent.kind());
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

/// Asks what became of each of them, as long as nobody is being served.
async fn look_up() {
    while is_idle() {
        let unknown = |sent: &SentForm| sent.is_here() && !sent.is_known();
        let all: Vec<SentForm> = sent_forms().into_iter().filter(unknown).collect();
        if all.is_empty() {
            return;
        }
        let mut known = None;
        if let Some(sent) = all.iter().find(|sent| !sent.is_on_its_way()) {
            known = ask(&sent.key()).await;
        }
        match known {
            Some(sent) => {
                tell(&sent);
                tone::play("warn");
            }
            None => clock::sleep(PAUSE).await,
        }
    }
}

/// Asks what became of a form and remembers it. Returns the form; `None` = the server does not answer, or somebody has dealt with
/// it meanwhile.
async fn ask(key: &str) -> Option<SentForm> {
    let (state, receipt) = wire::outcome(key).await?;
    change(key, |sent| {
        set(&sent.0, "state", &state.as_str().into());
        set(&sent.0, "receipt", &receipt.as_str().into());
    });
    sent_forms().into_iter().find(|sent| sent.key() == key)
}

/// Tells of a form that was not stored when it was asked for: it may have arrived since. What somebody has dealt with meanwhile, in
/// another tab, is told no more.
async fn tell_again(key: String) {
    drop(ask(&key).await);
    sent_forms()
        .iter()
        .filter(|sent| sent.key() == key)
        .for_each(tell);
}

/// Returns whether the till waits for the next customer, and nothing was typed.
fn is_idle() -> bool {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    path.as_deref() == Some("/till")
        && !facts::answers_form()
        && !facts::word("till").is_empty()
        && !is_serving()
        && scan::field_value().is_empty()
        && draft::remembered().is_none()
        && next::address() == "/till"
        && !once::is_sent()
}

/// Tells what became of it, above the page: the page itself may show the result of another receipt, and nobody is brought back
/// to it before the cashier asks for it. While a customer is served the note says only what it is about.
fn tell(sent: &SentForm) {
    if !sent.is_here() || !sent.is_known() {
        return;
    }
    let (state, receipt) = (sent.word("state"), sent.word("receipt"));
    let address = match state.as_str() {
        "sale" => Some(("was-posted", "to-result", format!("/till?done={receipt}"))),
        "return" => Some((
            "was-returned",
            "to-result",
            format!("/till?returned={receipt}"),
        )),
        "waits" => Some(("was-kept", "show", "/till/queue".to_owned())),
        "gift" => None,
        _ if sent.kind() == "return" => {
            let (sale, key) = (sent.form().value("sale"), sent.key());
            let address = format!("/till/return?sale={sale}&key={key}");
            Some(("not-returned", "to-return", address))
        }
        _ => None,
    };
    if let Some((name, label, address)) = address {
        add_note(sent, name, Some((label, Box::new(move || go(&address)))));
        return;
    }
    if state == "gift" {
        add_note(sent, "sent-gift", None);
        return;
    }
    let told = Told::of("warn", "not-posted");
    let title = sent.tell(&told.title);
    let told = Rc::new(Told { title, ..told });
    let sent_form = sent.clone();
    let restore = move || spawn_local(restore(sent_form.clone(), told.clone()));
    add_note(sent, "not-posted", Some(("to-receipt", Box::new(restore))));
}

/// Brings a sale back as it was typed, unless it has arrived since: then its result is shown.
async fn restore(sent: SentForm, told: Rc<Told>) {
    match wire::outcome(&sent.key()).await {
        Some((state, receipt)) if state == "sale" => go(&format!("/till?done={receipt}")),
        Some((state, _)) if state == "waits" => go("/till/queue"),
        _ => {
            told.tell_first();
            draft::restore(&sent.form());
        }
    }
}

/// A button's words and what it does.
type Button = (&'static str, Box<dyn Fn()>);

/// Adds a note with these words at the top of the page, with a button that leads on and one that puts it away. Either ends it.
fn add_note(sent: &SentForm, name: &str, leads_on: Option<Button>) -> Option<()> {
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
    note.append_child(&words).ok()?;
    if !is_serving() {
        let put_away: Button = ("put-away", Box::new(|| {}));
        for (label, act) in leads_on.into_iter().chain([put_away]) {
            let button = document.create_element("button").ok()?;
            button.set_class_name("btn quiet small");
            button.set_attribute("type", "button").ok()?;
            button.set_text_content(Some(&facts::word(label)));
            let (key, shown) = (sent.key(), note.clone());
            let pressed = Closure::<dyn FnMut(Event)>::new(move |_| {
                forget(&key);
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
    page::find("#receipt").is_some()
}

fn go(address: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(address));
    }
}
