//! What can be typed into the receipt form, and what is read.

use kopilka_core::store::products::ProductRow;

use super::*;

fn amount(text: &str) -> SaleForm {
    SaleForm {
        amount: text.to_owned(),
        visit: "token".to_owned(),
        ..SaleForm::default()
    }
}

fn rows(rows: &[(&str, &str, &str)]) -> SaleForm {
    let column = |pick: fn(&(&str, &str, &str)) -> String| rows.iter().map(pick).collect();
    SaleForm {
        mode: "lines".to_owned(),
        line_name: column(|row| row.0.to_owned()),
        line_quantity: column(|row| row.1.to_owned()),
        line_amount: column(|row| row.2.to_owned()),
        ..SaleForm::default()
    }
}

fn problems(form: &SaleForm) -> Vec<(&'static str, &'static str, String)> {
    let line = |problem: &FieldProblem| {
        problem
            .args
            .first()
            .map(|(_, line)| line.clone())
            .unwrap_or_default()
    };
    form.draft()
        .unwrap_err()
        .iter()
        .map(|problem| (problem.field, problem.key, line(problem)))
        .collect()
}

#[test]
fn an_amount_is_read_with_comma_dot_and_spaces() {
    for (text, kopecks) in [
        ("1240", 124_000),
        ("1 240", 124_000),
        ("1\u{a0}240,5", 124_050),
        ("99.90", 9_990),
        ("99,90 ₽", 9_990),
        ("0,01", 1),
        ("1240,", 124_000),
        ("007", 700),
        ("10000000000", 1_000_000_000_000),
    ] {
        assert_eq!(
            amount(text).draft().unwrap().lines[0].amount,
            Money(kopecks),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_amount_is_named() {
    for text in [
        "0",
        "-5",
        "+5",
        "1,2,3",
        "1,590.00",
        "1.590",
        "12a",
        "٣",
        ",",
        ",50",
        "1e3",
        "0x1",
        "∞",
        "10000000000,01",
        "99999999999999999999",
    ] {
        assert_eq!(
            problems(&amount(text)),
            [("amount", "amount-invalid", String::new())],
            "{text}"
        );
    }
    assert_eq!(
        problems(&amount("  ")),
        [("amount", "amount-missing", String::new())]
    );
}

#[test]
fn points_are_spent_only_as_chosen() {
    let spend = |spend: &str, points: &str| SaleForm {
        spend: spend.to_owned(),
        points: points.to_owned(),
        ..amount("100")
    };
    assert_eq!(spend("", "50").draft().unwrap().spend, PointsToSpend::None);
    assert_eq!(
        spend("none", "50").draft().unwrap().spend,
        PointsToSpend::None
    );
    assert_eq!(spend("all", "").draft().unwrap().spend, PointsToSpend::All);
    assert_eq!(
        spend("exact", " 1 200 ").draft().unwrap().spend,
        PointsToSpend::Exactly(Points(1_200))
    );
    for wrong in ["", "1,5", "-1", "много"] {
        assert_eq!(
            problems(&spend("exact", wrong)),
            [("points", "points-invalid", String::new())]
        );
    }
}

#[test]
fn a_sale_without_a_card_spends_nothing() {
    let form = SaleForm {
        visit: String::new(),
        spend: "all".to_owned(),
        ..amount("100")
    };
    let draft = form.draft().unwrap();
    assert_eq!((draft.visit, draft.spend), (None, PointsToSpend::None));
}

#[test]
fn empty_rows_do_not_count_and_wrong_ones_keep_their_place() {
    let form = rows(&[
        ("", "1", ""),
        ("Сыр", "0,345", "250,10"),
        ("", "1", " "),
        ("Хлеб", "1", "45"),
    ]);
    let lines = form.draft().unwrap().lines;
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (lines[0].quantity, lines[0].amount),
        (Quantity(345), Money(25_010))
    );

    let form = rows(&[("", "1", ""), ("Сыр", "0", "250"), ("Хлеб", "1", "")]);
    let line = |n: &str| n.to_owned();
    assert_eq!(
        problems(&form),
        [
            ("quantity", "line-quantity", line("1")),
            ("amount", "line-amount-zero", line("2"))
        ]
    );
    assert_eq!(
        problems(&rows(&[("", "1", "")])),
        [("lines", "lines-none", line("0"))]
    );
}

#[test]
fn a_posted_form_reads_back_and_grows_by_a_row() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let form = SaleForm::from_fields(&[
        pair("key", "k"),
        pair("line_name[]", "Сыр"),
        pair("line_amount[]", "10"),
        pair("other", "x"),
    ]);
    assert_eq!(form.rows().len(), 1);
    let form = form.edited("row").edited("lines");
    assert_eq!(form.rows().len(), 2);
    assert_eq!(form.rows()[1].quantity, "1");
    assert!(form.by_lines() && form.draft().is_ok());
}

#[test]
fn a_code_is_new_until_the_page_has_answered_it() {
    let form = SaleForm {
        code: "4111".to_owned(),
        ..SaleForm::default()
    };
    assert!(form.has_new_code());
    let answered = SaleForm {
        answered: "4111".to_owned(),
        ..form
    };
    assert!(!answered.has_new_code());
}

#[test]
fn the_same_receipt_has_the_same_fingerprint_however_it_was_typed() {
    let of = |text: &str| fingerprint(&amount(text).draft().unwrap());
    assert_eq!(of("1240"), of("1 240,00"));
    assert_ne!(of("1240"), of("1241"));
    let all = SaleForm {
        spend: "all".to_owned(),
        ..amount("1240")
    };
    assert_ne!(of("1240"), fingerprint(&all.draft().unwrap()));
}

fn milk() -> ProductRow {
    ProductRow {
        sku: "1".to_owned(),
        name: "Молоко".to_owned(),
        category: "dairy".to_owned(),
        price: Some(Money(8_990)),
    }
}

#[test]
fn a_product_costs_its_price_unless_an_amount_is_typed() {
    let mut form = amount("1240");
    form.add(&milk());
    form.add(&milk());
    let line = &form.draft().unwrap().lines[0];
    assert_eq!(
        (line.sku.as_str(), line.quantity, line.amount),
        ("1", Quantity(2_000), Money(17_980))
    );
    form.line_quantity[0] = "0,345".to_owned();
    assert_eq!(form.draft().unwrap().lines[0].amount, Money(3_102));
    form.line_amount[0] = "25".to_owned();
    assert_eq!(form.draft().unwrap().lines[0].amount, Money(2_500));
    // The way back to the amount alone keeps both.
    let form = form.edited("amount");
    assert_eq!(form.draft().unwrap().lines[0].amount, Money(124_000));
    assert_eq!(form.edited("lines").rows().len(), 1);
}

#[test]
fn a_product_without_a_price_needs_an_amount() {
    let mut form = amount("");
    form.add(&ProductRow {
        price: None,
        ..milk()
    });
    assert_eq!(
        problems(&form),
        [("amount", "line-amount-zero", "0".to_owned())]
    );
}

#[test]
fn buttons_change_a_quantity_and_take_a_row_away() {
    let form = rows(&[("Сыр", "1,5", "300"), ("Хлеб", "1", "45")]);
    let form = form.edited("plus-0").edited("plus-1");
    assert_eq!(
        (
            form.rows()[0].quantity.as_str(),
            form.rows()[0].amount.as_str()
        ),
        ("2,5", "500")
    );
    assert_eq!(form.rows()[1].amount, "90");
    // Never to nothing: that is what taking away is for.
    let form = form.edited("minus-1").edited("minus-1");
    assert_eq!(
        (
            form.rows()[1].quantity.as_str(),
            form.rows()[1].amount.as_str()
        ),
        ("1", "45")
    );
    let form = form.edited("drop-0");
    assert_eq!(form.rows().len(), 1);
    assert_eq!(form.rows()[0].name, "Хлеб");
    for nothing in [
        "drop-7",
        "plus-",
        "minus-x",
        "plus-99999999999999999999",
        "-",
    ] {
        assert_eq!(
            form.clone().edited(nothing).rows(),
            form.rows(),
            "{nothing}"
        );
    }
    let huge = rows(&[("Сыр", "9223372036854775", "1")]);
    assert_eq!(huge.clone().edited("plus-0").rows(), huge.rows());
}

#[test]
fn the_code_of_a_product_is_part_of_what_was_posted() {
    let mut form = amount("");
    form.add(&milk());
    let mut other = form.clone();
    other.line_sku[0] = "2".to_owned();
    assert_ne!(
        fingerprint(&form.draft().unwrap()),
        fingerprint(&other.draft().unwrap())
    );
}

#[test]
fn a_question_asks_for_a_number_or_for_as_many_as_may_be() {
    let form = SaleForm {
        ask: " 1 200 ".to_owned(),
        ..amount("5000")
    };
    let spend = |form: &SaleForm| form.asking().draft().unwrap().spend;
    assert_eq!(spend(&form), PointsToSpend::Exactly(Points(1_200)));
    assert_eq!(spend(&amount("5000")), PointsToSpend::All);
    // The form itself spends nothing until there is an answer.
    assert_eq!(form.draft().unwrap().spend, PointsToSpend::None);
}

#[test]
fn the_sum_that_was_shown_counts_for_its_own_receipt_alone() {
    let draft = amount("1240").draft().unwrap();
    let shown = |shown: String, typed: &str| {
        let form = SaleForm {
            shown,
            ..amount(typed)
        };
        form.shown_to_pay(&form.draft().unwrap())
    };
    let sum = shown_sum(&draft, Money(118_000));
    assert_eq!(shown(sum.clone(), "1 240,00"), Some(Money(118_000)));
    assert_eq!(shown(sum.clone(), "1241"), None);
    for strange in ["", " ", "118000", "x y", "118000 0123456789abcdef"] {
        assert_eq!(shown(strange.to_owned(), "1240"), None, "{strange}");
    }
}
