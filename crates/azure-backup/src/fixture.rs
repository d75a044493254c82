//! Answers and times for the tests of this crate, and every way in which JSON can have the wrong shape.

use crate::arm::{call::Call, fault::FaultKind, id::ArmId};
use ::time::{Duration, OffsetDateTime};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

pub(crate) const VAULT: &str =
    "/subscriptions/s-1/resourceGroups/rg-1/providers/Microsoft.RecoveryServices/vaults/vault-1";

pub(crate) fn id(text: &str) -> ArmId {
    ArmId::parse(text).unwrap()
}

/// So many seconds into the tests.
pub(crate) fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap() + Duration::seconds(seconds)
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
}

pub(crate) fn ok(body: &Value) -> Response<Bytes> {
    answer(200, &[], &body.to_string())
}

/// The value with each of its nodes, in turn, replaced by something of every shape.
pub(crate) fn misshapen(value: &Value) -> Vec<Value> {
    let shapes = [
        json!(null),
        json!(true),
        json!(-7.5),
        json!(123_456_789_012_345_678_u64),
        json!("?"),
        json!(""),
        json!([]),
        json!([null, 1, "a", {}]),
        json!({}),
        json!({ "a": [1] }),
    ];
    let mut out: Vec<Value> = shapes.to_vec();
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for changed in misshapen(item) {
                    let mut copy = items.clone();
                    copy[index] = changed;
                    out.push(Value::Array(copy));
                }
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                for changed in misshapen(member) {
                    let mut copy = members.clone();
                    copy.insert(key.clone(), changed);
                    out.push(Value::Object(copy));
                }
                let mut without = members.clone();
                without.remove(key);
                out.push(Value::Object(without));
            }
        }
        _ => {}
    }
    out
}

/// Reads every misshapen form of a good body: it is read, or refused with the path of what is wrong; never a panic. Returns (read, refused).
pub(crate) fn survives<T>(call: &Call<T>, good: &Value) -> (usize, usize) {
    assert!(call.read(&ok(good)).is_ok(), "the good body itself is refused: {:?}", call.read(&ok(good)).err());
    let (mut read, mut refused) = (0, 0);
    for body in misshapen(good) {
        match call.read(&ok(&body)) {
            Ok(_) => read += 1,
            Err(fault) => {
                let FaultKind::Body { path } = &fault.kind else { panic!("{fault:?} for {body}") };
                assert!(path.starts_with('$') && fault.message.contains(path.as_str()), "{fault:?} for {body}");
                assert!(!fault.is_retryable() && fault.status == Some(200));
                refused += 1;
            }
        }
    }
    (read, refused)
}
