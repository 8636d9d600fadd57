//! Returns over the POS API: quoted as they are stored, stored once, and never more goes back than was bought.

mod waiting;

use crate::support::browser::Browser;
use crate::support::{Answer, Demo, agent, post, rules, sale, store};
use serde_json::{Value, json};

/// A sale of three pieces of one line and one of another, 3 000 ₽ and 1 000 ₽.
fn basket(code: &str, number: &str) -> Value {
    json!({
        "code": code, "shift": "7", "number": number,
        "lines": [
            {"sku": "a", "name": "Три, тест", "category": "grocery", "quantity": 3000, "amount": 300_000},
            {"sku": "b", "name": "Один, тест", "category": "household", "quantity": 1000, "amount": 100_000},
        ],
    })
}

/// Some of a line goes back.
fn back(number: &str, position: i64, quantity: i64) -> Value {
    json!({
        "shift": "7", "number": number,
        "lines": [{"position": position, "quantity": quantity}],
    })
}

fn give_back(demo: &Demo, sale: &str, key: &str, body: &Value) -> Answer {
    demo.pos(&format!("receipts/{sale}/returns"), Some(key), body)
}

fn quoted(demo: &Demo, sale: &str, body: &Value) -> Answer {
    demo.pos(&format!("receipts/{sale}/returns/quote"), None, body)
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status, answer.problem())
}

fn problem(status: u16, key: &str) -> (u16, String) {
    (status, key.to_owned())
}

/// What is wrong with the first field.
fn fault(answer: &Answer) -> String {
    assert_eq!(refused(answer), problem(422, "invalid"), "{}", answer.text);
    let code = &answer.json()["errors"][0]["code"];
    code.as_str().unwrap().to_owned()
}

/// A demo, the code of a new member, and the id and answer of a first sale.
fn sold() -> (Demo, String, String, Value) {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    let sold = demo.commit("sale", &basket(&card, "1"));
    assert_eq!(sold.status, 201, "{}", sold.text);
    let receipt = sold.json();
    let id = receipt["id"].as_str().unwrap().to_owned();
    (demo, card, id, receipt)
}

fn points(demo: &Demo, card: &str) -> i64 {
    let found = demo.pos("members/lookup", None, &json!({"code": card}));
    found.json()["points"].as_i64().unwrap()
}

#[test]
fn a_quote_of_a_return_stores_nothing_and_equals_the_return() {
    let (demo, card, sale, receipt) = sold();
    let before = points(&demo, &card);
    let body = back("r-1", 0, 1000);
    let quote = quoted(&demo, &sale, &body);
    assert_eq!(quote.status, 200, "{}", quote.text);
    assert_eq!(quoted(&demo, &sale, &body).text, quote.text);
    assert_eq!(points(&demo, &card), before);
    assert_eq!(demo.stored(&sale).json()["returns"], json!([]));

    let quote = quote.json();
    assert_eq!(quote["refund"], 100_000);
    assert_eq!(quote["taken_back"], 30, "3 % of 1 000 ₽");
    let returned = give_back(&demo, &sale, "back", &body);
    assert_eq!(returned.status, 201, "{}", returned.text);
    let returned = returned.json();
    for (part, value) in quote.as_object().unwrap() {
        assert_eq!(returned[part], *value, "{part}");
    }
    assert_eq!(returned["sale"], sale.as_str());
    assert_eq!(returned["balance"], before - 30);
    assert_eq!(points(&demo, &card), before - 30);
    assert_eq!(returned["programme_version"], receipt["programme_version"]);
    assert!(demo.check().status.success());
}

#[test]
fn a_return_is_stored_once_for_its_key_and_once_for_its_number() {
    let (demo, card, sale, _) = sold();
    let body = back("r-1", 0, 1000);
    let first = give_back(&demo, &sale, "back", &body);
    let again = give_back(&demo, &sale, "back", &body);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.text, again.text);
    let after = points(&demo, &card);

    let other = give_back(&demo, &sale, "back", &back("r-1", 0, 2000));
    assert_eq!(refused(&other), problem(422, "key-reused"));
    let twin = give_back(&demo, &sale, "twin", &back("r-1", 1, 1000));
    assert_eq!(refused(&twin), problem(409, "receipt-exists"));
    assert_eq!(twin.json()["receipt"], first.json()["id"]);
    // A sale's key is no return's key, and a sale may have the number of a return.
    let sold = give_back(&demo, &sale, "sale", &back("r-2", 0, 1000));
    assert_eq!(refused(&sold), problem(422, "key-reused"));
    let none = demo.pos(&format!("receipts/{sale}/returns"), None, &body);
    assert_eq!(refused(&none), problem(400, "key-missing"));
    assert_eq!(points(&demo, &card), after);
    assert_eq!(demo.commit("r", &basket(&card, "r-1")).status, 201);
    // Under the same key the same lines of another sale are another return.
    let second = demo
        .commit("another-sale", &basket(&card, "another"))
        .json();
    let second = second["id"].as_str().unwrap();
    let crossed = give_back(&demo, second, "back", &body);
    assert_eq!(refused(&crossed), problem(422, "key-reused"));
    assert!(demo.check().status.success());
}

