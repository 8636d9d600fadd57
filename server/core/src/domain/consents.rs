//! What a member can agree to: messages by channel and purpose, and documents. Each is named by one fixed word, for ever.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// The way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    /// A text message to the phone.
    Sms,
    /// A letter to the e-mail address.
    Email,
    /// A notice from the browser or the installed app.
    Push,
    /// A message in a messenger.
    Messenger,
    /// A phone call.
    Call,
}

/// Subject of an advertising message. Codes, receipts and expiry notices are service messages, not listed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// News of the chain and of the programme.
    News,
    /// Offers chosen for this member.
    PersonalOffers,
    /// Questions about how it went.
    Surveys,
    /// Offers of partners.
    Partners,
}

/// A text that a member agrees to as a whole, apart from any advertising.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum ConsentDocument {
    /// Processing of personal data.
    PersonalData,
    /// Rules of the programme.
    Rules,
    /// Keeping the birth years of children.
    Children,
}

stored_names!(Channel, Purpose, ConsentDocument);

/// What one consent is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentSubject {
    /// Advertising of a purpose by a channel.
    Message(Channel, Purpose),
    /// A document.
    Document(ConsentDocument),
    /// Something that a later version has named, by its words.
    Unknown {
        /// Stored word for the channel.
        channel: String,
        /// Stored word for the purpose.
        purpose: String,
    },
}

/// The channel under which agreements to documents are stored.
const DOCUMENT_CHANNEL: &str = "document";

impl ConsentSubject {
    /// Returns the subject of two stored words.
    pub fn of_words(channel: &str, purpose: &str) -> Self {
        let known = if channel == DOCUMENT_CHANNEL {
            ConsentDocument::parse(purpose).map(Self::Document)
        } else {
            let message = Channel::parse(channel).zip(Purpose::parse(purpose));
            message.map(|(channel, purpose)| Self::Message(channel, purpose))
        };
        known.unwrap_or_else(|| Self::Unknown {
            channel: channel.to_owned(),
            purpose: purpose.to_owned(),
        })
    }

    /// Returns the word of its channel, or `document`.
    pub fn channel_word(&self) -> &str {
        match self {
            Self::Message(channel, _) => channel.as_str(),
            Self::Document(_) => DOCUMENT_CHANNEL,
            Self::Unknown { channel, .. } => channel,
        }
    }

    /// Returns the word of its purpose, or the document's name.
    pub fn purpose_word(&self) -> &str {
        match self {
            Self::Message(_, purpose) => purpose.as_str(),
            Self::Document(document) => document.as_str(),
            Self::Unknown { purpose, .. } => purpose,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_are_the_same_in_json() {
        for &channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Some(channel));
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.as_str());
        }
        for &purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
            assert_eq!(serde_json::to_value(purpose).unwrap(), purpose.as_str());
        }
        for &document in ConsentDocument::ALL {
            assert_eq!(ConsentDocument::parse(document.as_str()), Some(document));
        }
    }

    #[test]
    fn the_grid_has_twenty_cells() {
        assert_eq!(Channel::ALL.len() * Purpose::ALL.len(), 20);
    }

    #[test]
    fn a_subject_keeps_the_words_that_are_stored_of_it() {
        let subjects = [
            (
                "sms",
                "news",
                ConsentSubject::Message(Channel::Sms, Purpose::News),
            ),
            (
                "document",
                "rules",
                ConsentSubject::Document(ConsentDocument::Rules),
            ),
            ("document", "news", unknown("document", "news")),
            ("sms", "rules", unknown("sms", "rules")),
            ("fax", "news", unknown("fax", "news")),
        ];
        for (channel, purpose, subject) in subjects {
            assert_eq!(ConsentSubject::of_words(channel, purpose), subject);
            assert_eq!(subject.channel_word(), channel);
            assert_eq!(subject.purpose_word(), purpose);
        }
    }

    fn unknown(channel: &str, purpose: &str) -> ConsentSubject {
        ConsentSubject::Unknown {
            channel: channel.to_owned(),
            purpose: purpose.to_owned(),
        }
    }

    #[test]
    fn unknown_words_name_nothing() {
        assert_eq!(Channel::parse("SMS"), None);
        assert_eq!(Purpose::parse(""), None);
        assert_eq!(ConsentDocument::parse("offer"), None);
    }
}
