//! The server's memory, and its rates over HTTP, while 64 tills look up, quote and sell through the reference client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kopilka_client::{PosApiClient, ReceiptLineRequest, ReceiptRequest, new_key};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::size;
use kopilka_testing::bench::statistics::{SortedTimes, millis};
use kopilka_testing::program::{self, Demo, Place, TILL_KEY};

use crate::floor::memory;
use crate::limits;

/// Tills that sell at once.
const TILLS: usize = 64;

pub(super) fn tell_all() {
    let members = size("KOPILKA_BENCH_MEMBERS", 10_000).min(10_000);
    let place = Arc::new(Place::new());
    let (few, many) = (members.to_string(), (members * 10).to_string());
    let filled = program::run_at(&place, &["demo", "--members", &few, "--receipts", &many]);
    assert!(filled.status.success(), "{filled:?}");
    let demo = Demo::start_in(place);
    let cards = program::store::words(
        &demo,
        "SELECT number FROM cards WHERE blocked_at IS NULL ORDER BY number LIMIT 2000",
    );
    let codes: Vec<String> = cards
        .iter()
        .map(|number| codes::static_payload(&CardNumber::parse(number).unwrap()))
        .collect();
    let idle = memory(demo.pid(), "VmHWM");
    let seconds = size("KOPILKA_BENCH_SECONDS", 8);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let times = runtime.block_on(sell(
        &demo.url,
        Arc::new(codes),
        Duration::from_secs(seconds),
    ));
    let most = memory(demo.pid(), "VmHWM");
    let name = format!("server's memory, {TILLS} tills over HTTP, most (floor: idle)");
    Figure::new(name, most, Unit::Megabytes)
        .floor(idle)
        .wanted(Wanted::AtMost(150.0))
        .limited_by(limits::MEMORY)
        .tell();
    let times = SortedTimes::of(times);
    let rate = times.count() as f64 / seconds as f64;
    let name = format!("  look-up, quote and commit, {members} members");
    Figure::new(name, rate, Unit::PerSecond).tell();
    Figure::new(
        "  p99 of the commits",
        millis(times.percentile(99)),
        Unit::Millis,
    )
    .tell();
}

/// Sells for a while; how long each commit took.
async fn sell(url: &str, codes: Arc<Vec<String>>, time: Duration) -> Vec<Duration> {
    let until = Instant::now() + time;
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..TILLS {
        let till = PosApiClient::new(url, TILL_KEY).unwrap();
        let codes = Arc::clone(&codes);
        clients.spawn(async move {
            let mut times = Vec::new();
            for turn in 0.. {
                if Instant::now() >= until {
                    break;
                }
                let code = &codes[(client * 31 + turn * 7) % codes.len()];
                let found = till.look_up_member(code).await.unwrap();
                let sale = ReceiptRequest {
                    visit: Some(found.visit),
                    shift: Some(format!("bench-{client}")),
                    number: Some(turn.to_string()),
                    ..ReceiptRequest::without_card(vec![
                        ReceiptLineRequest::new("coffee", 12_000),
                        ReceiptLineRequest::new("dairy", 9_000),
                    ])
                };
                till.quote_sale(&sale).await.unwrap();
                let start = Instant::now();
                till.commit_sale(&new_key(), &sale).await.unwrap();
                times.push(start.elapsed());
            }
            times
        });
    }
    clients.join_all().await.into_iter().flatten().collect()
}
