//! Whether everything that is stored adds up, on whichever engine and however much there is. Foreign keys are not
//! relied on: what they promise is looked at too.

use std::collections::BTreeSet;

use futures_util::StreamExt;

use super::engine::{ColumnKind, ScanTx, SqlValue, Statement, generated, sql};
use super::programmes::ProgrammeVersionRow;
use super::{StoreError, programmes};

/// Findings that are told one by one; the rest are counted.
const TOLD: usize = 100;

/// Findings of a check.
#[derive(Debug, Default)]
pub struct CheckFindings {
    /// The first of them, a sentence each.
    pub told: Vec<String>,
    /// Number of findings.
    pub count: u64,
}

impl CheckFindings {
    /// Adds a finding.
    pub(crate) fn add_finding(&mut self, said: impl FnOnce() -> String) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(said());
        }
    }
}

/// One rule: the rows that break it, and the sentence about such a row.
struct ConsistencyRule {
    /// The table that the rule is about.
    table: &'static str,
    /// Kind of value that names its rows.
    key: ColumnKind,
    /// Answers a key and some numbers for each row that breaks the rule.
    text: &'static str,
    /// Numbers in the answer.
    numbers: usize,
    /// The sentence; `{0}` is the key, `{1}` and so on the numbers.
    said: &'static str,
}

