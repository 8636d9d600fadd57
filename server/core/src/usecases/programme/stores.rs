//! Stores of the chain, as whoever runs it says: which there are, whether they take part, where their clocks are. A code
//! stays for ever: offers and tills name it.

use crate::domain::actor::Actor;
use crate::domain::chain::StoreStatus;
use crate::domain::programme::is_valid_id;
use crate::domain::roles::Permission;
use crate::ids::StoreId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::chain::{self, StoreRow, StoreTimeZone};
use crate::store::{StoreError, Tx};
use crate::usecases::{Error, require, transact};

/// Characters that a name or an address may have.
const MAX_TEXT: usize = 200;

/// New data of a store; fields that are `None` stay as they are.
#[derive(Debug, Clone, Default)]
pub struct StoreChanges {
    /// Name shown to people.
    pub name: Option<String>,
    /// Street address.
    pub address: Option<String>,
    /// Part that it takes in the programme.
    pub status: Option<StoreStatus>,
    /// Time zone of the store.
    pub time_zone: Option<StoreTimeZone>,
}

impl StoreChanges {
    /// The store as it is from now on.
    fn apply_to(self, store: StoreRow) -> Result<StoreRow, Error> {
        let text = |said: Option<String>, was| said.map_or(was, |text| text.trim().to_owned());
        let store = StoreRow {
            name: text(self.name, store.name),
            address: text(self.address, store.address),
            status: self.status.unwrap_or(store.status),
            time_zone: self.time_zone.unwrap_or(store.time_zone),
            ..store
        };
        if store.name.is_empty() || !is_line(&store.name) {
            return Err(Error::invalid_field("name", "store-name"));
        }
        if !is_line(&store.address) {
            return Err(Error::invalid_field("address", "store-address"));
        }
        Ok(store)
    }
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control)
}

/// The store with this code.
pub(crate) async fn find_store(tx: &mut Tx, code: &str) -> Result<StoreRow, Error> {
    let store = chain::store_by_code(tx, code).await?;
    store.ok_or_else(|| Error::invalid_field("store", "store-unknown"))
}

/// Adds a store, which takes part at once where nothing else is said.
///
/// # Errors
/// [`Error::Invalid`] with field `code`, `name` or `address`; [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn add_store(
    service: &Kopilka,
    actor: &Actor,
    code: &str,
    said: StoreChanges,
) -> Result<(), Error> {
    require(actor, Permission::ManageStores)?;
    if !is_valid_id(code) {
        return Err(Error::invalid_field("code", "store-code"));
    }
    let store = said.apply_to(StoreRow {
        id: StoreId::new(),
        code: code.to_owned(),
        name: String::new(),
        address: String::new(),
        status: StoreStatus::Active,
        time_zone: StoreTimeZone::default(),
    })?;
    transact!(service.db, |tx| {
        chain::insert_store(tx, &store)
            .await
            .map_err(|error| match error {
                StoreError::Duplicate => Error::invalid_field("code", "store-taken"),
                other => other.into(),
            })?;
        let line = AuditLine::new(Action::StoreAdded, actor).subject(code);
        Ok(audit::log(tx, line, service.now()).await?)
    })
}

/// Says something else of a store from now on. What was sold there is judged as it was.
///
/// # Errors
/// [`Error::Invalid`] with field `store`, `name` or `address`; [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn change_store(
    service: &Kopilka,
    actor: &Actor,
    code: &str,
    said: StoreChanges,
) -> Result<(), Error> {
    require(actor, Permission::ManageStores)?;
    transact!(service.db, |tx| {
        let store = find_store(tx, code).await?;
        chain::update_store(tx, &said.clone().apply_to(store)?).await?;
        let line = AuditLine::new(Action::StoreChanged, actor).subject(code);
        Ok(audit::log(tx, line, service.now()).await?)
    })
}

/// All stores by name.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_stores(service: &Kopilka) -> Result<Vec<StoreRow>, Error> {
    let mut tx = service.db.read().await?;
    Ok(chain::list_stores(&mut tx).await?)
}
