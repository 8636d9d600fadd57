//! Thousands of broken receipts, queues, returns and names of gifts: each gets an answer, none of them is ever our fault.

use crate::support::browser::Browser;
use crate::support::raw::authorization;
use crate::support::{Demo, sale};
use serde_json::{Value, json};

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

/// A call with what it takes: its path, and a body in which nothing is wrong yet.
type Call = (String, Vec<u8>);

/// Calls of a member's till; the returns are of a sale of a hundred pieces.
fn calls(demo: &Demo) -> Vec<Call> {
    let mut shopper = Browser::new(demo);
    shopper.join("Анна");
    let code = shopper.key().fixed();
    let lines = json!([
        {"sku": "1", "name": "Молоко", "category": "dairy", "quantity": 100_000, "amount": 990_000},
        {"sku": "2", "name": "Хлеб", "category": "bread", "quantity": 2000, "amount": 8000},
    ]);
    let sold = demo.commit("sold", &json!({"code": code, "lines": lines}));
    assert_eq!(sold.status, 201, "{}", sold.text);
    let sale = sold.json()["id"].as_str().unwrap().to_owned();
    let receipt = json!({
        "code": "700000000000000000", "shift": "1", "number": "1", "at": "2026-11-22T14:05:00+03:00", "spend": 1,
        "lines": lines,
    });
    let back = json!({"shift": "1", "lines": [{"position": 0, "quantity": 1000}]});
    let named = json!({
        "sale": {"series": "9", "shift": "1", "number": "1"}, "series": "9", "shift": "1",
        "lines": [{"position": 0, "quantity": 1000}],
    });
    let queue = json!({"items": [
        {"key": "fuzz-sale", "receipt": {"code": code, "shift": "2", "number": "1", "lines": lines}},
        {"key": "fuzz-back", "return": {
            "sale": {"shift": "2", "number": "1"}, "shift": "2", "number": "2",
            "lines": [{"position": 0, "quantity": 1000}],
        }},
    ]});
    [
        ("receipts".to_owned(), &receipt),
        ("receipts/quote".to_owned(), &receipt),
        ("members/lookup".to_owned(), &receipt),
        ("members/enrol".to_owned(), &receipt),
        ("receipts/batch".to_owned(), &queue),
        (format!("receipts/{sale}/returns"), &back),
        (format!("receipts/{sale}/returns/quote"), &back),
        ("receipts/returns".to_owned(), &named),
        ("receipts/returns/quote".to_owned(), &named),
    ]
    .map(|(path, body)| (path, body.to_string().into_bytes()))
    .to_vec()
}

/// The id of a gift that waits for a member in silver with five purchases.
fn gift(demo: &Demo) -> String {
    let mut shopper = Browser::new(demo);
    shopper.join("Мария");
    let code = shopper.key().fixed();
    for (turn, roubles) in [16_000, 500, 500, 500, 500].into_iter().enumerate() {
        let sold = demo.commit(&format!("gift-{turn}"), &sale(&code, roubles));
        assert_eq!(sold.status, 201, "{}", sold.text);
    }
    let found = demo.pos("members/lookup", None, &json!({"code": code}));
    found.json()["gifts"][0]["id"].as_str().unwrap().to_owned()
}

/// Bytes as they stand in an address, whatever they are.
fn escaped(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'=' | b'&' => char::from(*byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The call that hands a gift over takes no body: what is wrong is the gift's id, or what is handed over instead.
fn handover(gift: &str, dice: &mut Dice) -> String {
    let id = match dice.roll(3) {
        0 => escaped(&mutated(gift.as_bytes(), dice)),
        _ => gift.to_owned(),
    };
    let query = match dice.roll(3) {
        0 => String::new(),
        _ => format!("?{}", escaped(&mutated(b"substitute=bag", dice))),
    };
    format!("gifts/{id}/handover{query}")
}

/// No answer to an item of a queue is our fault either.
fn items_are_answered(answer: &Value, body: &[u8]) {
    for item in answer["results"].as_array().unwrap() {
        let status = item["status"].as_u64().unwrap();
        assert!(status < 500, "{item}: {}", String::from_utf8_lossy(body));
    }
}

#[test]
fn no_mutation_of_a_call_is_ever_our_fault() {
    let demo = Demo::start();
    let (calls, gift) = (calls(&demo), gift(&demo));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut dice = Dice(20_261_122);
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..6_000 {
        let (path, body) = match calls.get(round % (calls.len() + 1)) {
            Some((path, valid)) => (path.clone(), mutated(valid, &mut dice)),
            None => (handover(&gift, &mut dice), Vec::new()),
        };
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
            "{path}: {status} {text}: {}",
            String::from_utf8_lossy(&body)
        );
        if status >= 400 {
            let problem: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(problem["status"], status);
        } else if path == "receipts/batch" {
            items_are_answered(&serde_json::from_str(&text).unwrap(), &body);
        }
        let call = round % (calls.len() + 1);
        *seen.entry((call, status)).or_insert(0) += 1;
    }
    // Look-up and enrolment are sent a receipt, which they never take.
    for call in [0, 1].into_iter().chain(4..=calls.len()) {
        let answers = seen.keys().filter(|(of, _)| *of == call).count();
        assert!(
            answers >= 2,
            "the mutations of call {call} reach several answers: {seen:?}"
        );
    }
    assert!(demo.check().status.success());
}

#[test]
fn no_mutation_of_a_search_for_receipts_is_ever_our_fault() {
    let demo = Demo::start();
    let mut dice = Dice(20_261_129);
    let mut seen = std::collections::BTreeSet::new();
    let searches: [&[u8]; 3] = [
        b"shift=1&number=1&series=9",
        b"shift=1&limit=5&after=0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f",
        b"shift=1",
    ];
    for round in 0..600 {
        let query = escaped(&mutated(searches[round % searches.len()], &mut dice));
        let answer = demo.get(&format!("receipts?{query}"));
        assert!(answer.status < 500, "{query}: {}", answer.text);
        seen.insert(answer.status);
    }
    assert!(seen.contains(&200) && seen.contains(&422), "{seen:?}");
}
