//! Acts of a member with their times, decided by chance alone: the rules have no say here, so that the same plan can be lived
//! through the tills as well as in memory.

use fastrand::Rng;

use super::goods::{DemoProduct, basket};
use super::numbers::one_of;
use super::people::{DemoPerson, ShoppingHabit};
use kopilka_core::domain::receipt::ReceiptLine;
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::domain::time::{Instant, local_date, start_of_day};

/// Days that the filled chain looks back on.
pub const PAST_DAYS: i64 = 730;
const HOUR: i64 = 3_600;

/// A till of the chain, by the place of its store and its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedTill {
    /// Index of the store.
    pub store: usize,
    /// Index of the till in its store.
    pub till: usize,
}

/// Act in a member's plan.
#[derive(Debug, Clone)]
pub enum PlannedAct {
    /// Tells about themselves.
    Tell,
    /// Switches an offer on, as far as it takes a tap then.
    Tap {
        /// The offer.
        offer: String,
    },
    /// Buys.
    Buy {
        /// Till at which the purchase is made.
        place: PlannedTill,
        /// Lines of the receipt.
        lines: Vec<ReceiptLine>,
        /// True if all points that may pay do.
        spend: bool,
    },
    /// Brings goods back.
    Return {
        /// Index of the purchase among the member's purchases, from 0.
        purchase: usize,
        /// Lines of the purchase that go back.
        lines: Vec<ReturnedLinePart>,
    },
}

/// A member's past.
#[derive(Debug, Clone)]
pub struct ShoppingPlan {
    /// Time at which they joined.
    pub joined: Instant,
    /// The store they joined in.
    pub store: usize,
    /// Acts since then, oldest first, each at a moment of its own.
    pub acts: Vec<(Instant, PlannedAct)>,
}

/// Goods, offers, tills and times that plans are made from.
#[derive(Debug)]
pub struct PlanningContext<'a> {
    /// Goods.
    pub goods: &'a [DemoProduct],
    /// Offers that take a tap.
    pub taps: &'a [String],
    /// Tills of each store.
    pub tills: usize,
    /// Number of stores.
    pub stores: usize,
    /// Time zone in which days begin.
    pub zone: chrono_tz::Tz,
    /// Time until which everything happened.
    pub until: Instant,
}

