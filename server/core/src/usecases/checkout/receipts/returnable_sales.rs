//! Sales that a cashier may take goods back of: found by number or among a member's, with what is left of each line. Only
//! sales of the till's own store.

use super::ReturnEffect;
use crate::domain::amounts::{Money, Points};
use crate::domain::receipt::ReceiptKind;
use crate::domain::receipt::ReceiptLine;
use crate::domain::returns::RemainingLinePart;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId};
use crate::service::Kopilka;
use crate::store::json;
use crate::store::receipts::StoredReceiptRow;
use crate::store::sales::ListedSaleRow;
use crate::store::{Tx, receipts, sales, tills};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_till};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, Refusal};

/// Sales of a member that are listed.
const LISTED: i64 = 20;

/// A line of a sale, and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnableLine {
    /// Its place in the sale, from 0.
    pub position: usize,
    /// Line as it was sold.
    pub line: ReceiptLine,
    /// Part of it that did not go back yet.
    pub left: RemainingLinePart,
}

impl ReturnableLine {
    /// Returns whether the till asks for an amount of the line instead of a quantity: the sale was posted as one sum
    /// without a name, or a part of it went back by amount before.
    pub fn goes_by_amount(&self) -> bool {
        let unnamed = self.line.name.is_empty() && self.line.sku.is_empty();
        self.left.is_one_sum() && (unnamed || self.left.has_gone_by_amount())
    }
}

/// A sale as a return begins with it.
#[derive(Debug, Clone)]
pub struct ReturnableSale {
    /// Its id.
    pub id: ReceiptId,
    /// Name of its till.
    pub till: String,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Its own time.
    pub at: Instant,
    /// Amount that was paid in money.
    pub paid: Money,
    /// Amount of that which went back already.
    pub refunded: Money,
    /// Lines in order.
    pub lines: Vec<ReturnableLine>,
}

/// A sale in a list: nothing of it but when, where and how much.
#[derive(Debug, Clone)]
pub struct SaleListItem {
    /// Its id.
    pub id: ReceiptId,
    /// Its own time.
    pub at: Instant,
    /// Name of its till.
    pub till: String,
    /// The number in the shift.
    pub number: String,
    /// Amount that was paid in money.
    pub paid: Money,
}

impl From<ListedSaleRow> for SaleListItem {
    fn from(row: ListedSaleRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            till: row.till_name,
            number: row.number,
            paid: row.total - row.discount - row.paid_by_points,
        }
    }
}

/// The sale with this id.
///
/// # Errors
/// [`Refusal::NotFound`], also for another store's and for a return.
pub async fn returnable(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<ReturnableSale, Error> {
    let found = find_returnable(service, at_till, id).await;
    log_foreign_id_of_till(service, found, at_till, OwnedId::StoresReceipt(id)).await
}

async fn find_returnable(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<ReturnableSale, Error> {
    let mut tx = service.db.read().await?;
    let sale = receipts::find_by_id(&mut tx, id)
        .await?
        .filter(|sale| sale.store_id == at_till.till.store_id && sale.kind == ReceiptKind::Sale)
        .ok_or(Refusal::NotFound)?;
    load_returnable(&mut tx, sale).await
}

async fn load_returnable(tx: &mut Tx, sale: StoredReceiptRow) -> Result<ReturnableSale, Error> {
    let rows = receipts::list_lines(tx, sale.id).await?;
    let sold: Vec<ReceiptLine> = rows.into_iter().map(|row| row.line).collect();
    let mut left = RemainingLinePart::whole_sale(&sold);
    let mut refunded = Money::ZERO;
    for earlier in receipts::list_returns(tx, sale.id).await? {
        let effect: ReturnEffect = json::from_column(&earlier.evaluation)?;
        refunded += effect.refund;
        left = effect.left_of(&left)?;
    }
    let lines = sold.into_iter().zip(left).enumerate();
    let lines = lines
        .map(|(position, (line, left))| ReturnableLine {
            position,
            line,
            left,
        })
        .collect();
    let till = tills::load_name(tx, sale.till_id).await?;
    Ok(ReturnableSale {
        id: sale.id,
        till,
        shift: sale.shift,
        number: sale.number,
        at: sale.at,
        paid: sale.total - sale.discount - sale.paid_by_points,
        refunded,
        lines,
    })
}

/// The sale of this shift and number at a till of the store, by the till's name. Of sales in several series the last one.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn find_by_number(
    service: &Kopilka,
    at_till: &TillContext,
    till: &str,
    shift: &str,
    number: &str,
) -> Result<ReceiptId, Error> {
    let mut tx = service.db.read().await?;
    let till = tills::list_of_store(&mut tx, at_till.till.store_id)
        .await?
        .into_iter()
        .find(|each| each.name == till)
        .ok_or(Refusal::NotFound)?;
    let id = receipts::latest_sale_by_number(&mut tx, till.id, shift, number).await?;
    Ok(id.ok_or(Refusal::NotFound)?)
}

/// Names of the tills of the store, this one first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_store_tills(
    service: &Kopilka,
    at_till: &TillContext,
) -> Result<Vec<String>, Error> {
    let mut tx = service.db.read().await?;
    let mut tills = tills::list_of_store(&mut tx, at_till.till.store_id).await?;
    tills.sort_by_key(|till| (till.id != at_till.till.id, till.name.clone()));
    Ok(tills.into_iter().map(|till| till.name).collect())
}

/// Returns the last sales of a member in the store of the till, newest first; those of which all went back are left out.
///
/// # Errors
/// [`Error::Fault`].
pub async fn sales_of_member(
    service: &Kopilka,
    at_till: &TillContext,
    member: MemberId,
) -> Result<Vec<SaleListItem>, Error> {
    let mut tx = service.db.read().await?;
    let rows = sales::of_member_in_store(&mut tx, member, at_till.till.store_id, LISTED).await?;
    Ok(rows.into_iter().map(SaleListItem::from).collect())
}

/// A stored return of this store, as its till tells it when it is done.
///
/// # Errors
/// [`Refusal::NotFound`].
pub async fn load_stored_return(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<(String, ReturnEffect), Error> {
    let found = find_stored_return(service, at_till, id).await;
    log_foreign_id_of_till(service, found, at_till, OwnedId::StoresReceipt(id)).await
}

async fn find_stored_return(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<(String, ReturnEffect), Error> {
    let mut tx = service.db.read().await?;
    let row = receipts::find_by_id(&mut tx, id)
        .await?
        .filter(|row| row.store_id == at_till.till.store_id && row.kind == ReceiptKind::Return)
        .ok_or(Refusal::NotFound)?;
    Ok((row.number, json::from_column(&row.evaluation)?))
}

/// Returns whether a return moves points of a member at all.
pub fn moves_points(effect: &ReturnEffect) -> bool {
    [
        effect.restored,
        effect.spent,
        effect.taken_back,
        effect.debt,
        effect.earned,
    ]
    .iter()
    .any(|points| *points != Points::ZERO)
}
