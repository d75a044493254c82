//! What can be read of Azure: a key for each answer, the call behind it, and the answer's value.

use std::rc::Rc;

use azure_backup::arm::call::Call;
use azure_backup::arm::cloud::{Cloud, RefusedUrl};
use azure_backup::arm::eligible_roles::{ActivationRules, EligibleRole};
use azure_backup::arm::graph::{Query, ResultPage, Scope};
use azure_backup::arm::id::{ArmId, SubscriptionId};
use azure_backup::arm::locks::Lock;
use azure_backup::arm::page::Page;
use azure_backup::arm::permissions::{DenyAssignment, Permission};
use azure_backup::arm::policy::PolicyRestriction;
use azure_backup::arm::provider::Registration;
use azure_backup::backup::cross_region;
use azure_backup::backup::fleet::{self, MachineRow};
use azure_backup::backup::item::{self, ProtectedItem};
use azure_backup::backup::job::{self, Job, JobFilter};
use azure_backup::backup::lookups::{
    self, ComputeUsage, DiskAccess, DiskEncryptionSet, Location, ManagedDisk, ManagedIdentity, NetworkInterface,
    ResourceGroup, RouteTable, StorageAccount, SubnetUsage, Subscription, Tenant, VirtualMachine, VirtualNetwork,
    VmSize,
};
use azure_backup::backup::machine::{self, Machine};
use azure_backup::backup::recovery_point::{self, RecoveryPoint};
use azure_backup::backup::tiering_cost::{self, RehydrationCost};
use azure_backup::backup::undelete::{self, DeletedVault};
use azure_backup::backup::vault::{self, EncryptionConfig, ResourceGuardProxy, StorageConfig, Vault};

use super::fleet::status::GraphRows;
use super::readiness;
use super::saved::Versions;
use crate::readiness::Question;
use crate::restore::draft::RehydrationPriority;

/// Names one answer of Azure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The tenants that know the account.
    Tenants,
    /// The subscriptions that the token may see.
    Subscriptions,
    /// The protected items of all vaults of all subscriptions, by Resource Graph.
    Fleet,
    /// The vaults of a subscription.
    Vaults(SubscriptionId),
    /// One vault, with all its properties.
    Vault(ArmId),
    /// The protected items of a vault.
    Items(ArmId),
    /// One protected item.
    Item(ArmId),
    /// The recovery points of an item.
    Points(ArmId),
    /// One recovery point, with its disks.
    Point(ArmId),
    /// How a vault encrypts.
    Encryption(ArmId),
    /// The Resource Guards of a vault.
    Guards(ArmId),
    /// Whether a resource exists.
    Exists(ArmId),
    /// A virtual machine.
    Machine(ArmId),
    /// A virtual machine as it is now: its disks, and whether it runs.
    MachineNow(ArmId),
    /// The virtual machines of a subscription.
    Machines(SubscriptionId),
    /// A network interface.
    Interface(ArmId),
    /// The resource groups of a subscription.
    Groups(SubscriptionId),
    /// Its storage accounts.
    Accounts(SubscriptionId),
    /// Its virtual networks.
    Networks(SubscriptionId),
    /// Its disk encryption sets.
    EncryptionSets(SubscriptionId),
    /// Its disk access resources.
    DiskAccesses(SubscriptionId),
    /// Its user-assigned identities.
    Identities(SubscriptionId),
    /// The disks of a resource group.
    Disks(ArmId),
    /// The jobs of a vault.
    Jobs(ArmId),
    /// How a vault keeps its data: for vaults that do not say it themselves.
    StorageConfig(ArmId),
    /// The regions of a subscription, with those that they are paired with.
    Locations(SubscriptionId),
    /// The protected items of a vault, as replicated to the secondary region.
    SecondaryItems(ArmId),
    /// The recovery points of an item there.
    SecondaryPoints(ArmId),
    /// One recovery point there, with its disks.
    SecondaryPoint(ArmId),
    /// The deleted vaults of a subscription in a region that can still be undeleted: the id of the location.
    DeletedVaults(ArmId),
    /// The jobs of a vault in the secondary region: the location's id and the vault's.
    SecondaryJobs(ArmId, ArmId),
    /// What the rehydration of a recovery point costs at a priority.
    RehydrationCost(ArmId, RehydrationPriority),
    /// What a check of a restore asks, unless another key stands for it.
    Readiness(Question),
}

