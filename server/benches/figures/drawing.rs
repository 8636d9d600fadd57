//! How long the code of a card takes: one-time code, QR matrix, SVG path.

use std::hint::black_box;

use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_testing::bench::figure::{Figure, Unit, Wanted};
use kopilka_testing::bench::statistics::median_of;

use crate::limits;

pub(super) fn tell() {
    let card = CardNumber::from_random(400_000_123_456_789);
    let secret = [7; 32];
    let mut step = 0;
    let whole = median_of(3_000, || {
        step += 1;
        let digits = codes::rotating_payload(&card, &codes::totp(&secret, step));
        black_box(kopilka::components::code::path(&digits));
    });
    let token = median_of(3_000, || {
        step += 1;
        black_box(codes::totp(&secret, step));
    });
    let micros = |time: std::time::Duration| time.as_secs_f64() * 1e6;
    Figure::new(
        "token + QR matrix + SVG path (floor: token)",
        micros(whole),
        Unit::Micros,
    )
    .floor(micros(token))
    .wanted(Wanted::AtMost(25.0))
    .limited_by(limits::DRAWING)
    .tell();
}
