//! Receipts by their own identity: one by its number, or a shift's in pages, for a till that compares its day with ours.

use super::{ReceiptListPage, ReceiptSummary};
use crate::domain::name::is_plain;
use crate::ids::{ReceiptId, TillId};
use crate::service::Kopilka;
use crate::store::receipt_list::{self, ListedReceipt, ReceiptFilter};
use crate::store::{Tx, tills};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, Refusal};

/// Receipts of a page where the till does not say how many.
pub const USUAL_PAGE: i64 = 50;
/// Most receipts of a page.
pub const LARGEST_PAGE: i64 = 200;

/// Criteria by which receipts of the till's store are searched.
#[derive(Debug, Clone, Default)]
pub struct ReceiptSearchCriteria {
    /// Name of a till of the store; `None` = the till that asks.
    pub till: Option<String>,
    /// Series of the numbering; `None` = receipts without a series.
    pub series: Option<String>,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift; `None` = all.
    pub number: Option<String>,
    /// Only receipts stored after this one; `None` = from the first.
    pub after: Option<ReceiptId>,
    /// Receipts of a page; `None` = [`USUAL_PAGE`].
    pub limit: Option<i64>,
}

impl From<ListedReceipt> for ReceiptSummary {
    fn from(row: ListedReceipt) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            series: row.series,
            shift: row.shift,
            number: row.number,
            at: row.at,
            total: row.total,
            discount: row.discount,
            paid_by_points: row.paid_by_points,
            money: row.total - row.discount - row.paid_by_points,
            sale: row.sale_id,
        }
    }
}

/// Lists receipts of one till of the caller's store.
///
/// # Errors
/// [`Error::Invalid`] for a shift, number, series or limit that cannot be; [`Refusal::NotFound`] for a till that the store
/// does not have.
pub async fn list_receipts(
    service: &Kopilka,
    at_till: &TillContext,
    search: &ReceiptSearchCriteria,
) -> Result<ReceiptListPage, Error> {
    let limit = search.limit.unwrap_or(USUAL_PAGE);
    check_search(search, limit)?;
    let mut tx = service.db.read().await?;
    let filter = ReceiptFilter {
        till: till_of(&mut tx, at_till, search.till.as_deref()).await?,
        store: at_till.till.store_id,
        series: search.series.as_deref().unwrap_or_default(),
        shift: &search.shift,
        number: search.number.as_deref().unwrap_or_default(),
        after: search.after,
    };
    // One more tells whether there is a next page.
    let mut rows = receipt_list::list_receipts(&mut tx, filter, limit + 1).await?;
    let next = match rows.pop() {
        Some(_) if i64::try_from(rows.len()) == Ok(limit) => rows.last().map(|last| last.id),
        Some(last) => {
            rows.push(last);
            None
        }
        None => None,
    };
    Ok(ReceiptListPage {
        receipts: rows.into_iter().map(ReceiptSummary::from).collect(),
        next,
    })
}

fn check_search(search: &ReceiptSearchCriteria, limit: i64) -> Result<(), Error> {
    let texts = [
        ("series", search.series.as_deref()),
        ("shift", Some(search.shift.as_str())),
        ("number", search.number.as_deref()),
    ];
    for (field, text) in texts {
        if text.is_some_and(|text| !is_plain(text)) {
            return Err(Error::invalid_field(field, "receipt-identity"));
        }
    }
    if (1..=LARGEST_PAGE).contains(&limit) {
        Ok(())
    } else {
        Err(Error::invalid_field("limit", "limit-range"))
    }
}

async fn till_of(tx: &mut Tx, at_till: &TillContext, name: Option<&str>) -> Result<TillId, Error> {
    let Some(name) = name else {
        return Ok(at_till.till.id);
    };
    let tills = tills::list_of_store(tx, at_till.till.store_id).await?;
    let found = tills.into_iter().find(|till| till.name == name);
    Ok(found.ok_or(Refusal::NotFound)?.id)
}
