use std::rc::Rc;

use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::id::{ClientRequestId, JobId};
use azure_backup::backup::job::{JobEndpoint, JobError};
use comrak::nodes::NodeValue;
use time::Duration;

use super::*;
use crate::recovery::expansion::expand;
use crate::recovery::sample::{World, plan, world};

fn at(minutes: i64) -> OffsetDateTime {
    // Four hours after the recovery point of the sample.
    crate::restore::sample::facts().point.time + Duration::hours(4) + Duration::minutes(minutes)
}

/// The restore of the machine at `index`, which was triggered after some minutes, with a job of this status that ended later.
fn run(of: &RecoveryPlan, world: &World, index: usize, triggered: i64, status: JobStatus, ended: i64) -> RestoreRun {
    let machines = expand(of, world);
    let ready = machines[index].ready().unwrap();
    let id = ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-70867728950{index}")).unwrap();
    let mut run = RestoreRun::intent(&ready.plan, &ready.facts, &Cloud::public(), id.clone(), at(triggered));
    let name = JobId::parse("7c9e6679-7425-40de-944b-e07fc1f90ae7").unwrap();
    let job_id = ready.plan.vault.child("backupJobs", name.as_str());
    let mut job = Job::new(job_id, name, "Restore", status);
    (job.start, job.end) = (Some(at(triggered + 1)), Some(at(ended)));
    job.activity_id = Some(id.as_str().to_owned());
    job.properties = vec![("Target VM Name".to_owned(), "a|clean".to_owned())];
    if job.status == JobStatus::Failed {
        let mut error = JobError::new(Some(1));
        error.title = Some("Out of quota".to_owned());
        job.errors = vec![error];
    }
    let source = JobEndpoint { vault: ready.plan.vault.clone(), location: None, version: ready.plan.version.clone() };
    let followed = RestoreRun::of_job(&Rc::new(job), &source, None, &Cloud::public(), id, at(ended));
    run.stage = followed.stage;
    run
}

/// A plan of four: one restored, one failed, one left out, one not started.
fn told() -> Report {
    let names = ["a", "b", "c", "d"];
    let (mut of, world) = (plan(&names), world(&names));
    of.point_rule.at_or_before = Some(at(-30));
    let runs = [run(&of, &world, 0, 2, JobStatus::Completed, 40), run(&of, &world, 1, 3, JobStatus::Failed, 50)];
    of.groups[0].machines[2].skipped = Some("not needed".to_owned());
    let of_machine = |machine: &Machine| runs.get(names.iter().position(|name| *name == machine.name)?);
    report(&of, Some(at(0)), Some("9ab1"), &of_machine)
}

#[test]
fn a_report_tells_what_was_lost_and_how_long_it_took() {
    let told = told();
    let states: Vec<&str> = told.machines.iter().map(|row| row.state.as_str()).collect();
    assert_eq!(states, ["Completed", "Failed", "Skipped: not needed", "Not started"]);
    let restored = &told.machines[0];
    // The time limit was three and a half hours after the recovery point.
    assert_eq!((restored.rpo_seconds, restored.rto_seconds), (Some(12_600), Some(2400)));
    assert_eq!(
        (restored.duration_seconds, &restored.created),
        (Some(2280), &vec!["Target VM Name: a|clean".to_owned()])
    );
    assert_eq!(restored.accepted, Some(machine_time(at(3))));
    let failed = &told.machines[1];
    assert_eq!((&failed.restored, failed.rto_seconds, failed.duration_seconds), (&None, None, None));
    assert!(failed.errors[0].contains("Out of quota"));
    assert_eq!((told.restored, told.rto_seconds), (1, Some(2400)));
    let ids = restored.ids.join("\n");
    for name in [
        "Protected item: ",
        "Recovery point: ",
        "Client request ID: ",
        "Job: ",
        "Job activity ID: ",
        "Request body SHA-256: ",
    ] {
        assert!(ids.contains(name), "{name}: {ids}");
    }
}

#[test]
fn without_a_time_limit_the_start_is_what_data_is_lost_before() {
    let names = ["a"];
    let (of, world) = (plan(&names), world(&names));
    let run = run(&of, &world, 0, 0, JobStatus::Completed, 5);
    let told = report(&of, Some(at(0)), None, &|_| Some(&run));
    assert_eq!(told.machines[0].rpo_seconds, Some(14_400));
    let told = report(&of, None, None, &|_| Some(&run));
    assert_eq!((told.machines[0].rpo_seconds, told.rto_seconds), (None, None), "it is not known");
}

#[test]
fn rows_are_as_the_columns_name_them() {
    let rows = told().rows();
    assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
    assert_eq!((rows[0][4].as_str(), rows[0][8].as_str(), rows[3][8].as_str()), ("03:30:00", "00:40:00", ""));
    assert_eq!([clock(-61), clock(0), clock(360_000)], ["-00:01:01", "00:00:00", "100:00:00"]);
}

#[test]
fn json_holds_what_is_known_and_null_for_the_rest() {
    let value: serde_json::Value = serde_json::from_str(&told().json()).unwrap();
    assert_eq!(value["machines"][0]["rtoSeconds"], 2400);
    assert!(value["machines"][3]["triggered"].is_null());
    assert_eq!(value["manifestSha256"], "9ab1");
}

#[test]
fn markdown_is_a_table_in_which_no_name_forges_anything() {
    let mut told = told();
    told.plan = "# Forged\n| x |".to_owned();
    told.machines[0].machine = "a | b ` c\n| d".to_owned();
    let text = told.markdown();
    assert!(text.starts_with("# Recovery\n\n* Plan: ` # Forged | x | `\n"), "{text}");
    let mut options = comrak::Options::default();
    (options.extension.table, options.extension.autolink) = (true, true);
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, &text, &options);
    let count = |is: &dyn Fn(&NodeValue) -> bool| root.descendants().filter(|node| is(&node.data().value)).count();
    assert_eq!(count(&|node| matches!(node, NodeValue::Table(_))), 1);
    assert_eq!(count(&|node| matches!(node, NodeValue::TableRow(_))), 5);
    assert_eq!(count(&|node| matches!(node, NodeValue::TableCell)), 50);
    assert_eq!(count(&|node| matches!(node, NodeValue::Heading(_))), 5);
    assert_eq!(
        count(&|node| matches!(node, NodeValue::Link(_) | NodeValue::HtmlBlock(_) | NodeValue::HtmlInline(_))),
        0
    );
}
