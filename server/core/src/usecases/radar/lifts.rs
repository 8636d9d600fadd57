//! Overrides: a senior lets a visit pass at a till, by their own PIN.

use crate::entropy;
use crate::ids::{RowId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::radar;
use crate::usecases::till::{self, AtTill};
use crate::usecases::{Error, Refusal, retrying, staff};

/// Visit or card that a senior lets pass: the visit that runs, or the next one of the card that was scanned.
#[derive(Debug, Clone, Copy)]
pub enum Blocked<'a> {
    /// The visit of this token.
    Visit(&'a str),
    /// The card of this scan.
    Card(&'a str),
}

/// A senior lets one visit pass, by their own PIN.
///
/// # Errors
/// [`Error::Invalid`] with field `who` or `pin`; [`Refusal::WrongPin`], [`Refusal::Locked`], [`Refusal::NotAllowed`];
/// [`Refusal::VisitOver`]; what is wrong with the scan.
pub async fn lift(
    k: &Kopilka,
    at_till: &AtTill,
    device: Option<RowId>,
    senior: Option<StaffId>,
    pin: &str,
    blocked: Blocked<'_>,
) -> Result<(), Error> {
    let senior = staff::prove_senior(k, &at_till.till, device, senior, pin).await?;
    retrying(|| lift_proven(k, at_till, senior, blocked)).await
}

/// Lets one visit pass for a senior who has proven to be one.
async fn lift_proven(
    k: &Kopilka,
    at_till: &AtTill,
    senior: StaffId,
    blocked: Blocked<'_>,
) -> Result<(), Error> {
    let till = at_till.till.id;
    let turn = k.turns.take(till).await;
    let mut tx = k.db.write().await?;
    let now = k.now();
    let member = match blocked {
        Blocked::Visit(token) => {
            let shown = till::visit(&mut tx, at_till, token, now).await?;
            let hash = entropy::hash(token);
            if !radar::lift_visit(&mut tx, till, hash, senior, now).await? {
                return Err(Refusal::VisitOver.into());
            }
            shown.member
        }
        Blocked::Card(scan) => {
            let card = match till::card(&mut tx, till, scan, now).await {
                Ok(card) => card,
                Err(no) => {
                    drop(tx);
                    return till::refuse_receipt(k, at_till, Some(scan), no).await;
                }
            };
            radar::lift_next(&mut tx, till, card.member_id, senior, now).await?;
            card.member_id
        }
    };
    drop(turn);
    let line = at_till.did(Action::RadarLifted).member(member);
    let cashier = at_till.staff.map(|staff| staff.to_string());
    // Whoever lets it pass answers for it; at whose till work it was stands beside.
    let line = line.staff(senior).subject(cashier.unwrap_or_default());
    audit::log(&mut tx, line, now).await?;
    tx.commit().await?;
    Ok(())
}
