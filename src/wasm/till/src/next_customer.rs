//! The next customer: once a sale is kept on this device, or an answer of the server is missing, whoever was served is done
//! with. The server may not know it yet, so its page is asked for by an address that shows nobody.

use kopilka_browser::{get_property, page};
use web_sys::Event;

use super::browser_memory::BrowserMemory;
use super::page_history::replace_address;
use super::{listen_on_page, page_facts, remembered_draft};

/// Key under which it is remembered that the customer is done with.
const NEXT: &str = "till-next";
/// The visit that this tab has shown last.
const VISIT: &str = "till-visit";
/// The visit that was done with last, for every tab of this device: they share the cookie that names it.
const OVER: &str = "till-visit-over";
/// The till's page with nobody on it.
const NOBODY: &str = "/till?next";

/// Remembers that whoever was served is done with.
pub fn mark_served() {
    BrowserMemory::Tab.write_value(NEXT, "yes");
    if let Some(visit) = BrowserMemory::Tab.read_value(VISIT) {
        BrowserMemory::Device.write_value(OVER, &visit);
    }
    lead_on();
}

/// Address of the till's page: with nobody on it where the last customer is done with.
pub fn address() -> &'static str {
    if BrowserMemory::Tab.read_value(NEXT).is_some() {
        NOBODY
    } else {
        "/till"
    }
}

/// Returns whether a customer is on this page, whose receipt is not another one's.
pub fn is_serving() -> bool {
    !visit_on_page().is_empty() && page::find_element("section.scan").is_none()
}

/// Token of the visit that the page's receipt is for; empty: none.
fn visit_on_page() -> String {
    page::find_element("#receipt [name=visit]")
        .and_then(|field| get_property(&field, "value")?.as_string())
        .unwrap_or_default()
}

/// Has every way from the page that stands in for the till's lead to the till itself: its links, and a reload, whatever form
/// the page stands in for.
pub fn lead_on() {
    if !page_facts::is_kept_page() {
        return;
    }
    for link in page::find_all("#offline-again, .top .brand") {
        drop(link.set_attribute("href", address()));
    }
    let path = web_sys::window().and_then(|window| window.location().pathname().ok());
    if path.as_deref() != Some("/till/offline") {
        replace_address(address());
    }
}

/// Leaves a page that shows a customer who is done with; forgets it once the server has shown nobody.
pub fn begin_page() {
    if page_facts::is_kept_page() {
        return;
    }
    let visit = visit_on_page();
    if !visit.is_empty() {
        BrowserMemory::Tab.write_value(VISIT, &visit);
    }
    let Some(window) = web_sys::window() else {
        return;
    };
    let location = window.location();
    if location.pathname().as_deref() != Ok("/till") || page_facts::bar_attribute("till").is_empty()
    {
        return;
    }
    // The answer to a form stays: it may be the receipt of this customer that was brought back.
    if page_facts::answers_form() {
        return;
    }
    let is_over =
        !visit.is_empty() && BrowserMemory::Device.read_value(OVER).as_deref() == Some(&visit);
    let search = location.search().unwrap_or_default();
    if search == "?lost" {
        // The server is there after all.
        return replace_address("/till");
    }
    let result = result_in(&search);
    if search == "?next" || search.starts_with("?next&") {
        BrowserMemory::Tab.forget_value(NEXT);
        // A reload is about whoever is served by then.
        replace_address(
            &result.map_or_else(|| "/till".to_owned(), |result| format!("/till?{result}")),
        );
    } else if BrowserMemory::Tab.read_value(NEXT).is_some() || is_over {
        // The result of what was just done is not lost with the customer.
        let address =
            result.map_or_else(|| NOBODY.to_owned(), |result| format!("{NOBODY}&{result}"));
        drop(location.replace(&address));
    }
}

/// Leaves the page once another tab is done with the customer on it, unless a receipt was begun here.
pub fn follow_others() {
    listen_on_page("storage", |event: Event| {
        let is_over = get_property(&event, "key").is_some_and(|key| key == OVER);
        let visit = visit_on_page();
        if is_over
            && !visit.is_empty()
            && BrowserMemory::Device.read_value(OVER).as_deref() == Some(&visit)
            && remembered_draft::is_blank_on_page()
            && let Some(window) = web_sys::window()
        {
            drop(window.location().replace(NOBODY));
        }
    });
}

/// Returns the parameter of an address by which the till shows a result.
fn result_in(search: &str) -> Option<&str> {
    let mut parameters = search.trim_start_matches('?').split('&');
    parameters.find(|each| each.starts_with("done=") || each.starts_with("returned="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_goes_along_when_a_customer_is_left() {
        assert_eq!(result_in("?returned=7"), Some("returned=7"));
        assert_eq!(result_in("?next&done=7"), Some("done=7"));
        assert_eq!(result_in("?next"), None);
        assert_eq!(result_in(""), None);
    }
}
