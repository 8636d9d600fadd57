//! The card on paper: the fixed code, the barcode and the number, for a purse or for someone without a phone.

use kopilka_core::usecases::wallet::card::{self, WalletCardView};
use leptos::prelude::*;

use crate::api::Visitor;
use crate::components::card_tile::qr_image;
use crate::components::ean::{EanCode, group_digits};
use crate::components::{Head, Icon, Solo, code, page_loading};

/// The printable card.
#[component]
pub fn CardPrint() -> impl IntoView {
    page_loading::load_for_shopper(|visitor, shopper| async move {
        let card = card::load_card(&visitor.kopilka, &shopper).await?;
        Ok(print_page(&visitor, card))
    })
}

fn print_page(visitor: &Visitor, card: WalletCardView) -> AnyView {
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
                    <b>{texts.pick_language(&card.programme)}</b>
                </p>
                <div class="tile">{qr_image(texts.get("card-fixed-label"), code::path(&card.fixed))}</div>
                <p class="digits">{card.number.grouped()}</p>
                <div class="tile" data-view="ean">
                    <EanCode texts ean=card.ean.clone() />
                </div>
                <p>{group_digits(&card.ean)}</p>
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
