//! Lines that an offer of a stored sale is for: asked again when a part of the sale goes back.

use super::sale::SaleEvaluator;
use crate::domain::offers::{MatchedLines, Offer, ReceiptGoods, match_lines};
use crate::domain::programme::Programme;
use crate::domain::receipt::Basket;

/// Returns which lines an offer is for. `None` = its conditions about time, store and goods don't hold for this basket.
pub(in crate::domain) fn reached_lines(
    programme: &Programme,
    basket: &Basket,
    offer: &Offer,
) -> Option<Vec<bool>> {
    let goods = ReceiptGoods::of(&basket.lines, &programme.exclusions);
    let reach = match_lines(offer, basket, &goods).ok()?;
    Some(match reach {
        MatchedLines::All => vec![true; basket.lines.len()],
        MatchedLines::Some(places) => {
            let mut reached = vec![false; basket.lines.len()];
            for place in places {
                if let Some(line) = reached.get_mut(place) {
                    *line = true;
                }
            }
            reached
        }
    })
}

/// Returns on which lines an offer gives points, or the tier where there is no offer. `None` as in [`reached_lines`].
pub(in crate::domain) fn earning_lines(
    programme: &Programme,
    basket: &Basket,
    offer: Option<&Offer>,
) -> Option<Vec<bool>> {
    let mut lines = SaleEvaluator::new(programme, &basket.lines).earning_lines(offer);
    if let Some(offer) = offer {
        let reached = reached_lines(programme, basket, offer)?;
        for (earns, reached) in lines.iter_mut().zip(reached) {
            *earns &= reached;
        }
    }
    Some(lines)
}
