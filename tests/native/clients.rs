//! Compares what Microsoft's command line sends with what the page sends for the same choices, member by member.
//!
//! `cargo xtask clients` records the bodies of azure-cli in `tests/clients/bodies.json`. The choices on the page are
//! written by hand in `tests/clients/journeys/restores.json`. They are not derived from a body, so a member that the page
//! leaves out, or derives from another choice, is detected.
//!
//! The page runs without a browser here: state, rules, plan and body are the same code. What the form displays is
//! covered by the end-to-end tests. So the comparison takes a second and runs with every test run, not only when azure-cli is installed.

use std::path::Path;
use std::rc::Rc;

use arm_sim::{Progress, Simulator};
use azure_backup::arm::id::ArmId;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::recovery_point::RecoveryPoint;
use serde_json::Value;
use time::Duration;
use vm_restore::app::key::Key;
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::route::Route;
use vm_restore::restore::draft::{DiskNetworkAccess, DiskTarget, RehydrationPriority, StagingAccess, ZoneChoice};
use vm_restore::restore::facts::Lookups;
use vm_restore::restore::field::Field;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, find, vault};
use crate::page::Page;

/// The account, group, network and subnet of a journey that names none.
const USUAL: [(&str, &str); 4] =
    [("account", "contosostageweu"), ("group", "rg-restore-weu"), ("network", "vnet-prod-weu"), ("subnet", "app")];

pub(crate) fn read(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The journeys for which azure-cli sent a request and the page should send the same: name, journey, azure-cli's body.
pub(crate) fn sent() -> Vec<(String, Value, Value)> {
    let (journeys, bodies) = (read("journeys/restores.json"), read("bodies.json"));
    let bodies = bodies["bodies"].as_object().unwrap();
    let journeys = journeys.as_array().unwrap();
    let name = |journey: &Value| journey["name"].as_str().unwrap_or_default().to_owned();
    let unknown: Vec<&String> = bodies.keys().filter(|known| !journeys.iter().any(|j| name(j) == **known)).collect();
    assert!(unknown.is_empty(), "bodies of no journey: run `cargo xtask clients`: {unknown:?}");
    let of_the_page = |journey: &&Value| journey["page"].is_object();
    let missing = |journey: &Value| -> Value { panic!("no body of {}: run `cargo xtask clients`", journey["name"]) };
    let body = |journey: &Value| bodies.get(&name(journey)).cloned().unwrap_or_else(|| missing(journey));
    // What azure-cli does in trouble is the same restore over and over.
    let in_trouble = |journey: &Value| journey["vm"].as_str().is_some_and(|vm| vm.starts_with("fault-"));
    for journey in journeys.iter().filter(|j| j["then"] == "restored" && !in_trouble(j)) {
        assert!(journey["page"].is_object(), "{}: what does the page do?", journey["name"]);
    }
    journeys.iter().filter(of_the_page).map(|journey| (name(journey), journey.clone(), body(journey))).collect()
}

/// The id of the resource of this name.
fn named<'a>(ids: impl Iterator<Item = &'a ArmId>, name: &str) -> ArmId {
    let mut ids = ids.peekable();
    assert!(ids.peek().is_some(), "{name}: nothing to choose from");
    ids.find(|id| id.name().eq_ignore_ascii_case(name)).unwrap_or_else(|| panic!("{name} is not offered")).clone()
}

macro_rules! pick {
    ($look:expr, $list:ident, $name:expr) => {
        named($look.$list.iter().flat_map(|all| all.iter()).map(|it| &it.id), $name)
    };
}

/// A page of a world in which restores end at once, like that of the simulator's server.
pub(crate) fn page() -> Page {
    let mut simulator = Simulator::new(1, begin());
    simulator.set_progress(Progress::AtOnce);
    Page::open(simulator, begin())
}

