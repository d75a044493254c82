//! The rules beside what decides them: the document that names their sources, the pairs of regions of Microsoft's client, and the facts that
//! they rest on.
//! `UPDATE_RULES=1 cargo test --test native rules` writes the document's table anew.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use azure_backup::arm::id::{ArmId, Region, SubscriptionId};
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::lookups::StorageAccount;
use azure_backup::backup::vault::Vault;
use recorded::traffic;
use serde_json::{Value, json};
use time::Duration;
use vm_restore::app::check::CheckStage;
use vm_restore::app::key::{self, Key};
use vm_restore::app::msg::{Edit, Msg};
use vm_restore::app::needs::{self, Need, Priority};
use vm_restore::app::purpose::Purpose;
use vm_restore::app::regions::OF_BACKUP;
use vm_restore::app::route::Route;
use vm_restore::app::saved::RESTORES;
use vm_restore::app::state::State;
use vm_restore::app::unsent::NotSendable;
use vm_restore::restore::draft::RegionChoice;
use vm_restore::restore::read_back::{Disagreement, read_back};
use vm_restore::restore::regional_id::RegionalId;
use vm_restore::restore::rules::{self, RULES, Weight};
use vm_restore::restore::scenario::Scenario;

use crate::operator::{begin, choose, open, page, review};
use crate::page::Page;

const HEADING: &str = "## Rules and where Azure says them";

#[test]
fn the_document_names_the_source_of_every_rule() {
    let rows: String = RULES
        .iter()
        .map(|rule| {
            let weight = if rule.weight == Weight::Blocks { "refused" } else { "warned of" };
            let label = rule.field.label();
            format!("| `{}` | {label} | {weight} | {} | <{}> |\n", rule.id, rule.sentence, rule.link)
        })
        .collect();
    assert!(RULES.iter().all(|rule| rule.link.starts_with("https://learn.microsoft.com/")), "a source is named");
    let table = format!("{HEADING}\n\n| rule | field | | what is said | source |\n|---|---|---|---|---|\n{rows}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/azure-sources.md");
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find(HEADING).unwrap();
    if std::env::var_os("UPDATE_RULES").is_some() {
        fs::write(&path, format!("{}{table}", &text[..at])).unwrap();
    } else {
        assert_eq!(&text[at..], table, "the rules are others; UPDATE_RULES=1 writes this");
    }
}

#[test]
fn the_pairs_of_regions_are_those_of_microsofts_client() {
    let Some(dir) = traffic("the pairs of regions") else { return };
    let text = fs::read_to_string(dir.join("data-2026/region-pairs-cli-2.91.0.json")).unwrap();
    let known: Value = serde_json::from_str(&text).unwrap();
    let known = known["map"].as_object().unwrap();
    let ours: serde_json::Map<String, Value> =
        OF_BACKUP.iter().map(|(from, to)| ((*from).to_owned(), json!(to))).collect();
    assert_eq!(&ours, known);
    assert!(ours.len() == OF_BACKUP.len() && known.len() >= 83, "no region has two pairs");
}

/// Every fact that a restore waits for, of a machine in the vault's region.
fn waited_for(page: &Page, point: &RegionalId) -> Vec<Key> {
    let item = point.item().unwrap();
    let vault = point.vault().unwrap();
    let source = page.state.item(&item).unwrap().source_resource_id.clone().unwrap();
    let id = point.id.clone();
    vec![
        Key::Point(id),
        Key::Vault(vault.clone()),
        Key::Encryption(vault.clone()),
        Key::Guards(vault),
        Key::Exists(source),
    ]
}

#[test]
fn no_restore_starts_before_each_fact_that_the_rules_rest_on_is_known() {
    let mut page = page();
    let point = review(&mut page, "web-01", Scenario::RestoreDisks);
    assert_eq!(page.state.facts_missing(&point), []);
    let click = page.click(false);
    for key in waited_for(&page, &point) {
        let mut page = page.fork();
        *page.state.catalog.entry_mut(&key) = Default::default();
        assert_eq!(page.state.facts_missing(&point), std::slice::from_ref(&key));
        page.hear_first(click.clone());
        assert!(page.step());
        assert!(page.state.restores.is_empty(), "{}", key.what());
    }
    page.hear(click);
    assert!(page.step());
    assert_eq!(page.state.restores.len(), 1, "the same click, with all of them known");
}

