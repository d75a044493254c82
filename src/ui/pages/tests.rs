//! Every page as a browser would receive it: sound as a document, and saying what it must.

use std::collections::BTreeSet;
use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::graph::ResultPage;
use azure_backup::arm::id::ClientRequestId;
use azure_backup::arm::id::Region;
use azure_backup::backup::fleet::MachineRow;
use azure_backup::backup::lookups::Subscription;
use azure_backup::backup::vault::EncryptionConfig;
use azure_backup::backup::vault::Vault;
use time::macros::datetime;

use super::*;
use crate::app::config::{Config, ConfigError};
use crate::app::fleet::status::GraphRows;
use crate::app::key::Answer;
use crate::app::records::Restores;
use crate::app::session::{Session, TokenError};
use crate::restore::draft::Draft;
use crate::restore::plan::plan;
use crate::restore::regional_id::RegionalId;
use crate::restore::run::RestoreRun;
use crate::restore::sample;
use crate::restore::scenario::Scenario;
use crate::ui::App;
use crate::ui::kit::test::html_of_component;

#[test]
fn a_reported_threat_is_said_once_at_the_top_of_the_form() {
    let (mut state, place) = state(Some(Scenario::RestoreDisks));
    let mut facts = sample::facts();
    Rc::make_mut(&mut facts.point).threat_status = Some(azure_backup::backup::threat::ThreatStatus::UnHealthy);
    state.catalog.entry_mut(&Key::Point(place.id.clone())).value = Some(Answer::Point(facts.point));
    let html = at(&state, Route::Form(place));
    assert!(html.contains("Threats reported") && !html.contains("threat is reported"), "{html}");
}

/// A state in which everything of the sample has been read and `scenario` is chosen.
pub(super) fn state(scenario: Option<Scenario>) -> (State, RegionalId) {
    let facts = sample::facts();
    let mut state = State::new(datetime!(2026-05-14 12:00 UTC));
    state.started = true;
    state.session = Session::Demo;
    let point = facts.point.id.clone();
    let (vault, own) = (facts.vault.id.clone(), facts.vault_subscription().unwrap());
    let source = facts.item.source_resource_id.clone().unwrap();
    let look = facts.lookups.clone();
    let mut read = |key: Key, value: Answer| {
        let entry = state.catalog.entry_mut(&key);
        entry.value = Some(value);
        entry.at = Some(datetime!(2026-05-14 12:00 UTC));
    };
    let fleet = ResultPage::new(vec![MachineRow::from(&*facts.item)]);
    read(Key::Fleet, Answer::Fleet(Rc::new(GraphRows::shared(fleet))));
    read(Key::Subscriptions, Answer::Subscriptions(look.subscriptions.unwrap()));
    read(Key::Vaults(own.clone()), Answer::Vaults([facts.vault.clone()].into()));
    read(Key::Vault(vault.clone()), Answer::Vault(facts.vault.clone()));
    read(Key::Items(vault.clone()), Answer::Items([facts.item.clone()].into()));
    read(Key::Points(facts.item.id.clone()), Answer::Points([facts.point.clone()].into()));
    read(Key::Point(point.clone()), Answer::Point(facts.point.clone()));
    read(Key::Encryption(vault.clone()), Answer::Encryption(Rc::new(EncryptionConfig::default())));
    read(Key::Guards(vault.clone()), Answer::Guards([].into()));
    read(Key::Exists(source), Answer::Exists(Rc::new(true)));
    read(Key::Accounts(own.clone()), Answer::Accounts(look.storage_accounts.unwrap()));
    read(Key::Groups(own.clone()), Answer::Groups(look.groups.unwrap()));
    read(Key::Networks(own), Answer::Networks(look.networks.unwrap()));
    read(Key::Jobs(vault.clone()), Answer::Jobs([].into()));
    read(Key::SecondaryItems(vault), Answer::Items([facts.item.clone()].into()));
    read(Key::SecondaryPoints(facts.item.id.clone()), Answer::Points([facts.point.clone()].into()));
    read(Key::SecondaryPoint(point.clone()), Answer::Point(facts.point.clone()));
    if let Some(scenario) = scenario {
        let draft = sample::draft(scenario);
        if let Some(vm) = facts.target_vm(&draft) {
            read(Key::Exists(vm), Answer::Exists(Rc::new(false)));
        }
        let plan = plan(&facts, &draft).unwrap();
        let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
        state.restores = vec![RestoreRun::intent(&plan, &facts, &state.cloud(), id, state.now)].into();
        state.drafts.insert(&point.clone().into(), draft);
    }
    (state, point.into())
}

/// Lets Resource Graph refuse access, so that the machines come from the lists of vaults, and from the sample's subscription alone.
pub(super) fn without_graph(state: &mut State) {
    let refusal = Fault::reported("POST /resources", "AuthorizationFailed", "No permission.").with_status(403);
    let entry = state.catalog.entry_mut(&Key::Fleet);
    (entry.value, entry.at, entry.fault) = (None, None, Some(Rc::new(refusal)));
    let own = state.subscription().unwrap();
    let all = state.catalog.get::<[Rc<Subscription>]>(&Key::Subscriptions).unwrap();
    let only = all.iter().filter(|subscription| subscription.id == own).cloned().collect();
    state.catalog.entry_mut(&Key::Subscriptions).value = Some(Answer::Subscriptions(only));
}

