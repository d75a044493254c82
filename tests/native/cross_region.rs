//! Cross-region restores over the simulator, in virtual time: every stage, every outcome, and a reload after every message.

use std::cell::RefCell;
use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::cross_region::NOT_SHOWN;
use azure_backup::backup::vault::Vault;
use bytes::Bytes;
use http::Response;
use time::Duration;
use vm_restore::app::fleet::status;
use vm_restore::app::key::{Answer, Key};
use vm_restore::app::msg::{Msg, Transport};
use vm_restore::app::needs;
use vm_restore::app::route::Route;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::state::State;
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::rules;
use vm_restore::restore::run::{JobMatch, Stage};
use vm_restore::restore::scenario::Scenario;

use crate::matrix::OTHERS;
use crate::operator::{choose, find, open_secondary as open, page, vault};
use crate::page::Page;

/// What can be restored in the secondary region.
const SCENARIOS: [Scenario; 3] = [Scenario::RestoreDisks, Scenario::SelectedDisks, Scenario::AnotherVm];

fn start(page: &mut Page, vault: &str, vm: &str, scenario: Scenario) -> RegionalId {
    let point = open(page, vault, vm);
    choose(page, &point, scenario);
    if let Err(why) = page.state.plan(&point) {
        panic!("{vm} {scenario:?}: {why:?}, missing {:?}", page.state.facts_missing(&point));
    }
    page.start_restore();
    point
}

fn finish(page: &mut Page) -> String {
    page.wait_until(Duration::hours(12), |s| s.restores.first().is_some_and(|r| !r.is_running()));
    page.restore().state_text()
}

/// The calls to the secondary region from the preparation of the trigger on; repeated polls count once.
fn chain(page: &Page) -> Vec<String> {
    let from = page.sent.iter().position(|(_, path)| path.ends_with("/backupAadProperties")).unwrap();
    let mut calls: Vec<String> = Vec::new();
    let parts = [
        "backupAadProperties",
        "accessToken",
        "backupCrossRegionRestore",
        "backupCrrOperationsStatus",
        "backupCrrJobs",
        "backupCrrJob",
    ];
    for (method, path) in &page.sent[from..] {
        let Some(part) = parts.into_iter().find(|part| path.contains(part)) else { continue };
        let call = format!("{method} {part}");
        if calls.last() != Some(&call) {
            calls.push(call);
        }
    }
    calls
}

#[test]
fn the_chain_comes_to_its_end_in_every_version() {
    for version in
        [ApiVersion::CROSS_REGION_DEFAULT, ApiVersion::CROSS_REGION_TUTORIAL, ApiVersion::CROSS_REGION_NEWEST]
    {
        for scenario in SCENARIOS {
            if version == ApiVersion::CROSS_REGION_TUTORIAL && scenario == Scenario::SelectedDisks {
                continue; // it cannot read which disks a point holds
            }
            let told = format!("{version} {scenario:?}");
            let mut page = page();
            page.say(Msg::SetVersion(version.clone()));
            start(&mut page, "fault-vault-region-down", "shop-web-01", scenario);
            assert_eq!(finish(&mut page), "Completed", "{told}");
            assert_eq!(page.triggers(), 1, "{told}");
            assert!(page.simulator.triggers()[0].cross_region, "{told}");
            assert!(page.restore().wrong_disks().is_none(), "{told}");
            assert!(!page.restore().created().is_empty() && !page.restore().job().unwrap().tasks.is_empty(), "{told}");
            let expected = [
                "GET backupAadProperties",
                "POST accessToken",
                "POST backupCrossRegionRestore",
                "GET backupCrrOperationsStatus",
                "POST backupCrrJob",
            ];
            assert_eq!(chain(&page), expected, "{told}");
        }
    }
}

