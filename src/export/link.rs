//! A restore as a link for a second pair of eyes: recovery point and settings, with the hash of the request that they made.
//!
//! The link stands in the fragment of an address, which browsers send to no server. It holds no secret, and nothing that is sent is taken from it
//! as it is: whoever opens it reads the facts anew, and is told whether the same request comes of them.
//!
//! Its form is `{version}.{checksum}.{content}`. The checksum tells a link that was cut by a mail program from one that another version has made.

use azure_backup::arm::id::{ArmId, Region};
use azure_backup::arm::json;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::restore::draft::Draft;
use crate::restore::field::Field;
use crate::restore::plan::{Plan, sha256};
use crate::restore::regional_id::RegionalId;

/// The version of the form.
const VERSION: &str = "1";
/// Longer links are not read. The longest that this page makes have about 4,000 characters.
const MAX_LENGTH: usize = 16_000;
/// How many digits of a SHA-256 tell one text from another where nobody means harm.
const DIGITS: usize = 8;

/// A restore as a link holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestoreLink {
    /// The cloud.
    pub cloud: String,
    /// The recovery point.
    point: ArmId,
    /// The secondary region, of a cross-region restore.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secondary: Option<String>,
    /// The settings that differ from an empty form.
    draft: Map<String, Value>,
    /// The API version of the request.
    version: String,
    /// SHA-256 of the body.
    pub sha256: String,
    /// Each property of the body with the first digits of the SHA-256 of its value, so that what differs can be named.
    properties: Map<String, Value>,
}

/// Why a link cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// It was cut or changed on its way.
    #[error("This link is incomplete or was changed on its way. Ask for it again, and copy it as a whole.")]
    Damaged,
    /// Another version has made it.
    #[error(
        "This link was made by a newer version of VM Restore. Reload this page to get the latest version, then open the link again."
    )]
    Newer,
}

/// What has become of the request of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same hash.
    Same,
    /// Other values of these properties, as the form names them where they are on it.
    Different(Vec<String>),
}

impl RestoreLink {
    /// The restore that is under review: its request, and the settings that it was made of. What was suggested becomes a setting: elsewhere
    /// something else may be suggested.
    pub fn of(cloud: &str, plan: &Plan, draft: &Draft) -> Self {
        let shared = Draft {
            point: Some(plan.point.name().to_owned()),
            // It is kept in the browser alone.
            reason: String::new(),
            ..draft.clone()
        };
        let (mut draft, empty) = (members(&shared), members(&Draft::default()));
        draft.retain(|name, value| empty.get(name) != Some(value));
        let digits = |value: &Value| Value::from(digest(value.to_string().as_bytes()));
        Self {
            cloud: cloud.to_owned(),
            point: plan.point.clone(),
            secondary: plan.secondary.as_ref().map(|region| region.as_str().to_owned()),
            draft,
            version: plan.version.as_str().to_owned(),
            sha256: plan.sha256.clone(),
            properties: properties(plan).iter().map(|(name, value)| (name.clone(), digits(value))).collect(),
        }
    }

    /// The text of the link, of letters, digits, dots, `-` and `_` alone.
    pub fn text(&self) -> String {
        // A struct of texts and maps can always be written.
        let content = serde_json::to_vec(self).unwrap_or_default();
        let content = Base64UrlUnpadded::encode_string(&content);
        format!("{VERSION}.{}.{content}", digest(content.as_bytes()))
    }

    /// Reads a link. Anything may be in it.
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub fn read(text: &str) -> Result<Self, LinkFault> {
        let damaged = LinkFault::Damaged;
        let (version, rest) = text.split_once('.').ok_or(damaged)?;
        let number: u32 = version.parse().map_err(|_| damaged)?;
        if number.to_string() != VERSION {
            return Err(LinkFault::Newer);
        }
        let (checksum, content) = rest.split_once('.').ok_or(damaged)?;
        if text.len() > MAX_LENGTH || digest(content.as_bytes()) != checksum {
            return Err(damaged);
        }
        let content = Base64UrlUnpadded::decode_vec(content).map_err(|_| damaged)?;
        let content = String::from_utf8(content).map_err(|_| damaged)?;
        let link: Self = serde_json::from_str(&content).map_err(|_| damaged)?;
        let is_point = link.point.segment_after("recoveryPoints") == Some(link.point.name())
            && link.point.name().bytes().all(|b| b.is_ascii_alphanumeric())
            && link.place().vault().is_some();
        let is_region = link.secondary.iter().all(|name| name.bytes().all(|b| b.is_ascii_alphanumeric()));
        let is_hash = link.sha256.len() == 64 && link.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if is_point && is_region && is_hash && link.settings().is_some() { Ok(link) } else { Err(damaged) }
    }

    /// The recovery point and its region.
    pub fn place(&self) -> RegionalId {
        RegionalId { id: self.point.clone(), secondary: self.secondary.as_deref().map(Region::new) }
    }

    /// The settings.
    pub fn draft(&self) -> Draft {
        self.settings().unwrap_or_default()
    }

    fn settings(&self) -> Option<Draft> {
        let draft = Draft::deserialize(&Value::Object(self.draft.clone())).ok()?;
        (draft.point.as_deref() == Some(self.point.name()) && draft.reason.is_empty()).then_some(draft)
    }

    /// Compares the request of the link with one of the same recovery point.
    pub fn compare(&self, plan: &Plan) -> Comparison {
        let now = properties(plan);
        let then = &self.properties;
        let names = then.keys().chain(now.keys().filter(|name| !then.contains_key(*name)));
        let is_other = |name: &&String| {
            let value = now.get(*name).map(|value| digest(value.to_string().as_bytes()));
            then.get(*name).and_then(Value::as_str) != value.as_deref()
        };
        let label = |name: &String| {
            let field = Field::ALL.into_iter().find(|field| field.property() == name);
            field.map_or_else(|| name.clone(), |field| field.label().to_owned())
        };
        let mut differing: Vec<String> = names.filter(is_other).map(label).collect();
        if self.version != plan.version.as_str() {
            differing.push("API version".to_owned());
        }
        if differing.is_empty() && self.sha256 == plan.sha256 {
            Comparison::Same
        } else {
            Comparison::Different(differing)
        }
    }
}

/// The members of a draft as it is stored.
fn members(draft: &Draft) -> Map<String, Value> {
    match serde_json::to_value(draft) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// The properties of the body of a restore.
fn properties(plan: &Plan) -> Map<String, Value> {
    let body = json::value(plan.text().as_bytes()).unwrap_or_default();
    let of = |name: &str| body.get(name).and_then(Value::as_object).cloned();
    of("properties").or_else(|| of("restoreRequest")).unwrap_or_default()
}

/// The first digits of the SHA-256.
fn digest(bytes: &[u8]) -> String {
    let mut all = sha256(bytes);
    all.truncate(DIGITS);
    all
}
