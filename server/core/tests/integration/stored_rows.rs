//! Rows are read by the names of their columns, and what a type cannot hold is an error.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::chain::PairingMethod;
use kopilka_core::domain::consents::{Channel, ConsentDocument, ConsentSubject, Purpose};
use kopilka_core::domain::ledger::EntryKind;
use kopilka_core::domain::profile::{CarAnswer, CarKind, Species};
use kopilka_core::domain::spend_answer::SpendAnswer;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::MemberId;
use kopilka_core::store::audit::Action;
use kopilka_core::store::engine::{ColumnValue, StoredRow, sql};
use kopilka_core::store::{Database, StoreError, Tx};
use kopilka_testing::place::Place;

#[derive(Debug, PartialEq, StoredRow)]
struct Amounts {
    money: Money,
    points: Points,
}

#[derive(Debug, PartialEq, StoredRow)]
struct Given {
    offer: String,
    #[row(flatten)]
    amounts: Amounts,
    missing: Option<Instant>,
}

async fn with_totals(place: &Place) -> Database {
    let db = place.open().await;
    let mut tx = db.write_test_data().await.unwrap();
    sql("INSERT INTO offer_totals (offer, uses, points, money) VALUES ('a', 1, 2, 3), ('b', 4, 5, 6)")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_read_by_the_names_of_columns_whatever_their_order() {
    let place = Place::new();
    let mut tx = with_totals(&place).await.read().await.unwrap();
    let text = "SELECT points, uses, money, CAST(NULL AS BIGINT) AS missing, offer \
                FROM offer_totals ORDER BY offer";
    let given = |offer: &str, points, money| Given {
        offer: offer.to_owned(),
        amounts: Amounts {
            money: Money(money),
            points: Points(points),
        },
        missing: None,
    };
    let all: Vec<Given> = sql(text).fetch_all(&mut tx).await.unwrap();
    assert_eq!(all, [given("a", 2, 3), given("b", 5, 6)]);
    let first: Option<Given> = sql(text).fetch_optional(&mut tx).await.unwrap();
    assert_eq!(first, Some(given("a", 2, 3)));
    let one: Given = sql(text).fetch_one(&mut tx).await.unwrap();
    assert_eq!(one, given("a", 2, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_column_is_read_without_a_row() {
    let place = Place::new();
    let mut tx = with_totals(&place).await.read().await.unwrap();
    let points: Vec<Points> = sql("SELECT points FROM offer_totals ORDER BY offer")
        .fetch_values(&mut tx)
        .await
        .unwrap();
    assert_eq!(points, [Points(2), Points(5)]);
    let none: Option<Option<MemberId>> = sql("SELECT id FROM members")
        .fetch_optional_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(none, None);
    let nothing: Option<i64> = sql("SELECT MAX(points) FROM offer_totals WHERE uses > 9")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(nothing, None);
    let absent = sql("SELECT uses FROM offer_totals WHERE uses > 9")
        .fetch_value::<i64>(&mut tx)
        .await;
    assert!(matches!(absent, Err(StoreError::Database(_))), "{absent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_field_cannot_hold_is_an_error() {
    let place = Place::new();
    let mut tx = with_totals(&place).await.read().await.unwrap();
    let nothing = sql("SELECT CAST(NULL AS BIGINT) AS money, points FROM offer_totals")
        .fetch_one::<Amounts>(&mut tx)
        .await;
    assert!(
        matches!(nothing, Err(StoreError::Unreadable(_))),
        "{nothing:?}"
    );
    let text = sql("SELECT offer AS money, points FROM offer_totals")
        .fetch_one::<Amounts>(&mut tx)
        .await;
    assert!(matches!(text, Err(StoreError::Unreadable(_))), "{text:?}");
    let absent = sql("SELECT points FROM offer_totals")
        .fetch_one::<Amounts>(&mut tx)
        .await;
    assert!(matches!(absent, Err(StoreError::Database(_))), "{absent:?}");
    let kind = sql("SELECT CAST('gift' AS TEXT)")
        .fetch_value::<EntryKind>(&mut tx)
        .await;
    assert!(matches!(kind, Err(StoreError::Unreadable(_))), "{kind:?}");
    let kind: Option<EntryKind> = sql("SELECT CAST('settle' AS TEXT)")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    assert_eq!(kind, Some(EntryKind::Settle));
}

async fn read_word<T: ColumnValue>(tx: &mut Tx, word: &'static str) -> Result<T, StoreError> {
    let statement = sql("SELECT CAST($1 AS TEXT)").bind(word);
    statement.fetch_value(tx).await
}

/// Checks that a stored word is read as `expected`, and that any other word is an error.
async fn check_word<T>(tx: &mut Tx, word: &'static str, expected: T)
where
    T: ColumnValue + Debug + PartialEq,
{
    assert_eq!(read_word::<T>(tx, word).await.unwrap(), expected);
    let unknown = read_word::<T>(tx, "unheard-of").await;
    assert!(
        matches!(unknown, Err(StoreError::Unreadable(_))),
        "{unknown:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_word_is_read_as_what_it_names_and_an_unknown_one_is_an_error() {
    let place = Place::new();
    let mut tx = place.open().await.read().await.unwrap();
    check_word(&mut tx, "gift-taken-back", Action::GiftTakenBack).await;
    check_word(&mut tx, "messenger", Channel::Messenger).await;
    check_word(&mut tx, "code", PairingMethod::Code).await;
    check_word(&mut tx, "cat", Species::Cat).await;
    check_word(&mut tx, "no", SpendAnswer::No).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_car_says_nothing_and_an_unknown_consent_keeps_its_words() {
    let place = Place::new();
    let mut tx = place.open().await.read().await.unwrap();
    for (word, answer) in [
        ("electric", CarAnswer::Kind(CarKind::Electric)),
        ("none", CarAnswer::None),
        ("rocket", CarAnswer::Untold),
    ] {
        assert_eq!(read_word::<CarAnswer>(&mut tx, word).await.unwrap(), answer);
    }
    let untold = sql("SELECT CAST(NULL AS TEXT)").fetch_value::<CarAnswer>(&mut tx);
    assert_eq!(untold.await.unwrap(), CarAnswer::Untold);
    for (channel, purpose, subject) in [
        (
            "sms",
            "news",
            ConsentSubject::Message(Channel::Sms, Purpose::News),
        ),
        (
            "document",
            "rules",
            ConsentSubject::Document(ConsentDocument::Rules),
        ),
        (
            "fax",
            "news",
            ConsentSubject::Unknown {
                channel: "fax".to_owned(),
                purpose: "news".to_owned(),
            },
        ),
    ] {
        let read: ConsentSubject =
            sql("SELECT CAST($2 AS TEXT) AS purpose, CAST($1 AS TEXT) AS channel")
                .bind(channel)
                .bind(purpose)
                .fetch_one(&mut tx)
                .await
                .unwrap();
        assert_eq!(read, subject);
    }
}

/// Source files of a folder and of those in it, without the folder of the engines.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("store/engine") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_database_driver_is_named_by_the_engines_folder_alone() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 100);
    files.retain(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.contains("sqlx") || text.contains("rusqlite")
    });
    assert_eq!(files, [] as [PathBuf; 0]);
}
