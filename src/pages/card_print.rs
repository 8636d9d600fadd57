//! The card on paper: the fixed code, the barcode and the number, for a purse or for someone without a phone.

use kopilka_core::usecases::card::{self, CardView};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::card_tile::qr;
use crate::components::ean::{EanCode, grouped};
use crate::components::{Head, Icon, Solo, code, guard};

/// The printable card.
#[component]
pub fn CardPrint() -> impl IntoView {
    guard::load_for_shopper(|visitor, shopper| async move {
        let card = card::view(&visitor.kopilka, &shopper).await?;
        Ok(page(&visitor, card))
    })
}

fn page(visitor: &Visitor, card: CardView) -> AnyView {
    let texts = visitor.texts();
    let title = texts.get("card-print");
    let back = ("/card", texts.get("card-back"));
    view! {
        <Solo title=title.clone()>
            <div class="no-print">
                <Head title lead=texts.get("card-print-lead") back />
            </div>
            <section class="paper" aria-label=texts.get("nav-card")>
                <p>
                    <b>{texts.pick(&card.programme)}</b>
                </p>
                <div class="tile">{qr(texts.get("card-fixed-label"), code::path(&card.fixed))}</div>
                <p class="digits">{card.number.grouped()}</p>
                <div class="tile" data-view="ean">
                    <EanCode ean=card.ean.clone() />
                </div>
                <p>{grouped(&card.ean)}</p>
                <p>{card.first_name.clone()}</p>
            </section>
            <p class="no-print script">
                <button class="btn" type="button" data-print="">
                    <Icon name="printer" />
                    {texts.get("card-print-now")}
                </button>
            </p>
            <p class="no-print no-script">{texts.get("card-print-by-hand")}</p>
        </Solo>
    }
    .into_any()
}
