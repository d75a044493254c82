//! The template that a restore of disks leaves in the staging account, and what deploying it takes. Microsoft publishes neither the template nor
//! its parameters, and the page cannot read the file: Azure's own errors tell which parameters it has.

use std::rc::Rc;

use azure_backup::arm::deployment::{ChangeType, PropertyChange, ResourceChange};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ArmId;
use azure_backup::arm::permissions::Permission;
use azure_backup::backup::lookups::StorageAccount;
use serde_json::Value;

use super::effect_sentence::quoted;
use super::run::RestoreRun;

/// Hosts of blobs, without the account's name: those of the clouds, and those of accounts that have a DNS zone.
const BLOB_HOSTS: [&str; 4] =
    ["blob.core.windows.net", "blob.core.usgovcloudapi.net", "blob.core.chinacloudapi.cn", "blob.storage.azure.net"];

/// The permission at the storage account that requesting the signature needs.
pub const SIGN: &str = "Microsoft.Storage/storageAccounts/listServiceSas/action";
/// The permissions at the resource group that previewing and deploying need. The deployed resources need their own.
pub const DEPLOY: [&str; 2] =
    ["Microsoft.Resources/deployments/whatIf/action", "Microsoft.Resources/deployments/write"];

/// Where a template is, and where it is deployed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The staging account.
    pub account: ArmId,
    /// The container in it.
    pub container: String,
    /// The name of the file.
    pub blob: String,
    /// The address, without a signature.
    pub uri: String,
    /// The resource group of the restored disks.
    pub group: ArmId,
    /// The name that the deployment gets: the same for the same restore.
    pub deployment: String,
}

impl RestoreRun {
    /// The template that a completed restore has written, if all of it is known.
    pub fn template(&self) -> Option<Template> {
        let (job, uri) = (self.job().filter(|_| self.is_completed())?, self.template_uri()?);
        let name = "Target Storage Account Name";
        let account = self.resource(name, job.property(name)?)?;
        let (host, path) = uri.strip_prefix("https://")?.split_once('/')?;
        let (container, blob) = path.split_once('/')?;
        // The signature must go to this account's host only.
        let (first, rest) = host.split_once('.')?;
        let is_blobs = BLOB_HOSTS.iter().any(|known| rest == *known || rest.ends_with(&format!(".{known}")));
        let is_plain = !blob.is_empty() && !path.contains(['?', '#', '%']) && !blob.contains('/');
        if !(is_blobs && is_plain && first.eq_ignore_ascii_case(account.name())) {
            return None;
        }
        Some(Template {
            group: self.group_of_disks()?,
            deployment: format!("vm-restore-{}", self.job_id()?.as_str()),
            container: container.to_owned(),
            blob: blob.to_owned(),
            uri: uri.to_owned(),
            account,
        })
    }
}

/// The known reasons why Azure is likely to refuse it, each with what to do.
pub fn obstacles(
    template: &Template,
    account: Option<&StorageAccount>,
    at_account: Option<&[Rc<Permission>]>,
    at_group: Option<&[Rc<Permission>]>,
) -> Vec<String> {
    let name = quoted(template.account.name());
    let mut found = Vec::new();
    if account.is_some_and(|account| account.shared_key_access == Some(false)) {
        found.push(format!(
            "The storage account {name} doesn't allow access with its keys, and Azure signs with one of them. Allow key access on the account, or use the commands below."
        ));
    }
    if account.is_some_and(|account| account.network_restricted) {
        found.push(format!(
            "The storage account {name} admits only some networks, so Azure Resource Manager can't read the template there. Allow all networks for the time of the deployment, or use the commands below from a network that it admits."
        ));
    }
    let lacks = |roles: Option<&[Rc<Permission>]>, action: &str| {
        roles.is_some_and(|roles| !Permission::any_allows(roles, action))
    };
    if lacks(at_account, SIGN) {
        found.push(format!(
            "Your roles on {name} don't include {}. The built-in role Storage Account Contributor on the account includes it.",
            quoted(SIGN)
        ));
    }
    for action in DEPLOY.into_iter().filter(|action| lacks(at_group, action)) {
        let group = quoted(template.group.name());
        found.push(format!(
            "Your roles on {group} don't include {}. The built-in role Contributor on the resource group includes it.",
            quoted(action)
        ));
    }
    found
}

/// The parameters that Azure says are missing, or are the only ones that the template has.
pub fn parameters_named(fault: &Fault) -> Vec<String> {
    let after = |what: &str| {
        let rest = fault.message.split_once(what)?.1;
        Some(rest.split_once('\'')?.0)
    };
    let names = after("supported parameters for this template are '").or_else(|| after("for the template parameter '"));
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    names.unwrap_or_default().split(',').map(str::trim).filter(is_name).map(str::to_owned).collect()
}

/// What is done to a resource, in words.
pub fn change_text(kind: &ChangeType) -> &str {
    match kind {
        ChangeType::Create => "Create",
        ChangeType::Delete => "Delete",
        ChangeType::Ignore => "Not touched",
        ChangeType::Deploy => "Deploy: may change",
        ChangeType::NoChange => "No change",
        ChangeType::Modify => "Modify",
        ChangeType::Other(other) => other,
        _ => "Unknown",
    }
}

