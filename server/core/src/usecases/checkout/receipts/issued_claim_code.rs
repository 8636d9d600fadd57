//! The claim code of a receipt without a card.
//!
//! The code is random and part of the receipt's stored answer, so that a repeat has it byte for byte. A code made from a
//! secret of the server and the receipt's id would be the same each time too, but then whoever learns that secret can take
//! every receipt there is; a random one opens its own receipt only, and only until it ends.

use serde::Deserialize;

use super::sent_receipt::SentReceipt;
use super::{IssuedClaimCode, SaleDraft};
use crate::domain::claim_code::ClaimCode;
use crate::domain::time::Instant;
use crate::entropy;
use crate::ids::ReceiptId;
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::claims::{self, ClaimCodeRow};
use crate::store::{Tx, answers};
use crate::usecases::Error;
use crate::usecases::checkout::pos_v1::ApiClaim;

/// Tries to draw a code that nobody has.
const DRAWS: usize = 8;

/// Gives a receipt without a card its code, where the programme has such codes.
pub(super) async fn issue_claim_code(
    service: &Kopilka,
    tx: &mut Tx,
    sale: &SentReceipt<'_, SaleDraft>,
    rules: &ProgrammeRules,
    receipt: ReceiptId,
    now: Instant,
) -> Result<Option<IssuedClaimCode>, Error> {
    let days = rules.programme.till.claim_days;
    if days == 0 {
        return Ok(None);
    }
    let expires = now.plus_days(days.into());
    let row = ClaimCodeRow {
        receipt_id: receipt,
        till_id: sale.at_till.till.id,
        key: sale.request.key.clone(),
        expires_at: expires,
        claimed_by: None,
    };
    for _ in 0..DRAWS {
        let code = ClaimCode::from_random(entropy::random_number()?);
        if claims::insert(tx, hash_claim_code(&code), &row, now).await? {
            return Ok(Some(IssuedClaimCode {
                code: code.grouped(),
                link: service.public_link(&format!("/claim?code={}", code.as_str())),
                expires,
            }));
        }
    }
    Err(Error::Fault("no free claim code was found".to_owned()))
}

/// A code has 42 random bits: its hash finds it without showing it in a table, and it ends before it could be guessed.
pub(crate) fn hash_claim_code(code: &ClaimCode) -> Vec<u8> {
    entropy::sha256(code.as_str())
}

/// The code of a receipt that can still be claimed, as its till was answered.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn find_claim_code(
    tx: &mut Tx,
    receipt: ReceiptId,
    now: Instant,
) -> Result<Option<IssuedClaimCode>, Error> {
    #[derive(Deserialize)]
    struct StoredClaimAnswer {
        #[serde(default)]
        claim: Option<ApiClaim>,
    }
    let open = claims::find_of_receipt(tx, receipt)
        .await?
        .filter(|row| row.claimed_by.is_none() && now < row.expires_at);
    let Some(row) = open else {
        return Ok(None);
    };
    let Some(answered) = answers::find_by_key(tx, row.till_id, &row.key).await? else {
        return Ok(None);
    };
    let claim = serde_json::from_str::<StoredClaimAnswer>(&answered.answer)?.claim;
    Ok(claim.map(IssuedClaimCode::from))
}
