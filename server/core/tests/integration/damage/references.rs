//! Rows that name what is not there, or another member than the row that they belong to.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_column_without_a_key_that_names_nothing_is_told() {
    let damaged = Damaged::demo().await;
    let (sale, member) = (damaged.sale().await, damaged.member().await);
    let (change, waiting) = (RowId::new(), RowId::new());
    let mut tx = damaged.db.read().await.unwrap();
    let entry: EntryId = sql("SELECT id FROM entries ORDER BY id LIMIT 1")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    let device: DeviceId = sql("SELECT id FROM devices ORDER BY id LIMIT 1")
        .fetch_value(&mut tx)
        .await
        .unwrap();
    drop(tx);
    let damages = [
        (
            sql("UPDATE entries SET programme_version = 77 WHERE id = $1").bind(entry),
            format!("entries {entry}: programme_version names no row of programme_versions"),
        ),
        (
            sql("UPDATE entries SET lot_id = $2 WHERE id = $1")
                .bind(entry)
                .bind(LotId::new()),
            format!("entries {entry}: lot_id names no row of lots"),
        ),
        (
            sql("UPDATE receipts SET programme_version = 77 WHERE id = $1").bind(sale),
            format!("receipts {sale}: programme_version names no row of programme_versions"),
        ),
        (
            sql(
                "INSERT INTO tier_changes (id, member_id, from_tier, to_tier, cause, measured, \
                 programme_version, at) VALUES ($1, $2, '', '', 'upgrade', 0, 77, 0)",
            )
            .bind(change)
            .bind(member),
            format!("tier_changes {change}: programme_version names no row of programme_versions"),
        ),
        (
            sql(
                "INSERT INTO spent_codes (device_id, step, member_id, till_id, used_at) \
                 SELECT $3, 0, $1, r.till_id, 0 FROM receipts r WHERE r.id = $2",
            )
            .bind(MemberId::new())
            .bind(sale)
            .bind(device),
            format!("spent_codes {device}: member_id names no row of members"),
        ),
        (
            sql(
                "INSERT INTO parked (id, till_id, member_id, kind, key, body_hash, draft, shift, \
                 number, created_at) SELECT $2, r.till_id, $3, 'sale', 'damage', $4, '', 'damage', \
                 '1', 0 FROM receipts r WHERE r.id = $1",
            )
            .bind(sale)
            .bind(waiting)
            .bind(MemberId::new())
            .bind(vec![0_u8]),
            format!("parked {waiting}: member_id names no row of members"),
        ),
    ];
    let mut count = 0;
    for (damage, told) in damages {
        damaged.by([damage]).await;
        count += 1;
        let said = damaged.said().await;
        assert_eq!(said.len(), count, "{told}: {said:?}");
        assert!(said.contains(&told), "{told}: {said:?}");
    }
}

#[derive(StoredRow)]
struct Allocation {
    entry_id: EntryId,
    lot_id: LotId,
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allocation_of_another_member_than_its_entry_and_lot_is_told() {
    let damaged = Damaged::demo().await;
    let mut tx = damaged.db.read().await.unwrap();
    let Allocation {
        entry_id: entry,
        lot_id: lot,
    } = sql("SELECT entry_id, lot_id FROM allocations ORDER BY entry_id, lot_id LIMIT 1")
        .fetch_one(&mut tx)
        .await
        .unwrap();
    drop(tx);
    let told = [
        format!("entry {entry}: not of the member that its allocation names"),
        format!("lot {lot}: not of the member that its allocation names"),
    ];
    let another = sql(
        "UPDATE allocations SET member_id = (SELECT a.member_id FROM accounts a \
         WHERE a.member_id <> allocations.member_id ORDER BY a.member_id LIMIT 1) \
         WHERE entry_id = $1 AND lot_id = $2",
    );
    let nobody = sql("UPDATE allocations SET member_id = $3 WHERE entry_id = $1 AND lot_id = $2");
    damaged.by([another.bind(entry).bind(lot)]).await;
    assert_eq!(damaged.said().await, told);
    damaged
        .by([nobody.bind(entry).bind(lot).bind(MemberId::new())])
        .await;
    assert_eq!(damaged.said().await, told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_another_member_than_its_receipt_is_told() {
    let damaged = Damaged::demo().await;
    let sale = damaged.sale().await;
    let told = [format!(
        "receipt {sale}: not of the member that its line 0 names"
    )];
    for damage in [
        "UPDATE receipt_lines SET member_id = (SELECT a.member_id FROM accounts a \
         WHERE a.member_id <> receipt_lines.member_id ORDER BY a.member_id LIMIT 1) \
         WHERE receipt_id = $1 AND position = 0",
        "UPDATE receipt_lines SET member_id = NULL WHERE receipt_id = $1 AND position = 0",
    ] {
        damaged.by([sql(damage).bind(sale)]).await;
        assert_eq!(damaged.said().await, told);
    }
    damaged
        .by([
            sql("UPDATE receipt_lines SET member_id = $2 WHERE receipt_id = $1 AND position = 0")
                .bind(sale)
                .bind(MemberId::new()),
        ])
        .await;
    assert_eq!(damaged.said().await, told);
}
