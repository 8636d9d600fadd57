//! What `check` finds: each rule in a database that was damaged to break it, on each engine.

mod receipts;
mod references;

use kopilka_core::ServiceConfig;
use kopilka_core::ids::{DeviceId, EntryId, LotId, MemberId, ReceiptId, RowId};
use kopilka_core::store::engine::{Statement, StoredRow, sql};
use kopilka_core::store::{Database, Tx, check};
use kopilka_core::usecases::demo;
use kopilka_testing::place::Place;

/// A database of the demo's chain.
struct Damaged {
    db: Database,
    place: Place,
}

impl Damaged {
    async fn demo() -> Self {
        let place = Place::new();
        let db = place.open().await;
        let config = ServiceConfig {
            host: String::new(),
            demo: true,
        };
        demo::fill_empty_database(&db, config).await.unwrap();
        let sound = Self { db, place };
        assert_eq!(sound.said().await, Vec::<String>::new());
        sound
    }

    /// Runs statements, each of which changes something.
    async fn by<const N: usize>(&self, statements: [Statement; N]) {
        let mut tx = self.db.write_test_data().await.unwrap();
        for statement in statements {
            assert!(statement.execute(&mut tx).await.unwrap() > 0);
        }
        tx.commit().await.unwrap();
    }

    async fn said(&self) -> Vec<String> {
        let mut tx = self.db.scan().await.unwrap();
        check::findings(&mut tx).await.unwrap().told
    }

    async fn sale(&self) -> ReceiptId {
        let mut tx = self.db.read().await.unwrap();
        let id: ReceiptId = sql("SELECT id FROM receipts WHERE kind = 'sale' ORDER BY id LIMIT 1")
            .fetch_value(&mut tx)
            .await
            .unwrap();
        id
    }

    async fn member(&self) -> MemberId {
        let mut tx = self.db.read().await.unwrap();
        let id: MemberId = sql("SELECT member_id FROM accounts ORDER BY member_id LIMIT 1")
            .fetch_value(&mut tx)
            .await
            .unwrap();
        id
    }

    async fn number(&self, statement: Statement) -> i64 {
        let mut tx: Tx = self.db.read().await.unwrap();
        let number: i64 = statement.fetch_value(&mut tx).await.unwrap();
        number
    }

