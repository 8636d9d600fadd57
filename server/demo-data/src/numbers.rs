//! Chance that a seed decides, and ids in an order that storage likes: member by member, and of each member by time.

use fastrand::Rng;
use uuid::{Builder, Uuid};

use kopilka_core::domain::time::Instant;

/// Numbers of chance for one thing of a filling: the same seed and number give the same.
pub fn chance(seed: u64, number: u64) -> Rng {
    // SplitMix64's last step, so that neighbours have nothing in common.
    let mut mixed = seed ^ number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    Rng::with_seed(mixed ^ (mixed >> 31))
}

/// One of a list; the first where chance leads past its end.
pub fn one_of<'a, T>(chance: &mut Rng, list: &'a [T]) -> Option<&'a T> {
    list.get(chance.usize(0..list.len().max(1)))
}

/// `number`, moved about in `0..modulus` so that no two meet, where the modulus is a power of ten.
pub fn scatter(number: u64, seed: u64, modulus: u64) -> u64 {
    // It shares no factor with a power of ten.
    const STEP: u128 = 7_364_136_223;
    let modulus = u128::from(modulus.max(1));
    let moved = (u128::from(number) * STEP + u128::from(seed)) % modulus;
    u64::try_from(moved).unwrap_or_default()
}

/// Ids of one member: UUIDv7 whose times lie in the member's own part of the past, so that whole members follow one
/// another in every table, and what is made from now on comes after them.
#[derive(Debug)]
pub struct MemberIdSequence {
    start: u64,
    count: u64,
    chance: Rng,
}

impl MemberIdSequence {
    /// Ids of the member of this number among `members`, in the time from `from` to `until`.
    pub fn new(number: u64, members: u64, from: Instant, until: Instant, chance: Rng) -> Self {
        let millis = |at: Instant| u64::try_from(at.0 / 1_000).unwrap_or_default();
        let span = millis(until).saturating_sub(millis(from));
        let part = u128::from(span) * u128::from(number) / u128::from(members.max(1));
        Self {
            start: millis(from) + u64::try_from(part).unwrap_or_default(),
            count: 0,
            chance,
        }
    }

    /// The next one, after all before it.
    pub fn next_id(&mut self) -> Uuid {
        let [first, second] = u16::try_from(self.count % 4_096)
            .unwrap_or_default()
            .to_be_bytes();
        let [a, b, c, d, e, f, g, h] = self.chance.u64(..).to_be_bytes();
        let bytes = [first, second, a, b, c, d, e, f, g, h];
        let millis = self.start + self.count / 4_096;
        self.count += 1;
        Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}
