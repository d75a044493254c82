//! Restores of other browsers: jobs of a vault that somebody has started, and the file that takes records from one browser to another.

use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId, JobId, Region};
use azure_backup::backup::job::{Job, JobEndpoint};

use super::UpdateContext;
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::route::Route;
use crate::app::saved;
use crate::restore::regional_id::location_id;
use crate::restore::run::RestoreRun;

impl UpdateContext<'_> {
    /// Follows a job that is listed on the page, under the record that it belongs to or under a new one.
    pub(super) fn follow_job(&mut self, vault: &ArmId, secondary: Option<Region>, name: &JobId) {
        let key = match secondary {
            Some(_) => self.state.secondary_jobs(vault).map(|(_, key)| key),
            None => Some(Key::Jobs(vault.clone())),
        };
        let listed = key.and_then(|key| self.state.catalog.get::<[Rc<Job>]>(&key));
        let Some(job) = listed.iter().flat_map(|jobs| jobs.iter()).find(|job| job.name == *name) else { return };
        let activity = job.activity_id.as_deref().and_then(|id| ClientRequestId::parse(id).ok());
        let ours = |r: &&RestoreRun| r.job_id() == Some(name) || activity.as_ref() == Some(&r.id);
        let id = match self.state.restores.iter().find(ours).map(|r| r.id.clone()) {
            Some(id) => {
                self.with_restore(&id, |r, now| r.on_job_chosen(job, now));
                id
            }
            None => {
                let Some(id) = activity.or_else(|| self.env.id()) else { return };
                let versions = &self.state.settings.versions;
                let location = secondary.as_ref().and_then(|region| location_id(vault, region));
                let version = if location.is_some() { &versions.secondary } else { &versions.primary };
                let source = JobEndpoint { vault: vault.clone(), location, version: version.clone() };
                let cloud = self.state.cloud();
                let mut run = RestoreRun::of_job(job, &source, secondary, &cloud, id.clone(), self.env.now);
                run.owner = self.state.identity().owner;
                self.state.restores.insert_newest(run);
                self.save_restores();
                id
            }
        };
        self.effects.push(Effect::Go(Route::Restore(id)));
    }

    /// The restores as a file for another browser.
    pub(super) fn export_restores(&mut self) {
        let mut restores: Vec<RestoreRun> = self.state.shown_restores().cloned().collect();
        for restore in &mut restores {
            restore.prepare_for_export(self.env.now);
        }
        let text = saved::restores_text(restores.iter());
        self.effects.push(Effect::Download {
            name: "vm-restore-restores.json".to_owned(),
            mime: "application/json",
            text,
        });
    }

    /// The rows of the page's list, all of those that are wanted.
    pub(super) fn download_csv(&mut self) {
        let (name, text) = match &self.state.route {
            Route::Restores(query) => ("vm-restore-restores.csv", self.state.restores_csv(query)),
            Route::Jobs(Some(vault), query) => ("vm-restore-jobs.csv", self.state.jobs_csv(vault, query)),
            _ => return,
        };
        self.effects.push(Effect::Download { name: name.to_owned(), mime: "text/csv", text });
    }

    /// What such a file holds joins what is known here; of a restore that is known, nothing is taken.
    pub(super) fn on_imported(&mut self, text: &str) {
        if self.import_plan(text) {
            return;
        }
        let found = saved::restores(text, self.env.now);
        if !found.known {
            return self.show_notice(
                "Nothing was imported",
                "This isn't a VM Restore export, or it comes from a newer version. Choose a file that you exported from this page.",
            );
        }
        let now = self.env.now;
        let all = found.read.len();
        let unread = found.unread.len();
        let mut added = 0;
        let owner = self.state.identity().owner;
        for mut new in found.read {
            if self.state.restores.get(&new.id).is_none() {
                new.on_imported(owner.clone(), now);
                self.state.restores.insert_by_time(new);
                added += 1;
            }
        }
        self.save_restores();
        let text = format!(
            "Restores in the file: {all}. New here: {added}. Unreadable: {unread}. Running restores are now tracked here. Nothing was started in Azure."
        );
        self.show_notice("Restores imported", &text);
    }
}
