//! The table of checks. Each row: what it is about, where Azure's documentation describes it, what can be done, what it asks, how it decides.

use super::{Answers, Findings, Machine, Question};
use super::{
    addresses, deny_assignments, locks, not_restored, permissions, policies, providers, quota, sizes, staging_account,
};

/// One check.
#[derive(Debug)]
pub struct Check {
    /// Its name, for documents and tests.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What it compares.
    pub compares: &'static str,
    /// What can be done about a problem.
    pub remedy: &'static str,
    /// Where Azure's documentation describes it.
    pub link: &'static str,
    /// Adds what it asks Azure for one machine.
    pub asks: fn(&Machine<'_>, &dyn Answers, &mut Vec<Question>),
    /// What it finds.
    pub run: fn(&[Machine<'_>], &dyn Answers) -> Findings,
}

/// Every check, in the order in which a restore would fail.
pub static CHECKS: &[Check] = &[
    Check {
        id: "permissions",
        title: "Permissions",
        compares: "The actions that the restore needs on the vault, the original VM, the staging account, the target group, the virtual network, encryption sets and disk access, with the roles of the account that is signed in.",
        remedy: "Send an administrator the message that the page offers, or activate an eligible role in Privileged Identity Management.",
        link: "https://learn.microsoft.com/azure/backup/backup-rbac-rs-vault",
        asks: permissions::asks,
        run: permissions::run,
    },
    Check {
        id: "deny-assignments",
        title: "Deny assignments",
        compares: "The same actions with the deny assignments at the same resources and above. Group memberships aren't read, so a deny assignment for a group is reported to everyone whom it may apply to.",
        remedy: "Ask the owner of the deny assignment to exclude the account, or restore to another resource group.",
        link: "https://learn.microsoft.com/azure/role-based-access-control/deny-assignments",
        asks: deny_assignments::asks,
        run: deny_assignments::run,
    },
    Check {
        id: "locks",
        title: "Locks",
        compares: "Read-only locks on the target group, the virtual network, the staging account and the original VM, and delete locks on the staging account.",
        remedy: "Ask the owner of the lock to remove it until the restore has ended.",
        link: "https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
        asks: locks::asks,
        run: locks::run,
    },
    Check {
        id: "policies",
        title: "Policies",
        compares: "Azure Policy's answer on a new VM, its network interface and disks in the target group and region, with the name and the tags left open. Azure Backup can't set tags.",
        remedy: "Restore to a resource group that the policy exempts, or ask its owner for an exemption.",
        link: "https://learn.microsoft.com/azure/governance/policy/concepts/effect-deny",
        asks: policies::asks,
        run: policies::run,
    },
    Check {
        id: "providers",
        title: "Resource providers",
        compares: "The registrations of the target subscription.",
        remedy: "Register the resource provider: `az provider register`.",
        link: "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider",
        asks: providers::asks,
        run: providers::run,
    },
    Check {
        id: "vm-size",
        title: "VM size",
        compares: "The size of the VM at the time of the backup, which can't be changed in a restore, with the sizes that the subscription can use in the region and zone.",
        remedy: "Restore the disks instead, then create a VM of another size from them.",
        link: "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available",
        asks: sizes::asks,
        run: sizes::run,
    },
    Check {
        id: "vcpu-quota",
        title: "vCPU quota",
        compares: "The vCPUs of all new VMs with what is free of the region's quota and of the quota of their family.",
        remedy: "Request a higher quota, or restore the disks instead.",
        link: "https://learn.microsoft.com/azure/quotas/per-vm-quota-requests",
        asks: quota::asks_vcpus,
        run: quota::run_vcpus,
    },
    Check {
        id: "disk-quota",
        title: "Disk quota",
        compares: "The number of restored disks of each kind with what is free of the region's quota.",
        remedy: "Delete disks that aren't needed, or request a higher quota.",
        link: "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
        asks: quota::asks_disks,
        run: quota::run_disks,
    },
    Check {
        id: "addresses",
        title: "IP addresses",
        compares: "The number of new network interfaces with the free addresses of their subnet.",
        remedy: "Choose another subnet, or extend this one.",
        link: "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        asks: addresses::asks,
        run: addresses::run,
    },
    Check {
        id: "staging-network",
        title: "Staging account network",
        compares: "The network rules of the staging account with the way in which Azure Backup reaches it.",
        remedy: "Allow trusted Azure services in the account's network rules, or choose another account.",
        link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
        asks: |_, _, _| {},
        run: staging_account::run,
    },
    Check {
        id: "not-restored",
        title: "Settings not restored",
        compares: "The original VM, as far as it can be read, with what a new VM gets: availability set, fixed and public addresses, further network interfaces, extensions, Azure Hybrid Benefit, Marketplace plan; and names and tags that suggest a domain controller or SQL Server.",
        remedy: "Add it after the restore, or restore the disks and create the VM from them.",
        link: "https://learn.microsoft.com/azure/backup/backup-azure-arm-restore-vms#restore-vms-with-special-configurations",
        asks: not_restored::asks,
        run: not_restored::run,
    },
];
