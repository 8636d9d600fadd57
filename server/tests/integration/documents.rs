//! The document around each page, and which page an address has.

use crate::support::Demo;
use crate::support::browser::Browser;

#[test]
fn every_document_is_whole_and_has_a_title() {
    let demo = Demo::start();
    let mut guest = Browser::new(&demo);
    for path in [
        "/",
        "/join",
        "/sign-in",
        "/help",
        "/rules",
        "/privacy",
        "/offline",
        "/nowhere",
        "/till",
        "/till/offline",
    ] {
        let page = guest.get(path).text;
        assert!(
            page.starts_with("<!DOCTYPE html><html lang=\"ru\""),
            "{path}"
        );
        assert!(page.ends_with("</body></html>"), "{path}");
        assert_eq!(page.matches("<title>").count(), 1, "{path}");
        assert!(!page.contains("<title></title>"), "{path}");
        let at_till = page.contains("<body class=\"till\">");
        assert_eq!(at_till, path.starts_with("/till"), "{path}");
    }
}

#[test]
fn an_address_has_one_page() {
    let demo = Demo::start();
    let mut guest = Browser::new(&demo);
    let heading = |page: &str| {
        let (_, rest) = page.split_once("<h1>").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    let help = guest.get("/help");
    for same in ["/help/", "/help?a=1", "/help/?a=1"] {
        let page = guest.get(same);
        assert_eq!(
            (page.status, heading(&page.text)),
            (200, heading(&help.text)),
            "{same}"
        );
    }
    assert_eq!(guest.get("/points/1").location, "/sign-in");
    for wrong in [
        "/help/me",
        "/helpless",
        "//help",
        "/points/1/2",
        "/card/prints",
        "/Help",
    ] {
        assert_eq!(guest.get(wrong).status, 404, "{wrong}");
    }
    let mut member = Browser::new(&demo);
    member.join("Анна");
    for wrong in ["/points/1", "/points/%2f"] {
        assert_eq!(member.get(wrong).status, 404, "{wrong}");
    }
}

#[test]
fn words_of_an_address_are_decoded_once() {
    let demo = Demo::start();
    let page = Browser::new(&demo).get("/join?from=a+b%2541%22%3C&store=first&store=last");
    assert!(
        page.text
            .contains("name=\"from\" value=\"a b%41&quot;&lt;\""),
        "{}",
        page.text
    );
    assert!(page.text.contains("name=\"store\" value=\"last\""));
}
