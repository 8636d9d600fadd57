//! The bar that tells how things went: by words, a sign, a colour and (with the scanner's island) a sound.

use kopilka_core::domain::amounts::Points;
use kopilka_core::usecases::Refusal;
use kopilka_core::usecases::checkout::receipts::ReturnEffect;
use kopilka_core::usecases::checkout::spend_confirmation::SpendQuestionState;
use kopilka_core::usecases::checkout::till::CompletedSale;
use leptos::prelude::*;

use super::till_state::TillPageState;
use crate::api::Visitor;
use crate::api::forms::{FormState, PageStep, SaleAct};
use crate::components::{Icon, Key};
use crate::text::{Texts, format};

/// Content of the result's bar.
#[derive(Clone)]
pub struct ResultBanner {
    /// `good`, `warn` or `bad`.
    tone: &'static str,
    /// The answer.
    title: String,
    /// Facts and advice besides.
    more: String,
    /// True if nobody is being served: the bar can be put away.
    idle: bool,
    /// The promise of a gift that was just handed over, and the receipt whose result is shown.
    undo: Option<(String, String)>,
}

impl ResultBanner {
    /// Returns the banner of a request: how the posted form went, or the sale that was done. `None` = nothing to say.
    pub fn from_request(
        visitor: &Visitor,
        posted: Option<&FormState>,
        state: &TillPageState,
        over: bool,
    ) -> Option<Self> {
        let texts = visitor.texts();
        let idle = matches!(state, TillPageState::Idle { .. });
        let tell = |tone, words: &str| {
            let banner = Self::with_words(tone, words);
            Some(Self { idle, ..banner })
        };
        if let Some(posted) = posted {
            if posted.busy.is_some() {
                return tell("bad", &texts.get("busy-form"));
            }
            if let Some(refusal) = &posted.refusal {
                return tell(refusal_tone(refusal), &texts.refusal(refusal));
            }
            if !posted.problems.is_empty() {
                return tell("bad", &texts.get("form-check"));
            }
            if let Some(banner) = Self::of_act(texts, posted, state) {
                return banner.map(|banner| Self { idle, ..banner });
            }
        }
        match state {
            TillPageState::Idle {
                sold: Some(sold), ..
            } => Some(Self::after_sale(visitor, texts, sold)),
            TillPageState::OpenSale(open_sale) if open_sale.over => {
                tell("warn", &texts.refusal(&Refusal::VisitOver))
            }
            TillPageState::Idle { .. } if over => tell("warn", &texts.refusal(&Refusal::VisitOver)),
            _ => None,
        }
    }

    /// Returns what the page tells of the act of a form that was accepted; `None` = it tells nothing of it, and the state of the
    /// till is told. A question that waits for its answer is told by the receipt's own panel, which counts the seconds.
    fn of_act(texts: Texts, posted: &FormState, state: &TillPageState) -> Option<Option<Self>> {
        let PageStep::Sale(step) = &posted.step else {
            return None;
        };
        let open_sale = match state {
            TillPageState::OpenSale(open_sale) => Some(open_sale),
            TillPageState::Idle { .. } => None,
        };
        let (tone, key) = match &step.act {
            SaleAct::None | SaleAct::Edited(_) | SaleAct::Stopped { .. } => return None,
            SaleAct::OwnerAsked => match open_sale?.asked {
                None | Some(SpendQuestionState::Waiting { .. }) => return Some(None),
                Some(SpendQuestionState::Confirmed { .. }) => ("good", "till-ask-confirmed-told"),
                Some(SpendQuestionState::Declined) => ("warn", "till-ask-declined"),
                Some(SpendQuestionState::Expired) => ("warn", "till-ask-expired"),
            },
            SaleAct::GiftGiven { .. } => ("good", "till-gift-given"),
            SaleAct::GiftTakenBack => ("good", "till-gift-taken-back"),
            SaleAct::CardAttached => ("good", "till-attached"),
            SaleAct::InvitationSent => ("good", "till-enrol-sent"),
            SaleAct::EnrolmentChecked => match open_sale {
                Some(open_sale) if open_sale.customer.is_none() => ("warn", "till-enrol-not-yet"),
                _ => ("good", "till-enrol-done"),
            },
            SaleAct::PhoneCodeSent => ("good", "till-phone-sent"),
        };
        let undo = match &step.act {
            SaleAct::GiftGiven { grant, receipt } => Some((grant.clone(), receipt.clone())),
            _ => None,
        };
        let banner = Self::with_words(tone, &texts.get(key));
        Some(Some(Self { undo, ..banner }))
    }

    /// Words of this tone. Texts say what happened, then what to do.
    pub fn with_words(tone: &'static str, words: &str) -> Self {
        let (title, more) = words.split_once(". ").unwrap_or((words, ""));
        Self {
            tone,
            title: title.to_owned(),
            more: more.to_owned(),
            idle: false,
            undo: None,
        }
    }

