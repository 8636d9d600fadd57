//! Requests as no well-mannered library sends them: bytes through a socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::{Demo, TILL_KEY, store};

/// The header of a JSON body.
pub const JSON: (&str, &str) = ("content-type", "application/json");

/// The header of the demo's till.
pub fn authorization() -> String {
    format!("Bearer {TILL_KEY}")
}

/// Posts bytes as a receipt under a key.
pub fn post(demo: &Demo, body: &[u8], headers: &[(&str, &str)]) -> Raw {
    post_to(demo, "receipts", body, headers)
}

/// Posts bytes to a call.
pub fn post_to(demo: &Demo, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Raw {
    let (authorization, length) = (authorization(), body.len().to_string());
    let mut all = vec![
        ("authorization", authorization.as_str()),
        ("content-length", length.as_str()),
        ("idempotency-key", "input"),
    ];
    all.extend_from_slice(headers);
    let mut wire = Wire::to(&demo.url);
    wire.head(&format!("POST /pos/v1/{path}"), &all);
    wire.bytes(body);
    wire.answer()
}

/// Holds that an answer is this problem.
pub fn expect(answer: &Raw, status: u16, problem: &str, what: &str) {
    assert_eq!(
        (answer.status, answer.problem().as_str()),
        (status, problem),
        "{what}: {}",
        answer.body
    );
}

/// Rows that a stored receipt would leave.
fn rows(demo: &Demo) -> Vec<i64> {
    [
        "SELECT COUNT(*) FROM receipts",
        "SELECT COUNT(*) FROM receipt_lines",
        "SELECT COUNT(*) FROM entries",
        "SELECT COUNT(*) FROM lots",
        "SELECT COUNT(*) FROM idempotency",
        "SELECT COUNT(*) FROM spent_codes",
    ]
    .into_iter()
    .map(|text| store::number(demo, text))
    .collect()
}

/// Runs what must store nothing.
pub fn storing_nothing(demo: &Demo, attack: impl FnOnce()) {
    let before = rows(demo);
    attack();
    assert_eq!(rows(demo), before, "something is stored");
    assert!(demo.check().status.success());
}

/// What came back.
#[derive(Debug)]
pub struct Raw {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Raw {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// The stable last part of a problem's type; everything else that a problem must have is checked.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        let json = self.json();
        assert_eq!(json["status"], self.status, "{json}");
        let id = self.header("x-request-id").expect("a request id");
        let instance = json["instance"].as_str().expect("an instance");
        assert!(instance.ends_with(id) || id.contains(|c: char| !c.is_alphanumeric()));
        for field in ["title", "detail"] {
            assert!(!json[field].as_str().unwrap().is_empty(), "{json}");
        }
        let kind = json["type"].as_str().unwrap();
        kind.strip_prefix("/pos/v1/docs#problem-")
            .unwrap_or_else(|| panic!("{kind}"))
            .to_owned()
    }
}

/// A connection that takes one request.
pub struct Wire(TcpStream);

impl Wire {
    pub fn to(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        Self(stream)
    }

    /// Sends the start of a request: its first line and headers, with host and end added.
    pub fn head(&mut self, line: &str, headers: &[(&str, &str)]) {
        let mut head = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.0.write_all(head.as_bytes()).unwrap();
    }

    /// Sends bytes; false when the other side has stopped listening, as it may once it has answered.
    pub fn bytes(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// Sends one chunk of a body of unknown length.
    pub fn chunk(&mut self, bytes: &[u8]) -> bool {
        self.bytes(format!("{:x}\r\n", bytes.len()).as_bytes())
            && self.bytes(bytes)
            && self.bytes(b"\r\n")
    }

    /// Reads the answer.
    pub fn answer(mut self) -> Raw {
        let mut bytes = Vec::new();
        // A reset after the answer is no fault: the server had not read everything.
        let mut part = [0; 16 * 1024];
        while let Ok(n) = self.0.read(&mut part) {
            if n == 0 {
                break;
            }
            bytes.extend_from_slice(&part[..n]);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        Raw {
            status,
            head: head.to_owned(),
            body: if chunked {
                unchunk(body)
            } else {
                body.to_owned()
            },
        }
    }
}

fn unchunk(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((length, rest)) = body.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).unwrap_or(0);
        if length == 0 {
            break;
        }
        whole.push_str(&rest[..length]);
        body = rest[length..].trim_start_matches("\r\n");
    }
    whole
}