/// A list: its members are shared, so that a longer list costs no copy of them.
pub type List<T> = Rc<[Rc<T>]>;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is the answer of the key of the same name")]
pub enum Answer {
    Tenants(List<Tenant>),
    Subscriptions(List<Subscription>),
    Fleet(Rc<GraphRows>),
    Vaults(List<Vault>),
    Vault(Rc<Vault>),
    Items(List<ProtectedItem>),
    Item(Rc<ProtectedItem>),
    Points(List<RecoveryPoint>),
    Point(Rc<RecoveryPoint>),
    Encryption(Rc<EncryptionConfig>),
    Guards(List<ResourceGuardProxy>),
    Exists(Rc<bool>),
    Machine(Rc<VirtualMachine>),
    MachineNow(Rc<Machine>),
    Machines(List<Machine>),
    Interface(Rc<NetworkInterface>),
    Groups(List<ResourceGroup>),
    Accounts(List<StorageAccount>),
    Networks(List<VirtualNetwork>),
    EncryptionSets(List<DiskEncryptionSet>),
    DiskAccesses(List<DiskAccess>),
    Disks(List<ManagedDisk>),
    Identities(List<ManagedIdentity>),
    Jobs(List<Job>),
    StorageConfig(Rc<StorageConfig>),
    Locations(List<Location>),
    DeletedVaults(List<DeletedVault>),
    Permissions(List<Permission>),
    DenyAssignments(List<DenyAssignment>),
    EligibleRoles(List<EligibleRole>),
    ActivationRules(List<ActivationRules>),
    Locks(List<Lock>),
    ComputeUsages(List<ComputeUsage>),
    VmSizes(List<VmSize>),
    SubnetUsages(List<SubnetUsage>),
    Policies(Rc<Vec<PolicyRestriction>>),
    Provider(Rc<Registration>),
    RouteTable(Rc<RouteTable>),
    RehydrationCost(Rc<RehydrationCost>),
}

/// A type that an answer can be seen as.
pub trait Answered {
    /// The answer as this type.
    fn of(value: &Answer) -> Option<&Rc<Self>>;
}

macro_rules! answered {
    ($($variant:ident: $type:ty,)+) => {
        $(impl Answered for $type {
            fn of(value: &Answer) -> Option<&Rc<Self>> {
                match value {
                    Answer::$variant(value) => Some(value),
                    _ => None,
                }
            }
        })+
    };
}

answered! {
    Tenants: [Rc<Tenant>],
    Subscriptions: [Rc<Subscription>],
    Fleet: GraphRows,
    Vaults: [Rc<Vault>],
    Vault: Vault,
    Items: [Rc<ProtectedItem>],
    Item: ProtectedItem,
    Points: [Rc<RecoveryPoint>],
    Point: RecoveryPoint,
    Encryption: EncryptionConfig,
    Guards: [Rc<ResourceGuardProxy>],
    Exists: bool,
    Machine: VirtualMachine,
    MachineNow: Machine,
    Machines: [Rc<Machine>],
    Interface: NetworkInterface,
    Groups: [Rc<ResourceGroup>],
    Accounts: [Rc<StorageAccount>],
    Networks: [Rc<VirtualNetwork>],
    EncryptionSets: [Rc<DiskEncryptionSet>],
    DiskAccesses: [Rc<DiskAccess>],
    Disks: [Rc<ManagedDisk>],
    Identities: [Rc<ManagedIdentity>],
    Jobs: [Rc<Job>],
    StorageConfig: StorageConfig,
    Locations: [Rc<Location>],
    DeletedVaults: [Rc<DeletedVault>],
    Permissions: [Rc<Permission>],
    DenyAssignments: [Rc<DenyAssignment>],
    EligibleRoles: [Rc<EligibleRole>],
    ActivationRules: [Rc<ActivationRules>],
    Locks: [Rc<Lock>],
    ComputeUsages: [Rc<ComputeUsage>],
    VmSizes: [Rc<VmSize>],
    SubnetUsages: [Rc<SubnetUsage>],
    Policies: Vec<PolicyRestriction>,
    Provider: Registration,
    RouteTable: RouteTable,
    RehydrationCost: RehydrationCost,
}

