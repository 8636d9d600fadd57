//! The program as a black box: started on a free port over a database of its own, spoken to through a real socket.

pub mod bare;
pub mod browser;
pub mod late;
pub mod raw;
pub mod rules;
pub mod store;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

pub use crate::place::{self, Place};
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};

pub const TILL_KEY: &str = "demo-till-key";

/// The program that cargo has built for the test at hand.
pub fn kopilka() -> Command {
    let program = std::env::var_os("CARGO_BIN_EXE_kopilka");
    Command::new(program.expect("cargo says where the program is"))
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
        Self::start_program(kopilka(), data, options)
    }

    /// Starts this program, which may have an environment of its own.
    pub fn start_program(mut program: Command, data: Arc<Place>, options: &[&str]) -> Self {
        data.tell(&mut program);
        program.args(["serve", "--demo"]);
        // One test is many shoppers behind one address; those about the limits set them themselves.
        for limit in ["--otp-per-address", "--otp-per-day"] {
            if !options.contains(&limit) {
                program.args([limit, "1000000"]);
            }
        }
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
        self.get(&format!("receipts/{id}"))
    }

    /// Reads from the POS API with the demo's key.
    pub fn get(&self, path: &str) -> Answer {
        let request = agent()
            .get(format!("{}/pos/v1/{path}", self.url))
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
    Answer::read(request.send(body.to_string())?)
}

/// An answer with its body read.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub location: String,
    pub cookies: Vec<String>,
    pub retry_after: String,
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
            retry_after: header("retry-after"),
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
