//! Backups of the whole database, and their return. Each is an act of the operator.

use std::path::Path;

use crate::domain::actor::Actor;
use crate::domain::roles::Permission;
use crate::service::Kopilka;
use crate::store::audit::{self, Action, AuditLine};
use crate::store::backup;
use crate::usecases::{Error, require, transact};

/// Writes everything to a new file, while others work. The line of the audit log is added before the file gets its
/// name: no file is without one.
///
/// # Errors
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed); [`Error::Fault`] with a sentence for the operator.
pub async fn make_backup(service: &Kopilka, actor: &Actor, file: &Path) -> Result<(), Error> {
    require(actor, Permission::OperateDeployment)?;
    let written = backup::write_unnamed(&service.db, file).await?;
    transact!(service.db, |tx| {
        let line = AuditLine::new(Action::BackupMade, actor);
        Ok(audit::log(tx, line, service.now()).await?)
    })?;
    // Nothing is awaited in between: whoever stops the work here stops it before the line, or has the file.
    Ok(written.name_file()?)
}

/// Puts a backup into an empty database; with `replace` into any, whose contents then go. The line of the audit log is added
/// to those of the backup.
///
/// # Errors
/// [`Refusal::NotAllowed`](crate::usecases::Refusal::NotAllowed); [`Error::Fault`] with a sentence for the operator.
pub async fn restore_backup(
    service: &Kopilka,
    actor: &Actor,
    file: &Path,
    replace: bool,
) -> Result<(), Error> {
    require(actor, Permission::OperateDeployment)?;
    let line = AuditLine::new(Action::BackupRestored, actor);
    backup::restore(&service.db, file, replace, (line, service.now())).await?;
    Ok(())
}
