//! ARM resource ids: compared without case, kept verbatim.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

pub use crate::arm::identity::{ClientRequestId, JobId, Region, SubscriptionId, TenantId};

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Ids begin with `/`.
    #[error("a resource ID starts with \"/\", this doesn't: \"{0}\"")]
    NotAbsolute(String),
    /// An empty segment, `.` or `..`.
    #[error("a resource ID has no empty or dotted segments, this has: \"{0}\"")]
    Segment(String),
    /// A character that no Azure name has.
    #[error("a resource ID can't contain {0:?}")]
    Character(char),
    /// A name that is empty, too long, or has other characters than letters, digits, `.`, `_` and `-`.
    #[error("\"{0}\" isn't a name of 1–128 letters, numbers, periods, underscores or hyphens")]
    Name(String),
}

/// The id of an ARM resource, verbatim as Azure wrote it. `==`, hash and order ignore ASCII case, as ARM does.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArmId(String);

impl ArmId {
    /// Takes an id such as `/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Compute/virtualMachines/{name}`.
    ///
    /// # Errors
    /// [`IdError`] for text that does not begin with `/`, has empty or dotted segments, or characters that end or bend a path.
    pub fn parse(text: &str) -> Result<ArmId, IdError> {
        // Fast path: a long list has an id in each member, and nearly all of them are plain.
        if is_plain(text) {
            return Ok(ArmId(text.to_owned()));
        }
        let short = || text.chars().take(80).collect::<String>();
        let bends = |c: &char| c.is_control() || matches!(c, '?' | '#' | '\\' | '%' | '<' | '>' | '"');
        if let Some(bad) = text.chars().find(bends) {
            return Err(IdError::Character(bad));
        }
        let rest = text.strip_prefix('/').ok_or_else(|| IdError::NotAbsolute(short()))?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let empty = |segment: &str| segment.trim().is_empty() || segment.bytes().all(|b| b == b'.');
        if rest.split('/').any(empty) {
            return Err(IdError::Segment(short()));
        }
        Ok(ArmId(text.strip_suffix('/').unwrap_or(text).to_owned()))
    }

    /// A placeholder for an id that is missing from an answer. Such an answer is refused as a whole, so callers never see it.
    pub(crate) fn placeholder() -> ArmId {
        ArmId(String::new())
    }

    /// The id, verbatim.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The subscription that the id is in.
    #[must_use]
    pub fn subscription(&self) -> Option<&str> {
        self.segment_after("subscriptions")
    }

    /// The name of the resource group that the id is in.
    #[must_use]
    pub fn resource_group(&self) -> Option<&str> {
        self.segment_after("resourceGroups")
    }

    /// The (last) provider's namespace, `Microsoft.Compute`.
    #[must_use]
    pub fn provider(&self) -> Option<&str> {
        self.after_provider().next()
    }

    /// The type, `Microsoft.Network/virtualNetworks/subnets`; empty for ids without a provider.
    #[must_use]
    pub fn resource_type(&self) -> String {
        let mut segments = self.after_provider();
        let mut kind = segments.next().unwrap_or_default().to_owned();
        for part in segments.step_by(2) {
            kind.push('/');
            kind.push_str(part);
        }
        kind
    }

    /// The segment after the first `key`: the name of the resource of that type.
    #[must_use]
    pub fn segment_after(&self, key: &str) -> Option<&str> {
        let mut segments = self.segments();
        segments.find(|segment| segment.eq_ignore_ascii_case(key))?;
        segments.next()
    }

    /// The id up to and with the name that follows `key`: `up_to("vaults")` is the vault of a recovery point.
    #[must_use]
    pub fn up_to(&self, key: &str) -> Option<ArmId> {
        let mut end = 0;
        let mut found = false;
        for segment in self.segments() {
            end += 1 + segment.len();
            if found {
                return self.0.get(..end).map(|head| ArmId(head.to_owned()));
            }
            found = segment.eq_ignore_ascii_case(key);
        }
        None
    }

    /// The id without its last type and name.
    #[must_use]
    pub fn parent(&self) -> Option<ArmId> {
        let kind_at = self.0.rfind('/').and_then(|end| self.0.get(..end)?.rfind('/'))?;
        if kind_at == 0 { None } else { self.0.get(..kind_at).map(|head| ArmId(head.to_owned())) }
    }

    /// The id of a resource below this one.
    #[must_use]
    pub fn child(&self, kind: &str, name: &str) -> ArmId {
        ArmId(format!("{}/{kind}/{name}", self.0))
    }

    /// The id of the resource group.
    #[must_use]
    pub fn group_id(&self) -> Option<ArmId> {
        self.up_to("resourceGroups")
    }

    /// The id as a request path: every character that is not plainly allowed in a path is percent-encoded, `;` among them, as Microsoft's clients do.
    #[must_use]
    pub fn path(&self) -> String {
        utf8_percent_encode(&self.0, &IN_PATH).to_string()
    }

    fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').skip(1)
    }

    fn after_provider(&self) -> impl Iterator<Item = &str> {
        let start =
            self.segments().collect::<Vec<_>>().iter().rposition(|segment| segment.eq_ignore_ascii_case("providers"));
        self.segments().skip(start.map_or(usize::MAX, |at| at + 1))
    }
}

/// Whether a text is an id of letters, digits, `-`, `.`, `_` and `;`, in which each segment begins with a letter or a digit.
fn is_plain(text: &str) -> bool {
    let mut begins = false;
    for byte in text.bytes() {
        let named = byte.is_ascii_alphanumeric();
        if !named && (begins || !matches!(byte, b'/' | b'-' | b'.' | b'_' | b';')) {
            return false;
        }
        begins = byte == b'/';
    }
    !begins && text.starts_with('/')
}

/// What is encoded in one segment of a path or one value of a query: everything but ASCII letters, digits and `-._~`.
const IN_SEGMENT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What is encoded in the path of an id.
const IN_PATH: AsciiSet = IN_SEGMENT
    .remove(b'/')
    .remove(b'(')
    .remove(b')')
    .remove(b'!')
    .remove(b'\'')
    .remove(b'*')
    .remove(b',')
    .remove(b'@')
    .remove(b'$')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b':');

/// A text as one segment of a path or one value of a query.
pub(crate) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, &IN_SEGMENT).to_string()
}

impl PartialEq for ArmId {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for ArmId {}

impl Hash for ArmId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

/// How many bytes of two ids are compared at once.
const BLOCK: usize = 16;

impl Ord for ArmId {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, other_bytes) = (self.0.as_bytes(), other.0.as_bytes());
        // Fast path: ids that are compared usually share a long prefix in the same case, so it is skipped in blocks of bytes.
        let alike = own.chunks(BLOCK).zip(other_bytes.chunks(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
        let mut rest = own.iter().skip(alike).zip(other_bytes.iter().skip(alike));
        let differ = rest.find(|(a, b)| !a.eq_ignore_ascii_case(b));
        differ.map_or_else(
            || self.0.len().cmp(&other.0.len()),
            |(a, b)| a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()),
        )
    }
}

impl PartialOrd for ArmId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl TryFrom<String> for ArmId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        ArmId::parse(&text)
    }
}

impl From<ArmId> for String {
    fn from(id: ArmId) -> Self {
        id.0
    }
}

impl fmt::Display for ArmId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
