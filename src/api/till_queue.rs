//! Sales that a till's device sends by script: one that is being made, or those that it kept while there was no link. Each
//! is the page's own form, read by the same code, so a sale that was stored before its answer was lost is known again.

use kopilka_core::domain::evaluate::PointsToSpend;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::{ReceiptId, StaffId};
use kopilka_core::usecases::access::till_context::TillContext;
use kopilka_core::usecases::checkout::receipts::{
    self, CommitAnswer, CommitOutcome, IdempotentRequest, SaleDraft,
};
use kopilka_core::usecases::checkout::{spend_confirmation, till};
use kopilka_core::usecases::{Error, FieldProblem, Refusal};
use serde::{Deserialize, Serialize};

use super::forms::sale_form::{SaleForm, fingerprint};
use super::visitor::{Visitor, cookie};

/// Sales that one request may have.
pub const MOST_SALES: usize = 100;

/// A sale as the device sends it.
#[derive(Debug, Clone, Deserialize)]
pub struct SubmittedSale {
    /// The fields of the receipt form.
    pub form: Vec<(String, String)>,
    /// Time at which it was made, in milliseconds by the server's clock as far as the device knows it; `None` = it is made now.
    #[serde(default)]
    pub at: Option<i64>,
    /// The till at which it was made, as the page had told; empty where it is made now.
    #[serde(default)]
    pub till: String,
    /// Id of the cashier who made it.
    #[serde(default)]
    pub staff: String,
    /// Why it was refused, for a sale that is put aside.
    #[serde(default)]
    pub why: String,
}

/// Outcome of a sale.
#[derive(Debug, Clone, Serialize)]
pub struct SubmittedSaleOutcome {
    /// Its key.
    pub key: String,
    /// `posted`, `known`, `parked`, `held`, `refused`; `page` where the page itself has to answer; `failed` where it is to be
    /// sent again.
    pub state: &'static str,
    /// The receipt, where one is stored.
    pub receipt: Option<ReceiptId>,
    /// Stable name of why it was refused.
    pub why: String,
    /// The same in words for the cashier.
    pub words: String,
    /// True if a sale without the card could be posted instead.
    pub without_card: bool,
    /// Seconds after which a failed one is to be sent again; `None` = whenever the device likes.
    pub retry_after: Option<i64>,
}

/// Commits a sale, once under its key.
pub async fn settle_sale(
    visitor: &Visitor,
    at_till: &TillContext,
    sent: &SubmittedSale,
) -> SubmittedSaleOutcome {
    let sale = SaleForm::from_fields(&sent.form);
    let settled = |state| SubmittedSaleOutcome {
        key: sale.key.clone(),
        state,
        receipt: None,
        why: String::new(),
        words: String::new(),
        without_card: false,
        retry_after: None,
    };
    let unread = sale.has_new_code() || sale.has_new_search() || sale.draft().is_err();
    if sent.at.is_none() && unread {
        return settled("page");
    }
    let texts = visitor.texts();
    match commit_sale(visitor, at_till, &sale, sent).await {
        Ok(committed) => SubmittedSaleOutcome {
            receipt: committed.receipt().ok().map(|receipt| receipt.id),
            ..settled(match committed.outcome {
                CommitOutcome::Stored => "posted",
                CommitOutcome::Repeated => "known",
                CommitOutcome::Parked => "parked",
                CommitOutcome::Held => "held",
            })
        },
        // The till waits for its wrong codes: the sale stays in the queue and is sent again.
        Err(Error::Refused(Refusal::TooManyWrongCodes { seconds })) => SubmittedSaleOutcome {
            retry_after: Some(seconds),
            ..settled("failed")
        },
        Err(Error::Refused(refusal)) => SubmittedSaleOutcome {
            why: refusal.key().to_owned(),
            words: texts.refusal(&refusal),
            without_card: is_about_the_card(&refusal),
            ..settled("refused")
        },
        Err(Error::Invalid(problems)) => SubmittedSaleOutcome {
            why: problems
                .first()
                .map_or("", |problem| problem.key)
                .to_owned(),
            words: problems_in_words(visitor, &problems),
            ..settled("refused")
        },
        Err(Error::Busy) => {
            tracing::warn!(
                "a sale that was sent by a till cannot be stored: others are in the way"
            );
            settled("failed")
        }
        Err(error @ Error::Fault(_)) => {
            tracing::error!(%error, "a sale that was sent by a till cannot be stored");
            settled("failed")
        }
    }
}

