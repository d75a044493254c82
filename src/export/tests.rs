//! The exports are run: by bash, with commands in the place of az, curl and sleep that write down what they were given.

mod plans;
mod restores;
mod shell;

use std::collections::BTreeSet;
use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::id::{ArmId, Region};

use super::commands::{NoCommand, Tool};
use super::link::{Comparison, LinkFault, RestoreLink};
use crate::restore::draft::Draft;
use crate::restore::facts::Facts;
use crate::restore::plan::{Plan, plan};
use crate::restore::sample;
use crate::restore::scenario::Scenario;

/// Names that a shell would make something of, as far as an id can hold them.
const HOSTILE: [&str; 9] = [
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    "';touch${IFS}pwned;'",
    "& touch pwned &",
    "‘;calc;’",
    "!! a|b~c*[d]",
    "-rf",
    "@secret",
];

/// The sample's facts, with another name for machine, item and container.
fn facts(name: &str) -> Facts {
    let mut facts = sample::facts();
    let id = ArmId::parse(&facts.item.id.as_str().replace("web-01", name)).unwrap();
    let source = facts.item.source_resource_id.as_ref().unwrap().as_str().replace("web-01", name);
    let item = Rc::make_mut(&mut facts.item);
    item.source_resource_id = ArmId::parse(&source).ok();
    item.id = id.clone();
    let point = Rc::make_mut(&mut facts.point);
    point.id = id.child("recoveryPoints", &point.name);
    facts
}

fn of(facts: &Facts, draft: &Draft) -> Plan {
    plan(facts, draft).unwrap_or_else(|why| panic!("{why:?}"))
}

/// The restore of the disks of a machine of this name.
fn disks(name: &str) -> Plan {
    of(&facts(name), &sample::draft(Scenario::RestoreDisks))
}

/// The same in the secondary region.
fn cross_region(name: &str) -> Plan {
    let mut facts = facts(name);
    facts.secondary = Some(Region::new("northeurope"));
    facts.version = ApiVersion::CROSS_REGION_DEFAULT;
    let mut lookups = facts.lookups.clone();
    lookups.storage_accounts = None;
    facts.lookups = lookups;
    of(&facts, &sample::draft(Scenario::RestoreDisks))
}

fn commands(tool: Tool, plan: &Plan) -> String {
    tool.commands(plan, &Cloud::public()).unwrap_or_else(|why| panic!("{tool:?}: {why:?}"))
}

fn link(plan: &Plan, draft: &Draft) -> RestoreLink {
    RestoreLink::of("AzureCloud", plan, draft)
}

#[test]
fn a_link_brings_the_settings_back_and_finds_the_same_request() {
    let mut draft = sample::draft(Scenario::AnotherVm);
    draft.reason = "INC-1: not for others".to_owned();
    let plan = of(&sample::facts(), &draft);
    let link = link(&plan, &draft);
    let text = link.text();
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) && text.len() < 4000, "{text}");
    let read = RestoreLink::read(&text).unwrap();
    assert_eq!(read, link);
    assert_eq!((read.place(), read.sha256.as_str()), (plan.place(), plan.sha256.as_str()));
    let there = read.draft();
    assert_eq!(there.reason, "", "it is stored in this browser only");
    assert_eq!(there.confirm, "");
    let again = of(&sample::facts(), &there);
    assert_eq!(read.compare(&again), Comparison::Same);
    assert_eq!(again.sha256, plan.sha256);
}

#[test]
fn what_differs_is_named_as_on_the_form() {
    let draft = sample::draft(Scenario::AnotherVm);
    let plan = of(&sample::facts(), &draft);
    let link = link(&plan, &draft);
    let other = Draft { vm_name: "web-03".to_owned(), ..link.draft() };
    let Comparison::Different(names) = link.compare(&of(&sample::facts(), &other)) else { panic!("the same") };
    assert_eq!(names, ["New virtual machine name"]);
    let newer = Facts { version: ApiVersion::NEWEST, ..sample::facts() };
    assert_eq!(link.compare(&of(&newer, &link.draft())), Comparison::Different(vec!["API version".to_owned()]));
}

#[test]
fn a_link_that_was_cut_changed_or_made_later_is_refused() {
    let draft = sample::draft(Scenario::RestoreDisks);
    let text = link(&disks("web-01"), &draft).text();
    for end in (0..text.len()).step_by(7) {
        assert_eq!(RestoreLink::read(&text[..end]), Err(LinkFault::Damaged), "{end}");
    }
    let mut changed = text.clone();
    let last = changed.pop().unwrap();
    changed.push(if last == 'A' { 'B' } else { 'A' });
    assert_eq!(RestoreLink::read(&changed), Err(LinkFault::Damaged));
    assert_eq!(RestoreLink::read(&text.replacen('1', "2", 1)), Err(LinkFault::Newer));
    // Somebody who means harm can make a checksum; the recovery point and the settings are checked all the same.
    let mut link = RestoreLink::read(&text).unwrap();
    link.sha256 = "x".repeat(64);
    assert_eq!(RestoreLink::read(&link.text()), Err(LinkFault::Damaged));
}

#[test]
fn the_files_of_one_restore_have_different_names() {
    let names: BTreeSet<String> = Tool::ALL.into_iter().map(|tool| tool.file(&disks("web-01"))).collect();
    assert_eq!(names.len(), Tool::ALL.len(), "{names:?}");
}

#[test]
fn an_http_file_names_the_file_of_the_body_and_holds_no_token() {
    let plan = disks("web-01");
    let text = commands(Tool::Http, &plan);
    let url = super::Urls::of(&plan, &Cloud::public()).unwrap().trigger;
    let request = format!(
        "POST {url} HTTP/1.1\nAuthorization: Bearer {{{{$processEnv TOKEN}}}}\nContent-Type: application/json\n\n< ./{}\n",
        super::body_file(&plan)
    );
    assert!(text.ends_with(&request), "{text}");
    let refused = Tool::Http.commands(&cross_region("web-01"), &Cloud::public());
    assert!(matches!(refused, Err(NoCommand::Other(_))), "{refused:?}");
}

#[test]
fn powershell_gets_its_texts_quoted_and_the_access_token_as_it_came() {
    let plan = disks("o'web‘01");
    let text = commands(Tool::PowerShell, &plan);
    let path = super::Urls::of(&plan, &Cloud::public()).unwrap().trigger.path_and_query().unwrap().to_string();
    assert!(text.contains(&format!("-Path {} ", super::quoting::powershell(&path))), "{text}");
    let file = super::body_file(&plan);
    assert!(
        text.contains(&format!(
            "if ((Get-FileHash -Algorithm SHA256 -LiteralPath '{file}').Hash -ne '{}')",
            plan.sha256
        ))
    );
    let text = commands(Tool::PowerShell, &cross_region("web-01"));
    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    let order = [
        "#Requires -Version 7\n",
        "Get-FileHash",
        "backupAadProperties",
        "/accessToken",
        "GetRawText()",
        ".Replace(",
        "backupCrossRegionRestore",
    ];
    assert!(order.map(place).is_sorted(), "{text}");
}
