//! The jobs of a vault, whoever started them.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::job::{Job, JobStatus};
use azure_backup::backup::vault::Vault;
use time::OffsetDateTime;
use yew::prelude::*;

use super::PageContext;
use super::follow::state::whose;
use super::list_controls::ListControls;
use super::vault_select::{subscriptions, vaults_select};
use crate::app::job_list::{HEADS, KEYS, ListedJob, OWN_ORDER, TIMES, find, values};
use crate::app::key::Key;
use crate::app::list_query::ListQuery;
use crate::app::msg::Msg;
use crate::restore::effect_sentence::quoted;
use crate::restore::outcome::job_text;
use crate::restore::visible::visible_name;
use crate::ui::kit::badge::badge;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, nothing};
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::updated::updated;
use crate::ui::kit::virtual_rows::{LongTable, long_row};
use crate::ui::kit::when::maybe_when;
use crate::ui::kit::{Tone, small_button};
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`JobsPage`].
#[derive(PartialEq, Properties)]
pub struct JobsPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The vault whose jobs are shown.
    pub vault: Option<ArmId>,
    /// What is wanted of the list.
    pub query: ListQuery,
}

/// The page.
#[component]
pub fn JobsPage(JobsPageProps { view, vault, query }: &JobsPageProps) -> Html {
    let vault = vault.as_ref();
    let catalog = &view.state.catalog;
    let vaults = view.state.subscription().and_then(|s| catalog.get::<[Rc<Vault>]>(&Key::Vaults(s)));
    let lead = "All backup and restore jobs in this vault, started by anyone.";
    translatable(html! {
        <>
            { heading("Backup jobs", html! { lead }, updated(read_at(view, vault), view.loading(), view.state.now, view.on_click(Msg::Refresh))) }
            { view.faults() }
            <section class="vmr-panel">
                <div class="vmr-fields">{ subscriptions(view, view.state.subscription().as_ref()) }{ vaults_select(view, vaults.as_deref(), vault, "Choose a vault") }</div>
                { content(view, vault, query) }
            </section>
        </>
    })
}

/// The answers that the list of a vault's jobs is made of.
fn parts(view: &PageContext, vault: &ArmId) -> Vec<Key> {
    let there = view.state.secondary_jobs(vault).map(|(_, key)| key);
    [Key::Jobs(vault.clone())].into_iter().chain(there).collect()
}

/// Since when the list is as it is shown: the age of its oldest part.
fn read_at(view: &PageContext, vault: Option<&ArmId>) -> Option<OffsetDateTime> {
    parts(view, vault?).iter().filter_map(|key| view.state.catalog.entry(key)?.at).min()
}

fn content(view: &PageContext, vault: Option<&ArmId>, query: &ListQuery) -> Html {
    let Some(vault) = vault else {
        return empty("No vault selected", html! { <p>{ "Select a vault to see its jobs." }</p> });
    };
    let known = view.known(&parts(view, vault));
    let jobs = view.state.listed_jobs(vault);
    if jobs.is_empty() {
        let none = || empty("No jobs", html! { <p>{ "This vault has no jobs." }</p> });
        return nothing(known, view.progress("Loading jobs…"), none);
    }
    let controls = ListControls { query, own: OWN_ORDER, dispatch: &view.dispatch };
    let found = find(&jobs, query, view.state.now);
    let counted = |of: fn(&Job) -> String| {
        values(&jobs, of).into_iter().map(|(value, count)| (value.clone(), value, count)).collect()
    };
    let times: Vec<(&str, &str)> = TIMES.iter().map(|(value, label, _)| (*value, *label)).collect();
    let remark = if query.narrows() { format!("{} of {}", found.len(), jobs.len()) } else { jobs.len().to_string() };
    let (count, all) = (found.len(), jobs.len());
    let found: Rc<[ListedJob]> = found.into();
    let id = {
        let found = found.clone();
        Callback::from(move |at: usize| Some(found.get(at)?.0.name.as_str().to_owned()))
    };
    let row = {
        let (view, vault) = (view.clone(), vault.clone());
        Callback::from(move |at: usize| Some(row(&view, &vault, at, found.get(at)?)))
    };
    html! {
        <>
            <div class="vmr-filters">
                { controls.search("Search VMs and job IDs", all) }
                { controls.filter("operation", "Operation", counted(|job| job.operation.clone())) }
                { controls.filter("status", "Status", counted(|job| job_text(&job.status))) }
                { controls.filter_one("since", "Started", &times) }
                { controls.actions() }
            </div>
            { controls.announced(count, all, "jobs") }
            if count == 0 {
                { empty("No jobs match", html! { <p>{ "Change the search or the filters." }</p> }) }
            } else {
                <LongTable caption="Jobs" remark={html! { known.count(remark) }} heads={controls.heads(&KEYS, &HEADS)} {count} {id} {row} />
            }
        </>
    }
}

