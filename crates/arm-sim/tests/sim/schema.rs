//! A minimal implementation of swagger to validate JSON against a schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// A swagger document.
pub(crate) struct Swagger(pub(crate) Value);

impl Swagger {
    /// The schema of an answer; `Some(None)` if the operation is known and has no body.
    pub(crate) fn response(&self, method: &str, path: &str, status: u16) -> Option<Option<&Value>> {
        let wanted: Vec<_> = path.split('/').collect();
        let paths = self.0["paths"].as_object()?;
        let (_, operations) = paths.iter().find(|(template, operations)| {
            let template: Vec<_> = template.trim_end_matches('/').split('/').collect();
            operations.get(method.to_ascii_lowercase()).is_some()
                && template.len() == wanted.len()
                && template.iter().zip(&wanted).all(|(t, w)| t.starts_with('{') || t.eq_ignore_ascii_case(w))
        })?;
        let responses = &operations[method.to_ascii_lowercase()]["responses"];
        let response = responses.get(status.to_string()).or_else(|| responses.get("default"))?;
        Some(response.get("schema"))
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        match schema["$ref"].as_str() {
            None => Some(schema),
            // A document of its own: not here.
            Some(reference) => self.0.pointer(reference.strip_prefix('#')?),
        }
    }

    /// Whether a schema is based on another one, at any depth.
    fn descends(&self, schema: &Value, base: &Map<String, Value>) -> bool {
        let parts = schema["allOf"].as_array().into_iter().flatten().filter_map(|p| self.resolve(p));
        parts.into_iter().any(|p| p.as_object().is_some_and(|p| std::ptr::eq(p, base)) || self.descends(p, base))
    }

    /// Every part of a schema: itself, its base schemas, and the kind that the value's discriminator names.
    fn parts<'a>(&'a self, schema: &'a Value, value: &Value, out: &mut Vec<&'a Map<String, Value>>) {
        let Some(schema) = self.resolve(schema).and_then(Value::as_object) else { return };
        if out.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        out.push(schema);
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.parts(part, value, out);
        }
        let kind = schema.get("discriminator").and_then(Value::as_str).and_then(|d| value[d].as_str());
        let definitions = self.0["definitions"].as_object();
        if let (Some(kind), Some(definitions)) = (kind, definitions) {
            // Containers and items of the same kind have the same discriminator value.
            let is_kind = |name: &str, d: &Value| {
                let value = d["x-ms-discriminator-value"].as_str().unwrap_or(name);
                value == kind && self.descends(d, schema)
            };
            let sub = definitions.iter().find(|(name, d)| is_kind(name, d));
            if let Some((_, sub)) = sub {
                self.parts(sub, value, out);
            }
        }
    }

    /// Notes what in `value` does not fit `schema`.
    pub(crate) fn check(&self, schema: &Value, value: &Value, at: &str, wrong: &mut BTreeSet<String>) {
        let mut parts = Vec::new();
        self.parts(schema, value, &mut parts);
        let open = parts.is_empty()
            || parts.iter().any(|p| {
                p.contains_key("additionalProperties")
                    || p.get("properties").is_none() && p.get("type").is_none_or(|t| t == "object")
            });
        let mut known = false;
        for part in &parts {
            // Old versions write an enum as a number.
            let number_for_name = part.contains_key("enum") && value.is_u64();
            let fits = match part.get("type").and_then(Value::as_str) {
                Some("string") => value.is_string() || number_for_name,
                Some("integer") => value.is_i64() || value.is_u64(),
                Some("number") => value.is_number(),
                Some("boolean") => value.is_boolean(),
                Some("array") => value.is_array(),
                Some("object") => value.is_object(),
                _ => true,
            };
            if !fits {
                wrong.insert(format!("{at} is not of type {}: {value}", part["type"]));
            }
            let names = part.get("enum").and_then(Value::as_array);
            if let (Some(names), Some(name)) = (names, value.as_str())
                && !names.iter().any(|n| n.as_str().is_some_and(|n| n.eq_ignore_ascii_case(name)))
            {
                wrong.insert(format!("{at} is not one of the enum: {name}"));
            }
            for required in
                part.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
            {
                if value.get(required).is_none() {
                    wrong.insert(format!("{at} lacks {required}"));
                }
            }
            if let (Some(items), Some(values)) = (part.get("items"), value.as_array()) {
                for value in values {
                    self.check(items, value, &format!("{at}[]"), wrong);
                }
            }
            known |= part.contains_key("properties");
        }
        let Some(members) = value.as_object() else { return };
        for (name, member) in members {
            let schemas: Vec<_> = parts.iter().filter_map(|p| p.get("properties")?.get(name)).collect();
            if let Some(more) =
                parts.iter().find_map(|p| p.get("additionalProperties")).filter(|m| m.is_object() && schemas.is_empty())
            {
                self.check(more, member, &format!("{at}.*"), wrong);
            } else if schemas.is_empty() && known && !open {
                wrong.insert(format!("{at}.{name} is not in the schema"));
            }
            for schema in schemas {
                self.check(schema, member, &format!("{at}.{name}"), wrong);
            }
        }
    }
}