/// Makes Azure say that the machine of `point` is in another subscription than its vault, and returns that subscription.
fn move_source(page: &mut Page, point: &RegionalId) -> SubscriptionId {
    let item = page.state.item(&point.item().unwrap()).unwrap();
    let own = point.id.subscription().unwrap();
    let all = page.state.catalog.get::<[Rc<azure_backup::backup::lookups::Subscription>]>(&Key::Subscriptions).unwrap();
    let other =
        all.iter().find(|s| !s.id.as_str().eq_ignore_ascii_case(own) && s.state == "Enabled").unwrap().id.clone();
    let source = item.source_resource_id.as_ref().unwrap().as_str().replacen(own, other.as_str(), 1);
    let mut moved = (*item).clone();
    moved.source_resource_id = ArmId::parse(&source).ok();
    set_item(page, &moved);
    other
}

/// Makes every answer in the catalog contain `item`.
fn set_item(page: &mut Page, item: &ProtectedItem) {
    let moved = Rc::new(item.clone());
    let vault = item.vault_id().unwrap();
    for key in [Key::Items(vault), Key::Item(item.id.clone())] {
        let Some(entry) = page.state.catalog.known_mut(&key) else { continue };
        match &mut entry.value {
            Some(key::Answer::Items(list)) => {
                *list = list.iter().map(|i| if i.id == moved.id { moved.clone() } else { i.clone() }).collect();
            }
            Some(key::Answer::Item(one)) => *one = moved.clone(),
            _ => {}
        }
    }
}

#[test]
fn replaced_disks_of_a_machine_in_another_subscription_are_staged_there() {
    let mut page = page();
    let point = open(&mut page, "web-01");
    page.say(Msg::Edit(Edit::Scenario(Scenario::ReplaceDisks)));
    let other = move_source(&mut page, &point);
    assert!(needs::of_screen(&page.state).contains(&Key::Accounts(other.clone())), "its accounts are read");
    page.say(Msg::Refresh);
    move_source(&mut page, &point);
    let draft = page.state.draft(&point);
    let facts = page.state.facts(&point, &draft).unwrap();
    let accounts = facts.lookups.storage_accounts.clone().unwrap();
    let of = |a: &StorageAccount| SubscriptionId::parse(a.id.subscription().unwrap()).unwrap();
    let blocked =
        |a: &StorageAccount| rules::account_reasons(&facts, &draft, a).iter().any(|r| r.rule == "account-of-source");
    assert!(accounts.iter().any(|a| of(a) == other) && accounts.iter().any(|a| of(a) != other), "both are listed");
    for account in accounts.iter() {
        assert_eq!(blocked(account), of(account) != other, "{}", account.id);
    }
}

#[test]
fn a_kept_request_for_a_machine_in_another_subscription_is_offered_once_azure_confirms_the_machine() {
    let mut first = page();
    let point = review(&mut first, "web-01", Scenario::RestoreDisks);
    move_source(&mut first, &point);
    // Whether that machine exists is asked for.
    first.say(Msg::Tick);
    first.saved.clear();
    first.hear(first.click(false));
    while first.saved.iter().all(|told| told.key() != RESTORES) {
        assert!(first.step());
    }
    let mut saved: Value = serde_json::from_str(&first.list()).unwrap();
    saved["restores"][0]["stage"] = json!({"notSent": {"fault": null, "search": null}});
    let text = saved["restores"][0]["asked"]["text"].as_str().unwrap().to_owned();
    let source = read_back(&text).unwrap().source;

    let mut page = Page::blank(first.simulator.clone(), begin());
    page.plant(&saved.to_string());
    page.start(Route::Connect);
    page.say(Msg::StartDemo);
    let id = page.restore_id();
    let said = |page: &Page| page.state.unsent_review(&id).unwrap().map(|review| review.source);
    page.say(Msg::Go(Route::Restore(id.clone())));
    page.state.catalog.clear();
    let unconfirmed = NotSendable::Disagreement(Disagreement::Unconfirmed);
    assert_eq!(said(&page).unwrap_err(), unconfirmed, "nobody has said so yet");
    // The page of the restore asks Azure, which says that the item has another machine: a name and a group prove nothing.
    page.say(Msg::Tick);
    assert_eq!(said(&page).unwrap_err(), NotSendable::Disagreement(Disagreement::Machine));
    // With the answer that a vault of Cross Subscription Backup gives.
    let item = page.state.item(&point.item().unwrap()).unwrap();
    let mut moved = (*item).clone();
    moved.source_resource_id = Some(source.clone());
    set_item(&mut page, &moved);
    assert_eq!(said(&page).unwrap(), source);

    // The launch that the click begins needs the item, whatever page is shown meanwhile; what it needs is read once.
    let sha256 = page.state.unsent_review(&id).unwrap().unwrap().sha256;
    let now = |page: &mut Page, msg: Msg| {
        page.hear_first(msg);
        assert!(page.step());
    };
    now(&mut page, Msg::SendUnsent { id: id.clone(), sha256 });
    now(&mut page, Msg::Went(Route::Settings));
    assert!(page.state.launches.is_active(&id));
    let key = Key::Item(item.id.clone());
    assert!(!needs::of_screen(&page.state).contains(&key));
    page.state.catalog.forget(|known| *known == key);
    let reads =
        |page: &Page| page.state.calls.values().filter(|p| matches!(p, Purpose::Read(k, _) if *k == key)).count();
    assert_eq!(reads(&page), 0);
    for msg in [Msg::Tick, Msg::Went(Route::Restore(id.clone())), Msg::Went(Route::Settings)] {
        now(&mut page, msg);
    }
    assert_eq!(reads(&page), 1, "neither aborted with the page nor asked for twice");
    let need = Need { key: key.clone(), priority: Priority::Background };
    assert!(needs::of(&page.state).contains(&need));
}

