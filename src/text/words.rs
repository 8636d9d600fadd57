//! The programme's data in words: reasons of entries, benefits of offers, and why an offer did not apply.

use chrono::Weekday;
use chrono_tz::Tz;
use fluent::FluentValue;
use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::ledger::EntryKind;
use kopilka_core::domain::offers::{
    Condition, OfferBenefit, OfferText, OfferTextValue, UnmetCondition,
};
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::reason::{DebtCause, EntryReason};
use kopilka_core::domain::time::{Instant, days_between, local_date};

use super::{Texts, format};

impl Texts {
    /// Points with their noun: «1 240 баллов».
    pub fn points_text(self, points: Points) -> String {
        self.with_count("points", points.0)
    }

    /// Money of the programme: «1 240 ₽».
    pub fn money_text(self, amount: Money, programme: &Programme) -> String {
        format::format_money(amount, &programme.currency, self.language())
    }

    /// A day near now in words (today, tomorrow, in 3 days), a date otherwise.
    pub fn near_date(self, at: Instant, now: Instant, zone: Tz) -> String {
        let days = days_between(local_date(now, zone), local_date(at, zone));
        match days {
            0 => self.get("day-today"),
            1 => self.get("day-tomorrow"),
            -1 => self.get("day-yesterday"),
            2..=7 => self.with_count("day-in", days),
            _ => format::format_day(at, zone, self.language()),
        }
    }

    /// The kind of an entry: «начислено», «списано».
    pub fn entry_kind(self, kind: EntryKind) -> String {
        self.get(&format!("entry-{}", kind.as_str()))
    }

    /// Why an entry was made, with its arithmetic: «5 % от 1 240 ₽, уровень «Серебро»: 62 балла».
    pub fn entry_reason(self, reason: &EntryReason, programme: &Programme) -> String {
        let language = self.language();
        match reason {
            EntryReason::Purchase {
                base, rate, tier, ..
            } => self.with_values(
                "reason-purchase",
                &[
                    ("rate", format::format_percent(*rate, language).into()),
                    ("base", self.money_text(*base, programme).into()),
                    ("tier", self.pick_language(tier).into()),
                ],
            ),
            EntryReason::Offer { title, of, .. } => {
                let title = ("title", self.pick_language(title).into());
                let share = of.and_then(|of| Some((of.base, of.rate_of_base()?)));
                let Some((base, rate)) = share else {
                    return self.with_values("reason-offer", &[title]);
                };
                let rate = ("rate", format::format_percent(rate, language).into());
                let base = ("base", self.money_text(base, programme).into());
                self.with_values("reason-offer-share", &[title, rate, base])
            }
            EntryReason::Spend { money, total, .. } => self.with_values(
                "reason-spend",
                &[
                    ("money", self.money_text(*money, programme).into()),
                    ("total", self.money_text(*total, programme).into()),
                ],
            ),
            EntryReason::ProfileCompleted { .. } => self.get("reason-profile"),
            EntryReason::Expired { .. } => self.get("reason-expired"),
            EntryReason::Activated { points } => self.with_count("reason-activated", points.0),
            EntryReason::Adjusted { note, .. } => {
                self.with_values("reason-adjusted", &[("note", note.as_str().into())])
            }
            EntryReason::Returned { of: None, .. } => self.get("reason-returned"),
            EntryReason::Returned { of: Some(of), .. } => {
                let before = format::format_number(of.before.0, language);
                let after = self.points_text(of.after);
                let values = [("before", before.into()), ("after", after.into())];
                self.with_values("reason-returned-of", &values)
            }
            EntryReason::Restored { .. } => self.get("reason-restored"),
            EntryReason::Debt { cause, .. } => self.get(match cause {
                DebtCause::Return => "reason-debt",
                DebtCause::Correction => "reason-debt-correction",
                DebtCause::Transfer => "reason-debt-transfer",
                DebtCause::ClosedAccount => "reason-debt-closed",
            }),
            EntryReason::Settled { points } => self.with_count("reason-settled", points.0),
            EntryReason::Transfer { .. } => self.get("reason-transfer"),
        }
    }

