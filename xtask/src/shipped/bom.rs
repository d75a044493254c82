//! What is shipped, as a list that machines read: <https://cyclonedx.org/docs/1.5/json/>.

use serde_json::{Value, json};

use super::{Origin, Part};

/// The list, the same bytes for the same parts. `rust` is the version of the compiler, whose standard library is one of them.
pub(crate) fn cyclonedx(parts: &[Part], version: &str, rust: &str) -> Value {
    let own = format!("vm-restore@{version}");
    let standard = format!("rust-std@{rust}");
    let mut components: Vec<Value> = parts.iter().map(component).collect();
    components.push(json!({
        "type": "library", "bom-ref": standard, "name": "rust-std", "version": rust,
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    }));
    let refs: Vec<String> = parts.iter().map(purl).chain([standard]).collect();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": own, "name": "vm-restore", "version": version,
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        } },
        "components": components,
        "dependencies": [{ "ref": own, "dependsOn": refs }],
    })
}

fn component(part: &Part) -> Value {
    let purl = purl(part);
    let mut component = json!({
        "type": "library", "bom-ref": purl, "purl": purl, "name": part.name, "version": part.version,
        "licenses": [{ "expression": part.licence }],
    });
    if let Some((alg, content)) = &part.hash {
        component["hashes"] = json!([{ "alg": alg, "content": content }]);
    }
    component
}

/// The name by which advisories know it: <https://github.com/package-url/purl-spec>.
fn purl(part: &Part) -> String {
    let (kind, name) = match part.origin {
        Origin::Cargo => ("cargo", part.name.clone()),
        Origin::Npm => ("npm", part.name.replace('@', "%40")),
    };
    format!("pkg:{kind}/{name}@{}", part.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_named_as_advisories_name_it() {
        let part = |name: &str, origin| Part {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            origin,
            licence: "MIT".to_owned(),
            authors: Vec::new(),
            folder: "/nowhere".into(),
            hash: Some(("SHA-256", "ab".to_owned())),
        };
        let parts = [part("yew", Origin::Cargo), part("@azure/msal-browser", Origin::Npm)];
        let bom = cyclonedx(&parts, "0.1.0", "1.95.0");
        let purls: Vec<Option<&str>> =
            bom["components"].as_array().unwrap().iter().map(|c| c["purl"].as_str()).collect();
        assert_eq!(purls, [Some("pkg:cargo/yew@1.2.3"), Some("pkg:npm/%40azure/msal-browser@1.2.3"), None]);
        assert_eq!(bom["components"][0]["hashes"][0], json!({ "alg": "SHA-256", "content": "ab" }));
        assert_eq!(bom["components"][2]["bom-ref"], "rust-std@1.95.0");
        assert_eq!(bom["dependencies"][0]["dependsOn"].as_array().unwrap().len(), 3);
        assert!(!bom.to_string().contains("nowhere"), "no folder of this machine");
    }
}
