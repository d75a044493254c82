//! The incident record: what was done, by whom, why, and with what result.

use serde_json::Value;
use time::Duration;
use vm_restore::app::effect::Effect;
use vm_restore::app::env::Env;
use vm_restore::app::msg::{Edit, ExportFormat, Msg};
use vm_restore::app::route::Route;
use vm_restore::app::session::Secret;
use vm_restore::app::update::update;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{choose, open, open_secondary, page};
use crate::page::Page;

/// A token of ops@contoso.com that expires in the year 2096.
const TOKEN: &str = "e30.eyJleHAiOiAzOTk5OTk5OTk5LCAidXBuIjogIm9wc0Bjb250b3NvLmNvbSJ9.c2ln";

/// What is offered as a file.
fn taken(page: &mut Page, form: ExportFormat) -> String {
    let env = Env::new(page.now, "0f8fad5b-d9cb-469f-a165-70867728950e");
    let effects = update(&mut page.state, env, Msg::Record(None, form));
    let files = effects.into_iter().filter_map(|effect| match effect {
        Effect::Download { text, .. } => Some(text),
        _ => None,
    });
    files.last().unwrap()
}

#[test]
fn a_restore_is_recorded_from_the_click_to_its_end() {
    let mut page = page();
    page.say(Msg::Connect(Secret::new(TOKEN.to_owned())));
    let point = open(&mut page, "fault-fails-late");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.say(Msg::Edit(Edit::Reason("x".repeat(500))));
    assert_eq!(page.state.draft(&point).reason.len(), 200);
    page.say(Msg::Edit(Edit::Reason(" INC-7 ".to_owned())));
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    assert!(!page.asked().text.contains("INC-7"), "Azure is not told");
    page.reload_at(Route::restores());
    let all: Value = serde_json::from_str(&taken(&mut page, ExportFormat::Json)).unwrap();
    let record = &all[0];
    assert_eq!((record["Started by"].as_str(), record["Reason"].as_str()), (Some("ops@contoso.com"), Some("INC-7")));
    let lines: Vec<&str> = record["Timeline"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    let (times, states): (Vec<&str>, Vec<&str>) = lines.iter().map(|line| line.split_once(' ').unwrap()).unzip();
    assert_eq!(states.first().copied(), Some("Waiting for a token"));
    assert!(
        states.contains(&"Accepted. Waiting for Azure to create the job") && states.last() == Some(&"Failed"),
        "{states:?}"
    );
    assert!(record["Errors"][0].as_str().unwrap().contains("UserErrorBCMRestoreStorageAccountNotFound"));
    assert!(times.is_sorted(), "{times:?}");
    assert!(taken(&mut page, ExportFormat::Markdown).contains("* Reason: ` INC-7 `"));
}

#[test]
fn no_secret_gets_into_a_record() {
    let mut page = page();
    page.say(Msg::Connect(Secret::new(TOKEN.to_owned())));
    let point = open_secondary(&mut page, "contoso-vault-neu", "erp-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.start_restore();
    page.wait_until(Duration::hours(12), |s| !s.restores[0].is_running());
    for form in [ExportFormat::Json, ExportFormat::Markdown] {
        let text = taken(&mut page, form);
        assert!(!text.contains("c2ln") && !text.contains("accessTokenString") && text.contains("erp-01"), "{text}");
    }
}
