//! The last sales of a till, for a cashier who takes goods back without a card or a printed number.

use super::super::Error;
use super::super::facts::in_force;
use super::super::till::AtTill;
use super::SaleInList;
use crate::domain::chain::TillKind;
use crate::domain::time::local_date;
use crate::service::Kopilka;
use crate::store::{sales, shifts};

/// Sales that are listed.
const LISTED: i64 = 10;

/// The last sales of a till.
#[derive(Debug, Clone)]
pub struct RecentSales {
    /// Shift in which the till numbers its receipts now, as it stores it: the current or last shift of a browser till, the
    /// day of any other.
    pub shift: String,
    /// Sales of which something is left, newest first.
    pub sales: Vec<SaleInList>,
}

/// The last ten sales of this till, and its shift.
///
/// # Errors
/// [`Error::Fault`].
pub async fn recent_sales(k: &Kopilka, at_till: &AtTill) -> Result<RecentSales, Error> {
    let mut tx = k.db.read().await?;
    let till = &at_till.till;
    let shift = if till.kind == TillKind::Browser {
        let latest = shifts::latest(&mut tx, till.id, 1).await?;
        latest.first().map_or(1, |shift| shift.number).to_string()
    } else {
        let rules = in_force(k, &mut tx, k.now()).await?;
        let zone = till.store_zone.or(rules.programme.time_zone);
        local_date(k.now(), zone).to_string()
    };
    let rows = sales::of_till(&mut tx, till.id, LISTED).await?;
    let sales = rows.into_iter().map(SaleInList::from).collect();
    Ok(RecentSales { shift, sales })
}
