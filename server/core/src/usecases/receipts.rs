//! Quote and commit: the same judgement, stored by the second only, exactly once.

use serde::{Deserialize, Serialize};

use super::facts::{balance_of, facts, measured};
use super::posting::Posting;
use super::till::{AtTill, Shown, resolve, visit};
use super::{Error, Problem, Refusal};
use crate::domain::amounts::{Money, Points};
use crate::domain::evaluate::{Evaluation, Spend, Wallet, evaluate};
use crate::domain::reason::Reason;
use crate::domain::receipt::{Basket, Line, check};
use crate::domain::tiers::upgraded;
use crate::domain::time::{Instant, local_date};
use crate::ids::{MemberId, ReceiptId};
use crate::service::{Kopilka, Rules};
use crate::store::receipts::{AnswerRow, ReceiptRow};
use crate::store::{StoreError, Tx, ledger, offers, receipts};

/// A receipt may come from a clock this far ahead, in seconds (product rule: 5 minutes).
const AHEAD_SECONDS: i64 = 300;
/// A receipt may be this old, in days (product rule: 400).
const OLDEST_DAYS: i64 = 400;
/// Longest idempotency key (product rule).
const LONGEST_KEY: usize = 255;

/// A receipt as a till sends it, parsed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The visit that names the member.
    pub visit: Option<String>,
    /// Or the code itself, for receipts sent later.
    pub code: Option<String>,
    /// The till's shift; the till's own day where none is given.
    pub shift: Option<String>,
    /// The number in the shift; the next free one where none is given.
    pub number: Option<String>,
    /// The receipt's own time; now where none is given.
    pub at: Option<Instant>,
    /// What was bought.
    pub lines: Vec<Line>,
    /// How many points pay.
    pub spend: Spend,
}

/// What a receipt would earn and cost.
#[derive(utoipa::ToSchema, Debug, Clone, Serialize, Deserialize)]
pub struct Quote {
    /// Version of the programme that judges.
    pub programme_version: i64,
    /// The judgement.
    #[serde(flatten)]
    pub evaluation: Evaluation,
}

/// A stored receipt as it is answered.
#[derive(utoipa::ToSchema, Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// The till's shift.
    pub shift: String,
    /// The number in the shift.
    pub number: String,
    /// Points that the member has active afterwards.
    pub balance: Option<Points>,
    /// The judgement.
    #[serde(flatten)]
    pub quote: Quote,
}

/// A commit's answer.
#[derive(Debug, Clone)]
pub struct Committed {
    /// JSON of [`Receipt`], byte for byte the same for each repeat.
    pub answer: String,
    /// Whether the receipt was stored before.
    pub repeated: bool,
}

struct Judged {
    rules: Rules,
    shown: Option<Shown>,
    tier: String,
    at: Instant,
    evaluation: Evaluation,
}

async fn judge(k: &Kopilka, tx: &mut Tx, at_till: &AtTill, draft: &Draft) -> Result<Judged, Error> {
    let now = k.now();
    let at = draft.at.unwrap_or(now);
    if at > now.plus_secs(AHEAD_SECONDS) {
        return Err(Refusal::ReceiptAhead.into());
    }
    if at < now.plus_days(-OLDEST_DAYS) {
        return Err(Refusal::ReceiptTooOld.into());
    }
    if at_till.till.store_status == "waiting" {
        return Err(Refusal::StoreWaiting.into());
    }
    check(&draft.lines).map_err(|faults| {
        Error::Invalid(
            faults
                .into_iter()
                .map(|fault| Problem::new(fault.field, fault.key()).with("line", fault.line))
                .collect(),
        )
    })?;
    let shown = match (&draft.visit, &draft.code) {
        (Some(token), _) => Some(visit(tx, at_till, token, now).await?),
        (None, Some(code)) => Some(resolve(tx, code, at).await?),
        (None, None) => None,
    };
    let rules = k.rules_at(tx, at).await?;
    let basket = Basket {
        store: at_till.till.store_code.clone(),
        at,
        lines: draft.lines.clone(),
    };
    let (facts, wallet) = match &shown {
        None => (None, Wallet::default()),
        Some(shown) => {
            let allowed = shown.scheme.allows(&rules);
            let balance = balance_of(tx, shown.member, now).await?;
            let wallet = Wallet {
                available: balance.active,
                may_earn: allowed.earn,
                may_spend: allowed.spend,
            };
            (Some(facts(tx, shown.member, &rules, at).await?), wallet)
        }
    };
    if draft.spend != Spend::None && !wallet.may_spend {
        return Err(Refusal::CannotSpend.into());
    }
    let evaluation = evaluate(
        &rules.programme,
        &basket,
        facts.as_ref(),
        wallet,
        draft.spend,
    )
    .map_err(|too_many| Refusal::TooManyPoints {
        spendable: too_many.spendable,
    })?;
    Ok(Judged {
        tier: facts.map(|facts| facts.tier).unwrap_or_default(),
        rules,
        shown,
        at,
        evaluation,
    })
}

