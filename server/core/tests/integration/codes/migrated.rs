//! Used codes and former secrets of a database from before they had tables of their own.

use kopilka_core::domain::codes::step_of;
use kopilka_core::store::Tx;
use kopilka_core::store::engine::sql;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::till::look_up_customer;

use super::scene::{Scene, refused};

/// A migration as each engine runs it.
struct MigrationTexts {
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($name:literal) => {
        MigrationTexts {
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name)),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name)),
        }
    };
}

/// Runs the statements of a migration that `chosen` takes.
async fn run(tx: &mut Tx, migration: MigrationTexts, chosen: impl Fn(&str) -> bool) {
    let text = if tx.has_concurrent_writers() {
        migration.postgres
    } else {
        migration.sqlite
    };
    for statement in text.split(';').map(str::trim) {
        if !statement.is_empty() && chosen(statement) {
            sql(statement).execute(tx).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn used_codes_and_former_secrets_from_before_keep_their_meaning() {
    let scene = Scene::open().await;
    let (k, here, there) = (&scene.chain.k, &scene.chain.till, &scene.other_till);
    let code = scene.code(0);
    let receipt = scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    let mut tx = k.db.write_test_data().await.unwrap();
    for before in [
        "DROP TABLE spent_codes",
        "DROP TABLE former_secrets",
        "DROP TABLE card_tries",
        "DROP INDEX parked_by_member",
    ] {
        sql(before).execute(&mut tx).await.unwrap();
    }
    let of_codes = |statement: &str| statement.contains("CREATE TABLE spent_codes");
    run(&mut tx, migration!("0004_till.sql"), of_codes).await;
    let of_devices = |statement: &str| statement.contains("devices");
    run(&mut tx, migration!("0018_codes.sql"), of_devices).await;
    sql("INSERT INTO spent_codes (device_id, step, member_id, receipt_id) VALUES ($1, $2, $3, $4)")
        .bind(scene.shopper.device)
        .bind(step_of(k.now()))
        .bind(scene.anna.id)
        .bind(receipt.id)
        .execute(&mut tx)
        .await
        .unwrap();
    sql("UPDATE devices SET former_secret = secret, secret = $2, secret_turn = 1, replaced_at = $3 WHERE id = $1")
        .bind(scene.shopper.device)
        .bind(vec![1_u8; 32])
        .bind(k.now())
        .execute(&mut tx)
        .await
        .unwrap();
    run(&mut tx, migration!("0027_used_codes.sql"), |_| true).await;
    run(&mut tx, migration!("0028_former_secrets.sql"), |_| true).await;
    tx.commit().await.unwrap();
    // The code was used at the till of its receipt, and its secret, which was replaced, lives on for its minute.
    for spend in [0, 50] {
        let no = refused(scene.commit(there, &scene.by_code(&code, spend)).await);
        assert_eq!(no, Refusal::CodeAlreadySpent);
    }
    scene.commit(here, &scene.by_code(&code, 0)).await.unwrap();
    scene.chain.later(59);
    look_up_customer(k, there, &scene.code(0)).await.unwrap();
    scene.chain.later(1);
    let no = refused(look_up_customer(k, there, &scene.code(0)).await);
    assert_eq!(no, Refusal::CodeWrong);
    scene.chain.check().await;
}
