//! Resource Graph: the client's queries, answered by the simulator, tell the same as the lists of each vault and subscription.

use std::collections::BTreeMap;

use arm_sim::{Reply, Simulator, TenantSize};
use azure_backup::arm::call::{ApiVersion, Call};
use azure_backup::arm::cloud::Cloud;
use azure_backup::arm::fault::Fault;
use azure_backup::arm::graph::{Completeness, Identified, Pace, Query, Rows, Scope};
use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};
use azure_backup::arm::page::Page;
use azure_backup::backup::fleet::{self, MachineRow};
use azure_backup::backup::item::{self, ProtectedItem};
use azure_backup::backup::{lookups, vault};
use proptest::prelude::{Just, prop_assert, prop_oneof, proptest};
use time::{Duration, OffsetDateTime};

pub(crate) struct Azure {
    sim: Simulator,
    now: OffsetDateTime,
    requests: usize,
}

impl Azure {
    pub(crate) fn new(size: TenantSize) -> Self {
        let now = OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap();
        Self { sim: Simulator::of_size(size, 7, now), now, requests: 0 }
    }

    fn send<T>(&mut self, call: &Call<T>) -> Result<T, Fault> {
        self.requests += 1;
        let request = call.request(&Cloud::public(), &ClientRequestId::parse("r").unwrap()).unwrap();
        match self.sim.handle(self.now, &request) {
            Reply::Answer(answer) => call.read(&answer),
            Reply::Dropped { .. } => panic!("{call:?} was dropped"),
        }
    }

    /// All pages of a query, as fast as the quota lets them come.
    pub(crate) fn query<T: Identified + 'static>(&mut self, query: &Query<T>) -> Result<Rows<T>, Fault> {
        let (mut rows, mut pace, mut call) = (Rows::default(), Pace::default(), query.first());
        loop {
            self.now = pace.wait(self.now).unwrap_or(self.now);
            pace.spend(self.now);
            let page = self.send(&call)?;
            pace.on_response(page.quota, self.now);
            let next = page.next.clone();
            rows.add(page);
            match next {
                Some(token) => call = query.after(&token),
                None => return Ok(rows),
            }
        }
    }

    fn list<T: 'static>(&mut self, first: Call<Page<T>>) -> Result<Vec<T>, Fault> {
        let (mut all, mut call) = (Vec::new(), first);
        loop {
            let page = self.send(&call)?;
            all.extend(page.value);
            match page.next {
                Some(next) => call = call.follow(&Cloud::public(), &next).unwrap(),
                None => return Ok(all),
            }
        }
    }

    fn subscriptions(&mut self) -> Vec<SubscriptionId> {
        self.list(lookups::subscriptions()).unwrap().into_iter().map(|s| s.id).collect()
    }

    /// The items of every vault, by id, as their lists tell them; a vault whose items may not be listed has none.
    fn items(&mut self) -> BTreeMap<ArmId, ProtectedItem> {
        let mut items = BTreeMap::new();
        for subscription in self.subscriptions() {
            for vault in self.list(vault::list(&subscription)).unwrap() {
                let list = self.list(item::list(&vault.id, &ApiVersion::NEWEST));
                items.extend(list.unwrap_or_default().into_iter().map(|item| (item.id.clone(), item)));
            }
        }
        items
    }
}

pub(crate) fn all() -> Query<MachineRow> {
    fleet::machines(Scope::TENANT, "")
}

#[test]
fn the_graph_tells_of_each_machine_what_its_vault_tells() {
    let mut azure = Azure::new(TenantSize::Demo);
    let rows = azure.query(&all()).unwrap();
    assert_eq!(rows.completeness(), Completeness::Whole);
    let names: BTreeMap<_, _> =
        azure.list(lookups::subscriptions()).unwrap().into_iter().map(|s| (s.id, s.name)).collect();
    let items = azure.items();
    // The one vault whose region is down answers no list, and the graph knows its machines all the same.
    let down: Vec<&str> =
        rows.all().iter().filter(|r| !items.contains_key(&r.id)).filter_map(MachineRow::vault_name).collect();
    assert!(!down.is_empty() && down.iter().all(|vault| *vault == "fault-vault-region-down"), "{down:?}");
    assert_eq!(rows.all().len(), items.len() + down.len());
    assert!(items.len() > 4_000, "{}", items.len());
    for item in items.values() {
        let row = rows.get(&item.id).unwrap_or_else(|| panic!("{} is missing", item.id));
        assert_eq!(row.subscription_name.as_ref(), names.get(&row.subscription().unwrap()));
        // What the list tells makes the same row, but for what lists do not tell.
        let mut listed = MachineRow::from(item);
        listed.subscription_name.clone_from(&row.subscription_name);
        (listed.last_secondary_point, listed.source_found) = (row.last_secondary_point, row.source_found);
        listed.tags.clone_from(&row.tags);
        assert_eq!(*row, listed);
    }
    let found = |name: &str| rows.all().iter().find(|row| row.name == name).unwrap();
    assert!(found("web-01").source_found == Some(true) && found("gone-01").source_found == Some(false));
    let tagged = rows.all().iter().filter(|row| row.tags.iter().any(|(name, _)| name == "environment")).count();
    assert!(tagged > 2_500, "{tagged}");
}

