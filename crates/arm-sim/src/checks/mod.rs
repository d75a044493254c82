//! What Azure refuses. A restore request and its validation run the same checks.

mod access;
mod account;
mod disks;
mod encryption;
mod extended;
mod identity;
mod identity_of_request;
mod kind;
mod rehydration;
mod shape;
mod subscription;
mod target;
mod zones;

pub(crate) use extended::EDGE_ZONE;

use crate::errors::{ArmError, Refused};
use crate::restore::request::RestoreRequest;
use crate::text::same;
use crate::version::Version;
use crate::world::World;
use crate::world::item::Item;
use crate::world::job::RestoreKind;
use crate::world::point::Point;
use crate::world::vault::Vault;

/// A reason to refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The invalid property, such as `properties.storageAccountId`.
    pub(crate) target: String,
    pub(crate) advice: &'static str,
}

impl From<Refusal> for Refused {
    fn from(r: Refusal) -> Self {
        let message = if r.advice.is_empty() { r.message } else { format!("{}\r\n{}", r.message, r.advice) };
        let mut refused = ArmError::service(r.status, r.code, message);
        refused.target = Some(r.target);
        refused
    }
}

/// A restore request together with what it refers to.
pub(crate) struct Case<'a> {
    pub(crate) world: &'a World,
    pub(crate) item_index: usize,
    pub(crate) item: &'a Item,
    pub(crate) vault: &'static Vault,
    pub(crate) point: &'a Point,
    pub(crate) version: &'a Version,
    pub(crate) request: RestoreRequest<'a>,
    pub(crate) kind: RestoreKind,
    /// The region to restore to: the vault's, or its secondary region.
    pub(crate) region: &'static str,
    found: Vec<Refusal>,
}

impl<'a> Case<'a> {
    /// Adds a refusal with Azure Backup's general code for a property.
    fn refuse(&mut self, property: &str, message: impl Into<String>) {
        self.refuse_as("BMSUserErrorInvalidInput", property, message, "");
    }

    /// Notes a reason with a code of its own.
    fn refuse_as(&mut self, code: &'static str, property: &str, message: impl Into<String>, advice: &'static str) {
        let (message, target) = (message.into(), self.target(property));
        self.found.push(Refusal { status: 400, code, message, target, advice });
    }

    /// How a refusal names a property.
    fn target(&self, property: &str) -> String {
        format!("{}.{property}", if self.is_secondary() { "restoreRequest" } else { "properties" })
    }

    /// Whether it is a cross-region restore.
    fn is_secondary(&self) -> bool {
        self.version.is_secondary()
    }

    /// The region that a resource has to be in, in words.
    fn place(&self) -> String {
        let whose = match () {
            () if self.is_secondary() => "secondary region of the vault",
            () if self.region != self.vault.region => "region of the virtual machine",
            () => "region of the vault",
        };
        format!("the {whose}, '{}'", self.region)
    }

    fn is(&self, kind: RestoreKind) -> bool {
        self.kind == kind
    }
}

/// The region of a restore: the vault's, or its secondary region.
///
/// A machine in another region than its vault (Region of Choice) is replaced where it is; any other restore may name
/// either region. This is not documented.
pub(crate) fn region(vault: &Vault, item: &Item, version: &Version, request: RestoreRequest<'_>) -> &'static str {
    if let Some(secondary) = vault.secondary().filter(|_| version.is_secondary()) {
        return secondary;
    }
    let source = item.region();
    let asked = request.text("region").is_some_and(|region| same(&region.replace(' ', ""), source));
    let in_place = request.kind() == Some(RestoreKind::OriginalLocation);
    if asked || in_place { source } else { vault.region }
}

/// Every reason to refuse the restore of `point`; empty if Azure would accept it.
pub(crate) fn findings<'a>(
    world: &'a World,
    item_index: usize,
    point: &'a Point,
    version: &'a Version,
    request: RestoreRequest<'a>,
) -> Vec<Refusal> {
    let vault = world.vault_of(item_index);
    let mut case = Case {
        world,
        item_index,
        item: &world.items[item_index],
        vault,
        point,
        version,
        request,
        kind: request.kind().unwrap_or(RestoreKind::RestoreDisks),
        region: region(vault, &world.items[item_index], version, request),
        found: Vec::new(),
    };
    // A request that cannot be parsed is not checked further.
    shape::check(&mut case);
    if case.found.is_empty() {
        for check in [
            identity_of_request::check,
            rehydration::check,
            kind::check,
            account::check,
            target::check,
            subscription::check,
            disks::check,
            encryption::check,
            zones::check,
            access::check,
            identity::check,
            extended::check,
        ] {
            check(&mut case);
        }
    }
    case.found
}
