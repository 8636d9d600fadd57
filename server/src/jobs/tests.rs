use kopilka_core::Config;
use kopilka_core::clock::{ManualClock, SystemClock};
use kopilka_core::domain::amounts::{Money, Quantity};
use kopilka_core::domain::evaluate::Spend;
use kopilka_core::domain::receipt::{Line, Unit};
use kopilka_core::secret_key::SecretKey;
use kopilka_core::store::{Db, parked as parked_rows, tills};
use kopilka_core::usecases::demo;
use kopilka_core::usecases::receipts::{self, Draft, Sent};
use kopilka_core::usecases::till::AtTill;
use kopilka_core::{clock::Clock, entropy};
use tokio::time::{Instant, sleep};

use super::*;

const PATIENCE: Duration = Duration::from_secs(60);
/// Seconds by which the clock of the test's till is ahead: its sale is parked.
const AHEAD_SECONDS: i64 = 600;

/// A demo chain whose till has sent a sale from a clock that is ahead, at the time at which the sale is due.
async fn chain_with_due_sale(folder: &std::path::Path) -> Kopilka {
    let db = Db::open(&folder.join("kopilka.db")).await.unwrap();
    let config = Config {
        host: "test.example".to_owned(),
        demo: true,
    };
    assert!(demo::fill(&db, config.clone()).await.unwrap());
    let now = SystemClock.now();
    let clock = Arc::new(ManualClock::at(now));
    let service = Kopilka::new(db, Arc::<ManualClock>::clone(&clock), config)
        .with_secret_key(SecretKey::from_bytes(&[7; 32]).unwrap());
    let mut tx = service.db.read().await.unwrap();
    let till = tills::by_key(&mut tx, entropy::hash(demo::TILL_KEY), now).await;
    drop(tx);
    let at_till = AtTill {
        till: till.unwrap().unwrap(),
        staff: None,
    };
    let line = Line {
        sku: "test".to_owned(),
        name: "Test".to_owned(),
        category: "grocery".to_owned(),
        quantity: Quantity::ONE,
        unit: Unit::Piece,
        amount: Money(10_000),
    };
    let draft = Draft {
        visit: None,
        code: None,
        series: None,
        shift: Some("7".to_owned()),
        number: Some("7".to_owned()),
        at: Some(now.plus_secs(AHEAD_SECONDS)),
        lines: vec![line],
        spend: Spend::None,
    };
    let sent = Sent {
        key: "ahead".to_owned(),
        bytes_hash: None,
        body_hash: Vec::new(),
    };
    receipts::commit(&service, &at_till, &draft, &sent)
        .await
        .unwrap();
    clock.set(now.plus_secs(AHEAD_SECONDS + 1));
    service
}

async fn number_of_due(service: &Kopilka) -> usize {
    let mut tx = service.db.read().await.unwrap();
    let due = parked_rows::due(&mut tx, service.now(), 10).await;
    due.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn parked_receipts_are_settled_while_a_night_takes_long() {
    let folder = tempfile::tempdir().unwrap();
    let service = chain_with_due_sale(folder.path()).await;
    assert_eq!(number_of_due(&service).await, 1);
    let metrics = Arc::new(Metrics::new(service.clone()));
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
    let text = metrics.text().unwrap();
    assert!(!text.contains("job=\"nightly\""), "{text}");
    runner.stop().await;
}
