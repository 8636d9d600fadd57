//! Late sales: who sent them is recorded beside whom they name, and beyond the hard limit of a card they are held until
//! somebody releases or refuses them, each once.

use std::process::Output;
use std::sync::Arc;

use crate::support::browser::Browser;
use crate::support::late::{
    HARD_LIMIT, TILL, at_work, batch, kept, limited, numbered, queue, said, states, statuses,
};
use crate::support::{Demo, store};
use kopilka_client::{
    ClientError, DurableQueue, PosApiClient, QueuedItem, QueuedRequest, ReceiptLineRequest,
    ReceiptRequest, new_key,
};
use serde_json::{Value, json};

const ADMIN: (&str, &str) = ("admin", "admin-of-the-demo");
/// Points that a sale of 500 roubles earns beside those for the first purchase.
const PER_SALE: i64 = 15;
fn by(demo: &Demo, (login, password): (&str, &str), words: &[&str]) -> Output {
    let args = [&["receipts"][..], words, &["--author", login]].concat();
    demo.tell(&args, &format!("{password}\n"))
}

/// Lines of `kopilka receipts held`, each with its columns.
fn held(demo: &Demo) -> Vec<Vec<String>> {
    let lines = said(&demo.run(&["receipts", "held"]));
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    lines.lines().map(columns).collect()
}

/// Lines of `kopilka audit` about an action, each with its columns.
fn audit(demo: &Demo, action: &str) -> Vec<Vec<String>> {
    let lines = said(&demo.run(&["audit"]));
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    let lines = lines.lines().map(columns);
    lines
        .filter(|columns: &Vec<String>| columns[3] == action)
        .collect()
}

fn points(demo: &Demo, card: &str) -> i64 {
    let found = demo.pos("members/lookup", None, &json!({"code": card}));
    found.json()["points"].as_i64().unwrap()
}

#[test]
fn twenty_queued_sales_of_a_card_post_two_and_hold_the_rest() {
    let (demo, card) = limited();
    let ilya = at_work(&demo, "Илья", "3690");
    drop(ilya);
    let olga = at_work(&demo, "Ольга", "2580");
    let ids = staff_ids(&demo);
    let sales: Vec<Value> = (0..20)
        .map(|n| kept(&format!("made-up-{n}"), &card, &ids[1], 60))
        .collect();
    let first = queue(&demo, &olga, &sales);
    let mut expected = vec!["posted"; 2];
    expected.extend(vec!["held"; 18]);
    assert_eq!(states(&first), expected);
    let earned = points(&demo, &card);
    let again = queue(&demo, &olga, &sales);
    let mut expected = vec!["known"; 2];
    expected.extend(vec!["held"; 18]);
    assert_eq!(states(&again), expected);
    assert_eq!(points(&demo, &card), earned);

    // Who sent them stands first, whom they name beside.
    for line in audit(&demo, "sale")
        .iter()
        .chain(&audit(&demo, "receipt-held"))
    {
        assert_eq!((line[2].as_str(), line[8].as_str()), ("kassir", "kassir-2"));
    }
    assert_eq!(audit(&demo, "sale").len(), 2);
    assert_eq!(audit(&demo, "receipt-held").len(), 18);
    let of_sender = said(&demo.run(&["audit", "--staff", "kassir"]));
    let of_named = said(&demo.run(&["audit", "--staff", "kassir-2"]));
    for lines in [of_sender, of_named] {
        assert_eq!(lines.matches("receipt-held").count(), 18, "{lines}");
    }
    let senders = "SELECT COUNT(*) FROM receipts r JOIN staff s ON s.id = r.sender_staff_id \
                   JOIN staff c ON c.id = r.staff_id WHERE s.login = 'kassir' AND c.login = 'kassir-2'";
    assert_eq!(store::number(&demo, senders), 2);
    let waiting = held(&demo);
    assert_eq!(waiting.len(), 18);
    for line in &waiting {
        assert_eq!(line[4..7], [TILL, "kassir", "kassir-2"]);
        assert_eq!(line[7], format!("…{}", &card[card.len() - 4..]));
        assert_eq!(line[8..], ["50000", "card-receipts"]);
    }

    // Released, one is posted with its own time and number.
    let id = waiting[0][0].as_str();
    assert!(
        !by(&demo, ("kassir", "kassir-of-the-demo"), &["release", id])
            .status
            .success()
    );
    assert!(
        !by(&demo, ("admin", "wrong"), &["release", id])
            .status
            .success()
    );
    assert_eq!(held(&demo).len(), 18);
    said(&by(&demo, ADMIN, &["release", id]));
    assert_eq!(points(&demo, &card), earned + PER_SALE);
    let twice = by(&demo, ADMIN, &["release", id]);
    assert!(!twice.status.success(), "{twice:?}");
    assert_eq!(points(&demo, &card), earned + PER_SALE);
    let released = queue(&demo, &olga, &sales[2..3]);
    assert_eq!(states(&released), ["known"]);
    let of_their_time =
        "SELECT COUNT(*) FROM receipts WHERE kind = 'sale' AND received_at - at > 59000000";
    assert_eq!(store::number(&demo, of_their_time), 3);
    let line = &audit(&demo, "receipt-released")[0];
    assert_eq!((line[2].as_str(), line[6].as_str()), ("admin", id));

    // Refused, one is over, and its device is told why.
    let id = waiting[1][0].as_str();
    said(&by(
        &demo,
        ADMIN,
        &["refuse", id, "--reason", "Такой продажи не было"],
    ));
    assert!(!by(&demo, ADMIN, &["release", id]).status.success());
    let refused = queue(&demo, &olga, &sales[3..4]);
    assert_eq!(states(&refused), ["refused"]);
    let words = refused[0]["words"].as_str().unwrap();
    assert!(words.contains("Такой продажи не было"), "{words}");
    assert_eq!(audit(&demo, "receipt-refused").len(), 1);
    assert_eq!(held(&demo).len(), 16);
    assert!(demo.check().status.success(), "{:?}", demo.check());
}

