//! Places of the app. The address after `#` says where the operator is; every link is made here.

use std::borrow::Cow;
use std::rc::Rc;

use azure_backup::arm::id::{ArmId, ClientRequestId, Region};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::fleet::view::FleetView;
use super::list_query::{JOB_FILTERS, ListQuery, STATE};
use super::{board_list, job_list, restore_list};
use crate::export::link::RestoreLink;
use crate::recovery::plan::{MachineId, PlanId};
use crate::restore::regional_id::RegionalId;

/// The simulator's vault whose primary region is down, in the list of virtual machines.
pub const OUTAGE: &str = "#/vms?subscription=5f1c0d3a-91b2-4e6f-8a77-0c0ffee00002&vault=%2Fsubscriptions%2F5f1c0d3a-91b2-4e6f-8a77-0c0ffee00002%2FresourceGroups%2Frg-shop%2Fproviders%2FMicrosoft.RecoveryServices%2Fvaults%2Ffault-vault-region-down";

/// Forty of the simulator's machines, in the list of virtual machines: among them encrypted ones, one with a snapshot only, one with excluded disks,
/// one with a reported threat, two that are being restored, a vault whose region is down, and one whose recovery points may not be read.
pub const RANSOMWARE: &str =
    "#/vms?group=rg-app&group=rg-secure&group=rg-erp-neu&group=rg-zonal&group=rg-web&group=rg-shop&group=rg-payroll";

/// A place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Demo or token.
    Connect,
    /// The same, and the demo starts if nobody is connected: for links, and for the page that is shown until the program has loaded.
    Demo,
    /// Choose a virtual machine, in this view of the list.
    Vms(FleetView),
    /// Restore a vault's machines in the secondary region; none of either = not chosen yet.
    Secondary {
        /// The vault.
        vault: Option<ArmId>,
        /// The region that the operator has chosen instead of the one that Azure names.
        region: Option<Region>,
    },
    /// Choose a recovery point of a protected item.
    Points(RegionalId),
    /// How and where to restore a recovery point.
    Form(RegionalId),
    /// Review and start.
    Review(RegionalId),
    /// Recover files from a recovery point.
    Files(RegionalId),
    /// The restore that a link holds, by its text.
    Linked(String),
    /// This browser's restores.
    Restores(ListQuery),
    /// One of them.
    Restore(ClientRequestId),
    /// Make a recovery plan of these machines, which a link or the page around this one names by their ids.
    NewPlan(Rc<[String]>),
    /// The settings of a recovery plan.
    Plan(PlanId),
    /// What a machine of a recovery plan has instead of the plan's settings.
    PlanMachine(PlanId, MachineId),
    /// Review and start a recovery plan.
    PlanReview(PlanId),
    /// How a recovery plan goes on.
    Board(PlanId, ListQuery),
    /// The same for a screen on the wall.
    Wall(PlanId),
    /// A vault's jobs.
    Jobs(Option<ArmId>, ListQuery),
    /// Every exchange with Azure.
    Activity,
    /// Who we are to Azure.
    Account,
    /// API version and saved data.
    Settings,
    /// No such place.
    Unknown(String),
}

