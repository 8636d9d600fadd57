//! Gifts: handed over once, to whoever is served, never more than there are.

use super::{look_up, refused};
use crate::domain::actor::Actor;
use crate::domain::chain::{StoreStatus, TillKind};
use crate::domain::evaluate::PointsToSpend;
use crate::ids::{GrantId, StoreId, TillId};
use crate::store::audit::{self, Action, AuditLogFilter};
use crate::store::chain::{StoreRow, StoreTimeZone};
use crate::store::engine::sql;
use crate::store::{chain, tills};
use crate::usecases::access::till_context::TillContext;
use crate::usecases::checkout::claim_codes;
use crate::usecases::checkout::receipts::tests::rig::{Member, Rig, back, line};
use crate::usecases::checkout::till::{
    GiftReplacement, WaitingGift, hand_over_gift, take_gift_back,
};
use crate::usecases::programme::gifts::{GiftStockLevel, list_stock, set_stock};
use crate::usecases::programme::programmes::apply_document;
use crate::usecases::{Error, Refusal};

/// A member who was promised a cup.
async fn promised(rig: &Rig) -> (Member, GrantId) {
    let member = rig.member(0).await;
    rig.sell(
        &member,
        vec![line("grocery", 1, 2_500)],
        PointsToSpend::None,
    )
    .await;
    let gifts = look_up(rig, &member).await.customer.gifts;
    assert_eq!(gifts.len(), 1);
    (member, gifts[0].grant)
}

async fn have(rig: &Rig, gift: &str, count: u32) {
    let store = &rig.till.till.store_code;
    set_stock(
        &rig.k,
        &Actor::OPERATOR,
        store,
        gift,
        GiftStockLevel::Counted(count),
    )
    .await
    .unwrap();
}

async fn left(rig: &Rig, gift: &str) -> Option<i64> {
    let rows = list_stock(&rig.k, Some(&rig.till.till.store_code))
        .await
        .unwrap();
    rows.iter()
        .find(|row| row.gift == gift)
        .map(|row| row.left_count)
}

/// The same store's other till.
/// A till of another store.
async fn other_till(rig: &Rig) -> TillContext {
    let mut tx = rig.k.db.write_test_data().await.unwrap();
    let store = StoreRow {
        id: StoreId::new(),
        code: "elsewhere".to_owned(),
        name: "Test".to_owned(),
        address: "Test".to_owned(),
        status: StoreStatus::Active,
        time_zone: StoreTimeZone::default(),
    };
    chain::insert_store(&mut tx, &store).await.unwrap();
    let id = TillId::new();
    tills::insert(
        &mut tx,
        id,
        store.id,
        "other",
        TillKind::Pos,
        None,
        rig.k.now(),
    )
    .await
    .unwrap();
    let till = tills::find_by_id(&mut tx, id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    TillContext {
        till,
        ..rig.till.clone()
    }
}

async fn logged(rig: &Rig, action: Action) -> i64 {
    let mut tx = rig.k.db.read().await.unwrap();
    let count: i64 = sql("SELECT COUNT(*) FROM audit WHERE action = $1")
        .bind(action.as_str())
        .fetch_value(&mut tx)
        .await
        .unwrap();
    count
}

/// The newest line of the log: action, subject, outcome.
async fn newest_line(rig: &Rig) -> (String, String, String) {
    let mut tx = rig.k.db.read().await.unwrap();
    let lines = audit::list_entries(&mut tx, &AuditLogFilter::default(), None, 10_000).await;
    let line = lines.unwrap().pop().unwrap();
    (line.action, line.subject, line.outcome)
}

#[test]
fn of_sixty_four_who_hand_the_last_one_over_one_does() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        have(&rig, "cup", 1).await;
        have(&rig, "bag", 0).await;
        let mut grants = Vec::new();
        for _ in 0..64 {
            grants.push(promised(&rig).await.1);
        }
        let all = grants.iter().map(|grant| {
            let (k, till, grant) = (rig.k.clone(), rig.till.clone(), *grant);
            tokio::spawn(async move { hand_over_gift(&k, &till, grant, None).await })
        });
        let mut handed = 0;
        for answer in all.collect::<Vec<_>>() {
            match answer.await.unwrap() {
                Ok(()) => handed += 1,
                Err(Error::Refused(Refusal::GiftOut { substitute: None })) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((handed, left(&rig, "cup").await), (1, Some(0)));
        assert_eq!(logged(&rig, Action::GiftGiven).await, 1);
        rig.check().await;
    });
}

