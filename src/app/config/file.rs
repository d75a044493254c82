//! The members of `config.json`, each read where it stands, so that whatever is wrong is told with its key and line.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use azure_backup::arm::cloud::{Cloud, Origin, OriginPattern, RefusedUrl};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{ANY_TENANT, Allow, Config, ConfigError, SignIn, Support};
use crate::app::state::DEMO;

/// Reads JSON that may hold what `T` names and nothing else, each thing once.
pub(super) fn read<'a, T: Deserialize<'a>>(text: &'a str, what: &str) -> Result<T, ConfigError> {
    let mut from = serde_json::Deserializer::from_str(text);
    let read =
        serde_path_to_error::deserialize(&mut from).map_err(|error| (error.path().to_string(), error.into_inner()));
    let read = read.and_then(|read| from.end().map(|()| read).map_err(|error| (String::new(), error)));
    read.map_err(|(path, error)| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let why = error.to_string();
        let why = why.strip_suffix(&place).unwrap_or(&why);
        let key = if matches!(path.as_str(), "" | "." | "?") { what } else { &path };
        ConfigError::Wrong(format!("`{key}`: {why}, at line {}", error.line().max(1)))
    })
}

/// `config.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct File {
    #[serde(default, deserialize_with = "some_name")]
    pub(super) cloud: Option<String>,
    #[serde(default)]
    pub(super) clouds: Clouds,
    #[serde(default, deserialize_with = "object_of")]
    pub(super) sign_in: SignInEntry,
    #[serde(default, deserialize_with = "object_of")]
    pub(super) embedding: Embedding,
    #[serde(default, deserialize_with = "object_of")]
    pub(super) allow: Allow,
    #[serde(default, deserialize_with = "support")]
    pub(super) support: Support,
}

/// `support`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SupportEntry {
    name: String,
    url: String,
    phone: String,
}

/// A page's or mail address, and nothing that runs when it is clicked.
fn support<'de, D: Deserializer<'de>>(from: D) -> Result<Support, D::Error> {
    let SupportEntry { name, url, phone } = object_of(from)?;
    let printable = |text: &str| !text.chars().any(char::is_control);
    if name.is_empty() {
        return Err(D::Error::custom("`name` is missing"));
    }
    if !url.is_empty() && !["https://", "mailto:"].iter().any(|start| url.starts_with(start)) {
        return Err(D::Error::custom("`url` starts with https:// or mailto:"));
    }
    if !phone.bytes().all(|b| b.is_ascii_digit() || b"+-() .".contains(&b)) {
        return Err(D::Error::custom("`phone` has digits, spaces and + - ( ) . only"));
    }
    if ![&name, &url].iter().all(|text| printable(text)) {
        return Err(D::Error::custom("no line ends or control characters"));
    }
    Ok(Support { name, url, phone })
}

/// `embedding`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Embedding {
    #[serde(default)]
    pub(super) parents: Vec<Exact<Origin>>,
}

/// An object and nothing else: serde would take a list of its members' values as well.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

fn object_of<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Object::deserialize(from).map(|Object(read)| read)
}

/// An origin that is written as a browser writes it. A slash at its end, or the port that goes without saying, and what compares it with an
/// origin of the browser's would not find it.
pub(super) struct Exact<T>(pub(super) T);

impl<'de, T: FromStr<Err = RefusedUrl> + ToString> Deserialize<'de> for Exact<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let read: T = text.parse().map_err(D::Error::custom)?;
        let usual = if text.starts_with("https:") { ":443" } else { ":80" };
        let exact = read.to_string();
        let plain = exact.strip_suffix(usual).unwrap_or(&exact);
        if plain == text {
            Ok(Self(read))
        } else {
            Err(D::Error::custom(format!("write it as {plain}, with nothing after it")))
        }
    }
}

/// The clouds that can be named; each name once.
#[derive(Default)]
pub(super) struct Clouds(pub(super) Vec<CloudEntry>);

impl<'de> Deserialize<'de> for Clouds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(CloudsVisitor)
    }
}

struct CloudsVisitor;