/// Keeps a refused sale on the server, without whose it was.
///
/// # Errors
/// As [`till::put_sale_aside`].
pub async fn put_aside(
    visitor: &Visitor,
    at_till: &TillContext,
    sent: &SubmittedSale,
) -> Result<(), Error> {
    let sale = SaleForm::from_fields(&sent.form);
    // What cannot be read as a receipt is kept too, as far as it goes.
    let draft = build_draft(&sale, sent).unwrap_or_else(|_| SaleDraft {
        visit: None,
        code: None,
        series: None,
        shift: None,
        number: None,
        at: made_at(sent),
        lines: Vec::new(),
        spend: PointsToSpend::None,
    });
    let with = IdempotentRequest {
        key: sale.key.clone(),
        bytes_hash: None,
        body_hash: fingerprint(&draft),
    };
    till::put_sale_aside(&visitor.kopilka, at_till, &draft, &with, &sent.why).await
}

async fn commit_sale(
    visitor: &Visitor,
    at_till: &TillContext,
    sale: &SaleForm,
    sent: &SubmittedSale,
) -> Result<CommitAnswer, Error> {
    let service = &visitor.kopilka;
    if !sent.till.is_empty() && sent.till != at_till.till.id.to_string() {
        // Its key would be another one here.
        return Err(Refusal::OtherTill.into());
    }
    let draft = build_draft(sale, sent).map_err(Error::Invalid)?;
    let with = IdempotentRequest {
        key: sale.key.clone(),
        bytes_hash: None,
        body_hash: fingerprint(&draft),
    };
    let committed = if sent.at.is_none() {
        let shown = sale.shown_to_pay(&draft);
        receipts::commit_shown_total(service, at_till, &draft, &with, shown).await?
    } else {
        // Only a paired browser has a queue: what comes from elsewhere has no till of its own to answer for it.
        if visitor.cashier()?.device.is_none() {
            return Err(Refusal::QueueUnpaired.into());
        }
        let cashier = sent.staff.parse::<StaffId>().ok();
        receipts::commit_queued(service, at_till, cashier, &draft, &with).await?
    };
    if !sale.visit.is_empty() {
        // A question that nobody has answered ends with the sale that it was about.
        spend_confirmation::withdraw_question(service, at_till, &sale.visit).await?;
    }
    Ok(committed)
}

/// The receipt as of its own time. A card that was scanned without a link, where nobody could be looked up, is in the form.
fn build_draft(sale: &SaleForm, sent: &SubmittedSale) -> Result<SaleDraft, Vec<FieldProblem>> {
    let mut draft = sale.draft()?;
    draft.at = made_at(sent);
    if sale.has_new_code() {
        draft.visit = None;
        draft.code = Some(sale.code.trim().to_owned());
    }
    Ok(draft)
}

fn made_at(sent: &SubmittedSale) -> Option<Instant> {
    sent.at.and_then(|at| at.checked_mul(1_000)).map(Instant)
}

/// Returns whether the sale itself is right, and only its card is not.
const fn is_about_the_card(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::ScanEmpty
            | Refusal::ScanNotDigits
            | Refusal::ScanOtherScheme
            | Refusal::ScanWrongLength
            | Refusal::ScanCheckDigit
            | Refusal::CodeStale
            | Refusal::CodeWrong
            | Refusal::CardUnknown
            | Refusal::CardBlocked
            | Refusal::VisitOver
    )
}

fn problems_in_words(visitor: &Visitor, problems: &[FieldProblem]) -> String {
    let texts = visitor.texts();
    let all: Vec<String> = problems.iter().map(|each| texts.problem(each)).collect();
    all.join(". ")
}

/// Returns whether the visit that the browser remembers is the one of this sale: once it is posted, the visit is done.
pub fn ends_visit(visitor: &Visitor, sent: &SubmittedSale) -> bool {
    let visit = visitor.cookie(cookie::VISIT);
    !visit.is_empty() && SaleForm::from_fields(&sent.form).visit == visit
}
