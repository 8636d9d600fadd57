//! Whoever acts. Each write of a use case is done for an actor, and its line in the audit log names the actor.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::roles::{Permission, Role};
use super::stored_names::stored_names;
use crate::ids::{MemberId, RowId, StaffId, TillId};

/// Whoever acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not proven who they are.
    Visitor,
    /// A signed-in member.
    Member(MemberId),
    /// A person of staff in a session of their own.
    Staff(StaffActor),
    /// A till that serves customers.
    Till {
        /// The till.
        till: TillId,
        /// Person who is signed in at it; `None` = its key.
        staff: Option<StaffId>,
    },
    /// Whoever may run commands.
    Operator {
        /// Person of staff who has proven their password besides.
        staff: Option<StaffId>,
    },
    /// A job of the serving process.
    Job,
}

/// A person of staff in a session of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffActor {
    /// Id of their account.
    pub id: StaffId,
    /// Their role.
    pub role: Role,
    /// Till at which the session is; `None` = at none.
    pub till: Option<TillId>,
    /// Paired browser in which the session is; `None` = another browser.
    pub device: Option<RowId>,
}

/// Kind of an actor, as stored in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum ActorKind {
    /// Somebody who has not proven who they are.
    Visitor,
    /// A member.
    Member,
    /// A person of staff, at a till or not.
    Staff,
    /// A till by its key.
    Till,
    /// Whoever may run commands.
    Operator,
    /// A job.
    Job,
}

stored_names!(ActorKind);

impl Actor {
    /// Whoever may run commands, without a proof of being a person of staff.
    pub const OPERATOR: Self = Self::Operator { staff: None };

    /// Returns the operator who has proven to be this person of staff.
    pub const fn proven_operator(staff: StaffId) -> Self {
        Self::Operator { staff: Some(staff) }
    }

    /// Returns the kind of the actor.
    pub const fn kind(&self) -> ActorKind {
        match self {
            Self::Visitor => ActorKind::Visitor,
            Self::Member(_) => ActorKind::Member,
            Self::Staff(_) | Self::Till { staff: Some(_), .. } => ActorKind::Staff,
            Self::Till { staff: None, .. } => ActorKind::Till,
            Self::Operator { .. } => ActorKind::Operator,
            Self::Job => ActorKind::Job,
        }
    }

    /// Returns whether the actor may do this. At a till everybody may do what a cashier may.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Self::Operator { .. } => true,
            Self::Staff(staff) => staff.role.may(permission),
            Self::Till { .. } => Role::Cashier.may(permission),
            Self::Visitor | Self::Member(_) | Self::Job => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whom_the_table_names_and_the_operator_may_act() {
        let staff = |role| {
            Actor::Staff(StaffActor {
                id: StaffId::new(),
                role,
                till: None,
                device: None,
            })
        };
        let till = |staff| Actor::Till {
            till: TillId::new(),
            staff,
        };
        for permission in [Permission::ManageTills, Permission::OperateDeployment] {
            assert!(Actor::OPERATOR.may(permission));
            for nobody in [
                Actor::Visitor,
                Actor::Member(MemberId::new()),
                Actor::Job,
                till(None),
                till(Some(StaffId::new())),
                staff(Role::Cashier),
                staff(Role::Support),
            ] {
                assert!(!nobody.may(permission), "{nobody:?} {permission:?}");
            }
        }
        assert!(staff(Role::Administrator).may(Permission::ManageTills));
        assert!(!staff(Role::Administrator).may(Permission::OperateDeployment));
        assert!(till(None).may(Permission::WorkAtTill));
        assert_eq!(till(None).kind().as_str(), "till");
        assert_eq!(till(Some(StaffId::new())).kind().as_str(), "staff");
    }
}