    /// Returns what an offer gives, as short as a coupon's stub: «×2», «+5 %», «−100 ₽».
    pub fn benefit_label(self, benefit: &OfferBenefit, programme: &Programme) -> String {
        let language = self.language();
        match benefit {
            OfferBenefit::MultiplyPoints { rate } => {
                format!("×{}", format::format_factor(*rate, language))
            }
            OfferBenefit::ExtraPoints { rate } => {
                format!("+{}", format::format_percent(*rate, language))
            }
            OfferBenefit::FixedPoints { points } => format::format_signed(points.0, language),
            OfferBenefit::PercentOff { rate } => {
                format!("−{}", format::format_percent(*rate, language))
            }
            OfferBenefit::AmountOff { amount } => {
                format!("−{}", self.money_text(*amount, programme))
            }
            OfferBenefit::FixedPrice { price } => self.money_text(*price, programme),
            OfferBenefit::Gift { .. } => self.get("benefit-gift"),
        }
    }

    /// The name of a gift; its id where the programme at hand does not know it: whoever is at the till has to find it.
    pub fn gift_name(self, programme: &Programme, id: &str) -> String {
        let gift = programme.gift(id);
        gift.map_or_else(|| id.to_owned(), |gift| self.pick_language(&gift.name))
    }

    /// Returns what the stub counts: «баллы», «скидка», «цена», «подарок».
    pub fn benefit_kind(self, benefit: &OfferBenefit) -> String {
        self.get(match benefit {
            OfferBenefit::MultiplyPoints { .. }
            | OfferBenefit::ExtraPoints { .. }
            | OfferBenefit::FixedPoints { .. } => "benefit-kind-points",
            OfferBenefit::PercentOff { .. } | OfferBenefit::AmountOff { .. } => {
                "benefit-kind-discount"
            }
            OfferBenefit::FixedPrice { .. } => "benefit-kind-price",
            OfferBenefit::Gift { .. } => "benefit-kind-gift",
        })
    }

    /// Why an offer did not apply, or what is missing for it.
    pub fn unmet_condition(self, miss: &UnmetCondition, programme: &Programme) -> String {
        self.offer_text(&miss.describe(), programme)
    }

    /// A condition of an offer: «с 7:00 до 11:00».
    pub fn condition(self, condition: &Condition, programme: &Programme) -> String {
        self.offer_text(&condition.describe(), programme)
    }

    /// Writes a text about an offer, with its values, in this language.
    pub fn offer_text(self, text: &OfferText, programme: &Programme) -> String {
        let mut values: Vec<(&str, FluentValue<'_>)> = Vec::new();
        for (name, value) in &text.values {
            let written: FluentValue<'_> = match value {
                OfferTextValue::Count(count) => {
                    values.push((
                        "shown",
                        format::format_number(*count, self.language()).into(),
                    ));
                    (*count).into()
                }
                OfferTextValue::Number(number) => {
                    format::format_number(*number, self.language()).into()
                }
                OfferTextValue::Money(amount) => self.money_text(*amount, programme).into(),
                OfferTextValue::Date(date) => format::format_date(*date, self.language()).into(),
                OfferTextValue::Time(time) => time.format("%H:%M").to_string().into(),
                OfferTextValue::Weekdays(days) => self.weekdays(days).into(),
                OfferTextValue::TierNames(ids) => self.tier_names(ids, programme).into(),
                OfferTextValue::OfferTitle(id) => {
                    let offer = programme.offer(id);
                    let title = offer.map(|offer| self.pick_language(&offer.title));
                    title.unwrap_or_default().into()
                }
            };
            values.push((name, written));
        }
        self.with_values(text.key, &values)
    }

    /// Days of the week: «вт, чт».
    fn weekdays(self, days: &[Weekday]) -> String {
        let days: Vec<String> = days
            .iter()
            .map(|day| self.get(&format!("weekday-{}", day.num_days_from_monday())))
            .collect();
        days.join(", ")
    }

    /// Names of tiers by their ids: «Серебро, Золото».
    fn tier_names(self, ids: &[String], programme: &Programme) -> String {
        let tiers = programme.tiers.iter().filter(|tier| ids.contains(&tier.id));
        let names: Vec<String> = tiers.map(|tier| self.pick_language(&tier.name)).collect();
        names.join(", ")
    }

    /// A channel of messages: «SMS», «эл. почта».
    pub fn channel(self, channel: Channel) -> String {
        self.get(&format!("channel-{}", channel.as_str()))
    }

    /// A purpose of messages: «новости».
    pub fn purpose(self, purpose: Purpose) -> String {
        self.get(&format!("purpose-{}", purpose.as_str().replace('_', "-")))
    }
}
