//! Audit lines about posted forms that were refused.

use crate::domain::actor::Actor;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::usecases::access::session::Shopper;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::{Error, transact};

/// Sender of a form, as far as they are known.
#[derive(Debug, Clone, Copy, Default)]
pub struct RefusedFormSender<'a> {
    /// The signed-in shopper.
    pub shopper: Option<&'a Shopper>,
    /// The till at which somebody works.
    pub at_till: Option<&'a TillContext>,
}

/// Logs that a form was refused, in a transaction of its own: that of the refusal is undone. `endpoint` is the form's address
/// without `/api/`; `outcome` is the refusal's key, or a word of ours.
///
/// # Errors
/// [`Error::Fault`].
pub async fn log_refused_form(
    service: &Kopilka,
    sender: RefusedFormSender<'_>,
    endpoint: &str,
    outcome: &'static str,
) -> Result<(), Error> {
    let line = match sender.at_till {
        Some(at_till) => at_till.audit_line(Action::FormRefused),
        None => {
            let member = sender.shopper.map(|shopper| Actor::Member(shopper.member));
            AuditLine::new(Action::FormRefused, &member.unwrap_or(Actor::Visitor))
        }
    };
    let line = line.subject(endpoint).outcome(outcome);
    transact!(service.db, |tx| Ok(audit::log(
        tx,
        line.clone(),
        service.now()
    )
    .await?))
}
