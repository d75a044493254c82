//! The reducer: one message in, the state changed, effects out.

mod action;
mod activation;
mod browser;
mod check;
mod connect;
mod deployment;
mod dry_run;
mod edit;
mod export;
mod file_recovery;
mod follow;
mod follower;
mod import_export;
mod persist;
mod plans;
mod read;
mod resend_check;
mod sent;
mod sign_in;
mod start;
mod tab_reports;
mod undelete;

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::SubscriptionId;
use azure_backup::backup::cross_region::NOT_SHOWN;
use bytes::Bytes;
use http::{Request, Response};

use super::activity::{Exchange, MAX_EXCHANGES, without_signatures, without_tokens, words};
use super::deployment::SIGNATURE_NOT_SHOWN;
use super::effect::{CallId, Effect};
use super::env::Env;
use super::file_recovery::ANSWER_NOT_SHOWN;
use super::fleet::view::FleetView;
use super::follower::Followed;
use super::key::Key;
use super::list_query::ListQuery;
use super::msg::{Msg, Transport};
use super::purpose::Purpose;
use super::records::Restores;
use super::route::{OUTAGE, RANSOMWARE, Route};
use super::state::{FocusRequest, ListOptions, Notice, ROWS, State};
use crate::restore::run::RestoreRun;

/// Azure's answers are awaited so long by the shell; named in the sentence of a timeout, in seconds.
const MAX_ANSWER: u64 = 100;
/// The shell waits so long for a token, before anything is sent, in seconds. A renewal takes Entra ID a few; a sign-in that asks the person is
/// no part of it.
pub const MAX_TOKEN: u64 = 60;

/// What one message does.
pub(super) struct UpdateContext<'a> {
    pub(super) state: &'a mut State,
    pub(super) env: Env,
    pub(super) effects: Vec<Effect>,
}

/// Takes a message; gives what is to be done outside.
pub fn update(state: &mut State, env: Env, msg: Msg) -> Vec<Effect> {
    state.now = env.now;
    let before = state.restores.clone();
    let elsewhere = matches!(msg, Msg::SavedElsewhere { .. } | Msg::RecordsChanged { .. } | Msg::RecordsRead { .. });
    let mut turn = UpdateContext { state, env, effects: Vec::new() };
    turn.handle(msg);
    turn.after_update();
    turn.on_finished_runs(&before, elsewhere);
    turn.effects
}

