//! A chain to test with, over a real database file and a clock that stands still: the demo's rules with what a test
//! changes, one till, members with cards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;
use kopilka_core::clock::{Clock, ManualClock};
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::chain::{StoreStatus, TillKind};
use kopilka_core::domain::codes;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::programme::{FaultSeverity, Programme};
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::domain::returns::ReturnedLinePart;
use kopilka_core::domain::tiers::TierStatus;
use kopilka_core::domain::time::{Instant, add_days, start_of_day};
use kopilka_core::entropy;
use kopilka_core::ids::{MemberId, ReceiptId, StoreId, TillId};
use kopilka_core::secret_key::SecretKey;
use kopilka_core::store::chain::{StoreRow, StoreTimeZone};
use kopilka_core::store::ledger::{self, LedgerEntryRow};
use kopilka_core::store::members::{self, NewMember};
use kopilka_core::store::{PointsChange, Tx, cards, chain, check, programmes, tiers, tills};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, IdempotentRequest, ReturnDraft, ReturnedSaleName, SaleDraft, SaleReceipt,
};
use kopilka_core::usecases::demo;
use kopilka_core::usecases::operation::secret_key;
use kopilka_core::{Kopilka, ServiceConfig};

use crate::place::Place;

pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Moscow;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Noon of a day in Moscow.
pub fn noon(text: &str) -> Instant {
    start_of_day(day(text), ZONE).plus_secs(43_200)
}

/// The end of a day in Moscow.
pub fn night(text: &str) -> Instant {
    start_of_day(add_days(day(text), 1), ZONE)
}

#[derive(Debug, Clone)]
pub struct Member {
    pub id: MemberId,
    pub phone: String,
    pub code: String,
}

/// Lines of a receipt of so many roubles.
pub fn line(roubles: i64) -> Vec<ReceiptLine> {
    vec![ReceiptLine {
        sku: "test".to_owned(),
        name: "Test".to_owned(),
        category: "grocery".to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        amount: Money(roubles * 100),
    }]
}

/// A receipt of so many roubles for whoever is being served.
pub fn of_visit(visit: &str, roubles: i64, spend: PointsToSpend) -> SaleDraft {
    SaleDraft {
        visit: Some(visit.to_owned()),
        code: None,
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: line(roubles),
        spend,
    }
}

/// Sent under this key.
pub fn sent(key: &str) -> IdempotentRequest {
    IdempotentRequest {
        key: key.to_owned(),
        bytes_hash: None,
        body_hash: Vec::new(),
    }
}

pub struct Chain {
    pub k: Kopilka,
    pub clock: Arc<ManualClock>,
    pub till: TillContext,
    place: Place,
    sold: AtomicU64,
}

async fn service(place: &Place, clock: &Arc<ManualClock>) -> Kopilka {
    let db = place.open().await;
    let config = ServiceConfig {
        host: "test.example".to_owned(),
        demo: true,
    };
    // Processes over one database have one key.
    let key = SecretKey::from_bytes(&[7; 32]).unwrap();
    secret_key::register_key(&db, &key).await.unwrap();
    Kopilka::new(db, Arc::<ManualClock>::clone(clock), config).with_secret_key(key)
}

async fn insert_till(
    tx: &mut Tx,
    store: StoreId,
    name: &str,
    key: &str,
    now: Instant,
) -> TillContext {
    let hash = entropy::hash_token(key);
    let id = TillId::new();
    tills::insert(tx, id, store, name, TillKind::Pos, Some(hash.clone()), now)
        .await
        .unwrap();
    let till = tills::find_by_key(tx, hash, now).await.unwrap().unwrap();
    TillContext { till, staff: None }
}

impl Chain {
    /// A chain whose programme is in force from noon of `since`.
    pub async fn open(since: &str, change: impl FnOnce(&mut Programme)) -> Self {
        let place = Place::new();
        let clock = Arc::new(ManualClock::starting_at(noon(since)));
        let k = service(&place, &clock).await;
        let mut programme = demo::programme().unwrap();
        // Offers would blur the figures of these tests.
        programme.offers.clear();
        programme.codes.fixed.spend = true;
        change(&mut programme);
        let faults = programme.validate();
        assert!(
            faults
                .iter()
                .all(|fault| fault.severity == FaultSeverity::Warning),
            "{faults:?}"
        );
        let now = k.now();
        let mut tx = k.db.write_test_data().await.unwrap();
        programmes::insert(&mut tx, &programme, now, now)
            .await
            .unwrap();
        let store = StoreRow {
            id: StoreId::new(),
            code: "test".to_owned(),
            name: "Test".to_owned(),
            address: "Test".to_owned(),
            status: StoreStatus::Active,
            time_zone: StoreTimeZone::default(),
        };
        chain::insert_store(&mut tx, &store).await.unwrap();
        let till = insert_till(&mut tx, store.id, "Test till", "test-key", now).await;
        tx.commit().await.unwrap();
        Self {
            k,
            clock,
            till,
            place,
            sold: AtomicU64::new(0),
        }
    }

