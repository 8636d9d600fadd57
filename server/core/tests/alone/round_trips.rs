//! How many statements a usual receipt needs: in PostgreSQL each is a way there and back, which costs more than what is done there.
//! One test alone, since the whole process is counted.

use crate::chain::Chain;
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::store::engine::round_trips;
use kopilka_core::usecases::checkout::receipts::{SaleDraft, quote_sale};
use kopilka_core::usecases::checkout::till::{load_visit_customer, look_up_customer, open_visit};
use kopilka_core::usecases::demo;
use kopilka_testing::place::engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_goes_to_the_database_and_back_only_a_few_times() {
    let chain = Chain::open("2026-06-01", |programme| {
        programme.offers = demo::programme().unwrap().offers;
    })
    .await;
    let member = chain.member(1).await;
    // The first ones open connections and read the programme; the first purchase is not a usual one either.
    for _ in 0..3 {
        chain.sell(&member, 3_000).await;
        chain.later(60);
    }
    let mut before = round_trips();
    let mut since = || {
        let (from, now) = (before, round_trips());
        before = now;
        now - from
    };
    chain.sell(&member, 1_000).await;
    let earning = since();
    let draft = SaleDraft {
        visit: None,
        code: Some(member.code.clone()),
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: crate::chain::line(1_000),
        spend: PointsToSpend::None,
    };
    quote_sale(&chain.k, &chain.till, &draft).await.unwrap();
    let quoting = since();
    look_up_customer(&chain.k, &chain.till, &member.code)
        .await
        .unwrap();
    let looking_up = since();
    // The browser's till: the scan opens the visit, the page that comes next loads the customer.
    let visit = open_visit(&chain.k, &chain.till, &member.code).await;
    let opening = since();
    let token = visit.unwrap().token;
    load_visit_customer(&chain.k, &chain.till, &token)
        .await
        .unwrap();
    let loading = since();
    chain.set(crate::chain::noon("2026-09-01"));
    chain.sell(&member, 1_000).await;
    since();
    chain.buy(&member, 1_000, PointsToSpend::All).await;
    let spending = since();
    println!(
        "{}: earning {earning}, quoting {quoting}, looking up {looking_up}, opening {opening}, loading {loading}, spending {spending}",
        engine()
    );
    // What the documents say of a usual sale, and the bench where a figure falls short.
    let (usual, most) = if engine() == "sqlite" {
        (13, 24)
    } else {
        (10, 18)
    };
    assert_eq!(earning, usual, "earning");
    assert_eq!(quoting, 4, "quoting");
    // Points come from three lots.
    assert!(spending <= most, "spending: {spending}");
    assert!(looking_up <= 12, "looking up: {looking_up}");
    assert!(opening < looking_up, "opening: {opening}");
    assert!(
        opening + loading <= looking_up + 4,
        "{opening} and {loading}"
    );
    chain.check().await;
}
