//! Thousands of broken receipts: each gets an answer, none of them is ever our fault.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod support;

use serde_json::{Value, json};
use support::Demo;
use support::raw::authorization;

/// Numbers without order, the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// A receipt's bytes with one to four things wrong with them.
fn mutated(valid: &[u8], dice: &mut Dice) -> Vec<u8> {
    const PIECES: [&[u8]; 14] = [
        b"\"",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"-",
        b"0",
        b"9223372036854775808",
        b"null",
        b"\\u0000",
        b"\xff",
        b"\"amount\":1,",
    ];
    let mut bytes = valid.to_vec();
    for _ in 0..=dice.roll(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.roll(bytes.len());
        match dice.roll(5) {
            0 => {
                bytes.remove(at);
            }
            1 => bytes[at] ^= 1 << dice.roll(8),
            2 => {
                let end = (at + dice.roll(20)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 => bytes.truncate(at),
            _ => {
                let piece = PIECES[dice.roll(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn no_mutation_of_a_receipt_is_ever_our_fault() {
    let demo = Demo::start();
    let valid = json!({
        "code": "700000000000000000", "shift": "1", "number": "1", "at": "2026-11-22T14:05:00+03:00", "spend": 1,
        "lines": [
            {"sku": "1", "name": "Молоко", "category": "dairy", "quantity": 1000, "amount": 9900},
            {"sku": "2", "name": "Хлеб", "category": "bread", "quantity": 2000, "amount": 8000},
        ],
    })
    .to_string();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut dice = Dice(20_261_122);
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..3_000 {
        let body = mutated(valid.as_bytes(), &mut dice);
        let path = [
            "receipts",
            "receipts/quote",
            "members/lookup",
            "members/enrol",
        ][round % 4];
        let mut answer = agent
            .post(format!("{}/pos/v1/{path}", demo.url))
            .header("authorization", authorization())
            .header("content-type", "application/json")
            .header("idempotency-key", format!("fuzz-{round}"))
            .send(body.as_slice())
            .unwrap();
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(
            status < 500,
            "{status} {text}: {}",
            String::from_utf8_lossy(&body)
        );
        if status >= 400 {
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(problem["status"], status);
        }
        *seen.entry(status).or_insert(0) += 1;
    }
    assert!(
        seen.len() >= 2,
        "the mutations reach several answers: {seen:?}"
    );
    assert!(demo.check().status.success());
}
