//! What can happen.

use std::rc::Rc;

use azure_backup::arm::call::ApiVersion;
use azure_backup::arm::id::{ArmId, ClientRequestId, JobId, Region, SubscriptionId, TenantId};
use bytes::Bytes;
use http::Response;

use super::action::ActionMsg;
use super::activation::ActivationMsg;
use super::config::{Config, ConfigError};
use super::deployment::DeployMsg;
use super::effect::{CallId, SaveId};
use super::file_recovery::FilesMsg;
use super::fleet::selection::SelectedMachine;
use super::fleet::view::FleetView;
use super::key::Key;
use super::list_query::ListQuery;
use super::local_time::{LocalTime, TimeZone};
use super::plans::PlanMsg;
use super::records::{Change, Record};
use super::route::Route;
use super::saved::{OnSignOut, Saved};
use super::session::{DemoRole, Secret};
use super::sign_in::{Interaction, SignInError, SignInResult};
use crate::export::commands::Tool;
use crate::restore::draft::{
    DiskNetworkAccess, DiskTarget, Luns, RegionChoice, RehydrationPriority, StagingAccess, ZoneChoice,
};
use crate::restore::field::Field;
use crate::restore::regional_id::RegionalId;
use crate::restore::scenario::Scenario;

/// Why a request was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// The browser says that it failed, and cannot say why.
    Network(String),
    /// No answer in time.
    TimedOut,
    /// We aborted it.
    Aborted,
    /// The answer is larger than anything Azure sends.
    TooLarge,
    /// The origin is not one of the configured cloud, or the browser cannot make this request; nothing was sent.
    Refused(String),
    /// There is no token; nothing was sent.
    NoToken,
    /// The sign-in gave no token, in its words; nothing was sent.
    SignIn(String),
    /// Neither a token nor a refusal came in time; nothing was sent.
    TokenLate,
}

