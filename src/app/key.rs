//! What can be read of Azure: a key for each answer, the call behind it, and the answer's value.

use std::rc::Rc;

use azure_backup::arm::call::{ApiVersion, Call};
use azure_backup::arm::cloud::{Cloud, RefusedUrl};
use azure_backup::arm::fault::Fault;
use azure_backup::arm::id::{ArmId, ClientRequestId, SubscriptionId};
use azure_backup::arm::page::Page;
use azure_backup::backup::item::{self, ProtectedItem};
use azure_backup::backup::job::{self, Job, JobFilter};
use azure_backup::backup::lookups::{
    self, DiskAccess, DiskEncryptionSet, ManagedIdentity, ResourceGroup, StorageAccount, Subscription, VirtualNetwork,
};
use azure_backup::backup::recovery_point::{self, RecoveryPoint};
use azure_backup::backup::vault::{self, EncryptionConfig, ResourceGuardProxy, Vault};
use bytes::Bytes;
use http::{Request, Response};

/// Names one answer of Azure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The subscriptions that the token may see.
    Subscriptions,
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
    /// The jobs of a vault.
    Jobs(ArmId),
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is the answer of the key of the same name")]
pub enum Value {
    Subscriptions(Rc<Vec<Subscription>>),
    Vaults(Rc<Vec<Vault>>),
    Vault(Rc<Vault>),
    Items(Rc<Vec<ProtectedItem>>),
    Item(Rc<ProtectedItem>),
    Points(Rc<Vec<RecoveryPoint>>),
    Point(Rc<RecoveryPoint>),
    Encryption(Rc<EncryptionConfig>),
    Guards(Rc<Vec<ResourceGuardProxy>>),
    Exists(Rc<bool>),
    Groups(Rc<Vec<ResourceGroup>>),
    Accounts(Rc<Vec<StorageAccount>>),
    Networks(Rc<Vec<VirtualNetwork>>),
    EncryptionSets(Rc<Vec<DiskEncryptionSet>>),
    DiskAccesses(Rc<Vec<DiskAccess>>),
    Identities(Rc<Vec<ManagedIdentity>>),
    Jobs(Rc<Vec<Job>>),
}

/// A type that an answer can be seen as.
pub trait Answered: Sized {
    /// The answer as this type.
    fn of(value: &Value) -> Option<&Rc<Self>>;
}

macro_rules! answered {
    ($($variant:ident: $type:ty,)+) => {
        $(impl Answered for $type {
            fn of(value: &Value) -> Option<&Rc<Self>> {
                match value {
                    Value::$variant(value) => Some(value),
                    _ => None,
                }
            }
        })+
    };
}

answered! {
    Subscriptions: Vec<Subscription>,
    Vaults: Vec<Vault>,
    Vault: Vault,
    Items: Vec<ProtectedItem>,
    Item: ProtectedItem,
    Points: Vec<RecoveryPoint>,
    Point: RecoveryPoint,
    Encryption: EncryptionConfig,
    Guards: Vec<ResourceGuardProxy>,
    Exists: bool,
    Groups: Vec<ResourceGroup>,
    Accounts: Vec<StorageAccount>,
    Networks: Vec<VirtualNetwork>,
    EncryptionSets: Vec<DiskEncryptionSet>,
    DiskAccesses: Vec<DiskAccess>,
    Identities: Vec<ManagedIdentity>,
    Jobs: Vec<Job>,
}

/// One page of an answer, and the link to the next.
pub struct Part {
    /// What it holds.
    pub value: Value,
    /// `nextLink`, verbatim.
    pub next: Option<String>,
}

