//! A filled chain of any size, and some of its members with signed-in devices.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kopilka_core::clock::{Clock, SystemClock};
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_core::entropy;
use kopilka_core::ids::{DeviceId, MemberId};
use kopilka_core::store::bulk_load::BulkLoader;
use kopilka_core::store::devices::{self, MemberDeviceRow};
use kopilka_core::store::engine::{StoredRow, sql};
use kopilka_core::store::tills;
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::demo::TILL_KEY;
use kopilka_core::{Kopilka, ServiceConfig};
use kopilka_demo_data::{DemoSize, fill_database};
use kopilka_testing::place::Place;

/// A member of the chain who is signed in on a device.
pub(super) struct AskedMember {
    pub(super) shopper: Shopper,
    /// Static code of the card.
    pub(super) code: String,
    /// Token of the device.
    token: String,
}

impl AskedMember {
    /// A request of the member's browser.
    pub(super) fn request(&self, path: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: session={}\r\naccept: */*\r\n\r\n",
            self.token
        )
    }
}

pub(super) struct FilledChain {
    pub(super) service: Kopilka,
    pub(super) till: TillContext,
    pub(super) asked: Vec<AskedMember>,
    /// How long it was filled.
    pub(super) filled_in: Duration,
    place: Place,
}

#[derive(StoredRow)]
struct NumberedCard {
    number: String,
    member_id: MemberId,
}

impl FilledChain {
    /// Fills a place; so many members from all over the chain get a device, fewer where it has no more with a card.
    pub(super) async fn fill(place: Place, size: DemoSize, asked: u64) -> Self {
        let start = Instant::now();
        let loader = match place.url() {
            Some(_) => BulkLoader::of_server(&place.open().await).await,
            None => BulkLoader::of_file(&place.path().join("kopilka.db")).await,
        };
        fill_database(loader.unwrap(), size, SystemClock.now(), |_| {})
            .await
            .unwrap();
        let filled_in = start.elapsed();
        println!(
            "filled: {} members, {} receipts in {:.0} s",
            size.members,
            size.receipts,
            filled_in.as_secs_f64()
        );
        let config = ServiceConfig {
            host: "bench".to_owned(),
            demo: true,
        };
        let service = Kopilka::new(place.open().await, Arc::new(SystemClock), config);
        let now = service.now();
        let mut tx = service.db.write_test_data().await.unwrap();
        let till = tills::find_by_key(&mut tx, entropy::hash_token(TILL_KEY), now)
            .await
            .unwrap();
        let cards: Vec<NumberedCard> = sql(
            "SELECT cards.number AS number, cards.member_id AS member_id FROM cards \
             JOIN members ON members.id = cards.member_id \
             WHERE cards.blocked_at IS NULL AND members.closed_at IS NULL AND cards.short % $1 = 0 \
             ORDER BY cards.number LIMIT $2",
        )
        .bind(i64::try_from((size.members / asked / 2).max(1)).unwrap())
        .bind(i64::try_from(asked).unwrap())
        .fetch_all(&mut tx)
        .await
        .unwrap();
        let mut asked = Vec::new();
        for card in cards {
            let device = MemberDeviceRow {
                id: DeviceId::new(),
                member_id: card.member_id,
                secret: vec![7; 32],
                secret_turn: 0,
                name: "bench".to_owned(),
                created_at: now,
                seen_at: now,
            };
            let token = entropy::hash_token(&card.number);
            devices::insert(&mut tx, &device, token).await.unwrap();
            let shopper = Shopper {
                member: card.member_id,
                device: device.id,
                language: "ru".to_owned(),
            };
            let code = codes::static_payload(&CardNumber::parse(&card.number).unwrap());
            asked.push(AskedMember {
                shopper,
                code,
                token: card.number,
            });
        }
        tx.commit().await.unwrap();
        Self {
            service,
            till: TillContext {
                till: till.unwrap(),
                staff: None,
            },
            asked,
            filled_in,
            place,
        }
    }

    /// Seconds that the disk takes for as many bytes as the file of the database has; `None` = there is no such file.
    pub(super) fn time_of_its_bytes(&self) -> Option<f64> {
        let bytes = self.place.path().join("kopilka.db").metadata().ok()?.len();
        Some(bytes as f64 / bytes_per_second(self.place.path()))
    }

    /// Closes the database, for a process to be started over it.
    pub(super) async fn close(self) -> (Arc<Place>, Vec<AskedMember>) {
        self.service.db.close().await;
        (Arc::new(self.place), self.asked)
    }
}

/// How fast the disk takes a long file.
fn bytes_per_second(folder: &Path) -> f64 {
    const BLOCKS: usize = 256;
    let block = vec![7; 1 << 20];
    let path = folder.join("long");
    let start = Instant::now();
    let mut file = File::create(&path).unwrap();
    for _ in 0..BLOCKS {
        file.write_all(&block).unwrap();
    }
    file.sync_data().unwrap();
    let rate = (BLOCKS * block.len()) as f64 / start.elapsed().as_secs_f64();
    std::fs::remove_file(&path).unwrap();
    rate
}
