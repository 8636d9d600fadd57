//! The report of a shift by cashier, and of a store's day by till. All figures are sums of what is stored; nothing is counted
//! along the way.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::domain::amounts::{Money, Points};
use crate::domain::roles::Permission;
use crate::domain::time::{Instant, add_days, local_date, start_of_day};
use crate::ids::{RowId, StaffId};
use crate::service::Kopilka;
use crate::store::audit::Action;
use crate::store::figures::{AuditActionCount, PointFigures, ReceiptFigures};
use crate::store::shifts::TillShiftRow;
use crate::store::{Tx, figures, shifts, tills};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_till};
use crate::usecases::access::staff::Cashier;
use crate::usecases::{Error, Refusal};

/// Shifts that can be chosen from.
const TO_CHOOSE: i64 = 30;

/// Figures of sales and returns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SalesFigures {
    /// Sales.
    pub sales: i64,
    /// Sum of the sales after discounts.
    pub sold: Money,
    /// Amount of that which points paid.
    pub by_points: Money,
    /// Points that sales have earned.
    pub given: Points,
    /// Points that were spent on sales.
    pub taken: Points,
    /// Returns.
    pub returns: i64,
    /// Money given back.
    pub refund: Money,
    /// Points that returns have taken back.
    pub taken_back: Points,
    /// Points that returns have given back.
    pub given_back: Points,
    /// Gifts handed over.
    pub gifts: i64,
    /// Enrolments begun.
    pub begun: i64,
    /// Enrolments finished.
    pub finished: i64,
    /// Cards looked up, found or not.
    pub look_ups: i64,
}

impl SalesFigures {
    /// Money in the drawer: what was sold without points, less what was given back.
    pub fn in_money(&self) -> Money {
        self.sold - self.by_points - self.refund
    }

    fn add_receipts(&mut self, row: &ReceiptFigures) {
        *self += Self {
            sales: row.sales,
            sold: row.sold,
            by_points: row.by_points,
            returns: row.returns,
            refund: row.refund,
            ..Self::default()
        };
    }

    fn add_points(&mut self, row: &PointFigures) {
        *self += Self {
            given: row.given,
            taken: row.taken,
            taken_back: row.taken_back,
            given_back: row.given_back,
            ..Self::default()
        };
    }

    fn add_action(&mut self, AuditActionCount { action, count, .. }: &AuditActionCount) {
        match action {
            Action::GiftGiven => self.gifts += count,
            Action::GiftTakenBack => self.gifts -= count,
            Action::EnrolmentBegun => self.begun += count,
            Action::EnrolmentFinished => self.finished += count,
            Action::LookUp => self.look_ups += count,
            // A test looks for one that is read and not counted.
            _ => {}
        }
    }
}

impl AddAssign for SalesFigures {
    fn add_assign(&mut self, other: Self) {
        self.sales += other.sales;
        self.sold += other.sold;
        self.by_points += other.by_points;
        self.given += other.given;
        self.taken += other.taken;
        self.returns += other.returns;
        self.refund += other.refund;
        self.taken_back += other.taken_back;
        self.given_back += other.given_back;
        self.gifts += other.gifts;
        self.begun += other.begun;
        self.finished += other.finished;
        self.look_ups += other.look_ups;
    }
}

/// A shift.
#[derive(Debug, Clone)]
pub struct ShiftSummary {
    /// Its id.
    pub id: RowId,
    /// Its number.
    pub number: i64,
    /// Time at which it began.
    pub opened: Instant,
    /// Name of the person who began it, or nothing.
    pub opened_by: String,
    /// Time at which it ended; `None` = it is open.
    pub closed: Option<Instant>,
    /// Name of the person who ended it; nothing where the day's end did.
    pub closed_by: String,
}

impl ShiftSummary {
    fn from_row(row: TillShiftRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            opened: row.opened_at,
            opened_by: row.opened_by,
            closed: row.closed_at,
            closed_by: row.closed_by,
        }
    }
}

/// The report of a shift.
#[derive(Debug, Clone)]
pub struct ShiftReport {
    /// The shift; none where the till has had none yet.
    pub shift: Option<ShiftSummary>,
    /// Everybody together.
    pub total: SalesFigures,
    /// Each cashier by name; no name where nobody was signed in.
    pub by_cashier: Vec<(String, SalesFigures)>,
    /// Shifts that can be chosen, newest first.
    pub to_choose: Vec<ShiftSummary>,
    /// Time at which the report was made.
    pub at: Instant,
}

/// The report of a shift of the cashier's till, or of the newest one.
///
/// # Errors
/// [`Refusal::NotFound`] for a shift of another till.
pub async fn load_shift_report(
    service: &Kopilka,
    cashier: &Cashier,
    shift: Option<RowId>,
) -> Result<ShiftReport, Error> {
    let made = make_report(service, cashier, shift).await;
    match shift {
        Some(id) => {
            log_foreign_id_of_till(service, made, &cashier.at_till(), OwnedId::Shift(id)).await
        }
        None => made,
    }
}

