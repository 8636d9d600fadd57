//! Goods that the filled chain sells: some three hundred of the demo's categories, all under made-up brands.

use fastrand::Rng;

use super::numbers::one_of;
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::receipt::{ReceiptLine, Unit};

/// A thing on the shelf.
#[derive(Debug, Clone)]
pub struct DemoProduct {
    sku: String,
    name: String,
    category: &'static str,
    price: Money,
    weighed: bool,
}

/// Kinds of goods: category, name, roubles, whether they are weighed.
const KINDS: [(&str, &str, i64, bool); 66] = [
    ("dairy", "Молоко 2,5 %", 89, false),
    ("dairy", "Молоко 3,2 %", 95, false),
    ("dairy", "Кефир", 82, false),
    ("dairy", "Сметана", 104, false),
    ("dairy", "Творог", 139, false),
    ("dairy", "Йогурт", 54, false),
    ("dairy", "Сыр", 640, true),
    ("dairy", "Масло сливочное", 219, false),
    ("dairy", "Ряженка", 88, false),
    ("bakery", "Хлеб ржаной", 62, false),
    ("bakery", "Батон", 58, false),
    ("bakery", "Булочка с маком", 49, false),
    ("bakery", "Круассан", 69, false),
    ("bakery", "Лаваш", 47, false),
    ("bakery", "Пирожок с капустой", 52, false),
    ("bakery", "Печенье овсяное", 119, false),
    ("fruit", "Яблоки", 129, true),
    ("fruit", "Бананы", 148, true),
    ("fruit", "Апельсины", 159, true),
    ("fruit", "Груши", 219, true),
    ("fruit", "Виноград", 289, true),
    ("fruit", "Мандарины", 179, true),
    ("fruit", "Лимоны", 199, true),
    ("fruit", "Клубника", 349, false),
    ("coffee", "Кофе с собой", 149, false),
    ("coffee", "Капучино с собой", 189, false),
    ("coffee", "Кофе молотый", 389, false),
    ("coffee", "Кофе в зёрнах", 890, false),
    ("coffee", "Кофе растворимый", 449, false),
    ("pets", "Корм для кошек", 39, false),
    ("pets", "Корм для кошек сухой", 690, false),
    ("pets", "Корм для собак", 89, false),
    ("pets", "Корм для собак сухой", 1_150, false),
    ("pets", "Наполнитель", 329, false),
    ("kids", "Пюре фруктовое", 64, false),
    ("kids", "Каша детская", 179, false),
    ("kids", "Подгузники", 1_290, false),
    ("kids", "Салфетки детские", 139, false),
    ("kids", "Сок детский", 45, false),
    ("household", "Порошок стиральный", 489, false),
    ("household", "Средство для посуды", 149, false),
    ("household", "Бумага туалетная", 229, false),
    ("household", "Полотенца бумажные", 169, false),
    ("household", "Мыло", 69, false),
    ("household", "Шампунь", 289, false),
    ("household", "Паста зубная", 159, false),
    ("grocery", "Гречка", 89, false),
    ("grocery", "Рис", 109, false),
    ("grocery", "Макароны", 79, false),
    ("grocery", "Сахар", 72, false),
    ("grocery", "Масло подсолнечное", 139, false),
    ("grocery", "Чай чёрный", 179, false),
    ("grocery", "Шоколад", 119, false),
    ("grocery", "Яйца, 10 шт.", 119, false),
    ("grocery", "Курица", 259, true),
    ("grocery", "Говядина", 690, true),
    ("grocery", "Рыба", 490, true),
    ("grocery", "Колбаса", 520, true),
    ("grocery", "Картофель", 49, true),
    ("grocery", "Морковь", 54, true),
    ("grocery", "Огурцы", 189, true),
    ("grocery", "Помидоры", 219, true),
    ("grocery", "Вода", 55, false),
    ("grocery", "Сок", 139, false),
    ("tobacco", "Сигареты", 215, false),
    ("gift_cards", "Подарочная карта", 1_000, false),
];

/// Brands that nobody has.
const BRANDS: [&str; 5] = ["Демо", "Пример", "Образец", "Проба", "Макет"];

/// The assortment: every kind under several brands, except what has none.
pub fn assortment() -> Vec<DemoProduct> {
    let mut goods = Vec::new();
    for (kind, (category, name, roubles, weighed)) in KINDS.iter().enumerate() {
        let brands = match *category {
            "tobacco" | "gift_cards" => 1,
            _ => BRANDS.len(),
        };
        for (brand, label) in (0_i64..).zip(BRANDS.iter().take(brands)) {
            goods.push(DemoProduct {
                sku: format!("{}{:02}", 100 + kind, brand + 1),
                name: format!("{name} «{label}»"),
                category,
                price: Money(roubles * (100 + brand * 7)),
                weighed: *weighed,
            });
        }
    }
    goods
}

/// A basket of so many lines, no good twice.
pub fn basket(goods: &[DemoProduct], lines: usize, chance: &mut Rng) -> Vec<ReceiptLine> {
    let mut basket: Vec<ReceiptLine> = Vec::with_capacity(lines);
    for _ in 0..lines {
        let Some(good) = one_of(chance, goods) else {
            break;
        };
        // Gift cards are bought rarely, whatever the shelf.
        let rare = good.category == "gift_cards" && chance.u32(0..20) > 0;
        if rare || basket.iter().any(|line| line.sku == good.sku) {
            continue;
        }
        let quantity = if good.weighed {
            Quantity(chance.i64(15..=150) * 10)
        } else {
            Quantity(*one_of(chance, &[1, 1, 1, 1, 2, 2, 3]).unwrap_or(&1) * 1_000)
        };
        basket.push(ReceiptLine {
            sku: good.sku.clone(),
            name: good.name.clone(),
            category: good.category.to_owned(),
            quantity,
            unit: Unit::Piece,
            amount: Money(good.price.0 * quantity.0 / Quantity::ONE.0),
        });
    }
    if basket.is_empty() {
        // Everybody leaves with something.
        return goods
            .first()
            .map(|good| ReceiptLine {
                sku: good.sku.clone(),
                name: good.name.clone(),
                category: good.category.to_owned(),
                quantity: Quantity::ONE,
                unit: Unit::Piece,
                amount: good.price,
            })
            .into_iter()
            .collect();
    }
    basket
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::numbers::chance;
    use kopilka_core::domain::receipt::check_lines;

    #[test]
    fn the_assortment_has_some_three_hundred_goods_of_different_codes() {
        let goods = assortment();
        assert!((300..=360).contains(&goods.len()), "{}", goods.len());
        let codes: HashSet<&str> = goods.iter().map(|good| good.sku.as_str()).collect();
        assert_eq!(codes.len(), goods.len());
    }

    #[test]
    fn every_basket_can_be_judged_and_names_a_good_once() {
        let goods = assortment();
        for number in 0..2_000 {
            let lines = basket(
                &goods,
                1 + usize::try_from(number % 14).unwrap(),
                &mut chance(1, number),
            );
            assert_eq!(check_lines(&lines), Ok(()));
            let codes: HashSet<&str> = lines.iter().map(|line| line.sku.as_str()).collect();
            assert_eq!(codes.len(), lines.len());
        }
    }
}
