//! Open cards, each an event stream of another member, on one process: what they cost, and how soon a sale reaches its card.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kopilka_demo_data::DemoSize;
use kopilka_testing::bench::curve::{Chart, Line, VerticalScale};
use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::load::{HttpConnection, runtime};
use kopilka_testing::bench::statistics::{SortedTimes, millis};
use kopilka_testing::bench::{pinning, size};
use kopilka_testing::program::{Demo, Place, TILL_KEY, sale};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::filled_chain::{AskedMember, FilledChain};
use crate::floor::{FloorServer, memory};
use crate::limits;
use crate::pages::address;

/// Streams that are opened at once.
const AT_ONCE: usize = 64;
/// Sales whose times are taken for each number of streams.
const SALES: usize = 20;

pub(super) fn tell_all() {
    let most = size("KOPILKA_BENCH_STREAMS", 10_000);
    let files = pinning::raise_file_limit();
    if files < most + 100 {
        println!(
            "NOT MEASURED: {most} streams need as many open files, and the system allows {files} (ulimit -Hn)"
        );
        return;
    }
    // Not every member has a card.
    let members = most * 5 / 4 + 100;
    let size = DemoSize {
        members,
        receipts: members,
        seed: 3,
    };
    let (place, asked) = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let chain = FilledChain::fill(Place::new(), size, most).await;
        chain.close().await
    });
    assert_eq!(asked.len() as u64, most, "members with cards");
    let demo = pinning::on_server_core(|| Demo::start_in(place));
    let floor = pinning::on_server_core(|| FloorServer::start(2));
    pinning::on_load_core(|| {
        runtime().block_on(async {
            let each = memory_of_floor(&floor, asked.len()).await;
            tell_streams(&demo, &asked, each).await;
        });
    });
}

/// Streams that are open, and the moments of their news.
struct OpenStreams {
    address: SocketAddr,
    tasks: JoinSet<()>,
    news: UnboundedReceiver<(usize, Instant)>,
    sender: UnboundedSender<(usize, Instant)>,
}

impl OpenStreams {
    fn new(address: SocketAddr) -> Self {
        let (sender, news) = unbounded_channel();
        Self {
            address,
            tasks: JoinSet::new(),
            news,
            sender,
        }
    }

    /// Opens one after another until there are so many; each has told its balance.
    async fn open_up_to(&mut self, count: usize, request: impl Fn(usize) -> String) {
        while self.tasks.len() < count {
            let first = self.tasks.len();
            let next = (first + AT_ONCE).min(count);
            for place in first..next {
                let (address, request, news) = (self.address, request(place), self.sender.clone());
                self.tasks.spawn(async move {
                    let mut stream = HttpConnection::open(address).await;
                    stream.send(&request).await;
                    loop {
                        stream.wait_for("event: balance").await;
                        if news.send((place, Instant::now())).is_err() {
                            return;
                        }
                    }
                });
            }
            for _ in first..next {
                self.news.recv().await.unwrap();
            }
        }
    }

    /// Waits for the news of one stream.
    async fn next_of(&mut self, place: usize) -> Instant {
        loop {
            let (heard, at) = self.news.recv().await.unwrap();
            if heard == place {
                return at;
            }
        }
    }
}

/// Kilobytes of a stream that a constant program keeps open.
async fn memory_of_floor(floor: &FloorServer, count: usize) -> f64 {
    let before = memory(floor.pid(), "VmRSS");
    let mut streams = OpenStreams::new(floor.address);
    let request = |_| "GET /stream HTTP/1.1\r\nhost: floor\r\n\r\n".to_owned();
    streams.open_up_to(count, request).await;
    (memory(floor.pid(), "VmRSS") - before) * 1_000.0 / count as f64
}

async fn tell_streams(demo: &Demo, asked: &[AskedMember], floor: f64) {
    let mut till = HttpConnection::open(address(demo)).await;
    // The first requests open connections and read the programme.
    for member in asked.iter().take(SALES) {
        till.exchange(&member.request("/card")).await;
    }
    let before = memory(demo.pid(), "VmRSS");
    let mut streams = OpenStreams::new(address(demo));
    let [mut slowest, mut medians] = ["slowest of 20", "median"].map(|name| Line {
        name: name.to_owned(),
        points: Vec::new(),
    });
    let mut alone = SortedTimes::default();
    let mut last = SortedTimes::default();
    let steps = [1, 10, 100, 1_000, 10_000]
        .into_iter()
        .filter(|step| *step < asked.len());
    for count in steps.chain([asked.len()]) {
        streams
            .open_up_to(count, |place| asked[place].request("/card/live"))
            .await;
        last = sell(&mut till, &mut streams, &asked[..count]).await;
        println!(
            "{count} open cards: a sale reaches its card in {:.1} ms",
            millis(last.median())
        );
        if count == 1 {
            alone = last.clone();
        }
        slowest.points.push((count as f64, millis(last.longest())));
        medians.points.push((count as f64, millis(last.median())));
    }
    let count = asked.len();
    let each = (memory(demo.pid(), "VmRSS") - before) * 1_000.0 / count as f64;
    Figure::new(
        format!("{count} open cards: memory of each (floor: constant stream)"),
        each,
        Unit::Kilobytes,
    )
    .floor(floor)
    .wanted(Wanted::AtMost(30.0))
    .limited_by(limits::OPEN_CARDS)
    .tell();
    Figure::new(
        "  a sale reaches its card, slowest of 20 (floor: one open card)",
        millis(last.longest()),
        Unit::Millis,
    )
    .floor(millis(alone.longest()))
    .wanted(Wanted::AtMost(200.0))
    .limited_by(limits::OPEN_CARDS)
    .tell();
    Chart {
        title: "From the post of a sale to the member's open card",
        x: "open cards",
        y: "ms",
        y_scale: VerticalScale::FromZero,
        lines: vec![slowest, medians],
    }
    .write("open-cards");
}

/// Sells to members from all over those whose cards are open; times from the post to the card's news.
async fn sell(
    till: &mut HttpConnection,
    streams: &mut OpenStreams,
    asked: &[AskedMember],
) -> SortedTimes {
    let mut times: Vec<Duration> = Vec::new();
    for number in 0..SALES {
        let place = number * 37 % asked.len();
        let body = sale(&asked[place].code, 100).to_string();
        let request = format!(
            "POST /pos/v1/receipts HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TILL_KEY}\r\n\
             content-type: application/json\r\nidempotency-key: {}\r\ncontent-length: {}\r\n\r\n{body}",
            kopilka_client::new_key(),
            body.len()
        );
        let start = Instant::now();
        till.exchange(&request).await;
        times.push(streams.next_of(place).await - start);
    }
    SortedTimes::of(times)
}
