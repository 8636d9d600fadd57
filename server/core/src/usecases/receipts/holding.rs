//! Held sales: late sales beyond the hard limit of the programme. The server keeps each with its own time, identity and
//! key until a support person or an administrator releases or refuses it; a released one is posted exactly once.

use super::super::staff::Officer;
use super::super::till::{AtTill, Shown};
use super::super::{Error, Refusal, transact};
use super::code_use::mark_used;
use super::late_sale::{Comes, LateSale};
use super::once::{Committed, Identity, Sent};
use super::{Draft, parking};
use crate::domain::amounts::{Money, Points};
use crate::domain::radar::Pattern;
use crate::domain::receipt::ReceiptKind;
use crate::domain::roles::Permission;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::held::{self, HeldSaleRow};
use crate::store::json;
use crate::store::parked::{self, ParkedRow};
use crate::store::{Tx, tills};

/// Longest reason of a refusal, in characters.
const LONGEST_REASON: usize = 300;
/// Days for which a till lists a held sale that was refused.
const REFUSED_LISTED_DAYS: i64 = 7;

/// A held sale as it is listed.
#[derive(Debug, Clone)]
pub struct HeldSale {
    /// Id while it is held.
    pub id: RowId,
    /// Time at which it came.
    pub came: Instant,
    /// Its own time.
    pub at: Instant,
    /// Code of the store.
    pub store: String,
    /// Name of the till.
    pub till: String,
    /// Login of the person who sent it; `None` = a till's key.
    pub sender: Option<String>,
    /// Login of the cashier whom it names; `None` = nobody.
    pub cashier: Option<String>,
    /// Card of the member; `None` = the account is closed.
    pub card: Option<String>,
    /// Sum of its lines before discounts.
    pub total: Money,
    /// Stable name of the limit that it exceeds.
    pub why: String,
}

impl HeldSale {
    fn read(row: HeldSaleRow) -> Result<Self, Error> {
        let draft: Draft = json::from_column(&row.draft)?;
        Ok(Self {
            id: row.id,
            came: row.created_at,
            at: draft.at.unwrap_or(row.created_at),
            store: row.store,
            till: row.till,
            sender: Some(row.sender).filter(|login| !login.is_empty()),
            cashier: Some(row.cashier).filter(|login| !login.is_empty()),
            card: row.card,
            total: draft.lines.iter().map(|line| line.amount).sum(),
            why: row.held,
        })
    }
}

/// Keeps a late sale instead of storing it, in the transaction in which it was judged. It ends its code and visit for
/// spending, as a stored one does.
#[expect(clippy::too_many_arguments, reason = "the parts of one receipt")]
pub(super) async fn hold(
    tx: &mut Tx,
    at_till: &AtTill,
    (draft, at): (&Draft, Instant),
    shown: &Shown,
    identity: &Identity,
    sent: &Sent,
    late: LateSale,
    why: Pattern,
    now: Instant,
) -> Result<Committed, Error> {
    // A released sale is posted as of this time, whenever that is.
    let draft = Draft {
        at: Some(at),
        ..draft.clone()
    };
    let row = ParkedRow {
        id: late.waited_as.unwrap_or_default(),
        member_id: Some(shown.member),
        draft: json::to_column(&draft)?,
        shown: json::to_column(shown)?,
        ..parking::new(at_till, ReceiptKind::Sale, identity, sent)
    };
    parked::insert(tx, &row, late.sent_at).await?;
    held::hold(tx, row.id, late.sender, why.as_str()).await?;
    let till = at_till.till.id;
    mark_used(tx, draft.visit.as_deref(), shown, Points::ZERO, till, now).await?;
    let line = late.did(at_till, Action::ReceiptHeld).member(shown.member);
    audit::log(tx, line.subject(row.id).outcome(why.as_str()), now).await?;
    row.answer()
}

/// Held sales that nobody has decided on, oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn held_sales(k: &Kopilka) -> Result<Vec<HeldSale>, Error> {
    let mut tx = k.db.read().await?;
    let rows = held::undecided(&mut tx, None).await?;
    rows.into_iter().map(HeldSale::read).collect()
}

/// Held sales of this till, oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn held_here(k: &Kopilka, at_till: &AtTill) -> Result<Vec<HeldSale>, Error> {
    let mut tx = k.db.read().await?;
    let rows = held::undecided(&mut tx, Some(at_till.till.id)).await?;
    rows.into_iter().map(HeldSale::read).collect()
}

