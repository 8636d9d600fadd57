//! Who asks: sessions of members and of staff, accounts of staff, paired browsers, tills, shifts, posted forms.

pub(crate) mod foreign_ids;
pub mod form_states;
pub mod pairing;
pub mod refused_forms;
pub mod session;
pub mod shifts;
pub mod staff;
pub mod till_context;