// Each goes over a table once and finds what belongs to a row by an index, or adds a table up: the lines of a receipt lie
// together under its id, returns are found by receipts_by_sale, and of offers' uses only those that are counted are added.
const SUMS: [ConsistencyRule; 17] = [
    ConsistencyRule {
        table: "accounts",
        key: ColumnKind::Id,
        text: "SELECT a.member_id, a.balance, CAST(COALESCE(s.points, 0) AS BIGINT) FROM accounts a \
               LEFT JOIN (SELECT member_id, SUM(points) AS points FROM entries GROUP BY member_id) s \
               ON s.member_id = a.member_id WHERE a.balance <> COALESCE(s.points, 0)",
        numbers: 2,
        said: "member {0}: balance {1}, but its entries sum to {2}",
    },
    ConsistencyRule {
        table: "accounts",
        key: ColumnKind::Id,
        text: "SELECT a.member_id, a.balance, a.debt, CAST(COALESCE(s.points, 0) AS BIGINT) \
               FROM accounts a LEFT JOIN (SELECT member_id, SUM(remaining) AS points FROM lots \
               GROUP BY member_id) s ON s.member_id = a.member_id \
               WHERE a.balance + a.debt <> COALESCE(s.points, 0)",
        numbers: 3,
        said: "member {0}: balance {1} and debt {2}, but its lots hold {3}",
    },
    ConsistencyRule {
        table: "lots",
        key: ColumnKind::Id,
        text: "SELECT l.id, l.earned - l.remaining, CAST(COALESCE(s.points, 0) AS BIGINT) FROM lots l \
               LEFT JOIN (SELECT lot_id, SUM(points) AS points FROM allocations GROUP BY lot_id) s \
               ON s.lot_id = l.id WHERE l.earned - l.remaining <> COALESCE(s.points, 0)",
        numbers: 2,
        said: "lot {0}: {1} points are gone, but {2} are allocated",
    },
    ConsistencyRule {
        table: "accounts",
        key: ColumnKind::Id,
        text: "SELECT member_id, debt FROM accounts WHERE debt < 0",
        numbers: 1,
        said: "member {0}: a debt of {1}",
    },
    ConsistencyRule {
        table: "accounts",
        key: ColumnKind::Id,
        text: "SELECT member_id, balance, debt FROM accounts \
               WHERE joined_to IS NOT NULL AND (balance <> 0 OR debt <> 0)",
        numbers: 2,
        said: "member {0}: joined to another account, but balance {1} and debt {2} stayed behind",
    },
    ConsistencyRule {
        table: "accounts",
        key: ColumnKind::Id,
        text: "SELECT a.member_id FROM accounts a WHERE a.joined_to IS NOT NULL AND NOT EXISTS \
               (SELECT 1 FROM merged_accounts m WHERE m.merged_id = a.member_id)",
        numbers: 0,
        said: "member {0}: joined to another account, but not merged with it",
    },
    ConsistencyRule {
        table: "members",
        key: ColumnKind::Id,
        text: "SELECT m.id FROM members m WHERE NOT EXISTS \
               (SELECT 1 FROM accounts a WHERE a.member_id = m.id)",
        numbers: 0,
        said: "member {0}: no account",
    },
    ConsistencyRule {
        table: "lots",
        key: ColumnKind::Id,
        text: "SELECT id, remaining FROM lots WHERE state = 'closed' AND remaining <> 0",
        numbers: 1,
        said: "lot {0}: closed, but {1} points are left in it",
    },
    ConsistencyRule {
        table: "offer_totals",
        key: ColumnKind::Text,
        text: "SELECT t.offer, t.uses, t.points, t.money, COALESCE(u.uses, 0), \
               CAST(COALESCE(u.points, 0) AS BIGINT), CAST(COALESCE(u.money, 0) AS BIGINT) \
               FROM offer_totals t LEFT JOIN (SELECT offer, COUNT(*) AS uses, SUM(points) AS points, \
               SUM(money) AS money FROM offer_uses WHERE offer IN (SELECT offer FROM offer_totals) \
               GROUP BY offer) u ON u.offer = t.offer WHERE t.uses <> COALESCE(u.uses, 0) \
               OR t.points <> COALESCE(u.points, 0) OR t.money <> COALESCE(u.money, 0)",
        numbers: 6,
        said: "offer {0}: counted as used {1} times for {2} points and {3} of money, but its uses are {4} \
               for {5} points and {6}",
    },
    ConsistencyRule {
        table: "receipts",
        key: ColumnKind::Id,
        text: "SELECT r.id, r.total, r.discount, r.paid_by_points, \
               (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) \
               FROM receipt_lines l WHERE l.receipt_id = r.id), \
               (SELECT CAST(COALESCE(SUM(l.discount), 0) AS BIGINT) \
               FROM receipt_lines l WHERE l.receipt_id = r.id), \
               (SELECT CAST(COALESCE(SUM(l.paid_by_points), 0) AS BIGINT) \
               FROM receipt_lines l WHERE l.receipt_id = r.id) \
               FROM receipts r WHERE r.kind = 'sale' AND NOT (SELECT COALESCE(SUM(l.amount), 0) = r.total \
               AND COALESCE(SUM(l.discount), 0) = r.discount \
               AND COALESCE(SUM(l.paid_by_points), 0) = r.paid_by_points \
               FROM receipt_lines l WHERE l.receipt_id = r.id)",
        numbers: 6,
        said: "sale {0}: {1} in all, {2} off and {3} paid by points, but its lines have {4}, {5} and {6}",
    },
    ConsistencyRule {
        // The lines of a return have no discounts of their own.
        table: "receipts",
        key: ColumnKind::Id,
        text: "SELECT r.id, r.total, (SELECT CAST(COALESCE(SUM(l.amount), 0) AS BIGINT) \
               FROM receipt_lines l WHERE l.receipt_id = r.id) FROM receipts r \
               WHERE r.sale_id IS NOT NULL AND r.total <> (SELECT COALESCE(SUM(l.amount), 0) \
               FROM receipt_lines l WHERE l.receipt_id = r.id)",
        numbers: 2,
        said: "return {0}: {1} in all, but its lines have {2}",
    },
    ConsistencyRule {
        table: "receipt_lines",
        key: ColumnKind::Id,
        text: "SELECT r.sale_id, l.position, CAST(SUM(l.quantity) AS BIGINT), COALESCE(s.quantity, 0) \
               FROM receipts r JOIN receipt_lines l ON l.receipt_id = r.id \
               LEFT JOIN receipt_lines s ON s.receipt_id = r.sale_id AND s.position = l.position \
               WHERE r.sale_id IS NOT NULL GROUP BY r.sale_id, l.position, s.quantity \
               HAVING SUM(l.quantity) > COALESCE(s.quantity, 0)",
        numbers: 3,
        said: "sale {0}: of its line {1} went back {2} thousandths, but {3} were sold",
    },
    ConsistencyRule {
        // Excluded goods do not count, and what has gone back does not either.
        table: "receipts",
        key: ColumnKind::Id,
        text: "SELECT id, counted_total, counted_points, purchase_total, kept_total, kept_points \
               FROM receipts WHERE counted_total NOT BETWEEN 0 AND kept_total \
               OR counted_points NOT BETWEEN 0 AND kept_points \
               OR purchase_total NOT BETWEEN 0 AND kept_total",
        numbers: 5,
        said: "sale {0}: {1} of money and {2} points count for levels and {3} as a purchase, but {4} and {5} points \
               are left of it",
    },
    ConsistencyRule {
        // A line may go back by amount; then no quantity is counted.
        table: "receipt_lines",
        key: ColumnKind::Id,
        text: "SELECT r.sale_id, l.position, CAST(SUM(l.amount) AS BIGINT), s.amount \
               FROM receipts r JOIN receipt_lines l ON l.receipt_id = r.id \
               JOIN receipt_lines s ON s.receipt_id = r.sale_id AND s.position = l.position \
               WHERE r.sale_id IS NOT NULL GROUP BY r.sale_id, l.position, s.amount \
               HAVING SUM(l.amount) > s.amount",
        numbers: 3,
        said: "sale {0}: of its line {1} went back {2} of money, but it was sold for {3}",
    },
    ConsistencyRule {
        // Whoever spends, spends points of their own: what had gone on to a joined account is brought back before.
        table: "allocations",
        key: ColumnKind::Id,
        text: "SELECT a.entry_id FROM allocations a JOIN entries e ON e.id = a.entry_id \
               WHERE e.member_id <> a.member_id",
        numbers: 0,
        said: "entry {0}: not of the member that its allocation names",
    },
    ConsistencyRule {
        table: "allocations",
        key: ColumnKind::Id,
        text: "SELECT a.lot_id FROM allocations a JOIN lots l ON l.id = a.lot_id \
               WHERE l.member_id <> a.member_id",
        numbers: 0,
        said: "lot {0}: not of the member that its allocation names",
    },
    ConsistencyRule {
        // Nobody's as long as the receipt is nobody's; a claim gives both away.
        table: "receipt_lines",
        key: ColumnKind::Id,
        text: "SELECT l.receipt_id, l.position FROM receipt_lines l \
               JOIN receipts r ON r.id = l.receipt_id WHERE l.member_id <> r.member_id \
               OR (l.member_id IS NULL) <> (r.member_id IS NULL)",
        numbers: 1,
        said: "receipt {0}: not of the member that its line {1} names",
    },
];

