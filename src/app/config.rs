//! `config.json`: which cloud, and how to sign in to it. Read at run time, so that one build serves every deployment.

use azure_backup::arm::cloud::{Cloud, Origin, RefusedUrl};
use azure_backup::arm::json;
use azure_backup::arm::stored::object;
use serde_json::{Map, Value};

/// The configuration of a deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The cloud that the page talks to.
    pub cloud: Cloud,
    /// How to sign in to it.
    pub sign_in: SignIn,
}

impl Default for Config {
    fn default() -> Self {
        CloudEntry::public().configured(SignIn::default())
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
        let text = |text: &str| Value::String(text.to_owned());
        object(vec![
            ("clientId", text(&self.client_id)),
            ("authority", text(&self.authority)),
            ("tenant", text(&self.tenant)),
            ("scope", text(&self.scope)),
            ("protocol", text(&self.protocol)),
        ])
        .to_string()
    }
}

/// Any work or school account. Not `common`: a personal account cannot have a token for Azure Resource Manager.
const ANY_TENANT: &str = "organizations";
const PROTOCOLS: [&str; 2] = ["AAD", "OIDC"];

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It could not be read at all.
    #[error("config.json could not be read: {0}")]
    Unread(String),
    /// It is not what it should be; the message names key and line.
    #[error("config.json is not right: {0}")]
    Wrong(String),
}

/// A key, its value if that is what is wrong, and why.
struct Wrong<'a>(&'a str, Option<&'a Value>, String);

impl Config {
    /// Reads the text of `config.json`.
    ///
    /// # Errors
    /// What is wrong, and at which line.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let value = json::value(text.as_bytes()).map_err(ConfigError::Wrong)?;
        Self::read(&value).map_err(|Wrong(key, value, why)| {
            ConfigError::Wrong(format!("`{key}`: {why}, at line {}", line_of(text, key, value)))
        })
    }

    fn read(root: &Value) -> Result<Self, Wrong<'_>> {
        let root = Members::of(root, "config.json", &["cloud", "clouds", "signIn", "embedding"])?;
        let own = Cloud::public().name;
        let name = root.text("cloud")?.unwrap_or(&own);
        let mut entry = (*name == own).then(CloudEntry::public);
        for value in root.list("clouds")? {
            let read = CloudEntry::read(value)?;
            if read.cloud.name == *name {
                entry = Some(read);
            }
        }
        let Some(entry) = entry else {
            return Err(root.wrong("cloud", format!("`clouds` has none of the name {name}")));
        };
        let sign_in = match root.get("signIn") {
            Some(value) => entry.sign_in(value)?,
            None => SignIn::default(),
        };
        if let Some(value) = root.get("embedding") {
            for one in Members::of(value, "embedding", &["parents"])?.list("parents")? {
                let read: Result<Origin, RefusedUrl> = one.as_str().unwrap_or_default().parse();
                read.map_err(|why| Wrong("parents", Some(one), why.to_string()))?;
            }
        }
        Ok(entry.configured(sign_in))
    }
}

/// A cloud of the list.
struct CloudEntry {
    cloud: Cloud,
    authority: Option<Origin>,
    scope: Option<String>,
}

impl CloudEntry {
    fn public() -> Self {
        Self { cloud: Cloud::public(), authority: "https://login.microsoftonline.com".parse().ok(), scope: None }
    }

