//! Last step of joining: a proven phone becomes a member with a card. It takes agreement to the documents, a name, and consent
//! to messages only where asked for.

use std::collections::BTreeSet;

use crate::domain::actor::Actor;
use crate::domain::card::{CardNumber, Ean13};
use crate::domain::consents::{Channel, ConsentDocument, Purpose};
use crate::domain::time::Instant;
use crate::domain::{name, programme::LocalisedText};
use crate::entropy;
use crate::ids::MemberId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action, AuditLine};
use crate::store::members::NewMember;
use crate::store::{Tx, cards, challenges, devices, ledger, members};
use crate::usecases::access::session;
use crate::usecases::checkout::till;
use crate::usecases::loyalty::once_only;
use crate::usecases::profiles::consents;
use crate::usecases::sign_up::phone_verification::SignUpOrigin;
use crate::usecases::{Error, FieldProblem, Refusal, transact};

/// Time for which a proven phone may wait to finish joining, in seconds.
const ENROLMENT_SECONDS: i64 = 3600;

/// Data that the page of the last step of joining shows.
#[derive(Debug, Clone)]
pub struct PendingEnrolment {
    /// The proven phone as its owner may recognise it.
    pub phone: String,
    /// The programme's name.
    pub programme: LocalisedText,
}

/// Entries of a person in the last step of joining.
#[derive(Debug, Clone, Default)]
pub struct EnrolmentApplication {
    /// First name as typed.
    pub first_name: String,
    /// Last name as typed; may be empty.
    pub last_name: String,
    /// Agreed to the processing of personal data.
    pub personal_data: bool,
    /// Agreed to the rules.
    pub rules: bool,
    /// Ticked boxes of the messaging grid.
    pub messages: BTreeSet<(Channel, Purpose)>,
    /// `ru` or `en`.
    pub language: String,
    /// Browser and system in words.
    pub device: String,
    /// IP address that the form came from, for the proof of consent.
    pub ip: String,
}

/// The enrolment behind a token, where it has not run out.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_enrolment(
    service: &Kopilka,
    token: &str,
) -> Result<Option<PendingEnrolment>, Error> {
    let mut tx = service.db.read().await?;
    let Some(row) = challenges::enrolment(&mut tx, entropy::hash_token(token)).await? else {
        return Ok(None);
    };
    if service.now() > row.created_at.plus_secs(ENROLMENT_SECONDS) {
        return Ok(None);
    }
    let rules = service.current_rules(&mut tx).await?;
    Ok(Some(PendingEnrolment {
        phone: crate::domain::phone::Phone::trusted(&row.phone).masked(),
        programme: rules.programme.name.clone(),
    }))
}

/// Makes the member, their card and their signed-in device; the session token. Sending the form twice makes one member.
///
/// # Errors
/// [`Error::Invalid`] for the name and the two agreements; [`Refusal::CodeDead`] when the enrolment has run out.
pub async fn finish_enrolment(
    service: &Kopilka,
    token: &str,
    application: &EnrolmentApplication,
) -> Result<String, Error> {
    let mut problems = Vec::new();
    let first_name = name::first_name(&application.first_name);
    let last_name = name::last_name(&application.last_name);
    if let Err(fault) = &first_name {
        problems.push(FieldProblem::new("first_name", fault.problem_key()));
    }
    if let Err(fault) = &last_name {
        problems.push(FieldProblem::new("last_name", fault.problem_key()));
    }
    if !application.personal_data {
        problems.push(FieldProblem::new("personal_data", "personal-data-needed"));
    }
    if !application.rules {
        problems.push(FieldProblem::new("rules", "rules-needed"));
    }
    let (Ok(first_name), Ok(last_name), true) = (first_name, last_name, problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };

    let (session, news) = transact!(service.db, |tx| store_member(
        service,
        tx,
        token,
        application,
        &first_name,
        &last_name
    )
    .await)?;
    news.iter().for_each(|member| service.announce(*member));
    Ok(session)
}

