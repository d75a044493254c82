//! Parses a request that was stored as text.
//!
//! A record in the browser's storage may have been written by somebody else: another page of the origin, or an imported
//! file. Only its text would be sent, so a review shows what the text says, and the other members of the record
//! are trusted only as far as they agree with it ([`ParsedRequest::agrees`]).

use std::collections::BTreeSet;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::arm::json;
use azure_backup::backup::restore_request::{IaasVmRestoreRequest, RecoveryType};
use serde::Deserialize as _;

use super::effect_sentence::{SentencePart, effect_sentence, machine, parts};
use super::plan::sha256;
use super::run::SubmittedRequest;
use super::scenario::Scenario;

/// A request, parsed from its text.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedRequest {
    /// The request.
    pub request: IaasVmRestoreRequest,
    /// What is restored.
    pub scenario: Scenario,
    /// The virtual machine that is restored: `sourceResourceId`.
    pub source: ArmId,
    /// The secondary region, if the text is a cross-region request: its `region`.
    pub secondary: Option<Region>,
    /// What it does.
    pub effect: String,
    /// SHA-256 of the text, in lower-case hex.
    pub sha256: String,
}

/// Why a text cannot be reviewed as a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is not JSON, or not a restore request.
    #[error("This isn't a restore request.")]
    NoRestore,
    /// This program would not write it: unknown or duplicate members, or another order.
    #[error(
        "The request contains properties that this version of the page doesn't write, so its effect can't be shown."
    )]
    Foreign,
    /// `sourceResourceId` is missing.
    #[error("The request doesn't name a VM.")]
    NoMachine,
    /// This program does not send its `recoveryType`.
    #[error("This version of the page doesn't know the request's restore type.")]
    Kind,
    /// It has a target that its kind of restore does not support.
    #[error("The request names a target that its restore type doesn't use.")]
    Target,
}

/// The part of a record that contradicts its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// The text or its hash was changed after the review.
    #[error("The recorded SHA-256 doesn't match the request.")]
    Hash,
    /// The sentence names other resources.
    #[error("The recorded effect names other resources than the request.")]
    Effect,
    /// Another kind of restore.
    #[error("The recorded restore type doesn't match the request.")]
    Scenario,
    /// Another recovery point, or a point of another protected item.
    #[error("The recorded recovery point doesn't match the request.")]
    Point,
    /// The recovery point is not in the vault.
    #[error("The recorded recovery point isn't in the recorded vault.")]
    Vault,
    /// Another virtual machine.
    #[error("The recorded VM doesn't match the request.")]
    Machine,
    /// In another subscription than the vault, and Azure has not confirmed that the vault protects it.
    #[error(
        "The VM is in a different subscription than the vault, and Azure hasn't confirmed yet that the vault protects it."
    )]
    Unconfirmed,
    /// Another region, or not in the same one of primary and secondary.
    #[error("The recorded region doesn't match the request.")]
    Region,
}

/// Parses a request from its `text`.
///
/// # Errors
/// [`Unreadable`] for every text except the exact one that this version of the program writes for the same request. A text
/// with duplicate or unknown members could do something that a review does not show.
pub fn read_back(text: &str) -> Result<ParsedRequest, Unreadable> {
    let body = json::value(text.as_bytes()).map_err(|_| Unreadable::NoRestore)?;
    let of = |name: &str| body.get(name).cloned();
    let (crosses, request) = match of("restoreRequest") {
        Some(request) => (true, request),
        None => (false, of("properties").ok_or(Unreadable::NoRestore)?),
    };
    let request = IaasVmRestoreRequest::deserialize(&request).map_err(|_| Unreadable::NoRestore)?;
    let written = if crosses { request.cross_region_text() } else { request.body_text() };
    if written != text {
        return Err(Unreadable::Foreign);
    }
    let source = request.source_resource_id.clone().ok_or(Unreadable::NoMachine)?;
    let picked = request.restore_disk_lun_list.is_some();
    let scenario = match &request.recovery_type {
        RecoveryType::RestoreDisks if picked => Scenario::SelectedDisks,
        RecoveryType::RestoreDisks => Scenario::RestoreDisks,
        RecoveryType::OriginalLocation if !picked => Scenario::ReplaceDisks,
        RecoveryType::AlternateLocation if !picked => Scenario::AnotherVm,
        _ => return Err(Unreadable::Kind),
    };
    let of_machine = [&request.target_virtual_machine_id, &request.virtual_network_id, &request.subnet_id];
    let of_machine = of_machine.into_iter().any(Option::is_some);
    let of_group = request.target_resource_group_id.is_some();
    // Only VHD blobs can go to the original storage accounts: for managed disks the flag has no known meaning.
    let original = request.original_storage_account_option == Some(true);
    let vhds = scenario.makes_disks() && !of_group && request.restore_with_managed_disks != Some(true);
    if of_machine && scenario != Scenario::AnotherVm || of_group && scenario.is_in_place() || original && !vhds {
        return Err(Unreadable::Target);
    }
    let secondary = match (crosses, &request.region) {
        (false, _) => None,
        (true, Some(region)) => Some(Region::new(region)),
        (true, None) => return Err(Unreadable::NoRestore),
    };
    Ok(ParsedRequest {
        effect: effect_sentence(&request, secondary.as_ref()),
        scenario,
        source,
        secondary,
        sha256: sha256(text.as_bytes()),
        request,
    })
}

