//! A till under load: sales that earn and spend, returns and batches, one after another, each in its book before it is
//! sent, until an answer fails to come or the crash is over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use serde_json::{Value, json};

use super::chance::Chance;
use super::posted::{Posted, Way, send_all};
use crate::support::agent;

/// Pieces in a line.
const PIECES: u64 = 4;

#[derive(Debug)]
pub struct Till {
    name: String,
    cards: Vec<String>,
    chance: Chance,
    next: u64,
    /// Sales that are known to be stored, with the pieces of each that have not been asked back.
    sold: Vec<(String, u64)>,
    /// Items that the next batch takes along: sales whose returns went ahead.
    owed: Vec<Posted>,
    pub book: Vec<Posted>,
    /// How much of the book is from before this crash.
    pub checked: usize,
}

impl Till {
    /// A till whose shift is its name.
    pub fn new(name: String, cards: Vec<String>, chance: Chance) -> Self {
        Self {
            name,
            cards,
            chance,
            next: 0,
            sold: Vec::new(),
            owed: Vec::new(),
            book: Vec::new(),
            checked: 0,
        }
    }

    /// Posts until no answer comes; says so of each that does.
    pub fn work(&mut self, url: &str, over: &AtomicBool, answered: &Sender<()>) {
        let agent = agent();
        while !over.load(Ordering::Relaxed) {
            let calls = self.think();
            let told = if calls.len() == 1 {
                vec![calls[0].send(&agent, url)]
            } else {
                send_all(&agent, url, &calls)
            };
            let lost = told.iter().any(Option::is_none);
            for (mut posted, told) in calls.into_iter().zip(told) {
                posted.told = told;
                self.learn(&posted);
                self.book.push(posted);
            }
            // Nobody counts any more once the crash has come.
            answered.send(()).unwrap_or_default();
            if lost {
                return;
            }
        }
    }

    /// Remembers a stored sale, for returns to come.
    pub fn learn(&mut self, posted: &Posted) {
        if let Some(told) = posted.told.as_ref().filter(|told| told.is_stored())
            && posted.is_sale()
        {
            let id = told.json()["id"].as_str().unwrap().to_owned();
            if self.sold.iter().all(|(known, _)| *known != id) {
                self.sold.push((id, PIECES));
            }
        }
    }

    /// The next call: one thing, or a batch of several.
    fn think(&mut self) -> Vec<Posted> {
        match self.chance.below(10) {
            0..5 => vec![self.sale()],
            5..8 if !self.sold.is_empty() => vec![self.give_back()],
            _ => self.batch(),
        }
    }

    fn number(&mut self) -> String {
        self.next += 1;
        self.next.to_string()
    }

    fn receipt(&mut self, number: &str) -> Value {
        let card = self.chance.of(&self.cards).clone();
        let category = *self.chance.of(&["grocery", "dairy", "kids"]);
        let amount = 100 * (1 + self.chance.below(2_000));
        json!({
            "code": card, "shift": self.name, "number": number,
            "lines": [{
                "sku": "test", "name": "Продукты, тест", "category": category,
                "quantity": 1000 * PIECES, "amount": amount,
            }],
        })
    }

    fn posted(&self, kind: &str, number: String, way: Way, body: Value) -> Posted {
        Posted {
            key: format!("{}-{kind}-{number}", self.name),
            way,
            body,
            identity: (kind.to_owned(), self.name.clone(), number),
            told: None,
        }
    }

    fn sale(&mut self) -> Posted {
        let number = self.number();
        let mut body = self.receipt(&number);
        match self.chance.below(4) {
            0 => body["spend"] = json!("all"),
            // More than there is at times: a refusal stores nothing.
            1 => body["spend"] = json!(1 + self.chance.below(60)),
            _ => {}
        }
        self.posted("sale", number, Way::Sale, body)
    }

    fn give_back(&mut self) -> Posted {
        let at = usize::try_from(self.chance.below(self.sold.len() as u64)).unwrap();
        let (sale, left) = self.sold[at].clone();
        // At times one piece more than is left, which is refused.
        let pieces = 1 + self.chance.below(left + 1);
        if pieces >= left {
            self.sold.remove(at);
        } else {
            self.sold[at].1 -= pieces;
        }
        let number = self.number();
        let body = json!({
            "shift": self.name, "number": number,
            "lines": [{"position": 0, "quantity": 1000 * pieces}],
        });
        self.posted("return", number, Way::Return(sale), body)
    }

    fn item(&mut self, number: String) -> Posted {
        let receipt = self.receipt(&number);
        let mut posted = self.posted("sale", number, Way::Item, Value::Null);
        posted.body = json!({"key": posted.key, "receipt": receipt});
        posted
    }

    /// A return by the sale's number: one piece of it.
    fn item_back(&mut self, of: &str) -> Posted {
        let number = self.number();
        let back = json!({
            "sale": {"shift": self.name, "number": of}, "shift": self.name, "number": number,
            "lines": [{"position": 0, "quantity": 1000}],
        });
        let mut posted = self.posted("return", number, Way::Item, Value::Null);
        posted.body = json!({"key": posted.key, "return": back});
        posted
    }

    /// Sales and returns in any order, also returns whose sale comes with the batch after, or never.
    fn batch(&mut self) -> Vec<Posted> {
        let mut items = std::mem::take(&mut self.owed);
        for _ in 0..=self.chance.below(3) {
            let number = self.number();
            if self.chance.one_in(2) {
                let back = self.item_back(&number);
                items.push(back);
            }
            let sale = self.item(number);
            match self.chance.below(6) {
                0 => self.owed.push(sale),
                1 => {}
                _ => items.push(sale),
            }
        }
        self.chance.shuffle(&mut items);
        if items.is_empty() {
            items.push(self.sale());
        }
        items
    }
}
