//! Queues over the POS API: each item is stored by itself, exactly once, in whatever order and however often it comes.

use crate::support::browser::Browser;
use crate::support::{Answer, Demo, sale, store};
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// An answer with the very bytes of what was stored.
#[derive(serde::Deserialize)]
struct Item {
    key: String,
    status: u16,
    receipt: Option<Box<RawValue>>,
    problem: Option<Value>,
}

impl Item {
    fn bytes(&self) -> &str {
        let receipt = self.receipt.as_ref();
        receipt
            .unwrap_or_else(|| panic!("{:?}", self.problem))
            .get()
    }

    /// The stable name of what is wrong.
    fn refusal(&self) -> &str {
        let kind = self.problem.as_ref().unwrap()["type"].as_str().unwrap();
        kind.rsplit_once("#problem-").unwrap().1
    }
}

fn post(demo: &Demo, items: &[Value]) -> Answer {
    demo.pos("receipts/batch", None, &json!({"items": items}))
}

fn posted(demo: &Demo, items: &[Value]) -> Vec<Item> {
    #[derive(serde::Deserialize)]
    struct Results {
        results: Vec<Item>,
    }
    let answer = post(demo, items);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let results = serde_json::from_str::<Results>(&answer.text)
        .unwrap()
        .results;
    assert_eq!(results.len(), items.len());
    for (result, item) in results.iter().zip(items) {
        assert_eq!(result.key, item["key"].as_str().unwrap_or_default());
        assert_eq!(result.receipt.is_some(), result.status < 300);
        assert_eq!(result.problem.is_some(), result.status >= 300);
    }
    results
}

fn statuses(results: &[Item]) -> Vec<u16> {
    results.iter().map(|result| result.status).collect()
}

/// A queued sale of two pieces, with a number of its own.
fn sold(code: &str, key: &str, roubles: i64) -> Value {
    let mut receipt = sale(code, roubles);
    receipt["shift"] = json!("queue");
    receipt["number"] = json!(key);
    receipt["lines"][0]["quantity"] = json!(2000);
    json!({"key": key, "receipt": receipt})
}

/// A queued return of one of the two pieces.
fn back(of: &str, key: &str) -> Value {
    json!({"key": key, "return": {
        "sale": {"shift": "queue", "number": of}, "shift": "queue", "number": key,
        "lines": [{"position": 0, "quantity": 1000}],
    }})
}

fn with_member() -> (Demo, String) {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    (demo, card)
}

fn points(demo: &Demo, card: &str) -> i64 {
    let found = demo.pos("members/lookup", None, &json!({"code": card}));
    found.json()["points"].as_i64().unwrap()
}

#[test]
fn each_item_is_answered_by_itself_and_one_that_is_refused_stops_no_other() {
    let (demo, card) = with_member();
    let mut spends = sold(&card, "spends", 900);
    spends["receipt"]["spend"] = json!("all");
    let mut negative = sold(&card, "negative", 900);
    negative["receipt"]["lines"][0]["amount"] = json!(-1);
    let mut unknown = sold(&card, "unknown-field", 900);
    unknown["receipt"]["colour"] = json!("red");
    let mut other = sold(&card, "good", 901);
    other["receipt"]["number"] = json!("another");
    let mut twin = sold(&card, "good", 900);
    twin["key"] = json!("twin");
    let mut nobody = sold("700000000000000000", "nobody", 900);
    nobody["receipt"]["number"] = json!("nobody");
    let both =
        json!({"key": "both", "receipt": twin["receipt"], "return": back("good", "x")["return"]});
    let items = [
        sold(&card, "good", 900),
        spends,
        negative,
        unknown,
        sold(&card, "good", 900),
        other,
        twin,
        nobody,
        both,
        json!({"key": "neither"}),
        json!("no item"),
        sold(&card, "last", 500),
    ];
    let results = posted(&demo, &items);
    let seen: Vec<(u16, &str)> = results
        .iter()
        .map(|item| {
            (
                item.status,
                if item.status < 300 {
                    ""
                } else {
                    item.refusal()
                },
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (201, ""),
            (422, "spending-needs-link"),
            (422, "invalid"),
            (422, "invalid"),
            (200, ""),
            (422, "key-reused"),
            (409, "receipt-exists"),
            (404, "card-unknown"),
            (422, "invalid"),
            (422, "invalid"),
            (422, "invalid"),
            (201, ""),
        ]
    );
    assert_eq!(results[0].bytes(), results[4].bytes());
    let receipts = store::number(&demo, "SELECT COUNT(*) FROM receipts WHERE shift = 'queue'");
    assert_eq!(receipts, 2);
    assert!(demo.check().status.success());
}

#[test]
fn an_item_and_a_call_of_its_own_are_the_same_receipt() {
    let (demo, card) = with_member();
    let item = sold(&card, "one", 900);
    let alone = demo.commit("one", &item["receipt"]);
    assert_eq!(alone.status, 201, "{}", alone.text);
    let queued = posted(&demo, &[item]);
    assert_eq!((queued[0].status, queued[0].bytes()), (200, &*alone.text));

    let item = sold(&card, "two", 800);
    let queued = posted(&demo, std::slice::from_ref(&item));
    let alone = demo.commit("two", &item["receipt"]);
    assert_eq!((alone.status, &*alone.text), (201, queued[0].bytes()));
}

#[test]
fn a_batch_has_one_to_a_thousand_items() {
    let demo = Demo::start();
    let items = |count: usize| -> Vec<Value> {
        let mut spends = sold("", "spends", 1);
        spends["receipt"]["spend"] = json!(1);
        vec![spends; count]
    };
    for count in [0, 1001] {
        let refused = post(&demo, &items(count));
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (422, "invalid")
        );
        assert_eq!(refused.json()["errors"][0]["field"], "items");
    }
    assert_eq!(posted(&demo, &items(1000)).len(), 1000);
    let shapeless = demo.pos("receipts/batch", None, &json!({"items": {}}));
    assert_eq!(shapeless.status, 422, "{}", shapeless.text);
}