#[test]
fn no_more_goes_back_than_was_bought_and_nothing_twice() {
    let (demo, card, sale, _) = sold();
    let before = points(&demo, &card);
    for (body, expected) in [
        (back("x", 0, 3001), "return-more-than-left"),
        (back("x", 2, 1000), "return-no-such-line"),
        (back("x", 0, 0), "line-quantity"),
        (back("x", 0, -1000), "line-quantity"),
        (json!({"lines": []}), "lines-none"),
        (
            json!({"lines": [{"position": 0, "quantity": 2000}, {"position": 0, "quantity": 2000}]}),
            "return-more-than-left",
        ),
        (
            json!({"at": "2026-01-01T00:00:00Z", "lines": [{"position": 0, "quantity": 1000}]}),
            "return-before-sale",
        ),
    ] {
        assert_eq!(fault(&quoted(&demo, &sale, &body)), expected, "{body}");
        let answer = give_back(&demo, &sale, "wrong", &body);
        assert_eq!(fault(&answer), expected, "{body}");
    }
    assert_eq!(points(&demo, &card), before, "nothing is stored");
    // What was refused has used up neither the key nor the number.
    assert_eq!(
        give_back(&demo, &sale, "wrong", &back("x", 0, 2000)).status,
        201
    );
    let twice = give_back(&demo, &sale, "twice", &back("y", 0, 2000));
    assert_eq!(fault(&twice), "return-more-than-left");
    assert_eq!(
        give_back(&demo, &sale, "rest", &back("y", 0, 1000)).status,
        201
    );
    assert_eq!(
        give_back(&demo, &sale, "last", &back("z", 1, 1000)).status,
        201
    );
    let over = give_back(&demo, &sale, "over", &back("zz", 1, 1));
    assert_eq!(fault(&over), "return-more-than-left");
    assert!(demo.check().status.success());
}

