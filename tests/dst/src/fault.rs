//! What can go wrong, by name.

macro_rules! kinds {
    ($($variant:ident $name:literal)*) => {
        /// A kind of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind { $($variant),* }

        impl Kind {
            /// All of them, in the order of the report.
            pub(crate) const ALL: &[Kind] = &[$(Kind::$variant),*];

            /// Its name in the report.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name),* }
            }
        }
    };
}

kinds! {
    RequestLost "request lost before the service had it"
    AnswerLost "answer lost after the service acted"
    TooLate "answer later than the page waits"
    Delayed "answer delayed, others overtake it"
    HeardTwice "answer heard twice"
    Truncated "body cut off"
    Corrupt "body corrupt"
    Unauthorized "401 burst"
    Forbidden "403 burst"
    NotFound "404 burst"
    Conflict "409 burst"
    Throttled "429 burst"
    ServerError "500 or 503 before the service acted"
    GatewayError "502 or 504 after the service acted"
    OperationGone "operation's URL expired"
    HeadersHidden "headers unreadable"
    NetworkDown "network down"
    TokenExpired "token expired"
    StorageFull "storage full"
    StorageDenied "storage denied"
    SaveFailed "transaction failed"
    SaveLate "transaction ended late"
    ReadLate "restores read late"
    StorageCorrupt "record corrupted"
    StorageOld "storage of an older version"
    TabKilled "tab killed"
    TabReloaded "tab reloaded"
    TabOpened "tab opened"
    ClockJumped "clock jumped"
    Slept "computer slept"
    RegionDown "region down"
    SomebodyElse "somebody else restores the same machine"
    DoubleClick "clicked twice"
    TokenWithheld "token late or withheld"
    StorageForged "record forged in the storage"
    ChannelForged "record forged in the channel"
    FileForged "forged file imported"
    GuardChanged "Resource Guard put over the vaults or taken away"
}

/// How often each kind has happened.
#[derive(Clone, Debug)]
pub(crate) struct Counts(pub(crate) Vec<u64>);

impl Default for Counts {
    fn default() -> Self {
        Self(vec![0; Kind::ALL.len()])
    }
}

impl Counts {
    pub(crate) fn add(&mut self, kind: Kind) {
        self.0[kind as usize] += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(sum, n)| *sum += n);
    }
}
