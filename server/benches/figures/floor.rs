//! The floor of everything that is asked over HTTP: a program of its own that answers constant bytes from the same HTTP stack.

use std::convert::Infallible;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_util::{StreamExt, stream};

/// The running floor; stopped when dropped.
pub(super) struct FloorServer {
    child: Child,
    pub(super) address: SocketAddr,
}

impl FloorServer {
    /// Starts it with an answer of so many bytes.
    pub(super) fn start(size: usize) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["floor", &size.to_string()])
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

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for FloorServer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Answers `/` with so many bytes, and `/stream` with one event and then nothing.
pub(super) fn serve(size: usize) {
    let body = "x".repeat(size);
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(async move {
            let router = Router::new()
                .route("/", get(move || std::future::ready(body.clone())))
                .route("/stream", get(|| std::future::ready(open_stream())));
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            println!("{}", listener.local_addr().unwrap());
            let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
            axum::serve(listener, router).await.unwrap();
        });
}

fn open_stream() -> Sse<impl futures_util::Stream<Item = Result<Event, Infallible>>> {
    let first = Event::default().event("balance").data("{}");
    Sse::new(stream::iter([Ok(first)]).chain(stream::pending()))
}

/// A figure of a process's memory in MB of a million bytes: `VmRSS`, what it has now, `RssFile`, what of that are
/// pages of files, or `VmHWM`, the most that it had.
pub(super) fn memory(pid: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kibibytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes * 1_024.0 / 1e6
}
