//! The deployment of the template that a restore of disks has written: the parameters, the preview, and how far it is.
//!
//! Azure Resource Manager reads the template with a signature that the page asks for right before each request. It is in no state: it goes from
//! Azure's answer into the request, and what is shown has a sentence in its place.

use std::rc::Rc;

use azure_backup::arm::call::{Accepted, Call};
use azure_backup::arm::deployment::{self, Deployment, ResourceChange, Sas};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ClientRequestId, SubscriptionId};
use azure_backup::arm::permissions::Permission;
use azure_backup::backup::lookups::StorageAccount;
use serde_json::Value;

use super::effect::CallId;
use super::follower::Follower;
use super::identity::Identity;
use super::key::Key;
use super::readiness;
use super::shown_request::ShownRequest;
use super::state::State;
use crate::export::quoting::bash_word;
use crate::readiness::Question;
use crate::restore::deployment::{Template, obstacles};
use crate::restore::run::RestoreRun;

/// What stands in the list of exchanges instead of the signature.
pub const SIGNATURE_NOT_SHOWN: &str = "(not shown: this response contains the signature that reads the template)";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeployStep {
    /// What would change.
    Preview,
    /// To change it.
    Deploy,
}

/// Something about a deployment.
#[derive(Clone, Debug)]
pub enum DeployMsg {
    /// Show the panel.
    Open,
    /// Hide it.
    Close,
    /// Type the name of a parameter.
    Name(usize, String),
    /// Type its value.
    Value(usize, String),
    /// One more parameter.
    Add,
    /// One less.
    Remove(usize),
    /// Ask Azure what would change.
    Preview,
    /// Send the request that the screen shows.
    Send(String),
}

/// A deployment that is prepared, under way, or over.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateDeployment {
    /// The restore whose template it is.
    pub restore: ClientRequestId,
    /// Who asks: nobody else follows it.
    pub identity: Identity,
    /// Names and values, as they are typed.
    pub parameters: Vec<(String, String)>,
    /// Whether it was sent before this page was opened, or by another tab: nobody has opened it here.
    pub resumed: bool,
    /// How far it is.
    pub stage: DeployStage,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum DeployStage {
    /// Nothing was asked for with these parameters.
    Editing,
    /// The signature is asked for.
    Signing {
        /// The call.
        call: CallId,
        /// For what.
        step: DeployStep,
        /// SHA-256 of the request that was confirmed; none for a preview.
        confirmed: Option<String>,
    },
    /// The request has left, and is followed.
    Following(DeployStep, Follower),
    /// What would change with these parameters.
    Previewed(Rc<[ResourceChange]>),
    /// Azure says that it is done.
    Done,
    /// Azure has accepted it, and its end cannot be followed.
    Lost,
    /// It failed.
    Failed {
        /// What.
        step: DeployStep,
        /// Why.
        fault: Rc<Fault>,
        /// Whether nobody knows if Azure has heard of the request.
        unknown: bool,
    },
}

impl TemplateDeployment {
    /// Whether something is still to come.
    pub const fn runs(&self) -> bool {
        matches!(self.stage, DeployStage::Signing { .. } | DeployStage::Following(..))
    }

    /// What leaves.
    pub(super) fn call(&self, template: &Template, sas: &Sas, step: DeployStep) -> Call<Accepted> {
        let named = named(&self.parameters);
        let parameters = named.map(|(name, value)| (name.to_owned(), Value::String(value.to_owned()))).collect();
        let deployment = Deployment { uri: template.uri.clone(), parameters };
        match step {
            DeployStep::Preview => deployment::what_if(&template.group, &template.deployment, &deployment, sas),
            DeployStep::Deploy => deployment::deploy(&template.group, &template.deployment, &deployment, sas),
        }
    }
}

/// The parameters that have a name, without the blanks around it.
fn named(parameters: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    parameters.iter().map(|(name, value)| (name.trim(), value.as_str())).filter(|(name, _)| !name.is_empty())
}