    /// Another till in the store of the first.
    pub async fn another_till(&self, name: &str) -> TillContext {
        let mut tx = self.k.db.write_test_data().await.unwrap();
        let till = insert_till(&mut tx, self.till.till.store_id, name, name, self.k.now()).await;
        tx.commit().await.unwrap();
        till
    }

    /// Where the test's files are.
    pub fn folder(&self) -> &std::path::Path {
        self.place.path()
    }

    /// Another process over the same database, with the same clock.
    pub async fn another_process(&self) -> Kopilka {
        service(&self.place, &self.clock).await
    }

    /// News of members from now on.
    pub async fn listen(&self) -> tokio::sync::broadcast::Receiver<PointsChange> {
        let mut news = self.k.listen();
        if self.place.url().is_some() {
            // PostgreSQL is heard from here on; what was before may have been missed.
            assert_eq!(news.recv().await.unwrap(), PointsChange::Missed);
        }
        news
    }

    pub fn set(&self, now: Instant) {
        self.clock.set_time(now);
    }

    pub fn later(&self, seconds: i64) {
        self.clock.set_time(self.clock.now().plus_secs(seconds));
    }

    pub async fn member(&self, number: u64) -> Member {
        let id = MemberId::new();
        let phone = format!("+7900{number:07}");
        let now = self.k.now();
        let mut tx = self.k.db.write_test_data().await.unwrap();
        let new = NewMember {
            id,
            phone: &phone,
            first_name: "Test",
            last_name: "",
            language: "ru",
            from: "",
            store: "",
        };
        members::insert(&mut tx, &new, now).await.unwrap();
        ledger::open_account(&mut tx, id, "start", now)
            .await
            .unwrap();
        let card = CardNumber::from_random(number);
        let short = i64::try_from(number).unwrap() + 1_000;
        assert!(
            cards::insert(&mut tx, card.as_str(), short, id, now)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        Member {
            id,
            phone,
            code: codes::static_payload(&card),
        }
    }

    pub async fn buy(&self, member: &Member, roubles: i64, spend: PointsToSpend) -> SaleReceipt {
        let number = self.sold.fetch_add(1, Ordering::SeqCst).to_string();
        let draft = SaleDraft {
            visit: None,
            code: Some(member.code.clone()),
            series: None,
            shift: Some("1".to_owned()),
            number: Some(number.clone()),
            at: None,
            lines: line(roubles),
            spend,
        };
        let committed = receipts::commit_sale(&self.k, &self.till, &draft, &sent(&number))
            .await
            .unwrap();
        committed.receipt().unwrap()
    }

    /// Buys for money alone; the receipt.
    pub async fn sell(&self, member: &Member, roubles: i64) -> ReceiptId {
        self.buy(member, roubles, PointsToSpend::None).await.id
    }

    /// The whole receipt of one line goes back.
    pub async fn take_back(&self, sale: ReceiptId) {
        let number = self.sold.fetch_add(1, Ordering::SeqCst).to_string();
        let draft = ReturnDraft {
            sale: ReturnedSaleName::Id(sale),
            series: None,
            shift: Some("1".to_owned()),
            number: Some(number.clone()),
            at: None,
            lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
        };
        receipts::commit_return(&self.k, &self.till, &draft, &sent(&number))
            .await
            .unwrap();
    }

    pub async fn standing(&self, member: &Member) -> TierStatus {
        let mut tx = self.k.db.read().await.unwrap();
        tiers::load_tier_status(&mut tx, member.id).await.unwrap()
    }

    /// From tier, to tier and cause of each change, oldest first.
    pub async fn changes(&self, member: &Member) -> Vec<(String, String, String)> {
        let mut tx = self.k.db.read().await.unwrap();
        let mut rows = tiers::list_changes(&mut tx, member.id, 100).await.unwrap();
        rows.reverse();
        rows.into_iter()
            .map(|row| (row.from_tier, row.to_tier, row.cause.as_str().to_owned()))
            .collect()
    }

    /// Entries of a kind, oldest first.
    pub async fn entries(&self, member: &Member, kind: &str) -> Vec<LedgerEntryRow> {
        let mut tx = self.k.db.read().await.unwrap();
        let mut rows = ledger::list_entries(&mut tx, member.id, None, 1_000)
            .await
            .unwrap();
        rows.reverse();
        rows.retain(|row| row.kind.as_str() == kind);
        rows
    }

    /// The ledger adds up.
    pub async fn check(&self) {
        let mut tx = self.k.db.scan().await.unwrap();
        let findings = check::findings(&mut tx).await.unwrap();
        assert_eq!(findings.told, Vec::<String>::new());
    }
}
