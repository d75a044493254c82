//! Where the rows of the fleet come from, and what is missing of them.

use std::rc::Rc;

use azure_backup::arm::fault::Fault;
use azure_backup::arm::graph::{Completeness, Rows};
use azure_backup::arm::id::SubscriptionId;
use azure_backup::backup::fleet::MachineRow;
use azure_backup::backup::item::ProtectedItem;
use azure_backup::backup::lookups::Subscription;
use azure_backup::backup::vault::Vault;

use crate::app::catalog::Catalog;
use crate::app::key::Key;
use crate::app::list_status::ListStatus;

/// Rows of the fleet, as Resource Graph answers them.
pub type GraphRows = Rows<Rc<MachineRow>>;

/// Where the rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Resource Graph.
    Graph,
    /// The list of each vault, because Resource Graph is of no use.
    Lists(NoGraph),
}

/// Why Resource Graph is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoGraph {
    /// It refuses access.
    Denied,
    /// It asks us to slow down, and has done so until we gave up.
    Throttled,
    /// It failed otherwise.
    Failed,
    /// It knows of no machine. The lists may know one: it knows only what it was told of.
    Empty,
}

/// What is known of the fleet. Never that it is all there is: what may not be read is neither in Resource Graph nor in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetStatus {
    /// Where the rows come from.
    pub source: Source,
    /// Whether more rows are on their way.
    pub loading: bool,
    /// How many rows there should be in the end, as far as Resource Graph has counted.
    pub expected: Option<u64>,
    /// Rows that should have come and have not.
    pub missing: u64,
    /// Resource Graph leaves out rows or subscriptions.
    pub cut: bool,
    /// Lists that could not be had: vaults, or whole subscriptions.
    pub unread: Vec<(Key, Rc<Fault>)>,
}

impl FleetStatus {
    /// Whether rows are missing that somebody with the same rights could see.
    pub fn is_partial(&self) -> bool {
        self.missing > 0 || self.cut || !self.unread.is_empty()
    }

    /// How complete the list is, as far as the account may see it.
    pub fn known(&self, catalog: &Catalog) -> ListStatus {
        let read = |key: &Key| matches!(key, Key::Items(_)) && catalog.entry(key).is_some_and(|e| e.value.is_some());
        match self.source {
            _ if self.loading => ListStatus::Loading,
            Source::Graph if self.is_partial() || catalog.fault(&Key::Fleet).is_some() => ListStatus::Partial,
            Source::Lists(_) if self.unread.is_empty() => ListStatus::Complete,
            Source::Lists(_) if keys_of_lists(catalog).iter().any(read) => ListStatus::Partial,
            Source::Lists(_) => ListStatus::Failed,
            Source::Graph => ListStatus::Complete,
        }
    }

    /// What is known of the fleet in a catalog.
    pub fn of(catalog: &Catalog) -> Self {
        let graph = catalog.entry(&Key::Fleet);
        let Some(why) = graph_is_of_no_use(catalog) else {
            let rows = catalog.get::<GraphRows>(&Key::Fleet);
            let loading =
                graph.is_none_or(|entry| entry.is_loading() || (entry.value.is_none() && entry.fault.is_none()));
            let completeness = rows.as_ref().map_or(Completeness::Reading, |rows| rows.completeness());
            let came = rows.as_ref().map_or(0, |rows| rows.all().len() + rows.unreadable());
            let expected = rows.as_ref().and_then(|rows| rows.total());
            let missing = expected.unwrap_or_default().saturating_sub(u64::try_from(came).unwrap_or(u64::MAX));
            return Self {
                source: Source::Graph,
                loading,
                expected,
                missing: if loading { 0 } else { missing },
                cut: completeness == Completeness::Cut,
                unread: Vec::new(),
            };
        };
        let lists = keys_of_lists(catalog);
        let fault = |key: &Key| Some((key.clone(), catalog.fault(key)?));
        let is_open =
            |key: &Key| catalog.entry(key).is_none_or(|e| e.is_loading() || (e.value.is_none() && e.fault.is_none()));
        Self {
            source: Source::Lists(why),
            loading: lists.iter().any(is_open),
            expected: None,
            missing: 0,
            cut: false,
            unread: lists.iter().filter(|key| !catalog.is_loading(key)).filter_map(fault).collect(),
        }
    }
}

