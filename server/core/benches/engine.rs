//! Figures of the engine, each beside what limits it: a constant commit of the same database, and one write to the disk.
//! `make bench` prints them for each engine. A figure that falls short is printed so, with what was tried and what limits it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic
)]

#[path = "engine/judging.rs"]
mod judging;
#[path = "engine/why.rs"]
mod why;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kopilka_core::domain::amounts::{Money, Points, Quantity};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::offers::{
    ConditionsDocument, Offer, OfferActivation, OfferBenefit, OfferLimits,
};
use kopilka_core::domain::programme::LocalisedText;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::checkout::receipts::{
    IdempotentRequest, SaleDraft, commit_sale, quote_sale,
};
use kopilka_core::usecases::demo;
use kopilka_testing::chain::{Chain, Member};
use tokio::task::JoinSet;

/// Clients that sell at once.
const CLIENTS: usize = 64;
/// How long each rate is measured.
const WHILE: Duration = Duration::from_secs(4);

fn main() {
    let engine = kopilka_testing::place::engine();
    println!("\nengine: {engine}");
    println!(
        "{:<52} {:>14} {:>14} {:>14}",
        "figure", "seen", "wanted", "floor"
    );
    if engine == "sqlite" {
        judging::figure();
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(selling(&engine));
}

/// Says under a figure that it falls short, where it does.
fn explain(falls_short: bool, why: &str) {
    if falls_short {
        println!("  falls short: {why}");
    }
}

fn row(name: &str, seen: &str, wanted: &str, floor: &str) {
    println!("{name:<52} {seen:>14} {wanted:>14} {floor:>14}");
}

fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1_000.0)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn line(category: &str, roubles: i64) -> ReceiptLine {
    ReceiptLine {
        sku: "4600000000017".to_owned(),
        name: "Bench".to_owned(),
        category: category.to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        amount: Money(roubles * 100),
    }
}

/// A receipt of five lines.
fn draft(member: &Member, number: u64) -> SaleDraft {
    SaleDraft {
        visit: None,
        code: Some(member.code.clone()),
        series: None,
        shift: Some("1".to_owned()),
        number: Some(format!("b{number}")),
        at: None,
        lines: ["dairy", "bakery", "fruit", "coffee", "grocery"]
            .map(|category| line(category, 120))
            .to_vec(),
        spend: PointsToSpend::None,
    }
}

fn sent(number: u64) -> IdempotentRequest {
    IdempotentRequest {
        key: format!("b{number}"),
        bytes_hash: None,
        body_hash: vec![1; 32],
    }
}

