//! Everything the program knows.

use std::collections::VecDeque;
use std::rc::Rc;

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::graph::Pace;
use azure_backup::arm::id::{ArmId, ClientRequestId, Region, SubscriptionId};
use time::OffsetDateTime;

use super::action::{ActionPanel, RunningAction};
use super::activation::{Activation, ActivationForm};
use super::activity::Exchange;
use super::catalog::Catalog;
use super::check::Check;
use super::config::{Config, ConfigError};
use super::deployment::TemplateDeployment;
use super::dry_run::DryRun;
use super::effect::CallId;
use super::file_recovery::{FileRequest, FileSessions};
use super::fleet::selection::Selection;
use super::fleet::view::FleetView;
use super::key::Key;
use super::launch::Launches;
use super::local_time::LocalTime;
use super::msg::Msg;
use super::plans::readiness::Readiness;
use super::plans::{Expansions, Plans, RunningPlan};
use super::prepared::PreparedRestores;
use super::purpose::Purpose;
use super::quotas::Quotas;
use super::records::{Drafts, Restores, Saves};
use super::route::Route;
use super::saved::{QuarantinedEntry, Settings};
use super::sent::SentRequests;
use super::session::{Session, TokenError};
use super::sign_in::SigningIn;
use super::sorted::Sorted;
use super::undelete::Undeleting;
use crate::export::link::RestoreLink;
use crate::recovery::file::PlanFile;
use crate::recovery::plan::PlanId;
use crate::restore::field::Field;
use crate::restore::preview::Preview;
use crate::restore::run::RestoreRun;

/// Rows of a long list that are shown at first, and how many more at a time: a page of them stays fluid.
pub const ROWS: usize = 20;
/// What the demo's cloud is called.
pub(crate) const DEMO: &str = "Demo";

