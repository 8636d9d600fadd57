//! Each way in which a rule says no, with a stable name that tills and texts rely on.

use serde::{Deserialize, Serialize};

use crate::domain::amounts::Points;
use crate::ids::ReceiptId;

/// A rule's no.
#[derive(
    Debug, Clone, PartialEq, Eq, strum::EnumIter, strum::IntoStaticStr, Serialize, Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    /// Nobody is signed in, or not any more: sign in.
    NotSignedIn,
    /// There is no such thing, or it is not the asker's.
    NotFound,
    /// Wait before asking for another one-time password.
    TooSoon {
        /// Seconds to wait.
        seconds: i64,
    },
    /// Too many one-time passwords, or wrong ones, in an hour: wait.
    TooManyCodes {
        /// Minutes to wait.
        minutes: i64,
    },
    /// Very many wrong one-time passwords: none is sent to this phone for a day.
    CodesPaused {
        /// Hours to wait.
        hours: i64,
    },
    /// The operator's limit of one-time passwords for a day was reached today.
    NoCodesToday {
        /// Hours until tomorrow.
        hours: i64,
    },
    /// Too many passwords are being checked at this moment: try again in some seconds.
    SignInBusy,
    /// The one-time password is dead: ask for a new one.
    CodeDead,
    /// Login or password is wrong.
    WrongPassword,
    /// Too many wrong passwords: wait.
    Locked {
        /// Minutes to wait.
        minutes: i64,
    },
    /// Nothing was scanned or typed.
    ScanEmpty,
    /// The scan holds something else than digits.
    ScanNotDigits,
    /// The digits are of another scheme: not a code of this programme.
    ScanOtherScheme,
    /// Digits are missing or too many.
    ScanWrongLength,
    /// A digit was read or typed wrongly.
    ScanCheckDigit,
    /// The rotating code has expired: ask for the present one.
    CodeStale,
    /// The rotating code is wrong, older than two steps, or of a card that does not exist.
    CodeWrong,
    /// The till has sent too many wrong codes: wait.
    TooManyWrongCodes {
        /// Seconds to wait.
        seconds: i64,
    },
    /// No card has this number.
    CardUnknown,
    /// The card was replaced or blocked.
    CardBlocked,
    /// The visit is over: scan again.
    VisitOver,
    /// The code was part of another receipt: it spends no more, and earns at the till of that receipt only.
    CodeAlreadySpent,
    /// This form of the card earns only: ask for the rotating code.
    CannotSpend,
    /// The owner cannot be asked: the wallet is open on no device of theirs.
    NobodyToAsk,
    /// The question is answered already, or its minute is over.
    QuestionOver,
    /// No product has this barcode.
    ProductUnknown,
    /// More points were asked for than may be spent.
    TooManyPoints {
        /// Points that may be spent on this receipt.
        spendable: Points,
    },
    /// The receipt comes to another sum than the one that was shown.
    SumChanged,
    /// The idempotency key is missing.
    KeyMissing,
    /// The idempotency key is longer than 255 characters or holds other than visible ASCII.
    KeyMalformed,
    /// The idempotency key was used with another body.
    KeyReused,
    /// A receipt with this store, till, shift and number is stored already.
    ReceiptExists {
        /// The first one.
        receipt: ReceiptId,
    },
    /// A receipt with this shift and number waits already, under another key.
    ReceiptParked,
    /// The receipt was parked, and turned out wrong when its turn came.
    ParkedRefused {
        /// Stable name of what was wrong.
        why: String,
    },
    /// Receipts that are sent later only earn.
    SpendingNeedsLink,
    /// The sale was made at another till than the one that sends it.
    OtherTill,
    /// The browser is not paired with a till, so it has no queue of sales.
    QueueUnpaired,
    /// The receipt is older than 400 days.
    ReceiptTooOld,
    /// The receipt is from before the programme began.
    BeforeProgramme,
    /// The store is not in the programme yet.
    StoreWaiting,
    /// The offer is not to be switched on or off by hand, or not now.
    OfferNotOpen,
    /// The birth date was changed as often as it may be.
    BirthDateLocked,
    /// The gift was handed over already.
    GiftHandedOver,
    /// The store has none left of the gift; it stays promised.
    GiftOut {
        /// Id of the gift that may be handed over instead, where there is one.
        substitute: Option<String>,
    },
    /// The gift was not handed over at this till within the last minute.
    GiftUndoOver,
    /// The receipt of the claim code is somebody else's already.
    ClaimTaken,
    /// The claim code has ended.
    ClaimOver,
    /// All of the receipt went back: nothing is left to earn on.
    ClaimReturned,
    /// The card has as many receipts of that till and day as the fraud limits let pass.
    ClaimTooOften,
    /// No printed card that is nobody's has this number.
    BlankUnknown,
    /// The printed card is somebody's already.
    BlankTaken,
    /// The account's role does not allow this.
    NotAllowed,
    /// A correction is approved by a second person, not by its author.
    OwnAdjustment,
    /// A held sale is released by a second person, not by its sender.
    OwnLateSale,
    /// Somebody has decided on the correction already.
    Decided,
    /// The account, its card or its phone is another than when the correction was asked for.
    RequestOutdated,
    /// Both cards are of one account.
    SameAccount,
    /// The card's account was joined to another before.
    AccountJoined,
    /// The PIN is wrong.
    WrongPin,
    /// The account works in another store.
    OtherStore,
    /// Only an administrator may do this.
    AdminsOnly,
    /// The browser is not paired with a till: nobody signs in at a till there.
    BrowserUnpaired,
    /// No till has this key, and no such code can be used.
    PairingWrong,
    /// Too many wrong keys and codes: wait.
    PairingTooOften,
    /// No shift is open at the till.
    NoShift,
    /// The card is on too many receipts of this till today: a senior may let it pass.
    CardTooOften,
    /// The cashier has looked this card up too often: a senior may let it pass.
    ScannedTooOften,
    /// The cashier has looked up too many cards and sold too little: a senior may let it pass.
    TooManyLookUps,
    /// The member's phone was changed a short while ago: points stay where they are, unless a senior lets them go.
    PhoneJustChanged,
}

