//! A sale on this device: the fields of its form with its own time, till and cashier, as it is kept and as it is sent; what
//! became of it, and what the cashier is shown of it.

use js_sys::{Array, Number, Object};
use kopilka_browser::{device_clock, get_property, set_property};
use wasm_bindgen::{JsCast, JsValue};

use super::browser_memory::BrowserMemory;
use super::{money, page_facts};

/// Key under which the last provisional number of the day is remembered.
const NUMBER: &str = "till-number";

/// Fields of a form, each a name and a value.
#[derive(Debug, Clone)]
pub struct FormFields(Array);

impl FormFields {
    /// Fields as a form or a record has them.
    pub fn from_js(pairs: &JsValue) -> Self {
        Self(Array::from(pairs))
    }

    /// New fields.
    pub fn new(pairs: &[(&str, &str)]) -> Self {
        let fields = Self(Array::new());
        for (name, value) in pairs {
            fields.push_field(name, value);
        }
        fields
    }

    fn push_field(&self, name: &str, value: &str) {
        self.0.push(&Array::of2(&name.into(), &value.into()));
    }

    /// All of them.
    pub fn name_value_pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().filter_map(|pair| {
            let pair: Array = pair.dyn_into().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
    }

    /// The first value of a field; empty where there is none.
    pub fn first_value(&self, name: &str) -> String {
        self.name_value_pairs()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value)
            .unwrap_or_default()
    }

    /// The same without these fields.
    pub fn without_fields(&self, names: &[&str]) -> Self {
        let kept = Self(Array::new());
        for (name, value) in self.name_value_pairs() {
            if !names.contains(&name.as_str()) {
                kept.push_field(&name, &value);
            }
        }
        kept
    }

    /// The same with this field.
    pub fn with_field(&self, name: &str, value: &str) -> Self {
        let changed = self.without_fields(&[name]);
        changed.push_field(name, value);
        changed
    }

    /// Returns whether points are to be spent.
    pub fn spends(&self) -> bool {
        ["all", "exact"].contains(&self.first_value("spend").as_str())
            && !self.first_value("visit").is_empty()
    }

    /// Returns whether something was typed here that the page has not answered yet.
    pub fn has_new(&self, name: &str, answered: &str) -> bool {
        let typed = self.first_value(name);
        !typed.trim().is_empty() && typed != self.first_value(answered)
    }

    /// Returns whether lines are typed, not the amount alone.
    pub fn by_lines(&self) -> bool {
        self.first_value("mode") == "lines"
    }

    /// Returns what it costs in kopecks, as far as it can be read.
    pub fn sum_in_kopecks(&self) -> i64 {
        if self.by_lines() {
            let lines = self
                .name_value_pairs()
                .filter(|(name, _)| name == "line_amount[]");
            lines
                .filter_map(|(_, amount)| money::parse_money(&amount))
                .sum()
        } else {
            money::parse_money(&self.first_value("amount")).unwrap_or(0)
        }
    }

    /// Returns the fields as JavaScript has them.
    pub const fn as_js(&self) -> &Array {
        &self.0
    }
}

/// A sale on this device.
#[derive(Debug, Clone)]
pub struct OfflineSale(JsValue);

impl OfflineSale {
    /// A sale that is made now.
    pub fn new(form: &FormFields) -> Self {
        let sale = Self(Object::new().into());
        let (till, staff) = page_facts::till_and_cashier();
        let at = page_facts::server_time();
        // Names sort as the sales were made.
        sale.set_word("name", &format!("{at:015} {}", form.first_value("key")));
        sale.set_word("till", &till);
        sale.set_word("staff", &staff);
        sale.set_word("number", &next_number());
        sale.set_word("state", "waiting");
        set_property(&sale.0, "form", form.as_js());
        // Whole numbers of this size are exact.
        let at = Number::parse_float(&at.to_string());
        set_property(&sale.0, "at", &at.into());
        sale
    }

    /// A sale as it was kept.
    pub const fn from_record(record: JsValue) -> Self {
        Self(record)
    }

    /// Returns the sale as it is kept and sent.
    pub const fn record(&self) -> &JsValue {
        &self.0
    }

    /// A word of it: `name`, `state` (`waiting`, `parked`, `refused`), `why`, `words`, `number`, `without_card`, `not_before`
    /// (milliseconds since 1970 by the device's clock, before which the server does not take it).
    pub fn get_word(&self, name: &str) -> String {
        get_property(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Sets a word of it.
    pub fn set_word(&self, name: &str, value: &str) {
        set_property(&self.0, name, &value.into());
    }

    /// Its fields.
    pub fn form_fields(&self) -> FormFields {
        get_property(&self.0, "form")
            .map_or_else(|| FormFields::new(&[]), |form| FormFields::from_js(&form))
    }

    /// Changes its fields.
    pub fn set_form_fields(&self, form: &FormFields) {
        set_property(&self.0, "form", form.as_js());
    }

    /// Returns when it was made, in milliseconds since 1970.
    pub fn made_at(&self) -> i64 {
        get_property(&self.0, "at")
            .and_then(|at| at.as_f64())
            .map_or(0, device_clock::to_whole_millis)
    }

    /// A sentence about it: `#number`, `#sum` and `#time` are filled in.
    pub fn fill_sentence(&self, sentence: &str) -> String {
        let sum = money::format_money(self.form_fields().sum_in_kopecks(), &page_facts::language());
        sentence
            .replace("#number", &self.get_word("number"))
            .replace(
                "#sum",
                &page_facts::bar_attribute("money").replace('#', &sum),
            )
            .replace("#time", &format_moment(self.made_at(), true))
    }
}

/// A moment as it is read: hours and minutes, with the day where it is asked for.
pub fn format_moment(at: i64, with_day: bool) -> String {
    let options = Object::new();
    for part in ["hour", "minute"] {
        set_property(&options, part, &"2-digit".into());
    }
    if with_day {
        for part in ["day", "month"] {
            set_property(&options, part, &"2-digit".into());
        }
    }
    let at = Number::parse_float(&at.to_string());
    let date = js_sys::Date::new(&at.into());
    // As the server's pages write it: day before month, 24 hours.
    let locale = match page_facts::language().as_str() {
        "en" => "en-GB".to_owned(),
        language => language.to_owned(),
    };
    date.to_locale_string(&locale, &options).into()
}

/// The next provisional number of the day: only for people, the server gives its own.
fn next_number() -> String {
    let day = format_moment(page_facts::server_time(), true);
    let day = day.split([',', ' ']).next().unwrap_or_default();
    let last = BrowserMemory::Device.read_value(NUMBER).unwrap_or_default();
    let last = last
        .split_once('|')
        .filter(|(of, _)| *of == day)
        .and_then(|(_, last)| last.parse::<u32>().ok());
    let next = last.unwrap_or(0).saturating_add(1);
    BrowserMemory::Device.write_value(NUMBER, &format!("{day}|{next}"));
    format!("№\u{a0}{next}")
}
