//! Names of things that are not ARM resources.

use crate::arm::id::IdError;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;

macro_rules! name {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes the text if it can be one segment of a path and a header value: 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
            ///
            /// # Errors
            /// [`IdError::Name`] otherwise.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
                let dots = text.bytes().all(|b| b == b'.');
                if plain && !dots && text.len() <= 128 { Ok(Self(text.to_owned())) } else { Err(IdError::Name(text.chars().take(40).collect())) }
            }

            /// The text, verbatim.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A subscription, usually a GUID.
    SubscriptionId
);
name!(
    /// A Microsoft Entra tenant, usually a GUID.
    TenantId
);
name!(
    /// A backup job. Since 2022 its id equals that of the operation that created it, before that it did not: do not rely on it.
    JobId
);
name!(
    /// The caller's `x-ms-client-request-id`. The job that a call makes carries it as its `activityId`.
    ClientRequestId
);

macro_rules! absent {
    ($($name:ident),+) => {
        $(impl $name {
            /// A placeholder for a name that is missing from an answer. Such an answer is refused as a whole, so callers never see it.
            pub(crate) fn placeholder() -> Self {
                Self(String::new())
            }
        })+
    };
}
absent!(SubscriptionId, TenantId, JobId);

/// An Azure region: `West US`, `westus` and `WESTUS` are the same one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(String);

impl Region {
    /// Any name; Azure has no rule for them.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in the form that Azure compares: lower case, no spaces.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect()
    }
}

impl PartialEq for Region {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Region {}

impl Ord for Region {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Region {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
