//! The restores of this browser as a list that is searched, filtered, sorted and saved as CSV.

use time::OffsetDateTime;

use super::csv::csv;
use super::list_query::{ListColumn, ListQuery, STATE, Sort, by_number, by_text, heads, keys, sort_rows};
use super::state::State;
use crate::restore::incident::machine_time;
use crate::restore::outcome::OutcomeTone;
use crate::restore::run::RestoreRun;

/// The latest restore comes first.
pub const OWN_ORDER: Sort = Sort { column: "started", descending: true };

/// The columns.
pub const COLUMNS: [ListColumn<RestoreRun>; 6] = [
    ListColumn { key: "source", head: "Source", order: |run| by_text(&run.vm) },
    ListColumn {
        key: "target",
        head: "Target",
        order: |run| by_text(&run.target().map(|target| target.name).unwrap_or_default()),
    },
    ListColumn { key: "scenario", head: "Scenario", order: |run| by_text(run.what_is_restored()) },
    ListColumn {
        key: "state",
        head: "State",
        order: |run| Some((i128::try_from(state_of(run)).unwrap_or_default(), run.state_text())),
    },
    ListColumn { key: "started", head: "Started", order: |run| by_number(run.started.unix_timestamp_nanos()) },
    ListColumn {
        key: "ended",
        head: "Ended",
        // What still runs ends later than everything that has ended.
        order: |run| by_number(run.ended().map_or(i128::MAX, OffsetDateTime::unix_timestamp_nanos)),
    },
];
/// Their keys in an address.
pub const KEYS: [&str; COLUMNS.len()] = keys(&COLUMNS);
/// Their heads.
pub const HEADS: [&str; COLUMNS.len()] = heads(&COLUMNS, &[]);

/// The states by which restores are counted and filtered, in the order in which they ask for attention: key, name in a total, name of the filter.
pub const STATES: [(OutcomeTone, &str, &str, &str); 5] = [
    (OutcomeTone::Bad, "failed", "failed", "Failed"),
    (OutcomeTone::Attention, "attention", "needs attention", "Needs attention"),
    (OutcomeTone::Running, "running", "running", "Running"),
    (OutcomeTone::Good, "completed", "completed", "Completed"),
    (OutcomeTone::Neutral, "ended", "canceled or not started", "Canceled or not started"),
];

/// The place of a restore's state in [`STATES`].
fn state_of(run: &RestoreRun) -> usize {
    let tone = run.tone();
    STATES.iter().position(|(of, ..)| *of == tone).unwrap_or_default()
}

/// How many restores are in each of [`STATES`].
pub fn totals(restores: &[&RestoreRun]) -> [usize; STATES.len()] {
    let mut totals = [0; STATES.len()];
    for run in restores {
        totals[state_of(run)] += 1;
    }
    totals
}

/// `40: 36 completed · 3 running · 1 failed`.
pub fn totals_text(restores: &[&RestoreRun]) -> String {
    let mut counted: Vec<(usize, &str)> =
        totals(restores).into_iter().zip(STATES).map(|(count, (_, _, name, _))| (count, name)).collect();
    counted.retain(|(count, _)| *count > 0);
    counted.sort_by(|(a, _), (b, _)| b.cmp(a));
    let parts: Vec<String> = counted.into_iter().map(|(count, name)| format!("{count} {name}")).collect();
    format!("{}: {}", restores.len(), parts.join(" · "))
}

/// The restores that the query asks for, in its order.
pub fn find<'a>(restores: &[&'a RestoreRun], query: &ListQuery) -> Vec<&'a RestoreRun> {
    let mut found: Vec<&RestoreRun> = restores.to_vec();
    found.retain(|run| query.fits(STATE, STATES[state_of(run)].1));
    if !query.search.trim().is_empty() {
        found.retain(|run| query.finds(&searched(run)));
    }
    if let Some(sort) = query.sort {
        sort_rows(&mut found, |run| *run, &COLUMNS, sort);
    }
    found
}

/// What the search looks in.
fn searched(run: &RestoreRun) -> String {
    let target = run.target();
    let (name, group) = target.as_ref().map_or(("", ""), |of| (&of.name, of.group.as_deref().unwrap_or_default()));
    format!("{}\n{name}\n{group}\n{}", run.vm, run.vault.name()).to_lowercase()
}

