//! A plan as a file: for a second pair of eyes, for another browser, and for the record. It holds no secret.
//!
//! Beside the plan it holds the requests as they were when it was exported, so that whoever imports it sees the same hashes or is told
//! what is different, machine by machine. What is sent is always made anew from the plan, and never taken from a file.

use azure_backup::arm::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::across::Finding;
use super::expansion::{Expanded, Prospect, Ready};
use super::manifest::{NOTE, manifest, starting};
use super::plan::{MAX_MACHINES, MachineId, RecoveryPlan};
use crate::restore::field::Field;
use crate::restore::owner::Owner;
use crate::restore::plan::sha256;

/// Larger files are not read. A plan of a thousand machines takes about three million bytes.
const MAX_BYTES: usize = 8 << 20;
/// Names and reasons of a plan are no longer than that.
const MAX_TEXT: usize = 1000;

/// A plan as a file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanFile {
    /// That it is a plan of this page, before its version.
    format: FormatName,
    /// When it was exported.
    #[serde(with = "azure_backup::arm::bounds::text_time")]
    pub exported_at: OffsetDateTime,
    /// By which account.
    pub exported_by: Owner,
    /// The plan.
    pub plan: RecoveryPlan,
    /// The text of the manifest: see [`super::manifest::Manifest::text`].
    pub manifest: String,
    /// The requests that could be sent, in the order of the manifest.
    pub requests: Vec<FiledRequest>,
}

/// `vm-restore-plan`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum FormatName {
    #[serde(rename = "vm-restore-plan")]
    Plan,
}

/// A request as it was when a plan was exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FiledRequest {
    /// The machine.
    pub machine: MachineId,
    /// SHA-256 of the body.
    pub sha256: String,
    /// The body; of a cross-region restore, with a placeholder for the access token.
    pub body: String,
}

/// Why a file is not imported, or a plan is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// Too many bytes.
    #[error("The file is larger than 8 MB. A recovery plan is smaller.")]
    Large,
    /// Not the format.
    #[error(
        "This isn't a recovery plan that this version of the page can read (line {0}, column {1}). Choose a file that was saved from this page."
    )]
    Format(usize, usize),
    /// Too many machines.
    #[error("The plan has {0} VMs. A plan can have {max}.", max = MAX_MACHINES)]
    Machines(usize),
    /// A name or reason is too long.
    #[error("The plan's name, reason or a group name is longer than {MAX_TEXT} characters.")]
    Long,
    /// A machine twice.
    #[error("The plan has {0} more than once.")]
    Twice(String),
    /// An id that is not one of a protected machine.
    #[error("The ID of {0} doesn't belong to a VM protected by a Recovery Services vault.")]
    Item(String),
    /// A request or the manifest was changed after the export.
    #[error("The file was changed after it was saved: the requests in it don't match its manifest.")]
    Changed,
}

impl RecoveryPlan {
    /// Whether the plan is one that this page can work with. What serde has read can still name a machine twice.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), PlanFault> {
        let all = self.machines().count();
        if all > MAX_MACHINES {
            return Err(PlanFault::Machines(all));
        }
        let texts = [&self.name, &self.reason].into_iter().chain(self.groups.iter().map(|group| &group.name));
        if self.groups.len() > MAX_MACHINES || texts.into_iter().any(|text| text.chars().count() > MAX_TEXT) {
            return Err(PlanFault::Long);
        }
        let mut named: Vec<(MachineId, &str)> = Vec::new();
        for (_, machine) in self.machines() {
            let is_item = machine.item.segment_after("protectedItems") == Some(machine.item.name());
            if !is_item || machine.place().vault().is_none() {
                return Err(PlanFault::Item(machine.name.clone()));
            }
            named.push((machine.id(), &machine.name));
        }
        named.sort();
        match named.windows(2).find(|two| two[0].0 == two[1].0) {
            Some(two) => Err(PlanFault::Twice(two[0].1.to_owned())),
            None => Ok(()),
        }
    }
}

