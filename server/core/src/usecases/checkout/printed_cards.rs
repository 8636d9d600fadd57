//! Plastic cards: numbers that are printed beforehand and nobody's, until one is attached to a member, once. It is a further
//! card of theirs; the one in the wallet goes on.

use crate::domain::actor::Actor;
use crate::domain::card::{CardNumber, Ean13};
use crate::domain::codes::{self, ScannedCode};
use crate::domain::roles::Permission;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::{Exemption, Tx, card_tries, cards};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::checkout::scanned_cards::unreadable_scan;
use crate::usecases::{Error, Refusal, require, transact};

/// Most cards of one batch.
pub const MOST: u32 = 100_000;
/// Cards that one transaction makes.
const AT_ONCE: u32 = 500;
/// Numbers that cannot be attached, after which the account and its network wait.
const TRIES: i64 = 5;
/// Seconds for which they are counted.
const TRIES_SECONDS: i64 = 60;
/// Tries to draw numbers that no card has.
const DRAWS: usize = 8;

/// Numbers and codes that are printed on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedCard {
    /// The number, for people.
    pub number: CardNumber,
    /// The linear barcode.
    pub ean: Ean13,
    /// Content of the QR code.
    pub qr: String,
}

/// Makes cards that are nobody's, to be printed.
///
/// # Errors
/// [`Error::Invalid`] with field `count`; [`Refusal::NotAllowed`]; [`Error::Fault`].
pub async fn create_printed_cards(
    service: &Kopilka,
    actor: &Actor,
    count: u32,
) -> Result<Vec<PrintedCard>, Error> {
    require(actor, Permission::PrintCards)?;
    if !(1..=MOST).contains(&count) {
        return Err(Error::invalid_field("count", "cards-count"));
    }
    let mut blanks = Vec::new();
    let mut left = count;
    while left > 0 {
        let now = service.now();
        let batch = left.min(AT_ONCE);
        let printed = transact!(service.db, |tx| {
            let mut printed = Vec::new();
            for _ in 0..batch {
                printed.push(create_printed_card(tx, now).await?);
            }
            let line = AuditLine::new(Action::CardsPrinted, actor).subject(batch);
            audit::log(tx, line, now).await?;
            Ok(printed)
        })?;
        blanks.extend(printed);
        left -= batch;
    }
    Ok(blanks)
}

async fn create_printed_card(tx: &mut Tx, now: Instant) -> Result<PrintedCard, Error> {
    for _ in 0..DRAWS {
        let number = CardNumber::from_random(entropy::random_number()?);
        let short = Ean13::short_from_random(entropy::random_number()?);
        if cards::insert_printed(tx, number.as_str(), short, now).await?
            && let Some(ean) = Ean13::from_short(short)
        {
            let qr = codes::static_payload(&number);
            return Ok(PrintedCard { number, ean, qr });
        }
    }
    Err(Error::Fault("no free card number was found".to_owned()))
}

/// Attaches a printed card to the shopper, by any of the numbers on it. Numbers that cannot be attached are counted for the
/// account and for the network, because the answer tells whether a card exists.
///
/// # Errors
/// [`Refusal::BlankUnknown`]; [`Refusal::BlankTaken`]; what is wrong with the number, as at a till; [`Refusal::Locked`]
/// after five numbers within a minute.
pub async fn attach_card(service: &Kopilka, shopper: &Shopper, number: &str) -> Result<(), Error> {
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let (member, asker) = (shopper.member, service.asker_key()?);
        if !asker.is_empty() {
            tx.advisory_lock(&format!("card tries of {asker}")).await?;
        }
        tx.advisory_lock(&format!("card tries of {member}")).await?;
        let now = service.now();
        let since = now.plus_secs(-TRIES_SECONDS);
        if card_tries::count_tries(tx, member, &asker, since).await? >= TRIES {
            return Err(Refusal::Locked { minutes: 1 }.into());
        }
        let attached = attach_in_transaction(tx, member, number, false, now).await;
        let refused = match attached {
            Err(no @ Error::Refused(Refusal::BlankUnknown | Refusal::BlankTaken)) => {
                tx.exempt(Exemption::FailureCount);
                card_tries::insert(tx, member, &asker, now).await?;
                Some(no)
            }
            attached => {
                attached?;
                audit::log(tx, shopper.audit_line(Action::CardAttached), now).await?;
                None
            }
        };
        Ok(refused)
    })?
    .map_or(Ok(()), Err)
}

pub(crate) async fn attach_in_transaction(
    tx: &mut Tx,
    member: MemberId,
    number: &str,
    lost: bool,
    now: Instant,
) -> Result<(), Error> {
    let scan = codes::parse_scan(number).map_err(unreadable_scan)?;
    let (found, card) = match &scan {
        ScannedCode::Fixed { card } => (
            cards::find_printed(tx, Some(card.as_str()), None).await?,
            cards::find_by_number(tx, card.as_str()).await?,
        ),
        ScannedCode::Ean(ean) => (
            cards::find_printed(tx, None, Some(ean.short_number())).await?,
            cards::find_by_short(tx, ean.short_number()).await?,
        ),
        // A turning code is on a screen, not on a card.
        ScannedCode::Rotating { .. } => return Err(Refusal::BlankUnknown.into()),
    };
    if card.is_some() {
        return Err(Refusal::BlankTaken.into());
    }
    let Some(blank) = found else {
        return Err(Refusal::BlankUnknown.into());
    };
    if lost {
        cards::block_printed(tx, member, now).await?;
    }
    if cards::attach(tx, &blank, member, now).await? {
        Ok(())
    } else {
        Err(Refusal::BlankTaken.into())
    }
}