impl Route {
    /// The place that the address names.
    pub fn parse(hash: &str) -> Self {
        let unknown = || Self::Unknown(hash.to_owned());
        let (path, query) = hash.trim_start_matches('#').split_once('?').unwrap_or((hash.trim_start_matches('#'), ""));
        let values = |key: &str| -> Vec<String> {
            let of_key = query.split('&').filter_map(|pair| pair.split_once('=').filter(|(k, _)| *k == key));
            of_key.filter_map(|(_, v)| decode(v)).filter(|v| !v.is_empty()).collect()
        };
        let value = |key: &str| values(key).into_iter().next();
        let id = |text: &str| decode(text).and_then(|t| ArmId::parse(&t).ok());
        let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
        let region = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
            plain.then(|| Region::new(text))
        };
        // `restore/{item}/…` in the vault's own region, `secondary/{region}/{item}/…` in the other one.
        let (secondary, segments) = match segments.as_slice() {
            ["secondary", name, rest @ ..] if !rest.is_empty() => match region(name) {
                Some(region) => (Some(region), [&["restore"], rest].concat()),
                None => return unknown(),
            },
            _ => (None, segments),
        };
        let place = |id: ArmId| RegionalId { id, secondary: secondary.clone() };
        let point = |item: &str, point: &str| {
            let id = id(item)?.child("recoveryPoints", &decode(point)?);
            id.name().bytes().all(|b| b.is_ascii_alphanumeric()).then(|| place(id))
        };
        let plan = |id: &str| ClientRequestId::parse(id).ok().map(PlanId::from);
        match segments.as_slice() {
            [] => Self::Connect,
            ["demo"] => Self::Demo,
            ["vms"] => {
                let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                Self::Vms(FleetView::read(pairs.filter_map(|(name, v)| Some((name.to_owned(), decode(v)?)))))
            }
            ["secondary"] => Self::Secondary {
                vault: value("vault").and_then(|v| ArmId::parse(&v).ok()),
                region: value("region").and_then(|r| region(&r)),
            },
            ["restore", item] => id(item).map_or_else(unknown, |id| Self::Points(place(id))),
            ["restore", item, name] => point(item, name).map_or_else(unknown, Self::Form),
            ["restore", item, name, "review"] => point(item, name).map_or_else(unknown, Self::Review),
            ["restore", item, name, "files"] => point(item, name).map_or_else(unknown, Self::Files),
            ["linked", text] => Self::Linked((*text).to_owned()),
            ["restores"] => Self::Restores(ListQuery::parse(values, &[STATE], &restore_list::KEYS)),
            ["restores", id] => ClientRequestId::parse(id).map_or_else(|_| unknown(), Self::Restore),
            ["plans", "new"] => {
                let named = query.split('&').filter_map(|pair| pair.strip_prefix("machine="));
                // What cannot be decoded is told to the operator as it stands.
                let named = named.map(|id| decode(id).unwrap_or_else(|| id.to_owned())).filter(|id| !id.is_empty());
                Self::NewPlan(named.collect())
            }
            ["plans", id] => plan(id).map_or_else(unknown, Self::Plan),
            ["plans", id, "machines", item] => {
                let machine = decode(item).and_then(|key| RegionalId::from_key(&key));
                plan(id).zip(machine).map_or_else(unknown, |(id, item)| Self::PlanMachine(id, MachineId::of(&item)))
            }
            ["plans", id, "review"] => plan(id).map_or_else(unknown, Self::PlanReview),
            ["plans", id, "board"] if value("view").as_deref() == Some("wall") => {
                plan(id).map_or_else(unknown, Self::Wall)
            }
            ["plans", id, "board"] => plan(id)
                .map_or_else(unknown, |id| Self::Board(id, ListQuery::parse(values, &[STATE], &board_list::KEYS))),
            ["jobs"] => {
                let vault = value("vault").and_then(|v| ArmId::parse(&v).ok());
                Self::Jobs(vault, ListQuery::parse(values, &JOB_FILTERS, &job_list::KEYS))
            }
            ["activity"] => Self::Activity,
            ["account"] => Self::Account,
            ["settings"] => Self::Settings,
            _ => unknown(),
        }
    }

    /// The address, with its `#`.
    pub fn hash(&self) -> String {
        let of_item = |item: Option<RegionalId>| match item {
            Some(RegionalId { id, secondary: None }) => format!("#/restore/{}", encode(id.as_str())),
            Some(RegionalId { id, secondary: Some(region) }) => {
                format!("#/secondary/{}/{}", region.key(), encode(id.as_str()))
            }
            None => String::new(),
        };
        let of_point = |point: &RegionalId| format!("{}/{}", of_item(point.item()), encode(point.id.name()));
        match self {
            Self::Connect => "#/".to_owned(),
            Self::Demo => "#/demo".to_owned(),
            Self::Vms(view) => {
                let parts = view.parts();
                let parts: Vec<_> = parts.iter().map(|(name, value)| Some((*name, value.as_str()))).collect();
                with_query("#/vms", &parts)
            }
            Self::Secondary { vault, region } => {
                let region = region.as_ref().map(|r| ("region", r.as_str()));
                with_query("#/secondary", &[vault.as_ref().map(|v| ("vault", v.as_str())), region])
            }
            Self::Points(item) => of_item(Some(item.clone())),
            Self::Form(point) => of_point(point),
            Self::Review(point) => of_point(point) + "/review",
            Self::Files(point) => of_point(point) + "/files",
            Self::Linked(text) => format!("#/linked/{text}"),
            Self::Restores(query) => of_list("#/restores", None, query),
            Self::Restore(id) => format!("#/restores/{id}"),
            Self::NewPlan(machines) => {
                let machines: Vec<_> = machines.iter().map(|id| Some(("machine", id.as_str()))).collect();
                with_query("#/plans/new", &machines)
            }
            Self::Plan(id) => format!("#/plans/{}", id.as_str()),
            Self::PlanMachine(id, machine) => format!("#/plans/{}/machines/{}", id.as_str(), encode(machine.as_str())),
            Self::PlanReview(id) => format!("#/plans/{}/review", id.as_str()),
            Self::Board(id, query) => of_list(&format!("#/plans/{}/board", id.as_str()), None, query),
            Self::Wall(id) => format!("#/plans/{}/board?view=wall", id.as_str()),
            Self::Jobs(vault, query) => of_list("#/jobs", vault.as_ref().map(|v| ("vault", v.as_str())), query),
            Self::Activity => "#/activity".to_owned(),
            Self::Account => "#/account".to_owned(),
            Self::Settings => "#/settings".to_owned(),
            Self::Unknown(hash) => format!("#{}", hash.trim_start_matches('#')),
        }
    }

    /// All restores of this browser.
    pub fn restores() -> Self {
        Self::Restores(ListQuery::default())
    }

    /// How all machines of a recovery plan go on.
    pub fn board(plan: PlanId) -> Self {
        Self::Board(plan, ListQuery::default())
    }

    /// All jobs of a vault, or the choice of one.
    pub fn jobs(vault: Option<ArmId>) -> Self {
        Self::Jobs(vault, ListQuery::default())
    }

    /// Whether the search of the page before stays. Of the list of machines, the address has everything but whether deleted vaults are looked for;
    /// from the form of one machine of a plan, the operator comes back to what was searched.
    pub const fn keeps_search_of(&self, before: &Self) -> bool {
        matches!(
            (before, self),
            (Self::Vms(_), Self::Vms(_))
                | (Self::Plan(_), Self::PlanMachine(..))
                | (Self::PlanMachine(..), Self::Plan(_))
        )
    }

    /// Whether the place shows Azure's answers, for which a connection is needed.
    pub fn needs_connection(&self) -> bool {
        match self {
            // What is wrong with a link is told at once.
            Self::Linked(text) => RestoreLink::read(text).is_ok(),
            Self::Vms(_)
            | Self::Secondary { .. }
            | Self::Points(_)
            | Self::Form(_)
            | Self::Review(_)
            | Self::Files(_)
            | Self::NewPlan(_)
            | Self::Plan(_)
            | Self::PlanMachine(..)
            | Self::PlanReview(_)
            | Self::Board(..)
            | Self::Wall(_)
            | Self::Jobs(..)
            | Self::Account => true,
            _ => false,
        }
    }

    /// The recovery point of the place.
    pub const fn point(&self) -> Option<&RegionalId> {
        match self {
            Self::Form(point) | Self::Review(point) => Some(point),
            _ => None,
        }
    }

    /// The protected item of the place.
    pub fn item(&self) -> Option<RegionalId> {
        match self {
            Self::Points(item) => Some(item.clone()),
            Self::Form(point) | Self::Review(point) | Self::Files(point) => point.item(),
            _ => None,
        }
    }
}

