//! What stays busy after all tries is answered so, by forms, pages and the POS API, and nothing of it is stored. A trigger
//! makes the engine say what it says where others are in the way.

use crate::support::browser::Browser;
use crate::support::{Demo, place, sale};
use kopilka_core::store::engine::sql;
use serde_json::{Value, json};

/// Runs statements on the data of a running demo.
fn tell(demo: &Demo, statements: Vec<String>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = demo.data.open().await;
        let mut tx = db.write_test_data().await.unwrap();
        for statement in statements {
            sql(statement.leak()).execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.close().await;
    });
}

/// What `ask` is answered while each `event` (`UPDATE ON members`) finds others in the way.
fn while_busy<T>(demo: &Demo, event: &str, ask: impl FnOnce() -> T) -> T {
    let table = event.rsplit_once(' ').unwrap().1;
    let on_sqlite = place::engine() == "sqlite";
    let on = if on_sqlite {
        // Only another process could lock the file, for a long time: that a row is there already is said sooner.
        vec![
            "CREATE TABLE in_the_way (id BIGINT PRIMARY KEY)".to_owned(),
            "INSERT INTO in_the_way VALUES (1)".to_owned(),
            format!(
                "CREATE TRIGGER busy BEFORE {event} BEGIN INSERT INTO in_the_way VALUES (1); END"
            ),
        ]
    } else {
        vec![
            "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN RAISE EXCEPTION ''busy'' USING ERRCODE = ''40001''; END'"
                .to_owned(),
            format!("CREATE TRIGGER busy BEFORE {event} FOR EACH ROW EXECUTE FUNCTION busy()"),
        ]
    };
    tell(demo, on);
    let answer = ask();
    let off = if on_sqlite {
        vec![
            "DROP TRIGGER busy".to_owned(),
            "DROP TABLE in_the_way".to_owned(),
        ]
    } else {
        vec![
            format!("DROP TRIGGER busy ON {table}"),
            "DROP FUNCTION busy".to_owned(),
        ]
    };
    tell(demo, off);
    answer
}

#[test]
fn a_form_that_others_are_in_the_way_of_keeps_what_was_typed_and_says_to_try_again() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let typed = [
        ("first_name", "Мария"),
        ("last_name", "Новая"),
        ("email", "maria@example.com"),
    ];
    for (language, words) in [
        ("ru", "Не сохранено: сейчас слишком много обращений"),
        ("en", "Not saved: too many requests right now"),
    ] {
        shopper.post("language", &[("language", language)]);
        let refused = while_busy(&demo, "UPDATE ON members", || {
            shopper.stay("profile/name", &typed)
        });
        assert!(refused.text.contains(words), "{}", refused.text);
        for (_, value) in typed {
            assert!(refused.text.contains(value), "{value}: {}", refused.text);
        }
        let page = shopper.get("/profile").text;
        assert!(page.contains("Анна") && !page.contains("Мария"), "{page}");
    }
    shopper.accept("profile/name", &typed);
    assert!(shopper.get("/profile").text.contains("Мария"));
}

#[test]
fn a_script_whose_form_others_are_in_the_way_of_is_told_when_to_try_again() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let refused = while_busy(&demo, "UPDATE ON members", || {
        shopper.ask("profile/name", &[("first_name", "Мария")])
    });
    assert_eq!((refused.status, refused.retry_after.as_str()), (503, "1"));
    assert!(refused.text.contains("Мария"), "{}", refused.text);
}

#[test]
fn a_language_that_is_not_stored_is_not_shown_either() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let english = [("language", "en"), ("next", "/offers")];
    let (refused, asked) = while_busy(&demo, "UPDATE ON members", || {
        let refused = shopper.post("language", &english);
        (refused, shopper.ask("language", &english))
    });
    assert_eq!(refused.status, 303, "{}", refused.text);
    assert!(
        refused.location.starts_with("/settings?form="),
        "{}",
        refused.location
    );
    assert_eq!((asked.status, asked.retry_after.as_str()), (503, "1"));
    for cookie in refused.cookies.iter().chain(&asked.cookies) {
        assert!(!cookie.starts_with("language="), "{cookie}");
    }
    let page = shopper.get(&refused.location);
    assert_eq!(page.status, 200, "{}", page.text);
    let words = "Не сохранено: сейчас слишком много обращений";
    assert!(page.text.contains(words), "{}", page.text);
    assert!(shopper.get("/card").text.contains("lang=\"ru\""));
    assert_eq!(shopper.accept("language", &english), "/offers");
    assert!(shopper.get("/card").text.contains("lang=\"en\""));
}

#[test]
fn a_page_that_others_are_in_the_way_of_says_to_try_again() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    // Seen long ago, the device is written down as seen now.
    tell(&demo, vec!["UPDATE devices SET seen_at = 0".to_owned()]);
    let page = while_busy(&demo, "UPDATE ON devices", || shopper.get("/profile"));
    assert_eq!((page.status, page.retry_after.as_str()), (503, "1"));
    assert!(page.text.contains("Повторите"), "{}", page.text);
    assert!(page.text.contains("Try again"), "{}", page.text);
    assert_eq!(shopper.get("/profile").status, 200);
}

#[test]
fn a_call_and_an_item_of_a_batch_that_others_are_in_the_way_of_are_not_stored() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    let receipt = sale(&card, 10);
    let items = json!({"items": [{"key": "item", "receipt": receipt}]});
    let (call, batch) = while_busy(&demo, "INSERT ON receipt_lines", || {
        let call = demo.commit("call", &receipt);
        (call, demo.pos("receipts/batch", None, &items))
    });
    // The status that tills know: it is part of version 1 of the POS API.
    assert_eq!((call.status, call.problem().as_str()), (409, "busy"));
    assert_eq!(call.retry_after, "1");
    assert_eq!(batch.status, 200, "{}", batch.text);
    let item = batch.json()["results"][0].clone();
    assert_eq!(item["status"], 409, "{item}");
    let kind = item["problem"]["type"].as_str().unwrap();
    assert!(kind.ends_with("#problem-busy"), "{item}");
    assert_eq!(item["problem"]["retry_after"], 1, "{item}");
    // 200 would be a receipt that was stored before.
    assert_eq!(demo.commit("call", &receipt).status, 201);
    let again = demo.pos("receipts/batch", None, &items).json();
    assert_eq!(again["results"][0]["status"], Value::from(201), "{again}");
}
