//! A store with a browser till, another store, and people who work there, over the chain of the other tests.

use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::chain::{StoreStatus, TillKind};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::domain::roles::Role;
use kopilka_core::entropy;
use kopilka_core::ids::{RowId, StaffId, StoreId, TillId};
use kopilka_core::store::audit::{self, AuditLogFilter, AuditLogRow};
use kopilka_core::store::chain::{self as staff_rows, StoreRow, StoreTimeZone};
use kopilka_core::store::tills;
use kopilka_core::usecases::access::pairing::{self, PairedBrowser};
use kopilka_core::usecases::access::staff::{self, Cashier, TillPresence};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{self, IdempotentRequest, SaleDraft, SaleReceipt};
use kopilka_core::usecases::checkout::till;
use kopilka_core::usecases::{Error, Refusal};

use crate::chain::{Chain, Member};

pub const KEY: &str = "browser-key";
pub const PASSWORD: &str = "test-password";

/// People of the tests: login, role, PIN, till.
const PEOPLE: [(&str, Role, &str, Option<&str>); 5] = [
    ("olga", Role::Cashier, "2580", Some("Browser till")),
    ("ilya", Role::Cashier, "3690", Some("Browser till")),
    ("boss", Role::Administrator, "1470", Some("Browser till")),
    ("floater", Role::Cashier, "9513", None),
    ("stranger", Role::Cashier, "7530", Some("Far till")),
];

pub struct Counter {
    pub chain: Chain,
    pub till: TillId,
}

impl Counter {
    pub async fn open(change: impl FnOnce(&mut Programme)) -> Self {
        let chain = Chain::open("2026-03-02", change).await;
        let (k, now) = (&chain.k, chain.k.now());
        let mut tx = k.db.write_test_data().await.unwrap();
        let store = chain.till.till.store_id;
        let till = TillId::new();
        let key = Some(entropy::hash_token(KEY));
        tills::insert(
            &mut tx,
            till,
            store,
            "Browser till",
            TillKind::Browser,
            key,
            now,
        )
        .await
        .unwrap();
        let far = StoreRow {
            id: StoreId::new(),
            code: "far".to_owned(),
            name: "Far".to_owned(),
            address: "Far".to_owned(),
            status: StoreStatus::Active,
            time_zone: StoreTimeZone::default(),
        };
        staff_rows::insert_store(&mut tx, &far).await.unwrap();
        tills::insert(
            &mut tx,
            TillId::new(),
            far.id,
            "Far till",
            TillKind::Browser,
            None,
            now,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for (login, role, pin, till) in PEOPLE {
            staff::add_staff(k, &Actor::OPERATOR, login, login, role, PASSWORD, till)
                .await
                .unwrap();
            staff::set_pin(k, &Actor::OPERATOR, login, pin)
                .await
                .unwrap();
        }
        Self { chain, till }
    }

    pub fn k(&self) -> &Kopilka {
        &self.chain.k
    }

    pub async fn id(&self, login: &str) -> StaffId {
        let mut tx = self.k().db.read().await.unwrap();
        let row = staff_rows::staff_by_login(&mut tx, login).await.unwrap();
        row.unwrap().id
    }

    pub async fn pair(&self, typed: &str) -> Result<String, Error> {
        self.pair_from(typed, "203.0.113.9").await
    }

    /// Pairs a browser that asks from this address.
    pub async fn pair_from(&self, typed: &str, address: &str) -> Result<String, Error> {
        let service = self.k().for_address(address.parse().unwrap());
        pairing::pair_browser(&service, typed, "Chrome, Windows", None).await
    }

    /// A browser that is the till.
    pub async fn paired(&self) -> PairedBrowser {
        let token = self.pair(KEY).await.unwrap();
        pairing::find_paired_browser(self.k(), &token)
            .await
            .unwrap()
            .unwrap()
    }

    /// Comes in by PIN where nobody is; the token of the session.
    pub async fn come_in(&self, paired: &PairedBrowser, login: &str, pin: &str) -> String {
        let who = Some(self.id(login).await);
        staff::unlock_till(self.k(), Some(paired), None, who, pin)
            .await
            .unwrap()
            .expect("a session of their own")
    }

    pub async fn present(&self, token: &str, paired: &PairedBrowser) -> Option<TillPresence> {
        staff::find_presence(self.k(), token, Some(paired), false)
            .await
            .unwrap()
    }

    pub async fn working(&self, token: &str, paired: &PairedBrowser) -> Cashier {
        match self.present(token, paired).await {
            Some(TillPresence::Working(cashier)) => cashier,
            other => panic!("{other:?}"),
        }
    }

    pub async fn locked(&self, token: &str, paired: &PairedBrowser) -> Cashier {
        match self.present(token, paired).await {
            Some(TillPresence::Locked(cashier)) => cashier,
            other => panic!("{other:?}"),
        }
    }

    pub async fn sell(
        &self,
        at_till: &TillContext,
        draft: SaleDraft,
    ) -> Result<SaleReceipt, Error> {
        let sent = IdempotentRequest {
            key: RowId::new().to_string(),
            bytes_hash: None,
            body_hash: Vec::new(),
        };
        let committed = receipts::commit_sale(self.k(), at_till, &draft, &sent).await?;
        Ok(committed.receipt().unwrap())
    }

    pub async fn look_up(
        &self,
        at_till: &TillContext,
        member: &Member,
    ) -> Result<till::CustomerVisit, Error> {
        till::look_up_customer(self.k(), at_till, &member.code).await
    }

    /// Lines of the log about an action, oldest first: login, subject, outcome.
    pub async fn log(&self, action: &str) -> Vec<(String, String, String)> {
        let lines = self.lines_about(action).await.into_iter();
        lines
            .map(|line| (line.login, line.subject, line.outcome))
            .collect()
    }

    /// Whoever has done an act, oldest first: kind of the actor, login, login of the cashier whom a late sale names.
    pub async fn actors(&self, action: &str) -> Vec<(String, String, String)> {
        let lines = self.lines_about(action).await.into_iter();
        lines
            .map(|line| (line.actor, line.login, line.named))
            .collect()
    }

    async fn lines_about(&self, action: &str) -> Vec<AuditLogRow> {
        let mut tx = self.k().db.read().await.unwrap();
        let all = AuditLogFilter::default();
        let lines = audit::list_entries(&mut tx, &all, None, 10_000).await;
        let mut lines = lines.unwrap();
        lines.retain(|line| line.action == action);
        lines
    }
}

pub fn at(cashier: &Cashier) -> TillContext {
    TillContext {
        till: cashier.till.clone(),
        staff: Some(cashier.staff),
    }
}

/// A sale of groceries by the visit, the code, or nobody.
pub fn sale(visit: Option<&str>, roubles: i64) -> SaleDraft {
    SaleDraft {
        visit: visit.map(str::to_owned),
        code: None,
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![ReceiptLine {
            sku: "test".to_owned(),
            name: "Test".to_owned(),
            category: "grocery".to_owned(),
            quantity: Quantity::ONE,
            unit: Unit::Piece,
            amount: Money(roubles * 100),
        }],
        spend: PointsToSpend::None,
    }
}

pub fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}