#[test]
fn the_access_token_is_sent_byte_for_byte_and_kept_nowhere() {
    let mut page = page();
    let seen: Rc<RefCell<(Vec<u8>, Vec<u8>)>> = Rc::default();
    let watched = seen.clone();
    page.spoil = Box::new(move |request, answer| {
        let path = request.uri().path();
        if path.ends_with("/accessToken") {
            watched.borrow_mut().0 = answer.as_ref().unwrap().body().to_vec();
        } else if path.ends_with("/backupCrossRegionRestore") {
            watched.borrow_mut().1 = request.body().to_vec();
        }
        answer
    });
    start(&mut page, "contoso-vault-neu", "erp-01", Scenario::RestoreDisks);
    page.wait_until(Duration::minutes(1), |s| !s.restores[0].stage.is_being_sent());
    let (token, sent) = seen.take();
    let token = std::str::from_utf8(&token).unwrap();
    let content = token.strip_prefix("{\"properties\":").and_then(|t| t.strip_suffix('}')).unwrap();
    let sent = String::from_utf8(sent).unwrap();
    assert!(content.contains("protectionContainerId") && content.contains("<IaaSVMRecoveryPointMetadataBase"));
    assert_eq!(
        sent,
        page.asked().text.replace(&format!("\"{NOT_SHOWN}\""), content),
        "shown is what was sent, but for the token"
    );
    let secret: serde_json::Value = serde_json::from_str(content).unwrap();
    let secret = secret["accessTokenString"].as_str().unwrap();
    let everything = format!("{:?}", page.state);
    assert!(page.restore().stage != Stage::Intent && page.state.activity.len() > 5);
    for (what, text) in [("state", &everything), ("storage", &format!("{:?}", page.storage))] {
        for part in [secret, "IaaSVMRecoveryPointMetadataBase", "coordinatorServiceStampUri"] {
            assert!(!text.contains(part), "{part} is in the {what}");
        }
    }
    for exchange in page.state.activity.iter() {
        assert!(!exchange.curl().contains(secret), "{}", exchange.what);
    }
    let shown = page.state.activity.iter().find(|e| e.path().ends_with("/accessToken")).unwrap();
    assert_eq!(shown.answer.as_deref(), Some(NOT_SHOWN));
    assert!(shown.body.as_ref().unwrap().contains("audience"), "what was asked is shown");
}

#[test]
fn a_list_of_disks_is_sent_only_when_disks_were_picked() {
    for (scenario, luns) in
        [(Scenario::RestoreDisks, None), (Scenario::AnotherVm, None), (Scenario::SelectedDisks, Some(1))]
    {
        let mut page = page();
        let point = open(&mut page, "fault-vault-region-down", "shop-web-01");
        choose(&mut page, &point, scenario);
        let plan = page.state.plan(&point).unwrap();
        assert_eq!(plan.request.restore_disk_lun_list.as_ref().map(Vec::len), luns, "{scenario:?}");
        assert_eq!(plan.request.region.as_deref(), Some("westeurope"));
        assert!(plan.effect.contains("secondary region"), "{}", plan.effect);
    }
}

#[test]
fn only_what_is_in_the_secondary_region_can_be_chosen_there() {
    let mut page = page();
    let point = open(&mut page, "contoso-vault-neu", "erp-01");
    choose(&mut page, &point, Scenario::AnotherVm);
    let draft = page.state.draft(&point);
    let facts = page.state.facts(&point, &draft).unwrap();
    let accounts = facts.lookups.storage_accounts.clone().unwrap();
    let fits = |name: &str| {
        let account = accounts.iter().find(|a| a.name == name).unwrap();
        rules::account_reasons(&facts, &draft, account).iter().all(|r| !r.blocks())
    };
    assert!(fits("contosostageweu") && !fits("contosostageneu"));
    let why = rules::scenario_reasons(&facts, Scenario::ReplaceDisks);
    assert!(why.iter().any(|r| r.rule == "replace-in-own-region" && r.blocks()));
}