    fn read(value: &Value) -> Result<Self, Wrong<'_>> {
        let entry = Members::of(value, "clouds", &["name", "arm", "admitted", "portal", "authority", "scope"])?;
        let mut admitted = Vec::new();
        for one in entry.list("admitted")? {
            let read = one.as_str().unwrap_or_default().parse();
            admitted.push(read.map_err(|why: RefusedUrl| Wrong("admitted", Some(one), why.to_string()))?);
        }
        Ok(Self {
            cloud: Cloud {
                name: entry.needed("name")?.to_owned(),
                arm: entry.origin("arm", entry.needed("arm")?)?,
                admitted,
                portal: entry.text("portal")?.map(str::to_owned),
            },
            authority: entry.text("authority")?.map(|text| entry.origin("authority", text)).transpose()?,
            scope: entry.text("scope")?.map(str::to_owned),
        })
    }

    /// The configuration of this cloud.
    fn configured(self, sign_in: SignIn) -> Config {
        let scope = self.scope.unwrap_or_else(|| format!("{}/user_impersonation", self.cloud.arm));
        let authority = self.authority.map(|origin| origin.to_string()).unwrap_or_default();
        Config { cloud: self.cloud, sign_in: SignIn { scope, authority, ..sign_in } }
    }

    /// `signIn`.
    fn sign_in<'a>(&self, value: &'a Value) -> Result<SignIn, Wrong<'a>> {
        let given = Members::of(value, "signIn", &["clientId", "tenant", "protocol"])?;
        let client_id = given.text("clientId")?.unwrap_or_default();
        let tenant = given.text("tenant")?.unwrap_or(ANY_TENANT);
        let protocol = given.text("protocol")?.unwrap_or(PROTOCOLS[0]);
        if !PROTOCOLS.contains(&protocol) {
            return Err(given.wrong("protocol", format!("expected one of {}", PROTOCOLS.join(", "))));
        }
        if !client_id.is_empty() && self.authority.is_none() {
            return Err(Wrong("signIn", None, format!("the cloud {} names no `authority`", self.cloud.name)));
        }
        let [client_id, tenant, protocol] = [client_id, tenant, protocol].map(str::to_owned);
        Ok(SignIn { client_id, tenant, protocol, ..SignIn::default() })
    }
}

/// The members of an object that may have some and no others.
struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    fn of(value: &'a Value, name: &'static str, keys: &[&str]) -> Result<Self, Wrong<'a>> {
        let Value::Object(object) = value else {
            return Err(Wrong(name, Some(value), "expected an object".to_owned()));
        };
        match object.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(stranger) => Err(Wrong(stranger, None, format!("unknown, expected {}", keys.join(", ")))),
            None => Ok(Self(object)),
        }
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.0.get(key)
    }

    fn wrong(&self, key: &'static str, why: String) -> Wrong<'a> {
        Wrong(key, self.get(key), why)
    }

    fn text(&self, key: &'static str) -> Result<Option<&'a str>, Wrong<'a>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "expected text".to_owned())),
        }
    }

    fn needed(&self, key: &'static str) -> Result<&'a str, Wrong<'a>> {
        // What is there shows the line of what is not.
        self.text(key)?.ok_or_else(|| Wrong(key, self.0.values().next(), "it is missing here".to_owned()))
    }

    fn list(&self, key: &'static str) -> Result<&'a [Value], Wrong<'a>> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Value::Array(all)) => Ok(all),
            Some(_) => Err(self.wrong(key, "expected a list".to_owned())),
        }
    }

    fn origin(&self, key: &'static str, text: &str) -> Result<Origin, Wrong<'a>> {
        text.parse().map_err(|refused: RefusedUrl| self.wrong(key, refused.to_string()))
    }
}