fn html(state: &State) -> String {
    let view = PageContext { state: Rc::new(state.clone()).into(), dispatch: Callback::noop() };
    html_of_component::<App>(PageProps { view })
}

pub(super) fn at(state: &State, route: Route) -> String {
    html(&State { route, ..state.clone() })
}

/// The values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

pub(super) fn assert_sound(html: &str, page: &str) {
    let ids: Vec<&str> = values(html, "id");
    let known: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), known.len(), "{page}: an id is there twice: {ids:?}");
    for attribute in ["for", "aria-describedby", "aria-labelledby"] {
        for id in values(html, attribute).into_iter().flat_map(str::split_whitespace) {
            assert!(known.contains(id), "{page}: {attribute} names #{id}, which is not there");
        }
    }
    let labelled: BTreeSet<&str> = values(html, "for").into_iter().collect();
    for tag in ["<input ", "<select ", "<textarea "] {
        for control in html.split(tag).skip(1) {
            let control = format!(" {}", control.split('>').next().unwrap());
            let id = values(&control, "id");
            assert!(
                id.first().is_some_and(|id| labelled.contains(id)),
                "{page}: a control without a label: {tag}{control}"
            );
        }
    }
    assert_eq!(html.matches("<h1").count(), 1, "{page}: one h1");
    assert!(!html.contains(" style="), "{page}: the content policy refuses style attributes");
    let levels: Vec<u32> = html.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)).collect();
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{page}: headings skip a level: {levels:?}");
}

#[test]
fn every_page_is_a_sound_document() {
    for scenario in Scenario::ALL.into_iter().map(Some).chain([None]) {
        let (state, point) = state(scenario);
        let item = point.item().unwrap();
        let there = RegionalId { secondary: Some(Region::new("northeurope")), ..point.clone() };
        let id = ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap();
        for route in [
            Route::Connect,
            Route::Vms(Default::default()),
            Route::Points(item),
            Route::Form(point.clone()),
            Route::Review(point.clone()),
            Route::Files(point.clone()),
            Route::Files(there.clone()),
            Route::Secondary { vault: None, region: None },
            Route::Secondary { vault: point.vault(), region: None },
            Route::Secondary { vault: point.vault(), region: there.secondary.clone() },
            Route::Points(there.item().unwrap()),
            Route::Form(there.clone()),
            Route::Review(there.clone()),
            Route::restores(),
            Route::Restore(id),
            Route::jobs(point.vault()),
            Route::Activity,
            Route::Settings,
            Route::Linked("1.x".to_owned()),
            Route::Unknown("#/x".to_owned()),
        ] {
            let page = format!("{} with {scenario:?}", route.hash());
            assert_sound(&at(&state, route), &page);
        }
    }
}

#[test]
fn what_is_missing_keeps_start_disabled_and_leads_to_its_field() {
    let (mut state, point) = state(Some(Scenario::AnotherVm));
    state.restores = Restores::default();
    let start = |html: &str| html.split(">Start restore<").next().unwrap().rsplit("<button").next().unwrap().to_owned();
    let ready = at(&state, Route::Review(point.clone()));
    assert!(!start(&ready).contains("disabled"), "{ready}");
    state.drafts.insert(&point, Draft { subnet: None, ..state.draft(&point) });
    let html = at(&state, Route::Review(point));
    assert!(start(&html).contains("disabled") && start(&html).contains("aria-describedby=\"missing\""), "{html}");
    assert!(
        html.contains("aria-label=\"What is missing\"") && html.contains(">Subnet</a>: Select a subnet."),
        "{html}"
    );
}

#[test]
fn a_restore_that_runs_already_is_not_offered_again() {
    let (state, point) = state(Some(Scenario::AnotherVm));
    let html = at(&state, Route::Review(point));
    assert!(html.contains("This restore is already running"), "the sample is: {html}");
    let button = html.split(">Start restore<").next().unwrap().rsplit("<button").next().unwrap();
    assert!(button.contains("disabled"), "{button}");
}

#[test]
fn what_cannot_be_saved_can_be_started_all_the_same() {
    let (mut state, point) = state(Some(Scenario::AnotherVm));
    state.restores = Restores::default();
    assert!(!at(&state, Route::Review(point.clone())).contains("Start without saving"));
    state.cannot_save = Some("The quota has been exceeded.".to_owned());
    let html = at(&state, Route::Review(point));
    assert!(html.contains("Start without saving") && html.contains("The quota has been exceeded."), "{html}");
}

