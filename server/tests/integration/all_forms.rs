//! Nonsense in every form of the site: it is refused on a page that shows it as text, or it is nothing, and it is never a fault.

// Registers the forms.
use kopilka as _;

use std::collections::BTreeSet;

use crate::support::browser::{Browser, fresh_phone};
use crate::support::late::at_work;
use crate::support::{Answer, Demo};

/// Fields of the receipt at the till, which many of its forms carry.
const RECEIPT: &str = "key visit mode amount line_name[] line_category[] line_quantity[] line_amount[] line_sku[] line_price[] \
                       find found ask spend points code answered shown desk token typed";
/// Fields of a return.
const RETURN: &str = "key sale quantity[] amount all quoted";

/// Forms that anybody may post, each with its fields.
const OF_GUESTS: [(&str, &str); 9] = [
    ("join/phone", "phone from store visit"),
    ("join/code", "code"),
    ("join/invitation", "invitation"),
    ("join/resend", ""),
    (
        "join/finish",
        "first_name last_name personal_data rules messages[]",
    ),
    ("sign-in/phone", "phone"),
    ("language", "language next"),
    ("theme", "theme next"),
    ("till/pair", "pairing"),
];

/// Forms of members.
const OF_MEMBERS: [(&str, &str); 22] = [
    ("offers/activate", "offer next"),
    ("offers/activate-all", ""),
    ("offers/undo", "offer next"),
    ("profile/name", "first_name last_name email"),
    ("profile/birth", "birth_day birth_month birth_year"),
    ("profile/birth-remove", ""),
    ("profile/child-add", "child_year child_agreed"),
    ("profile/child-remove", "child"),
    ("profile/pets", "dog cat bird fish rodent other"),
    ("profile/car", "car"),
    ("consents/save", "messages[]"),
    ("consents/off", ""),
    ("consents/children-off", ""),
    ("settings/device-end", "device"),
    ("settings/phone-remove", "account"),
    ("settings/card-attach", "number"),
    ("settings/close", "confirmed"),
    ("claim", "code"),
    ("card/answer", "question answer"),
    ("card/key", ""),
    ("card/size", "size"),
    // It ends the session.
    ("sign-out", ""),
];

/// Forms of the till with their own fields: those of the receipt, and others.
const OF_TILLS_RECEIPT: [(&str, &str); 20] = [
    ("till/scan", ""),
    ("till/quote", ""),
    ("till/judge", ""),
    ("till/post", ""),
    ("till/edit", "to"),
    ("till/goods", ""),
    ("till/add", "sku"),
    ("till/ask-spend", ""),
    ("till/ask-state", ""),
    ("till/gift", "grant done"),
    ("till/gift-undo", "undo done"),
    ("till/enrol-open", ""),
    ("till/enrol", ""),
    ("till/enrol-check", ""),
    ("till/phone", ""),
    ("till/phone-resend", ""),
    ("till/phone-code", ""),
    ("till/attach", "lost"),
    ("till/enter", "lost"),
    ("till/lift", "who pin by_card"),
];
const OF_TILLS: [(&str, &str); 12] = [
    ("till/return-find", "number shift till"),
    ("till/return-card", "code"),
    ("till/return-quote", RETURN),
    ("till/return-post", RETURN),
    ("till/pairing-code", "till"),
    ("till/pin", "password pin again"),
    ("till/sign-in", "login password next"),
    ("till/unlock", "who pin next"),
    ("till/leave", ""),
    // They end the work.
    ("till/lock", "next"),
    ("till/close-shift", ""),
    ("till/sign-out", ""),
];

fn nonsense() -> [String; 7] {
    [
        "\0".to_owned(),
        "\u{202e}\u{200b}".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "'; DROP TABLE members; --".to_owned(),
        "𝕏".repeat(100),
        "-1".to_owned(),
        "9".repeat(40),
    ]
}

/// Fails where an answer tells of a fault of ours, or has markup that was typed.
fn check_answer(answer: &Answer, what: &str) {
    assert!(
        answer.status < 500 && answer.status != 429,
        "{what}: {}",
        answer.text
    );
    for word in [
        "panicked",
        "sqlx",
        "SqliteError",
        "RUST_BACKTRACE",
        "<script>alert",
    ] {
        assert!(!answer.text.contains(word), "{what}: {}", answer.text);
    }
}

