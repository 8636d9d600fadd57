//! Forms that are refused or not finished: they lead to a page of their own address, which can be loaded again and again, shows
//! what was typed to whoever typed it, and never a secret.

use crate::support::browser::{Browser, fresh_phone};
use crate::support::place::engine;
use crate::support::{Demo, store};

const CASHIER: [(&str, &str); 2] = [("login", "kassir"), ("password", "kassir-of-the-demo")];
const KEY: &str = "0199c2d2-5f0a-7c3e-8f6b-0f3a5c1d2e4f";

fn at_work(demo: &Demo) -> Browser<'_> {
    let mut browser = Browser::new(demo);
    assert_eq!(browser.post("till/sign-in", &CASHIER).location, "/till");
    browser
}

/// Bodies of all states, where the engine has them in a table.
fn bodies(demo: &Demo) -> Vec<String> {
    if engine() == "sqlite" {
        return Vec::new();
    }
    store::words(demo, "SELECT body FROM form_states")
}

#[test]
fn a_refused_form_leads_to_a_page_that_can_be_loaded_again_and_again() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let typed = [("phone", "12-34"), ("from", "poster"), ("store", "center")];
    let posted = browser.post("join/phone", &typed);
    assert_eq!(posted.status, 303);
    let address = posted.location;
    let (page, key) = address.split_once("&form=").expect(&address);
    assert_eq!((page, key.len()), ("/join?from=poster&store=center", 32));
    let cookie = posted
        .cookies
        .iter()
        .find(|cookie| cookie.starts_with("form="));
    let cookie = cookie.expect("a cookie of its own");
    for part in ["Max-Age=600", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    for _ in 0..3 {
        let shown = browser.get(&address);
        assert_eq!(shown.status, 200);
        assert!(shown.text.contains("value=\"12-34\""), "{}", shown.text);
        assert!(shown.text.contains("id=\"phone-error\""), "{}", shown.text);
        assert!(!shown.text.contains(key), "no link repeats the key");
    }
    // The page of the same form by another address, another page, another key, another browser.
    assert!(
        browser
            .get(&format!("/join?form={key}"))
            .text
            .contains("12-34")
    );
    for other in [format!("/sign-in?form={key}"), format!("/join?form={key}0")] {
        assert!(!browser.get(&other).text.contains("12-34"), "{other}");
    }
    let mut stranger = Browser::new(&demo);
    assert!(!stranger.get(&address).text.contains("12-34"));
    stranger.stay("join/phone", &[("phone", "56-78")]);
    assert!(!stranger.get(&address).text.contains("12-34"));
}

#[test]
fn after_ten_minutes_the_page_is_plain() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let address = browser.post("join/phone", &[("phone", "12-34")]).location;
    if engine() == "sqlite" {
        // The memory of the program has no clock that could be moved from here; the core's own tests do.
        return;
    }
    store::change(
        &demo,
        "UPDATE form_states SET created_at = created_at - 590000000",
    );
    assert!(browser.get(&address).text.contains("12-34"));
    store::change(
        &demo,
        "UPDATE form_states SET created_at = created_at - 10000000",
    );
    let plain = browser.get(&address);
    assert_eq!(plain.status, 200);
    assert!(!plain.text.contains("12-34") && !plain.text.contains("phone-error"));
}

#[test]
fn five_forms_of_a_browser_are_shown_and_one_that_is_too_large_answers_itself() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let addresses: Vec<String> = (0..6)
        .map(|n| {
            browser
                .post("join/phone", &[("phone", &format!("12-{n}"))])
                .location
        })
        .collect();
    for (n, address) in addresses.iter().enumerate() {
        let shown = browser.get(address).text.contains(&format!("12-{n}"));
        assert_eq!(shown, n > 0, "{n}");
    }
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    let long = "Ы".repeat(10_000);
    let refused = shopper.post("profile/name", &[("first_name", &long), ("email", "x")]);
    assert_eq!((refused.status, refused.location.as_str()), (422, ""));
    assert!(refused.text.contains(&long) && refused.text.contains("email-error"));
}

#[test]
fn a_reload_burns_no_try() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = fresh_phone();
    browser.post("join/phone", &[("phone", &phone)]);
    let right = browser.one_time_password(&phone);
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    let address = browser.post("join/code", &[("code", wrong)]).location;
    for _ in 0..6 {
        let page = browser.get(&address).text;
        assert!(
            page.contains("Осталось 4") && !page.contains(wrong),
            "{page}"
        );
    }
    let next = browser.stay("join/code", &[("code", wrong)]);
    assert!(next.text.contains("Осталось 3"), "{}", next.text);
    let signed_in = browser.post("join/code", &[("code", &right)]);
    assert_eq!(signed_in.location, "/join/consents");
}

