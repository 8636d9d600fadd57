//! What is made in memory is what would have happened: the same plans, lived through tills, wallets and nights, leave the
//! same ledger.
use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt as _;

use super::plan::PlannedAct;
use super::{DemoChain, DemoSize, fill_database, open_chain, plan_batches, shopper};
use kopilka_core::clock::ManualClock;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::card::CardNumber;
use kopilka_core::domain::codes;
use kopilka_core::domain::consents::ConsentDocument;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::time::{Instant, add_days, local_date, start_of_day};
use kopilka_core::ids::{MemberId, ReceiptId};
use kopilka_core::service::{Kopilka, ServiceConfig};
use kopilka_core::store::bulk_load::BulkLoader;
use kopilka_core::store::engine::{ColumnKind, sql};
use kopilka_core::store::members::NewMember;
use kopilka_core::store::{Database, check, devices};
use kopilka_core::usecases::access::session::{self, Shopper};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::pos_v1::ApiReceipt;
use kopilka_core::usecases::checkout::receipts::{
    self, IdempotentRequest, ReturnDraft, ReturnedSaleName, SaleDraft,
};
use kopilka_core::usecases::jobs::nightly;
use kopilka_core::usecases::loyalty::offers;
use kopilka_core::usecases::profiles::{consents, profile};
use kopilka_core::usecases::sign_up::enrolment;
use kopilka_testing::place::Place as Folder;

const ZONE: chrono_tz::Tz = chrono_tz::Europe::Moscow;
const SIZE: DemoSize = DemoSize {
    members: 24,
    receipts: 720,
    seed: 11,
};

fn now() -> Instant {
    start_of_day("2026-11-22".parse().unwrap(), ZONE).plus_secs(43_200)
}

async fn words(db: &Database, text: &'static str) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    sql(text).fetch_values(&mut tx).await.unwrap()
}

/// The rows of an answer, written out.
async fn rows(db: &Database, text: &'static str, kinds: &[ColumnKind]) -> Vec<String> {
    let mut tx = db.scan().await.unwrap();
    let rows = sql(text).fetch_each(&mut tx, kinds).await.unwrap();
    rows.map(|row| format!("{:?}", row.unwrap()))
        .collect()
        .await
}

/// A member of the chain that is lived through.
struct Lived {
    shopper: Shopper,
    card: CardNumber,
    sales: Vec<(ReceiptId, super::PlannedTill)>,
}

struct Living {
    k: Kopilka,
    clock: Arc<ManualClock>,
    chain: DemoChain,
    members: BTreeMap<u64, Lived>,
}

