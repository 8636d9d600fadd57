//! The list of sales on this device, where the page has one: what waits, and what was refused, with what can be done about
//! it. None is dropped: what is put aside is on the server before it leaves the device.

use kopilka_browser::page;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

use super::sale::Sale;
use super::{bar, kept, link, on, wire};

/// Does what the buttons of the rows say.
pub fn listen() {
    on("click", |event: Event| {
        let Some(button) = bar::target(&event).and_then(|at| at.closest("[data-act]").ok()?) else {
            return;
        };
        let row = button.closest("[data-name]").ok().flatten();
        let name = row.and_then(|row| row.get_attribute("data-name"));
        let act = button.get_attribute("data-act");
        if let (Some(name), Some(act)) = (name, act) {
            spawn_local(async move {
                decide(&name, &act).await;
            });
        }
    });
}

async fn decide(name: &str, act: &str) -> Option<()> {
    let sales = kept::all().await;
    let sale = sales.iter().find(|sale| sale.word("name") == name)?;
    if act == "aside" {
        let stored = wire::put_aside(sale).await;
        if stored {
            kept::forget(sale).await;
        }
        let fault = page::find("#queue-fault")?;
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
        sale.set_form(&sale.form().without(&["visit", "code", "answered"]));
    }
    sale.set("state", "waiting");
    kept::keep(sale).await;
    bar::refresh().await;
    link::send_soon();
    Some(())
}

/// Shows these sales.
pub fn show(sales: &[Sale]) -> Option<()> {
    let list = page::find("#queue-list")?;
    for row in page::all("#queue-list [data-name]") {
        row.remove();
    }
    let none = page::find("#queue-none")?;
    if sales.is_empty() {
        drop(none.remove_attribute("hidden"));
    } else {
        drop(none.set_attribute("hidden", ""));
    }
    let pattern = list.first_element_child()?;
    for sale in sales {
        let row: Element = pattern.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        drop(row.remove_attribute("hidden"));
        drop(row.set_attribute("data-name", &sale.word("name")));
        let word = |name: &str| list.get_attribute(name).unwrap_or_default();
        let state = sale.word("state");
        let words = match state.as_str() {
            "refused" => sale.word("words"),
            "parked" => word("data-parked"),
            _ => word("data-waits"),
        };
        write(&row, "strong", &sale.tell(&word("data-row")));
        write(&row, "p", &words);
        if state != "refused" {
            row.query_selector(".actions").ok()??.remove();
        } else if sale.word("without_card").is_empty() {
            row.query_selector("[data-act=no-card]").ok()??.remove();
        }
        list.append_child(&row).ok()?;
    }
    Some(())
}

fn write(row: &Element, selector: &str, words: &str) {
    if let Ok(Some(line)) = row.query_selector(selector) {
        line.set_text_content(Some(words));
    }
}
