//! The two bars of the till's page: the result at its foot, and at its head how many sales wait on this device.

use kopilka_browser::page;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event};

use super::browser_memory::BrowserMemory;
use super::offline_sale::{OfflineSale, format_moment};
use super::server_link::{self, ServerLinkState};
use super::{offline_sales, page_facts, queue_list, tone};

/// Key under which a result waits for the next page.
const REMEMBERED_RESULT: &str = "told";
/// Key of a result that is told before the next page's own.
const RESULT_TO_TELL_FIRST: &str = "told-first";

/// Content of the result's bar.
#[derive(Debug, Clone)]
pub struct ResultMessage {
    /// `good`, `warn` or `bad`.
    pub tone: &'static str,
    /// Sentence about what happened.
    pub title: String,
    /// Facts and advice besides.
    pub more: String,
}

impl ResultMessage {
    /// Returns the result that the page's words of this name tell.
    pub fn from_page_words(tone: &'static str, name: &str) -> Self {
        Self {
            tone,
            title: page_facts::bar_attribute(name),
            more: page_facts::bar_attribute(&format!("{name}-more")),
        }
    }

    /// Tells it on this page, with a button where there is something to do.
    pub fn tell_here(&self, button: Option<(String, Box<dyn Fn()>)>) -> Option<()> {
        let document = page::document()?;
        let bar = page::find_element(".result")?;
        bar.set_inner_html("");
        let words = document.create_element("p").ok()?;
        words.set_id("told");
        words.set_text_content(Some(&self.title));
        let more = document.create_element("small").ok()?;
        more.set_text_content(Some(&self.more));
        words.append_child(&more).ok()?;
        bar.append_child(&words).ok()?;
        if let Some((label, act)) = button {
            let button = document.create_element("button").ok()?;
            drop(button.set_attribute("class", "btn quiet"));
            drop(button.set_attribute("type", "button"));
            button.set_text_content(Some(&label));
            let act = Closure::<dyn FnMut(Event)>::new(move |_| act()).into_js_value();
            kopilka_browser::listen(&button, "click", &act);
            bar.append_child(&button).ok()?;
        }
        bar.set_attribute("data-tone", self.tone).ok()?;
        tone::play_tone(self.tone);
        Some(())
    }

    /// Tells it on the next page, unless that has something of its own to tell.
    pub fn tell_next(&self) {
        BrowserMemory::Tab.write_value(REMEMBERED_RESULT, &self.as_text());
    }

    /// Tells it on the next page, whatever that has to tell.
    pub fn tell_first(&self) {
        BrowserMemory::Tab.write_value(RESULT_TO_TELL_FIRST, &self.as_text());
    }

    fn as_text(&self) -> String {
        format!("{}\t{}\t{}", self.tone, self.title, self.more)
    }

    fn parse_stored(text: &str) -> Option<Self> {
        let mut parts = text.split('\t');
        let tone = parts.next()?;
        Some(Self {
            tone: if tone == "good" { "good" } else { "warn" },
            title: parts.next()?.to_owned(),
            more: parts.next()?.to_owned(),
        })
    }
}

/// Tells what the page before had to tell.
pub fn tell_remembered() {
    let first = BrowserMemory::Tab.take_value(RESULT_TO_TELL_FIRST);
    let next = BrowserMemory::Tab.take_value(REMEMBERED_RESULT);
    let silent = page::find_element(".result").is_some_and(|bar| !bar.has_attribute("data-tone"));
    let left = first.or_else(|| next.filter(|_| silent));
    if let Some(told) = left.and_then(|text| ResultMessage::parse_stored(&text)) {
        told.tell_here(None);
    }
}

/// Shows what waits: the bar at the head, and the list where the page has one.
pub async fn refresh_bar() {
    let sales = offline_sales::all_sales().await;
    queue_list::show_sales(&sales);
    show_waiting(&sales);
}

fn show_waiting(sales: &[OfflineSale]) -> Option<()> {
    let bar = page_facts::queue_bar()?;
    let in_state = |state: &str| {
        sales
            .iter()
            .filter(|sale| sale.get_word("state") == state)
            .count()
    };
    let (refused, parked, waiting) = (in_state("refused"), in_state("parked"), in_state("waiting"));
    let since = sales
        .iter()
        .find(|sale| sale.get_word("state") == "waiting");
    let (sending, kind) = match server_link::link_state() {
        ServerLinkState::Reachable => ("good", "sending"),
        ServerLinkState::None => ("warn", "waiting"),
        ServerLinkState::SignedOut => ("warn", "signed-out"),
    };
    // What is worst decides the colour; none of it is left unsaid.
    let told: Vec<(&str, String)> = [
        ("bad", "refused", refused),
        (sending, kind, waiting),
        ("warn", "parked", parked),
    ]
    .into_iter()
    .filter(|(_, _, count)| *count > 0)
    .map(|(tone, name, count)| (tone, page_facts::plural_attribute(name, count)))
    .collect();
    let Some((tone, _)) = told.first() else {
        return bar.set_attribute("hidden", "").ok();
    };
    let words: Vec<&str> = told.iter().map(|(_, words)| words.as_str()).collect();
    let words = words.join(". ");
    let time = since.map_or_else(String::new, |sale| format_moment(sale.made_at(), false));
    let words = words.replace("#time", &time);
    let line: Element = bar.query_selector("p").ok()??;
    // A live region reads what changes, so what stays is left alone.
    if line.text_content().as_deref() != Some(words.as_str()) {
        line.set_text_content(Some(&words));
    }
    bar.set_attribute("data-tone", tone).ok()?;
    bar.remove_attribute("hidden").ok()
}

/// The element that an event is about.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
