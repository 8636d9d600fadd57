use kopilka_core::ServiceConfig;
use kopilka_core::clock::{ManualClock, SystemClock};
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::receipt::{ReceiptLine, Unit};
use kopilka_core::secret_key::SecretKey;
use kopilka_core::store::{Database, parked_receipts as parked_rows, tills};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{self, IdempotentRequest, SaleDraft};
use kopilka_core::usecases::demo;
use kopilka_core::{clock::Clock, entropy};
use tokio::time::{Instant, sleep};

use super::*;

const PATIENCE: Duration = Duration::from_secs(60);
/// Seconds by which the clock of the test's till is ahead: its sale is parked.
const AHEAD_SECONDS: i64 = 600;

/// A demo chain whose till has sent a sale from a clock that is ahead, at the time at which the sale is due.
async fn chain_with_due_sale(folder: &std::path::Path) -> Kopilka {
    let db = Database::open(&folder.join("kopilka.db")).await.unwrap();
    let config = ServiceConfig {
        host: "test.example".to_owned(),
        demo: true,
    };
    assert!(
        demo::fill_empty_database(&db, config.clone())
            .await
            .unwrap()
    );
    let now = SystemClock.now();
    let clock = Arc::new(ManualClock::starting_at(now));
    let service = Kopilka::new(db, Arc::<ManualClock>::clone(&clock), config)
        .with_secret_key(SecretKey::from_bytes(&[7; 32]).unwrap());
    let mut tx = service.db.read().await.unwrap();
    let till = tills::find_by_key(&mut tx, entropy::hash_token(demo::TILL_KEY), now).await;
    drop(tx);
    let at_till = TillContext {
        till: till.unwrap().unwrap(),
        staff: None,
    };
    let line = ReceiptLine {
        sku: "test".to_owned(),
        name: "Test".to_owned(),
        category: "grocery".to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        amount: Money(10_000),
    };
    let draft = SaleDraft {
        visit: None,
        code: None,
        series: None,
        shift: Some("7".to_owned()),
        number: Some("7".to_owned()),
        at: Some(now.plus_secs(AHEAD_SECONDS)),
        lines: vec![line],
        spend: PointsToSpend::None,
    };
    let sent = IdempotentRequest {
        key: "ahead".to_owned(),
        bytes_hash: None,
        body_hash: Vec::new(),
    };
    receipts::commit_sale(&service, &at_till, &draft, &sent)
        .await
        .unwrap();
    clock.set_time(now.plus_secs(AHEAD_SECONDS + 1));
    service
}

async fn number_of_due(service: &Kopilka) -> usize {
    let mut tx = service.db.read().await.unwrap();
    let due = parked_rows::list_due(&mut tx, service.now(), 10).await;
    due.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn parked_receipts_are_settled_while_a_night_takes_long() {
    let folder = tempfile::tempdir().unwrap();
    let service = chain_with_due_sale(folder.path()).await;
    assert_eq!(number_of_due(&service).await, 1);
    let metrics = Arc::new(ServerMetrics::new(service.clone()));
    let description = JobDescription {
        name: "nightly",
        interval: MINUTE,
        time_limit: HOUR,
    };
    let long_night = ScheduledJob::new(description, |signal| async move {
        while !signal.is_set() {
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    });
    // The night is first in the list and begins first.
    let jobs = vec![long_night, parked::job(&service)];
    let runner = JobRunner::start(jobs, &service.clock, &metrics);
    let until = Instant::now() + PATIENCE;
    while number_of_due(&service).await > 0 {
        assert!(Instant::now() < until, "the sale still waits");
        sleep(Duration::from_millis(20)).await;
    }
    let text = metrics.render_openmetrics().unwrap();
    assert!(!text.contains("job=\"nightly\""), "{text}");
    runner.stop().await;
}
