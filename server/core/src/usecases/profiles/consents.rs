//! The grid of channel × purpose: all off until turned on by the shopper, each change with its proof.

use std::collections::BTreeSet;

use crate::domain::consents::{Channel, ConsentDocument, ConsentSubject, Purpose};
use crate::domain::time::Instant;
use crate::ids::MemberId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action};
use crate::store::consents::{self, ConsentChangeRow};
use crate::store::{Tx, profiles};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::{Error, transact};

/// Proof of a change, besides the member, the change and the version of the text.
#[derive(Debug, Clone)]
pub struct ConsentProof {
    /// IP address that the change came from.
    pub ip: String,
    /// Page that the change came from.
    pub source: &'static str,
    /// Time of the change.
    pub at: Instant,
}

/// One change of a consent with its proof.
#[derive(Debug, Clone)]
pub struct ConsentChange {
    /// What it is about.
    pub subject: ConsentSubject,
    /// Yes or no.
    pub granted: bool,
    /// Version of the text that was seen.
    pub text_version: String,
    /// Time of the change.
    pub at: Instant,
    /// IP address that the change came from.
    pub ip: String,
    /// Page that the change came from.
    pub source: String,
}

/// A member's consents and how they came about.
#[derive(Debug, Clone)]
pub struct MemberConsents {
    /// Boxes that are on.
    pub granted: BTreeSet<(Channel, Purpose)>,
    /// Documents agreed to.
    pub documents: BTreeSet<ConsentDocument>,
    /// All changes, newest first.
    pub history: Vec<ConsentChange>,
}

/// Stores a change of the messaging grid.
///
/// # Errors
/// [`Error::Fault`].
pub async fn record_consent(
    tx: &mut Tx,
    member: MemberId,
    channel: Channel,
    purpose: Purpose,
    granted: bool,
    rules: &ProgrammeRules,
    proof: &ConsentProof,
) -> Result<(), Error> {
    let change = ConsentChangeRow {
        subject: ConsentSubject::Message(channel, purpose),
        granted,
        text_version: rules.programme.documents.messages.clone(),
        at: proof.at,
        ip: proof.ip.clone(),
        source: proof.source.to_owned(),
    };
    consents::insert(tx, member, &change).await?;
    Ok(())
}

/// Stores an agreement to a document, or its end.
///
/// # Errors
/// [`Error::Fault`].
pub async fn record_document(
    tx: &mut Tx,
    member: MemberId,
    document: ConsentDocument,
    granted: bool,
    rules: &ProgrammeRules,
    proof: &ConsentProof,
) -> Result<(), Error> {
    let documents = &rules.programme.documents;
    let version = match document {
        ConsentDocument::PersonalData => &documents.personal_data,
        ConsentDocument::Rules => &documents.rules,
        ConsentDocument::Children => &documents.children,
    };
    let change = ConsentChangeRow {
        subject: ConsentSubject::Document(document),
        granted,
        text_version: version.clone(),
        at: proof.at,
        ip: proof.ip.clone(),
        source: proof.source.to_owned(),
    };
    consents::insert(tx, member, &change).await?;
    Ok(())
}

/// The documents that a member agrees to at present.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn load_agreed_documents(
    tx: &mut Tx,
    member: MemberId,
) -> Result<BTreeSet<ConsentDocument>, Error> {
    Ok(consents::list_granted(tx, member)
        .await?
        .into_iter()
        .filter_map(|subject| match subject {
            ConsentSubject::Document(document) => Some(document),
            ConsentSubject::Message(..) | ConsentSubject::Unknown { .. } => None,
        })
        .collect())
}

async fn load_granted(
    tx: &mut Tx,
    member: MemberId,
) -> Result<BTreeSet<(Channel, Purpose)>, Error> {
    Ok(consents::list_granted(tx, member)
        .await?
        .into_iter()
        .filter_map(|subject| match subject {
            ConsentSubject::Message(channel, purpose) => Some((channel, purpose)),
            ConsentSubject::Document(_) | ConsentSubject::Unknown { .. } => None,
        })
        .collect())
}

/// The shopper's consents.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_consents(service: &Kopilka, shopper: &Shopper) -> Result<MemberConsents, Error> {
    let mut tx = service.db.read().await?;
    let history = consents::list_history(&mut tx, shopper.member)
        .await?
        .into_iter()
        .map(|row| ConsentChange {
            subject: row.subject,
            granted: row.granted,
            text_version: row.text_version,
            at: row.at,
            ip: row.ip,
            source: row.source,
        })
        .collect();
    Ok(MemberConsents {
        granted: load_granted(&mut tx, shopper.member).await?,
        documents: load_agreed_documents(&mut tx, shopper.member).await?,
        history,
    })
}

/// Makes the grid what the shopper ticked; only real changes are stored.
///
/// # Errors
/// [`Error::Fault`].
pub async fn save_consents(
    service: &Kopilka,
    shopper: &Shopper,
    wanted: &BTreeSet<(Channel, Purpose)>,
    ip: &str,
    source: &'static str,
) -> Result<(), Error> {
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = service.current_rules(tx).await?;
        let proof = ConsentProof {
            ip: ip.to_owned(),
            source,
            at: service.now(),
        };
        let present = load_granted(tx, shopper.member).await?;
        for (channel, purpose) in wanted.symmetric_difference(&present) {
            let granted = wanted.contains(&(*channel, *purpose));
            record_consent(
                tx,
                shopper.member,
                *channel,
                *purpose,
                granted,
                &rules,
                &proof,
            )
            .await?;
        }
        if *wanted != present {
            let line = shopper
                .audit_line(Action::ConsentsChanged)
                .subject("messages");
            audit::log(tx, line, proof.at).await?;
        }
        Ok(())
    })
}

/// Agrees, or stops agreeing, that the birth years of children are kept. Stopping removes them.
///
/// # Errors
/// [`Error::Fault`].
pub async fn set_children_document(
    service: &Kopilka,
    shopper: &Shopper,
    granted: bool,
    ip: &str,
    source: &'static str,
) -> Result<(), Error> {
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = service.current_rules(tx).await?;
        let proof = ConsentProof {
            ip: ip.to_owned(),
            source,
            at: service.now(),
        };
        let agreed = load_agreed_documents(tx, shopper.member)
            .await?
            .contains(&ConsentDocument::Children);
        if agreed != granted {
            let document = ConsentDocument::Children;
            record_document(tx, shopper.member, document, granted, &rules, &proof).await?;
        }
        let removed = if granted {
            0
        } else {
            profiles::remove_children(tx, shopper.member).await?
        };
        if agreed != granted || removed > 0 {
            let line = shopper
                .audit_line(Action::ConsentsChanged)
                .subject("children");
            audit::log(tx, line, proof.at).await?;
        }
        Ok(())
    })
}
