//! A demo chain with a year of history, made through the same use cases as a real one. An empty database only.

mod demo_members;
mod recognition;

use std::sync::Arc;

use demo_members::{DemoMember, PEOPLE};
use recognition::is_demo;
pub use recognition::may_serve;

use crate::clock::{Clock, ManualClock, SystemClock};
use crate::domain::actor::Actor;
use crate::domain::amounts::{Money, Quantity};
use crate::domain::card::CardNumber;
use crate::domain::chain::{StoreStatus, TillKind};
use crate::domain::codes;
use crate::domain::consents::{Channel, ConsentDocument, Purpose};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::profile::Species;
use crate::domain::programme::{Programme, read_document};
use crate::domain::receipt::{ReceiptLine, Unit};
use crate::domain::roles::Role;
use crate::domain::time::{Instant, local_date};
use crate::entropy;
use crate::ids::{MemberId, StoreId, TillId};
use crate::service::{Kopilka, ServiceConfig};
use crate::store::chain::{StoreRow, StoreTimeZone};
use crate::store::members::NewMember;
use crate::store::{Database, Exemption, Tx, chain, devices, programmes, tills};
use crate::usecases::access::session::Shopper;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::access::{session, staff};
use crate::usecases::checkout::receipts::{self, IdempotentRequest, SaleDraft};
use crate::usecases::profiles::{consents, profile};
use crate::usecases::programme::products::{self, ProductImportOptions};
use crate::usecases::sign_up::enrolment;
use crate::usecases::sign_up::phone_verification::SignUpOrigin;
use crate::usecases::{Error, transact};

/// Login of the demo's cashier.
pub const CASHIER_LOGIN: &str = "kassir";
/// Name of the demo's cashier.
pub const CASHIER_NAME: &str = "Ольга, демо-кассир";
/// Password of the demo's cashier.
pub const CASHIER_PASSWORD: &str = "kassir-of-the-demo";
/// PIN of the demo's cashier.
pub const CASHIER_PIN: &str = "2580";
/// Login of the demo's second cashier.
pub const SECOND_LOGIN: &str = "kassir-2";
/// Name of the demo's second cashier.
pub const SECOND_NAME: &str = "Илья, демо-кассир";
/// Password of the demo's second cashier.
pub const SECOND_PASSWORD: &str = "kassir-2-of-the-demo";
/// PIN of the demo's second cashier.
pub const SECOND_PIN: &str = "3690";
/// Login of the demo's administrator.
pub const ADMIN_LOGIN: &str = "admin";
/// Name of the demo's administrator.
pub const ADMIN_NAME: &str = "Павел, демо-администратор";
/// Password of the demo's administrator.
pub const ADMIN_PASSWORD: &str = "admin-of-the-demo";
/// PIN of the demo's administrator.
pub const ADMIN_PIN: &str = "1470";
/// Key of the demo's till for the POS API.
pub const TILL_KEY: &str = "demo-till-key";

const PROGRAMME: &str = include_str!("../../../demo/programme.toml");
/// Its barcodes begin with 952, which is kept for demonstrations: nothing on a real shelf has them.
const PRODUCTS: &str = include_str!("../../../demo/products.csv");
const POS_TILL: &str = "Касса 1";
/// Name of the demo's till that the cashier works at.
pub const BROWSER_TILL: &str = "Касса 2";
/// Day on which the demo's programme came into force, in days before today.
const PROGRAMME_DAYS: i64 = 400;

/// The demo's programme.
///
/// # Errors
/// [`Error::Fault`] when the document has a mistake.
pub fn programme() -> Result<Programme, Error> {
    let reading = read_document(PROGRAMME, None);
    let faults = || {
        let texts = reading
            .remarks
            .iter()
            .map(|remark| remark.fault.to_string());
        Error::Fault(texts.collect::<Vec<_>>().join("; "))
    };
    reading.programme.clone().ok_or_else(faults)
}