/// Runs `$body` with `$call` bound to the call of `$key`, as a list or as one thing; `$wrap` makes the value.
macro_rules! on_call {
    ($key:expr, $version:expr, list |$call:ident, $wrap:ident| $list:expr, one |$one:ident, $wrap_one:ident| $single:expr, none $none:expr) => {{
        macro_rules! list {
            ($c:expr, $v:path) => {{
                let $call = $c;
                let $wrap = $v;
                $list
            }};
        }
        macro_rules! one {
            ($c:expr, $v:path) => {{
                let $one = $c;
                let $wrap_one = $v;
                $single
            }};
        }
        match $key {
            Key::Subscriptions => list!(lookups::subscriptions(), Value::Subscriptions),
            Key::Vaults(s) => list!(vault::list(s), Value::Vaults),
            Key::Vault(id) => one!(vault::get(id), Value::Vault),
            Key::Items(vault) => list!(item::list(vault, $version), Value::Items),
            Key::Item(id) => one!(item::get(id, $version), Value::Item),
            Key::Points(item) => list!(recovery_point::list(item, $version, None), Value::Points),
            Key::Point(id) => match super::route::item_of(id) {
                Some(item) => one!(recovery_point::get(&item, id.name(), $version), Value::Point),
                None => $none,
            },
            Key::Encryption(vault) => one!(vault::encryption_config(vault, $version), Value::Encryption),
            Key::Guards(vault) => list!(vault::resource_guard_proxies(vault, $version), Value::Guards),
            Key::Exists(id) => match lookups::api_version_of(id) {
                Some(version) => one!(lookups::exists(id, &version), Value::Exists),
                None => $none,
            },
            Key::Groups(s) => list!(lookups::resource_groups(s), Value::Groups),
            Key::Accounts(s) => list!(lookups::storage_accounts(s), Value::Accounts),
            Key::Networks(s) => list!(lookups::virtual_networks(s), Value::Networks),
            Key::EncryptionSets(s) => list!(lookups::disk_encryption_sets(s), Value::EncryptionSets),
            Key::DiskAccesses(s) => list!(lookups::disk_accesses(s), Value::DiskAccesses),
            Key::Identities(s) => list!(lookups::managed_identities(s), Value::Identities),
            Key::Jobs(vault) => list!(job::list(vault, $version, &JobFilter::default()), Value::Jobs),
        }
    }};
}

impl Key {
    /// The request for the first page, or for the one that `next` names.
    ///
    /// # Errors
    /// When the URL leaves the cloud, or the key names nothing that can be asked for.
    pub fn request(
        &self,
        next: Option<&str>,
        version: &ApiVersion,
        cloud: &Cloud,
        id: &ClientRequestId,
    ) -> Result<Request<Bytes>, RefusedUrl> {
        on_call!(self, version,
            list |call, _wrap| follow(&call, next, cloud)?.request(cloud, id),
            one |call, _wrap| call.request(cloud, id),
            none Err(RefusedUrl::NotAUrl(self.what().to_owned())))
    }

    /// What the call is for, in Azure's words.
    pub fn what(&self) -> &'static str {
        let none = "Read a resource";
        on_call!(self, &ApiVersion::BACKUP_DEFAULT, list |call, _wrap| call.name, one |call, _wrap| call.name, none none)
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// Azure's fault, or ours where the answer cannot be read.
    pub fn read(&self, answer: &Response<Bytes>, version: &ApiVersion) -> Result<Part, Box<Fault>> {
        on_call!(self, version,
            list |call, wrap| call.read(answer).map_err(Box::new).map(|page: Page<_>| Part { value: wrap(Rc::new(page.value)), next: page.next }),
            one |call, wrap| call.read(answer).map_err(Box::new).map(|value| Part { value: wrap(Rc::new(value)), next: None }),
            none Err(Box::new(Fault::reported(self.what(), "", "This resource cannot be read."))))
    }
}

fn follow<T>(call: &Call<Page<T>>, next: Option<&str>, cloud: &Cloud) -> Result<Call<Page<T>>, RefusedUrl> {
    match next {
        Some(next) => call.follow(cloud, next),
        None => Ok(call.clone()),
    }
}

impl Value {
    /// Appends a further page of the same list.
    pub fn append(&mut self, more: Self) {
        macro_rules! lists {
            ($($variant:ident),+) => {
                match (self, more) {
                    $((Self::$variant(all), Self::$variant(more)) => {
                        let more = Rc::unwrap_or_clone(more);
                        Rc::make_mut(all).extend(more);
                    })+
                    (one, more) => *one = more,
                }
            };
        }
        lists!(
            Subscriptions,
            Vaults,
            Items,
            Points,
            Guards,
            Groups,
            Accounts,
            Networks,
            EncryptionSets,
            DiskAccesses,
            Identities,
            Jobs
        );
    }
}
