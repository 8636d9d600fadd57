//! The one statement that reads what is known of a member: rows of many kinds, whose columns have one meaning each.

use std::fmt::Write as _;
use std::sync::LazyLock;

use super::{MemberSnapshot, SnapshotQuery};
use crate::domain::amounts::{Money, Points};
use crate::domain::consents::{Channel, Purpose};
use crate::domain::profile::{BirthDate, CarKind, Species};
use crate::domain::time::Instant;
use crate::store::StoreError;
use crate::store::engine::StoredRow;
use crate::store::once_only::EarlierBenefitUse;
use crate::store::tiers::CountedSaleSums;

/// A row of what is found. Each kind fills its own columns.
#[derive(StoredRow)]
pub(super) struct MemberSnapshotRow {
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

/// Columns of [`MemberSnapshotRow`] after its kind, each with an expression of its type for rows that do not fill it.
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

/// Kind of a row.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::EnumString, strum::IntoStaticStr,
)]
#[strum(serialize_all = "kebab-case")]
enum FactKind {
    Account,
    Version,
    TodaysVersion,
    NewestVersion,
    Closed,
    Phone,
    Child,
    Joined,
    Merged,
    Pet,
    Consent,
    Activated,
    Listed,
    Purchase,
    Earlier,
    Later,
    Total,
    Counted,
    Lots,
    Use,
}

/// Columns that a kind fills, with their expressions, and the rest of its query.
type Part = (&'static [(&'static str, &'static str)], &'static str);

impl FactKind {
    /// Returns whether anybody asks for it.
    fn is_asked(self, query: &SnapshotQuery<'_>) -> bool {
        let needed = &query.needed;
        match self {
            Self::Child => needed.children,
            Self::Pet => needed.pets,
            Self::Consent => needed.consents,
            Self::Listed => needed.listed,
            Self::Purchase | Self::Later => needed.purchases > 0,
            Self::Use => !query.offers.is_empty(),
            Self::Account
            | Self::Version
            | Self::TodaysVersion
            | Self::NewestVersion
            | Self::Closed
            | Self::Phone
            | Self::Joined
            | Self::Merged
            | Self::Activated
            | Self::Earlier
            | Self::Total
            | Self::Counted
            | Self::Lots => true,
        }
    }

