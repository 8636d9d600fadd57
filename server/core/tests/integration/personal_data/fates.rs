//! What becomes of each table that may name a person: when an account is closed, in the export, with time.

/// How a row is found by its member.
#[derive(Debug, Clone, Copy)]
pub enum Found {
    /// By this condition, in which `$1` is the member's id.
    Member(&'static str),
    /// By this condition, in which `$1` is the member's phone.
    Phone(&'static str),
    /// Not at all: the row leads to nobody.
    Nobody,
}

/// What becomes of rows when the account is closed.
#[derive(Debug, Clone, Copy)]
pub enum Erasure {
    /// No row is found by the member any more.
    Gone,
    /// The row stays, and these columns are empty.
    Emptied(&'static [&'static str]),
    /// The row stays as it is, because.
    Kept(&'static str),
}

/// Whether the member's export has it.
#[derive(Debug, Clone, Copy)]
pub enum Export {
    /// Under this key of the JSON.
    As(&'static str),
    /// It has not, because.
    Not(&'static str),
}

/// Whether rows go with time.
#[derive(Debug, Clone, Copy)]
pub enum Pruning {
    /// After so long.
    After(&'static str),
    /// They stay, because.
    Never(&'static str),
}

/// A table and what becomes of its rows.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    pub table: &'static str,
    pub found: Found,
    pub erasure: Erasure,
    pub export: Export,
    pub pruning: Pruning,
}

const fn fate(
    table: &'static str,
    found: Found,
    erasure: Erasure,
    export: Export,
    pruning: Pruning,
) -> Fate {
    Fate {
        table,
        found,
        erasure,
        export,
        pruning,
    }
}

use Erasure::{Emptied, Gone, Kept};
use Export::{As, Not};
use Found::{Member, Nobody, Phone};
use Pruning::{After, Never};

const OWN: Found = Member("member_id = $1");
const BY_PHONE: Found = Phone("phone = $1");
const BY_CHALLENGE: Found = Phone("challenge_id IN (SELECT id FROM challenges WHERE phone = $1)");

const LEDGER: Erasure = Kept("the ledger stays, under an id that leads to nobody");
const WHOSE_LEDGER: Pruning = Never("the ledger adds up from its first entry");
const WORKING: Export = Not("how the programme works with it, nothing that the member told or got");
const IN_ENTRIES: Export = Not("its points are in the export as entries, with their reasons");
const SECRET: Export = Not("a secret, or its hash");
const LIMIT: Export = Not("counts tries for a limit");
const DAY: Pruning = After("a day");
const HOUR: Pruning = After("an hour");

/// Each table with a member's id or phone. One that is missing, and one that is not there, fail a test.
#[rustfmt::skip]
pub const FATES: &[Fate] = &[
    // The person
    fate("members", Member("id = $1"),
        Emptied(&["phone", "first_name", "last_name", "email", "joined_from", "joined_store", "birth_year",
            "birth_month", "birth_day", "car", "phone_changed_at"]),
        As("first_name"), Never("its id holds the ledger together")),
    fate("member_children", OWN, Gone, As("children_birth_years"), Never("it is the member's until they remove it")),
    fate("member_pets", OWN, Gone, As("pets"), Never("it is the member's until they remove it")),
    fate("cards", OWN, Gone, As("card"), Never("a card lasts as long as its account")),
    fate("devices", OWN, Emptied(&["secret", "name"]), Not("the page of settings lists them and ends each"),
        Never("used codes and answers name the device")),
    fate("former_secrets", OWN, Gone, SECRET, After("two steps of a code")),
    fate("consents", OWN, Emptied(&["ip"]), As("consents"), Never("a proof of what was agreed to")),
    // Joining, codes and messages
    fate("challenges", BY_PHONE, Gone, SECRET, DAY),
    fate("challenge_tokens", BY_CHALLENGE, Gone, SECRET, DAY),
    fate("earlier_codes", BY_CHALLENGE, Gone, SECRET, DAY),
    fate("code_sends", BY_PHONE, Gone, LIMIT, After("two hours")),
    fate("wrong_one_time_codes", BY_PHONE, Gone, LIMIT, After("two hours")),
    fate("guessed_phones", BY_PHONE, Gone, LIMIT, After("30 days")),
    fate("enrolments", BY_PHONE, Gone, SECRET, DAY),
    fate("till_enrolments", OWN, Gone, WORKING, DAY),
    fate("invitations", BY_PHONE, Gone, SECRET, DAY),
    fate("outbox", Phone("recipient = $1"), Gone, Not("the member has it as a message"), After("seven days")),
    fate("card_tries", OWN, Gone, LIMIT, HOUR),
    // At the till
    fate("visits", OWN, Kept("it is over at once, and goes with time"), WORKING, After("14 days")),
    fate("spent_codes", OWN, Kept("a code is used once; it names a device and a number of half minutes"), WORKING,
        After("400 days, the age of the oldest receipt")),
    fate("radar_lifts", OWN, Gone, WORKING, DAY),
    fate("confirmations", OWN, Gone, WORKING, After("a day, unless a receipt has used it")),
    fate("audit", OWN, Kept("what staff did, under an id that leads to nobody"), Not("it is about the staff"),
        After("as many days as the programme says")),
    fate("claims", Member("claimed_by = $1"), LEDGER, WORKING,
        Never("a claimed receipt stays claimed; a code that nobody has used goes 30 days after its end")),
    fate("claim_tries", Member("device_id IN (SELECT id FROM devices WHERE member_id = $1)"), Gone, LIMIT, HOUR),
    fate("blank_cards", Nobody, Kept("nobody's"), Not("nobody's"), Never("a printed card waits for its shopper")),
    // Receipts and the ledger
    fate("receipts", OWN, LEDGER, As("purchases"), WHOSE_LEDGER),
    fate("receipt_lines", OWN, LEDGER, Not("the shopper has the receipt itself"), WHOSE_LEDGER),
    fate("idempotency", Member("receipt_id IN (SELECT id FROM receipts WHERE member_id = $1)"),
        Kept("a till that asks again gets the same answer; it names nobody"), Not("the till's answer"), WHOSE_LEDGER),
    fate("parked", OWN, Gone, Not("it is stored as a receipt, or as nothing"),
        Never("whoever sends it again is told what became of it")),
    fate("entries", OWN, LEDGER, As("points"), WHOSE_LEDGER),
    fate("allocations", OWN, LEDGER, IN_ENTRIES, WHOSE_LEDGER),
    fate("lots", OWN, LEDGER, IN_ENTRIES, WHOSE_LEDGER),
    fate("accounts", OWN, LEDGER, As("tier"), WHOSE_LEDGER),
    fate("adjustments", OWN, LEDGER, IN_ENTRIES, WHOSE_LEDGER),
    // Levels, offers, gifts
    fate("tier_changes", OWN, LEDGER, As("tier_changes"), WHOSE_LEDGER),
    fate("offer_activations", OWN, Gone, Not("the page of offers shows what is switched on"),
        Never("an offer stays switched on until its end")),
    fate("offer_members", OWN, Gone, As("offer_lists"),
        Never("a list stays until the chain empties it")),
    fate("offer_uses", OWN, LEDGER, IN_ENTRIES, WHOSE_LEDGER),
    fate("gift_grants", OWN, LEDGER, Not("the card shows what is promised"), WHOSE_LEDGER),
    // One person, several accounts
    fate("earlier_uses", OWN, Gone, As("used_in_earlier_accounts"), Never("once for a person, as long as they are a member")),
    fate("former_phones", OWN, Gone, SECRET, After("as many days as rejoining counts, and one")),
    fate("once_only_uses", Nobody, Kept("a keyed hash of a phone, so that what is given once is"), SECRET,
        After("its own end")),
    fate("closed_account_debts", Nobody, Kept("a keyed hash of a phone, so that a debt outlives its account"), SECRET,
        After("its own end")),
    fate("closed_account_successors", OWN, Gone, WORKING, After("its own end")),
    fate("merged_accounts", OWN, LEDGER, WORKING, WHOSE_LEDGER),
    fate("account_merges", OWN, LEDGER, WORKING, WHOSE_LEDGER),
    fate("support_requests", OWN, Gone, Not("it is about the staff"), After("30 days, where nobody has decided")),
];
