//! The last sales of a till, for a cashier who takes goods back without a card or a printed number.

use super::SaleListItem;
use crate::domain::chain::TillKind;
use crate::domain::time::local_date;
use crate::service::Kopilka;
use crate::store::{sales, shifts};
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::loyalty::member_snapshot::load_rules_at;

/// Sales that are listed.
const LISTED: i64 = 10;

/// The last sales of a till.
#[derive(Debug, Clone)]
pub struct RecentTillSales {
    /// Shift in which the till numbers its receipts now, as it stores it: the current or last shift of a browser till, the
    /// day of any other.
    pub shift: String,
    /// Sales of which something is left, newest first.
    pub sales: Vec<SaleListItem>,
}

/// The last ten sales of this till, and its shift.
///
/// # Errors
/// [`Error::Fault`].
pub async fn recent_sales(
    service: &Kopilka,
    at_till: &TillContext,
) -> Result<RecentTillSales, Error> {
    let mut tx = service.db.read().await?;
    let till = &at_till.till;
    let shift = if till.kind == TillKind::Browser {
        let latest = shifts::list_latest(&mut tx, till.id, 1).await?;
        latest.first().map_or(1, |shift| shift.number).to_string()
    } else {
        let rules = load_rules_at(service, &mut tx, service.now()).await?;
        let zone = till.store_zone.or_programme_zone(rules.programme.time_zone);
        local_date(service.now(), zone).to_string()
    };
    let rows = sales::list_of_till(&mut tx, till.id, LISTED).await?;
    let sales = rows.into_iter().map(SaleListItem::from).collect();
    Ok(RecentTillSales { shift, sales })
}