#[test]
fn of_many_who_hand_the_same_promise_over_one_does() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        have(&rig, "cup", 9).await;
        let (_, grant) = promised(&rig).await;
        let all = (0..16).map(|_| {
            let (k, till) = (rig.k.clone(), rig.till.clone());
            tokio::spawn(async move { hand_over_gift(&k, &till, grant, None).await.is_ok() })
        });
        let mut handed = 0;
        for answer in all.collect::<Vec<_>>() {
            handed += i64::from(answer.await.unwrap());
        }
        assert_eq!((handed, left(&rig, "cup").await), (1, Some(8)));
    });
}

#[test]
fn where_one_is_out_its_substitute_is_offered_by_name_and_counts_as_the_gift() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (member, grant) = promised(&rig).await;
        have(&rig, "cup", 0).await;
        have(&rig, "bag", 1).await;
        let waiting: Vec<WaitingGift> = look_up(&rig, &member).await.customer.gifts;
        let Some(GiftReplacement::Other(id, name)) = &waiting[0].out else {
            panic!("{waiting:?}");
        };
        assert_eq!((id.as_str(), name.en.as_str()), ("bag", "Kopilka Demo bag"));
        let out = refused(hand_over_gift(&rig.k, &rig.till, grant, None).await);
        let substitute = Some("bag".to_owned());
        assert_eq!(out, Refusal::GiftOut { substitute });
        // What is no substitute is nothing to hand over, and the promise stands.
        let no = refused(hand_over_gift(&rig.k, &rig.till, grant, Some("car")).await);
        assert_eq!(no, Refusal::NotFound);
        hand_over_gift(&rig.k, &rig.till, grant, Some("bag"))
            .await
            .unwrap();
        assert_eq!(left(&rig, "bag").await, Some(0));
        let again = refused(hand_over_gift(&rig.k, &rig.till, grant, None).await);
        assert_eq!(again, Refusal::GiftHandedOver);
        assert!(look_up(&rig, &member).await.customer.gifts.is_empty());
        // The next one finds neither: the promise waits for another day.
        let (other, grant) = promised(&rig).await;
        let waiting = look_up(&rig, &other).await.customer.gifts;
        assert!(matches!(waiting[0].out, Some(GiftReplacement::Nothing)));
        let out = refused(hand_over_gift(&rig.k, &rig.till, grant, Some("bag")).await);
        assert_eq!(out, Refusal::GiftOut { substitute: None });
        have(&rig, "cup", 3).await;
        hand_over_gift(&rig.k, &rig.till, grant, None)
            .await
            .unwrap();
        assert_eq!(left(&rig, "cup").await, Some(2));
    });
}

#[test]
fn a_gift_that_a_later_version_drops_stays_promised_with_its_substitutes() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (anna, of_anna) = promised(&rig).await;
        let (boris, of_boris) = promised(&rig).await;
        let sold = rig.sell_to_nobody(vec![line("grocery", 1, 2_500)]).await;
        let mut later = rig.programme().await;
        later.gifts.clear();
        later.offers.retain(|offer| offer.id != "cup");
        rig.clock.set_time(rig.k.now().plus_secs(1));
        apply_document(&rig.k, &Actor::OPERATOR, &later, None, false)
            .await
            .unwrap();
        let waiting = look_up(&rig, &anna).await.customer.gifts;
        assert_eq!(waiting[0].name.en, "Kopilka Demo cup");
        hand_over_gift(&rig.k, &rig.till, of_anna, None)
            .await
            .unwrap();
        // The store counts what is left, and its substitute is still one.
        have(&rig, "cup", 0).await;
        let waiting = look_up(&rig, &boris).await.customer.gifts;
        assert!(matches!(&waiting[0].out, Some(GiftReplacement::Other(id, _)) if id == "bag"));
        hand_over_gift(&rig.k, &rig.till, of_boris, Some("bag"))
            .await
            .unwrap();
        // A receipt of that version, claimed now, tells of its gift in the wallet.
        let vera = rig.member(0).await;
        let shopper = rig.shopper(&vera).await;
        let code = sold.claim.unwrap().code;
        claim_codes::claim_receipt(&rig.k, &shopper, &code)
            .await
            .unwrap();
        let told = claim_codes::load_claimed_receipt(&rig.k, &shopper, sold.id)
            .await
            .unwrap();
        assert_eq!(told.gifts[0].en, "Kopilka Demo cup");
    });
}

