//! A believable chain of any size for a new database: stores and tills, members with two years behind them, their
//! receipts and points. Everything is judged by the same rules as at a till and visibly made up; the seed and the day
//! decide all of it but ids. The messages that the past would have sent, devices and answers to tills are not made.

#[cfg(test)]
mod comparison_tests;
mod goods;
mod memory_ledger;
mod numbers;
mod people;
mod plan;
mod rows;
mod shopper;

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use futures_util::{StreamExt, stream};

pub use shopper::DemoTotals;

use self::goods::DemoProduct;
use self::numbers::chance;
use self::people::{MOST_MEMBERS, ShoppingHabit};
use self::plan::{PAST_DAYS, PlannedTill, PlanningContext};
use crate::rows::Rows;
use kopilka_core::domain::chain::{StoreStatus, TillKind};
use kopilka_core::domain::offers::OfferActivation;
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::roles::Role;
use kopilka_core::domain::time::{Instant, local_date, start_of_day};
use kopilka_core::ids::{StaffId, StoreId, TillId};
use kopilka_core::service::ProgrammeRules;
use kopilka_core::store::bulk_load::BulkLoader;
use kopilka_core::store::chain::{self, StaffAccountRow, StoreRow, StoreTimeZone};
use kopilka_core::store::tills::{self, TillRow};
use kopilka_core::store::{StoreError, Tx, programmes};
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::staff;
use kopilka_core::usecases::demo::{
    self, BROWSER_TILL, CASHIER_LOGIN, CASHIER_NAME, CASHIER_PASSWORD, CASHIER_PIN,
};

/// Stores of the filled chain, the demo's three among them.
const STORES: usize = 40;
/// Tills of each that post receipts of the past.
const TILLS: usize = 3;
/// Days for which the programme is in force before the first member joins.
const DAYS_BEFORE: i64 = 10;
/// Receipts that are made at a time: some megabytes of rows.
const BATCH: u64 = 2_000;
/// Receipts that a member may have, taken over all.
const MOST_EACH: u64 = 1_000;

/// Size of the chain, and the seed that tells chains of one size apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSize {
    /// Members.
    pub members: u64,
    /// Receipts of all, returns among them.
    pub receipts: u64,
    /// Decides everything that chance does.
    pub seed: u64,
}

impl DemoSize {
    /// Checks that such a chain can be made.
    ///
    /// # Errors
    /// [`StoreError::Said`] with what is too much.
    pub fn check_size(self) -> Result<(), StoreError> {
        if !(1..=MOST_MEMBERS).contains(&self.members) {
            return Err(StoreError::Said(format!(
                "a demo chain has 1 to {MOST_MEMBERS} members"
            )));
        }
        if self.receipts > self.members.saturating_mul(MOST_EACH) {
            return Err(StoreError::Said(format!(
                "a demo chain has at most {MOST_EACH} receipts for each member"
            )));
        }
        Ok(())
    }
}

/// Progress of the filling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoProgress {
    /// Receipts are being written.
    Receipts {
        /// Number of receipts that are written.
        done: u64,
    },
    /// Indexes are being built.
    Indexes {
        /// Finished ones.
        done: usize,
        /// All of them.
        of: usize,
    },
}

/// The chain whose past is being made.
#[derive(Debug)]
struct DemoChain {
    size: DemoSize,
    rules: ProgrammeRules,
    stores: Vec<StoreRow>,
    /// Tills of each store.
    tills: Vec<Vec<TillRow>>,
    goods: Vec<DemoProduct>,
    taps: Vec<String>,
    /// Time from which the programme is in force.
    from: Instant,
    /// Time until which everything happened: the beginning of the day.
    until: Instant,
    this_year: i32,
}

impl DemoChain {
    /// Returns what purchases are planned from.
    fn planning_context(&self) -> PlanningContext<'_> {
        PlanningContext {
            goods: &self.goods,
            taps: &self.taps,
            tills: TILLS,
            stores: self.stores.len(),
            zone: self.rules.programme.time_zone,
            until: self.until,
        }
    }

    fn store_at(&self, place: usize) -> Result<&StoreRow, Error> {
        let missing = || Error::Fault("the filled chain has no such store".to_owned());
        self.stores.get(place).ok_or_else(missing)
    }

    fn till_at(&self, place: PlannedTill) -> Result<&TillRow, Error> {
        let missing = || Error::Fault("the filled chain has no such till".to_owned());
        let tills = self.tills.get(place.store).ok_or_else(missing)?;
        tills.get(place.till).ok_or_else(missing)
    }
}

/// The demo's programme for the filled chain: its offers run all the time, and none is limited for everyone together, so
/// that what a member gets depends on that member alone.
///
/// # Errors
/// [`Error::Fault`] when the demo's document has a mistake.
pub fn programme(from: NaiveDate) -> Result<Programme, Error> {
    let mut programme = demo::programme()?;
    for offer in &mut programme.offers {
        offer
            .conditions
            .rewrite(|written| written.from = Some(from));
        offer.limits.in_all = None;
        offer.limits.points_budget = None;
        offer.limits.money_budget = None;
    }
    Ok(programme)
}

