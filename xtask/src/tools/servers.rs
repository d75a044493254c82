//! What some end-to-end tests talk to or need to talk: nginx and OpenSSL.

use std::path::PathBuf;

use super::debian;
use crate::{failure::Failure, output, process};

/// Debian's place for servers is not on everybody's search path.
const SYSTEM: &str = "/usr/sbin/nginx";

/// nginx, by which the sample of the documentation is tested; none, loudly, where it is not and cannot be installed.
pub(crate) fn nginx() -> Option<PathBuf> {
    let find = || process::find("nginx").or_else(|| Some(PathBuf::from(SYSTEM)).filter(|path| path.is_file()));
    find().or_else(|| {
        let why = "the sample of docs/hosting is tested with it";
        match debian::install("nginx", "nginx-light", why, "install nginx") {
            Ok(()) => find(),
            Err(failure) => {
                output::step(&format!("SKIPPED: the test of docs/hosting/nginx.conf. {failure}"));
                None
            }
        }
    })
}

/// OpenSSL, which makes the certificates of the tests' servers.
pub(crate) fn openssl() -> Result<(), Failure> {
    match process::find("openssl") {
        Some(_) => Ok(()),
        None => {
            let why = "the tests' servers need a certificate";
            debian::install("OpenSSL", "openssl", why, "install OpenSSL, so that `openssl` is on the search path")
        }
    }
}
