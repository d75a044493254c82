//! The protected VMs.

use super::grown::{self, TenantSize};
use super::places::{PRODUCTION, TEST};
use super::vaults::{FAULTS, FLEET, GONE, GUARDED, NEU, NEWS, PAYROLL, SHOP, WEU, ZRS};
use crate::faults::Fault;
use crate::world::item::{DiskChoice, Item, Plan, State, Traits};
use Plan::{Archive, Daily, Everything, Fresh, Instant, SnapshotOnly, VaultOnly};
use State::{AgentSilent, Pending, Protected, SoftDeleted, Stopped, Warned};

const LINUX: u16 = Traits::LINUX;
const ALL: DiskChoice = None;

type Row = (usize, &'static str, &'static str, u16, u8, DiskChoice, Plan, u32, State);

/// Vault, name, group, traits, data disks, which of them, plan, recovery points, state.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // `web-01` supports everything: its points list their disks and contain all of them.
    (WEU, "web-01", "rg-web", 0, 2, Some((true, &[0, 1])), Daily, 30, Protected),
    (WEU, "web-02", "rg-web", 0, 1, ALL, Daily, 30, Protected),
    (WEU, "web-03", "rg-web", Traits::STANDARD, 0, ALL, Fresh, 14, Protected),
    (WEU, "sql-01", "rg-sql", 0, 4, ALL, Daily, 90, Protected),
    (WEU, "sql-02", "rg-sql", 0, 3, Some((false, &[1])), Daily, 45, Protected),
    (WEU, "sql-03", "rg-sql", 0, 2, Some((true, &[])), Daily, 30, Protected),
    (WEU, "app-linux-01", "rg-app", LINUX, 1, ALL, Daily, 30, Protected),
    (WEU, "app-linux-02", "rg-app", LINUX, 0, ALL, Fresh, 30, Protected),
    (WEU, "app-linux-03", "rg-app", LINUX, 2, Some((true, &[1])), Daily, 30, Protected),
    (WEU, "app-linux-04", "rg-app", LINUX, 0, ALL, Daily, 7, Warned),
    (WEU, "db-linux-01", "rg-sql", LINUX, 2, ALL, Everything, 400, Protected),
    (WEU, "ledger-01", "rg-app", 0, 1, ALL, Everything, 1_000, Protected),
    (WEU, "files-01", "rg-app", 0, 3, ALL, Archive, 60, Protected),
    (WEU, "files-02", "rg-app", LINUX, 1, Some((false, &[])), Archive, 40, Protected),
    (WEU, "hr-encrypted-01", "rg-secure", Traits::ENCRYPTED, 1, ALL, Daily, 30, Protected),
    (WEU, "hr-encrypted-02", "rg-secure", Traits::ENCRYPTED | LINUX, 0, ALL, VaultOnly, 12, Protected),
    (WEU, "trusted-01", "rg-secure", Traits::TRUSTED_LAUNCH, 1, ALL, Daily, 30, Protected),
    (WEU, "trusted-02", "rg-secure", Traits::TRUSTED_LAUNCH | LINUX, 0, ALL, SnapshotOnly, 5, Protected),
    (WEU, "confidential-01", "rg-secure", Traits::CONFIDENTIAL, 1, ALL, Daily, 10, Protected),
    (WEU, "private-01", "rg-secure", Traits::PRIVATE, 1, ALL, Daily, 30, Protected),
    (WEU, "private-02", "rg-secure", Traits::PRIVATE | LINUX, 0, ALL, VaultOnly, 9, Protected),
    (WEU, "unmanaged-01", "rg-legacy", Traits::UNMANAGED | Traits::STANDARD, 1, ALL, VaultOnly, 20, Protected),
    (WEU, "unmanaged-02", "rg-legacy", Traits::UNMANAGED | Traits::ENCRYPTED, 0, ALL, VaultOnly, 6, Protected),
    (WEU, "classic-01", "rg-legacy", Traits::CLASSIC | Traits::STANDARD, 0, ALL, VaultOnly, 8, Protected),
    (WEU, "gone-01", "rg-legacy", Traits::GONE, 1, ALL, VaultOnly, 25, Protected),
    (WEU, "retired-01", "rg-legacy", 0, 0, ALL, VaultOnly, 11, Stopped),
    (WEU, "deleted-01", "rg-legacy", Traits::GONE, 0, ALL, VaultOnly, 4, SoftDeleted),
    (WEU, "new-01", "rg-web", 0, 0, ALL, Daily, 0, Pending),
    (WEU, "silent-01", "rg-web", 0, 0, ALL, VaultOnly, 3, AgentSilent),
    (WEU, "edge-01", "rg-app", Traits::EDGE | LINUX, 0, ALL, Daily, 9, Protected),
    (NEU, "erp-01", "rg-erp-neu", Traits::ZONAL, 4, ALL, Daily, 60, Protected),
    (NEU, "erp-02", "rg-erp-neu", Traits::ZONAL, 2, ALL, VaultOnly, 60, Protected),
    (NEU, "erp-db-01", "rg-erp-neu", LINUX, 6, Some((true, &[0, 1, 2])), Daily, 60, Protected),
    (NEU, "dc-01", "rg-erp-neu", 0, 0, ALL, Daily, 180, Protected),
    (NEU, "mail-01", "rg-erp-neu", Traits::GONE, 1, ALL, Archive, 30, Stopped),
    (ZRS, "zonal-01", "rg-zonal", Traits::ZONAL, 1, ALL, Daily, 30, Protected),
    (ZRS, "zonal-02", "rg-zonal", Traits::ZONAL | LINUX, 2, Some((true, &[0, 1])), Daily, 30, Protected),
    (ZRS, "zonal-03", "rg-zonal", Traits::ZONAL, 0, ALL, VaultOnly, 30, Protected),
    (ZRS, "zonal-encrypted-01", "rg-zonal", Traits::ZONAL | Traits::ENCRYPTED, 0, ALL, VaultOnly, 10, Protected),
    (GUARDED, "fab-web-01", "rg-fabrikam", 0, 1, ALL, Daily, 30, Protected),
    (GUARDED, "fab-db-01", "rg-fabrikam", LINUX, 2, Some((false, &[0])), Daily, 30, Protected),
];

