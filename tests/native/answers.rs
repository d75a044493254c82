//! Rebuilds the restore requests of Microsoft's own clients from the answers that Azure had given before them in the same recording.
//!
//! Only the operator's choices are taken from a request: point, scenario, disks, resources. Source, region, the flag of the original storage accounts, private
//! access and the requests of Resource Guards come from the answers.

use std::fs;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, Region};
use azure_backup::backup::{item, recovery_point, vault};
use recorded::traffic;
use serde_json::{Value, json};
use vm_restore::restore::facts::Facts;
use vm_restore::restore::plan::plan;

use crate::justified::{Verdict, compare};
use crate::recovery::gives_the_same_body;
use crate::wire::{choices, known, read};

/// Path and api-version of a recorded call.
fn place(exchange: &Value) -> (String, String) {
    let url = exchange["url"].as_str().unwrap().replace("%3B", ";").replace("%3D", "=");
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let path = path.split_once("://").map_or(path, |(_, rest)| &rest[rest.find('/').unwrap()..]);
    let version = query.split('&').find_map(|part| part.strip_prefix("api-version="));
    (path.trim_end_matches('/').to_owned(), version.unwrap_or_default().to_owned())
}

/// The bodies of the answers to calls with this path ending, latest first.
fn answered(before: &[Value], is: impl Fn(&str) -> bool) -> impl Iterator<Item = &Value> {
    let good = before.iter().rev().filter(|e| e["method"] == "GET" && e["status"] == 200);
    good.filter(move |e| is(&place(e).0.to_ascii_lowercase())).map(|e| &e["response_body"])
}

/// The member of that id in the lists.
fn listed<'a>(mut lists: impl Iterator<Item = &'a Value>, id: &ArmId) -> Option<&'a Value> {
    let same = |v: &&Value| v["id"].as_str().and_then(|text| ArmId::parse(text).ok()).as_ref() == Some(id);
    lists.find_map(|list| list["value"].as_array()?.iter().find(same))
}

/// What Azure had said about a recovery point.
fn facts(before: &[Value], name: &str, version: &ApiVersion) -> Facts {
    let ends = |end: String| move |path: &str| path.ends_with(&end.to_ascii_lowercase());
    let points = || answered(before, ends("/recoveryPoints".to_owned()));
    let row = points().find_map(|list| list["value"].as_array()?.iter().find(|point| point["name"] == name));
    let point = answered(before, ends(format!("/recoveryPoints/{name}"))).next().or(row).expect("the recovery point");
    let point_id = ArmId::parse(point["id"].as_str().unwrap()).unwrap();
    let item_id = point_id.up_to("protectedItems").unwrap();
    let vault_id = point_id.up_to("vaults").unwrap();
    let item = listed(answered(before, ends("/backupProtectedItems".to_owned())), &item_id).expect("the item");
    let vault = answered(before, ends(format!("/vaults/{}", vault_id.name()))).next().expect("the vault");
    let guards = answered(before, ends("/backupResourceGuardProxies".to_owned())).next();
    let guards = guards.map(|list| read(&vault::resource_guard_proxies(&vault_id, version), list).value);
    let mut facts = known(
        version.clone(),
        read(&vault::get(&vault_id), vault),
        read(&item::get(&item_id, version), item),
        read(&recovery_point::get(&item_id, name, version), point),
    );
    let requests = guards.iter().flatten().filter_map(|guard| guard.restore_request().map(str::to_owned));
    facts.guard_requests = requests.collect();
    facts
}

/// Requests rebuilt from recorded answers: equal, and equal except for justified differences.
pub(crate) fn rebuilt() -> Option<(usize, usize)> {
    let folder = traffic("restore requests and the answers recorded before them")?.join("corpus");
    let (mut equal, mut justified) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let recording: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let exchanges = recording["exchanges"].as_array().unwrap();
        for (at, exchange) in exchanges.iter().enumerate() {
            let (call, version) = place(exchange);
            let body = &exchange["request_body"];
            let (member, location) = match call.rsplit_once('/') {
                Some((_, "restore")) => ("properties", None),
                Some((location, "backupCrossRegionRestore")) => ("restoreRequest", Some(location)),
                _ => continue,
            };
            let request = &body[member];
            if !request["objectType"].as_str().is_some_and(|kind| kind.starts_with("IaasVMRestore")) {
                continue;
            }
            let version: ApiVersion = version.parse().unwrap();
            let mut facts = facts(&exchanges[..at], request["recoveryPointId"].as_str().unwrap(), &version);
            match location {
                // The path of the call names it.
                Some(location) => facts.secondary = Some(Region::new(ArmId::parse(location).unwrap().name())),
                None => assert!(call.eq_ignore_ascii_case(&format!("{}/restore", facts.point.id)), "{call}"),
            }
            let choices = choices(request);
            let plan = plan(&facts, &choices).unwrap_or_else(|why| panic!("{}: {why:?}", path.display()));
            gives_the_same_body(&facts, &choices, &plan);
            let sent: Value = serde_json::from_str(plan.text()).unwrap();
            match compare(&json!({"properties": request}), &json!({"properties": sent[member]})) {
                Verdict::Equal => equal += 1,
                Verdict::Justified(_) => justified += 1,
                Verdict::Different(why) => panic!("{} {at}: {why:?}", path.display()),
            }
        }
    }
    Some((equal, justified))
}

#[test]
fn requests_are_made_again_from_the_answers_before_them() {
    let Some((equal, justified)) = rebuilt() else { return };
    println!("requests from recorded answers: {equal} equal, {justified} equal but for justified differences");
    assert!(equal + justified >= 19, "{equal} {justified}");
}
