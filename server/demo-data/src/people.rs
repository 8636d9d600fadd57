//! Members of the filled chain: ordinary first names, the last name «Демо», phones that belong to the demo, and the answers of
//! some of them to questions about themselves. A member's number and the seed decide everything.

use fastrand::Rng;

use super::numbers::{one_of, scatter};
use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::profile::{BirthDate, CarKind, Species};

/// Most members that phones are set aside for.
pub const MOST_MEMBERS: u64 = 5_000_000;
/// Phones begin with these digits, and after them with a million: the demo's own five people have the lowest.
const PHONES: &str = "+7900";
const FIRST_PHONE: u64 = 1_000_000;

const LAST_NAME: &str = "Демо";
const FIRST_NAMES: [&str; 40] = [
    "Анна",
    "Мария",
    "Елена",
    "Ольга",
    "Наталья",
    "Ирина",
    "Татьяна",
    "Светлана",
    "Юлия",
    "Дарья",
    "Ксения",
    "Полина",
    "Вера",
    "Надежда",
    "Людмила",
    "Галина",
    "Марина",
    "Алина",
    "Софья",
    "Зоя",
    "Александр",
    "Дмитрий",
    "Сергей",
    "Андрей",
    "Алексей",
    "Иван",
    "Михаил",
    "Николай",
    "Павел",
    "Егор",
    "Роман",
    "Илья",
    "Кирилл",
    "Никита",
    "Олег",
    "Виктор",
    "Юрий",
    "Борис",
    "Глеб",
    "Тимур",
];

/// Shopping habit of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShoppingHabit {
    /// A big basket once a week.
    Weekly,
    /// A few things nearly every day.
    Daily,
    /// Now and then.
    Monthly,
    /// Came for a while and stayed away.
    Lapsed,
}

impl ShoppingHabit {
    /// A member's habit: the first thing that chance decides of them.
    pub fn of(chance: &mut Rng) -> Self {
        match chance.u32(0..100) {
            0..30 => Self::Weekly,
            30..50 => Self::Daily,
            50..78 => Self::Monthly,
            _ => Self::Lapsed,
        }
    }

    /// The share of all receipts that such a member has, beside others'.
    pub const fn weight(self) -> u64 {
        match self {
            Self::Weekly => 10,
            Self::Daily => 24,
            Self::Monthly => 4,
            Self::Lapsed => 5,
        }
    }

    /// Hours between two visits.
    pub const fn hours_between(self) -> i64 {
        match self {
            Self::Weekly => 168,
            Self::Daily => 40,
            Self::Monthly => 720,
            Self::Lapsed => 240,
        }
    }

    /// Lines of a basket.
    pub const fn basket_size(self) -> (usize, usize) {
        match self {
            Self::Weekly => (6, 14),
            Self::Daily => (1, 4),
            Self::Monthly => (3, 8),
            Self::Lapsed => (2, 6),
        }
    }
}

/// A member about to be made.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// E.164.
    pub phone: String,
    /// First name.
    pub first_name: &'static str,
    /// Last name.
    pub last_name: &'static str,
    /// `ru` or `en`.
    pub language: &'static str,
    /// Shopping habit.
    pub habit: ShoppingHabit,
    /// Number from which the card's number is made.
    pub card: u64,
    /// The short number of the card.
    pub short: i64,
    /// Messages agreed to.
    pub messages: Vec<(Channel, Purpose)>,
    /// Birth date, where they tell it.
    pub birth: Option<BirthDate>,
    /// Birth years of children.
    pub children: Vec<i32>,
    /// Pets by species.
    pub pets: Vec<(Species, i64)>,
    /// The answer about a car; none: not told.
    pub car: Option<&'static str>,
}

impl DemoPerson {
    /// The member of this number.
    pub fn of(
        number: u64,
        seed: u64,
        this_year: i32,
        habit: ShoppingHabit,
        chance: &mut Rng,
    ) -> Self {
        let tells = chance.u32(0..100) < 55;
        let mut often = |percent: u32| tells && chance.u32(0..100) < percent;
        let (has_birth, has_children, has_pets, has_car) =
            (often(85), often(30), often(40), often(80));
        let mut messages = Vec::new();
        for channel in [Channel::Email, Channel::Sms, Channel::Push] {
            for purpose in [Purpose::PersonalOffers, Purpose::News] {
                if chance.u32(0..100) < 22 {
                    messages.push((channel, purpose));
                }
            }
        }
        let (year, month, day) = (chance.i32(19..80), chance.u32(1..=12), chance.u32(1..=28));
        let birth = BirthDate::new(this_year - year, month, day).filter(|_| has_birth);
        let children = if has_children {
            (0..chance.usize(1..=3))
                .map(|_| this_year - chance.i32(2..17))
                .collect()
        } else {
            Vec::new()
        };
        let pets = if has_pets {
            one_of(chance, Species::ALL)
                .map(|species| (*species, chance.i64(1..=2)))
                .into_iter()
                .collect()
        } else {
            Vec::new()
        };
        let car = has_car.then(|| match chance.u32(0..10) {
            0..4 => "none",
            _ => one_of(chance, CarKind::ALL).map_or("none", |kind| kind.as_str()),
        });
        Self {
            phone: format!("{PHONES}{:07}", FIRST_PHONE + number),
            first_name: one_of(chance, &FIRST_NAMES).copied().unwrap_or(LAST_NAME),
            last_name: LAST_NAME,
            language: if chance.u32(0..50) == 0 { "en" } else { "ru" },
            habit,
            card: scatter(number, !seed, 1_000_000_000_000_000),
            short: i64::try_from(scatter(number, seed, 10_000_000_000)).unwrap_or_default(),
            messages,
            birth,
            children,
            pets,
            car,
        }
    }

    /// Returns whether they tell anything about themselves.
    pub fn tells_anything(&self) -> bool {
        self.birth.is_some()
            || self.car.is_some()
            || !self.children.is_empty()
            || !self.pets.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::numbers::chance;
    use kopilka_core::domain::country::Country;
    use kopilka_core::domain::phone::Phone;

    fn person(number: u64, seed: u64) -> DemoPerson {
        let mut chance = chance(seed, number);
        let habit = ShoppingHabit::of(&mut chance);
        DemoPerson::of(number, seed, 2026, habit, &mut chance)
    }

    #[test]
    fn phones_and_cards_are_valid_and_nobody_has_anothers() {
        let (mut phones, mut cards, mut shorts) = (HashSet::new(), HashSet::new(), HashSet::new());
        for number in (0..20_000).chain(MOST_MEMBERS - 10..MOST_MEMBERS) {
            let person = person(number, 7);
            assert!(
                Phone::parse(&person.phone, Country::RUSSIA).is_ok(),
                "{}",
                person.phone
            );
            assert!(phones.insert(person.phone));
            assert!(cards.insert(person.card));
            assert!(shorts.insert(person.short));
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_people_and_another_one_others() {
        let names = |seed| -> Vec<(&str, ShoppingHabit)> {
            (0..200)
                .map(|number| person(number, seed))
                .map(|person| (person.first_name, person.habit))
                .collect()
        };
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
    }
}