/// Why the lists are needed; none while Resource Graph is asked, and where it has answered.
fn graph_is_of_no_use(catalog: &Catalog) -> Option<NoGraph> {
    let entry = catalog.entry(&Key::Fleet)?;
    let rows = catalog.get::<GraphRows>(&Key::Fleet);
    // Where it is asked once more by a refresh, the lists stay until it has answered.
    let again = entry.retry_at.is_none() && (entry.at.is_some() || entry.fault.is_some() && entry.failures == 0);
    if entry.is_loading() && !again || rows.as_ref().is_some_and(|rows| !rows.all().is_empty()) {
        return None;
    }
    match &entry.fault {
        Some(fault) if fault.is_denied() => Some(NoGraph::Denied),
        Some(fault) if fault.is_throttled() => Some(NoGraph::Throttled),
        Some(_) => Some(NoGraph::Failed),
        None => rows.map(|_| NoGraph::Empty),
    }
}

/// The answers that the fleet rests on: Resource Graph's, and the lists of each vault of each subscription where that is of no use.
pub fn keys(catalog: &Catalog) -> Vec<Key> {
    let lists = graph_is_of_no_use(catalog).map(|_| keys_of_lists(catalog)).unwrap_or_default();
    [Key::Fleet].into_iter().chain(lists).collect()
}

fn keys_of_lists(catalog: &Catalog) -> Vec<Key> {
    let mut keys = vec![Key::Subscriptions];
    let subscriptions = subscriptions(catalog);
    keys.extend(subscriptions.iter().map(|s| Key::Vaults(s.id.clone())));
    keys.extend(subscriptions.iter().flat_map(|s| vaults(catalog, &s.id)).map(|vault| Key::Items(vault.id.clone())));
    keys
}

fn subscriptions(catalog: &Catalog) -> Vec<Rc<Subscription>> {
    catalog.get::<[Rc<Subscription>]>(&Key::Subscriptions).map(|list| list.to_vec()).unwrap_or_default()
}

fn vaults(catalog: &Catalog, subscription: &SubscriptionId) -> Vec<Rc<Vault>> {
    let list = catalog.get::<[Rc<Vault>]>(&Key::Vaults(subscription.clone()));
    list.map(|list| list.to_vec()).unwrap_or_default()
}

