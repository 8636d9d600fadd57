//! Figures of speed and size, each beside the machine's own floor. `make bench` prints them.
//! The server runs on core 0, the load on core 1, so that requests/s are those of one core.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::float_arithmetic
)]

use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kopilka_client::{PosApiClient, ReceiptLineRequest, ReceiptRequest, new_key};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_testing::program::browser::Browser;
use kopilka_testing::program::{self, Demo, Place, TILL_KEY};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(size) = arguments.iter().position(|argument| argument == "--floor") {
        floor_server(arguments[size + 1].parse().unwrap());
        return;
    }
    println!(
        "{:<46} {:>12} {:>12} {:>12}",
        "figure", "seen", "wanted", "floor"
    );
    drawing();
    card_page();
    under_load();
}

fn row(name: &str, seen: String, wanted: &str, floor: String) {
    println!("{name:<46} {seen:>12} {wanted:>12} {floor:>12}");
}

/// Median time of a call in nanoseconds.
fn median(mut call: impl FnMut()) -> f64 {
    let mut times: Vec<u128> = (0..3000)
        .map(|_| {
            let start = Instant::now();
            call();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2] as f64
}

fn drawing() {
    let card = CardNumber::from_random(400_000_123_456_789);
    let secret = [7; 32];
    let mut step = 0;
    let whole = median(|| {
        step += 1;
        let digits = codes::rotating_payload(&card, &codes::totp(&secret, step));
        black_box(kopilka::components::code::path(&digits));
    });
    let token = median(|| {
        step += 1;
        black_box(codes::totp(&secret, step));
    });
    let name = "token + QR matrix + SVG path (floor: token)";
    let micros = |nanos: f64| format!("{:.1} µs", nanos / 1000.0);
    row(name, micros(whole), "<= 200 µs", micros(token));
    let digits = codes::rotating_payload(&card, &codes::totp(&secret, 1));
    let matrix = median(|| {
        let level = qrcode::EcLevel::H;
        black_box(qrcode::QrCode::with_version(&digits, qrcode::Version::Normal(2), level).ok());
    });
    row(
        "  of it the matrix (crate qrcode)",
        micros(matrix),
        "-",
        "-".into(),
    );
    if whole > 200_000.0 {
        println!("  falls short: the crate draws and weighs all eight masks for each matrix");
    }
}

fn card_page() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let cookie = shopper.cookie_header();
    let address: SocketAddr = demo.url.trim_start_matches("http://").parse().unwrap();
    let request = |path: &str, encoding: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\naccept-encoding: {encoding}\r\n\r\n"
        )
    };

    let html = transfer(address, &request("/card", "br"));
    let page = String::from_utf8(transfer(address, &request("/card", "identity"))).unwrap();
    let css_path = page.split('"').find(|part| part.ends_with(".css")).unwrap();
    let css = transfer(address, &request(css_path, "br"));
    let bytes = |n: usize| format!("{n} B");
    row(
        "/card: HTML + its one stylesheet, brotli",
        bytes(html.len() + css.len()),
        "<= 14000 B",
        "-".into(),
    );
    row("  of it HTML", bytes(html.len()), "-", "-".into());
    row("  of it stylesheet", bytes(css.len()), "-", "-".into());

    let floor = Floor::start(page.len());
    pin(demo.pid(), 0);
    pin(floor.child.id(), 0);
    pin(std::process::id(), 1);
    let card = rate(address, &request("/card", "identity"));
    let constant = rate(floor.address, "GET / HTTP/1.1\r\nhost: floor\r\n\r\n");
    row(
        "/card requests/s, one core, signed in",
        format!("{card:.0}/s"),
        "-",
        format!("{constant:.0}/s"),
    );
    println!(
        "floor of the last row: a constant answer of {} bytes from the same HTTP stack",
        page.len()
    );
}

/// Tills that sell at once.
const CLIENTS: usize = 64;
/// The chain that they sell in.
const MEMBERS: &str = "10000";
/// What it has sold before.
const RECEIPTS: &str = "100000";
/// How long they do.
const WHILE: Duration = Duration::from_secs(8);

