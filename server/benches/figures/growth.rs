//! What growth costs: the same calls over a small chain and over bigger ones that have lived as long, in turns, so that whatever
//! else goes on at the machine meets all of them. Then the program is started over the biggest.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use kopilka_core::usecases::checkout::receipts::{commit_sale, quote_sale};
use kopilka_core::usecases::checkout::till::look_up_customer;
use kopilka_core::usecases::wallet::card;
use kopilka_demo_data::DemoSize;
use kopilka_testing::bench::curve::{Chart, Line, VerticalScale};
use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::size;
use kopilka_testing::bench::statistics::{SortedTimes, millis};
use kopilka_testing::place::{Place, engine};

use crate::filled_chain::FilledChain;
use crate::receipt::{draft, sent};
use crate::{limits, start};

/// Bytes that a receipt with all that belongs to it takes on the disk, at most; in SQLite about 2 900 were seen.
const BYTES: u64 = 3_200;
/// Receipts for each member.
const RECEIPTS: u64 = 10;
/// Members who are asked, each once.
const ASKED: u64 = 400;
/// What is measured of each member, in this order: what comes first meets pages that nobody has read lately.
const CALLS: [&str; 4] = ["look-up", "quote", "commit", "/card"];
/// So many times what the small chain takes, at most.
const WANTED: f64 = 1.3;
/// Time wanted for the filling of a full chain, and how many receipts that has.
const FULL: (f64, u64) = (300.0, 10_000_000);

pub(super) fn tell_all() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let biggest = runtime.block_on(grow());
    let (place, asked) = runtime.block_on(biggest.close());
    start::tell_all(place, &asked);
}

/// Bytes that are free in the folder.
fn free_bytes(folder: &Path) -> u64 {
    let df = Command::new("df").arg("-Pk").arg(folder).output().unwrap();
    let text = String::from_utf8(df.stdout).unwrap();
    let line = text.lines().nth(1).unwrap();
    line.split_whitespace()
        .nth(3)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 1_024
}

/// Members of each chain, from the biggest; the biggest has as many as are asked for or as the disk allows.
fn chain_sizes(folder: &Path) -> Vec<u64> {
    let wanted = size("KOPILKA_BENCH_MEMBERS", 1_000_000);
    let most = free_bytes(folder) / 5 * 4 / BYTES / RECEIPTS;
    if wanted > most {
        println!(
            "the disk has room for {most} members, not for {wanted}: the big chain is smaller"
        );
    }
    let biggest = wanted.min(most);
    let mut sizes: Vec<u64> = [100_000, 10_000]
        .into_iter()
        .filter(|size| *size < biggest)
        .collect();
    if sizes.is_empty() {
        sizes.push(biggest / 10);
    }
    sizes.insert(0, biggest);
    sizes
}

/// Measures all chains; the biggest.
async fn grow() -> FilledChain {
    let place = Place::new();
    let sizes = chain_sizes(place.path());
    let mut chains = Vec::new();
    let mut places = std::iter::once(place).chain(std::iter::repeat_with(Place::new));
    for members in &sizes {
        let size = DemoSize {
            members: *members,
            receipts: members * RECEIPTS,
            seed: 2,
        };
        chains.push(FilledChain::fill(places.next().unwrap(), size, ASKED).await);
    }
    tell_filling(&chains[0], sizes[0]);
    let medians = measure(&chains).await;
    tell_ratios(&sizes, &medians);
    draw(&sizes, &medians);
    chains.swap_remove(0)
}

fn tell_filling(chain: &FilledChain, members: u64) {
    let receipts = members * RECEIPTS;
    let name = format!(
        "{}: filling {members} members, {receipts} receipts (floor: its bytes)",
        engine()
    );
    let figure = Figure::new(name, chain.filled_in.as_secs_f64(), Unit::Seconds)
        .wanted(Wanted::AtMost(FULL.0 * receipts as f64 / FULL.1 as f64))
        .limited_by(limits::FILLING);
    match chain.time_of_its_bytes() {
        Some(seconds) => figure.floor(seconds).tell(),
        None => figure.tell(),
    }
}

/// Median of each call in each chain, in milliseconds.
async fn measure(chains: &[FilledChain]) -> Vec<[f64; 4]> {
    let mut times: Vec<[Vec<Duration>; 4]> = chains.iter().map(|_| Default::default()).collect();
    let asked = chains
        .iter()
        .map(|chain| chain.asked.len())
        .min()
        .unwrap_or_default();
    for place in 0..asked {
        for (chain, times) in chains.iter().zip(&mut times) {
            let taken = ask(chain, place).await;
            for (times, time) in times.iter_mut().zip(taken) {
                times.push(time);
            }
        }
    }
    let median = |times| millis(SortedTimes::of(times).median());
    times.into_iter().map(|calls| calls.map(median)).collect()
}

/// What each call takes for one of the members, in the order of [`CALLS`].
async fn ask(chain: &FilledChain, place: usize) -> [Duration; 4] {
    let (service, till, member) = (&chain.service, &chain.till, &chain.asked[place]);
    let number = place as u64;
    let (draft, sent) = (draft(&member.code, number), sent(number));
    let mut last = Instant::now();
    let mut since = || std::mem::replace(&mut last, Instant::now()).elapsed();
    look_up_customer(service, till, &member.code).await.unwrap();
    let looked_up = since();
    quote_sale(service, till, &draft).await.unwrap();
    let quoted = since();
    commit_sale(service, till, &draft, &sent).await.unwrap();
    let committed = since();
    card::load_card(service, &member.shopper).await.unwrap();
    [looked_up, quoted, committed, since()]
}

fn tell_ratios(sizes: &[u64], medians: &[[f64; 4]]) {
    let (biggest, smallest) = (&medians[0], &medians[medians.len() - 1]);
    for ((call, big), small) in CALLS.iter().zip(biggest).zip(smallest) {
        let name = format!(
            "{}: {call} at {} members, {} (floor: at {})",
            engine(),
            sizes[0],
            Unit::Millis.format(*big),
            sizes[sizes.len() - 1]
        );
        Figure::new(name, big / small, Unit::Times)
            .floor_text(Unit::Millis.format(*small))
            .wanted(Wanted::AtMost(WANTED))
            .limited_by(limits::GROWTH)
            .tell();
    }
}

fn draw(sizes: &[u64], medians: &[[f64; 4]]) {
    let lines = CALLS.iter().enumerate().map(|(call, name)| Line {
        name: (*name).to_owned(),
        points: sizes
            .iter()
            .zip(medians)
            .rev()
            .map(|(size, medians)| (*size as f64, medians[call]))
            .collect(),
    });
    let engine = engine();
    Chart {
        title: if engine == "sqlite" {
            "Calls by members, SQLite"
        } else {
            "Calls by members, PostgreSQL"
        },
        x: "members, each with ten receipts",
        y: "ms, median of one client",
        y_scale: VerticalScale::FromZero,
        lines: lines.collect(),
    }
    .write(&format!("members-{engine}"));
}
