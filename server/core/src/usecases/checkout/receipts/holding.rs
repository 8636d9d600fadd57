//! Held sales: late sales beyond the hard limit of the programme. The server keeps each with its own time, identity and
//! key until a support person or an administrator releases or refuses it; a released one is posted exactly once.

use super::code_use::mark_code_used;
use super::idempotency::{CommitAnswer, ResolvedReceiptIdentity};
use super::judging::EvaluatedSale;
use super::late_sale::SaleArrival;
use super::sent_receipt::SentReceipt;
use super::{LateSaleOrigin, SaleDraft, parked_refusals, parking};
use crate::domain::amounts::{Money, Points};
use crate::domain::fraud_limits::FraudPattern;
use crate::domain::receipt::ReceiptKind;
use crate::domain::roles::Permission;
use crate::domain::time::Instant;
use crate::ids::{MemberId, ReceiptId, RowId};
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::held_sales::{self, HeldSaleRow};
use crate::store::json;
use crate::store::parked_receipts::{self, ParkedReceiptRow};
use crate::store::{Tx, tills};
use crate::usecases::access::staff::Officer;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::scanned_cards::PresentedCard;
use crate::usecases::{Error, Refusal, transact};

/// Longest reason of a refusal, in characters.
const LONGEST_REASON: usize = 300;
/// Days for which a till lists a held sale that was refused.
const REFUSED_LISTED_DAYS: i64 = 7;

