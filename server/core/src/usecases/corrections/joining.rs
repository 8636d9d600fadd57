//! Two accounts of one person become one: all that the first has goes to the second, and whatever comes to it later too.

use super::{card_in_force, check_note};
use crate::ids::MemberId;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, Line};
use crate::store::{Tx, cards, ledger, tills};
use crate::usecases::joined::{self, Moved};
use crate::usecases::posting::Posting;
use crate::usecases::retrying::retrying;
use crate::usecases::staff::Officer;
use crate::usecases::{Error, Refusal};

/// Moves all that one card's account has to another's: lots with their dates, and a debt; blocks the first card. For a person
/// who has two. What a return, a sale that waited or a claim brings to the first account later goes on to the second.
///
/// # Errors
/// [`Error::Invalid`] with field `note`; the refusal of either card; [`Refusal::SameAccount`], also where the second goes
/// on to the first; [`Refusal::AccountJoined`] where the first was joined to another before.
pub async fn move_balance(
    k: &Kopilka,
    officer: &Officer,
    from: &str,
    to: &str,
    note: &str,
) -> Result<Moved, Error> {
    let note = check_note(note)?;
    retrying(|| move_once(k, officer, from, to, &note)).await
}

async fn move_once(
    k: &Kopilka,
    officer: &Officer,
    from: &str,
    to: &str,
    note: &str,
) -> Result<Moved, Error> {
    let mut tx = k.db.write().await?;
    let card = card_in_force(&mut tx, from).await?;
    let from = card.member_id;
    let to = card_in_force(&mut tx, to).await?.member_id;
    // Joined to the end of a chain and to nothing that leads back, accounts never go round in a circle.
    let to = joined::end_of(&mut tx, to).await?.unwrap_or(to);
    match joined::end_of(&mut tx, from).await? {
        _ if from == to => return Err(Refusal::SameAccount.into()),
        Some(end) if end == to => return Err(Refusal::SameAccount.into()),
        Some(_) => return Err(Refusal::AccountJoined.into()),
        None => {}
    }
    let rules = k.rules(&mut tx).await?;
    hold_both(&mut tx, from, to).await?;
    // Read once nobody else moves the same points: what others have brought in meanwhile is active by now.
    let now = k.now();
    let giver = Posting {
        member: from,
        rules: &rules,
        at: now,
        receipt: None,
        author: Some(officer.staff),
        corrects: None,
    };
    let taker = giver.of(to);
    giver.catch_up(&mut tx).await?;
    taker.catch_up(&mut tx).await?;
    let moved = joined::give_all(&mut tx, &giver, &taker, note).await?;
    if !ledger::join(&mut tx, from, to).await? {
        return Err(Error::Fault("an account was not emptied".to_owned()));
    }
    cards::block(&mut tx, &card.number, now).await?;
    tills::end_visits(&mut tx, from, now);
    for (member, other, outcome) in [(from, to, "given"), (to, from, "taken")] {
        let line = Line::new(Action::PointsMoved)
            .staff(officer.staff)
            .member(member)
            .subject(other)
            .outcome(outcome);
        audit::log(&mut tx, line, now).await?;
    }
    tx.commit().await?;
    k.announce(from);
    k.announce(to);
    Ok(moved)
}

/// Holds both accounts, in one order, so that two moves the other way round never wait for each other.
///
/// # Errors
/// [`Error::Busy`] where one of them was joined to another meanwhile.
async fn hold_both(tx: &mut Tx, from: MemberId, to: MemberId) -> Result<(), Error> {
    for member in [from.min(to), from.max(to)] {
        if ledger::lock_account(tx, member).await?.joined_to.is_some() {
            return Err(Error::Busy);
        }
    }
    Ok(())
}
