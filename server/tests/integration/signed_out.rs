//! Forms of a till that come after the sign-in has ended.

use super::till_access::{UNFINISHED, come_in, id_of, paired, said};
use crate::support::Demo;

#[test]
fn a_receipt_that_was_sent_after_the_sign_in_had_ended_is_there_again_after_it() {
    let demo = Demo::start();
    let mut browser = paired(&demo);
    come_in(&mut browser, "Ольга", "2580");
    said(&demo, &["staff", "end-sessions", "kassir"]);
    let posted = browser.post("till/post", &[("key", "1"), ("amount", "321,50")]);
    assert!(
        posted.location.starts_with(UNFINISHED),
        "{}",
        posted.location
    );
    let words = "Вход закончился, поэтому ничего не сохранено";
    let door = browser.get(&posted.location).text;
    assert!(door.contains(words) && !door.contains("321,50"), "{door}");
    let who = id_of(&door, "Ольга");
    let next = posted.location.as_str();
    // A wrong PIN is said, and the receipt waits on.
    let wrong = browser.post(
        "till/unlock",
        &[("who", &who), ("pin", "0000"), ("next", next)],
    );
    assert!(wrong.location.starts_with(next) && wrong.location != next);
    let door = browser.get(&wrong.location).text;
    assert!(door.contains(&format!("value=\"{next}\"")), "{door}");
    let right = [("who", who.as_str()), ("pin", "2580"), ("next", next)];
    assert_eq!(browser.accept("till/unlock", &right), next);
    let page = browser.get(next).text;
    assert!(page.contains(words) && page.contains("321,50"), "{page}");
}
