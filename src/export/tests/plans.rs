//! The script of a recovery plan, run by bash.

use std::fs::File;

use super::shell::{Called, Shell, said};
use super::*;
use crate::export::Urls;
use crate::export::script::{Step, script};

/// Where the marker is.
const STARTED: &str = "recovery-plan-01234567.started";

fn of_plans(plans: &[(&str, &str, Plan)]) -> String {
    let steps: Vec<Step<'_>> = plans.iter().map(|(group, name, plan)| Step { name, group, plan }).collect();
    script("rg-app; $(touch pwned)", &"0123456789abcdef".repeat(4), &steps, &Cloud::public()).unwrap()
}

fn three() -> Vec<(&'static str, &'static str, Plan)> {
    ["web-01", "$(touch pwned)", "'; touch pwned; '"].map(|name| ("All", name, disks(name))).into()
}

/// The machines whose requests were sent, each with its very body, by their numbers.
fn sent(shell: &Shell, plans: &[(&str, &str, Plan)]) -> Vec<usize> {
    let at = |call: &Called| {
        let url = &call.args[7];
        let at =
            plans.iter().position(|(.., plan)| Urls::of(plan, &Cloud::public()).unwrap().trigger.to_string() == *url);
        let at = at.unwrap_or_else(|| panic!("{:?}", call.args));
        assert_eq!(call.input, plans[at].2.text());
        at + 1
    };
    shell.called().iter().map(at).collect()
}

#[test]
fn every_request_is_sent_once_with_a_pause_between_and_never_again() {
    let (shell, plans) = (Shell::new("plan"), three());
    let text = of_plans(&plans);
    let ran = shell.run(&text, &[]);
    assert!(ran.status.success(), "{}", said(&ran));
    assert_eq!(sent(&shell, &plans), [1, 2, 3]);
    let names: Vec<String> = shell.all().into_iter().map(|call| call.args[0].clone()).collect();
    assert_eq!(names, ["az", "sleep", "az", "sleep", "az"]);
    assert_eq!(shell.files(), [STARTED, "script.sh"]);
    let again = shell.run(&text, &[]);
    assert!(!again.status.success() && said(&again).contains("has run already"), "{}", said(&again));
    let from_two = shell.run(&text, &["2"]);
    assert!(from_two.status.success() && said(&from_two).contains("sent before"), "{}", said(&from_two));
    assert_eq!(sent(&shell, &plans), [1, 2, 3], "what was written down is not sent again");
    let not_a_number = shell.run(&text, &["2; touch pwned"]);
    assert_eq!((not_a_number.status.code(), shell.files().len()), (Some(2), 2));
}

#[test]
fn the_first_refusal_stops_it_and_names_where_to_continue() {
    let (shell, plans) = (Shell::new("refused"), three());
    // The call after the first request and the pause.
    shell.fail(2);
    let text = of_plans(&plans);
    let ran = shell.run(&text, &[]);
    assert!(!ran.status.success() && said(&ran).contains("script.sh 3"), "{}", said(&ran));
    assert_eq!(sent(&shell, &plans), [1, 2]);
    let ran = shell.run(&text, &["3"]);
    assert!(ran.status.success(), "{}", said(&ran));
    assert_eq!(sent(&shell, &plans), [1, 2, 3]);
}

#[test]
fn a_body_that_was_edited_in_the_script_is_not_sent() {
    let (shell, plans) = (Shell::new("edited"), three());
    let text = of_plans(&plans);
    let ran = shell.run(&text.replacen("RestoreDisks", "OriginalLocation", 1), &[]);
    assert!(!ran.status.success() && said(&ran).contains("isn't the reviewed body"), "{}", said(&ran));
    assert_eq!(shell.called().len(), 0);
}

#[test]
fn a_group_waits_for_a_key() {
    let mut plans = three();
    plans[2].0 = "Second\n$(touch pwned)";
    let text = of_plans(&plans);
    let shell = Shell::new("groups");
    let ran = shell.run(&text, &[]);
    assert!(!ran.status.success() && said(&ran).contains("script.sh 3"), "{}", said(&ran));
    assert_eq!(sent(&shell, &plans), [1, 2]);
    let shell = Shell::new("groups-key");
    shell.file("keys", "\n");
    let ran = shell.run_with(&text, &[], File::open(shell.work().join("keys")).unwrap().into());
    assert!(ran.status.success(), "{}", said(&ran));
    assert_eq!(sent(&shell, &plans), [1, 2, 3]);
    assert!(!shell.files().contains(&"pwned".to_owned()));
}

#[test]
fn a_cross_region_restore_fetches_its_access_token_first() {
    let plans = [("All", "web-01", cross_region("web-01"))];
    let text = of_plans(&plans);
    let shell = Shell::new("plan-cross");
    shell.answer(0, "{}");
    shell.answer(1, r#"{"properties":{"big":12345678901234567890}}"#);
    let ran = shell.run(&text, &[]);
    assert!(ran.status.success(), "{}", said(&ran));
    let called = shell.called();
    assert_eq!(called.len(), 3);
    assert!(
        called[2].input.contains(r#""crossRegionRestoreAccessDetails": {"big":12345678901234567890},"#),
        "{}",
        called[2].input
    );
    let shell = Shell::new("plan-no-token");
    shell.fail(0);
    let ran = shell.run(&text, &[]);
    assert!(!ran.status.success() && said(&ran).contains("There is no access token for request 1"), "{}", said(&ran));
    assert_eq!(shell.called().len(), 1);
    // Nothing was sent, so that it can be sent.
    assert!(shell.run(&text, &["1"]).status.success() || shell.called().len() > 1);
}
