//! Edge zones.

use super::Case;
use crate::text::same;
use crate::world::item::Traits;
use crate::world::job::RestoreKind::OriginalLocation;
use crate::world::resource::parts;

/// The edge zone of the only VM that is in one.
pub(crate) const EDGE_ZONE: &str = "microsoftamsterdam1";

const LOCATION: &str = "extendedLocation";

pub(super) fn check(case: &mut Case<'_>) {
    let at_edge = case.item.traits.has(Traits::EDGE);
    if !case.request.has(LOCATION) {
        if at_edge && case.is(OriginalLocation) && case.version.since(20_230_401) {
            case.refuse(LOCATION, "extendedLocation must be that of the recovery point when disks are replaced.");
        }
        return;
    }
    let same_zone = case.request.inner(LOCATION, "name").is_some_and(|n| same(n, EDGE_ZONE));
    if !at_edge || !same_zone || case.request.inner(LOCATION, "type") != Some("EdgeZone") {
        case.refuse(LOCATION, "extendedLocation must be that of the recovery point.");
    }
    let target = case.request.text("targetResourceGroupId").and_then(parts).map(|p| p.subscription);
    if target.is_some_and(|s| !same(s, case.vault.subscription)) {
        case.refuse(LOCATION, "extendedLocation cannot be used with another subscription.");
    }
}
