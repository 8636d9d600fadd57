//! A till's browser as a black box: paired from the command line, signed in by PIN, locked, unpaired and revoked in mid-shift;
//! and the log of who did what, as an operator reads it.

use crate::support::Demo;
use crate::support::browser::Browser;
use chrono::Timelike;

const TILL: &str = "Касса 2";

pub fn said(demo: &Demo, args: &[&str]) -> String {
    let output = demo.run(args);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A browser that is the demo's till.
pub fn paired(demo: &Demo) -> Browser<'_> {
    let code = said(demo, &["till", "pair", TILL]);
    let mut browser = Browser::new(demo);
    let next = browser.accept("till/pair", &[("pairing", &code)]);
    assert_eq!(next, "/till");
    browser
}

/// The id behind a name on the page.
pub fn id_of(page: &str, name: &str) -> String {
    let before = &page[..page
        .find(name)
        .unwrap_or_else(|| panic!("{name} is not there"))];
    let value = &before[before.rfind("value=\"").expect("a value") + 7..];
    value[..value.find('"').unwrap()].to_owned()
}

pub fn come_in(browser: &mut Browser<'_>, name: &str, pin: &str) {
    let page = browser.get("/till").text;
    let who = id_of(&page, name);
    let fields = [("who", who.as_str()), ("pin", pin), ("next", "/till")];
    assert_eq!(browser.accept("till/unlock", &fields), "/till");
}

/// Address of the door with a form that came after the sign-in had ended.
pub const UNFINISHED: &str = "/till?unfinished=";

#[test]
fn a_browser_is_paired_by_a_code_and_people_come_in_by_pin() {
    let demo = Demo::start();
    let mut browser = paired(&demo);
    let door = browser.get("/till").text;
    for name in [
        "Ольга, демо-кассир",
        "Илья, демо-кассир",
        "Павел, демо-администратор",
    ] {
        assert!(door.contains(name), "{name}");
    }
    assert!(door.contains("inputmode=\"numeric\""));
    let who = id_of(&door, "Ольга");
    let fields = [("who", who.as_str()), ("pin", "00017293")];
    assert_eq!(browser.ask("till/unlock", &fields).status, 401);
    let wrong = browser.stay("till/unlock", &fields);
    assert!(wrong.text.contains("PIN не подходит"));
    assert!(
        !wrong.text.contains("00017293"),
        "a PIN is never shown again"
    );
    come_in(&mut browser, "Ольга", "2580");
    let till = browser.get("/till").text;
    assert!(till.contains("Сканируйте карту") && till.contains("Смена № 1"));
    let list = said(&demo, &["till", "list"]);
    assert!(list.contains("\tpaired\t"), "{list}");
}

#[test]
fn a_key_pairs_a_browser_and_a_wrong_one_says_so() {
    let demo = Demo::start();
    let key = said(
        &demo,
        &[
            "till",
            "add",
            "Планшет",
            "--store",
            "park",
            "--kind",
            "browser",
        ],
    );
    let mut browser = Browser::new(&demo);
    let wrong = browser.stay("till/pair", &[("pairing", "no-such-key")]);
    assert!(wrong.text.contains("Ключ или код не подходит"));
    assert!(
        !wrong.text.contains("no-such-key"),
        "a key is never shown again"
    );
    let answer = browser.post("till/pair", &[("pairing", &key)]);
    assert_eq!(answer.location, "/till");
    let cookie = answer
        .cookies
        .iter()
        .find(|cookie| cookie.starts_with("till="))
        .unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("Max-Age=34560000"),
        "{cookie}"
    );
    // Nobody of another store is offered, and their own password lets them in nowhere else.
    let door = browser.get("/till").text;
    assert!(door.contains("Планшет") && !door.contains("Ольга"));
    let fields = [("login", "kassir"), ("password", "kassir-of-the-demo")];
    assert_eq!(browser.ask("till/sign-in", &fields).status, 403);
    let other = browser.stay("till/sign-in", &fields);
    assert!(other.text.contains("работает в другом магазине"));
}

#[test]
fn five_wrong_codes_from_an_address_are_enough() {
    let demo = Demo::start();
    let code = said(&demo, &["till", "pair", TILL]);
    let mut browser = Browser::new(&demo);
    for guess in 0..5 {
        let pairing = format!("{guess}0000000");
        assert_eq!(
            browser.ask("till/pair", &[("pairing", &pairing)]).status,
            422
        );
    }
    let answer = browser.ask("till/pair", &[("pairing", &code)]);
    assert_eq!(answer.status, 429);
}

