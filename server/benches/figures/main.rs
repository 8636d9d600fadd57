//! Figures of speed, size and growth, each beside the machine's own floor of the same run. `make bench` takes all of them;
//! docs/benchmarks.md says how each is made. Words after `--` choose figures by their names; `table` prints those of the run.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic
)]

mod commits;
mod drawing;
mod filled_chain;
mod floor;
mod growth;
mod judging;
mod limits;
mod offers;
mod open_cards;
mod pages;
mod receipt;
mod start;
mod tills;

use kopilka_testing::bench::{pinning, table};
use kopilka_testing::place::engine;

/// A figure by its name, and whether it is another one on PostgreSQL.
const FIGURES: [(&str, bool, fn()); 8] = [
    ("pages", false, pages::tell_all),
    ("drawing", false, drawing::tell),
    ("judging", false, judging::tell),
    ("offers", false, offers::draw),
    ("commits", true, commits::tell_all),
    ("tills", false, tills::tell_all),
    ("open-cards", false, open_cards::tell_all),
    ("growth", true, growth::tell_all),
];

fn main() {
    // cargo adds `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    if let [floor, size] = words.as_slice()
        && floor == "floor"
    {
        return floor::serve(size.parse().unwrap());
    }
    if words == ["table"] {
        return table::publish();
    }
    pinning::raise_file_limit();
    let unknown = words
        .iter()
        .find(|word| FIGURES.iter().all(|(name, ..)| name != word));
    assert!(unknown.is_none(), "there is no figure {unknown:?}");
    let engine = engine();
    for (name, on_each_engine, tell) in FIGURES {
        let is_chosen = words.is_empty() || words.iter().any(|word| word == name);
        if is_chosen && (on_each_engine || engine == "sqlite") {
            println!("\n{name}, engine: {engine}");
            tell();
        }
    }
}
