//! A reviewed restore as commands of other tools.
//!
//! What each tool does to the body was read in its source: curl and PowerShell send the bytes of the file, `az rest` writes the JSON anew in
//! one line, and `az backup` makes the request itself.

use azure_backup::arm::cloud::{Cloud, RefusedUrl};
use azure_backup::backup::cross_region::NOT_SHOWN;

use super::quoting::{bash, bash_word, comment, powershell};
use super::{Urls, az, body_file, short_hash};
use crate::restore::plan::Plan;

/// A tool that can start the restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `az rest`.
    AzRest,
    /// `az backup restore restore-disks`.
    AzBackup,
    /// `Invoke-AzRestMethod`.
    PowerShell,
    /// curl in bash.
    Curl,
    /// An HTTP file, as editors send it.
    Http,
}

/// What no export can see to, and so each one says.
pub const TWICE: &str = "Running this and pressing Start restores twice. So does running it twice.";

/// What `az rest` does to a body: read in azure-cli-core 2.91.0, `send_raw_request`.
pub(super) const AZ_REST: &str =
    "az rest writes the JSON in one line before it's sent: the same values, not the same bytes.";

/// Gets the bytes of the access token out of the answer that holds it, without reading its numbers, and puts them in their place in the body.
pub(super) const INSERT_ACCESS: &str = r#"import json, re, sys
text, at, name = sys.stdin.read(), 0, ""
decode = json.JSONDecoder().raw_decode
while name != "properties":
    name, at = decode(text, re.compile(r"[\s{,]*").match(text, at).end())
    start = re.compile(r"[\s:]*").match(text, at).end()
    at = decode(text, start)[1]
sys.stdout.write(sys.argv[1].replace(sys.argv[2], text[start:at]))"#;

/// A function of bash that gives the SHA-256 of its input. macOS has `shasum` instead of `sha256sum`.
pub(super) const SHA256: &str =
    "sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c 1-64; }\n";

/// Why there is no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoCommand {
    /// The tool would not send the same restore, each reason a sentence.
    Other(Vec<String>),
    /// An id makes no URL of the cloud.
    Url(RefusedUrl),
}

impl From<RefusedUrl> for NoCommand {
    fn from(refused: RefusedUrl) -> Self {
        Self::Url(refused)
    }
}

impl Tool {
    /// Every tool, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::AzRest, Self::AzBackup, Self::PowerShell, Self::Curl, Self::Http];

    /// Its name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::AzRest => "Azure CLI: az rest",
            Self::AzBackup => "Azure CLI: az backup",
            Self::PowerShell => "PowerShell",
            Self::Curl => "curl",
            Self::Http => "HTTP file",
        }
    }

    /// The tool of that name.
    pub fn of_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.label() == label)
    }

    /// What it sends, beside what was reviewed.
    pub fn sends(self, plan: &Plan) -> &'static str {
        match self {
            Self::AzRest => AZ_REST,
            Self::AzBackup => {
                "az backup runs its checks and creates the request again: the same effect, not the same bytes."
            }
            _ if plan.secondary.is_some() => "Sends the bytes of the file, with the access token in its place.",
            Self::PowerShell | Self::Curl | Self::Http => "Sends the bytes of the file.",
        }
    }

    /// Whether it needs the file of the body.
    pub const fn needs_body(self) -> bool {
        !matches!(self, Self::AzBackup)
    }

    /// The name of its file: another one for each tool, so that none replaces another in a folder.
    pub fn file(self, plan: &Plan) -> String {
        let ending = match self {
            Self::AzRest => "az-rest.sh",
            Self::AzBackup => "az-backup.sh",
            Self::Curl => "curl.sh",
            Self::PowerShell => "ps1",
            Self::Http => "http",
        };
        format!("restore-{}.{ending}", short_hash(plan))
    }

    /// The commands.
    ///
    /// # Errors
    /// Why this tool cannot start this restore.
    pub fn commands(self, plan: &Plan, cloud: &Cloud) -> Result<String, NoCommand> {
        let urls = Urls::of(plan, cloud)?;
        let head = head(self, plan);
        Ok(match self {
            Self::AzBackup => {
                let options = az::restore_disks(plan).map_err(NoCommand::Other)?;
                format!("{head}{}{}", az_backup(&options), track_by_az(plan))
            }
            Self::AzRest => format!("{head}{}{}", checked(plan, &az_rest(plan, &urls, cloud)), track_by_az(plan)),
            Self::Curl => format!("{head}{}{}", checked(plan, &curl(plan, &urls, cloud)), comment(TRACK_BY_URL)),
            Self::PowerShell => format!("{head}{}{}", invoke_az_rest_method(plan, &urls), comment(TRACK_BY_URL)),
            Self::Http if urls.before.is_some() => {
                let why = "An HTTP file can't insert the access token of a cross-region restore.";
                return Err(NoCommand::Other(vec![why.to_owned()]));
            }
            Self::Http => format!("{head}{}", http(plan, &urls)),
        })
    }
}

