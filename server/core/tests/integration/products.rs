//! The list of goods: stored whole or not at all, found however it is typed, on each engine.

use std::time::Instant;

use crate::chain::Chain;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::amounts::Money;
use kopilka_core::usecases::programme::products::{
    self, ProductImportOptions, ProductImportSummary,
};

const LIST: &str = "sku;name;category;price;barcode\n\
    1;Сыр «Тёща», кг;dairy;640;9520000000011\n\
    2;СЫР плавленый 100%_;dairy;89,90;9520000000028|952000000003\n\
    3;Хлеб;bakery;;\n";

async fn import(chain: &Chain, text: &str, how: ProductImportOptions) -> ProductImportSummary {
    products::import_products(&chain.k, &Actor::OPERATOR, text, how)
        .await
        .unwrap()
}

async fn found(chain: &Chain, text: &str) -> Vec<String> {
    let found = products::search_products(&chain.k, text).await.unwrap();
    found.into_iter().map(|product| product.sku).collect()
}

async fn listed(chain: &Chain) -> Vec<String> {
    let all = products::list_products(&chain.k, "", 100).await.unwrap();
    all.into_iter().map(|product| product.sku).collect()
}

async fn open() -> Chain {
    Chain::open("2026-03-02", |_| {}).await
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_are_found_by_any_part_of_their_name_in_any_case_and_by_their_codes() {
    let chain = open().await;
    let done = import(&chain, LIST, ProductImportOptions::default()).await;
    assert_eq!((done.products, done.barcodes, done.stored), (3, 3, true));
    for (text, skus) in [
        ("сыр", vec!["1", "2"]),
        ("  СЫР  ", vec!["1", "2"]),
        ("теща сыр", vec!["1"]),
        ("ТЁЩ", vec!["1"]),
        ("плав", vec!["2"]),
        ("100%_", vec!["2"]),
        ("%", vec!["2"]),
        ("_", vec!["2"]),
        ("!", vec![]),
        ("масло", vec![]),
        ("", vec![]),
        ("9520000000011", vec!["1"]),
        ("952000000003", vec!["2"]),
        ("0952000000003", vec!["2"]),
        ("3", vec!["3"]),
    ] {
        assert_eq!(found(&chain, text).await, skus, "{text}");
    }
    let bread = products::find_by_sku(&chain.k, "3").await.unwrap().unwrap();
    assert_eq!(bread.price, None);
    let cheese = products::find_by_barcode(&chain.k, "9520000000028")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(cheese.price, Some(Money(8_990)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_list_changes_nothing_unless_its_faults_are_left_out() {
    let chain = open().await;
    import(&chain, LIST, ProductImportOptions::default()).await;
    let faulty = "sku,name,price\n3,Батон,50\n4,Соль,много\n";
    let done = import(&chain, faulty, ProductImportOptions::default()).await;
    assert_eq!((done.stored, done.faults.len()), (false, 1));
    assert_eq!(found(&chain, "батон").await, Vec::<String>::new());
    let dry = ProductImportOptions {
        dry_run: true,
        skip_faults: true,
        replace: true,
    };
    assert!(!import(&chain, faulty, dry).await.stored);
    assert_eq!(listed(&chain).await, ["1", "2", "3"]);
    let skipping = ProductImportOptions {
        skip_faults: true,
        ..ProductImportOptions::default()
    };
    assert!(import(&chain, faulty, skipping).await.stored);
    assert_eq!(found(&chain, "батон").await, ["3"]);
    assert_eq!(listed(&chain).await, ["1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_list_replaces_what_it_names_or_everything() {
    let chain = open().await;
    import(&chain, LIST, ProductImportOptions::default()).await;
    // Without a column of barcodes those known before stay.
    import(
        &chain,
        "sku,name,price\n2,Сыр копчёный,99\n",
        ProductImportOptions::default(),
    )
    .await;
    assert_eq!(found(&chain, "9520000000028").await, ["2"]);
    assert_eq!(found(&chain, "плавленый").await, Vec::<String>::new());
    // With one they are those of the list.
    import(
        &chain,
        "sku,name,barcode\n2,Сыр копчёный,9520000000042\n",
        ProductImportOptions::default(),
    )
    .await;
    assert_eq!(found(&chain, "9520000000028").await, Vec::<String>::new());
    assert_eq!(found(&chain, "9520000000042").await, ["2"]);
    // A barcode that another product has is told.
    let taken = import(
        &chain,
        "sku,name,barcode\n9,Новый,9520000000042\n",
        ProductImportOptions::default(),
    )
    .await;
    assert!(!taken.stored);
    assert_eq!(
        taken.faults[0].to_string(),
        "line 2, barcode: 9520000000042 is stored as that of 2; remove 2 or use --replace"
    );
    let replace = ProductImportOptions {
        replace: true,
        ..ProductImportOptions::default()
    };
    assert!(
        import(&chain, "sku,name,barcode\n9,Новый,9520000000042\n", replace)
            .await
            .stored
    );
    assert_eq!(listed(&chain).await, ["9"]);
    let skus = ["9".to_owned(), "8".to_owned()];
    assert_eq!(
        products::remove_products(&chain.k, &Actor::OPERATOR, &skus)
            .await
            .unwrap(),
        ["9"]
    );
    assert_eq!(listed(&chain).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn categories_that_nothing_speaks_of_are_told() {
    let chain = open().await;
    let done = import(
        &chain,
        "sku,name,category\n1,Сыр,dairy\n2,Гвоздь,nails\n",
        ProductImportOptions::default(),
    )
    .await;
    assert!(done.stored);
    assert_eq!(
        done.strange.into_iter().collect::<Vec<_>>(),
        [("nails".to_owned(), 1)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_products_are_stored_and_searched() {
    let chain = open().await;
    let mut list = "sku,name,category,price,barcode\n".to_owned();
    for number in 0..100_000 {
        list.push_str(&format!(
            "{number},Товар {number},grocery,{}.50,{}\n",
            number + 1,
            9_520_000_000_000_u64 + number
        ));
    }
    let began = Instant::now();
    let done = import(&chain, &list, ProductImportOptions::default()).await;
    let stored = began.elapsed();
    assert_eq!(
        (done.products, done.barcodes, done.stored),
        (100_000, 100_000, true)
    );
    let began = Instant::now();
    assert_eq!(found(&chain, "товар 99999").await, ["99999"]);
    println!(
        "100,000 products: stored in {stored:?}, searched in {:?}",
        began.elapsed()
    );
}