/// A message.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The page has loaded.
    Started {
        /// `config.json`.
        config: Result<Rc<Config>, ConfigError>,
        /// What this browser remembers.
        saved: Rc<Saved>,
        /// The address.
        route: Route,
        /// Whether another page holds this one and supplies the tokens.
        hosted: bool,
    },
    /// The address has changed.
    Went(Route),
    /// The wake-up time has come, or may have: the page was not awake, and is now.
    Woke,
    /// A second has passed while something is waited for.
    Tick,
    /// A call was answered, or was not.
    Answered {
        /// Which.
        id: CallId,
        /// The answer.
        result: Result<Response<Bytes>, Transport>,
    },
    /// The next page of a list is on its way: time to read the one that has come.
    ReadOn(Key),
    /// An `Effect::Authorize` is done: there is a token for the call, or there is none.
    Authorized {
        /// The call.
        id: CallId,
        /// Why there is none.
        result: Result<(), Transport>,
    },
    /// An `Effect::Claim` is done.
    Claimed {
        /// The restore.
        id: ClientRequestId,
        /// Whether this tab has the right to send it; else another tab has.
        held: bool,
    },
    /// An `Effect::Save` or `Effect::SaveRecords` is done; the error is the browser's.
    Saved {
        /// The attempt.
        id: SaveId,
        /// The key, or the store of the records.
        key: &'static str,
        /// Whether it worked.
        result: Result<(), String>,
    },
    /// Another tab has saved.
    SavedElsewhere {
        /// The key.
        key: String,
        /// The text; none = removed.
        value: Option<String>,
    },
    /// Another tab has changed records.
    RecordsChanged {
        /// The store, of `saved::*`.
        store: String,
        /// What it has changed.
        changes: Vec<Change>,
        /// Whether the browser has saved them.
        kept: bool,
    },
    /// The browser's records of restores were read once more, because this tab is to lead or to send, or the database was opened anew.
    RecordsRead {
        /// The keys of all of them.
        keys: Vec<String>,
        /// Those that this tab does not know to be over.
        records: Vec<Record>,
    },
    /// Whether this tab follows the restores.
    Leading(bool),
    /// Whether copying worked.
    Copied(Result<(), String>),
    /// Start the demo.
    StartDemo,
    /// Go on in the demo with another role.
    UseDemoRole(DemoRole),
    /// Start the demo where the primary region of a vault is down.
    Practise,
    /// Start the demo where forty machines have to be restored from before an attack.
    PractisePlan,
    /// The simulator could not be loaded; in the browser's words.
    DemoFailed(String),
    /// Use this token.
    Connect(Secret),
    /// Sign in, or once more.
    SignIn(Interaction),
    /// Go on as another account of this tab, by its id; none = choose one.
    UseAccount(Option<String>),
    /// Go on in another tenant.
    UseTenant(TenantId),
    /// Wait no longer for the sign-in.
    CancelSignIn,
    /// The sign-in has come to its end.
    SignedIn(Result<SignInResult, SignInError>),
    /// The sign-in service may not have been told that somebody signs out; in its words.
    NotSignedOut(String),
    /// Forget it; who has signed in signs out.
    Disconnect,
    /// Go to a place.
    Go(Route),
    /// Choose the subscription whose vaults are offered.
    ChooseSubscription(Option<SubscriptionId>),
    /// Look into one vault, or all.
    ChooseVault(Option<ArmId>),
    /// Read what the page shows anew; the form is kept.
    Refresh,
    /// Search, filter or sort the list of the page like this.
    ShowList(ListQuery),
    /// Offer the rows of the page's list as a file.
    DownloadCsv,
    /// Search, filter or sort the machines like this.
    ShowMachines(FleetView),
    /// Select machines of the list, or select them no longer.
    Select(Vec<SelectedMachine>, bool),
    /// Select no machine.
    ClearSelection,
    /// Change the search text of the page's list.
    Search(String),
    /// Narrow the recovery points.
    Filter(Filter),
    /// Show more rows of the page's long list.
    ShowMore,
    /// Change the draft of the page's recovery point.
    Edit(Edit),
    /// Whether the form shows the JSON of the request.
    ShowJson(bool),
    /// Ask Azure whether it would accept the request.
    Check,
    /// Start the restore under review, as the screen shows it.
    Start {
        /// The recovery point on the screen.
        place: RegionalId,
        /// SHA-256 of the body on the screen.
        sha256: String,
        /// Whether it starts although it cannot be saved; offered when saving has failed.
        unsaved: bool,
    },
    /// Something about a recovery plan.
    Plan(PlanMsg),
    /// Send a restore of this tab again that was refused for want of a sign-in: the same bytes.
    SendAgain(ClientRequestId),
    /// Send what a record asks for that was not sent, as the screen shows it.
    SendUnsent {
        /// The restore.
        id: ClientRequestId,
        /// SHA-256 of the body on the screen.
        sha256: String,
    },
    /// The name typed to confirm that a record's request is sent.
    ConfirmUnsent(ClientRequestId, String),
    /// Look at a restore now.
    PollNow(ClientRequestId),
    /// Cancel a restore's job.
    CancelRestore(ClientRequestId),
    /// Look for deleted vaults of the subscription looked into.
    ShowDeletedVaults,
    /// Bring back a deleted item or vault, by the request that the screen shows.
    Undelete {
        /// Its id.
        id: ArmId,
        /// SHA-256 of the request on the screen.
        sha256: String,
    },
    /// Something about what is done with restored disks.
    Action(ActionMsg),
    /// Something about the activation of an eligible role.
    Activation(ActivationMsg),
    /// Something about file recovery.
    Files(FilesMsg),
    /// Something about the deployment of the template of a restore.
    Deploy(ClientRequestId, DeployMsg),
    /// Cancel a job of a vault.
    CancelJob(ArmId, JobId),
    /// Follow a job of a vault, whoever has started it; the region is the secondary one, where the job is there.
    FollowJob(ArmId, Option<Region>, JobId),
    /// Forget a restore that is over.
    Forget(ClientRequestId),
    /// Use this api-version, in the secondary region if it is one of cross-region restore.
    SetVersion(ApiVersion),
    /// Remove everything that this browser remembers, restores that run included.
    ForgetAll,
    /// Keep finished restores for so many days.
    KeepDays(u16),
    /// What signing out does with the records of the account.
    OnSignOut(OnSignOut),
    /// Hand over the incident record of a restore, or of all.
    Record(Option<ClientRequestId>, ExportFormat),
    /// Offer the restores as a file for another browser.
    ExportRestores,
    /// Choose such a file; answered by `Msg::Imported`.
    Import,
    /// What is in it.
    Imported(String),
    /// Offer what could not be read as a file.
    ExportUnread,
    /// Remove it.
    DiscardUnread,
    /// Put this on the clipboard.
    Copy(String),
    /// Offer the request under review as a file.
    Download,
    /// Offer the commands of a tool for the request under review as a file; none = the body, in the file that they name.
    DownloadCommands(Option<Tool>),
    /// Put a link to the restore under review on the clipboard.
    CopyLink,
    /// Review the restore of this link, with its settings in the place of the operator's own.
    ReviewLinked(String),
    /// Lead to a field of the form.
    ShowField(Field),
    /// The notice has been read.
    Dismiss,
    /// The browser has a network again.
    Online,
    /// The time zone of this computer: told at the start.
    LocalTime(Rc<LocalTime>),
    /// Show times in this time zone.
    ShowTimeIn(TimeZone),
    /// Whether the operator points with a finger: told at the start, and when it changes.
    Touch(bool),
    /// Ask for notifications of the system.
    AskNotify,
    /// Whether they are allowed; none = they are not to be had.
    MayNotify(Option<bool>),
}