/// Ids of the demo's cashiers, as the till's page tells them.
fn staff_ids(demo: &Demo) -> Vec<String> {
    ["Ольга", "Илья"]
        .map(|name| {
            let mut browser = Browser::new(demo);
            let code = said(&demo.run(&["till", "pair", TILL]));
            browser.post("till/pair", &[("pairing", code.trim())]);
            let page = browser.get("/till").text;
            let before = &page[..page.find(name).unwrap()];
            let value = &before[before.rfind("value=\"").unwrap() + 7..];
            value[..value.find('"').unwrap()].to_owned()
        })
        .to_vec()
}

#[test]
fn the_api_holds_late_receipts_by_batch_and_by_an_old_time() {
    let (demo, card) = limited();
    for number in ["1", "2"] {
        let stored = demo.commit(number, &numbered(&card, number, 0));
        assert_eq!(stored.status, 201, "{}", stored.text);
    }
    // A sale that is made now is refused as ever.
    let live = demo.commit("live", &numbered(&card, "live", 0));
    assert_eq!(
        (live.status, live.problem().as_str()),
        (422, "card-too-often")
    );
    let late = numbered(&card, "late", 301);
    let first = demo.commit("late", &late);
    assert_eq!(first.status, 202, "{}", first.text);
    let body = first.json();
    assert_eq!(
        (&body["waits_for"], &body["shift"], &body["number"]),
        (&json!("review"), &json!("late"), &json!("late"))
    );
    let again = demo.commit("late", &late);
    assert_eq!((again.status, again.text), (202, first.text));
    assert_eq!(
        demo.commit("late", &numbered(&card, "other", 301))
            .problem(),
        "key-reused"
    );
    assert_eq!(demo.commit("twin", &late).problem(), "receipt-parked");
    let queued = json!({"key": "queued", "receipt": numbered(&card, "queued", 0)});
    // A return of a held sale waits for it.
    let back = json!({"key": "back", "return": {
        "sale": {"shift": "late", "number": "queued"}, "shift": "late", "number": "back",
        "lines": [{"position": 0, "quantity": 1000}],
    }});
    let items = [queued, back];
    assert_eq!(statuses(&batch(&demo, &items)), [202, 202]);
    let id = batch(&demo, &items)[0]["receipt"]["held"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = points(&demo, &card);
    said(&by(&demo, ADMIN, &["release", &id]));
    // Both are stored now: what the sale brought has gone back.
    assert_eq!(statuses(&batch(&demo, &items)), [200, 200]);
    assert_eq!(points(&demo, &card), before);
    let line = held(&demo).remove(0);
    assert_eq!((line[5].as_str(), line[6].as_str()), ("till key", "-"));
    assert!(demo.check().status.success());
}

#[test]
fn a_held_sale_is_released_once_by_many_at_once_and_outlives_a_crash() {
    let (demo, card) = limited();
    let items: Vec<Value> = (0..4)
        .map(|n| {
            let number = format!("n-{n}");
            json!({"key": number, "receipt": numbered(&card, &number, 600)})
        })
        .collect();
    assert_eq!(statuses(&batch(&demo, &items)), [201, 201, 202, 202]);
    let place = demo.kill();
    let demo = Demo::start_in(place);
    let ids: Vec<String> = held(&demo)
        .into_iter()
        .map(|line| line[0].clone())
        .collect();
    assert_eq!(ids.len(), 2);
    let earned = points(&demo, &card);
    let released: usize = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| by(&demo, ADMIN, &["release", &ids[0]]).status.success()))
            .collect();
        tries
            .into_iter()
            .map(|each| usize::from(each.join().unwrap()))
            .sum()
    });
    assert_eq!(released, 1);
    assert_eq!(points(&demo, &card), earned + PER_SALE);
    // Killed right after the answer, it is there once all the same.
    said(&by(&demo, ADMIN, &["release", &ids[1]]));
    let demo = Demo::start_in(demo.kill());
    assert_eq!(statuses(&batch(&demo, &items)), [200; 4]);
    assert_eq!(points(&demo, &card), earned + 2 * PER_SALE);
    assert!(demo.check().status.success());
}

