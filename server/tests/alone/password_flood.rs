//! Hundreds of sign-ins by password at once: the server's memory and its other answers stay as they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::browser::Browser;
use crate::support::{Demo, Place, agent};

const AT_ONCE: usize = 200;
/// Kilobytes that a flood may take.
const MORE_MEMORY: u64 = 100 * 1_024;
/// Longest time of the card's page beside a flood, as a multiple of the time alone.
const MOST_SLOWDOWN: u32 = 2;

/// A figure of `/proc/PID/status`, in kilobytes.
fn kilobytes(demo: &Demo, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", demo.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Starts a demo behind a proxy. Passwords are taken from paired browsers only there: returns the cookies of one too.
fn start() -> (Demo, String) {
    let demo = Demo::start_with(Arc::new(Place::new()), &["--trusted-proxy", "127.0.0.1"]);
    let cookies = paired(&demo).cookie_header();
    (demo, cookies)
}

/// A browser that is paired with the demo's till.
fn paired(demo: &Demo) -> Browser<'_> {
    let pair = demo.run(&["till", "pair", "Касса 2"]);
    let code = String::from_utf8(pair.stdout).unwrap();
    let mut till = Browser::new(demo);
    till.post("till/pair", &[("pairing", code.trim())]);
    till
}

/// Says that something has ended, also where a test fails.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// Status and `Retry-After` of a sign-in.
fn sign_in(
    url: &str,
    cookies: &str,
    address: &str,
    login: &str,
    password: &str,
) -> (u16, Option<u64>) {
    let response = agent()
        .post(format!("{url}/api/till/sign-in"))
        .header("prefer", "return=representation")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address)
        .header("cookie", cookies)
        .send_form([("login", login), ("password", password)])
        .unwrap();
    let retry_after = response.headers().get("retry-after");
    let retry_after = retry_after.map(|value| value.to_str().unwrap().parse().unwrap());
    (response.status().as_u16(), retry_after)
}

/// Signs in very often at once, each time with another login that nobody has; the answers.
fn flood(
    demo: &Demo,
    cookies: &str,
    address_of: impl Fn(usize) -> String,
    password: &'static str,
) -> Vec<(u16, Option<u64>)> {
    static LOGINS: AtomicUsize = AtomicUsize::new(0);
    let senders: Vec<_> = (0..AT_ONCE)
        .map(|number| {
            let (url, cookies) = (demo.url.clone(), cookies.to_owned());
            let address = address_of(number);
            let login = format!("nobody-{}", LOGINS.fetch_add(1, Ordering::Relaxed));
            thread::spawn(move || sign_in(&url, &cookies, &address, &login, password))
        })
        .collect();
    senders
        .into_iter()
        .map(|sender| sender.join().unwrap())
        .collect()
}

