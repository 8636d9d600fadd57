//! Printed cards that are attached at a till.

use super::*;

#[test]
fn a_printed_card_becomes_somebody_s_once_and_the_wallet_s_own_goes_on() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (anna, boris) = (rig.member(0).await, rig.member(0).await);
        let blanks = printed_cards::create_printed_cards(&rig.k, &Actor::OPERATOR, 3)
            .await
            .unwrap();
        let numbers: BTreeSet<_> = blanks.iter().map(|blank| blank.number.clone()).collect();
        assert_eq!(numbers.len(), 3);
        let unknown = till::look_up_customer(&rig.k, &rig.till, &blanks[0].qr).await;
        assert_eq!(refused(unknown), Refusal::CardUnknown);
        let visit = look_up(&rig, &anna).await;
        till::attach_printed_card(&rig.k, &rig.till, &visit.token, &blanks[0].qr, false)
            .await
            .unwrap();
        for code in [
            blanks[0].qr.as_str(),
            blanks[0].ean.as_str(),
            blanks[0].number.as_str(),
        ] {
            assert_eq!(
                till::look_up_customer(&rig.k, &rig.till, code)
                    .await
                    .unwrap()
                    .member,
                anna.id
            );
        }
        let shopper = rig.shopper(&boris).await;
        let taken = printed_cards::attach_card(&rig.k, &shopper, &blanks[0].number.grouped()).await;
        assert_eq!(refused(taken), Refusal::BlankTaken);
        let nobody = printed_cards::attach_card(&rig.k, &shopper, "4000001234567899").await;
        assert_eq!(refused(nobody), Refusal::BlankUnknown);
        printed_cards::attach_card(&rig.k, &shopper, blanks[1].ean.as_str())
            .await
            .unwrap();
        let shown = card::load_card(&rig.k, &shopper).await.unwrap();
        assert_eq!(shown.number, boris.card);
        // Lost: the plastic ones so far are over, the wallet's is not.
        let visit = look_up(&rig, &boris).await;
        till::attach_printed_card(&rig.k, &rig.till, &visit.token, &blanks[2].qr, true)
            .await
            .unwrap();
        let lost = till::look_up_customer(&rig.k, &rig.till, &blanks[1].qr).await;
        assert_eq!(refused(lost), Refusal::CardBlocked);
        look_up(&rig, &boris).await;
        till::look_up_customer(&rig.k, &rig.till, &blanks[2].qr)
            .await
            .unwrap();
        assert!(
            printed_cards::create_printed_cards(&rig.k, &Actor::OPERATOR, 0)
                .await
                .is_err()
        );
        rig.check().await;
    });
}

#[test]
fn of_two_who_attach_the_same_card_one_gets_it() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        for blank in printed_cards::create_printed_cards(&rig.k, &Actor::OPERATOR, 5)
            .await
            .unwrap()
        {
            let (a, b) = (rig.member(0).await, rig.member(0).await);
            let (a, b) = (rig.shopper(&a).await, rig.shopper(&b).await);
            let (first, second) = tokio::join!(
                printed_cards::attach_card(&rig.k, &a, &blank.qr),
                printed_cards::attach_card(&rig.k, &b, &blank.qr),
            );
            assert_eq!(i32::from(first.is_ok()) + i32::from(second.is_ok()), 1);
        }
    });
}

#[test]
fn a_number_that_is_printed_is_never_given_to_anybody_else() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let blank = printed_cards::create_printed_cards(&rig.k, &Actor::OPERATOR, 1)
            .await
            .unwrap()
            .remove(0);
        let member = rig.member(0).await;
        let mut tx = rig.k.db.write_test_data().await.unwrap();
        let now = rig.k.now();
        let (number, short) = (blank.number.as_str(), blank.ean.short_number());
        for (number, short) in [(number, 1), ("4000001234567899", short)] {
            assert!(
                !cards::insert(&mut tx, number, short, member.id, now)
                    .await
                    .unwrap()
            );
        }
        let own = member.card.as_str();
        assert!(!cards::insert_printed(&mut tx, own, 1, now).await.unwrap());
    });
}
