//! Question that a till asks the owner: shown at once on the open card, with its seconds counted down, and gone when it is
//! over or answered on another device. The form comes finished from the server.

use kopilka_browser::{device_clock, page};

/// The question's place on every page of the wallet.
const PLACE: &str = "#question";

/// Shows the question of this id in place of another; none where it is empty.
pub async fn follow_question(id: String) {
    if shown_question() != id {
        take_over().await;
    }
    // Each piece of news comes here, and one of them counts.
    let counted =
        page::find_element(PLACE).is_some_and(|place| place.has_attribute("data-counted"));
    if id.is_empty() || counted {
        return;
    }
    page::set_attribute(PLACE, "data-counted", "");
    while shown_question() == id {
        device_clock::sleep(1_000).await;
        let left = page::find_element("[data-left]").and_then(|left| left.text_content());
        match left.and_then(|left| left.parse::<i32>().ok()) {
            Some(left) if left > 1 => page::write_text("[data-left]", &(left - 1).to_string()),
            _ => return take_over().await,
        }
    }
}

fn shown_question() -> String {
    page::find_element(PLACE)
        .and_then(|place| place.get_attribute("data-question"))
        .unwrap_or_default()
}

async fn take_over() {
    if let Some(news) = page::fetch_document("/card").await {
        page::take_over(PLACE, &news);
    }
}
