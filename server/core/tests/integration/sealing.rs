//! Audit lines and the ledger are sealed: whatever is changed, removed or inserted by hand is found, and named by its number.

mod damages;
mod keeping;

use crate::chain::{Chain, Member};
use kopilka_core::Kopilka;
use kopilka_core::domain::amounts::Points;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::ids::RowId;
use kopilka_core::store::Tx;
use kopilka_core::store::engine::catalogue::tables;
use kopilka_core::store::engine::{Statement, sql};
use kopilka_core::store::seals::SealChain;
use kopilka_core::usecases::jobs::sealing::{SealedCounts, Verification, seal_lines, verify};
use uuid::Uuid;

/// Seals everything that is due; the numbers of lines.
async fn seal(service: &Kopilka) -> SealedCounts {
    seal_lines(service, || false).await.unwrap().unwrap()
}

async fn verified(service: &Kopilka, tx: &mut Tx) -> Verification {
    verify(tx, Some(service.secret_key().unwrap()))
        .await
        .unwrap()
}

/// What is found in the transaction at hand.
async fn found(service: &Kopilka, tx: &mut Tx) -> Vec<String> {
    verified(service, tx).await.findings.told
}

async fn found_now(service: &Kopilka) -> Vec<String> {
    found(service, &mut service.db.read().await.unwrap()).await
}

async fn run(tx: &mut Tx, statement: Statement) -> u64 {
    statement.execute(tx).await.unwrap()
}

/// Number of sealed lines of both chains.
async fn ends(service: &Kopilka) -> [i64; 2] {
    let mut tx = service.db.read().await.unwrap();
    let chains = verified(service, &mut tx).await.chains;
    SealChain::ALL.map(|chain| {
        let its = chains.iter().find(|each| each.chain == chain);
        its.expect("each chain has a summary").last
    })
}

/// A chain with audit lines and with entries that have allocations, all sealed.
async fn sealed_chain() -> (Chain, Member) {
    let chain = Chain::open("2026-03-02", |p| p.points.hold_days = 0).await;
    let member = chain.member(1).await;
    chain.member(2).await;
    let mut last = chain.sell(&member, 1_000).await;
    for roubles in [2_000, 3_000, 4_000] {
        last = chain.sell(&member, roubles).await;
    }
    chain
        .buy(&member, 500, PointsToSpend::Exactly(Points(20)))
        .await;
    chain.take_back(last).await;
    let sealed = seal(&chain.k).await;
    assert!(sealed.audit >= 5 && sealed.ledger >= 5, "{sealed:?}");
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
    (chain, member)
}

/// An id as a line of so many minutes ago would have.
fn id_of_minutes_ago(minutes: u64) -> Uuid {
    let (seconds, _) = RowId::new().0.get_timestamp().unwrap().to_unix();
    let millis = (seconds - minutes * 60) * 1_000;
    uuid::Builder::from_unix_timestamp_millis(millis, &[5; 10]).into_uuid()
}

/// A statement that adds an audit line of this id, as it would be logged.
fn audit_line(id: Uuid) -> Statement {
    sql(
        "INSERT INTO audit (id, at, action, subject, outcome) VALUES ($1, 1790000000000000, 'sale', '', 'done')",
    )
    .bind(id)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_committed_line_is_sealed_once_and_the_chain_goes_on() {
    let (chain, member) = sealed_chain().await;
    let before = ends(&chain.k).await;
    assert_eq!(seal(&chain.k).await, SealedCounts::default());
    chain.sell(&member, 100).await;
    let another = chain.another_process().await;
    let sealed = seal(&another).await;
    assert!(sealed.audit > 0 && sealed.ledger > 0);
    let after = ends(&chain.k).await;
    assert_eq!(after[0] - before[0], i64::try_from(sealed.audit).unwrap());
    assert_eq!(after[1] - before[1], i64::try_from(sealed.ledger).unwrap());
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_is_gone_on_with() {
    let chain = Chain::open("2026-03-02", |_| {}).await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    for _ in 0..700 {
        run(&mut tx, audit_line(RowId::new().0)).await;
    }
    tx.commit().await.unwrap();
    let asked = std::sync::atomic::AtomicU32::new(0);
    let stop = || asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0;
    let first = seal_lines(&chain.k, stop).await.unwrap().unwrap();
    assert_eq!(first.audit, 250);
    // Nothing is taken for inserted as long as no run was complete.
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
    assert_eq!(seal(&chain.k).await.audit, 450);
    assert_eq!(ends(&chain.k).await[0], 700);
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_committed_late_is_sealed_with_the_next_number() {
    let (chain, _) = sealed_chain().await;
    let before = ends(&chain.k).await[0];
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    run(&mut tx, audit_line(id_of_minutes_ago(10))).await;
    if tx.has_concurrent_writers() {
        // On PostgreSQL others commit and are sealed meanwhile.
        assert_eq!(seal(&chain.k).await.audit, 0);
    }
    tx.commit().await.unwrap();
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
    assert_eq!(seal(&chain.k).await.audit, 1);
    assert_eq!(ends(&chain.k).await[0], before + 1);
    assert_eq!(found_now(&chain.k).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_older_than_any_late_one_is_never_sealed_but_found() {
    let (chain, _) = sealed_chain().await;
    let id = id_of_minutes_ago(20);
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    run(&mut tx, audit_line(id)).await;
    tx.commit().await.unwrap();
    assert_eq!(seal(&chain.k).await.audit, 0);
    assert_eq!(
        found_now(&chain.k).await,
        [format!(
            "audit: line {id}: it was inserted after lines of its time were sealed"
        )]
    );
}

// A column that is added to one of these tables belongs at the end of its list in `store/seals/chains.rs`, with a new version.
#[tokio::test(flavor = "multi_thread")]
async fn the_newest_version_seals_every_column() {
    let chain = Chain::open("2026-03-02", |_| {}).await;
    let tables = tables(&mut chain.k.db.read().await.unwrap()).await.unwrap();
    let columns = |name: &str| {
        let table = tables.iter().find(|table| table.name == name).unwrap();
        let mut names: Vec<&str> = table
            .columns
            .iter()
            .map(|each| each.name.as_str())
            .collect();
        names.sort_unstable();
        names.join(" ")
    };
    for sealed in SealChain::ALL {
        let (line, allocation) = (sealed.columns(), sealed.allocation_columns());
        let newest = sealed.widths(sealed.newest_version());
        assert_eq!(newest, Some((line.len(), allocation.len())));
        for (table, its) in [(sealed.table(), line), ("allocations", allocation)] {
            let mut names: Vec<&str> = its.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            if !names.is_empty() {
                assert_eq!(names.join(" "), columns(table), "{table}");
            }
        }
    }
}
