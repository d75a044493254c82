//! What calls are called where they fail.

use crate::app::state::Purpose;

/// The name of a call in a fault.
pub(super) fn what(purpose: &Purpose) -> String {
    match purpose {
        Purpose::Read(key, _) => key.what().to_owned(),
        Purpose::Trigger(_) => "Trigger restore".to_owned(),
        Purpose::Prepare(..) => "Prepare the restore".to_owned(),
        Purpose::Operation(_) => "Get operation status".to_owned(),
        Purpose::Job(..) => "Get job".to_owned(),
        Purpose::VaultJobs { .. } | Purpose::ResendCheck { .. } => "List jobs".to_owned(),
        Purpose::Cancel { .. } => "Cancel job".to_owned(),
        Purpose::Check(_) => "Validate restore".to_owned(),
        Purpose::Follow(of) => of.name().to_owned(),
        Purpose::UndeleteJob(..) => "Undelete".to_owned(),
        Purpose::FileScripts(..) => "File recovery".to_owned(),
        Purpose::Sign(..) => "Get access to template".to_owned(),
    }
}
