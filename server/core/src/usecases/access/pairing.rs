//! A till's browser is paired once: by the till's key, or by a short code that an administrator or an operator shows. From
//! then on it is that till, until the pairing is ended or the till revoked.

use crate::domain::actor::Actor;
use crate::domain::chain::{PairingMethod, TillKind};
use crate::domain::roles::Permission;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::{RowId, StoreId, TillId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::pairing::{self, PairedBrowserRow, PairingCodeRow};
use crate::store::tills::{self, TillRow};
use crate::store::{Exemption, Tx, sessions};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_till};
use crate::usecases::access::staff::Cashier;
use crate::usecases::{Error, Refusal, require, transact};

/// Life of a code, in seconds.
pub const CODE_SECONDS: i64 = 600;
/// Wrong keys and codes from one network within [`TRIES_SECONDS`] after which none is taken from there.
const MOST_OF_ADDRESS: i64 = 5;
/// Wrong ones from everywhere together: with so few guesses at a code of eight digits nobody hits one while it lives.
const MOST_IN_ALL: i64 = 200;
/// Time for which wrong keys and codes count, in seconds.
const TRIES_SECONDS: i64 = 600;
/// Time between two writes of the last use of a paired browser, in seconds.
const TOUCH_SECONDS: i64 = 600;
/// Longest description of a browser that is kept.
const LONGEST_LABEL: usize = 80;

/// A browser that is a till.
#[derive(Debug, Clone)]
pub struct PairedBrowser {
    /// The pairing.
    pub device: RowId,
    /// The till.
    pub till: TillRow,
}

/// The till that the browser with this token is; none once the pairing has ended or the till was revoked.
///
/// # Errors
/// [`Error::Fault`].
pub async fn find_paired_browser(
    service: &Kopilka,
    token: &str,
) -> Result<Option<PairedBrowser>, Error> {
    let now = service.now();
    let mut tx = service.db.read().await?;
    let Some(device) = pairing::find_by_token(&mut tx, entropy::hash_token(token)).await? else {
        return Ok(None);
    };
    let Some(till) = tills::find_by_id(&mut tx, device.till_id).await? else {
        return Ok(None);
    };
    drop(tx);
    if now >= device.seen_at.plus_secs(TOUCH_SECONDS) {
        transact!(service.db, |tx| {
            tx.exempt(Exemption::SessionTouch);
            Ok(pairing::mark_used(tx, device.id, now).await?)
        })?;
    }
    Ok(Some(PairedBrowser {
        device: device.id,
        till,
    }))
}

/// Pairs a browser by what was typed or scanned: a till's key or a code. `label` is the browser in words; whoever is signed in
/// there is signed out. Wrong ones count for the network that the request came from. The token for the browser to keep.
///
/// # Errors
/// [`Error::Invalid`] with field `pairing` when nothing was typed; [`Refusal::PairingWrong`]; [`Refusal::PairingTooOften`]
/// after too many wrong ones.
pub async fn pair_browser(
    service: &Kopilka,
    typed: &str,
    label: &str,
    signed_in: Option<&Cashier>,
) -> Result<String, Error> {
    let typed = PairingCredential::parse_typed(typed)
        .ok_or_else(|| Error::invalid_field("pairing", "pairing-missing"))?;
    transact!(service.db, |tx| pair_in_transaction(
        service, tx, &typed, label, signed_in
    )
    .await)?
}

