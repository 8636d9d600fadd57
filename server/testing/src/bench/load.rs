//! Load over kept HTTP connections: one thread, so that it can have a core of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::statistics::SortedTimes;

/// Time before answers are counted: connections are opened, statements prepared.
const WARM_UP: Duration = Duration::from_millis(500);

/// What connections ask for, each as soon as it was answered.
#[derive(Debug, Clone)]
pub struct HttpLoad {
    pub address: SocketAddr,
    /// Whole requests with their empty lines, which connections take in turns.
    pub requests: Arc<[String]>,
    pub connections: usize,
    /// How long answers are counted.
    pub duration: Duration,
}

/// Answers to a load.
#[derive(Debug, Clone)]
pub struct LoadResult {
    pub per_second: f64,
    pub times: SortedTimes,
}

impl HttpLoad {
    /// Puts the load on and counts the answers, all of which must tell of success.
    pub fn run(&self) -> LoadResult {
        runtime().block_on(self.put_on())
    }

    async fn put_on(&self) -> LoadResult {
        let from = Instant::now() + WARM_UP;
        let until = from + self.duration;
        let mut connections = JoinSet::new();
        for connection in 0..self.connections {
            let (address, requests) = (self.address, Arc::clone(&self.requests));
            let mut turn = connection * 31;
            connections.spawn(async move {
                let mut connection = HttpConnection::open(address).await;
                let mut times = Vec::new();
                loop {
                    let start = Instant::now();
                    if start >= until {
                        return times;
                    }
                    turn += 7;
                    connection.exchange(&requests[turn % requests.len()]).await;
                    let end = Instant::now();
                    // What ends later than the time does is not counted in it.
                    if end >= from && end < until {
                        times.push(end - start);
                    }
                }
            });
        }
        let times: Vec<Duration> = connections.join_all().await.into_iter().flatten().collect();
        LoadResult {
            per_second: times.len() as f64 / self.duration.as_secs_f64(),
            times: SortedTimes::of(times),
        }
    }
}

/// A runtime of one thread, the caller's.
pub fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// A kept connection.
#[derive(Debug)]
pub struct HttpConnection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl HttpConnection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            received: Vec::new(),
        }
    }

    pub async fn send(&self, request: &str) {
        let mut left = request.as_bytes();
        while !left.is_empty() {
            self.stream.writable().await.unwrap();
            match self.stream.try_write(left) {
                Ok(written) => left = &left[written..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => panic!("the server does not read: {error}"),
            }
        }
    }

    /// Sends the request and reads its whole answer; the body as it was sent.
    pub async fn exchange(&mut self, request: &str) -> Vec<u8> {
        self.send(request).await;
        loop {
            if let Some((body, end)) = find_answer(&self.received) {
                let body = self.received[body..end].to_vec();
                self.received.drain(..end);
                return body;
            }
            self.read_more().await;
        }
    }

    /// Waits until this text has been received, and forgets all up to its end.
    pub async fn wait_for(&mut self, text: &str) {
        loop {
            let found = self
                .received
                .windows(text.len())
                .position(|part| part == text.as_bytes());
            if let Some(found) = found {
                self.received.drain(..found + text.len());
                self.received.shrink_to_fit();
                return;
            }
            self.read_more().await;
        }
    }

    async fn read_more(&mut self) {
        self.stream.readable().await.unwrap();
        let mut buffer = [0; 16_384];
        match self.stream.try_read(&mut buffer) {
            Ok(0) => panic!(
                "the server hung up: {}",
                String::from_utf8_lossy(&self.received)
            ),
            Ok(count) => self.received.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => panic!("the server does not answer: {error}"),
        }
    }
}

/// Returns where the body of the first answer begins and ends; `None` = it has not come to its end. The chunks of a chunked
/// body stay as they are.
fn find_answer(received: &[u8]) -> Option<(usize, usize)> {
    let body = received.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&received[..body]).unwrap();
    assert!(head.starts_with("HTTP/1.1 2"), "{head}");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().unwrap())
    });
    let end = match length {
        Some(length) => body + length,
        None => body + chunked_length(&received[body..])?,
    };
    (received.len() >= end).then_some((body, end))
}

fn chunked_length(body: &[u8]) -> Option<usize> {
    let mut place = 0;
    loop {
        let line = body
            .get(place..)?
            .windows(2)
            .position(|part| part == b"\r\n")?;
        let size = std::str::from_utf8(&body[place..place + line]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        place += line + 2 + size + 2;
        if size == 0 {
            return Some(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_or_its_last_chunk_says() {
        let known = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1";
        assert_eq!(find_answer(known), Some((38, 41)));
        assert_eq!(find_answer(&known[..40]), None);
        assert_eq!(find_answer(&known[..20]), None);
        let chunks = b"HTTP/1.1 200 OK\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\nrest";
        let (body, end) = find_answer(chunks).unwrap();
        assert_eq!(
            &chunks[body..end],
            b"3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"
        );
        for cut in 0..end {
            assert_eq!(find_answer(&chunks[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn each_connection_asks_again_once_it_was_answered() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                std::thread::spawn(move || {
                    let mut request = [0; 64];
                    while stream.read(&mut request).is_ok_and(|count| count > 0) {
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx";
                        stream.write_all(answer).unwrap();
                    }
                });
            }
        });
        let load = HttpLoad {
            address,
            requests: vec!["GET / HTTP/1.1\r\n\r\n".to_owned()].into(),
            connections: 3,
            duration: Duration::from_millis(200),
        };
        let result = load.run();
        assert!(result.times.count() > 3, "{result:?}");
        assert!(
            result.times.longest() < Duration::from_secs(1),
            "{result:?}"
        );
    }
}