/// Fills an empty database with the demo chain and leaves any other as it is. Returns whether the database is a demo's
/// now; `false` = it is another chain's, or one that somebody has begun to set up.
///
/// # Errors
/// [`Error::Fault`].
pub async fn fill_empty_database(db: &Database, config: ServiceConfig) -> Result<bool, Error> {
    let now = SystemClock.now();
    // Of processes that start at once, one fills and the others wait until it is done.
    let mut turn = db.scan().await?;
    turn.advisory_lock("demo").await?;
    let mut tx = db.write().await?;
    if !chain::is_empty(&mut tx).await? {
        return Ok(is_demo(&mut tx).await?);
    }
    drop(tx);

    let from = now.plus_days(-PROGRAMME_DAYS);
    let clock = Arc::new(ManualClock::starting_at(from));
    let service = Kopilka::new(db.clone(), Arc::<ManualClock>::clone(&clock), config);
    let at_till = open_demo_chain(&service, &programme()?, from).await?;
    let list = products::import_products(
        &service,
        &Actor::OPERATOR,
        PRODUCTS,
        ProductImportOptions::default(),
    )
    .await?;
    if !list.stored {
        return Err(Error::Fault(
            "the demo's list of goods has faults".to_owned(),
        ));
    }
    add_store_staff(&service).await?;
    for person in &PEOPLE {
        simulate_year(&service, &clock, &at_till, person, now).await?;
    }
    Ok(true)
}

/// Those who work at the demo's browser till, with their PINs.
async fn add_store_staff(service: &Kopilka) -> Result<(), Error> {
    for (login, name, role, password, pin) in [
        (
            CASHIER_LOGIN,
            CASHIER_NAME,
            Role::Cashier,
            CASHIER_PASSWORD,
            CASHIER_PIN,
        ),
        (
            SECOND_LOGIN,
            SECOND_NAME,
            Role::Cashier,
            SECOND_PASSWORD,
            SECOND_PIN,
        ),
        (
            ADMIN_LOGIN,
            ADMIN_NAME,
            Role::Administrator,
            ADMIN_PASSWORD,
            ADMIN_PIN,
        ),
    ] {
        let (by, till) = (&Actor::OPERATOR, Some(BROWSER_TILL));
        staff::add_staff(service, by, login, name, role, password, till).await?;
        staff::set_pin(service, by, login, pin).await?;
    }
    Ok(())
}

/// The chain before anybody has bought: stores, tills and the programme in force from `from` on. The till that posts.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn open_demo_chain(
    service: &Kopilka,
    programme: &Programme,
    from: Instant,
) -> Result<TillContext, Error> {
    transact!(service.db, |tx| {
        tx.exempt(Exemption::DemoData);
        programmes::insert(tx, programme, from, from).await?;
        open_stores(tx, service.now()).await
    })?;
    let mut tx = service.db.read().await?;
    let till = tills::find_by_key(&mut tx, entropy::hash_token(TILL_KEY), service.now())
        .await?
        .ok_or_else(|| Error::Fault("the demo's till is missing".to_owned()))?;
    Ok(TillContext { till, staff: None })
}

/// Opens the three stores and the two tills of the first.
pub async fn open_stores(tx: &mut Tx, now: Instant) -> Result<(), Error> {
    let mut first = None;
    for (code, name, address) in [
        ("center", "Центр", "Демо-город, Примерная улица, 1"),
        ("park", "Парк", "Демо-город, Парковая аллея, 12"),
        ("station", "Станция", "Демо-город, Вокзальная площадь, 3"),
    ] {
        let store = StoreRow {
            id: StoreId::new(),
            code: code.to_owned(),
            name: name.to_owned(),
            address: address.to_owned(),
            status: StoreStatus::Active,
            time_zone: StoreTimeZone::default(),
        };
        chain::insert_store(tx, &store).await?;
        first.get_or_insert(store.id);
    }
    let store = first.ok_or_else(|| Error::Fault("the demo has no store".to_owned()))?;
    let key = Some(entropy::hash_token(TILL_KEY));
    tills::insert(tx, TillId::new(), store, POS_TILL, TillKind::Pos, key, now).await?;
    tills::insert(
        tx,
        TillId::new(),
        store,
        BROWSER_TILL,
        TillKind::Browser,
        None,
        now,
    )
    .await?;
    Ok(())
}

