//! A sale as it is sent, before it is judged: its parts, and the sender of a late one.

use crate::domain::actor::Actor;
use crate::domain::evaluate::PointsToSpend;
use crate::domain::receipt::ReceiptLine;
use crate::domain::time::Instant;
use crate::ids::{RowId, StaffId};
use crate::store::audit::{Action, AuditLine};
use crate::store::{Tx, held_sales};
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;

/// A receipt as a till sends it, parsed.
#[derive(Debug, Clone)]
pub struct SaleDraft {
    /// The visit that names the member.
    pub visit: Option<String>,
    /// Scanned code instead of a visit, for receipts sent later.
    pub code: Option<String>,
    /// Series of the numbering, for instance the number of the fiscal drive.
    pub series: Option<String>,
    /// The till's shift; where none is given, the open shift of a browser till, the own day of any other.
    pub shift: Option<String>,
    /// The number in the shift; the next free one where none is given.
    pub number: Option<String>,
    /// The receipt's own time; now where none is given.
    pub at: Option<Instant>,
    /// Lines of the receipt.
    pub lines: Vec<ReceiptLine>,
    /// Points that are to pay.
    pub spend: PointsToSpend,
}

/// Sender and time of a late sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LateSaleOrigin {
    /// Person who sent it; `None` = a till's key.
    pub sender: Option<StaffId>,
    /// Time at which it came.
    pub sent_at: Instant,
    /// Id under which it waited for its time, where it did.
    pub waited_as: Option<RowId>,
}

impl LateSaleOrigin {
    /// A sale that this person sends now.
    pub const fn sent_by(sender: Option<StaffId>, now: Instant) -> Self {
        Self {
            sender,
            sent_at: now,
            waited_as: None,
        }
    }

    /// A sale that waits under this id.
    pub async fn load_parked(tx: &mut Tx, id: RowId) -> Result<Self, Error> {
        let row = held_sales::load_sender(tx, id).await?;
        Ok(Self {
            sender: row.sender_staff_id,
            sent_at: row.created_at,
            waited_as: Some(id),
        })
    }

    /// A line of the log about the sale: by whom it was sent, and whom it names.
    pub fn audit_line(&self, at_till: &TillContext, action: Action) -> AuditLine {
        let sender = Actor::Till {
            till: at_till.till.id,
            staff: self.sender,
        };
        let line = AuditLine::new(action, &sender);
        line.named_cashier(at_till.staff).outcome("late")
    }
}
