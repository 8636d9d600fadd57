//! Chance from a seed (SplitMix64): the same seed makes the same load, and a kill at the same count of answers.

#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another chance, for a till of its own.
    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `most`, without it.
    pub const fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    pub const fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub fn of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        let count = u64::try_from(things.len()).unwrap();
        &things[usize::try_from(self.below(count)).unwrap()]
    }

    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            let other = self.below(u64::try_from(at + 1).unwrap());
            things.swap(at, usize::try_from(other).unwrap());
        }
    }
}
