//! Stored receipts, as a till of the same store may ask for them.

use super::{
    ReturnReceipt, SaleOrReturn, SaleQuote, SaleReceipt, StoredGoodsLine, StoredReceipt,
    StoredReceiptEntry,
};
use crate::ids::ReceiptId;
use crate::service::Kopilka;
use crate::store::receipts::{StoredReceiptLine, StoredReceiptRow};
use crate::store::{StoreError, Tx, json, ledger, receipts};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_till};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::loyalty::evaluation_encoding;
use crate::usecases::{Error, Refusal};

async fn find_receipt(
    tx: &mut Tx,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<StoredReceiptRow, Error> {
    Ok(receipts::find_by_id(tx, id)
        .await?
        .filter(|row| row.store_id == at_till.till.store_id)
        .ok_or(Refusal::NotFound)?)
}

/// A sale that this till's store has made, as it was answered.
///
/// # Errors
/// [`Refusal::NotFound`], also for another store's and for a return.
pub async fn load_stored_sale(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<SaleReceipt, Error> {
    let found = read_sale(service, at_till, id).await;
    log_foreign_id_of_till(service, found, at_till, OwnedId::StoresReceipt(id)).await
}

async fn read_sale(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<SaleReceipt, Error> {
    let mut tx = service.db.read().await?;
    let row = find_receipt(&mut tx, at_till, id).await?;
    let lines = receipts::list_lines(&mut tx, id).await?;
    match read_answer(service, &mut tx, row, &lines).await? {
        SaleOrReturn::Sale(receipt) => Ok(receipt),
        SaleOrReturn::Return(_) => Err(Refusal::NotFound.into()),
    }
}

/// A receipt that this till's store has made, with its entries.
///
/// # Errors
/// [`Refusal::NotFound`], also for another store's.
pub async fn load_receipt(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<StoredReceipt, Error> {
    let found = read_stored(service, at_till, id).await;
    log_foreign_id_of_till(service, found, at_till, OwnedId::StoresReceipt(id)).await
}

async fn read_stored(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<StoredReceipt, Error> {
    let mut tx = service.db.read().await?;
    let row = find_receipt(&mut tx, at_till, id).await?;
    let at = row.at;
    let lines = receipts::list_lines(&mut tx, id).await?;
    let receipt = read_answer(service, &mut tx, row, &lines).await?;
    let entries = ledger::list_of_receipt(&mut tx, id).await?;
    let returns = receipts::list_returns(&mut tx, id).await?;
    Ok(StoredReceipt {
        at,
        goods: lines.into_iter().map(goods_line).collect(),
        entries: entries
            .into_iter()
            .map(|row| {
                Ok(StoredReceiptEntry {
                    id: row.id,
                    kind: row.kind,
                    points: row.points,
                    reason: json::from_column(&row.reason)?,
                    at: row.at,
                })
            })
            .collect::<Result<_, StoreError>>()?,
        returns: returns.into_iter().map(|row| row.id).collect(),
        receipt,
    })
}

fn goods_line(row: StoredReceiptLine) -> StoredGoodsLine {
    StoredGoodsLine {
        position: row.position,
        sku: row.line.sku,
        name: row.line.name,
        category: row.line.category,
        quantity: row.line.quantity,
        unit: row.line.unit,
        amount: row.line.amount,
    }
}

async fn read_answer(
    service: &Kopilka,
    tx: &mut Tx,
    row: StoredReceiptRow,
    lines: &[StoredReceiptLine],
) -> Result<SaleOrReturn, Error> {
    let StoredReceiptRow {
        id,
        series,
        shift,
        number,
        ..
    } = row;
    let programme_version = row.programme_version;
    Ok(match row.sale_id {
        None => {
            let rules = service.rules_of_version(tx, programme_version).await?;
            let evaluation = evaluation_encoding::decode_evaluation(
                &row.evaluation,
                &rules.programme,
                &row.tier,
                lines,
            )?;
            SaleOrReturn::Sale(SaleReceipt {
                id,
                series,
                shift,
                number,
                balance: None,
                claim: None,
                quote: SaleQuote {
                    // As the balance, it is of its moment.
                    tier: None,
                    programme_version,
                    evaluation,
                },
            })
        }
        Some(sale) => SaleOrReturn::Return(ReturnReceipt {
            id,
            sale,
            series,
            shift,
            number,
            programme_version,
            balance: None,
            effect: json::from_column(&row.evaluation)?,
        }),
    })
}
