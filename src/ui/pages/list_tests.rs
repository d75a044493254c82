//! Every list says whether it is still being read, could not be read, could be read in part, or is empty.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ClientRequestId, Region};
use time::macros::datetime;

use super::tests::{assert_sound, at, state, without_graph};
use crate::app::catalog::PendingRead;
use crate::app::effect::CallId;
use crate::app::fleet::Facet;
use crate::app::fleet::view::FleetView;
use crate::app::key::{Answer, Key};
use crate::app::list_query::ListQuery;
use crate::app::list_status::ListStatus;
use crate::app::route::Route;
use crate::app::saved::{QuarantinedEntry, RESTORES};
use crate::app::session::Session;
use crate::app::state::State;
use crate::restore::field::Field;
use crate::restore::plan::plan;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;
use crate::restore::sample;
use crate::restore::scenario::Scenario;

const ALL: [ListStatus; 4] = [ListStatus::Loading, ListStatus::Failed, ListStatus::Partial, ListStatus::Complete];

/// Where the list begins; what stands there in the first three cases, and in the last.
type Words = (String, [&'static str; 3], &'static str);

/// Lets `key` be a list without entries, of which so much is known.
fn set(state: &mut State, key: &Key, empty: &Answer, known: ListStatus) {
    let fault = Fault::reported("GET /x", "ServiceUnavailable", "It is down.").with_status(503);
    let entry = state.catalog.entry_mut(key);
    entry.reading =
        (known == ListStatus::Loading).then(|| PendingRead::new(CallId(1), datetime!(2026-05-14 12:00 UTC), 0));
    entry.fault = matches!(known, ListStatus::Failed | ListStatus::Partial).then(|| Rc::new(fault));
    entry.value = matches!(known, ListStatus::Partial | ListStatus::Complete).then(|| empty.clone());
}

/// The list's own part of the page.
fn part<'a>(html: &'a str, from: &str) -> &'a str {
    let begin = html.find(from).unwrap_or_else(|| panic!("no {from}: {html}"));
    let end = match from {
        _ if from.starts_with("<select") => "</select>",
        // A picker: up to the next control.
        _ if from.starts_with("id=\"field-") && html[begin..].contains("<label") => "<label",
        _ => "</main>",
    };
    let length = html[begin..].find(end).unwrap();
    &html[begin..begin + length]
}

