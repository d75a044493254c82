//! `config.json`: which cloud, and how to sign in to it. Read at run time, so that one build serves every deployment.

mod file;

use azure_backup::arm::cloud::{Cloud, Origin};
use file::{CloudEntry, Exact, File, Object, SignInEntry, line_of, read};
use serde::Deserialize;
use serde_json::json;

/// The configuration of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The cloud that the page talks to.
    pub cloud: Cloud,
    /// How to sign in to it.
    pub sign_in: SignIn,
    /// What people may do here.
    pub allow: Allow,
    /// The pages that may show this one in a frame.
    pub parents: Vec<Origin>,
    /// Who helps the operators of this deployment.
    pub support: Support,
}

impl Default for Config {
    fn default() -> Self {
        CloudEntry::public().configured(SignInEntry::default())
    }
}

/// How to sign in: what MSAL.js is configured with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// The registered application; empty = none, and nobody can sign in here.
    pub client_id: String,
    /// Where the cloud signs people in, an origin; empty where the host page does.
    pub authority: String,
    /// The tenant that signs in, by id or domain.
    pub tenant: String,
    /// What tokens are for: a scope of Azure Resource Manager.
    pub scope: String,
    /// `AAD` for Entra ID, `OIDC` for another OpenID provider.
    pub protocol: String,
}

impl SignIn {
    /// As `crates/sign-in` reads it.
    pub fn to_json(&self) -> String {
        json!({
            "clientId": self.client_id,
            "authority": self.authority,
            "tenant": self.tenant,
            "scope": self.scope,
            "protocol": self.protocol,
        })
        .to_string()
    }
}

/// What is read when the page around this one has chosen a cloud.
const CHOICE: &str = "the cloud chosen by the embedding page";

/// Any work or school account. Not `common`: a personal account cannot have a token for Azure Resource Manager.
const ANY_TENANT: &str = "organizations";

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It could not be read at all.
    #[error("Couldn't read config.json: {0}")]
    Unread(String),
    /// It is not what it should be; the message names key and line.
    #[error("config.json isn't valid: {0}")]
    Wrong(String),
}

/// What a deployment lets people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Allow {
    /// Whether the demo may be started.
    pub demo: bool,
    /// Whether an access token may be pasted.
    pub pasted_tokens: bool,
    /// Whether the page around this one may name a cloud that is not among the configured ones.
    pub other_clouds: bool,
    /// Whether eligible roles can be activated here. It writes an access right, so a deployment has to ask for it.
    pub role_activation: bool,
}

impl Default for Allow {
    fn default() -> Self {
        Self { demo: true, pasted_tokens: true, other_clouds: true, role_activation: false }
    }
}

/// Who helps the operators of a deployment. It is shown in every error and record; without a name it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    /// Their name.
    pub name: String,
    /// Their page or mail address, as a link.
    pub url: String,
    /// Their telephone number.
    pub phone: String,
}

impl Support {
    /// Name, telephone number and link in a line; none if nobody is named.
    pub fn line(&self) -> Option<String> {
        let all = [&self.name, &self.phone, &self.url].map(String::as_str);
        let told: Vec<&str> = all.into_iter().filter(|text| !text.is_empty()).collect();
        (!self.name.is_empty()).then(|| told.join(" · "))
    }
}

impl Config {
    /// Reads the text of `config.json`. It is the only reader: what the page may connect to and who may show it in a frame are made of what it
    /// has read, see [`bounds`].
    ///
    /// # Errors
    /// What is wrong, and at which line.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::chosen(text, None)
    }

    /// The same, with the cloud that the page around this one has chosen: JSON, a cloud's name or a cloud as in `clouds`.
    ///
    /// # Errors
    /// What is wrong, and at which line; or that the choice is not allowed.
    pub fn chosen(text: &str, choice: Option<&str>) -> Result<Self, ConfigError> {
        let Object(mut file) = read::<Object<File>>(text, "config.json")?;
        let wrong = |why: String| Err(ConfigError::Wrong(why));
        let public = CloudEntry::public();
        let own = file.cloud.clone().unwrap_or_else(|| public.name.clone());
        match choice {
            Some(choice) if choice.starts_with('"') => file.cloud = Some(read(choice, CHOICE)?),
            Some(choice) => {
                let Object(cloud) = read::<Object<CloudEntry>>(choice, CHOICE)?;
                if !file.allow.other_clouds {
                    return wrong(format!("`allow.otherClouds` is false, but the embedding page chose {}", cloud.name));
                }
                file.cloud = Some(cloud.name.clone());
                file.clouds.0 = vec![cloud];
            }
            None => {}
        }
        let name = file.cloud.unwrap_or_else(|| own.clone());
        let at = |key: &str| format!(", at line {}", line_of(text, key));
        let entry = match file.clouds.0.into_iter().find(|entry| entry.name == name) {
            Some(entry) => entry,
            None if name == public.name && (name == own || file.allow.other_clouds) => public,
            None => return wrong(format!("`cloud`: `clouds` has no cloud named {name}{}", at("cloud"))),
        };
        if !file.sign_in.client_id.is_empty() && entry.authority.is_none() {
            return wrong(format!("`signIn`: the cloud {name} has no `authority`{}", at("signIn")));
        }
        let parents = file.embedding.parents.into_iter().map(|Exact(origin)| origin).collect();
        Ok(Self { allow: file.allow, parents, support: file.support, ..entry.configured(file.sign_in) })
    }
}

/// What `www` makes of a configuration, as JSON: `connect`, the origins that the page may call, `frame`, those that it may show in a frame, and
/// `parents`, those that may show it; `signsIn`, whether it names an application that signs people in. Of one that is not right each list is
/// empty, and `error` says why.
pub fn bounds(text: &str) -> String {
    let (connect, frame, parents, signs_in, error): (_, _, Vec<String>, _, _) = match Config::parse(text) {
        Ok(Config { cloud, sign_in, parents, .. }) => {
            let authority: Vec<String> =
                Some(sign_in.authority).filter(|origin| !origin.is_empty()).into_iter().collect();
            let mut connect = vec![cloud.arm.to_string()];
            connect.extend(cloud.admitted.iter().map(ToString::to_string));
            connect.extend(authority.clone());
            let signs_in = !sign_in.client_id.is_empty();
            (connect, authority, parents.iter().map(ToString::to_string).collect(), signs_in, None)
        }
        Err(error) => (Vec::new(), Vec::new(), Vec::new(), false, Some(error.to_string())),
    };
    json!({"connect": connect, "frame": frame, "parents": parents, "signsIn": signs_in, "error": error}).to_string()
}

#[cfg(test)]
mod tests;
