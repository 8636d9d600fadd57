//! Receipts as real tills make them: free samples, deposits given back, coupons, marked and weighed goods; and goods that the
//! programme excludes. Over the POS API, on the engine at hand.

use crate::support::browser::Browser;
use crate::support::raw::{JSON, post};
use crate::support::{Answer, Demo};
use serde_json::{Value, json};

/// The handed input l4-body-with-bom.json, to the byte.
const BODY_WITH_BOM: &[u8] = include_bytes!("inputs/body-with-bom.json");

fn line(name: &str, category: &str, quantity: i64, amount: i64) -> Value {
    json!({
        "sku": name.to_lowercase(), "name": name, "category": category,
        "quantity": quantity, "amount": amount,
    })
}

fn stored(demo: &Demo, key: &str, body: &Value) -> Value {
    let answer = demo.commit(key, body);
    assert_eq!(answer.status, 201, "{body}: {}", answer.text);
    answer.json()
}

fn give_back(demo: &Demo, sale: &Value, key: &str, lines: &Value) -> Answer {
    let path = format!("receipts/{}/returns", sale["id"].as_str().unwrap());
    demo.pos(&path, Some(key), &json!({"lines": lines}))
}

/// The code of the first thing that is wrong with a receipt.
fn wrong(demo: &Demo, lines: &Value) -> String {
    let answer = demo.pos("receipts/quote", None, &json!({"lines": lines}));
    assert_eq!(answer.status, 422, "{lines}: {}", answer.text);
    assert_eq!(answer.problem(), "invalid");
    answer.json()["errors"][0]["code"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_line_of_amount_0_is_stored_in_its_place_and_earns_nothing() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let lines = json!([
        line("Sample", "", 1000, 0),
        line("Milk", "dairy", 1000, 10_000)
    ]);
    let body = json!({"code": anna.key().fixed(), "shift": "1", "number": "1", "lines": lines});
    let sale = stored(&demo, "l1", &body);
    assert_eq!(sale["to_pay"], 10_000);
    assert_eq!(
        sale["lines"][0],
        json!({"discount": 0, "paid_by_points": 0, "earned": 0})
    );
    assert_eq!(sale["lines"][1]["earned"], 3);
    let goods = demo.stored(sale["id"].as_str().unwrap()).json()["goods"].clone();
    assert_eq!(
        (&goods[0]["amount"], &goods[1]["position"]),
        (&json!(0), &json!(1))
    );
    // The second line is still the second one, and the sample may come back too.
    let both = json!([{"position": 0, "quantity": 1000}, {"position": 1, "quantity": 1000}]);
    let back = give_back(&demo, &sale, "l1-back", &both);
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(back.json()["refund"], 10_000);
    assert_eq!(back.json()["taken_back"], 3);
    let nothing = json!([line("Sample", "", 1000, 0)]);
    assert_eq!(
        stored(&demo, "l1-0", &json!({"lines": nothing}))["to_pay"],
        0
    );
    assert!(demo.check().status.success());
}

#[test]
fn a_deposit_given_back_lowers_the_receipt_and_goes_back_with_it() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let lines = json!([
        line("Water 19 l", "grocery", 1000, 30_000),
        line("Empty bottle taken back", "deposit", -1000, -15_000),
    ]);
    let body = json!({"code": anna.key().fixed(), "shift": "1", "number": "2", "lines": lines});
    let sale = stored(&demo, "l2", &body);
    assert_eq!(
        (&sale["total"], &sale["to_pay"], &sale["earned"]),
        (&json!(15_000), &json!(15_000), &json!(4))
    );
    let goods = demo.stored(sale["id"].as_str().unwrap()).json()["goods"].clone();
    assert_eq!(
        (&goods[1]["quantity"], &goods[1]["amount"]),
        (&json!(-1000), &json!(-15_000))
    );
    for quantity in [1000, 1] {
        let alone = json!([{"position": 1, "quantity": quantity}]);
        let refused = give_back(&demo, &sale, "l2-alone", &alone);
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.json()["errors"][0]["code"], "return-negative-line");
    }
    let water = json!([{"position": 0, "quantity": 1000}]);
    let back = give_back(&demo, &sale, "l2-back", &water);
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(
        (&back.json()["refund"], &back.json()["taken_back"]),
        (&json!(15_000), &json!(4))
    );
    assert!(demo.check().status.success());
}

#[test]
fn only_a_receipt_below_0_is_refused() {
    let demo = Demo::start();
    let coupon = |amount| {
        json!([
            line("Milk", "dairy", 1000, 100),
            line("Coupon", "dairy", 1000, amount)
        ])
    };
    assert_eq!(wrong(&demo, &coupon(-101)), "receipt-total-negative");
    let body = json!({"lines": coupon(-100)});
    assert_eq!(stored(&demo, "zero", &body)["to_pay"], 0);
    let most = 1_000_000_000_000_i64;
    assert_eq!(wrong(&demo, &coupon(-most - 1)), "line-amount");
    assert_eq!(
        wrong(&demo, &json!([line("Milk", "dairy", -1000, 100)])),
        "line-quantity"
    );
    assert!(demo.check().status.success());
}