#[test]
fn a_list_is_called_empty_only_where_all_of_it_was_read() {
    let (mut base, point) = state(Some(Scenario::AnotherVm));
    without_graph(&mut base);
    let (item, vault) = (point.item().unwrap(), point.vault().unwrap());
    let there = RegionalId { secondary: Some(Region::new("northeurope")), ..item.clone() };
    let vms = || Route::Vms(Default::default());
    let own = base.subscription().unwrap();
    let panel = "<section class=\"vmr-panel\"";
    let panels = ["Loading", "Couldn't load this list", "Nothing in the part that loaded"];
    let select = |id: &str| format!("<select id=\"{id}\"");
    let picker = ["Loading…", "Couldn't be loaded", "Choose one (list incomplete)"];
    let picked = |field: Field| (format!("id=\"{}\"", field.id()), picker, "None available to your account");
    let form = || Route::Form(point.clone());
    let (items, groups) = (Answer::Items([].into()), Key::Groups(own.clone()));
    let lists: Vec<(Route, Key, Answer, Words)> = vec![
        (vms(), Key::Items(vault.clone()), items.clone(), (panel.into(), panels, "No protected VMs")),
        (
            Route::Vms(FleetView::only(Facet::Vault, vault.as_str())),
            Key::Items(vault.clone()),
            items.clone(),
            (panel.into(), panels, "No protected VMs"),
        ),
        (
            Route::Secondary { vault: Some(vault.clone()), region: there.secondary.clone() },
            Key::SecondaryItems(vault.clone()),
            items,
            (panel.into(), panels, "No replicated VMs in the secondary region"),
        ),
        (
            Route::Points(item.clone()),
            Key::Points(item.id.clone()),
            Answer::Points([].into()),
            (panel.into(), panels, "No recovery points"),
        ),
        (
            Route::Points(there),
            Key::SecondaryPoints(item.id.clone()),
            Answer::Points([].into()),
            (panel.into(), panels, "No recovery points"),
        ),
        (
            Route::jobs(Some(vault.clone())),
            Key::Jobs(vault),
            Answer::Jobs([].into()),
            (panel.into(), panels, "This vault has no jobs."),
        ),
        (
            Route::jobs(None),
            Key::Vaults(own.clone()),
            Answer::Vaults([].into()),
            (select("vault"), ["Loading…", "Couldn't be loaded", "Choose a vault"], "No vaults in this subscription"),
        ),
        (
            Route::jobs(None),
            Key::Subscriptions,
            Answer::Subscriptions([].into()),
            (
                select("subscription"),
                ["Loading…", "Couldn't be loaded", "Choose a subscription"],
                "No subscriptions available to your account",
            ),
        ),
        (form(), groups, Answer::Groups([].into()), picked(Field::TargetGroup)),
        (form(), Key::Accounts(own.clone()), Answer::Accounts([].into()), picked(Field::StagingAccount)),
        (form(), Key::Networks(own), Answer::Networks([].into()), picked(Field::Network)),
    ];
    for (route, key, empty, (from, others, none)) in lists {
        for known in ALL {
            let mut state = base.clone();
            set(&mut state, &key, &empty, known);
            let html = at(&state, route.clone());
            let shown = part(&html, &from);
            let says = ALL.iter().position(|one| *one == known).and_then(|at| others.get(at)).copied().unwrap_or(none);
            assert!(shown.contains(says), "{key:?} {known:?} says “{says}”: {shown}");
            for other in others.into_iter().chain([none]).filter(|other| *other != says && !says.contains(other)) {
                assert!(!shown.contains(other), "{key:?} {known:?} says “{other}”: {shown}");
            }
            assert!(known == ListStatus::Complete || !shown.contains(" 0<"), "{key:?} {known:?} counts none: {shown}");
            assert_sound(&html, &format!("{key:?} {known:?}"));
        }
    }
}

#[test]
fn a_picker_is_read_when_all_lists_are_that_it_is_made_of() {
    let (mut state, point) = state(Some(Scenario::AnotherVm));
    let mut facts = sample::facts();
    let select = |state: &State, field: Field| {
        let html = at(state, Route::Form(point.clone()));
        part(&html, &format!("id=\"{}\"", field.id())).to_owned()
    };
    // Azure is asked for identities only where the vault has one.
    let mut vault = (*facts.vault).clone();
    vault.identity = None;
    let key = Key::Vault(vault.id.clone());
    state.catalog.entry_mut(&key).value = Some(Answer::Vault(Rc::new(vault)));
    assert!(!select(&state, Field::StagingAccess).contains("Loading"), "nothing is being read");
    // The sets for the OS disk of a confidential machine are those of the target subscription.
    Rc::make_mut(&mut facts.point).security_type = Some("ConfidentialVM".to_owned());
    Rc::make_mut(&mut facts.point).tiers.truncate(1);
    state.catalog.entry_mut(&Key::Point(point.id.clone())).value = Some(Answer::Point(facts.point));
    let sets = Key::EncryptionSets(state.subscription().unwrap());
    for (known, says) in [(ListStatus::Loading, "Loading…"), (ListStatus::Failed, "Couldn't be loaded")] {
        set(&mut state, &sets, &Answer::EncryptionSets([].into()), known);
        let shown = select(&state, Field::OsEncryptionSet);
        assert!(shown.contains(says) && !shown.contains("None available to your account"), "{known:?}: {shown}");
    }
}

#[test]
fn the_vaults_come_before_their_machines() {
    let (mut state, _) = state(None);
    without_graph(&mut state);
    let own = state.subscription().unwrap();
    set(&mut state, &Key::Vaults(own.clone()), &Answer::Vaults([].into()), ListStatus::Failed);
    let html = at(&state, Route::Vms(Default::default()));
    assert!(html.contains("Couldn't load this list") && !html.contains("No protected VMs"), "{html}");
    set(&mut state, &Key::Vaults(own), &Answer::Vaults([].into()), ListStatus::Complete);
    assert!(at(&state, Route::Vms(Default::default())).contains("No protected VMs"));
}

