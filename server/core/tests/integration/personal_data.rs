//! Every table that may name a person is listed with what becomes of it, and does become of it what the list says.

mod fates;

use std::collections::BTreeSet;

use crate::chain::{Chain, Member, of_visit};
use fates::{Erasure, Export, FATES, Fate, Found, Pruning};
use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::ids::{DeviceId, MemberId, RowId};
use kopilka_core::store::engine::catalogue::{CatalogueColumn, CatalogueTable, tables};
use kopilka_core::store::engine::{ColumnKind, SqlValue, sql};
use kopilka_core::store::{Tx, json};
use kopilka_core::usecases::access::session::Shopper;
use kopilka_core::usecases::accounts::export::export_everything;
use kopilka_core::usecases::accounts::settings::close_account;
use kopilka_core::usecases::jobs::pruning::prune_expired_rows;
use kopilka_testing::place::Place;

/// Columns that hold a phone.
const PHONES: [&str; 3] = ["phone", "old_phone", "recipient"];
/// Columns that name the other of two members.
const OTHER: [&str; 3] = ["merged_id", "into_id", "other_id"];

fn names_a_person(table: &CatalogueTable) -> bool {
    let named = |column: &CatalogueColumn| {
        column.name == "member_id" || PHONES.contains(&column.name.as_str())
    };
    table.columns.iter().any(named) || table.references.iter().any(|each| each.table == "members")
}

