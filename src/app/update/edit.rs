//! Changes of the draft and of the filters.

use time::Duration;

use super::UpdateContext;
use crate::app::effect::Effect;
use azure_backup::arm::id::ClientRequestId;
use serde_json::Value;

use crate::app::msg::{Edit, ExportFormat, Filter};
use crate::app::state::{ListOptions, ROWS};
use crate::restore::draft::{DiskNetworkAccess, Draft};
use crate::restore::field::Field;
use crate::restore::incident;
use crate::restore::preview::Preview;

/// A name is looked up when nothing was typed for so long.
pub(in crate::app::update) const NAME_LOOKUP_DELAY: Duration = Duration::milliseconds(400);

/// A reason is a line, not a report.
const MAX_REASON: usize = 200;

impl UpdateContext<'_> {
    pub(super) fn edit(&mut self, edit: Edit) {
        let Some(point) = self.state.route.point().cloned() else { return };
        let before = self.state.draft(&point);
        let confirms = matches!(edit, Edit::Confirm(_));
        if matches!(edit, Edit::VmName(_)) {
            self.state.name_lookup_due_at = Some(self.env.now + NAME_LOOKUP_DELAY);
        }
        if let Some(facts) = self.state.facts(&point, &before) {
            self.state.preview_before = Some(std::rc::Rc::new(Preview::of(&facts, &before)));
        }
        let mut draft = before.clone();
        apply(&mut draft, edit);
        if draft == before {
            return;
        }
        if !confirms && draft.reason == before.reason {
            // What was typed as a confirmation was typed for another plan.
            draft.confirm.clear();
        }
        draft.point = Some(point.id.name().to_owned());
        self.state.drafts.insert(&point, draft.own());
        if !confirms {
            self.save_draft(&point);
        }
    }

    pub(super) fn filter(&mut self, filter: Filter) {
        let view = &mut self.state.view;
        view.rows = ROWS;
        match filter {
            Filter::From(day) => view.from = day,
            Filter::To(day) => view.to = day,
            Filter::AtOrBefore(time) => view.at_or_before = time,
            Filter::Tier(tier) => view.tier = tier,
            Filter::Consistency(consistency) => view.consistency = consistency,
            Filter::Threats(threats) => view.threats = threats,
            Filter::Clear => *view = ListOptions { search: std::mem::take(&mut view.search), ..ListOptions::default() },
        }
    }

    /// The incident record of one restore or of all.
    pub(super) fn record(&mut self, id: Option<&ClientRequestId>, form: ExportFormat) {
        let restores = self.state.shown_restores().filter(|r| id.is_none_or(|id| r.id == *id));
        let records: Vec<Value> = restores
            .map(|r| {
                let ours = self.state.activity.iter().rev().filter(|e| e.restore.as_ref() == Some(&r.id));
                let mut record = incident::record(r, ours.map(|e| e.line()).collect());
                if let (Some(support), Value::Object(members)) = (self.state.config.support.line(), &mut record) {
                    members.insert("Support".to_owned(), support.into());
                }
                record
            })
            .collect();
        let (ending, mime, text) = match form {
            ExportFormat::Json => ("json", "application/json", format!("{:#}", Value::Array(records))),
            _ => ("md", "text/markdown", incident::markdown(&records)),
        };
        if form == ExportFormat::Copied {
            return self.effects.push(Effect::Copy(text));
        }
        let what = id.and_then(|id| self.state.restore(id)).map_or("all", |r| r.vm.as_str());
        let name = format!("restore-record-{what}.{ending}");
        self.effects.push(Effect::Download { name, mime, text });
    }

    pub(super) fn download(&mut self) {
        let Some(point) = self.state.route.point().cloned() else { return };
        if let Ok(plan) = self.state.plan(&point) {
            let name = format!("restore-{}-{}.json", plan.vm, point.id.name());
            self.effects.push(Effect::Download { name, mime: "application/json", text: plan.text().to_owned() });
        }
    }
}

pub(in crate::app::update) fn apply(draft: &mut Draft, edit: Edit) {
    match edit {
        Edit::Scenario(scenario) => draft.scenario = Some(scenario),
        Edit::DiskTarget(target) => draft.disk_target = target,
        Edit::Luns(luns) => draft.luns = luns,
        Edit::StagingAccount(id) => {
            draft.staging_account = id;
            draft.mark_chosen(Field::StagingAccount, draft.staging_account.is_none());
        }
        Edit::Region(region) => draft.region = region,
        Edit::TargetSubscription(id) => {
            if draft.target_subscription != id {
                draft.reset_target();
            }
            draft.target_subscription = id;
        }
        Edit::TargetGroup(id) => {
            draft.target_group = id;
            draft.mark_chosen(Field::TargetGroup, draft.target_group.is_none());
        }
        Edit::VmName(name) => {
            draft.vm_name = name;
            draft.mark_chosen(Field::VmName, draft.vm_name.is_empty());
        }
        Edit::Network(id) => {
            if draft.network != id {
                draft.subnet = None;
                // One of the other network is suggested, if it is the only one.
                draft.mark_chosen(Field::Subnet, false);
            }
            draft.network = id;
            draft.mark_chosen(Field::Network, draft.network.is_none());
        }
        Edit::Subnet(id) => {
            draft.subnet = id;
            draft.mark_chosen(Field::Subnet, draft.subnet.is_none());
            // Whoever chooses a subnet has accepted its network.
            draft.mark_chosen(Field::Network, false);
        }
        Edit::Zone(zone) => draft.zone = zone,
        Edit::EncryptionSet(id) => draft.encryption_set = id,
        Edit::OsEncryptionSet(id) => draft.os_encryption_set = id,
        Edit::StagingAccess(access) => draft.staging_access = access,
        Edit::DiskNetworkAccess(access) => {
            draft.disk_network_access = access;
            if access != Some(DiskNetworkAccess::Private) {
                draft.disk_access = None;
            }
        }
        Edit::DiskAccess(id) => draft.disk_access = id,
        Edit::EdgeZone(on) => draft.edge_zone = on,
        Edit::OriginalAccounts(on) => draft.original_accounts = on,
        Edit::RehydrationPriority(priority) => draft.rehydration.priority = priority,
        Edit::RehydrationDays(days) => draft.rehydration.days = days,
        Edit::Confirm(text) => draft.confirm = text,
        Edit::Reason(text) => draft.reason = text.chars().take(MAX_REASON).collect(),
    }
}