/// What the simulator finds wrong with the restore under review.
fn checked(page: &mut Page) -> CheckStage {
    page.say(Msg::Check);
    let over =
        |s: &State| matches!(s.check.as_ref().map(|c| &c.stage), Some(CheckStage::Done(_) | CheckStage::Failed(_)));
    page.wait_until(Duration::minutes(30), over);
    page.state.check.clone().unwrap().stage
}

#[test]
fn what_the_rules_allow_of_machines_in_other_subscriptions_and_regions_the_simulator_accepts() {
    for scenario in Scenario::ALL.into_iter().filter(|scenario| *scenario != Scenario::SelectedDisks) {
        let mut page = page();
        let point = review(&mut page, "elsewhere-01", scenario);
        let plan = page.state.plan(&point).unwrap_or_else(|why| panic!("{scenario:?}: {why:?}"));
        if scenario.is_in_place() {
            let account = plan.request.storage_account_id.as_ref().unwrap();
            let source = plan.request.source_resource_id.as_ref().unwrap();
            assert_eq!(account.subscription(), source.subscription(), "not that of the vault");
            assert_ne!(account.subscription(), plan.vault.subscription());
        }
        assert_eq!(checked(&mut page), CheckStage::Done(Vec::new()), "{scenario:?}");
    }
    let mut page = page();
    let point = open(&mut page, "far-away-01");
    page.say(Msg::Edit(Edit::Scenario(Scenario::RestoreDisks)));
    assert!(page.state.plan(&point).unwrap_err().iter().any(|r| r.rule == "region-chosen"));
    for choice in [RegionChoice::Vault, RegionChoice::Source] {
        page.say(Msg::Edit(Edit::Region(Some(choice))));
        choose(&mut page, &point, Scenario::RestoreDisks);
        // No account is refused because of its region; one in the named region has no warning.
        let draft = page.state.draft(&point);
        let facts = page.state.facts(&point, &draft).unwrap();
        let fits = |a: &StorageAccount| rules::account_reasons(&facts, &draft, a).is_empty();
        let account = facts.lookups.storage_accounts.iter().flat_map(|all| all.iter()).find(|a| fits(a)).unwrap();
        page.say(Msg::Edit(Edit::StagingAccount(Some(account.id.clone()))));
        let plan = page.state.plan(&point).unwrap();
        assert_eq!(plan.request.region.as_deref(), facts.region(&draft).map(Region::as_str));
        assert_eq!(checked(&mut page), CheckStage::Done(Vec::new()), "{choice:?}");
    }
}

#[test]
fn a_machine_in_another_region_than_its_vault_is_asked_about() {
    let mut page = page();
    let point = review(&mut page, "web-01", Scenario::RestoreDisks);
    assert!(page.state.plan(&point).is_ok());
    let item = page.state.item(&point.item().unwrap()).unwrap();
    let mut away = (*item).clone();
    away.source_location = Some(Region::new("uksouth"));
    set_item(&mut page, &away);
    let why = page.state.plan(&point).unwrap_err();
    assert_eq!(why.iter().map(|r| r.rule.as_str()).collect::<Vec<_>>(), ["region-chosen"]);
    page.say(Msg::Edit(Edit::Region(Some(RegionChoice::Vault))));
    let plan = page.state.plan(&point).unwrap();
    let vault = page.state.catalog.get::<Vault>(&Key::Vault(point.vault().unwrap())).unwrap();
    assert_eq!(plan.request.region.as_deref(), Some(vault.location.as_str()));
    assert!(plan.warnings.iter().any(|w| w.rule == "region-undocumented"), "{:?}", plan.warnings);
}
