//! Every type of problem that the POS API answers, for tills and for the people who read the docs. A type never changes
//! its name, its status or its meaning.

/// A type of problem.
#[derive(Debug)]
pub struct ProblemType {
    /// Stable name: the end of the `type` address.
    pub key: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What it is, the same for each occurrence.
    pub title: &'static str,
    /// What has happened.
    pub meaning: &'static str,
    /// What to do.
    pub todo: &'static str,
}

const fn problem_type(
    key: &'static str,
    status: u16,
    title: &'static str,
    meaning: &'static str,
    todo: &'static str,
) -> ProblemType {
    ProblemType {
        key,
        status,
        title,
        meaning,
        todo,
    }
}

/// What may be wrong with any call.
pub const ANY: &[&str] = &["not-signed-in", "busy", "too-many-requests", "fault"];
/// What may be wrong with the body of any call that has one.
pub const BODY: &[&str] = &[
    "malformed",
    "body-cut-off",
    "body-too-slow",
    "body-too-large",
    "not-json",
    "encoded-body",
    "invalid",
];
/// What may be wrong with a code that was scanned.
pub const SCAN: &[&str] = &[
    "scan-empty",
    "scan-not-digits",
    "scan-other-scheme",
    "scan-wrong-length",
    "scan-check-digit",
    "code-stale",
    "code-wrong",
    "too-many-wrong-codes",
    "code-already-spent",
    "card-unknown",
    "card-blocked",
];
/// What may be wrong with a receipt that is judged.
pub const RECEIPT: &[&str] = &[
    "visit-over",
    "cannot-spend",
    "too-many-points",
    "receipt-too-old",
    "before-programme",
    "store-waiting",
    "card-too-often",
    "phone-just-changed",
];
/// What may be wrong with storing under a key.
pub const STORED: &[&str] = &["key-missing", "key-malformed", "key-reused"];

/// The type of this name.
pub fn find_by_key(key: &str) -> Option<&'static ProblemType> {
    PROBLEM_TYPES.iter().find(|kind| kind.key == key)
}

