//! What a test sees of a chain: balances, movements, what is left of purchases, and that everything adds up.

use super::{Member, Rig};
use crate::domain::amounts::{Money, Points};
use crate::domain::ledger::PointsBalance;
use crate::domain::programme::Programme;
use crate::domain::time::Instant;
use crate::store::engine::{StoredRow, sql};
use crate::store::{check, ledger, offers, tiers};
use crate::usecases::loyalty::member_snapshot;
use crate::usecases::wallet::history::{self, LedgerEntryView};

/// What an offer gave to a member.
#[derive(StoredRow)]
struct GivenByOffer {
    offer: String,
    points: Points,
    money: Money,
}

#[derive(StoredRow)]
struct LotSums {
    earned: Points,
    remaining: Points,
}

impl Rig {
    pub async fn balance(&self, member: &Member) -> PointsBalance {
        let mut tx = self.k.db.read().await.unwrap();
        member_snapshot::balance_of(&mut tx, member.id, self.k.now())
            .await
            .unwrap()
    }

    /// The member's movements, newest first.
    pub async fn entries(&self, member: &Member) -> Vec<LedgerEntryView> {
        let shopper = self.shopper(member).await;
        let history = history::load_history(&self.k, &shopper, None).await;
        history.unwrap().entries
    }

    /// Returns the member's purchases as far as they are left, and the points that offers gave for them.
    pub async fn kept(&self, member: &Member) -> (Money, Points, Vec<(String, i64, i64)>) {
        let mut tx = self.k.db.read().await.unwrap();
        let counted = tiers::sum_counted_since(&mut tx, member.id, Instant(0))
            .await
            .unwrap();
        let uses: Vec<GivenByOffer> = sql("SELECT offer, CAST(SUM(points) AS BIGINT) AS points, \
             CAST(SUM(money) AS BIGINT) AS money \
             FROM offer_uses WHERE member_id = $1 GROUP BY offer ORDER BY offer")
        .bind(member.id)
        .fetch_all(&mut tx)
        .await
        .unwrap();
        let uses = uses.into_iter();
        let uses = uses.map(|row| (row.offer, row.points.0, row.money.0));
        (counted.money, counted.points, uses.collect())
    }

    pub async fn waiting_gifts(&self, member: &Member) -> usize {
        let mut tx = self.k.db.read().await.unwrap();
        offers::list_waiting_gifts(&mut tx, member.id)
            .await
            .unwrap()
            .len()
    }

    /// The programme in force.
    pub async fn programme(&self) -> Programme {
        let mut tx = self.k.db.read().await.unwrap();
        let rules = self.k.current_rules(&mut tx).await.unwrap();
        rules.programme.as_ref().clone()
    }

    /// The whole ledger adds up.
    pub async fn check(&self) {
        let mut tx = self.k.db.scan().await.unwrap();
        let found = check::findings(&mut tx).await.unwrap();
        assert_eq!(found.told, Vec::<String>::new());
    }

    /// The member's ledger adds up: entries, lots and allocations agree with the account.
    pub async fn check_one(&self, member: &Member) {
        let mut tx = self.k.db.read().await.unwrap();
        let account = ledger::load_account(&mut tx, member.id).await.unwrap();
        let entries: Points = sql(
            "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM entries WHERE member_id = $1",
        )
        .bind(member.id)
        .fetch_value(&mut tx)
        .await
        .unwrap();
        let LotSums { earned, remaining } =
            sql("SELECT CAST(COALESCE(SUM(earned), 0) AS BIGINT) AS earned, \
             CAST(COALESCE(SUM(remaining), 0) AS BIGINT) AS remaining FROM lots WHERE member_id = $1")
            .bind(member.id)
            .fetch_one(&mut tx)
            .await
            .unwrap();
        let allocated: Points = sql(
            "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM allocations WHERE member_id = $1",
        )
        .bind(member.id)
        .fetch_value(&mut tx)
        .await
        .unwrap();
        assert_eq!(account.balance, entries);
        assert_eq!(account.balance + account.debt, remaining);
        assert_eq!(earned - remaining, allocated);
        assert!(account.debt >= Points::ZERO);
        let balance = self.balance(member).await;
        assert!(balance.active.is_zero() || balance.debt.is_zero());
    }
}