/// Later additions come at the end, so that the earlier ones keep their index.
#[rustfmt::skip]
const LATER: &[Row] = &[
    (SHOP, "shop-web-01", "rg-shop", 0, 2, Some((true, &[0, 1])), Daily, 30, Protected),
    (SHOP, "shop-web-02", "rg-shop", Traits::ZONAL, 0, ALL, Daily, 30, Protected),
    (SHOP, "shop-db-01", "rg-shop", LINUX, 4, ALL, Daily, 45, Protected),
    (SHOP, "shop-dc-01", "rg-shop", 0, 0, ALL, VaultOnly, 60, Protected),
    (SHOP, "shop-mail-01", "rg-shop", 0, 1, ALL, Archive, 30, Protected),
];

/// Additions of 2026. Their vault also backs up [`ELSEWHERE`].
#[rustfmt::skip]
const NEWER: &[Row] = &[
    (NEWS, "threat-01", "rg-app", Traits::THREATS, 1, Some((true, &[0])), Daily, 30, Protected),
    (NEWS, "instant-01", "rg-app", 0, 4, ALL, Instant, 14, Protected),
    (NEWS, "zonal-fresh-01", "rg-zonal", Traits::ZONAL, 0, ALL, Fresh, 14, Protected),
    (NEWS, "confidential-02", "rg-secure", Traits::CONFIDENTIAL | Traits::SET_GONE, 1, ALL, Fresh, 14, Protected),
    (NEWS, "deleted-02", "rg-legacy", 0, 1, ALL, VaultOnly, 6, SoftDeleted),
    (NEWS, "elsewhere-01", "rg-test", 0, 1, ALL, Daily, 14, Protected),
    (NEWS, "far-away-01", "rg-erp-neu", LINUX, 0, ALL, Daily, 14, Protected),
    (GONE, "archive-01", "rg-legacy", 0, 1, ALL, VaultOnly, 6, SoftDeleted),
    (PAYROLL, "payroll-01", "rg-payroll", 0, 1, ALL, Daily, 30, Protected),
];

/// VMs outside the subscription or region of their vault, with their location.
const ELSEWHERE: [(&str, &str, &str); 2] =
    [("elsewhere-01", TEST, "westeurope"), ("far-away-01", PRODUCTION, "northeurope")];

/// How many VMs the fleet has.
const FLEET_SIZE: usize = 1_000;

fn item((vault, name, group, traits, data_disks, disks, plan, points, state): Row) -> Item {
    let (name, traits) = (name.to_owned(), Traits(traits));
    Item {
        vault,
        name,
        group,
        traits,
        data_disks,
        disks,
        state,
        plan,
        points,
        fault: None,
        home: None,
        environment: None,
    }
}

/// All protected VMs, in the order of their lists.
pub(crate) fn items(size: TenantSize) -> Vec<Item> {
    let mut items: Vec<_> = ROWS.iter().copied().map(item).collect();
    for name in Fault::machines() {
        let row = (FAULTS, name, "rg-faults", 0, 1, Some((true, &[0][..])), Daily, 10, Protected);
        items.push(Item { fault: Fault::of(name), ..item(row) });
    }
    for n in 0..FLEET_SIZE {
        let traits = if n % 3 == 0 { LINUX } else { 0 };
        let state = if n % 97 == 5 { AgentSilent } else { Protected };
        let row = (FLEET, "", "rg-fleet", traits, u8::try_from(n % 4).unwrap_or_default(), ALL, Daily, 7, state);
        items.push(Item { name: format!("fleet-{n:04}"), ..item(row) });
    }
    items.extend(LATER.iter().chain(NEWER).copied().map(item));
    for item in &mut items {
        let found = ELSEWHERE.iter().find(|(name, ..)| *name == item.name);
        item.home = found.map(|(_, subscription, region)| (*subscription, *region));
    }
    grown::add_items(size, &mut items);
    items
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{ROWS, TenantSize, items};
    use crate::seed::places::GROUPS;
    use crate::world::item::Traits;

    #[test]
    fn names_are_unique_and_groups_exist() {
        assert!((38..=45).contains(&ROWS.len()));
        let items = items(TenantSize::Small);
        let ids: HashSet<_> = items.iter().map(|i| i.id().to_ascii_lowercase()).collect();
        assert_eq!(ids.len(), items.len());
        for item in &items {
            assert!(
                GROUPS.iter().any(|g| g.name == item.group && g.subscription == item.subscription()),
                "{}",
                item.name
            );
        }
    }

    #[test]
    fn every_trait_occurs() {
        for bit in 0..13 {
            assert!(items(TenantSize::Small).iter().any(|i| i.traits.has(1 << bit)), "trait {bit}");
        }
        assert_eq!(items(TenantSize::Small)[0].name, "web-01");
        assert!(!items(TenantSize::Small)[0].traits.any(Traits::ENCRYPTED));
    }
}
