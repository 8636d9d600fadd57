//! Returns that wait for their time under their key and number.

use serde_json::json;

use super::{back, basket, give_back, points, problem, refused, sold};

#[test]
fn what_comes_from_more_than_five_minutes_ahead_waits_under_its_key_and_number() {
    let (demo, card, sale, _) = sold();
    let before = points(&demo, &card);
    let ahead = |minutes| {
        let at = chrono::Utc::now() + chrono::Duration::minutes(minutes);
        json!(at.to_rfc3339())
    };
    let mut early = basket(&card, "early");
    early["at"] = ahead(60);
    let parked = demo.commit("early", &early);
    assert_eq!(parked.status, 202, "{}", parked.text);
    assert_eq!(parked.json()["waits_for"], "time");
    let again = demo.commit("early", &early);
    assert_eq!((again.status, &again.text), (202, &parked.text));
    let other = demo.commit("early", &basket(&card, "other"));
    assert_eq!(refused(&other), problem(422, "key-reused"));
    let twin = demo.commit("twin", &early);
    assert_eq!(refused(&twin), problem(409, "receipt-parked"));

    let mut back = back("early", 0, 1000);
    back["at"] = ahead(60);
    let parked = give_back(&demo, &sale, "early-back", &back);
    assert_eq!(parked.status, 202, "{}", parked.text);
    let again = give_back(&demo, &sale, "early-back", &back);
    assert_eq!((again.status, &again.text), (202, &parked.text));
    let twin = give_back(&demo, &sale, "twin-back", &back);
    assert_eq!(refused(&twin), problem(409, "receipt-parked"));
    assert_eq!(
        points(&demo, &card),
        before,
        "nothing moves before its time"
    );

    let mut soon = basket(&card, "soon");
    soon["at"] = ahead(4);
    assert_eq!(demo.commit("soon", &soon).status, 201);
    let mut old = basket(&card, "old");
    old["at"] = ahead(-401 * 24 * 60);
    assert_eq!(
        refused(&demo.commit("old", &old)),
        problem(422, "receipt-too-old")
    );
    assert!(demo.check().status.success());
}

#[test]
fn a_number_that_waits_is_not_taken_by_another_receipt() {
    let (demo, card, _, _) = sold();
    let mut early = basket(&card, "early");
    early["at"] = json!((chrono::Utc::now() + chrono::Duration::hours(1)).to_rfc3339());
    assert_eq!(demo.commit("early", &early).status, 202);
    let taken = demo.commit("taken", &basket(&card, "early"));
    assert_eq!(refused(&taken), problem(409, "receipt-parked"));
}
