//! The log of who did what: a line is added in the transaction of the act and never changed. Of members it holds ids
//! alone, of other people nothing.

use super::engine::{StoredRow, sql};
use super::{StoreError, Tx};
use crate::domain::time::Instant;
use crate::ids::{MemberId, RowId, StaffId, TillId};

/// Kind of act that a line is about. Names are stable: they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Somebody signed in, or tried to.
    SignIn,
    /// A PIN was typed wrongly.
    WrongPin,
    /// Somebody signed out.
    SignOut,
    /// A till was locked, by hand or because it was idle.
    Lock,
    /// A till was unlocked.
    Unlock,
    /// Somebody set their PIN.
    PinSet,
    /// A code for pairing was shown.
    PairingCode,
    /// A browser was paired with a till, or tried to be.
    Pair,
    /// The pairing of a till's browsers was ended.
    Unpair,
    /// A shift began.
    ShiftOpened,
    /// A shift ended.
    ShiftClosed,
    /// A card was looked up.
    LookUp,
    /// A sale was stored.
    Sale,
    /// A late sale was held, to be looked at.
    ReceiptHeld,
    /// A held sale was released.
    ReceiptReleased,
    /// A held sale was refused.
    ReceiptRefused,
    /// A return was stored.
    Return,
    /// A sale was put aside, or taken up again.
    PutAside,
    /// A gift was handed over.
    GiftGiven,
    /// The handing over of a gift was undone.
    GiftTakenBack,
    /// A shopper's joining was begun at a till.
    EnrolmentBegun,
    /// A shopper has joined whose joining was begun at a till.
    EnrolmentFinished,
    /// A pre-printed card was given to a member.
    CardAttached,
    /// A shopper was asked to confirm that points are spent.
    ConfirmationAsked,
    /// The radar warned or blocked.
    Radar,
    /// A senior lifted a block of the radar.
    RadarLifted,
    /// An account of staff was added.
    StaffAdded,
    /// An account of staff was blocked.
    StaffBlocked,
    /// An account of staff may sign in again.
    StaffUnblocked,
    /// An account of staff got another password.
    PasswordSet,
    /// An account of staff got another role.
    RoleSet,
    /// An account of staff got another till.
    StaffTillSet,
    /// Sessions of an account of staff were ended.
    StaffSessionsEnded,
    /// A member's phone was changed.
    PhoneChanged,
    /// A lost card was replaced.
    CardReplaced,
    /// All that an account had was moved to another.
    PointsMoved,
    /// Points were given or taken by hand, or are to be.
    PointsAdjusted,
    /// An act of support waits for a second person.
    ApprovalAsked,
    /// A second person approved or declined an act of support.
    ApprovalDecided,
    /// Members were put into the list of an offer, or taken out of it.
    OfferMembersChanged,
}

impl Action {
    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::WrongPin => "wrong-pin",
            Self::SignOut => "sign-out",
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::PinSet => "pin-set",
            Self::PairingCode => "pairing-code",
            Self::Pair => "pair",
            Self::Unpair => "unpair",
            Self::ShiftOpened => "shift-opened",
            Self::ShiftClosed => "shift-closed",
            Self::LookUp => "look-up",
            Self::Sale => "sale",
            Self::ReceiptHeld => "receipt-held",
            Self::ReceiptReleased => "receipt-released",
            Self::ReceiptRefused => "receipt-refused",
            Self::Return => "return",
            Self::PutAside => "put-aside",
            Self::GiftGiven => "gift-given",
            Self::GiftTakenBack => "gift-taken-back",
            Self::EnrolmentBegun => "enrolment-begun",
            Self::EnrolmentFinished => "enrolment-finished",
            Self::CardAttached => "card-attached",
            Self::ConfirmationAsked => "confirmation-asked",
            Self::Radar => "radar",
            Self::RadarLifted => "radar-lifted",
            Self::StaffAdded => "staff-added",
            Self::StaffBlocked => "staff-blocked",
            Self::StaffUnblocked => "staff-unblocked",
            Self::PasswordSet => "password-set",
            Self::RoleSet => "role-set",
            Self::StaffTillSet => "staff-till-set",
            Self::StaffSessionsEnded => "staff-sessions-ended",
            Self::PhoneChanged => "phone-changed",
            Self::CardReplaced => "card-replaced",
            Self::PointsMoved => "points-moved",
            Self::PointsAdjusted => "points-adjusted",
            Self::ApprovalAsked => "approval-asked",
            Self::ApprovalDecided => "approval-decided",
            Self::OfferMembersChanged => "offer-members-changed",
        }
    }
}

/// A line of the log, to be filled in with what is known.
#[derive(Debug, Clone)]
pub struct Line {
    action: Action,
    till: Option<TillId>,
    staff: Option<StaffId>,
    named: Option<StaffId>,
    device: Option<RowId>,
    member: Option<MemberId>,
    subject: String,
    outcome: &'static str,
}

impl Line {
    /// A line about an act that was `done`.
    pub const fn new(action: Action) -> Self {
        Self {
            action,
            till: None,
            staff: None,
            named: None,
            device: None,
            member: None,
            subject: String::new(),
            outcome: "done",
        }
    }

    /// Sets the till at which it was done.
    #[must_use]
    pub fn till(mut self, till: impl Into<Option<TillId>>) -> Self {
        self.till = till.into();
        self
    }

    /// Sets the person who did it.
    #[must_use]
    pub fn staff(mut self, staff: impl Into<Option<StaffId>>) -> Self {
        self.staff = staff.into();
        self
    }

