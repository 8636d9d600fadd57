//! The list of goods by the command line: what is wrong is named and nothing is stored; what is right is found at a till.

use std::path::PathBuf;
use std::process::Output;

use crate::support::{Place, run_at};

struct Shop {
    place: Place,
}

impl Shop {
    fn new() -> Self {
        let place = Place::without_tables();
        assert!(run_at(&place, &["migrate"]).status.success());
        Self { place }
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let file = self.place.path().join("list.csv");
        std::fs::write(&file, bytes).unwrap();
        file
    }

    fn import(&self, bytes: &[u8], options: &[&str]) -> Output {
        let file = self.file(bytes);
        let mut args = vec!["products", "import", file.to_str().unwrap()];
        args.extend(options);
        run_at(&self.place, &args)
    }

    fn list(&self) -> String {
        said(&run_at(&self.place, &["products", "list"]))
    }
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_list_is_stored_listed_and_removed() {
    let shop = Shop::new();
    let list = "\u{feff}sku;name;category;price;barcode\r\n1;Сыр;dairy;99,90;9520000000011\r\n2;Гвозди;nails;;\r\n";
    let done = shop.import(list.as_bytes(), &[]);
    assert_eq!(said(&done), "2 products with 1 barcodes are stored\n");
    let warned = String::from_utf8(done.stderr).unwrap();
    assert!(
        warned.contains("category \"nails\" (1 products)"),
        "{warned}"
    );
    assert_eq!(shop.list(), "1\tСыр\tdairy\t99,90\n2\tГвозди\tnails\t\n");
    let removed = run_at(&shop.place, &["products", "remove", "2", "3"]);
    assert!(refused(&removed).contains("there is no product 3"));
    assert_eq!(shop.list(), "1\tСыр\tdairy\t99,90\n");
}

#[test]
fn a_faulty_list_names_each_fault_and_stores_nothing() {
    let shop = Shop::new();
    let list = "sku,name,price\n1,Сыр,99.90\n,Соль,10\n3,Рис,-5\n";
    let text = refused(&shop.import(list.as_bytes(), &[]));
    for fault in [
        "line 3, sku: it is empty",
        "line 4, price: \"-5\" is no price",
        "2 faults, nothing is stored",
    ] {
        assert!(text.contains(fault), "{text}");
    }
    assert_eq!(shop.list(), "");
    let dry = shop.import(list.as_bytes(), &["--dry-run", "--skip-faults"]);
    assert_eq!(
        said(&dry),
        "1 products with 0 barcodes are right, nothing is stored\n"
    );
    assert_eq!(shop.list(), "");
    said(&shop.import(list.as_bytes(), &["--skip-faults"]));
    assert_eq!(shop.list(), "1\tСыр\t\t99,90\n");
    said(&shop.import(b"sku,name\n7,New\n", &["--replace"]));
    assert_eq!(shop.list(), "7\tNew\t\t\n");
}

#[test]
fn a_list_of_an_old_windows_is_read_and_said_so() {
    let shop = Shop::new();
    // «Сыр» in Windows-1251.
    let mut list = b"sku;name\n1;".to_vec();
    list.extend([0xd1, 0xfb, 0xf0, b'\n']);
    let done = shop.import(&list, &[]);
    assert_eq!(shop.list(), "1\tСыр\t\t\n");
    let noted = String::from_utf8(done.stderr).unwrap();
    assert!(noted.contains("read as Windows-1251"), "{noted}");
    let picture = refused(&shop.import(&[0x89, b'P', b'N', b'G', 0, 0, 0xff], &[]));
    assert!(
        picture.contains("neither in UTF-8 nor in Windows-1251"),
        "{picture}"
    );
    let missing = run_at(&shop.place, &["products", "import", "no-such-file.csv"]);
    assert!(refused(&missing).contains("no-such-file.csv cannot be read"));
}