impl ParsedRequest {
    /// The name of the virtual machine that the request is about.
    pub fn machine(&self) -> &str {
        machine(&self.request).unwrap_or_default()
    }

    /// The name that the operator has to type to confirm a restore that changes the source.
    pub fn confirmation(&self) -> Option<&str> {
        self.scenario.is_in_place().then(|| self.machine())
    }

    /// The target resource group.
    pub fn target_group(&self) -> Option<&ArmId> {
        self.request.target_resource_group_id.as_ref()
    }

    /// The region that is restored to.
    pub fn region(&self) -> Option<&str> {
        self.request.region.as_deref()
    }

    /// Whether the rest of a record agrees with its text: `submitted`, and the vault, machine and secondary region of the
    /// restore. The text does not contain the time of the recovery point, the sender or the reason. The last argument is the machine
    /// of the protected item according to Azure, if that has been read.
    ///
    /// In the recorded effect only the names are compared, because another release may have worded the sentence differently.
    ///
    /// # Errors
    /// The first member that does not agree.
    pub fn agrees(
        &self,
        submitted: &SubmittedRequest,
        vault: &ArmId,
        vm: &str,
        secondary: Option<&Region>,
        said: Option<&ArmId>,
    ) -> Result<(), Disagreement> {
        let held = |holds: bool, otherwise: Disagreement| if holds { Ok(()) } else { Err(otherwise) };
        held(self.sha256 == submitted.sha256 && self.sha256 == sha256(submitted.text.as_bytes()), Disagreement::Hash)?;
        held(names(&self.effect) == names(&submitted.effect), Disagreement::Effect)?;
        held(self.scenario == submitted.scenario, Disagreement::Scenario)?;
        held(secondary == self.secondary.as_ref(), Disagreement::Region)?;
        held(
            submitted.point == submitted.item.child("recoveryPoints", &self.request.recovery_point_id),
            Disagreement::Point,
        )?;
        held(submitted.point.up_to("vaults").as_ref() == Some(vault), Disagreement::Vault)?;
        // Azure names an item after its machine: `VM;iaasvmcontainerv2;{group};{machine}`.
        let mut of_item = submitted.item.name().rsplit(';');
        let (machine, group) = (of_item.next().unwrap_or_default(), of_item.next().unwrap_or_default());
        held(self.machine() == vm && self.machine().eq_ignore_ascii_case(machine), Disagreement::Machine)?;
        // A machine of the same name may be in another group or subscription. Under Cross Subscription Backup its subscription
        // differs from the vault's, and the item's name does not contain it. Only Azure's answer does.
        let same = |own: Option<&str>, other: &str| own.is_some_and(|own| own.eq_ignore_ascii_case(other));
        held(same(self.source.resource_group(), group), Disagreement::Machine)?;
        match said {
            Some(said) => held(*said == self.source, Disagreement::Machine),
            None => held(
                same(self.source.subscription(), vault.subscription().unwrap_or_default()),
                Disagreement::Unconfirmed,
            ),
        }
    }
}

