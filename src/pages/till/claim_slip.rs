//! The claim code of a sale without a card: large enough to be read aloud, as a code for the shopper's phone, and on a slip of
//! 80 mm.

use std::sync::Arc;

use kopilka_core::domain::programme::Programme;
use kopilka_core::usecases::checkout::receipts::IssuedClaimCode;
use leptos::prelude::*;

use crate::components::{Icon, LinkCode};
use crate::text::{Texts, format};

/// The slip of a receipt.
#[component]
pub fn ClaimSlip(
    /// Words in the language of the page.
    texts: Texts,
    /// The programme in force.
    programme: Arc<Programme>,
    /// The code.
    claim: IssuedClaimCode,
    /// Number of the receipt.
    number: String,
) -> impl IntoView {
    let chain = texts.pick_language(&programme.name);
    let zone = programme.time_zone;
    let until = format::format_day(claim.expires, zone, texts.language());
    let until = ("until", until.into());
    let hint = match &claim.link {
        Some(link) => {
            let address = link.split('?').next().unwrap_or_default();
            let address = address.split("://").last().unwrap_or_default().to_owned();
            texts.with_values("till-claim-hint", &[("address", address.into()), until])
        }
        None => texts.with_values("till-claim-hint-code", &[until]),
    };
    view! {
        <section class="slip" aria-labelledby="claim-h">
            <p class="slip-chain">
                <b>{chain}</b>
                <span>{texts.with_values("till-receipt-number", &[("number", number.into())])}</span>
            </p>
            <h3 id="claim-h">{texts.get("till-claim")}</h3>
            <p class="slip-code" translate="no">
                {claim.code.clone()}
            </p>
            {claim
                .link
                .map(|link| view! { <LinkCode link label=texts.get("till-claim-code") /> })}
            <p class="meta">{hint}</p>
            <p class="no-print script">
                <button class="btn quiet" type="button" data-print="">
                    <Icon name="printer" />
                    {texts.get("card-print-now")}
                </button>
            </p>
        </section>
    }
    .into_any()
}