#[test]
fn lines_of_quantity_0_are_stored_and_what_costs_something_is_one_piece() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let mut bulk = line("Nuts", "grocery", 0, 20_000);
    bulk["unit"] = json!("kg");
    let lines = json!([
        bulk,
        line("Leaflet", "grocery", 0, 0),
        line("Rounding", "grocery", 0, -50)
    ]);
    let body = json!({"code": anna.key().fixed(), "shift": "1", "number": "4", "lines": lines});
    let sale = stored(&demo, "l7", &body);
    assert_eq!(
        (&sale["total"], &sale["earned"]),
        (&json!(19_950), &json!(5))
    );
    let goods = demo.stored(sale["id"].as_str().unwrap()).json()["goods"].clone();
    let counted = |place: usize| {
        (
            goods[place]["quantity"].clone(),
            goods[place]["unit"].clone(),
        )
    };
    assert_eq!(counted(0), (json!(1000), json!("piece")));
    assert_eq!(counted(1), (json!(0), json!("piece")));
    assert_eq!(counted(2), (json!(0), json!("piece")));
    for (position, code) in [(1, "return-more-than-left"), (2, "return-negative-line")] {
        let nothing = json!([{"position": position, "quantity": 1}]);
        let refused = give_back(&demo, &sale, "l7-nothing", &nothing);
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.json()["errors"][0]["code"], code);
    }
    let all = json!([{"position": 0, "quantity": 1000}]);
    let back = give_back(&demo, &sale, "l7-back", &all);
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(
        (&back.json()["refund"], &back.json()["taken_back"]),
        (&json!(19_950), &json!(5))
    );
    // A receipt of nothing but such lines is stored too.
    let body = json!({"lines": [line("Leaflet", "grocery", 0, 0)]});
    assert_eq!(stored(&demo, "nothing", &body)["total"], 0);
    assert!(demo.check().status.success());
}

#[test]
fn codes_and_categories_are_cut_instead_of_refused() {
    let demo = Demo::start();
    let mut long = line("Milk", &"c".repeat(300), 1000, 8_900);
    long["sku"] = json!("1".repeat(300));
    let sale = stored(&demo, "long", &json!({"lines": [long]}));
    let good = demo.stored(sale["id"].as_str().unwrap()).json()["goods"][0].clone();
    assert_eq!(good["sku"], "1".repeat(200));
    assert_eq!(good["category"], "c".repeat(200));
    assert!(demo.check().status.success());
}

#[test]
fn texts_are_cleaned_and_a_byte_order_mark_is_skipped() {
    let demo = Demo::start();
    assert_eq!(BODY_WITH_BOM[..3], [0xef, 0xbb, 0xbf]);
    let answer = post(&demo, BODY_WITH_BOM, &[JSON]);
    assert_eq!(answer.status, 201, "{}", answer.body);
    let body = json!({"shift": "1", "number": "3", "lines": [{
        "sku": "0104600000000017215ABCDE\u{1d}93wxyz", "name": format!("Milk\u{0}{}", "я".repeat(200)),
        "category": "da\tiry", "quantity": 1000, "amount": 8900,
    }]});
    let sale = stored(&demo, "l5", &body);
    let good = demo.stored(sale["id"].as_str().unwrap()).json()["goods"][0].clone();
    assert_eq!(good["sku"], "0104600000000017215ABCDE93wxyz");
    assert_eq!(good["name"], format!("Milk {}", "я".repeat(195)));
    assert_eq!(good["category"], "da iry");
    assert!(demo.check().status.success());
}

#[test]
fn two_thousand_lines_are_stored_and_go_back() {
    let demo = Demo::start();
    let long = "я".repeat(250);
    let lines: Vec<Value> = (0..2_000)
        .map(|_| line(&long, &"c".repeat(200), 1000, 1))
        .map(|mut line| {
            line["sku"] = json!("1".repeat(200));
            line
        })
        .collect();
    let mut body = json!({"lines": lines});
    assert!(body.to_string().len() > 1024 * 1024);
    let sale = stored(&demo, "many", &body);
    assert_eq!(sale["to_pay"], 2_000);
    let all: Vec<Value> = (0..2_000)
        .map(|position| json!({"position": position, "quantity": 1000}))
        .collect();
    let back = give_back(&demo, &sale, "many-back", &json!(all));
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(back.json()["refund"], 2_000);
    body["lines"]
        .as_array_mut()
        .unwrap()
        .push(line("", "", 1000, 1));
    assert_eq!(wrong(&demo, &body["lines"]), "lines-too-many");
    assert!(demo.check().status.success());
}

