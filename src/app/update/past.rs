//! Before a record is sent that says of itself that it was not: whoever can write this browser's storage can write that, too, and a request that
//! is sent twice restores twice. So the vault's jobs are looked through for one that came of it.

use azure_backup::arm::call::Call;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::page::Page;
use azure_backup::backup::job::Job;
use bytes::Bytes;
use http::{Request, Response};

use super::Turn;
use crate::app::budgets::Reads;
use crate::app::catalog::MOST_PAGES;
use crate::app::launch::{Order, Step};
use crate::app::state::{Desk, Purpose};
use crate::restore::incident::machine_time;
use crate::restore::tracked::Tracked;

impl Turn<'_> {
    /// The browser has said whether another tab sends a restore.
    pub(super) fn claimed(&mut self, id: &ClientRequestId, held: bool) {
        let claiming = self.state.launches.get(id).is_some_and(|launch| matches!(launch.step, Step::Claiming));
        if !claiming {
            return self.probed(id, held);
        }
        if !held {
            return self.is_sent_elsewhere(id);
        }
        // What this tab has sent itself, and Azure has refused, is known to have made no job.
        if self.state.launches.get(id).is_some_and(|launch| launch.new) {
            return self.send_claimed(id);
        }
        if self.is_unchanged(id) && self.may_go_on(id) {
            self.look_for_past(id);
        }
    }

    /// Whether the record still asks for what was on the screen at the click; else the launch ends.
    fn is_unchanged(&mut self, id: &ClientRequestId) -> bool {
        let order = self.state.launches.get(id).map(|launch| launch.order.clone());
        let unchanged = self.state.restore(id).is_some_and(|r| r.can_be_sent() && Order::of(r) == order);
        if !unchanged {
            self.has_changed(id);
        }
        unchanged
    }

    fn is_sent_elsewhere(&mut self, id: &ClientRequestId) {
        self.end_launch(id);
        // The browser gives the right to send a restore to one tab at a time.
        self.tell(
            "Another tab is sending this restore",
            "Another tab of this browser is sending this restore or is about to. Nothing was sent from this tab.",
        );
    }

    /// The record is not any more what was on the screen at the click.
    fn has_changed(&mut self, id: &ClientRequestId) {
        self.end_launch(id);
        let (title, text) = match self.state.restore(id) {
            None => (
                "This restore is no longer in this browser",
                "It was removed just before you clicked. Nothing was sent from this tab.",
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
        self.tell(title, text);
    }

    fn look_for_past(&mut self, id: &ClientRequestId) {
        let Some((desk, usual)) = self.state.restore(id).map(|r| (r.desk(), !r.rehydrates())) else { return };
        if let Some(fault) = self.jobs_are_closed(&desk) {
            return self.past_unknown(id, fault);
        }
        // When it began is what the record says. The list is asked for since ever.
        let call = self.list_call(&desk, usual, None);
        let (cloud, Some(request_id)) = (self.state.cloud(), self.moment.id()) else { return };
        if let Some(launch) = self.state.launches.get_mut(id) {
            launch.step = Step::Searching;
        }
        match call.request(&cloud, &request_id) {
            Ok(request) => self.send_past(request, call, id, 0),
            Err(refused) => self.past_unknown(id, Fault::refused(call.name, &refused)),
        }
    }

    /// Azure's wish to be left alone with reads of jobs, if it has one.
    fn jobs_are_closed(&self, desk: &Desk) -> Option<Fault> {
        let until = self.state.budgets.get(desk, Reads::Jobs)?.closed(self.moment.now)?;
        let text = format!("Azure is limiting requests for jobs until {}.", machine_time(until));
        Some(Fault::reported("List jobs", "", &text))
    }

    fn send_past(&mut self, request: Request<Bytes>, call: Call<Page<Job>>, id: &ClientRequestId, pages: u32) {
        let purpose = Purpose::Past { restore: id.clone(), call, pages };
        self.spend(&purpose);
        self.send("List jobs", request, purpose);
    }

    /// A page of the vault's jobs.
    pub(super) fn heard_of_past(
        &mut self,
        id: &ClientRequestId,
        call: &Call<Page<Job>>,
        pages: u32,
        result: Result<Response<Bytes>, Fault>,
    ) {
        if !self.state.is_searched_for(id) || !self.may_go_on(id) {
            return;
        }
        let Some(desk) = self.state.restore(id).map(Tracked::desk) else {
            self.end_launch(id);
            return;
        };
        let Page { value, next } = match result.and_then(|answer| call.read(&answer)) {
            Ok(page) => page,
            Err(fault) => return self.past_unknown(id, fault),
        };
        if let Some(job) = value.iter().find(|job| self.state.restore(id).is_some_and(|r| r.made(job))) {
            self.end_launch(id);
            self.with_restore(id, |r, now| r.was_sent_as(job, now));
            return self.tell(
                "This restore was already sent",
                "The vault has a job for this request, although the record says the request wasn't sent. Nothing was sent now. This page now tracks that job.",
            );
        }
        if value.iter().any(|job| self.state.restore(id).is_some_and(|r| r.may_have_made(job))) {
            let text = "The vault lists a restore of this VM, but Azure doesn't say which request started it.";
            return self.past_unknown(id, Fault::reported(call.name, "", text));
        }
        let Some(next) = next else { return self.send_claimed(id) };
        if pages + 1 >= MOST_PAGES {
            let text = "The list of jobs is too long to load completely.";
            return self.past_unknown(id, Fault::reported(call.name, "", text));
        }
        if let Some(fault) = self.jobs_are_closed(&desk) {
            return self.past_unknown(id, fault);
        }
        let (cloud, Some(request_id)) = (self.state.cloud(), self.moment.id()) else { return };
        match call.follow(&cloud, &next).and_then(|call| Ok((call.request(&cloud, &request_id)?, call))) {
            Ok((request, call)) => self.send_past(request, call, id, pages + 1),
            Err(refused) => self.past_unknown(id, Fault::refused(call.name, &refused)),
        }
    }

    /// The list could not be read to its end.
    fn past_unknown(&mut self, id: &ClientRequestId, fault: Fault) {
        self.end_launch(id);
        self.tell_fault(
            "Not sent: it may have been sent before",
            "We couldn't tell from the vault's jobs. Nothing was sent now. Try again. Or check the vault's jobs in the Azure portal, and if there's no job for this restore, start it from its recovery point.",
            fault,
        );
    }

    /// This tab holds the right to send a restore, and nothing speaks against it.
    fn send_claimed(&mut self, id: &ClientRequestId) {
        if !self.is_unchanged(id) || !self.may_go_on(id) {
            return;
        }
        self.with_restore_unsaved(id, Tracked::again);
        let step = Step::SavingIntent(self.next_save());
        if let Some(launch) = self.state.launches.get_mut(id) {
            launch.step = step;
        }
        self.state.probes.remove(id);
        self.state.stored_confirmation.take_if(|(of, _)| of == id);
        self.save_restores();
    }
}
