//! At the till through a real database: gifts that are counted, cards that are printed, phones instead of cards, joining.
mod enrolment;
mod gifts;
mod people;

use crate::usecases::checkout::receipts::tests::rig::{Member, Rig};
use crate::usecases::checkout::till::{self, CustomerVisit};
use crate::usecases::{Error, Refusal};

/// Shows the member's printed number at the rig's till.
async fn look_up(rig: &Rig, member: &Member) -> CustomerVisit {
    let code = format!("70{}", member.card.as_str());
    till::look_up_customer(&rig.k, &rig.till, &code)
        .await
        .unwrap()
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}
