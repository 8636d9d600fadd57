//! The program as a black box: started on a free port over a database of its own, spoken to through a real socket.

#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions
)]

#[path = "../../core/tests/support/place.rs"]
pub mod place;
pub mod raw;
pub mod rules;
pub mod store;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kopilka_core::domain::codes;
use kopilka_core::domain::time::Instant;
pub use place::Place;
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};

pub const TILL_KEY: &str = "demo-till-key";

pub fn kopilka() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kopilka"))
}

/// Runs a command over SQLite in a folder; it is expected to end by itself.
pub fn run(data: &Path, args: &[&str]) -> Output {
    kopilka()
        .arg("--data")
        .arg(data)
        .args(args)
        .env_remove("DATABASE_URL")
        .output()
        .unwrap()
}

/// Runs a command over the data of a place; it is expected to end by itself.
pub fn run_at(place: &Place, args: &[&str]) -> Output {
    let mut program = kopilka();
    place.tell(&mut program);
    program.args(args).output().unwrap()
}

/// What a command over the data of a place printed; the second is what it said on stderr where it failed.
pub fn said_at(place: &Place, args: &[&str]) -> Result<String, String> {
    let output = run_at(place, args);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!err.contains("panicked"), "{err}");
    if output.status.success() {
        Ok(out)
    } else {
        Err(err)
    }
}

/// A running demo; stopped when dropped.
pub struct Demo {
    child: Child,
    pub url: String,
    pub data: Arc<Place>,
}

impl Demo {
    pub fn start() -> Self {
        Self::start_in(Arc::new(Place::new()))
    }

    /// Starts over what is there already; another process may be running over it where the engine allows it.
    pub fn start_in(data: Arc<Place>) -> Self {
        // One test is many tills at once; those about the limit set it themselves.
        Self::start_with(data, &["--till-rate", "100000", "--till-burst", "100000"])
    }

    pub fn start_with(data: Arc<Place>, options: &[&str]) -> Self {
        let mut program = kopilka();
        data.tell(&mut program);
        program.args(["serve", "--demo"]);
        if !options.contains(&"--listen") {
            program.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child = program
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let first = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .next()
            .expect("the program says where to go")
            .unwrap();
        let url = first
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .trim_end_matches('/')
            .to_owned();
        Self { child, url, data }
    }

    /// Kills the program as a power cut would, and gives its data back.
    pub fn kill(mut self) -> Arc<Place> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Arc::clone(&self.data)
    }

    /// Asks the program to stop, as an operator does; how it ended, or nothing when it goes on after all that time.
    pub fn stop(mut self, patience: Duration) -> Option<ExitStatus> {
        let pid = self.child.id().to_string();
        Command::new("kill").arg(pid).status().unwrap();
        let until = std::time::Instant::now() + patience;
        while std::time::Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::yield_now();
        }
        None
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Runs a command that reads this from standard input.
    pub fn tell(&self, args: &[&str], input: &str) -> Output {
        let mut program = kopilka();
        self.data.tell(&mut program);
        let mut child = program
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that is refused before it reads has closed its end.
        drop(child.stdin.take().unwrap().write_all(input.as_bytes()));
        child.wait_with_output().unwrap()
    }

    pub fn check(&self) -> Output {
        self.run(&["check"])
    }

    /// Runs a command over the same data.
    pub fn run(&self, args: &[&str]) -> Output {
        run_at(&self.data, args)
    }

    /// A call of the POS API with the demo's key.
    pub fn pos(&self, path: &str, key: Option<&str>, body: &Value) -> Answer {
        post(&agent(), &self.url, TILL_KEY, path, key, body).unwrap()
    }

    /// A stored receipt.
    pub fn stored(&self, id: &str) -> Answer {
        let request = agent()
            .get(format!("{}/pos/v1/receipts/{id}", self.url))
            .header("authorization", format!("Bearer {TILL_KEY}"));
        Answer::read(request.call().unwrap()).unwrap()
    }

    pub fn commit(&self, key: &str, body: &Value) -> Answer {
        self.pos("receipts", Some(key), body)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into()
}

/// A call of the POS API of a program that may be gone before it has answered.
pub fn post(
    agent: &Agent,
    url: &str,
    till_key: &str,
    path: &str,
    key: Option<&str>,
    body: &Value,
) -> Result<Answer, ureq::Error> {
    let mut request = agent
        .post(format!("{url}/pos/v1/{path}"))
        .header("authorization", format!("Bearer {till_key}"))
        .header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    // As short as it can be, so that an item of a batch has the bytes of a body of its own.
    Answer::read(request.send(body.to_string())?)
}

/// An answer with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub location: String,
    pub cookies: Vec<String>,
    pub text: String,
}

