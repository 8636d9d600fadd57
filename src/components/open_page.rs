//! The frame of pages that guests and members both read: members keep their card and navigation beside it.

use kopilka_core::usecases::Error;
use kopilka_core::usecases::wallet::card::{self, CardFaceView};
use leptos::prelude::*;

use super::{Head, Solo, Wallet, WalletSection};
use crate::api::Visitor;
use crate::text::Texts;

/// The card of whoever reads the page; none for a guest.
///
/// # Errors
/// As [`card::load_card_face`].
pub async fn card_beside(visitor: &Visitor) -> Result<Option<CardFaceView>, Error> {
    match &visitor.shopper {
        Some(shopper) => card::load_card_face(&visitor.kopilka, shopper)
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// A page for everybody, with its heading.
#[component]
pub fn OpenPage(
    /// Words in the language of the page.
    texts: Texts,
    /// The page's name.
    #[prop(into)]
    title: String,
    /// A sentence under it.
    #[prop(optional, into)]
    lead: String,
    /// The reader's card, from [`card_beside`].
    card: Option<CardFaceView>,
    /// Content of the page.
    children: Children,
) -> impl IntoView {
    match card {
        Some(card) => {
            let back = ("/profile", texts.get("nav-me"));
            view! {
                <Wallet texts title=title.clone() section=WalletSection::Me card>
                    <Head title lead back />
                    {children()}
                </Wallet>
            }
            .into_any()
        }
        None => view! {
            <Solo title=title.clone()>
                <Head title lead />
                {children()}
            </Solo>
        }
        .into_any(),
    }
}
