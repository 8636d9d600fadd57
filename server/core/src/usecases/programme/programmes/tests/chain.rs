//! A chain of one store for tests, and what it sells to members who are visibly made up.

use std::sync::Arc;

use super::super::*;
use crate::clock::ManualClock;
use crate::domain::actor::Actor;
use crate::domain::amounts::{BasisPoints, Money, Quantity};
use crate::domain::chain::{StoreStatus, TillKind};
use crate::domain::codes;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::programme::Tier;
use crate::domain::receipt::{ReceiptLine, Unit};
use crate::domain::returns::ReturnedLinePart;
use crate::entropy;
use crate::ids::{MemberId, StoreId, TillId};
use crate::service::ServiceConfig;
use crate::store::chain::{StoreRow, StoreTimeZone};
use crate::store::members::NewMember;
use crate::store::tills;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::receipts::tests::rig::open;
use crate::usecases::checkout::receipts::{
    IdempotentRequest, ReturnDraft, ReturnedSaleName, SaleDraft, SaleReceipt, commit_return,
    commit_sale,
};
use crate::usecases::sign_up::enrolment;
use kopilka_testing::place::Place;

pub const DOCUMENT: &str = include_str!("../../../../../demo/programme.toml");

/// A chain of one store over a database of its own.
pub struct Chain {
    pub k: Kopilka,
    pub clock: Arc<ManualClock>,
    at_till: TillContext,
    // The data go with it.
    _place: Place,
}

pub fn at(text: &str) -> Instant {
    parse_start(text, Tz::Europe__Moscow).unwrap()
}

/// The demo's programme without offers: 3 % for everyone, 5 % from 15 000 ₽ on.
pub fn plain() -> Programme {
    let mut programme = read_document(DOCUMENT, None).programme.unwrap();
    programme.offers.clear();
    programme.gifts.clear();
    programme
}

pub fn rate(mut programme: Programme, rate: u32) -> Programme {
    let mut tiers: Vec<Tier> = programme.tiers.into();
    tiers[0].rate = BasisPoints(rate);
    programme.tiers = tiers.try_into().unwrap();
    programme
}

impl Chain {
    /// Opened on 1 November 2026, the plain programme in force from that day on.
    pub async fn open() -> Self {
        let place = Place::new();
        let db = open(&place).await;
        let clock = Arc::new(ManualClock::starting_at(at("2026-11-01")));
        let config = ServiceConfig {
            host: String::new(),
            demo: false,
        };
        let k = Kopilka::new(db, Arc::<ManualClock>::clone(&clock), config);
        let mut tx = k.db.write_test_data().await.unwrap();
        let store = StoreRow {
            id: StoreId::new(),
            code: "center".to_owned(),
            name: "Test".to_owned(),
            address: "Test".to_owned(),
            status: StoreStatus::Active,
            time_zone: StoreTimeZone::default(),
        };
        chain::insert_store(&mut tx, &store).await.unwrap();
        let hash = entropy::hash_token("test");
        let key = Some(hash.clone());
        tills::insert(
            &mut tx,
            TillId::new(),
            store.id,
            "1",
            TillKind::Pos,
            key,
            k.now(),
        )
        .await
        .unwrap();
        let till = tills::find_by_key(&mut tx, hash, k.now())
            .await
            .unwrap()
            .unwrap();
        tx.commit().await.unwrap();
        let chain = Self {
            k,
            clock,
            at_till: TillContext { till, staff: None },
            _place: place,
        };
        let first = apply_document(&chain.k, &Actor::OPERATOR, &plain(), None, false)
            .await
            .unwrap();
        assert!(matches!(
            first,
            ProgrammeApplyOutcome::Version { version: 1, .. }
        ));
        chain
    }

    /// A new member's static code.
    pub async fn member(&self, phone: &str) -> String {
        let mut tx = self.k.db.write_test_data().await.unwrap();
        let rules = self.k.current_rules(&mut tx).await.unwrap();
        let new = NewMember {
            id: MemberId::new(),
            phone,
            first_name: "Test",
            last_name: "",
            language: "ru",
            from: "test",
            store: "center",
        };
        let card = enrolment::create_member(&mut tx, &new, &rules, self.k.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        codes::static_payload(&card)
    }

    /// Sells goods for so many roubles at a time, which becomes the present.
    pub async fn sell(&self, code: &str, time: &str, roubles: i64) -> SaleReceipt {
        self.clock.set_time(at(time));
        self.post(code, time, roubles).await
    }

    /// Posts a receipt of a time that may be over.
    pub async fn post(&self, code: &str, time: &str, roubles: i64) -> SaleReceipt {
        self.post_goods(code, time, "grocery", roubles).await
    }

    /// Posts a receipt of one line: its category and what it costs in roubles.
    pub async fn post_goods(
        &self,
        code: &str,
        time: &str,
        category: &str,
        roubles: i64,
    ) -> SaleReceipt {
        let draft = SaleDraft {
            visit: None,
            code: Some(code.to_owned()),
            series: None,
            shift: None,
            number: None,
            at: Some(at(time)),
            lines: vec![ReceiptLine {
                sku: "test".to_owned(),
                name: "Test".to_owned(),
                category: category.to_owned(),
                quantity: Quantity::ONE,
                unit: Unit::Piece,
                amount: Money(roubles * 100),
            }],
            spend: PointsToSpend::None,
        };
        let done = commit_sale(&self.k, &self.at_till, &draft, &sent())
            .await
            .unwrap();
        done.receipt().unwrap()
    }

    /// Takes all of a sale of one line back, now.
    pub async fn give_back(&self, sale: &SaleReceipt) {
        let draft = ReturnDraft {
            sale: ReturnedSaleName::Id(sale.id),
            series: None,
            shift: None,
            number: None,
            at: None,
            lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
        };
        commit_return(&self.k, &self.at_till, &draft, &sent())
            .await
            .unwrap();
    }
}

fn sent() -> IdempotentRequest {
    IdempotentRequest {
        key: entropy::random_token().unwrap(),
        bytes_hash: None,
        body_hash: Vec::new(),
    }
}
