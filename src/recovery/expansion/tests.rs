use azure_backup::arm::id::Region;

use super::*;
use crate::recovery::plan::PointRule;
use crate::recovery::points::WhyNone;
use crate::recovery::sample::{World, machine, plan, world};
use crate::restore::build::{Origin, build};
use crate::restore::draft::ZoneChoice;
use crate::restore::sample;
use crate::restore::suggest::Why;

fn only(plan: &RecoveryPlan, world: &World) -> Prospect {
    let mut all = expand(plan, world);
    assert_eq!(all.len(), 1);
    all.remove(0).state
}

fn blocked(state: Prospect) -> Blocked {
    match state {
        Prospect::Blocked(blocked) => blocked,
        other => panic!("{other:?}"),
    }
}

fn rules(blocked: &Blocked) -> Vec<&str> {
    blocked.reasons.iter().map(|reason| reason.rule.as_str()).collect()
}

#[test]
fn every_scenario_gives_the_request_of_a_single_restore_of_the_same_choices() {
    let world = world(&["web-01"]);
    for scenario in Scenario::ALL {
        let mut of = plan(&["web-01"]);
        of.groups[0].machines[0].exceptions = sample::draft(scenario);
        let Prospect::Ready(ready) = only(&of, &world) else { panic!("{scenario:?}") };
        let single = crate::restore::plan::plan(&sample::facts(), &sample::draft(scenario)).unwrap();
        assert_eq!((ready.plan.text(), &ready.plan.sha256), (single.text(), &single.sha256), "{scenario:?}");
        of.groups[0].machines[0].exceptions = Draft::default();
        of.mapping.scenario = Some(scenario);
        let Prospect::Ready(ready) = only(&of, &world) else { panic!("{scenario:?}") };
        assert_eq!(ready.plan.scenario, scenario);
        if scenario == Scenario::SelectedDisks {
            assert_eq!(ready.plan.request.restore_disk_lun_list, Some(Vec::new()), "the OS disk only");
        }
    }
}

#[test]
fn a_value_of_the_mapping_says_that_it_is_of_the_plan() {
    let (world, of) = (world(&["web-01"]), plan(&["web-01"]));
    let Prospect::Ready(ready) = only(&of, &world) else { panic!() };
    let origin =
        ready.plan.origins.iter().find(|(name, _)| *name == "targetVirtualMachineId").map(|(_, origin)| origin);
    assert_eq!(origin, Some(&Origin::Suggested(Field::VmName, Why::Plan)));
    assert_eq!(origin.unwrap().sentence(), "Recovery plan: New virtual machine name");
    // The draft of a form without the plan says nothing of it.
    let (_, origins) = build(&sample::facts(), &sample::draft(Scenario::AnotherVm)).unwrap();
    assert!(origins.iter().all(|(_, origin)| !origin.sentence().starts_with("Recovery plan")));
}

#[test]
fn nothing_is_ready_or_blocked_before_everything_has_been_read() {
    let of = plan(&["web-01"]);
    let mut world = world(&["web-01"]);
    world.settled = false;
    assert_eq!(only(&of, &world), Prospect::Reading);
    world.points = Answer::Reading;
    assert_eq!(only(&of, &world), Prospect::Reading);
    world.points = Answer::Failed;
    assert_eq!(only(&of, &world), Prospect::Unread);
}

#[test]
fn a_machine_that_was_left_out_is_not_asked_about() {
    let world = world(&["web-01"]);
    let mut of = plan(&["web-01"]);
    of.groups[0].machines[0].skipped = Some("Decommissioned".to_owned());
    assert_eq!(only(&of, &world), Prospect::Skipped("Decommissioned".to_owned()));
    assert_eq!(world.asked.get(), 0);
}