/// What the receipt would earn and cost; stores nothing and can be repeated.
///
/// # Errors
/// [`Error::Invalid`] for wrong lines; the [`Refusal`] of the visit, the code, the time or the spending.
pub async fn quote(k: &Kopilka, at_till: &AtTill, draft: &Draft) -> Result<Quote, Error> {
    let mut tx = k.db.read().await?;
    let judged = judge(k, &mut tx, at_till, draft).await?;
    Ok(Quote {
        programme_version: judged.rules.version,
        evaluation: judged.evaluation,
    })
}

/// Stores the receipt under the key, or answers what the key was answered before.
///
/// # Errors
/// As [`quote`]; [`Refusal::KeyMissing`], [`Refusal::KeyMalformed`], [`Refusal::KeyReused`] when the body differs,
/// [`Refusal::ReceiptExists`] when another key has stored the same receipt, [`Refusal::CodeAlreadySpent`].
pub async fn commit(
    k: &Kopilka,
    at_till: &AtTill,
    draft: &Draft,
    key: &str,
    body_hash: Vec<u8>,
) -> Result<Committed, Error> {
    check_key(key)?;
    let now = k.now();
    let till = at_till.till.id;
    let mut tx = k.db.write().await?;
    if let Some(known) = receipts::answer(&mut tx, till, key).await? {
        if known.body_hash != body_hash {
            return Err(Refusal::KeyReused.into());
        }
        return Ok(Committed {
            answer: known.answer,
            repeated: true,
        });
    }
    let (shift, number) = identity(k, &mut tx, at_till, draft).await?;
    if let Some(receipt) = receipts::by_identity(&mut tx, till, &shift, &number, "sale").await? {
        return Err(Refusal::ReceiptExists { receipt }.into());
    }
    let judged = judge(k, &mut tx, at_till, draft).await?;
    let id = ReceiptId::new();
    let row = ReceiptRow {
        id,
        store_id: at_till.till.store_id,
        till_id: till,
        kind: "sale".to_owned(),
        shift: shift.clone(),
        number: number.clone(),
        at: judged.at.0,
        received_at: now.0,
        member_id: judged.shown.map(|shown| shown.member),
        staff_id: at_till.staff,
        programme_version: judged.rules.version,
        tier: judged.tier.clone(),
        total: judged.evaluation.total.0,
        discount: judged.evaluation.discount.0,
        paid_by_points: judged.evaluation.paid_by_points.0,
        evaluation: serde_json::to_string(&judged.evaluation)?,
    };
    receipts::insert(&mut tx, &row, &draft.lines, &judged.evaluation.lines).await?;
    let mut balance = None;
    if let Some(shown) = &judged.shown {
        move_points(&mut tx, &judged, shown, id, now).await?;
        balance = Some(balance_of(&mut tx, shown.member, now).await?.active);
    }
    let receipt = Receipt {
        id,
        shift,
        number,
        balance,
        quote: Quote {
            programme_version: judged.rules.version,
            evaluation: judged.evaluation,
        },
    };
    let answer = AnswerRow {
        body_hash,
        receipt_id: id,
        answer: serde_json::to_string(&receipt)?,
    };
    receipts::store_answer(&mut tx, till, key, &answer, now).await?;
    tx.commit().await?;
    if let Some(shown) = judged.shown {
        k.announce(shown.member);
    }
    Ok(Committed {
        answer: answer.answer,
        repeated: false,
    })
}