async fn every_table_has_a_fate(engine: &str) {
    let place = Place::on(engine);
    let db = place.open().await;
    let tables = tables(&mut db.read().await.unwrap()).await.unwrap();
    let there: BTreeSet<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    let listed: BTreeSet<&str> = FATES.iter().map(|fate| fate.table).collect();
    assert_eq!(listed.len(), FATES.len(), "a table is listed twice");
    for table in tables.iter().filter(|table| names_a_person(table)) {
        assert!(
            listed.contains(table.name.as_str()),
            "say in FATES what becomes of {} on {engine}",
            table.name
        );
    }
    let unknown: Vec<_> = listed.difference(&there).collect();
    assert!(
        unknown.is_empty(),
        "no such tables on {engine}: {unknown:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_that_names_a_person_has_a_fate() {
    every_table_has_a_fate(&kopilka_testing::place::engine()).await;
}

/// The value of a column that has to say something, as SQL text, or a value to bind.
enum Filling {
    Sql(String),
    Bound(SqlValue),
}

/// A member with at least one row in each listed table.
struct Filled {
    chain: Chain,
    member: Member,
    other: MemberId,
    device: DeviceId,
}

/// Texts that a table checks, and others that are read.
fn special(table: &str, column: &str) -> Option<String> {
    let text = match (table, column) {
        ("visits", "scheme") => "fixed",
        ("tier_changes", "cause") => "upgrade",
        ("adjustments", "state") => "applied",
        ("support_requests", "state") => "waiting",
        ("support_requests", "kind") => "phone",
        ("parked", "kind") => "sale",
        ("parked", "refused") | ("confirmations", "answer") => "",
        ("account_merges", "moved") => "{}",
        ("parked", "draft") => {
            return Some(json::to_column(&of_visit("test", 1, PointsToSpend::None)).unwrap());
        }
        ("staff", "role") => "support",
        ("member_pets", "species") => "cat",
        ("receipt_lines", "unit") => "piece",
        _ => return None,
    };
    Some(text.to_owned())
}

impl Filled {
    async fn new() -> Self {
        let chain = Chain::open("2026-03-01", |_| {}).await;
        let member = chain.member(1).await;
        let other = chain.member(2).await.id;
        chain.sell(&member, 1_000).await;
        let mut tx = chain.k.db.write_test_data().await.unwrap();
        sql(
            "UPDATE members SET first_name = 'x', last_name = 'x', email = 'x', joined_from = 'x', \
             joined_store = 'x', birth_year = 1990, birth_month = 1, birth_day = 1, car = 'x', \
             phone_changed_at = 1 WHERE id = $1",
        )
        .bind(member.id)
        .execute(&mut tx)
        .await
        .unwrap();
        let mut filled = Self {
            chain,
            member,
            other,
            device: DeviceId::new(),
        };
        for table in tables(&mut tx).await.unwrap() {
            let fate = FATES.iter().find(|fate| fate.table == table.name);
            let wanted = match fate {
                Some(fate) => filled.count(&mut tx, fate, "").await == 0,
                None => table.name == "staff",
            };
            if wanted {
                filled.insert(&mut tx, &table).await;
            }
        }
        let device: DeviceId = sql("SELECT id FROM devices WHERE member_id = $1")
            .bind(filled.member.id)
            .fetch_value(&mut tx)
            .await
            .unwrap();
        filled.device = device;
        for fate in FATES {
            let rows = filled.count(&mut tx, fate, "").await;
            assert!(rows > 0, "no row in {}", fate.table);
        }
        tx.commit().await.unwrap();
        filled
    }

    fn shopper(&self) -> Shopper {
        Shopper {
            member: self.member.id,
            device: self.device,
            language: "ru".to_owned(),
        }
    }

    /// Counts the member's rows of a table, those of a further condition.
    async fn count(&self, tx: &mut Tx, fate: &Fate, further: &str) -> i64 {
        let (condition, value) = match fate.found {
            Found::Member(condition) => (condition, Some(SqlValue::from(self.member.id))),
            Found::Phone(condition) => {
                (condition, Some(SqlValue::from(self.member.phone.as_str())))
            }
            Found::Nobody => ("TRUE", None),
        };
        let text = format!(
            "SELECT COUNT(*) FROM {} WHERE {condition} {further}",
            fate.table
        );
        let mut statement = sql(text.leak());
        if let Some(value) = value {
            statement = statement.bind(value);
        }
        statement.fetch_value(tx).await.unwrap()
    }

    /// Stores a row of the member whose times are long over.
    async fn insert(&self, tx: &mut Tx, table: &CatalogueTable) {
        let (mut columns, mut places, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for column in &table.columns {
            let Some(filling) = self.filling(table, column) else {
                continue;
            };
            columns.push(column.name.as_str());
            places.push(match filling {
                Filling::Sql(text) => text,
                Filling::Bound(value) => {
                    values.push(value);
                    format!("${}", values.len())
                }
            });
        }
        let text = format!(
            "INSERT INTO {} ({}) SELECT {}",
            table.name,
            columns.join(", "),
            places.join(", ")
        );
        let mut statement = sql(text.leak());
        for value in values {
            statement = statement.bind(value);
        }
        statement
            .execute(tx)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", table.name));
    }

    fn filling(&self, table: &CatalogueTable, column: &CatalogueColumn) -> Option<Filling> {
        let name = column.name.as_str();
        if let Some(text) = special(&table.name, name) {
            return Some(Filling::Bound(SqlValue::from(text)));
        }
        if OTHER.contains(&name) {
            return Some(Filling::Bound(SqlValue::from(self.other)));
        }
        let reference = table.references.iter().find(|each| each.column == name);
        if name == "member_id" || reference.is_some_and(|each| each.table == "members") {
            return Some(Filling::Bound(SqlValue::from(self.member.id)));
        }
        if PHONES.contains(&name) {
            return Some(Filling::Bound(SqlValue::from(self.member.phone.as_str())));
        }
        if column.nullable {
            return None;
        }
        if let Some(reference) = reference {
            // Nobody else has bought anything or signed in.
            return Some(Filling::Sql(format!(
                "(SELECT {} FROM {} LIMIT 1)",
                reference.to, reference.table
            )));
        }
        Some(match column.kind {
            ColumnKind::Int => Filling::Sql("1".to_owned()),
            ColumnKind::Text => Filling::Sql("'x'".to_owned()),
            ColumnKind::Bool => Filling::Sql("TRUE".to_owned()),
            ColumnKind::Id => Filling::Bound(SqlValue::from(RowId::new())),
            ColumnKind::Bytes => Filling::Bound(SqlValue::from(RowId::new().0.as_bytes().to_vec())),
        })
    }
}

#[tokio::test]
async fn a_closed_account_leaves_what_the_list_says() {
    let filled = Filled::new().await;
    let k = &filled.chain.k;
    close_account(k, &filled.shopper(), true).await.unwrap();
    let mut tx = k.db.read().await.unwrap();
    for fate in FATES {
        let rows = filled.count(&mut tx, fate, "").await;
        match fate.erasure {
            Erasure::Gone => assert_eq!(rows, 0, "{}", fate.table),
            Erasure::Kept(why) => assert!(rows > 0, "{}: {why}", fate.table),
            Erasure::Emptied(columns) => {
                assert!(rows > 0, "{}", fate.table);
                for column in columns {
                    let full =
                        format!("AND COALESCE(CAST({column} AS TEXT), '') NOT IN ('', '\\x')");
                    let rows = filled.count(&mut tx, fate, &full).await;
                    assert_eq!(rows, 0, "{}.{column}", fate.table);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_export_has_what_the_list_says() {
    let filled = Filled::new().await;
    let export = export_everything(&filled.chain.k, &filled.shopper())
        .await
        .unwrap();
    let export = serde_json::to_value(export).unwrap();
    for fate in FATES {
        let key = match fate.export {
            Export::As(key) => key,
            Export::Not(why) => {
                assert!(!why.is_empty(), "{}: say why", fate.table);
                continue;
            }
        };
        let value = &export[key];
        let empty = value.is_null()
            || value.as_str().is_some_and(str::is_empty)
            || value.as_array().is_some_and(Vec::is_empty);
        assert!(!empty, "{}: {key} is {value}", fate.table);
    }
}

#[tokio::test]
async fn what_is_over_goes_as_the_list_says() {
    let filled = Filled::new().await;
    let k = &filled.chain.k;
    prune_expired_rows(k).await.unwrap();
    let mut tx = k.db.read().await.unwrap();
    for fate in FATES {
        let rows = filled.count(&mut tx, fate, "").await;
        match fate.pruning {
            // What the sale has written at this moment is not over yet.
            Pruning::After(_) if fate.table == "audit" => {}
            Pruning::After(when) => assert_eq!(rows, 0, "{} after {when}", fate.table),
            Pruning::Never(why) => assert!(rows > 0, "{}: {why}", fate.table),
        }
    }
}