/// A rule for each way in which a row may name another that is not there: table, its id, the column, and where that
/// leads. A column that holds nothing names nothing.
macro_rules! orphans {
    ($($table:literal $id:literal $column:literal => $to:literal $key:literal),+ $(,)?) => {
        [$(ConsistencyRule {
            table: $table,
            key: ColumnKind::Id,
            text: concat!(
                "SELECT f.", $id, " FROM ", $table, " f WHERE f.", $column, " IS NOT NULL AND NOT EXISTS \
                 (SELECT 1 FROM ", $to, " t WHERE t.", $key, " = f.", $column, ")"
            ),
            numbers: 0,
            said: concat!($table, " {0}: ", $column, " names no row of ", $to),
        }),+]
    };
}

const ORPHANS: [ConsistencyRule; 55] = orphans! {
    "accounts" "member_id" "member_id" => "members" "id",
    "accounts" "member_id" "joined_to" => "members" "id",
    "cards" "member_id" "member_id" => "members" "id",
    "devices" "id" "member_id" => "members" "id",
    "consents" "id" "member_id" => "members" "id",
    "member_children" "id" "member_id" => "members" "id",
    "member_pets" "member_id" "member_id" => "members" "id",
    "entries" "id" "member_id" => "members" "id",
    "entries" "id" "receipt_id" => "receipts" "id",
    "entries" "id" "lot_id" => "lots" "id",
    "entries" "id" "corrects" => "entries" "id",
    "entries" "id" "programme_version" => "programme_versions" "version",
    "adjustments" "id" "member_id" => "members" "id",
    "adjustments" "id" "corrects" => "entries" "id",
    "tier_changes" "id" "member_id" => "members" "id",
    "tier_changes" "id" "receipt_id" => "receipts" "id",
    "tier_changes" "id" "programme_version" => "programme_versions" "version",
    "lots" "id" "member_id" => "members" "id",
    "lots" "id" "receipt_id" => "receipts" "id",
    "allocations" "entry_id" "entry_id" => "entries" "id",
    "allocations" "lot_id" "lot_id" => "lots" "id",
    "receipts" "id" "member_id" => "members" "id",
    "receipts" "id" "sale_id" => "receipts" "id",
    "receipts" "id" "till_id" => "tills" "id",
    "receipts" "id" "store_id" => "stores" "id",
    "receipts" "id" "programme_version" => "programme_versions" "version",
    "receipt_lines" "receipt_id" "receipt_id" => "receipts" "id",
    "offer_activations" "member_id" "member_id" => "members" "id",
    "offer_members" "member_id" "member_id" => "members" "id",
    "offer_uses" "receipt_id" "receipt_id" => "receipts" "id",
    "offer_uses" "receipt_id" "member_id" => "members" "id",
    "gift_grants" "id" "receipt_id" => "receipts" "id",
    "gift_grants" "id" "member_id" => "members" "id",
    "claims" "receipt_id" "receipt_id" => "receipts" "id",
    "claims" "receipt_id" "claimed_by" => "members" "id",
    "idempotency" "receipt_id" "receipt_id" => "receipts" "id",
    "spent_codes" "device_id" "device_id" => "devices" "id",
    "spent_codes" "device_id" "member_id" => "members" "id",
    "spent_codes" "device_id" "till_id" => "tills" "id",
    "former_secrets" "device_id" "device_id" => "devices" "id",
    "former_secrets" "device_id" "member_id" => "members" "id",
    "parked" "id" "member_id" => "members" "id",
    "confirmations" "id" "member_id" => "members" "id",
    "confirmations" "id" "receipt_id" => "receipts" "id",
    "till_enrolments" "id" "member_id" => "members" "id",
    "earlier_uses" "member_id" "member_id" => "members" "id",
    "former_phones" "member_id" "member_id" => "members" "id",
    "closed_account_successors" "member_id" "member_id" => "members" "id",
    "merged_accounts" "merged_id" "merged_id" => "members" "id",
    "merged_accounts" "merged_id" "member_id" => "members" "id",
    "account_merges" "id" "member_id" => "members" "id",
    "account_merges" "id" "into_id" => "members" "id",
    "support_requests" "id" "member_id" => "members" "id",
    "support_requests" "id" "other_id" => "members" "id",
    "support_requests" "id" "merge_id" => "account_merges" "id",
};