impl State {
    /// The restores that the page of restores lists, as CSV.
    pub fn restores_csv(&self, query: &ListQuery) -> String {
        let shown: Vec<&RestoreRun> = self.shown_restores().collect();
        let head = [
            "Source VM",
            "Vault",
            "Secondary region",
            "Scenario",
            "Target",
            "Target kind",
            "Target resource group",
            "Recovery point (UTC)",
            "State",
            "Percent",
            "Started (UTC)",
            "Ended (UTC)",
            "Job ID",
            "Client request ID",
        ];
        let row = |run: &RestoreRun| {
            let (kind, target, group) = run.target().map(|of| (of.kind, of.name, of.group)).unwrap_or_default();
            vec![
                run.vm.clone(),
                run.vault.to_string(),
                run.secondary.as_ref().map(ToString::to_string).unwrap_or_default(),
                run.what_is_restored().to_owned(),
                target,
                kind.to_owned(),
                group.unwrap_or_default(),
                run.submitted.as_ref().map(|asked| machine_time(asked.point_time)).unwrap_or_default(),
                self.state_text(run),
                run.percent().map(|percent| percent.to_string()).unwrap_or_default(),
                machine_time(run.started),
                run.ended().map(machine_time).unwrap_or_default(),
                run.job_id().map(|job| job.as_str().to_owned()).unwrap_or_default(),
                run.id.to_string(),
            ]
        };
        csv(&head, find(&shown, query).into_iter().map(row))
    }
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::cloud::Cloud;
    use azure_backup::arm::fault::Fault;
    use azure_backup::arm::id::ClientRequestId;
    use time::{Duration, macros::datetime};

    use super::*;
    use crate::restore::plan::plan;
    use crate::restore::sample;
    use crate::restore::scenario::Scenario;
    use crate::restore::target::Target;

    const NOW: OffsetDateTime = datetime!(2026-11-29 02:10 UTC);

    fn run(nth: usize, scenario: Scenario, vm: &str) -> RestoreRun {
        let facts = sample::facts();
        let plan = plan(&facts, &sample::draft(scenario)).unwrap();
        let id = ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-{nth:012}")).unwrap();
        let started = NOW - Duration::minutes(i64::try_from(nth).unwrap());
        let mut run = RestoreRun::intent(&plan, &facts, &Cloud::public(), id, started);
        vm.clone_into(&mut run.vm);
        run
    }

    fn refused(mut run: RestoreRun) -> RestoreRun {
        let mut fault = Fault::reported("POST /restore", "UserErrorX", "The account is unsuitable.");
        fault.status = Some(400);
        let started = run.started;
        run.on_sending(NOW);
        run.on_trigger_response(Err(&fault), &Cloud::public(), NOW);
        run.note(NOW);
        RestoreRun { started, ..run }
    }

    fn names(restores: &[&RestoreRun], query: &ListQuery) -> Vec<String> {
        find(restores, query).into_iter().map(|run| run.vm.clone()).collect()
    }

    #[test]
    fn restores_are_counted_searched_filtered_and_sorted() {
        let all = [
            run(1, Scenario::AnotherVm, "web-01"),
            refused(run(2, Scenario::RestoreDisks, "sql-01")),
            run(3, Scenario::ReplaceDisks, "App-01"),
        ];
        let restores: Vec<&RestoreRun> = all.iter().collect();
        assert_eq!(totals_text(&restores), "3: 2 running · 1 failed");
        let every = ListQuery::default();
        assert_eq!(names(&restores, &every), ["web-01", "sql-01", "App-01"], "the list's own order");
        assert_eq!(names(&restores, &every.sorted_by("source", OWN_ORDER)), ["App-01", "sql-01", "web-01"]);
        assert_eq!(names(&restores, &every.sorted_by("started", OWN_ORDER)), ["App-01", "sql-01", "web-01"]);
        assert_eq!(names(&restores, &every.sorted_by("state", OWN_ORDER))[0], "sql-01", "what failed comes first");
        assert_eq!(names(&restores, &every.sorted_by("ended", OWN_ORDER))[0], "sql-01");
        assert_eq!(names(&restores, &every.toggled(STATE, "failed")), ["sql-01"]);
        assert_eq!(names(&restores, &every.searching("WEB-02".to_owned())), ["web-01"], "by the name of its target");
        assert_eq!(names(&restores, &every.searching("target".to_owned())), ["web-01", "sql-01"]);
    }

    #[test]
    fn a_target_is_told_for_each_scenario() {
        let target = |scenario| run(1, scenario, "web-01").target().unwrap();
        let text = |target: Target| format!("{}: {} {:?}", target.kind, target.name, target.group);
        assert_eq!(text(target(Scenario::AnotherVm)), "New VM: web-02 Some(\"target\")");
        assert_eq!(text(target(Scenario::RestoreDisks)), "Managed disks: target None");
        assert_eq!(text(target(Scenario::ReplaceDisks)), "In place: web-01 None");
    }

    #[test]
    fn the_csv_holds_the_rows_that_are_shown() {
        let mut state = State::new(NOW);
        state.restores =
            vec![run(1, Scenario::AnotherVm, "web-01"), refused(run(2, Scenario::AnotherVm, "sql-01"))].into();
        let all = state.restores_csv(&ListQuery::default());
        assert_eq!(all.lines().count(), 3, "{all}");
        let failed = state.restores_csv(&ListQuery::default().toggled(STATE, "failed"));
        assert!(failed.contains("\r\nsql-01,/subscriptions/") && !failed.contains("\r\nweb-01,"), "{failed}");
        assert!(failed.contains(",Rejected by Azure,,2026-11-29T02:08:00Z,2026-11-29T02:10:00Z,,"), "{failed}");
    }
}
