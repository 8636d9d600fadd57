//! The grid of messages: a row for each channel, a switch for each purpose. What is shown as on was turned on by the
//! shopper, in store or in the form that was just refused.

use std::collections::BTreeSet;

use kopilka_core::domain::consents::{Channel, Purpose};
use leptos::prelude::*;

use super::Icon;
use crate::api::forms::RenderedForm;
use crate::text::Texts;

/// Name of the boxes, the same on every form with the grid.
pub const FIELD: &str = "messages[]";

/// The boxes that were ticked, as `channel:purpose`; nothing when one of them names no box of the grid.
pub fn parse_ticked(boxes: &[String]) -> Option<BTreeSet<(Channel, Purpose)>> {
    boxes
        .iter()
        .map(|each| {
            let (channel, purpose) = each.split_once(':')?;
            Some((Channel::parse(channel)?, Purpose::parse(purpose)?))
        })
        .collect()
}

const fn channel_icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "message-square",
        Channel::Email => "mail",
        Channel::Push => "bell",
        Channel::Messenger => "message-circle",
        Channel::Call => "phone",
    }
}

/// The grid, as a part of a form.
#[component]
pub fn MessageGrid(
    /// Words in the language of the page.
    texts: Texts,
    /// The form that it belongs to.
    form: RenderedForm,
    /// Consents that are on in store.
    #[prop(optional)]
    granted: BTreeSet<(Channel, Purpose)>,
) -> impl IntoView {
    let row = |channel: Channel| {
        let name = texts.channel(channel);
        let cell = |&purpose: &Purpose| {
            let value = format!("{}:{}", channel.as_str(), purpose.as_str());
            let on = form.ticked(FIELD, &value, granted.contains(&(channel, purpose)));
            view! {
                <td role="cell">
                    <label>
                        <span>
                            <span class="vh">{format!("{name}: ")}</span>
                            {texts.purpose(purpose)}
                        </span>
                        <input class="switch" type="checkbox" name=FIELD value=value checked=on />
                    </label>
                </td>
            }
        };
        let cells = Purpose::ALL.iter().map(cell).collect_view();
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">
                    <Icon name=channel_icon(channel) />
                    {name}
                </th>
                {cells}
            </tr>
        }
    };
    view! {
        <table class="grid" role="table">
            <caption class="vh">{texts.get("messages-caption")}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">
                        <span class="vh">{texts.get("messages-channel")}</span>
                    </th>
                    {Purpose::ALL
                        .iter()
                        .map(|&purpose| {
                            view! {
                                <th scope="col" role="columnheader">
                                    {texts.purpose(purpose)}
                                </th>
                            }
                        })
                        .collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">{Channel::ALL.iter().copied().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_boxes_of_the_grid_are_taken() {
        let boxes =
            |texts: &[&str]| -> Vec<String> { texts.iter().map(|&t| t.to_owned()).collect() };
        let expected = BTreeSet::from([(Channel::Sms, Purpose::News)]);
        assert_eq!(
            parse_ticked(&boxes(&["sms:news", "sms:news"])),
            Some(expected)
        );
        assert_eq!(parse_ticked(&[]), Some(BTreeSet::new()));
        for wrong in ["sms", "sms:", "fax:news", "sms:news:news", ""] {
            assert_eq!(parse_ticked(&boxes(&[wrong])), None, "{wrong}");
        }
    }
}
