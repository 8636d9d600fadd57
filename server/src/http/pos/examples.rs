//! Example bodies of the docs: one sale, told through all calls. The card and the phone are made up.

use serde_json::{Value, json};

/// Id of the example's receipt.
pub const RECEIPT_ID: &str = "0199c2d2-6a11-7d10-9f1c-3b2a1c0d9e8f";
/// Id of the example's return.
pub const RETURN_ID: &str = "0199c7f8-1b2c-7a3d-8e4f-5a6b7c8d9e0f";
/// Id of the example's gift.
pub const GIFT_ID: &str = "0199c2d2-7b22-7e21-8a2d-4c3b2d1e0f9a";

const VISIT: &str = "5c1f0e9d8b7a69584736251403f2e1d0c9b8a79685746352413f2e1d0c9b8a79";

/// What was scanned.
pub fn lookup_request() -> Value {
    json!({"code": "71400012345678900412345678"})
}

/// Who it is.
pub fn lookup_answer() -> Value {
    json!({
        "visit": VISIT,
        "name": "Анна К.",
        "tier": {"ru": "Серебро", "en": "Silver"},
        "points": 340,
        "may_spend": true,
        "needs_new_code": false,
        "birthday_near": false,
        "offers": [{"id": "coffee", "title": {"ru": "Двойные баллы за кофе", "en": "Double points for coffee"}}],
        "one_step_away": [],
        "gifts": [{
            "id": GIFT_ID, "gift": "mug", "name": {"ru": "Кружка", "en": "Mug"}, "out_of_stock": true,
            "substitute": {"gift": "bag", "name": {"ru": "Сумка", "en": "Bag"}},
        }],
    })
}

/// A phone to send a link to.
pub fn enrolment_request() -> Value {
    json!({"phone": "+7 900 000-00-00", "language": "ru"})
}

/// A sale to be judged.
pub fn quote_request() -> Value {
    json!({
        "visit": VISIT,
        "lines": [
            {"sku": "4600000000017", "name": "Кофе в зёрнах", "category": "coffee", "quantity": 1000, "amount": 99000},
            {"sku": "4600000000024", "name": "Яблоки", "category": "fruit", "quantity": 1250, "unit": "kg", "amount": 25000},
        ],
        "spend": 100,
    })
}

/// The same sale to be stored.
pub fn commit_request() -> Value {
    let mut sale = quote_request();
    if let Value::Object(fields) = &mut sale {
        fields.insert("shift".to_owned(), json!("118"));
        fields.insert("number".to_owned(), json!("42"));
        fields.insert("at".to_owned(), json!("2026-11-22T14:05:00+03:00"));
    }
    sale
}

