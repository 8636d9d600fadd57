//! Rows that wait to be written in bulk, table by table. The values of each stand in the order of its columns here, and
//! columns that are not named get their default.

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::ledger::Lot;
use kopilka_core::domain::profile::Species;
use kopilka_core::domain::tiers::TierStatus;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::{EntryId, GrantId, LotId, MemberId, ReceiptId, RowId};
use kopilka_core::store::consents::ConsentChangeRow;
use kopilka_core::store::engine::SqlValue;
use kopilka_core::store::engine::bulk::BulkTable;
use kopilka_core::store::identity::series_number;
use kopilka_core::store::ledger::NewLedgerEntry;
use kopilka_core::store::members::MemberRow;
use kopilka_core::store::receipts::{StoredReceiptLine, StoredReceiptRow};
use kopilka_core::store::tiers::TierChangeRow;
use kopilka_core::store::{StoreError, json};

/// A use of an offer by a receipt.
#[derive(Debug, Clone)]
pub struct DemoOfferUseRow {
    /// The receipt.
    pub receipt: ReceiptId,
    /// The offer.
    pub offer: String,
    /// Points that it gave.
    pub points: Points,
    /// Money that it took off.
    pub money: Money,
    /// Time of the use.
    pub at: Instant,
}

macro_rules! tables {
    ($($field:ident = [$($column:literal),+ $(,)?]),+ $(,)?) => {
        /// Rows that wait, by table.
        #[derive(Debug, Default)]
        pub struct Rows {
            $($field: Vec<SqlValue>),+
        }

        impl Rows {
            /// Each table with its values.
            pub fn into_tables(self) -> Vec<(BulkTable, Vec<SqlValue>)> {
                vec![$((
                    BulkTable { name: stringify!($field), columns: &[$($column),+] },
                    self.$field,
                )),+]
            }
        }
    };
}

tables! {
    members = [
        "id", "phone", "first_name", "last_name", "email", "language", "joined_at", "joined_from",
        "joined_store", "birth_year", "birth_month", "birth_day", "birth_changes", "car",
        "rewarded_at", "closed_at",
    ],
    cards = ["number", "short", "member_id", "created_at"],
    consents = [
        "id", "member_id", "channel", "purpose", "granted", "text_version", "at", "ip", "source",
    ],
    member_children = ["id", "member_id", "birth_year", "created_at"],
    member_pets = ["member_id", "species", "count"],
    receipts = [
        "id", "store_id", "till_id", "kind", "shift", "number", "at", "received_at", "member_id",
        "staff_id", "programme_version", "tier", "total", "discount", "paid_by_points",
        "evaluation", "judgement", "sale_id", "kept_total", "kept_points",
        "counted_total", "counted_points", "purchase_total", "series", "series_number",
    ],
    receipt_lines = [
        "receipt_id", "position", "member_id", "sku", "name", "category", "quantity", "unit",
        "amount", "discount", "paid_by_points", "earned",
    ],
    entries = [
        "id", "member_id", "kind", "points", "lot_id", "receipt_id", "programme_version", "reason",
        "author", "at",
    ],
    lots = [
        "id", "member_id", "receipt_id", "earned", "remaining", "created_at", "activates",
        "expires", "state",
    ],
    allocations = ["entry_id", "lot_id", "member_id", "points"],
    accounts = [
        "member_id", "balance", "debt", "tier", "tier_since", "tier_until", "tier_warned_at",
    ],
    tier_changes = [
        "id", "member_id", "from_tier", "to_tier", "cause", "measured", "programme_version",
        "receipt_id", "from_until", "from_warned_at", "at",
    ],
    offer_activations = ["member_id", "offer", "activated_at"],
    offer_uses = ["receipt_id", "offer", "member_id", "points", "money", "at"],
    gift_grants = ["id", "member_id", "offer", "gift", "receipt_id", "granted_at"],
}

/// Adds values to a table.
macro_rules! add {
    ($table:expr; $($value:expr),+ $(,)?) => {
        $table.extend([$(SqlValue::from($value)),+])
    };
}

impl Rows {
    /// A member with a card.
    pub fn add_member(&mut self, row: &MemberRow, card: &str, short: i64) {
        add!(self.members;
            row.id, row.phone.clone(), row.first_name.as_str(), row.last_name.as_str(),
            row.email.as_str(), row.language.as_str(), row.joined_at, row.joined_from.as_str(),
            row.joined_store.as_str(), row.birth_year, row.birth_month, row.birth_day,
            row.birth_changes, row.car.word(), row.rewarded_at, row.closed_at,
        );
        add!(self.cards; card, short, row.id, row.joined_at);
    }

