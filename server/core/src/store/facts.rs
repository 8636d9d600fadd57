//! All that rules ask of a member, read at once: each way to the database costs more than what is found there. What is
//! read is as much as the rules can use, never the whole history.

use super::engine::{StoredRow, generated, no_row};
use super::once_only::EarlierUse;
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::MemberId;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Of whom.
    pub member: MemberId,
    /// Purchases before this time.
    pub before: Instant,
    /// At most so many of them, the latest.
    pub purchases: i64,
    /// Uses of these offers, in all and from `today` to `tomorrow`.
    pub offers: Vec<&'a str>,
    /// The beginning of the day.
    pub today: Instant,
    /// Its end.
    pub tomorrow: Instant,
    /// What counts for tiers from this time on.
    pub counted_since: Instant,
    /// Points as of this time.
    pub now: Instant,
}

/// How often an offer was used, and for how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uses {
    /// Its id.
    pub offer: String,
    /// Receipts: of the member, or of everyone.
    pub uses: i64,
    /// Of the member on the day.
    pub today: i64,
    /// Points to everyone.
    pub points: i64,
    /// Money to everyone, minor units.
    pub money: i64,
}

/// What is found.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Version of the programme that is in force at the time of [`Asked::before`].
    pub version: Option<i64>,
    /// Version that is in force at [`Asked::now`].
    pub todays_version: Option<i64>,
    /// The newest version that is stored.
    pub newest_version: Option<i64>,
    /// Tier id.
    pub tier: String,
    /// Since when the tier holds (µs).
    pub tier_since: i64,
    /// Until when (µs).
    pub tier_until: Option<i64>,
    /// The end of the period at which too little was counted (µs).
    pub tier_warned_at: Option<i64>,
    /// What could not be taken back yet.
    pub debt: i64,
    /// Birth year, month, day.
    pub birth: (Option<i64>, Option<i64>, Option<i64>),
    /// What is known of the car.
    pub car: Option<String>,
    /// Time of the last change of the phone (µs); `None` = it never was changed.
    pub phone_changed_at: Option<i64>,
    /// Whether the account is closed.
    pub closed: bool,
    /// Whether the account was joined to another.
    pub joined: bool,
    /// Whether others were merged into the account.
    pub merged: bool,
    /// Birth years of children.
    pub children: Vec<i64>,
    /// Species of pets.
    pub pets: Vec<String>,
    /// Channel and purpose of each consent in force.
    pub consents: Vec<(String, String)>,
    /// Offers switched on.
    pub activated: Vec<String>,
    /// Times of purchases (µs), the latest first.
    pub purchases: Vec<i64>,
    /// What was used in earlier accounts of the same person.
    pub earlier: Vec<EarlierUse>,
    /// Whether a purchase of [`Asked::before`] or a later time is stored already.
    pub bought_later: bool,
    /// What the member used of the offers asked for.
    pub own: Vec<Uses>,
    /// What offers gave to everyone, of those that are counted.
    pub totals: Vec<Uses>,
    /// What is left of purchases for tiers: money (minor units) and points.
    pub counted: (i64, i64),
    /// Points in lots that are active by their dates; debts are not taken off.
    pub active: i64,
    /// Lots that wait to be activated or to expire, though their time has come.
    pub due: i64,
}

#[derive(StoredRow)]
struct Row {
    kind: String,
    a: Option<String>,
    b: Option<String>,
    n1: Option<i64>,
    n2: Option<i64>,
    n3: Option<i64>,
    n4: Option<i64>,
    n5: Option<i64>,
    n6: Option<i64>,
    n7: Option<i64>,
    n8: Option<i64>,
}

/// Places: $1 member, $2 before, $3 how many purchases, $4 today, $5 tomorrow, $6 counted since, $7 now; then offers.
const TEXT: &str = "SELECT 'account' AS kind, a.tier AS a, m.car AS b, a.tier_since AS n1, \
     a.tier_until AS n2, a.tier_warned_at AS n3, a.debt AS n4, m.birth_year AS n5, m.birth_month AS n6, \
     m.birth_day AS n7, m.closed_at AS n8 FROM accounts a JOIN members m ON m.id = a.member_id \
     WHERE a.member_id = $1 \
     UNION ALL SELECT 'version', NULL, NULL, (SELECT version FROM programme_versions \
     WHERE valid_from <= $2 ORDER BY valid_from DESC, version DESC LIMIT 1), \
     (SELECT version FROM programme_versions WHERE valid_from <= $7 \
     ORDER BY valid_from DESC, version DESC LIMIT 1), \
     (SELECT MAX(version) FROM programme_versions), NULL, NULL, NULL, NULL, NULL \
     UNION ALL SELECT 'phone', NULL, NULL, phone_changed_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM members WHERE id = $1 AND phone_changed_at IS NOT NULL \
     UNION ALL SELECT 'child', NULL, NULL, birth_year, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM member_children WHERE member_id = $1 \
     UNION ALL SELECT 'joined', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM accounts WHERE member_id = $1 AND joined_to IS NOT NULL \
     UNION ALL SELECT 'merged', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM merged_accounts WHERE member_id = $1 \
     UNION ALL SELECT 'pet', species, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM member_pets WHERE member_id = $1 \
     UNION ALL SELECT 'consent', c.channel, c.purpose, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM consents c WHERE c.member_id = $1 AND c.granted \
     AND NOT EXISTS (SELECT 1 FROM consents later WHERE later.member_id = c.member_id \
     AND later.channel = c.channel AND later.purpose = c.purpose AND later.id > c.id) \
     UNION ALL SELECT 'activated', offer, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM offer_activations WHERE member_id = $1 \
     UNION ALL SELECT 'purchase', NULL, NULL, at, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM (SELECT at FROM receipts WHERE member_id = $1 AND at < $2 AND purchase_total > 0 \
     ORDER BY at DESC LIMIT $3) AS bought \
     UNION ALL SELECT 'earlier', benefit, NULL, day, uses, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM earlier_uses WHERE member_id = $1 \
     UNION ALL SELECT 'later', NULL, NULL, at, NULL, NULL, NULL, NULL, NULL, NULL, NULL \
     FROM (SELECT at FROM receipts WHERE member_id = $1 AND at >= $2 AND purchase_total > 0 LIMIT 1) AS later \
     UNION ALL SELECT 'total', offer, NULL, uses, NULL, points, money, NULL, NULL, NULL, NULL \
     FROM offer_totals \
     UNION ALL SELECT 'counted', NULL, NULL, CAST(COALESCE(SUM(counted_total), 0) AS BIGINT), \
     CAST(COALESCE(SUM(counted_points), 0) AS BIGINT), NULL, NULL, NULL, NULL, NULL, NULL \
     FROM receipts WHERE member_id = $1 AND at >= $6 \
     UNION ALL SELECT 'points', NULL, NULL, \
     CAST(COALESCE(SUM(CASE WHEN activates <= $7 AND (expires IS NULL OR expires > $7) \
     THEN remaining ELSE 0 END), 0) AS BIGINT), \
     CAST(COALESCE(SUM(CASE WHEN expires <= $7 OR (state = 'pending' AND activates <= $7) \
     THEN 1 ELSE 0 END), 0) AS BIGINT), NULL, NULL, NULL, NULL, NULL, NULL \
     FROM lots WHERE member_id = $1 AND state <> 'closed'";

