//! Restores of another browser: imported from a file, or found in the vault's list.

use std::rc::Rc;

use azure_backup::arm::id::ArmId;
use azure_backup::backup::job::Job;
use serde_json::Value;
use time::Duration;
use vm_restore::app::effect::Effect;
use vm_restore::app::env::Env;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{ExportFormat, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::update::update;
use vm_restore::restore::run::{JobMatch, Stage};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, choose, open, open_secondary, page, review_disks, start};
use crate::page::Page;

/// Another browser, connected to the same Azure at the same time.
fn another(first: &Page) -> Page {
    let mut page = Page::open(first.simulator.clone(), begin());
    page.now = first.now;
    page
}

fn ended(page: &mut Page) {
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
}

/// The restore jobs that the page of the vault's jobs shows.
fn listed(page: &mut Page, vault: &ArmId) -> Vec<Rc<Job>> {
    page.say(Msg::Go(Route::jobs(Some(vault.clone()))));
    let there = page.state.secondary_jobs(vault).map(|(_, key)| key);
    let keys = std::iter::once(Key::Jobs(vault.clone())).chain(there);
    let jobs: Vec<Rc<Job>> =
        keys.filter_map(|key| page.state.catalog.get::<[Rc<Job>]>(&key)).flat_map(|jobs| jobs.to_vec()).collect();
    jobs.into_iter().filter(|job| job.is_restore()).collect()
}

#[test]
fn a_job_of_another_device_is_followed_to_its_end() {
    let mut first = page();
    start(&mut first, "web-01", Scenario::RestoreDisks);
    first.wait_until(Duration::minutes(5), |s| s.restores[0].job_id().is_some());
    let (vault, job) = (first.restore().vault.clone(), first.restore().job_id().unwrap().clone());
    let mut second = another(&first);
    open(&mut second, "web-01");
    assert!(listed(&mut second, &vault).iter().any(|j| j.name == job));
    second.say(Msg::FollowJob(vault.clone(), None, job.clone()));
    assert_eq!(second.state.route, Route::Restore(first.restore_id()), "the activity of the job is the request's id");
    assert!(second.restore().submitted.is_none() && second.restore().is_running());
    second.reload();
    ended(&mut second);
    assert_eq!((second.restore().state_text().as_str(), second.clicks_sent()), ("Completed", 0));
    assert_eq!(second.restore().what_is_restored(), Scenario::RestoreDisks.title(), "by the job's own account");
    assert!(!second.restore().created().iter().any(|(name, _)| name == "Target VM Name"), "a placeholder");
    // Once more: it is the same one.
    listed(&mut second, &vault);
    second.say(Msg::FollowJob(vault, None, job));
    assert_eq!(second.state.restores.len(), 1);
    second.say(Msg::Record(None, ExportFormat::Json));
    let record: Value = serde_json::from_str(second.files.last().unwrap()).unwrap();
    assert_eq!(
        (&record[0]["State"], record[0].get("Request body").and_then(|b| b.as_array()).map(Vec::len)),
        (&"Completed".into(), Some(0))
    );
}

#[test]
fn a_job_of_the_secondary_region_is_followed_there() {
    let mut first = page();
    let point = open_secondary(&mut first, "contoso-vault-neu", "erp-01");
    choose(&mut first, &point, Scenario::RestoreDisks);
    first.start_restore();
    first.wait_until(Duration::minutes(5), |s| s.restores[0].job_id().is_some());
    let (vault, job) = (first.restore().vault.clone(), first.restore().job_id().unwrap().clone());
    let mut second = another(&first);
    open_secondary(&mut second, "contoso-vault-neu", "erp-01");
    assert!(listed(&mut second, &vault).iter().any(|j| j.name == job));
    second.say(Msg::FollowJob(vault, first.restore().secondary.clone(), job));
    ended(&mut second);
    assert_eq!((second.restore().state_text().as_str(), second.clicks_sent()), ("Completed", 0));
}

#[test]
fn a_restore_that_was_given_up_takes_the_job_that_the_operator_names() {
    let mut first = page();
    start(&mut first, "web-01", Scenario::RestoreDisks);
    first.wait_until(Duration::minutes(5), |s| s.restores[0].job_id().is_some());
    let (vault, job) = (first.restore().vault.clone(), first.restore().job_id().unwrap().clone());
    // A record of the same request that claims that it was not sent.
    let mut saved: Value = serde_json::from_str(&first.list()).unwrap();
    saved["restores"][0]["stage"] = serde_json::json!({"notSent": {"fault": null, "search": null}});
    first.plant(&saved.to_string());
    first.reload();
    assert_eq!(first.restore().state_text(), "Not started");
    listed(&mut first, &vault);
    first.say(Msg::FollowJob(vault, None, job));
    assert!(matches!(first.restore().stage, Stage::Job { found: JobMatch::List, .. }));
    ended(&mut first);
    assert_eq!((first.restore().state_text().as_str(), first.state.restores.len()), ("Completed", 1));
}

#[test]
fn a_file_takes_the_restores_to_another_browser_at_any_moment_and_sends_nothing() {
    for secondary in [false, true] {
        let mut first = page();
        review_disks(&mut first, secondary);
        first.hear(first.click(false));
        let mut taken = 0;
        while first.step() || first.state.restores.first().is_some_and(|r| r.is_running()) && first.rest() {
            let Some(stage) = first.state.restores.first().map(|r| std::mem::discriminant(&r.stage)) else { continue };
            let env = Env::new(first.now, "0f8fad5b-d9cb-469f-a165-70867728950e");
            let effects = update(&mut first.fork().state, env, Msg::ExportRestores);
            let file = effects.into_iter().find_map(|effect| match effect {
                Effect::Download { text, .. } => Some(text),
                _ => None,
            });
            let file = file.unwrap();
            for secret in ["U0VDUkVU", "Bearer", "accessTokenString", "backupOperations", "operationsStatus"] {
                assert!(!file.contains(secret), "{secret}: {file}");
            }
            let mut second = another(&first);
            second.say(Msg::Imported(file.clone()));
            second.say(Msg::Imported(file));
            assert_eq!(second.state.restores.len(), 1, "once");
            second.reload();
            assert!(second.restore().imported.is_some(), "it is known after a reload, too");
            assert!(first.restore().imported.is_none());
            ended(&mut second);
            assert_eq!(second.clicks_sent(), 0, "{stage:?}");
            let text = second.restore().state_text();
            assert!(
                text == "Completed" || text == "Not started" && first.triggers() == 0,
                "{text} after {}",
                first.triggers()
            );
            taken += 1;
        }
        assert!(taken > 5, "{taken}");
    }
}

#[test]
fn what_is_no_export_is_refused_and_nothing_is_lost() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    for text in ["", "nonsense", "{}", r#"{"version":3,"restores":[]}"#] {
        page.say(Msg::Imported(text.to_owned()));
        assert!(page.state.notice.take().is_some_and(|n| n.title == "Nothing was imported"), "{text}");
    }
    page.say(Msg::Imported(r#"{"version":2,"restores":[{"id":7}]}"#.to_owned()));
    assert!(page.state.notice.take().is_some_and(|n| n.text.contains("Unreadable: 1")));
    assert_eq!(page.state.restores.len(), 1);
}
