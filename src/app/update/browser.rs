//! What the browser tells of itself.

use azure_backup::arm::fault::{Fault, Sent};
use azure_backup::arm::id::ClientRequestId;

use super::UpdateContext;
use crate::app::effect::Effect;
use crate::app::records::Restores;
use crate::app::saved::Saved;
use crate::restore::effect_sentence::plain;
use crate::restore::run::RestoreRun;
use crate::restore::visible::visible_name;

impl UpdateContext<'_> {
    /// What the lack of a network stood in the way of is done at once. Azure's own waits stay: it does not ask for them less by that.
    pub(super) fn on_online(&mut self) {
        let now = self.env.now;
        self.state.catalog.retry_failed_if(now, unanswered);
        let waits = |restore: &RestoreRun| restore.last_error().is_some_and(unanswered);
        self.state.restores.change_where(waits, |restore| restore.on_network_restored(now));
    }

    /// The browser lets the page keep nothing: told before anything is begun, because it is so from the beginning.
    pub(super) fn on_storage_forbidden(&mut self, saved: &Saved) {
        if let Some(why) = &saved.forbidden {
            self.state.records_unread = true;
            self.state.cannot_save = Some(why.clone());
            self.show_notice(
                "This browser can't save data",
                &format!(
                    "{why} Until then, you can start a restore without saving; it's tracked while this page is open."
                ),
            );
        }
    }

    pub(super) fn may_notify(&mut self, allowed: Option<bool>) {
        match (self.state.may_notify, allowed) {
            (Some(false), Some(true)) => self.announce("You'll be notified when a restore finishes"),
            (Some(false), None) => self.show_notice(
                "You won't be notified",
                "Notifications are blocked. Allow them in your browser's site settings, then reload the page.",
            ),
            _ => {}
        }
        self.state.may_notify = allowed;
    }

    /// A restore that ran before this message and is over after it is news. The tab that has found it notifies, and no other.
    pub(super) fn on_finished_runs(&mut self, before: &Restores, elsewhere: bool) {
        let after = self.state.restores.clone();
        if before.is_same_list(&after) {
            return;
        }
        let changed = after.since(before).changed;
        let ran = |id: &ClientRequestId| changed.contains(id) && before.get(id).is_some_and(RestoreRun::is_running);
        for restore in after.iter().filter(|r| !r.is_running() && ran(&r.id)) {
            self.state.last_finished = Some(restore.id.clone());
            if self.state.leading && !elsewhere {
                self.effects.push(Effect::Notify {
                    title: format!("{}: {}", visible_name(&restore.vm), restore.state_text()),
                    body: plain(&restore.effect_sentence()),
                    tag: restore.id.to_string(),
                });
            }
        }
    }
}

fn unanswered(fault: &Fault) -> bool {
    fault.was_sent() == Sent::Maybe
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::cloud::Cloud;
    use azure_backup::arm::id::ClientRequestId;
    use http::Response;
    use time::OffsetDateTime;

    use super::*;
    use crate::app::effect::CallId;
    use crate::app::env::Env;
    use crate::app::msg::Msg;
    use crate::app::purpose::Purpose;
    use crate::app::saved::{RESTORES, restores_text};
    use crate::app::session::{Session, TokenClaims};
    use crate::app::state::State;
    use crate::app::update::update;
    use crate::restore::plan::plan;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
    const ID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

    /// A tab whose one restore is being sent.
    fn sending() -> State {
        let facts = sample::facts();
        let plan = plan(&facts, &sample::draft(Scenario::AnotherVm)).unwrap();
        let id = ClientRequestId::parse(ID).unwrap();
        let mut restore = RestoreRun::intent(&plan, &facts, &Cloud::public(), id.clone(), NOW);
        restore.on_sending(NOW);
        let mut state = State::new(NOW);
        state.session = Session::Token(TokenClaims::default());
        state.started = true;
        state.leading = true;
        state.restores = vec![restore].into();
        state.calls.insert(CallId(0), Purpose::Trigger(id));
        state
    }

    fn notified(state: &mut State, msg: Msg) -> Vec<(String, String)> {
        let told = update(state, Env::new(NOW, ID), msg).into_iter().filter_map(|effect| match effect {
            Effect::Notify { title, tag, .. } => Some((title, tag)),
            _ => None,
        });
        told.collect()
    }

    fn refused() -> Msg {
        let answer = Response::builder().status(400).body("{}".into()).unwrap();
        Msg::Answered { id: CallId(0), result: Ok(answer) }
    }

    #[test]
    fn the_tab_that_follows_notifies_once() {
        let mut leader = sending();
        assert_eq!(notified(&mut leader, Msg::Tick), []);
        assert_eq!(notified(&mut leader, refused()), [("web-01: Rejected by Azure".to_owned(), ID.to_owned())]);
        assert_eq!(notified(&mut leader, Msg::Tick), []);

        let mut other = sending();
        other.leading = false;
        other.calls.remove(&CallId(0));
        assert_eq!(
            notified(
                &mut other,
                Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(restores_text(leader.restores.iter())) }
            ),
            []
        );
        assert!(other.last_finished.is_some(), "its title tells all the same");
    }

    #[test]
    fn what_another_tab_has_found_is_its_to_notify() {
        let mut sender = sending();
        sender.leading = false;
        assert_eq!(notified(&mut sender, refused()), []);
        let mut leader = sending();
        leader.calls.remove(&CallId(0));
        let told = Msg::SavedElsewhere { key: RESTORES.to_owned(), value: Some(restores_text(sender.restores.iter())) };
        assert_eq!(notified(&mut leader, told), []);
    }

    #[test]
    fn the_operator_hears_what_became_of_the_question() {
        let mut state = sending();
        notified(&mut state, Msg::MayNotify(Some(false)));
        assert!(state.notice.is_none());
        notified(&mut state, Msg::MayNotify(None));
        assert!(state.notice.take().is_some_and(|notice| notice.text.contains("settings")));
        notified(&mut state, Msg::MayNotify(None));
        assert!(state.notice.is_none(), "told once");
    }
}
