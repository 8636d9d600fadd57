//! Lists of members whom the chain has named for an offer. A list belongs to the offer's id and holds for every version of the
//! programme. It is read when a sale is judged; the judgement is kept with the sale, so a return does not read it again.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::actor::Actor;
use crate::domain::card::{CardNumber, Ean13};
use crate::domain::offers::Offer;
use crate::domain::roles::Permission;
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
pub use crate::store::offer_members::ListedMember;
use crate::store::{StoreError, Tx, cards, members, merged_accounts, offer_members, programmes};
use crate::usecases::{Error, require, transact};

/// Reason for which a list was not changed, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OfferListError {
    /// No programme has the offer.
    #[error("neither the programme in force nor the newest version has the offer {0}")]
    NoOffer(String),
    /// Some names are nobody's.
    #[error("{} of the names are of no member, nothing is stored", .0.len())]
    UnknownNames(Vec<usize>),
    /// Storage or a use case failed.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl From<StoreError> for OfferListError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Name of a member in a file or on a command line: a card number or a member id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberName {
    /// Number of its line, from 1.
    pub line: usize,
    /// Name as written.
    pub text: String,
}

/// Reads the first column of a file with columns apart by commas, semicolons or tabs. A first line without digits is a
/// heading.
pub fn read_member_names(text: &str) -> Vec<MemberName> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let names = lines.map(|(line, text)| {
        let column = text.split([',', ';', '\t']).next().unwrap_or_default();
        MemberName {
            line: line + 1,
            text: column.trim().trim_matches('"').trim().to_owned(),
        }
    });
    names
        .filter(|name| !name.text.is_empty())
        .filter(|name| name.line > 1 || name.text.contains(|c: char| c.is_ascii_digit()))
        .collect()
}

/// Change of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListChange {
    /// Number of members who were added or removed.
    pub changed: usize,
    /// Number of members who were there already, or were not there.
    pub unchanged: usize,
    /// True if the offer asks for its list by `named_members`.
    pub is_asked_for: bool,
}

/// Puts members into the list of an offer: all of them or, where a name is nobody's, none.
///
/// # Errors
/// [`OfferListError`].
pub async fn add_members(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    names: &[MemberName],
) -> Result<ListChange, OfferListError> {
    change_list(service, actor, offer, names, ListAction::Add).await
}

/// Takes members out of the list of an offer: all of them or, where a name is nobody's, none.
///
/// # Errors
/// [`OfferListError`].
pub async fn remove_members(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    names: &[MemberName],
) -> Result<ListChange, OfferListError> {
    change_list(service, actor, offer, names, ListAction::Remove).await
}

/// Empties the list of an offer. Returns how many members were in it.
///
/// # Errors
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed).
pub async fn clear_list(service: &Kopilka, actor: &Actor, offer: &str) -> Result<u64, Error> {
    require(actor, Permission::ManageOfferMembers)?;
    transact!(service.db, |tx| {
        let removed = offer_members::clear(tx, offer).await?;
        let line = AuditLine::new(Action::OfferMembersChanged, actor)
            .subject(offer)
            .outcome("cleared");
        audit::log(tx, line, service.now()).await?;
        Ok(removed)
    })
}

