//! Turns choices into a plan: `Draft -> Result<Plan, Vec<Reason>>`.

use std::fmt::Write as _;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::restore_request::{IaasVmRestoreRequest, TriggerBody};
use sha2::{Digest as _, Sha256};

use super::build::{Origin, build};
use super::draft::Draft;
use super::effect_sentence::{effect_sentence, machine, quoted};
use super::facts::Facts;
use super::field::Field;
use super::regional_id::RegionalId;
use super::rules::{Reason, Weight, draft_reasons};
use super::scenario::Scenario;
use super::visible::visible_name;

/// A restore that is ready to be sent. The body was serialized once: what is shown is what is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What is restored.
    pub scenario: Scenario,
    /// The recovery point.
    pub point: ArmId,
    /// The secondary region, when it is a cross-region restore.
    pub secondary: Option<Region>,
    /// The vault.
    pub vault: ArmId,
    /// The protected item.
    pub item: ArmId,
    /// The name of the source: of the machine that the request names, regardless of labels in lists.
    pub vm: String,
    /// The api-version of the call.
    pub version: ApiVersion,
    /// The request.
    pub request: IaasVmRestoreRequest,
    /// The body, serialized.
    pub body: TriggerBody,
    /// SHA-256 of that text, in lower-case hex.
    pub sha256: String,
    /// What it will do.
    pub effect: String,
    /// Where each property comes from.
    pub origins: Vec<(&'static str, Origin)>,
    /// What the operator should know, though it does not stop the restore.
    pub warnings: Vec<Reason>,
}

impl Plan {
    /// The recovery point and its region.
    pub fn place(&self) -> RegionalId {
        RegionalId { id: self.point.clone(), secondary: self.secondary.clone() }
    }

    /// The exact text of the body; in a cross-region restore with a placeholder for the access token.
    pub fn text(&self) -> &str {
        // serde_json writes UTF-8 only.
        std::str::from_utf8(self.body.bytes()).unwrap_or_default()
    }

    /// The name that the operator has to type to confirm a restore that changes the source.
    pub fn confirmation(&self) -> Option<&str> {
        self.scenario.is_in_place().then_some(self.vm.as_str())
    }
}

/// The plan for the choices, or every reason why there is none.
///
/// # Errors
/// The reasons that block, in the order of the form.
pub fn plan(facts: &Facts, draft: &Draft) -> Result<Plan, Vec<Reason>> {
    let (mut blocking, warnings): (Vec<Reason>, Vec<Reason>) =
        draft_reasons(facts, draft).into_iter().partition(Reason::blocks);
    let (Some(scenario), Some((request, origins))) = (draft.scenario, build(facts, draft)) else {
        return Err(blocking);
    };
    let body = match TriggerBody::new(&request, &facts.version) {
        Ok(body) if blocking.is_empty() => body,
        Ok(_) => return Err(blocking),
        Err(unsupported) => {
            blocking.extend(unsupported.fields.iter().map(|since| version_reason(facts, since.json_name, since.since)));
            return Err(blocking);
        }
    };
    Ok(Plan {
        scenario,
        point: facts.point.id.clone(),
        secondary: facts.secondary.clone(),
        vault: facts.vault.id.clone(),
        item: facts.item.id.clone(),
        vm: machine(&request).unwrap_or_default().to_owned(),
        version: facts.version.clone(),
        sha256: sha256(body.bytes()),
        body,
        effect: effect_sentence(&request, facts.secondary.as_ref()),
        request,
        origins,
        warnings,
    })
}

/// Whether `typed` is `name`. A name with invisible characters may also be typed as the page shows it.
pub fn confirms(typed: &str, name: &str) -> bool {
    typed == name || typed == visible_name(name)
}

/// Whether the typed name confirms the plan. Azure ignores case in names; a confirmation does not.
pub fn confirmed(plan: &Plan, draft: &Draft) -> Result<(), Reason> {
    match plan.confirmation() {
        Some(name) if !confirms(draft.confirm.trim(), name) => Err(Reason {
            rule: "confirm-in-place".to_owned(),
            field: Field::Confirm,
            sentence: format!("Type {} to confirm that you want to replace its disks.", quoted(name)),
            link: "https://learn.microsoft.com/azure/backup/backup-azure-arm-restore-vms".to_owned(),
            weight: Weight::Blocks,
        }),
        _ => Ok(()),
    }
}

fn version_reason(facts: &Facts, property: &str, since: &str) -> Reason {
    Reason {
        rule: "field-in-version".to_owned(),
        field: Field::of_property(property).unwrap_or(Field::Scenario),
        sentence: format!(
            "`{property}` requires API version {since} or later (you're using {}). Change it in Settings.",
            facts.version.as_str()
        ),
        link: "https://learn.microsoft.com/rest/api/backup/restores/trigger".to_owned(),
        weight: Weight::Blocks,
    }
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