/// The machines, from wherever they come.
pub fn rows(catalog: &Catalog) -> Vec<Rc<MachineRow>> {
    if graph_is_of_no_use(catalog).is_none() {
        let rows = catalog.get::<GraphRows>(&Key::Fleet);
        return rows.map(|rows| rows.all().to_vec()).unwrap_or_default();
    }
    let mut found: Vec<Rc<MachineRow>> = Vec::new();
    for subscription in subscriptions(catalog) {
        for vault in vaults(catalog, &subscription.id) {
            let items = catalog.get::<[Rc<ProtectedItem>]>(&Key::Items(vault.id.clone()));
            for item in items.iter().flat_map(|items| items.iter()) {
                let mut row = MachineRow::from(&**item);
                row.subscription_name = Some(subscription.name.clone());
                row.region = row.region.or_else(|| Some(vault.location.clone()));
                found.push(Rc::new(row));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use azure_backup::arm::graph::ResultPage;
    use azure_backup::arm::id::{ArmId, Region};
    use time::OffsetDateTime;

    use super::*;
    use crate::app::catalog::PendingRead;
    use crate::app::effect::CallId;
    use crate::app::key::Answer;

    const VAULT: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v";

    fn item(n: usize) -> ArmId {
        ArmId::parse(&format!("{VAULT}/protectedItems/VM;iaasvmcontainerv2;g;vm-{n}")).unwrap()
    }

    fn page(count: usize, change: impl FnOnce(&mut ResultPage<MachineRow>)) -> Answer {
        let mut page = ResultPage::new((0..count).map(|n| MachineRow::new(item(n))).collect());
        change(&mut page);
        Answer::Fleet(Rc::new(GraphRows::shared(page)))
    }

    fn with(value: Option<Answer>, fault: Option<Fault>) -> Catalog {
        let mut catalog = Catalog::default();
        let entry = catalog.entry_mut(&Key::Fleet);
        (entry.value, entry.fault) = (value, fault.map(Rc::new));
        catalog
    }

    fn refused(status: u16) -> Option<Fault> {
        let mut fault = Fault::reported("Query protected items", "AuthorizationFailed", "No.");
        fault.status = Some(status);
        Some(fault)
    }

    #[test]
    fn the_graph_counts_as_long_as_it_has_rows() {
        let status = FleetStatus::of(&Catalog::default());
        assert_eq!((status.source, status.loading, status.expected), (Source::Graph, true, None));

        let mut first = with(Some(page(3, |page| (page.total, page.next) = (Some(7), Some("t".to_owned())))), None);
        first.entry_mut(&Key::Fleet).reading = Some(PendingRead::new(CallId(1), OffsetDateTime::UNIX_EPOCH, 0));
        let status = FleetStatus::of(&first);
        assert_eq!((status.loading, status.expected, status.missing), (true, Some(7), 0), "they are on their way");
        assert_eq!((rows(&first).len(), keys(&first)), (3, vec![Key::Fleet]));

        let whole = FleetStatus::of(&with(Some(page(3, |_| ())), None));
        assert!(!whole.loading && !whole.is_partial());
        let short = FleetStatus::of(&with(Some(page(3, |page| page.total = Some(5))), None));
        assert!(short.missing == 2 && short.is_partial());
        let cut = FleetStatus::of(&with(Some(page(3, |page| page.subscriptions_left_out = true)), None));
        assert!(cut.cut && cut.is_partial());
        // What came before a refusal is shown, and how much of it is missing.
        let stopped =
            with(Some(page(3, |page| (page.total, page.next) = (Some(7), Some("t".to_owned())))), refused(429));
        let status = FleetStatus::of(&stopped);
        assert_eq!((status.source, status.loading, status.missing), (Source::Graph, false, 4));
    }

    #[test]
    fn the_lists_stand_in_where_the_graph_is_of_no_use_and_say_what_is_missing() {
        for (value, fault, why) in [
            (None, refused(403), NoGraph::Denied),
            (None, refused(429), NoGraph::Throttled),
            (None, Some(Fault::network("POST", "Failed to fetch")), NoGraph::Failed),
            (Some(page(0, |_| ())), None, NoGraph::Empty),
        ] {
            let mut catalog = with(value, fault);
            assert_eq!(keys(&catalog), [Key::Fleet, Key::Subscriptions], "{why:?}");
            let subscription = SubscriptionId::parse("s").unwrap();
            let list = vec![Rc::new(Subscription::new(subscription.clone(), "Production"))];
            catalog.entry_mut(&Key::Subscriptions).value = Some(Answer::Subscriptions(list.into()));
            let ids = [VAULT.to_owned(), format!("{VAULT}-2")].map(|id| ArmId::parse(&id).unwrap());
            let vaults = ids.clone().map(|id| {
                let mut vault = Vault::unknown(id);
                vault.location = Region::new("westeurope");
                Rc::new(vault)
            });
            catalog.entry_mut(&Key::Vaults(subscription.clone())).value = Some(Answer::Vaults(vaults.into()));
            let status = FleetStatus::of(&catalog);
            assert_eq!((status.source, status.loading), (Source::Lists(why), true));
            let lists = ids.clone().map(Key::Items);
            assert_eq!(keys(&catalog)[3..], lists);

            let items = vec![Rc::new(ProtectedItem::new(item(1)))];
            catalog.entry_mut(&lists[0]).value = Some(Answer::Items(items.into()));
            catalog.entry_mut(&lists[1]).fault = refused(403).map(Rc::new);
            let status = FleetStatus::of(&catalog);
            assert!(!status.loading && status.is_partial());
            assert_eq!(status.unread.iter().map(|(key, _)| key).collect::<Vec<_>>(), [&lists[1]]);
            let rows = rows(&catalog);
            assert_eq!((rows.len(), rows[0].subscription_name.as_deref()), (1, Some("Production")));
            assert_eq!(
                rows[0].region,
                Some(Region::new("westeurope")),
                "the vault's, as long as nobody says otherwise"
            );
            assert_eq!(rows[0].source_found, None);
        }
    }
}