    /// Cashier whom a late sale names, beside the person who sent it.
    #[must_use]
    pub fn named(mut self, named: impl Into<Option<StaffId>>) -> Self {
        self.named = named.into();
        self
    }

    /// Sets the paired browser in which it was done.
    #[must_use]
    pub fn device(mut self, device: impl Into<Option<RowId>>) -> Self {
        self.device = device.into();
        self
    }

    /// Sets the member to whom it was done.
    #[must_use]
    pub fn member(mut self, member: impl Into<Option<MemberId>>) -> Self {
        self.member = member.into();
        self
    }

    /// Sets the subject: an id or a word of ours, never personal data.
    #[must_use]
    pub fn subject(mut self, subject: impl ToString) -> Self {
        self.subject = subject.to_string();
        self
    }

    /// Sets the outcome, where it was not simply `done`.
    #[must_use]
    pub const fn outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }
}

/// Adds a line.
///
/// # Errors
/// [`StoreError`].
pub async fn log(tx: &mut Tx, line: Line, now: Instant) -> Result<(), StoreError> {
    sql(
        "INSERT INTO audit (id, at, till_id, staff_id, device_id, member_id, action, subject, outcome, \
         named_staff_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(RowId::new())
    .bind(now)
    .bind(line.till)
    .bind(line.staff)
    .bind(line.device)
    .bind(line.member)
    .bind(line.action.as_str())
    .bind(line.subject)
    .bind(line.outcome)
    .bind(line.named)
    .later(tx);
    Ok(())
}

/// Counts of lines about an act with one outcome.
#[derive(Debug, Clone, Copy, StoredRow)]
pub struct OutcomeCounts {
    /// Lines with the subject at hand.
    pub of_subject: i64,
    /// Lines with any subject.
    pub all: i64,
}

/// Returns how often an act had this outcome from `since` on.
///
/// # Errors
/// [`StoreError`].
pub async fn tries(
    tx: &mut Tx,
    action: Action,
    subject: &str,
    outcome: &str,
    since: Instant,
) -> Result<OutcomeCounts, StoreError> {
    sql(
        "SELECT CAST(COALESCE(SUM(CASE WHEN subject = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS of_subject, \
         COUNT(*) AS \"all\" \
         FROM audit WHERE action = $1 AND outcome = $3 AND at >= $4",
    )
    .bind(action.as_str())
    .bind(subject)
    .bind(outcome)
    .bind(since)
    .one(tx)
    .await
}

/// Subjects of what was done at a till in this way from `since` on, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn subjects_at_till(
    tx: &mut Tx,
    till: TillId,
    action: Action,
    since: Instant,
) -> Result<Vec<String>, StoreError> {
    sql(
        "SELECT subject FROM audit WHERE till_id = $1 AND at >= $3 AND action = $2 \
         ORDER BY at DESC, id DESC",
    )
    .bind(till)
    .bind(action.as_str())
    .bind(since)
    .values(tx)
    .await
}

/// A line as it is read again.
#[derive(Debug, Clone, StoredRow)]
pub struct Told {
    /// Its id.
    pub id: RowId,
    /// Time of the act.
    pub at: Instant,
    /// Name of the till, or nothing.
    pub till: String,
    /// Login of the person, or nothing.
    pub login: String,
    /// The paired browser, or nothing.
    pub device: String,
    /// The member.
    pub member_id: Option<MemberId>,
    /// The member's newest card; none once the account is closed.
    pub card: Option<String>,
    /// Name of the act.
    pub action: String,
    /// Subject of the act.
    pub subject: String,
    /// Outcome of the act.
    pub outcome: String,
    /// Login of the cashier whom a late sale names, or nothing.
    pub named: String,
}

/// Filter of the lines that are listed.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Time from which lines are listed.
    pub since: Instant,
    /// Till of the lines; `None` = any.
    pub till: Option<TillId>,
    /// Person who acted; `None` = anybody.
    pub staff: Option<StaffId>,
    /// Member whom the lines are about; `None` = anybody or nobody.
    pub member: Option<MemberId>,
}

/// Lines from `asked.since` on, oldest first, `limit` at most, after the line `(at, id)` that was told last.
///
/// # Errors
/// [`StoreError`].
pub async fn lines(
    tx: &mut Tx,
    asked: &Asked,
    after: Option<(Instant, RowId)>,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let (at, id) = after.unzip();
    sql(
        "SELECT a.id, a.at, COALESCE(t.name, '') AS till, COALESCE(s.login, '') AS login, \
         COALESCE(d.label, '') AS device, a.member_id, (SELECT MAX(c.number) FROM cards c \
         WHERE c.member_id = a.member_id AND c.blocked_at IS NULL) AS card, a.action, a.subject, a.outcome, \
         COALESCE(n.login, '') AS named FROM audit a LEFT JOIN tills t ON t.id = a.till_id LEFT JOIN staff s ON s.id = a.staff_id \
         LEFT JOIN till_devices d ON d.id = a.device_id LEFT JOIN staff n ON n.id = a.named_staff_id \
         WHERE a.at >= $1 AND ($2 IS NULL OR a.till_id = $2) AND ($3 IS NULL OR a.staff_id = $3 OR a.named_staff_id = $3) \
         AND ($4 IS NULL OR a.member_id = $4) AND ($5 IS NULL OR a.at > $5 OR (a.at = $5 AND a.id > $6)) \
         ORDER BY a.at, a.id LIMIT $7",
    )
    .bind(asked.since)
    .bind(asked.till)
    .bind(asked.staff)
    .bind(asked.member)
    .bind(at)
    .bind(id)
    .bind(limit)
    .all(tx)
    .await
}