impl Msg {
    /// Whether it ends, removes or changes something in Azure or for good, so that the page asks before it says it.
    pub const fn needs_confirmation(&self) -> bool {
        matches!(
            self,
            Self::Undelete { .. }
                | Self::Action(ActionMsg::Send { .. })
                | Self::Activation(ActivationMsg::Send(_) | ActivationMsg::Deactivate(..))
                | Self::Files(FilesMsg::Send { .. })
                | Self::Deploy(_, DeployMsg::Send(_))
                | Self::CancelRestore(_)
                | Self::CancelJob(..)
                | Self::Forget(_)
                | Self::Plan(PlanMsg::Remove(_))
                | Self::ForgetAll
                | Self::DiscardUnread
        )
    }
}

/// The form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// To be read.
    Markdown,
    /// To be read by programs.
    Json,
    /// To be read, on the clipboard.
    Copied,
}

/// A change of the recovery points' filter. Dates are `YYYY-MM-DD` or empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// First day.
    From(String),
    /// Last day.
    To(String),
    /// Only points at or before this time, `YYYY-MM-DDTHH:MM` in the time zone that is shown.
    AtOrBefore(String),
    /// Tier by name; empty = all.
    Tier(String),
    /// Consistency by name; empty = all.
    Consistency(String),
    /// Whether those with a reported threat are left out: empty = they are shown.
    Threats(String),
    /// No filter.
    Clear,
}

/// A change of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// What to restore.
    Scenario(Scenario),
    /// What the disks become.
    DiskTarget(DiskTarget),
    /// Data disks to restore.
    Luns(Luns),
    /// Staging account.
    StagingAccount(Option<ArmId>),
    /// Region of a restore whose source is not in the region of its vault.
    Region(Option<RegionChoice>),
    /// Target subscription; none = the vault's.
    TargetSubscription(Option<SubscriptionId>),
    /// Target resource group.
    TargetGroup(Option<ArmId>),
    /// Name of the new virtual machine.
    VmName(String),
    /// Network; the subnet is chosen anew.
    Network(Option<ArmId>),
    /// Subnet.
    Subnet(Option<ArmId>),
    /// Zone.
    Zone(ZoneChoice),
    /// Disk encryption set.
    EncryptionSet(Option<ArmId>),
    /// Disk encryption set of a confidential OS disk.
    OsEncryptionSet(Option<ArmId>),
    /// How the staging account is reached.
    StagingAccess(StagingAccess),
    /// Network access of the disks.
    DiskNetworkAccess(Option<DiskNetworkAccess>),
    /// Disk access resource.
    DiskAccess(Option<ArmId>),
    /// Edge zone.
    EdgeZone(bool),
    /// To the storage accounts that the disks came from.
    OriginalAccounts(bool),
    /// Speed of the rehydration.
    RehydrationPriority(Option<RehydrationPriority>),
    /// Days to keep the copy.
    RehydrationDays(String),
    /// Confirmation.
    Confirm(String),
    /// Why it is restored, for the record.
    Reason(String),
}
