//! The sale that a return names: by its id or by its own identity, in the till's own store.

use super::returning::ReturnedSaleName;
use crate::domain::name::is_plain;
use crate::domain::receipt::ReceiptKind;
use crate::ids::ReceiptId;
use crate::store::identity::ReceiptIdentity;
use crate::store::receipts::StoredReceiptRow;
use crate::store::{Tx, receipts};
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;

/// Returns whether a receipt may have this identity.
pub(super) fn is_possible(identity: ReceiptIdentity<'_>) -> bool {
    let ReceiptIdentity {
        series,
        shift,
        number,
    } = identity;
    is_plain(shift) && is_plain(number) && (series.is_empty() || is_plain(series))
}

pub(super) async fn resolve_sale_reference(
    tx: &mut Tx,
    at_till: &TillContext,
    name: &ReturnedSaleName,
) -> Result<Option<ReceiptId>, Error> {
    Ok(match (name, name.identity()) {
        (ReturnedSaleName::Id(id), _) => Some(*id),
        (_, Some(identity)) => {
            receipts::find_by_identity(tx, at_till.till.id, identity, ReceiptKind::Sale).await?
        }
        (_, None) => None,
    })
}

/// Returns whether this till may know the sale: it is of its own store.
pub(super) fn is_of_own_store(at_till: &TillContext, sale: &StoredReceiptRow) -> bool {
    sale.store_id == at_till.till.store_id && sale.kind == ReceiptKind::Sale
}

/// The sale that a return names, held until the transaction ends, as far as this till may know it.
pub(super) async fn find_named_sale(
    tx: &mut Tx,
    at_till: &TillContext,
    name: &ReturnedSaleName,
) -> Result<Option<StoredReceiptRow>, Error> {
    let Some(id) = resolve_sale_reference(tx, at_till, name).await? else {
        return Ok(None);
    };
    let sale = receipts::lock_by_id(tx, id).await?;
    Ok(sale.filter(|sale| is_of_own_store(at_till, sale)))
}
