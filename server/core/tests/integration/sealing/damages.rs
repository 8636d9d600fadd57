//! Damages of every kind, each in a transaction that is undone afterwards.

use kopilka_core::secret_key::SecretKey;
use kopilka_core::store::engine::ColumnKind;
use kopilka_core::usecases::Error;

use super::*;

/// A statement that this test has put together from names of tables and columns.
fn made(text: String) -> Statement {
    // Statements of the program are constants. Those of a test may live as long as it does.
    sql(Box::leak(text.into_boxed_str()))
}

/// Sealed ids with their numbers.
async fn numbered(tx: &mut Tx, seals: &str) -> Vec<(i64, Uuid)> {
    let ids: Vec<Uuid> = made(format!("SELECT line_id FROM {seals} ORDER BY number"))
        .fetch_values(tx)
        .await
        .unwrap();
    (1..).zip(ids).collect()
}

/// A statement that changes a column of the row whose `key` is `$1` to another value that references allow.
fn change(table: &str, key: &str, column: &str, kind: ColumnKind) -> Statement {
    let value = match (kind, column) {
        (ColumnKind::Int, _) => format!("{column} + 1"),
        (ColumnKind::Text, _) => format!("{column} || 'x'"),
        (_, column) => {
            let source = match column {
                "receipt_id" => "receipts",
                "corrects" => "entries",
                "lot_id" => "lots",
                _ => "members",
            };
            let differs = format!("{table}.{column} IS NULL OR x.id <> {table}.{column}");
            format!("(SELECT x.id FROM {source} x WHERE {differs} ORDER BY x.id LIMIT 1)")
        }
    };
    made(format!(
        "UPDATE {table} SET {column} = {value} WHERE {key} = $1"
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_column_of_each_line_is_sealed() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    for sealed in SealChain::ALL {
        let (table, seals) = (sealed.table(), format!("{}_seals", sealed.as_str()));
        let mut tx = k.db.read().await.unwrap();
        let lines = numbered(&mut tx, &seals).await;
        drop(tx);
        let what = match sealed {
            SealChain::Audit => "the line was changed",
            SealChain::Ledger => "the entry or one of its allocations was changed",
        };
        let (columns, of_allocations) = (sealed.columns(), sealed.allocation_columns());
        for (number, id) in lines {
            let expected = [format!("{table}: number {number} ({id}): {what}")];
            for (column, kind) in columns.iter().filter(|(name, _)| *name != "id") {
                let mut tx = k.db.write_test_data().await.unwrap();
                let changed = run(&mut tx, change(table, "id", column, *kind).bind(id)).await;
                assert_eq!(changed, 1);
                assert_eq!(found(k, &mut tx).await, expected, "{column}");
            }
            for (column, kind) in of_allocations
                .iter()
                .filter(|(name, _)| *name != "entry_id")
            {
                let mut tx = k.db.write_test_data().await.unwrap();
                let statement = change("allocations", "entry_id", column, *kind);
                if run(&mut tx, statement.bind(id)).await > 0 {
                    assert_eq!(found(k, &mut tx).await, expected, "{column}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn allocations_that_are_removed_or_added_are_found_with_their_entry() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    let mut tx = k.db.read().await.unwrap();
    let lines = numbered(&mut tx, "ledger_seals").await;
    drop(tx);
    let (mut removed, mut added) = (0, 0);
    for (number, id) in lines {
        let expected = [format!(
            "entries: number {number} ({id}): the entry or one of its allocations was changed"
        )];
        let mut tx = k.db.write_test_data().await.unwrap();
        if run(
            &mut tx,
            sql("DELETE FROM allocations WHERE entry_id = $1").bind(id),
        )
        .await
            > 0
        {
            removed += 1;
            assert_eq!(found(k, &mut tx).await, expected);
        }
        drop(tx);
        let mut tx = k.db.write_test_data().await.unwrap();
        let add = sql(
            "INSERT INTO allocations (entry_id, lot_id, member_id, points) SELECT $1, l.id, l.member_id, 1 FROM lots l \
             WHERE NOT EXISTS (SELECT 1 FROM allocations x WHERE x.entry_id = $1 AND x.lot_id = l.id) LIMIT 1",
        );
        if run(&mut tx, add.bind(id)).await > 0 {
            added += 1;
            assert_eq!(found(k, &mut tx).await, expected);
        }
    }
    assert!(removed > 0 && added > 0, "{removed} {added}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_line_is_found_with_its_seal_and_without() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    for (table, seals) in [("audit", "audit_seals"), ("entries", "ledger_seals")] {
        let mut tx = k.db.read().await.unwrap();
        let lines = numbered(&mut tx, seals).await;
        drop(tx);
        for (number, id) in lines {
            let mut tx = k.db.write_test_data().await.unwrap();
            if table == "entries" {
                run(
                    &mut tx,
                    sql("DELETE FROM allocations WHERE entry_id = $1").bind(id),
                )
                .await;
            }
            assert_eq!(
                run(
                    &mut tx,
                    made(format!("DELETE FROM {table} WHERE id = $1")).bind(id)
                )
                .await,
                1
            );
            let expected = format!("{table}: number {number} ({id}): the line was removed");
            assert_eq!(found(k, &mut tx).await, [expected]);
            run(
                &mut tx,
                made(format!("DELETE FROM {seals} WHERE number = $1")).bind(number),
            )
            .await;
            let expected = format!("{table}: number {number}: the line was removed, with its seal");
            assert_eq!(found(k, &mut tx).await, [expected]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_that_is_cut_is_found_however_long_it_is() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    let last = ends(k).await[0];
    for first in 1..=last {
        let mut tx = k.db.write_test_data().await.unwrap();
        let lines =
            "DELETE FROM audit WHERE id IN (SELECT line_id FROM audit_seals WHERE number >= $1)";
        run(&mut tx, sql(lines).bind(first)).await;
        let seals = "DELETE FROM audit_seals WHERE number >= $1";
        run(&mut tx, sql(seals).bind(first)).await;
        let expected = if first == last {
            format!("audit: number {first}: the line was removed, with its seal")
        } else {
            format!("audit: numbers {first} to {last}: the lines were removed, with their seals")
        };
        assert_eq!(found(k, &mut tx).await, [expected]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_lines_that_are_swapped_are_both_found() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    let mut tx = k.db.read().await.unwrap();
    let lines = numbered(&mut tx, "audit_seals").await;
    drop(tx);
    let spare = RowId::new().0;
    for pair in lines.windows(2) {
        let [(first, one), (second, other)] = pair else {
            panic!("pairs")
        };
        let mut tx = k.db.write_test_data().await.unwrap();
        let rename = async |tx: &mut Tx, from: Uuid, to: Uuid| {
            let statement = sql("UPDATE audit SET id = $2 WHERE id = $1");
            assert_eq!(run(tx, statement.bind(from).bind(to)).await, 1);
        };
        rename(&mut tx, *one, spare).await;
        rename(&mut tx, *other, *one).await;
        rename(&mut tx, spare, *other).await;
        let expected = [(first, one), (second, other)]
            .map(|(number, id)| format!("audit: number {number} ({id}): the line was changed"));
        assert_eq!(found(k, &mut tx).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inserted_line_is_found_with_an_invented_seal_and_without() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    let last = ends(k).await[0];
    let id = id_of_minutes_ago(60);
    let mut tx = k.db.write_test_data().await.unwrap();
    run(&mut tx, audit_line(id)).await;
    let expected = format!("audit: line {id}: it was inserted after lines of its time were sealed");
    assert_eq!(found(k, &mut tx).await, [expected]);
    let seal =
        sql("INSERT INTO audit_seals (number, line_id, version, seal) VALUES ($1, $2, 1, $3)");
    let seal = seal.bind(last + 1).bind(id).bind(vec![1_u8; 32]);
    run(&mut tx, seal).await;
    let number = last + 1;
    let expected = format!(
        "audit: number {number} ({id}): the seal was inserted: the chain has no such number"
    );
    assert_eq!(found(k, &mut tx).await, [expected]);
    // Moving the end of the chain along needs the key.
    run(
        &mut tx,
        sql("UPDATE seal_chains SET number = number + 1, seal = $1 WHERE name = 'audit'")
            .bind(vec![1_u8; 32]),
    )
    .await;
    assert_eq!(
        found(k, &mut tx).await,
        [
            "audit: the record of the chain's ends was changed in seal_chains".to_owned(),
            format!("audit: number {number} ({id}): the line was changed"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn seals_and_ends_that_are_changed_are_found() {
    let (chain, _) = sealed_chain().await;
    let k = &chain.k;
    let changed = "audit: the record of the chain's ends was changed in seal_chains";
    for (damage, first) in [
        (
            "UPDATE audit_seals SET version = 1 WHERE number = 2",
            "audit: number 2 (",
        ),
        (
            "UPDATE audit_seals SET number = 900 WHERE number = 2",
            "audit: number 2: the line was removed",
        ),
        (
            "UPDATE audit_seals SET seal = (SELECT o.seal FROM audit_seals o WHERE o.number = 1) WHERE number = 2",
            "audit: number 2 (",
        ),
        (
            "UPDATE seal_chains SET base_number = 1 WHERE name = 'audit'",
            changed,
        ),
        (
            "UPDATE seal_chains SET number = number - 1 WHERE name = 'audit'",
            changed,
        ),
        (
            "UPDATE seal_chains SET seal = base_seal WHERE name = 'audit'",
            changed,
        ),
        (
            "DELETE FROM seal_chains WHERE name = 'audit'",
            "audit: the record of the chain's ends was removed",
        ),
    ] {
        let mut tx = k.db.write_test_data().await.unwrap();
        assert_eq!(run(&mut tx, sql(damage)).await, 1, "{damage}");
        let told = found(k, &mut tx).await;
        assert!(told[0].starts_with(first), "{damage}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_whose_ends_were_changed_is_not_gone_on_with() {
    for damage in [
        "UPDATE seal_chains SET number = number - 1 WHERE name = 'audit'",
        "DELETE FROM seal_chains WHERE name = 'audit'",
    ] {
        let (chain, member) = sealed_chain().await;
        let mut tx = chain.k.db.write_test_data().await.unwrap();
        run(&mut tx, sql(damage)).await;
        tx.commit().await.unwrap();
        chain.sell(&member, 100).await;
        let refused = seal_lines(&chain.k, || false).await;
        let Err(Error::Fault(cause)) = refused else {
            panic!("{refused:?}")
        };
        assert!(cause.contains("run `kopilka check`"), "{cause}");
        let told = found_now(&chain.k).await;
        assert!(
            told[0].contains("the record of the chain's ends"),
            "{told:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_numbers_are_verified_and_no_contents() {
    let (chain, _) = sealed_chain().await;
    let mut tx = chain.k.db.write_test_data().await.unwrap();
    run(&mut tx, sql("UPDATE audit SET subject = 'x'")).await;
    let unkeyed = verify(&mut tx, None).await.unwrap();
    assert_eq!(unkeyed.findings.told, Vec::<String>::new());
    run(&mut tx, sql("DELETE FROM audit_seals WHERE number = 2")).await;
    let unkeyed = verify(&mut tx, None).await.unwrap();
    assert_eq!(
        unkeyed.findings.told,
        ["audit: number 2: the line was removed, with its seal"]
    );
    // Another key fits nothing: whoever calls compares it with the database first.
    let other = SecretKey::from_bytes(&[8; 32]).unwrap();
    assert!(verify(&mut tx, Some(&other)).await.unwrap().findings.count > 2);
}
