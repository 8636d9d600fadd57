//! What a member can agree to: messages by channel and purpose, and documents. Each is named by one fixed word, for ever.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$each])* $variant),+
        }

        impl $name {
            /// All of them, in the order of showing.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word that names it in storage, in addresses and in exports.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The one that `word` names.
            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
pub(super) use named;

named! {
    /// The way a message goes.
    Channel {
        /// A text message to the phone.
        Sms = "sms",
        /// A letter to the e-mail address.
        Email = "email",
        /// A notice from the browser or the installed app.
        Push = "push",
        /// A message in a messenger.
        Messenger = "messenger",
        /// A phone call.
        Call = "call",
    }
}

named! {
    /// Subject of an advertising message. Codes, receipts and expiry notices are service messages, not listed here.
    Purpose {
        /// News of the chain and of the programme.
        News = "news",
        /// Offers chosen for this member.
        PersonalOffers = "personal_offers",
        /// Questions about how it went.
        Surveys = "surveys",
        /// Offers of partners.
        Partners = "partners",
    }
}

named! {
    /// A text that a member agrees to as a whole, apart from any advertising.
    Document {
        /// Processing of personal data.
        PersonalData = "personal_data",
        /// Rules of the programme.
        Rules = "rules",
        /// Keeping the birth years of children.
        Children = "children",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_are_the_same_in_json() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Some(channel));
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.as_str());
        }
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.as_str());
        }
        for document in Document::ALL {
            assert_eq!(Document::parse(document.as_str()), Some(document));
            assert_eq!(serde_json::to_value(document).unwrap(), document.as_str());
        }
    }

    #[test]
    fn the_grid_has_twenty_cells() {
        assert_eq!(Channel::ALL.len() * Purpose::ALL.len(), 20);
    }

    #[test]
    fn unknown_words_name_nothing() {
        assert_eq!(Channel::parse("SMS"), None);
        assert_eq!(Purpose::parse(""), None);
        assert_eq!(Document::parse("offer"), None);
    }
}