#[test]
fn replacing_disks_asks_for_the_name() {
    let (mut state, point) = state(Some(Scenario::ReplaceDisks));
    assert!(!at(&state, Route::Review(point.clone())).contains("What is missing"), "the sample confirms");
    state.drafts.insert(&point, Draft { confirm: "WEB-01".to_owned(), ..state.draft(&point) });
    let html = at(&state, Route::Review(point));
    assert!(
        html.contains("Type the VM name to confirm") && html.contains("Type <code><bdi>web-01</bdi></code> to confirm"),
        "{html}"
    );
}

#[test]
fn the_machine_of_the_request_is_named_and_not_the_label_of_the_list() {
    let (mut state, point) = state(Some(Scenario::ReplaceDisks));
    state.restores = Restores::default();
    let item = point.item().unwrap().id;
    let mut relabeled = (*sample::facts().item).clone();
    relabeled.friendly_name = "prod-`01".to_owned();
    let items = Answer::Items([Rc::new(relabeled)].into());
    state.catalog.entry_mut(&Key::Items(point.vault().unwrap())).value = Some(items);
    let html = at(&state, Route::Review(point.clone()));
    let warned = "The backup item is labeled <bdi>prod-`01</bdi>, but the VM in the request is <bdi>web-01</bdi>.";
    for text in [
        "Replaces the disks of <code><bdi>web-01</bdi></code> with",
        "Type <code><bdi>web-01</bdi></code> to confirm.",
        "<dd><bdi>web-01</bdi> (labeled <bdi>prod-`01</bdi>)</dd>",
        warned,
    ] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(html.contains("class=\"vmr-danger\">Start restore"), "the machine's name confirms: {html}");
    let typed = Draft { confirm: "prod-`01".to_owned(), ..state.draft(&point) };
    state.drafts.insert(&point, typed);
    let html = at(&state, Route::Review(point.clone()));
    assert!(
        html.contains("aria-describedby=\"missing\" disabled=\"disabled\" class=\"vmr-danger\">Start restore"),
        "the label does not: {html}"
    );
    without_graph(&mut state);
    let listed = at(&state, Route::Vms(Default::default()));
    assert!(listed.contains("<bdi>prod-`01</bdi></a><small>In Azure: <bdi>web-01</bdi>"), "{listed}");
    assert!(at(&state, Route::Form(point)).contains("The backup item is labeled"), "{item}");
}

#[test]
fn a_place_of_azure_shows_the_start_until_connected() {
    let (mut state, point) = state(None);
    state.session = Session::Disconnected;
    state.token_error = Some(TokenError::Empty);
    let html = at(&state, Route::Form(point));
    assert!(html.contains("Start the demo") && html.contains("Paste an access token."), "{html}");
}

#[test]
fn a_wrong_configuration_is_told() {
    let (mut state, _) = state(None);
    state.config = Rc::new(Config::default());
    state.config_error = Some(ConfigError::Wrong("unknown field `clouds`".to_owned()));
    assert!(html(&state).contains("unknown field `clouds`"));
}

#[test]
fn a_failed_answer_is_told_with_its_place_and_the_rest_stays() {
    let (mut state, point) = state(None);
    let vault = point.vault().unwrap();
    let mut fault = Fault::reported("GET /items", "AuthorizationFailed", "No permission.");
    fault.status = Some(403);
    without_graph(&mut state);
    state.catalog.entry_mut(&Key::Items(vault)).fault = Some(Rc::new(fault));
    let html = at(&state, Route::Vms(Default::default()));
    for text in
        ["Couldn't load protected items for vault", "AuthorizationFailed", "Try again", "><bdi>web-01</bdi></a>"]
    {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn both_regions_stand_on_every_page_of_a_cross_region_restore() {
    let (mut state, point) = state(None);
    let there = RegionalId { secondary: Some(Region::new("northeurope")), ..point.clone() };
    for route in [Route::Points(there.item().unwrap()), Route::Form(there.clone()), Route::Review(there.clone())] {
        let html = at(&state, route);
        assert!(html.contains("aria-label=\"Regions\"") && html.contains(">northeurope<"), "{html}");
        assert!(html.contains("original location"), "{html}");
    }
    let html = at(&state, Route::Points(there.item().unwrap()));
    assert!(
        html.contains("Latest copy: 2026-05-14 08:49 UTC")
            && html.contains("We couldn't read the primary region's latest point."),
        "{html}"
    );
    assert!(!at(&state, Route::Points(point.item().unwrap())).contains("aria-label=\"Regions\""));
    // A region that neither Azure nor its own client pairs with another.
    let vault = point.vault().unwrap();
    let known = state.catalog.get::<Vault>(&Key::Vault(vault.clone())).unwrap();
    let mut alone = (*known).clone();
    alone.location = Region::new("qatarcentral");
    state.catalog.entry_mut(&Key::Vault(vault.clone())).value = Some(Answer::Vault(Rc::new(alone)));
    let html = at(&state, Route::Secondary { vault: Some(vault), region: None });
    assert!(
        html.contains("We couldn't detect the paired region. Select it above.")
            && html.contains("lists no paired region"),
        "{html}"
    );
}