fn row(view: &PageContext, vault: &ArmId, at: usize, (job, region): &ListedJob) -> Html {
    let entity = job.entity.clone().unwrap_or_else(|| "Unknown VM".to_owned());
    let follow = || {
        let follow = view.on_click(Msg::FollowJob(vault.clone(), region.clone(), job.name.clone()));
        small_button("Track", format!("Track the restore of {}", visible_name(&entity)), follow)
    };
    let cancel = || cancel(view, vault, job, &entity);
    let cells = vec![
        html! { &job.operation },
        badge(tone(&job.status), job_text(&job.status)),
        maybe_when(job.start, view.state.now, "Unknown"),
        html! { job.duration.map_or_else(|| "Unknown".to_owned(), text::duration) },
        html! { <span class="vmr-id vmr-nowrap" translate="no">{ job.name.as_str().to_owned() }</span> },
        html! { <div class="vmr-row-actions">{ each(job.is_restore().then(follow)) }{ each(job.cancellable.then(cancel)) }</div> },
    ];
    long_row(&HEADS, job.name.as_str(), at, name(&entity), cells)
}

/// The button that cancels a job, whoever started it. The confirmation shows what distinguishes the job from others.
fn cancel(view: &PageContext, vault: &ArmId, job: &Job, entity: &str) -> Html {
    let name = job.name.as_str();
    let ours = view.state.restores.iter().find(|r| r.vault == *vault && r.job_id() == Some(&job.name));
    let at = || job.start.map_or_else(|| "at an unknown time".to_owned(), text::utc);
    let who = match ours {
        Some(ours) if view.state.shows(ours) => whose(view, ours),
        // The name of an account that has signed out is not shown to others.
        Some(_) => format!("started {} by another account in this browser", at()),
        None if job.user_triggered == Some(false) => format!("started {} by the backup policy's schedule", at()),
        None => format!("started {} by someone else or in another browser", at()),
    };
    let what = format!("{} of {}, {who}, in vault {}", quoted(&job.operation), quoted(entity), quoted(vault.name()));
    let after = if job.is_restore() { " Resources created so far are kept; delete them yourself." } else { "" };
    confirm(Confirm {
        id: format!("cancel-{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")).into(),
        label: "Cancel the job",
        in_row: Some(("Cancel…", format!("Cancel the job of {}", visible_name(entity)))),
        title: "Cancel the job?",
        text: format!("This stops the job {name}: {what}.{after}").into(),
        keep: "Keep running",
        on: view.on_confirmed_click(Msg::CancelJob(vault.clone(), job.name.clone())),
        ..Confirm::default()
    })
}

fn tone(status: &JobStatus) -> Tone {
    match status {
        JobStatus::InProgress | JobStatus::Cancelling => Tone::Busy,
        JobStatus::Completed => Tone::Good,
        JobStatus::CompletedWithWarnings => Tone::Warning,
        JobStatus::Failed => Tone::Bad,
        _ => Tone::Neutral,
    }
}