/// Pairs the browser. Within the result is the refusal of a wrong key or code, which is counted.
async fn pair_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    typed: &PairingCredential,
    label: &str,
    signed_in: Option<&Cashier>,
) -> Result<Result<String, Error>, Error> {
    let now = service.now();
    tx.advisory_lock("pairing").await?;
    let place = service.asker_key()?;
    let since = now.plus_secs(-TRIES_SECONDS);
    let wrong = Refusal::PairingWrong;
    let tries = audit::count_outcomes(tx, Action::Pair, &place, wrong.key(), since).await?;
    if tries.of_subject >= MOST_OF_ADDRESS || tries.all >= MOST_IN_ALL {
        return Err(Refusal::PairingTooOften.into());
    }
    let till = match typed {
        PairingCredential::Key(key) => tills::find_by_key(tx, entropy::hash_token(key), now)
            .await?
            .filter(|till| till.kind == TillKind::Browser)
            .map(|till| till.id),
        PairingCredential::Code(code) => use_up_pairing_code(tx, code, now).await?,
    };
    let Some(till) = till else {
        let line = AuditLine::new(Action::Pair, &Actor::Visitor).subject(place);
        audit::log(tx, line.outcome(wrong.key()), now).await?;
        return Ok(Err(wrong.into()));
    };
    if let Some(cashier) = signed_in {
        sessions::end_session(tx, cashier.session, now).await?;
    }
    let token = entropy::random_token()?;
    let device = PairedBrowserRow {
        id: RowId::new(),
        till_id: till,
        label: label.chars().take(LONGEST_LABEL).collect(),
        paired_at: now,
        paired_by: typed.method(),
        seen_at: now,
        failures: 0,
        failures_since: Instant(0),
    };
    pairing::insert(tx, &device, entropy::hash_token(&token)).await?;
    let by = match typed {
        PairingCredential::Key(_) => Actor::Till { till, staff: None },
        PairingCredential::Code(_) => Actor::Visitor,
    };
    let line = AuditLine::new(Action::Pair, &by)
        .till(till)
        .device(device.id)
        .staff(signed_in.map(|cashier| cashier.staff))
        .subject(typed.method().as_str());
    audit::log(tx, line, now).await?;
    Ok(Ok(token))
}

/// Key or code that was typed or scanned to pair a browser.
#[derive(Debug, PartialEq, Eq)]
enum PairingCredential {
    Key(String),
    Code(String),
}

impl PairingCredential {
    /// Eight digits, in groups or not, are a code, all else is a key. A scanner that types through a Russian layout writes a
    /// key's letters as those of the same keys; none of them is in a key otherwise.
    fn parse_typed(text: &str) -> Option<Self> {
        let bare: String = text.split_whitespace().collect();
        if bare.is_empty() {
            return None;
        }
        let digits: String = bare.chars().filter(|c| *c != '-').collect();
        if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Code(digits));
        }
        let russian = |c: char| "фисвуаФИСВУА".contains(c);
        if !bare.chars().any(russian) {
            return Some(Self::Key(bare));
        }
        let small = bare.to_lowercase();
        let key = small.chars().map(|c| match c {
            'ф' => 'a',
            'и' => 'b',
            'с' => 'c',
            'в' => 'd',
            'у' => 'e',
            'а' => 'f',
            other => other,
        });
        Some(Self::Key(key.collect()))
    }

    const fn method(&self) -> PairingMethod {
        match self {
            Self::Key(_) => PairingMethod::Key,
            Self::Code(_) => PairingMethod::Code,
        }
    }
}

/// Uses up the code, where there is one such that still lives and whose till is there.
async fn use_up_pairing_code(
    tx: &mut Tx,
    code: &str,
    now: Instant,
) -> Result<Option<TillId>, Error> {
    for row in pairing::open_codes(tx, now.plus_secs(-CODE_SECONDS)).await? {
        if hash_pairing_code(row.id, code) == row.code_hash
            && tills::find_by_id(tx, row.till_id).await?.is_some()
            && pairing::use_code(tx, row.id, now).await?
        {
            return Ok(Some(row.till_id));
        }
    }
    Ok(None)
}

fn hash_pairing_code(id: RowId, code: &str) -> Vec<u8> {
    entropy::keyed_hash(id.0.as_bytes(), code)
}