impl PlanningContext<'_> {
    /// The past of a person with so many receipts, in the order of `store` among the chain's stores.
    pub fn plan_purchases(
        &self,
        person: &DemoPerson,
        store: usize,
        receipts: usize,
        chance: &mut Rng,
    ) -> ShoppingPlan {
        let habit = person.habit;
        let back = (0..receipts.saturating_sub(1))
            .filter(|_| chance.u32(0..45) == 0)
            .count()
            .min(receipts / 2);
        let visits = receipts - back;
        let joined = self.time_of_joining(habit, visits, chance);
        let times = self.visit_times(habit, joined, visits, chance);
        let mut acts = Vec::with_capacity(receipts + receipts / 4 + 1);
        if person.tells_anything() {
            let soon = HOUR * chance.i64(1..500);
            acts.push((joined.plus_secs(soon), PlannedAct::Tell));
        }
        let mut left = back;
        for (purchase, at) in times.iter().enumerate() {
            if chance.u32(0..7) == 0
                && let Some(offer) = one_of(chance, self.taps)
            {
                let offer = offer.clone();
                acts.push((
                    at.plus_secs(-chance.i64(30..600)),
                    PlannedAct::Tap { offer },
                ));
            }
            let (least, most) = habit.basket_size();
            let lines = basket(self.goods, chance.usize(least..=most), chance);
            // As many as are still to go back must find a purchase.
            if left > 0 && (visits - purchase <= left || chance.usize(0..visits) < back * 2) {
                left -= 1;
                let later = at.plus_secs(HOUR * chance.i64(20..200));
                let lines = choose_returned_lines(&lines, chance);
                acts.push((later, PlannedAct::Return { purchase, lines }));
            }
            let place = PlannedTill {
                store: if chance.u32(0..7) == 0 {
                    chance.usize(0..self.stores.max(1))
                } else {
                    store
                },
                till: chance.usize(0..self.tills.max(1)),
            };
            let spend = chance.u32(0..9) == 0;
            let buy = PlannedAct::Buy {
                place,
                lines,
                spend,
            };
            acts.push((*at, buy));
        }
        ShoppingPlan {
            joined,
            store,
            acts: self.put_in_order(joined, acts),
        }
    }

    /// Early enough for the habit to show, as long as the chain itself is there.
    fn time_of_joining(&self, habit: ShoppingHabit, visits: usize, chance: &mut Rng) -> Instant {
        let visits = i64::try_from(visits).unwrap_or(PAST_DAYS);
        let room = (visits.saturating_mul(habit.hours_between()) / 24 / 2 + 2).min(PAST_DAYS - 1);
        let day = self
            .until
            .plus_days(-chance.i64(room..PAST_DAYS.max(room + 1)));
        self.open_hours(day, habit, chance)
    }

    /// Times of visits, each in opening hours and at the habit's distance: a third of them on from joining and the others
    /// back from today, with a break between where there is room; for those who stayed away since, all on from joining.
    fn visit_times(
        &self,
        habit: ShoppingHabit,
        joined: Instant,
        visits: usize,
        chance: &mut Rng,
    ) -> Vec<Instant> {
        let mut times = Vec::with_capacity(visits);
        let step = |chance: &mut Rng| habit.hours_between() * HOUR * chance.i64(70..=130) / 100;
        let early = match habit {
            ShoppingHabit::Lapsed => visits,
            _ => visits.min(visits / 3 + 1),
        };
        let mut at = joined.plus_secs(chance.i64(600..7_200));
        while times.len() < early && at < self.until {
            times.push(if times.is_empty() {
                at
            } else {
                self.open_hours(at, habit, chance)
            });
            at = at.plus_secs(step(chance));
        }
        at = self.until.plus_secs(-step(chance) / 2);
        while times.len() < visits && at > joined && habit != ShoppingHabit::Lapsed {
            times.push(self.open_hours(at, habit, chance));
            at = at.plus_secs(-step(chance));
        }
        // Who comes more often than the time allows comes whenever.
        let span = (self.until.0 - joined.0).max(1);
        while times.len() < visits {
            let whenever = Instant(joined.0 + chance.i64(0..span));
            times.push(self.open_hours(whenever, habit, chance));
        }
        let last = self.until.plus_secs(-1).0;
        for at in &mut times {
            if at.0 <= joined.0 || at.0 >= last {
                at.0 = joined.0 + chance.i64(1..span.max(2));
            }
        }
        times.sort_unstable();
        times
    }

    /// A moment of the same day at which the stores are open and such a member comes.
    fn open_hours(&self, at: Instant, habit: ShoppingHabit, chance: &mut Rng) -> Instant {
        let hours = match habit {
            ShoppingHabit::Daily => 8..20,
            ShoppingHabit::Weekly => 11..21,
            ShoppingHabit::Monthly | ShoppingHabit::Lapsed => 9..22,
        };
        let morning = start_of_day(local_date(at, self.zone), self.zone);
        let second = chance.i64(hours.start * HOUR..hours.end * HOUR);
        let micros = chance.i64(0..1_000_000);
        Instant(morning.plus_secs(second).0 + micros)
    }

    /// Sorted, after joining and before the end, none at the moment of another; a purchase before it goes back.
    fn put_in_order(
        &self,
        joined: Instant,
        mut acts: Vec<(Instant, PlannedAct)>,
    ) -> Vec<(Instant, PlannedAct)> {
        acts.sort_by_key(|(at, act)| (*at, matches!(act, PlannedAct::Return { .. })));
        let mut before = joined;
        for (at, _) in &mut acts {
            if *at <= before {
                at.0 = before.0 + 1;
            }
            before = *at;
        }
        // What would lie ahead moves back, the last first.
        let mut next = self.until;
        for (at, _) in acts.iter_mut().rev() {
            if *at < next {
                break;
            }
            at.0 = next.0 - 1_000_000;
            next = *at;
        }
        acts
    }
}

/// Returns the lines of a basket that go back: all of it, or one line.
fn choose_returned_lines(lines: &[ReceiptLine], chance: &mut Rng) -> Vec<ReturnedLinePart> {
    let whole = chance.u32(0..3) == 0;
    let one = chance.usize(0..lines.len().max(1));
    lines
        .iter()
        .enumerate()
        .filter(|(position, _)| whole || *position == one)
        .map(|(position, line)| ReturnedLinePart::of_quantity(position, line.quantity))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::assortment;
    use crate::numbers::chance;

    #[test]
    fn a_past_has_so_many_receipts_in_order_between_joining_and_the_end() {
        let goods = assortment();
        let zone = chrono_tz::Europe::Moscow;
        let context = PlanningContext {
            goods: &goods,
            taps: &["coffee-morning".to_owned()],
            tills: 3,
            stores: 40,
            zone,
            until: start_of_day("2026-11-22".parse().unwrap(), zone),
        };
        let (mut returns, mut taps) = (0, 0);
        for number in 0..3_000 {
            let mut chance = chance(3, number);
            let habit = ShoppingHabit::of(&mut chance);
            let person = DemoPerson::of(number, 3, 2026, habit, &mut chance);
            let receipts = usize::try_from(number % 120).unwrap();
            let plan = context.plan_purchases(&person, 5, receipts, &mut chance);
            let mut before = plan.joined;
            let mut bought: Vec<usize> = Vec::new();
            let mut count = 0;
            for (at, act) in &plan.acts {
                assert!(*at > before && *at < context.until, "{number} {act:?}");
                before = *at;
                match act {
                    PlannedAct::Buy { lines, .. } => {
                        bought.push(lines.len());
                        count += 1;
                    }
                    PlannedAct::Return { purchase, lines } => {
                        assert!(lines.iter().all(|line| line.position < bought[*purchase]));
                        count += 1;
                        returns += 1;
                    }
                    PlannedAct::Tap { .. } => taps += 1,
                    PlannedAct::Tell => {}
                }
            }
            assert_eq!(count, receipts, "{number}");
        }
        assert!(returns > 1_000 && taps > 10_000, "{returns} {taps}");
    }
}
