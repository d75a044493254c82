//! The simulator: one function from request to reply, and its state.

use bytes::Bytes;
use http::{Request, Response};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::answer::Answer;
use crate::errors::Refused;
use crate::graph::index::Index;
use crate::handlers::{self, blob_get, deleted_vaults, deployments, find, machine};
use crate::headers;
use crate::moment::{Millis, millis};
use crate::progress::Progress;
use crate::restore::advance;
use crate::rights::{self, Role};
use crate::seed::grown::TenantSize;
use crate::sim_request::SimRequest;
use crate::text::same;
use crate::version::Version;
use crate::world::World;
use crate::world::changes::Trigger;
use crate::world::point::Point;
use crate::{limits, token};

/// What a request comes back with.
#[derive(Debug, Clone)]
pub enum Reply {
    /// An answer.
    Answer(Response<Bytes>),
    /// The connection broke: there is no answer.
    Dropped {
        /// Whether the request took effect nevertheless.
        acted: bool,
    },
}

/// What can be set from outside.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) progress: Progress,
    pub(crate) origin: String,
    pub(crate) retry_after: Option<u32>,
    pub(crate) require_token: bool,
    pub(crate) hourly_limit: Option<u32>,
    pub(crate) region_down: Option<String>,
    pub(crate) exact_access_details: bool,
    pub(crate) hidden_vaults: Vec<String>,
    pub(crate) graph_denied: bool,
    // Worlds that were saved before have neither.
    #[serde(default)]
    pub(crate) role: Role,
    #[serde(default)]
    pub(crate) free_vcpus: Option<u32>,
}

/// A simulator of Azure Resource Manager with Azure Backup behind it.
///
/// It is plain data: the same seed, start time and requests give the same replies. Serialized, it is the seed and what
/// requests have changed.
#[derive(Debug, Clone)]
pub struct Simulator {
    pub(crate) world: World,
    pub(crate) settings: Settings,
    pub(crate) clock: Millis,
    /// What Resource Graph keeps. It is not saved: whoever loads a world finds it up to date.
    pub(crate) index: Index,
    /// Whether the eligible role is activated. It is not saved either: an activation ends by itself.
    pub(crate) activated: bool,
}

impl Simulator {
    /// A simulator of a small tenant whose world was generated from `seed` at `now`: every generated date is before `now`.
    #[must_use]
    pub fn new(seed: u64, now: OffsetDateTime) -> Self {
        Self::of_size(TenantSize::Small, seed, now)
    }

    /// The same with a tenant of this size.
    #[must_use]
    pub fn of_size(size: TenantSize, seed: u64, now: OffsetDateTime) -> Self {
        let clock = millis(now);
        let settings = Settings {
            progress: Progress::default(),
            origin: "https://management.azure.com".to_owned(),
            retry_after: None,
            require_token: false,
            hourly_limit: None,
            region_down: None,
            exact_access_details: false,
            hidden_vaults: Vec::new(),
            graph_denied: false,
            role: Role::default(),
            free_vcpus: None,
        };
        Self { world: World::new(seed, clock, size), settings, clock, index: Index::default(), activated: false }
    }

    /// Sets how fast operations and jobs progress, including the current ones.
    pub fn set_progress(&mut self, progress: Progress) {
        self.settings.progress = progress;
    }

    /// Sets the origin of the URLs in answers; default: `https://management.azure.com`.
    pub fn set_origin(&mut self, origin: impl Into<String>) {
        self.settings.origin = origin.into();
    }

    /// Sets the seconds of every `Retry-After`; `None` for Azure's values (60, validation 10).
    pub fn set_retry_after(&mut self, seconds: Option<u32>) {
        self.settings.retry_after = seconds;
    }

    /// Sets whether a request needs a bearer token, which must not be expired if it is a JWT; default: off.
    pub fn set_require_token(&mut self, required: bool) {
        self.settings.require_token = required;
    }

    /// Sets how often each action of Azure Backup may be called per hour before the answer is 429; `None` for no limit.
    pub fn set_hourly_limit(&mut self, limit: Option<u32>) {
        self.settings.hourly_limit = limit;
    }

    /// Sets the region, such as `westeurope`, in which Azure Backup answers 503 to everything; `None` for no region.
    ///
    /// Vaults of that region can then be reached only in their secondary region.
    pub fn set_region_down(&mut self, region: Option<String>) {
        self.settings.region_down = region;
    }

    /// Sets whether the access details of a cross-region restore have to be sent back byte for byte; default: off.
    ///
    /// Azure is not that strict. Tests of a client that passes the text on are: a client that writes it anew may damage
    /// a number without noticing.
    pub fn set_exact_access_details(&mut self, exact: bool) {
        self.settings.exact_access_details = exact;
    }

