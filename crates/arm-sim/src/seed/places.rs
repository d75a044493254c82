//! Tenants, subscriptions, resource groups and regions.

use std::sync::LazyLock;

use super::grown;
use crate::world::place::{Group, Region, Subscription, Tenant};

pub(crate) static TENANTS: [Tenant; 2] = [
    Tenant { id: "3c9e2f10-7d44-4c1b-9a35-5e0c0f7a1001", name: "Contoso", domain: "contoso.example", category: "Home" },
    Tenant {
        id: "8b51d7c2-02fe-4a9d-b1c6-64d2ab9f2002",
        name: "Fabrikam",
        domain: "fabrikam.example",
        category: "ProjectedBy",
    },
];

/// Contoso's production subscription.
pub(crate) const PRODUCTION: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00001";
/// Contoso's test subscription.
pub(crate) const TEST: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00002";
/// A subscription that is not registered for Recovery Services.
pub(crate) const SANDBOX: &str = "5f1c0d3a-91b2-4e6f-8a77-0c0ffee00003";
/// Fabrikam's subscription, in the other tenant.
pub(crate) const FABRIKAM: &str = "a27e4b90-3d1f-4f58-9c0e-0fab1ca00001";

/// How many subscriptions every tenant has.
pub(crate) const FIRST_SUBSCRIPTIONS: usize = 4;

static FIRST: [Subscription; FIRST_SUBSCRIPTIONS] = [
    Subscription { id: PRODUCTION, name: "Contoso Production", tenant: &TENANTS[0], registered: true },
    Subscription { id: TEST, name: "Contoso Test", tenant: &TENANTS[0], registered: true },
    Subscription { id: SANDBOX, name: "Contoso Sandbox", tenant: &TENANTS[0], registered: false },
    Subscription { id: FABRIKAM, name: "Fabrikam Operations", tenant: &TENANTS[1], registered: true },
];

pub(crate) static SUBSCRIPTIONS: LazyLock<Vec<Subscription>> = LazyLock::new(|| {
    let mut all = FIRST.to_vec();
    grown::add_subscriptions(&mut all);
    all
});

const fn group(subscription: &'static str, name: &'static str, region: &'static str) -> Group {
    Group { subscription, name, region }
}

static FIRST_GROUPS: [Group; 24] = [
    group(PRODUCTION, "rg-web", "westeurope"),
    group(PRODUCTION, "rg-sql", "westeurope"),
    group(PRODUCTION, "rg-app", "westeurope"),
    group(PRODUCTION, "rg-secure", "westeurope"),
    group(PRODUCTION, "rg-legacy", "westeurope"),
    group(PRODUCTION, "rg-erp-neu", "northeurope"),
    group(PRODUCTION, "rg-zonal", "westeurope"),
    group(PRODUCTION, "rg-backup-weu", "westeurope"),
    group(PRODUCTION, "rg-backup-neu", "northeurope"),
    group(PRODUCTION, "rg-network", "westeurope"),
    group(PRODUCTION, "rg-restore-weu", "westeurope"),
    group(PRODUCTION, "rg-restore-neu", "northeurope"),
    group(PRODUCTION, "rg-faults", "westeurope"),
    group(TEST, "rg-test", "westeurope"),
    group(TEST, "rg-test-restore", "westeurope"),
    group(TEST, "rg-backup-swc", "swedencentral"),
    group(SANDBOX, "rg-sandbox", "westeurope"),
    group(FABRIKAM, "rg-fabrikam", "eastus"),
    group(FABRIKAM, "rg-fleet", "eastus"),
    group(FABRIKAM, "rg-fabrikam-backup", "eastus"),
    group(TEST, "rg-shop", "northeurope"),
    group(PRODUCTION, "rg-frozen", "westeurope"),
    group(PRODUCTION, "rg-tagged", "westeurope"),
    group(TEST, "rg-payroll", "westeurope"),
];

pub(crate) static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let mut all = FIRST_GROUPS.to_vec();
    grown::add_groups(&mut all);
    all
});

const fn region(name: &'static str, display: &'static str, pair: &'static str, zones: bool) -> Region {
    Region { name, display, pair, zones }
}

pub(crate) static REGIONS: [Region; 8] = [
    region("westeurope", "West Europe", "northeurope", true),
    region("northeurope", "North Europe", "westeurope", true),
    region("swedencentral", "Sweden Central", "swedensouth", true),
    region("swedensouth", "Sweden South", "swedencentral", false),
    region("eastus", "East US", "westus", true),
    region("westus", "West US", "eastus", false),
    region("uksouth", "UK South", "ukwest", true),
    region("ukwest", "UK West", "uksouth", false),
];