#[test]
fn a_return_collects_what_was_handed_over() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let member = rig.member(0).await;
        let sold = rig
            .sell(
                &member,
                vec![line("grocery", 1, 2_500)],
                PointsToSpend::None,
            )
            .await;
        let grant = look_up(&rig, &member).await.customer.gifts[0].grant;
        hand_over_gift(&rig.k, &rig.till, grant, Some("bag"))
            .await
            .unwrap();
        let returned = rig.take_back(sold.id, vec![back(0, 1)]).await.unwrap();
        assert_eq!(returned.effect.gifts_to_collect, ["bag"]);
        rig.check().await;
    });
}

#[test]
fn a_gift_of_somebody_who_is_not_here_is_not_handed_over() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        let (member, grant) = promised(&rig).await;
        // Neither a visit nor a sale of the last hour.
        rig.clock.set_time(rig.k.now().plus_secs(3_601));
        let no = refused(hand_over_gift(&rig.k, &rig.till, grant, None).await);
        assert_eq!(no, Refusal::VisitOver);
        let other = other_till(&rig).await;
        look_up(&rig, &member).await;
        // The till has served the member: that their visit is over is nobody's fault.
        assert_eq!(logged(&rig, Action::ForeignId).await, 0);
        let no = refused(hand_over_gift(&rig.k, &other, grant, None).await);
        assert_eq!(no, Refusal::VisitOver);
        assert_eq!(
            newest_line(&rig).await,
            (
                "foreign-id".to_owned(),
                format!("gift {grant}"),
                "visit-over".to_owned()
            )
        );
        hand_over_gift(&rig.k, &rig.till, grant, None)
            .await
            .unwrap();
    });
}

#[test]
fn a_handing_over_is_undone_within_a_minute_by_its_own_till() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        have(&rig, "bag", 5).await;
        let (member, grant) = promised(&rig).await;
        hand_over_gift(&rig.k, &rig.till, grant, Some("bag"))
            .await
            .unwrap();
        let other = other_till(&rig).await;
        let no = refused(take_gift_back(&rig.k, &other, grant).await);
        assert_eq!(no, Refusal::GiftUndoOver);
        assert_eq!(logged(&rig, Action::ForeignId).await, 1);
        rig.clock.set_time(rig.k.now().plus_secs(60));
        take_gift_back(&rig.k, &rig.till, grant).await.unwrap();
        assert_eq!(left(&rig, "bag").await, Some(5));
        assert_eq!(look_up(&rig, &member).await.customer.gifts.len(), 1);
        // Twice is once.
        let no = refused(take_gift_back(&rig.k, &rig.till, grant).await);
        assert_eq!(no, Refusal::GiftUndoOver);
        assert_eq!(left(&rig, "bag").await, Some(5));
        hand_over_gift(&rig.k, &rig.till, grant, None)
            .await
            .unwrap();
        rig.clock.set_time(rig.k.now().plus_secs(61));
        let no = refused(take_gift_back(&rig.k, &rig.till, grant).await);
        assert_eq!(no, Refusal::GiftUndoOver);
        assert_eq!(logged(&rig, Action::GiftTakenBack).await, 1);
    });
}

#[test]
fn stock_is_set_listed_and_forgotten() {
    let rig = Rig::new(0);
    rig.runtime.block_on(async {
        assert_eq!(list_stock(&rig.k, None).await.unwrap(), []);
        have(&rig, "cup", 7).await;
        have(&rig, "cup", 4).await;
        assert_eq!(list_stock(&rig.k, None).await.unwrap().len(), 1);
        assert_eq!(left(&rig, "cup").await, Some(4));
        let store = &rig.till.till.store_code;
        set_stock(
            &rig.k,
            &Actor::OPERATOR,
            store,
            "cup",
            GiftStockLevel::Unlimited,
        )
        .await
        .unwrap();
        assert_eq!(left(&rig, "cup").await, None);
        let no = refused(
            set_stock(
                &rig.k,
                &Actor::OPERATOR,
                store,
                "car",
                GiftStockLevel::Counted(1),
            )
            .await,
        );
        assert_eq!(no, Refusal::NotFound);
        let nowhere = set_stock(
            &rig.k,
            &Actor::OPERATOR,
            "nowhere",
            "cup",
            GiftStockLevel::Counted(1),
        )
        .await;
        assert!(matches!(nowhere, Err(Error::Invalid(_))), "{nowhere:?}");
    });
}
