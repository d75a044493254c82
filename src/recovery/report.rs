//! The report of a plan: for each machine the data lost (RPO), the time taken (RTO), what was created, and every id.

use azure_backup::backup::job::{Job, JobStatus};
use serde::Serialize;
use time::OffsetDateTime;

use super::plan::{Machine, Mode, RecoveryPlan};
use super::rehearsal;
use crate::restore::effect_sentence::plain;
use crate::restore::incident::{code, errors, machine_time};
use crate::restore::leftovers::Leftover;
use crate::restore::run::RestoreRun;

/// A plan and what has become of it. Absent values are unknown or have not happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The name of the plan.
    pub plan: String,
    /// Its id.
    pub plan_id: String,
    /// Why machines were restored.
    pub reason: String,
    /// Whether it was only tried.
    pub rehearsal: bool,
    /// What was confirmed about a rehearsal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The account that owns it.
    pub owner: String,
    /// The time limit for recovery points.
    pub recovery_points_at_or_before: Option<String>,
    /// When it was started.
    pub started: Option<String>,
    /// SHA-256 of the manifest that was confirmed.
    pub manifest_sha256: Option<String>,
    /// How many machines were restored.
    pub restored: usize,
    /// How long it took from the start until the last machine was restored, in seconds.
    pub rto_seconds: Option<i64>,
    /// Its machines.
    pub machines: Vec<Row>,
    /// What a rehearsal has made, as far as it was read: it is deleted with these commands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clean_up: Vec<Made>,
}

/// Something that a rehearsal has made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// The machine of the plan.
    pub machine: String,
    /// What it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its id, where it is a resource.
    pub id: Option<String>,
    /// The resource group or storage account that it is in.
    pub place: String,
    /// Its size in GiB, where Azure tells it.
    pub size_gb: Option<i64>,
    /// The command that deletes it; none where a shell could misread a name.
    pub command: Option<String>,
}

impl Made {
    /// From the list of the board.
    pub fn of((machine, left): &(String, Leftover)) -> Self {
        Self {
            machine: machine.clone(),
            kind: left.what.to_owned(),
            name: left.name.clone(),
            id: left.id.as_ref().map(ToString::to_string),
            place: left.place.clone(),
            size_gb: left.size_gb,
            command: left.command.clone(),
        }
    }
}

/// A machine of a report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// Its name.
    pub machine: String,
    /// The name of its group.
    pub group: String,
    /// What has become of it.
    pub state: String,
    /// What its restore does.
    pub effect: Option<String>,
    /// When its recovery point was taken.
    pub recovery_point_time: Option<String>,
    /// How long before the time limit, or before the start of the plan, in seconds: so much data is lost.
    pub rpo_seconds: Option<i64>,
    /// When the restore was triggered.
    pub triggered: Option<String>,
    /// When Azure began to work on it.
    pub accepted: Option<String>,
    /// When it was restored.
    pub restored: Option<String>,
    /// How long from the start of the plan until it was restored, in seconds.
    pub rto_seconds: Option<i64>,
    /// How long from the trigger until it was restored, in seconds.
    pub duration_seconds: Option<i64>,
    /// What was created: `name: value`.
    pub created: Vec<String>,
    /// What went wrong.
    pub errors: Vec<String>,
    /// Ids of Azure and of this page: `name: value`.
    pub ids: Vec<String>,
}

/// The columns of [`Report::rows`].
pub const COLUMNS: [&str; 13] = [
    "VM",
    "Group",
    "State",
    "Recovery point time",
    "RPO reached",
    "Triggered",
    "Accepted",
    "Restored",
    "RTO reached",
    "Duration",
    "Created",
    "Errors",
    "IDs",
];

