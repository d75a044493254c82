//! What a caller may do with the public types on several threads, and with errors.

use azure_backup::{
    arm::{
        call::{Accepted, Call},
        fault::{Fault, FaultDetail},
        id::IdError,
        json::SyntaxError,
        operation::Operation,
        page::Page,
    },
    backup::{
        job_tracker::JobTracker,
        lookups::{self, Tenant},
        recovery_point::RecoveryPoint,
        restore_request::{IaasVmRestoreRequest, TriggerBody, UnsupportedFields},
        vault::Vault,
    },
};
use bytes::Bytes;
use http::Response;
use std::{cell::Cell, error::Error, marker::PhantomData, thread};

fn is_shared<T: Send + Sync + Clone + 'static>() {}

fn is_an_error<T: Error + Send + Sync + Clone + 'static>() {}

/// Checked by the compiler: `Call` is `Send` even where what it answers with is not.
#[test]
fn public_types_are_send_sync_and_clone() {
    is_shared::<Call<PhantomData<*const Cell<u8>>>>();
    is_shared::<Call<Page<Vault>>>();
    is_shared::<Page<RecoveryPoint>>();
    is_shared::<Accepted>();
    is_shared::<Operation>();
    is_shared::<JobTracker>();
    is_shared::<IaasVmRestoreRequest>();
    is_shared::<TriggerBody>();
    is_an_error::<Fault>();
    is_an_error::<FaultDetail>();
    is_an_error::<IdError>();
    is_an_error::<SyntaxError>();
    is_an_error::<UnsupportedFields>();
}

#[test]
fn a_call_is_sent_on_one_thread_and_decoded_on_another() {
    let names = lookups::tenants().map(|page: Page<Tenant>| page.value.into_iter().map(|tenant| tenant.name).collect());
    let answer = Response::new(Bytes::from_static(br#"{"value":[{"tenantId":"t","displayName":"Contoso"}]}"#));
    let decoder: Call<Vec<String>> = names.clone();
    let read = thread::spawn(move || decoder.read(&answer)).join().unwrap();
    assert_eq!(read, Ok(vec!["Contoso".to_owned()]));
    assert_eq!(names.line(), "GET /tenants", "the sender keeps its own");
}
