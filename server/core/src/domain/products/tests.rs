//! What can stand in a list of goods, and what is said of it.

use super::*;

fn faults(text: &str) -> Vec<String> {
    parse_list(text)
        .faults
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_list_is_read_with_any_mark_between_and_columns_in_any_order() {
    let milk = Product {
        sku: "10001".to_owned(),
        name: "Молоко 3,2 %".to_owned(),
        category: "dairy".to_owned(),
        price: Some(Money(9_990)),
        barcodes: vec!["9520000000011".to_owned(), "0952000000001".to_owned()],
    };
    for text in [
        "sku,name,category,price,barcode\n10001,\"Молоко 3,2 %\",dairy,99.90,9520000000011|952000000001\n",
        "\u{feff}sku;name;category;price;barcode\r\n10001;Молоко 3,2 %;dairy;99,90;9520000000011 | 952000000001\r\n",
        "BARCODE\tPrice\tCategory\tName\tSKU\n9520000000011|952000000001\t99,9\tdairy\tМолоко 3,2 %\t10001",
        "sku;name;category;price;barcode\n10001;Молоко 3,2 %;dairy;99,90;9520000000011\n10001;Молоко 3,2 %;dairy;99,90;952000000001",
    ] {
        let list = parse_list(text);
        assert_eq!(list.faults, [], "{text}");
        assert_eq!(list.products, std::slice::from_ref(&milk), "{text}");
        assert!(list.tells_barcodes);
    }
}

#[test]
fn price_category_and_barcode_may_be_missing() {
    let list = parse_list("sku,name\n1,Хлеб\n2,Соль\n");
    assert_eq!((list.products.len(), list.faults.len()), (2, 0));
    assert_eq!(list.products[0].price, None);
    assert!(!list.tells_barcodes);
}

#[test]
fn every_fault_is_named_by_line_and_column() {
    assert_eq!(
        faults(
            "sku;name;category;price;barcode\n\
             ;Хлеб;bakery;45;\n\
             2;;bakery;-1;12x\n\
             3;Соль;grocery;12,345;9520000000011\n\
             4;Рис;grocery;0;9520000000028\n\
             5;Мука;grocery;;9520000000028\n\
             6;Сода\n"
        ),
        [
            "line 2, sku: it is empty",
            "line 3, name: it is empty",
            "line 3, price: \"-1\" is no price; one is written 99.90 or 99,90",
            "line 3, barcode: \"12x\" is no barcode of 8 to 14 digits",
            "line 4, price: \"12,345\" is no price; one is written 99.90 or 99,90",
            "line 5, price: \"0\" is no price; one is written 99.90 or 99,90",
            "line 6, barcode: 9520000000028 is that of 4 already",
            "line 7: it has 2 columns, the first line has 5",
        ]
    );
}

#[test]
fn a_faulty_line_keeps_the_others() {
    let list = parse_list("sku,name,price\n1,Хлеб,45\n2,Соль,много\n3,Рис,80\n");
    let known: Vec<&str> = list.products.iter().map(|each| each.sku.as_str()).collect();
    assert_eq!(known, ["1", "3"]);
    assert_eq!(list.faults.len(), 1);
}

#[test]
fn the_first_line_says_what_the_columns_are() {
    assert_eq!(faults(""), ["line 1: the file is empty"]);
    assert_eq!(
        faults("sku,title,price\n1,Хлеб,45"),
        [
            "line 1: there is no column \"title\"; those that are: sku, name, category, price, barcode",
            "line 1, name: the column is missing",
        ]
    );
    assert_eq!(
        faults("sku,name,sku\n"),
        ["line 1: the column \"sku\" stands twice"]
    );
}

#[test]
fn a_product_says_the_same_in_all_its_lines() {
    assert_eq!(
        faults("sku,name,price\n1,Хлеб,45\n1,Хлеб,46\n1,Батон,45\n"),
        [
            "line 3, price: an earlier line says another one of 1",
            "line 4, name: an earlier line says another one of 1",
        ]
    );
}

#[test]
fn letters_are_folded_also_in_russian() {
    assert_eq!(fold_text("  Сыр  «ТЁЩА» "), "сыр «теща»");
    assert_eq!(
        parse_barcode("952000000001"),
        parse_barcode("0952000000001")
    );
    assert_eq!(parse_barcode("1234567"), None);
    assert_eq!(parse_barcode("٣٣٣٣٣٣٣٣"), None);
}
