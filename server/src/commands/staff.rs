//! `kopilka staff`: accounts of people who work for the chain. Passwords and PINs come from standard input, never from arguments.

use clap::Subcommand;
use clap::builder::TypedValueParser;
use kopilka_core::Kopilka;
use kopilka_core::domain::actor::Actor;
use kopilka_core::domain::roles::{Role, permission_table};
use kopilka_core::usecases::access::staff::{self, StaffAccountChange};

use super::arguments::name_parser;
use super::{CommandError, explain_error, format_minute, read_secret_line};

/// Staff accounts.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add an account; the password is read from standard input.
    Add {
        /// What is typed to sign in.
        login: String,
        /// Name shown at the till.
        #[arg(long)]
        name: String,
        /// cashier, marketer, approver, analyst, support, auditor or admin; `kopilka staff roles` lists what each may do.
        #[arg(long, default_value = "cashier", value_parser = role_parser())]
        role: Role,
        /// Name of the till that a cashier works at; any paired till of the chain where it is not given.
        #[arg(long)]
        till: Option<String>,
    },
    /// Set the PIN by which a person signs in at paired tills; it is read from standard input.
    Pin {
        /// Login of the account.
        login: String,
    },
    /// List what each role may do.
    Roles,
    /// List accounts: login, name, role, till, PIN, since when blocked; in columns apart by tabs.
    List,
    /// Sign a person out everywhere and let them sign in no more.
    Block {
        /// Login of the account.
        login: String,
    },
    /// Let a blocked person sign in again.
    Unblock {
        /// Login of the account.
        login: String,
    },
    /// Set another password, which is read from standard input, and sign the person out everywhere.
    Password {
        /// Login of the account.
        login: String,
    },
    /// Give a person another role, and sign them out everywhere.
    Role {
        /// Login of the account.
        login: String,
        /// cashier, marketer, approver, analyst, support, auditor or admin; `kopilka staff roles` lists what each may do.
        #[arg(value_parser = role_parser())]
        role: Role,
    },
    /// Give a person another till, or none: then any paired till of the chain; and sign them out everywhere.
    Till {
        /// Login of the account.
        login: String,
        /// Name of the till; any paired till where it is not given.
        till: Option<String>,
    },
    /// Sign a person out everywhere.
    EndSessions {
        /// Login of the account.
        login: String,
    },
}

fn role_parser() -> impl TypedValueParser<Value = Role> {
    name_parser(Role::ALL.iter().map(|role| role.as_str()))
}

impl StaffCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self, service: &Kopilka) -> Result<(), CommandError> {
        match self {
            Self::Add {
                login,
                name,
                role,
                till,
            } => {
                let (operator, password) = (&Actor::OPERATOR, read_secret_line("password")?);
                staff::add_staff(
                    service,
                    operator,
                    &login,
                    &name,
                    role,
                    &password,
                    till.as_deref(),
                )
                .await
                .map_err(explain_error)?;
                println!("{login} may sign in");
            }
            Self::Pin { login } => {
                let pin = read_secret_line("PIN")?;
                staff::set_pin(service, &Actor::OPERATOR, &login, pin.trim())
                    .await
                    .map_err(explain_error)?;
                println!("{login} has a new PIN");
            }
            Self::Roles => list_roles(),
            Self::List => list_accounts(service).await?,
            Self::Block { login } => {
                change_account(
                    service,
                    &login,
                    StaffAccountChange::Block,
                    "may not sign in",
                )
                .await?;
            }
            Self::Unblock { login } => {
                change_account(
                    service,
                    &login,
                    StaffAccountChange::Unblock,
                    "may sign in again",
                )
                .await?;
            }
            Self::Password { login } => {
                let password = StaffAccountChange::Password(read_secret_line("password")?);
                change_account(service, &login, password, "has a new password").await?;
            }
            Self::Role { login, role } => {
                let said = format!("is {}", role.as_str());
                change_account(service, &login, StaffAccountChange::Role(role), &said).await?;
            }
            Self::Till { login, till } => {
                let said = match &till {
                    Some(till) => format!("works at {till}"),
                    None => "works at any paired till".to_owned(),
                };
                change_account(service, &login, StaffAccountChange::Till(till), &said).await?;
            }
            Self::EndSessions { login } => {
                change_account(
                    service,
                    &login,
                    StaffAccountChange::EndSessions,
                    "is signed out",
                )
                .await?;
            }
        }
        Ok(())
    }
}

/// Changes an account and says what it is now.
async fn change_account(
    service: &Kopilka,
    login: &str,
    change: StaffAccountChange,
    said: &str,
) -> Result<(), CommandError> {
    let ended = staff::change_staff_account(service, &Actor::OPERATOR, login, change)
        .await
        .map_err(|error| match error {
            kopilka_core::usecases::Error::Refused(kopilka_core::usecases::Refusal::NotFound) => {
                CommandError::Said(format!("nobody has the login {login}"))
            }
            other => explain_error(other),
        })?;
    println!("{login} {said}; sessions ended: {ended}");
    Ok(())
}

/// Prints each permission with the roles that have it, in columns apart by tabs.
fn list_roles() {
    for (permission, roles) in permission_table() {
        let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        let who = if roles.is_empty() {
            "operator only".to_owned()
        } else {
            roles.join(", ")
        };
        println!("{}\t{who}", permission.as_str());
    }
}

async fn list_accounts(service: &Kopilka) -> Result<(), CommandError> {
    for account in staff::list_staff(service).await.map_err(explain_error)? {
        let pin = if account.has_pin { "PIN" } else { "no PIN" };
        let blocked = account
            .blocked_at
            .map(|at| format!("blocked {}", format_minute(at)))
            .unwrap_or_default();
        let row = [
            account.login.as_str(),
            &account.name,
            account.role.as_str(),
            &account.till,
            pin,
            &blocked,
        ];
        println!("{}", row.join("\t").trim_end());
    }
    Ok(())
}
