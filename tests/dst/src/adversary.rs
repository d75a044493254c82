//! An attacker: another page of this origin, or another operator of this browser, writes records into storage, the channel between tabs and files.

use azure_backup::arm::bounds;
use azure_backup::arm::fault::Fault;
use bytes::Bytes;
use fastrand::Rng;
use http::Response;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};
use vm_restore::app::msg::Msg;
use vm_restore::app::records::Change;
use vm_restore::app::saved::RESTORES;

use crate::dice::{chance, one};
use crate::fault::Kind;
use crate::page::Told;
use crate::world::{OPERATORS, World};

/// A time as a record holds it.
fn stored(time: OffsetDateTime) -> Value {
    bounds::time::serialize(&time, serde_json::value::Serializer).unwrap_or_default()
}

impl World {
    /// Forges records and puts them where `kind` says. False where there is nothing yet to forge from.
    pub(crate) fn forge(&mut self, kind: Kind, rng: &mut Rng) {
        let mut records = self.records();
        if records.is_empty() {
            return;
        }
        for _ in 0..rng.usize(1..=3) {
            let record = records[rng.usize(0..records.len())].clone();
            let forged = self.forged(record, rng);
            let id = forged["id"].as_str().unwrap_or_default().to_owned();
            self.ledger.forged(&id);
            if chance(rng, 70) {
                records.retain(|record| record["id"] != forged["id"]);
            }
            records.insert(0, forged);
        }
        if chance(rng, 20) {
            records.truncate(1);
        }
        let text = json!({"version": 2, "restores": records}).to_string();
        let key = |record: &Value| record["id"].as_str().unwrap_or_default().to_owned();
        let mut changes: Vec<Change> =
            records.iter().map(|record| Change::Put((key(record), record.to_string()))).collect();
        if chance(rng, 20) {
            changes.insert(0, Change::Clear);
            // Who forgets everything first takes each record for what it says, also one that was right once.
            records.iter().for_each(|record| self.ledger.forged(&key(record)));
        }
        // As this version of the page saves and tells, or as an older one.
        let older = rng.bool();
        match kind {
            Kind::StorageForged if older => drop(self.browser.storage.insert(RESTORES.to_owned(), text)),
            Kind::StorageForged => self.browser.records.commit(RESTORES, &changes),
            Kind::ChannelForged => {
                let told = match older {
                    true => Told::Text(RESTORES.to_owned(), Some(text)),
                    false => Told::Records(RESTORES.to_owned(), changes),
                };
                for tab in self.open_tabs() {
                    self.deliver(self.life(tab), Duration::milliseconds(1), told.clone().on_response(true));
                }
            }
            _ => {
                let tabs = self.open_tabs();
                if !tabs.is_empty() {
                    let tab = one(rng, &tabs);
                    self.deliver(self.life(tab), Duration::milliseconds(1), Msg::Imported(text));
                }
            }
        }
    }

    fn records(&self) -> Vec<Value> {
        let records = self.browser.records.all(RESTORES);
        records.iter().filter_map(|(_, text)| serde_json::from_str(text).ok()).collect()
    }

    /// A record with other contents.
    fn forged(&mut self, mut record: Value, rng: &mut Rng) -> Value {
        if rng.bool() {
            self.ledger.somebody_else += 1;
            record["id"] = format!("eeeeeeee-0000-4000-8000-{:012x}", self.ledger.somebody_else).into();
        }
        if chance(rng, 80) {
            record["stage"] = self.stage(rng);
        }
        if record["asked"].is_object() && rng.bool() {
            let text = record["asked"]["text"].as_str().unwrap_or_default().to_owned();
            let (from, to) = one(
                rng,
                &[
                    ("RestoreDisks", "OriginalLocation"),
                    ("/virtualMachines/", "/virtualMachines/PRODUCTION-"),
                    ("/resourceGroups/", "/resourceGroups/attacker-"),
                    ("{", "{\"more\": 1, "),
                    ("\"", "'"),
                ],
            );
            let text = text.replace(from, to);
            if rng.bool() {
                let hash = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
                record["asked"]["sha256"] = hash.into();
            }
            record["asked"]["text"] = text.into();
        }
        if chance(rng, 30) {
            let owner = one(rng, &[Some(OPERATORS[0]), Some(OPERATORS[1]), None]);
            record["owner"] = json!({"tenant": null, "account": owner});
        }
        if chance(rng, 20) {
            record["begun"] = stored(self.clock().saturating_add(Duration::days(rng.i64(-30..30_000))));
        }
        if chance(rng, 20) {
            record["vm"] = "PRODUCTION-DB".into();
        }
        if chance(rng, 10) {
            record["vault"] = format!("{}-2", record["vault"].as_str().unwrap_or_default()).into();
        }
        record
    }

    fn stage(&self, rng: &mut Rng) -> Value {
        let now = stored(self.clock());
        let search = json!({"since": now, "looks": 0, "listed": null, "next": now, "last": null, "trouble": null});
        let expired = Bytes::from_static(br#"{"error":{"code":"ExpiredAuthenticationToken","message":"m"}}"#);
        let mut answer = Response::new(expired);
        *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
        let refused = json!(Fault::from_answer("Trigger restore", &answer));
        match rng.u32(0..6) {
            0 => json!("intent"),
            1 => json!("sending"),
            2 => json!({"preparing": {"properties": "{}", "identified": true, "search": search}}),
            3 => json!({"notSent": {"fault": null, "search": null}}),
            4 => json!({"refused": {"fault": refused}}),
            _ => json!({"unknown": {"fault": null, "search": search}}),
        }
    }
}
