//! A chain with two tills and a shopper who has points and a device.

use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::chain::TillKind;
use kopilka_core::domain::codes;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::programme::Programme;
use kopilka_core::entropy;
use kopilka_core::ids::{DeviceId, TillId};
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::store::engine::sql;
use kopilka_core::store::tills;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, CommitAnswer, ReceiptBatchItem, SaleDraft, SaleReceipt,
};
use kopilka_core::usecases::{Error, Refusal};

use crate::chain::{Chain, Member, line, noon, sent};

pub struct Scene {
    pub chain: Chain,
    pub other_till: TillContext,
    pub anna: Member,
    pub shopper: Shopper,
    pub secret: Vec<u8>,
    card: CardNumber,
    numbers: std::sync::atomic::AtomicU64,
}

impl Scene {
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub async fn open_with(change: impl FnOnce(&mut Programme)) -> Self {
        let chain = Chain::open("2026-06-01", change).await;
        let anna = chain.member(1).await;
        chain.sell(&anna, 20_000).await;
        chain.set(noon("2026-09-01"));
        let other_till = till(&chain, "Second till").await;
        let (shopper, secret) = device(&chain, &anna).await;
        Self {
            card: CardNumber::from_random(1),
            other_till,
            anna,
            shopper,
            secret,
            chain,
            numbers: std::sync::atomic::AtomicU64::new(1),
        }
    }

    /// The code that a device with the secret shows `seconds` from now.
    pub fn code_of(&self, secret: &[u8], seconds: i64) -> String {
        let step = codes::step_of(self.chain.k.now().plus_secs(seconds));
        codes::rotating_payload(&self.card, &codes::totp(secret, step))
    }

    pub fn code(&self, seconds: i64) -> String {
        self.code_of(&self.secret, seconds)
    }

    /// A receipt by a code.
    pub fn by_code(&self, code: &str, spend: i64) -> SaleDraft {
        SaleDraft {
            visit: None,
            code: Some(code.to_owned()),
            series: None,
            shift: Some("codes".to_owned()),
            number: Some(self.next().to_string()),
            at: None,
            lines: line(1_000),
            spend: match spend {
                0 => PointsToSpend::None,
                points => PointsToSpend::Exactly(Points(points)),
            },
        }
    }

    /// A receipt by a visit.
    pub fn by_visit(&self, visit: &str, spend: i64) -> SaleDraft {
        SaleDraft {
            visit: Some(visit.to_owned()),
            code: None,
            ..self.by_code("", spend)
        }
    }

    /// A receipt of `seconds` ago.
    pub fn ago(&self, seconds: i64, draft: SaleDraft) -> SaleDraft {
        SaleDraft {
            at: Some(self.chain.k.now().plus_secs(-seconds)),
            ..draft
        }
    }

    pub fn next(&self) -> u64 {
        self.numbers
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst)
    }

    pub async fn commit(
        &self,
        till: &TillContext,
        draft: &SaleDraft,
    ) -> Result<SaleReceipt, Error> {
        let key = format!("codes-{}", self.next());
        let done = receipts::commit_sale(&self.chain.k, till, draft, &sent(&key)).await?;
        Ok(read(&done))
    }

    /// Sends a receipt as a till does that had no link.
    pub async fn send_late(
        &self,
        till: &TillContext,
        draft: SaleDraft,
    ) -> Result<SaleReceipt, Error> {
        let key = format!("codes-{}", self.next());
        let item = ReceiptBatchItem::Sale(draft, sent(&key));
        let done = receipts::commit_batch_item(&self.chain.k, till, &item).await?;
        Ok(read(&done))
    }

    pub async fn count(&self, text: &'static str) -> i64 {
        let mut tx = self.chain.k.db.read().await.unwrap();
        let count: i64 = sql(text).fetch_value(&mut tx).await.unwrap();
        count
    }
}

fn read(done: &CommitAnswer) -> SaleReceipt {
    done.receipt().unwrap()
}

pub async fn till(chain: &Chain, name: &str) -> TillContext {
    let (k, store, now) = (&chain.k, chain.till.till.store_id, chain.k.now());
    let key = entropy::hash_token(name);
    let mut tx = k.db.write_test_data().await.unwrap();
    let id = TillId::new();
    tills::insert(&mut tx, id, store, name, TillKind::Pos, Some(key), now)
        .await
        .unwrap();
    let till = tills::find_by_id(&mut tx, id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    TillContext { till, staff: None }
}

/// Signs a member in on a new device; the shopper there, and the device's secret.
pub async fn device(chain: &Chain, member: &Member) -> (Shopper, Vec<u8>) {
    let now = chain.k.now();
    let device = MemberDeviceRow {
        id: DeviceId::new(),
        member_id: member.id,
        secret: entropy::random_bytes::<32>().unwrap().to_vec(),
        secret_turn: 0,
        name: "test".to_owned(),
        created_at: now,
        seen_at: now,
    };
    let token = entropy::hash_token(&entropy::random_token().unwrap());
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    devices::insert(&mut tx, &device, token).await.unwrap();
    tx.commit().await.unwrap();
    let shopper = Shopper {
        member: member.id,
        device: device.id,
        language: "ru".to_owned(),
    };
    (shopper, device.secret)
}

/// The refusal of what must be refused.
pub fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("refused: {other:?}"),
    }
}