/// One person's year: joining, telling about themselves, buying.
async fn simulate_year(
    service: &Kopilka,
    clock: &ManualClock,
    at_till: &TillContext,
    person: &DemoMember,
    now: Instant,
) -> Result<(), Error> {
    clock.set_time(now.plus_days(-person.joined_days_ago));
    let (shopper, card) = enrol_member(service, person).await?;
    for (number, purchase) in (1_u32..).zip(person.purchases) {
        let at = now.plus_days(-purchase.days_ago).plus_secs(-3600);
        clock.set_time(at);
        let code = present_code(service, &shopper, &card, at).await?;
        let draft = SaleDraft {
            visit: None,
            code: Some(code),
            series: None,
            shift: Some(local_date(at, chrono_tz::Europe::Moscow).to_string()),
            number: Some(format!("{}-{number}", person.last_name)),
            at: Some(at),
            lines: purchase
                .lines
                .iter()
                .map(|(name, category, roubles)| ReceiptLine {
                    sku: format!("{category}-demo"),
                    name: (*name).to_owned(),
                    category: (*category).to_owned(),
                    quantity: Quantity::ONE,
                    unit: Unit::Piece,
                    amount: Money(roubles * 100),
                })
                .collect(),
            spend: if purchase.spend {
                PointsToSpend::All
            } else {
                PointsToSpend::None
            },
        };
        let sent = IdempotentRequest {
            key: format!("demo-{}-{number}", person.phone),
            bytes_hash: None,
            body_hash: Vec::new(),
        };
        receipts::commit_sale(service, at_till, &draft, &sent).await?;
    }
    clock.set_time(now.plus_days(-person.told_days_ago));
    fill_in_profile(service, &shopper, person, now).await
}

async fn enrol_member(
    service: &Kopilka,
    person: &DemoMember,
) -> Result<(Shopper, CardNumber), Error> {
    let now = service.now();
    let (token, card) = transact!(service.db, |tx| {
        tx.exempt(Exemption::DemoData);
        let rules = service.current_rules(tx).await?;
        let member = MemberId::new();
        let origin = SignUpOrigin::from_link("demo", "center");
        let new = NewMember {
            id: member,
            phone: person.phone,
            first_name: person.first_name,
            last_name: person.last_name,
            language: "ru",
            from: &origin.from,
            store: &origin.store,
        };
        let card = enrolment::create_member(tx, &new, &rules, now).await?;
        let proof = consents::ConsentProof {
            ip: "127.0.0.1".to_owned(),
            source: "join",
            at: now,
        };
        for document in [ConsentDocument::PersonalData, ConsentDocument::Rules] {
            consents::record_document(tx, member, document, true, &rules, &proof).await?;
        }
        if person.wants_offers {
            let (channel, purpose) = (Channel::Email, Purpose::PersonalOffers);
            consents::record_consent(tx, member, channel, purpose, true, &rules, &proof).await?;
        }
        let token = session::open_device(tx, member, "Demo", now).await?.token;
        Ok((token, card))
    })?;
    let shopper = session::find_shopper(service, &token)
        .await?
        .ok_or_else(|| Error::Fault("a demo member is not signed in".to_owned()))?;
    Ok((shopper, card))
}

/// The code that the person's demo device would show at `at`.
async fn present_code(
    service: &Kopilka,
    shopper: &Shopper,
    card: &CardNumber,
    at: Instant,
) -> Result<String, Error> {
    let mut tx = service.db.read().await?;
    let secret = devices::list_of_member(&mut tx, shopper.member)
        .await?
        .into_iter()
        .find(|device| device.id == shopper.device)
        .map(|device| device.secret)
        .unwrap_or_default();
    let code = codes::totp(&secret, codes::step_of(at));
    Ok(codes::rotating_payload(card, &code))
}

async fn fill_in_profile(
    service: &Kopilka,
    shopper: &Shopper,
    person: &DemoMember,
    now: Instant,
) -> Result<(), Error> {
    if let Some((days, year)) = person.birthday_in_days {
        let date = local_date(now.plus_days(days), chrono_tz::Europe::Moscow);
        let (day, month) = (date.format("%d").to_string(), date.format("%m").to_string());
        profile::save_birth_date(service, shopper, &day, &month, year).await?;
    }
    for year in person.children {
        profile::add_child(service, shopper, year, true, "127.0.0.1").await?;
    }
    let pets: Vec<(Species, String)> = person
        .pets
        .iter()
        .map(|(species, count)| (*species, (*count).to_owned()))
        .collect();
    profile::save_pets(service, shopper, &pets).await?;
    profile::save_car(service, shopper, person.car).await?;
    // The demo device was there to make history; the person signs in with their own.
    session::sign_out(service, shopper).await
}