/// The report of a plan that was started at a time; `restore` is the restore of a machine in it.
pub fn report<'a>(
    plan: &RecoveryPlan,
    started: Option<OffsetDateTime>,
    manifest: Option<&str>,
    restore: &dyn Fn(&Machine) -> Option<&'a RestoreRun>,
) -> Report {
    let mut last = None;
    let (mut machines, mut networks) = (Vec::new(), Vec::new());
    for (group, machine) in plan.machines() {
        let run = restore(machine);
        last = last.max(run.and_then(restored_at));
        let request = run.and_then(|run| Some(run.submitted.as_ref()?.text.read().ok()?.request.clone()));
        networks.extend(request.and_then(|request| request.virtual_network_id));
        machines.push(row(plan, &plan.groups[group].name, machine, started, run));
    }
    Report {
        plan: plan.name.clone(),
        plan_id: plan.id.as_str().to_owned(),
        reason: plan.reason.clone(),
        rehearsal: plan.mode == Mode::Rehearsal,
        notes: rehearsal::notes(plan, &networks),
        owner: plan.owner.to_string(),
        recovery_points_at_or_before: plan.point_rule.at_or_before.map(machine_time),
        started: started.map(machine_time),
        manifest_sha256: manifest.map(str::to_owned),
        restored: machines.iter().filter(|row| row.restored.is_some()).count(),
        rto_seconds: last.zip(started).map(|(last, started)| (last - started).whole_seconds()),
        machines,
        clean_up: Vec::new(),
    }
}

/// When a restore has put the machine back.
fn restored_at(run: &RestoreRun) -> Option<OffsetDateTime> {
    let is_restored = |job: &&Job| matches!(job.status, JobStatus::Completed | JobStatus::CompletedWithWarnings);
    run.job().filter(is_restored)?.end
}

fn row(
    plan: &RecoveryPlan,
    group: &str,
    machine: &Machine,
    started: Option<OffsetDateTime>,
    run: Option<&RestoreRun>,
) -> Row {
    let mut row = Row { machine: machine.name.clone(), group: group.to_owned(), ..Row::default() };
    let mut id = |name: &str, value: Option<&str>| row.ids.extend(value.map(|value| format!("{name}: {value}")));
    id("Protected item", Some(machine.item.as_str()));
    id("Secondary region", machine.secondary.as_ref().map(|region| region.as_str()));
    let Some(run) = run else {
        row.state = machine.skipped.as_ref().map_or_else(|| "Not started".to_owned(), |why| format!("Skipped: {why}"));
        return row;
    };
    let (asked, job) = (run.submitted.as_ref(), run.job());
    id("Recovery point", asked.map(|asked| asked.point.as_str()));
    id("Client request ID", Some(run.id.as_str()));
    id("Job", run.job_id().map(|job| job.as_str()));
    id("Job activity ID", job.and_then(|job| job.activity_id.as_deref()));
    id("Request body SHA-256", asked.map(|asked| asked.sha256.as_str()));
    for (name, value) in &run.support_ids {
        id(name, Some(value));
    }
    let lost_from = plan.point_rule.at_or_before.or(started);
    let restored = restored_at(run);
    let seconds = |from: Option<OffsetDateTime>, to: Option<OffsetDateTime>| {
        from.zip(to).map(|(from, to)| (to - from).whole_seconds())
    };
    row.state = run.state_text();
    row.effect = asked.map(|_| plain(&run.effect_sentence()));
    row.recovery_point_time = asked.map(|asked| machine_time(asked.point_time));
    row.rpo_seconds = seconds(asked.map(|asked| asked.point_time), lost_from);
    row.triggered = Some(machine_time(run.started));
    row.accepted = job.and_then(|job| job.start).map(machine_time);
    row.restored = restored.map(machine_time);
    row.rto_seconds = seconds(started, restored);
    row.duration_seconds = seconds(Some(run.started), restored);
    row.created = run.created().into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    row.errors = errors(run);
    row
}

/// `03:22:00`; with a minus for a time after the one it is measured from.
fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let all = seconds.unsigned_abs();
    format!("{sign}{:02}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60)
}

