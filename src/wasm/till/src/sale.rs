//! A sale on this device: the fields of its form with its own time, till and cashier, as it is kept and as it is sent; what
//! became of it, and what the cashier is shown of it.

use js_sys::{Array, Number, Object};
use kopilka_browser::{clock, get, set};
use wasm_bindgen::{JsCast, JsValue};

use super::memory::Memory;
use super::{facts, money};

/// Key under which the last provisional number of the day is remembered.
const NUMBER: &str = "till-number";

/// Fields of a form, each a name and a value.
#[derive(Debug, Clone)]
pub struct Fields(Array);

impl Fields {
    /// Fields as a form or a record has them.
    pub fn of(pairs: &JsValue) -> Self {
        Self(Array::from(pairs))
    }

    /// New fields.
    pub fn new(pairs: &[(&str, &str)]) -> Self {
        let fields = Self(Array::new());
        for (name, value) in pairs {
            fields.push(name, value);
        }
        fields
    }

    fn push(&self, name: &str, value: &str) {
        self.0.push(&Array::of2(&name.into(), &value.into()));
    }

    /// All of them.
    pub fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.0.iter().filter_map(|pair| {
            let pair: Array = pair.dyn_into().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        })
    }

    /// The first value of a field; empty where there is none.
    pub fn value(&self, name: &str) -> String {
        self.pairs()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value)
            .unwrap_or_default()
    }

    /// The same without these fields.
    pub fn without(&self, names: &[&str]) -> Self {
        let kept = Self(Array::new());
        for (name, value) in self.pairs() {
            if !names.contains(&name.as_str()) {
                kept.push(&name, &value);
            }
        }
        kept
    }

    /// The same with this field.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let changed = self.without(&[name]);
        changed.push(name, value);
        changed
    }

    /// Returns whether points are to be spent.
    pub fn spends(&self) -> bool {
        ["all", "exact"].contains(&self.value("spend").as_str()) && !self.value("visit").is_empty()
    }

    /// Returns whether something was typed here that the page has not answered yet.
    pub fn has_new(&self, name: &str, answered: &str) -> bool {
        let typed = self.value(name);
        !typed.trim().is_empty() && typed != self.value(answered)
    }

    /// Returns whether lines are typed, not the amount alone.
    pub fn by_lines(&self) -> bool {
        self.value("mode") == "lines"
    }

    /// Returns what it costs in kopecks, as far as it can be read.
    pub fn sum(&self) -> i64 {
        if self.by_lines() {
            let lines = self.pairs().filter(|(name, _)| name == "line_amount[]");
            lines.filter_map(|(_, amount)| money::read(&amount)).sum()
        } else {
            money::read(&self.value("amount")).unwrap_or(0)
        }
    }

    /// Returns the fields as JavaScript has them.
    pub const fn as_js(&self) -> &Array {
        &self.0
    }
}

/// A sale on this device.
#[derive(Debug, Clone)]
pub struct Sale(JsValue);

impl Sale {
    /// A sale that is made now.
    pub fn new(form: &Fields) -> Self {
        let sale = Self(Object::new().into());
        let (till, staff) = facts::place();
        let at = facts::now();
        // Names sort as the sales were made.
        sale.set("name", &format!("{at:015} {}", form.value("key")));
        sale.set("till", &till);
        sale.set("staff", &staff);
        sale.set("number", &number());
        sale.set("state", "waiting");
        set(&sale.0, "form", form.as_js());
        // Whole numbers of this size are exact.
        let at = Number::parse_float(&at.to_string());
        set(&sale.0, "at", &at.into());
        sale
    }

    /// A sale as it was kept.
    pub const fn kept(record: JsValue) -> Self {
        Self(record)
    }

    /// Returns the sale as it is kept and sent.
    pub const fn record(&self) -> &JsValue {
        &self.0
    }

    /// A word of it: `name`, `state` (`waiting`, `parked`, `refused`), `why`, `words`, `number`, `without_card`, `not_before`
    /// (milliseconds since 1970 by the device's clock, before which the server does not take it).
    pub fn word(&self, name: &str) -> String {
        get(&self.0, name)
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Sets a word of it.
    pub fn set(&self, name: &str, value: &str) {
        set(&self.0, name, &value.into());
    }

    /// Its fields.
    pub fn form(&self) -> Fields {
        get(&self.0, "form").map_or_else(|| Fields::new(&[]), |form| Fields::of(&form))
    }

    /// Changes its fields.
    pub fn set_form(&self, form: &Fields) {
        set(&self.0, "form", form.as_js());
    }

    /// Returns when it was made, in milliseconds since 1970.
    pub fn at(&self) -> i64 {
        get(&self.0, "at")
            .and_then(|at| at.as_f64())
            .map_or(0, clock::whole)
    }

    /// A sentence about it: `#number`, `#sum` and `#time` are filled in.
    pub fn tell(&self, sentence: &str) -> String {
        let sum = money::write(self.form().sum(), &facts::language());
        sentence
            .replace("#number", &self.word("number"))
            .replace("#sum", &facts::word("money").replace('#', &sum))
            .replace("#time", &moment(self.at(), true))
    }
}

/// A moment as it is read: hours and minutes, with the day where it is asked for.
pub fn moment(at: i64, with_day: bool) -> String {
    let options = Object::new();
    for part in ["hour", "minute"] {
        set(&options, part, &"2-digit".into());
    }
    if with_day {
        for part in ["day", "month"] {
            set(&options, part, &"2-digit".into());
        }
    }
    let at = Number::parse_float(&at.to_string());
    let date = js_sys::Date::new(&at.into());
    // As the server's pages write it: day before month, 24 hours.
    let locale = match facts::language().as_str() {
        "en" => "en-GB".to_owned(),
        language => language.to_owned(),
    };
    date.to_locale_string(&locale, &options).into()
}

/// The next provisional number of the day: only for people, the server gives its own.
fn number() -> String {
    let day = moment(facts::now(), true);
    let day = day.split([',', ' ']).next().unwrap_or_default();
    let last = Memory::Device.read(NUMBER).unwrap_or_default();
    let last = last
        .split_once('|')
        .filter(|(of, _)| *of == day)
        .and_then(|(_, last)| last.parse::<u32>().ok());
    let next = last.unwrap_or(0).saturating_add(1);
    Memory::Device.write(NUMBER, &format!("{day}|{next}"));
    format!("№\u{a0}{next}")
}
