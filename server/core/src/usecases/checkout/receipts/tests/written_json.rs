//! JSON that leaves the process or stays in the database, byte for byte: answers to tills, and columns that later versions
//! must read. A change here breaks tills or databases.

use serde::Serialize;

use super::super::*;
use super::rig::{Rig, back, line};
use crate::domain::evaluate::PointsToSpend;
use crate::domain::receipt::{ReceiptLine, Unit};
use crate::store::engine::sql;
use crate::usecases::checkout::pos_v1::{
    ApiQuote, ApiReceipt, ApiReceiptPage, ApiReturnEffect, ApiStored,
};
use crate::usecases::checkout::till::put_sale_aside;

/// Everything that is written, each text on a line under its name.
#[derive(Default)]
struct WrittenTexts(String);

impl WrittenTexts {
    fn add(&mut self, name: &str, text: &str) {
        self.0 += &format!("{name}\n{text}\n\n");
    }

    fn add_answer<T: Serialize>(&mut self, name: &str, answer: &T) {
        self.add(name, &serde_json::to_string(answer).unwrap());
    }

    async fn add_column(&mut self, rig: &Rig, name: &str, query: &'static str) {
        let mut tx = rig.k.db.read().await.unwrap();
        let texts: Vec<String> = sql(query).fetch_values(&mut tx).await.unwrap();
        self.add(name, &texts.join("\n"));
    }

    /// Returns the texts with `<id>` instead of each id.
    fn without_ids(&self) -> String {
        let mut plain = String::new();
        let mut rest = self.0.as_str();
        while let Some(next) = rest.chars().next() {
            let id = rest
                .get(..36)
                .filter(|text| text.parse::<uuid::Uuid>().is_ok());
            let length = id.map_or(next.len_utf8(), str::len);
            plain += id.map_or(&rest[..length], |_| "<id>");
            rest = &rest[length..];
        }
        plain
    }
}

#[test]
fn answers_and_stored_columns_are_written_as_ever() {
    let rig = Rig::new(5);
    let mut texts = WrittenTexts::default();
    let card = rig.runtime.block_on(async {
        let anna = rig.member(200).await;
        let goods = vec![
            line("dairy", 2, 400),
            line("coffee", 1, 640),
            ReceiptLine {
                sku: "123".to_owned(),
                name: "Сыр".to_owned(),
                unit: Unit::Kg,
                ..line("grocery", 1, 1_200)
            },
        ];
        let draft = SaleDraft {
            series: Some("9960".to_owned()),
            ..rig.draft(&anna, goods, PointsToSpend::All)
        };
        let quoted = quote_sale(&rig.k, &rig.till, &draft).await.unwrap();
        texts.add_answer("quote", &ApiQuote::from(quoted));
        let sold = commit_sale(&rig.k, &rig.till, &draft, &rig.sent())
            .await
            .unwrap();
        texts.add("sale", &sold.answer);
        let sale = sold.receipt().unwrap();

        let returns = rig.return_draft(sale.id, vec![back(0, 1)]);
        let quoted = quote_return(&rig.k, &rig.till, &returns).await.unwrap();
        texts.add_answer("quoted return", &ApiReturnEffect::from(quoted));
        let returned = commit_return(&rig.k, &rig.till, &returns, &rig.sent()).await;
        texts.add("return", &returned.unwrap().answer);

        let mut claimed = rig.sell_to_nobody(vec![line("grocery", 1, 100)]).await;
        let claim = claimed.claim.as_mut().unwrap();
        claim.code = "4KM2 9TX P077".to_owned();
        claim.link = Some("https://test/claim?code=4KM29TXP077".to_owned());
        texts.add_answer("claimable sale", &ApiReceipt::from(claimed));

        let ahead = Some(rig.k.now().plus_secs(301));
        let early = SaleDraft {
            at: ahead,
            ..rig.draft(&anna, vec![line("grocery", 1, 500)], PointsToSpend::None)
        };
        let parked = commit_sale(&rig.k, &rig.till, &early, &rig.sent())
            .await
            .unwrap();
        texts.add("parked sale", &parked.answer);
        let unknown = ReturnedSaleName::Number {
            series: "9960".to_owned(),
            shift: "1".to_owned(),
            number: "77".to_owned(),
        };
        let waiting = ReturnDraft {
            sale: unknown,
            ..rig.return_draft(sale.id, vec![back(0, 1)])
        };
        let parked = commit_return(&rig.k, &rig.till, &waiting, &rig.sent()).await;
        texts.add("parked return", &parked.unwrap().answer);
        let aside = rig.draft(&anna, early.lines, PointsToSpend::None);
        let sent = rig.sent();
        put_sale_aside(&rig.k, &rig.till, &aside, &sent, "card-unknown")
            .await
            .unwrap();

        let stored_sale = load_receipt(&rig.k, &rig.till, sale.id).await.unwrap();
        let back = load_receipt(&rig.k, &rig.till, stored_sale.returns[0])
            .await
            .unwrap();
        texts.add_answer("stored sale", &ApiStored::from(stored_sale));
        texts.add_answer("stored return", &ApiStored::from(back));
        let search = ReceiptSearchCriteria {
            series: Some("9960".to_owned()),
            shift: "1".to_owned(),
            ..ReceiptSearchCriteria::default()
        };
        let page = list_receipts(&rig.k, &rig.till, &search).await.unwrap();
        texts.add_answer("page", &ApiReceiptPage::from(page));

        let columns = [
            (
                "receipts.evaluation",
                "SELECT evaluation FROM receipts ORDER BY id",
            ),
            (
                "receipts.judgement",
                "SELECT judgement FROM receipts ORDER BY id",
            ),
            ("entries.reason", "SELECT reason FROM entries ORDER BY id"),
            ("parked.draft", "SELECT draft FROM parked ORDER BY id"),
            ("parked.shown", "SELECT shown FROM parked ORDER BY id"),
            ("till_put_aside.lines", "SELECT lines FROM till_put_aside"),
        ];
        for (name, query) in columns {
            texts.add_column(&rig, name, query).await;
        }
        anna.card
    });
    let written = texts.without_ids().replace(card.as_str(), "<card>");
    assert!(written == include_str!("written_json.txt"), "{written}");
}
