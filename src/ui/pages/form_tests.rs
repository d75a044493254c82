//! The form asks what arises, in its order, and says of the rest why it does not arise.

use std::rc::Rc;

use azure_backup::backup::lookups::{NetworkInterface, VirtualMachine};
use azure_backup::backup::recovery_point::TierKind;

use super::tests::{assert_sound, at, state};
use super::*;
use crate::app::key::Answer;
use crate::restore::draft::{Draft, ZoneChoice};
use crate::restore::facts::Facts;
use crate::restore::field::{Field, Section};
use crate::restore::regional_id::RegionalId;
use crate::restore::sample;
use crate::restore::scenario::Scenario;

/// The page with the choices of `draft`.
fn form(mut state: State, point: &RegionalId, draft: Draft) -> String {
    state.shows_json = true;
    state.drafts.insert(point, draft);
    let html = at(&state, Route::Form(point.clone()));
    assert_sound(&html, "form");
    html
}

/// Where the control of a field is in the page.
fn control(html: &str, field: Field) -> Option<usize> {
    html.find(&format!("id=\"{}\"", field.id()))
}

fn chosen(scenario: Scenario) -> Draft {
    Draft { scenario: Some(scenario), ..Draft::default() }
}

/// The list of what does not arise.
fn rest(html: &str) -> &str {
    let (_, rest) = html.split_once("Doesn't apply here (").unwrap_or_else(|| html.split_once("apply here (").unwrap());
    rest.split("</details>").next().unwrap()
}

#[test]
fn the_form_says_nothing_of_checks_whose_answers_are_not_known() {
    let (state, point) = state(None);
    let html = form(state, &point, chosen(Scenario::RestoreDisks));
    assert!(!html.contains("Checked: ") && !html.contains("Readiness"), "{html}");
}

#[test]
fn each_field_is_asked_for_or_named_with_the_reason_against_it() {
    let (state, point) = state(None);
    for scenario in Scenario::ALL {
        let html = form(state.clone(), &point, chosen(scenario));
        let rest = rest(&html);
        let mut not_asked = 0;
        for field in Field::ALL.into_iter().filter(|field| field.section().is_some()) {
            let named = rest.contains(&format!(">{}</strong>", field.label()));
            assert_ne!(control(&html, field).is_some(), named, "{scenario:?} {field:?}");
            not_asked += usize::from(named);
        }
        assert!(rest.starts_with(&format!("{not_asked})")), "{rest}");
        assert!(!html.contains("vmr-reason") || scenario == Scenario::SelectedDisks, "no disabled question: {html}");
    }
    // Replacing disks asks for one thing.
    let html = form(state, &point, chosen(Scenario::ReplaceDisks));
    let asked = |section: Section| -> Vec<Field> {
        let is_asked = |f: &Field| f.section() == Some(section) && control(&html, *f).is_some();
        Field::ALL.into_iter().filter(is_asked).collect()
    };
    assert_eq!(asked(Section::What), [Field::Scenario]);
    assert_eq!((asked(Section::Target).len(), asked(Section::Staging).len()), (0, 1));
}

#[test]
fn the_questions_stand_in_the_order_of_the_form_with_the_advanced_ones_folded() {
    let (state, point) = state(None);
    let html = form(state.clone(), &point, chosen(Scenario::AnotherVm));
    let places: Vec<usize> = Field::ALL.into_iter().filter_map(|field| control(&html, field)).collect();
    assert!(places.len() > 8 && places.is_sorted(), "{places:?}");
    let (before, after) = html.split_once("Advanced").unwrap();
    assert!(control(before, Field::StagingAccount).is_some() && control(after, Field::Zone).is_some());
    assert!(before.rsplit_once("<details").unwrap().1.find("open").is_none(), "it is closed");
    assert!(after.contains("zone, staging access: defaults"), "{after}");
    let zone = Draft { zone: ZoneChoice::Zone("2".to_owned()), ..chosen(Scenario::AnotherVm) };
    assert!(form(state, &point, zone).contains("zone: 2 (not possible) · staging access: default"));
}

