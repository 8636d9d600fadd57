//! One-time passwords through the program itself: what the operator's limits answer, and to whom.

use std::sync::Arc;

use crate::support::browser::{Browser, fresh_phone};
use crate::support::{Demo, Place, agent};

/// Status, `Retry-After`, address and text of a posted form.
#[derive(Debug, PartialEq, Eq)]
struct Posted {
    status: u16,
    retry_after: Option<u64>,
    location: String,
    text: String,
}

/// Posts a form as a browser behind a proxy of ours does.
fn post_from(demo: &Demo, address: &str, endpoint: &str, fields: &[(&str, &str)]) -> Posted {
    let mut response = agent()
        .post(format!("{}/api/{endpoint}", demo.url))
        .header("accept", "text/html")
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", address)
        .header("prefer", "return=representation")
        .send_form(fields.iter().copied())
        .unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    Posted {
        status: response.status().as_u16(),
        retry_after: header("retry-after").map(|seconds| seconds.parse().unwrap()),
        location: header("location").unwrap_or_default(),
        text: response.body_mut().read_to_string().unwrap(),
    }
}

fn ask(demo: &Demo, address: &str, phone: &str) -> Posted {
    post_from(demo, address, "join/phone", &[("phone", phone)])
}

fn start(options: &[&str]) -> Demo {
    let options = [&["--trusted-proxy", "127.0.0.1"][..], options].concat();
    Demo::start_with(Arc::new(Place::without_tables()), &options)
}

#[test]
fn one_network_gets_so_many_codes_and_others_go_on() {
    let demo = start(&["--otp-per-address", "20"]);
    for address in ["192.0.2.1", "2001:db8:1:2::1"] {
        for _ in 0..20 {
            let sent = ask(&demo, address, &fresh_phone());
            assert_eq!((sent.status, sent.location.as_str()), (303, "/join/code"));
        }
        let refused = ask(&demo, address, &fresh_phone());
        assert_eq!(refused.status, 429, "{}", refused.text);
        assert!(refused.text.contains("Слишком много кодов или попыток"));
        let seconds = refused.retry_after.unwrap();
        assert!((3_000..=3_660).contains(&seconds), "{seconds}");
    }
    assert_eq!(ask(&demo, "2001:db8:1:2:3::1", &fresh_phone()).status, 429);
    assert_eq!(ask(&demo, "2001:db8:1:3::1", &fresh_phone()).status, 303);
    assert_eq!(ask(&demo, "192.0.2.2", &fresh_phone()).status, 303);
}

#[test]
fn a_day_ends_for_known_and_unknown_phones_alike_and_the_figures_tell() {
    let demo = start(&[
        "--otp-per-day",
        "1000",
        "--otp-price-minor",
        "450",
        "--otp-cost-per-day",
        "4500",
    ]);
    for number in 0..10 {
        let address = format!("192.0.2.{number}");
        assert_eq!(ask(&demo, &address, &fresh_phone()).status, 303);
    }
    let phones = ["+79000000005".to_owned(), fresh_phone()];
    let refused: Vec<Posted> = phones
        .iter()
        .map(|phone| {
            let answer = ask(&demo, "198.51.100.1", phone);
            let text = answer.text.replace(phone, "PHONE");
            Posted { text, ..answer }
        })
        .collect();
    assert_eq!(refused[0], refused[1]);
    assert_eq!(refused[0].status, 503);
    assert!(
        refused[0]
            .text
            .contains("Сегодня коды больше не отправляем")
    );
    assert!(refused[0].retry_after.unwrap() >= 3_600);
    let mut figures = agent().get(format!("{}/metrics", demo.url)).call().unwrap();
    let figures = figures.body_mut().read_to_string().unwrap();
    for line in [
        "kopilka_code_messages_today 10\n",
        "kopilka_code_messages_limit 10\n",
        "kopilka_code_messages_cost_today 4500\n",
    ] {
        assert!(figures.contains(line), "{line} in {figures}");
    }
}

#[test]
fn a_limit_of_cost_needs_a_price() {
    let place = Place::without_tables();
    let args = ["serve", "--demo", "--otp-cost-per-day", "100"];
    let output = crate::support::run_at(&place, &args);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--otp-price-minor"), "{said}");
}

#[test]
fn without_options_the_limits_are_strict() {
    let help = crate::support::run_at(&Place::without_tables(), &["serve", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    for default in ["[default: 20]", "[default: 5000]"] {
        assert!(help.contains(default), "{default} in {help}");
    }
}

#[test]
fn a_form_sent_twice_leads_to_the_page_of_the_code_whoever_asks() {
    let demo = Demo::start();
    for (endpoint, phone) in [
        ("join/phone", fresh_phone()),
        ("sign-in/phone", "+79000000004".to_owned()),
    ] {
        let mut browser = Browser::new(&demo);
        // The first answer is lost: its cookie is not kept.
        let mut impatient = browser.clone();
        for each in [&mut browser, &mut impatient] {
            let answer = each.post(endpoint, &[("phone", &phone)]);
            assert_eq!(
                (answer.status, answer.location.as_str()),
                (303, "/join/code"),
                "{}",
                answer.text
            );
            assert!(each.get("/join/code").text.contains("name=\"code\""));
        }
        let outbox = browser.get("/outbox").text;
        assert_eq!(outbox.matches(&format!("\"{phone}\"")).count(), 1);
        let code = impatient.one_time_password(&phone);
        let pasted = format!("«Ваш код {}\u{a0}{}»", &code[..3], &code[3..]);
        impatient.accept("join/code", &[("code", &pasted)]);
    }
}

#[test]
fn two_codes_in_one_paste_are_asked_about_and_cost_no_try() {
    let demo = Demo::start();
    let mut browser = Browser::new(&demo);
    let phone = fresh_phone();
    browser.post("join/phone", &[("phone", &phone)]);
    let code = browser.one_time_password(&phone);
    for _ in 0..6 {
        let answer = browser.stay("join/code", &[("code", "123456 654321")]);
        assert!(answer.text.contains("В коде шесть цифр"));
    }
    let full_width: String = code
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
        .collect();
    let answer = browser.post("join/code", &[("code", &format!("#{full_width}."))]);
    assert_eq!(answer.location, "/join/consents");
}
