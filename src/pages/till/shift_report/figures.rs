//! Figures of a report: one person's or till's after another on a screen and on a sheet, a block for each on a narrow roll.

use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::usecases::access::shifts::SalesFigures;
use leptos::prelude::*;

use crate::api::Visitor;
use crate::text::{Texts, format};

/// Key of a column's name, and what stands in it.
type FigureColumn = (&'static str, fn(&FigureWriter, &SalesFigures) -> String);

/// Writes figures in the visitor's language.
#[derive(Clone)]
pub struct FigureWriter {
    texts: Texts,
    currency: String,
}

impl FigureWriter {
    /// Writes in the language of this visitor and the currency of the programme.
    pub fn for_visitor(visitor: &Visitor) -> Self {
        Self {
            texts: visitor.texts(),
            currency: visitor.rules.programme.currency.clone(),
        }
    }

    fn write_count(&self, count: i64) -> String {
        format::format_number(count, self.texts.language())
    }

    fn write_money(&self, money: Money) -> String {
        format::format_money(money, &self.currency, self.texts.language())
    }

    fn write_points(&self, points: Points) -> String {
        self.write_count(points.0)
    }
}

/// Everything that was done, a group of lines each about one thing.
#[component]
pub fn Totals(
    /// Writes the figures.
    write: FigureWriter,
    /// Figures of the shift.
    figures: SalesFigures,
) -> impl IntoView {
    let groups: [(&str, Vec<(&str, String)>); 3] = [
        (
            "report-sales",
            vec![
                ("report-receipts", write.write_count(figures.sales)),
                ("report-sold", write.write_money(figures.sold)),
                ("report-by-points", write.write_money(figures.by_points)),
                ("report-returns", write.write_count(figures.returns)),
                ("report-refund", write.write_money(figures.refund)),
                ("report-in-money", write.write_money(figures.in_money())),
            ],
        ),
        (
            "report-points",
            vec![
                ("report-given", write.write_points(figures.given)),
                ("report-taken", write.write_points(figures.taken)),
                ("report-taken-back", write.write_points(figures.taken_back)),
                ("report-given-back", write.write_points(figures.given_back)),
            ],
        ),
        (
            "report-else",
            vec![
                ("report-begun", write.write_count(figures.begun)),
                ("report-finished", write.write_count(figures.finished)),
                ("report-gifts", write.write_count(figures.gifts)),
                ("report-look-ups", write.write_count(figures.look_ups)),
            ],
        ),
    ];
    let line = |(key, value): (&str, String)| {
        let class = (key == "report-in-money").then_some("total");
        view! {
            <div class=class>
                <dt>{write.texts.get(key)}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let group = |(key, lines): (&str, Vec<(&str, String)>)| {
        view! {
            <section class="panel">
                <h2>{write.texts.get(key)}</h2>
                <dl class="sum">{lines.into_iter().map(line).collect_view()}</dl>
            </section>
        }
    };
    view! { <div class="totals">{groups.into_iter().map(group).collect_view()}</div> }.into_any()
}

/// A table with a row for each person or till.
#[component]
pub fn ByPlace(
    /// Writes the figures.
    write: FigureWriter,
    /// Key of its heading.
    title: &'static str,
    /// Names of people or tills, with the figures of each.
    rows: Vec<(String, SalesFigures)>,
    /// Figures of all together, where they are not told elsewhere.
    #[prop(optional)]
    total: Option<SalesFigures>,
) -> impl IntoView {
    let texts = write.texts;
    if rows.is_empty() {
        return view! {
            <section class="panel">
                <h2>{texts.get(title)}</h2>
                <p class="meta">{texts.get("report-nothing")}</p>
            </section>
        }
        .into_any();
    }
    let columns: [FigureColumn; 8] = [
        ("report-receipts", |w, f| w.write_count(f.sales)),
        ("report-sold", |w, f| w.write_money(f.sold)),
        ("report-given", |w, f| w.write_points(f.given)),
        ("report-taken", |w, f| w.write_points(f.taken)),
        ("report-refund", |w, f| w.write_money(f.refund)),
        ("report-gifts", |w, f| w.write_count(f.gifts)),
        ("report-finished", |w, f| w.write_count(f.finished)),
        ("report-look-ups", |w, f| w.write_count(f.look_ups)),
    ];
    let row = |(name, figures): (String, SalesFigures)| {
        let cells = columns.map(|(key, value)| {
            view! { <td data-name=texts.get(key)>{value(&write, &figures)}</td> }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.into_iter().collect_view()}
            </tr>
        }
    };
    let sum = total.map(|total| (texts.get("report-total"), total));
    view! {
        <section class="panel by-place" aria-labelledby=title>
            <h2 id=title>{texts.get(title)}</h2>
            <table>
                <thead>
                    <tr>
                        <td></td>
                        {columns
                            .iter()
                            .map(|(key, _)| view! { <th scope="col">{texts.get(key)}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.into_iter().chain(sum).map(row).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}