/// A held sale as it is listed.
#[derive(Debug, Clone)]
pub struct HeldSaleView {
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

impl HeldSaleView {
    fn from_row(row: HeldSaleRow) -> Result<Self, Error> {
        let draft: SaleDraft = json::from_column(&row.draft)?;
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
pub(super) async fn hold_sale(
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    judged: &EvaluatedSale,
    card: &PresentedCard,
    identity: &ResolvedReceiptIdentity,
    late: LateSaleOrigin,
    why: FraudPattern,
) -> Result<CommitAnswer, Error> {
    let (at_till, now) = (sale.at_till, judged.now);
    // A released sale is posted as of this time, whenever that is.
    let draft = SaleDraft {
        at: Some(judged.at),
        ..sale.draft.clone()
    };
    let row = ParkedReceiptRow {
        id: late.waited_as.unwrap_or_default(),
        member_id: Some(card.member),
        draft: json::to_column(&draft)?,
        shown: json::to_column(card)?,
        ..parking::new_parked_row(at_till, ReceiptKind::Sale, identity, sale.request)
    };
    parked_receipts::insert(tx, &row, late.sent_at).await?;
    held_sales::mark_held(tx, row.id, late.sender, why.as_str()).await?;
    let till = at_till.till.id;
    mark_code_used(tx, draft.visit.as_deref(), card, Points::ZERO, till, now).await?;
    let line = late
        .audit_line(at_till, Action::ReceiptHeld)
        .member(card.member);
    audit::log(tx, line.subject(row.id).outcome(why.as_str()), now).await?;
    row.to_commit_answer()
}

/// Held sales that nobody has decided on, oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn held_sales(service: &Kopilka) -> Result<Vec<HeldSaleView>, Error> {
    let mut tx = service.db.read().await?;
    let rows = held_sales::list_undecided(&mut tx, None).await?;
    rows.into_iter().map(HeldSaleView::from_row).collect()
}

/// Held sales of this till, oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn held_at_till(
    service: &Kopilka,
    at_till: &TillContext,
) -> Result<Vec<HeldSaleView>, Error> {
    let mut tx = service.db.read().await?;
    let rows = held_sales::list_undecided(&mut tx, Some(at_till.till.id)).await?;
    rows.into_iter().map(HeldSaleView::from_row).collect()
}

/// A held sale that was refused, as its till lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedHeldSale {
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
pub async fn refused_at_till(
    service: &Kopilka,
    at_till: &TillContext,
) -> Result<Vec<RefusedHeldSale>, Error> {
    let mut tx = service.db.read().await?;
    let since = service.now().plus_days(-REFUSED_LISTED_DAYS);
    let till = at_till.till.id;
    let decided = audit::subjects_at_till(&mut tx, till, Action::ReceiptRefused, since).await?;
    let mut sales = Vec::new();
    // The returns that were refused with a sale have lines of their own.
    for id in decided.iter().filter_map(|id| id.parse().ok()) {
        let Some(row) = held_sales::refused(&mut tx, id).await? else {
            continue;
        };
        let draft: SaleDraft = json::from_column(&row.draft)?;
        sales.push(RefusedHeldSale {
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
pub async fn release_held(
    service: &Kopilka,
    officer: &Officer,
    id: RowId,
) -> Result<ReceiptId, Error> {
    officer.require(Permission::DecideHeldSale)?;
    let (receipt, news) = transact!(service.db, |tx| release_in_transaction(
        service, tx, officer, id
    )
    .await)?;
    news.iter().for_each(|member| service.announce(*member));
    Ok(receipt)
}

/// Posts a held sale. Returns the receipt, and the members whose points moved.
async fn release_in_transaction(
    service: &Kopilka,
    tx: &mut Tx,
    officer: &Officer,
    id: RowId,
) -> Result<(ReceiptId, Vec<MemberId>), Error> {
    let (row, late) = lock_held_sale(tx, id).await?;
    if late.sender == Some(officer.staff) {
        return Err(Refusal::OwnLateSale.into());
    }
    let at_till = TillContext {
        till: tills::load_selling_till(tx, row.till_id).await?,
        staff: row.staff_id,
    };
    let line = decision_log_entry(Action::ReceiptReleased, officer, &row);
    audit::log(tx, line, service.now()).await?;
    let mut news = Vec::new();
    let arrival = SaleArrival::Released(late, officer.actor());
    let posted = parking::settle_sale(service, tx, &at_till, &row, arrival, &mut news).await?;
    Ok((posted.receipt()?.id, news))
}

/// Refuses a held sale for good, and the returns that wait for it; whoever sends them again under their keys is told the
/// reason.
///
/// # Errors
/// [`Error::Invalid`] with field `reason`; [`Refusal::NotFound`] where no such sale is held (any more).
pub async fn refuse_held(
    service: &Kopilka,
    officer: &Officer,
    id: RowId,
    reason: &str,
) -> Result<(), Error> {
    officer.require(Permission::DecideHeldSale)?;
    let reason = reason.trim();
    let readable = !reason.is_empty() && !reason.chars().any(char::is_control);
    if !readable || reason.chars().count() > LONGEST_REASON {
        return Err(Error::invalid_field("reason", "note-invalid"));
    }
    transact!(service.db, |tx| {
        let (row, _) = lock_held_sale(tx, id).await?;
        parked_receipts::refuse(tx, row.id, reason).await?;
        let returns = parked_refusals::refuse_returns(tx, &row, reason).await?;
        for refused in [row].iter().chain(&returns) {
            let line = decision_log_entry(Action::ReceiptRefused, officer, refused);
            audit::log(tx, line, service.now()).await?;
        }
        Ok(())
    })
}

/// The held sale of this id, locked until the transaction ends, with how it was sent.
async fn lock_held_sale(
    tx: &mut Tx,
    id: RowId,
) -> Result<(ParkedReceiptRow, LateSaleOrigin), Error> {
    let row = parked_receipts::lock_by_id(tx, id).await?;
    let row = row
        .filter(ParkedReceiptRow::is_held)
        .ok_or(Refusal::NotFound)?;
    let late = LateSaleOrigin::load_parked(tx, id).await?;
    Ok((row, late))
}

fn decision_log_entry(action: Action, officer: &Officer, row: &ParkedReceiptRow) -> AuditLine {
    let line = officer.audit_line(action).till(row.till_id);
    line.member(row.member_id).subject(row.id)
}