#[test]
fn a_vault_without_cross_region_restore_is_not_asked() {
    let mut page = page();
    // Whoever comes from a machine has read its vault.
    let vault = find(&mut page, "web-01").vault_id().unwrap();
    page.sent.clear();
    page.say(Msg::Go(Route::Secondary { vault: Some(vault.clone()), region: None }));
    page.wait_until(Duration::minutes(5), |_| false);
    assert_eq!(page.state.vault(&vault).unwrap().cross_region_restore, Some(false));
    assert!(page.sent.iter().all(|(_, path)| !path.contains("backupProtectedItems")), "{:?}", page.sent);
}

#[test]
fn an_old_vault_is_asked_by_its_storage() {
    for (name, expected) in [("contoso-vault-weu", false), ("contoso-vault-neu", true)] {
        let mut page = page();
        // Old vaults do not say it of themselves.
        page.spoil = Box::new(|_, answer| {
            answer.map(|a| a.map(|body| String::from_utf8_lossy(&body).replace("redundancySettings", "other").into()))
        });
        page.say(Msg::Refresh);
        let vault = vault(&mut page, name);
        page.say(Msg::Go(Route::Secondary { vault: Some(vault.clone()), region: None }));
        assert_eq!(page.state.vault(&vault).unwrap().cross_region_restore, None);
        assert_eq!(page.state.cross_region(&vault), Some(expected), "{name}");
        // The storage config may be outdated, so the copies are listed nevertheless, and that answer counts.
        assert!(page.sent.iter().any(|(_, path)| path.contains("backupProtectedItems")), "{name}: {:?}", page.sent);
    }
}

#[test]
fn the_primary_region_is_down_and_the_restore_is_made_all_the_same() {
    let mut page = page();
    page.say(Msg::Go(Route::Connect));
    page.say(Msg::Practise);
    let Route::Vms(machines) = page.state.route.clone() else { panic!("{:?}", page.state.route) };
    let vault = machines.vault().unwrap();
    assert_eq!(vault.name(), "fault-vault-region-down");
    // Resource Graph knows its machines; the vault itself does not answer.
    let rows = status::rows(&page.state.catalog);
    let row = rows.iter().find(|row| row.vault_id().as_ref() == Some(&vault)).unwrap();
    page.say(Msg::Go(Route::Points(row.id.clone().into())));
    let fault = page.state.catalog.fault(&Key::Item(row.id.clone())).expect("the primary region does not answer");
    assert!(fault.is_retryable());
    for scenario in SCENARIOS {
        let mut page = page.fork();
        start(&mut page, "fault-vault-region-down", "shop-web-01", scenario);
        assert!(page.state.primary_fault(&vault).is_some());
        assert_eq!(finish(&mut page), "Completed", "{scenario:?}");
        assert_eq!(page.triggers(), 1);
    }
    // A new tab that opens the link knows only its address, and the vault list may be missing as well.
    let point = open(&mut page, "fault-vault-region-down", "shop-web-01");
    choose(&mut page, &point, Scenario::RestoreDisks);
    page.spoil = Box::new(|request, answer| {
        let list = request.uri().path().ends_with("/providers/Microsoft.RecoveryServices/vaults");
        if list { Err(Transport::Network("Failed to fetch".to_owned())) } else { answer }
    });
    page.reload_at(Route::Review(point.clone()));
    page.wait_until(Duration::minutes(10), |s| s.catalog.next_retry().is_none());
    assert!(page.state.plan(&point).is_ok(), "{:?}", page.state.plan(&point));
    assert_eq!(page.state.facts_missing(&point), []);
    page.start_restore();
    assert_eq!(finish(&mut page), "Completed");
}

