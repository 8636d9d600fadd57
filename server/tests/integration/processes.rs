//! Two processes over the same data: what is stored is stored once, and over PostgreSQL each hears of the other.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::time::Duration;

use crate::support::browser::Browser;
use crate::support::{Demo, Place, sale};
use serde_json::json;

fn two() -> (Demo, Demo) {
    let place = Arc::new(Place::without_tables());
    let first = Demo::start_in(Arc::clone(&place));
    let second = Demo::start_in(place);
    (first, second)
}

#[test]
fn a_card_open_at_one_process_hears_of_a_sale_at_another() {
    if crate::support::place::engine() == "sqlite" {
        return; // Its news stay within the process.
    }
    let (first, second) = two();
    let mut shopper = Browser::new(&first);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_recv_body(Some(Duration::from_secs(20)))
        .build()
        .into();
    let mut stream = agent
        .get(format!("{}/card/live", first.url))
        .header("cookie", shopper.cookie_header())
        .call()
        .unwrap();
    let mut lines = BufReader::new(stream.body_mut().as_reader().take(1 << 20)).lines();
    let mut next = || {
        lines
            .by_ref()
            .map(Result::unwrap)
            .find_map(|line| {
                let data = line.strip_prefix("data:")?;
                let news: serde_json::Value = serde_json::from_str(data).unwrap();
                news["value"].as_i64()
            })
            .unwrap()
    };
    let before = next();
    let sold = second.commit("far", &sale(&card, 1000)).json();
    let wanted = sold["balance"].as_i64().unwrap();
    assert!(wanted > before);
    while next() != wanted {}
}

#[test]
fn one_key_at_two_processes_at_once_makes_one_receipt() {
    let (first, second) = two();
    let mut shopper = Browser::new(&first);
    shopper.join("Глеб");
    let key = shopper.key();
    first.commit("earn", &sale(&key.fixed(), 10_000));
    let mut body = sale(&key.code(0), 1000);
    body["spend"] = json!(100);
    let demos = [Arc::new(first), Arc::new(second)];
    let threads: Vec<_> = (0..16)
        .map(|n| {
            let (demo, body) = (Arc::clone(&demos[n % 2]), body.clone());
            std::thread::spawn(move || demo.commit("same", &body))
        })
        .collect();
    for thread in threads {
        let answer = thread.join().unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.text, demos[0].commit("same", &body).text);
    }
    assert!(demos[0].check().status.success());
}

#[test]
fn the_same_points_at_two_processes_are_spent_once() {
    let (first, second) = two();
    let mut shopper = Browser::new(&first);
    shopper.join("Вера");
    let key = shopper.key();
    let earned = first.commit("earn", &sale(&key.fixed(), 10_000)).json();
    let balance = earned["balance"].as_i64().unwrap();
    let demos = [Arc::new(first), Arc::new(second)];
    let threads: Vec<_> = (0..32)
        .map(|n: usize| {
            let demo = Arc::clone(&demos[n % 2]);
            let code = key.code([-30, 0, 30][n % 3]);
            std::thread::spawn(move || {
                let mut body = sale(&code, 10_000);
                body["spend"] = json!(balance);
                demo.commit(&format!("spend-{n}"), &body)
            })
        })
        .collect();
    let mut spent = 0;
    for thread in threads {
        let answer = thread.join().unwrap();
        assert!([201, 409, 422].contains(&answer.status), "{}", answer.text);
        spent += i32::from(answer.status == 201);
    }
    assert!((1..=3).contains(&spent), "a code pays once: {spent}");
    assert!(demos[0].check().status.success());
}
