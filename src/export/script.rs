//! The requests of a recovery plan as one script for bash and `az rest`.
//!
//! One file holds all bodies, each as a quoted word: nothing beside it can be lost, mixed up or edited unseen. The script checks each body
//! against its hash, writes down each request before it is sent, stops at the first one that is refused or not answered, and does not send again
//! what it has written down.

use azure_backup::arm::cloud::{Cloud, RefusedUrl};

use super::Urls;
use super::commands::{AZ_REST, SHA256, az_rest_to, insert_access};
use super::quoting::{bash, bash_word, comment};
use crate::restore::plan::Plan;
use crate::restore::visible::visible_name;

/// How long the script waits between two requests, in seconds: a vault that is asked for many restores at once throttles.
const PAUSE: u32 = 10;

/// A request of the script.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The name of the machine.
    pub name: &'a str,
    /// The name of its group: the script waits for a key between two groups.
    pub group: &'a str,
    /// The request.
    pub plan: &'a Plan,
}

/// The script, which sends these requests in this order.
///
/// # Errors
/// [`RefusedUrl`] where an id makes no URL of the cloud.
pub fn script(name: &str, manifest_sha256: &str, steps: &[Step<'_>], cloud: &Cloud) -> Result<String, RefusedUrl> {
    let marker = format!("recovery-plan-{}.started", manifest_sha256.get(..8).unwrap_or_default());
    let mut text = String::from("#!/usr/bin/env bash\n");
    for line in [
        &format!("Recovery plan {name}: {} requests, SHA-256 of the manifest {manifest_sha256}.", steps.len()),
        "Running this and pressing Start restores twice.",
        &format!("It stops at the first request that is refused, and {marker} keeps it from sending a request twice."),
        AZ_REST,
        "Needs: bash, az (signed in to the cloud of the vaults), and python3 for cross-region restores.",
        "Track it: az backup job list, for each vault.",
    ] {
        text += &comment(line);
    }
    let values = [("requests", steps.len().to_string()), ("pause", PAUSE.to_string()), ("started", marker)];
    text += "set -euo pipefail\n";
    for (variable, value) in values {
        text += &format!("{variable}={value}\n");
    }
    text += SHA256;
    text += FUNCTIONS.trim_start();
    text += &format!("az_rest() {{ {} \"$@\"; }}\n", az_rest_to(cloud));
    if steps.iter().any(|step| step.plan.secondary.is_some()) {
        text += &format!("insert_access() {{ {}; }}\n", insert_access("\"$1\""));
    }
    let mut group = steps.first().map(|step| step.group);
    for (number, step) in (1..).zip(steps) {
        if group.replace(step.group) != Some(step.group) {
            text += &format!("\nnext_group {number} {}\n", bash(&visible_name(step.group)));
        }
        text += &request(number, step, &Urls::of(step.plan, cloud)?);
    }
    Ok(text)
}

/// What the script does with each request and between two groups, before any request is sent, and when it runs a second time.
const FUNCTIONS: &str = r#"
first=${1:-1}
case $first in '' | *[!0-9]*) echo "Not the number of a request: $first" >&2; exit 2 ;; esac
if [ $# -eq 0 ] && ! (set -o noclobber && : >"$started") 2>/dev/null; then
  echo "This script has run already, or can't write $started, which lists each request before it's sent. Check the jobs of the vaults. To continue with request N: bash $0 N" >&2
  exit 1
fi
stop() {
  echo "$1 To continue with request $2: bash $0 $2" >&2
  exit 1
}
# Number of its first request and name of a group that waits for the group before.
next_group() {
  [ "$1" -gt "$first" ] || return 0
  echo "Before group $2: check that the group before is restored. Press Enter to continue, Ctrl+C to stop."
  read -r || stop "Stopped before group $2." "$1"
}
# Number, name, SHA-256, URL and body of a request; of a cross-region restore also the two URLs that give its access token.
request() {
  [ "$1" -ge "$first" ] || return 0
  [ "$(printf %s "$5" | sha256)" = "$3" ] || stop "The body of request $1 isn't the reviewed body." "$1"
  if grep -q "^$1 " "$started" 2>/dev/null; then
    echo "Request $1 ($2) was sent before, so it isn't sent again." >&2
    return 0
  fi
  [ "$1" -eq "$first" ] || sleep "$pause"
  echo "Request $1 of $requests: $2"
  local body=$5 aad access
  if [ $# -eq 7 ]; then
    aad=$(az_rest --method get --url "$6" --output json) &&
      access=$(printf %s "$aad" | az_rest --method post --url "$7" --body @- --output json) &&
      body=$(printf %s "$access" | insert_access "$body") ||
      stop "There is no access token for request $1, so it wasn't sent." "$1"
  fi
  printf '%s %s %s\n' "$1" "$3" "$2" >>"$started"
  printf %s "$body" | az_rest --method post --url "$4" --body @- ||
    stop "Request $1 ($2) was refused, or wasn't answered: check the jobs of its vault before you continue." "$(($1 + 1))"
}
"#;

fn request(number: usize, step: &Step<'_>, urls: &Urls) -> String {
    let Step { name, plan, .. } = step;
    let words =
        [bash(&visible_name(name)), bash_word(&plan.sha256), bash(&urls.trigger.to_string()), bash(plan.text())];
    let before = urls.before.iter().flatten().map(|url| bash(&url.to_string()));
    let words: Vec<String> = words.into_iter().chain(before).collect();
    format!("\n{}request {number} {}\n", comment(&plan.effect), words.join(" "))
}
