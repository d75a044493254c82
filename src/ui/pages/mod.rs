//! The pages, each a function component of the state. What is expensive to render is a component of its own, with properties that
//! are compared.

pub mod account;
pub mod activity;
pub mod connect;
pub mod file_recovery;
pub mod follow;
pub mod jobs;
pub mod linked;
pub mod list_controls;
pub mod plans;
pub mod points;
mod quota_meter;
pub mod region_banner;
pub mod restore_form;
pub mod restores;
pub mod review;
pub mod secondary;
pub mod settings;
mod shown_request;
pub mod undelete;
pub mod vault_select;
pub mod vms;

use azure_backup::arm::id::ArmId;
use yew::prelude::*;

use super::causes::{self, cause_notice};
use super::kit::empty::{empty, nothing};
use super::kit::heading::heading;
use super::shared::Shared;
use super::translatable::translatable;
use crate::app::causes::{Cause, CauseKind, causes};
use crate::app::fleet::status::{FleetStatus, Source};
use crate::app::key::Key;
use crate::app::list_status::ListStatus;
use crate::app::msg::Msg;
use crate::app::needs;
use crate::app::route::Route;
use crate::app::state::State;
use crate::restore::regional_id::RegionalId;
use crate::restore::visible::visible_name;
use crate::ui::kit::each;
use account::AccountPage;
use activity::ActivityPage;
use connect::ConnectPage;
use file_recovery::FilesPage;
use follow::RestorePage;
use jobs::JobsPage;
use linked::LinkedPage;
use plans::board::BoardPage;
use plans::exception::ExceptionPage;
use plans::new::NewPlanPage;
use plans::review::PlanReviewPage;
use plans::settings::PlanPage;
use plans::wall::WallPage;
use points::PointsPage;
use restore_form::FormPage;
use restores::RestoresPage;
use review::ReviewPage;
use secondary::SecondaryPage;
use settings::SettingsPage;
use vms::VmsPage;

/// Shown while a failed call waits for its automatic retry.
const WAITS: &str = "The last request failed. Retrying automatically. See the message on this page.";

/// What every page gets.
#[derive(Clone, PartialEq)]
pub struct PageContext {
    /// Everything the program knows. Every change makes a new `Rc`, so comparing pointers is enough.
    pub state: Shared<State>,
    /// Where messages go.
    pub dispatch: Callback<Msg>,
}

/// The properties of a page that needs nothing else.
#[derive(PartialEq, Properties)]
pub struct PageProps {
    /// The state, and where messages go.
    pub view: PageContext,
}

impl PageContext {
    /// A click that sends `msg`.
    pub fn on_click(&self, msg: Msg) -> Callback<MouseEvent> {
        on_click(&self.dispatch, msg)
    }

    /// A click that sends a message that needs a confirmation; for the confirming button of a dialog.
    pub fn on_confirmed_click(&self, msg: Msg) -> Callback<MouseEvent> {
        self.dispatch.reform(move |_| msg.clone())
    }

    /// Sends the message that `make` makes of a control's value, if any.
    pub fn on_input(&self, make: impl Fn(&str) -> Option<Msg> + 'static) -> Callback<String> {
        let dispatch = self.dispatch.clone();
        Callback::from(move |said: String| {
            if let Some(msg) = make(&said) {
                dispatch.emit(msg);
            }
        })
    }

    /// Whether any answer that the page needs is being read.
    pub fn loading(&self) -> bool {
        needs::of_screen(&self.state).iter().any(|key| self.state.catalog.is_loading(key))
    }

    /// The words for missing answers: `reading` while a call is under way, else that a retry is waiting.
    pub fn progress(&self, reading: impl Into<AttrValue>) -> AttrValue {
        let needed = needs::of_screen(&self.state);
        let entries = || needed.iter().filter_map(|key| self.state.catalog.entry(key));
        let asked = entries().any(|entry| entry.reading.is_some());
        let waits = entries().any(|entry| entry.retry_at.is_some());
        if waits && !asked { WAITS.into() } else { reading.into() }
    }

    /// Whether the page belongs to a cross-region restore.
    fn is_secondary(&self) -> bool {
        match &self.state.route {
            Route::Secondary { .. } => true,
            route => route.item().is_some_and(|place| place.secondary.is_some()),
        }
    }