/// The commands that deploy the template without this page. The Azure CLI asks for the parameters that are missing.
pub fn commands(template: &Template, parameters: &[(String, String)]) -> String {
    let (account, container, blob) = (template.account.name(), &template.container, &template.blob);
    let [account, container, blob, group] = [account, container, blob, template.group.name()].map(bash_word);
    let words: Vec<String> = named(parameters).map(|(name, value)| bash_word(&format!("{name}={value}"))).collect();
    let parameters = if words.is_empty() { String::new() } else { format!(" --parameters {}", words.join(" ")) };
    let subscription = bash_word(template.group.subscription().unwrap_or_default());
    let deploy = format!(
        "--subscription {subscription} --resource-group {group} --mode Incremental --template-file {blob}{parameters}"
    );
    format!(
        "az storage blob download --account-name {account} --container-name {container} --name {blob} --file {blob} --auth-mode login\naz deployment group what-if {deploy}\naz deployment group create {deploy}"
    )
}

impl State {
    /// The deployment of a restore's template, once its panel was opened.
    pub fn deployment(&self, run: &RestoreRun) -> Option<&TemplateDeployment> {
        self.deployments.iter().find(|one| one.restore == run.id)
    }

    /// A request about the template, as it is shown.
    pub fn deploy_request(&self, one: &TemplateDeployment, template: &Template, step: DeployStep) -> ShownRequest {
        ShownRequest::of(one.call(template, &Sas::not_shown(), step), &self.cloud())
    }

    /// Why Azure is likely to refuse it, as far as is known.
    pub fn deploy_obstacles(&self, template: &Template) -> Vec<String> {
        let [accounts, at_account, at_group] = keys(template);
        let accounts = accounts.and_then(|key| self.catalog.get::<[Rc<StorageAccount>]>(&key));
        let account = accounts.and_then(|all| all.iter().find(|one| one.id == template.account).cloned());
        let roles = |key: Option<Key>| key.and_then(|key| self.catalog.get::<[Rc<Permission>]>(&key));
        let (at_account, at_group) = (roles(at_account), roles(at_group));
        obstacles(template, account.as_deref(), at_account.as_deref(), at_group.as_deref())
    }

    /// What the panel shows of Azure.
    pub(super) fn deploy_keys(&self, run: &RestoreRun) -> Vec<Key> {
        let template = self.deployment(run).and_then(|_| run.template());
        template.iter().flat_map(|template| keys(template).into_iter().flatten()).collect()
    }
}

/// The storage accounts, and what the caller may do at the account and at the resource group.
fn keys(template: &Template) -> [Option<Key>; 3] {
    let subscription = template.account.subscription().and_then(|s| SubscriptionId::parse(s).ok());
    let rights = |scope| Some(readiness::key(Question::Permissions(scope)));
    [subscription.map(Key::Accounts), rights(template.account.clone()), rights(template.group.clone())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use azure_backup::arm::id::ArmId;

    #[test]
    fn the_commands_are_quoted_for_their_shell() {
        let id = |text: &str| ArmId::parse(text).unwrap();
        let template = Template {
            account: id("/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/staging"),
            container: "vm-1".to_owned(),
            blob: "azuredeploy1.json".to_owned(),
            uri: String::new(),
            group: id("/subscriptions/s/resourceGroups/$(reboot)"),
            deployment: String::new(),
        };
        let parameters = [("VirtualMachineName".to_owned(), "it's".to_owned()), (" ".to_owned(), "x".to_owned())];
        let commands = commands(&template, &parameters);
        let deploy = "--subscription s --resource-group '$(reboot)' --mode Incremental --template-file azuredeploy1.json --parameters 'VirtualMachineName=it'\\''s'";
        let lines: Vec<&str> = commands.lines().collect();
        assert_eq!(
            lines[1..],
            [format!("az deployment group what-if {deploy}"), format!("az deployment group create {deploy}")]
        );
    }
}
