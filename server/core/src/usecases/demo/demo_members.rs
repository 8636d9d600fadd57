//! The demo's five members, visibly invented, each showing another state of the wallet.

use crate::domain::profile::Species;

/// One purchase.
#[derive(Debug)]
pub struct DemoPurchase {
    /// Days before today.
    pub days_ago: i64,
    /// Name, category, roubles.
    pub lines: &'static [(&'static str, &'static str, i64)],
    /// True if all points that may be spent are spent.
    pub spend: bool,
}

/// A demo member.
#[derive(Debug)]
pub struct DemoMember {
    /// E.164.
    pub phone: &'static str,
    /// First name.
    pub first_name: &'static str,
    /// Last name.
    pub last_name: &'static str,
    /// Day on which they joined, in days before today.
    pub joined_days_ago: i64,
    /// Day on which they told about themselves, in days before today.
    pub told_days_ago: i64,
    /// Days until the birthday, and the year.
    pub birthday_in_days: Option<(i64, &'static str)>,
    /// Birth years.
    pub children: &'static [&'static str],
    /// Species and how many.
    pub pets: &'static [(Species, &'static str)],
    /// Answer about the car.
    pub car: &'static str,
    /// Consented to personal offers by e-mail.
    pub wants_offers: bool,
    /// Oldest first.
    pub purchases: &'static [DemoPurchase],
}

const fn bought(
    days_ago: i64,
    lines: &'static [(&'static str, &'static str, i64)],
) -> DemoPurchase {
    DemoPurchase {
        days_ago,
        lines,
        spend: false,
    }
}

const fn paid_with_points(
    days_ago: i64,
    lines: &'static [(&'static str, &'static str, i64)],
) -> DemoPurchase {
    DemoPurchase {
        days_ago,
        lines,
        spend: true,
    }
}

const WEEK: &[(&str, &str, i64)] = &[
    ("Молоко, демо", "dairy", 95),
    ("Сыр, демо", "dairy", 640),
    ("Хлеб, демо", "bakery", 72),
    ("Яблоки, демо", "fruit", 233),
    ("Кофе в зёрнах, демо", "coffee", 1240),
];
const SMALL: &[(&str, &str, i64)] = &[("Хлеб, демо", "bakery", 72), ("Бананы, демо", "fruit", 148)];
const BIG: &[(&str, &str, i64)] = &[
    ("Продукты на неделю, демо", "grocery", 8350),
    ("Для дома, демо", "household", 2700),
    ("Фрукты, демо", "fruit", 1150),
];
const FEAST: &[(&str, &str, i64)] = &[
    ("Праздничный стол, демо", "grocery", 24_800),
    ("Для дома, демо", "household", 6_200),
];
const PET: &[(&str, &str, i64)] = &[
    ("Корм для кошек, демо", "pets", 890),
    ("Молоко, демо", "dairy", 95),
];

/// All of them.
pub const PEOPLE: [DemoMember; 5] = [
    DemoMember {
        phone: "+79000000001",
        first_name: "Анна",
        last_name: "Демова",
        joined_days_ago: 300,
        told_days_ago: 2,
        birthday_in_days: Some((2, "1990")),
        children: &["2025"],
        pets: &[(Species::Cat, "1")],
        car: "none",
        wants_offers: false,
        purchases: &[
            bought(290, WEEK),
            bought(262, WEEK),
            bought(230, BIG),
            bought(198, PET),
            paid_with_points(170, WEEK),
            bought(140, WEEK),
            bought(96, SMALL),
            bought(61, WEEK),
            bought(33, PET),
            bought(12, WEEK),
            bought(3, SMALL),
        ],
    },
    DemoMember {
        phone: "+79000000002",
        first_name: "Борис",
        last_name: "Примеров",
        joined_days_ago: 40,
        told_days_ago: 37,
        birthday_in_days: None,
        children: &[],
        pets: &[],
        car: "",
        wants_offers: false,
        purchases: &[bought(38, SMALL)],
    },
    DemoMember {
        phone: "+79000000003",
        first_name: "Вера",
        last_name: "Образцова",
        joined_days_ago: 330,
        told_days_ago: 1,
        birthday_in_days: Some((120, "1978")),
        children: &[],
        pets: &[(Species::Dog, "2")],
        car: "petrol",
        wants_offers: true,
        purchases: &[
            bought(320, BIG),
            bought(250, FEAST),
            bought(180, BIG),
            bought(120, BIG),
            paid_with_points(60, WEEK),
            bought(45, PET),
        ],
    },
    DemoMember {
        phone: "+79000000004",
        first_name: "Глеб",
        last_name: "Тестов",
        joined_days_ago: 330,
        told_days_ago: 1,
        birthday_in_days: Some((-40, "1965")),
        children: &[],
        pets: &[],
        car: "diesel",
        wants_offers: true,
        purchases: &[
            bought(325, FEAST),
            bought(280, FEAST),
            bought(210, FEAST),
            bought(150, FEAST),
            bought(90, FEAST),
            bought(24, BIG),
            bought(18, BIG),
            bought(11, WEEK),
            bought(7, WEEK),
            bought(2, WEEK),
        ],
    },
    DemoMember {
        phone: "+79000000005",
        first_name: "Дина",
        last_name: "Пробная",
        joined_days_ago: 1,
        told_days_ago: 0,
        birthday_in_days: None,
        children: &[],
        pets: &[],
        car: "",
        wants_offers: false,
        purchases: &[],
    },
];
