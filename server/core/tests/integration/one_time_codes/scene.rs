//! A chain without members, and what its shoppers do with codes.

use std::collections::BTreeSet;
use std::net::IpAddr;

use kopilka_core::Kopilka;
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::messages::outbox::{self, MessageContent};
use kopilka_core::usecases::sign_up::enrolment::EnrolmentApplication;
use kopilka_core::usecases::sign_up::phone_verification::{self, PhoneProofOutcome, SignUpOrigin};
use kopilka_core::usecases::{Error, Refusal};

use crate::chain::Chain;

pub const PHONE: &str = "+79161234567";

pub async fn chain() -> Chain {
    Chain::open("2026-03-01", |_| {}).await
}

pub fn from(service: &Kopilka, address: &str) -> Kopilka {
    service.for_address(address.parse::<IpAddr>().unwrap())
}

pub fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

pub async fn ask(service: &Kopilka, phone: &str) -> Result<String, Error> {
    phone_verification::ask_for_code(service, phone, &SignUpOrigin::default(), "ru").await
}

/// Texts of the messages to a phone, newest first.
pub async fn messages(service: &Kopilka, phone: &str) -> Vec<MessageContent> {
    let all = outbox::list_newest_messages(service).await.unwrap();
    all.into_iter()
        .filter(|message| message.recipient == phone)
        .map(|message| message.message)
        .collect()
}

pub async fn newest_code(service: &Kopilka, phone: &str) -> String {
    match messages(service, phone).await.swap_remove(0) {
        MessageContent::OneTimePassword { code, .. } | MessageContent::TillCode { code, .. } => {
            code
        }
        other => panic!("{other:?}"),
    }
}

pub async fn confirm(
    service: &Kopilka,
    token: &str,
    code: &str,
) -> Result<PhoneProofOutcome, Error> {
    phone_verification::confirm_code(service, token, code, "phone").await
}

/// A code that none of these is.
pub fn other_than(codes: &[&str]) -> String {
    let mut numbers = (0..).map(|number: u32| format!("{number:06}"));
    numbers
        .find(|each| !codes.contains(&each.as_str()))
        .unwrap()
}

/// Tries left after a wrong code, `None` = the challenge is dead.
pub async fn wrong(service: &Kopilka, token: &str, codes: &[&str]) -> Option<i64> {
    match confirm(service, token, &other_than(codes)).await {
        Err(Error::Invalid(problems)) => Some(problems[0].args[0].1.parse().unwrap()),
        Err(Error::Refused(Refusal::CodeDead)) => None,
        other => panic!("{other:?}"),
    }
}

pub async fn count(chain: &Chain, text: &'static str) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let count: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
    count
}

/// Somebody who joins at this address.
pub fn application(language: &str, address: &str) -> EnrolmentApplication {
    EnrolmentApplication {
        first_name: "Анна".to_owned(),
        last_name: String::new(),
        personal_data: true,
        rules: true,
        messages: BTreeSet::new(),
        language: language.to_owned(),
        device: "phone".to_owned(),
        ip: address.to_owned(),
    }
}