const USES: &str = " UNION ALL SELECT 'use', offer, NULL, COUNT(*), \
     CAST(SUM(CASE WHEN at >= $4 AND at < $5 THEN 1 ELSE 0 END) AS BIGINT), \
     NULL, NULL, NULL, NULL, NULL, NULL FROM offer_uses WHERE member_id = $1 AND offer IN (";

/// Finds it.
///
/// # Errors
/// [`StoreError`], also where there is no such member.
pub async fn find(tx: &mut Tx, asked: &Asked<'_>) -> Result<Found, StoreError> {
    let mut text = TEXT.to_owned();
    if !asked.offers.is_empty() {
        let places = (8..)
            .take(asked.offers.len())
            .map(|place| format!("${place}"));
        text.push_str(USES);
        text.push_str(&places.collect::<Vec<_>>().join(", "));
        text.push_str(") GROUP BY offer");
    }
    let statement = generated(text)
        .bind(asked.member)
        .bind(asked.before)
        .bind(asked.purchases)
        .bind(asked.today)
        .bind(asked.tomorrow)
        .bind(asked.counted_since)
        .bind(asked.now);
    let offers = asked.offers.iter();
    let statement = offers.fold(statement, |statement, offer| statement.bind(*offer));
    let rows: Vec<Row> = statement.all(tx).await?;
    let mut found = Found::default();
    let mut is_there = false;
    for row in rows {
        is_there |= row.kind == "account";
        found.take(row);
    }
    if is_there { Ok(found) } else { Err(no_row()) }
}

impl Found {
    /// Adds what was found of another account of the same person: purchases, uses, what counts for the level, what was
    /// switched on.
    pub fn add_account(&mut self, other: Self) {
        self.purchases.extend(other.purchases);
        self.bought_later |= other.bought_later;
        self.own.extend(other.own);
        self.earlier.extend(other.earlier);
        self.activated.extend(other.activated);
        self.counted.0 = self.counted.0.saturating_add(other.counted.0);
        self.counted.1 = self.counted.1.saturating_add(other.counted.1);
    }

    /// Takes the level of another account of the same person.
    pub fn take_level(&mut self, other: &Self) {
        self.tier.clone_from(&other.tier);
        self.tier_since = other.tier_since;
        (self.tier_until, self.tier_warned_at) = (other.tier_until, other.tier_warned_at);
    }

    fn take(&mut self, row: Row) {
        let text = row.a.unwrap_or_default();
        let number = |number: Option<i64>| number.unwrap_or_default();
        match row.kind.as_str() {
            "account" => {
                self.tier = text;
                self.tier_since = number(row.n1);
                (self.tier_until, self.tier_warned_at) = (row.n2, row.n3);
                self.debt = number(row.n4);
                self.birth = (row.n5, row.n6, row.n7);
                self.car = row.b;
                self.closed = row.n8.is_some();
            }
            "version" => {
                (self.version, self.todays_version) = (row.n1, row.n2);
                self.newest_version = row.n3;
            }
            "phone" => self.phone_changed_at = row.n1,
            "child" => self.children.extend(row.n1),
            "joined" => self.joined = true,
            "merged" => self.merged = true,
            "pet" => self.pets.push(text),
            "consent" => self.consents.push((text, row.b.unwrap_or_default())),
            "activated" => self.activated.push(text),
            "purchase" => self.purchases.extend(row.n1),
            "earlier" => self.earlier.push(EarlierUse {
                benefit: text,
                day: number(row.n1),
                uses: number(row.n2),
            }),
            "later" => self.bought_later = true,
            "counted" => self.counted = (number(row.n1), number(row.n2)),
            "points" => (self.active, self.due) = (number(row.n1), number(row.n2)),
            kind => {
                let uses = Uses {
                    offer: text,
                    uses: number(row.n1),
                    today: number(row.n2),
                    points: number(row.n3),
                    money: number(row.n4),
                };
                if kind == "total" {
                    self.totals.push(uses);
                } else {
                    self.own.push(uses);
                }
            }
        }
    }
}
