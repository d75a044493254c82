//! Ways out of the page: a reviewed restore as commands for other tools, a recovery plan as a script, and a restore as a link for a second pair of eyes.
//!
//! Nothing here sends anything, and nothing here is a secret: a token stays a variable of the shell, and the access token of a cross-region
//! restore is fetched by the commands themselves.

pub mod az;
pub mod commands;
pub mod link;
pub mod quoting;
pub mod script;

use azure_backup::arm::cloud::{Cloud, RefusedUrl};
use azure_backup::backup::cross_region;
use azure_backup::backup::restore_request::trigger_path;
use bytes::Bytes;
use http::Uri;

use crate::restore::plan::Plan;
use crate::restore::regional_id::location_id;

/// The URLs that a restore calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    /// The request that starts it.
    pub trigger: Uri,
    /// Of a cross-region restore: the two calls before, which give the access token and change nothing.
    pub before: Option<[Uri; 2]>,
}

impl Urls {
    /// The URLs of a restore.
    ///
    /// # Errors
    /// [`RefusedUrl`] where an id makes no URL of the cloud.
    pub fn of(plan: &Plan, cloud: &Cloud) -> Result<Self, RefusedUrl> {
        let Some(location) = plan.secondary.as_ref().and_then(|region| location_id(&plan.vault, region)) else {
            return Ok(Self { trigger: cloud.absolute(&trigger_path(&plan.point, &plan.body))?, before: None });
        };
        let aad = cross_region::aad_properties(&location, &plan.version).url(cloud)?;
        let token = cross_region::access_token(&plan.point, Bytes::new(), &plan.version).url(cloud)?;
        let trigger = cloud.absolute(&cross_region::trigger_path(&location, &plan.body))?;
        Ok(Self { trigger, before: Some([aad, token]) })
    }
}

/// The file of the body: named by its hash, so that the bodies of two restores in one folder are not mistaken for each other.
pub fn body_file(plan: &Plan) -> String {
    format!("restore-{}.json", short_hash(plan))
}

/// The first digits of the SHA-256 of the body.
fn short_hash(plan: &Plan) -> &str {
    plan.sha256.get(..8).unwrap_or_default()
}

#[cfg(test)]
mod tests;