/// The names of the resources in a sentence, each once.
fn names(sentence: &str) -> BTreeSet<String> {
    let name = |part| if let SentencePart::Name(name) = part { Some(name) } else { None };
    parts(sentence).into_iter().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use azure_backup::arm::version::ApiVersion;

    use crate::restore::facts::Facts;
    use crate::restore::plan::{Plan, plan};
    use crate::restore::request_text::RequestText;
    use crate::restore::sample::{draft, facts, id};

    /// A plan for each scenario, in the vault's region and, where possible, in the secondary one.
    fn plans() -> Vec<(Facts, Plan)> {
        let mut plans = Vec::new();
        for scenario in Scenario::ALL {
            let here = facts();
            plans.push((here.clone(), plan(&here, &draft(scenario)).unwrap()));
            if !scenario.is_in_place() {
                let mut there = facts();
                (there.secondary, there.version) = (Some(Region::new("westeurope")), ApiVersion::CROSS_REGION_DEFAULT);
                plans.push((there.clone(), plan(&there, &draft(scenario)).unwrap()));
            }
        }
        plans
    }

    fn disks() -> (Facts, Plan) {
        plans().remove(0)
    }

    #[test]
    fn what_is_read_back_is_what_was_reviewed() {
        for (facts, plan) in plans() {
            let read = read_back(plan.text()).unwrap();
            assert_eq!((&read.effect, read.scenario, &read.sha256), (&plan.effect, plan.scenario, &plan.sha256));
            assert_eq!((read.machine(), read.confirmation()), ("web-01", plan.confirmation()));
            assert_eq!((&read.secondary, read.region()), (&facts.secondary, Some("westeurope")));
            assert_eq!(read.request, plan.request);
            assert_eq!(read.target_group().is_some(), !plan.scenario.is_in_place());
            let submitted = SubmittedRequest::of(&plan, &facts);
            // The typed request that a record keeps is what would be parsed from its text.
            assert_eq!(submitted.text.read(), Ok(&read));
            assert_eq!(RequestText::from(submitted.text.to_string()).read(), Ok(&read));
            assert_eq!(read.agrees(&submitted, &plan.vault, &plan.vm, plan.secondary.as_ref(), None), Ok(()));
        }
    }

    #[test]
    fn a_sentence_in_the_words_of_an_older_release_agrees() {
        const OLDER: [(&str, &str); 4] = [
            ("Replaces the disks of", "Swaps the disks of the virtual machine"),
            (
                "with the disks from the recovery point. The current disks are detached and kept.",
                "for those of the recovery point. Its present disks are kept, detached.",
            ),
            ("Creates the VM", "Creates the virtual machine"),
            (
                "All resources are created in `westeurope` (secondary region).",
                "Everything is created in the secondary region, `westeurope`.",
            ),
        ];
        let mut used = [false; OLDER.len()];
        for (facts, plan) in plans() {
            let mut submitted = SubmittedRequest::of(&plan, &facts);
            for (used, (now, older)) in used.iter_mut().zip(OLDER) {
                *used |= submitted.effect.contains(now);
                submitted.effect = submitted.effect.replace(now, older);
            }
            let read = read_back(plan.text()).unwrap();
            assert_eq!(
                read.agrees(&submitted, &plan.vault, &plan.vm, plan.secondary.as_ref(), None),
                Ok(()),
                "{submitted:?}"
            );
        }
        assert_eq!(used, [true; OLDER.len()]);
    }

    #[test]
    fn a_text_that_holds_more_than_the_program_writes_is_refused() {
        let text = disks().1.text().to_owned();
        let with = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            read_back(&text.replacen(from, to, 1)).map(|_| ())
        };
        let kind = "\"recoveryType\": \"RestoreDisks\",";
        // A duplicate member: some parsers take the first, others the last.
        let twice = format!("\"recoveryType\": \"OriginalLocation\",\n    {kind}");
        assert_eq!(with(kind, &twice), Err(Unreadable::Foreign));
        assert_eq!(with(kind, &format!("{kind}\n    \"laterField\": true,")), Err(Unreadable::Foreign));
        assert_eq!(with(kind, &format!("{kind}\n    \"zones\": null,")), Err(Unreadable::Foreign));
        assert_eq!(with("{", "{\"properties\": {}, "), Err(Unreadable::Foreign));
        assert_eq!(with("{", "{ "), Err(Unreadable::Foreign));
        assert_eq!(with(kind, "\"recoveryType\": \"restoreDisks\","), Err(Unreadable::Foreign));
        assert_eq!(with(kind, "\"recoveryType\": \"Offline\","), Err(Unreadable::Kind));
        assert_eq!(with(kind, "\"recoveryType\": \"OriginalLocation\","), Err(Unreadable::Target));
        let original = "\"originalStorageAccountOption\": false";
        assert_eq!(with(original, "\"originalStorageAccountOption\": true"), Err(Unreadable::Target));
        let onto = "\"targetVirtualMachineId\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/db-01\",";
        let group = "\"targetResourceGroupId\":";
        assert_eq!(with(group, &format!("{onto}\n    {group}")), Err(Unreadable::Target));
        for text in ["", "{}", "[]", "null", "{\"properties\":7}", "{\"properties\":{}}", "{\"restoreRequest\":null}"] {
            assert_eq!(read_back(text).map(|_| ()), Err(Unreadable::NoRestore), "{text}");
        }
        let mut request = disks().1.request;
        request.source_resource_id = None;
        assert_eq!(read_back(&request.body_text()).map(|_| ()), Err(Unreadable::NoMachine));
    }

    #[test]
    fn whatever_a_record_says_otherwise_is_named() {
        let (facts, plan) = disks();
        let read = read_back(plan.text()).unwrap();
        let good = SubmittedRequest::of(&plan, &facts);
        let spoiled = |spoil: &dyn Fn(&mut SubmittedRequest)| {
            let mut submitted = good.clone();
            spoil(&mut submitted);
            read.agrees(&submitted, &plan.vault, &plan.vm, None, None)
        };
        assert_eq!(spoiled(&|_| ()), Ok(()));
        assert_eq!(spoiled(&|a| a.sha256 = "0".repeat(64)), Err(Disagreement::Hash));
        assert_eq!(spoiled(&|a| a.text = format!("{} ", a.text.as_str()).into()), Err(Disagreement::Hash));
        assert_eq!(spoiled(&|a| a.effect += " The staging account is `other`."), Err(Disagreement::Effect));
        assert_eq!(spoiled(&|a| a.scenario = Scenario::ReplaceDisks), Err(Disagreement::Scenario));
        assert_eq!(spoiled(&|a| a.point = a.item.child("recoveryPoints", "1")), Err(Disagreement::Point));
        // The point matches the text, but the recorded item does not.
        let other = plan.vault.child("backupFabrics", "Azure").child("protectedItems", "VM;c;rg;db-01");
        assert_eq!(spoiled(&|a| a.item = other.clone()), Err(Disagreement::Point));
        let moved = |a: &mut SubmittedRequest| {
            a.item = other.clone();
            a.point = other.child("recoveryPoints", &read.request.recovery_point_id);
        };
        assert_eq!(spoiled(&moved), Err(Disagreement::Machine));
        // A machine of the same name in another group or subscription. The item may protect the latter:
        // that is for Azure to say.
        for (part, unsaid) in
            [("resourceGroups/", Disagreement::Machine), ("/subscriptions/", Disagreement::Unconfirmed)]
        {
            let source = read.source.as_str();
            let at = source.find(part).unwrap() + part.len();
            let mut request = plan.request.clone();
            request.source_resource_id = ArmId::parse(&format!("{}other-{}", &source[..at], &source[at..])).ok();
            let text = request.body_text();
            let read = read_back(&text).unwrap();
            let (sha256, effect) = (read.sha256.clone(), read.effect.clone());
            let submitted = SubmittedRequest { sha256, effect, text: text.into(), ..good.clone() };
            let agrees = |said: Option<&ArmId>| read.agrees(&submitted, &plan.vault, &plan.vm, None, said);
            assert_eq!(agrees(None), Err(unsaid), "{part}");
            assert_eq!(agrees(facts.item.source_resource_id.as_ref()), Err(Disagreement::Machine), "{part}");
            assert_eq!(agrees(Some(&read.source)).is_ok(), unsaid == Disagreement::Unconfirmed, "{part}");
        }
        let elsewhere = id("rg/providers/Microsoft.RecoveryServices/vaults/other");
        assert_eq!(read.agrees(&good, &elsewhere, &plan.vm, None, None), Err(Disagreement::Vault));
        assert_eq!(read.agrees(&good, &plan.vault, "db-01", None, None), Err(Disagreement::Machine));
        let region = Region::new("northeurope");
        assert_eq!(read.agrees(&good, &plan.vault, &plan.vm, Some(&region), None), Err(Disagreement::Region));
    }
}