impl Living {
    async fn joins(&mut self, number: u64, person: &super::people::DemoPerson, store: usize) {
        let k = &self.k;
        let now = k.now();
        let mut tx = k.db.write_test_data().await.unwrap();
        let rules = k.current_rules(&mut tx).await.unwrap();
        let member = MemberId::new();
        let new = NewMember {
            id: member,
            phone: &person.phone,
            first_name: person.first_name,
            last_name: person.last_name,
            language: person.language,
            from: "demo",
            store: &self.chain.stores[store].code,
        };
        let card = enrolment::create_member(&mut tx, &new, &rules, now)
            .await
            .unwrap();
        let proof = consents::ConsentProof {
            ip: "127.0.0.1".to_owned(),
            source: "join",
            at: now,
        };
        for document in [ConsentDocument::PersonalData, ConsentDocument::Rules] {
            consents::record_document(&mut tx, member, document, true, &rules, &proof)
                .await
                .unwrap();
        }
        for (channel, purpose) in &person.messages {
            consents::record_consent(&mut tx, member, *channel, *purpose, true, &rules, &proof)
                .await
                .unwrap();
        }
        let opened = session::open_device(&mut tx, member, "Demo", now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let shopper = session::find_shopper(k, &opened.token)
            .await
            .unwrap()
            .unwrap();
        let lived = Lived {
            shopper,
            card,
            sales: Vec::new(),
        };
        self.members.insert(number, lived);
    }

    async fn tells(&self, number: u64, person: &super::people::DemoPerson) {
        let (k, shopper) = (&self.k, &self.members[&number].shopper);
        for year in &person.children {
            let year = year.to_string();
            profile::add_child(k, shopper, &year, true, "127.0.0.1")
                .await
                .unwrap();
        }
        let pets: Vec<_> = person
            .pets
            .iter()
            .map(|(kind, count)| (*kind, count.to_string()))
            .collect();
        profile::save_pets(k, shopper, &pets).await.unwrap();
        if let Some(birth) = person.birth {
            let [day, month, year] = [
                birth.day.to_string(),
                birth.month.to_string(),
                birth.year.to_string(),
            ];
            profile::save_birth_date(k, shopper, &day, &month, &year)
                .await
                .unwrap();
        }
        if let Some(car) = person.car {
            profile::save_car(k, shopper, car).await.unwrap();
        }
    }

    fn at_till(&self, place: super::PlannedTill) -> TillContext {
        TillContext {
            till: self.chain.till_at(place).unwrap().clone(),
            staff: None,
        }
    }

    fn sent(&self, number: u64) -> IdempotentRequest {
        IdempotentRequest {
            key: format!("{number}-{}", self.k.now().0),
            bytes_hash: None,
            body_hash: Vec::new(),
        }
    }

    async fn does(&mut self, number: u64, person: &super::people::DemoPerson, act: PlannedAct) {
        let now = self.k.now();
        match act {
            PlannedAct::Tell => self.tells(number, person).await,
            // An offer that takes no tap then refuses it.
            PlannedAct::Tap { offer } => {
                drop(offers::activate_offer(&self.k, &self.members[&number].shopper, &offer).await)
            }
            PlannedAct::Buy {
                place,
                lines,
                spend,
            } => {
                let lived = &self.members[&number];
                let mut tx = self.k.db.read().await.unwrap();
                let device = devices::list_of_member(&mut tx, lived.shopper.member)
                    .await
                    .unwrap();
                drop(tx);
                let code = codes::totp(&device[0].secret, codes::step_of(now));
                let draft = SaleDraft {
                    visit: None,
                    code: Some(codes::rotating_payload(&lived.card, &code)),
                    series: None,
                    shift: None,
                    number: Some(format!("{number}-{}", now.0)),
                    at: None,
                    lines,
                    spend: if spend {
                        PointsToSpend::All
                    } else {
                        PointsToSpend::None
                    },
                };
                let (till, sent) = (self.at_till(place), self.sent(number));
                let sold = receipts::commit_sale(&self.k, &till, &draft, &sent)
                    .await
                    .unwrap();
                let receipt = sold.receipt().unwrap();
                // What is read back is what was answered, to the last character; balance and level are of their moment.
                let mut stored = receipts::load_stored_sale(&self.k, &till, receipt.id)
                    .await
                    .unwrap();
                stored.balance = receipt.balance;
                stored.quote.tier.clone_from(&receipt.quote.tier);
                let stored = serde_json::to_string(&ApiReceipt::from(stored)).unwrap();
                assert_eq!(stored, sold.answer);
                self.members
                    .get_mut(&number)
                    .unwrap()
                    .sales
                    .push((receipt.id, place));
            }
            PlannedAct::Return { purchase, lines } => {
                let (sale, place) = self.members[&number].sales[purchase];
                let draft = ReturnDraft {
                    sale: ReturnedSaleName::Id(sale),
                    series: None,
                    shift: None,
                    number: Some(format!("{number}-{}", now.0)),
                    at: None,
                    lines,
                };
                let (till, sent) = (self.at_till(place), self.sent(number));
                receipts::commit_return(&self.k, &till, &draft, &sent)
                    .await
                    .unwrap();
            }
        }
    }

    /// The ends of all days from `day` to before `until`.
    async fn nights(&self, from: Instant, until: Instant) {
        let mut day = local_date(from, ZONE);
        while day < local_date(until, ZONE) {
            self.clock.set_time(start_of_day(add_days(day, 1), ZONE));
            nightly::run_night(&self.k, &Actor::Job, day, || false)
                .await
                .unwrap();
            day = add_days(day, 1);
        }
    }
}

/// What stands in a database of a chain, without ids, member by member.
async fn told(db: &Database) -> BTreeMap<&'static str, Vec<String>> {
    macro_rules! tables {
        ($($name:literal ($($kind:ident),+) $text:literal),+ $(,)?) => {
            BTreeMap::from([$((
                $name,
                rows(db, $text, &[ColumnKind::Text, $(ColumnKind::$kind),+]).await,
            )),+])
        };
    }
    tables! {
        "members" (Int, Int, Int, Int, Text, Int)
            "SELECT phone, joined_at, birth_year, birth_day, birth_changes, car, rewarded_at \
             FROM members ORDER BY phone",
        "consents" (Text, Text, Int, Text)
            "SELECT m.phone, c.channel, c.purpose, c.at, c.source FROM consents c \
             JOIN members m ON m.id = c.member_id ORDER BY m.phone, c.at, c.channel, c.purpose",
        "entries" (Text, Int, Text, Int, Int)
            "SELECT m.phone, e.kind, e.points, e.reason, e.at, \
             CAST(CASE WHEN e.receipt_id IS NULL THEN 0 ELSE 1 END AS BIGINT) FROM entries e \
             JOIN members m ON m.id = e.member_id ORDER BY m.phone, e.id",
        "lots" (Int, Int, Int, Int, Int, Text)
            "SELECT m.phone, l.earned, l.remaining, l.created_at, l.activates, l.expires, l.state \
             FROM lots l JOIN members m ON m.id = l.member_id ORDER BY m.phone, l.created_at, l.earned",
        "allocations" (Int, Text, Int, Int)
            "SELECT m.phone, a.points, e.kind, e.at, l.created_at FROM allocations a \
             JOIN members m ON m.id = a.member_id JOIN entries e ON e.id = a.entry_id \
             JOIN lots l ON l.id = a.lot_id ORDER BY m.phone, e.at, l.created_at, a.points",
        "accounts" (Int, Int, Text, Int, Int, Int)
            "SELECT m.phone, a.balance, a.debt, a.tier, a.tier_since, a.tier_until, a.tier_warned_at \
             FROM accounts a JOIN members m ON m.id = a.member_id ORDER BY m.phone",
        "tier_changes" (Text, Text, Text, Int, Int, Int, Int)
            "SELECT m.phone, t.from_tier, t.to_tier, t.cause, t.measured, t.from_until, \
             t.from_warned_at, t.at FROM tier_changes t JOIN members m ON m.id = t.member_id \
             ORDER BY m.phone, t.id",
        "receipts" (Text, Int, Text, Int, Text, Text, Int, Int, Int)
            "SELECT m.phone, r.kind, r.at, r.tier, r.total, r.evaluation, r.judgement, r.discount, \
             r.kept_total, r.kept_points FROM receipts r JOIN members m ON m.id = r.member_id \
             ORDER BY m.phone, r.at",
        "lines" (Int, Int, Text, Int, Int, Int, Int)
            "SELECT m.phone, r.at, l.position, l.name, l.quantity, l.amount, l.discount, l.earned \
             FROM receipt_lines l JOIN receipts r ON r.id = l.receipt_id \
             JOIN members m ON m.id = r.member_id ORDER BY m.phone, r.at, l.position",
        "offers used" (Text, Int, Int, Int)
            "SELECT m.phone, u.offer, u.points, u.money, u.at FROM offer_uses u \
             JOIN members m ON m.id = u.member_id ORDER BY m.phone, u.at, u.offer",
        "offers switched on" (Text, Int)
            "SELECT m.phone, a.offer, a.activated_at FROM offer_activations a \
             JOIN members m ON m.id = a.member_id ORDER BY m.phone, a.offer",
        "totals" (Int, Int, Int)
            "SELECT offer, uses, points, money FROM offer_totals WHERE uses > 0 ORDER BY offer",
        "gifts" (Text, Int)
            "SELECT m.phone, g.gift, g.granted_at FROM gift_grants g \
             JOIN members m ON m.id = g.member_id ORDER BY m.phone, g.granted_at",
    }
}