#[test]
fn what_stands_in_the_way_is_what_a_rule_of_the_single_restore_says() {
    let mut of = plan(&["web-01"]);
    let mut world = world(&["web-01"]);
    Rc::make_mut(&mut world.of("web-01").point).encrypted = true;
    let found = blocked(only(&of, &world));
    assert_eq!((rules(&found), found.other_scenario), (vec!["another-not-encrypted"], Some(Scenario::RestoreDisks)));
    // With what is offered it is ready.
    of.groups[0].machines[0].exceptions.scenario = found.other_scenario;
    assert!(matches!(only(&of, &world), Prospect::Ready(_)));
    // Nothing is offered where it would not help, or where the scenario is not what stands in the way.
    of.groups[0].machines[0].exceptions.scenario = None;
    Rc::make_mut(&mut world.of("web-01").item).soft_deleted = true;
    assert_eq!(blocked(only(&of, &world)).other_scenario, None);
    let world = self::world(&["web-01"]);
    of.mapping.name_pattern = "{name}_".to_owned();
    let found = blocked(only(&of, &world));
    assert_eq!((rules(&found), found.other_scenario), (vec!["name-valid"], None));
}

#[test]
fn a_name_that_is_taken_stands_in_the_way() {
    let of = plan(&["web-01"]);
    let mut world = world(&["web-01"]);
    world.taken.push("web-01-clean".to_owned());
    assert_eq!(rules(&blocked(only(&of, &world))), ["name-free"]);
}

#[test]
fn a_group_that_does_not_exist_is_named_once() {
    let mut of = plan(&["web-01"]);
    of.mapping.resource_group = crate::recovery::plan::GroupRule::Pattern("none".to_owned());
    let found = blocked(only(&of, &world(&["web-01"])));
    assert_eq!(rules(&found), ["plan-group-exists"]);
    assert_eq!(
        found.reasons[0].sentence,
        "The target subscription has no resource group `none`. Create it, or select another one."
    );
}

#[test]
fn the_rule_for_points_decides_and_its_refusal_names_what_could_be_chosen() {
    let world = world(&["web-01"]);
    let mut of = plan(&["web-01"]);
    let taken = world.machines[0].point.time;
    of.point_rule = PointRule { at_or_before: Some(taken - time::Duration::SECOND), ..PointRule::default() };
    let Prospect::NoPoint(none) = only(&of, &world) else { panic!() };
    assert_eq!((&none.why, none.first_after.as_deref()), (&WhyNone::AllAfter, Some(&*world.machines[0].point)));
    of.groups[0].machines[0].point = none.first_after.map(|point| point.name.clone());
    let Prospect::Ready(ready) = only(&of, &world) else { panic!() };
    assert!(ready.point.by_hand);
}

#[test]
fn a_zone_that_a_machine_does_not_have_is_a_warning_of_that_machine_alone() {
    let mut world = world(&["web-01", "web-02"]);
    let lrs = Some(azure_backup::backup::vault::Redundancy::LocallyRedundant);
    Rc::make_mut(&mut world.of("web-02").vault).redundancy = lrs;
    Rc::make_mut(&mut world.of("web-01").vault).redundancy =
        Some(azure_backup::backup::vault::Redundancy::ZoneRedundant);
    let mut of = plan(&["web-01", "web-02"]);
    of.mapping.zone = ZoneChoice::Zone("1".to_owned());
    let all = expand(&of, &world);
    let warned: Vec<bool> = all.iter().map(|one| one.ready().unwrap().has_warnings()).collect();
    assert_eq!(warned, [false, true]);
    assert_eq!(all[0].ready().unwrap().plan.request.zones, Some(vec!["1".to_owned()]));
    assert_eq!(all[1].ready().unwrap().plan.request.zones, None);
}

#[test]
fn a_machine_of_the_secondary_region_gives_the_cross_region_request() {
    let mut of = plan(&["web-01"]);
    let mut world = world(&["web-01"]);
    world.of("web-01").version = azure_backup::arm::call::ApiVersion::CROSS_REGION_DEFAULT;
    let mut secondary = machine("web-01");
    secondary.secondary = Some(Region::new("westeurope"));
    of.groups[0].machines = vec![secondary];
    of.mapping.scenario = Some(Scenario::RestoreDisks);
    let Prospect::Ready(ready) = only(&of, &world) else { panic!("{:?}", only(&of, &world)) };
    assert!(ready.plan.text().contains("restoreRequest") && ready.plan.secondary.is_some());
}