/// Fills the database with a chain whose last day ended at the beginning of the day of `now`.
///
/// # Errors
/// [`Error::Fault`]; then nothing is there.
pub async fn fill_database(
    mut loader: BulkLoader,
    size: DemoSize,
    now: Instant,
    mut told: impl FnMut(DemoProgress) + Send,
) -> Result<DemoTotals, Error> {
    size.check_size()?;
    let chain = Arc::new(open_chain(loader.tx(), size, now).await?);
    let mut sums = DemoTotals::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut made = stream::iter(plan_batches(size))
        .map(|batch| {
            let chain = Arc::clone(&chain);
            tokio::task::spawn_blocking(move || make_batch(&chain, &batch))
        })
        .buffered(threads + 1);
    while let Some(batch) = made.next().await {
        let batch = batch.map_err(|error| Error::Fault(error.to_string()))??;
        loader.write_rows(batch.rows.into_tables()).await?;
        sums += batch.sums;
        let done = sums.sales + sums.returns;
        told(DemoProgress::Receipts { done });
    }
    loader
        .finish(|done, of| told(DemoProgress::Indexes { done, of }))
        .await?;
    Ok(sums)
}

/// Opens the chain: programme, stores, tills, the demo's cashier.
async fn open_chain(tx: &mut Tx, size: DemoSize, now: Instant) -> Result<DemoChain, Error> {
    let zone = demo::programme()?.time_zone;
    let today = local_date(now, zone);
    let until = start_of_day(today, zone);
    let from = until.plus_days(-PAST_DAYS - DAYS_BEFORE);
    let programme = programme(local_date(from, zone))?;
    let version = programmes::insert(tx, &programme, from, from).await?;
    demo::open_stores(tx, from).await?;
    for number in chain::list_stores(tx).await?.len()..STORES {
        let store = StoreRow {
            id: StoreId::new(),
            code: format!("demo-{number:02}"),
            name: format!("Демо-магазин {number}"),
            address: format!("Демо-город, Примерная улица, {number}"),
            status: StoreStatus::Active,
            time_zone: StoreTimeZone::default(),
        };
        chain::insert_store(tx, &store).await?;
    }
    let mut stores = chain::list_stores(tx).await?;
    stores.sort_by(|a, b| a.code.cmp(&b.code));
    let mut tills_of = Vec::new();
    for store in &stores {
        let mut tills_here = Vec::new();
        for number in 1..=TILLS {
            let (id, name) = (TillId::new(), format!("{}, касса {number}", store.name));
            tills::insert(tx, id, store.id, &name, TillKind::Pos, None, from).await?;
            tills_here.extend(tills::find_by_id(tx, id).await?);
        }
        tills_of.push(tills_here);
    }
    let cashier = StaffAccountRow {
        id: StaffId::new(),
        login: CASHIER_LOGIN.to_owned(),
        name: CASHIER_NAME.to_owned(),
        role: Role::Cashier,
        password_hash: staff::hash_password(CASHIER_PASSWORD, &[])?,
        pin_hash: Some(staff::hash_pin(CASHIER_PIN)?),
        till_id: tills::id_by_name(tx, BROWSER_TILL).await?,
        failures: 0,
        locked_until: Instant(0),
    };
    chain::insert_staff(tx, &cashier, from).await?;
    let taps = programme
        .offers
        .iter()
        .filter(|offer| offer.activation == OfferActivation::Tap)
        .map(|offer| offer.id.clone())
        .collect();
    Ok(DemoChain {
        size,
        rules: ProgrammeRules::new(version, programme),
        stores,
        tills: tills_of,
        goods: goods::assortment(),
        taps,
        from,
        until,
        this_year: today.year(),
    })
}

/// Members that are made together, with how many receipts each has.
#[derive(Debug)]
struct MemberBatch {
    first: u64,
    receipts: Vec<usize>,
}

/// All members in order, as many to a batch as have about [`BATCH`] receipts. The receipts of all are shared out by what
/// each shopper's habit weighs, to the last one.
fn plan_batches(size: DemoSize) -> impl Iterator<Item = MemberBatch> {
    let weight = move |number| ShoppingHabit::of(&mut chance(size.seed, number)).weight();
    let all: u64 = (0..size.members).map(weight).sum();
    let share = move |weight: u64| {
        let share = u128::from(size.receipts) * u128::from(weight) / u128::from(all.max(1));
        u64::try_from(share).unwrap_or(size.receipts)
    };
    let (mut number, mut weighed) = (0, 0);
    std::iter::from_fn(move || {
        let mut batch = MemberBatch {
            first: number,
            receipts: Vec::new(),
        };
        let mut inside = 0;
        while number < size.members && inside < BATCH && batch.receipts.len() < 1_000 {
            let before = share(weighed);
            weighed += weight(number);
            let receipts = share(weighed) - before;
            batch
                .receipts
                .push(usize::try_from(receipts).unwrap_or_default());
            inside += receipts;
            number += 1;
        }
        (!batch.receipts.is_empty()).then_some(batch)
    })
}

/// Rows and totals of a batch.
struct GeneratedBatch {
    rows: Rows,
    sums: DemoTotals,
}

fn make_batch(chain: &DemoChain, batch: &MemberBatch) -> Result<GeneratedBatch, Error> {
    let mut made = GeneratedBatch {
        rows: Rows::default(),
        sums: DemoTotals::default(),
    };
    for (number, receipts) in (batch.first..).zip(&batch.receipts) {
        made.sums += shopper::make_member(chain, number, *receipts, &mut made.rows)?;
    }
    Ok(made)
}