#[test]
fn an_unpaired_browser_has_no_queue_and_sells_all_the_same() {
    let (demo, card) = limited();
    let mut browser = Browser::new(&demo);
    let fields = [("login", "kassir"), ("password", "kassir-of-the-demo")];
    browser.accept("till/sign-in", &fields);
    let refused = queue(&demo, &browser, &[kept("from-home", &card, "", 60)]);
    assert_eq!(states(&refused), ["refused"]);
    assert_eq!(refused[0]["why"], "queue-unpaired");
    let words = refused[0]["words"].as_str().unwrap();
    assert!(words.contains("не привязан к кассе"), "{words}");
    let mut live = kept("live", &card, "", 60);
    live.as_object_mut().unwrap().remove("at");
    live["form"].as_array_mut().unwrap().remove(3);
    assert_eq!(states(&queue(&demo, &browser, &[live])), ["posted"]);
}

#[test]
fn held_sales_survive_a_backup_and_the_closing_of_the_account() {
    let demo = Demo::start();
    crate::support::rules::put_in_force(&demo, &[HARD_LIMIT], "");
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let card = shopper.key().fixed();
    let items: Vec<Value> = (0..3)
        .map(|n| {
            let number = format!("n-{n}");
            json!({"key": number, "receipt": numbered(&card, &number, 600)})
        })
        .collect();
    assert_eq!(statuses(&batch(&demo, &items)), [201, 201, 202]);
    let file = demo.data.path().join("copy.db");
    said(&demo.run(&["backup", file.to_str().unwrap()]));
    let other = Arc::new(crate::support::Place::new());
    let restored = crate::support::run_at(&other, &["restore", file.to_str().unwrap()]);
    said(&restored);
    let there = crate::support::said_at(&other, &["receipts", "held"]).unwrap();
    assert_eq!(there.lines().count(), 1, "{there}");

    shopper.accept("settings/close", &[("confirmed", "yes")]);
    let line = held(&demo).remove(0);
    assert_eq!(line[7], "-");
    said(&by(&demo, ADMIN, &["release", &line[0]]));
    let nobodys = "SELECT COUNT(*) FROM receipts WHERE member_id IS NULL AND number = 'n-2'";
    assert_eq!(store::number(&demo, nobodys), 1);
    let stored = batch(&demo, &items[2..]);
    assert_eq!(statuses(&stored), [200]);
    // The command that released it knows no public address: there is a code and no broken link.
    let claim = &stored[0]["receipt"]["claim"];
    assert!(
        claim["code"].is_string() && claim["link"].is_null(),
        "{claim}"
    );
    assert!(demo.check().status.success());
}

#[test]
fn the_reference_client_tells_what_is_held_from_what_is_stored() {
    let (demo, card) = limited();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = demo.data.path().join("queue");
    runtime.block_on(async {
        let till = PosApiClient::new(&demo.url, crate::support::TILL_KEY).unwrap();
        let at = (chrono::Utc::now() - chrono::Duration::seconds(600)).to_rfc3339();
        let receipt = ReceiptRequest {
            code: Some(card),
            at: Some(at),
            ..ReceiptRequest::without_card(vec![ReceiptLineRequest::new("grocery", 50_000)])
        };
        for _ in 0..2 {
            till.commit_sale(&new_key(), &receipt).await.unwrap();
        }
        match till.commit_sale(&new_key(), &receipt).await {
            Err(ClientError::Waits(waiting)) => {
                assert!(waiting.held.is_some(), "{waiting:?}");
                assert_eq!(waiting.waits_for, "review");
            }
            other => panic!("{other:?}"),
        }
        // A queued one leaves the till: the server has it.
        let mut queue = DurableQueue::open_file(&folder).unwrap();
        let what = QueuedRequest::Receipt(receipt);
        let key = new_key();
        queue.enqueue(QueuedItem { key, what }).unwrap();
        let report = queue.send_waiting(&till).await.unwrap();
        assert_eq!((report.waiting, report.refused.len()), (0, 0));
        let waiting = report.taken[0].accepted_response().unwrap();
        assert!(waiting.held.is_some(), "{waiting:?}");
    });
}