#[test]
fn deleted_vaults_that_could_not_be_read_are_not_said_to_be_none() {
    let (mut state, _) = state(None);
    state.view.deleted_vaults = true;
    let keys = state.deleted_vault_lists(&state.subscription().unwrap());
    let says = ["Loading…", "Couldn't load this list", "Nothing in the part that loaded", "No soft-deleted vaults"];
    for (known, says) in ALL.into_iter().zip(says) {
        keys.iter().for_each(|key| set(&mut state, key, &Answer::DeletedVaults([].into()), known));
        let html = at(&state, Route::Vms(Default::default()));
        assert!(part(&html, "<h2>Soft-deleted vaults</h2>").contains(says), "{known:?}: {html}");
    }
}

#[test]
fn restores_that_cannot_be_read_are_not_said_to_be_none() {
    let (mut state, _) = state(None);
    assert!(at(&state, Route::restores()).contains("No restores yet"));
    state.quarantine.push(QuarantinedEntry { at: state.now, key: RESTORES.to_owned(), text: "?".to_owned() });
    let html = at(&state, Route::restores());
    assert!(html.contains("Nothing in the part that loaded") && !html.contains("No restores yet"), "{html}");
    assert!(html.contains("Restores may be missing here, because saved data couldn't be read (1)"), "{html}");
}

#[test]
fn restores_that_the_browser_does_not_give_are_not_said_to_be_none() {
    let (mut state, _) = state(None);
    state.records_unread = true;
    let html = at(&state, Route::restores());
    assert!(html.contains("Nothing in the part that loaded") && !html.contains("No restores yet"), "{html}");
    assert!(html.contains("this browser doesn't give this page its saved data"), "{html}");
    let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
    let html = at(&state, Route::Restore(id));
    assert!(html.contains("Restore not loaded") && !html.contains("isn't in this browser"), "{html}");
}

#[test]
fn restores_are_searched_by_the_name_of_their_machine() {
    let (mut state, _) = state(None);
    let (facts, cloud) = (sample::facts(), state.cloud());
    let plan = plan(&facts, &sample::draft(Scenario::AnotherVm)).unwrap();
    let restore = |nth: usize| {
        let id = ClientRequestId::parse(&format!("0f8fad5b-d9cb-469f-a165-{nth:012}")).unwrap();
        RestoreRun { vm: format!("WEB-{nth}"), ..RestoreRun::intent(&plan, &facts, &cloud, id, state.now) }
    };
    state.restores = (0..20).map(restore).collect();
    assert!(at(&state, Route::restores()).contains("20: 20 running"));
    state.restores = (0..30).map(restore).collect();
    let html = at(&state, Route::restores());
    assert!(
        html.contains("Search restores")
            && html.contains("aria-rowcount=\"31\"")
            && html.contains("Searches all rows."),
        "{html}"
    );
    let searching = |text: &str| Route::Restores(ListQuery::default().searching(text.to_owned()));
    let html = at(&state, searching("web-29 "));
    assert!(html.contains("WEB-29") && !html.contains("WEB-28") && html.contains("1 of 30"), "{html}");
    let html = at(&state, searching("sql"));
    assert!(html.contains("No restores match") && html.contains("Search restores"), "{html}");
}

#[test]
fn tenants_that_could_not_be_read_are_not_being_read() {
    let (mut state, _) = state(None);
    state.session = Session::Demo;
    for (known, says, not) in [
        (ListStatus::Loading, "Loading tenants…", "Couldn't load"),
        (ListStatus::Failed, "Couldn't load this list", "Loading tenants"),
    ] {
        set(&mut state, &Key::Tenants, &Answer::Tenants([].into()), known);
        let html = at(&state, Route::Account);
        assert!(html.contains(says) && !html.contains(not), "{known:?}: {html}");
    }
}