impl UpdateContext<'_> {
    fn handle(&mut self, msg: Msg) {
        if self.is_early(&msg) {
            return;
        }
        let allow = self.state.config.allow;
        match msg {
            // The page does not offer them. Whatever says them all the same is refused here.
            Msg::StartDemo | Msg::Practise | Msg::PractisePlan if !allow.demo => {
                self.show_notice("The demo is turned off on this site", "This site's config.json doesn't allow it.");
            }
            Msg::Connect(_) if !allow.pasted_tokens => {
                self.show_notice(
                    "Pasted tokens aren't allowed on this site",
                    "This site's config.json doesn't allow them. The token wasn't sent anywhere.",
                );
            }
            Msg::Started { config, saved, route, hosted } => {
                self.state.hosted = hosted;
                self.started(config, &saved, route);
                self.on_storage_forbidden(&saved);
                self.handle_early();
            }
            Msg::Went(route) => self.on_route_changed(route),
            Msg::Woke => self.state.wake_at = None,
            Msg::Tick => {}
            Msg::Answered { id, result } => self.on_response(id, result),
            Msg::ReadOn(key) => self.decode_page(&key),
            Msg::Authorized { id, result } => self.on_authorized(id, result),
            Msg::Claimed { id, held } => self.on_claimed(&id, held),
            Msg::Saved { id, key, result } => self.saved(id, key, result),
            Msg::SavedElsewhere { key, value } => self.on_saved_elsewhere(&key, value.as_deref()),
            Msg::RecordsChanged { store, changes, kept } => self.records_changed(&store, changes, kept),
            Msg::RecordsRead { keys, records } => self.records_read(&keys, &records),
            Msg::Leading(leading) => {
                self.state.leading = leading;
                // From now on this tab writes down how plans go on that nobody runs.
                self.state.plans_have_seen = Restores::default();
            }
            Msg::Copied(Ok(())) => {
                self.state.copied += 1;
                self.announce("Copied");
            }
            Msg::Copied(Err(why)) => self.show_notice("Couldn't copy", &why),
            Msg::StartDemo => self.start_demo(),
            Msg::UseDemoRole(role) => self.use_demo_role(role),
            Msg::Practise => self.practice(OUTAGE),
            Msg::PractisePlan => {
                self.state.practices_plan = true;
                self.practice(RANSOMWARE);
            }
            Msg::DemoFailed(why) => self.on_demo_failed(&why),
            Msg::Connect(token) => self.connect(token),
            Msg::SignIn(how) => self.sign_in(how),
            Msg::UseAccount(account) => self.use_account(account),
            Msg::UseTenant(tenant) => self.use_tenant(&tenant),
            Msg::CancelSignIn => self.cancel_sign_in(),
            Msg::SignedIn(result) => self.on_signed_in(result),
            Msg::NotSignedOut(why) => self.show_notice(
                "You may still be signed in",
                &format!("This page has removed your sign-in. {why} On a shared computer, close the browser."),
            ),
            Msg::Disconnect => self.leave(),
            Msg::Go(route) => self.effects.push(Effect::Go(route)),
            Msg::ChooseSubscription(id) => self.choose_subscription(id),
            Msg::ChooseVault(vault) => {
                let route = match &self.state.route {
                    Route::Jobs(_, query) => Route::Jobs(vault, query.clone()),
                    Route::Secondary { .. } => Route::Secondary { vault, region: None },
                    _ => return,
                };
                self.effects.push(Effect::Go(route));
            }
            Msg::Refresh => self.refresh(),
            Msg::ShowList(query) => self.show_list(query),
            Msg::DownloadCsv => self.download_csv(),
            Msg::ShowMachines(view) => self.show_machines(view),
            Msg::Select(machines, selected) => self.state.selection.set(machines, selected),
            Msg::ClearSelection => self.state.selection.clear(),
            Msg::Search(text) => {
                self.state.view.search = text;
                self.state.view.rows = ROWS;
            }
            Msg::Filter(filter) => self.filter(filter),
            Msg::ShowMore => self.state.view.rows += ROWS,
            Msg::Edit(edit) => self.edit(edit),
            Msg::ShowJson(shown) => self.state.shows_json = shown,
            Msg::Check => self.check(),
            Msg::Start { place, sha256, unsaved } => self.start(&place, &sha256, unsaved),
            Msg::Plan(msg) => self.plan(msg),
            Msg::SendAgain(id) => self.send_again(&id),
            Msg::SendUnsent { id, sha256 } => self.send_unsent(&id, &sha256),
            Msg::ConfirmUnsent(id, typed) => self.state.unsent_confirmation = Some((id, typed)),
            Msg::PollNow(id) => {
                if self.state.restore(&id).is_some_and(|restore| self.state.held_on_demand(restore).is_none()) {
                    self.with_restore(&id, |restore, now| restore.poll_now(now));
                }
            }
            Msg::CancelRestore(id) => {
                let job = self.state.restore(&id).and_then(|r| Some((r.vault.clone(), r.job_id()?.clone())));
                if let Some((vault, job)) = job {
                    self.cancel_job(vault, job);
                }
            }
            Msg::ShowDeletedVaults => self.state.view.deleted_vaults = true,
            Msg::Undelete { id, sha256 } => self.undelete(&id, &sha256),
            Msg::Action(msg) => self.action(msg),
            Msg::Activation(msg) => self.activation(msg),
            Msg::Files(msg) => self.files(msg),
            Msg::Deploy(restore, msg) => self.deploy(&restore, msg),
            Msg::CancelJob(vault, job) => self.cancel_job(vault, job),
            Msg::FollowJob(vault, secondary, job) => self.follow_job(&vault, secondary, &job),
            Msg::ExportRestores => self.export_restores(),
            Msg::Import => self.effects.push(Effect::ChooseFile),
            Msg::Imported(text) => self.on_imported(&text),
            Msg::Forget(id) => self.forget(&id),
            Msg::SetVersion(version) => {
                let versions = &mut self.state.settings.versions;
                let kind = if version.is_cross_region() { &mut versions.secondary } else { &mut versions.primary };
                *kind = version;
                versions.refused = 0;
                self.state.catalog.clear();
                self.save_settings();
            }
            Msg::ForgetAll => self.forget_all(),
            Msg::KeepDays(days) => self.keep_days(days),
            Msg::OnSignOut(does) => {
                self.state.settings.on_sign_out = does;
                self.save_settings();
            }
            Msg::Record(id, form) => self.record(id.as_ref(), form),
            Msg::ExportUnread => self.export_unread(),
            Msg::DiscardUnread => self.discard_unread(),
            Msg::Copy(text) => self.effects.push(Effect::Copy(text)),
            Msg::Download => self.download(),
            Msg::DownloadCommands(tool) => self.download_commands(tool),
            Msg::CopyLink => self.copy_link(),
            Msg::ReviewLinked(text) => self.review_linked(&text),
            Msg::ShowField(field) => {
                let mut on = self.state.route.clone();
                let form = match &on {
                    Route::Review(point) if field != crate::restore::field::Field::Confirm => Some(point.clone()),
                    Route::Restore(id) => self.state.restore(id).and_then(RestoreRun::place),
                    _ => None,
                };
                if let Some(point) = form {
                    on = Route::Form(point);
                    self.effects.push(Effect::Go(on.clone()));
                }
                let nth = self.state.focus_request.as_ref().map_or(0, |last| last.nth + 1);
                self.state.focus_request = Some(FocusRequest { field, on, nth });
            }
            Msg::Dismiss => self.state.notice = None,
            Msg::Online => self.on_online(),
            Msg::LocalTime(local) => self.state.local_time = local,
            Msg::ShowTimeIn(zone) => {
                self.state.settings.time_zone = zone;
                self.save_settings();
            }
            Msg::Touch(touch) => self.state.touch = touch,
            Msg::AskNotify => self.effects.push(Effect::AskNotify),
            Msg::MayNotify(allowed) => self.may_notify(allowed),
        }
    }

    /// Whatever happened: what the place needs is asked for, what runs is followed, and the next wake-up is arranged.
    fn after_update(&mut self) {
        let next_start = self.run_plans();
        self.read_needed();
        self.follow();
        self.check_on_arrival();
        let due = [
            self.state.catalog.next_retry(),
            self.state.name_lookup_due_at,
            self.next_poll(),
            self.poll_check(),
            self.go_on_validating(),
            self.poll_followed(),
            self.poll_undeletions(),
            self.poll_files(),
            next_start,
            self.state.spells_out_more().then_some(self.env.now),
        ];
        let wake_at = due.into_iter().flatten().min();
        if let Some(at) = wake_at
            && self.state.wake_at != Some(at)
        {
            self.effects.push(Effect::WakeAt(at));
        }
        self.state.wake_at = wake_at;
    }

    fn on_route_changed(&mut self, route: Route) {
        if route == Route::Demo {
            self.on_route_changed(Route::Connect);
            // Whoever is connected has not asked for another connection by going back, or by a link.
            if !self.state.connected() && !self.state.hosted {
                self.handle(Msg::StartDemo);
            }
            return;
        }
        if let (Route::Vms(view), false) = (&self.state.route, matches!(route, Route::Vms(_))) {
            self.state.machines_left = (view.clone(), route.item().map(|item| item.id));
        }
        if route != self.state.route {
            if !route.keeps_search_of(&self.state.route) {
                self.state.view = ListOptions::default();
            }
            self.state.notice = None;
            self.state.preview_before = None;
            self.state.last_finished = None;
            // Only who sees a restore wants it sent again.
            self.state.sign_in.then.take_if(|id| route != Route::Restore(id.clone()));
            self.state.unsent_confirmation = None;
            self.state.action_panel = None;
            if matches!(route, Route::Review(_)) {
                self.drop_old_check();
            }
        }
        if let Route::Vms(view) = &route
            && let Some(id) = view.subscription().filter(|id| self.state.settings.subscription.as_ref() != Some(id))
        {
            self.state.settings.subscription = Some(id);
            self.save_settings();
        }
        let used =
            if let Route::Jobs(vault, _) = &route { vault.clone() } else { route.item().and_then(|item| item.vault()) };
        self.state.jobs_vault = used.or_else(|| self.state.jobs_vault.take());
        if route.needs_connection() && !self.state.connected() {
            self.state.return_to = Some(route.clone());
        }
        // Whoever connects to see a restore, or because the token expired, goes on where he was.
        let came_for_token = self.state.sign_in_fault.is_some()
            || !self.state.connected() && matches!(self.state.route, Route::Restore(_));
        if route == Route::Connect && self.state.route != Route::Connect && came_for_token {
            self.state.return_to = Some(self.state.route.clone());
        }
        if route.point().is_some() && route.item() != self.state.route.item() {
            self.state.catalog.forget(|key| matches!(key, Key::Exists(_)));
        }
        self.state.route = route;
    }

    /// The state has the new query at once, because a search field shows what it says; the address follows.
    fn show_list(&mut self, query: ListQuery) {
        let route = match &self.state.route {
            Route::Restores(_) => Route::Restores(query),
            Route::Jobs(vault, _) => Route::Jobs(vault.clone(), query),
            Route::Board(plan, _) => Route::Board(plan.clone(), query),
            _ => return,
        };
        self.state.view.rows = ROWS;
        self.state.route = route.clone();
        self.effects.push(Effect::Replace(route));
    }

    fn choose_subscription(&mut self, id: Option<SubscriptionId>) {
        self.state.settings.subscription = id;
        self.save_settings();
        let route = match &self.state.route {
            Route::Jobs(_, query) => Route::Jobs(None, query.clone()),
            Route::Secondary { .. } => Route::Secondary { vault: None, region: None },
            _ => return,
        };
        self.effects.push(Effect::Go(route));
    }

    /// The same for the machines.
    fn show_machines(&mut self, view: FleetView) {
        if matches!(self.state.route, Route::Vms(_)) {
            self.state.route = Route::Vms(view);
            self.effects.push(Effect::Replace(self.state.route.clone()));
        }
    }

    fn on_response(&mut self, id: CallId, mut result: Result<Response<Bytes>, Transport>) {
        let now = self.env.now;
        if let Ok(answer) = &mut result
            && !answer.status().is_success()
        {
            *answer.body_mut() = without_tokens(answer.body());
        }
        if let (Ok(answer), Some(Purpose::Follow(Followed::Deployment(..)))) = (&mut result, self.state.calls.get(&id))
        {
            *answer.body_mut() = without_signatures(answer.body());
        }
        let activity = Rc::make_mut(&mut self.state.activity);
        let exchange = activity.iter_mut().find(|e| e.id == id).map(Rc::make_mut);
        let call = exchange.map(|exchange| {
            exchange.on_response(&result, now);
            format!("{} {}", exchange.method, exchange.path())
        });
        // An answer that nobody waits for any more is dropped here, which ends races of stale answers.
        let Some(purpose) = self.state.calls.remove(&id) else { return };
        self.on_quota_response(&purpose, &result);
        let what = purpose.name();
        let result = result.map_err(|transport| fault_of(&what, &transport));
        let call = call.unwrap_or_else(|| what.clone());
        let mut outdated = false;
        match &result {
            Ok(answer) if matches!(answer.status().as_u16(), 401 | 403) => {
                let fault = Fault::from_answer(&what, answer);
                if fault.needs_sign_in() {
                    // It left with the token before: of the present one its answer says nothing.
                    outdated = self.state.sign_in.fresh_from.is_some_and(|first| id < first);
                    if !outdated {
                        self.token_refused(fault, &call);
                    }
                }
            }
            Ok(_) => {
                self.state.sign_in.accepted(id, &call);
                // What Azure wants for one call, another call does not tell.
                if self.state.sign_in_fault.as_ref().is_some_and(|fault| fault.step_up().is_none()) {
                    self.state.sign_in_fault = None;
                }
            }
            Err(fault) if fault.needs_sign_in() => self.token_refused(fault.clone(), &call),
            Err(_) => {}
        }
        match purpose {
            Purpose::Read(key, call) => self.read(&key, &call, id, result),
            Purpose::Trigger(restore) => self.on_trigger_response(&restore, result.as_ref()),
            Purpose::Prepare(restore, sent) => self.on_preparation_response(&restore, &sent, result),
            Purpose::Operation(restore) => {
                self.with_restore(&restore, |r, now| r.on_operation_response(result.as_ref(), now));
            }
            Purpose::Job(restore, call) => self.on_job_response(&restore, &call, result.as_ref()),
            Purpose::VaultJobs { job_list_key, call, so_far, pages } => {
                self.on_vault_jobs_response(&job_list_key, &call, so_far, pages, result);
            }
            Purpose::Cancel { vault, job, call } => self.on_cancel_response(&vault, &job, &call, result),
            Purpose::ResendCheck { restore, call, pages } => self.on_resend_jobs(&restore, &call, pages, result),
            Purpose::Check(sent) => self.on_check_response(id, sent, result),
            Purpose::Follow(of) => self.on_followed(&of, Some(id), result),
            Purpose::Activation => self.on_activation_response(id, result.as_ref()),
            Purpose::UndeleteJob(target, call) => self.undeletion_job_heard(&target, id, &call, result.as_ref()),
            Purpose::Sign(restore, call) => self.on_signed(&restore, id, &call, result),
            Purpose::FileScripts(point, call) => self.on_scripts_response(&point, id, &call, result),
        }
        if outdated {
            // Reads are asked once more, with the token that there is now. A restore leaves again by a click alone.
            let now = self.env.now;
            self.state.catalog.retry_failed_if(now, Fault::needs_sign_in);
            self.poll_all();
        }
    }

    /// Sends a request and remembers what it is for.
    pub(super) fn send(&mut self, what: &str, request: Request<Bytes>, purpose: Purpose) -> CallId {
        let id = self.next_call();
        let exchange = Exchange::sent(id, what, &request, self.env.now);
        self.send_numbered(id, exchange, request, purpose);
        id
    }

    /// The number of a call to be made.
    pub(super) fn next_call(&mut self) -> CallId {
        let id = CallId(self.state.next_call);
        self.state.next_call += 1;
        id
    }

    /// The same for a call that has its number already.
    pub(super) fn send_numbered(
        &mut self,
        id: CallId,
        mut exchange: Exchange,
        request: Request<Bytes>,
        purpose: Purpose,
    ) {
        match &purpose {
            Purpose::Trigger(restore) | Purpose::Operation(restore) | Purpose::Job(restore, _) => {
                exchange.restore = Some(restore.clone());
            }
            Purpose::Prepare(restore, _) => {
                exchange.restore = Some(restore.clone());
                // Of the two answers one holds the access token.
                exchange.secret = (request.method() == http::Method::POST).then_some(NOT_SHOWN);
            }
            Purpose::Follow(Followed::Files(..)) | Purpose::FileScripts(..) => exchange.secret = Some(ANSWER_NOT_SHOWN),
            Purpose::Sign(..) => exchange.secret = Some(SIGNATURE_NOT_SHOWN),
            _ => {}
        }
        let activity = Rc::make_mut(&mut self.state.activity);
        activity.push_front(Rc::new(exchange));
        activity.truncate(MAX_EXCHANGES);
        self.state.calls.insert(id, purpose);
        self.effects.push(Effect::Send { id, request });
    }

    pub(super) fn announce(&mut self, text: &str) {
        text.clone_into(&mut self.state.announcement);
    }

    pub(super) fn show_notice(&mut self, title: &str, text: &str) {
        self.state.notice = Some(Notice { title: title.to_owned(), text: text.to_owned(), fault: None, bad: true });
    }

    pub(super) fn show_fault(&mut self, title: &str, text: &str, fault: Fault) {
        let fault = Some(Rc::new(fault));
        self.state.notice = Some(Notice { title: title.to_owned(), text: text.to_owned(), fault, bad: true });
    }
}

fn fault_of(call: &str, transport: &Transport) -> Fault {
    match transport {
        Transport::Network(_) => Fault::network(
            call,
            "No response from Azure. Check your network, and whether a proxy or browser extension blocks Azure Resource Manager.",
        ),
        Transport::TimedOut => Fault::timed_out(call, MAX_ANSWER),
        Transport::Aborted => Fault::aborted(call),
        Transport::TooLarge => Fault::too_large(call, azure_backup::arm::call::MAX_ANSWER),
        Transport::Refused(_) => {
            let mut fault = Fault::no_token(call, &words(transport));
            fault.kind = azure_backup::arm::fault::FaultKind::Refused;
            fault
        }
        Transport::SignIn(why) => Fault::no_token(call, why),
        Transport::TokenLate => Fault::token_late(call, MAX_TOKEN),
        Transport::NoToken => Fault::no_token(call, "Your access token is gone. Connect again; nothing is lost."),
    }
}