    /// Why answers that the page needs are missing, grouped by cause. `404` for a resource is an answer, not a fault.
    fn causes(&self) -> Vec<Cause> {
        let state = &*self.state;
        // Shown once, above every page.
        let signing_in = state.sign_in_fault.is_some() || state.sign_in.waiting.is_some();
        let failed = needs::of_screen(state).into_iter().filter_map(|key| {
            let fault = state.catalog.fault(&key)?;
            // A silent primary region is reported beside its name, and blocks nothing in the secondary region.
            let of_primary = matches!(key, Key::Vault(_) | Key::StorageConfig(_) | Key::Item(_) | Key::Encryption(_));
            let elsewhere = of_primary && self.is_secondary() && fault.is_retryable();
            // The form tells at the field what a suggestion could not rest on. Of the machines, the page says that they come from the lists instead.
            let aside = match &key {
                Key::Exists(_) | Key::Machine(_) | Key::Interface(_) => true,
                // What is done with restored disks tells it.
                Key::MachineNow(_) => true,
                // The page of its recovery points says that it is gone.
                Key::Item(id) | Key::Points(id) => state.is_gone(&RegionalId::from(id.clone())),
                Key::Fleet => FleetStatus::of(&state.catalog).source != Source::Graph,
                _ => false,
            };
            (!aside && !elsewhere).then_some((key, fault))
        });
        let mut causes = causes(failed);
        causes.retain(|cause| cause.why != CauseKind::SignIn || !signing_in);
        causes
    }

    /// How many vaults the page reads the items of.
    fn vaults_asked(&self) -> usize {
        needs::of_screen(&self.state).iter().filter(|key| matches!(key, Key::Items(_))).count()
    }

    /// Whether a cause affects only some vaults of a list that shows others. It is then shown below the list.
    fn leaves_the_list(&self, cause: &Cause) -> bool {
        let state = &*self.state;
        let shown = |key: &Key| state.catalog.entry(key).is_some_and(|entry| entry.value.is_some());
        let is_list = |key: &Key| matches!(key, Key::Items(_) | Key::Vaults(_));
        matches!(state.route, Route::Vms(_))
            && cause.failed.iter().all(|(key, _)| is_list(key))
            && needs::of_screen(state).iter().any(|key| matches!(key, Key::Items(_)) && shown(key))
    }

    fn cause_notices(&self, causes: &[Cause], below: bool) -> Html {
        if causes.is_empty() {
            return Html::default();
        }
        let vaults = self.vaults_asked();
        let name = if below { "Not shown" } else { "Problems" };
        let one = |cause: &Cause| cause_notice(cause, vaults, below, &self.dispatch, &self.ways(cause));
        html! { <section class="vmr-stack" aria-label={name}>{ each(causes.iter().map(one)) }</section> }
    }

    /// The buttons that may help.
    fn ways(&self, cause: &Cause) -> Vec<(&'static str, Msg)> {
        let mut ways = vec![("Try again", Msg::Refresh)];
        let retryable = cause.failed.iter().any(|(_, fault)| fault.is_retryable());
        if !retryable || !cause.why.may_be_of_a_region() || self.is_secondary() {
            return ways;
        }
        let mut vaults: Vec<Option<ArmId>> = Vec::new();
        for (key, _) in &cause.failed {
            let vault = match key {
                Key::Vaults(_) => None,
                Key::Items(id) | Key::Vault(id) | Key::Item(id) | Key::Points(id) | Key::Point(id) => {
                    id.up_to("vaults")
                }
                _ => continue,
            };
            if !vaults.contains(&vault) {
                vaults.push(vault);
            }
        }
        let vault = match vaults.as_slice() {
            [] => return ways,
            [one] => one.clone(),
            // Several vaults: the operator chooses one there.
            _ => None,
        };
        ways.push(("Restore in the secondary region", Msg::Go(Route::Secondary { vault, region: None })));
        ways
    }

    /// The messages about missing answers above the page, one for each cause.
    pub fn faults(&self) -> Html {
        let causes: Vec<Cause> = self.causes().into_iter().filter(|cause| !self.leaves_the_list(cause)).collect();
        self.cause_notices(&causes, false)
    }

    /// The messages below a list that shows the rest.
    pub fn faults_below(&self) -> Html {
        let causes: Vec<Cause> = self.causes().into_iter().filter(|cause| self.leaves_the_list(cause)).collect();
        self.cause_notices(&causes, true)
    }

    /// All causes in a few words, for the live region of screen readers.
    pub fn faults_said(&self) -> String {
        let vaults = self.vaults_asked();
        self.causes().iter().map(|cause| format!("{}. ", causes::title(cause, vaults))).collect()
    }

    /// How complete the list is that these answers form.
    pub fn known(&self, parts: &[Key]) -> ListStatus {
        ListStatus::of(&self.state.catalog, &[], parts)
    }

    /// Placeholder for the page's content: being read, or not known.
    pub fn not_yet(&self, what: &'static str) -> Html {
        let known = if self.loading() { ListStatus::Loading } else { ListStatus::Failed };
        html! { <section class="vmr-panel">{ nothing(known, self.progress(what), Html::default) }</section> }
    }
}

/// A click that sends `msg` at once. Panics in debug builds if `msg` needs a confirmation.
pub fn on_click(dispatch: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    debug_assert!(!msg.needs_confirmation(), "one press must not do this: {msg:?}");
    dispatch.reform(move |_| msg.clone())
}

