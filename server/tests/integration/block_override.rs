//! A senior lets a card pass that the fraud limits have stopped: the one that the page shows, and no other.

use crate::support::browser::Browser;
use crate::support::late::at_work;
use crate::support::{Demo, rules, store};

/// A hard limit of two look-ups of a card by a cashier in an hour.
const TWO_LOOK_UPS: (&str, &str) = (
    "card_scans = { soft = 10, hard = 500, minutes = 60 }",
    "card_scans = { soft = 1, hard = 2, minutes = 60 }",
);
/// Words of the page where a scan counts no more.
const VISIT_OVER: &str = "Прошлое считывание больше не действует";

/// Value of the first element of a page that has this in its tag, before or after its value.
fn value_beside(page: &str, part: &str) -> String {
    let at = page.find(part).unwrap_or_else(|| panic!("{part}: {page}"));
    let tag = &page[page[..at].rfind('<').unwrap()..];
    let tag = &tag[..tag.find('>').unwrap()];
    let value = &tag[tag.find("value=\"").expect("a value") + 7..];
    value[..value.find('"').unwrap()].to_owned()
}

/// A member's card that this cashier has looked up as often as they may.
fn worn_out_card(demo: &Demo, till: &mut Browser<'_>, name: &str) -> String {
    let mut shopper = Browser::new(demo);
    shopper.join(name);
    let card = shopper.key().fixed();
    for _ in 0..2 {
        till.accept("till/scan", &[("code", &card)]);
        till.accept("till/leave", &[]);
    }
    card
}

#[test]
fn a_senior_passes_the_card_of_the_page_although_another_tab_has_stopped_one_since() {
    let demo = Demo::start();
    rules::put_in_force(&demo, &[TWO_LOOK_UPS], "");
    let mut till = at_work(&demo, "Ольга", "2580");
    let cards = ["Анна", "Борис"].map(|name| worn_out_card(&demo, &mut till, name));
    let [first, second] = cards.map(|card| till.stay("till/scan", &[("code", &card)]).text);
    let looked_up = || store::number(&demo, "SELECT COUNT(*) FROM visits");
    let passed = || {
        store::number(
            &demo,
            "SELECT COUNT(*) FROM audit WHERE action = 'radar-lifted'",
        )
    };
    let before = looked_up();
    let senior = value_beside(&first, "name=\"who\"");
    let [by_first, by_second] =
        [&first, &second].map(|page| value_beside(page, "name=\"by_card\""));
    let fields = |by_card| {
        [
            ("who", senior.as_str()),
            ("pin", "1470"),
            ("by_card", by_card),
        ]
    };
    let refused = till.stay("till/lift", &fields(&by_first));
    assert!(refused.text.contains(VISIT_OVER), "{}", refused.text);
    let refused = till.ask("till/lift", &fields(&by_first));
    assert_eq!(refused.status, 422);
    assert_eq!((looked_up(), passed()), (before, 0));
    till.accept("till/lift", &fields(&by_second));
    assert_eq!((looked_up(), passed()), (before + 1, 1));
    let page = till.get("/till").text;
    assert!(page.contains("Борис") && !page.contains("Анна"), "{page}");
}
