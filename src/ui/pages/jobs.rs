//! The jobs of a vault, whoever started them.

use std::cmp::Reverse;
use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::job::{Job, JobStatus};
use azure_backup::backup::vault::Vault;
use yew::prelude::*;

use super::PageContext;
use super::follow::state::whose;
use super::vms::vaults_select;
use crate::app::key::Key;
use crate::app::msg::Msg;
use crate::restore::effect_sentence::quoted;
use crate::restore::outcome::job_text;
use crate::restore::visible::visible_name;
use crate::ui::kit::badge::badge;
use crate::ui::kit::confirm::{Confirm, confirm};
use crate::ui::kit::each;
use crate::ui::kit::empty::{empty, loading, nothing};
use crate::ui::kit::heading::heading;
use crate::ui::kit::name::name;
use crate::ui::kit::table::{columns, more, row as table_row, table};
use crate::ui::kit::when::maybe_when;
use crate::ui::kit::{Tone, button, small_button};
use crate::ui::text;
use crate::ui::translatable::translatable;

/// The properties of [`JobsPage`].
#[derive(PartialEq, Properties)]
pub struct JobsPageProps {
    /// The state, and where messages go.
    pub view: PageContext,
    /// The vault whose jobs are shown.
    pub vault: Option<ArmId>,
}

/// The page.
#[component]
pub fn JobsPage(JobsPageProps { view, vault }: &JobsPageProps) -> Html {
    let vault = vault.as_ref();
    let catalog = &view.state.catalog;
    let vaults = view.state.subscription().and_then(|s| catalog.get::<[Rc<Vault>]>(&Key::Vaults(s)));
    let lead = "All backup and restore jobs in this vault, started by anyone.";
    translatable(html! {
        <>
            { heading("Backup jobs", html! { lead }, button("Refresh", "", view.on_click(Msg::Refresh))) }
            { view.faults() }
            <section class="vmr-panel">
                <div class="vmr-fields">{ vaults_select(view, vaults.as_deref(), vault, "Choose a vault") }</div>
                { content(view, vault) }
            </section>
        </>
    })
}

fn content(view: &PageContext, vault: Option<&ArmId>) -> Html {
    let Some(vault) = vault else {
        return empty("No vault selected", html! { <p>{ "Select a vault to see its jobs." }</p> });
    };
    let catalog = &view.state.catalog;
    // Jobs of the secondary region are in the same list: it is the same vault, and the question is the same.
    let (region, there_key) = view.state.secondary_jobs(vault).unzip();
    let there = there_key.as_ref().and_then(|key| catalog.get::<[Rc<Job>]>(key));
    let here = catalog.get::<[Rc<Job>]>(&Key::Jobs(vault.clone()));
    let mut jobs: Vec<(&Rc<Job>, Option<&Region>)> = Vec::new();
    for (of, region) in [(&here, None), (&there, region.as_ref())] {
        jobs.extend(of.iter().flat_map(|list| list.iter()).map(|job| (job, region)));
    }
    let keys: Vec<Key> = [Key::Jobs(vault.clone())].into_iter().chain(there_key).collect();
    let known = view.known(&keys);
    if jobs.is_empty() {
        let none = || empty("No jobs", html! { <p>{ "This vault has no jobs." }</p> });
        return nothing(known, view.progress("Loading jobs…"), none);
    }
    jobs.sort_by_key(|(job, _)| Reverse(job.start));
    let shown = view.state.view.rows.min(jobs.len());
    let names = columns(["Virtual machine", "Operation", "Status", "Started", "Duration", "Job ID", "Actions"]);
    let rows = jobs.iter().take(shown).map(|job| row(view, vault, *job));
    html! {
        <>
            if view.loading() { { loading(view.progress("Loading jobs…")) } }
            { table("Jobs", html! { known.count(jobs.len().to_string()) }, &names, true, html! { <>{ each(rows) }</> }) }
            { more(shown, jobs.len(), view.on_click(Msg::ShowMore)) }
        </>
    }
}

fn row(view: &PageContext, vault: &ArmId, (job, region): (&Rc<Job>, Option<&Region>)) -> Html {
    let entity = job.entity.clone().unwrap_or_else(|| "Unknown VM".to_owned());
    let follow = || {
        let follow = view.on_click(Msg::FollowJob(vault.clone(), region.cloned(), job.name.clone()));
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
    table_row(job.name.as_str(), name(&entity), cells)
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
