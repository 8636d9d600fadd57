//! Roles of staff, and the one table of what each may do.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::stored_names::stored_names;

/// Role of a person who works for the chain. Names are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// Works at a till.
    Cashier,
    /// Prepares offers, gifts and messages.
    Marketer,
    /// Approves what others have prepared.
    Approver,
    /// Reads figures.
    Analyst,
    /// Helps members: corrects, and decides on what was held.
    Support,
    /// Reads who did what.
    Auditor,
    /// Runs the chain.
    #[strum(serialize = "admin")]
    Administrator,
}

impl Role {
    /// Returns whether people of this role may do this.
    pub fn may(self, permission: Permission) -> bool {
        permission.roles().contains(&self)
    }
}

/// Act that a role may allow: a verb and its object. Who runs commands may do all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Permission {
    /// Sign in at a till and serve customers there.
    WorkAtTill,
    /// Let a visit pass that the fraud limits have stopped.
    LiftBlock,
    /// Show a code by which another browser is paired with a till.
    ShowPairingCode,
    /// See the day of all tills of the store.
    SeeStoreDay,
    /// Correct points, cards, phones and accounts of members.
    CorrectAccount,
    /// Decide on a correction that another person has asked for.
    ApproveCorrection,
    /// Post or refuse a late sale that was held.
    DecideHeldSale,
    /// Add, change and block accounts of staff.
    ManageStaff,
    /// Add tills, renew and revoke their keys, end their pairings.
    ManageTills,
    /// Add and change stores.
    ManageStores,
    /// Import and remove goods.
    ManageProducts,
    /// Set how many of a gift a store has.
    ManageGiftStock,
    /// Put members into the list of an offer and take them out of it.
    ManageOfferMembers,
    /// Make cards that are nobody's yet, to be printed.
    PrintCards,
    /// Put a programme in force.
    ApplyProgramme,
    /// Make and restore backups, forget the secret key.
    OperateDeployment,
}

impl Permission {
    /// Returns the roles that have it.
    pub const fn roles(self) -> &'static [Role] {
        use Role::{Administrator, Approver, Cashier, Marketer, Support};
        match self {
            Self::WorkAtTill => &[Cashier, Support, Administrator],
            Self::LiftBlock | Self::CorrectAccount | Self::DecideHeldSale => {
                &[Support, Administrator]
            }
            Self::ApproveCorrection => &[Approver, Support, Administrator],
            Self::ManageProducts | Self::ManageGiftStock | Self::ManageOfferMembers => {
                &[Marketer, Administrator]
            }
            Self::ShowPairingCode
            | Self::SeeStoreDay
            | Self::ManageStaff
            | Self::ManageTills
            | Self::ManageStores
            | Self::PrintCards
            | Self::ApplyProgramme => &[Administrator],
            Self::OperateDeployment => &[],
        }
    }
}

stored_names!(Role, Permission);

/// Returns the table of all permissions with the roles that have them, a line for each permission.
pub fn permission_table() -> Vec<(Permission, &'static [Role])> {
    Permission::ALL
        .iter()
        .map(|permission| (*permission, permission.roles()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_keep_their_stored_names() {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        assert_eq!(
            names,
            [
                "cashier", "marketer", "approver", "analyst", "support", "auditor", "admin"
            ]
        );
        for &role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("king"), None);
    }

    /// The table as the decision record prints it, a line of a Markdown table for each permission.
    fn printed() -> Vec<String> {
        let mark = |has: bool| if has { " x |" } else { "  |" };
        permission_table()
            .into_iter()
            .map(|(permission, _)| {
                let has = |role: &Role| mark(role.may(permission));
                let marks: String = Role::ALL.iter().map(has).collect();
                format!("| {} |{marks}", permission.as_str())
            })
            .collect()
    }

    #[test]
    fn the_table_is_the_one_of_the_decision_record() {
        let record = include_str!("../../../../docs/decisions/039-actors-roles-audit.md");
        let lines: Vec<&str> = record
            .lines()
            .filter(|line| line.starts_with("| ") && line.contains('-'))
            .collect();
        assert_eq!(lines, printed());
    }
}