impl Report {
    /// A row of texts for each machine, as [`COLUMNS`] names them.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let time = |at: &Option<String>| at.clone().unwrap_or_default();
        let span = |seconds: Option<i64>| seconds.map(clock).unwrap_or_default();
        let texts = |row: &Row| {
            vec![
                row.machine.clone(),
                row.group.clone(),
                row.state.clone(),
                time(&row.recovery_point_time),
                span(row.rpo_seconds),
                time(&row.triggered),
                time(&row.accepted),
                time(&row.restored),
                span(row.rto_seconds),
                span(row.duration_seconds),
                row.created.join("; "),
                row.errors.join("; "),
                row.ids.join("; "),
            ]
        };
        self.machines.iter().map(texts).collect()
    }

    /// The report as JSON.
    pub fn json(&self) -> String {
        // A struct of texts and numbers can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The report as Markdown: a list about the plan, a table of its machines, and a section with the ids of each. Names are written as code.
    pub fn markdown(&self) -> String {
        let title = if self.rehearsal { "Rehearsal" } else { "Recovery" };
        let all = self.machines.len();
        let mut text = format!("# {title}\n\n");
        let facts = [
            ("Plan", Some(self.plan.clone())),
            ("Plan ID", Some(self.plan_id.clone())),
            ("Reason", Some(self.reason.clone()).filter(|reason| !reason.is_empty())),
            ("Owner", Some(self.owner.clone())),
            ("Recovery points at or before", self.recovery_points_at_or_before.clone()),
            ("Started", self.started.clone()),
            ("Restored", Some(format!("{} of {all}", self.restored))),
            ("RTO reached", self.rto_seconds.map(clock)),
            ("Manifest SHA-256", self.manifest_sha256.clone()),
        ];
        for (name, value) in facts {
            text += &value.map(|value| format!("* {name}: {}\n", code(&value))).unwrap_or_default();
        }
        text += &self.notes.iter().map(|note| format!("* {}\n", code(note))).collect::<String>();
        // The last three columns have a section for each machine.
        let columns = COLUMNS.len() - 3;
        text += &format!("\n| {} |\n|{}\n", COLUMNS[..columns].join(" | "), " --- |".repeat(columns));
        for row in self.rows() {
            let cells: Vec<String> = row[..columns].iter().map(|cell| self::cell(cell)).collect();
            text += &format!("| {} |\n", cells.join(" | "));
        }
        for row in &self.machines {
            text += &format!("\n## {}\n\n", code(&row.machine));
            text += &row.effect.iter().map(|effect| format!("* {}\n", code(effect))).collect::<String>();
            for line in row.created.iter().chain(&row.errors).chain(&row.ids) {
                text += &format!("* {}\n", code(line));
            }
        }
        text + &self.clean_up_markdown()
    }

    fn clean_up_markdown(&self) -> String {
        if self.clean_up.is_empty() {
            return String::new();
        }
        let mut text = "\n## Clean up\n\n| VM | Kind | Name | ID | Where | Size |\n|".to_owned();
        text += &" --- |".repeat(6);
        text.push('\n');
        for made in &self.clean_up {
            let size = made.size_gb.map(|size| format!("{size} GiB")).unwrap_or_default();
            let id = made.id.as_deref().unwrap_or_default();
            let cells = [&made.machine, &made.kind, &made.name, id, &made.place, &size].map(cell);
            text += &format!("| {} |\n", cells.join(" | "));
        }
        let commands: Vec<&str> = self.clean_up.iter().filter_map(|made| made.command.as_deref()).collect();
        // A command has letters, digits and few marks only, so none ends the block.
        if commands.is_empty() { text } else { format!("{text}\n```\n{}\n```\n", commands.join("\n")) }
    }
}

/// A cell of a table; an empty one stays empty. A bar would end the cell, even in code.
fn cell(text: &str) -> String {
    if text.is_empty() { String::new() } else { code(&text.replace('|', "⟨U+007C⟩")) }
}

#[cfg(test)]
mod tests;
