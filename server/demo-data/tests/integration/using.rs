//! A member of a filled chain signs in, is found by card, buys and brings back, like all others.

use super::*;

/// A filled member with points, and the digits that a scanner would read of the card.
async fn somebody(k: &Kopilka) -> (MemberId, String, String) {
    let mut tx = k.db.read().await.unwrap();
    let member: MemberId =
        sql("SELECT member_id FROM accounts WHERE debt = 0 ORDER BY balance DESC LIMIT 1")
            .fetch_value(&mut tx)
            .await
            .unwrap();
    let phone = members::load_member(&mut tx, member)
        .await
        .unwrap()
        .phone
        .unwrap();
    let card = cards::find_of_member(&mut tx, member)
        .await
        .unwrap()
        .unwrap();
    let card = CardNumber::parse(&card.number).unwrap();
    (member, phone, codes::static_payload(&card))
}

#[tokio::test]
async fn a_filled_member_signs_in() {
    let (place, _) = filled(SIZE).await;
    let k = service(&place).await;
    let (member, phone, _) = somebody(&k).await;
    let token = phone_verification::ask_for_code(&k, &phone, &SignUpOrigin::default(), "ru")
        .await
        .unwrap();
    let messages = outbox::list_newest_messages(&k).await.unwrap();
    let code = messages
        .iter()
        .find_map(|sent| match &sent.message {
            MessageContent::OneTimePassword { code, .. } => Some(code.clone()),
            _ => None,
        })
        .unwrap();
    let proven = phone_verification::confirm_code(&k, &token, &code, "Test")
        .await
        .unwrap();
    let PhoneProofOutcome::SignedIn(token) = proven else {
        panic!("a filled member is not known");
    };
    let shopper = session::find_shopper(&k, &token).await.unwrap().unwrap();
    assert_eq!(shopper.member, member);
}

#[tokio::test]
async fn a_filled_member_is_found_by_card_sold_to_and_returned_to() {
    let (place, _) = filled(SIZE).await;
    let k = service(&place).await;
    let (member, _, code) = somebody(&k).await;
    let mut tx = k.db.read().await.unwrap();
    let till = tills::find_by_key(&mut tx, entropy::hash_token(TILL_KEY), noon())
        .await
        .unwrap();
    let before = ledger::load_account(&mut tx, member).await.unwrap();
    drop(tx);
    let at_till = TillContext {
        till: till.unwrap(),
        staff: None,
    };
    let visit = look_up_customer(&k, &at_till, &code).await.unwrap();
    assert_eq!(visit.customer.points, before.balance);
    let draft = SaleDraft {
        visit: Some(visit.token),
        code: None,
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![ReceiptLine {
            sku: "1".to_owned(),
            name: "Гречка".to_owned(),
            category: "grocery".to_owned(),
            quantity: Quantity::ONE,
            unit: Unit::Piece,
            amount: Money(100_000),
        }],
        spend: PointsToSpend::None,
    };
    let sent = |key: &str| IdempotentRequest {
        key: key.to_owned(),
        bytes_hash: None,
        body_hash: Vec::new(),
    };
    let sold = receipts::commit_sale(&k, &at_till, &draft, &sent("1"))
        .await
        .unwrap();
    let sold = sold.receipt().unwrap();
    assert!(sold.quote.evaluation.earned.is_positive());
    let back = ReturnDraft {
        sale: ReturnedSaleName::Id(sold.id),
        series: None,
        shift: None,
        number: None,
        at: None,
        lines: vec![ReturnedLinePart::of_quantity(0, Quantity::ONE)],
    };
    receipts::commit_return(&k, &at_till, &back, &sent("2"))
        .await
        .unwrap();
    let mut tx = k.db.read().await.unwrap();
    let after = ledger::load_account(&mut tx, member).await.unwrap();
    assert_eq!((after.balance, after.debt), (before.balance, before.debt));
}

#[derive(StoredRow)]
struct PaidSale {
    id: kopilka_core::ids::ReceiptId,
    till_id: kopilka_core::ids::TillId,
    paid: i64,
}

#[tokio::test]
async fn what_was_sold_in_the_past_goes_back_today() {
    let (place, _) = filled(SIZE).await;
    let k = service(&place).await;
    let mut tx = k.db.read().await.unwrap();
    // Sales of which nothing went back, those that points paid for first.
    let sales: Vec<PaidSale> = sql(
        "SELECT r.id, r.till_id, r.total - r.discount - r.paid_by_points AS paid FROM receipts r \
         WHERE r.kind = 'sale' AND NOT EXISTS (SELECT 1 FROM receipts b WHERE b.sale_id = r.id) \
         ORDER BY r.paid_by_points DESC, r.at LIMIT 40",
    )
    .fetch_all(&mut tx)
    .await
    .unwrap();
    drop(tx);
    for (
        count,
        PaidSale {
            id: sale,
            till_id: till,
            paid,
        },
    ) in sales.into_iter().enumerate()
    {
        let mut tx = k.db.read().await.unwrap();
        let till = tills::find_by_id(&mut tx, till).await.unwrap().unwrap();
        let lines: i64 = sql("SELECT COUNT(*) FROM receipt_lines WHERE receipt_id = $1")
            .bind(sale)
            .fetch_value(&mut tx)
            .await
            .unwrap();
        drop(tx);
        let at_till = TillContext { till, staff: None };
        let stored = receipts::load_receipt(&k, &at_till, sale).await.unwrap();
        assert_eq!(stored.goods.len() as i64, lines);
        let draft = ReturnDraft {
            sale: ReturnedSaleName::Id(sale),
            series: None,
            shift: None,
            number: None,
            at: None,
            lines: stored
                .goods
                .iter()
                .map(|good| ReturnedLinePart::of_quantity(good.position as usize, good.quantity))
                .collect(),
        };
        let sent = IdempotentRequest {
            key: count.to_string(),
            bytes_hash: None,
            body_hash: Vec::new(),
        };
        let back = receipts::commit_return(&k, &at_till, &draft, &sent)
            .await
            .unwrap();
        let back = back.returned().unwrap();
        assert_eq!(back.effect.refund, Money(paid));
    }
    let mut tx = k.db.scan().await.unwrap();
    let findings = check::findings(&mut tx).await.unwrap();
    assert_eq!(findings.told, Vec::<String>::new());
}