const TRACK_BY_URL: &str = "Track it: GET the URL of the Azure-AsyncOperation header, then the job of the vault.";

/// What it does, with which body, and what to know.
fn head(tool: Tool, plan: &Plan) -> String {
    let needs = match tool {
        Tool::AzRest if plan.secondary.is_some() => {
            "Needs: bash, python3, and az, signed in to the cloud of the vault."
        }
        Tool::AzRest => "Needs: bash and az, signed in to the cloud of the vault.",
        Tool::AzBackup => "Needs: az, signed in to the cloud of the vault.",
        Tool::PowerShell if plan.secondary.is_some() => {
            "Needs: PowerShell 7 with the module Az.Accounts, connected to the cloud of the vault."
        }
        Tool::PowerShell => "Needs: PowerShell with the module Az.Accounts, connected to the cloud of the vault.",
        Tool::Curl if plan.secondary.is_some() => {
            "Needs: bash, python3, curl 7.76 or later, and an access token for Azure Resource Manager in TOKEN."
        }
        Tool::Curl => "Needs: bash, curl 7.76 or later, and an access token for Azure Resource Manager in TOKEN.",
        Tool::Http => {
            "Needs: an editor that sends HTTP files (REST Client of Visual Studio Code), and an access token for Azure Resource Manager in the environment variable TOKEN."
        }
    };
    let sends = match tool {
        Tool::AzBackup => format!("Options of azure-cli {}. {}", az::VERSION, tool.sends(plan)),
        _ => format!("Body: {}, SHA-256 {}. {}", body_file(plan), plan.sha256, tool.sends(plan)),
    };
    [&plan.effect, TWICE, &sends, needs].into_iter().map(comment).collect()
}

/// How az tells what becomes of the restore.
fn track_by_az(plan: &Plan) -> String {
    let mut line = format!(
        "Track it: az backup job list --subscription {} --resource-group {} --vault-name {} --output table",
        bash_word(plan.vault.subscription().unwrap_or_default()),
        bash_word(plan.vault.resource_group().unwrap_or_default()),
        bash_word(plan.vault.name()),
    );
    if plan.secondary.is_some() {
        line += " --use-secondary-region";
    }
    comment(&line)
}

fn az_backup(options: &[az::AzOption]) -> String {
    let mut text = "az backup restore restore-disks".to_owned();
    for (name, value) in options {
        text += &format!(" \\\n  {name}");
        if !value.is_empty() {
            text += &format!(" {}", bash_word(value));
        }
    }
    text + "\n"
}

/// `commands` for bash, run only if the file of the body is the reviewed one.
fn checked(plan: &Plan, commands: &str) -> String {
    let file = body_file(plan);
    let why = bash(&format!("{file} is missing, or isn't the body that was reviewed. Nothing was sent."));
    let test = format!("[ \"$(sha256 <{file})\" = {} ]", plan.sha256);
    format!("{SHA256}if {test}; then\n{commands}else\n  echo {why} >&2\n  false\nfi\n")
}

/// The call of `az rest` but for its address and body. With the address of Azure Resource Manager as its resource, az has a token for every cloud.
pub(super) fn az_rest_to(cloud: &Cloud) -> String {
    format!("az rest --resource {}", bash_word(&format!("{}/", cloud.arm)))
}

fn az_rest(plan: &Plan, urls: &Urls, cloud: &Cloud) -> String {
    let az = az_rest_to(cloud);
    let post = |url: &str, body: &str| format!("{az} --method post --url {} --body {body}", bash(url));
    let trigger = urls.trigger.to_string();
    let Some([aad, token]) = &urls.before else {
        return format!("  {}\n", post(&trigger, &format!("@{}", body_file(plan))));
    };
    let get_aad = format!("{az} --method get --url {} --output json", bash(&aad.to_string()));
    let get_token = format!("{} --output json", post(&token.to_string(), "@-"));
    cross_region(plan, (&get_aad, &get_token, &post(&trigger, "@-")))
}

