//! A sale that is done, as its till tells it: what came of it, for whom, and the gifts to hand over now.

use super::gift_handover::{WaitingGift, list_waiting_gifts};
use crate::domain::name;
use crate::ids::ReceiptId;
use crate::service::Kopilka;
use crate::store::members;
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::receipts::{self, IssuedClaimCode, SaleReceipt};

/// A sale as its till tells it when it is done.
#[derive(Debug, Clone)]
pub struct CompletedSale {
    /// First name and initial of the member, where there was one.
    pub customer: Option<String>,
    /// The receipt.
    pub receipt: SaleReceipt,
    /// Gifts that the member may be handed now.
    pub gifts: Vec<WaitingGift>,
    /// Claim code by which a shopper without a card takes the receipt later, while that can be done.
    pub claim: Option<IssuedClaimCode>,
}

/// A sale that this till's store has made.
///
/// # Errors
/// [`crate::usecases::Refusal::NotFound`], also for another store's.
pub async fn load_completed_sale(
    service: &Kopilka,
    at_till: &TillContext,
    id: ReceiptId,
) -> Result<CompletedSale, Error> {
    let receipt = receipts::load_stored_sale(service, at_till, id).await?;
    let mut tx = service.db.read().await?;
    let member = crate::store::receipts::find_by_id(&mut tx, id)
        .await?
        .and_then(|row| row.member_id);
    let (customer, gifts) = match member {
        None => (None, Vec::new()),
        Some(member) => {
            let rules = service.current_rules(&mut tx).await?;
            let person = members::load_member(&mut tx, member).await?;
            let gifts =
                list_waiting_gifts(service, &mut tx, member, &rules, at_till.till.store_id).await?;
            // A closed account keeps its receipts but has no name.
            let name = name::short_name(&person.first_name, &person.last_name);
            (Some(name).filter(|name| !name.is_empty()), gifts)
        }
    };
    let claim = match member {
        Some(_) => None,
        None => receipts::find_claim_code(&mut tx, id, service.now()).await?,
    };
    Ok(CompletedSale {
        claim,
        customer,
        receipt,
        gifts,
    })
}
