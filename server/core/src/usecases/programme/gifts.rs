//! Stock of gifts in each store, as whoever runs the stores says; and the rules by which a promised gift is handed over.

use crate::domain::actor::Actor;
use crate::domain::roles::Permission;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::Tx;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::gifts::{self, GiftStockRow};
use crate::usecases::programme::stores;
use crate::usecases::{Error, Refusal, require, transact};

/// Stock of a gift in a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftStockLevel {
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
pub(crate) async fn find_gift_rules(
    service: &Kopilka,
    tx: &mut Tx,
    in_force: &ProgrammeRules,
    gift: &str,
    version: i64,
) -> Result<ProgrammeRules, Error> {
    if in_force.programme.gift(gift).is_some() {
        return Ok(in_force.clone());
    }
    Ok(service.rules_of_version(tx, version).await?)
}

/// Says how many of a gift a store has from now on.
///
/// # Errors
/// [`Error::Invalid`] with field `store`; [`Refusal::NotFound`] for a gift that the programme does not know and nobody is
/// promised; [`Refusal::NotAllowed`].
pub async fn set_stock(
    service: &Kopilka,
    actor: &Actor,
    store: &str,
    gift: &str,
    stock: GiftStockLevel,
) -> Result<(), Error> {
    require(actor, Permission::ManageGiftStock)?;
    let subject = format!("{gift} in {store}");
    transact!(service.db, |tx| {
        let store = stores::find_store(tx, store).await?.id;
        match stock {
            GiftStockLevel::Counted(count) => {
                let rules = service.current_rules(tx).await?;
                if rules.programme.gift(gift).is_none() && !gifts::is_promised(tx, gift).await? {
                    return Err(Refusal::NotFound.into());
                }
                gifts::set_stock(tx, store, gift, count.into()).await?;
            }
            // What the programme knows no more can be forgotten all the same.
            GiftStockLevel::Unlimited => gifts::stop_counting(tx, store, gift).await?,
        }
        let line = AuditLine::new(Action::GiftStockSet, actor).subject(&subject);
        Ok(audit::log(tx, line, service.now()).await?)
    })
}

/// Returns the stock of gifts that are counted, in one store or everywhere.
///
/// # Errors
/// [`Error::Invalid`] with field `store`.
pub async fn list_stock(
    service: &Kopilka,
    store: Option<&str>,
) -> Result<Vec<GiftStockRow>, Error> {
    let mut tx = service.db.read().await?;
    let store = match store {
        Some(code) => Some(stores::find_store(&mut tx, code).await?.id),
        None => None,
    };
    Ok(gifts::list_stock(&mut tx, store).await?)
}