fn curl(plan: &Plan, urls: &Urls, cloud: &Cloud) -> String {
    // Without globbing: brackets and braces of an address are no pattern.
    let curl = "curl --globoff -sS --fail-with-body -H \"Authorization: Bearer $TOKEN\"";
    let post = |url: &str, body: &str| {
        format!("{curl} -X POST -H 'Content-Type: application/json' --data-binary {body} {}", bash(url))
    };
    let trigger = urls.trigger.to_string();
    let token = bash_word(&cloud.arm.to_string());
    let get =
        comment(&format!("TOKEN=$(az account get-access-token --resource {token} --query accessToken --output tsv)"));
    let Some([aad, token]) = &urls.before else {
        return format!("  {get}  {} -D -\n", post(&trigger, &format!("@{}", body_file(plan))));
    };
    let calls = (
        format!("{curl} {}", bash(&aad.to_string())),
        post(&token.to_string(), "@-"),
        format!("{} -D -", post(&trigger, "@-")),
    );
    format!("  {get}{}", cross_region(plan, (&calls.0, &calls.1, &calls.2)))
}

/// The calls of a cross-region restore. The access token goes from one to the next by pipes and variables, and into no file or argument.
fn cross_region(plan: &Plan, (aad, token, trigger): (&str, &str, &str)) -> String {
    let insert = insert_access("\"$(cat FILE)\"").replace("FILE", &body_file(plan));
    format!(
        "  aad=$({aad}) &&\n  access=$(printf %s \"$aad\" | {token}) &&\n  body=$(printf %s \"$access\" | {insert}) &&\n  printf %s \"$body\" | {trigger}\n"
    )
}

/// The command that puts the access token of its input into `body`, a word of bash.
pub(super) fn insert_access(body: &str) -> String {
    format!("python3 -X utf8 -c {} {body} {}", bash(INSERT_ACCESS), bash(&placeholder()))
}

/// What stands in the place of the access token, as it is written in the body.
fn placeholder() -> String {
    format!("\"{NOT_SHOWN}\"")
}

fn invoke_az_rest_method(plan: &Plan, urls: &Urls) -> String {
    let path = |uri: &http::Uri| powershell(uri.path_and_query().map_or("/", |path| path.as_str()));
    let file = powershell(&body_file(plan));
    let why = powershell(&format!("{} isn't the body that was reviewed. Nothing was sent.", body_file(plan)));
    let mut text = String::from("$ErrorActionPreference = 'Stop'\n");
    if urls.before.is_some() {
        text = format!("#Requires -Version 7\n{text}");
    }
    text += &format!("$body = Get-Content -Raw -Encoding UTF8 -LiteralPath {file}\n");
    text += &format!(
        "if ((Get-FileHash -Algorithm SHA256 -LiteralPath {file}).Hash -ne '{}') {{ throw {why} }}\n",
        plan.sha256
    );
    if let Some([aad, token]) = &urls.before {
        // GetRawText gives the bytes as they came: ConvertFrom-Json would round the numbers.
        text += &format!("$aad = (Invoke-AzRestMethod -Method GET -Path {}).Content\n", path(aad));
        text += &format!("$answer = (Invoke-AzRestMethod -Method POST -Path {} -Payload $aad).Content\n", path(token));
        text += "$access = [System.Text.Json.JsonDocument]::Parse($answer).RootElement.GetProperty('properties').GetRawText()\n";
        text += &format!("$body = $body.Replace({}, $access)\n", powershell(&placeholder()));
    }
    text += &format!("$answer = Invoke-AzRestMethod -Method POST -Path {} -Payload $body\n", path(&urls.trigger));
    text + "$answer.StatusCode\n$answer.Headers.ToString()\n$answer.Content\n"
}

fn http(plan: &Plan, urls: &Urls) -> String {
    format!(
        "{}POST {} HTTP/1.1\nAuthorization: Bearer {{{{$processEnv TOKEN}}}}\nContent-Type: application/json\n\n< ./{}\n",
        comment(TRACK_BY_URL),
        urls.trigger,
        body_file(plan)
    )
}