/// The server's memory while 64 tills look up, quote and sell through the reference client.
fn under_load() {
    let place = Arc::new(Place::new());
    let filled = program::run_at(
        &place,
        &["demo", "--members", MEMBERS, "--receipts", RECEIPTS],
    );
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
    let mut times = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(selling(&demo.url, Arc::new(codes)));
    let most = memory(demo.pid(), "VmHWM");
    let megabytes = |kib: u64| format!("{:.0} MB", kib as f64 * 1024.0 / 1e6);
    row(
        "server's memory, 64 tills, most (floor: idle)",
        megabytes(most),
        "<= 150 MB",
        megabytes(idle),
    );
    println!(
        "  in a chain of {MEMBERS} members and {RECEIPTS} receipts, engine: {}",
        program::place::engine()
    );
    if most * 1024 > 150_000_000 {
        println!(
            "  falls short: tried: eight connections that read and one that writes, however many tills there are; for that one\n  \
             at most 32 MB of pages and 256 statements. What limits it: each connection keeps pages and statements of its own"
        );
    }
    times.sort_unstable();
    let per_second = times.len() as f64 / WHILE.as_secs_f64();
    row(
        "  look-up, quote and commit over HTTP, 64 tills",
        format!("{per_second:.0}/s"),
        "-",
        "-".into(),
    );
    row(
        "  p99 of the commits",
        format!(
            "{:.0} ms",
            times[times.len() * 99 / 100].as_secs_f64() * 1_000.0
        ),
        "-",
        "-".into(),
    );
}

/// Sells for a while; how long each commit took.
async fn selling(url: &str, codes: Arc<Vec<String>>) -> Vec<Duration> {
    let until = Instant::now() + WHILE;
    let mut clients = tokio::task::JoinSet::new();
    for client in 0..CLIENTS {
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

/// A figure of a process's memory, in KiB.
fn memory(pid: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn pin(pid: u32, core: u32) {
    let done = Command::new("taskset")
        .args(["-a", "-p", "-c", &core.to_string(), &pid.to_string()])
        .stdout(Stdio::null())
        .status();
    if !done.is_ok_and(|status| status.success()) {
        println!("(taskset is missing: not pinned to one core)");
    }
}

/// Requests per second over eight kept connections for three seconds.
fn rate(address: SocketAddr, request: &str) -> f64 {
    let until = Instant::now() + Duration::from_secs(3);
    let start = Instant::now();
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let request = request.to_owned();
            std::thread::spawn(move || {
                let mut connection = Connection::open(address);
                let mut count = 0_u64;
                while Instant::now() < until {
                    connection.exchange(&request);
                    count += 1;
                }
                count
            })
        })
        .collect();
    let count: u64 = workers
        .into_iter()
        .map(|worker| worker.join().unwrap())
        .sum();
    count as f64 / start.elapsed().as_secs_f64()
}

fn transfer(address: SocketAddr, request: &str) -> Vec<u8> {
    Connection::open(address).exchange(request)
}

struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends the request and reads one answer of known length or in chunks; its body.
    fn exchange(&mut self, request: &str) -> Vec<u8> {
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let mut length = None;
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        assert!(line.contains(" 200 "), "{line}");
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse::<usize>().unwrap());
            }
        }
        let mut body = Vec::new();
        match length {
            Some(length) => {
                body.resize(length, 0);
                self.0.read_exact(&mut body).unwrap();
            }
            None => loop {
                line.clear();
                self.0.read_line(&mut line).unwrap();
                let size = usize::from_str_radix(line.trim(), 16).unwrap();
                let start = body.len();
                body.resize(start + size + 2, 0);
                self.0.read_exact(&mut body[start..]).unwrap();
                body.truncate(start + size);
                if size == 0 {
                    break;
                }
            },
        }
        body
    }
}

struct Floor {
    child: Child,
    address: SocketAddr,
}

impl Floor {
    fn start(size: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--floor", &size.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            address: line.trim().parse().unwrap(),
        }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn floor_server(size: usize) {
    use axum::serve::ListenerExt;
    let body = "x".repeat(size);
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(async move {
            let router = axum::Router::new().route(
                "/",
                axum::routing::get(move || std::future::ready(body.clone())),
            );
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            println!("{}", listener.local_addr().unwrap());
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            axum::serve(listener, router).await.unwrap();
        });
}
