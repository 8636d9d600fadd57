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
pub enum Document {
    /// Processing of personal data.
    PersonalData,
    /// Rules of the programme.
    Rules,
    /// Keeping the birth years of children.
    Children,
}

stored_names!(Channel, Purpose, Document);

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
        for &document in Document::ALL {
            assert_eq!(Document::parse(document.as_str()), Some(document));
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
