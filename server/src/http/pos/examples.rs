//! Example bodies of the docs: one sale, told through all calls. The card and the phone are made up.

use serde_json::{Value, json};

/// Id of the example's receipt.
pub const RECEIPT_ID: &str = "0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f";
/// Id of the example's gift.
pub const GIFT_ID: &str = "0199c2d2-7b22-7e21-8a2d-4c3b2d1e0f9a";

const VISIT: &str = "5c1f0e9d8b7a69584736251403f2e1d0c9b8a79685746352413f2e1d0c9b8a79";

/// What was scanned.
pub fn lookup() -> Value {
    json!({"code": "71400012345678900412345678"})
}

/// Who it is.
pub fn found() -> Value {
    json!({
        "visit": VISIT,
        "name": "Анна К.",
        "tier": {"ru": "Серебро", "en": "Silver"},
        "points": 340,
        "may_spend": true,
        "birthday_near": false,
        "offers": [{"id": "coffee", "title": {"ru": "Двойные баллы за кофе", "en": "Double points for coffee"}}],
        "one_step_away": [],
        "gifts": [{"id": GIFT_ID, "gift": "mug", "name": {"ru": "Кружка", "en": "Mug"}}],
    })
}

/// A phone to send a link to.
pub fn enrol() -> Value {
    json!({"phone": "+7 900 000-00-00", "language": "ru"})
}

/// A sale to be judged.
pub fn quote() -> Value {
    json!({
        "visit": VISIT,
        "lines": [
            {"sku": "4600000000017", "name": "Кофе в зёрнах", "category": "coffee", "quantity": 1000, "amount": 99000},
            {"sku": "4600000000024", "name": "Яблоки", "category": "fruit", "quantity": 1250, "amount": 25000},
        ],
        "spend": 100,
    })
}

/// The same sale to be stored.
pub fn sale() -> Value {
    let mut sale = quote();
    if let Value::Object(fields) = &mut sale {
        fields.insert("shift".to_owned(), json!("118"));
        fields.insert("number".to_owned(), json!("42"));
        fields.insert("at".to_owned(), json!("2026-11-22T14:05:00+03:00"));
    }
    sale
}

/// What it costs and earns.
pub fn quoted() -> Value {
    json!({
        "programme_version": 3,
        "lines": [
            {"discount": 0, "paid_by_points": 7984, "earned": 91},
            {"discount": 0, "paid_by_points": 2016, "earned": 11},
        ],
        "total": 124000,
        "discount": 0,
        "spendable": 340,
        "spent": 100,
        "paid_by_points": 10000,
        "to_pay": 114000,
        "earned": 102,
        "reasons": [
            {"points": 57, "reason": {
                "kind": "purchase", "base": 114000, "rate": 500,
                "tier": {"ru": "Серебро", "en": "Silver"}, "points": 57,
            }},
            {"points": 45, "reason": {
                "kind": "offer", "offer": "coffee",
                "title": {"ru": "Двойные баллы за кофе", "en": "Double points for coffee"}, "points": 45,
            }},
        ],
        "offers_used": [{
            "offer": "coffee", "title": {"ru": "Двойные баллы за кофе", "en": "Double points for coffee"},
            "points": 45, "discount": 0, "gift": null,
        }],
        "offers_missed": [{
            "offer": "big-basket", "title": {"ru": "За большую корзину", "en": "For a big basket"},
            "misses": [{"kind": "minimum_receipt", "missing": 26000}],
        }],
        "gifts": [],
    })
}

/// The sale as it is stored.
pub fn receipt() -> Value {
    let mut receipt = quoted();
    if let Value::Object(fields) = &mut receipt {
        fields.insert("id".to_owned(), json!(RECEIPT_ID));
        fields.insert("shift".to_owned(), json!("118"));
        fields.insert("number".to_owned(), json!("42"));
        fields.insert("balance".to_owned(), json!(342));
    }
    receipt
}