#[test]
fn restores_of_both_regions_are_followed_side_by_side_with_one_list_each() {
    let mut page = page();
    for vm in ["erp-01", "erp-02", "erp-db-01"] {
        start(&mut page, "contoso-vault-neu", vm, Scenario::RestoreDisks);
    }
    for vm in ["erp-01", "erp-02"] {
        crate::operator::start(&mut page, vm, Scenario::RestoreDisks);
    }
    page.say(Msg::Go(Route::restores()));
    page.wait_until(Duration::minutes(3), |s| s.restores.iter().all(|r| r.job().is_some()));
    page.sent.clear();
    let begun = page.now;
    page.wait_until(Duration::hours(12), |s| s.restores.iter().all(|r| !r.is_running()));
    let states: Vec<String> = page.state.restores.iter().map(|r| r.state_text()).collect();
    assert_eq!(states, ["Completed"; 5], "{:?}", page.state.restores[0].stage);
    let count = |end: &str| page.sent.iter().filter(|(_, path)| path.ends_with(end)).count();
    let rounds = usize::try_from((page.now - begun).whole_seconds() / 30).unwrap() + 2;
    assert!(count("/backupCrrJobs") > 0 && count("/backupCrrJobs") <= rounds, "{}", count("/backupCrrJobs"));
    assert!(count("/backupCrrJob") <= 3 * 2, "the details once, at the end");
    let vault = page.state.restores[0].vault.clone();
    page.say(Msg::Go(Route::jobs(Some(vault.clone()))));
    let (_, key) = page.state.secondary_jobs(&vault).expect("its jobs of the secondary region are listed as well");
    assert_eq!(page.state.catalog.get::<[Rc<azure_backup::backup::job::Job>]>(&key).unwrap().len(), 3);
}

#[test]
fn a_job_of_the_secondary_region_is_never_offered_for_cancelling() {
    let mut page = page();
    start(&mut page, "contoso-vault-neu", "erp-01", Scenario::RestoreDisks);
    page.wait_until(Duration::minutes(3), |s| s.restores[0].job().is_some());
    assert!(page.restore().is_running() && !page.restore().can_cancel());
}

/// What happens to virtual machines of the fault vault in the secondary region, and how the restore ends.
pub(crate) fn outcomes() -> Vec<(&'static str, &'static str)> {
    OUTCOMES.into_iter().chain(OTHERS).collect()
}

/// In addition to what Azure does in both regions.
const OUTCOMES: [(&str, &str); 11] = [
    ("fault-token-timeout", "Completed"),
    ("fault-token-stale", "Rejected by Azure"),
    ("fault-completes-with-warnings", "Completed with warnings"),
    ("fault-fails-late", "Failed"),
    ("fault-cancelled", "Canceled"),
    ("fault-refused", "Rejected by Azure"),
    ("fault-throttled", "Rejected by Azure"),
    ("fault-lost-answer", "Completed"),
    ("fault-lost-request", "Not started"),
    ("headers unreadable", "Completed"),
    ("token unreadable", "Rejected by Azure"),
];

/// What the way to the page does to the answers.
fn spoil(outcome: &str) -> crate::page::Spoil {
    match outcome {
        "headers unreadable" => Box::new(|_, answer: Result<Response<Bytes>, Transport>| {
            answer.map(|mut a| {
                a.headers_mut().clear();
                a
            })
        }),
        "token unreadable" => Box::new(|request, answer| {
            let token = request.uri().path().ends_with("/accessToken");
            if token { answer.map(|a| a.map(|_| Bytes::from_static(b"{\"properties\":null}"))) } else { answer }
        }),
        _ => Box::new(|_, answer| answer),
    }
}

/// Closes the page, opens it again and follows the restore to its end.
fn reopened(page: &Page, outcome: &str, end: &str, told: &str) {
    let mut page = page.fork();
    page.spoil = spoil(outcome);
    let heard = page.state.restores.first().map(|r| r.stage.clone());
    page.reload();
    if page.records.all(RESTORES).is_empty() {
        assert_eq!(page.triggers(), 0, "{told}: nothing is sent before it is saved");
        return;
    }
    page.say(Msg::Tick);
    let text = finish(&mut page);
    let begun = page.simulator.triggers().iter().any(|t| t.accepted);
    let unheard = heard.as_ref().is_none_or(Stage::is_being_sent);
    match heard {
        _ if unheard && outcome == "fault-operation-fails" => assert_eq!(text, "Not started", "{told}"),
        _ if begun => assert!(text == end || outcome == "fault-token-stale" && text == "Completed", "{told}: {text}"),
        Some(Stage::Refused { .. }) => assert_eq!(text, "Rejected by Azure", "{told}"),
        // Nothing had left: it waits for a click.
        None | Some(Stage::Intent | Stage::Preparing { .. }) => {
            assert_eq!((text.as_str(), page.clicks_sent()), ("Not started", 0), "{told}");
            page.send_unsent(&page.restore_id());
            let text = finish(&mut page);
            // A token that is asked for anew is not stale.
            assert!(text == end || outcome == "fault-token-stale" && text == "Completed", "{told}: {text}");
        }
        _ => assert_eq!(text, "Not started", "{told}"),
    }
    assert!(page.clicks_sent() <= 1, "{told}: sent once");
}

