//! A sale that is done, as its till tells it: what came of it, for whom, and the gifts to hand over now.

use super::AtTill;
use super::gifts::{WaitingGift, waiting};
use crate::domain::name;
use crate::ids::ReceiptId;
use crate::service::Kopilka;
use crate::store::members;
use crate::usecases::Error;
use crate::usecases::claims::{self, Claim};
use crate::usecases::receipts::{self, Receipt};

/// A sale as its till tells it when it is done.
#[derive(Debug, Clone)]
pub struct Sold {
    /// First name and initial of the member, where there was one.
    pub customer: Option<String>,
    /// The receipt.
    pub receipt: Receipt,
    /// Gifts that the member may be handed now.
    pub gifts: Vec<WaitingGift>,
    /// Claim code by which a shopper without a card takes the receipt later, while that can be done.
    pub claim: Option<Claim>,
}

/// A sale that this till's store has made.
///
/// # Errors
/// [`crate::usecases::Refusal::NotFound`], also for another store's.
pub async fn sold(k: &Kopilka, at_till: &AtTill, id: ReceiptId) -> Result<Sold, Error> {
    let receipt = receipts::stored_sale(k, at_till, id).await?;
    let mut tx = k.db.read().await?;
    let member = crate::store::receipts::by_id(&mut tx, id)
        .await?
        .and_then(|row| row.member_id);
    let (customer, gifts) = match member {
        None => (None, Vec::new()),
        Some(member) => {
            let rules = k.rules(&mut tx).await?;
            let person = members::by_id(&mut tx, member).await?;
            let gifts = waiting(k, &mut tx, member, &rules, at_till.till.store_id).await?;
            // A closed account keeps its receipts but has no name.
            let name = name::short(&person.first_name, &person.last_name);
            (Some(name).filter(|name| !name.is_empty()), gifts)
        }
    };
    let claim = match member {
        Some(_) => None,
        None => claims::of_receipt(&mut tx, id, k.now()).await?,
    };
    Ok(Sold {
        claim,
        customer,
        receipt,
        gifts,
    })
}
