//! The programme's data in words: reasons of entries, benefits of offers, and why an offer did not apply.

use chrono_tz::Tz;
use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::consents::{Channel, Purpose};
use kopilka_core::domain::ledger::EntryKind;
use kopilka_core::domain::offers::{Benefit, Miss};
use kopilka_core::domain::programme::Programme;
use kopilka_core::domain::reason::{DebtCause, Reason};
use kopilka_core::domain::time::{Instant, days_between, local_date};

use super::{Texts, format};

impl Texts {
    /// Points with their noun: «1 240 баллов».
    pub fn points(self, points: Points) -> String {
        self.count("points", points.0)
    }

    /// Money of the programme: «1 240 ₽».
    pub fn money(self, amount: Money, programme: &Programme) -> String {
        format::money(amount, &programme.currency, self.language())
    }

    /// A day near now in words (today, tomorrow, in 3 days), a date otherwise.
    pub fn near(self, at: Instant, now: Instant, zone: Tz) -> String {
        let days = days_between(local_date(now, zone), local_date(at, zone));
        match days {
            0 => self.get("day-today"),
            1 => self.get("day-tomorrow"),
            -1 => self.get("day-yesterday"),
            2..=7 => self.count("day-in", days),
            _ => format::day(at, zone, self.language()),
        }
    }

    /// The kind of an entry: «начислено», «списано».
    pub fn entry_kind(self, kind: EntryKind) -> String {
        self.get(&format!("entry-{}", kind.as_str()))
    }

    /// Why an entry was made, with its arithmetic: «5 % от 1 240 ₽, уровень «Серебро»: 62 балла».
    pub fn reason(self, reason: &Reason, programme: &Programme) -> String {
        let language = self.language();
        match reason {
            Reason::Purchase {
                base, rate, tier, ..
            } => self.with(
                "reason-purchase",
                &[
                    ("rate", format::percent(*rate, language).into()),
                    ("base", self.money(*base, programme).into()),
                    ("tier", self.pick(tier).into()),
                ],
            ),
            Reason::Offer { title, of, .. } => {
                let title = ("title", self.pick(title).into());
                let share = of.and_then(|of| Some((of.base, of.rate_of_base()?)));
                let Some((base, rate)) = share else {
                    return self.with("reason-offer", &[title]);
                };
                let rate = ("rate", format::percent(rate, language).into());
                let base = ("base", self.money(base, programme).into());
                self.with("reason-offer-share", &[title, rate, base])
            }
            Reason::Spend { money, total, .. } => self.with(
                "reason-spend",
                &[
                    ("money", self.money(*money, programme).into()),
                    ("total", self.money(*total, programme).into()),
                ],
            ),
            Reason::ProfileCompleted { .. } => self.get("reason-profile"),
            Reason::Expired { .. } => self.get("reason-expired"),
            Reason::Activated { points } => self.count("reason-activated", points.0),
            Reason::Adjusted { note, .. } => {
                self.with("reason-adjusted", &[("note", note.as_str().into())])
            }
            Reason::Returned { of: None, .. } => self.get("reason-returned"),
            Reason::Returned { of: Some(of), .. } => {
                let before = format::number(of.before.0, language);
                let after = self.points(of.after);
                let values = [("before", before.into()), ("after", after.into())];
                self.with("reason-returned-of", &values)
            }
            Reason::Restored { .. } => self.get("reason-restored"),
            Reason::Debt { cause, .. } => self.get(match cause {
                DebtCause::Return => "reason-debt",
                DebtCause::Correction => "reason-debt-correction",
                DebtCause::Transfer => "reason-debt-transfer",
                DebtCause::ClosedAccount => "reason-debt-closed",
            }),
            Reason::Settled { points } => self.count("reason-settled", points.0),
            Reason::Transfer { .. } => self.get("reason-transfer"),
        }
    }

    /// Returns what an offer gives, as short as a coupon's stub: «×2», «+5 %», «−100 ₽».
    pub fn benefit(self, benefit: &Benefit, programme: &Programme) -> String {
        let language = self.language();
        match benefit {
            Benefit::MultiplyPoints { rate } => format!("×{}", format::factor(*rate, language)),
            Benefit::ExtraPoints { rate } => format!("+{}", format::percent(*rate, language)),
            Benefit::FixedPoints { points } => format::signed(points.0, language),
            Benefit::PercentOff { rate } => format!("−{}", format::percent(*rate, language)),
            Benefit::AmountOff { amount } => format!("−{}", self.money(*amount, programme)),
            Benefit::FixedPrice { price } => self.money(*price, programme),
            Benefit::Gift { .. } => self.get("benefit-gift"),
        }
    }

    /// The name of a gift; its id where the programme at hand does not know it: whoever is at the till has to find it.
    pub fn gift(self, programme: &Programme, id: &str) -> String {
        let gift = programme.gift(id);
        gift.map_or_else(|| id.to_owned(), |gift| self.pick(&gift.name))
    }

    /// Returns what the stub counts: «баллы», «скидка», «цена», «подарок».
    pub fn benefit_kind(self, benefit: &Benefit) -> String {
        self.get(match benefit {
            Benefit::MultiplyPoints { .. }
            | Benefit::ExtraPoints { .. }
            | Benefit::FixedPoints { .. } => "benefit-kind-points",
            Benefit::PercentOff { .. } | Benefit::AmountOff { .. } => "benefit-kind-discount",
            Benefit::FixedPrice { .. } => "benefit-kind-price",
            Benefit::Gift { .. } => "benefit-kind-gift",
        })
    }

    /// Why an offer did not apply, or what is missing for it.
    pub fn miss(self, miss: &Miss, programme: &Programme) -> String {
        match miss {
            Miss::MinimumReceipt { missing } => self.with(
                "miss-minimum-receipt",
                &[("missing", self.money(*missing, programme).into())],
            ),
            Miss::Absent { days } => self.count("miss-absent", i64::from(*days)),
            Miss::Purchases { missing } => self.count("miss-purchases", *missing),
            Miss::BetterInGroup { offer } => {
                let title = programme
                    .offer(offer)
                    .map(|offer| self.pick(&offer.title))
                    .unwrap_or_default();
                self.with("miss-better-in-group", &[("title", title.into())])
            }
            Miss::OutsideDates => self.get("miss-outside-dates"),
            Miss::Weekday => self.get("miss-weekday"),
            Miss::Hours => self.get("miss-hours"),
            Miss::Store => self.get("miss-store"),
            Miss::Items => self.get("miss-items"),
            Miss::Tier => self.get("miss-tier"),
            Miss::Birthday => self.get("miss-birthday"),
            Miss::Children => self.get("miss-children"),
            Miss::Pets => self.get("miss-pets"),
            Miss::Car => self.get("miss-car"),
            Miss::FirstPurchase => self.get("miss-first-purchase"),
            Miss::Consent => self.get("miss-consent"),
            Miss::NotListed => self.get("miss-not-listed"),
            Miss::NotActivated => self.get("miss-not-activated"),
            Miss::UsedUp => self.get("miss-used-up"),
            Miss::NotToday => self.get("miss-not-today"),
            Miss::Budget => self.get("miss-budget"),
            Miss::NothingToGain => self.get("miss-nothing-to-gain"),
        }
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