/// The address of a list; `first` stands before what is asked of it.
fn of_list(path: &str, first: Option<(&str, &str)>, query: &ListQuery) -> String {
    let query = query.pairs();
    let query = query.iter().map(|(name, value)| Some((*name, value.as_str())));
    with_query(path, &[first].into_iter().chain(query).collect::<Vec<_>>())
}

fn with_query(path: &str, values: &[Option<(&str, &str)>]) -> String {
    let mut text = path.to_owned();
    for (key, value) in values.iter().flatten() {
        text.push(if text.len() == path.len() { '?' } else { '&' });
        text += &format!("{key}={}", encode(value));
    }
    text
}

/// What is encoded in an address: everything but ASCII letters, digits, `-._~` and the `;` of Azure's names.
const IN_ADDRESS: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b';');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, &IN_ADDRESS).to_string()
}

/// The text behind an encoded one; none where a `%` is not followed by two hexadecimal digits, or the bytes are no UTF-8.
fn decode(text: &str) -> Option<String> {
    let hexadecimal = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    let whole = text.split('%').skip(1).all(|after| after.as_bytes().get(..2).is_some_and(hexadecimal));
    whole.then(|| percent_decode_str(text).decode_utf8().ok()).flatten().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fleet::Facet;
    use crate::app::list_query::Sort;
    use proptest::prelude::*;

    const ITEM: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;rg;vm/protectedItems/VM;iaasvmcontainerv2;rg;vm";

    #[test]
    fn every_place_comes_back_from_its_address() {
        let item = ArmId::parse(ITEM).unwrap();
        let point = item.child("recoveryPoints", "2261197147500459276");
        let vault = RegionalId::from(item.clone()).vault().unwrap();
        assert_eq!(vault.name(), "v");
        let region = Some(Region::new("westus"));
        let plan = PlanId::from(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap());
        let there = |id: &ArmId| RegionalId { id: id.clone(), secondary: region.clone() };
        let own = Sort { column: "started", descending: true };
        for route in [
            Route::Connect,
            Route::Demo,
            Route::Vms(FleetView::default()),
            Route::Vms(FleetView::only(Facet::Vault, vault.as_str()).with(Facet::Tag, "a=b & c", true)),
            Route::Secondary { vault: None, region: None },
            Route::Secondary { vault: Some(vault.clone()), region: region.clone() },
            Route::Points(there(&item)),
            Route::Form(there(&point)),
            Route::Review(there(&point)),
            Route::Files(there(&point)),
            Route::Files(point.clone().into()),
            Route::Points(item.into()),
            Route::Form(point.clone().into()),
            Route::Review(point.into()),
            Route::Linked("1.0a1b2c3d.eyJ9_-".to_owned()),
            Route::restores(),
            Route::Restores(
                ListQuery::default().toggled(STATE, "failed").toggled(STATE, "a&b").searching("a b".to_owned()),
            ),
            Route::Restore(ClientRequestId::parse("0f8fad5b-d9cb-469f-a165-70867728950e").unwrap()),
            Route::NewPlan(Rc::default()),
            Route::NewPlan([ITEM.to_owned(), "/a b&c=%2".to_owned()].into()),
            Route::Plan(plan.clone()),
            Route::PlanMachine(plan.clone(), MachineId::of(&there(&vault))),
            Route::PlanReview(plan.clone()),
            Route::board(plan.clone()),
            Route::Wall(plan.clone()),
            Route::Board(plan, ListQuery::default().toggled(STATE, "failed").searching("web".to_owned())),
            Route::jobs(None),
            Route::jobs(Some(vault.clone())),
            Route::Jobs(
                Some(vault),
                ListQuery::default().toggled("status", "Failed").toggled("since", "24h").sorted_by("vm", own),
            ),
            Route::Activity,
            Route::Settings,
        ] {
            assert_eq!(Route::parse(&route.hash()), route);
        }
        assert!(matches!(Route::parse("#/nowhere"), Route::Unknown(_)));
        let damaged = Route::parse("#/plans/new?machine=%zz&machine=&other=1");
        assert_eq!(damaged, Route::NewPlan(["%zz".to_owned()].into()));
        assert!(matches!(Route::parse("#/restore/%zz"), Route::Unknown(_)));
        assert!(matches!(Route::parse("#/secondary/we%2fst/%2Fx"), Route::Unknown(_)));
    }

    proptest! {
        #[test]
        fn any_address_is_a_place(hash in "\\PC{0,60}") {
            let route = Route::parse(&hash);
            let _ = route.hash();
        }
    }
}