/// An answer, or one page of it, and the link to what follows.
pub struct AnswerPage {
    /// What it holds.
    pub value: Answer,
    /// What the next page is asked for with: `nextLink` or `$skipToken`, verbatim.
    pub next: Option<String>,
}

macro_rules! joined {
    ($($list:ident)+) => {
        impl Answer {
            /// How many members a list has; 1 for what is no list.
            pub fn count(&self) -> usize {
                match self {
                    $(Answer::$list(list) => list.len(),)+
                    Answer::Fleet(rows) => rows.all().len(),
                    _ => 1,
                }
            }

            /// The pages of a list as one. Nothing comes of none.
            pub fn joined(pages: &[Answer]) -> Option<Answer> {
                match pages {
                    [page] => Some(page.clone()),
                    $([Answer::$list(_), ..] => {
                        let page = |page| match page {
                            &Answer::$list(ref list) => Some(&**list),
                            _ => None,
                        };
                        Some(Answer::$list(pages.iter().filter_map(page).flatten().cloned().collect()))
                    })+
                    [Answer::Fleet(first), later @ ..] => {
                        let mut rows = (**first).clone();
                        for page in later {
                            if let Answer::Fleet(page) = page {
                                rows.append(page);
                            }
                        }
                        Some(Answer::Fleet(Rc::new(rows)))
                    }
                    other => other.last().cloned(),
                }
            }
        }
    };
}

joined! {
    Tenants Subscriptions Vaults Items Points Guards Groups Accounts Networks EncryptionSets DiskAccesses Disks Identities Jobs Locations DeletedVaults
    Machines Permissions DenyAssignments EligibleRoles ActivationRules Locks ComputeUsages VmSizes SubnetUsages
}

/// The machines of every subscription that the caller may read.
fn machines() -> Query<MachineRow> {
    fleet::machines(Scope::TENANT, "")
}

fn fleet_page(call: Call<ResultPage<MachineRow>>) -> Call<AnswerPage> {
    call.map(|page| AnswerPage { next: page.next.clone(), value: Answer::Fleet(Rc::new(GraphRows::shared(page))) })
}

/// The call of an answer that is no list.
pub(super) fn one<T: 'static>(call: Call<T>, value: fn(Rc<T>) -> Answer) -> Option<Call<AnswerPage>> {
    Some(call.map(move |answer| AnswerPage { value: value(Rc::new(answer)), next: None }))
}

/// The call of a list.
pub(super) fn many<T: 'static>(call: Call<Page<T>>, value: fn(List<T>) -> Answer) -> Option<Call<AnswerPage>> {
    Some(
        call.map(move |page| AnswerPage {
            value: value(page.value.into_iter().map(Rc::new).collect()),
            next: page.next,
        }),
    )
}

impl Key {
    /// The call that reads the first page. It also decodes the answer.
    ///
    /// # Errors
    /// When the key names nothing that can be read.
    pub fn call(&self, versions: &Versions) -> Result<Call<AnswerPage>, RefusedUrl> {
        self.known_call(versions).ok_or_else(|| RefusedUrl::NotAUrl(self.what().to_owned()))
    }