#[test]
fn every_outcome_survives_a_reload_after_every_message() {
    let mut reloads = 0;
    for (outcome, end) in outcomes() {
        let vm = if outcome.starts_with("fault-") { outcome } else { "fault-stuck" };
        let mut page = page();
        let (vault, vm) =
            if vm == "fault-stuck" { ("contoso-vault-neu", "erp-01") } else { ("contoso-vault-faults", vm) };
        let point = open(&mut page, vault, vm);
        choose(&mut page, &point, Scenario::RestoreDisks);
        page.spoil = spoil(outcome);
        page.hear(page.click(false));
        let mut trace = None;
        while page.step() || page.state.restores.first().is_some_and(|r| r.is_running()) && page.rest() {
            let left = Some((page.records.clone(), page.sent.len(), page.state.route.clone()));
            if left != trace {
                trace = left;
                reloads += 1;
                reopened(&page, outcome, end, &format!("{outcome} after {} calls", page.sent.len()));
            }
        }
        assert_eq!(page.restore().state_text(), end, "{outcome}");
        assert!(page.clicks_sent() <= 1, "{outcome}");
        if outcome == "fault-lost-answer" {
            assert!(matches!(page.restore().stage, Stage::Job { found: JobMatch::Activity, .. }));
        }
    }
    println!("cross-region outcomes: {} with {reloads} reloads, never sent twice", outcomes().len());
    assert!(reloads > 100);
}

#[test]
fn a_page_of_a_proxy_instead_of_the_acceptance_is_no_acceptance() {
    let mut page = page();
    page.spoil = Box::new(|request, answer| {
        let trigger = request.uri().path().ends_with("/backupCrossRegionRestore");
        if trigger { Ok(Response::new(Bytes::from_static(b"<html>"))) } else { answer }
    });
    start(&mut page, "contoso-vault-neu", "erp-01", Scenario::RestoreDisks);
    assert!(matches!(page.restore().stage, Stage::Unknown { .. }), "{:?}", page.restore().stage);
    assert_eq!(finish(&mut page), "Completed", "Azure has accepted it all the same, and its list says so");
    assert!(matches!(page.restore().stage, Stage::Job { found: JobMatch::Activity, .. }));
    assert_eq!(page.clicks_sent(), 1);
}

#[test]
fn a_preparation_that_lay_too_long_is_not_gone_on_with() {
    let mut page = page();
    page.spoil = Box::new(|request, answer| {
        let token = request.uri().path().ends_with("/accessToken");
        if token { Err(Transport::Network("Failed to fetch".to_owned())) } else { answer }
    });
    start(&mut page, "contoso-vault-neu", "erp-01", Scenario::RestoreDisks);
    page.wait_until(Duration::seconds(20), |_| false);
    assert!(matches!(page.restore().stage, Stage::Preparing { .. }), "{:?}", page.restore().stage);
    let mut later = page.fork();
    later.now += Duration::hours(1);
    later.reload();
    assert_eq!((later.restore().state_text().as_str(), later.clicks_sent()), ("Not started", 0));
    let mut soon = page.fork();
    soon.now += Duration::minutes(2);
    soon.reload();
    assert_eq!((finish(&mut soon).as_str(), soon.clicks_sent()), ("Not started", 0), "a reload forgets the click");
    soon.send_unsent(&soon.restore_id());
    assert_eq!(finish(&mut soon), "Completed");
    assert_eq!(finish(&mut page), "Rejected by Azure", "and without an answer it ends, too");
    assert_eq!(page.clicks_sent(), 0);
}

