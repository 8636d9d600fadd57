//! Overrides: a senior lets a visit pass at a till, by their own PIN.

use crate::entropy;
use crate::ids::{RowId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action};
use crate::store::fraud_limits;
use crate::usecases::access::staff;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::scanned_cards::{find_scanned_card, find_visit, refuse_receipt};
use crate::usecases::{Error, Refusal, retrying};

/// Visit or card that a senior lets pass: the visit that runs, or the next one of the card that was scanned.
#[derive(Debug, Clone, Copy)]
pub enum OverrideTarget<'a> {
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
pub async fn override_limits(
    service: &Kopilka,
    at_till: &TillContext,
    device: Option<RowId>,
    senior: Option<StaffId>,
    pin: &str,
    target: OverrideTarget<'_>,
) -> Result<(), Error> {
    let senior = staff::prove_senior(service, &at_till.till, device, senior, pin).await?;
    retrying(|| override_by_senior(service, at_till, senior, target)).await
}

/// Lets one visit pass for a senior who has proven to be one.
async fn override_by_senior(
    service: &Kopilka,
    at_till: &TillContext,
    senior: StaffId,
    target: OverrideTarget<'_>,
) -> Result<(), Error> {
    let till = at_till.till.id;
    let turn = service.turns.wait_for_turn(till).await;
    let mut tx = service.db.write().await?;
    let now = service.now();
    let member = match target {
        OverrideTarget::Visit(token) => {
            let card = find_visit(&mut tx, at_till, token, now).await?;
            let hash = entropy::hash_token(token);
            if !fraud_limits::override_visit(&mut tx, till, hash, senior, now).await? {
                return Err(Refusal::VisitOver.into());
            }
            card.member
        }
        OverrideTarget::Card(scan) => {
            let card = match find_scanned_card(&mut tx, till, scan, now).await {
                Ok(card) => card,
                Err(no) => {
                    drop(tx);
                    return refuse_receipt(service, at_till, Some(scan), no).await;
                }
            };
            fraud_limits::override_next_visit(&mut tx, till, card.member_id, senior, now).await?;
            card.member_id
        }
    };
    drop(turn);
    let line = at_till.audit_line(Action::RadarLifted).member(member);
    let cashier = at_till.staff.map(|staff| staff.to_string());
    // Whoever lets it pass answers for it; at whose till work it was stands beside.
    let line = line.staff(senior).subject(cashier.unwrap_or_default());
    audit::log(&mut tx, line, now).await?;
    tx.commit().await?;
    Ok(())
}
