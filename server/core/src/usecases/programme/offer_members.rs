//! Lists of members whom the chain has named for an offer. A list belongs to the offer's id and holds for every version of the
//! programme. It is read when a sale is judged; the judgement is kept with the sale, so a return does not read it again.

use std::collections::BTreeSet;
use std::fmt::Display;

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

/// Members whose places one transaction changes.
const BLOCK: usize = 500;

/// Reason for which a list was not changed, as a sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OfferListError {
    /// No programme has the offer.
    #[error("neither the programme in force nor the newest version has the offer {0}")]
    NoOffer(String),
    /// Some references name nobody; the numbers of their lines.
    #[error("{} of the names are of no member, nothing is stored", .0.len())]
    UnknownReferences(Vec<usize>),
    /// Storage or a use case failed.
    #[error("{0}")]
    Failed(#[from] Error),
}

impl From<StoreError> for OfferListError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Reference to a member in a file or on a command line: a card number, the EAN of a card, or a member id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberReference {
    /// Number of its line, from 1.
    pub line: usize,
    /// Reference as written.
    pub text: String,
}

/// Reads the first column of a file with columns apart by commas, semicolons or tabs. A first line without digits is a
/// heading.
pub fn read_member_references(text: &str) -> Vec<MemberReference> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let references = lines.map(|(line, text)| {
        let column = text.split([',', ';', '\t']).next().unwrap_or_default();
        MemberReference {
            line: line + 1,
            text: column.trim().trim_matches('"').trim().to_owned(),
        }
    });
    references
        .filter(|reference| !reference.text.is_empty())
        .filter(|reference| {
            reference.line > 1 || reference.text.contains(|c: char| c.is_ascii_digit())
        })
        .collect()
}

/// Change of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListChange {
    /// Number of members who were added or removed.
    pub changed: usize,
    /// Number of members who were there already or were not there, and of those who have closed their account meanwhile.
    pub unchanged: usize,
    /// True if the offer asks for its list by `named_members`.
    pub is_asked_for: bool,
}

/// Puts members into the list of an offer: all of them or, where a reference names nobody, none. They are stored in blocks, so that
/// others write meanwhile; what a failed command has stored stays, and the command may be repeated.
///
/// # Errors
/// [`OfferListError`].
pub async fn add_members(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    references: &[MemberReference],
) -> Result<ListChange, OfferListError> {
    change_list(service, actor, offer, references, ListAction::Add).await
}

/// Takes members out of the list of an offer: all of them or, where a reference names nobody, none. In blocks, as [`add_members`] does.
///
/// # Errors
/// [`OfferListError`].
pub async fn remove_members(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    references: &[MemberReference],
) -> Result<ListChange, OfferListError> {
    change_list(service, actor, offer, references, ListAction::Remove).await
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
            .subject(subject(offer, removed))
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

impl ListAction {
    const fn outcome(self) -> &'static str {
        match self {
            Self::Add => "added",
            Self::Remove => "removed",
        }
    }
}

/// Returns the subject of a line of the audit log: the offer, and how many places have changed.
fn subject(offer: &str, changed: impl Display) -> String {
    format!("{offer} {changed}")
}

async fn change_list(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    references: &[MemberReference],
    action: ListAction,
) -> Result<ListChange, OfferListError> {
    require(actor, Permission::ManageOfferMembers).map_err(Error::from)?;
    let mut tx = service.db.read().await?;
    let found = find_offer(service, &mut tx, offer).await?;
    if found.is_none() && action == ListAction::Add {
        return Err(OfferListError::NoOffer(offer.to_owned()));
    }
    let persons = find_persons(&mut tx, references).await?;
    drop(tx);
    let mut changed = 0;
    for block in persons.chunks(BLOCK) {
        changed += change_block(service, actor, offer, block, action).await?;
    }
    Ok(ListChange {
        changed,
        unchanged: persons.len() - changed,
        is_asked_for: found.is_some_and(|offer| offer.conditions.ask_for_list()),
    })
}

/// Changes the places of some persons in one transaction. Returns how many have changed.
async fn change_block(
    service: &Kopilka,
    actor: &Actor,
    offer: &str,
    found: &[MemberId],
    action: ListAction,
) -> Result<usize, Error> {
    transact!(service.db, |tx| {
        let mut changed = 0;
        for person in hold_persons(tx, found).await? {
            let is_done = match action {
                ListAction::Add => add_person(service, tx, offer, person).await?,
                ListAction::Remove => remove_person(tx, offer, person).await?,
            };
            changed += usize::from(is_done);
        }
        let line = AuditLine::new(Action::OfferMembersChanged, actor)
            .subject(subject(offer, changed))
            .outcome(action.outcome());
        audit::log(tx, line, service.now()).await?;
        Ok(changed)
    })
}

/// Returns the persons of these references, by their ids and each once.
async fn find_persons(
    tx: &mut Tx,
    references: &[MemberReference],
) -> Result<Vec<MemberId>, OfferListError> {
    let mut persons = BTreeSet::new();
    let mut unknown = Vec::new();
    for reference in references {
        match find_person(tx, &reference.text).await? {
            Some(person) => drop(persons.insert(person)),
            None => unknown.push(reference.line),
        }
    }
    if unknown.is_empty() {
        Ok(persons.into_iter().collect())
    } else {
        Err(OfferListError::UnknownReferences(unknown))
    }
}

/// Holds the accounts of persons that were found before, until the transaction ends: none of them is closed meanwhile. Returns
/// those that stand for them by now, without those who have closed theirs.
async fn hold_persons(tx: &mut Tx, found: &[MemberId]) -> Result<Vec<MemberId>, StoreError> {
    let mut persons = BTreeSet::new();
    for member in found {
        persons.insert(merged_accounts::person_of(tx, *member).await?);
    }
    let mut held = Vec::new();
    // In the order of their ids, so that two commands never wait for each other.
    for person in persons {
        if members::lock_open(tx, person).await? {
            held.push(person);
        }
    }
    Ok(held)
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
async fn find_person(tx: &mut Tx, text: &str) -> Result<Option<MemberId>, StoreError> {
    let card = if let Some(number) = CardNumber::parse(text) {
        cards::find_by_number(tx, number.as_str()).await?
    } else if let Some(ean) = Ean13::parse(text) {
        cards::find_by_short(tx, ean.short_number()).await?
    } else {
        None
    };
    let member = card
        .map(|card| card.member_id)
        .or_else(|| text.parse().ok());
    let Some(member) = member else {
        return Ok(None);
    };
    if !members::is_open(tx, member).await? {
        return Ok(None);
    }
    let person = merged_accounts::person_of(tx, member).await?;
    Ok(members::is_open(tx, person).await?.then_some(person))
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
    fn references_are_the_first_column_without_a_heading() {
        let text = "\u{feff}card;name\r\n1234 5678; Анна\r\n\r\n\"42\",x\n";
        let references = read_member_references(text);
        let references: Vec<(usize, &str)> = references
            .iter()
            .map(|reference| (reference.line, reference.text.as_str()))
            .collect();
        assert_eq!(references, [(2, "1234 5678"), (4, "42")]);
        assert_eq!(read_member_references("42\n").len(), 1);
    }
}
