//! The log of every yes and no, with files of it to take away.

use kopilka_core::domain::consents::ConsentSubject;
use kopilka_core::usecases::profiles::consents::ConsentChange;
use leptos::prelude::*;

use super::document_name;
use crate::api::Visitor;
use crate::components::Icon;
use crate::text::{Texts, format};

/// The whole log, with files of it to take away.
pub fn proofs_panel(visitor: &Visitor, history: &[ConsentChange]) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let rows = history
        .iter()
        .map(|change| proof_row(visitor, change).into_any())
        .collect::<Vec<_>>();
    view! {
        <section class="panel" id="proofs" aria-labelledby="proofs-title">
            <header>
                <h2 id="proofs-title">{texts.get("consents-proofs")}</h2>
                <p>{texts.get("consents-proofs-text")}</p>
            </header>
            <div class="actions">
                {[("csv", "consents-proofs-csv"), ("json", "consents-proofs-json")]
                    .map(|(kind, key)| {
                        view! {
                            <a
                                class="btn quiet small"
                                href=format!("/consents/proofs.{kind}")
                                download=""
                            >
                                <Icon name="download" />
                                {texts.get(key)}
                            </a>
                        }
                    })
                    .collect_view()}
            </div>
            <table class="fold" role="table">
                <caption class="vh">{texts.get("consents-proofs-caption")}</caption>
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">{texts.get("consents-when")}</th>
                        <th scope="col" role="columnheader">{texts.get("consents-what")}</th>
                        <th scope="col" role="columnheader">
                            {texts.get("consents-text-and-address")}
                        </th>
                        <th class="num" scope="col" role="columnheader">
                            {texts.get("consents-answer")}
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </section>
    }
}

/// Returns what a consent is about, in words; words of a later version are shown as they are stored.
fn describe_subject(texts: Texts, subject: &ConsentSubject) -> String {
    match subject {
        ConsentSubject::Document(document) => document_name(texts, *document),
        ConsentSubject::Message(channel, purpose) => texts.with_values(
            "consents-cell",
            &[
                ("channel", texts.channel(*channel).into()),
                ("purpose", texts.purpose(*purpose).to_lowercase().into()),
            ],
        ),
        ConsentSubject::Unknown { channel, purpose } => format!("{channel}: {purpose}"),
    }
}

fn proof_row(visitor: &Visitor, change: &ConsentChange) -> impl IntoView + use<> {
    let texts = visitor.texts();
    let zone = visitor.rules.programme.time_zone;
    let source = match change.source.as_str() {
        "join" => texts.get("source-join"),
        "profile" => texts.get("source-profile"),
        "consents" => texts.get("source-consents"),
        other => other.to_owned(),
    };
    let seen = texts.with_values(
        "consents-proof",
        &[
            ("version", change.text_version.as_str().into()),
            ("ip", change.ip.as_str().into()),
            ("source", source.into()),
        ],
    );
    let (tone, icon, answer) = if change.granted {
        ("good", "check", "consents-yes")
    } else {
        ("", "x", "consents-no")
    };
    view! {
        <tr role="row">
            <td class="meta" role="cell">
                <time datetime=format::format_rfc3339(change.at)>
                    {format::format_moment(change.at, zone, texts.language())}
                </time>
            </td>
            <th class="what" scope="row" role="rowheader">
                {describe_subject(texts, &change.subject)}
            </th>
            <td class="meta" role="cell">
                {seen}
            </td>
            <td class="num" role="cell">
                <span class="tag" data-tone=tone>
                    <Icon name=icon />
                    {texts.get(answer)}
                </span>
            </td>
        </tr>
    }
}
