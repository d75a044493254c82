//! Lists as an operator works with them: the address keeps what was asked for, files hold what is shown, and the end of a restore tells what it made.

use azure_backup::arm::id::ArmId;
use time::Duration;
use vm_restore::app::job_list::OWN_ORDER;
use vm_restore::app::list_query::{ListQuery, STATE};
use vm_restore::app::msg::Msg;
use vm_restore::app::quotas::QuotaKind;
use vm_restore::app::route::Route;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{page, start, vault};

#[test]
fn what_was_asked_of_a_list_stays_in_the_address() {
    let mut page = page();
    let weu = vault(&mut page, "contoso-vault-weu");
    page.say(Msg::Go(Route::jobs(Some(weu.clone()))));
    let all = page.state.listed_jobs(&weu).len();
    let query = ListQuery::default().toggled("operation", "Backup").sorted_by("vm", OWN_ORDER);
    page.say(Msg::ShowList(query.clone()));
    assert_eq!(page.state.route, Route::Jobs(Some(weu.clone()), query.clone()));
    page.say(Msg::DownloadCsv);
    let file = page.files.last().unwrap();
    let rows = file.lines().count() - 1;
    assert!(
        0 < rows && rows < all && file.lines().skip(1).all(|line| line.contains(",Backup,")),
        "{rows} of {all}: {file}"
    );
    // Another vault is asked for the same, and the navigation leads back to it.
    let other = vault(&mut page, "contoso-vault-neu");
    page.say(Msg::Go(Route::Jobs(Some(weu.clone()), query.clone())));
    page.say(Msg::ChooseVault(Some(other.clone())));
    assert_eq!(page.state.route, Route::Jobs(Some(other.clone()), query));
    page.say(Msg::Go(Route::restores()));
    assert_eq!(page.state.jobs_vault, Some(other));
    // After a machine, it leads to the jobs of that machine's vault.
    let item = format!("{weu}/backupFabrics/Azure/protectionContainers/c/protectedItems/i");
    page.say(Msg::Go(Route::Points(ArmId::parse(&item).unwrap().into())));
    assert_eq!(page.state.jobs_vault, Some(weu));
    page.say(Msg::Disconnect);
    assert_eq!(page.state.jobs_vault, None, "whoever comes next may not see it");
}

#[test]
fn the_file_of_restores_holds_the_rows_that_are_shown() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    start(&mut page, "web-02", Scenario::RestoreDisks);
    page.say(Msg::Go(Route::Restores(ListQuery::default().toggled(STATE, "running"))));
    page.say(Msg::DownloadCsv);
    let file = page.files.last().unwrap();
    assert!(file.contains("\r\nweb-02,") && !file.contains("\r\nweb-01,"), "{file}");
}

#[test]
fn the_end_tells_the_disks_of_this_job_alone() {
    for (scenario, attached) in [(Scenario::RestoreDisks, false), (Scenario::AnotherVm, true)] {
        let mut page = page();
        start(&mut page, "web-01", scenario);
        page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
        page.settle();
        let run = page.restore();
        let disks = page.state.restored_disks(run).unwrap();
        let luns: Vec<_> = disks.iter().map(|disk| disk.restored_lun()).collect();
        assert!(luns.len() > 1 && luns[0] == Some(-1) && luns.is_sorted(), "{scenario:?}: {luns:?}");
        assert!(disks.iter().all(|disk| disk.size_gb.is_some() && disk.attached_to.is_some() == attached));
        let disks: Vec<_> = disks.iter().map(|disk| &**disk).collect();
        let commands = run.attach_commands(&disks);
        assert_eq!(commands.map(|lines| lines.lines().count()), (!attached).then_some(luns.len() - 1));
        assert_eq!(run.restored_machine().is_some(), attached);
    }
}

/// Somebody who presses *Check now* again and again does not spend the checks that the page needs to see the end.
#[test]
fn checks_on_demand_leave_a_reserve_for_those_that_are_due() {
    let mut page = page();
    start(&mut page, "web-01", Scenario::RestoreDisks);
    page.wait_until(Duration::minutes(5), |s| s.restores[0].job().is_some());
    let id = page.restore_id();
    let held = |page: &crate::page::Page| page.state.held_on_demand(page.restore());
    let quota = |page: &crate::page::Page| {
        page.state.quotas.get(&page.restore().job_list_key(), QuotaKind::Jobs).cloned().unwrap()
    };
    while held(&page).is_none() {
        page.say(Msg::PollNow(id.clone()));
        assert!(quota(&page).used(page.now) <= quota(&page).limit() - quota(&page).reserve());
    }
    let polls = |page: &crate::page::Page| page.restore().poll_times().1;
    let last = polls(&page);
    page.say(Msg::PollNow(id));
    assert_eq!(polls(&page), last, "a press too many asks nothing");
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    assert_eq!(page.restore().state_text(), "Completed");
}
