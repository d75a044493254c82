//! File recovery: the requests of this tab and what came of them, and the recoveries that this browser knows to run.
//!
//! Script and password are in the memory of the tab that has asked for them, and nowhere else. What is stored says which recovery point, when,
//! and by whom.

mod sessions;

use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::file_recovery::{provision, revoke};
use azure_backup::backup::recovery_point::RecoveryPoint;

pub use sessions::{FileSession, FileSessions, SessionStage};

use super::effect::CallId;
use super::follower::Follower;
use super::identity::Identity;
use super::key::Key;
use super::shown_request::ShownRequest;
use super::state::State;
use crate::export::quoting::{bash, powershell};
use crate::restore::file_recovery::conditions::{Subject, is_offered};
use crate::restore::file_recovery::script::{NoScript, RecoveryScript, ScriptSource};
use crate::restore::regional_id::RegionalId;

/// What stands in the list of exchanges instead of an answer that may hold a password.
pub const ANSWER_NOT_SHOWN: &str = "(not shown: this response can contain the password of a file recovery)";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileAction {
    /// To attach the disks, and for the script.
    Provision,
    /// To detach them.
    Revoke,
}

/// Something about file recovery.
#[derive(Clone, Debug)]
pub enum FilesMsg {
    /// Send the request that the screen shows.
    Send {
        /// The recovery point.
        point: ArmId,
        /// What is asked for.
        action: FileAction,
        /// SHA-256 of the request on the screen.
        sha256: String,
    },
    /// Read the scripts of an operation that has succeeded once more.
    ReadScripts(ArmId),
    /// Put the password on the clipboard.
    CopyPassword(ArmId),
    /// Offer the script as a file.
    SaveScript(ArmId),
}

/// A request of this tab, and how far it is. It is not stored: see [`FileSessions`].
#[derive(Clone, Debug, PartialEq)]
pub struct FileRequest {
    /// The recovery point.
    pub point: ArmId,
    /// What is asked for.
    pub action: FileAction,
    /// Who asks: nobody else follows it, or sees the script.
    pub identity: Identity,
    /// The api-version of its calls.
    pub version: ApiVersion,
    /// The call that reads the scripts, while it is under way.
    pub call: Option<CallId>,
    /// How far it is.
    pub stage: FileStage,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum FileStage {
    /// The request has left, and is followed.
    Following(Follower),
    /// The disks are attached, and the scripts are read by a call of their own.
    Scripts {
        /// The operation that they are of.
        operation: String,
        /// Why they could not be read.
        fault: Option<Rc<Fault>>,
    },
    /// The disks are attached: the script, or why there is none.
    Ready(Result<Rc<RecoveryScript>, NoScript>),
    /// The disks are detached.
    Stopped,
    /// It failed.
    Failed {
        /// Why.
        fault: Rc<Fault>,
        /// Whether nobody knows if Azure has heard of the request.
        unknown: bool,
    },
}

impl FileRequest {
    /// Whether something is still to come.
    pub fn runs(&self) -> bool {
        match &self.stage {
            FileStage::Following(_) => true,
            FileStage::Scripts { fault, .. } => fault.is_none(),
            FileStage::Ready(_) | FileStage::Stopped | FileStage::Failed { .. } => false,
        }
    }
}

/// The line that fetches or starts a script under its name.
pub fn command(script: &RecoveryScript) -> String {
    let name = &script.file_name;
    match &script.source {
        ScriptSource::Link(url) => {
            format!("Invoke-WebRequest -UseBasicParsing -Uri {} -OutFile {}", powershell(url), powershell(name))
        }
        ScriptSource::Text(_) if script.windows => format!("& {}", powershell(&format!(".\\{name}"))),
        ScriptSource::Text(_) => {
            let name = bash(&format!("./{name}"));
            format!("chmod +x {name} && sudo {name}")
        }
    }
}

impl State {
    /// The request of this tab about a recovery point.
    pub fn file_request(&self, point: &ArmId, action: FileAction) -> Option<&FileRequest> {
        self.file_requests.iter().find(|one| one.point == *point && one.action == action)
    }

    /// Whether a request about the recovery point has not come to its end.
    pub fn is_recovering_files(&self, point: &ArmId) -> bool {
        self.file_requests.iter().any(|one| one.point == *point && one.runs())
    }

    /// The script that this tab holds for a recovery point.
    pub fn file_script(&self, point: &ArmId) -> Option<&Rc<RecoveryScript>> {
        match &self.file_request(point, FileAction::Provision)?.stage {
            FileStage::Ready(script) => script.as_ref().ok(),
            _ => None,
        }
    }

    /// A recovery point: its own answer, else its row in the list.
    pub fn listed_point(&self, id: &ArmId) -> Option<Rc<RecoveryPoint>> {
        let own = self.catalog.get::<RecoveryPoint>(&Key::Point(id.clone()));
        let list = || self.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(id.up_to("protectedItems")?));
        own.or_else(|| list()?.iter().find(|point| point.id == *id).cloned())
    }

    /// Whether the disks of a recovery point are attached somewhere: Azure lists it so, or has handed out a script here that still works. Of a
    /// request whose answer was lost Azure's list alone tells, where it has been read.
    pub fn has_file_session(&self, point: &ArmId) -> bool {
        let listed = self.listed_point(point).and_then(|point| point.files_session);
        let own = self.file_session(point).filter(|session| session.works(self.now));
        listed == Some(true) || own.is_some_and(|session| session.stage == SessionStage::Running || listed.is_none())
    }

    /// The recovery of a point that this account has started in this browser last.
    pub fn file_session(&self, point: &ArmId) -> Option<&FileSession> {
        self.file_sessions.of(&self.identity()).find(|session| session.point == *point)
    }

    /// The request that attaches the disks of a recovery point, or asks for a new script where they are. None where Azure has no file recovery,
    /// or the machine is not known.
    pub fn provision_request(&self, place: &RegionalId) -> Option<ShownRequest> {
        let item = self.item(&place.item()?)?;
        let point = self.listed_point(&place.id)?;
        let subject = Subject { point: &point, item: &item, secondary: place.secondary.is_some() };
        let machine = item.virtual_machine_id.as_ref().filter(|_| is_offered(&subject))?;
        let renew = point.files_session == Some(true);
        let call = provision(&place.id, machine, renew, &self.settings.versions.primary);
        Some(ShownRequest::of(call, &self.cloud()))
    }

    /// The request that detaches them.
    pub fn revoke_request(&self, point: &ArmId) -> ShownRequest {
        ShownRequest::of(revoke(point, &self.settings.versions.primary), &self.cloud())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::restore::file_recovery::HiddenText;

    #[test]
    fn commands_are_quoted_for_their_shell() {
        let script = |windows: bool, source: ScriptSource| {
            command(&RecoveryScript { windows, file_name: "vm_1.x".to_owned(), password: None, source })
        };
        let text = || ScriptSource::Text(HiddenText::new(String::new()));
        let link = ScriptSource::Link("https://download.microsoft.com/a'b$(x)’.exe".to_owned());
        assert_eq!(
            script(true, link),
            "Invoke-WebRequest -UseBasicParsing -Uri 'https://download.microsoft.com/a''b$(x)’’.exe' -OutFile 'vm_1.x'"
        );
        assert_eq!(script(true, text()), "& '.\\vm_1.x'");
        assert_eq!(script(false, text()), "chmod +x './vm_1.x' && sudo './vm_1.x'");
    }
}
