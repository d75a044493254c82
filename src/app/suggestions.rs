//! What suggestions for a draft rest on: Azure's answers, and what this browser has restored before.

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::lookups::{NetworkInterface, VirtualMachine};

use super::catalog::Entry;
use super::key::Key;
use super::list_status::ListStatus;
use super::state::State;
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::run::RestoreRun;
use crate::restore::suggest::{Sources, suggest};

/// So many restores are looked at for the staging account that was used last.
const MAX_LOOKED_AT: usize = 50;

impl State {
    /// The draft, completed by suggestions.
    pub(super) fn suggest(&self, facts: &Facts, draft: &Draft) -> Draft {
        if draft.scenario.is_none() {
            return draft.clone();
        }
        let mut suggested = None;
        self.with_sources(facts, draft, &mut |sources| suggested = Some(suggest(facts, draft, sources)));
        suggested.unwrap_or_else(|| draft.clone())
    }

    /// Calls `then` with what suggestions for a draft rest on.
    pub(super) fn with_sources(&self, facts: &Facts, draft: &Draft, then: &mut dyn FnMut(&Sources<'_>)) {
        then(&Sources {
            subnet: self.source_subnet(facts),
            account: facts.region(draft).and_then(|region| self.account_used_last(region)),
            is_taken: &|id| self.is_being_created(id).then_some(true).or_else(|| self.exists(id)),
            is_complete: &|field| self.choices_status(facts, draft, field) == ListStatus::Complete,
        });
    }

    /// The subnet of the original machine, see [`Sources::subnet`].
    pub(super) fn source_subnet(&self, facts: &Facts) -> Option<Option<ArmId>> {
        let Some(source) = facts.item.source_resource_id.clone().filter(|_| facts.secondary.is_none()) else {
            return Some(None);
        };
        let failed = |key: &Key| self.catalog.entry(key).is_some_and(Entry::has_failed).then_some(None);
        match facts.source_exists {
            Some(true) => {}
            Some(false) => return Some(None),
            None => return failed(&Key::Exists(source)),
        }
        let key = Key::Machine(source);
        let Some(machine) = self.catalog.get::<VirtualMachine>(&key) else { return failed(&key) };
        let Some(interface) = machine.primary_interface() else { return Some(None) };
        let key = Key::Interface(interface.clone());
        match self.catalog.get::<NetworkInterface>(&key) {
            Some(interface) => Some(interface.primary_subnet().cloned()),
            None => failed(&key),
        }
    }

    /// Whether the network of the original machine could not be read, so that it is not suggested.
    pub fn source_network_unreadable(&self, facts: &Facts) -> bool {
        let Some(source) = facts.item.source_resource_id.clone() else { return false };
        let machine = Key::Machine(source);
        let interface = self.catalog.get::<VirtualMachine>(&machine).and_then(|vm| vm.primary_interface().cloned());
        let failed = |key: &Key| self.catalog.fault(key).is_some();
        failed(&machine) || interface.is_some_and(|id| failed(&Key::Interface(id)))
    }

    /// The staging account of the newest restore in a region that was started here. Only the newest are looked at: reading the requests of
    /// thousands takes longer than a picture on the screen may.
    fn account_used_last(&self, region: &Region) -> Option<ArmId> {
        let account = |restore: &RestoreRun| {
            let request = &restore.submitted.as_ref()?.text.read().ok()?.request;
            let is_there = request.region.as_deref().is_some_and(|own| Region::new(own) == *region);
            request.staging_account().filter(|_| is_there).cloned()
        };
        self.shown_restores().filter(|restore| restore.cloud == self.cloud_name()).take(MAX_LOOKED_AT).find_map(account)
    }

    /// Whether a restore that Azure was asked for creates this machine: Azure may not list it yet. One that is just being sent does not
    /// count, so that the review on the screen stays what was clicked on.
    fn is_being_created(&self, machine: &ArmId) -> bool {
        let creates = |restore: &RestoreRun| {
            let request = &restore.submitted.as_ref()?.text.read().ok()?.request;
            Some(request.target_virtual_machine_id.as_ref() == Some(machine))
        };
        let is_sent = |restore: &RestoreRun| restore.is_running() && !restore.stage.is_being_sent();
        self.shown_restores().any(|restore| is_sent(restore) && creates(restore) == Some(true))
    }
}
