//! What growth costs: the same calls over a small chain and over a big one that has lived as long, in turns, so that whatever
//! else goes on at the machine meets both. `KOPILKA_BENCH_MEMBERS` and `KOPILKA_BENCH_RECEIPTS` say how big.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kopilka_core::clock::{Clock, SystemClock};
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::entropy;
use kopilka_core::ids::{DeviceId, MemberId};
use kopilka_core::store::bulk_load::BulkLoader;
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::store::engine::{StoredRow, sql};
use kopilka_core::store::tills;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    IdempotentRequest, SaleDraft, commit_sale, quote_sale,
};
use kopilka_core::usecases::checkout::till::look_up_customer;
use kopilka_core::usecases::demo::TILL_KEY;
use kopilka_core::usecases::wallet::card;
use kopilka_core::{Kopilka, ServiceConfig};
use kopilka_demo_data::{DemoSize, fill_database};
use kopilka_testing::place::{Place, engine};

/// The chain that the big one is compared with.
const SMALL: DemoSize = DemoSize {
    members: 10_000,
    receipts: 100_000,
    seed: 1,
};
/// Bytes that a receipt with all that belongs to it takes on the disk, at most; in SQLite about 2 900 were seen.
const BYTES: u64 = 3_200;
/// Members who are asked, each once.
const ASKED: u64 = 400;
/// What is wanted: so many times what the small chain takes.
const WANTED: f64 = 1.5;

