//! Acts that the audit log tells of.

use strum::{EnumIter, EnumString, IntoStaticStr};

/// Kind of act that a line is about. Names are stable: they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
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
    /// The fraud limits warned or blocked.
    Radar,
    /// A senior lifted a block of the fraud limits.
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
    /// A member has joined.
    MemberJoined,
    /// A member or their data of one kind was changed by themselves.
    ProfileChanged,
    /// A member has agreed to messages or a document, or does not agree any more.
    ConsentsChanged,
    /// A member has chosen another language.
    LanguageSet,
    /// A device of a member was signed out.
    DeviceEnded,
    /// A device got a new secret for its codes.
    DeviceSecretRenewed,
    /// An account of a member was closed.
    AccountClosed,
    /// A member has switched an offer on.
    OfferActivated,
    /// A member has switched an offer off.
    OfferDeactivated,
    /// A member has taken a receipt by its claim code.
    ReceiptClaimed,
    /// A member has answered whether points may be spent.
    ConfirmationAnswered,
    /// A till has taken back the question whether points may be spent.
    ConfirmationWithdrawn,
    /// A receipt waits for its time or for its sale.
    ReceiptParked,
    /// A receipt that waited was refused.
    ParkedRefused,
    /// A store was added.
    StoreAdded,
    /// A store was changed.
    StoreChanged,
    /// A till was added.
    TillAdded,
    /// A till got a new key.
    TillKeyRotated,
    /// A till was revoked.
    TillRevoked,
    /// Goods were imported.
    ProductsImported,
    /// Goods were removed.
    ProductsRemoved,
    /// It was set how many of a gift a store has.
    GiftStockSet,
    /// Cards were made to be printed.
    CardsPrinted,
    /// A programme was put in force.
    ProgrammeApplied,
    /// A backup was made.
    BackupMade,
    /// The database was restored from a backup.
    BackupRestored,
    /// The secret key was forgotten, with all that was hashed by it.
    KeyForgotten,
    /// A batch of a night was done, or the night was finished.
    NightBatch,
    /// Members were put into the list of an offer, or taken out of it.
    OfferMembersChanged,
    /// A member signed in, or tried to.
    MemberSignIn,
    /// Somebody sent an id that belongs to somebody else.
    ForeignId,
    /// A posted form was refused.
    FormRefused,
}

impl Action {
    /// Name as stored.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn stored_names_stay_as_they_are() {
        let names: Vec<&str> = Action::iter().map(Action::as_str).collect();
        let expected = "sign-in wrong-pin sign-out lock unlock pin-set \
            pairing-code pair unpair shift-opened shift-closed look-up \
            sale receipt-held receipt-released receipt-refused return put-aside \
            gift-given gift-taken-back enrolment-begun enrolment-finished card-attached confirmation-asked \
            radar radar-lifted staff-added staff-blocked staff-unblocked password-set \
            role-set staff-till-set staff-sessions-ended phone-changed card-replaced points-moved \
            points-adjusted approval-asked approval-decided member-joined profile-changed consents-changed \
            language-set device-ended device-secret-renewed account-closed offer-activated offer-deactivated \
            receipt-claimed confirmation-answered confirmation-withdrawn receipt-parked parked-refused store-added \
            store-changed till-added till-key-rotated till-revoked products-imported products-removed \
            gift-stock-set cards-printed programme-applied backup-made backup-restored key-forgotten \
            night-batch offer-members-changed member-sign-in foreign-id form-refused";
        assert_eq!(names.join(" "), expected);
    }
}