/// Opens the form of the recovery point that azure-cli restored.
pub(crate) fn open(page: &mut Page, journey: &Value, body: &Value) -> RegionalId {
    let vm = journey["vm"].as_str().unwrap();
    let item = find(page, vm);
    let item = if journey["point"] == "secondary" { secondary(page, &item) } else { RegionalId::from(item.id.clone()) };
    page.say(Msg::Go(Route::Points(item.clone())));
    let key = if item.secondary.is_some() { Key::SecondaryPoints } else { Key::Points };
    let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&key(item.id.clone())).unwrap();
    let point = points.iter().find(|p| body["recoveryPointId"] == p.name.as_str());
    let point = item.with(point.unwrap_or_else(|| panic!("{vm} has no point {}", body["recoveryPointId"])).id.clone());
    page.say(Msg::Go(Route::Form(point.clone())));
    point
}

/// The item in the secondary region, by the way that the page leads there.
fn secondary(page: &mut Page, item: &ProtectedItem) -> RegionalId {
    let (of, _) = item.id.as_str().split_once("/backupFabrics/").unwrap();
    let vault = vault(page, ArmId::parse(of).unwrap().name());
    page.say(Msg::Go(Route::Secondary { vault: Some(vault.clone()), region: None }));
    let secondary = page.state.secondary_of(&vault, None).region;
    assert!(secondary.is_some(), "{:?}", page.state.secondary_of(&vault, None));
    let items = page.state.catalog.get::<[Rc<ProtectedItem>]>(&Key::SecondaryItems(vault)).unwrap();
    let found = items.iter().find(|i| i.friendly_name == item.friendly_name).unwrap();
    RegionalId { id: found.id.clone(), secondary }
}

/// Makes the choices of a journey on the form.
pub(crate) fn choose(page: &mut Page, point: &RegionalId, journey: &Value) {
    let choices = &journey["page"];
    let text = |name: &str| choices[name].as_str();
    let usual = |name: &str| text(name).unwrap_or_else(|| USUAL.iter().find(|(n, _)| *n == name).unwrap().1);
    let look = |page: &Page| -> Lookups {
        let draft = page.state.draft(point);
        page.state
            .facts(point, &draft)
            .unwrap_or_else(|| panic!("{:?}", page.state.facts_missing(point)))
            .lookups
            .clone()
    };
    let scenario = match text("does").unwrap() {
        "disks" => Scenario::RestoreDisks,
        "selected" => Scenario::SelectedDisks,
        "replace" => Scenario::ReplaceDisks,
        "another" => Scenario::AnotherVm,
        other => panic!("no scenario is called {other}"),
    };
    let vhd = choices["vhd"] == true;
    page.say(Msg::Edit(Edit::Scenario(scenario)));
    page.say(Msg::Edit(Edit::DiskTarget(if vhd { DiskTarget::UnmanagedVhds } else { DiskTarget::ManagedDisks })));
    if let Some(luns) = choices["luns"].as_array() {
        let luns = luns.iter().map(|lun| i32::try_from(lun.as_i64().unwrap()).unwrap()).collect();
        page.say(Msg::Edit(Edit::Luns(luns)));
    }
    if let Some(name) = text("subscription") {
        let all = look(page).subscriptions.unwrap();
        let id = all.iter().find(|s| s.name == name).map(|s| s.id.clone());
        page.say(Msg::Edit(Edit::TargetSubscription(Some(id.unwrap_or_else(|| panic!("no subscription {name}"))))));
    }
    if scenario != Scenario::ReplaceDisks && !vhd {
        page.say(Msg::Edit(Edit::TargetGroup(Some(pick!(look(page), groups, usual("group"))))));
    }
    if let Some(name) = text("name") {
        page.say(Msg::Edit(Edit::VmName(name.to_owned())));
        let network = pick!(look(page), networks, usual("network"));
        page.say(Msg::Edit(Edit::Network(Some(network.clone()))));
        let networks = look(page).networks.unwrap();
        let subnets = networks.iter().find(|n| n.id == network).unwrap();
        page.say(Msg::Edit(Edit::Subnet(Some(named(subnets.subnets.iter().map(|s| &s.id), usual("subnet"))))));
    }
    page.say(Msg::Edit(Edit::StagingAccount(Some(pick!(look(page), storage_accounts, usual("account"))))));
    match text("zone") {
        None => {}
        Some("NoZone") => page.say(Msg::Edit(Edit::Zone(ZoneChoice::NoZone))),
        Some(zone) => page.say(Msg::Edit(Edit::Zone(ZoneChoice::Zone(zone.to_owned())))),
    }
    if let Some(name) = text("set") {
        page.say(Msg::Edit(Edit::EncryptionSet(Some(pick!(look(page), encryption_sets, name)))));
    }
    if let Some(name) = text("osSet") {
        page.say(Msg::Edit(Edit::OsEncryptionSet(Some(pick!(look(page), encryption_sets, name)))));
    }
    if choices["original"] == true {
        page.say(Msg::Edit(Edit::OriginalAccounts(true)));
    }
    match text("identity") {
        None => {}
        Some("system") => page.say(Msg::Edit(Edit::StagingAccess(StagingAccess::SystemAssigned))),
        Some(name) => {
            let id = pick!(look(page), identities, name);
            page.say(Msg::Edit(Edit::StagingAccess(StagingAccess::UserAssigned(id))));
        }
    }
    if let Some(access) = text("access") {
        let access = match access {
            "same" => DiskNetworkAccess::SameAsSource,
            "public" => DiskNetworkAccess::Public,
            "private" => DiskNetworkAccess::Private,
            other => panic!("no access is called {other}"),
        };
        page.say(Msg::Edit(Edit::DiskNetworkAccess(Some(access))));
    }
    if let Some(name) = text("diskAccess") {
        page.say(Msg::Edit(Edit::DiskAccess(Some(pick!(look(page), disk_accesses, name)))));
    }
    if choices["edge"] == true {
        page.say(Msg::Edit(Edit::EdgeZone(true)));
    }
    if let Some(priority) = text("priority") {
        let priority = if priority == "High" { RehydrationPriority::High } else { RehydrationPriority::Standard };
        page.say(Msg::Edit(Edit::RehydrationPriority(Some(priority))));
    }
    if let Some(days) = choices["days"].as_u64() {
        page.say(Msg::Edit(Edit::RehydrationDays(days.to_string())));
    }
    page.say(Msg::Go(Route::Review(point.clone())));
    page.wait_until(Duration::seconds(2), |s| s.name_lookup_due_at.is_none());
    if scenario == Scenario::ReplaceDisks {
        page.say(Msg::Edit(Edit::Confirm(journey["vm"].as_str().unwrap().to_owned())));
    }
}

