//! Joining the programme and signing in by a phone.

pub mod enrolment;
pub mod invitations;
pub mod phone_verification;