#[test]
fn before_a_scenario_is_chosen_nothing_else_is_asked_for() {
    let (state, point) = state(None);
    let html = form(state, &point, Draft::default());
    let asked: Vec<Field> = Field::ALL.into_iter().filter(|field| control(&html, *field).is_some()).collect();
    assert_eq!(asked, [Field::Scenario]);
    assert!(html.contains("The settings it needs appear here.") && !html.contains("apply here ("), "{html}");
}

#[test]
fn a_suggested_value_says_that_it_is_suggested_and_why() {
    let (mut state, point) = state(None);
    let facts = sample::facts();
    let source = facts.item.source_resource_id.clone().unwrap();
    let interface = sample::id("rg/providers/Microsoft.Network/networkInterfaces/nic");
    let subnet = facts.lookups.networks.as_ref().unwrap()[0].subnets[0].id.clone();
    let machine = VirtualMachine::new(source.clone(), vec![(interface.clone(), true)]);
    state.catalog.entry_mut(&Key::Machine(source)).value = Some(Answer::Machine(Rc::new(machine)));
    let nic = NetworkInterface::new(interface.clone(), vec![(subnet, true)]);
    state.catalog.entry_mut(&Key::Interface(interface)).value = Some(Answer::Interface(Rc::new(nic)));
    let html = form(state.clone(), &point, chosen(Scenario::AnotherVm));
    for (field, why) in [
        (Field::TargetGroup, "the only suitable one"),
        (Field::VmName, "based on the original VM"),
        (Field::Network, "the original VM"),
        (Field::StagingAccount, "the only one without warnings"),
    ] {
        let id = format!("{}-suggested", field.id());
        let (_, note) = html.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{field:?}: {html}"));
        assert!(note.split("</p>").next().unwrap().contains(&format!("Suggested: {why}")), "{note}");
        assert!(html.contains(&format!("aria-describedby=\"{id}")), "{field:?}");
    }
    assert!(html.contains(">Suggested</span>"), "the request says so, too: {html}");
    // What the operator has chosen is no suggestion.
    let html = form(state, &point, sample::draft(Scenario::AnotherVm));
    assert!(!html.contains("Suggested: "), "{html}");
}

#[test]
fn what_was_kept_of_another_point_and_what_was_not_stands_above_the_form() {
    let (mut state, point) = state(None);
    let mut facts = sample::facts();
    Rc::make_mut(&mut facts.point).tiers.truncate(1);
    state.catalog.entry_mut(&Key::Point(point.id.clone())).value = Some(Answer::Point(facts.point));
    let other = Draft { point: Some("1".to_owned()), ..sample::draft(Scenario::ReplaceDisks) };
    let html = form(state.clone(), &point, other);
    assert!(html.contains("Settings kept from another recovery point"), "{html}");
    assert!(
        html.contains("No longer possible:") && html.contains("Replace existing disks: This recovery point is only"),
        "{html}"
    );
    let own = Draft { point: Some(point.id.name().to_owned()), ..sample::draft(Scenario::RestoreDisks) };
    assert!(!form(state, &point, own).contains("Settings kept"));
}

/// What an unmanaged machine's disks become is set where only one is possible: control, sentence and request say the same.
#[test]
fn a_forced_value_is_set_and_explained_instead_of_asked_for() {
    let shown = |change: fn(&mut Facts)| {
        let (mut state, point) = state(None);
        let mut facts = sample::facts();
        Rc::make_mut(&mut facts.point).managed = Some(false);
        change(&mut facts);
        state.catalog.entry_mut(&Key::Point(point.id.clone())).value = Some(Answer::Point(facts.point));
        form(state, &point, chosen(Scenario::RestoreDisks))
    };
    let html = shown(|_| ());
    assert!(control(&html, Field::DiskTarget).is_none() && control(&html, Field::TargetGroup).is_none(), "{html}");
    assert!(html.contains("as VHD blobs") && html.contains("re restored as VHD blobs."), "{html}");
    let html = shown(|facts| {
        let tiers = &mut Rc::make_mut(&mut facts.point).tiers;
        tiers.truncate(1);
        tiers[0].kind = TierKind::HardenedRP;
    });
    let managed = html.split("value=\"managed\"").nth(1).unwrap();
    assert!(managed.starts_with(" checked") && html.contains("The unmanaged disks are converted."), "{html}");
    assert!(html.contains("converted to managed disks") && html.contains("restoreWithManagedDisks"), "{html}");
}