/// The state.
#[derive(Clone, Debug)]
pub struct State {
    /// Whether the page has loaded its configuration and memory.
    pub started: bool,
    /// The configuration.
    pub config: Rc<Config>,
    /// Whether another page holds this one and supplies the tokens.
    pub hosted: bool,
    /// Why `config.json` is not used.
    pub config_error: Option<ConfigError>,
    /// The settings.
    pub settings: Settings,
    /// Who we are to Azure.
    pub session: Session,
    /// The sign-in: who could be used, what is waited for.
    pub sign_in: SigningIn,
    /// Azure does not accept the token any more.
    pub sign_in_fault: Option<Rc<Fault>>,
    /// Why the pasted token was not taken.
    pub token_error: Option<TokenError>,
    /// Where we are.
    pub route: Route,
    /// Where to go once connected.
    pub return_to: Option<Route>,
    /// The vault whose jobs or machine were shown last: the main navigation leads to its jobs.
    pub jobs_vault: Option<ArmId>,
    /// How the list of machines was looked at last, and the machine that was opened from it.
    pub machines_left: (FleetView, Option<ArmId>),
    /// The machines that are selected in that list.
    pub selection: Selection,
    /// The time of the last message.
    pub now: OffsetDateTime,
    /// What was read of Azure.
    pub catalog: Catalog,
    /// Facts and plans that were computed from the catalog.
    pub prepared: PreparedRestores,
    /// What the operator has chosen, by machine. [`State::draft`] completes it.
    pub drafts: Drafts,
    /// The preview before the last edit, to mark what it changed.
    pub preview_before: Option<Rc<Preview>>,
    /// The field that the operator has asked for last.
    pub focus_request: Option<FocusRequest>,
    /// Azure's opinion of the request under review.
    pub check: Option<Check>,
    /// Azure's opinions of the requests of a recovery plan. Shared by the copies of the state that each message makes.
    pub dry_run: Option<Rc<DryRun>>,
    /// What this tab is bringing back, and has brought back.
    pub undeleting: Vec<Undeleting>,
    /// What the operator is about to do with restored disks.
    pub action_panel: Option<ActionPanel>,
    /// The form that activates an eligible role, while it is open.
    pub activation_form: Option<ActivationForm>,
    /// The requests for activations that have left this tab.
    pub activations: Vec<Activation>,
    /// What this tab does to virtual machines, and has done.
    pub actions: Vec<RunningAction>,
    /// The requests about restored disks that this browser has sent.
    pub sent_requests: SentRequests,
    /// The deployments of templates that this tab prepares, follows, or has followed.
    pub deployments: Vec<TemplateDeployment>,
    /// What this tab has asked for to recover files, and the scripts that it was given.
    pub file_requests: Vec<FileRequest>,
    /// The file recoveries that this browser has started.
    pub file_sessions: FileSessions,
    /// The restores that this tab is sending.
    pub launches: Launches,
    /// Restores that another tab may be sending, or may have left: when to ask the browser again.
    pub probes: Sorted<ClientRequestId, OffsetDateTime>,
    /// The name typed to confirm that a record's request is sent.
    pub unsent_confirmation: Option<(ClientRequestId, String)>,
    /// The recovery plans of this browser, the newest first.
    pub plans: Plans,
    /// Whether the demo was started to practice with a plan: the next one is set up for an attack at 02:10.
    pub practices_plan: bool,
    /// The file that a plan was imported from in this tab.
    pub plan_file: Option<(PlanId, Rc<PlanFile>)>,
    /// The link whose restore is looked at.
    pub linked: Option<Rc<RestoreLink>>,
    /// The plans that this tab runs, or whose requests were confirmed in it.
    pub running_plans: Vec<RunningPlan>,
    /// The machines of plans, spelled out.
    pub expansions: Expansions,
    /// What stands in the way of the machines of the plan on the screen.
    pub plan_checks: Readiness,
    /// Plans that another tab runs, by the id of their lock: when to ask the browser again.
    pub plan_probes: Sorted<ClientRequestId, OffsetDateTime>,
    /// The restores as plans have taken them in.
    pub plans_have_seen: Restores,
    /// The next attempt to save.
    pub next_save: u64,
    /// What was saved and could not be read.
    pub quarantine: Vec<QuarantinedEntry>,
    /// What following restores may cost.
    pub quotas: Quotas,
    /// When Resource Graph may be asked next.
    pub query_pace: Pace,
    /// Why the last attempt to save failed, in the browser's words.
    pub cannot_save: Option<String>,
    /// The restores of this browser, newest first.
    pub restores: Restores,
    /// Whether the browser has not given its records yet, so that there may be restores that this tab does not know.
    pub records_unread: bool,
    /// What is known of the saves of restores and drafts.
    pub saves: Saves,
    /// What other tabs told before the storage was read.
    pub early: Vec<Msg>,
    /// Whether this tab follows them.
    pub leading: bool,
    /// What each call under way is for.
    pub calls: Sorted<CallId, Purpose>,
    /// The next call's number.
    pub next_call: u64,
    /// Every exchange, newest first; the screen shares each, so that a change of one copies no other.
    pub activity: Rc<VecDeque<Rc<Exchange>>>,
    /// Something to tell that belongs to no field.
    pub notice: Option<Notice>,
    /// What a screen reader is told.
    pub announcement: String,
    /// How the lists are looked at.
    pub view: ListOptions,
    /// When the typed name has rested long enough to be looked up.
    pub name_lookup_due_at: Option<OffsetDateTime>,
    /// The wake-up that the shell was last asked for.
    pub wake_at: Option<OffsetDateTime>,
    /// The restore that ended last, until the operator goes on.
    pub last_finished: Option<ClientRequestId>,
    /// The time zone of this computer.
    pub local_time: Rc<LocalTime>,
    /// How often something was copied.
    pub copied: u32,
    /// Whether the operator points with a finger.
    pub touch: bool,
    /// Whether the form shows the JSON of the request.
    pub shows_json: bool,
    /// Whether notifications of the system are allowed; none = they are not to be had.
    pub may_notify: Option<bool>,
}

/// Why this tab does not follow a restore that runs, or does not ask Azure about one that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotFollowed {
    /// There is no connection to Azure.
    Disconnected,
    /// The connection is to another cloud than the restore's.
    OtherCloud,
    /// It is another account's, which has to connect to follow it.
    OtherIdentity,
    /// Another tab does; what it finds is shown here.
    OtherTab,
}

