//! The records of restores, drafts and plans in IndexedDB: one object store for each kind, with one entry for each record, its text under its key.
//!
//! Each operation opens the database if it is not open, because the browser may have closed it, or this tab did so for a newer version of the page.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use idb::event::OpenDatabaseRequestEvent;
use idb::{
    Database as Connection, DatabaseEvent as _, Event as _, Factory, ObjectStoreParams, Request as _, Transaction,
};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbTransaction};

use super::dom;
use super::storage::{FORBIDDEN, UNSAVED, why_unsaved};
use super::timeout::{MAX_LOAD, with_timeout};
use crate::app::records::{Change, Record};
use crate::app::saved::{DRAFTS, PLANS, RESTORES};

const NAME: &str = "vm-restore";
/// The version of the database's shape. A release that changes the shape raises it; the tabs of older releases then close their connections.
/// Version 1 had no plans.
const VERSION: u32 = 2;
const LATE: &str = "The browser didn't respond within 60 seconds. Close other tabs of this page, then reload it.";
const NEWER: &str =
    "A newer version of this page has taken over this site's data. Reload this page to get that version.";
const BROKEN: &str = "Restart the browser, then open this page again.";

/// The database. Clones share the connection.
#[derive(Clone, Default)]
pub(crate) struct Database(Rc<RefCell<Option<Open>>>);

struct Open {
    /// Keeps the event handlers alive.
    connection: Connection,
    raw: IdbDatabase,
}

