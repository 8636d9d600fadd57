//! The one statement that reads what is known of a member: rows of many kinds, whose columns have one meaning each.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::domain::amounts::{Money, Points};
use crate::domain::time::Instant;
use crate::store::engine::StoredRow;

/// A row of what is found. Each kind fills its own columns.
#[derive(StoredRow)]
pub(super) struct FactRow {
    pub kind: String,
    pub name: Option<String>,
    pub detail: Option<String>,
    pub at: Option<Instant>,
    pub until: Option<Instant>,
    pub warned_at: Option<Instant>,
    pub year: Option<i64>,
    pub month: Option<i64>,
    pub day: Option<i64>,
    pub version: Option<i64>,
    pub uses: Option<i64>,
    pub today: Option<i64>,
    pub due: Option<i64>,
    pub points: Option<Points>,
    pub money: Option<Money>,
}

/// Columns of [`FactRow`] after its kind, each with an expression of its type for rows that do not fill it.
const COLUMNS: [(&str, &str); 14] = [
    ("name", "CAST(NULL AS TEXT)"),
    ("detail", "CAST(NULL AS TEXT)"),
    ("at", "CAST(NULL AS BIGINT)"),
    ("until", "CAST(NULL AS BIGINT)"),
    ("warned_at", "CAST(NULL AS BIGINT)"),
    ("year", "CAST(NULL AS BIGINT)"),
    ("month", "CAST(NULL AS BIGINT)"),
    ("day", "CAST(NULL AS BIGINT)"),
    ("version", "CAST(NULL AS BIGINT)"),
    ("uses", "CAST(NULL AS BIGINT)"),
    ("today", "CAST(NULL AS BIGINT)"),
    ("due", "CAST(NULL AS BIGINT)"),
    ("points", "CAST(NULL AS BIGINT)"),
    ("money", "CAST(NULL AS BIGINT)"),
];

/// Returns the query of the rows of a kind, which fill the columns named.
fn rows_of(kind: &str, filled: &[(&str, &str)], source: &str) -> String {
    let mut text = format!("SELECT '{kind}' AS kind");
    for (column, nothing) in COLUMNS {
        let value = filled.iter().find(|(name, _)| *name == column);
        let value = value.map_or(nothing, |(_, value)| value);
        // Writing to a string never fails.
        let _ = write!(text, ", {value} AS {column}");
    }
    text.push(' ');
    text.push_str(source);
    text
}

/// Places: $1 member, $2 before, $3 how many purchases, $4 today, $5 tomorrow, $6 counted since, $7 now; then offers.
pub(super) static TEXT: LazyLock<String> = LazyLock::new(|| {
    [
        rows_of(
            "account",
            &[
                ("name", "a.tier"),
                ("detail", "m.car"),
                ("at", "a.tier_since"),
                ("until", "a.tier_until"),
                ("warned_at", "a.tier_warned_at"),
                ("year", "m.birth_year"),
                ("month", "m.birth_month"),
                ("day", "m.birth_day"),
                ("points", "a.debt"),
            ],
            "FROM accounts a JOIN members m ON m.id = a.member_id WHERE a.member_id = $1",
        ),
        rows_of(
            "version",
            &[("version", VERSION_BEFORE)],
            "",
        ),
        rows_of("todays-version", &[("version", VERSION_NOW)], ""),
        rows_of(
            "newest-version",
            &[("version", "MAX(version)")],
            "FROM programme_versions",
        ),
        rows_of(
            "closed",
            &[],
            "FROM members WHERE id = $1 AND closed_at IS NOT NULL",
        ),
        rows_of(
            "phone",
            &[("at", "phone_changed_at")],
            "FROM members WHERE id = $1 AND phone_changed_at IS NOT NULL",
        ),
        rows_of(
            "child",
            &[("year", "birth_year")],
            "FROM member_children WHERE member_id = $1",
        ),
        rows_of(
            "joined",
            &[],
            "FROM accounts WHERE member_id = $1 AND joined_to IS NOT NULL",
        ),
        rows_of("merged", &[], "FROM merged_accounts WHERE member_id = $1"),
        rows_of(
            "pet",
            &[("name", "species")],
            "FROM member_pets WHERE member_id = $1",
        ),
        rows_of(
            "consent",
            &[("name", "c.channel"), ("detail", "c.purpose")],
            "FROM consents c WHERE c.member_id = $1 AND c.granted \
             AND NOT EXISTS (SELECT 1 FROM consents later WHERE later.member_id = c.member_id \
             AND later.channel = c.channel AND later.purpose = c.purpose AND later.id > c.id)",
        ),
        rows_of(
            "activated",
            &[("name", "offer")],
            "FROM offer_activations WHERE member_id = $1",
        ),
        rows_of(
            "purchase",
            &[("at", "at")],
            "FROM (SELECT at FROM receipts WHERE member_id = $1 AND at < $2 AND purchase_total > 0 \
             ORDER BY at DESC LIMIT $3) AS bought",
        ),
        rows_of(
            "earlier",
            &[("name", "benefit"), ("at", "day"), ("uses", "uses")],
            "FROM earlier_uses WHERE member_id = $1",
        ),
        rows_of(
            "later",
            &[("at", "at")],
            "FROM (SELECT at FROM receipts WHERE member_id = $1 AND at >= $2 AND purchase_total > 0 \
             LIMIT 1) AS later",
        ),
        rows_of(
            "total",
            &[
                ("name", "offer"),
                ("uses", "uses"),
                ("points", "points"),
                ("money", "money"),
            ],
            "FROM offer_totals",
        ),
        rows_of(
            "counted",
            &[
                ("money", "CAST(COALESCE(SUM(counted_total), 0) AS BIGINT)"),
                ("points", "CAST(COALESCE(SUM(counted_points), 0) AS BIGINT)"),
            ],
            "FROM receipts WHERE member_id = $1 AND at >= $6",
        ),
        rows_of(
            "lots",
            &[("points", POINTS_ACTIVE), ("due", LOTS_DUE)],
            "FROM lots WHERE member_id = $1 AND state <> 'closed'",
        ),
    ]
    .join(" UNION ALL ")
});

const VERSION_BEFORE: &str = "(SELECT version FROM programme_versions WHERE valid_from <= $2 \
     ORDER BY valid_from DESC, version DESC LIMIT 1)";
const VERSION_NOW: &str = "(SELECT version FROM programme_versions WHERE valid_from <= $7 \
     ORDER BY valid_from DESC, version DESC LIMIT 1)";
const POINTS_ACTIVE: &str = "CAST(COALESCE(SUM(CASE WHEN activates <= $7 AND (expires IS NULL OR expires > $7) \
     THEN remaining ELSE 0 END), 0) AS BIGINT)";
const LOTS_DUE: &str = "CAST(COALESCE(SUM(CASE WHEN expires <= $7 OR (state = 'pending' AND activates <= $7) \
     THEN 1 ELSE 0 END), 0) AS BIGINT)";

/// Uses of offers by the member; the places of the offers and the end follow.
pub(super) static USES: LazyLock<String> = LazyLock::new(|| {
    rows_of(
        "use",
        &[
            ("name", "offer"),
            ("uses", "COUNT(*)"),
            (
                "today",
                "CAST(SUM(CASE WHEN at >= $4 AND at < $5 THEN 1 ELSE 0 END) AS BIGINT)",
            ),
        ],
        "FROM offer_uses WHERE member_id = $1 AND offer IN (",
    )
});