/// What was tried and what limits a call that falls short.
const FAR: &str = "  falls short: tried: an index to each kind of a member's rows, two of which alone tell what the member has and\n  \
     what counts for the tier, and one reading of all that rules ask. What limits it: a member's rows lie in pages that nobody\n  \
     else reads, and come from the disk";

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(growth());
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// Bytes that are free where the place is.
fn free(folder: &Path) -> u64 {
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

/// The size asked for, or what the disk allows.
fn size(folder: &Path) -> DemoSize {
    let wanted = DemoSize {
        members: number("KOPILKA_BENCH_MEMBERS", 1_000_000),
        receipts: number("KOPILKA_BENCH_RECEIPTS", 10_000_000),
        seed: 2,
    };
    let most = free(folder) / 5 * 4 / BYTES;
    if wanted.receipts <= most {
        return wanted;
    }
    let members = u128::from(wanted.members) * u128::from(most) / u128::from(wanted.receipts);
    println!(
        "the disk has room for {most} receipts, not for {}: the big chain is smaller",
        wanted.receipts
    );
    DemoSize {
        members: u64::try_from(members).unwrap(),
        receipts: most,
        ..wanted
    }
}

#[derive(StoredRow)]
struct NumberedCard {
    number: String,
    member_id: MemberId,
}

/// A filled chain, and some of its members.
struct Chain {
    k: Kopilka,
    till: TillContext,
    asked: Vec<(Shopper, String)>,
    _place: Place,
}

impl Chain {
    async fn filled(place: Place, size: DemoSize) -> Self {
        let start = Instant::now();
        let demo_data = match place.url() {
            Some(_) => BulkLoader::of_server(&place.open().await).await,
            None => BulkLoader::of_file(&place.path().join("kopilka.db")).await,
        };
        fill_database(demo_data.unwrap(), size, SystemClock.now(), |_| {})
            .await
            .unwrap();
        println!(
            "filled: {} members, {} receipts in {:.0} s",
            size.members,
            size.receipts,
            start.elapsed().as_secs_f64()
        );
        let config = ServiceConfig {
            host: "bench".to_owned(),
            demo: true,
        };
        let k = Kopilka::new(place.open().await, Arc::new(SystemClock), config);
        let now = k.now();
        let mut tx = k.db.write_test_data().await.unwrap();
        let till = tills::find_by_key(&mut tx, entropy::hash_token(TILL_KEY), now)
            .await
            .unwrap();
        // Members from all over the chain, who have a card.
        let cards: Vec<NumberedCard> = sql("SELECT number, member_id FROM cards \
             WHERE blocked_at IS NULL AND short % $1 = 0 ORDER BY number LIMIT $2")
        .bind(i64::try_from((size.members / ASKED / 2).max(1)).unwrap())
        .bind(i64::try_from(ASKED).unwrap())
        .fetch_all(&mut tx)
        .await
        .unwrap();
        let mut asked = Vec::new();
        for NumberedCard {
            number,
            member_id: member,
        } in cards
        {
            let device = MemberDeviceRow {
                id: DeviceId::new(),
                member_id: member,
                secret: vec![7; 32],
                secret_turn: 0,
                name: "bench".to_owned(),
                created_at: now,
                seen_at: now,
            };
            let token = entropy::hash_token(&number);
            devices::insert(&mut tx, &device, token).await.unwrap();
            let shopper = Shopper {
                member,
                device: device.id,
                language: "ru".to_owned(),
            };
            let card = CardNumber::parse(&number).unwrap();
            asked.push((shopper, codes::static_payload(&card)));
        }
        tx.commit().await.unwrap();
        assert!(asked.len() > 100, "{} members", asked.len());
        Self {
            k,
            till: TillContext {
                till: till.unwrap(),
                staff: None,
            },
            asked,
            _place: place,
        }
    }

    /// What each call takes for one of the members, in the order of [`CALLS`].
    async fn ask(&self, place: usize) -> Option<[Duration; 4]> {
        let (shopper, code) = self.asked.get(place)?;
        let draft = SaleDraft {
            visit: None,
            code: Some(code.clone()),
            series: None,
            shift: Some("bench".to_owned()),
            number: Some(place.to_string()),
            at: None,
            lines: ["dairy", "bakery", "fruit", "coffee", "grocery"]
                .map(|category| ReceiptLine {
                    sku: "4600000000017".to_owned(),
                    name: "Bench".to_owned(),
                    category: category.to_owned(),
                    quantity: Quantity::ONE,
                    unit: Unit::Piece,
                    amount: Money(12_000),
                })
                .to_vec(),
            spend: PointsToSpend::None,
        };
        let sent = IdempotentRequest {
            key: format!("bench-{place}"),
            bytes_hash: None,
            body_hash: vec![1; 32],
        };
        let start = Instant::now();
        look_up_customer(&self.k, &self.till, code).await.unwrap();
        let looked_up = start.elapsed();
        let start = Instant::now();
        quote_sale(&self.k, &self.till, &draft).await.unwrap();
        let quoted = start.elapsed();
        let start = Instant::now();
        commit_sale(&self.k, &self.till, &draft, &sent)
            .await
            .unwrap();
        let committed = start.elapsed();
        let start = Instant::now();
        card::load_card(&self.k, shopper).await.unwrap();
        Some([looked_up, quoted, committed, start.elapsed()])
    }
}

/// What is measured of each member, in this order: what comes first meets pages that nobody has read lately.
const CALLS: [&str; 4] = ["look-up", "quote", "commit", "/card"];

async fn growth() {
    println!("\ngrowth, engine: {}", engine());
    let place = Place::new();
    let big = size(place.path());
    let big_chain = Chain::filled(place, big).await;
    let small_chain = Chain::filled(Place::new(), SMALL).await;
    let mut times: [(Vec<Duration>, Vec<Duration>); 4] = Default::default();
    for place in 0..usize::try_from(ASKED).unwrap() {
        let (small, big) = (small_chain.ask(place).await, big_chain.ask(place).await);
        let (Some(small), Some(big)) = (small, big) else {
            break;
        };
        for (times, (small, big)) in times.iter_mut().zip(small.into_iter().zip(big)) {
            times.0.push(small);
            times.1.push(big);
        }
    }
    println!(
        "{:<40} {:>12} {:>12} {:>12} {:>12}",
        format!("with {} receipts", big.receipts),
        "seen",
        "ratio",
        "wanted",
        "with 100000"
    );
    for (call, (small, big)) in CALLS.iter().zip(times) {
        let (small, big) = (median(small), median(big));
        let ratio = big / small;
        println!(
            "{call:<40} {:>9.3} ms {ratio:>12.2} {:>12} {:>9.3} ms",
            big * 1_000.0,
            format!("<= {WANTED}"),
            small * 1_000.0
        );
        if ratio > WANTED {
            println!("{FAR}");
        }
    }
}

/// In seconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}