/// A new code that pairs a browser with a till, once, for ten minutes; codes of the same till before it end.
///
/// # Errors
/// [`Refusal::NotFound`] for a till that is revoked or no browser till; [`Refusal::NotAllowed`].
pub async fn create_pairing_code(
    service: &Kopilka,
    actor: &Actor,
    till: TillId,
) -> Result<String, Error> {
    require(actor, Permission::ShowPairingCode)?;
    let now = service.now();
    let code = entropy::eight_digits()?;
    transact!(service.db, |tx| {
        tills::find_by_id(tx, till)
            .await?
            .filter(|till| till.kind == TillKind::Browser)
            .ok_or(Refusal::NotFound)?;
        let id = RowId::new();
        let row = PairingCodeRow {
            id,
            till_id: till,
            code_hash: hash_pairing_code(id, &code),
        };
        pairing::insert_code(tx, &row, now).await?;
        let line = AuditLine::new(Action::PairingCode, actor).till(till);
        audit::log(tx, line, now).await?;
        Ok(())
    })?;
    Ok(code)
}

/// A new code for a till of the administrator's store.
///
/// # Errors
/// [`Refusal::AdminsOnly`] for anybody else; [`Refusal::NotFound`] for another store's till.
pub async fn create_code_for_admin(
    service: &Kopilka,
    cashier: &Cashier,
    till: TillId,
) -> Result<String, Error> {
    let tills = list_tills_to_pair(service, cashier).await?;
    if tills.iter().all(|(id, _)| *id != till) {
        let refused = Err(Refusal::NotFound.into());
        return log_foreign_id_of_till(service, refused, &cashier.at_till(), OwnedId::Till(till))
            .await;
    }
    create_pairing_code(service, &cashier.actor(), till).await
}

/// Tills of the administrator's store that a browser can be.
///
/// # Errors
/// [`Refusal::AdminsOnly`] for anybody else.
pub async fn list_tills_to_pair(
    service: &Kopilka,
    cashier: &Cashier,
) -> Result<Vec<(TillId, String)>, Error> {
    if !cashier.may(Permission::ShowPairingCode) {
        return Err(Refusal::AdminsOnly.into());
    }
    let mut tx = service.db.read().await?;
    browser_tills(&mut tx, cashier.till.store_id).await
}

async fn browser_tills(tx: &mut Tx, store: StoreId) -> Result<Vec<(TillId, String)>, Error> {
    let tills = tills::list_of_kind(tx, store, TillKind::Browser).await?;
    Ok(tills.into_iter().map(|till| (till.id, till.name)).collect())
}

/// Ends all pairings of a till; how many there were.
///
/// # Errors
/// [`Refusal::NotAllowed`].
pub async fn end_pairings(service: &Kopilka, actor: &Actor, till: TillId) -> Result<u64, Error> {
    require(actor, Permission::ManageTills)?;
    let now = service.now();
    transact!(service.db, |tx| {
        let ended = pairing::end_all(tx, till, now).await?;
        let line = AuditLine::new(Action::Unpair, actor).till(till);
        audit::log(tx, line, now).await?;
        Ok(ended)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_groups_and_a_key_through_a_russian_layout() {
        let code = || Some(PairingCredential::Code("12345678".to_owned()));
        assert_eq!(PairingCredential::parse_typed(" 1234 5678\n"), code());
        assert_eq!(PairingCredential::parse_typed("12-34-56-78"), code());
        let key = entropy::random_token().unwrap();
        let russian: String = key
            .chars()
            .map(|c| match c {
                'a' => 'ф',
                'b' => 'и',
                'c' => 'с',
                'd' => 'в',
                'e' => 'у',
                'f' => 'а',
                other => other,
            })
            .collect();
        assert_eq!(
            PairingCredential::parse_typed(&key),
            Some(PairingCredential::Key(key.clone()))
        );
        assert_eq!(
            PairingCredential::parse_typed(&russian),
            Some(PairingCredential::Key(key.clone()))
        );
        assert_eq!(
            PairingCredential::parse_typed(&russian.to_uppercase()),
            Some(PairingCredential::Key(key))
        );
        assert_eq!(
            PairingCredential::parse_typed("Demo-Key"),
            Some(PairingCredential::Key("Demo-Key".to_owned()))
        );
        assert_eq!(PairingCredential::parse_typed(" "), None);
    }
}
