//! *Recover files* and *Stop*: the request that was on the screen, its end, the script, and the twelve hours.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::backup::file_recovery::{self, ClientScript, has_own_answer, scripts_of};
use bytes::Bytes;
use http::Response;
use time::OffsetDateTime;

use super::UpdateContext;
use crate::app::effect::{CallId, Effect};
use crate::app::file_recovery::{FileAction, FileRequest, FileSession, FileStage, FilesMsg, SessionStage};
use crate::app::follower::{End, Followed};
use crate::app::key::Key;
use crate::app::purpose::Purpose;
use crate::restore::file_recovery::script::{RecoveryScript, ScriptSource};
use crate::restore::regional_id::RegionalId;

const CALL: &str = "File recovery";

impl UpdateContext<'_> {
    pub(super) fn files(&mut self, msg: FilesMsg) {
        match msg {
            FilesMsg::Send { point, action, sha256 } => self.send_files_request(&point, action, &sha256),
            FilesMsg::ReadScripts(point) => self.set_files_fault(&point, None),
            FilesMsg::CopyPassword(point) => {
                let password = self.state.file_script(&point).and_then(|script| script.password.clone());
                if let Some(password) = password {
                    self.effects.push(Effect::Copy(password.expose().to_owned()));
                }
            }
            FilesMsg::SaveScript(point) => {
                if let Some(script) = self.state.file_script(&point).cloned()
                    && let ScriptSource::Text(text) = &script.source
                {
                    let (name, text) = (script.file_name.clone(), text.expose().to_owned());
                    // A media type that is a program's makes some browsers add an extension.
                    self.effects.push(Effect::Download { name, mime: "application/octet-stream", text });
                }
            }
        }
    }

    /// Sends the request that was shown: one that has changed since is shown anew, and not sent.
    fn send_files_request(&mut self, point: &ArmId, action: FileAction, shown: &str) {
        if !self.state.connected() || self.state.is_recovering_files(point) {
            return;
        }
        let place = RegionalId::from(point.clone());
        let request = match action {
            FileAction::Provision => self.state.provision_request(&place),
            FileAction::Revoke => Some(self.state.revoke_request(point)),
        };
        let Some(request) = request.filter(|request| request.sha256 == shown) else {
            return self.refuse_changed_request();
        };
        if action == FileAction::Provision {
            self.note_files_request(point);
        }
        let (identity, version) = (self.state.identity(), self.state.settings.versions.primary.clone());
        let vault = point.up_to("vaults").unwrap_or_else(|| point.clone());
        let of = Followed::Files(point.clone(), action);
        let stage = match self.begin(of, &request, vault, version.clone()) {
            None => return,
            Some(Ok(follower)) => FileStage::Following(follower),
            Some(Err(fault)) => {
                self.note_files_refused(point);
                FileStage::Failed { fault: Rc::new(fault), unknown: false }
            }
        };
        self.state.file_requests.retain(|one| one.point != *point || one.action != action);
        self.state.file_requests.push(FileRequest {
            point: point.clone(),
            action,
            identity,
            version,
            call: None,
            stage,
        });
    }

    /// Writes down that a recovery may have been started, before the request leaves. One that runs already keeps its earlier time until Azure
    /// has handed out the new script.
    fn note_files_request(&mut self, point: &ArmId) {
        let now = self.env.now;
        if self.state.file_session(point).is_some_and(|session| session.works(now)) {
            return;
        }
        let machine = RegionalId::from(point.clone()).item().and_then(|item| self.state.machine_name(&item));
        let identity = self.state.identity();
        self.state.file_sessions.put(FileSession {
            point: point.clone(),
            machine: machine.unwrap_or_default(),
            cloud: identity.cloud,
            owner: identity.owner,
            requested: now,
            stage: SessionStage::Requested,
            told: false,
        });
        self.save_files();
    }

    /// Azure has not heard of the request, or has refused it.
    fn note_files_refused(&mut self, point: &ArmId) {
        self.change_files_session(point, |session| {
            if session.stage == SessionStage::Requested {
                session.stage = SessionStage::Refused;
            }
        });
    }

    /// Changes what is stored of a recovery of this account.
    fn change_files_session(&mut self, point: &ArmId, change: impl FnOnce(&mut FileSession)) {
        let identity = self.state.identity();
        self.state.file_sessions.change(&identity, point, change);
        self.save_files();
    }

    fn request_mut(&mut self, point: &ArmId, action: FileAction) -> Option<&mut FileRequest> {
        self.state.file_requests.iter_mut().find(|one| one.point == *point && one.action == action)
    }

    fn files_stage(&mut self, point: &ArmId, action: FileAction, stage: FileStage) {
        if let Some(one) = self.request_mut(point, action) {
            (one.call, one.stage) = (None, stage);
        }
    }

    fn set_files_fault(&mut self, point: &ArmId, why: Option<Rc<Fault>>) {
        if let Some(one) = self.request_mut(point, FileAction::Provision)
            && let FileStage::Scripts { fault, .. } = &mut one.stage
        {
            *fault = why;
        }
    }

    /// The scripts of an operation that has succeeded.
    pub(super) fn on_scripts_response(
        &mut self,
        point: &ArmId,
        number: CallId,
        call: &Call<Vec<ClientScript>>,
        result: Result<Response<Bytes>, Fault>,
    ) {
        let Some(one) = self.request_mut(point, FileAction::Provision).filter(|one| one.call == Some(number)) else {
            return;
        };
        one.call = None;
        match result.and_then(|answer| call.read(&answer)) {
            Ok(scripts) => self.files_ready(point, &scripts),
            Err(fault) => self.set_files_fault(point, Some(Rc::new(fault))),
        }
    }

    pub(super) fn files_ended(&mut self, point: &ArmId, action: FileAction, end: End) {
        match end {
            End::Succeeded { operation, properties, .. } => {
                self.files_succeeded(point, action, operation.as_deref(), &properties);
            }
            End::Failed { fault, unknown } => self.files_failed(point, action, fault, unknown),
            End::Lost => {
                let fault = Fault::reported(CALL, "", "The request was accepted, but its operation can't be tracked.");
                self.files_failed(point, action, fault, true);
            }
        }
    }

    fn files_succeeded(
        &mut self,
        point: &ArmId,
        action: FileAction,
        operation: Option<&str>,
        properties: &serde_json::Value,
    ) {
        match (action, operation) {
            (FileAction::Revoke, _) => {
                // The script is of no use any more.
                self.state.file_requests.retain(|one| one.point != *point || one.action != FileAction::Provision);
                self.files_stage(point, action, FileStage::Stopped);
                self.change_files_session(point, |session| session.stage = SessionStage::Stopped);
                self.announce("File recovery stopped");
                self.read_points_again(point);
            }
            (FileAction::Provision, Some(operation))
                if self.state.file_request(point, action).is_some_and(|one| has_own_answer(&one.version)) =>
            {
                let stage = FileStage::Scripts { operation: operation.to_owned(), fault: None };
                self.files_running(point);
                self.files_stage(point, action, stage);
            }
            (FileAction::Provision, _) => {
                self.files_running(point);
                self.files_ready(point, &scripts_of(properties));
            }
        }
    }

    /// The disks are attached.
    fn files_running(&mut self, point: &ArmId) {
        let now = self.env.now;
        self.state.file_requests.retain(|one| one.point != *point || one.action != FileAction::Revoke);
        self.change_files_session(point, |session| {
            // Of a new script the time of the answer is known; the first one counts from its request.
            if session.stage == SessionStage::Running {
                (session.requested, session.told) = (now, false);
            }
            session.stage = SessionStage::Running;
        });
        self.read_points_again(point);
    }

    fn files_ready(&mut self, point: &ArmId, scripts: &[ClientScript]) {
        let script = RecoveryScript::of(scripts).map(Rc::new);
        self.announce(if script.is_ok() { "Script ready" } else { "Script not usable" });
        self.files_stage(point, FileAction::Provision, FileStage::Ready(script));
    }

    fn files_failed(&mut self, point: &ArmId, action: FileAction, fault: Fault, unknown: bool) {
        self.announce(if action == FileAction::Revoke { "File recovery not stopped" } else { "File recovery failed" });
        self.files_stage(point, action, FileStage::Failed { fault: Rc::new(fault), unknown });
        if action == FileAction::Provision && !unknown {
            self.note_files_refused(point);
        }
        self.read_points_again(point);
    }

    /// What Azure lists about the recovery point has changed, or may have. What is known stays on the screen until then.
    fn read_points_again(&mut self, point: &ArmId) {
        let list = point.up_to("protectedItems").map(Key::Points);
        for key in [Some(Key::Point(point.clone())), list].into_iter().flatten() {
            if self.state.catalog.entry(&key).is_some_and(|entry| entry.reading.is_none()) {
                self.ask(&key);
            }
        }
    }

    /// Reads the scripts that are to be read; gives the time when the next recovery is over.
    pub(super) fn poll_files(&mut self) -> Option<OffsetDateTime> {
        for one in self.state.file_requests.clone().into_iter().filter(|one| one.call.is_none() && one.runs()) {
            let FileStage::Scripts { operation, .. } = &one.stage else { continue };
            let Some(id) = self.env.id() else { continue };
            let call = file_recovery::scripts(&one.point, operation, &one.version);
            match call.request(&self.state.cloud(), &id) {
                Ok(request) => {
                    let purpose = Purpose::FileScripts(one.point.clone(), call);
                    let number = self.send("Get file recovery scripts", request, purpose);
                    if let Some(one) = self.request_mut(&one.point, one.action) {
                        one.call = Some(number);
                    }
                }
                Err(refused) => self.files_failed(&one.point, one.action, Fault::refused(CALL, &refused), true),
            }
        }
        self.end_files_sessions()
    }

    /// Tells which scripts do not work any more, and when the next one will not.
    fn end_files_sessions(&mut self) -> Option<OffsetDateTime> {
        // After every message: without a recovery it costs nothing.
        if self.state.file_sessions.is_empty() || !self.state.connected() {
            return None;
        }
        let (now, identity) = (self.env.now, self.state.identity());
        let running = |one: &&FileSession| one.stage <= SessionStage::Running && !one.told;
        let open: Vec<FileSession> = self.state.file_sessions.of(&identity).filter(running).cloned().collect();
        let (over, left): (Vec<_>, Vec<_>) = open.into_iter().partition(|one| one.ends() <= now);
        for one in over {
            self.change_files_session(&one.point, |session| session.told = true);
            self.state.file_requests.retain(|request| request.point != one.point || request.runs());
            let title = "The time of a file recovery is over".to_owned();
            self.announce(&title);
            let body = format!("{}: its script has stopped working.", one.machine);
            self.effects.push(Effect::Notify { title, body, tag: format!("files {}", one.point) });
            self.read_points_again(&one.point);
        }
        left.iter().map(FileSession::ends).min()
    }
}