#[test]
fn a_weighed_line_counts_as_one_piece_and_its_unit_is_answered() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    let cheese = |grams: i64, amount: i64| {
        let mut cheese = line("Cheese", "dairy", grams, amount);
        cheese["unit"] = json!("kg");
        cheese
    };
    let code = anna.key().fixed();
    let offers = |lines: &Value| -> Vec<Value> {
        let body = json!({"code": code, "lines": lines});
        let quote = demo.pos("receipts/quote", None, &body).json();
        let used = quote["offers_used"].as_array().unwrap().clone();
        used.iter().map(|used| used["offer"].clone()).collect()
    };
    let three = json!([
        cheese(300, 30_000),
        cheese(350, 30_000),
        cheese(280, 30_000)
    ]);
    assert!(offers(&three).contains(&json!("dairy-three")));
    let one = json!([cheese(3000, 90_000)]);
    assert!(!offers(&one).contains(&json!("dairy-three")));
    // Earlier clients send no unit: theirs are pieces.
    let pieces = json!([line("Cheese", "dairy", 3000, 90_000)]);
    assert!(offers(&pieces).contains(&json!("dairy-three")));
    let lines = json!([cheese(300, 30_000), line("Milk", "dairy", 1000, 9_000)]);
    let sale = stored(&demo, "r9", &json!({"lines": lines}));
    let goods = demo.stored(sale["id"].as_str().unwrap()).json()["goods"].clone();
    assert_eq!(
        (&goods[0]["unit"], &goods[1]["unit"]),
        (&json!("kg"), &json!("piece"))
    );
    let mut pound = line("Cheese", "dairy", 1000, 1);
    pound["unit"] = json!("lb");
    assert_eq!(wrong(&demo, &json!([pound])), "wrong-shape");
}

#[test]
fn excluded_goods_get_no_discount_and_lift_nobody() {
    let demo = Demo::start();
    let mut anna = Browser::new(&demo);
    anna.join("Анна");
    anna.post("offers/activate-all", &[]);
    let code = anna.key().fixed();
    let quote = |lines: &Value| {
        let body = json!({"code": code, "lines": lines});
        let quote = demo.pos("receipts/quote", None, &body);
        assert_eq!(quote.status, 200, "{}", quote.text);
        quote.json()
    };
    let card = |amount| line("Gift card", "gift_cards", 1000, amount);
    // The handed input r4-gift-card.json.
    for lines in [
        json!([card(300_000)]),
        json!([line("Cigarettes", "tobacco", 1000, 300_000)]),
        json!([line("Bun", "bakery", 1000, 100), card(49_900)]),
    ] {
        let quote = quote(&lines);
        assert_eq!(quote["discount"], 0, "{quote}");
        assert_eq!(quote["earned"], 0, "{quote}");
        assert_eq!(quote["offers_used"], json!([]), "{quote}");
    }
    let level = |sale: &Value| (sale["tier"]["tier"].clone(), sale["tier"]["risen"].clone());
    let cards = json!({"code": code, "lines": [card(1_600_000)]});
    let sale = stored(&demo, "r4", &cards);
    assert_eq!(level(&sale), (json!("start"), json!(false)));
    assert_eq!(sale["tier"]["next"]["missing"], 1_500_000);

    // What counts is counted without them, also after returns; and what comes first is still a first purchase.
    let mixed =
        json!({"code": code, "lines": [card(500_000), line("Rice", "grocery", 1000, 1_430_000)]});
    let mixed = stored(&demo, "r4-mixed", &mixed);
    assert_eq!(level(&mixed), (json!("start"), json!(false)));
    let used = mixed["offers_used"].as_array().unwrap();
    let used: Vec<&str> = used
        .iter()
        .map(|used| used["offer"].as_str().unwrap())
        .collect();
    assert_eq!(used, ["first-purchase", "big-basket"]);
    let more = json!({"code": code, "lines": [line("Rice", "grocery", 1000, 100_000)]});
    let more = stored(&demo, "r4-more", &more);
    assert_eq!(level(&more), (json!("silver"), json!(true)));
    let tier = || {
        let found = demo.pos("members/lookup", None, &json!({"code": code}));
        found.json()["tier"]["en"].as_str().unwrap().to_owned()
    };
    let first = json!([{"position": 0, "quantity": 1000}]);
    let back = give_back(&demo, &sale, "r4-card-back", &first);
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(tier(), "Silver");
    let back = give_back(&demo, &more, "r4-rice-back", &first);
    assert_eq!(back.status, 201, "{}", back.text);
    assert_eq!(tier(), "Start");
    assert!(demo.check().status.success());
}
