//! Before a record is sent that says of itself that it was not: whoever can write this browser's storage can write that, too, and a request that
//! is sent twice restores twice. So the vault's jobs are looked through for one that came of it.

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::page::Page;
use azure_backup::backup::job::Job;
use bytes::Bytes;
use http::{Request, Response};

use super::UpdateContext;
use crate::app::catalog::MAX_PAGES;
use crate::app::launch::{ConfirmedRequest, LaunchStep};
use crate::app::purpose::Purpose;
use crate::app::quotas::QuotaKind;
use crate::app::state::JobListKey;
use crate::restore::incident::machine_time;
use crate::restore::run::RestoreRun;

impl UpdateContext<'_> {
    /// The browser has said whether another tab sends a restore.
    pub(super) fn on_claimed(&mut self, id: &ClientRequestId, held: bool) {
        if self.on_plan_claimed(id, held) {
            return;
        }
        let claiming = self.state.launches.get(id).is_some_and(|launch| matches!(launch.step, LaunchStep::Claiming));
        if !claiming {
            return self.on_probed(id, held);
        }
        if !held {
            return self.on_sent_elsewhere(id);
        }
        // What this tab has sent itself, and Azure has refused, is known to have made no job.
        if self.state.launches.get(id).is_some_and(|launch| launch.new) {
            return self.continue_resend(id);
        }
        if self.is_unchanged(id) && self.is_still_allowed(id) {
            self.check_not_already_sent(id);
        }
    }

    /// Whether the record still asks for what was on the screen at the click; else the launch ends.
    fn is_unchanged(&mut self, id: &ClientRequestId) -> bool {
        let confirmed = self.state.launches.get(id).map(|launch| launch.confirmed.clone());
        let unchanged = self.state.replaced_by(id).is_none()
            && self.state.restore(id).is_some_and(|r| r.can_be_sent() && ConfirmedRequest::of(r) == confirmed);
        if !unchanged {
            self.on_record_changed(id);
        }
        unchanged
    }

    fn on_sent_elsewhere(&mut self, id: &ClientRequestId) {
        self.end_launch(id);
        // The browser gives the right to send a restore to one tab at a time.
        self.show_notice(
            "Another tab is sending this restore",
            "Another tab of this browser is sending this restore or is about to. Nothing was sent from this tab.",
        );
    }

    /// The record is not any more what was on the screen at the click.
    fn on_record_changed(&mut self, id: &ClientRequestId) {
        self.end_launch(id);
        let (title, text) = match self.state.restore(id) {
            None => (
                "This restore is no longer in this browser",
                "It was removed just before you clicked. Nothing was sent from this tab.",
            ),
            Some(_) if self.state.replaced_by(id).is_some() => (
                "The recovery plan has replaced this request",
                "The plan restores this VM by another request, or leaves it out. Nothing was sent from this tab.",
            ),
            Some(restore) if !restore.can_be_sent() => (
                "The restore's state changed",
                "It changed after you clicked; see its current state. Nothing was sent from this tab.",
            ),
            Some(_) => (
                "The request changed",
                "The request changed after you clicked. Review it again. Nothing was sent from this tab.",
            ),
        };
        self.show_notice(title, text);
    }

    fn check_not_already_sent(&mut self, id: &ClientRequestId) {
        let Some((job_list_key, usual)) = self.state.restore(id).map(|r| (r.job_list_key(), !r.rehydrates())) else {
            return;
        };
        if let Some(fault) = self.job_reads_throttled(&job_list_key) {
            return self.on_resend_check_failed(id, fault);
        }
        // When it began is what the record says. The list is asked for since ever.
        let call = self.list_call(&job_list_key, usual, None);
        let (cloud, Some(request_id)) = (self.state.cloud(), self.env.id()) else { return };
        if let Some(launch) = self.state.launches.get_mut(id) {
            launch.step = LaunchStep::Searching;
        }
        match call.request(&cloud, &request_id) {
            Ok(request) => self.send_resend_check(request, call, id, 0),
            Err(refused) => self.on_resend_check_failed(id, Fault::refused(call.name, &refused)),
        }
    }

    /// Azure's wish to be left alone with reads of jobs, if it has one.
    fn job_reads_throttled(&self, job_list_key: &JobListKey) -> Option<Fault> {
        let until = self.state.quotas.get(job_list_key, QuotaKind::Jobs)?.closed_until(self.env.now)?;
        let text = format!("Azure is limiting requests for jobs until {}.", machine_time(until));
        Some(Fault::reported("List jobs", "", &text))
    }

    fn send_resend_check(&mut self, request: Request<Bytes>, call: Call<Page<Job>>, id: &ClientRequestId, pages: u32) {
        let purpose = Purpose::ResendCheck { restore: id.clone(), call, pages };
        self.spend(&purpose);
        self.send("List jobs", request, purpose);
    }

    /// A page of the vault's jobs.
    pub(super) fn on_resend_jobs(
        &mut self,
        id: &ClientRequestId,
        call: &Call<Page<Job>>,
        pages: u32,
        result: Result<Response<Bytes>, Fault>,
    ) {
        if !self.state.is_searched_for(id) || !self.is_still_allowed(id) {
            return;
        }
        let Some(job_list_key) = self.state.restore(id).map(RestoreRun::job_list_key) else {
            self.end_launch(id);
            return;
        };
        let Page { value, next } = match result.and_then(|answer| call.read(&answer)) {
            Ok(page) => page,
            Err(fault) => return self.on_resend_check_failed(id, fault),
        };
        if let Some(job) = value.iter().find(|job| self.state.restore(id).is_some_and(|r| r.started_job(job))) {
            self.end_launch(id);
            self.with_restore(id, |r, now| r.confirm_sent_as(job, now));
            return self.show_notice(
                "This restore was already sent",
                "The vault has a job for this request, although the record says the request wasn't sent. Nothing was sent now. This page now tracks that job.",
            );
        }
        if value.iter().any(|job| self.state.restore(id).is_some_and(|r| r.may_be_job_of(job))) {
            let text = "The vault lists a restore of this VM, but Azure doesn't say which request started it.";
            return self.on_resend_check_failed(id, Fault::reported(call.name, "", text));
        }
        let Some(next) = next else { return self.continue_resend(id) };
        if pages + 1 >= MAX_PAGES {
            let text = "The list of jobs is too long to load completely.";
            return self.on_resend_check_failed(id, Fault::reported(call.name, "", text));
        }
        if let Some(fault) = self.job_reads_throttled(&job_list_key) {
            return self.on_resend_check_failed(id, fault);
        }
        let (cloud, Some(request_id)) = (self.state.cloud(), self.env.id()) else { return };
        match call.follow(&cloud, &next).and_then(|call| Ok((call.request(&cloud, &request_id)?, call))) {
            Ok((request, call)) => self.send_resend_check(request, call, id, pages + 1),
            Err(refused) => self.on_resend_check_failed(id, Fault::refused(call.name, &refused)),
        }
    }

    /// The list could not be read to its end.
    fn on_resend_check_failed(&mut self, id: &ClientRequestId, fault: Fault) {
        self.end_launch(id);
        self.show_fault(
            "Not sent: it may have been sent before",
            "We couldn't tell from the vault's jobs. Nothing was sent now. Try again. Or check the vault's jobs in the Azure portal, and if there's no job for this restore, start it from its recovery point.",
            fault,
        );
    }

    /// This tab holds the right to send a restore, and nothing speaks against it.
    fn continue_resend(&mut self, id: &ClientRequestId) {
        if !self.is_unchanged(id) || !self.is_still_allowed(id) {
            return;
        }
        self.with_restore_unsaved(id, RestoreRun::send_again);
        let step = LaunchStep::SavingIntent(self.next_save());
        if let Some(launch) = self.state.launches.get_mut(id) {
            launch.step = step;
        }
        self.state.probes.remove(id);
        self.state.unsent_confirmation.take_if(|(of, _)| of == id);
        self.save_restores();
    }
}
