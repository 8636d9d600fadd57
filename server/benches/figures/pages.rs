//! Pages of a signed-in member under load, and what the server's memory is after it. The server has one core, the load the other.

use std::net::SocketAddr;
use std::time::Duration;

use kopilka_testing::bench::curve::{Chart, Line, VerticalScale};
use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::load::{HttpConnection, HttpLoad, LoadResult, runtime};
use kopilka_testing::bench::statistics::millis;
use kopilka_testing::bench::{pinning, size};
use kopilka_testing::program::Demo;
use kopilka_testing::program::browser::Browser;

use crate::floor::{FloorServer, memory};
use crate::limits;

/// Kept connections of the load.
const CONNECTIONS: usize = 32;
/// The demo's member with two years of receipts.
const PHONE: &str = "+79000000001";

/// A signed-in member's way to the running demo.
struct SignedIn {
    address: SocketAddr,
    cookie: String,
}

impl SignedIn {
    fn request(&self, path: &str, encoding: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\naccept: text/html\r\naccept-encoding: {encoding}\r\n\r\n",
            self.address, self.cookie
        )
    }

    fn bytes(&self, path: &str, encoding: &str) -> Vec<u8> {
        let request = self.request(path, encoding);
        runtime().block_on(async {
            HttpConnection::open(self.address)
                .await
                .exchange(&request)
                .await
        })
    }
}

/// Address of a running demo.
pub(super) fn address(demo: &Demo) -> SocketAddr {
    demo.url.trim_start_matches("http://").parse().unwrap()
}

/// Puts a load on, from the load's core.
pub(super) fn put_on(address: SocketAddr, requests: Vec<String>, connections: usize) -> LoadResult {
    let load = HttpLoad {
        address,
        requests: requests.into(),
        connections,
        duration: Duration::from_secs(size("KOPILKA_BENCH_SECONDS", 4)),
    };
    pinning::on_load_core(|| load.run())
}

const FLOOR_REQUEST: &str = "GET / HTTP/1.1\r\nhost: floor\r\n\r\n";

pub(super) fn tell_all() {
    println!("{}", pinning::cores().describe());
    let demo = pinning::on_server_core(Demo::start);
    let mut shopper = Browser::new(&demo);
    shopper.sign_in(PHONE);
    let member = SignedIn {
        address: address(&demo),
        cookie: shopper.cookie_header(),
    };
    let constant = |bytes: usize| {
        let floor = pinning::on_server_core(|| FloorServer::start(bytes));
        let result = put_on(floor.address, vec![FLOOR_REQUEST.to_owned()], CONNECTIONS);
        (result, memory(floor.pid(), "VmRSS"))
    };
    tell_sizes(&member);
    let health = put_on(
        member.address,
        vec![member.request("/health/live", "identity")],
        CONNECTIONS,
    );
    Figure::new(
        "/health/live, one core (floor: constant bytes)",
        health.per_second,
        Unit::PerSecond,
    )
    .floor(constant(2).0.per_second)
    .tell();

    let (floor, floor_memory) = constant(member.bytes("/card", "identity").len());
    let card = put_on(
        member.address,
        vec![member.request("/card", "identity")],
        CONNECTIONS,
    );
    tell_rate("/card", &card, &floor, 6_000.0);
    tell_times(&card, &floor, (Wanted::AtMost(6.0), Wanted::AtMost(15.0)));
    tell_memory(
        "server's memory after the load of /card",
        &demo,
        floor_memory,
    );
    let zipped = put_on(
        member.address,
        vec![member.request("/card", "gzip, deflate, br, zstd")],
        CONNECTIONS,
    );
    Figure::new(
        "  /card compressed, as browsers ask for it",
        zipped.per_second,
        Unit::PerSecond,
    )
    .floor(floor.per_second)
    .tell();
    tell_memory("  server's memory after that", &demo, floor_memory);
    Figure::new(
        "  of it pages of the program's own file",
        memory(demo.pid(), "RssFile"),
        Unit::Megabytes,
    )
    .tell();
    for path in ["/offers", "/points"] {
        let (floor, _) = constant(member.bytes(path, "identity").len());
        let page = put_on(
            member.address,
            vec![member.request(path, "identity")],
            CONNECTIONS,
        );
        tell_rate(path, &page, &floor, 4_000.0);
        tell_times(&page, &floor, (Wanted::Nothing, Wanted::Nothing));
    }
    draw_connections(&member);
}

