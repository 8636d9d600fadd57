//! Answers of a member of the past to questions about themselves, and the points for a full profile.

use super::DemoShopper;
use crate::memory_ledger::{MovementCause, RowSink};
use kopilka_core::domain::consents::{ConsentDocument, ConsentSubject};
use kopilka_core::domain::ledger::{EntryKind, lot_dates};
use kopilka_core::domain::profile::CarAnswer;
use kopilka_core::domain::reason::EntryReason;
use kopilka_core::domain::time::Instant;
use kopilka_core::ids::RowId;
use kopilka_core::usecases::Error;
use kopilka_core::usecases::loyalty::posting::NewPointsLot;

impl DemoShopper<'_> {
    pub(super) fn tell_profile(&mut self, at: Instant) -> Result<(), Error> {
        let member = self.row.id;
        if let Some(birth) = self.person.birth {
            self.row.birth_year = Some(birth.year.into());
            self.row.birth_month = Some(birth.month.into());
            self.row.birth_day = Some(birth.day.into());
            self.row.birth_changes = 1;
            self.facts.birth = Some(birth);
        }
        if !self.person.children.is_empty() {
            let version = self.chain.rules.programme.documents.children.clone();
            let document = ConsentSubject::Document(ConsentDocument::Children);
            self.record_consent(at, "profile", document, &version);
        }
        for year in self.person.children.clone() {
            let id = RowId(self.ids.next_id());
            self.rows.add_child(id, member, year.into(), at);
            self.facts.child_birth_years.push(year);
        }
        for (species, count) in &self.person.pets {
            self.rows.add_pets(member, *species, *count);
            self.facts.pets.push(*species);
        }
        self.row.car = CarAnswer::of_word(self.person.car);
        self.facts.car = matches!(self.row.car, CarAnswer::Kind(_));
        if self.person.birth.is_some() && self.person.car.is_some() {
            self.reward_full_profile(at)?;
        }
        Ok(())
    }

    /// The points for a full profile.
    fn reward_full_profile(&mut self, at: Instant) -> Result<(), Error> {
        let programme = &self.chain.rules.programme;
        let points = programme.profile.completed_points;
        if !points.is_positive() {
            return Ok(());
        }
        self.row.rewarded_at = Some(at);
        let rules = &programme.points;
        let (activates, expires) = lot_dates(rules, at, rules.bonus_hold_days, programme.time_zone);
        let lot = NewPointsLot {
            points,
            activates,
            expires,
            sale: None,
        };
        let mut out = RowSink {
            rows: self.rows,
            ids: &mut self.ids,
        };
        let reasons = [(points, EntryReason::ProfileCompleted { points })];
        self.memory_ledger.bring_in(
            &mut out,
            MovementCause::at_time(at),
            EntryKind::Earn,
            lot,
            &reasons,
        )
    }
}