impl<'de> Visitor<'de> for CloudsVisitor {
    type Value = Clouds;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of clouds")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Clouds, A::Error> {
        let mut all: Vec<CloudEntry> = Vec::new();
        while let Some(Object(entry)) = list.next_element::<Object<CloudEntry>>()? {
            if all.iter().any(|other| other.name == entry.name) {
                return Err(A::Error::custom(format!("`name`: two clouds are named {}", entry.name)));
            }
            all.push(entry);
        }
        Ok(Clouds(all))
    }
}

/// A cloud of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CloudEntry {
    #[serde(deserialize_with = "name")]
    pub(super) name: String,
    arm: Exact<Origin>,
    #[serde(default)]
    admitted: Vec<Exact<OriginPattern>>,
    #[serde(default, deserialize_with = "some")]
    portal: Option<Exact<Origin>>,
    #[serde(default, deserialize_with = "some")]
    pub(super) authority: Option<Exact<Origin>>,
    #[serde(default, deserialize_with = "some_word")]
    scope: Option<String>,
}

impl CloudEntry {
    pub(super) fn public() -> Self {
        let cloud = Cloud::public();
        Self {
            name: cloud.name,
            arm: Exact(cloud.arm),
            admitted: cloud.admitted.into_iter().map(Exact).collect(),
            portal: cloud.portal.and_then(|portal| portal.parse().ok()).map(Exact),
            authority: "https://login.microsoftonline.com".parse().ok().map(Exact),
            scope: None,
        }
    }

    /// The configuration of this cloud.
    pub(super) fn configured(self, sign_in: SignInEntry) -> Config {
        let cloud = Cloud {
            name: self.name,
            arm: self.arm.0,
            admitted: self.admitted.into_iter().map(|Exact(pattern)| pattern).collect(),
            portal: self.portal.map(|Exact(origin)| origin.to_string()),
        };
        let sign_in = SignIn {
            client_id: sign_in.client_id,
            authority: self.authority.map(|Exact(origin)| origin.to_string()).unwrap_or_default(),
            tenant: sign_in.tenant,
            scope: self.scope.unwrap_or_else(|| format!("{}/user_impersonation", cloud.arm)),
            protocol: sign_in.protocol.name().to_owned(),
        };
        Config { cloud, sign_in, allow: Allow::default(), parents: Vec::new(), support: Support::default() }
    }
}

/// `signIn`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct SignInEntry {
    pub(super) client_id: String,
    #[serde(deserialize_with = "tenant")]
    tenant: String,
    protocol: Protocol,
}

impl Default for SignInEntry {
    fn default() -> Self {
        Self { client_id: String::new(), tenant: ANY_TENANT.to_owned(), protocol: Protocol::Aad }
    }
}

#[derive(Clone, Copy, Deserialize)]
pub(super) enum Protocol {
    #[serde(rename = "AAD")]
    Aad,
    #[serde(rename = "OIDC")]
    Oidc,
}

impl Protocol {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Aad => "AAD",
            Self::Oidc => "OIDC",
        }
    }
}

/// A value that may be left out, and is no null.
fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The name of a cloud. Restores are remembered under it.
fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    match name.as_str() {
        "" => Err(D::Error::custom("a cloud needs a name")),
        DEMO => Err(D::Error::custom("this name is reserved for the demo")),
        _ => Ok(name),
    }
}

fn some_name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    name(from).map(Some)
}

/// One scope. By a space a second one would be asked for along with it.
fn some_word<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let word = String::deserialize(from)?;
    let one = !word.is_empty() && word.bytes().all(|b| b.is_ascii_graphic());
    if one { Ok(Some(word)) } else { Err(D::Error::custom("expected one scope, without spaces")) }
}

/// A tenant becomes a part of the path that signs people in.
fn tenant<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let tenant = String::deserialize(from)?;
    let segment =
        tenant.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')) && !tenant.starts_with('.');
    if segment { Ok(tenant) } else { Err(D::Error::custom("expected a tenant's ID or domain")) }
}

/// The line that names a key first, or the first.
pub(super) fn line_of(text: &str, key: &str) -> usize {
    let named = format!("\"{key}\"");
    text.lines().position(|line| line.contains(&named)).map_or(1, |index| index + 1)
}