/// What it costs and earns.
pub fn quote_answer() -> Value {
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

/// A line that goes back.
pub fn return_request() -> Value {
    json!({
        "shift": "118",
        "number": "R-3",
        "at": "2026-11-23T11:20:00+03:00",
        "lines": [{"position": 1, "quantity": 1250}],
    })
}

/// The same by a till that does not keep our ids.
pub fn named_return_request() -> Value {
    let mut named = return_request();
    if let Value::Object(fields) = &mut named {
        fields.insert("sale".to_owned(), json!({"shift": "118", "number": "42"}));
    }
    named
}

/// What that does.
pub fn return_quote_answer() -> Value {
    json!({
        "lines": [{"position": 1, "quantity": 1250, "refund": 22984}],
        "refund": 22984,
        "restored": 20,
        "spent": 0,
        "taken_back": 11,
        "expired": 0,
        "debt": 0,
        "earned": 0,
        "offers_lost": [],
        "gifts_withdrawn": [],
        "gifts_to_collect": [],
    })
}

/// The return as it is stored.
pub fn return_commit_answer() -> Value {
    let mut returned = return_quote_answer();
    if let Value::Object(fields) = &mut returned {
        fields.insert("id".to_owned(), json!(RETURN_ID));
        fields.insert("sale".to_owned(), json!(RECEIPT_ID));
        fields.insert("shift".to_owned(), json!("118"));
        fields.insert("number".to_owned(), json!("R-3"));
        fields.insert("programme_version".to_owned(), json!(3));
        fields.insert("balance".to_owned(), json!(351));
    }
    returned
}

/// A shift's first receipts.
pub fn receipt_page_answer() -> Value {
    json!({
        "receipts": [
            {
                "id": RECEIPT_ID, "kind": "sale", "shift": "118", "number": "42", "at": "2026-11-22T11:05:00Z",
                "total": 124000, "discount": 0, "paid_by_points": 10000, "money": 114000,
            },
            {
                "id": RETURN_ID, "kind": "return", "shift": "118", "number": "R-3", "at": "2026-11-23T08:20:00Z",
                "total": 25000, "discount": 0, "paid_by_points": 2016, "money": 22984, "sale": RECEIPT_ID,
            },
        ],
        "next": RETURN_ID,
    })
}

/// A receipt that waits.
pub fn parked_answer() -> Value {
    json!({
        "parked": "0199c7f8-2c3d-7b4e-9f50-6b7c8d9e0f1a",
        "waits_for": "time",
        "due_at": "2026-11-23T12:00:00Z",
        "shift": "118",
        "number": "43",
    })
}

/// A sale that is held.
pub fn held_answer() -> Value {
    json!({
        "held": "0199c7f8-2c3d-7b4e-9f50-6b7c8d9e0f1c",
        "waits_for": "review",
        "due_at": null,
        "shift": "118",
        "number": "44",
    })
}

/// The sale as it is looked up later.
pub fn stored_receipt() -> Value {
    let mut stored = commit_answer();
    if let Value::Object(fields) = &mut stored {
        fields.insert("kind".to_owned(), json!("sale"));
        fields.insert("balance".to_owned(), Value::Null);
        fields.insert("at".to_owned(), json!("2026-11-22T11:05:00Z"));
        fields.insert("returns".to_owned(), json!([]));
        fields.insert(
            "goods".to_owned(),
            json!([
                {"position": 0, "sku": "4600000000017", "name": "Кофе в зёрнах", "category": "coffee", "quantity": 1000, "unit": "piece", "amount": 99000},
                {"position": 1, "sku": "4600000000024", "name": "Яблоки", "category": "fruit", "quantity": 1250, "unit": "kg", "amount": 25000},
            ]),
        );
        fields.insert(
            "entries".to_owned(),
            json!([{
                "id": "0199c2d2-6a12-7d11-8a2d-4c3b2d1e0f9b",
                "kind": "spend",
                "points": -100,
                "reason": {"kind": "spend", "points": 100, "money": 10000, "total": 124000},
                "at": "2026-11-22T11:05:01Z",
            }]),
        );
    }
    stored
}

/// A queue of three.
pub fn batch_request() -> Value {
    json!({
        "items": [
            {
                "key": "6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d22",
                "receipt": {
                    "code": "71400012345678900412345678",
                    "shift": "118",
                    "number": "43",
                    "at": "2026-11-22T14:09:00+03:00",
                    "lines": [{"sku": "", "name": "", "category": "grocery", "quantity": 1000, "amount": 50000}],
                },
            },
            {
                "key": "6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d23",
                "return": {
                    "sale": {"shift": "118", "number": "44"},
                    "lines": [{"position": 0, "quantity": 1000}],
                },
            },
            {
                "key": "6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d24",
                "receipt": {
                    "code": "71400012345678900412345678",
                    "shift": "118",
                    "number": "44",
                    "at": "2026-11-22T14:10:00+03:00",
                    "lines": [{"sku": "", "name": "", "category": "grocery", "quantity": 1000, "amount": 50000}],
                },
            },
        ],
    })
}

/// What becomes of it.
pub fn batch_answer() -> Value {
    let mut sale = commit_answer();
    if let Value::Object(fields) = &mut sale {
        fields.insert("number".to_owned(), json!("43"));
    }
    json!({
        "results": [
            {"key": "6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d22", "status": 201, "receipt": sale},
            {
                "key": "6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d23",
                "status": 202,
                "receipt": {
                    "parked": "0199c7f8-2c3d-7b4e-9f50-6b7c8d9e0f1b",
                    "waits_for": "sale",
                    "due_at": null,
                    "shift": "118",
                    "number": "R-4",
                },
            },
            {"key": "6f1c2b1e-4a57-4c58-9a53-0f7f0a3c9d24", "status": 202, "receipt": held_answer()},
        ],
    })
}

/// The sale as it is stored.
pub fn commit_answer() -> Value {
    let mut receipt = quote_answer();
    if let Value::Object(fields) = &mut receipt {
        fields.insert("id".to_owned(), json!(RECEIPT_ID));
        fields.insert("shift".to_owned(), json!("118"));
        fields.insert("number".to_owned(), json!("42"));
        fields.insert("balance".to_owned(), json!(342));
    }
    receipt
}
