//! Merges of accounts and changes of phones that wait for a second person.

use super::approval_limits::log_decision;
use super::{account_merge, phone_change};
use crate::domain::corrections::{CorrectionState, SupportRequestKind};
use crate::ids::{MemberId, RowId};
use crate::service::Kopilka;
use crate::store::Tx;
use crate::store::support_requests::{self, WaitingSupportRequest};
use crate::usecases::access::staff::Officer;
use crate::usecases::{Error, Refusal};

/// Approves or declines what was asked for beside corrections of points. What is approved is done as it was asked for, or not
/// at all. Returns the id of a merge that was made, and whose open cards are told after the commit.
pub(super) async fn decide_on_request(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    id: RowId,
    approve: bool,
) -> Result<(Option<RowId>, Vec<MemberId>), Error> {
    let row = support_requests::find_by_id(tx, id)
        .await?
        .ok_or(Refusal::NotFound)?;
    if approve && row.author_id == officer.staff {
        return Err(Refusal::OwnAdjustment.into());
    }
    let state = CorrectionState::decided(approve);
    if !support_requests::decide(tx, id, state, officer.staff, service.now()).await? {
        return Err(Refusal::Decided.into());
    }
    log_decision(service, tx, officer, id, row.member_id, approve).await?;
    if !approve {
        return Ok((None, Vec::new()));
    }
    match row.kind {
        SupportRequestKind::Move => {
            let merged = account_merge::merge_approved(service, tx, &row).await?;
            Ok((Some(merged.id), vec![merged.members.0, merged.members.1]))
        }
        SupportRequestKind::MoveBack => {
            let merge = row.merge_id.ok_or(Refusal::NotFound)?;
            let undone =
                account_merge::undo_approved_merge(service, tx, row.author_id, merge, &row.note)
                    .await?;
            Ok((None, vec![undone.members.0, undone.members.1]))
        }
        SupportRequestKind::Phone => {
            phone_change::change_approved(service, tx, &row).await?;
            Ok((None, Vec::new()))
        }
    }
}

/// Merges of accounts and changes of phones that wait for a second person, oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn waiting_requests(service: &Kopilka) -> Result<Vec<WaitingSupportRequest>, Error> {
    let mut tx = service.db.read().await?;
    Ok(support_requests::list_waiting(&mut tx).await?)
}
