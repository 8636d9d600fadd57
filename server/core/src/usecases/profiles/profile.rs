//! Profile: answers that a member may give about themselves; each question can be skipped, changed and taken back.

mod birth;

pub use birth::save_birth_date;

use crate::domain::amounts::Points;
use crate::domain::consents::ConsentDocument;
use crate::domain::ledger::{EntryKind, lot_dates};
use crate::domain::profile::{BirthDate, CarAnswer, CarKind, Species, child_year, pet_count};
use crate::domain::reason::EntryReason;
use crate::domain::time::local_date;
use crate::domain::{email, name, phone::Phone};
use crate::ids::{MemberId, RowId};
use crate::service::{Kopilka, ProgrammeRules};
use crate::store::audit::{self, Action};
use crate::store::foreign_ids::{OwnedKind, is_of_another};
use crate::store::{Tx, members, merged_accounts, profiles};
use crate::usecases::access::foreign_ids::{OwnedId, log_foreign_id_of_shopper};
use crate::usecases::access::session::{self, Shopper};
use crate::usecases::loyalty::member_snapshot::birth_date;
use crate::usecases::loyalty::points_forwarding;
use crate::usecases::loyalty::posting::{LedgerPosting, NewPointsLot};
use crate::usecases::profiles::consents;
use crate::usecases::{Error, FieldProblem, Refusal, transact};

/// Most children that a profile keeps.
const MOST_CHILDREN: usize = 12;

/// A member's profile.
#[derive(Debug, Clone)]
pub struct MemberProfile {
    /// First name.
    pub first_name: String,
    /// Last name or nothing.
    pub last_name: String,
    /// E-mail or nothing.
    pub email: String,
    /// The phone as its owner may recognise it.
    pub phone: String,
    /// Birth date.
    pub birth: Option<BirthDate>,
    /// Number of times that the birth date may still be changed.
    pub birth_changes_left: i64,
    /// Agreed that birth years of children are kept.
    pub children_agreed: bool,
    /// Children: row and birth year.
    pub children: Vec<(RowId, i32)>,
    /// Pets by species.
    pub pets: Vec<(Species, i64)>,
    /// The car question.
    pub car: CarAnswer,
    /// Points for a full profile, until they were given.
    pub reward: Option<Points>,
    /// Questions that are still open for the reward.
    pub open_questions: Vec<&'static str>,
}

async fn read_profile(
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
) -> Result<MemberProfile, Error> {
    let row = members::load_member(tx, member).await?;
    let children = profiles::list_children(tx, member)
        .await?
        .into_iter()
        .filter_map(|child| Some((child.id, i32::try_from(child.birth_year).ok()?)))
        .collect();
    let pets: Vec<(Species, i64)> = profiles::list_pets(tx, member)
        .await?
        .into_iter()
        .map(|pet| (pet.species, pet.count))
        .collect();
    let birth = birth_date(&row);
    let car = row.car;
    let mut open_questions = Vec::new();
    if birth.is_none() {
        open_questions.push("birth");
    }
    if car == CarAnswer::Untold {
        open_questions.push("car");
    }
    let mut rewarded = row.rewarded_at.is_some();
    // The reward is for the person, whichever of their accounts has had it.
    for account in merged_accounts::accounts_of_person(tx, member).await? {
        rewarded |= account != member
            && members::load_member(tx, account)
                .await?
                .rewarded_at
                .is_some();
    }
    Ok(MemberProfile {
        phone: row
            .phone
            .as_deref()
            .map(|phone| Phone::trusted(phone).masked())
            .unwrap_or_default(),
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email,
        birth,
        birth_changes_left: (rules.programme.profile.birth_changes - row.birth_changes).max(0),
        children_agreed: consents::load_agreed_documents(tx, member)
            .await?
            .contains(&ConsentDocument::Children),
        children,
        pets,
        car,
        reward: (!rewarded && rules.programme.profile.completed_points.0 > 0)
            .then_some(rules.programme.profile.completed_points),
        open_questions,
    })
}

/// The shopper's profile.
///
/// # Errors
/// [`Error::Fault`].
pub async fn load_profile(service: &Kopilka, shopper: &Shopper) -> Result<MemberProfile, Error> {
    let mut tx = service.db.read().await?;
    let rules = service.current_rules(&mut tx).await?;
    read_profile(&mut tx, shopper.member, &rules).await
}

/// Gives the reward once nothing that counts for it is open. Children and pets never count: many have none. The person is held
/// before it is decided: of two accounts that were merged only one is rewarded, also when both are filled in at once.
async fn reward_if_complete(
    service: &Kopilka,
    tx: &mut Tx,
    member: MemberId,
    rules: &ProgrammeRules,
) -> Result<bool, Error> {
    let profile = read_profile(tx, member, rules).await?;
    if profile.reward.is_none() || !profile.open_questions.is_empty() {
        return Ok(false);
    }
    points_forwarding::hold_with_target(tx, member).await?;
    let Some(points) = read_profile(tx, member, rules).await?.reward else {
        return Ok(false);
    };
    let now = service.now();
    if !profiles::take_reward(tx, member, now).await? {
        return Ok(false);
    }
    let posting = LedgerPosting::new(member, rules, now);
    let hold = rules.programme.points.bonus_hold_days;
    let reason = EntryReason::ProfileCompleted { points };
    let zone = rules.programme.time_zone;
    let (activates, expires) = lot_dates(&rules.programme.points, now, hold, zone);
    let lot = NewPointsLot {
        points,
        activates,
        expires,
        sale: None,
    };
    posting
        .bring_in(tx, EntryKind::Earn, lot, &[(points, reason)])
        .await?;
    points_forwarding::forward_points(tx, &posting).await?;
    Ok(true)
}

