//! The form of a point keeps what the list of points says about it: for every machine of the simulator, in both regions.

use std::collections::BTreeSet;
use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::recovery_point::RecoveryPoint;
use vm_restore::app::fleet::status;
use vm_restore::app::key::Key;
use vm_restore::app::msg::Msg;
use vm_restore::app::route::Route;
use vm_restore::restore::draft::Draft;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::rules::scenario_reasons;
use vm_restore::restore::scenario::Scenario;
use vm_restore::ui::pages::points::allows::{Allowed, allowed};

use crate::operator;
use crate::page::Page;

/// Maximum number of points that differ in what the rules test.
const MAX_EXCHANGES: usize = 12;

/// Every protected machine with the key of its points.
fn machines(page: &mut Page) -> Vec<(String, RegionalId, Key)> {
    page.say(Msg::Go(Route::Vms(Default::default())));
    let rows = status::rows(&page.state.catalog);
    let mut all = Vec::new();
    let mut vaults = BTreeSet::new();
    for row in &rows {
        all.push((row.name.clone(), RegionalId::from(row.id.clone()), Key::Points(row.id.clone())));
        vaults.extend(row.vault_id());
    }
    for vault in vaults {
        page.say(Msg::Go(Route::Secondary { vault: Some(vault.clone()), region: None }));
        let secondary = page.state.secondary_of(&vault, None).region;
        let there = page.state.catalog.get::<[Rc<ProtectedItem>]>(&Key::SecondaryItems(vault));
        for item in there.iter().flat_map(|list| list.iter()).filter(|_| secondary.is_some()) {
            let place = RegionalId { id: item.id.clone(), secondary: secondary.clone() };
            all.push((format!("{} there", item.friendly_name), place, Key::SecondaryPoints(item.id.clone())));
        }
    }
    all
}

/// Compares the form of a point with what its list said; counts what the list left open.
fn compare(page: &mut Page, name: &str, place: &RegionalId, list: &Allowed) -> usize {
    page.say(Msg::Go(Route::Form(place.clone())));
    let Some(facts) = page.state.facts(place, &Draft::default()).filter(|facts| facts.detailed) else { return 0 };
    let form = allowed(&facts);
    assert_eq!(form.open, [], "{name}: the form leaves nothing open");
    for scenario in &list.yes {
        assert!(form.yes.contains(scenario), "{name}: the list promises {scenario:?}, the form says {:?}", form.no);
    }
    for (scenario, why) in &list.no {
        let reasons = scenario_reasons(&facts, *scenario);
        assert!(reasons.iter().any(|r| r.blocks() && r.sentence == *why), "{name}: {scenario:?} “{why}”: {reasons:?}");
    }
    list.open.len()
}

fn of_every_machine(page: &mut Page) -> (usize, usize, BTreeSet<&'static str>) {
    let (mut compared, mut open, mut refused) = (0, 0, BTreeSet::new());
    for (name, item, key) in machines(page) {
        page.say(Msg::Go(Route::Points(item.clone())));
        let Some(points) = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&key).filter(|all| !all.is_empty()) else {
            continue;
        };
        let mut facts = page.state.facts_of_list(&item, &points[0]).expect("the list tells what its points allow");
        let mut seen = BTreeSet::new();
        for point in points.iter() {
            let what = format!("{:?} {:?} {:?} {:?}", point.tiers, point.managed, point.encrypted, point.disks);
            if seen.len() >= MAX_EXCHANGES || !seen.insert(what) {
                continue;
            }
            facts.point = point.clone();
            let list = allowed(&facts);
            refused.extend(list.no.iter().map(|(scenario, _)| scenario.title()));
            open += compare(page, &name, &item.with(point.id.clone()), &list);
            compared += 1;
        }
    }
    (compared, open, refused)
}

#[test]
fn the_list_says_what_the_form_keeps() {
    let (compared, open, refused) = of_every_machine(&mut operator::page());
    println!("{compared} points compared, {open} answers left open, refused somewhere: {refused:?}");
    assert!(compared > 40 && open > 0, "{compared} {open}");
    let some = [Scenario::SelectedDisks, Scenario::ReplaceDisks, Scenario::AnotherVm];
    assert!(
        some.iter().all(|scenario| refused.contains(scenario.title())),
        "each is refused of some point: {refused:?}"
    );
}

#[test]
fn also_with_the_oldest_api_versions() {
    let mut page = operator::page();
    page.say(Msg::SetVersion(ApiVersion::TUTORIAL));
    page.say(Msg::SetVersion(ApiVersion::CROSS_REGION_TUTORIAL));
    let (compared, ..) = of_every_machine(&mut page);
    assert!(compared > 40, "{compared}");
}

#[test]
fn until_azure_has_said_whether_the_source_exists_nothing_is_promised() {
    let mut page = operator::page();
    let item = operator::find(&mut page, "web-01");
    let place = RegionalId::from(item.id.clone());
    page.hear(Msg::Go(Route::Points(place.clone())));
    let key = Key::Exists(item.source_resource_id.clone().unwrap());
    let (mut before, mut after) = (0, 0);
    while page.step() {
        let points = page.state.catalog.get::<[Rc<RecoveryPoint>]>(&Key::Points(item.id.clone()));
        let Some(any) = points.and_then(|points| points.first().cloned()) else { continue };
        let answered = page.state.catalog.get::<bool>(&key).is_some();
        assert_eq!(page.state.facts_of_list(&place, &any).is_some(), answered);
        *(if answered { &mut after } else { &mut before }) += 1;
    }
    assert!(after > 0, "{before} {after}");
}