    /// Stores a return of all of the sale; its id.
    async fn return_all(&self, sale: ReceiptId) -> ReceiptId {
        let id = ReceiptId::new();
        self.by([
            sql(
                "INSERT INTO receipts (id, store_id, till_id, kind, shift, number, series_number, at, received_at, member_id, \
                 staff_id, sale_id, programme_version, tier, total, discount, paid_by_points, evaluation) \
                 SELECT $2, store_id, till_id, 'return', shift, $3, $3, at, received_at, member_id, \
                 staff_id, id, programme_version, tier, total, discount, paid_by_points, '' \
                 FROM receipts WHERE id = $1",
            )
            .bind(sale)
            .bind(id)
            .bind(id.to_string()),
            sql(
                "INSERT INTO receipt_lines (receipt_id, position, member_id, sku, name, category, quantity, \
                 amount, discount, paid_by_points, earned) \
                 SELECT $2, position, member_id, sku, name, category, quantity, amount, 0, 0, 0 \
                 FROM receipt_lines WHERE receipt_id = $1",
            )
            .bind(sale)
            .bind(id),
        ])
        .await;
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_lot_with_points_in_it_is_told() {
    let damaged = Damaged::demo().await;
    let open = damaged
        .number(sql("SELECT COUNT(*) FROM lots WHERE remaining > 0"))
        .await;
    damaged
        .by([sql("UPDATE lots SET state = 'closed' WHERE remaining > 0")])
        .await;
    let said = damaged.said().await;
    assert_eq!(i64::try_from(said.len()).unwrap(), open);
    for each in said {
        assert!(
            each.starts_with("lot ") && each.contains(": closed, but "),
            "{each}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_of_an_offer_that_differ_from_its_uses_are_told() {
    let damaged = Damaged::demo().await;
    let sale = damaged.sale().await;
    let member = damaged.member().await;
    let totals = "INSERT INTO offer_totals (offer, uses, points, money) VALUES ($1, $2, $3, $4)";
    damaged
        .by([
            sql(totals).bind("unused").bind(1).bind(20).bind(300),
            sql(totals).bind("right").bind(1).bind(20).bind(300),
            sql(
                "INSERT INTO offer_uses (receipt_id, offer, member_id, points, money, at) \
                 VALUES ($1, 'right', $2, 20, 300, 0)",
            )
            .bind(sale)
            .bind(member),
        ])
        .await;
    let unused = "offer unused: counted as used 1 times for 20 points and 300 of money, \
                  but its uses are 0 for 0 points and 0";
    assert_eq!(damaged.said().await, [unused]);
    for (damage, told) in [
        (
            "UPDATE offer_totals SET uses = 2 WHERE offer = 'right'",
            "used 2 times for 20 points and 300 of money",
        ),
        (
            "UPDATE offer_totals SET uses = 1, points = 21 WHERE offer = 'right'",
            "used 1 times for 21 points and 300 of money",
        ),
        (
            "UPDATE offer_totals SET points = 20, money = 301 WHERE offer = 'right'",
            "used 1 times for 20 points and 301 of money",
        ),
    ] {
        damaged.by([sql(damage)]).await;
        let said = damaged.said().await;
        assert_eq!(said.len(), 2, "{said:?}");
        let counted = format!("{told}, but its uses are 1 for 20 points and 300");
        assert!(said.iter().any(|each| each.ends_with(&counted)), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tier_that_no_programme_has_is_told() {
    let damaged = Damaged::demo().await;
    let member = damaged.member().await;
    damaged
        .by([sql("UPDATE accounts SET tier = 'titanium' WHERE member_id = $1").bind(member)])
        .await;
    let told = format!("member {member}: tier titanium, which no programme has");
    assert_eq!(damaged.said().await, [told]);
    damaged
        .by([sql("UPDATE programme_versions SET document = 'none'")])
        .await;
    let said = damaged.said().await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].starts_with("programme version 1 cannot be read: "),
        "{said:?}"
    );
}

#[derive(StoredRow)]
struct Balance {
    member_id: MemberId,
    balance: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stayed_behind_in_a_joined_account_is_told() {
    let damaged = Damaged::demo().await;
    let mut tx = damaged.db.read().await.unwrap();
    let members: Vec<Balance> =
        sql("SELECT member_id, balance FROM accounts ORDER BY balance DESC, member_id LIMIT 2")
            .fetch_all(&mut tx)
            .await
            .unwrap();
    drop(tx);
    let Balance {
        member_id: member,
        balance,
    } = members[0];
    let other = members[1].member_id;
    assert!(balance > 0);
    damaged
        .by([
            sql("UPDATE accounts SET joined_to = $2 WHERE member_id = $1")
                .bind(member)
                .bind(other),
        ])
        .await;
    let told = |balance: i64, debt: i64| {
        format!(
            "member {member}: joined to another account, \
             but balance {balance} and debt {debt} stayed behind"
        )
    };
    let unmerged = format!("member {member}: joined to another account, but not merged with it");
    assert_eq!(damaged.said().await, [told(balance, 0), unmerged]);
    damaged
        .by([
            sql("INSERT INTO merged_accounts (merged_id, member_id) VALUES ($1, $2)")
                .bind(member)
                .bind(other),
        ])
        .await;
    assert_eq!(damaged.said().await, [told(balance, 0)]);
    // All of the balance goes into a debt, which stays behind as well.
    damaged
        .by([
            sql(
                "INSERT INTO entries (id, member_id, kind, points, programme_version, reason, at) \
                 VALUES ($1, $2, 'debt', $3, 1, '', 0)",
            )
            .bind(EntryId::new())
            .bind(member)
            .bind(-balance),
            sql("UPDATE accounts SET balance = 0, debt = $2 WHERE member_id = $1")
                .bind(member)
                .bind(balance),
        ])
        .await;
    assert_eq!(damaged.said().await, [told(0, balance)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_is_told_and_the_rest_is_checked() {
    let damaged = Damaged::demo().await;
    if damaged.place.url().is_some() {
        // PostgreSQL keeps no id that is none.
        return;
    }
    let member = damaged.member().await;
    let lot = "INSERT INTO lots (id, member_id, earned, remaining, created_at, activates, state) \
               VALUES ($1, $2, 10, 7, 0, 0, 'active')";
    damaged
        .by([
            sql(lot).bind(vec![1, 2, 3]).bind(member),
            sql("UPDATE accounts SET tier = 'titanium' WHERE member_id = $1").bind(member),
        ])
        .await;
    let said = damaged.said().await;
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].starts_with(&format!("member {member}: ")),
        "{said:?}"
    );
    assert!(
        said[1].starts_with("lots: a row cannot be read: "),
        "{said:?}"
    );
    assert!(said[2].contains("titanium"), "{said:?}");
}
