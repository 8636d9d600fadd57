//! Corrections by hand from the command line: who may make them, which wait for a second person, and one account joined to
//! another.

use std::process::Output;

use crate::support::Demo;
use crate::support::browser::Browser;
use serde_json::json;

/// Login and password of somebody of staff.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StaffLogin {
    pub login: &'static str,
    pub password: &'static str,
}

impl StaffLogin {
    const fn new(login: &'static str, password: &'static str) -> Self {
        Self { login, password }
    }
}

/// The demo's administrator.
pub(crate) const ADMIN: StaffLogin = StaffLogin::new("admin", "admin-of-the-demo");
/// A support person whom the tests add.
pub(crate) const SUPPORT: StaffLogin = StaffLogin::new("masha", "masha-password");

/// Runs `kopilka points` as somebody.
pub(crate) fn points_as(demo: &Demo, who: StaffLogin, words: &[&str]) -> Output {
    let args = [&["points"][..], words, &["--author", who.login]].concat();
    demo.tell(&args, &format!("{}\n", who.password))
}

/// What a command that did its work printed.
pub(crate) fn done(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command that was refused said.
pub(crate) fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    text
}

fn adjust(demo: &Demo, who: StaffLogin, card: &str, points: &str) -> Output {
    let words = ["adjust", card, points, "--reason", "Спор о чеке"];
    points_as(demo, who, &words)
}

/// The id of a correction that has to wait.
fn waits(demo: &Demo, who: StaffLogin, card: &str, points: &str) -> String {
    let said = done(&adjust(demo, who, card, points));
    let (head, id) = said.trim_end().rsplit_once(' ').unwrap();
    assert_eq!(
        head,
        match points {
            "1" | "-1" =>
                format!("{points} point waits for a second person: kopilka points approve"),
            _ => format!("{points} points wait for a second person: kopilka points approve"),
        }
    );
    id.to_owned()
}

fn waiting(demo: &Demo) -> String {
    done(&demo.run(&["points", "waiting"]))
}

/// A demo with a support person beside its administrator.
pub(crate) fn staffed() -> Demo {
    let demo = Demo::start();
    let StaffLogin { login, password } = SUPPORT;
    let add = ["staff", "add", login, "--name", "Маша", "--role", "support"];
    done(&demo.tell(&add, &format!("{password}\n")));
    demo
}

/// The number of a new member's card.
fn card(demo: &Demo, name: &str) -> String {
    let mut shopper = Browser::new(demo);
    shopper.join(name);
    shopper.key().number
}

fn look_up(demo: &Demo, card: &str) -> crate::support::Answer {
    demo.pos(
        "members/lookup",
        None,
        &json!({"code": format!("70{card}")}),
    )
}

/// Points that are active.
fn balance(demo: &Demo, card: &str) -> i64 {
    let found = look_up(demo, card);
    assert_eq!(found.status, 200, "{}", found.text);
    found.json()["points"].as_i64().unwrap()
}

fn grouped(card: &str) -> String {
    [&card[..4], &card[4..8], &card[8..12], &card[12..]].join(" ")
}

#[test]
fn a_small_correction_is_applied_at_once() {
    let demo = staffed();
    let card = card(&demo, "Анна");
    let before = balance(&demo, &card);
    let given = adjust(&demo, SUPPORT, &card, "100");
    assert_eq!(done(&given), "100 points moved\n");
    assert_eq!(balance(&demo, &card), before + 100);
    // As it stands on the card.
    let taken = adjust(&demo, ADMIN, &grouped(&card), "-40");
    assert_eq!(done(&taken), "-40 points moved\n");
    assert_eq!(balance(&demo, &card), before + 60);
    assert_eq!(waiting(&demo), "");
    assert!(demo.check().status.success());
}

#[test]
fn a_large_correction_waits_for_a_second_person() {
    let demo = staffed();
    let card = card(&demo, "Анна");
    let before = balance(&demo, &card);
    let id = waits(&demo, ADMIN, &card, "1500");
    assert_eq!(balance(&demo, &card), before);
    let listed = waiting(&demo);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    for part in [
        id.as_str(),
        &grouped(&card),
        "admin",
        "+1500",
        "Спор о чеке",
    ] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let approve = ["approve", id.as_str()];
    let own = refused(&points_as(&demo, ADMIN, &approve));
    assert!(
        own.contains("Another person approves a correction, not its author"),
        "{own}"
    );
    assert_eq!(balance(&demo, &card), before);
    assert_eq!(waiting(&demo), listed);
    assert_eq!(done(&points_as(&demo, SUPPORT, &approve)), "approved\n");
    assert_eq!(balance(&demo, &card), before + 1_500);
    assert_eq!(waiting(&demo), "");
    let again = refused(&points_as(&demo, SUPPORT, &approve));
    assert!(again.contains("decided on already"), "{again}");
    assert_eq!(balance(&demo, &card), before + 1_500);
    assert!(demo.check().status.success());
}