/// Times of the card's page, asked for one after the other while `going`, at least 100 of them; the middle one.
fn card_time(browser: &mut Browser<'_>, going: &AtomicBool) -> Duration {
    let mut times = Vec::new();
    while times.len() < 100 || going.load(Ordering::Relaxed) {
        let begun = Instant::now();
        assert_eq!(browser.get("/card").status, 200);
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// Two floods, fewer forms than one address may send at once, and the time of the card's page meanwhile.
fn flooded(
    demo: &Demo,
    cookies: &str,
    browser: &mut Browser<'_>,
    address_of: impl Fn(usize) -> String + Copy,
    password: &'static str,
) -> (Vec<(u16, Option<u64>)>, Duration) {
    let going = AtomicBool::new(true);
    thread::scope(|scope| {
        let card = scope.spawn(|| card_time(browser, &going));
        let ending = Ending(&going);
        let mut answers = Vec::new();
        for _ in 0..2 {
            answers.extend(flood(demo, cookies, address_of, password));
        }
        drop(ending);
        (answers, card.join().unwrap())
    })
}

fn one_address(_: usize) -> String {
    "192.0.2.1".to_owned()
}

fn many_addresses(number: usize) -> String {
    format!("198.51.{}.{}", number / 100, number % 100)
}

/// What a flood of passwords did, and what the card's page takes otherwise.
struct Flooded {
    answers: Vec<(u16, Option<u64>)>,
    /// The card's page while nothing else is asked for.
    idle: Duration,
    /// The card's page beside as many forms that are refused without hashing: what those cost, and the machine with both
    /// ends on it.
    unhashed: Duration,
    /// The card's page beside the passwords.
    during: Duration,
}

impl Flooded {
    fn is_slow(&self) -> bool {
        self.during > self.idle * MOST_SLOWDOWN
    }

    fn count(&self, status: u16) -> usize {
        let with_status = |answer: &&(u16, Option<u64>)| answer.0 == status;
        self.answers.iter().filter(with_status).count()
    }
}

/// Measures the card's page alone, beside forms without hashing, and beside passwords, one after the other. Others who work
/// on the same machine can only make it slower, so a slow measurement is made again, four times at most.
fn measure(
    demo: &Demo,
    cookies: &str,
    browser: &mut Browser<'_>,
    address_of: impl Fn(usize) -> String + Copy,
) -> Flooded {
    let mut measured = None;
    for _ in 0..4 {
        let idle = card_time(browser, &AtomicBool::new(false));
        let (_, unhashed) = flooded(demo, cookies, browser, many_addresses, "");
        let (answers, during) = flooded(demo, cookies, browser, address_of, "12345678");
        let new = Flooded {
            answers,
            idle,
            unhashed,
            during,
        };
        let is_slow = new.is_slow();
        measured = Some(new);
        if !is_slow {
            break;
        }
    }
    measured.unwrap()
}

#[test]
fn a_flood_of_passwords_takes_no_memory_and_leaves_the_card_quick() {
    let _alone = crate::alone();
    let (demo, cookies) = start();
    let mut browser = Browser::new(&demo);
    browser.join("Зоя");
    flooded(&demo, &cookies, &mut browser, many_addresses, "");
    let before = kilobytes(&demo, "VmRSS");
    for name in ["one address", "many addresses"] {
        let address_of = |number| match name {
            "one address" => one_address(number),
            _ => many_addresses(number),
        };
        // The highest figure so far is counted anew from here on.
        std::fs::write(format!("/proc/{}/clear_refs", demo.pid()), "5").unwrap();
        let measured = measure(&demo, &cookies, &mut browser, address_of);
        let most = kilobytes(&demo, "VmHWM");
        let after = kilobytes(&demo, "VmRSS");
        let (wrong, busy) = (measured.count(401), measured.count(503));
        println!(
            "{name}: {wrong} wrong, {busy} busy; memory {before} kB, at most {most} kB, then {after} kB; \
             /card {:?} alone, {:?} with other forms, {:?} with passwords",
            measured.idle, measured.unhashed, measured.during,
        );
        assert_eq!(wrong + busy, measured.answers.len());
        assert!(wrong > 0 && busy > 0);
        assert!(
            measured
                .answers
                .iter()
                .all(|(status, retry_after)| (*status == 503) == retry_after.is_some())
        );
        assert!(most < before + MORE_MEMORY, "{before} kB, then {most} kB");
        assert!(
            after < before + MORE_MEMORY / 2,
            "{before} kB, then {after} kB"
        );
        assert!(!measured.is_slow(), "the card's page became slow");
    }
}

#[test]
fn the_refusal_is_a_page_and_a_paired_browser_takes_pins_all_the_while() {
    let _alone = crate::alone();
    let (demo, cookies) = start();
    let mut till = paired(&demo);
    let door = till.get("/till").text;
    let before = &door[..door.find("Ольга").unwrap()];
    let who = &before[before.rfind("value=\"").unwrap() + 7..];
    let who = who[..who.find('"').unwrap()].to_owned();
    let going = AtomicBool::new(true);
    thread::scope(|scope| {
        scope.spawn(|| {
            while going.load(Ordering::Relaxed) {
                flood(&demo, &cookies, one_address, "12345678");
            }
        });
        let _ending = Ending(&going);
        let mut busy = None;
        while busy.is_none() {
            let mut browser = agent()
                .post(format!("{}/api/till/sign-in", demo.url))
                .header("prefer", "return=representation")
                .header("sec-fetch-site", "same-origin")
                .header("x-forwarded-for", "192.0.2.1")
                .header("cookie", &cookies)
                .send_form([("login", "kassir"), ("password", "kassir-of-the-demo")])
                .unwrap();
            if browser.status() == 503 {
                busy = Some(browser.body_mut().read_to_string().unwrap());
            }
        }
        let page = busy.unwrap();
        assert!(page.contains("Сейчас входит много людей"), "{page}");
        assert!(page.contains("name=\"password\"") && !page.contains("kassir-of-the-demo"));
        let come = till.post("till/unlock", &[("who", &who), ("pin", "2580")]);
        assert_eq!((come.status, come.location.as_str()), (303, "/till"));
    });
}

#[test]
fn a_login_that_nobody_has_is_answered_and_locked_as_one_that_somebody_has() {
    let _alone = crate::alone();
    let (demo, cookies) = start();
    let mut answers = Vec::new();
    for login in ["kassir", "nobody"] {
        let mut tries = Vec::new();
        for attempt in 0..7 {
            let address = format!("192.0.2.{attempt}");
            tries.push(sign_in(
                &demo.url,
                &cookies,
                &address,
                login,
                "wrong-password",
            ));
        }
        answers.push(tries);
    }
    assert_eq!(answers[0], answers[1]);
    let statuses: Vec<u16> = answers[0].iter().map(|answer| answer.0).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429]);
}
