//! The deployment of a restore's template: the parameters, the signature that reads it, the preview, the deployment, and the disks read again.

use std::rc::Rc;

use azure_backup::arm::call::{ApiVersion, Call};
use azure_backup::arm::deployment::{self, Sas, changes};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use bytes::Bytes;
use http::Response;
use time::Duration;

use super::UpdateContext;
use super::sent::of_deployment;
use crate::app::deployment::{DeployMsg, DeployStage, DeployStep, TemplateDeployment};
use crate::app::effect::CallId;
use crate::app::follower::{End, Followed};
use crate::app::key::Key;
use crate::app::purpose::Purpose;
use crate::app::sent::SentSubject;
use crate::app::shown_request::ShownRequest;
use crate::restore::deployment::{Template, parameters_named};

/// A signature is valid for so long: Resource Manager reads the template soon after the request.
const SIGNED_FOR: Duration = Duration::minutes(30);
/// More parameters than this no template of a machine has.
const MAX_PARAMETERS: usize = 64;

impl UpdateContext<'_> {
    pub(super) fn deploy(&mut self, restore: &ClientRequestId, msg: DeployMsg) {
        let (identity, connected) = (self.state.identity(), self.state.connected());
        let all = &mut self.state.deployments;
        let Some(at) = all.iter().position(|one| one.restore == *restore) else {
            if matches!(msg, DeployMsg::Open) {
                let (restore, parameters, stage) = (restore.clone(), Vec::new(), DeployStage::Editing);
                all.push(TemplateDeployment { restore, identity, parameters, resumed: false, stage });
            }
            return;
        };
        let one = &mut all[at];
        if one.runs() || !connected {
            return;
        }
        let rows = &mut one.parameters;
        match msg {
            DeployMsg::Open => return,
            DeployMsg::Close => {
                all.remove(at);
                return;
            }
            DeployMsg::Preview => return self.sign(restore, DeployStep::Preview, None),
            DeployMsg::Send(confirmed) => return self.send_deployment(restore, confirmed),
            DeployMsg::Name(row, text) => rows.get_mut(row).into_iter().for_each(|it| it.0.clone_from(&text)),
            DeployMsg::Value(row, text) => rows.get_mut(row).into_iter().for_each(|it| it.1.clone_from(&text)),
            DeployMsg::Add if rows.len() < MAX_PARAMETERS => rows.push(Default::default()),
            DeployMsg::Remove(row) if row < rows.len() => drop(rows.remove(row)),
            DeployMsg::Add | DeployMsg::Remove(_) => {}
        }
        // What was previewed had other parameters.
        if matches!(one.stage, DeployStage::Previewed(_)) {
            one.stage = DeployStage::Editing;
        }
    }

    /// The template of a restore, and its deployment.
    fn deployed(&self, restore: &ClientRequestId) -> Option<(Template, TemplateDeployment)> {
        let run = self.state.restore(restore)?;
        Some((run.template()?, self.state.deployment(run)?.clone()))
    }

    fn deploy_stage(&mut self, restore: &ClientRequestId, stage: DeployStage) {
        if let Some(one) = self.state.deployments.iter_mut().find(|one| one.restore == *restore) {
            one.stage = stage;
        }
    }

    /// Begins to send the request that was shown: one that has changed since, or of which no preview was seen, is not sent.
    fn send_deployment(&mut self, restore: &ClientRequestId, confirmed: String) {
        let Some((template, one)) = self.deployed(restore) else { return };
        let shown = self.state.deploy_request(&one, &template, DeployStep::Deploy);
        if !matches!(one.stage, DeployStage::Previewed(_)) || shown.sha256 != confirmed {
            return self.refuse_changed_request();
        }
        self.sign(restore, DeployStep::Deploy, Some(confirmed));
    }

    /// Asks for the signature with which Resource Manager reads the template.
    fn sign(&mut self, restore: &ClientRequestId, step: DeployStep, confirmed: Option<String>) {
        let Some((template, _)) = self.deployed(restore) else { return };
        let Some(number) = self.env.id() else { return };
        let expires = self.env.now + SIGNED_FOR;
        let call = deployment::blob_sas(&template.account, &template.container, &template.blob, expires);
        let stage = match call.request(&self.state.cloud(), &number) {
            Ok(request) => {
                let call = self.send(call.name, request, Purpose::Sign(restore.clone(), call));
                DeployStage::Signing { call, step, confirmed }
            }
            Err(refused) => failed(step, Fault::refused(call.name, &refused), false),
        };
        self.deploy_stage(restore, stage);
    }

    /// The signature goes into the request, which leaves at once, and is kept nowhere.
    pub(super) fn on_signed(
        &mut self,
        restore: &ClientRequestId,
        number: CallId,
        call: &Call<Option<Sas>>,
        result: Result<Response<Bytes>, Fault>,
    ) {
        let Some((template, one)) = self.deployed(restore) else { return };
        let DeployStage::Signing { call: asked, step, confirmed } = &one.stage else { return };
        if *asked != number {
            return;
        }
        let none = || Fault::reported(call.name, "", "Azure gave no signature for the template.");
        let stage = match result.and_then(|answer| call.read(&answer)).and_then(|sas| sas.ok_or_else(none)) {
            Err(fault) => failed(*step, fault, false),
            Ok(sas) => {
                let shown = self.state.deploy_request(&one, &template, *step);
                if confirmed.as_ref().is_some_and(|confirmed| *confirmed != shown.sha256) {
                    self.deploy_stage(restore, DeployStage::Editing);
                    return self.refuse_changed_request();
                }
                let request = ShownRequest { call: one.call(&template, &sas, *step), ..shown };
                let of = Followed::Deployment(restore.clone(), *step);
                // A preview changes nothing, so it may be forgotten.
                if *step == DeployStep::Deploy {
                    self.note_sent(SentSubject::Deployment { restore: restore.clone() }, &request.sha256);
                }
                let begun = self.begin(of.clone(), &request, template.group, ApiVersion::RESOURCES);
                if !matches!(begun, Some(Ok(_))) {
                    self.note_sent_stage(&of, None);
                }
                match begun {
                    Some(Ok(follower)) => DeployStage::Following(*step, follower),
                    Some(Err(fault)) => failed(*step, fault, false),
                    None => DeployStage::Editing,
                }
            }
        };
        self.deploy_stage(restore, stage);
    }

    pub(super) fn deployment_ended(&mut self, restore: &ClientRequestId, step: DeployStep, end: End) {
        let (unread, deploys) = (|text| Fault::reported("Preview deployment", "", text), step == DeployStep::Deploy);
        let stage = match end {
            // Without an operation nobody has said that it is done.
            End::Succeeded { operation: Some(_), .. } if deploys => DeployStage::Done,
            End::Succeeded { .. } | End::Lost if deploys => DeployStage::Lost,
            End::Succeeded { properties, .. } => match changes(&properties) {
                Some(changes) => DeployStage::Previewed(changes.into()),
                None => failed(step, unread("Azure's preview can't be read. Nothing was changed."), false),
            },
            End::Lost => failed(step, unread("The preview can't be tracked. Nothing was changed. Try again."), false),
            End::Failed { fault, unknown } => {
                if let Some(one) = self.state.deployments.iter_mut().find(|one| one.restore == *restore) {
                    for name in parameters_named(&fault) {
                        let is_new = !one.parameters.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
                        if is_new && one.parameters.len() < MAX_PARAMETERS {
                            one.parameters.push((name, String::new()));
                        }
                    }
                }
                failed(step, fault, unknown && deploys)
            }
        };
        self.announce(match stage {
            DeployStage::Previewed(_) => "Preview ready",
            DeployStage::Failed { .. } => "Failed",
            _ => "Finished",
        });
        if deploys && let Some(end) = of_deployment(&stage) {
            self.note_sent_stage(&Followed::Deployment(restore.clone(), step), Some(end));
        }
        self.deploy_stage(restore, stage);
        let disks = self.state.restore(restore).and_then(|run| self.state.restored_disks_key(run));
        if let Some(disks) = disks.filter(|_| deploys) {
            // The machine that it creates, and what is attached to it.
            self.state.catalog.forget(|key| matches!(key, Key::Machines(_)));
            self.ask(&disks);
        }
    }
}

fn failed(step: DeployStep, fault: Fault, unknown: bool) -> DeployStage {
    DeployStage::Failed { step, fault: Rc::new(fault), unknown }
}
