//! What whoever runs the deployment does: backups and the secret key.

pub mod backups;
pub mod secret_key;
