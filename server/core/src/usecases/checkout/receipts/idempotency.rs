//! Exactly once: a key is answered for ever as it was answered first, and a receipt's own identity is stored once.

use super::{ReturnReceipt, SaleReceipt, parking};
use crate::domain::chain::TillKind;
use crate::domain::name::is_plain;
use crate::domain::receipt::ReceiptKind;
use crate::domain::time::{Instant, local_date};
use crate::ids::{ReceiptId, TillId};
use crate::service::Kopilka;
use crate::store::answers::{self, StoredAnswerRow};
use crate::store::identity::ReceiptIdentity;
use crate::store::receipt_presence::{self, ReceiptPresence};
use crate::store::{Tx, parked_receipts, receipts};
use crate::till_answers::TillAnswer;
use crate::usecases::access::shifts;
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::pos_v1::{ApiReceipt, ApiReturned};
use crate::usecases::loyalty::member_snapshot::load_rules_at;
use crate::usecases::{Error, Refusal};

/// Longest idempotency key (product rule).
const LONGEST_KEY: usize = 255;

/// Idempotency key and body hashes of a commit.
#[derive(Debug, Clone)]
pub struct IdempotentRequest {
    /// The idempotency key.
    pub key: String,
    /// Hash of what the body means, by which a repeat is told from another receipt under the same key.
    pub body_hash: Vec<u8>,
    /// Hash of the body's bytes, for keys that were answered before meanings were compared. `None` = `body_hash` has always
    /// been made as it is now.
    pub bytes_hash: Option<Vec<u8>>,
}

/// Result of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitOutcome {
    /// It is stored now.
    Stored,
    /// It was stored before; this is the answer that it got.
    Repeated,
    /// It waits for its time or its sale.
    Parked,
    /// It is held until somebody has looked at it.
    Held,
}

/// A commit's answer.
#[derive(Debug, Clone)]
pub struct CommitAnswer {
    /// JSON of the receipt, byte for byte the same for each repeat; of what it waits for while it is parked.
    pub answer: String,
    /// Result of the commit.
    pub outcome: CommitOutcome,
}

/// Returns the kind of answer to a till as which a commit is counted.
pub(super) const fn till_answer_of(answer: &Result<CommitAnswer, Error>) -> TillAnswer {
    match answer {
        Ok(committed) => match committed.outcome {
            CommitOutcome::Stored => TillAnswer::Stored,
            CommitOutcome::Repeated => TillAnswer::Repeated,
            CommitOutcome::Parked => TillAnswer::Parked,
            CommitOutcome::Held => TillAnswer::Held,
        },
        Err(Error::Refused(_) | Error::Invalid(_)) => TillAnswer::Refused,
        Err(Error::Busy) => TillAnswer::Busy,
        Err(Error::Fault(_)) => TillAnswer::Failed,
    }
}

impl CommitAnswer {
    /// Reads the stored sale of the answer.
    ///
    /// # Errors
    /// [`Error::Fault`] where the answer is another.
    pub fn receipt(&self) -> Result<SaleReceipt, Error> {
        Ok(serde_json::from_str::<ApiReceipt>(&self.answer)?.into())
    }

    /// Reads the stored return of the answer.
    ///
    /// # Errors
    /// [`Error::Fault`] where the answer is another.
    pub fn returned(&self) -> Result<ReturnReceipt, Error> {
        Ok(serde_json::from_str::<ApiReturned>(&self.answer)?.into())
    }
}

impl IdempotentRequest {
    /// A key is 1 to 255 visible ASCII characters.
    ///
    /// # Errors
    /// [`Refusal::KeyMissing`], [`Refusal::KeyMalformed`].
    pub fn check_key(&self) -> Result<(), Refusal> {
        if self.key.is_empty() {
            return Err(Refusal::KeyMissing);
        }
        if is_valid_key(&self.key) {
            Ok(())
        } else {
            Err(Refusal::KeyMalformed)
        }
    }

    /// Reads what is stored already under the key and the identity of a receipt of this kind. The same key at the same time
    /// waits here, and then finds the answer.
    pub(super) async fn read_presence(
        &self,
        tx: &mut Tx,
        till: TillId,
        given: GivenReceiptIdentity<'_>,
        kind: ReceiptKind,
    ) -> Result<ReceiptPresence, Error> {
        tx.advisory_lock(&format!("key {till} {}", self.key))
            .await?;
        Ok(
            receipt_presence::find_present(tx, till, &self.key, given.to_full_identity(), kind)
                .await?,
        )
    }

    /// Returns the answer that the key got before; `None` = the key is new.
    pub(super) async fn find_earlier_answer(
        &self,
        tx: &mut Tx,
        till: TillId,
        presence: &ReceiptPresence,
    ) -> Result<Option<CommitAnswer>, Error> {
        let same = |hash: &[u8]| {
            if hash == self.body_hash || self.bytes_hash.as_deref() == Some(hash) {
                Ok(())
            } else {
                Err(Refusal::KeyReused)
            }
        };
        if let Some((body_hash, answer)) = &presence.answered {
            same(body_hash)?;
            return Ok(Some(CommitAnswer {
                answer: answer.clone(),
                outcome: CommitOutcome::Repeated,
            }));
        }
        if !presence.parked {
            return Ok(None);
        }
        // It may have been settled since it was seen: asked again, its answer is there.
        let waiting = parking::find_waiting(tx, till, &self.key).await?;
        let waiting = waiting.ok_or(Error::Busy)?;
        same(&waiting.body_hash)?;
        waiting.to_commit_answer().map(Some)
    }

