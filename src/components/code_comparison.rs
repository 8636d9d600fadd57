//! The browser knows no core: the codes that it works out have to be those that the server expects.

use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes::{STEP_SECONDS, rotating_payload, static_payload, totp};
use kopilka_core::entropy::keyed_hash_of_bytes;

use super::code::{STEP, fixed, turning};

#[test]
fn the_browser_s_codes_are_those_of_the_server() {
    assert_eq!(STEP, STEP_SECONDS);
    let card = CardNumber::from_random(7);
    assert_eq!(fixed(card.as_str()), static_payload(&card));
    let secret = [7; 32];
    for step in 0..100 {
        let signature = keyed_hash_of_bytes(&secret, &i64::to_be_bytes(step));
        let expected = rotating_payload(&card, &totp(&secret, step));
        assert_eq!(turning(card.as_str(), &signature), Some(expected), "{step}");
    }
}