#[test]
fn a_till_that_is_cut_off_in_mid_shift_says_one_sentence_and_asks_to_be_paired() {
    let demo = Demo::start();
    for command in ["unpair", "revoke"] {
        let mut browser = paired(&demo);
        come_in(&mut browser, "Ольга", "2580");
        said(&demo, &["till", command, TILL]);
        let posted = browser.post("till/quote", &[("key", "1"), ("amount", "100")]);
        assert_eq!(posted.status, 303, "{command}");
        assert!(posted.location.starts_with(UNFINISHED), "{command}");
        let page = browser.get(&posted.location).text;
        assert!(
            page.contains("Эта касса отключена. Привяжите её снова"),
            "{command}"
        );
        assert!(page.contains("name=\"pairing\""));
        assert!(!page.contains("Ольга"));
    }
    let gone = demo.run(&["till", "pair", TILL]);
    assert!(!gone.status.success());
}

#[test]
fn nothing_of_a_customer_is_on_a_locked_till_and_unlocking_returns_to_them() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    shopper.join("Аделаида");
    let code = shopper.key().fixed();
    let mut browser = paired(&demo);
    come_in(&mut browser, "Ольга", "2580");
    browser.accept("till/scan", &[("code", &code)]);
    assert!(browser.get("/till").text.contains("Аделаида"));

    assert_eq!(
        browser.post("till/lock", &[("next", "/till")]).location,
        "/till"
    );
    for path in [
        "/till",
        "/till?idle",
        "/till/report",
        "/till/pin",
        "/till/pair",
    ] {
        let page = browser.get(path);
        assert!(page.text.contains("Касса заблокирована"), "{path}");
        assert!(!page.text.contains("Аделаида"), "{path}");
    }
    for form in ["till/quote", "till/post", "till/scan"] {
        let posted = browser.post(form, &[("key", "1"), ("amount", "100"), ("code", &code)]);
        assert_eq!(posted.status, 303, "{form}");
        assert!(posted.location.starts_with(UNFINISHED), "{form}");
        let page = browser.get(&posted.location);
        assert!(page.text.contains("Касса заблокирована"), "{form}");
        assert!(!page.text.contains("Аделаида"), "{form}");
    }
    // Another person unlocks with their own PIN and serves on.
    come_in(&mut browser, "Илья", "3690");
    let page = browser.get("/till").text;
    assert!(page.contains("Аделаида") && page.contains("Илья, демо-кассир"));
}

#[test]
fn an_open_redirect_is_none() {
    let demo = Demo::start();
    let mut browser = paired(&demo);
    let who = id_of(&browser.get("/till").text, "Ольга");
    for next in [
        "//evil.example",
        "https://evil.example/till",
        "/card",
        "/tillage",
        "/till\\@x",
    ] {
        let answer = browser.post(
            "till/unlock",
            &[("who", &who), ("pin", "2580"), ("next", next)],
        );
        assert_eq!(answer.location, "/till", "{next}");
    }
}

#[test]
fn a_pin_is_set_by_an_operator_and_by_the_cashier() {
    let demo = Demo::start();
    let short = demo.tell(&["staff", "pin", "kassir"], "12\n");
    assert!(!short.status.success());
    let set = demo.tell(&["staff", "pin", "kassir"], "8642\n");
    assert!(set.status.success(), "{set:?}");
    let mut browser = paired(&demo);
    come_in(&mut browser, "Ольга", "8642");
    let fields = [
        ("password", "kassir-of-the-demo"),
        ("pin", "97531"),
        ("again", "97531"),
    ];
    assert_eq!(browser.post("till/pin", &fields).location, "/till/pin?set");
    assert!(browser.get("/till/pin?set").text.contains("PIN сохранён"));
    browser.accept("till/sign-out", &[]);
    come_in(&mut browser, "Ольга", "97531");
}

#[test]
fn only_an_administrator_shows_codes() {
    let demo = Demo::start();
    let mut browser = paired(&demo);
    come_in(&mut browser, "Ольга", "2580");
    assert!(
        browser
            .get("/till/pair")
            .text
            .contains("нужна роль администратора")
    );
    browser.post("till/lock", &[]);
    come_in(&mut browser, "Павел", "1470");
    let page = browser.get("/till/pair").text;
    // The header names the till too.
    let list = &page[page.find("<select").expect("a list of tills")..];
    let till = id_of(list, TILL);
    assert_eq!(
        browser
            .post("till/pairing-code", &[("till", &till)])
            .location,
        "/till/pair"
    );
    let page = browser.get("/till/pair").text;
    let at = page.find("class=\"digits\"").expect("a code");
    let code: String = page[at..]
        .chars()
        .skip_while(|c| *c != '>')
        .take_while(|c| *c != '<')
        .filter(char::is_ascii_digit)
        .collect();
    assert_eq!(code.len(), 8);
    let mut other = Browser::new(&demo);
    assert_eq!(
        other.post("till/pair", &[("pairing", &code)]).location,
        "/till"
    );
    assert!(other.get("/till").text.contains("Ольга"));
}

