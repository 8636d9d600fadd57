//! A chain with one till, a clock to move, and members to sell to.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::super::*;
use crate::clock::{Clock, ManualClock};
use crate::domain::actor::Actor;
use crate::domain::amounts::{Money, Points, Quantity};
use crate::domain::card::CardNumber;
use crate::domain::codes;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::ledger::EntryKind;
use crate::domain::programme::Programme;
use crate::domain::reason::EntryReason;
use crate::domain::receipt::{ReceiptKind, ReceiptLine, Unit};
use crate::domain::returns::ReturnedLinePart;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{MemberId, ReceiptId};
use crate::service::{Kopilka, ServiceConfig};
use crate::store::engine::sql;
use crate::store::identity::ReceiptIdentity;
use crate::store::members::NewMember;
use crate::store::{Database, devices, offers, receipts, tills};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::till;
use crate::usecases::loyalty::posting::{LedgerPosting, NewPointsLot};
use crate::usecases::operation::backups::restore_backup;
use crate::usecases::sign_up::enrolment;
use crate::usecases::{Error, demo};

mod looking;
mod programme;

use kopilka_testing::place::Place;
pub use programme::{programme, recalculating};

/// Noon in Moscow, 22 November 2026.
pub const START: Instant = Instant(1_795_338_000_000_000);

/// Opens the database of a place: [`Place::open`] would open it with the library as others see it.
pub async fn open(place: &Place) -> Database {
    match place.url() {
        None => Database::open(&place.path().join("kopilka.db"))
            .await
            .unwrap(),
        Some(url) => Database::connect(url).await.unwrap(),
    }
}

/// A running chain.
pub struct Rig {
    pub k: Kopilka,
    pub clock: Arc<ManualClock>,
    pub till: TillContext,
    pub numbers: AtomicI64,
    pub runtime: tokio::runtime::Runtime,
    // The data go with it.
    _place: Place,
}

/// A member with a card.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: MemberId,
    pub card: CardNumber,
}

impl Rig {
    pub fn new(hold_days: u32) -> Self {
        Self::with(&programme(hold_days))
    }

    /// A chain of this programme.
    pub fn with(programme: &Programme) -> Self {
        // One thread: histories are one statement after another, and waking another thread for each costs more than it.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let place = Place::new();
        let clock = Arc::new(ManualClock::starting_at(START));
        let (k, till) = runtime.block_on(async {
            let db = open(&place).await;
            let config = ServiceConfig {
                host: "test".to_owned(),
                demo: true,
            };
            let outside = Arc::<ManualClock>::clone(&clock);
            let key = crate::secret_key::SecretKey::generate().unwrap();
            let k = Kopilka::new(db, outside, config).with_secret_key(key);
            let till = demo::open_demo_chain(&k, programme, START.plus_days(-500))
                .await
                .unwrap();
            (k, till)
        });
        Self {
            k,
            clock,
            till,
            numbers: AtomicI64::new(1),
            runtime,
            _place: place,
        }
    }

    /// A chain as a backup has it; its till is that of the demo.
    pub fn restored(backup: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let place = Place::new();
        let clock = Arc::new(ManualClock::starting_at(START));
        let (k, till) = runtime.block_on(async {
            let db = open(&place).await;
            let config = ServiceConfig {
                host: "test".to_owned(),
                demo: true,
            };
            let outside = Arc::<ManualClock>::clone(&clock);
            let k = Kopilka::new(db, outside, config);
            let operator = &Actor::OPERATOR;
            restore_backup(&k, operator, backup, false).await.unwrap();
            let mut tx = k.db.read().await.unwrap();
            let key = entropy::hash_token(demo::TILL_KEY);
            let till = tills::find_by_key(&mut tx, key, START)
                .await
                .unwrap()
                .unwrap();
            drop(tx);
            (k, TillContext { till, staff: None })
        });
        Self {
            k,
            clock,
            till,
            numbers: AtomicI64::new(1_000),
            runtime,
            _place: place,
        }
    }

    /// The member of a sale without a series.
    pub async fn member_of(&self, shift: &str, number: &str) -> Member {
        self.member_of_series("", shift, number).await
    }

    /// The member of a sale.
    pub async fn member_of_series(&self, series: &str, shift: &str, number: &str) -> Member {
        let mut tx = self.k.db.read().await.unwrap();
        let till = self.till.till.id;
        let sale = receipts::find_by_identity(
            &mut tx,
            till,
            ReceiptIdentity {
                series,
                shift,
                number,
            },
            ReceiptKind::Sale,
        )
        .await;
        let sale = receipts::find_by_id(&mut tx, sale.unwrap().unwrap())
            .await
            .unwrap();
        let id = sale.unwrap().member_id.unwrap();
        let card: String = sql("SELECT number FROM cards WHERE member_id = $1")
            .bind(id)
            .fetch_value(&mut tx)
            .await
            .unwrap();
        let card = CardNumber::parse(&card).unwrap();
        Member { id, card }
    }

    pub fn wait_days(&self, days: i64) {
        self.clock.set_time(self.clock.now().plus_days(days));
    }

    fn next(&self) -> i64 {
        self.numbers.fetch_add(1, Ordering::SeqCst)
    }

    /// A member with `points` that never expire.
    pub async fn member(&self, points: i64) -> Member {
        let phone = format!("+7999{:07}", self.next());
        let mut tx = self.k.db.write_test_data().await.unwrap();
        let rules = self.k.current_rules(&mut tx).await.unwrap();
        let id = MemberId::new();
        let new = NewMember {
            id,
            phone: &phone,
            first_name: "Тест",
            last_name: "",
            language: "ru",
            from: "",
            store: "",
        };
        let now = self.k.now();
        let card = enrolment::create_member(&mut tx, &new, &rules, now)
            .await
            .unwrap();
        let posting = LedgerPosting::new(id, &rules, now);
        let points = Points(points);
        let lot = NewPointsLot {
            points,
            activates: now,
            expires: None,
            sale: None,
        };
        let reason = EntryReason::ProfileCompleted { points };
        posting
            .bring_in(&mut tx, EntryKind::Earn, lot, &[(points, reason)])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Member { id, card }
    }