/// The properties that change: path, value before, value after.
pub fn property_changes(change: &ResourceChange) -> Vec<(String, String, String)> {
    fn add(prefix: &str, delta: &[PropertyChange], found: &mut Vec<(String, String, String)>) {
        let text = |value: &Option<Value>| match value {
            None => "(not set)".to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        for one in delta {
            let path = if prefix.is_empty() { one.path.clone() } else { format!("{prefix}.{}", one.path) };
            if one.children.is_empty() {
                found.push((path, text(&one.before), text(&one.after)));
            } else {
                add(&path, &one.children, found);
            }
        }
    }
    let mut found = Vec::new();
    add("", &change.delta, &mut found);
    found
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::id::Region;
    use serde_json::json;

    use super::*;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    const URI: &str = "https://staging.blob.core.windows.net/vm-1/azuredeploy1.json";

    fn run(uri: &str) -> RestoreRun {
        let bag = json!({ "Target Storage Account Name": "staging", "Target resource group": "rg",
            "Template Blob Uri": uri });
        sample::ended(Scenario::RestoreDisks, "Completed", &bag)
    }

    #[test]
    fn a_template_is_where_the_job_says_in_the_account_of_the_request_alone() {
        let template = run(URI).template().unwrap();
        assert_eq!((template.container.as_str(), template.blob.as_str()), ("vm-1", "azuredeploy1.json"));
        assert_eq!((template.account.name(), template.group.name()), ("staging", "rg"));
        assert!(template.deployment.len() <= 64 && template.deployment.ends_with(sample::JOB));
        for bad in [
            "http://staging.blob.core.windows.net/vm-1/a.json",
            "https://other.blob.core.windows.net/vm-1/a.json",
            "https://staging.blob.example.com/vm-1/a.json",
            "https://staging.blob.core.windows.net/vm-1/a.json?sig=1",
            "https://staging.blob.core.windows.net/vm-1",
        ] {
            assert_eq!(run(bad).template(), None, "{bad}");
        }
        assert!(run("https://staging.z1.blob.storage.azure.net/vm-1/a.json").template().is_some());
    }

    #[test]
    fn what_azure_is_likely_to_refuse_is_told_with_what_to_do() {
        let template = run(URI).template().unwrap();
        let mut account = StorageAccount::new(template.account.clone(), Region::new("x"), "StorageV2", "Standard_LRS");
        let roles = |actions: &[&str]| vec![Rc::new(Permission::new(actions, &[]))];
        let warnings =
            |account: &StorageAccount, at: &[Rc<Permission>]| obstacles(&template, Some(account), Some(at), Some(at));
        assert_eq!(warnings(&account, &roles(&["*"])), [""; 0]);
        assert_eq!(obstacles(&template, None, None, None), [""; 0], "what is not known stands in nobody's way");
        let operator = warnings(&account, &roles(&["Microsoft.Resources/deployments/*"]));
        assert!(operator.len() == 1 && operator[0].contains("listServiceSas"), "{operator:?}");
        assert_eq!(warnings(&account, &roles(&["*/read"])).len(), 3);
        (account.shared_key_access, account.network_restricted) = (Some(false), true);
        let of_account = warnings(&account, &roles(&["*"]));
        assert!(
            of_account[0].contains("doesn't allow access with its keys") && of_account[1].contains("some networks")
        );
    }

    #[test]
    fn azures_errors_name_the_parameters() {
        let named = |text: &str| parameters_named(&Fault::reported("", "InvalidTemplate", text));
        let missing = "Deployment template validation failed: 'The value for the template parameter 'VirtualNetwork' at line '1' and column '9' is not provided.'";
        assert_eq!(named(missing), ["VirtualNetwork"]);
        let unknown = "The template parameters 'x' in the parameters file are not valid. The only supported parameters for this template are 'A, b_1'. Please";
        assert_eq!(named(unknown), ["A", "b_1"]);
        for other in ["", "for the template parameter '", "for the template parameter 'a b'", "Denied."] {
            assert_eq!(named(other), [""; 0], "{other}");
        }
    }

    #[test]
    fn changes_within_lists_have_the_path_of_the_list() {
        let child = json!({ "path": "0", "propertyChangeType": "Create", "after": { "a": 1 } });
        let change = json!({ "resourceId": "/x", "changeType": "Modify", "delta": [
            { "path": "rules", "propertyChangeType": "Array", "children": [child] },
            { "path": "sku.name", "propertyChangeType": "Modify", "before": "A", "after": "B" }] });
        let read = azure_backup::arm::deployment::changes(&json!({ "changes": [change] })).unwrap();
        let row = |path: &str, before: &str, after: &str| (path.to_owned(), before.to_owned(), after.to_owned());
        let expected = [row("rules.0", "(not set)", "{\"a\":1}"), row("sku.name", "A", "B")];
        assert_eq!(property_changes(&read[0]), expected);
        assert_eq!(change_text(&read[0].kind), "Modify");
    }
}