/// A held sale that was refused, as its till lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedSale {
    /// Its own time.
    pub at: Instant,
    /// Sum of its lines before discounts.
    pub total: Money,
    /// Reason, as the person who refused it has typed it.
    pub reason: String,
}

/// Held sales of this till that were refused in the last seven days, the last first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn refused_here(k: &Kopilka, at_till: &AtTill) -> Result<Vec<RefusedSale>, Error> {
    let mut tx = k.db.read().await?;
    let since = k.now().plus_days(-REFUSED_LISTED_DAYS);
    let till = at_till.till.id;
    let decided = audit::subjects_at_till(&mut tx, till, Action::ReceiptRefused, since).await?;
    let mut sales = Vec::new();
    // The returns that were refused with a sale have lines of their own.
    for id in decided.iter().filter_map(|id| id.parse().ok()) {
        let Some(row) = held::refused(&mut tx, id).await? else {
            continue;
        };
        let draft: Draft = json::from_column(&row.draft)?;
        sales.push(RefusedSale {
            at: draft.at.unwrap_or(row.created_at),
            total: draft.lines.iter().map(|line| line.amount).sum(),
            reason: row.refused,
        });
    }
    Ok(sales)
}

/// Posts a held sale as of its own time, under its own identity and key; the id of the stored receipt.
///
/// # Errors
/// [`Refusal::NotFound`] where no such sale is held (any more); [`Refusal::OwnLateSale`] for its sender. The refusal of the
/// sale, which stays held then.
pub async fn release_held(k: &Kopilka, officer: &Officer, id: RowId) -> Result<ReceiptId, Error> {
    officer.require(Permission::DecideHeldSale)?;
    let (receipt, news) = transact!(k.db, |tx| release_in(k, tx, officer, id).await)?;
    news.iter().for_each(|member| k.announce(*member));
    Ok(receipt)
}

/// Posts a held sale. Returns the receipt, and the members whose points moved.
async fn release_in(
    k: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    id: RowId,
) -> Result<(ReceiptId, Vec<MemberId>), Error> {
    let (row, late) = locked(tx, id).await?;
    if late.sender == Some(officer.staff) {
        return Err(Refusal::OwnLateSale.into());
    }
    let at_till = AtTill {
        till: tills::that_sold(tx, row.till_id).await?,
        staff: row.staff_id,
    };
    let line = decided(Action::ReceiptReleased, officer, &row);
    audit::log(tx, line, k.now()).await?;
    let mut news = Vec::new();
    let comes = Comes::Released(late);
    let posted = parking::settle_sale(k, tx, &at_till, &row, comes, &mut news).await?;
    Ok((posted.receipt()?.id, news))
}

/// Refuses a held sale for good, and the returns that wait for it; whoever sends them again under their keys is told the
/// reason.
///
/// # Errors
/// [`Error::Invalid`] with field `reason`; [`Refusal::NotFound`] where no such sale is held (any more).
pub async fn refuse_held(
    k: &Kopilka,
    officer: &Officer,
    id: RowId,
    reason: &str,
) -> Result<(), Error> {
    officer.require(Permission::DecideHeldSale)?;
    let reason = reason.trim();
    let readable = !reason.is_empty() && !reason.chars().any(char::is_control);
    if !readable || reason.chars().count() > LONGEST_REASON {
        return Err(Error::field("reason", "note-invalid"));
    }
    transact!(k.db, |tx| {
        let (row, _) = locked(tx, id).await?;
        parked::refuse(tx, row.id, reason).await?;
        let returns = parking::refuse_returns(tx, &row, reason).await?;
        for refused in [row].iter().chain(&returns) {
            let line = decided(Action::ReceiptRefused, officer, refused);
            audit::log(tx, line, k.now()).await?;
        }
        Ok(())
    })
}

/// The held sale of this id, locked until the transaction ends, with how it was sent.
async fn locked(tx: &mut Tx, id: RowId) -> Result<(ParkedRow, LateSale), Error> {
    let row = parked::locked(tx, id).await?;
    let row = row.filter(ParkedRow::is_held).ok_or(Refusal::NotFound)?;
    let late = LateSale::parked(tx, id).await?;
    Ok((row, late))
}

fn decided(action: Action, officer: &Officer, row: &ParkedRow) -> AuditLine {
    let line = officer.did(action).till(row.till_id);
    line.member(row.member_id).subject(row.id)
}
