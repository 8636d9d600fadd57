//! A shopper's or a cashier's browser as the black-box tests need it, and a phone that shows codes.

use std::sync::atomic::{AtomicU64, Ordering};

use kopilka_core::domain::codes;
use kopilka_core::domain::time::Instant;

use super::{Answer, Demo, agent};

/// A browser without scripts: cookies, forms, redirects.
#[derive(Clone)]
pub struct Browser<'a> {
    demo: &'a Demo,
    cookies: Vec<(String, String)>,
    /// Address that a trusted proxy names; `None` = none is named.
    address: Option<&'static str>,
}

impl<'a> Browser<'a> {
    pub fn new(demo: &'a Demo) -> Self {
        Self {
            demo,
            cookies: Vec::new(),
            address: None,
        }
    }

    /// A browser of another machine, as a trusted proxy tells.
    pub fn from_address(demo: &'a Demo, address: &'static str) -> Self {
        Self {
            address: Some(address),
            ..Self::new(demo)
        }
    }

    pub fn cookie_header(&self) -> String {
        self.cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in &answer.cookies {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let response = agent()
            .get(format!("{}{path}", self.demo.url))
            .header("cookie", self.cookie_header())
            .header("accept", "text/html")
            .header("x-forwarded-for", self.address.unwrap_or_default())
            .call()
            .unwrap();
        let answer = Answer::read(response).unwrap();
        self.keep(&answer);
        answer
    }

    pub fn post(&mut self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(endpoint, ("accept", "text/html"), fields)
    }

    /// Posts a form that is accepted; the address that it leads to. A refused one answers 303 too: to the page that says so, or to
    /// the door.
    pub fn accept(&mut self, endpoint: &str, fields: &[(&str, &str)]) -> String {
        let posted = self.post(endpoint, fields);
        assert_eq!(posted.status, 303, "{endpoint}: {}", posted.text);
        let to = posted.location;
        let is_refused = to.contains("form=") || to.contains("unfinished=");
        // The door may lead back to a form that waits.
        let waits = fields.iter().any(|field| *field == ("next", &to));
        assert!(!is_refused || waits, "{endpoint} is refused at {to}");
        assert_ne!(to, "/sign-in", "{endpoint} is a member's");
        to
    }

    /// Posts a form that is refused or not finished; the page that shows it.
    pub fn stay(&mut self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        let posted = self.post(endpoint, fields);
        assert_eq!(posted.status, 303, "{}", posted.text);
        assert_eq!(posted.retry_after, "", "a redirect is followed at once");
        let location = posted.location;
        let (_, key) = location.split_once("form=").expect(&location);
        assert_eq!(key.len(), 32, "{location}");
        let page = self.get(&location);
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(!page.text.contains(key), "no link repeats the key");
        page
    }

    /// Posts a form as a script does that asks for the page itself.
    pub fn ask(&mut self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(endpoint, ("prefer", "return=representation"), fields)
    }

    fn send(&mut self, endpoint: &str, header: (&str, &str), fields: &[(&str, &str)]) -> Answer {
        let response = agent()
            .post(format!("{}/api/{endpoint}", self.demo.url))
            .header("cookie", self.cookie_header())
            .header(header.0, header.1)
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", self.address.unwrap_or_default())
            .send_form(fields.iter().copied())
            .unwrap();
        let answer = Answer::read(response).unwrap();
        self.keep(&answer);
        answer
    }

    /// The newest one-time password to this phone.
    pub fn one_time_password(&mut self, phone: &str) -> String {
        let outbox = self.get("/outbox").text;
        let after = &outbox[outbox.find(phone).expect("a message to this phone")..];
        let start = after.find("otp-code").expect("a code");
        let digits: String = after[start + "otp-code".len()..]
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        assert_eq!(digits.len(), 6, "{after}");
        digits
    }

    /// Joins with a phone of its own; the phone.
    pub fn join(&mut self, name: &str) -> String {
        let phone = fresh_phone();
        self.join_with(name, &phone);
        phone
    }

    /// Joins with this phone.
    pub fn join_with(&mut self, name: &str, phone: &str) {
        assert_eq!(
            self.post("join/phone", &[("phone", phone)]).location,
            "/join/code"
        );
        let code = self.one_time_password(phone);
        assert_eq!(
            self.post("join/code", &[("code", &code)]).location,
            "/join/consents"
        );
        let fields = [
            ("first_name", name),
            ("personal_data", "on"),
            ("rules", "on"),
        ];
        let joined = self.post("join/finish", &fields);
        assert_eq!(joined.location, "/card", "{}", joined.text);
    }

    /// Signs in a member who has this phone.
    pub fn sign_in(&mut self, phone: &str) {
        self.accept("sign-in/phone", &[("phone", phone)]);
        let code = self.one_time_password(phone);
        let to = self.accept("join/code", &[("code", &code)]);
        assert_eq!(to, "/card");
    }

    /// A device secret of the signed-in member and the card's number, to make codes as a phone does.
    pub fn key(&mut self) -> Key {
        let answer = self
            .send("card/key", ("accept", "application/json"), &[])
            .json();
        let hex = answer.as_str().unwrap().rsplit_once(' ').unwrap().1;
        let secret = (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect();
        let page = self.get("/card").text;
        let number: String = page[page.find("class=\"digits\"").expect("a card number")..]
            .chars()
            .skip_while(|c| *c != '>')
            .skip(1)
            .take_while(|c| *c != '<')
            .filter(char::is_ascii_digit)
            .collect();
        assert_eq!(number.len(), 16, "{number}");
        Key { secret, number }
    }
}

/// What a member's device needs to show a code.
pub struct Key {
    pub secret: Vec<u8>,
    pub number: String,
}

impl Key {
    /// The rotating code as it was or will be `seconds` from now.
    pub fn code(&self, seconds: i64) -> String {
        let now = Instant(chrono::Utc::now().timestamp_micros()).plus_secs(seconds);
        format!(
            "71{}{}",
            self.number,
            codes::totp(&self.secret, codes::step_of(now))
        )
    }

    pub fn fixed(&self) -> String {
        format!("70{}", self.number)
    }
}

/// A valid Russian mobile number that no other test of the run uses.
pub fn fresh_phone() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let run = u64::from(std::process::id()) % 1_000;
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("+7916{run:03}{n:04}")
}