/// What the page makes of a journey.
enum Made {
    /// Chooses, reviews and starts a restore, which the simulator accepts; returns the request.
    Sent(Value),
    /// The rules that forbid it.
    Refused(Vec<String>),
}

fn made(page: &mut Page, journey: &Value, body: &Value) -> Made {
    let name = &journey["name"];
    let point = open(page, journey, body);
    choose(page, &point, journey);
    let plan = match page.state.plan(&point) {
        Ok(plan) => plan,
        Err(why) => {
            assert!(page.state.facts_missing(&point).is_empty(), "{name}: {:?}", page.state.facts_missing(&point));
            return Made::Refused(why.into_iter().map(|reason| reason.rule).collect());
        }
    };
    page.start_restore();
    let accepted: Vec<bool> = page.simulator.triggers().iter().map(|t| t.accepted).collect();
    assert_eq!(accepted, [true], "{name}: {}", page.restore().state_text());
    let text: Value = serde_json::from_str(plan.text()).unwrap();
    Made::Sent(text[if journey["point"] == "secondary" { "restoreRequest" } else { "properties" }].clone())
}

/// A difference: its path, the value in azure-cli's body, the value in the page's.
type Difference = (String, Value, Value);

/// The differences. Ids and regions are compared without case; a list counts as one value.
fn differences(az: &Value, page: &Value, path: &str, found: &mut Vec<Difference>) {
    let (Some(a), Some(b)) = (az.as_object(), page.as_object()) else {
        let caseless = path == "region" || az.as_str().is_some_and(|id| id.starts_with("/subscriptions/"));
        let same = match (az.as_str(), page.as_str()) {
            (Some(a), Some(b)) if caseless => a.eq_ignore_ascii_case(b),
            _ => az == page,
        };
        if !same {
            found.push((path.to_owned(), az.clone(), page.clone()));
        }
        return;
    };
    for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        // An absent member is not the same as null: Azure may treat them differently.
        let of = |body: &serde_json::Map<String, Value>| body.get(key).cloned().unwrap_or_else(|| "(absent)".into());
        differences(&of(a), &of(b), &path, found);
    }
}