#[test]
fn closing_a_shift_shows_its_report_and_locks_the_till() {
    let demo = Demo::start();
    let mut browser = paired(&demo);
    come_in(&mut browser, "Ольга", "2580");
    let key = "0199c2d2-5f0a-7c3e-8f6b-0f3a5c1d2e4f";
    browser.accept("till/post", &[("key", key), ("amount", "1240,50")]);
    let open = browser.get("/till/report").text.replace('\u{a0}', " ");
    assert!(open.contains("1 240,50 ₽") && open.contains("Закрыть смену"));
    let closed = browser.post("till/close-shift", &[]).location;
    let text = browser.get(&closed).text.replace('\u{a0}', " ");
    assert!(
        text.contains("Смена закрыта, касса заблокирована"),
        "{text}"
    );
    assert!(text.contains("1 240,50 ₽") && !text.contains("Закрыть смену"));
    let again = browser.get(&closed).text;
    assert!(again.contains("Смена закрыта, касса заблокирована"));
    assert!(
        browser
            .get("/till/report")
            .text
            .contains("Касса заблокирована")
    );
    come_in(&mut browser, "Ольга", "2580");
    let next = browser.get("/till/report").text;
    assert!(next.contains("Смена № 2") && next.contains("Смена № 1"));
}

#[test]
fn times_at_a_till_are_those_of_its_store() {
    let demo = Demo::start();
    // Wherever it is another day now than in the programme's Moscow.
    let (zone, ahead) = match chrono::Utc::now().hour() {
        11..21 => ("Etc/GMT-14", 14),
        _ => ("Etc/GMT+12", -12),
    };
    let there = |format: &str| {
        let now = chrono::Utc::now() + chrono::Duration::hours(ahead);
        now.format(format).to_string()
    };
    for store in ["center", "park"] {
        said(&demo, &["store", "set", store, "--time-zone", zone]);
    }
    let mut browser = paired(&demo);
    // Between two looks at the clock a minute or a day may begin.
    let before = there("%H:%M");
    come_in(&mut browser, "Ольга", "2580");
    let times = [before, there("%H:%M")];
    let report = browser.get("/till/report").text;
    assert!(
        times.iter().any(|time| report.contains(time)),
        "{times:?}: {report}"
    );
    // The shift of its receipts is that of the till, not a day.
    let returning = browser.get("/till/return").text;
    assert!(
        returning.contains("name=\"shift\" value=\"1\""),
        "{returning}"
    );
}

#[test]
fn an_operator_reads_who_did_what_without_personal_data() {
    let demo = Demo::start();
    let mut shopper = Browser::new(&demo);
    let phone = shopper.join("Аделаида");
    let key = shopper.key();
    let mut browser = paired(&demo);
    come_in(&mut browser, "Ольга", "2580");
    browser.accept("till/scan", &[("code", &key.fixed())]);
    browser.accept("till/lock", &[]);
    come_in(&mut browser, "Ольга", "2580");
    let all = said(&demo, &["audit", "--since", "1h", "--till", TILL]);
    let actions: Vec<&str> = all
        .lines()
        .map(|line| line.split('\t').nth(3).unwrap())
        .collect();
    let expected = [
        "pairing-code",
        "pair",
        "sign-in",
        "shift-opened",
        "look-up",
        "lock",
        "unlock",
    ];
    assert_eq!(actions, expected, "{all}");
    let masked = format!("…{}", &key.number[12..]);
    assert!(all.contains(&masked), "{all}");
    for secret in [phone.as_str(), "Аделаида", key.number.as_str(), "2580"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    let of_member = said(&demo, &["audit", "--member", &key.number]);
    let kinds: Vec<&str> = of_member
        .lines()
        .map(|line| line.rsplit('\t').next().unwrap())
        .collect();
    // Joining, signing in, the key of the codes; and what was done at the till.
    assert_eq!(
        kinds,
        ["member", "member", "member", "staff"],
        "{of_member}"
    );
    let of_staff = said(&demo, &["audit", "--staff", "kassir"]);
    assert!(of_staff.lines().all(|line| line.contains("\tkassir\t")));
    assert_eq!(said(&demo, &["audit", "--staff", "admin"]), "");
    assert!(!demo.run(&["audit", "--till", "nowhere"]).status.success());
}