    /// A change of a consent.
    pub fn add_consent(&mut self, id: RowId, member: MemberId, row: &ConsentChangeRow) {
        add!(self.consents;
            id, member, row.subject.channel_word(), row.subject.purpose_word(), row.granted,
            row.text_version.as_str(), row.at, row.ip.as_str(), row.source.as_str(),
        );
    }

    /// A child.
    pub fn add_child(&mut self, id: RowId, member: MemberId, birth_year: i64, at: Instant) {
        add!(self.member_children; id, member, birth_year, at);
    }

    /// Pets of one species.
    pub fn add_pets(&mut self, member: MemberId, species: Species, count: i64) {
        add!(self.member_pets; member, species, count);
    }

    /// A receipt.
    pub fn add_receipt(&mut self, row: StoredReceiptRow) {
        let series_number = series_number(&row.series, &row.number);
        add!(self.receipts;
            row.id, row.store_id, row.till_id, row.kind, row.shift, row.number, row.at,
            row.received_at, row.member_id, row.staff_id, row.programme_version, row.tier,
            row.total, row.discount, row.paid_by_points, row.evaluation, row.judgement,
            row.sale_id, row.kept_total, row.kept_points, row.counted_total, row.counted_points,
            row.purchase_total, row.series, series_number,
        );
    }

    /// A line of a receipt.
    pub fn add_line(&mut self, receipt: ReceiptId, member: MemberId, row: StoredReceiptLine) {
        let StoredReceiptLine {
            position,
            line,
            result,
        } = row;
        add!(self.receipt_lines;
            receipt, position, member, line.sku, line.name, line.category, line.quantity,
            line.unit.as_str(), line.amount, result.discount, result.paid_by_points, result.earned,
        );
    }

    /// A movement of points.
    ///
    /// # Errors
    /// Never in practice.
    pub fn add_entry(&mut self, id: EntryId, entry: &NewLedgerEntry) -> Result<(), StoreError> {
        let reason = json::to_column(&entry.reason)?;
        let author = entry.author.map(|staff| staff.to_string());
        add!(self.entries;
            id, entry.member, entry.kind.as_str(), entry.points, entry.lot, entry.receipt,
            entry.version, reason, author.unwrap_or_default(), entry.at,
        );
        Ok(())
    }

    /// A lot as it is at the end.
    pub fn add_lot(&mut self, member: MemberId, sale: Option<ReceiptId>, lot: &Lot) {
        add!(self.lots;
            lot.id, member, sale, lot.earned, lot.remaining, lot.created, lot.activates,
            lot.expires, lot.state.as_str(),
        );
    }

    /// Adds what an entry took from a lot, or gave back below 0.
    pub fn add_allocation(&mut self, entry: EntryId, lot: LotId, member: MemberId, points: Points) {
        add!(self.allocations; entry, lot, member, points);
    }

    /// An account as it is at the end.
    pub fn add_account(
        &mut self,
        member: MemberId,
        balance: Points,
        debt: Points,
        tier: &TierStatus,
    ) {
        add!(self.accounts;
            member, balance, debt, tier.tier.as_str(), tier.since, tier.until, tier.warned,
        );
    }

    /// A change of a tier.
    pub fn add_tier_change(&mut self, member: MemberId, row: TierChangeRow) {
        add!(self.tier_changes;
            row.id, member, row.from_tier, row.to_tier, row.cause, row.measured,
            row.programme_version, row.receipt_id, row.from_until, row.from_warned_at, row.at,
        );
    }

    /// An offer that is switched on.
    pub fn add_activation(&mut self, member: MemberId, offer: &str, at: Instant) {
        add!(self.offer_activations; member, offer, at);
    }

    /// A use of an offer.
    pub fn add_offer_use(&mut self, member: MemberId, row: DemoOfferUseRow) {
        add!(self.offer_uses; row.receipt, row.offer, member, row.points, row.money, row.at);
    }

    /// A promised gift.
    pub fn add_gift_grant(
        &mut self,
        id: GrantId,
        member: MemberId,
        offer: &str,
        gift: &str,
        receipt: ReceiptId,
        at: Instant,
    ) {
        add!(self.gift_grants; id, member, offer, gift, receipt, at);
    }
}
