//! A plan leaves the page as a file and comes back; its report tells what became of it.

use time::Duration;
use vm_restore::app::msg::Msg;
use vm_restore::app::plans::{PlanDownload, PlanMsg};
use vm_restore::app::route::Route;
use vm_restore::recovery::across::check;
use vm_restore::recovery::file::{Change, PlanFile, compare};
use vm_restore::recovery::plan::PlanId;

use crate::operator;
use crate::page::Page;
use crate::plans::{finish, record, reviewed, start};

const NAMES: &[&[&str]] = &[&["web-01", "web-02"]];

fn download(page: &mut Page, id: &PlanId, what: PlanDownload) -> String {
    page.files.clear();
    page.say(Msg::Plan(PlanMsg::Download(id.clone(), what)));
    page.files.remove(0)
}

fn notice(page: &Page) -> String {
    page.state.notice.as_ref().map(|notice| format!("{notice:?}")).unwrap_or_default()
}

#[test]
fn another_browser_sees_the_requests_that_were_saved() {
    let (mut page, id) = reviewed(NAMES);
    let file = PlanFile::read(&download(&mut page, &id, PlanDownload::File)).unwrap();
    assert_eq!(file.requests.len(), 2);
    assert_eq!(file.manifest, download(&mut page, &id, PlanDownload::Manifest));
    let mut other = operator::page();
    other.say(Msg::Imported(file.text()));
    assert_eq!(other.state.route, Route::Plan(id.clone()));
    other.wait_until(Duration::minutes(2), |_| false);
    let machines = other.state.expanded(&record(&other, &id));
    let changes = compare(&file, &machines, &check(&machines));
    assert!(changes.len() == 2 && changes.iter().all(|(_, change)| *change == Change::Same), "{changes:?}");
    assert_eq!(other.triggers(), 0, "nothing starts by an import");
}

#[test]
fn a_plan_that_is_here_stays_as_it_is_and_the_file_is_another_one() {
    let (mut page, id) = reviewed(NAMES);
    let text = download(&mut page, &id, PlanDownload::File);
    let before = record(&page, &id);
    page.say(Msg::Imported(text));
    assert_eq!(page.state.plans.iter().count(), 2);
    assert_eq!(*record(&page, &id), *before);
    assert_ne!(page.state.route, Route::Plan(id));
}

#[test]
fn a_file_that_was_changed_or_is_of_another_cloud_is_refused_with_a_reason() {
    let (mut page, id) = reviewed(NAMES);
    let text = download(&mut page, &id, PlanDownload::File);
    let cloud = format!("\"cloud\": \"{}\"", record(&page, &id).plan.cloud);
    assert!(text.contains(&cloud));
    for (changed, why) in [
        (text.replace("RestoreDisks", "OriginalLocation"), "The file was changed after it was saved"),
        (text.replace(&cloud, "\"cloud\": \"Elsewhere\""), "Connect to the cloud"),
        (text.replace("\"version\": 1", "\"version\": 2"), "can read (line"),
    ] {
        page.say(Msg::Imported(changed));
        assert!(notice(&page).contains(why), "{why}: {}", notice(&page));
        assert_eq!(page.state.plans.iter().count(), 1);
    }
}

#[test]
fn the_report_tells_what_became_of_each_machine() {
    let (mut page, id) = reviewed(NAMES);
    start(&mut page, &id);
    finish(&mut page, &id);
    let text = download(&mut page, &id, PlanDownload::Markdown);
    assert!(text.starts_with("# Recovery\n") && text.contains("* Restored: ` 2 of 2 `"), "{text}");
    let csv = download(&mut page, &id, PlanDownload::Csv);
    assert_eq!(csv.lines().count(), 3, "a head and two machines: {csv}");
    let json: serde_json::Value = serde_json::from_str(&download(&mut page, &id, PlanDownload::Json)).unwrap();
    for machine in json["machines"].as_array().unwrap() {
        assert!(machine["rtoSeconds"].as_i64().is_some_and(|seconds| seconds > 0), "{machine}");
        assert!(machine["rpoSeconds"].as_i64().is_some_and(|seconds| seconds > 0), "{machine}");
        let ids = machine["ids"].to_string();
        assert!(ids.contains("Client request ID: ") && ids.contains("Job: "), "{ids}");
    }
}