/// Posts a form, and opens the page that it leads to; true if that page shows the form.
fn post_and_follow(browser: &mut Browser<'_>, endpoint: &str, fields: &[(&str, &str)]) -> bool {
    let what = format!("{endpoint} {:.120}", format!("{fields:?}"));
    let posted = browser.post(endpoint, fields);
    check_answer(&posted, &what);
    if endpoint == "card/key" {
        // A script asks for it; the browser is sent back to the page.
        assert_eq!(posted.status, 302, "{what}: {}", posted.text);
        return false;
    }
    if posted.status != 303 {
        // A form that is too large to be kept is shown at once.
        assert_eq!(posted.status, 422, "{what}: {}", posted.text);
        return false;
    }
    let shows_form = posted.location.contains("form=");
    let page = browser.get(&posted.location);
    check_answer(&page, &what);
    let is_page = page.status == 200 || (page.status == 303 && !shows_form);
    assert!(is_page, "{what} at {}: {}", posted.location, page.status);
    shows_form
}

/// Posts each form without fields and with nonsense in all of them; how many pages have shown a form.
fn post_nonsense(browser: &mut Browser<'_>, forms: &[(&str, &str)], more: &str) -> usize {
    let mut shown = 0;
    for (endpoint, fields) in forms {
        let names: Vec<&str> = fields
            .split_whitespace()
            .chain(more.split_whitespace())
            .collect();
        shown += usize::from(post_and_follow(browser, endpoint, &[]));
        if names.is_empty() {
            continue;
        }
        for text in nonsense() {
            let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, &*text)).collect();
            shown += usize::from(post_and_follow(browser, endpoint, &fields));
        }
    }
    shown
}

#[test]
fn every_form_of_the_site_is_in_the_lists() {
    let listed = [
        &OF_GUESTS[..],
        &OF_MEMBERS[..],
        &OF_TILLS_RECEIPT[..],
        &OF_TILLS[..],
    ];
    let listed: Vec<String> = listed
        .into_iter()
        .flatten()
        .map(|(endpoint, _)| format!("/api/{endpoint}"))
        .collect();
    let paths = leptos::server_fn::axum::server_fn_paths();
    let registered: BTreeSet<String> = paths.map(|(path, _)| path.to_owned()).collect();
    assert_eq!(listed.len(), registered.len());
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), registered);
}

#[test]
fn nonsense_of_guests_and_members_is_shown_as_text_or_is_nothing() {
    let demo = Demo::start();
    let mut guest = Browser::new(&demo);
    let phone = fresh_phone();
    guest.accept("join/phone", &[("phone", &phone)]);
    let code = guest.one_time_password(&phone);
    guest.accept("join/code", &[("code", &code)]);
    // Some forms have a page of their own for a phone that is proven, others for one that is not.
    assert!(post_nonsense(&mut guest, &OF_GUESTS, "") > 30);
    let mut member = Browser::new(&demo);
    member.join("Анна");
    assert!(post_nonsense(&mut member, &OF_MEMBERS, "") > 50);
    assert!(demo.check().status.success());
}

#[test]
fn nonsense_at_the_till_is_shown_as_text_or_is_nothing() {
    let demo = Demo::start();
    let mut till = at_work(&demo, "Ольга", "2580");
    assert!(post_nonsense(&mut till, &OF_TILLS_RECEIPT, RECEIPT) > 100);
    assert!(post_nonsense(&mut till, &OF_TILLS, "") > 40);
    assert!(demo.check().status.success());
}

#[test]
fn guests_and_members_are_told_of_a_preference_that_does_not_exist() {
    let demo = Demo::start();
    let mut guest = Browser::new(&demo);
    let mut member = Browser::new(&demo);
    member.join("Анна");
    for (who, page) in [(&mut guest, "/?form="), (&mut member, "/settings?form=")] {
        for (endpoint, field) in [
            ("language", "language"),
            ("theme", "theme"),
            ("card/size", "size"),
        ] {
            let refused = who.post(endpoint, &[(field, "klingon")]);
            assert!(
                refused.location.starts_with(page),
                "{endpoint}: {}",
                refused.location
            );
            let shown = who.get(&refused.location);
            assert_eq!(shown.status, 200, "{endpoint}: {}", shown.text);
            assert!(
                shown.text.contains("id=\"errors\""),
                "{endpoint}: {}",
                shown.text
            );
        }
    }
}