    /// A return that was done.
    pub fn after_return(visitor: &Visitor, number: &str, effect: &ReturnEffect) -> Self {
        let (texts, programme) = (visitor.texts(), &visitor.rules.programme);
        let title = texts.with_values("till-return-done", &[("number", number.into())]);
        let money = texts.money_text(effect.refund, programme);
        let mut more =
            vec![texts.with_values("till-return-refund-now", &[("money", money.into())])];
        for (key, points) in [
            ("till-return-restored-now", effect.restored),
            ("till-return-taken-now", effect.taken_back),
        ] {
            if points.is_positive() {
                more.push(texts.with_count(key, points.0));
            }
        }
        for id in &effect.gifts_to_collect {
            let gift = texts.gift_name(programme, id);
            more.push(texts.with_values("till-return-gift-now", &[("gift", gift.into())]));
        }
        Self {
            tone: "good",
            title,
            more: more.join(". "),
            idle: true,
            undo: None,
        }
    }

    fn after_sale(visitor: &Visitor, texts: Texts, sold: &CompletedSale) -> Self {
        let evaluation = &sold.receipt.quote.evaluation;
        let number = sold.receipt.number.as_str();
        let earned = format::format_signed(evaluation.earned.0, visitor.language);
        let title = match &sold.customer {
            Some(name) => texts.with_values(
                "till-sold-to",
                &[
                    ("name", name.as_str().into()),
                    ("n", evaluation.earned.0.into()),
                    ("earned", earned.into()),
                ],
            ),
            None => texts.with_values("till-sold", &[("number", number.into())]),
        };
        let to_pay = texts.money_text(evaluation.to_pay, &visitor.rules.programme);
        let mut more = texts.with_values("till-to-pay-now", &[("money", to_pay.into())]);
        if evaluation.spent > Points(0) {
            more.push_str(". ");
            more.push_str(&texts.with_count("till-spent", evaluation.spent.0));
        }
        for gift in &sold.gifts {
            more.push_str(". ");
            more.push_str(&texts.with_values(
                "till-give",
                &[("gift", texts.pick_language(&gift.name).into())],
            ));
        }
        Self {
            tone: "good",
            title,
            more,
            idle: true,
            undo: None,
        }
    }
}

/// Returns how bad a refusal is: the sale can go on, or something has to be done first.
const fn refusal_tone(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::CardUnknown
        | Refusal::CardBlocked
        | Refusal::VisitOver
        | Refusal::GiftHandedOver
        | Refusal::NobodyToAsk
        | Refusal::SumChanged
        | Refusal::ProductUnknown
        | Refusal::GiftOut { .. }
        | Refusal::GiftUndoOver => "warn",
        _ => "bad",
    }
}

/// The bar, always in the page; without anything to tell it is empty and not seen.
#[component]
pub fn ResultBar(
    /// Words in the language of the page.
    texts: Texts,
    /// Content of the bar.
    banner: Option<ResultBanner>,
) -> impl IntoView {
    let Some(banner) = banner else {
        return view! { <div class="result" role="status" aria-live="assertive"></div> }.into_any();
    };
    let icon = match banner.tone {
        "good" => "check",
        "warn" => "triangle-alert",
        _ => "x",
    };
    let next = banner.idle.then(|| texts.get("till-next"));
    view! {
        <div class="result" role="status" aria-live="assertive" data-tone=banner.tone>
            <Icon name=icon />
            <p id="told">
                {banner.title}
                {(!banner.more.is_empty()).then(|| view! { <small>{banner.more}</small> })}
            </p>
            {banner
                .undo
                .map(|(grant, done)| {
                    // While a receipt is typed, the button belongs to its form, so that nothing of it is lost.
                    view! { <UndoGift texts grant done form=(!banner.idle).then_some("receipt") /> }
                })}
            {next
                .map(|next| {
                    view! {
                        <a class="btn quiet" href="/till">
                            {next}
                            <Key name="Escape" />
                        </a>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The way to take back a gift that was just handed over.
#[component]
fn UndoGift(
    /// Words in the language of the page.
    texts: Texts,
    /// The promise.
    grant: String,
    /// The receipt whose result is shown.
    done: String,
    /// Id of the form that it belongs to; none: one of its own.
    form: Option<&'static str>,
) -> impl IntoView {
    let words = texts.get("till-undo");
    view! {
        <form method="post" action="/api/till/gift-undo">
            <input type="hidden" name="done" value=done />
            <button
                class="btn quiet"
                form=form
                formaction="/api/till/gift-undo"
                name="undo"
                value=grant
            >
                <Icon name="undo-2" />
                {words}
            </button>
        </form>
    }
}
