//! `GET https://{account}.blob.core.windows.net/{container}/{blob}`, and HEAD: the blobs that restores have written

use http::Uri;

use crate::answer::Answer;
use crate::moment;
use crate::simulator::Simulator;
use crate::text::fill;

const SUFFIX: &str = ".blob.core.windows.net";
const MISSING: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.</Message></Error>";
const FILE: &str = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","parameters":{},"resources":[],"outputs":{"note":{"type":"string","value":"Simulated: $0"}}}"#;

/// Whether a host belongs to a storage account.
pub(crate) fn is_blob_host(host: &str) -> bool {
    host.ends_with(SUFFIX)
}

/// Answers with the properties of a blob and, for small ones, a body.
pub(crate) fn get(sim: &Simulator, uri: &Uri) -> Answer {
    let account = uri.host().unwrap_or_default().trim_end_matches(SUFFIX);
    let wanted = |container: &str, name: &str| uri.path() == format!("/{container}/{name}");
    match sim.world.changes.blobs.iter().find(|b| b.account == account && wanted(&b.container, &b.name)) {
        None => Answer { content_type: "application/xml", ..Answer::json(404, MISSING.to_owned()) }
            .with("x-ms-error-code", "BlobNotFound"),
        Some(blob) => {
            let body = if blob.name.ends_with(".json") { fill(FILE, &[&blob.name]) } else { String::new() };
            // The length of a page blob is padded; the real length is in its metadata.
            Answer { content_type: "application/octet-stream", ..Answer::ok(body) }
                .with("x-ms-blob-type", "PageBlob")
                .with("x-ms-meta-configblobsize", blob.bytes.to_string())
                .with("last-modified", moment::http_date(blob.made))
        }
    }
}
