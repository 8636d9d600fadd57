//! The list of sales on this device, where the page has one: what waits, and what was refused, with what can be done about
//! it. None is dropped: what is put aside is on the server before it leaves the device.

use kopilka_browser::page;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::offline_sale::OfflineSale;
use super::{listen_on_page, offline_sales, result_bar, server_calls, server_link};

/// Does what the buttons of the rows say.
pub fn listen() {
    listen_on_page("click", |event: Event| {
        let Some(button) =
            result_bar::target(&event).and_then(|at| at.closest("[data-act]").ok()?)
        else {
            return;
        };
        let row = button.closest("[data-name]").ok().flatten();
        let name = row.and_then(|row| row.get_attribute("data-name"));
        let act = button.get_attribute("data-act");
        if let (Some(name), Some(act)) = (name, act) {
            spawn_local(async move {
                act_on_sale(&name, &act).await;
            });
        }
    });
}

async fn act_on_sale(name: &str, act: &str) -> Option<()> {
    let sales = offline_sales::all_sales().await;
    let sale = sales.iter().find(|sale| sale.get_word("name") == name)?;
    if act == "aside" {
        let stored = server_calls::put_sale_aside(sale).await;
        if stored {
            offline_sales::forget_sale(sale).await;
        }
        let fault = page::find_element("#queue-fault")?;
        if stored {
            drop(fault.set_attribute("hidden", ""));
            // The list of what was put aside is the server's.
            drop(web_sys::window()?.location().reload());
        } else {
            drop(fault.remove_attribute("hidden"));
        }
        return Some(());
    }
    if act == "no-card" {
        sale.set_form_fields(
            &sale
                .form_fields()
                .without_fields(&["visit", "code", "answered"]),
        );
    }
    sale.set_word("state", "waiting");
    offline_sales::keep_sale(sale).await;
    result_bar::refresh_bar().await;
    server_link::send_soon();
    Some(())
}

/// Shows these sales.
pub fn show_sales(sales: &[OfflineSale]) -> Option<()> {
    let list = page::find_element("#queue-list")?;
    for row in page::find_all("#queue-list [data-name]") {
        row.remove();
    }
    let none = page::find_element("#queue-none")?;
    if sales.is_empty() {
        drop(none.remove_attribute("hidden"));
    } else {
        drop(none.set_attribute("hidden", ""));
    }
    let pattern = list.first_element_child()?;
    for sale in sales {
        let row: Element = pattern.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        drop(row.remove_attribute("hidden"));
        drop(row.set_attribute("data-name", &sale.get_word("name")));
        let word = |name: &str| list.get_attribute(name).unwrap_or_default();
        let state = sale.get_word("state");
        let words = match state.as_str() {
            "refused" => sale.get_word("words"),
            "parked" => word("data-parked"),
            _ => word("data-waits"),
        };
        write_cell(&row, "strong", &sale.fill_sentence(&word("data-row")));
        write_cell(&row, "p", &words);
        if state != "refused" {
            row.query_selector(".actions").ok()??.remove();
        } else if sale.get_word("without_card").is_empty() {
            row.query_selector("[data-act=no-card]").ok()??.remove();
        }
        list.append_child(&row).ok()?;
    }
    Some(())
}

fn write_cell(row: &Element, selector: &str, words: &str) {
    if let Ok(Some(line)) = row.query_selector(selector) {
        line.set_text_content(Some(words));
    }
}