/// Where the jobs of restores are listed together: a vault, and the secondary region for cross-region restores.
pub type JobListKey = (ArmId, Option<Region>);

/// Something to tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// What happened.
    pub title: String,
    /// What it means and what to do.
    pub text: String,
    /// Azure's fault, if it is one.
    pub fault: Option<Rc<Fault>>,
    /// Whether something went wrong.
    pub bad: bool,
}

/// A field that takes the focus once the page that it is on has been drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FocusRequest {
    /// Which.
    pub field: Field,
    /// The page.
    pub on: Route,
    /// How many were asked for before: the same one may be asked for again.
    pub nth: u32,
}

/// How the lists are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOptions {
    /// Search text of the list of virtual machines, or of restores.
    pub search: String,
    /// First day shown, `YYYY-MM-DD`.
    pub from: String,
    /// Last day shown.
    pub to: String,
    /// Only points at or before this time are shown: `YYYY-MM-DDTHH:MM` in the time zone that is shown.
    pub at_or_before: String,
    /// Tier shown; empty = all.
    pub tier: String,
    /// Consistency shown; empty = all.
    pub consistency: String,
    /// Not empty: points with a reported threat are not shown.
    pub threats: String,
    /// Whether deleted vaults are looked for.
    pub deleted_vaults: bool,
    /// Rows shown.
    pub rows: usize,
}

impl Default for ListOptions {
    fn default() -> Self {
        Self {
            search: String::new(),
            from: String::new(),
            to: String::new(),
            at_or_before: String::new(),
            tier: String::new(),
            consistency: String::new(),
            threats: String::new(),
            deleted_vaults: false,
            rows: ROWS,
        }
    }
}

impl State {
    /// Before the page has loaded.
    pub fn new(now: OffsetDateTime) -> Self {
        Self {
            started: false,
            config: Rc::default(),
            hosted: false,
            config_error: None,
            settings: Settings::default(),
            session: Session::default(),
            sign_in: SigningIn::default(),
            sign_in_fault: None,
            token_error: None,
            route: Route::Connect,
            return_to: None,
            jobs_vault: None,
            machines_left: Default::default(),
            selection: Selection::default(),
            now,
            catalog: Catalog::default(),
            prepared: PreparedRestores::default(),
            drafts: Drafts::default(),
            preview_before: None,
            focus_request: None,
            check: None,
            dry_run: None,
            undeleting: Vec::new(),
            action_panel: None,
            activation_form: None,
            activations: Vec::new(),
            actions: Vec::new(),
            sent_requests: SentRequests::default(),
            deployments: Vec::new(),
            file_requests: Vec::new(),
            file_sessions: FileSessions::default(),
            launches: Launches::default(),
            probes: Sorted::default(),
            unsent_confirmation: None,
            plans: Plans::default(),
            practices_plan: false,
            plan_file: None,
            linked: None,
            running_plans: Vec::new(),
            expansions: Expansions::default(),
            plan_checks: Readiness::default(),
            plan_probes: Sorted::default(),
            plans_have_seen: Restores::default(),
            next_save: 0,
            quarantine: Vec::new(),
            quotas: Quotas::default(),
            query_pace: Pace::default(),
            cannot_save: None,
            restores: Restores::default(),
            records_unread: false,
            saves: Saves::default(),
            early: Vec::new(),
            leading: false,
            calls: Sorted::default(),
            next_call: 0,
            activity: Rc::default(),
            notice: None,
            announcement: String::new(),
            view: ListOptions::default(),
            name_lookup_due_at: None,
            wake_at: None,
            last_finished: None,
            local_time: Rc::default(),
            copied: 0,
            touch: false,
            shows_json: false,
            may_notify: None,
        }
    }

    /// The cloud that calls go to. In the demo its name says so, and restores of the demo are not mixed with real ones.
    pub fn cloud(&self) -> Cloud {
        match self.session {
            Session::Demo => Cloud { name: DEMO.to_owned(), portal: None, ..Cloud::public() },
            _ => self.config.cloud.clone(),
        }
    }

