//! States of posted forms, for the page to which a refused or unfinished form leads: it shows them however often it is loaded. A
//! state is found by its key and shown to the browser that posted the form, while the same member is signed in there.

pub use crate::store::form_states::KEPT_SECONDS;

use crate::entropy;
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::Exemption;
use crate::store::form_states::{self, FormStateRow};
use crate::usecases::{Error, transact};

/// Most bytes of a state.
pub const MOST_BYTES: usize = 16 * 1024;

/// Sender of a form.
#[derive(Debug, Clone, Copy)]
pub struct FormSender<'a> {
    /// Token of the browser's cookie.
    pub browser: &'a str,
    /// Member who is signed in; `None` = nobody.
    pub member: Option<MemberId>,
}

/// Keeps a state for its sender. Returns its key; `None` = it is too large to be kept.
///
/// # Errors
/// [`Error::Busy`] and [`Error::Fault`].
pub async fn keep_form_state(
    service: &Kopilka,
    sender: FormSender<'_>,
    body: String,
) -> Result<Option<String>, Error> {
    if body.len() > MOST_BYTES {
        return Ok(None);
    }
    let key = entropy::encode_hex(&entropy::random_bytes::<16>()?);
    let row = FormStateRow {
        key_hash: entropy::hash_token(&key),
        browser_hash: entropy::hash_token(sender.browser),
        member_id: sender.member,
        body,
        created_at: service.now(),
    };
    if let Some(row) = service.form_states.keep_in_memory(row) {
        transact!(service.db, |tx| {
            tx.exempt(Exemption::FormState);
            Ok(form_states::insert(tx, row.clone()).await?)
        })?;
    }
    Ok(Some(key))
}

/// Returns the state of a key; `None` = there is none, it is over, or it is another sender's.
///
/// # Errors
/// [`Error::Busy`] and [`Error::Fault`].
pub async fn load_form_state(
    service: &Kopilka,
    sender: FormSender<'_>,
    key: &str,
) -> Result<Option<String>, Error> {
    let (key, browser) = (
        entropy::hash_token(key),
        entropy::hash_token(sender.browser),
    );
    let states = &service.form_states;
    let now = service.now();
    Ok(states.load(key, browser, sender.member, now).await?)
}
