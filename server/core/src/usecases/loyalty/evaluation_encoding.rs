//! The judgement of a stored sale: written short, read back whole with the lines and the programme's version.

use crate::domain::amounts::Money;
use crate::domain::evaluate::{Evaluation, LineResult};
use crate::domain::programme::Programme;
use crate::store::StoreError;
use crate::store::json::StoredEvaluation;
use crate::store::receipts::StoredReceiptLine;
use crate::usecases::Error;

/// The judgement of a member of `tier` as it is stored with its receipt.
///
/// # Errors
/// Never in practice.
pub fn encode_evaluation(
    evaluation: &Evaluation,
    programme: &Programme,
    tier: &str,
) -> Result<String, Error> {
    Ok(serde_json::to_string(&StoredEvaluation::of(
        evaluation, programme, tier,
    ))?)
}

/// A stored judgement as it was made, by `programme`, for a member of `tier`, of a sale of these lines.
///
/// # Errors
/// [`Error::Fault`] when it cannot be read.
pub fn decode_evaluation(
    stored: &str,
    programme: &Programme,
    tier: &str,
    lines: &[StoredReceiptLine],
) -> Result<Evaluation, Error> {
    let kept: StoredEvaluation = serde_json::from_str(stored)?;
    let total: Money = lines.iter().map(|row| row.line.amount).sum();
    let results: Vec<LineResult> = lines.iter().map(|row| row.result).collect();
    let whole = kept.read(programme, tier, total, &results).ok_or_else(|| {
        StoreError::Unreadable("a judgement names what its programme has not".to_owned())
    })?;
    Ok(whole)
}