#[test]
fn a_correction_that_is_declined_changes_nothing() {
    let demo = staffed();
    let card = card(&demo, "Анна");
    let before = balance(&demo, &card);
    let id = waits(&demo, ADMIN, &card, "-2000");
    let decline = ["decline", id.as_str()];
    assert_eq!(done(&points_as(&demo, SUPPORT, &decline)), "declined\n");
    assert_eq!(waiting(&demo), "");
    let late = refused(&points_as(&demo, SUPPORT, &["approve", id.as_str()]));
    assert!(late.contains("decided on already"), "{late}");
    assert_eq!(balance(&demo, &card), before);
    assert!(demo.check().status.success());
}

#[test]
fn whoever_does_not_prove_who_they_are_corrects_nothing() {
    let demo = staffed();
    let card = card(&demo, "Анна");
    let before = balance(&demo, &card);
    for (who, told) in [
        (
            StaffLogin::new("admin", "wrong"),
            "Login or password do not match",
        ),
        (
            StaffLogin::new("nobody", "admin-of-the-demo"),
            "Login or password do not match",
        ),
        (StaffLogin::new("admin", ""), "Enter the password"),
        (
            StaffLogin::new("kassir", "kassir-of-the-demo"),
            "The role of this account does not allow this",
        ),
    ] {
        for points in ["100", "1500"] {
            let said = refused(&adjust(&demo, who, &card, points));
            assert!(said.contains(told), "{who:?}: {said}");
        }
    }
    assert_eq!(balance(&demo, &card), before);
    assert_eq!(waiting(&demo), "");
    let id = waits(&demo, SUPPORT, &card, "1500");
    for command in ["approve", "decline"] {
        let said = refused(&points_as(
            &demo,
            StaffLogin::new("admin", "wrong"),
            &[command, id.as_str()],
        ));
        assert!(said.contains("Login or password do not match"), "{said}");
    }
    assert_eq!(balance(&demo, &card), before);
    assert_eq!(waiting(&demo).lines().count(), 1);
}

#[test]
fn what_is_wrong_with_a_correction_is_a_sentence() {
    let demo = staffed();
    let card = card(&demo, "Анна");
    let before = balance(&demo, &card);
    let nowhere = "01890000-0000-7000-8000-000000000000";
    let reason = ["--reason", "Спор"];
    for (words, told) in [
        (vec!["adjust", "4276000000000017", "100"], ""),
        (vec!["adjust", &card, "0"], "points"),
        (vec!["adjust", &card, "many"], "invalid value 'many'"),
        (
            vec!["adjust", &card, "100", "--corrects", nowhere],
            "corrects",
        ),
        (vec!["move", &card, &card], "Both cards are one member’s"),
    ] {
        let said = refused(&points_as(&demo, ADMIN, &[&words[..], &reason].concat()));
        assert!(
            said.contains(told) && !said.trim().is_empty(),
            "{words:?}: {said}"
        );
    }
    let unknown = refused(&points_as(&demo, ADMIN, &["approve", nowhere]));
    assert!(unknown.contains("There is no such thing here"), "{unknown}");
    assert_eq!(balance(&demo, &card), before);
}

#[test]
fn a_joined_account_gives_all_its_points_and_its_card_is_blocked() {
    let demo = staffed();
    let (from, to) = (card(&demo, "Анна"), card(&demo, "Мария"));
    done(&adjust(&demo, ADMIN, &from, "300"));
    done(&adjust(&demo, ADMIN, &to, "20"));
    let (gives, takes) = (balance(&demo, &from), balance(&demo, &to));
    assert!(gives >= 300 && takes >= 20);
    let words = ["move", &from, &to, "--reason", "Две карты"];
    let said = done(&points_as(&demo, SUPPORT, &words));
    let (first, undo) = said.split_once('\n').unwrap();
    assert_eq!(
        first,
        format!("{gives} points moved; card {from} is blocked")
    );
    assert!(
        undo.starts_with("to undo it: kopilka points move-back "),
        "{undo}"
    );
    assert_eq!(balance(&demo, &to), gives + takes);
    assert_eq!(look_up(&demo, &from).problem(), "card-blocked");
    for said in [
        refused(&points_as(&demo, SUPPORT, &words)),
        refused(&adjust(&demo, ADMIN, &from, "10")),
    ] {
        assert!(said.contains("was joined to another"), "{said}");
    }
    assert_eq!(balance(&demo, &to), gives + takes);
    assert!(demo.check().status.success());
}