/// The plan as a file, with the requests of the machines that can start.
pub fn export(
    plan: &RecoveryPlan,
    machines: &[Expanded],
    findings: &[Finding],
    by: Owner,
    now: OffsetDateTime,
) -> PlanFile {
    let requests = starting(machines, findings);
    let filed = |(machine, ready): &(MachineId, Ready)| FiledRequest {
        machine: machine.clone(),
        sha256: ready.plan.sha256.clone(),
        body: ready.plan.text().to_owned(),
    };
    PlanFile {
        format: FormatName::Plan,
        exported_at: now,
        exported_by: by,
        plan: plan.clone(),
        manifest: manifest(plan, &requests).text,
        requests: requests.iter().map(filed).collect(),
    }
}

impl PlanFile {
    /// The text of the file.
    pub fn text(&self) -> String {
        // A struct of texts and lists can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// SHA-256 of the manifest that was exported.
    pub fn manifest_sha256(&self) -> String {
        sha256(self.manifest.as_bytes())
    }

    /// Whether a text is meant to be such a file.
    pub fn is_meant(text: &str) -> bool {
        text.contains("\"vm-restore-plan\"")
    }

    /// Reads a file. Anything may be in it.
    ///
    /// # Errors
    /// Why it cannot be imported.
    pub fn read(text: &str) -> Result<Self, PlanFault> {
        if text.len() > MAX_BYTES {
            return Err(PlanFault::Large);
        }
        let file: Self = serde_json::from_str(text).map_err(|e| PlanFault::Format(e.line(), e.column()))?;
        file.plan.check()?;
        let lines: Vec<&str> = file.manifest.lines().filter(|line| !line.starts_with(NOTE)).collect();
        let is_as_exported = |(request, line): (&FiledRequest, &&str)| {
            line.split("  ").next() == Some(&request.sha256)
                && sha256(request.body.as_bytes()) == request.sha256
                && file.plan.machine(&request.machine).is_some()
        };
        let fits = lines.len() == file.requests.len() && file.requests.iter().zip(&lines).all(is_as_exported);
        if fits { Ok(file) } else { Err(PlanFault::Changed) }
    }
}

/// What has become of the request of a machine since a plan was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: the same hash.
    Same,
    /// Other values of these properties, as they are named on the form where they are on it.
    Different(Vec<String>),
    /// It could be sent then, and cannot now.
    NoLonger,
    /// It could not be sent then, and can now.
    New,
    /// Whether it is the same is not known yet.
    Reading,
}

/// Compares each machine that could be sent then, or can be sent now.
pub fn compare(file: &PlanFile, machines: &[Expanded], findings: &[Finding]) -> Vec<(MachineId, Change)> {
    let now = starting(machines, findings);
    let change = |machine: &Expanded| {
        let then = file.requests.iter().find(|request| request.machine == machine.id);
        let now = now.iter().find(|(other, _)| *other == machine.id).map(|(_, ready)| ready);
        Some(match (then, now) {
            (Some(then), Some(now)) if then.sha256 == now.plan.sha256 => Change::Same,
            (Some(then), Some(now)) => Change::Different(differences(&then.body, now.plan.text())),
            (Some(_), None) if machine.state == Prospect::Reading => Change::Reading,
            (Some(_), None) => Change::NoLonger,
            (None, Some(_)) => Change::New,
            (None, None) => return None,
        })
    };
    machines.iter().filter_map(|machine| Some((machine.id.clone(), change(machine)?))).collect()
}

/// The properties of two bodies that differ.
fn differences(then: &str, now: &str) -> Vec<String> {
    let read = |text: &str| {
        let body = json::value(text.as_bytes()).unwrap_or_default();
        let of = |name: &str| body.get(name).and_then(Value::as_object).cloned();
        of("properties").or_else(|| of("restoreRequest")).unwrap_or_default()
    };
    let (then, now) = (read(then), read(now));
    let names = then.keys().chain(now.keys().filter(|name| !then.contains_key(*name)));
    let differing = names.filter(|name| then.get(*name) != now.get(*name));
    differing
        .map(|name| Field::of_property(name).map_or_else(|| name.clone(), |field| field.label().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests;