#[test]
fn ten_thousand_machines_come_in_twelve_requests() {
    let mut azure = Azure::new(TenantSize::Large);
    let begun = azure.now;
    let rows = azure.query(&all()).unwrap();
    assert_eq!((rows.completeness(), azure.requests), (Completeness::Whole, 12));
    assert!(
        rows.all().len() > 10_000 && azure.now - begun < Duration::seconds(1),
        "the quota is not what they wait for"
    );
    let vaults: std::collections::BTreeSet<_> = rows.all().iter().filter_map(MachineRow::vault_id).collect();
    let subscriptions: std::collections::BTreeSet<_> =
        rows.all().iter().filter_map(|row| row.id.subscription()).collect();
    assert!(vaults.len() > 400 && subscriptions.len() > 50, "{} {}", vaults.len(), subscriptions.len());
}

#[test]
fn pickers_find_what_the_lists_of_their_subscriptions_hold() {
    let mut azure = Azure::new(TenantSize::Large);
    let some: Vec<SubscriptionId> = azure.subscriptions().into_iter().skip(1).take(9).collect();
    let scope = Scope::subscriptions(some.clone()).unwrap();
    let (mut networks, mut groups, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
    for subscription in &some {
        networks.extend(azure.list(lookups::virtual_networks(subscription)).unwrap());
        groups.extend(azure.list(lookups::resource_groups(subscription)).unwrap());
        accounts.extend(azure.list(lookups::storage_accounts(subscription)).unwrap());
    }
    let found = azure.query(&lookups::query_virtual_networks(scope.clone(), "")).unwrap();
    networks.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(found.all(), networks);
    let found = azure.query(&lookups::query_storage_accounts(scope.clone(), "")).unwrap();
    accounts.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(found.all(), accounts);
    let found = azure.query(&lookups::query_resource_groups(scope, "")).unwrap();
    groups.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(found.all(), groups);
    assert!(networks.len() >= 10 && groups.len() >= 100 && accounts.len() >= 50);
    let everywhere = azure.query(&lookups::query_resource_groups(Scope::TENANT, "RG-NET")).unwrap();
    assert!(everywhere.all().len() > 50 && everywhere.all().iter().all(|group| group.name == "rg-network"));
}

#[test]
fn what_may_not_be_read_is_not_there_and_a_graph_that_refuses_says_so() {
    let mut azure = Azure::new(TenantSize::Demo);
    let before = azure.query(&all()).unwrap().all().len();
    azure.sim.set_hidden_vaults(vec!["retail-vault-01".to_owned(), "contoso-vault-weu".to_owned()]);
    let rows = azure.query(&all()).unwrap();
    assert_eq!((rows.completeness(), rows.all().len()), (Completeness::Whole, before - 125 - 30));
    assert!(!rows.all().iter().any(|row| row.vault_name() == Some("retail-vault-01")));
    assert!(!azure.items().keys().any(|id| id.segment_after("vaults") == Some("retail-vault-01")));
    azure.sim.set_graph_denied(true);
    let fault = azure.query(&all()).unwrap_err();
    assert!(fault.is_denied() && fault.code == "AuthorizationFailed", "{fault:?}");
}

#[test]
fn whoever_asks_too_much_is_told_how_long_to_wait() {
    let mut azure = Azure::new(TenantSize::Small);
    let faults: Vec<Fault> = (0..20).filter_map(|_| azure.send(&all().first()).err()).collect();
    assert_eq!(faults.len(), 5);
    assert!(faults.iter().all(|fault| fault.is_throttled() && fault.details.len() == 1));
    let mut pace = Pace::default();
    pace.on_throttle(&faults[0], azure.now);
    azure.now = pace.wait(azure.now).unwrap();
    assert!(azure.send(&all().first()).is_ok());
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    #[test]
    fn whatever_is_searched_for_is_found_as_text(text in prop_oneof![
        r#"([ -~]|['\\"|\n\t]|\PC){1,20}"#,
        Just("' or 1 == 1 | project id //".to_owned()),
        "[a-e0-3-]{1,3}",
    ]) {
        let mut azure = Azure::new(TenantSize::Small);
        // All names are ASCII, and the simulator ignores the case of no other letters.
        let contains = |whole: &str| whole.to_ascii_lowercase().contains(&text.to_ascii_lowercase());
        let all = azure.query(&all()).unwrap();
        let expected = all.all().iter().filter(|row| contains(row.id.as_str()) || contains(&row.name)).count();
        let found = azure.query(&fleet::machines(Scope::TENANT, &text)).unwrap();
        prop_assert!(found.all().len() == expected, "{:?}: {} found, {} expected", text, found.all().len(), expected);
    }
}