    /// Returns its part of the statement. Places: $1 member, $2 before, $3 how many purchases, $4 today, $5 tomorrow, $6 counted
    /// since, $7 now; then offers.
    const fn part(self) -> Part {
        match self {
            Self::Account => (
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
            Self::Version => (&[("version", VERSION_BEFORE)], ""),
            Self::TodaysVersion => (&[("version", VERSION_NOW)], ""),
            Self::NewestVersion => (&[("version", "MAX(version)")], "FROM programme_versions"),
            Self::Closed => (&[], "FROM members WHERE id = $1 AND closed_at IS NOT NULL"),
            Self::Phone => (
                &[("at", "phone_changed_at")],
                "FROM members WHERE id = $1 AND phone_changed_at IS NOT NULL",
            ),
            Self::Child => (
                &[("year", "birth_year")],
                "FROM member_children WHERE member_id = $1",
            ),
            Self::Joined => (
                &[],
                "FROM accounts WHERE member_id = $1 AND joined_to IS NOT NULL",
            ),
            Self::Merged => (&[], "FROM merged_accounts WHERE member_id = $1"),
            Self::Pet => (
                &[("name", "species")],
                "FROM member_pets WHERE member_id = $1",
            ),
            Self::Consent => (
                &[("name", "c.channel"), ("detail", "c.purpose")],
                "FROM consents c WHERE c.member_id = $1 AND c.granted \
                 AND NOT EXISTS (SELECT 1 FROM consents later WHERE later.member_id = c.member_id \
                 AND later.channel = c.channel AND later.purpose = c.purpose AND later.id > c.id)",
            ),
            Self::Activated => (
                &[("name", "offer")],
                "FROM offer_activations WHERE member_id = $1",
            ),
            Self::Listed => (
                &[("name", "offer")],
                "FROM offer_members WHERE member_id = $1",
            ),
            Self::Purchase => (
                &[("at", "at")],
                "FROM (SELECT at FROM receipts WHERE member_id = $1 AND at < $2 AND purchase_total > 0 \
                 ORDER BY at DESC LIMIT $3) AS bought",
            ),
            Self::Earlier => (
                &[("name", "benefit"), ("at", "day"), ("uses", "uses")],
                "FROM earlier_uses WHERE member_id = $1",
            ),
            Self::Later => (
                &[("at", "at")],
                "FROM (SELECT at FROM receipts WHERE member_id = $1 AND at >= $2 AND purchase_total > 0 \
                 LIMIT 1) AS later",
            ),
            Self::Total => (
                &[
                    ("name", "offer"),
                    ("uses", "uses"),
                    ("points", "points"),
                    ("money", "money"),
                ],
                "FROM offer_totals",
            ),
            Self::Counted => (
                &[
                    ("money", "CAST(COALESCE(SUM(counted_total), 0) AS BIGINT)"),
                    ("points", "CAST(COALESCE(SUM(counted_points), 0) AS BIGINT)"),
                ],
                "FROM receipts WHERE member_id = $1 AND at >= $6",
            ),
            Self::Lots => (
                &[("points", POINTS_ACTIVE), ("due", LOTS_DUE)],
                "FROM lots WHERE member_id = $1 AND state <> 'closed'",
            ),
            Self::Use => (
                &[
                    ("name", "offer"),
                    ("uses", "COUNT(*)"),
                    (
                        "today",
                        "CAST(SUM(CASE WHEN at >= $4 AND at < $5 THEN 1 ELSE 0 END) AS BIGINT)",
                    ),
                ],
                "FROM offer_uses WHERE member_id = $1 AND offer IN ",
            ),
        }
    }
}

const VERSION_BEFORE: &str = "(SELECT version FROM programme_versions WHERE valid_from <= $2 \
     ORDER BY valid_from DESC, version DESC LIMIT 1)";
const VERSION_NOW: &str = "(SELECT version FROM programme_versions WHERE valid_from <= $7 \
     ORDER BY valid_from DESC, version DESC LIMIT 1)";
const POINTS_ACTIVE: &str = "CAST(COALESCE(SUM(CASE WHEN activates <= $7 AND (expires IS NULL OR expires > $7) \
     THEN remaining ELSE 0 END), 0) AS BIGINT)";
const LOTS_DUE: &str = "CAST(COALESCE(SUM(CASE WHEN expires <= $7 OR (state = 'pending' AND activates <= $7) \
     THEN 1 ELSE 0 END), 0) AS BIGINT)";

/// Number of the first offer's place in the statement.
const FIRST_OFFER: usize = 8;

/// Texts of the parts, which never change.
static PARTS: LazyLock<Vec<(FactKind, String)>> = LazyLock::new(|| {
    let kinds = <FactKind as strum::IntoEnumIterator>::iter();
    kinds.map(|kind| (kind, part_text(kind))).collect()
});

/// Returns the statement that answers a query.
pub(super) fn statement_of(query: &SnapshotQuery<'_>) -> String {
    let mut text = String::with_capacity(6_000);
    for (kind, part) in PARTS.iter().filter(|(kind, _)| kind.is_asked(query)) {
        if !text.is_empty() {
            text.push_str(" UNION ALL ");
        }
        text.push_str(part);
        if *kind == FactKind::Use {
            let places = (FIRST_OFFER..).take(query.offers.len());
            let places: Vec<String> = places.map(|place| format!("${place}")).collect();
            // Writing to a string never fails.
            let _ = write!(text, "({}) GROUP BY offer", places.join(", "));
        }
    }
    text
}

/// Returns the query of the rows of a kind, with an expression for each column.
fn part_text(kind: FactKind) -> String {
    let (filled, source) = kind.part();
    let mut text = format!("SELECT '{}' AS kind", <&str>::from(kind));
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

impl MemberSnapshot {
    /// Adds what a row says. Returns whether it is the row of the account itself.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for a row of no kind.
    pub(super) fn take(&mut self, row: MemberSnapshotRow) -> Result<bool, StoreError> {
        let kind: FactKind = row
            .kind
            .parse()
            .map_err(|_| StoreError::Unreadable(format!("a fact of the kind {}", row.kind)))?;
        let name = row.name.unwrap_or_default();
        let facts = &mut self.facts;
        match kind {
            FactKind::Account => {
                self.standing.tier = name;
                self.standing.since = row.at.unwrap_or_default();
                (self.standing.until, self.standing.warned) = (row.until, row.warned_at);
                self.debt = row.points.unwrap_or_default();
                facts.birth = BirthDate::of_numbers(row.year, row.month, row.day);
                facts.car = row.detail.is_some_and(|car| CarKind::parse(&car).is_some());
            }
            FactKind::Version => self.version = row.version,
            FactKind::TodaysVersion => self.todays_version = row.version,
            FactKind::NewestVersion => self.newest_version = row.version,
            FactKind::Closed => self.closed = true,
            FactKind::Phone => self.phone_changed = row.at,
            FactKind::Child => {
                let year = row.year.and_then(|year| i32::try_from(year).ok());
                facts.child_birth_years.extend(year);
            }
            FactKind::Joined => self.joined = true,
            FactKind::Merged => self.merged = true,
            FactKind::Pet => facts.pets.extend(Species::parse(&name)),
            FactKind::Consent => {
                let purpose = row.detail.unwrap_or_default();
                let consent = Channel::parse(&name).zip(Purpose::parse(&purpose));
                facts.consents.extend(consent);
            }
            FactKind::Activated => facts.activated.extend([name]),
            FactKind::Listed => facts.listed.extend([name]),
            FactKind::Purchase => facts.purchases.extend(row.at),
            FactKind::Earlier => self.earlier.push(EarlierBenefitUse {
                benefit: name,
                day: row.at.unwrap_or_default(),
                uses: row.uses.unwrap_or_default(),
            }),
            FactKind::Later => facts.bought_later = true,
            FactKind::Total => {
                self.counted_offers.push(name.clone());
                let uses = facts.uses.entry(name).or_default();
                uses.in_all = row.uses.unwrap_or_default();
                uses.points = row.points.unwrap_or_default();
                uses.money = row.money.unwrap_or_default();
            }
            FactKind::Counted => {
                self.counted = CountedSaleSums {
                    money: row.money.unwrap_or_default(),
                    points: row.points.unwrap_or_default(),
                }
            }
            FactKind::Lots => {
                self.in_lots = row.points.unwrap_or_default();
                self.due = row.due.unwrap_or_default() > 0;
            }
            FactKind::Use => {
                let uses = row.uses.unwrap_or_default();
                self.add_own_uses(&name, uses, row.today.unwrap_or_default());
            }
        }
        Ok(kind == FactKind::Account)
    }
}