/// Returns members in the list of an offer, by their ids: so many after `after`, `None` = from the beginning.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_members(
    service: &Kopilka,
    offer: &str,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<ListedMember>, Error> {
    let mut tx = service.db.read().await?;
    Ok(offer_members::page(&mut tx, offer, after, limit).await?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ListAction {
    Add,
    Remove,
}

async fn change_list(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    names: &[MemberName],
    action: ListAction,
) -> Result<ListChange, OfferListError> {
    require(actor, Permission::ManageOfferMembers).map_err(Error::from)?;
    transact!(service.db, |tx| {
        match change_list_in(service, tx, actor, (offer, names), action).await {
            Err(OfferListError::Failed(error)) => Err(error),
            done => Ok(done),
        }
    })?
}

/// Changes a list as [`change_list`] says. Nothing is written before the last name is found.
async fn change_list_in(
    service: &Kopilka,
    tx: &mut Tx,
    actor: &Actor,
    (offer, names): (&str, &[MemberName]),
    action: ListAction,
) -> Result<ListChange, OfferListError> {
    let found = find_offer(service, tx, offer).await?;
    if found.is_none() && action == ListAction::Add {
        return Err(OfferListError::NoOffer(offer.to_owned()));
    }
    let persons = hold_persons(tx, names).await?;
    let mut changed = 0;
    for person in &persons {
        let is_done = match action {
            ListAction::Add => add_person(service, tx, offer, *person).await?,
            ListAction::Remove => remove_person(tx, offer, *person).await?,
        };
        changed += usize::from(is_done);
    }
    let outcome = match action {
        ListAction::Add => "added",
        ListAction::Remove => "removed",
    };
    let line = AuditLine::new(Action::OfferMembersChanged, actor)
        .subject(offer)
        .outcome(outcome);
    audit::log(tx, line, service.now()).await?;
    Ok(ListChange {
        changed,
        unchanged: persons.len() - changed,
        is_asked_for: found.is_some_and(|offer| offer.conditions.ask_for_list()),
    })
}

/// Returns the persons of these names, held until the transaction ends: none of them closes the account meanwhile.
async fn hold_persons(
    tx: &mut Tx,
    names: &[MemberName],
) -> Result<BTreeSet<MemberId>, OfferListError> {
    let mut lines: BTreeMap<MemberId, usize> = BTreeMap::new();
    let mut unknown = Vec::new();
    for name in names {
        match find_person(tx, &name.text).await? {
            Some(person) => {
                lines.entry(person).or_insert(name.line);
            }
            None => unknown.push(name.line),
        }
    }
    // In the order of their ids, so that two commands never wait for each other.
    for (person, line) in &lines {
        if !members::lock_open(tx, *person).await? {
            unknown.push(*line);
        }
    }
    if unknown.is_empty() {
        Ok(lines.into_keys().collect())
    } else {
        unknown.sort_unstable();
        Err(OfferListError::UnknownNames(unknown))
    }
}

/// Returns the offer of this id in the newest version, or else in the one in force.
async fn find_offer(
    service: &Kopilka,
    tx: &mut Tx,
    offer: &str,
) -> Result<Option<Offer>, OfferListError> {
    if let Some(newest) = programmes::list_versions(tx).await?.first() {
        let rules = service.rules_of_version(tx, newest.version).await?;
        if let Some(found) = rules.programme.offer(offer) {
            return Ok(Some(found.clone()));
        }
    }
    let rules = service.current_rules(tx).await?;
    Ok(rules.programme.offer(offer).cloned())
}

/// Returns the account that stands for the person who has this card number, EAN or member id. A replaced card still names
/// its member.
async fn find_person(tx: &mut Tx, name: &str) -> Result<Option<MemberId>, StoreError> {
    let card = if let Some(number) = CardNumber::parse(name) {
        cards::find_by_number(tx, number.as_str()).await?
    } else if let Some(ean) = Ean13::parse(name) {
        cards::find_by_short(tx, ean.short_number()).await?
    } else {
        None
    };
    let member = card
        .map(|card| card.member_id)
        .or_else(|| name.parse().ok());
    Ok(match member {
        Some(member) if members::is_open(tx, member).await? => {
            Some(merged_accounts::person_of(tx, member).await?)
        }
        _ => None,
    })
}

/// Gives a person a place, unless one of their accounts has it already.
async fn add_person(
    service: &Kopilka,
    tx: &mut Tx,
    offer: &str,
    person: MemberId,
) -> Result<bool, StoreError> {
    for account in merged_accounts::merged_into(tx, person).await? {
        let listed = offer_members::of_member(tx, account).await?;
        if listed.iter().any(|place| place.offer == offer) {
            return Ok(false);
        }
    }
    offer_members::add(tx, offer, person, service.now()).await
}

/// Takes the places of all accounts of a person.
async fn remove_person(tx: &mut Tx, offer: &str, person: MemberId) -> Result<bool, StoreError> {
    let mut is_removed = false;
    for account in merged_accounts::accounts_of_person(tx, person).await? {
        is_removed |= offer_members::remove(tx, offer, account).await?;
    }
    Ok(is_removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_first_column_without_a_heading() {
        let text = "\u{feff}card;name\r\n1234 5678; Анна\r\n\r\n\"42\",x\n";
        let names = read_member_names(text);
        let names: Vec<(usize, &str)> = names
            .iter()
            .map(|name| (name.line, name.text.as_str()))
            .collect();
        assert_eq!(names, [(2, "1234 5678"), (4, "42")]);
        assert_eq!(read_member_names("42\n").len(), 1);
    }
}