async fn make_report(
    service: &Kopilka,
    cashier: &Cashier,
    shift: Option<RowId>,
) -> Result<ShiftReport, Error> {
    let now = service.now();
    let till = cashier.till.id;
    let mut tx = service.db.scan().await?;
    let latest = shifts::list_latest(&mut tx, till, TO_CHOOSE).await?;
    let chosen = match shift {
        None => latest.first().cloned(),
        Some(id) => Some(
            shifts::find_by_id(&mut tx, id)
                .await?
                .filter(|row| row.till_id == till)
                .ok_or(Refusal::NotFound)?,
        ),
    };
    let mut by_person: BTreeMap<Option<StaffId>, SalesFigures> = BTreeMap::new();
    if let Some(shift) = &chosen {
        let number = shift.number.to_string();
        // Whatever is written while the report is made belongs to it too: it is one look at the database.
        let (from, until) = (
            shift.opened_at,
            shift.closed_at.unwrap_or(Instant(i64::MAX)),
        );
        for row in figures::receipts_of_shift(&mut tx, till, &number).await? {
            by_person
                .entry(row.staff_id)
                .or_default()
                .add_receipts(&row);
        }
        for row in figures::points_of_shift(&mut tx, till, &number).await? {
            by_person.entry(row.staff_id).or_default().add_points(&row);
        }
        for row in figures::acts_between(&mut tx, till, from, until).await? {
            by_person.entry(row.staff_id).or_default().add_action(&row);
        }
    }
    let mut total = SalesFigures::default();
    let mut by_cashier = Vec::new();
    for (staff, figures) in by_person {
        total += figures;
        by_cashier.push((staff_name(&mut tx, staff).await?, figures));
    }
    by_cashier.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(ShiftReport {
        shift: chosen.map(ShiftSummary::from_row),
        total,
        by_cashier,
        to_choose: latest.into_iter().map(ShiftSummary::from_row).collect(),
        at: now,
    })
}

async fn staff_name(tx: &mut Tx, staff: Option<StaffId>) -> Result<String, Error> {
    Ok(match staff {
        None => String::new(),
        Some(staff) => figures::name_of(tx, staff).await?.unwrap_or_default(),
    })
}

/// A till and what was done there.
#[derive(Debug, Clone)]
pub struct TillDayFigures {
    /// Name of the till.
    pub till: String,
    /// Figures of the till.
    pub figures: SalesFigures,
}

/// A store's day so far.
#[derive(Debug, Clone)]
pub struct StoreDayReport {
    /// All tills together.
    pub total: SalesFigures,
    /// Each till at which anything was done, by name.
    pub by_till: Vec<TillDayFigures>,
}

/// Returns the figures of today at all tills of the administrator's store.
///
/// # Errors
/// [`Refusal::AdminsOnly`] for anybody else.
pub async fn load_store_day(service: &Kopilka, cashier: &Cashier) -> Result<StoreDayReport, Error> {
    if !cashier.may(Permission::SeeStoreDay) {
        return Err(Refusal::AdminsOnly.into());
    }
    let mut tx = service.db.scan().await?;
    let programme = service.current_rules(&mut tx).await?.programme;
    let zone = cashier
        .till
        .store_zone
        .or_programme_zone(programme.time_zone);
    let today = local_date(service.now(), zone);
    let (from, until) = (
        start_of_day(today, zone),
        start_of_day(add_days(today, 1), zone),
    );
    let mut day = StoreDayReport {
        total: SalesFigures::default(),
        by_till: Vec::new(),
    };
    for till in tills::list_of_store(&mut tx, cashier.till.store_id).await? {
        let mut done = SalesFigures::default();
        for row in figures::receipts_between(&mut tx, till.id, from, until).await? {
            done.add_receipts(&row);
        }
        for row in figures::points_between(&mut tx, till.id, from, until).await? {
            done.add_points(&row);
        }
        for row in figures::acts_between(&mut tx, till.id, from, until).await? {
            done.add_action(&row);
        }
        if done != SalesFigures::default() {
            day.total += done;
            day.by_till.push(TillDayFigures {
                till: till.name,
                figures: done,
            });
        }
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::figures::COUNTED_ACTIONS;

    #[test]
    fn each_action_that_is_read_is_counted_in_a_figure_of_its_own() {
        let mut sums = Vec::new();
        for action in COUNTED_ACTIONS {
            let mut sum = SalesFigures::default();
            sum.add_action(&AuditActionCount {
                staff_id: None,
                action,
                count: 1,
            });
            assert_ne!(sum, SalesFigures::default(), "{action:?}");
            assert!(!sums.contains(&sum), "{action:?}");
            sums.push(sum);
        }
    }
}
