//! A person who closes one of two accounts that were merged closes both, and gets what is kept in both.

use kopilka_core::store::engine::StoredRow;
use kopilka_core::store::once_only::{self, EarlierBenefitUse};
use kopilka_core::usecases::accounts::export;

use super::*;

const DAY: i64 = 86_400_000_000;

/// Rows of a table that name one of these members.
async fn rows_of(chain: &Chain, text: &'static str, accounts: &[&Member]) -> i64 {
    let mut tx = chain.k.db.read().await.unwrap();
    let mut rows = 0;
    for account in accounts {
        let count: i64 = sql(text)
            .bind(account.id)
            .fetch_value(&mut tx)
            .await
            .unwrap();
        rows += count;
    }
    rows
}

#[derive(StoredRow)]
struct KeptUses {
    benefit: String,
    phones: i64,
    uses: i64,
}

#[tokio::test]
async fn closing_either_of_two_merged_accounts_erases_both_and_keeps_the_uses_of_both() {
    for of_merged in [true, false] {
        let chain = chain(1_000_000).await;
        let (a, b) = (chain.member(1).await, chain.member(2).await);
        let boss = officer(&chain, "boss").await;
        let (phone_a, phone_b) = (signed_in(&chain, &a).await, signed_in(&chain, &b).await);
        let mut tx = chain.k.db.write_test_data().await.unwrap();
        let earlier = EarlierBenefitUse {
            benefit: "offer:once".to_owned(),
            day: kopilka_core::domain::time::Instant(20_000 * DAY - 3 * 3_600_000_000),
            uses: 1,
        };
        once_only::add_earlier_use(&mut tx, a.id, &earlier)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(earned(&chain, &b, 1_000).await, 200 + 50 + 30);
        moves(&chain, &boss, &a, &b).await;
        tells_all(&chain, &phone_a, "none").await;
        closes(&chain, if of_merged { &a } else { &b }).await;
        let erased = [&a, &b];
        for (text, left) in [
            (
                "SELECT COUNT(*) FROM members WHERE id = $1 AND closed_at IS NULL",
                0,
            ),
            (
                "SELECT COUNT(*) FROM members WHERE id = $1 AND (phone IS NOT NULL OR first_name <> '')",
                0,
            ),
            (
                "SELECT COUNT(*) FROM members WHERE id = $1 AND birth_year IS NOT NULL",
                0,
            ),
            ("SELECT COUNT(*) FROM cards WHERE member_id = $1", 0),
            (
                "SELECT COUNT(*) FROM devices WHERE member_id = $1 AND ended_at IS NULL",
                0,
            ),
            ("SELECT COUNT(*) FROM earlier_uses WHERE member_id = $1", 0),
            // The ledger stays.
            ("SELECT COUNT(*) FROM receipts WHERE member_id = $1", 1),
        ] {
            assert_eq!(rows_of(&chain, text, &erased).await, left, "{text}");
        }
        for shopper in [&phone_a, &phone_b] {
            let saved = profile::save_car(&chain.k, shopper, "none").await;
            assert!(matches!(saved, Err(Error::Refused(Refusal::NotSignedIn))));
        }
        let mut tx = chain.k.db.read().await.unwrap();
        let kept: Vec<KeptUses> = sql(
            "SELECT benefit, COUNT(DISTINCT phone_hash) AS phones, CAST(SUM(uses) AS BIGINT) AS uses \
             FROM once_only_uses \
             GROUP BY benefit ORDER BY benefit",
        )
        .fetch_all(&mut tx)
        .await
        .unwrap();
        let kept: Vec<(&str, i64, i64)> = kept
            .iter()
            .map(|kept| (kept.benefit.as_str(), kept.phones, kept.uses))
            .collect();
        assert_eq!(
            kept,
            [
                ("offer:first-purchase", 2, 2),
                // One of an account before the first, one of the second.
                ("offer:once", 2, 4),
                ("profile", 2, 2),
                ("purchase", 2, 2)
            ]
        );
        chain.check().await;
    }
}

#[tokio::test]
async fn an_account_that_was_moved_back_is_closed_alone() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    let merged = moves(&chain, &boss, &a, &b).await;
    moves_back(&chain, &boss, merged.id).await;
    closes(&chain, &a).await;
    let open = "SELECT COUNT(*) FROM members WHERE id = $1 AND closed_at IS NULL";
    assert_eq!(rows_of(&chain, open, &[&a]).await, 0);
    assert_eq!(rows_of(&chain, open, &[&b]).await, 1);
}

#[tokio::test]
async fn whoever_of_a_chain_of_three_closes_closes_all() {
    let chain = chain(1_000_000).await;
    let (a, b, c) = (
        chain.member(1).await,
        chain.member(2).await,
        chain.member(3).await,
    );
    let boss = officer(&chain, "boss").await;
    moves(&chain, &boss, &a, &b).await;
    moves(&chain, &boss, &b, &c).await;
    closes(&chain, &b).await;
    let open = "SELECT COUNT(*) FROM members WHERE id = $1 AND closed_at IS NULL";
    assert_eq!(rows_of(&chain, open, &[&a, &b, &c]).await, 0);
    chain.check().await;
}

#[tokio::test]
async fn an_export_holds_both_accounts() {
    let chain = chain(1_000_000).await;
    let (a, b) = (chain.member(1).await, chain.member(2).await);
    let boss = officer(&chain, "boss").await;
    let (phone_a, phone_b) = (signed_in(&chain, &a).await, signed_in(&chain, &b).await);
    let told = async |shopper: &Shopper| {
        let export = export::export_everything(&chain.k, shopper).await.unwrap();
        serde_json::to_value(&export).unwrap()
    };
    earned(&chain, &a, 1_000).await;
    let alone = told(&phone_b).await;
    assert_eq!(alone["phone"], b.phone.as_str());
    assert_eq!(alone.get("merged_accounts"), None);
    moves(&chain, &boss, &a, &b).await;
    for (shopper, own, other) in [(&phone_a, &a, &b), (&phone_b, &b, &a)] {
        let both = told(shopper).await;
        assert_eq!(both["phone"], own.phone.as_str());
        let merged = both["merged_accounts"].as_array().unwrap();
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0]["phone"], other.phone.as_str());
        let points = |of: &serde_json::Value| -> Vec<i64> {
            let lines = of["points"].as_array().unwrap();
            lines
                .iter()
                .map(|line| line["points"].as_i64().unwrap())
                .collect()
        };
        let all = [points(&both), points(&merged[0])].concat();
        let stored = "SELECT COUNT(*) FROM entries WHERE member_id = $1";
        assert_eq!(
            Ok(rows_of(&chain, stored, &[&a, &b]).await),
            i64::try_from(all.len())
        );
        assert_eq!(all.iter().sum::<i64>(), 200 + 50 + 30);
        let table = export::points_csv(&chain.k, shopper).await.unwrap();
        assert_eq!(table.lines().count(), 1 + all.len(), "{table}");
    }
}