#[test]
fn bodies_are_those_of_microsofts_command_line() {
    let table = read("differences.json");
    let rows = table.as_array().unwrap();
    let mut used = vec![0; rows.len()];
    let mut wrong = Vec::new();
    let (mut equal, mut justified, mut refused, mut cannot) = (0, 0, 0, 0);
    let base = page();
    for (name, journey, body) in sent() {
        if journey["page"]["cannot"].is_string() {
            cannot += 1;
            continue;
        }
        let rule = journey["page"]["refuses"].as_str();
        let page = match (made(&mut base.fork(), &journey, &body), rule) {
            (Made::Sent(page), None) => page,
            (Made::Refused(rules), Some(rule)) if rules.iter().any(|r| r == rule) => {
                refused += 1;
                continue;
            }
            (Made::Sent(_), Some(rule)) => {
                wrong.push(format!("{name}: the page sends it, {rule} was to refuse it"));
                continue;
            }
            (Made::Refused(rules), _) => {
                wrong.push(format!("{name}: the page refuses it by {rules:?}"));
                continue;
            }
        };
        let mut found = Vec::new();
        differences(&body, &page, "", &mut found);
        *(if found.is_empty() { &mut equal } else { &mut justified }) += 1;
        for (path, az, page) in found {
            let row = rows.iter().position(|row| {
                let journeys = row["journeys"].as_array().unwrap();
                row["path"] == path && row["az"] == az && row["page"] == page && journeys.contains(&Value::from(&*name))
            });
            match row {
                Some(at) => used[at] += 1,
                None => wrong.push(format!("{name}: {path}: az {az}, page {page}")),
            }
        }
    }
    println!("bodies: {equal} equal, {justified} as the table says; {refused} refused by a rule, {cannot} not offered");
    assert!(wrong.is_empty(), "{} differences that nothing justifies:\n{}", wrong.len(), wrong.join("\n"));
    let journeys = |row: &Value| row["journeys"].as_array().unwrap().len();
    let idle: Vec<&Value> =
        rows.iter().zip(&used).filter(|(row, used)| journeys(row) != **used).map(|(row, _)| row).collect();
    assert!(idle.is_empty(), "these rows justify what does not differ in each of their journeys: {idle:?}");
    assert!(equal >= 60, "{equal}");
}

#[test]
fn what_the_page_does_otherwise_has_a_reason_that_holds() {
    for row in read("differences.json").as_array().unwrap() {
        assert!(row["why"].as_str().is_some_and(|why| why.len() > 20), "{row}");
    }
    for (name, journey, body) in sent() {
        let page = &journey["page"];
        let otherwise = page["cannot"].is_string() || page["refuses"].is_string() && journey["then"] == "restored";
        assert!(!otherwise || page["why"].is_string(), "{name}: without a reason");
        let Some(property) = page["cannot"].as_str() else { continue };
        assert!(!body[property].is_null(), "{name}: azure-cli sends no {property}");
        assert!(
            Field::ALL.iter().all(|field| field.property() != property),
            "{name}: the form has a field for {property} now: write down its choices instead"
        );
    }
}

#[test]
fn a_difference_is_seen_in_a_member_a_value_and_a_type() {
    let az =
        serde_json::json!({"a": {"b": 1}, "id": "/subscriptions/S/x", "region": "WestEurope", "l": ["0"], "n": null});
    let page = serde_json::json!({"a": {"b": 2}, "id": "/Subscriptions/s/X", "region": "westeurope", "l": [0]});
    let mut found = Vec::new();
    differences(&az, &page, "", &mut found);
    let paths: Vec<&str> = found.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(paths, ["a.b", "l", "n"]);
}
