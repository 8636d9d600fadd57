//! Stock of gifts in each store, as whoever runs the stores says; and the rules by which a promised gift is handed over.

use super::{Error, Refusal, require, stores, transact};
use crate::domain::actor::Actor;
use crate::domain::roles::Permission;
use crate::service::{Kopilka, Rules};
use crate::store::Tx;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::gifts::{self, StockRow};

/// Stock of a gift in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// Number that the store has.
    Counted(u32),
    /// It is not counted: always there.
    Unlimited,
}

/// The rules that tell of a gift which was promised by `version`: those in force, or that version where they have dropped
/// the gift. What was promised stays.
///
/// # Errors
/// [`Error::Fault`].
pub(super) async fn rules_of(
    k: &Kopilka,
    tx: &mut Tx,
    in_force: &Rules,
    gift: &str,
    version: i64,
) -> Result<Rules, Error> {
    if in_force.programme.gift(gift).is_some() {
        return Ok(in_force.clone());
    }
    Ok(k.rules_of(tx, version).await?)
}

/// Says how many of a gift a store has from now on.
///
/// # Errors
/// [`Error::Invalid`] with field `store`; [`Refusal::NotFound`] for a gift that the programme does not know and nobody is
/// promised; [`Refusal::NotAllowed`].
pub async fn set_stock(
    k: &Kopilka,
    actor: &Actor,
    store: &str,
    gift: &str,
    stock: Stock,
) -> Result<(), Error> {
    require(actor, Permission::ManageGiftStock)?;
    let subject = format!("{gift} in {store}");
    transact!(k.db, |tx| {
        let store = stores::named(tx, store).await?.id;
        match stock {
            Stock::Counted(count) => {
                let rules = k.rules(tx).await?;
                if rules.programme.gift(gift).is_none() && !gifts::is_promised(tx, gift).await? {
                    return Err(Refusal::NotFound.into());
                }
                gifts::set_stock(tx, store, gift, count.into()).await?;
            }
            // What the programme knows no more can be forgotten all the same.
            Stock::Unlimited => gifts::stop_counting(tx, store, gift).await?,
        }
        let line = AuditLine::new(Action::GiftStockSet, actor).subject(&subject);
        Ok(audit::log(tx, line, k.now()).await?)
    })
}

/// Returns the stock of gifts that are counted, in one store or everywhere.
///
/// # Errors
/// [`Error::Invalid`] with field `store`.
pub async fn stock(k: &Kopilka, store: Option<&str>) -> Result<Vec<StockRow>, Error> {
    let mut tx = k.db.read().await?;
    let store = match store {
        Some(code) => Some(stores::named(&mut tx, code).await?.id),
        None => None,
    };
    Ok(gifts::stock(&mut tx, store).await?)
}
