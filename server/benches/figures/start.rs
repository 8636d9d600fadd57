//! How soon the program answers over a big chain, and how much memory it has after its members have looked at their cards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::load::{HttpConnection, runtime};
use kopilka_testing::bench::pinning;
use kopilka_testing::bench::statistics::{SortedTimes, millis};
use kopilka_testing::place::{Place, engine};
use kopilka_testing::program::Demo;

use crate::filled_chain::AskedMember;
use crate::floor::{FloorServer, memory};
use crate::limits;
use crate::pages::{address, put_on};

/// Starts whose median is told.
const STARTS: usize = 7;

pub(super) fn tell_all(place: Arc<Place>, asked: &[AskedMember]) {
    let starts =
        |run: &dyn Fn() -> Duration| SortedTimes::of((0..STARTS).map(|_| run()).collect()).median();
    let floor = starts(&|| {
        let start = Instant::now();
        let floor = FloorServer::start(2);
        runtime().block_on(async {
            let request = "GET / HTTP/1.1\r\nhost: floor\r\n\r\n";
            HttpConnection::open(floor.address)
                .await
                .exchange(request)
                .await;
        });
        start.elapsed()
    });
    for (path, wanted) in [
        ("/health/ready", Wanted::AtMost(50.0)),
        ("/card", Wanted::Nothing),
    ] {
        let started = starts(&|| time_start(&place, &asked[0].request(path)));
        let name = format!("{}: start to the first answer, {path}", engine());
        Figure::new(name, millis(started), Unit::Millis)
            .floor(millis(floor))
            .wanted(wanted)
            .limited_by(limits::START)
            .tell();
    }
    tell_memory(place, asked);
}

fn time_start(place: &Arc<Place>, request: &str) -> Duration {
    let start = Instant::now();
    let demo = Demo::start_in(Arc::clone(place));
    runtime().block_on(async {
        HttpConnection::open(address(&demo))
            .await
            .exchange(request)
            .await;
    });
    let time = start.elapsed();
    demo.stop(Duration::from_secs(20))
        .expect("the program stops when it is asked to");
    time
}

fn tell_memory(place: Arc<Place>, asked: &[AskedMember]) {
    let demo = pinning::on_server_core(|| Demo::start_in(place));
    let requests: Vec<String> = asked.iter().map(|member| member.request("/card")).collect();
    let name = format!(
        "{}: /card of {} members in turns, one core",
        engine(),
        requests.len()
    );
    let cards = put_on(address(&demo), requests, 32);
    Figure::new(name, cards.per_second, Unit::PerSecond).tell();
    let name = format!("{}: server's memory after that", engine());
    Figure::new(name, memory(demo.pid(), "VmRSS"), Unit::Megabytes)
        .wanted(Wanted::AtMost(40.0))
        .limited_by(limits::MEMORY)
        .tell();
}