    pub fn sent(&self) -> IdempotentRequest {
        IdempotentRequest {
            key: format!("key-{}", self.next()),
            bytes_hash: None,
            body_hash: vec![1],
        }
    }

    pub fn draft(
        &self,
        member: &Member,
        lines: Vec<ReceiptLine>,
        spend: PointsToSpend,
    ) -> SaleDraft {
        SaleDraft {
            visit: None,
            code: Some(format!("70{}", member.card.as_str())),
            series: None,
            shift: Some("1".to_owned()),
            number: Some(self.next().to_string()),
            at: None,
            lines,
            spend,
        }
    }

    pub fn return_draft(&self, sale: ReceiptId, lines: Vec<ReturnedLinePart>) -> ReturnDraft {
        ReturnDraft {
            sale: ReturnedSaleName::Id(sale),
            series: None,
            shift: Some("1".to_owned()),
            number: Some(self.next().to_string()),
            at: None,
            lines,
        }
    }

    /// Sells, having quoted the same.
    pub async fn sell(
        &self,
        member: &Member,
        lines: Vec<ReceiptLine>,
        spend: PointsToSpend,
    ) -> SaleReceipt {
        let draft = self.draft(member, lines, spend);
        let quoted = quote_sale(&self.k, &self.till, &draft).await.unwrap();
        let sent = self.sent();
        let done = commit_sale(&self.k, &self.till, &draft, &sent)
            .await
            .unwrap();
        let receipt = done.receipt().unwrap();
        assert_eq!(receipt.quote.evaluation, quoted.evaluation);
        let again = commit_sale(&self.k, &self.till, &draft, &sent)
            .await
            .unwrap();
        assert_eq!(
            (again.answer, again.outcome),
            (done.answer, CommitOutcome::Repeated)
        );
        receipt
    }

    /// Sells to somebody without a card: the receipt, having checked that a repeat has the same claim code.
    pub async fn sell_to_nobody(&self, lines: Vec<ReceiptLine>) -> SaleReceipt {
        let draft = SaleDraft {
            visit: None,
            code: None,
            series: None,
            shift: Some("1".to_owned()),
            number: Some(self.next().to_string()),
            at: None,
            lines,
            spend: PointsToSpend::None,
        };
        let sent = self.sent();
        let done = commit_sale(&self.k, &self.till, &draft, &sent)
            .await
            .unwrap();
        let again = commit_sale(&self.k, &self.till, &draft, &sent)
            .await
            .unwrap();
        assert_eq!(
            (again.answer, again.outcome),
            (done.answer.clone(), CommitOutcome::Repeated)
        );
        done.receipt().unwrap()
    }

    /// The member on a device of their own.
    pub async fn shopper(&self, member: &Member) -> Shopper {
        let mut tx = self.k.db.write_test_data().await.unwrap();
        let now = self.k.now();
        let opened = session::open_device(&mut tx, member.id, "test", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Shopper {
            member: member.id,
            device: opened.device,
            language: "ru".to_owned(),
        }
    }

    /// The code that the member's device, opened for this, shows now.
    pub async fn turning_code(&self, member: &Member) -> String {
        let shopper = self.shopper(member).await;
        let mut tx = self.k.db.read().await.unwrap();
        let devices = devices::list_of_member(&mut tx, member.id).await.unwrap();
        let device = devices.iter().find(|each| each.id == shopper.device);
        let step = codes::step_of(self.k.now());
        let code = codes::totp(&device.unwrap().secret, step);
        codes::rotating_payload(&member.card, &code)
    }

    /// Takes lines back, having quoted the same.
    pub async fn take_back(
        &self,
        sale: ReceiptId,
        lines: Vec<ReturnedLinePart>,
    ) -> Result<ReturnReceipt, Error> {
        let draft = self.return_draft(sale, lines);
        let quoted = quote_return(&self.k, &self.till, &draft).await;
        let sent = self.sent();
        let done = commit_return(&self.k, &self.till, &draft, &sent).await?;
        let returned = done.returned().unwrap();
        assert_eq!(returned.effect, quoted.unwrap());
        let again = commit_return(&self.k, &self.till, &draft, &sent)
            .await
            .unwrap();
        assert_eq!(
            (again.answer, again.outcome),
            (done.answer, CommitOutcome::Repeated)
        );
        Ok(returned)
    }

    /// Hands the member's gifts over.
    pub async fn hand_gifts_over(&self, member: &Member) {
        let mut tx = self.k.db.read().await.unwrap();
        let grants = offers::list_waiting_gifts(&mut tx, member.id)
            .await
            .unwrap();
        drop(tx);
        for grant in grants {
            till::hand_over_gift(&self.k, &self.till, grant.id, None)
                .await
                .unwrap();
        }
    }
}

pub fn line(category: &str, pieces: i64, roubles: i64) -> ReceiptLine {
    ReceiptLine {
        sku: String::new(),
        name: String::new(),
        category: category.to_owned(),
        quantity: Quantity(pieces * 1_000),
        unit: Unit::Piece,
        amount: Money(roubles * 100),
    }
}

pub fn back(position: usize, pieces: i64) -> ReturnedLinePart {
    ReturnedLinePart::of_quantity(position, Quantity(pieces * 1_000))
}
