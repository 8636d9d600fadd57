//! A receipt that is sent to be stored under its key, and what the commits of sales and of returns do alike.

use serde::Serialize;

use super::draft_checks::check_draft;
use super::idempotency::{
    CommitAnswer, GivenReceiptIdentity, IdempotentRequest, ResolvedReceiptIdentity,
    resolve_identity,
};
use super::returning::{ReturnDraft, check_return_draft};
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::Instant;
use crate::ids::ReceiptId;
use crate::service::Kopilka;
use crate::store::Tx;
use crate::usecases::Error;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::sale_draft::SaleDraft;

/// Receipt that a till sends to be stored.
#[derive(Debug)]
pub(super) struct SentReceipt<'a, Draft> {
    /// Till that makes it.
    pub at_till: &'a TillContext,
    /// Receipt as it was sent.
    pub draft: &'a Draft,
    /// Its key, and the hash of its body.
    pub request: &'a IdempotentRequest,
}

/// Draft of a receipt that can be committed.
pub(super) trait ReceiptDraft {
    /// Kind of the receipt.
    const KIND: ReceiptKind;

    /// Returns the receipt's own identity as far as its till says it.
    fn given_identity(&self) -> GivenReceiptIdentity<'_>;

    /// Checks that the receipt can be judged at all.
    ///
    /// # Errors
    /// [`Error::Invalid`] and the refusal of its time or of the till's store.
    fn check(&self, at_till: &TillContext, now: Instant) -> Result<(), Error>;
}

impl ReceiptDraft for SaleDraft {
    const KIND: ReceiptKind = ReceiptKind::Sale;

    fn given_identity(&self) -> GivenReceiptIdentity<'_> {
        GivenReceiptIdentity {
            series: self.series.as_deref(),
            shift: self.shift.as_deref(),
            number: self.number.as_deref(),
        }
    }

    fn check(&self, at_till: &TillContext, now: Instant) -> Result<(), Error> {
        check_draft(at_till, self, now)
    }
}

impl ReceiptDraft for ReturnDraft {
    const KIND: ReceiptKind = ReceiptKind::Return;

    fn given_identity(&self) -> GivenReceiptIdentity<'_> {
        GivenReceiptIdentity {
            series: self.series.as_deref(),
            shift: self.shift.as_deref(),
            number: self.number.as_deref(),
        }
    }

    fn check(&self, _at_till: &TillContext, now: Instant) -> Result<(), Error> {
        check_return_draft(self, now)
    }
}

/// Result of looking up the key of a receipt.
pub(super) enum KeyLookUp {
    /// The key was answered before.
    Answered(CommitAnswer),
    /// The receipt is new and can be judged; this is its own identity.
    New(ResolvedReceiptIdentity),
}

impl<Draft: ReceiptDraft> SentReceipt<'_, Draft> {
    /// Looks the key up, and checks a draft that is new.
    ///
    /// # Errors
    /// The refusals of the key, of the draft, and of an identity that is taken.
    pub async fn look_up_key(
        &self,
        service: &Kopilka,
        tx: &mut Tx,
        now: Instant,
    ) -> Result<KeyLookUp, Error> {
        let (till, given) = (self.at_till.till.id, self.draft.given_identity());
        let presence = self
            .request
            .read_presence(tx, till, given, Draft::KIND)
            .await?;
        let earlier = self
            .request
            .find_earlier_answer(tx, till, &presence)
            .await?;
        if let Some(earlier) = earlier {
            return Ok(KeyLookUp::Answered(earlier));
        }
        self.draft.check(self.at_till, now)?;
        let identity =
            resolve_identity(service, tx, self.at_till, given, Draft::KIND, &presence).await?;
        Ok(KeyLookUp::New(identity))
    }

    /// Writes the answer into the transaction that stores the receipt.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn store_answer(
        &self,
        tx: &mut Tx,
        receipt: ReceiptId,
        answer: &impl Serialize,
        now: Instant,
    ) -> Result<CommitAnswer, Error> {
        let (till, answer) = (self.at_till.till.id, serde_json::to_string(answer)?);
        Ok(self.request.remember_answer(tx, till, receipt, answer, now))
    }
}