    /// Remembers the answer.
    pub(super) fn remember_answer(
        &self,
        tx: &mut Tx,
        till: TillId,
        receipt: ReceiptId,
        answer: String,
        now: Instant,
    ) -> CommitAnswer {
        let row = StoredAnswerRow {
            body_hash: self.body_hash.clone(),
            receipt_id: receipt,
            answer,
        };
        answers::insert(tx, till, &self.key, &row, now);
        CommitAnswer {
            answer: row.answer,
            outcome: CommitOutcome::Stored,
        }
    }
}

/// Returns whether a receipt may be sent under this key.
pub fn is_valid_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A receipt's own identity at its till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResolvedReceiptIdentity {
    /// Series of the numbering; empty: none.
    pub series: String,
    pub shift: String,
    pub number: String,
    /// True if returns may be waiting for a sale of this identity.
    pub awaited: bool,
}

impl ResolvedReceiptIdentity {
    pub(super) fn as_identity(&self) -> ReceiptIdentity<'_> {
        ReceiptIdentity {
            series: &self.series,
            shift: &self.shift,
            number: &self.number,
        }
    }
}

/// A receipt's own identity as far as its till says it.
#[derive(Debug, Clone, Copy)]
pub(super) struct GivenReceiptIdentity<'a> {
    /// Series of the numbering; `None` = the till has none.
    pub series: Option<&'a str>,
    /// The till's shift; `None` = chosen here.
    pub shift: Option<&'a str>,
    /// The number in the shift; `None` = the next free one.
    pub number: Option<&'a str>,
}

impl<'a> GivenReceiptIdentity<'a> {
    /// Returns the identity where shift and number are both given.
    fn to_full_identity(self) -> Option<ReceiptIdentity<'a>> {
        Some(ReceiptIdentity {
            series: self.series.unwrap_or_default(),
            shift: self.shift?,
            number: self.number?,
        })
    }
}

/// The receipt's own identity: as the till says, or a browser till's open shift, any other till's day, and the next free
/// number.
///
/// # Errors
/// [`Refusal::ReceiptExists`] or [`Refusal::ReceiptParked`] when another receipt has it.
pub(super) async fn resolve_identity(
    service: &Kopilka,
    tx: &mut Tx,
    at_till: &TillContext,
    given: GivenReceiptIdentity<'_>,
    kind: ReceiptKind,
    presence: &ReceiptPresence,
) -> Result<ResolvedReceiptIdentity, Error> {
    let till = at_till.till.id;
    let GivenReceiptIdentity {
        series,
        shift,
        number,
    } = given;
    for (field, text) in [("series", series), ("shift", shift), ("number", number)] {
        if text.is_some_and(|text| !is_plain(text)) {
            return Err(Error::invalid_field(field, "receipt-identity"));
        }
    }
    let series = series.unwrap_or_default();
    if let (Some(shift), Some(number)) = (shift, number) {
        if let Some(receipt) = presence.receipt {
            return Err(Refusal::ReceiptExists { receipt }.into());
        }
        if presence.waits {
            return Err(Refusal::ReceiptParked.into());
        }
        return Ok(ResolvedReceiptIdentity {
            series: series.to_owned(),
            shift: shift.to_owned(),
            number: number.to_owned(),
            // Where others write at the same time, a return may come to wait until the very end.
            awaited: presence.awaited || tx.has_concurrent_writers(),
        });
    }
    let shift = match shift {
        Some(shift) => shift.to_owned(),
        None if at_till.staff.is_some() && at_till.till.kind == TillKind::Browser => {
            shifts::load_or_begin_shift(tx, till, at_till.staff, service.now())
                .await?
                .to_string()
        }
        None => {
            let rules = load_rules_at(service, tx, service.now()).await?;
            let zone = at_till
                .till
                .store_zone
                .or_programme_zone(rules.programme.time_zone);
            local_date(service.now(), zone).to_string()
        }
    };
    let without_number = ReceiptIdentity {
        series,
        shift: &shift,
        number: "",
    };
    let number = match number {
        Some(number) => {
            let identity = ReceiptIdentity {
                number,
                ..without_number
            };
            if let Some(refusal) = find_taken_identity(tx, till, identity, kind).await? {
                return Err(refusal.into());
            }
            number.to_owned()
        }
        None => {
            tx.advisory_lock(&format!("numbers of {till}")).await?;
            let mut next = receipts::count_in_shift(tx, till, series, &shift, kind).await? + 1;
            // What waits is not counted, and the till may have numbered others itself.
            loop {
                let text = next.to_string();
                let identity = ReceiptIdentity {
                    number: &text,
                    ..without_number
                };
                if find_taken_identity(tx, till, identity, kind)
                    .await?
                    .is_none()
                {
                    break;
                }
                next += 1;
            }
            next.to_string()
        }
    };
    Ok(ResolvedReceiptIdentity {
        series: series.to_owned(),
        shift,
        number,
        awaited: true,
    })
}

/// Returns the refusal of another receipt with this identity, where one is stored or waits.
async fn find_taken_identity(
    tx: &mut Tx,
    till: TillId,
    identity: ReceiptIdentity<'_>,
    kind: ReceiptKind,
) -> Result<Option<Refusal>, Error> {
    if let Some(receipt) = receipts::find_by_identity(tx, till, identity, kind).await? {
        return Ok(Some(Refusal::ReceiptExists { receipt }));
    }
    let waits = parked_receipts::find_by_identity(tx, till, identity, kind).await?;
    Ok(waits.then_some(Refusal::ReceiptParked))
}
