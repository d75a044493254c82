//! What Azure Backup adds: vaults, protected items, recovery points, restore requests, jobs; and what is done with restored disks.

pub mod cross_region;
pub mod file_recovery;
pub mod fleet;
pub mod item;
pub mod job;
pub mod job_tracker;
pub mod lookups;
pub mod machine;
pub mod recovery_point;
pub mod restore_request;
pub mod threat;
pub mod tiering_cost;
pub mod undelete;
pub mod validate;
pub mod vault;

use crate::arm::{
    call::ApiVersion,
    id::{ArmId, percent_encoded},
};

/// The path `{id}/{segments}?api-version=…`, percent-encoded.
pub(crate) fn child_url(id: &ArmId, segments: &[&str], version: &ApiVersion) -> String {
    let mut path = id.path();
    for segment in segments {
        path.push('/');
        path.push_str(&percent_encoded(segment));
    }
    format!("{path}?api-version={version}")
}

/// The path with a `$filter`, where there is one.
pub(crate) fn filtered(path: String, filter: &str) -> String {
    if filter.is_empty() { path } else { format!("{path}&$filter={}", percent_encoded(filter)) }
}

/// A time in UTC as the filters of Azure Backup take it: `2024-05-01 12:00:00 AM`.
pub(crate) fn filter_time(time: ::time::OffsetDateTime) -> String {
    let time = time.checked_to_offset(::time::UtcOffset::UTC).unwrap_or(time);
    let (hour, half) = (time.hour() % 12, if time.hour() < 12 { "AM" } else { "PM" });
    let hour = if hour == 0 { 12 } else { hour };
    format!(
        "{:04}-{:02}-{:02} {hour:02}:{:02}:{:02} {half}",
        time.year(),
        u8::from(time.month()),
        time.day(),
        time.minute(),
        time.second()
    )
}

#[cfg(test)]
mod decoding;

#[cfg(test)]
mod tests {
    use ::time::{Duration, OffsetDateTime};

    #[test]
    fn a_filter_has_times_with_twelve_hours() {
        let noon = OffsetDateTime::from_unix_timestamp(1_700_049_600).unwrap();
        for (hours, written) in [
            (-24, "2023-11-14 12:00:00 PM"),
            (-12, "2023-11-15 12:00:00 AM"),
            (-11, "2023-11-15 01:00:00 AM"),
            (1, "2023-11-15 01:00:00 PM"),
        ] {
            assert_eq!(super::filter_time(noon + Duration::hours(hours)), written);
        }
    }
}