    /// Sets which vaults the caller may not read, by name. Lists and Resource Graph leave them out; whoever asks for one or for what is in it gets 403.
    pub fn set_hidden_vaults(&mut self, names: Vec<String>) {
        self.settings.hidden_vaults = names;
    }

    /// Sets whether Resource Graph refuses every query with 403; default: off.
    pub fn set_graph_denied(&mut self, denied: bool) {
        self.settings.graph_denied = denied;
    }

    /// Sets the role of the caller; default: Owner. Whoever was eligible for Contributor and has activated it is Contributor.
    pub fn set_role(&mut self, role: Role) {
        self.settings.role = if role == Role::Eligible && self.activated { Role::Contributor } else { role };
    }

    /// Sets how many vCPUs new machines may have in each region; `None` for plenty.
    pub fn set_free_vcpus(&mut self, free: Option<u32>) {
        self.settings.free_vcpus = free;
    }

    /// Whether the caller may read the vault with this name.
    pub(crate) fn shows_vault(&self, name: &str) -> bool {
        !self.settings.hidden_vaults.iter().any(|hidden| same(hidden, name))
    }

    /// Every restore request that has reached the simulator, in order.
    #[must_use]
    pub fn triggers(&self) -> &[Trigger] {
        &self.world.changes.triggers
    }

    /// The status of a job, as Azure spells it, as of the last request.
    #[must_use]
    pub fn job(&self, id: &str) -> Option<&'static str> {
        self.world.jobs.iter().find(|j| same(&j.id, id)).map(|j| j.status.as_str())
    }

    /// The names of the managed disks, virtual machines and blobs that restores have created, in order.
    #[must_use]
    pub fn created(&self) -> Vec<&str> {
        let changes = &self.world.changes;
        let disks = changes.disks.iter().map(|d| d.name.as_str());
        let machines = changes.machines.iter().map(|m| m.name.as_str());
        disks.chain(machines).chain(changes.blobs.iter().map(|b| b.name.as_str())).collect()
    }

    /// Answers `request` at `now`. Time never goes backward: an earlier `now` counts as the latest one seen.
    pub fn handle(&mut self, now: OffsetDateTime, request: &Request<Bytes>) -> Reply {
        self.clock = self.clock.max(millis(now));
        let id = self.world.next_guid();
        advance::settle(&mut self.world, self.settings.progress, self.clock);
        deleted_vaults::settle(self);
        machine::settle(self);
        deployments::settle(self);
        let answer = self.answer(request).unwrap_or_else(Answer::from);
        self.index.note(self.clock, &self.world.changes);
        match answer.dropped {
            Some(acted) => Reply::Dropped { acted },
            None => Reply::Answer(headers::finish(answer, request, &id, self.clock)),
        }
    }

    fn answer(&mut self, request: &Request<Bytes>) -> Result<Answer, Refused> {
        if request.uri().host().is_some_and(blob_get::is_blob_host) {
            return Ok(blob_get::get(self, request.uri()));
        }
        if self.settings.require_token {
            token::check(request.headers(), self.clock)?;
        }
        let mut ask = SimRequest::new(request)?;
        if let [head, subscription, ..] = ask.segments.as_slice()
            && same(head, "subscriptions")
        {
            let subscription = self.world.subscription(subscription)?;
            token::check_tenant(ask.header("authorization"), subscription.tenant)?;
        }
        let (handler, params) = handlers::route(&ask)?;
        ask.params = params;
        let role = self.settings.role;
        if let Some(action) = rights::action(&ask).filter(|action| !role.allows(action) || !role.reaches(&ask)) {
            return Err(find::denied(&ask.path, &action));
        }
        let remaining = limits::count(self, &ask)?;
        let mut answer = handler(self, &ask).unwrap_or_else(Answer::from);
        answer.headers.extend(remaining);
        Ok(answer)
    }

    /// The recovery points of an item, newest first, in the region that the api-version refers to.
    pub(crate) fn points(&self, item: usize, version: &Version) -> impl Iterator<Item = Point> {
        let (secondary, now) = (version.is_secondary(), self.clock);
        self.world.points(item).filter_map(move |p| if secondary { p.replicated(now) } else { Some(p) })
    }

    /// Seconds for a `Retry-After`, `usual` unless set otherwise.
    pub(crate) fn retry_after(&self, usual: u32) -> u32 {
        self.settings.retry_after.unwrap_or(usual)
    }
}
