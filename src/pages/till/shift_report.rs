//! The report of a shift: what was sold, given and handed over, by everybody together and by each cashier; for an
//! administrator the store's day by till. It prints on a sheet as on the roll of a receipt printer.

mod figures;

use std::sync::Arc;

use chrono_tz::Tz;
use figures::{ByPlace, FigureWriter, Totals};
use kopilka_core::domain::roles::Permission;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::access::shifts::{self, ShiftReport, ShiftSummary, StoreDayReport};
use kopilka_core::usecases::access::staff::Cashier;
use leptos::prelude::*;

use super::till_frame::Sheet;
use super::till_sign_in::TillSignIn;
use crate::api::Visitor;
use crate::api::forms::{FormState, PageStep, RenderedForm};
use crate::components::{FormErrors, Head, Icon, page_loading};
use crate::text::Texts;
use crate::text::format;

/// The page.
#[component]
pub fn TillReport() -> impl IntoView {
    let visitor = Visitor::current();
    let closed =
        FormState::current().is_some_and(|posted| matches!(posted.step, PageStep::ShiftClosed(_)));
    // The till is locked behind a shift that was closed, and whoever has closed it reads its report.
    let locked = visitor.locked.clone().filter(|_| closed);
    let Some(cashier) = visitor.cashier.clone().or(locked) else {
        return view! { <TillSignIn visitor /> }.into_any();
    };
    let visitor = Arc::new(Visitor {
        cashier: Some(cashier.clone()),
        ..Visitor::clone(&visitor)
    });
    let title = visitor.texts().get("till-report");
    view! {
        <Sheet visitor=Arc::clone(&visitor) title class="report">
            {page_loading::load_page(async move {
                let (report, day) = load_report(&visitor, &cashier).await?;
                Ok(report_page(&visitor, report, day, closed))
            })}
        </Sheet>
    }
    .into_any()
}

async fn load_report(
    visitor: &Visitor,
    cashier: &Cashier,
) -> Result<(ShiftReport, Option<StoreDayReport>), Error> {
    let shift: Option<RowId> = visitor
        .path
        .split_once("?shift=")
        .and_then(|(_, id)| id.parse().ok());
    let report = shifts::load_shift_report(&visitor.kopilka, cashier, shift).await?;
    let day = if cashier.may(Permission::SeeStoreDay) {
        Some(shifts::load_store_day(&visitor.kopilka, cashier).await?)
    } else {
        None
    };
    Ok((report, day))
}

fn report_page(
    visitor: &Visitor,
    report: ShiftReport,
    day: Option<StoreDayReport>,
    closed: bool,
) -> AnyView {
    let texts = visitor.texts();
    let zone = visitor.zone_here();
    let write = FigureWriter::for_visitor(visitor);
    let cashier = visitor.cashier.as_ref();
    let place =
        cashier.map(|cashier| format!("{} · {}", cashier.till.name, cashier.till.store_name));
    let open = report
        .shift
        .as_ref()
        .is_some_and(|shift| shift.closed.is_none())
        && !closed;
    let title = report.shift.as_ref().map_or_else(
        || texts.get("till-report"),
        |shift| texts.with_values("till-shift", &[("number", shift.number.to_string().into())]),
    );
    let back = ("/till", texts.get("till-back"));
    view! {
        {closed
            .then(|| {
                view! {
                    <div class="note no-print" data-tone="good" role="status">
                        <Icon name="check" />
                        <p>{texts.get("till-shift-closed")}</p>
                    </div>
                }
            })}
        // A shift that was closed was posted too, and nothing is wrong with it.
        {(!closed).then(|| view! { <FormErrors form=RenderedForm::for_endpoint("till/close-shift") /> })}
        <Head title lead=place.unwrap_or_default() back />
        {match report.shift.clone() {
            None => view! { <p class="panel">{texts.get("till-no-shift")}</p> }.into_any(),
            Some(shift) => {
                let by_cashier = report
                    .by_cashier
                    .iter()
                    .map(|(name, figures)| {
                        let name = if name.is_empty() {
                            texts.get("report-nobody")
                        } else {
                            name.clone()
                        };
                        (name, *figures)
                    })
                    .collect::<Vec<_>>();
                view! {
                    <Span texts zone shift at=report.at />
                    <Totals write=write.clone() figures=report.total />
                    {(by_cashier.len() > 1)
                        .then(|| {
                            let write = write.clone();
                            view! { <ByPlace write title="report-by-cashier" rows=by_cashier /> }
                        })}
                }
                    .into_any()
            }
        }}
        {day
            .map(|day| {
                let rows = day.by_till.into_iter().map(|each| (each.till, each.figures)).collect();
                view! { <ByPlace write title="report-store-today" rows total=day.total /> }
            })}
        <div class="actions no-print">
            <button class="btn quiet script" type="button" data-print="">
                <Icon name="printer" />
                {texts.get("till-print")}
            </button>
            {open.then(|| view! { <Close texts /> })}
        </div>
        {(!closed).then(|| view! { <Choose texts zone report /> })}
    }
    .into_any()
}

/// Beginning and end of the shift, and who opened and closed it.
#[component]
fn Span(
    /// Words in the language of the page.
    texts: Texts,
    zone: Tz,
    shift: ShiftSummary,
    at: kopilka_core::domain::time::Instant,
) -> impl IntoView {
    let moment = |at| format::format_moment(at, zone, texts.language());
    let said = |name: String| (!name.is_empty()).then_some(name);
    let end = match shift.closed {
        Some(closed) => (
            texts.get("report-closed"),
            moment(closed),
            said(shift.closed_by).or_else(|| Some(texts.get("report-by-day"))),
        ),
        None => (texts.get("report-so-far"), moment(at), None),
    };
    let fact = |(name, time, who): (String, String, Option<String>)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    {time}
                    {who.map(|who| view! { <small>{who}</small> })}
                </dd>
            </div>
        }
    };
    view! {
        <dl class="span">
            {fact((texts.get("report-opened"), moment(shift.opened), said(shift.opened_by)))}
            {fact(end)}
        </dl>
    }
    .into_any()
}

/// Closes the shift; what is asked for is done at once, so the button says what follows.
#[component]
fn Close(
    /// Words in the language of the page.
    texts: Texts,
) -> impl IntoView {
    view! {
        <form method="post" action="/api/till/close-shift">
            <button class="btn">
                <Icon name="lock" />
                {texts.get("till-close-shift")}
            </button>
        </form>
    }
    .into_any()
}

/// Other shifts of the till.
#[component]
fn Choose(
    /// Words in the language of the page.
    texts: Texts,
    zone: Tz,
    report: ShiftReport,
) -> impl IntoView {
    if report.to_choose.len() < 2 {
        return ().into_any();
    }
    let chosen = report.shift.map(|shift| shift.id);
    let option = |shift: ShiftSummary| {
        let number =
            texts.with_values("till-shift", &[("number", shift.number.to_string().into())]);
        let began = format::format_moment(shift.opened, zone, texts.language());
        view! {
            <option value=shift.id.to_string() selected=chosen == Some(shift.id)>
                {format!("{number}, {began}")}
            </option>
        }
    };
    view! {
        <form class="field no-print" method="get" action="/till/report">
            <label for="shift">{texts.get("report-choose")}</label>
            <div class="inline">
                <select id="shift" name="shift">
                    {report.to_choose.into_iter().map(option).collect_view()}
                </select>
                <button class="btn quiet">{texts.get("report-show")}</button>
            </div>
        </form>
    }
    .into_any()
}