#[test]
fn shuffled_and_replayed_queues_post_once_and_end_the_same() {
    let demo = Demo::start();
    let mut balances = Vec::new();
    for (round, order) in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]]
        .iter()
        .enumerate()
    {
        let mut shopper = Browser::new(&demo);
        shopper.join("Глеб");
        let card = shopper.key().fixed();
        let key = |name: &str| format!("{name}-{round}");
        // Each member's first purchase is alone, so that its points do not depend on the order.
        posted(&demo, &[sold(&card, &key("first"), 10)]);
        let queue = [
            sold(&card, &key("a"), 1000),
            back(&key("a"), &key("a-back")),
            sold(&card, &key("b"), 2000),
            back(&key("b"), &key("b-back")),
            sold(&card, &key("c"), 500),
        ];
        let shuffled: Vec<Value> = order.iter().map(|at| queue[*at].clone()).collect();
        let first = posted(&demo, &shuffled);
        assert!(
            first.iter().all(|item| [201, 202].contains(&item.status)),
            "{:?}",
            statuses(&first)
        );
        let after = points(&demo, &card);
        let mut replayed = shuffled.clone();
        replayed.reverse();
        replayed.extend(shuffled.iter().cloned());
        let again = posted(&demo, &replayed);
        assert_eq!(statuses(&again), [200; 10]);
        for item in &first {
            for repeat in again.iter().filter(|repeat| repeat.key == item.key) {
                assert!(item.status == 202 || repeat.bytes() == item.bytes());
            }
        }
        assert_eq!(points(&demo, &card), after);
        balances.push(after);
    }
    assert_eq!(balances, [balances[0]; 3]);
    let stored = store::number(&demo, "SELECT COUNT(*) FROM receipts WHERE shift = 'queue'");
    assert_eq!(stored, 3 * 6);
    assert!(demo.check().status.success());
}

#[test]
fn a_return_before_its_sale_waits_and_is_settled_once_the_sale_arrives() {
    let (demo, card) = with_member();
    let early = back("late", "early-back");
    let mut greedy = back("late", "greedy-back");
    greedy["return"]["lines"][0]["quantity"] = json!(2000);
    let waiting = posted(&demo, &[early.clone(), greedy.clone()]);
    assert_eq!(statuses(&waiting), [202, 202]);
    let parked: Value = serde_json::from_str(waiting[0].bytes()).unwrap();
    assert_eq!(parked["waits_for"], "sale");
    let again = posted(&demo, std::slice::from_ref(&early));
    assert_eq!(
        (again[0].status, again[0].bytes()),
        (202, waiting[0].bytes())
    );
    let mut other = early.clone();
    other["return"]["lines"][0]["quantity"] = json!(1);
    assert_eq!(posted(&demo, &[other])[0].refusal(), "key-reused");
    let mut twin = early.clone();
    twin["key"] = json!("twin");
    assert_eq!(posted(&demo, &[twin])[0].refusal(), "receipt-parked");

    // The sale is answered as it was made; what waited for it comes after.
    let late = sold(&card, "late", 1000);
    let sale = demo.commit("late", &late["receipt"]);
    assert_eq!(sale.status, 201, "{}", sale.text);
    assert_eq!(sale.json()["earned"], 230, "3 % and the first purchase");
    let settled = posted(&demo, &[early.clone(), greedy]);
    assert_eq!(statuses(&settled), [200, 422]);
    assert_eq!(settled[1].refusal(), "parked-refused");
    let returned: Value = serde_json::from_str(settled[0].bytes()).unwrap();
    assert_eq!(returned["sale"], sale.json()["id"]);
    assert_eq!(returned["taken_back"], 15);
    let stored = demo.stored(sale.json()["id"].as_str().unwrap()).json();
    assert_eq!(stored["returns"], json!([returned["id"]]));
    assert_eq!(points(&demo, &card), 215);
    assert_eq!(posted(&demo, &[early])[0].bytes(), settled[0].bytes());
    assert!(demo.check().status.success());
}

#[test]
fn a_queued_return_names_a_sale_of_its_own_till_and_nothing_else() {
    let demo = Demo::start();
    let mut known = sold("", "known", 1000);
    known["receipt"].as_object_mut().unwrap().remove("code");
    let sale = posted(&demo, &[known]);
    let id: Value = serde_json::from_str(sale[0].bytes()).unwrap();
    let mut by_id = back("known", "by-id");
    by_id["return"]["sale"] = id["id"].clone();
    let mut nothing = back("known", "nothing");
    nothing["return"]["sale"] = json!("0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f");
    let mut elsewhere = back("known", "elsewhere");
    elsewhere["return"]["sale"]["till"] = json!("Касса 2");
    let results = posted(&demo, &[by_id, nothing, elsewhere]);
    assert_eq!(statuses(&results), [201, 404, 422]);
    assert_eq!(
        results[2].refusal(),
        "invalid",
        "a name that is not read is not skipped"
    );
}