impl Answer {
    fn read(mut response: Response<Body>) -> Result<Self, ureq::Error> {
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        Ok(Self {
            status: response.status().as_u16(),
            kind: header("content-type"),
            location: header("location"),
            cookies: response
                .headers()
                .get_all("set-cookie")
                .iter()
                .map(|value| value.to_str().unwrap().to_owned())
                .collect(),
            text: response.body_mut().read_to_string()?,
        })
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The stable last part of a problem's type.
    pub fn problem(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}", self.text);
        let json = self.json();
        let kind = json["type"].as_str().unwrap().to_owned();
        kind.rsplit_once("#problem-").unwrap().1.to_owned()
    }
}

/// A browser without scripts: cookies, forms, redirects.
#[derive(Clone)]
pub struct Browser<'a> {
    demo: &'a Demo,
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    pub fn new(demo: &'a Demo) -> Self {
        Self {
            demo,
            cookies: Vec::new(),
        }
    }

    pub fn cookie_header(&self) -> String {
        self.cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in &answer.cookies {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let response = agent()
            .get(format!("{}{path}", self.demo.url))
            .header("cookie", self.cookie_header())
            .header("accept", "text/html")
            .call()
            .unwrap();
        let answer = Answer::read(response).unwrap();
        self.keep(&answer);
        answer
    }

    pub fn post(&mut self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(endpoint, "text/html", fields)
    }

    fn send(&mut self, endpoint: &str, accept: &str, fields: &[(&str, &str)]) -> Answer {
        let response = agent()
            .post(format!("{}/api/{endpoint}", self.demo.url))
            .header("cookie", self.cookie_header())
            .header("accept", accept)
            .header("sec-fetch-site", "same-origin")
            .send_form(fields.iter().copied())
            .unwrap();
        let answer = Answer::read(response).unwrap();
        self.keep(&answer);
        answer
    }

    /// The newest one-time password to this phone.
    pub fn one_time_password(&mut self, phone: &str) -> String {
        let outbox = self.get("/outbox").text;
        let after = &outbox[outbox.find(phone).expect("a message to this phone")..];
        let start = after.find("otp-code").expect("a code");
        let digits: String = after[start + "otp-code".len()..]
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        assert_eq!(digits.len(), 6, "{after}");
        digits
    }

    /// Joins with a phone of its own; the phone.
    pub fn join(&mut self, name: &str) -> String {
        let phone = fresh_phone();
        assert_eq!(
            self.post("join/phone", &[("phone", &phone)]).location,
            "/join/code"
        );
        let code = self.one_time_password(&phone);
        assert_eq!(
            self.post("join/code", &[("code", &code)]).location,
            "/join/consents"
        );
        let fields = [
            ("first_name", name),
            ("personal_data", "on"),
            ("rules", "on"),
        ];
        let joined = self.post("join/finish", &fields);
        assert_eq!(joined.location, "/card", "{}", joined.text);
        phone
    }

    /// A device secret of the signed-in member and the card's number, to make codes as a phone does.
    pub fn key(&mut self) -> Key {
        let answer = self.send("card/key", "application/json", &[]).json();
        let hex = answer.as_str().unwrap().rsplit_once(' ').unwrap().1;
        let secret = (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect();
        let page = self.get("/card").text;
        let number: String = page[page.find("class=\"digits\"").expect("a card number")..]
            .chars()
            .skip_while(|c| *c != '>')
            .skip(1)
            .take_while(|c| *c != '<')
            .filter(char::is_ascii_digit)
            .collect();
        assert_eq!(number.len(), 16, "{number}");
        Key { secret, number }
    }
}

/// What a member's device needs to show a code.
pub struct Key {
    pub secret: Vec<u8>,
    pub number: String,
}

impl Key {
    /// The rotating code as it was or will be `seconds` from now.
    pub fn code(&self, seconds: i64) -> String {
        let now = Instant(chrono::Utc::now().timestamp_micros()).plus_secs(seconds);
        format!(
            "71{}{}",
            self.number,
            codes::totp(&self.secret, codes::step_of(now))
        )
    }

    pub fn fixed(&self) -> String {
        format!("70{}", self.number)
    }
}

/// A valid Russian mobile number that no other test of the run uses.
pub fn fresh_phone() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let run = u64::from(std::process::id()) % 1_000;
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("+7916{run:03}{n:04}")
}

/// A receipt of one line that earns: `roubles` of groceries, shown with `code`.
pub fn sale(code: &str, roubles: i64) -> Value {
    json!({
        "code": code,
        "lines": [{
            "sku": "test", "name": "Продукты, тест", "category": "grocery",
            "quantity": 1000, "amount": roubles * 100,
        }],
    })
}