#[test]
fn a_preparation_waits_for_a_sign_in_but_not_for_hours() {
    let mut page = page();
    page.spoil = Box::new(|request, answer| {
        let expired = Response::builder()
            .status(401)
            .body(Bytes::from_static(b"{\"error\":{\"code\":\"ExpiredAuthenticationToken\",\"message\":\"m\"}}"));
        if request.uri().path().ends_with("/backupAadProperties") { Ok(expired.unwrap()) } else { answer }
    });
    start(&mut page, "contoso-vault-neu", "erp-01", Scenario::RestoreDisks);
    page.wait_until(Duration::minutes(3), |_| false);
    assert!(matches!(page.restore().stage, Stage::Preparing { .. }) && page.state.sign_in_fault.is_some());
    let mut soon = page.fork();
    assert_eq!(finish(&mut soon), "Completed", "with a token that Azure takes it goes on");
    assert_eq!((finish(&mut page).as_str(), page.clicks_sent()), ("Not started", 0));
}

/// A state that knows a vault in `primary`, and the pairs that Azure names.
fn knowing(primary: &str, pairs: &[(&str, &[&str])]) -> (State, ArmId) {
    let id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v";
    let vault = ArmId::parse(id).unwrap();
    let mut state = State::new(crate::operator::begin());
    let mut known = Vault::unknown(vault.clone());
    known.location = Region::new(primary);
    state.catalog.entry_mut(&Key::Vault(vault.clone())).value = Some(Answer::Vault(Rc::new(known)));
    let location = |(name, paired): &(&str, &[&str])| {
        let paired = paired.iter().map(|p| Region::new(p)).collect();
        Rc::new(azure_backup::backup::lookups::Location::new(Region::new(name), name, paired))
    };
    let key = Key::Locations(SubscriptionId::parse("s").unwrap());
    state.catalog.entry_mut(&key).value = Some(Answer::Locations(pairs.iter().map(location).collect()));
    (state, vault)
}

#[test]
fn the_secondary_region_is_never_guessed() {
    /// The vault's region, the pairs that Azure names, the operator's choice, the result, and its reason.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a [&'a str])], Option<&'a str>, Option<&'a str>, &'a str);
    let cases: [Case<'_>; 9] = [
        ("West Europe", &[("westeurope", &["northeurope"])], None, Some("northeurope"), "Azure's paired region for"),
        ("westus3", &[("westus3", &["eastus"])], None, Some("eastus"), "Azure's paired region for"),
        ("westus3", &[("westus3", &["westus2"])], None, None, "Select the region that holds your backups"),
        ("brazilsouth", &[], None, Some("southcentralus"), "according to the Azure Backup tools"),
        ("qatarcentral", &[("qatarcentral", &[])], None, None, "lists no paired region"),
        ("qatarcentral", &[("qatarcentral", &["a", "b"])], None, None, "lists several"),
        (
            "westeurope",
            &[("westeurope", &["a", "b"])],
            None,
            Some("northeurope"),
            "according to the Azure Backup tools",
        ),
        ("", &[], None, None, "lists no paired region"),
        ("qatarcentral", &[], Some("uaenorth"), Some("uaenorth"), "Selected by you"),
    ];
    for (primary, pairs, chosen, expected, why) in cases {
        let (state, vault) = knowing(primary, pairs);
        let found = state.secondary_of(&vault, chosen.map(Region::new).as_ref());
        assert_eq!(found.region, expected.map(Region::new), "{primary}");
        assert!(found.why.contains(why), "{}", found.why);
    }
    let (mut state, vault) = knowing("westeurope", &[]);
    state.catalog.clear();
    assert_eq!(state.secondary_of(&vault, None).region, None, "an unknown vault has no known pair");
    state.route = Route::Secondary { vault: Some(vault), region: None };
    assert!(needs::of_screen(&state).is_empty(), "nothing is asked for without a connection");
}