#[test]
fn a_member_s_form_is_shown_to_nobody_else_in_the_same_browser() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    browser.join("Анна");
    let typed = [("first_name", "Секретная7"), ("email", "")];
    let address = browser.post("profile/name", &typed).location;
    assert!(browser.get(&address).text.contains("Секретная7"));
    browser.post("sign-out", &[]);
    assert_eq!(browser.get(&address).location, "/sign-in");
    browser.join("Борис");
    let plain = browser.get(&address);
    assert_eq!(plain.status, 200);
    assert!(!plain.text.contains("Секретная7") && plain.text.contains("Борис"));
}

/// Forms with a secret, each with who posts it, its fields as a query, and what may not be found again.
const SECRETS: [(&str, &str, &str, &str); 12] = [
    ("shopper", "claim", "code=9876+02A+BCDE", "02A BCDE"),
    ("guest", "join/invitation", "invitation=987603", "987603"),
    ("guest", "till/sign-in", "login=x&password=987604", "987604"),
    ("guest", "till/pair", "pairing=987606", "987606"),
    (
        "till",
        "till/pin",
        "password=p987607&pin=1&again=987608",
        "98760",
    ),
    ("till", "till/scan", "code=70987609", "987609"),
    (
        "till",
        "till/quote",
        "code=70987610&answered=70987610",
        "987610",
    ),
    ("till", "till/edit", "code=70987611&to=lines", "987611"),
    (
        "till",
        "till/phone-code",
        "desk=phone-code&token=t&typed=987601",
        "987601",
    ),
    ("till", "till/attach", "desk=attach&typed=987612", "987612"),
    ("till", "till/return-card", "code=70987613", "987613"),
    ("till", "till/lift", "who=x&pin=98761400", "98761400"),
];

#[test]
fn no_secret_is_kept_or_shown() {
    let demo = Demo::start();
    let mut till = at_work(&demo);
    let mut guest = Browser::new(&demo);
    let mut shopper = Browser::new(&demo);
    shopper.join("Анна");
    for (who, endpoint, query, secret) in SECRETS {
        let browser = match who {
            "till" => &mut till,
            "shopper" => &mut shopper,
            _ => &mut guest,
        };
        let query = format!("{query}&key={KEY}&mode=amount&amount=77");
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let fields: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let page = browser.stay(endpoint, &fields);
        assert!(!page.text.contains(secret), "{endpoint}: {}", page.text);
        for body in bodies(&demo) {
            assert!(!body.contains(secret), "{endpoint}: {body}");
        }
    }
    if engine() != "sqlite" {
        assert!(bodies(&demo).len() > 5, "states are in the table");
        assert!(bodies(&demo).iter().any(|body| body.contains("\"77\"")));
    }
}

#[test]
fn at_the_till_a_quote_and_a_scan_are_loaded_again_and_nothing_is_done_twice() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Аделаида");
    let card = shopper.key().fixed();
    let mut till = at_work(&demo);
    let receipt = [("key", KEY), ("mode", "amount"), ("amount", "1240,50")];
    let quoted = till.post("till/quote", &receipt).location;
    for _ in 0..2 {
        let page = till.get(&quoted).text;
        assert!(page.contains("value=\"1240,50\"") && page.contains("name=\"shown\""));
    }
    let scanned = till.post("till/scan", &[&receipt[..], &[("code", &card)]].concat());
    assert!(
        scanned.location.starts_with("/till?form="),
        "{}",
        scanned.location
    );
    for _ in 0..3 {
        let page = till.get(&scanned.location).text;
        assert!(page.contains("Аделаида") && page.contains("value=\"1240,50\""));
    }
    let visits = store::number(&demo, "SELECT COUNT(*) FROM visits");
    assert_eq!(visits, 1, "a reload looks nobody up");
    // Back shows the receipt as it was before the scan.
    assert!(!till.get(&quoted).text.contains("Аделаида"));
    let posted = till.post("till/post", &receipt);
    assert!(
        posted.location.starts_with("/till?done="),
        "{}",
        posted.location
    );
    // An old form that is posted again is the same receipt.
    assert!(till.get(&quoted).text.contains(KEY));
    assert_eq!(till.post("till/post", &receipt).location, posted.location);
    let receipts = store::number(&demo, "SELECT COUNT(*) FROM receipts");
    let refused = till.stay(
        "till/post",
        &[("key", KEY), ("mode", "amount"), ("amount", "")],
    );
    assert!(refused.text.contains("amount-error"), "{}", refused.text);
    assert_eq!(
        store::number(&demo, "SELECT COUNT(*) FROM receipts"),
        receipts
    );
    assert!(demo.check().status.success());
}

#[test]
fn a_script_gets_the_page_itself_and_nothing_is_kept_for_it() {
    let demo = Demo::start();
    let mut till = at_work(&demo);
    let receipt = [("key", KEY), ("mode", "amount"), ("amount", "100")];
    let judged = till.ask("till/judge", &receipt);
    assert_eq!((judged.status, judged.location.as_str()), (200, ""));
    assert!(judged.text.contains("id=\"sum\"") && judged.cookies.is_empty());
    let refused = till.ask("till/quote", &[("key", KEY), ("amount", "x")]);
    assert_eq!(refused.status, 422);
    assert_eq!(bodies(&demo), Vec::<String>::new());
}
