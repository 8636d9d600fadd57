//! consents
