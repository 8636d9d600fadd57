//! What more and more offers cost a quote and a commit, as a curve.

use std::time::{Duration, Instant};

use kopilka_core::domain::offers::ItemCondition;
use kopilka_core::usecases::checkout::receipts::{commit_sale, quote_sale};
use kopilka_testing::bench::curve::{Chart, Line, VerticalScale};
use kopilka_testing::bench::statistics::{SortedTimes, millis};
use kopilka_testing::chain::Chain;

use crate::judging;
use crate::receipt::{draft, sent};

/// Offers for goods of the receipt; all others are for goods that it has not.
const FITTING: usize = 10;
/// Receipts of each number of offers.
const RECEIPTS: u64 = 200;

pub(super) fn draw() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let [mut quotes, mut commits] = ["quote", "commit"].map(|name| Line {
        name: name.to_owned(),
        points: Vec::new(),
    });
    for count in [10_u32, 30, 100, 300, 500] {
        let (quote, commit) = runtime.block_on(measure(count));
        println!("{count} offers: quote {quote:.2} ms, commit {commit:.2} ms");
        quotes.points.push((f64::from(count), quote));
        commits.points.push((f64::from(count), commit));
    }
    Chart {
        title: "A receipt of five lines by offers",
        x: "offers in force, ten of them for goods of the receipt",
        y: "ms, median of one client",
        y_scale: VerticalScale::FromZero,
        lines: vec![quotes, commits],
    }
    .write("offers");
}

/// Medians of a quote and a commit, in milliseconds.
async fn measure(count: u32) -> (f64, f64) {
    let chain = Chain::open("2026-06-01", |programme| {
        programme.offers = judging::offers(count.try_into().unwrap());
        for (number, offer) in programme.offers.iter_mut().enumerate() {
            offer.group = None;
            if number >= FITTING {
                let elsewhere = |condition: &mut ItemCondition| {
                    condition.categories = vec![format!("other-{number}")];
                };
                offer
                    .conditions
                    .rewrite(|written| written.items.iter_mut().for_each(elsewhere));
            }
        }
    });
    let chain = chain.await;
    let (mut quotes, mut commits): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for number in 0..RECEIPTS {
        let member = chain.member(number).await;
        let draft = draft(&member.code, number);
        let start = Instant::now();
        quote_sale(&chain.k, &chain.till, &draft).await.unwrap();
        quotes.push(start.elapsed());
        let start = Instant::now();
        let sent = sent(number);
        commit_sale(&chain.k, &chain.till, &draft, &sent)
            .await
            .unwrap();
        commits.push(start.elapsed());
    }
    let median = |times| millis(SortedTimes::of(times).median());
    (median(quotes), median(commits))
}