impl Refusal {
    /// Returns one refusal of each kind, with values of no meaning: for tests that no kind is forgotten anywhere.
    pub fn of_each_kind() -> impl Iterator<Item = Self> {
        <Self as strum::IntoEnumIterator>::iter()
    }

    /// Returns the stable name: the variant's in kebab case, the last part of a problem's `type`, and of the words' key.
    pub fn key(&self) -> &'static str {
        self.into()
    }

    /// HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotSignedIn | Self::WrongPassword | Self::WrongPin => 401,
            Self::NotAllowed | Self::OtherStore | Self::AdminsOnly | Self::BrowserUnpaired => 403,
            Self::KeyMissing | Self::KeyMalformed => 400,
            Self::NotFound | Self::CardUnknown | Self::ProductUnknown | Self::BlankUnknown => 404,
            Self::CardBlocked | Self::ClaimOver => 410,
            Self::NoCodesToday { .. } | Self::SignInBusy => 503,
            Self::TooSoon { .. }
            | Self::TooManyCodes { .. }
            | Self::CodesPaused { .. }
            | Self::Locked { .. }
            | Self::TooManyWrongCodes { .. }
            | Self::PairingTooOften
            | Self::ScannedTooOften
            | Self::TooManyLookUps => 429,
            Self::ReceiptExists { .. }
            | Self::ReceiptParked
            | Self::CodeAlreadySpent
            | Self::GiftHandedOver
            | Self::QuestionOver
            | Self::GiftOut { .. }
            | Self::GiftUndoOver
            | Self::ClaimTaken
            | Self::ClaimReturned
            | Self::ClaimTooOften
            | Self::OwnLateSale
            | Self::BlankTaken
            | Self::OwnAdjustment
            | Self::Decided
            | Self::RequestOutdated
            | Self::SameAccount
            | Self::AccountJoined
            | Self::NoShift
            | Self::OfferNotOpen
            | Self::BirthDateLocked => 409,
            Self::CodeDead
            | Self::ScanEmpty
            | Self::ScanNotDigits
            | Self::ScanOtherScheme
            | Self::ScanWrongLength
            | Self::ScanCheckDigit
            | Self::CodeStale
            | Self::CodeWrong
            | Self::VisitOver
            | Self::CannotSpend
            | Self::NobodyToAsk
            | Self::TooManyPoints { .. }
            | Self::SumChanged
            | Self::KeyReused
            | Self::ParkedRefused { .. }
            | Self::SpendingNeedsLink
            | Self::OtherTill
            | Self::QueueUnpaired
            | Self::ReceiptTooOld
            | Self::BeforeProgramme
            | Self::StoreWaiting
            | Self::PairingWrong
            | Self::CardTooOften
            | Self::PhoneJustChanged => 422,
        }
    }

    /// Seconds after which the same may be tried again, for the header `Retry-After`.
    pub const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooSoon { seconds } | Self::TooManyWrongCodes { seconds } => Some(*seconds),
            Self::TooManyCodes { minutes } | Self::Locked { minutes } => Some(*minutes * 60),
            Self::CodesPaused { hours } | Self::NoCodesToday { hours } => Some(*hours * 3_600),
            Self::SignInBusy => Some(2),
            _ => None,
        }
    }

    /// Returns whether it is one of the fraud limits: a senior may let the visit pass.
    pub const fn is_of_fraud_limits(&self) -> bool {
        matches!(
            self,
            Self::CardTooOften
                | Self::ScannedTooOften
                | Self::TooManyLookUps
                | Self::PhoneJustChanged
        )
    }
}
