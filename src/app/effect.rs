//! What the program asks of the shell.

use azure_backup::arm::id::ClientRequestId;
use bytes::Bytes;
use http::Request;
use time::OffsetDateTime;

use super::key::Key;
use super::records::{Change, Record};
use super::route::Route;
use super::session::Secret;
use super::sign_in::SignInRequest;

/// Names one call while it is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// Names one attempt to save.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SaveId(pub u64);

/// Something to be done outside. The shell does them in order.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send, and answer with `Msg::Answered` of the same id.
    Send {
        /// The call.
        id: CallId,
        /// The request, without a token: the shell attaches it, after checking the origin once more.
        request: Request<Bytes>,
    },
    /// Get a token for this call and keep it for the `Send` of the same id; answer with `Msg::Authorized`. Nothing leaves.
    Authorize(CallId),
    /// Answer with `Msg::ReadOn` of the same key, once what is sent has left.
    ReadOn(Key),
    /// Nobody waits for this call any more, nor for its token.
    Abort(CallId),
    /// Answer with `Msg::Woke` at this time. It replaces the wake-up before.
    WakeAt(OffsetDateTime),
    /// Save under this key in `localStorage` and answer with `Msg::Saved`.
    Save {
        /// The attempt.
        id: SaveId,
        /// The key, of `saved::*`.
        key: &'static str,
        /// The text.
        value: String,
        /// Whether other tabs are told of it even if the browser has no room for it.
        broadcast_unsaved: bool,
    },
    /// Remove what is saved under this key in `localStorage`; of a store of records, also what older versions have saved there record by record.
    Remove(&'static str),
    /// Remove each of these entries of `localStorage`, by its name, if it still has this text. Tell no other tab.
    RemoveUnchanged(Vec<Record>),
    /// Change records of the database in one transaction, and answer with `Msg::Saved` when it has committed or failed. Transactions take effect
    /// in the order of their effects.
    SaveRecords {
        /// The attempt.
        id: SaveId,
        /// The store, of `saved::*`.
        store: &'static str,
        /// What to change.
        changes: Vec<Change>,
        /// Whether other tabs are told of the changes even if the transaction fails.
        broadcast_unsaved: bool,
    },
    /// Ask the browser not to remove what is saved when it needs room.
    Persist,
    /// Go to this place.
    Go(Route),
    /// Show this address of the present place, which the state already has: the browser's history gets no entry.
    Replace(Route),
    /// Keep this token in memory and use it from now on.
    UseToken(Secret),
    /// Sign in, and answer with `Msg::SignedIn`.
    SignIn(SignInRequest),
    /// Wait no longer for it.
    CancelSignIn,
    /// Take tokens from the sign-in from now on.
    UseSignIn,
    /// Sign out; the page leaves and comes back.
    SignOut,
    /// Talk to the simulator from now on.
    UseDemo,
    /// Forget token and simulator.
    Disconnect,
    /// Try to be the one tab that follows the restores of this identity, by its key; answered by `Msg::Leading`.
    Lead(String),
    /// Hold the right to send this restore, which is new, until `Release`: no other tab gets it.
    Hold(ClientRequestId),
    /// Try to get the right to send this restore, which another tab may hold, until `Release`; answered by `Msg::Claimed`.
    Claim(ClientRequestId),
    /// Give the right to send this restore back.
    Release(ClientRequestId),
    /// Note in the browser's own measurements that this has been read.
    Mark(&'static str),
    /// Put this on the clipboard, and answer with `Msg::Copied`.
    Copy(String),
    /// Put the whole address of this place on the clipboard, and answer with `Msg::Copied`.
    CopyAddress(Route),
    /// Offer this as a file.
    Download {
        /// Its name.
        name: String,
        /// Its media type.
        mime: &'static str,
        /// Its text.
        text: String,
    },
    /// Let the operator choose a file, and answer with `Msg::Imported`.
    ChooseFile,
    /// Ask the operator to allow notifications of the system, and answer with `Msg::MayNotify`.
    AskNotify,
    /// Notify, if it is allowed and nobody sees the page.
    Notify {
        /// What has happened.
        title: String,
        /// What it is about.
        body: String,
        /// A later notification with the same one replaces it.
        tag: String,
    },
}