/// All types, in the order of the docs.
#[rustfmt::skip]
pub static PROBLEM_TYPES: &[ProblemType] = &[
    // The call itself
    problem_type("not-signed-in", 401, "The till's key is missing, unknown or revoked",
        "The Authorization header does not carry the key of a till, or that key was replaced or revoked.",
        "Send `Authorization: Bearer KEY`. Ask whoever runs the programme for a new key; queued receipts keep."),
    problem_type("not-found", 404, "There is no such thing here",
        "The address is no call of this API, or the receipt or gift is unknown to this till's store.",
        "Check the address and the id. Do not repeat the call as it is."),
    problem_type("wrong-method", 405, "The call is made with another method",
        "The address is right, the method is not; the Allow header names those that are.",
        "Use the method of the docs."),
    problem_type("busy", 409, "Others were in the way",
        "Another call works on the same member or under the same key. Nothing of this one is stored; the Retry-After header says when to try again.",
        "Wait that long, then repeat with the same key."),
    problem_type("too-many-requests", 429, "The till sends too fast",
        "The till has used up its requests at this process of the service; the Retry-After header says in how many seconds there are more.",
        "Wait that long, then repeat with the same key."),
    problem_type("fault", 500, "Something failed on our side",
        "A fault of ours. What the call asked for may or may not be stored: a repeat with the same key tells, and stores it once.",
        "Repeat with the same key, later and later each time. Tell us the request id."),
    // The body
    problem_type("malformed", 400, "The body is no JSON",
        "The body cannot be read: a syntax error, broken UTF-8, nesting deeper than 128, or a field that comes twice.",
        "Correct the program that makes the body. Do not repeat the call as it is."),
    problem_type("body-cut-off", 400, "The body ended too early",
        "The connection broke before the whole body was here. Nothing is stored.",
        "Repeat with the same key."),
    problem_type("body-too-slow", 408, "The body came too slowly",
        "The whole body was not here after 30 seconds. Nothing is stored.",
        "Repeat with the same key."),
    problem_type("body-too-large", 413, "The body is too large",
        "The body is larger than the call takes, whatever its contents.",
        "Send fewer lines, or a smaller batch."),
    problem_type("not-json", 415, "The body is not announced as JSON",
        "The Content-Type header is missing or is not `application/json`.",
        "Send `Content-Type: application/json`."),
    problem_type("encoded-body", 415, "The body is compressed",
        "The Content-Encoding header names an encoding. Bodies are taken as they are only.",
        "Send the body without compression and without the header."),
    problem_type("invalid", 422, "The call needs correcting",
        "Fields of the body, or what follows the question mark of the address, are missing, unknown, of another type or out of bounds; `errors` names each, with its line where it has one.",
        "Correct what `errors` names. Do not repeat the call as it is."),
    // Cards and codes
    problem_type("scan-empty", 422, "Nothing was scanned", "The code is empty.", "Scan the card's code."),
    problem_type("scan-not-digits", 422, "The code has other characters than digits",
        "Codes of this programme have digits only.", "Scan again."),
    problem_type("scan-other-scheme", 422, "The code is of another programme",
        "The digits are no code of this programme: another card, or the bar code of goods.",
        "Ask for the card of this programme."),
    problem_type("scan-wrong-length", 422, "The code was not read whole", "Digits are missing or too many.", "Scan again."),
    problem_type("scan-check-digit", 422, "A digit was misread", "The check digit does not fit.", "Scan or type again."),
    problem_type("code-stale", 422, "The code has expired",
        "The rotating code is one or two steps of 30 seconds too old: a photograph, or a screen that slept.",
        "Ask to show the present code."),
    problem_type("code-wrong", 422, "The code does not match",
        "The rotating code is wrong, too old, or of a card that does not exist; the answer does not tell which.",
        "Ask to refresh the card and scan again, or go on with the sale without a card."),
    problem_type("too-many-wrong-codes", 429, "Too many wrong codes",
        "The till has sent five wrong codes or unknown cards within a minute, or this card was tried so often and by this till too. Look-ups, quotes, receipts and items of batches are counted together; the Retry-After header, and `retry_after` of an item, say in how many seconds the till may try again. A receipt of a batch whose code is wrong is stored by the card's number and counts too. Visits and sales without a card go on.",
        "Wait that long, then scan again; keep an item of a batch, wait as long and send it again with the same key."),
    problem_type("card-unknown", 404, "There is no such card",
        "No member has the number of this printed or linear code; a closed account reads so too.", "Go on with the sale without a card."),
    problem_type("card-blocked", 410, "The card is blocked", "The card was replaced.", "Ask for the new card, or go on without."),
    problem_type("visit-over", 422, "The visit is over",
        "More than five minutes have passed since the look-up, the card was blocked, or it was another till.",
        "Scan the card again."),
    problem_type("code-already-spent", 409, "The code was used by another receipt",
        "The first receipt of a code, or of its visit, ends both for spending, even if it only earned. At the same till the code still earns; at another till it does nothing.",
        "Ask to show the next code; it turns every 30 seconds. Or send the receipt of the same till with `spend` `none`."),
    problem_type("cannot-spend", 422, "This form of the card only earns",
        "Printed cards, typed numbers and the EAN earn only, or no card was shown.",
        "Ask for the rotating code on the shopper's screen."),
    // Receipts
    problem_type("too-many-points", 422, "More points than may be spent",
        "The receipt takes fewer points than were asked for; `spendable` says how many.",
        "Ask the shopper, then send `spend` with `spendable` or less."),
    problem_type("key-missing", 400, "The idempotency key is missing",
        "What is stored needs an `Idempotency-Key` header.", "Make a key for each receipt, and keep it for repeats."),
    problem_type("key-malformed", 400, "The idempotency key is malformed",
        "A key has 1 to 255 visible ASCII characters, and there is one.", "Use a UUID."),
    problem_type("key-reused", 422, "The key belongs to another body",
        "The key was used before, with a body of another meaning; the first answer stands.",
        "Repeat the first receipt unchanged, or make a new key for a new receipt."),
    problem_type("receipt-exists", 409, "The receipt is stored already",
        "A receipt of this till, series, shift and number is stored under another key; `receipt` names it.",
        "Take the stored one for this receipt. Number receipts apart if they are two."),
    problem_type("receipt-parked", 409, "The receipt waits already",
        "A receipt with this series, shift and number is parked under another key until its turn comes.",
        "Ask again with the first key."),
    problem_type("parked-refused", 422, "The parked or held receipt was refused",
        "The receipt was parked and turned out wrong when its turn came, or it was held and somebody refused it; `detail` says why.",
        "Let support look at it. Nothing of it is counted."),
    problem_type("spending-needs-link", 422, "Receipts that are sent later only earn",
        "An item of a batch asks to spend points.", "Spend with a link only: quote, then store."),
    problem_type("receipt-too-old", 422, "The receipt is too old",
        "The receipt or the return is older than 400 days.", "Let support correct the member's points."),
    problem_type("before-programme", 422, "The programme had not begun",
        "The receipt is from before the day on which the chain's first programme came into force.",
        "Sell without the programme; check the till's clock if that surprises."),
    problem_type("store-waiting", 422, "The store does not take part yet",
        "The store of this till has not joined the programme.", "Sell without the programme."),
    problem_type("card-too-often", 422, "The card is on too many receipts today",
        "This card is on more receipts of this till today than the programme lets pass. Nothing is stored. A receipt that is sent later and only earns is not refused so but held, with status 202.",
        "Call a senior, or go on with the sale without a card. Do not repeat the call as it is."),
    problem_type("phone-just-changed", 422, "Points cannot be spent so soon after the phone was changed",
        "The member's phone was changed within the hours that the programme names; points stay where they are.",
        "Send the receipt with `spend` `none`."),
    problem_type("gift-handed-over", 409, "The gift was handed over already",
        "Somebody has handed the gift over before.", "Hand nothing over."),
    problem_type("gift-out", 409, "The store has none left of the gift",
        "The store counts the gift and has none left. It stays promised for another day; `substitute` names what may be handed over instead, where there is something.",
        "Offer the substitute and repeat with `substitute`, or let the shopper come again."),
    // Joining
    problem_type("too-soon", 429, "A message was just sent",
        "This phone got a link a moment ago or as often as it may in a day, or this till has sent very many. It says nothing about who has a card. The Retry-After header says when the next may go.",
        "Let the shopper look for the message, or wait."),
    problem_type("no-codes-today", 503, "No more messages are sent today",
        "As many messages were sent today as the operator allows in a day, to whichever phones. It says nothing about who has a card. The Retry-After header says when messages are sent again.",
        "Sell without a card, and let the shopper join on their own phone another day."),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use kopilka_core::usecases::{Error, Refusal};

    use super::super::problem::PosApiProblem;
    use super::*;

    /// Refusals that no call of the POS API can answer.
    const ELSEWHERE: &[&str] = &[
        "code-dead",
        "too-many-codes",
        "codes-paused",
        "sign-in-busy",
        "wrong-password",
        "locked",
        "offer-not-open",
        "birth-date-locked",
        "not-allowed",
        "own-adjustment",
        "own-late-sale",
        "decided",
        "request-outdated",
        "same-account",
        "account-joined",
        "nobody-to-ask",
        "question-over",
        "sum-changed",
        "product-unknown",
        "other-till",
        "queue-unpaired",
        "wrong-pin",
        "other-store",
        "admins-only",
        "browser-unpaired",
        "pairing-wrong",
        "pairing-too-often",
        "no-shift",
        "scanned-too-often",
        "too-many-look-ups",
        "gift-undo-over",
        "claim-taken",
        "claim-over",
        "claim-returned",
        "claim-too-often",
        "blank-unknown",
        "blank-taken",
    ];

    #[test]
    fn names_are_unique_and_groups_hold_known_names() {
        let names: HashSet<&str> = PROBLEM_TYPES.iter().map(|kind| kind.key).collect();
        assert_eq!(names.len(), PROBLEM_TYPES.len());
        for key in [ANY, BODY, SCAN, RECEIPT, STORED].concat() {
            assert!(names.contains(key), "{key}");
        }
    }

    #[test]
    fn every_refusal_of_the_core_is_in_the_docs_with_its_status() {
        for refusal in Refusal::of_each_kind() {
            let key = refusal.key();
            let kind = find_by_key(key);
            assert!(
                kind.is_some() != ELSEWHERE.contains(&key),
                "describe {key} in PROBLEM_TYPES, or name it in ELSEWHERE"
            );
            if let Some(kind) = kind {
                assert_eq!(kind.status, refusal.status(), "{key}");
            }
        }
    }

    #[test]
    fn what_is_answered_elsewhere_is_a_refusal_of_the_core() {
        let keys: HashSet<&str> = Refusal::of_each_kind().map(|each| each.key()).collect();
        for key in ELSEWHERE {
            assert!(keys.contains(key), "{key}");
        }
    }

    #[test]
    fn every_error_of_the_core_is_answered_as_the_docs_say() {
        let key = |error: &Error| match error {
            Error::Invalid(_) => "invalid",
            Error::Refused(refusal) => refusal.key(),
            Error::Busy => "busy",
            Error::Fault(_) => "fault",
        };
        for error in [
            Error::invalid_field("code", "code-missing"),
            Refusal::NotFound.into(),
            Error::Busy,
            Error::Fault("test".to_owned()),
        ] {
            let kind = find_by_key(key(&error)).unwrap();
            assert_eq!(
                PosApiProblem::from(error).into_problem_body(None).status(),
                kind.status
            );
        }
    }
}