/// Stores the member of a proven phone and their first session. Returns its token, and the members whose points moved.
async fn store_member(
    service: &Kopilka,
    tx: &mut Tx,
    token: &str,
    application: &EnrolmentApplication,
    first_name: &str,
    last_name: &str,
) -> Result<(String, Vec<MemberId>), Error> {
    let now = service.now();
    let mut news = Vec::new();
    let row = challenges::lock_enrolment(tx, entropy::hash_token(token))
        .await?
        .filter(|row| now <= row.created_at.plus_secs(ENROLMENT_SECONDS))
        .ok_or(Refusal::CodeDead)?;
    let member = match members::find_id_by_phone(tx, &row.phone).await? {
        // The same phone was enrolled in another tab meanwhile: it is the same person, proven by the code.
        Some(member) => member,
        None => {
            let origin: SignUpOrigin = serde_json::from_str(&row.origin)?;
            let member = MemberId::new();
            let new = NewMember {
                id: member,
                phone: &row.phone,
                first_name,
                last_name,
                language: &application.language,
                from: &origin.from,
                store: &origin.store,
            };
            let rules = service.current_rules(tx).await?;
            create_member(tx, &new, &rules, now).await?;
            once_only::on_member_joined(service, tx, &rules, member, &row.phone, now).await?;
            record_agreements(tx, member, application, &rules, now).await?;
            let line = AuditLine::new(Action::MemberJoined, &Actor::Member(member));
            audit::log(tx, line, now).await?;
            till::finish_till_enrolment(service, tx, &origin.visit, member, &mut news).await?;
            member
        }
    };
    // Both answers to a form that came twice carry one session, whichever arrives last or at all: it follows from the
    // enrolment's own token, which only this browser has.
    let session = entropy::derive_token(token, "session");
    if row.device_id.is_some() {
        let open = devices::find_by_token(tx, entropy::hash_token(&session)).await?;
        return match open {
            Some(_) => Ok((session, Vec::new())),
            None => Err(Refusal::CodeDead.into()),
        };
    }
    let device = &application.device;
    let opened = session::open_device_as(tx, member, device, session, now).await?;
    session::log_sign_in(tx, member, opened.device, now).await?;
    challenges::finish_enrolment(tx, row.id, opened.device).await?;
    Ok((opened.token, news))
}

/// Stores a member with an account and a card.
///
/// # Errors
/// [`Error::Fault`].
pub async fn create_member(
    tx: &mut Tx,
    member: &NewMember<'_>,
    rules: &ProgrammeRules,
    now: Instant,
) -> Result<CardNumber, Error> {
    members::insert(tx, member, now).await?;
    let tier = rules.programme.tiers.first();
    ledger::open_account(tx, member.id, &tier.id, now).await?;
    issue_card(tx, member.id, now).await
}

/// Draws card numbers until they are free.
pub(crate) async fn issue_card(
    tx: &mut Tx,
    member: MemberId,
    now: Instant,
) -> Result<CardNumber, Error> {
    for _ in 0..8 {
        let number = CardNumber::from_random(entropy::random_number()?);
        let short = Ean13::short_from_random(entropy::random_number()?);
        if cards::insert(tx, number.as_str(), short, member, now).await? {
            return Ok(number);
        }
    }
    Err(Error::Fault("no free card number was found".to_owned()))
}

async fn record_agreements(
    tx: &mut Tx,
    member: MemberId,
    application: &EnrolmentApplication,
    rules: &ProgrammeRules,
    now: Instant,
) -> Result<(), Error> {
    let proof = consents::ConsentProof {
        ip: application.ip.clone(),
        source: "join",
        at: now,
    };
    for document in [ConsentDocument::PersonalData, ConsentDocument::Rules] {
        consents::record_document(tx, member, document, true, rules, &proof).await?;
    }
    for (channel, purpose) in &application.messages {
        consents::record_consent(tx, member, *channel, *purpose, true, rules, &proof).await?;
    }
    Ok(())
}