impl Database {
    /// Whether there is a connection.
    pub(crate) fn is_open(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Closes the connection; running transactions end first.
    pub(crate) fn close(&self) {
        if let Some(open) = self.0.take() {
            open.connection.close();
        }
    }

    /// The keys of a store, and the records whose keys are `wanted`.
    ///
    /// # Errors
    /// Why it failed, and what the operator can do.
    pub(crate) async fn records(
        &self,
        store: &str,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(Vec<String>, Vec<Record>), String> {
        let transaction = self.begin(store, "readonly", "default").await?;
        let asked =
            transaction.object_store(store).and_then(|s| Ok((s.get_all_keys(None, None)?, s.get_all(None, None)?)));
        ended(transaction).await?;
        let told = asked.and_then(|(keys, texts)| Ok((keys.result()?, texts.result()?)));
        let (keys, texts) = told.map_err(|_| BROKEN.to_owned())?;
        let (keys, texts) = (Array::from(&keys), Array::from(&texts));
        let (mut all, mut records) = (Vec::new(), Vec::new());
        for at in 0..keys.length() {
            // Another page of this site may have written anything.
            let Some(key) = keys.get(at).as_string() else { continue };
            if wanted(&key) {
                records.push((key.clone(), texts.get(at).as_string().unwrap_or_default()));
            }
            all.push(key);
        }
        Ok((all, records))
    }

    /// Changes records of a store, all of them or none. Returns once the transaction has committed.
    ///
    /// # Errors
    /// Why it failed, and what the operator can do.
    pub(crate) async fn save(&self, store: &str, changes: &[Change]) -> Result<(), String> {
        // `strict`, because the request of a restore leaves after this save: its record, and the plan that started it, must survive a power failure.
        let durability = if store == DRAFTS { "default" } else { "strict" };
        let transaction = self.begin(store, "readwrite", durability).await?;
        let asked = transaction.object_store(store).and_then(|records| {
            for change in changes {
                match change {
                    Change::Put((key, text)) => drop(records.put(&text.into(), Some(&key.into()))?),
                    Change::Delete(key) => drop(records.delete(JsValue::from(key))?),
                    Change::Clear => drop(records.clear()?),
                }
            }
            Ok(())
        });
        match asked {
            Ok(()) => ended(transaction).await,
            Err(_) => {
                // Aborting fails if the transaction has already ended, which is fine.
                drop(transaction.abort());
                Err(UNSAVED.to_owned())
            }
        }
    }

    async fn begin(&self, store: &str, mode: &str, durability: &str) -> Result<Transaction, String> {
        self.open().await?;
        let begun = self.0.borrow().as_ref().map(|open| transaction(&open.raw, store, mode, durability));
        begun.and_then(Result::ok).ok_or_else(|| {
            // The browser is closing the connection. The next attempt opens another one.
            self.close();
            UNSAVED.to_owned()
        })
    }

    async fn open(&self) -> Result<(), String> {
        if self.is_open() {
            return Ok(());
        }
        let request = Factory::new().and_then(|factory| factory.open(NAME, Some(VERSION)));
        let mut request = request.map_err(|_| FORBIDDEN.to_owned())?;
        request.on_upgrade_needed(|event| {
            if let Ok(database) = event.database() {
                for store in [RESTORES, DRAFTS, PLANS] {
                    // Creating a store fails only if an older version has already created it.
                    drop(database.create_object_store(store, ObjectStoreParams::new()));
                }
            }
        });
        let opened = Promise::new(&mut |resolve, reject| {
            // A connection that opens after the timeout is stored, too: otherwise nothing would close it for a newer version of the page.
            let slot = self.clone();
            request.on_success(move |event| {
                slot.connected(&event);
                settle(&resolve, &JsValue::NULL);
            });
            request.on_error(move |event| {
                let error = event.target().and_then(|request| request.error()).ok().flatten();
                settle(&reject, &error.into());
            });
        });
        // The browser may call the handlers long after the timeout.
        request.forget_callbacks();
        match with_timeout(MAX_LOAD, JsFuture::from(opened)).await {
            None => Err(LATE.to_owned()),
            Some(Err(error)) => Err(why_not_opened(&error)),
            Some(Ok(_)) if self.is_open() => Ok(()),
            Some(Ok(_)) => Err(BROKEN.to_owned()),
        }
    }

    fn connected(&self, event: &OpenDatabaseRequestEvent) {
        let Ok(raw) = event.target().and_then(|request| request.result()).map(|result| result.unchecked_into()) else {
            return;
        };
        let raw: IdbDatabase = raw;
        let mut connection = Connection::from(raw.clone());
        // `versionchange`: a newer version of this page waits in another tab. `close`: the browser has removed this site's data.
        let (outdated, lost) = (self.clone(), self.clone());
        connection.on_version_change(move |_| outdated.close());
        connection.on_close(move |_| lost.close());
        *self.0.borrow_mut() = Some(Open { connection, raw });
    }
}

/// Begins a transaction. `idb` cannot ask for durability, and neither can the stable interface of `web-sys`.
fn transaction(database: &IdbDatabase, store: &str, mode: &str, durability: &str) -> Result<Transaction, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    let begun: IdbTransaction = begin.call3(database, &store.into(), &mode.into(), &options)?.unchecked_into();
    Ok(begun.into())
}

/// Waits until a transaction has committed. The error says why it has not.
async fn ended(mut transaction: Transaction) -> Result<(), String> {
    let committed = Promise::new(&mut |resolve, reject| {
        transaction.on_complete(move |_| settle(&resolve, &JsValue::NULL));
        transaction.on_abort(move |event| {
            let aborted = event.target().and_then(|target| Transaction::try_from(target).ok());
            settle(&reject, &aborted.and_then(|aborted| aborted.error()).into());
        });
    });
    let mut committed = pin!(JsFuture::from(committed));
    let mut answer = with_timeout(MAX_LOAD, committed.as_mut()).await;
    if answer.is_none() {
        // The handlers stay, because the browser may still call them.
        transaction.forget_callbacks();
        // After the timeout it must not commit. If aborting fails, it has already ended, and its event is about to arrive.
        if transaction.abort().is_err() {
            answer = with_timeout(MAX_LOAD, committed).await;
        }
    }
    match answer {
        Some(Ok(_)) => Ok(()),
        Some(Err(error)) => Err(why_unsaved(&error)),
        None => Err(LATE.to_owned()),
    }
}

fn settle(function: &Function, value: &JsValue) {
    // The functions of a promise throw nothing.
    let _ = function.call1(&JsValue::NULL, value);
}

fn why_not_opened(error: &JsValue) -> String {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
    match name.as_str() {
        "VersionError" => NEWER.to_owned(),
        "SecurityError" | "InvalidStateError" | "NotSupportedError" => FORBIDDEN.to_owned(),
        "QuotaExceededError" => why_unsaved(error),
        _ => format!("{} {BROKEN}", dom::error_message(error, UNSAVED)),
    }
}