/// Everything that does not add up.
///
/// # Errors
/// [`StoreError`].
pub async fn findings(tx: &mut ScanTx) -> Result<CheckFindings, StoreError> {
    let mut findings = CheckFindings::default();
    for rule in SUMS.iter().chain(&ORPHANS) {
        let mut kinds = vec![rule.key];
        kinds.resize(rule.numbers + 1, ColumnKind::Int);
        let said = |row: &[SqlValue]| sentence(rule.said, row);
        add_findings(tx, sql(rule.text), &kinds, rule.table, said, &mut findings).await?;
    }
    find_unknown_tiers(tx, &mut findings).await?;
    Ok(findings)
}

/// Adds a finding for each row that the statement answers, also for one that cannot be read.
async fn add_findings(
    tx: &mut ScanTx,
    statement: Statement,
    kinds: &[ColumnKind],
    table: &str,
    said: impl Fn(&[SqlValue]) -> String,
    findings: &mut CheckFindings,
) -> Result<(), StoreError> {
    let mut rows = statement.fetch_each(tx, kinds).await?;
    while let Some(row) = rows.next().await {
        match row {
            Ok(row) => findings.add_finding(|| said(&row)),
            Err(StoreError::Unreadable(cause)) => {
                findings.add_finding(|| format!("{table}: a row cannot be read: {cause}"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Finds members whose tier no version of the programme has.
async fn find_unknown_tiers(
    tx: &mut ScanTx,
    findings: &mut CheckFindings,
) -> Result<(), StoreError> {
    let mut known = BTreeSet::new();
    let mut unread = false;
    for ProgrammeVersionRow { version, .. } in programmes::list_versions(tx).await? {
        match programmes::load_document(tx, version).await {
            Ok((programme, _)) => known.extend(programme.tiers.iter().map(|tier| tier.id.clone())),
            Err(StoreError::Unreadable(cause)) => {
                unread = true;
                findings
                    .add_finding(|| format!("programme version {version} cannot be read: {cause}"));
            }
            Err(error) => return Err(error),
        }
    }
    if unread {
        // It may be the version that had the tier.
        return Ok(());
    }
    let places: Vec<String> = (1..=known.len()).map(|place| format!("${place}")).collect();
    let unknown = if places.is_empty() {
        String::new()
    } else {
        format!(" WHERE tier NOT IN ({})", places.join(", "))
    };
    let text = format!("SELECT member_id, tier FROM accounts{unknown}");
    let statement = known.into_iter().fold(generated(text), Statement::bind);
    let said = |row: &[SqlValue]| sentence("member {0}: tier {1}, which no programme has", row);
    add_findings(
        tx,
        statement,
        &[ColumnKind::Id, ColumnKind::Text],
        "accounts",
        said,
        findings,
    )
    .await
}

fn sentence(said: &str, row: &[SqlValue]) -> String {
    row.iter()
        .enumerate()
        .fold(said.to_owned(), |said, (at, value)| {
            let value = match value {
                SqlValue::Id(Some(id)) => id.to_string(),
                SqlValue::Int(Some(number)) => number.to_string(),
                SqlValue::Text(Some(text)) => text.clone(),
                other => format!("{other:?}"),
            };
            said.replace(&format!("{{{at}}}"), &value)
        })
}
