//! Whether everything that is stored adds up, on whichever engine and however much there is. Foreign keys are not
//! relied on: what they promise is looked at too.

use futures_util::StreamExt;

use super::engine::{Kind, Value, sql};
use super::{StoreError, Tx};

/// Findings that are told one by one; the rest are counted.
const TOLD: usize = 100;

/// What a check found.
#[derive(Debug, Default)]
pub struct Findings {
    /// The first of them, a sentence each.
    pub told: Vec<String>,
    /// How many there are.
    pub count: u64,
}

/// One rule: the rows that break it, and the sentence about such a row.
struct Rule {
    /// Answers an id and up to three numbers for each row that breaks the rule.
    text: &'static str,
    /// Numbers in the answer.
    numbers: usize,
    /// The sentence; `{0}` is the id, `{1}` and so on the numbers.
    said: &'static str,
}

const SUMS: [Rule; 6] = [
    Rule {
        text: "SELECT a.member_id, a.balance, CAST(COALESCE(s.points, 0) AS BIGINT) FROM accounts a \
               LEFT JOIN (SELECT member_id, SUM(points) AS points FROM entries GROUP BY member_id) s \
               ON s.member_id = a.member_id WHERE a.balance <> COALESCE(s.points, 0)",
        numbers: 2,
        said: "member {0}: balance {1}, but its entries sum to {2}",
    },
    Rule {
        text: "SELECT a.member_id, a.balance, a.debt, CAST(COALESCE(s.points, 0) AS BIGINT) \
               FROM accounts a LEFT JOIN (SELECT member_id, SUM(remaining) AS points FROM lots \
               GROUP BY member_id) s ON s.member_id = a.member_id \
               WHERE a.balance + a.debt <> COALESCE(s.points, 0)",
        numbers: 3,
        said: "member {0}: balance {1} and debt {2}, but its lots hold {3}",
    },
    Rule {
        text: "SELECT l.id, l.earned - l.remaining, CAST(COALESCE(s.points, 0) AS BIGINT) FROM lots l \
               LEFT JOIN (SELECT lot_id, SUM(points) AS points FROM allocations GROUP BY lot_id) s \
               ON s.lot_id = l.id WHERE l.earned - l.remaining <> COALESCE(s.points, 0)",
        numbers: 2,
        said: "lot {0}: {1} points are gone, but {2} are allocated",
    },
    Rule {
        text: "SELECT member_id, debt FROM accounts WHERE debt < 0",
        numbers: 1,
        said: "member {0}: a debt of {1}",
    },
    Rule {
        text: "SELECT member_id, balance, debt FROM accounts \
               WHERE joined_to IS NOT NULL AND (balance <> 0 OR debt <> 0)",
        numbers: 2,
        said: "member {0}: joined to another account, but balance {1} and debt {2} stayed behind",
    },
    Rule {
        text: "SELECT m.id FROM members m WHERE NOT EXISTS \
               (SELECT 1 FROM accounts a WHERE a.member_id = m.id)",
        numbers: 0,
        said: "member {0}: no account",
    },
];

/// A rule for each way in which a row may name another that is not there: table, its id, the column, and where that
/// leads. A column that holds nothing names nothing.
macro_rules! orphans {
    ($($table:literal $id:literal $column:literal => $to:literal $key:literal),+ $(,)?) => {
        [$(Rule {
            text: concat!(
                "SELECT f.", $id, " FROM ", $table, " f WHERE f.", $column, " IS NOT NULL AND NOT EXISTS \
                 (SELECT 1 FROM ", $to, " t WHERE t.", $key, " = f.", $column, ")"
            ),
            numbers: 0,
            said: concat!($table, " {0}: ", $column, " names no row of ", $to),
        }),+]
    };
}

const ORPHANS: [Rule; 26] = orphans! {
    "accounts" "member_id" "member_id" => "members" "id",
    "accounts" "member_id" "joined_to" => "members" "id",
    "cards" "member_id" "member_id" => "members" "id",
    "entries" "id" "member_id" => "members" "id",
    "entries" "id" "receipt_id" => "receipts" "id",
    "entries" "id" "lot_id" => "lots" "id",
    "entries" "id" "corrects" => "entries" "id",
    "adjustments" "id" "corrects" => "entries" "id",
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
    "offer_uses" "receipt_id" "receipt_id" => "receipts" "id",
    "offer_uses" "receipt_id" "member_id" => "members" "id",
    "gift_grants" "id" "receipt_id" => "receipts" "id",
    "gift_grants" "id" "member_id" => "members" "id",
    "claims" "receipt_id" "receipt_id" => "receipts" "id",
    "claims" "receipt_id" "claimed_by" => "members" "id",
    "idempotency" "receipt_id" "receipt_id" => "receipts" "id",
    "spent_codes" "receipt_id" "receipt_id" => "receipts" "id",
};

/// Everything that does not add up.
///
/// # Errors
/// [`StoreError`].
pub async fn findings(tx: &mut Tx) -> Result<Findings, StoreError> {
    let mut findings = Findings::default();
    for rule in SUMS.iter().chain(&ORPHANS) {
        let mut kinds = vec![Kind::Id];
        kinds.resize(rule.numbers + 1, Kind::Int);
        let mut rows = sql(rule.text).each(tx, &kinds)?;
        while let Some(row) = rows.next().await {
            let row = row?;
            findings.count += 1;
            if findings.told.len() < TOLD {
                findings.told.push(sentence(rule.said, &row));
            }
        }
    }
    Ok(findings)
}

fn sentence(said: &str, row: &[Value]) -> String {
    row.iter()
        .enumerate()
        .fold(said.to_owned(), |said, (at, value)| {
            let value = match value {
                Value::Id(Some(id)) => id.to_string(),
                Value::Int(Some(number)) => number.to_string(),
                other => format!("{other:?}"),
            };
            said.replace(&format!("{{{at}}}"), &value)
        })
}