/// A click on a link that sends `msg` instead of following the link.
pub fn on_link_click(dispatch: &Callback<Msg>, msg: Msg) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |e: MouseEvent| {
        e.prevent_default();
        dispatch.emit(msg.clone());
    })
}

/// The page of the present route.
#[component]
pub fn Page(PageProps { view }: &PageProps) -> Html {
    let route = &view.state.route;
    let view = view.clone();
    if route.needs_connection() && !view.state.connected() {
        return translatable(html! { <ConnectPage {view} /> });
    }
    translatable(match route.clone() {
        Route::Connect | Route::Demo => html! { <ConnectPage {view} /> },
        Route::Vms(machines) => html! { <VmsPage {view} {machines} /> },
        Route::Secondary { vault, region } => html! { <SecondaryPage {view} {vault} chosen={region} /> },
        Route::Points(item) => html! { <PointsPage {view} {item} /> },
        Route::Form(point) => html! { <FormPage {view} {point} /> },
        Route::Review(point) => html! { <ReviewPage {view} {point} /> },
        Route::Files(point) => html! { <FilesPage {view} {point} /> },
        Route::Linked(text) => html! { <LinkedPage {view} {text} /> },
        Route::Restores(query) => html! { <RestoresPage {view} {query} /> },
        Route::Restore(id) => html! { <RestorePage {view} {id} /> },
        Route::Jobs(vault, query) => html! { <JobsPage {view} {vault} {query} /> },
        Route::Activity => html! { <ActivityPage {view} /> },
        Route::Account => html! { <AccountPage {view} /> },
        Route::Settings => html! { <SettingsPage {view} /> },
        Route::Board(id, query) => html! { <BoardPage {view} {id} {query} /> },
        Route::Wall(id) => html! { <WallPage {view} {id} /> },
        Route::NewPlan(machines) => html! { <NewPlanPage {view} {machines} /> },
        Route::Plan(id) => html! { <PlanPage {view} {id} /> },
        Route::PlanMachine(id, machine) => html! { <ExceptionPage {view} {id} {machine} /> },
        Route::PlanReview(id) => html! { <PlanReviewPage {view} {id} /> },
        Route::Unknown(_) => unknown(),
    })
}

/// The name of the page in the window's title.
pub fn title(state: &State) -> String {
    let vm = |item: &RegionalId| state.machine_name(item);
    let of = |text: &str, item: Option<String>| {
        item.map_or_else(|| text.to_owned(), |name| format!("{text}: {}", visible_name(&name)))
    };
    let item = state.route.item();
    let name = item.as_ref().and_then(vm);
    match &state.route {
        Route::Connect | Route::Demo => "Connect".to_owned(),
        Route::Vms { .. } => "Virtual machines".to_owned(),
        Route::Secondary { .. } => "Restore in the secondary region".to_owned(),
        Route::Points(_) => of("Recovery points", name),
        Route::Form(_) => of("Restore settings", name),
        Route::Review(_) => of("Review and start", name),
        Route::Files(_) => of("Recover files", name),
        Route::Linked(_) => "Restore from a link".to_owned(),
        Route::Restores(_) => "Restores".to_owned(),
        Route::Restore(id) => of("Restore", state.restore(id).map(|t| t.vm.clone())),
        Route::Jobs(..) => "Jobs".to_owned(),
        Route::Activity => "Activity".to_owned(),
        Route::Account => "Account".to_owned(),
        Route::Settings => "Settings".to_owned(),
        Route::NewPlan(_) => "New recovery plan".to_owned(),
        Route::PlanMachine(id, machine) => {
            let plan = state.plans.get(id).map(|record| &record.plan);
            of("Exception", plan.and_then(|plan| Some(plan.machine(machine)?.name.clone())))
        }
        Route::PlanReview(id) => of("Review recovery plan", state.plans.get(id).map(|record| record.plan.name.clone())),
        Route::Plan(id) | Route::Board(id, _) | Route::Wall(id) => {
            of("Recovery plan", state.plans.get(id).map(|record| record.plan.name.clone()))
        }
        Route::Unknown(_) => "Page not found".to_owned(),
    }
}

fn unknown() -> Html {
    let body = html! { <p><a href={Route::Connect.hash()}>{ "Go to the start" }</a>{ " or " }<a href={Route::restores().hash()}>{ "see your restores" }</a>{ "." }</p> };
    html! {
        <>
            { heading("Page not found", html! { "This link is broken or incomplete." }, Html::default()) }
            <section class="vmr-panel">{ empty("Nothing here", body) }</section>
        </>
    }
}

#[cfg(test)]
mod confirmation_tests;
#[cfg(test)]
mod damaged_storage_tests;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;