#[tokio::test]
async fn a_past_made_in_memory_is_the_one_lived_through_tills_and_nights() {
    let filled = Folder::new();
    let loader = match filled.url() {
        Some(_) => BulkLoader::of_server(&filled.open().await).await.unwrap(),
        None => BulkLoader::of_file(&filled.path().join("kopilka.db"))
            .await
            .unwrap(),
    };
    fill_database(loader, SIZE, now(), |_| {}).await.unwrap();

    let lived = Folder::new();
    let db = lived.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    let chain = open_chain(&mut tx, SIZE, now()).await.unwrap();
    tx.commit().await.unwrap();
    let (from, until) = (chain.from, chain.until);
    let clock = Arc::new(ManualClock::starting_at(from));
    let config = ServiceConfig {
        host: "test.example".to_owned(),
        demo: true,
    };
    let mut living = Living {
        k: Kopilka::new(db, Arc::<ManualClock>::clone(&clock), config),
        clock,
        chain,
        members: BTreeMap::new(),
    };
    let mut acts = Vec::new();
    for batch in plan_batches(SIZE) {
        for (number, receipts) in (batch.first..).zip(batch.receipts) {
            let (person, plan, _) = shopper::plan_member(&living.chain, number, receipts);
            acts.push((plan.joined, number, person.clone(), plan.store, None));
            acts.extend(
                plan.acts
                    .into_iter()
                    .map(|(at, act)| (at, number, person.clone(), plan.store, Some(act))),
            );
        }
    }
    acts.sort_by_key(|(at, number, ..)| (*at, *number));
    let mut before = from;
    for (at, number, person, store, act) in acts {
        living.nights(before, at).await;
        living.clock.set_time(at);
        match act {
            None => living.joins(number, &person, store).await,
            Some(act) => living.does(number, &person, act).await,
        }
        before = at;
    }
    living.nights(before, until).await;

    let (made, real) = (told(&filled.open().await).await, told(&living.k.db).await);
    for (table, rows) in &real {
        for (made, real) in made[table].iter().zip(rows) {
            assert_eq!(made, real, "{table}");
        }
        assert_eq!(made[table].len(), rows.len(), "{table}");
    }
    // Every kind of thing has happened, so that its likeness was seen.
    let kinds: Vec<String> = words(&living.k.db, "SELECT DISTINCT kind FROM entries").await;
    for kind in ["earn", "activate", "spend", "expire", "return"] {
        assert!(kinds.contains(&kind.to_owned()), "{kind} in {kinds:?}");
    }
    let causes: Vec<String> = words(&living.k.db, "SELECT DISTINCT cause FROM tier_changes").await;
    for cause in ["upgrade", "downgrade", "renewal"] {
        assert!(causes.contains(&cause.to_owned()), "{cause} in {causes:?}");
    }
    let mut tx = living.k.db.scan().await.unwrap();
    assert_eq!(
        check::findings(&mut tx).await.unwrap().told,
        Vec::<String>::new()
    );
}
