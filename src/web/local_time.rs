//! The time zone of this computer. Only the browser knows its rules, so it is asked for the offset at many moments.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::app::local_time::LocalTime;

const DAY: i64 = 86_400;
/// Offsets are read for this many years before and after now, because recovery points are kept for years and expire in years.
const YEARS: i64 = 10;
/// The interval at which offsets are compared, in seconds. No zone changes its offset twice within it.
const STEP: i64 = 28 * DAY;

/// The offsets of the time zone, around now.
pub(super) fn local_time() -> LocalTime {
    let now = now();
    let (first, last) = (now - YEARS * 366 * DAY, now + YEARS * 366 * DAY);
    let mut changes = vec![(first, offset(first))];
    let mut before = (first, offset(first));
    let mut at = first;
    while at < last {
        at += STEP;
        let here = (at, offset(at));
        if here.1 != before.1 {
            changes.push((change(before.0, at), here.1));
        }
        before = here;
    }
    LocalTime::new(changes)
}

/// The second at which the offset changes between two moments.
fn change(mut before: i64, mut after: i64) -> i64 {
    let old = offset(before);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if offset(middle) == old { before = middle } else { after = middle }
    }
    after
}

#[expect(clippy::cast_possible_truncation, reason = "seconds, far below 2^53")]
fn now() -> i64 {
    (super::dom::now_ms() / 1_000.0) as i64
}

/// How many seconds local time is ahead of UTC at a moment.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "seconds below 2^53; offsets are less than a day"
)]
fn offset(unix: i64) -> i32 {
    // JavaScript counts minutes behind UTC; where a date is invalid, it gives NaN, which becomes 0.
    let behind = Date::new(&JsValue::from_f64(unix as f64 * 1_000.0)).get_timezone_offset();
    (-behind * 60.0) as i32
}
