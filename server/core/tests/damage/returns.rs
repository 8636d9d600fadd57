//! Returns that differ from their lines, or that are more than was sold.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_differs_from_its_lines_is_told() {
    let damaged = Damaged::demo().await;
    let back = damaged.return_all(damaged.sale().await).await;
    assert_eq!(damaged.said().await, Vec::<String>::new());
    damaged
        .by([sql("UPDATE receipts SET total = total + 5 WHERE id = $1").bind(back)])
        .await;
    let said = damaged.said().await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with(&format!("return {back}: ")), "{said:?}");
    assert!(said[0].contains("but its lines have"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_money_that_went_back_than_a_line_was_sold_for_is_told() {
    let damaged = Damaged::demo().await;
    let sale = damaged.sale().await;
    let amount = sql("SELECT amount FROM receipt_lines WHERE receipt_id = $1 AND position = 0");
    let sold = damaged.number(amount.bind(sale)).await;
    let back = damaged.return_all(sale).await;
    damaged
        .by([
            sql("UPDATE receipt_lines SET amount = amount + 1 WHERE receipt_id = $1 AND position = 0")
                .bind(back),
            sql("UPDATE receipts SET total = total + 1 WHERE id = $1").bind(back),
        ])
        .await;
    let more = sold + 1;
    assert_eq!(
        damaged.said().await,
        [format!(
            "sale {sale}: of its line 0 went back {more} of money, but it was sold for {sold}"
        )]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_that_went_back_than_was_sold_is_told() {
    let damaged = Damaged::demo().await;
    let sale = damaged.sale().await;
    let sold = damaged
        .number(
            sql("SELECT quantity FROM receipt_lines WHERE receipt_id = $1 AND position = 0")
                .bind(sale),
        )
        .await;
    let back = damaged.return_all(sale).await;
    damaged
        .by([sql(
            "UPDATE receipt_lines SET quantity = quantity + 1 WHERE receipt_id = $1 AND position = 0",
        )
        .bind(back)])
        .await;
    let told = |back: i64| {
        format!("sale {sale}: of its line 0 went back {back} thousandths, but {sold} were sold")
    };
    assert_eq!(damaged.said().await, [told(sold + 1)]);
    // Returns of a line are added up, and one of what was never sold is told too.
    damaged
        .by([
            sql("DELETE FROM receipt_lines WHERE receipt_id = $1 AND position > 0").bind(back),
            sql("UPDATE receipt_lines SET position = 77, quantity = 1 WHERE receipt_id = $1")
                .bind(back),
            sql("UPDATE receipts SET total = (SELECT SUM(amount) FROM receipt_lines WHERE receipt_id = $1) \
                 WHERE id = $1")
            .bind(back),
        ])
        .await;
    let never = format!("sale {sale}: of its line 77 went back 1 thousandths, but 0 were sold");
    assert_eq!(damaged.said().await, std::slice::from_ref(&never));
    damaged.return_all(sale).await;
    assert_eq!(damaged.said().await, std::slice::from_ref(&never));
    damaged.return_all(sale).await;
    let said = damaged.said().await;
    assert!(
        said.contains(&never) && said.contains(&told(2 * sold)),
        "{said:?}"
    );
}
