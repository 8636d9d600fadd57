//! Judgement of the sale that a return belongs to.

use crate::domain::evaluate::{Evaluation, MemberWallet, OfferEligibility};
use crate::domain::returns::SaleJudgement;
use crate::service::ProgrammeRules;
use crate::store::Tx;
use crate::store::json;
use crate::store::receipts::StoredReceiptRow;
use crate::usecases::Error;
use crate::usecases::loyalty::member_snapshot::load_member_facts;

/// Returns how the sale was judged; of a sale from before that was kept, as nearly as can be told now.
pub(super) async fn judgement_of(
    tx: &mut Tx,
    sale: &StoredReceiptRow,
    stored: &Evaluation,
    rules: &ProgrammeRules,
) -> Result<SaleJudgement, Error> {
    if !sale.judgement.is_empty() {
        return Ok(json::from_column(&sale.judgement)?);
    }
    let Some(member) = sale.member_id else {
        return Ok(SaleJudgement::default());
    };
    let at = sale.at;
    let mut facts = load_member_facts(tx, member, rules, at).await?;
    // The sale itself is stored by now.
    facts.bought_later = false;
    facts.tier.clone_from(&sale.tier);
    facts.activated = stored
        .offers_used
        .iter()
        .map(|used| used.offer.clone())
        .collect();
    for used in &stored.offers_used {
        facts.uses.remove(&used.offer);
    }
    let zone = rules.programme.time_zone;
    Ok(SaleJudgement {
        zone: None,
        standing: Some(
            OfferEligibility::of_member(&rules.programme, &facts, at, zone).only_open_offers(),
        ),
        wallet: MemberWallet {
            available: stored.spent,
            may_earn: stored.earned.is_positive(),
            may_spend: stored.spent.is_positive(),
        },
        claimed: false,
    })
}
