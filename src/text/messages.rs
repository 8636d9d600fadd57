//! Messages to shoppers in words, for whatever gateway sends them. The last line of a one-time password is the one that
//! browsers read the code from.

use kopilka_core::usecases::outbox::Message;

use super::Texts;

impl Texts {
    /// The whole text of a message.
    pub fn message(self, message: &Message) -> String {
        match message {
            Message::OneTimePassword { code, host } => {
                let words = self.with("sms-one-time-password", &[("code", code.as_str().into())]);
                format!("{words}\n\n@{host} #{code}")
            }
            Message::Invitation { link } => {
                self.with("sms-invitation", &[("link", link.as_str().into())])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Language;

    #[test]
    fn a_one_time_password_ends_with_the_line_that_browsers_read() {
        let message = Message::OneTimePassword {
            code: "048216".to_owned(),
            host: "kopilka.example".to_owned(),
        };
        for language in [Language::Ru, Language::En] {
            let text = Texts::new(language).message(&message);
            let lines: Vec<&str> = text.lines().collect();
            assert!(lines.first().is_some_and(|line| line.contains("048216")));
            assert_eq!(lines.get(1), Some(&""));
            assert_eq!(lines.last(), Some(&"@kopilka.example #048216"));
        }
    }

    #[test]
    fn an_invitation_holds_its_whole_link_apart_from_other_words() {
        let link = "https://kopilka.example/join?invitation=0a1b".to_owned();
        let message = Message::Invitation { link: link.clone() };
        for language in [Language::Ru, Language::En] {
            let text = Texts::new(language).message(&message);
            // A full stop behind a link becomes a part of it in many message programs.
            assert!(text.split(' ').any(|word| word == link), "{text}");
        }
    }
}
