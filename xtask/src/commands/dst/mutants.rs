//! Bugs planted one at a time in a copy of the sources: a simulation that finds none of them would prove nothing.

use std::{fs, path::Path, process::Command};

use crate::{failure::Failure, output, process, workspace};

/// What it is, and what is planted for it.
type Mutant = (&'static str, &'static [Edit]);
/// Where, what stands there, what is planted.
type Edit = (&'static str, &'static str, &'static str);

/// So many seeds are played to find each.
const SEEDS: &str = "10000";

const MUTANTS: &[Mutant] = &[
    (
        "lets a request be sent again whose answer was lost",
        &[(
            "src/restore/run.rs",
            "Sent::Maybe => Stage::Unknown { fault: Some(fault), search: Search::new(now) },",
            "Sent::Maybe => Stage::NotSent { fault: Some(fault), search: None },",
        )],
    ),
    (
        "takes a request that was under way at a reload for one that never left",
        &[(
            "src/restore/run/sending.rs",
            "Stage::Sending => self.stage = Stage::Unknown { fault: None, search: Search::new(now) },",
            "Stage::Sending => self.mark_not_sent(None),",
        )],
    ),
    (
        "takes a gateway's error for a refusal",
        &[(
            "src/restore/run.rs",
            "Sent::Yes if fault.outcome_unknown() =>",
            "Sent::Yes if fault.outcome_unknown() && fault.status.is_none() =>",
        )],
    ),
    (
        "gives up the search for the job at the first look",
        &[(
            "src/restore/run/job_search.rs",
            "if (search.looks as usize) < SEARCH_WAITS.len() || now - begun.max(search.since) < SEARCH_PATIENCE {",
            "if now < begun {",
        )],
    ),
    (
        "saves the record after its request has left",
        &[(
            "src/app/update/start.rs",
            "let step = LaunchStep::SavingAsSending(self.next_save(), outgoing);",
            "self.send_trigger(&id, outgoing.clone());\n            let step = LaunchStep::SavingAsSending(self.next_save(), outgoing);",
        )],
    ),
    (
        "sends a prepared restore when it cannot be saved as being sent",
        &[(
            "src/app/update/start.rs",
            "(LaunchStep::SavingAsSending(..), Err(why)) => self.sending_not_saved(id, &why),",
            "(LaunchStep::SavingAsSending(_, outgoing), Err(_)) => self.send_trigger(id, outgoing),",
        )],
    ),
    (
        "starts another restore at a second click",
        &[("src/app/update/start.rs", "            || self.state.already_running(&plan).is_some()\n", "")],
    ),
    (
        "sends what was computed at the click",
        &[("src/app/update/start.rs", "if plan.sha256 != sha256 {", "if sha256.is_empty() {")],
    ),
    (
        "follows in every tab",
        &[(
            "src/app/state.rs",
            "() if !self.leading && !self.launches.is_active(&restore.id) => Some(NotFollowed::OtherTab),",
            "() if false => Some(NotFollowed::OtherTab),",
        )],
    ),
    (
        "believes its own refusal although another tab has sent it again",
        &[(
            "src/app/update/tab_reports.rs",
            "if mine.can_be_sent() && !theirs.can_be_sent() {",
            "if false && mine.can_be_sent() && !theirs.can_be_sent() {",
        )],
    ),
    (
        "ignores Retry-After",
        &[(
            "crates/azure-backup/src/arm/quota.rs",
            "self.closed_until = self.closed_until(now).max(Some(until));",
            "self.closed_until = self.closed_until(now).max(Some(until)).filter(|_| false);",
        )],
    ),
    (
        // Either of the two alone keeps the promise.
        "reads every three seconds and counts nothing",
        &[
            (
                "crates/azure-backup/src/arm/timing.rs",
                "pub const JOB_POLL_INTERVAL: Duration = Duration::seconds(30);",
                "pub const JOB_POLL_INTERVAL: Duration = Duration::seconds(3);",
            ),
            (
                "crates/azure-backup/src/arm/quota.rs",
                "u32::try_from(self.spent.iter().filter(|at| recent(**at, now)).count()).unwrap_or(u32::MAX)",
                "u32::try_from(self.spent.iter().take(0).count()).unwrap_or(u32::MAX)",
            ),
        ],
    ),
    (
        "takes any job for its own",
        &[("src/restore/run/job_search.rs", "a.eq_ignore_ascii_case(self.id.as_str())", "!a.is_empty()")],
    ),
    (
        "believes that a job is over which still runs",
        &[(
            "crates/azure-backup/src/backup/job_tracker.rs",
            "                if !job.status.is_running() {\n                    self.ending",
            "                if !job.status.is_running() || job.percent > Some(50) {\n                    self.ending",
        )],
    ),
    (
        "takes a list that cannot be read for one that lacks the job",
        &[(
            "src/restore/run/job_search.rs",
            "(Stage::Job { tracker, .. }, Err(fault)) => tracker.on_list_error(fault, now),",
            "(Stage::Job { tracker, .. }, Err(fault)) => {\n                let call = tracker.call();\n                tracker.on_response(&call, Err(fault), now);\n            }",
        )],
    ),
    (
        "forgets the records when it is opened anew",
        &[(
            "src/app/update/connect.rs",
            "for record in &remembered.restores {",
            "for record in remembered.restores.iter().filter(|_| false) {",
        )],
    ),
    (
        "sends what a record asks for that nobody has clicked on",
        &[(
            "src/app/update/start.rs",
            "            self.state.probes.remove(id);\n            self.with_restore(id, RestoreRun::on_sender_gone);",
            "            self.with_restore_unsaved(id, RestoreRun::on_sender_gone);\n            let confirmed = self.state.restore(id).filter(|r| r.can_be_sent()).and_then(ConfirmedRequest::of);\n            if let Some(confirmed) = confirmed {\n                let identity = self.state.identity();\n                let launch = Launch { identity, confirmed, saved_first: true, new: false, step: LaunchStep::Claiming };\n                self.state.launches.insert(id.clone(), launch);\n                self.on_claimed(id, true);\n            }",
        )],
    ),
    (
        "sends one account's restore with the token of the next",
        &[
            (
                "src/app/update/start.rs",
                "let same = self.state.connected() && launch.identity == self.state.identity();",
                "let same = self.state.connected();",
            ),
            ("src/app/update/connect.rs", "        self.cancel_launches_of_others();\n", ""),
        ],
    ),
    (
        "follows the restores of every account",
        &[(
            "src/app/identity.rs",
            "self.owns(restore) || restore.owner.is_unknown() && restore.cloud == self.cloud_name()",
            "restore.cloud == self.cloud_name()",
        )],
    ),
    (
        "sends a record that another tab is sending",
        &[(
            "src/app/update/resend_check.rs",
            "if !held {\n            return self.on_sent_elsewhere(id);",
            "if false {\n            return self.on_sent_elsewhere(id);",
        )],
    ),
    (
        "starts the restores of a plan that another tab tells",
        &[(
            "src/app/plans.rs",
            "self.running_plans.iter().any(|running| running.plan == *id && running.step == RunStep::Running)",
            "self.plans.get(id).is_some_and(|record| record.has_more_to_start()) && id.as_str() != \"\"",
        )],
    ),
    (
        "lets a request of a halted plan leave that was prepared before",
        &[(
            "src/app/update/plans/run.rs",
            "            self.withdraw_launch(&restore);\n",
            "            drop(restore);\n",
        )],
    ),
    (
        "runs a plan in a tab that has not the right to",
        &[(
            "src/app/update/plans.rs",
            "        if !held {\n            self.state.running_plans.remove(at);",
            "        if !held && claim == Claim::Probe {\n            self.state.running_plans.remove(at);",
        )],
    ),
    (
        "goes on with a plan whose tab was closed",
        &[("src/app/update/plans.rs", "            self.halt_plan(&id, HaltReason::TabClosed);\n", "")],
    ),
    (
        "starts a plan of other requests than those on the screen",
        &[(
            "src/app/update/plans.rs",
            "        if !present.eq(shown.iter().cloned()) {",
            "        if present.count() == 0 {",
        )],
    ),
    (
        "starts a machine of a plan beside another restore of it",
        &[("src/app/update/plans/run.rs", " && !busy.contains(machine);", ";")],
    ),
    (
        "starts a machine of a plan again whose answer was lost",
        &[(
            "src/app/update/plans/run.rs",
            "Stage::Intent | Stage::Preparing { .. } | Stage::Sending | Stage::Unknown { .. } => vec![Event::SentAfterAll],",
            "Stage::Unknown { .. } => vec![Event::Throttled { until: None }],\n        Stage::Intent | Stage::Preparing { .. } | Stage::Sending => vec![Event::SentAfterAll],",
        )],
    ),
    (
        "starts a group of a plan before the one before is restored",
        &[(
            "src/recovery/execution/mod.rs",
            "            Advance::WhenRestored => done == all.count(),",
            "            Advance::WhenRestored => all.count() >= done,",
        )],
    ),
    (
        "ignores how many restores of a vault a plan may run",
        &[(
            "src/recovery/execution/mod.rs",
            "if !pace.has_room() || !vault.has_room()",
            "if pace.in_the_air > 9 || vault.in_the_air > 9",
        )],
    ),
    (
        "starts a machine of a plan again that has failed",
        &[(
            "src/recovery/execution/commands.rs",
            "|ending| ending == Ending::NeverLeft",
            "|ending| ending.is_retried_with_others()",
        )],
    ),
    (
        "takes a restore of a plan that failed for one that restored its machine",
        &[(
            "src/app/update/plans/run.rs",
            "                _ => Ending::Failed,",
            "                _ => Ending::Restored,",
        )],
    ),
    (
        "loses sight of a restore of a plan that ended while another tab led",
        &[(
            "src/app/update/plans/run.rs",
            "self.state.runs_plan(id) || self.state.leading && !starts",
            "self.state.runs_plan(id)",
        )],
    ),
    (
        "goes on with a plan during the pause that Azure has asked for",
        &[(
            "src/recovery/execution/mod.rs",
            "let waits = [pace.not_before, vault.not_before, rate.not_before()]",
            "let waits = [rate.not_before()]",
        )],
    ),
    (
        "goes on with a plan in a vault that has reached its limit of the day",
        &[("src/recovery/execution/mod.rs", "\n            && self.vaults[machine.vault].daily_limit.is_none()", "")],
    ),
    (
        "starts several machines of a plan before Azure has accepted one",
        &[(
            "src/recovery/execution/pace.rs",
            "Self { window: 1, not_before: now }",
            "Self { window: 9, not_before: now }",
        )],
    ),
    (
        "starts machines of a plan that is halted",
        &[("src/recovery/execution/mod.rs", "if self.halted.is_some() {", "if self.machines.is_empty() {")],
    ),
    (
        "starts a machine of a plan that was left out",
        &[(
            "src/recovery/execution/commands.rs",
            "machine.progress = Progress::Skipped { at: now };",
            "machine.progress = Progress::Waiting;",
        )],
    ),
    (
        "restores a machine of a plan once more that is restored",
        &[(
            "src/recovery/execution/machine.rs",
            "Self::Ended { ending, .. } => !matches!(ending, Ending::Restored),",
            "Self::Ended { ending, .. } => !matches!(ending, Ending::Canceled),",
        )],
    ),
];

/// A planted bug and what became of it.
pub(super) struct Planted {
    pub(super) what: &'static str,
    /// The seed that found it and how; none = not found.
    pub(super) found: Option<String>,
}

/// Plants each bug whose name holds `words`, and plays until it is found.
pub(super) fn run(words: &str) -> Result<Vec<Planted>, Failure> {
    let chosen: Vec<&Mutant> = MUTANTS.iter().filter(|(what, _)| what.contains(words)).collect();
    if chosen.is_empty() {
        return Err(Failure::Usage(format!("No planted bug is named “{words}”.")));
    }
    let tree = workspace::scratch().join("mutants");
    fs::create_dir_all(&tree).map_err(Failure::io("Making room for the copy"))?;
    copy(&tree)?;
    let mut planted = Vec::new();
    for (what, edits) in chosen {
        output::step(&format!("Planting: {what}."));
        let mut before = Vec::new();
        for (file, from, to) in *edits {
            let path = tree.join(file);
            let reading = || Failure::io(format!("Planting in {file}"));
            let text = fs::read_to_string(&path).map_err(reading())?;
            if text.matches(from).count() != 1 {
                return Err(Failure::FellShort(format!(
                    "“{what}” cannot be planted: {file} does not hold its place once."
                )));
            }
            fs::write(&path, text.replacen(from, to, 1)).map_err(reading())?;
            before.push((path, text));
        }
        let found = played(&tree);
        for (path, text) in before {
            fs::write(&path, text).map_err(Failure::io("Taking out what was planted"))?;
        }
        planted.push(Planted { what, found: found? });
    }
    Ok(planted)
}

/// A copy of what is needed to build the simulation. Files that have not changed keep their times, so that little is built anew.
fn copy(tree: &Path) -> Result<(), Failure> {
    let root = workspace::root();
    for part in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "clippy.toml", "src", "crates", "tests", "xtask"] {
        copy_all(&root.join(part), &tree.join(part))?;
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path) -> Result<(), Failure> {
    let reading = || Failure::io(format!("Copying {}", from.display()));
    if from.is_dir() {
        fs::create_dir_all(to).map_err(reading())?;
        for entry in fs::read_dir(from).map_err(reading())? {
            let entry = entry.map_err(reading())?;
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
        return Ok(());
    }
    let text = fs::read(from).map_err(reading())?;
    if fs::read(to).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(to, text).map_err(reading())
}

fn played(tree: &Path) -> Result<Option<String>, Failure> {
    let target = workspace::scratch().join("mutants-target");
    let mut cargo = process::command("cargo");
    cargo.current_dir(tree).env("CARGO_TARGET_DIR", &target).env("RUSTFLAGS", "-Awarnings");
    process::run(cargo.args(["build", "--quiet", "--profile", "dst", "--package", "dst"]), "Building a planted bug")?;
    let mut command = Command::new(target.join("dst").join("dst"));
    command.args(["--seeds", SEEDS, "--first"]).current_dir(tree);
    let output = command.output().map_err(|error| process::start(&command, error))?;
    let words = String::from_utf8_lossy(&output.stderr);
    let line = words.lines().find(|line| line.starts_with("seed "));
    Ok(line.filter(|_| !output.status.success()).map(str::to_owned))
}

/// The results, as a table.
pub(super) fn table(planted: &[Planted]) -> String {
    let mut lines = vec!["| planted bug | found by |".to_owned(), "|---|---|".to_owned()];
    for Planted { what, found } in planted {
        let found = found.as_deref().unwrap_or("**not found**").replace('|', "/");
        lines.push(format!("| {what} | {found} |"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Otherwise the command notices only when it is run, which takes an hour.
    #[test]
    fn every_bug_can_be_planted() {
        for (what, edits) in MUTANTS {
            for (file, from, to) in *edits {
                let text = fs::read_to_string(workspace::root().join(file)).unwrap_or_default();
                assert_eq!(text.matches(from).count(), 1, "{what}: {file} holds “{from}” once");
                assert_ne!(from, to, "{what}");
            }
        }
    }
}
