//! Messages to shoppers in words, for whatever gateway sends them. The last line of a one-time password is the one that
//! browsers read the code from.

use chrono_tz::Tz;
use kopilka_core::domain::amounts::{Money, Points};
use kopilka_core::domain::programme::{LocalisedText, TierMeasure};
use kopilka_core::domain::time::Instant;
use kopilka_core::usecases::messages::outbox::MessageContent;

use super::{Texts, format};

impl Texts {
    /// The whole text of a message.
    pub fn message(self, message: &MessageContent) -> String {
        match message {
            MessageContent::OneTimePassword { code, host } => {
                let words =
                    self.with_values("sms-one-time-password", &[("code", code.as_str().into())]);
                format!("{words}\n\n@{host} #{code}")
            }
            MessageContent::TierEnding {
                tier,
                measure,
                missing,
                currency,
                until,
                time_zone,
            } => {
                let missing = match measure {
                    TierMeasure::Spent => {
                        format::format_money(Money(*missing), currency, self.language())
                    }
                    TierMeasure::Earned => self.points_text(Points(*missing)),
                };
                self.keep_tier(*measure, tier, missing, *until, *time_zone)
            }
            MessageContent::TillCode { code, store, join } => {
                let values = [
                    ("code", code.as_str().into()),
                    ("store", store.as_str().into()),
                ];
                let words = self.with_values("sms-till-code", &values);
                match join {
                    None => words,
                    Some(join) => {
                        let how =
                            self.with_values("sms-till-join", &[("link", join.as_str().into())]);
                        format!("{words}\n{how}")
                    }
                }
            }
            MessageContent::CodesPaused => self.get("sms-codes-paused"),
            MessageContent::Invitation { link } => {
                self.with_values("sms-invitation", &[("link", link.as_str().into())])
            }
        }
    }

    /// Returns what keeps a tier, and by which day: `until` is the start of the day when it is too late.
    pub fn keep_tier(
        self,
        measure: TierMeasure,
        tier: &LocalisedText,
        missing: String,
        until: Instant,
        zone: Tz,
    ) -> String {
        let key = match measure {
            TierMeasure::Spent => "card-tier-keep",
            TierMeasure::Earned => "card-tier-keep-points",
        };
        let last = format::format_day(until.plus_secs(-1), zone, self.language());
        self.with_values(
            key,
            &[
                ("tier", self.pick_language(tier).into()),
                ("missing", missing.into()),
                ("date", last.into()),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::PageLanguage;

    #[test]
    fn a_one_time_password_ends_with_the_line_that_browsers_read() {
        let message = MessageContent::OneTimePassword {
            code: "048216".to_owned(),
            host: "kopilka.example".to_owned(),
        };
        for language in [PageLanguage::Ru, PageLanguage::En] {
            let text = Texts::new(language).message(&message);
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.first().is_some_and(|line| line.contains("048216")));
            assert_eq!(lines.get(1), Some(&""));
            assert_eq!(lines.last(), Some(&"@kopilka.example #048216"));
        }
    }

    #[test]
    fn a_notice_says_what_is_missing_and_the_last_day() {
        let message = |measure, missing| MessageContent::TierEnding {
            tier: LocalisedText {
                ru: "Серебро".to_owned(),
                en: "Silver".to_owned(),
            },
            measure,
            missing,
            currency: "RUB".to_owned(),
            // 23 December 2026, 00:00 in Moscow.
            until: Instant(1_797_973_200_000_000),
            time_zone: chrono_tz::Europe::Moscow,
        };
        let text = |language, measure, missing| {
            Texts::new(language)
                .message(&message(measure, missing))
                .replace('\u{a0}', " ")
        };
        assert_eq!(
            text(PageLanguage::Ru, TierMeasure::Spent, 320_000),
            "Чтобы сохранить «Серебро», потратьте ещё 3 200 ₽ до 22.12.2026"
        );
        assert_eq!(
            text(PageLanguage::En, TierMeasure::Spent, 320_000),
            "To keep Silver, spend 3,200 ₽ more by 22 Dec 2026"
        );
        assert_eq!(
            text(PageLanguage::Ru, TierMeasure::Earned, 2),
            "Чтобы сохранить «Серебро», накопите ещё 2 балла до 22.12.2026"
        );
    }

    #[test]
    fn an_invitation_holds_its_whole_link_apart_from_other_words() {
        let link = "https://kopilka.example/join?invitation=0a1b".to_owned();
        let message = MessageContent::Invitation { link: link.clone() };
        for language in [PageLanguage::Ru, PageLanguage::En] {
            let text = Texts::new(language).message(&message);
            // A full stop behind a link becomes a part of it in many message programs.
            assert!(text.split(' ').any(|word| word == link), "{text}");
        }
    }
}