#[test]
fn a_sale_of_one_sum_goes_back_in_parts_by_amount_and_no_other_does() {
    let (demo, card, first, _) = sold();
    let before = points(&demo, &card);
    let body = json!({
        "code": card, "shift": "7", "number": "sum",
        "lines": [{"sku": "", "name": "", "category": "", "quantity": 1000, "amount": 100_000}],
    });
    let sold = demo.commit("sum", &body);
    assert_eq!(sold.status, 201, "{}", sold.text);
    let sale = sold.json()["id"].as_str().unwrap().to_owned();
    let for_amount = |number: &str, amount: i64| {
        let lines = json!([{"position": 0, "amount": amount}]);
        json!({"shift": "7", "number": number, "lines": lines})
    };
    let part = give_back(&demo, &sale, "part", &for_amount("p-1", 33_333)).json();
    assert_eq!(part["refund"], json!(33_333));
    assert_eq!(
        part["lines"],
        json!([{"position": 0, "quantity": 0, "amount": 33_333, "refund": 33_333}])
    );
    for (sale, line, expected) in [
        (
            &sale,
            json!({"position": 0, "amount": 66_668}),
            "return-more-than-left",
        ),
        (
            &sale,
            json!({"position": 0, "quantity": 1000}),
            "return-more-than-left",
        ),
        (&sale, json!({"position": 0, "amount": 0}), "line-amount"),
        (&sale, json!({"position": 0}), "return-quantity-or-amount"),
        (
            &sale,
            json!({"position": 0, "amount": 1, "quantity": 1}),
            "return-quantity-or-amount",
        ),
        (
            &first,
            json!({"position": 1, "amount": 1_000}),
            "return-not-one-sum",
        ),
    ] {
        let body = json!({"shift": "7", "number": "wrong", "lines": [line]});
        assert_eq!(fault(&quoted(&demo, sale, &body)), expected, "{body}");
        assert_eq!(
            fault(&give_back(&demo, sale, "wrong", &body)),
            expected,
            "{body}"
        );
    }
    let rest = give_back(&demo, &sale, "rest", &for_amount("p-2", 66_667)).json();
    assert_eq!(rest["refund"], json!(66_667));
    assert_eq!(points(&demo, &card), before);
    assert_eq!(
        demo.stored(&sale).json()["returns"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(demo.check().status.success());
}

#[test]
fn a_sale_that_is_unknown_or_a_return_or_another_store_s_cannot_go_back() {
    let (demo, _, sale, _) = sold();
    let body = back("r-1", 0, 1000);
    let unknown = "0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f";
    for id in [unknown, "nothing"] {
        let answer = give_back(&demo, id, "unknown", &body);
        assert_eq!(refused(&answer), problem(404, "not-found"));
        assert_eq!(
            refused(&quoted(&demo, id, &body)),
            problem(404, "not-found")
        );
    }
    let added = demo.run(&["till", "add", "Касса 9", "--store", "park"]);
    let key = String::from_utf8(added.stdout).unwrap();
    for path in ["returns", "returns/quote"] {
        let path = format!("receipts/{sale}/{path}");
        let answer = post(&agent(), &demo.url, key.trim(), &path, Some("far"), &body).unwrap();
        assert_eq!(refused(&answer), problem(404, "not-found"));
    }
    let returned = give_back(&demo, &sale, "back", &body).json();
    let id = returned["id"].as_str().unwrap();
    let again = give_back(&demo, id, "again", &back("r-2", 0, 1000));
    assert_eq!(refused(&again), problem(404, "not-found"));
}

#[test]
fn everything_given_back_is_as_if_never_bought() {
    let (demo, card, first, _) = sold();
    rules::put_in_force(&demo, &[rules::FIXED_SPENDS], "");
    // The first purchase's points stay with the first sale.
    let before = points(&demo, &card);
    assert!(before > 300, "{before}");
    let mut body = basket(&card, "2");
    body["spend"] = json!(300);
    let receipt = demo.commit("second", &body);
    assert_eq!(receipt.status, 201, "{}", receipt.text);
    let receipt = receipt.json();
    assert_eq!(
        (&receipt["spent"], &receipt["to_pay"]),
        (&json!(300), &json!(370_000))
    );
    let sale = receipt["id"].as_str().unwrap();
    let (mut refund, mut restored) = (0, 0);
    for (n, (position, quantity)) in [(1, 1000), (0, 2000), (0, 1000)].into_iter().enumerate() {
        let body = back(&format!("r-{n}"), position, quantity);
        let returned = give_back(&demo, sale, &format!("back-{n}"), &body);
        assert_eq!(returned.status, 201, "{}", returned.text);
        let returned = returned.json();
        refund += returned["refund"].as_i64().unwrap();
        restored += returned["restored"].as_i64().unwrap();
    }
    assert_eq!((refund, restored), (370_000, 300));
    assert_eq!(points(&demo, &card), before);
    assert_eq!(demo.stored(&first).json()["returns"], json!([]));
    assert!(demo.check().status.success());
}

#[test]
fn a_stored_receipt_shows_its_goods_entries_and_returns() {
    let (demo, _, sale, receipt) = sold();
    let returned = give_back(&demo, &sale, "back", &back("r-1", 0, 1000)).json();
    let stored = demo.stored(&sale);
    assert_eq!(stored.status, 200, "{}", stored.text);
    let stored = stored.json();
    for part in [
        "id", "shift", "number", "earned", "total", "reasons", "lines",
    ] {
        assert_eq!(stored[part], receipt[part], "{part}");
    }
    assert_eq!(stored["kind"], "sale");
    assert_eq!(stored["returns"], json!([returned["id"]]));
    assert_eq!(stored["goods"][0]["quantity"], 3000);
    assert_eq!(stored["goods"][1]["amount"], 100_000);
    let earned: i64 = stored["entries"]
        .as_array()
        .unwrap()
        .iter()
        .inspect(|entry| assert_eq!(entry["kind"], "earn"))
        .map(|entry| entry["points"].as_i64().unwrap())
        .sum();
    assert_eq!(json!(earned), receipt["earned"]);

    let back = demo.stored(returned["id"].as_str().unwrap()).json();
    assert_eq!(
        (&back["kind"], &back["sale"]),
        (&json!("return"), &json!(sale))
    );
    assert_eq!(
        back["goods"],
        json!([{
            "position": 0, "sku": "a", "name": "Три, тест", "category": "grocery",
            "quantity": 1000, "unit": "piece", "amount": 100_000,
        }])
    );
    assert_eq!(back["entries"][0]["kind"], "return");
    assert_eq!(back["entries"][0]["points"], -30);
    assert!(back["entries"][0]["reason"].is_object());
    assert_eq!(demo.stored("nothing").status, 404);
}

#[test]
fn a_sale_without_a_card_goes_back_in_money_alone() {
    let demo = Demo::start();
    let receipt = demo
        .commit("sale", &json!({"lines": sale("", 700)["lines"]}))
        .json();
    let id = receipt["id"].as_str().unwrap();
    let body = json!({"lines": [{"position": 0, "quantity": 500}]});
    let returned = give_back(&demo, id, "back", &body).json();
    assert_eq!(
        (&returned["refund"], &returned["taken_back"]),
        (&json!(35_000), &json!(0))
    );
    assert_eq!(returned["balance"], Value::Null);
    let points = store::number(&demo, "SELECT COUNT(*) FROM entries WHERE kind = 'return'");
    assert_eq!(points, 0);
}