/// The line that holds the value, on or after the first one that names the key; without a value the line of the key; the first
/// line if neither is found.
fn line_of(text: &str, key: &str, value: Option<&Value>) -> usize {
    let line = |wanted: &str, from: usize| {
        let found = text.lines().enumerate().skip(from).find(|(_, line)| line.contains(wanted));
        found.map(|(index, _)| index)
    };
    let named = line(&format!("\"{key}\""), 0);
    let value = value.filter(|value| !value.is_array() && !value.is_object());
    let held = value.and_then(|value| line(&value.to_string(), named.unwrap_or(0)));
    held.or(named).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../www/config.json");

    fn wrong(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_object_is_the_public_cloud() {
        assert_eq!(Config::parse("{}"), Ok(Config::default()));
    }

    #[test]
    fn the_shipped_configuration_is_the_public_cloud_and_knows_the_others() {
        let shipped = Config::parse(SHIPPED).unwrap();
        assert_eq!(shipped.cloud, Cloud::public());
        assert_eq!(
            shipped.sign_in,
            SignIn { tenant: ANY_TENANT.to_owned(), protocol: "AAD".to_owned(), ..Config::default().sign_in }
        );
        for (cloud, arm, scope) in [
            (
                "AzureUSGovernment",
                "https://management.usgovcloudapi.net",
                "https://management.core.usgovcloudapi.net/user_impersonation",
            ),
            (
                "AzureChinaCloud",
                "https://management.chinacloudapi.cn",
                "https://management.core.chinacloudapi.cn/user_impersonation",
            ),
        ] {
            let text = SHIPPED.replace("\"cloud\": \"AzureCloud\"", &format!("\"cloud\": \"{cloud}\""));
            let config = Config::parse(&text.replace("\"clientId\": \"\"", "\"clientId\": \"app\"")).unwrap();
            assert_eq!((config.cloud.name.as_str(), config.cloud.arm.to_string().as_str()), (cloud, arm));
            assert_eq!(config.sign_in.scope, scope);
        }
    }

    #[test]
    fn an_application_is_all_that_sign_in_needs() {
        let sign_in = Config::parse(r#"{"signIn": {"clientId": "app"}}"#).unwrap().sign_in;
        assert_eq!(sign_in.authority, "https://login.microsoftonline.com");
        assert_eq!(sign_in.scope, "https://management.azure.com/user_impersonation");
        assert_eq!((sign_in.tenant.as_str(), sign_in.protocol.as_str()), ("organizations", "AAD"));
    }

    #[test]
    fn loopback_may_be_plain_and_nothing_else() {
        let of = |arm: &str| format!("{{\"cloud\": \"T\", \"clouds\": [{{\"name\": \"T\",\n \"arm\": \"{arm}\"}}]}}");
        assert!(Config::parse(&of("http://127.0.0.1:8080")).is_ok());
        assert!(wrong(&of("http://arm.example.com")).contains("line 2"));
    }

    #[test]
    fn a_wrong_value_is_told_with_its_key_and_line() {
        let two =
            "{\"clouds\": [\n {\"name\": \"a\", \"arm\": \"https://a.example\"},\n {\"name\": \"b\",\n  \"arm\": 5}]}";
        for (text, key, line) in [
            (two, "`arm`: expected text", 4),
            ("{\"clouds\": [\n {\"arm\":\n \"ftp://a.example\"}]}", "`name`: it is missing here", 3),
            ("{\"clouds\": [{\"name\": \"a\",\n \"arm\" : \"ftp://a.example\"}]}", "`arm`: ", 2),
            (
                "{\"clouds\": [{\"name\": \"a\", \"arm\": \"https://a.example\",\n\"admitted\": [\n\"http://x.example\"]}]}",
                "`admitted`: ",
                3,
            ),
            ("{\"clouds\": {}}", "`clouds`: expected a list", 1),
            ("{\n\"cloud\": \"Mars\"}", "`cloud`: `clouds` has none of the name Mars", 2),
            ("{\n\"signIn\": {\"clientId\": \"a\",\n\"protocol\": \"SAML\"}}", "`protocol`: expected one of", 3),
            (
                "{\"cloud\": \"T\", \"clouds\": [{\"name\": \"T\", \"arm\": \"https://a.example\"}],\n\"signIn\": {\"clientId\": \"a\"}}",
                "`signIn`: the cloud T names no `authority`",
                2,
            ),
        ] {
            let told = wrong(text);
            assert!(told.contains(key) && told.ends_with(&format!("line {line}")), "{told}");
        }
        for text in ["", "{", "5", "{\"cloud\"", "{\"cloud\": null}"] {
            assert!(wrong(text).contains("line 1"), "{text}");
        }
    }

    #[test]
    fn a_misspelt_key_is_named() {
        let error = wrong("{\n  \"cluods\": {}\n}");
        assert!(error.contains("`cluods`") && error.contains("line 2"), "{error}");
    }
}