async fn selling(engine: &str) {
    let why = if engine == "sqlite" {
        &why::SQLITE
    } else {
        &why::POSTGRES
    };
    let chain = Arc::new(
        Chain::open("2026-06-01", |programme| {
            programme.offers = demo::programme().unwrap().offers;
            // One budget that every receipt draws on, and never to its end.
            programme.offers.push(Offer {
                id: "hot-budget".to_owned(),
                title: LocalisedText {
                    ru: "Бюджет".to_owned(),
                    en: "Budget".to_owned(),
                },
                text: LocalisedText {
                    ru: "Бюджет".to_owned(),
                    en: "Budget".to_owned(),
                },
                benefit: OfferBenefit::FixedPoints { points: Points(1) },
                conditions: ConditionsDocument {
                    stores: vec!["test".to_owned()],
                    minimum_receipt: Some(Money(61_000)),
                    ..ConditionsDocument::default()
                }
                .into(),
                limits: OfferLimits {
                    points_budget: Some(Points(1_000_000_000)),
                    ..OfferLimits::default()
                },
                priority: 0,
                group: None,
                activation: OfferActivation::Automatic,
                alcohol: false,
            });
        })
        .await,
    );
    let mut members = Vec::new();
    for number in 0..1_000 {
        members.push(chain.member(number).await);
    }
    let members = Arc::new(members);
    let numbers = Arc::new(AtomicU64::new(0));

    let disk = fsync(chain.folder());
    let mut quotes = Vec::new();
    let mut readings = Vec::new();
    let mut commits = Vec::new();
    let mut constants = Vec::new();
    for member in members.iter().take(300) {
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let draft = draft(member, number);
        let start = Instant::now();
        quote_sale(&chain.k, &chain.till, &draft).await.unwrap();
        quotes.push(start.elapsed());
        let start = Instant::now();
        reading(&chain, member).await;
        readings.push(start.elapsed());
        let start = Instant::now();
        let sent = sent(number);
        commit_sale(&chain.k, &chain.till, &draft, &sent)
            .await
            .unwrap();
        commits.push(start.elapsed());
        let start = Instant::now();
        constant(&chain).await;
        constants.push(start.elapsed());
    }
    let quoted = median(quotes);
    row(
        "quote, one client, median (floor: one row read)",
        &millis(quoted),
        "<= 1 ms",
        &millis(median(readings)),
    );
    explain(quoted > Duration::from_millis(1), why.quote);
    let wanted = 3 * disk + Duration::from_millis(1);
    let committed = median(commits);
    row(
        "commit, one client, median (floor: one row)",
        &millis(committed),
        &format!("<= {}", millis(wanted)),
        &millis(median(constants)),
    );
    explain(committed > wanted, why.commit);
    row("  one write to the disk (fsync)", &millis(disk), "-", "-");

    let wanted = if engine == "sqlite" {
        10_000.0
    } else {
        4_000.0
    };
    let floor = rate(&chain, &members, &numbers, Load::Constant).await;
    let uniform = rate(&chain, &members, &numbers, Load::Uniform).await;
    let member = rate(&chain, &members, &numbers, Load::OneMember).await;
    let budget = rate(&chain, &members, &numbers, Load::OneBudget).await;
    let per_second = |rate: f64| format!("{rate:.0}/s");
    row(
        "durable commits, 64 clients (floor: one row each)",
        &per_second(uniform.0),
        &format!(">= {}", per_second(wanted)),
        &per_second(floor.0),
    );
    explain(uniform.0 < wanted, why.rate);
    row(
        "  p99 of them",
        &millis(uniform.1),
        "<= 50 ms",
        &millis(floor.1),
    );
    explain(uniform.1 > Duration::from_millis(50), why.slowest);
    let half = uniform.0 / 2.0;
    for (name, (rate, _), why) in [
        ("  all of one member", member, why.member),
        ("  all on one budget", budget, why.budget),
    ] {
        row(
            name,
            &per_second(rate),
            &format!(">= {}", per_second(half)),
            &per_second(floor.0),
        );
        explain(rate < half, why);
    }
    chain.check().await;
}

/// Median of one small write that is on the disk.
fn fsync(folder: &std::path::Path) -> Duration {
    let mut file = std::fs::File::create(folder.join("fsync")).unwrap();
    median(
        (0..200)
            .map(|_| {
                let start = Instant::now();
                file.write_all(&[7; 4096]).unwrap();
                file.sync_data().unwrap();
                start.elapsed()
            })
            .collect(),
    )
}

/// The least that a transaction can read.
async fn reading(chain: &Chain, member: &Member) {
    let mut tx = chain.k.db.read().await.unwrap();
    let _: i64 = sql("SELECT balance FROM accounts WHERE member_id = $1")
        .bind(member.id)
        .fetch_value(&mut tx)
        .await
        .unwrap();
}

/// The least that a durable transaction can do.
async fn constant(chain: &Chain) {
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    let id = kopilka_core::ids::RowId::new();
    sql("INSERT INTO audit (id, till_id, action, subject, outcome, at) VALUES ($1, $2, $3, $3, $3, $4)")
        .bind(id)
        .bind(chain.till.till.id)
        .bind("bench")
        .bind(0_i64)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Load {
    Constant,
    Uniform,
    OneMember,
    OneBudget,
}

/// Commits a second of all clients together, and the 99th of a hundred of their times.
async fn rate(
    chain: &Arc<Chain>,
    members: &Arc<Vec<Member>>,
    numbers: &Arc<AtomicU64>,
    load: Load,
) -> (f64, Duration) {
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (chain, members, numbers) = (chain.clone(), members.clone(), numbers.clone());
        clients.spawn(async move {
            let mut times = Vec::new();
            while start.elapsed() < WHILE {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                let begun = Instant::now();
                if load == Load::Constant {
                    constant(&chain).await;
                } else {
                    let member = match load {
                        Load::OneMember => &members[0],
                        _ => &members[(client * 131 + number as usize * 7) % members.len()],
                    };
                    let mut draft = draft(member, number);
                    if load == Load::OneBudget {
                        draft.lines[0].amount = Money(20_000);
                    }
                    commit_sale(&chain.k, &chain.till, &draft, &sent(number))
                        .await
                        .unwrap();
                }
                times.push(begun.elapsed());
            }
            times
        });
    }
    let mut times: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    times.sort_unstable();
    (rate, times[times.len() * 99 / 100])
}