    fn known_call(&self, versions: &Versions) -> Option<Call<AnswerPage>> {
        let Versions { primary: version, secondary, .. } = versions;
        let reading = versions.reading();
        match self {
            Key::Tenants => many(lookups::tenants(), Answer::Tenants),
            Key::Subscriptions => many(lookups::subscriptions(), Answer::Subscriptions),
            Key::Fleet => Some(fleet_page(machines().first())),
            Key::Vaults(s) => many(vault::list(s), Answer::Vaults),
            Key::Vault(id) => one(vault::get(id), Answer::Vault),
            Key::Items(vault) => many(item::list(vault, reading), Answer::Items),
            Key::Item(id) => one(item::get(id, reading), Answer::Item),
            Key::Points(item) => many(recovery_point::list(item, reading), Answer::Points),
            Key::Point(id) => one(recovery_point::get(&id.up_to("protectedItems")?, id.name(), reading), Answer::Point),
            Key::Encryption(vault) => one(vault::encryption_config(vault, version), Answer::Encryption),
            Key::Guards(vault) => many(vault::resource_guard_proxies(vault, version), Answer::Guards),
            Key::Exists(id) => one(lookups::exists(id, &lookups::api_version_of(id)?), Answer::Exists),
            Key::Machine(id) => one(lookups::virtual_machine(id), Answer::Machine),
            Key::MachineNow(id) => one(machine::get(id), Answer::MachineNow),
            Key::Machines(s) => many(machine::list(s), Answer::Machines),
            Key::Interface(id) => one(lookups::network_interface(id), Answer::Interface),
            Key::Groups(s) => many(lookups::resource_groups(s), Answer::Groups),
            Key::Accounts(s) => many(lookups::storage_accounts(s), Answer::Accounts),
            Key::Networks(s) => many(lookups::virtual_networks(s), Answer::Networks),
            Key::EncryptionSets(s) => many(lookups::disk_encryption_sets(s), Answer::EncryptionSets),
            Key::DiskAccesses(s) => many(lookups::disk_accesses(s), Answer::DiskAccesses),
            Key::Disks(group) => many(lookups::disks(group), Answer::Disks),
            Key::Identities(s) => many(lookups::managed_identities(s), Answer::Identities),
            Key::Jobs(vault) => many(job::list(vault, version, &JobFilter::default()), Answer::Jobs),
            Key::StorageConfig(vault) => one(vault::storage_config(vault, version), Answer::StorageConfig),
            Key::Locations(s) => many(lookups::locations(s), Answer::Locations),
            Key::DeletedVaults(location) => many(undelete::vaults(location), Answer::DeletedVaults),
            Key::SecondaryItems(vault) => many(item::list(vault, secondary), Answer::Items),
            Key::SecondaryPoints(item) => many(recovery_point::list(item, secondary), Answer::Points),
            Key::SecondaryPoint(id) => {
                one(recovery_point::get(&id.up_to("protectedItems")?, id.name(), secondary), Answer::Point)
            }
            Key::SecondaryJobs(location, vault) => {
                many(cross_region::jobs(location, vault, secondary, &JobFilter::default()), Answer::Jobs)
            }
            Key::RehydrationCost(point, priority) => {
                one(tiering_cost::of_rehydration(point, &priority.wire(), version)?, Answer::RehydrationCost)
            }
            Key::Readiness(question) => readiness::call(question),
        }
    }

    /// The call for the page that follows the one of `call`, whose [`AnswerPage::next`] is `next`; for an answer that Azure gives later, the call
    /// that reads it there.
    ///
    /// # Errors
    /// When the link leaves the cloud.
    pub fn next_call(
        &self,
        call: &Call<AnswerPage>,
        cloud: &Cloud,
        next: &str,
    ) -> Result<Call<AnswerPage>, RefusedUrl> {
        match self {
            Key::Fleet => Ok(fleet_page(machines().after(next))),
            Key::RehydrationCost(..) => call.result(cloud, next),
            _ => call.follow(cloud, next),
        }
    }

    /// Whether Resource Graph answers it, which counts queries: [`azure_backup::arm::graph::Pace`] says when one may be sent.
    pub const fn is_query(&self) -> bool {
        matches!(self, Key::Fleet)
    }

    /// Whether it is read with [`Versions::reading`].
    pub fn reads_newer(&self) -> bool {
        matches!(self, Key::Items(_) | Key::Item(_) | Key::Points(_) | Key::Point(_))
    }

    /// What the call gives, in the page's words: "protected items" of "List protected items".
    pub fn things(&self) -> &'static str {
        match self.what().split_once(' ') {
            Some(("List" | "Get" | "Read" | "Query", things)) => things,
            _ => "whether the VM exists",
        }
    }

    /// What the call is for, in Azure's words.
    pub fn what(&self) -> &'static str {
        self.known_call(&Versions::default()).map_or("Read a resource", |call| call.name)
    }
}
