//! Phone numbers that people type, read by the programme in force. A refusal depends on the number alone, never on who is a
//! member.

use crate::domain::phone::{Phone, PhoneFault};
use crate::domain::programme::PhoneRules;
use crate::service::Kopilka;
use crate::store::{Tx, challenges, invitations, outbox};
use crate::usecases::{Error, FieldProblem};

/// Reads the number of somebody who signs in or is looked up: numbers of every country.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`.
pub async fn parse_any_country(service: &Kopilka, text: &str) -> Result<Phone, Error> {
    let mut tx = service.db.read().await?;
    let rules = load_phone_rules(service, &mut tx).await?;
    parse_by_rules(text, &rules)
}

/// Reads the number of somebody who wants a card: numbers of the countries that the programme takes members from.
///
/// # Errors
/// [`Error::Invalid`] with field `phone`.
pub async fn parse_for_sign_up(service: &Kopilka, text: &str) -> Result<Phone, Error> {
    let mut tx = service.db.read().await?;
    let rules = load_phone_rules(service, &mut tx).await?;
    let phone = parse_by_rules(text, &rules)?;
    match rules.check_admitted(&phone) {
        Ok(()) => Ok(phone),
        Err(fault) => Err(problem("phone", fault, &rules).into()),
    }
}

/// Checks that a proven number that nobody has may be a new member's. The problem belongs to `field`, the last one that
/// was filled in.
///
/// # Errors
/// [`Error::Invalid`].
pub(crate) async fn check_admitted(
    service: &Kopilka,
    tx: &mut Tx,
    phone: &str,
    field: &'static str,
) -> Result<(), Error> {
    let rules = load_phone_rules(service, tx).await?;
    rules
        .check_admitted(&Phone::trusted(phone))
        .map_err(|fault| problem(field, fault, &rules).into())
}

/// Returns whether a new member may have this number.
pub(crate) async fn is_admitted(
    service: &Kopilka,
    tx: &mut Tx,
    phone: &Phone,
) -> Result<bool, Error> {
    Ok(load_phone_rules(service, tx)
        .await?
        .check_admitted(phone)
        .is_ok())
}

/// Removes what is on its way to a phone that is no longer the member's: messages, open one-time passwords, invitations.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn forget_messages(tx: &mut Tx, phone: &str) -> Result<(), Error> {
    challenges::delete_of_phone(tx, phone).await?;
    invitations::delete_of_phone(tx, phone).await?;
    outbox::delete_of_recipient(tx, phone).await?;
    Ok(())
}

async fn load_phone_rules(service: &Kopilka, tx: &mut Tx) -> Result<PhoneRules, Error> {
    let rules = service.rules_at(tx, service.now()).await?;
    Ok(rules
        .map(|rules| rules.programme.phones.clone())
        .unwrap_or_default())
}

fn parse_by_rules(text: &str, rules: &PhoneRules) -> Result<Phone, Error> {
    Phone::parse(text, rules.country).map_err(|fault| problem("phone", fault, rules).into())
}

fn problem(field: &'static str, fault: PhoneFault, rules: &PhoneRules) -> FieldProblem {
    let problem = FieldProblem::new(field, fault.problem_key());
    match fault {
        PhoneFault::Country => problem.with_arg("codes", rules.admitted_codes()),
        _ => problem,
    }
}