/// A key is 1 to 255 visible ASCII characters.
fn check_key(key: &str) -> Result<(), Refusal> {
    if key.is_empty() {
        return Err(Refusal::KeyMissing);
    }
    if key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Refusal::KeyMalformed);
    }
    Ok(())
}

/// The receipt's own identity: as the till says, or the till's day and the next number.
async fn identity(
    k: &Kopilka,
    tx: &mut Tx,
    at_till: &AtTill,
    draft: &Draft,
) -> Result<(String, String), Error> {
    for (field, text) in [("shift", &draft.shift), ("number", &draft.number)] {
        let plain = |text: &String| {
            (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control)
        };
        if text.as_ref().is_some_and(|text| !plain(text)) {
            return Err(Error::field(field, "receipt-identity"));
        }
    }
    let shift = match &draft.shift {
        Some(shift) => shift.clone(),
        None => {
            let rules = k.rules(tx).await?;
            local_date(k.now(), rules.programme.time_zone).to_string()
        }
    };
    let number = match &draft.number {
        Some(number) => number.clone(),
        None => (receipts::count_in_shift(tx, at_till.till.id, &shift).await? + 1).to_string(),
    };
    Ok((shift, number))
}

/// Spends, earns, counts offers, promises gifts and lifts the tier: all that a stored receipt does to its member.
async fn move_points(
    tx: &mut Tx,
    judged: &Judged,
    shown: &Shown,
    receipt: ReceiptId,
    now: Instant,
) -> Result<(), Error> {
    let member = shown.member;
    let evaluation = &judged.evaluation;
    let posting = Posting {
        member,
        rules: &judged.rules,
        at: now,
        receipt: Some(receipt),
    };
    posting.catch_up(tx).await?;
    if evaluation.spent > Points(0) {
        if let Some((device, step)) = shown.code {
            receipts::spend_code(tx, device, step, member, receipt)
                .await
                .map_err(|error| match error {
                    StoreError::Duplicate => Error::from(Refusal::CodeAlreadySpent),
                    other => other.into(),
                })?;
        }
        let reason = Reason::Spend {
            points: evaluation.spent,
            money: evaluation.paid_by_points,
            total: Money(evaluation.total.0 - evaluation.discount.0),
        };
        posting.spend(tx, evaluation.spent, reason).await?;
    }
    let reasons: Vec<(Points, Reason)> = evaluation
        .reasons
        .iter()
        .map(|part| (part.points, part.reason.clone()))
        .collect();
    let hold = judged.rules.programme.points.hold_days;
    posting.earn(tx, evaluation.earned, hold, &reasons).await?;
    for used in &evaluation.offers_used {
        let offer = used.offer.as_str();
        offers::use_offer(tx, receipt, member, offer, used.points, used.discount, now).await?;
        // A tapped offer is used up by its receipt: the next one takes another tap.
        offers::undo(tx, member, offer).await?;
        if let Some(gift) = &used.gift {
            offers::grant(tx, member, offer, gift, receipt, now).await?;
        }
    }
    lift_tier(tx, &judged.rules, member, now).await
}

/// Moves a member up at once when the threshold is passed.
async fn lift_tier(
    tx: &mut Tx,
    rules: &Rules,
    member: MemberId,
    now: Instant,
) -> Result<(), Error> {
    let account = ledger::account(tx, member).await?;
    let measured = measured(tx, member, rules, now).await?;
    if let Some(tier) = upgraded(&rules.programme, &account.tier, measured) {
        ledger::set_tier(tx, member, &tier.id, now).await?;
    }
    Ok(())
}

/// A receipt stored by this till, as it was answered.
///
/// # Errors
/// [`Refusal::NotFound`], also for another store's.
pub async fn stored(k: &Kopilka, at_till: &AtTill, id: ReceiptId) -> Result<Receipt, Error> {
    let mut tx = k.db.read().await?;
    let row = receipts::by_id(&mut tx, id)
        .await?
        .filter(|row| row.store_id == at_till.till.store_id)
        .ok_or(Refusal::NotFound)?;
    Ok(Receipt {
        id,
        shift: row.shift,
        number: row.number,
        balance: None,
        quote: Quote {
            programme_version: row.programme_version,
            evaluation: serde_json::from_str(&row.evaluation)?,
        },
    })
}