fn tell_sizes(member: &SignedIn) {
    let page = String::from_utf8(member.bytes("/card", "identity")).unwrap();
    let css_path = page.split('"').find(|part| part.ends_with(".css")).unwrap();
    let html = member.bytes("/card", "br").len();
    let css = compressed_length(member, css_path);
    Figure::new(
        "/card: HTML and its stylesheet, brotli",
        (html + css) as f64,
        Unit::Bytes,
    )
    .floor_text(format!("HTML {html} B"))
    .wanted(Wanted::AtMost(14_000.0))
    .tell();
}

/// Bytes of a file once it is compressed, which is a moment after the start.
fn compressed_length(visitor: &SignedIn, path: &str) -> usize {
    let plain = visitor.bytes(path, "identity").len();
    for _ in 0..100 {
        let compressed = visitor.bytes(path, "br").len();
        if compressed < plain {
            return compressed;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    plain
}

fn tell_memory(name: &str, demo: &Demo, floor: f64) {
    Figure::new(name, memory(demo.pid(), "VmRSS"), Unit::Megabytes)
        .floor(floor)
        .wanted(Wanted::AtMost(40.0))
        .limited_by(limits::MEMORY)
        .tell();
}

fn tell_rate(path: &str, page: &LoadResult, floor: &LoadResult, wanted: f64) {
    let name = format!("{path} signed in, one core, {CONNECTIONS} connections");
    Figure::new(name, page.per_second, Unit::PerSecond)
        .floor(floor.per_second)
        .wanted(Wanted::AtLeast(wanted))
        .limited_by(limits::PAGES)
        .tell();
}

fn tell_times(page: &LoadResult, floor: &LoadResult, (median, slowest): (Wanted, Wanted)) {
    for (name, hundredths, wanted) in [("  p50", 50, median), ("  p99", 99, slowest)] {
        let of = |result: &LoadResult| millis(result.times.percentile(hundredths));
        Figure::new(name, of(page), Unit::Millis)
            .floor(of(floor))
            .wanted(wanted)
            .limited_by(limits::PAGES)
            .tell();
    }
}

/// Draws what more and more connections do to /card.
fn draw_connections(member: &SignedIn) {
    let most = size("KOPILKA_BENCH_CONNECTIONS", 10_000);
    let floor = pinning::on_server_core(|| FloorServer::start(2));
    let mut lines: Vec<Line> = [
        ("/card", Vec::new()),
        ("/health/live", Vec::new()),
        ("constant bytes", Vec::new()),
    ]
    .map(|(name, points)| Line {
        name: name.to_owned(),
        points,
    })
    .into();
    for connections in [1, 10, 100, 1_000, 10_000]
        .into_iter()
        .filter(|count| *count <= most)
    {
        let count = usize::try_from(connections).unwrap();
        let rates = [
            put_on(
                member.address,
                vec![member.request("/card", "identity")],
                count,
            ),
            put_on(
                member.address,
                vec![member.request("/health/live", "identity")],
                count,
            ),
            put_on(floor.address, vec![FLOOR_REQUEST.to_owned()], count),
        ];
        for (line, rate) in lines.iter_mut().zip(rates) {
            line.points.push((connections as f64, rate.per_second));
        }
    }
    Chart {
        title: "Requests a second of one core by connections",
        x: "kept connections",
        y: "requests/s",
        y_scale: VerticalScale::PowersOfTen,
        lines,
    }
    .write("connections");
}