    /// That cloud's name.
    pub fn cloud_name(&self) -> &str {
        if self.session == Session::Demo { DEMO } else { &self.config.cloud.name }
    }

    /// Whether somebody can sign in: by an application that the configuration names, or as the host page says.
    pub fn can_sign_in(&self) -> bool {
        self.hosted || !self.config.sign_in.client_id.is_empty()
    }

    /// Whether calls can be made.
    pub fn connected(&self) -> bool {
        self.session != Session::Disconnected
    }

    /// The subscription whose vaults are offered: that of the vault in the address, else the one chosen last, else the first one.
    pub fn subscription(&self) -> Option<SubscriptionId> {
        if let Route::Secondary { vault: Some(vault), .. } | Route::Jobs(Some(vault), _) = &self.route {
            return vault.subscription().and_then(|s| SubscriptionId::parse(s).ok());
        }
        let all = self.catalog.get::<[Rc<azure_backup::backup::lookups::Subscription>]>(&Key::Subscriptions)?;
        let known = |id: &SubscriptionId| all.iter().any(|s| s.id == *id);
        match self.settings.subscription.as_ref().filter(|id| known(id)) {
            Some(last) => Some(last.clone()),
            None => all.first().map(|s| s.id.clone()),
        }
    }

    /// Why this tab does not follow a restore; none when it does, or when there is nothing to follow any more.
    pub fn why_not_followed(&self, restore: &RestoreRun) -> Option<NotFollowed> {
        let not_asked = self.why_not_asked(restore);
        match () {
            () if !restore.is_running() => None,
            () if not_asked.is_some() => not_asked,
            // Whoever sends it prepares it, too.
            () if !self.leading && !self.launches.is_active(&restore.id) => Some(NotFollowed::OtherTab),
            () => None,
        }
    }

    /// Why this tab cannot ask Azure about a restore; none when it can.
    pub fn why_not_asked(&self, restore: &RestoreRun) -> Option<NotFollowed> {
        match () {
            () if !self.connected() => Some(NotFollowed::Disconnected),
            () if self.cloud_name() != restore.cloud => Some(NotFollowed::OtherCloud),
            () if !self.may_follow(restore) => Some(NotFollowed::OtherIdentity),
            () => None,
        }
    }

    /// Where a restore stands, as it is shown.
    pub fn state_text(&self, restore: &RestoreRun) -> String {
        if self.is_searched_for(&restore.id) {
            return "Checking whether it was sent before".to_owned();
        }
        if self.is_being_saved(&restore.id) {
            return "Saving in this browser".to_owned();
        }
        if self.awaits_token(&restore.id) { "Waiting for a token".to_owned() } else { restore.state_text() }
    }

    /// Whether the screen shows a wait, whose seconds are counted.
    pub fn shows_waiting(&self) -> bool {
        match &self.route {
            Route::Restore(id) => self.restore(id).is_some_and(RestoreRun::is_running),
            Route::Restores(_) | Route::Board(..) => self.restores.iter().any(RestoreRun::is_running),
            // The age of what is shown counts on.
            Route::Review(_) if self.check.is_some() => true,
            Route::PlanReview(_) if self.dry_run.is_some() => true,
            Route::Jobs(Some(_), _) => true,
            Route::Wall(_) => true,
            Route::Vms(_) => self.connected(),
            Route::Files(point) => self.is_recovering_files(&point.id),
            _ => self.catalog.next_retry().is_some() || !self.calls.is_empty(),
        }
    }

    /// Whether a restore may be shown: not that of an account that has signed out. In another tab the same account may be connected still.
    pub fn shows(&self, restore: &RestoreRun) -> bool {
        restore.hidden.is_none() || self.connected() && self.owns(restore)
    }

    /// The restores that may be shown.
    pub fn shown_restores(&self) -> impl Iterator<Item = &RestoreRun> {
        self.restores.iter().filter(|restore| self.shows(restore))
    }

    /// A restore of this browser.
    pub fn restore(&self, id: &ClientRequestId) -> Option<&RestoreRun> {
        self.restores.get(id)
    }
}