/// The last word of the last line that a command printed: an id.
pub(crate) fn last_word(said: &str) -> String {
    said.split_whitespace().last().unwrap().to_owned()
}

#[test]
fn a_large_balance_is_moved_by_two_people_and_moved_back() {
    let demo = staffed();
    let (from, to) = (card(&demo, "Анна"), card(&demo, "Мария"));
    done(&adjust(&demo, ADMIN, &from, "800"));
    done(&adjust(&demo, SUPPORT, &from, "800"));
    let (gives, takes) = (balance(&demo, &from), balance(&demo, &to));
    let words = ["move", &from, &to, "--reason", "Две карты"];
    let said = done(&points_as(&demo, ADMIN, &words));
    assert!(
        said.starts_with("the move waits for a second person"),
        "{said}"
    );
    let id = last_word(&said);
    let listed = waiting(&demo);
    for part in [
        &id,
        &grouped(&from),
        &grouped(&to),
        "admin",
        "1600",
        "Две карты",
    ] {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    let own = refused(&points_as(&demo, ADMIN, &["approve", &id]));
    assert!(own.contains("Another person approves"), "{own}");
    assert_eq!(balance(&demo, &from), gives);
    let approved = done(&points_as(&demo, SUPPORT, &["approve", &id]));
    assert!(approved.starts_with("approved\n"), "{approved}");
    assert_eq!(balance(&demo, &to), gives + takes);
    assert_eq!(look_up(&demo, &from).problem(), "card-blocked");
    assert_eq!(waiting(&demo), "");
    let merge = last_word(&approved);
    let back = ["move-back", &merge, "--reason", "Не одно лицо"];
    let waits = last_word(&done(&points_as(&demo, SUPPORT, &back)));
    assert_eq!(
        done(&points_as(&demo, ADMIN, &["approve", &waits])),
        "approved\n"
    );
    assert_eq!((balance(&demo, &from), balance(&demo, &to)), (gives, takes));
    let again = refused(&points_as(&demo, ADMIN, &back));
    assert!(again.contains("There is no such thing here"), "{again}");
    assert!(demo.check().status.success());
}

/// Runs `kopilka card phone` as somebody.
pub(crate) fn phone_as(demo: &Demo, who: StaffLogin, card: &str, phone: &str) -> Output {
    let args = ["card", "phone", card, "--author", who.login];
    demo.tell(&args, &format!("{}\n{phone}\n", who.password))
}

#[test]
fn a_phone_with_a_large_balance_behind_it_is_changed_by_two_people() {
    let demo = staffed();
    let (poor, rich) = (card(&demo, "Анна"), card(&demo, "Мария"));
    let changed = phone_as(&demo, ADMIN, &poor, "+7 916 700-00-01");
    assert_eq!(done(&changed), "the phone is changed\n");
    done(&adjust(&demo, ADMIN, &rich, "700"));
    done(&adjust(&demo, SUPPORT, &rich, "700"));
    let said = done(&phone_as(&demo, ADMIN, &rich, "+7 916 700-00-02"));
    assert!(
        said.starts_with("the phone waits for a second person"),
        "{said}"
    );
    let listed = waiting(&demo);
    assert!(
        listed.contains("new phone") && !listed.contains("+79167000002"),
        "{listed}"
    );
    let id = last_word(&said);
    assert_eq!(
        done(&points_as(&demo, SUPPORT, &["approve", &id])),
        "approved\n"
    );
    let taken = refused(&phone_as(&demo, SUPPORT, &poor, "+79167000002"));
    assert!(taken.contains("phone"), "{taken}");
}

#[test]
fn one_person_gives_no_more_in_a_day_whoever_gets_it() {
    let demo = staffed();
    let cards = [
        card(&demo, "Анна"),
        card(&demo, "Мария"),
        card(&demo, "Рита"),
    ];
    assert_eq!(
        done(&adjust(&demo, ADMIN, &cards[0], "1000")),
        "1000 points moved\n"
    );
    waits(&demo, ADMIN, &cards[1], "1000");
    waits(&demo, ADMIN, &cards[2], "1");
    assert_eq!(
        done(&adjust(&demo, SUPPORT, &cards[2], "1")),
        "1 point moved\n"
    );
}
