//! What a till learns of people: names without what nobody sees, and nothing of who has a card.

use super::look_up;
use crate::domain::country::Country;
use crate::store::engine::sql;
use crate::store::{members, outbox};
use crate::usecases::Error;
use crate::usecases::checkout::receipts::tests::rig::Rig;
use crate::usecases::checkout::till;
use crate::usecases::loyalty::member_snapshot::load_member_snapshot;
use crate::usecases::messages::outbox::MessageContent;
use crate::usecases::sign_up::invitations;

/// The newest message to a phone.
async fn message(rig: &Rig, phone: &str) -> MessageContent {
    let mut tx = rig.k.db.read().await.unwrap();
    let rows = outbox::list_newest(&mut tx, 50).await.unwrap();
    let row = rows.into_iter().find(|row| row.recipient == phone).unwrap();
    serde_json::from_str(&row.message).unwrap()
}

#[test]
fn a_name_that_was_stored_before_names_were_cleaned_is_cleaned_for_the_cashier() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        let (first, last) = ("\u{3164}Ан\u{202e}на\u{e0041}", "\u{200b}Каренина");
        members::set_name(&mut tx, member.id, first, last, "")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(look_up(&rig, &member).await.customer.name, "Анна К.");
    });
}

#[test]
fn only_a_known_kind_of_car_counts_as_a_car() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await.id;
        for (stored, counts) in [
            (None, false),
            (Some("none"), false),
            (Some("diesel"), true),
            (Some("steam"), false),
        ] {
            let mut tx = rig.k.db.write_test_data().await.unwrap();
            sql("UPDATE members SET car = $2 WHERE id = $1")
                .bind(member)
                .bind(stored)
                .execute(&mut tx)
                .await
                .unwrap();
            let (rules, now) = (rig.k.current_rules(&mut tx).await.unwrap(), rig.k.now());
            let snapshot = load_member_snapshot(&mut tx, member, &rules, None, now, now).await;
            assert_eq!(snapshot.unwrap().facts.car, counts, "{stored:?}");
        }
    });
}

#[test]
fn a_phone_of_no_listed_country_is_sent_no_link_and_not_asked_to_join() {
    let before = Rig::new(0);
    let mut programme = before.runtime.block_on(before.programme());
    programme.phones.join = Some(vec![Country::RUSSIA]);
    let rig = Rig::with(&programme);
    rig.runtime.block_on(async {
        let irish = "+353 86 700 1122";
        let refused = invitations::send_invitation(&rig.k, &rig.till, irish, "ru", None).await;
        let Err(Error::Invalid(problems)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(problems[0].key, "phone-country");
        assert_eq!(problems[0].args, [("codes", "+7".to_owned())]);
        // Whoever has forgotten a card is sent a code all the same; only the offer to join is left out.
        for (phone, stored, offered) in [
            (irish, "+353867001122", false),
            ("8 916 123-45-67", "+79161234567", true),
        ] {
            till::request_phone_code(&rig.k, &rig.till, phone, "ru")
                .await
                .unwrap();
            let MessageContent::TillCode { join, .. } = message(&rig, stored).await else {
                panic!("a code for the till");
            };
            assert_eq!(join.is_some(), offered, "{phone}");
        }
    });
}