/// Changes the name and e-mail.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn save_name(
    service: &Kopilka,
    shopper: &Shopper,
    first: &str,
    last: &str,
    email: &str,
) -> Result<(), Error> {
    let mut problems = Vec::new();
    let first = name::first_name(first)
        .map_err(|fault| problems.push(FieldProblem::new("first_name", fault.problem_key())));
    let last = name::last_name(last)
        .map_err(|fault| problems.push(FieldProblem::new("last_name", fault.problem_key())));
    let email = email::parse_address(email)
        .map_err(|fault| problems.push(FieldProblem::new("email", fault.problem_key())));
    let (Ok(first), Ok(last), Ok(email)) = (first, last, email) else {
        return Err(Error::Invalid(problems));
    };
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        members::set_name(tx, shopper.member, &first, &last, &email).await?;
        log_change(service, tx, shopper, "name").await?;
        Ok(())
    })
}

/// An answer that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileSaveOutcome {
    /// It was the last one missing: the points for a full profile came with it.
    pub rewarded: bool,
}

/// Logs which part of their profile the shopper has changed.
async fn log_change(
    service: &Kopilka,
    tx: &mut Tx,
    shopper: &Shopper,
    part: &'static str,
) -> Result<(), Error> {
    let line = shopper.audit_line(Action::ProfileChanged).subject(part);
    Ok(audit::log(tx, line, service.now()).await?)
}

/// Adds a child by birth year, with the separate agreement that this is kept.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn add_child(
    service: &Kopilka,
    shopper: &Shopper,
    year: &str,
    agreed: bool,
    ip: &str,
) -> Result<(), Error> {
    let now = service.now();
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = service.current_rules(tx).await?;
        let profile = read_profile(tx, shopper.member, &rules).await?;
        let today = local_date(now, rules.programme.time_zone);
        let mut problems = Vec::new();
        let year = child_year(year, today);
        if year.is_none() {
            problems.push(FieldProblem::new("child_year", "child-year"));
        }
        if !agreed && !profile.children_agreed {
            problems.push(FieldProblem::new("child_agreed", "children-consent-needed"));
        }
        if profile.children.len() >= MOST_CHILDREN {
            problems.push(FieldProblem::new("child_year", "children-too-many"));
        }
        let (Some(year), true) = (year, problems.is_empty()) else {
            return Err(Error::Invalid(problems));
        };
        if !profile.children_agreed {
            let proof = consents::ConsentProof {
                ip: ip.to_owned(),
                source: "profile",
                at: now,
            };
            let document = ConsentDocument::Children;
            consents::record_document(tx, shopper.member, document, true, &rules, &proof).await?;
        }
        profiles::add_child(tx, shopper.member, i64::from(year), now).await?;
        log_change(service, tx, shopper, "children").await?;
        Ok(())
    })
}

/// Removes a child. One that is gone already is no error: the form may be sent twice.
///
/// # Errors
/// [`Refusal::NotFound`] for a child of another member.
pub async fn remove_child(service: &Kopilka, shopper: &Shopper, child: RowId) -> Result<(), Error> {
    let removed = transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        if profiles::remove_child(tx, shopper.member, child).await? {
            return log_change(service, tx, shopper, "children").await;
        }
        if is_of_another(tx, OwnedKind::Child, child.0, shopper.member.0).await? {
            return Err(Refusal::NotFound.into());
        }
        Ok(())
    });
    log_foreign_id_of_shopper(service, removed, shopper, OwnedId::Child(child)).await
}

/// Replaces the pets: a count as typed for each species; nothing or 0 removes it.
///
/// # Errors
/// [`Error::Invalid`] with the species as field.
pub async fn save_pets(
    service: &Kopilka,
    shopper: &Shopper,
    counts: &[(Species, String)],
) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut pets = Vec::new();
    for (species, typed) in counts {
        match typed.trim() {
            "" | "0" => {}
            typed => match pet_count(typed) {
                Some(count) => pets.push((*species, count)),
                None => problems.push(FieldProblem::new(species.as_str(), "pet-count")),
            },
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        profiles::set_pets(tx, shopper.member, &pets).await?;
        log_change(service, tx, shopper, "pets").await?;
        Ok(())
    })
}

/// Sets the answer about a car: a kind, `none`, or nothing to take the answer back.
///
/// # Errors
/// [`Error::Invalid`].
pub async fn save_car(
    service: &Kopilka,
    shopper: &Shopper,
    answer: &str,
) -> Result<ProfileSaveOutcome, Error> {
    let car = match answer {
        "" => CarAnswer::Untold,
        "none" => CarAnswer::None,
        kind => CarKind::parse(kind)
            .map(CarAnswer::Kind)
            .ok_or_else(|| Error::invalid_field("car", "car-unknown"))?,
    };
    let rewarded = transact!(service.db, |tx| {
        session::hold_account(tx, shopper).await?;
        let rules = service.current_rules(tx).await?;
        profiles::set_car(tx, shopper.member, car).await?;
        log_change(service, tx, shopper, "car").await?;
        reward_if_complete(service, tx, shopper.member, &rules).await
    })?;
    service.announce(shopper.member);
    Ok(ProfileSaveOutcome { rewarded })
}
