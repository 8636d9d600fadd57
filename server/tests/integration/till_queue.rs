//! The queue of a browser till: what the server tells the device about sales that it cannot store now or has already.

use crate::support::browser::Browser;
use crate::support::late::{at_work, kept, limited, queue, states};
use crate::support::{Demo, agent, store};
use serde_json::{Value, json};

#[test]
fn a_queue_with_wrong_codes_is_told_when_to_send_the_rest() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    let olga = at_work(&demo, "Ольга", "2580");
    let wrong = format!("71{}00000000", &card[2..]);
    let mut sales: Vec<Value> = (0..6)
        .map(|n| kept(&format!("wrong-{n}"), &wrong, "", 60))
        .collect();
    // A sale without a card goes on.
    let mut nobodys = kept("nobodys", "", "", 60);
    nobodys["form"].as_array_mut().unwrap().pop();
    sales.push(nobodys);
    let first = queue(&demo, &olga, &sales);
    let mut expected = vec!["posted"; 5];
    expected.extend(["failed", "posted"]);
    assert_eq!(states(&first), expected);
    let seconds = first[5]["retry_after"].as_i64().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(first[6]["retry_after"], Value::Null);
    // Repeats are not counted, and after the minute the rest is posted.
    store::change(&demo, "UPDATE wrong_codes SET at = at - 61000000");
    let again = queue(&demo, &olga, &sales);
    let mut expected = vec!["known"; 5];
    expected.extend(["posted", "known"]);
    assert_eq!(states(&again), expected);
    let counted = "SELECT COUNT(*) FROM wrong_codes";
    assert_eq!(store::number(&demo, counted), 6);
    assert!(demo.check().status.success());
}

#[test]
fn a_held_sale_whose_form_is_sent_again_without_script_leads_to_the_sales_that_wait() {
    let (demo, card) = limited();
    let mut olga = at_work(&demo, "Ольга", "2580");
    olga.accept("till/scan", &[("code", card.as_str())]);
    let page = olga.get("/till").text;
    let field = &page[page.find("name=\"visit\"").unwrap()..];
    let value = &field[field.find("value=\"").unwrap() + 7..];
    let visit = value[..value.find('"').unwrap()].to_owned();
    let sales: Vec<Value> = (0..3)
        .map(|n| {
            let mut sale = kept(&format!("again-{n}"), "", "", 60);
            sale["form"][3] = json!(["visit", visit]);
            sale
        })
        .collect();
    let held = queue(&demo, &olga, &sales);
    assert_eq!(states(&held), ["posted", "posted", "held"]);
    // The form comes back by the browser's own Back.
    let mut live = sales[2].clone();
    live.as_object_mut().unwrap().remove("at");
    assert_eq!(states(&queue(&demo, &olga, &[live])), ["held"]);
    let fields = [
        ("key", "again-2"),
        ("mode", "amount"),
        ("amount", "500"),
        ("visit", visit.as_str()),
    ];
    assert_eq!(olga.accept("till/post", &fields), "/till/queue");
}

/// Asks what became of the receipt that was sent under a key, as the till's module does.
fn outcome(demo: &Demo, cookies: &str, key: &str) -> (u16, Value) {
    let mut response = agent()
        .get(format!("{}/api/till/outcome?key={key}", demo.url))
        .header("cookie", cookies)
        .call()
        .unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    let answer = serde_json::from_str(&text).unwrap_or_default();
    (response.status().as_u16(), answer)
}

#[test]
fn the_till_is_told_by_its_key_what_became_of_a_receipt_without_an_answer() {
    let demo = Demo::start();
    let mut olga = at_work(&demo, "Ольга", "2580");
    let cookies = olga.cookie_header();
    let unknown = json!({"state": "none", "receipt": null});
    assert_eq!(outcome(&demo, &cookies, "lost-1"), (200, unknown));
    let fields = [("key", "lost-1"), ("mode", "amount"), ("amount", "500")];
    let result = olga.accept("till/post", &fields);
    let (_, receipt) = result.split_once("done=").unwrap();
    let stored = json!({"state": "sale", "receipt": receipt});
    assert_eq!(outcome(&demo, &cookies, "lost-1"), (200, stored));
    assert_eq!(outcome(&demo, "", "lost-1").0, 401);
    assert_eq!(outcome(&demo, &cookies, "").0, 400);
}

#[test]
fn a_sale_without_a_card_is_nobody_s_whomever_another_tab_of_the_till_serves() {
    let (demo, card) = limited();
    let mut olga = at_work(&demo, "Ольга", "2580");
    olga.accept("till/scan", &[("code", card.as_str())]);
    assert!(olga.get("/till").text.contains("Анна"));
    let page = olga.get("/till?without-card").text;
    assert!(page.contains("id=\"amount\"") && !page.contains("Анна"));
    // The next page shows nobody either.
    assert!(!olga.get("/till").text.contains("Анна"));
}
