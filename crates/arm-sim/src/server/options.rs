//! The options of the server.

use crate::{Progress, Role, TenantSize};

/// Which response headers a page of another origin may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expose {
    /// All that there are.
    All,
    /// Only those that every page may read.
    None,
    /// The given ones, separated by commas.
    List(String),
}

/// The options of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Loopback port; 0 for a free one.
    pub port: u16,
    /// Which response headers a page may read.
    pub expose: Expose,
    /// The world's seed.
    pub seed: u64,
    /// How fast operations and jobs progress.
    pub progress: Progress,
    /// Seconds of every `Retry-After`, instead of Azure's.
    pub retry_after: Option<u32>,
    /// Calls per hour and action before 429.
    pub hourly_limit: Option<u32>,
    /// The region in which Azure Backup answers 503.
    pub region_down: Option<String>,
    /// How large the tenant is.
    pub tenant: TenantSize,
    /// The vaults that the caller may not read.
    pub hidden_vaults: Vec<String>,
    /// Whether Resource Graph refuses every query.
    pub graph_denied: bool,
    /// Whether access details of a cross-region restore have to come back byte for byte.
    pub exact_access_details: bool,
    /// The role of the caller.
    pub role: Role,
    /// How many vCPUs new machines may have in each region.
    pub free_vcpus: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            expose: Expose::All,
            seed: 1,
            progress: Progress::Timetable,
            retry_after: None,
            hourly_limit: None,
            region_down: None,
            tenant: TenantSize::default(),
            hidden_vaults: Vec::new(),
            graph_denied: false,
            exact_access_details: false,
            role: Role::default(),
            free_vcpus: None,
        }
    }
}

impl Options {
    /// Reads command-line arguments.
    ///
    /// # Errors
    ///
    /// A sentence about what is wrong with them.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            let bad = || format!("{name} cannot be '{value}'");
            match name.as_str() {
                "--port" => options.port = value.parse().map_err(|_| bad())?,
                "--expose" => options.expose = Expose::parse(&value),
                "--seed" => options.seed = value.parse().map_err(|_| bad())?,
                "--progress" => options.progress = progress(&value).ok_or_else(bad)?,
                "--retry-after" => options.retry_after = Some(value.parse().map_err(|_| bad())?),
                "--hourly-limit" => options.hourly_limit = Some(value.parse().map_err(|_| bad())?),
                "--access-details" => {
                    options.exact_access_details = match value.as_str() {
                        "exact" => true,
                        "values" => false,
                        _ => return Err(bad()),
                    };
                }
                "--tenant" => options.tenant = tenant(&value).ok_or_else(bad)?,
                "--hide-vaults" => options.hidden_vaults = value.split(',').map(str::to_owned).collect(),
                "--graph" => {
                    options.graph_denied = match value.as_str() {
                        "answers" => false,
                        "denied" => true,
                        _ => return Err(bad()),
                    };
                }
                "--role" => options.role = Role::parse(&value).ok_or_else(bad)?,
                "--free-vcpus" => options.free_vcpus = Some(value.parse().map_err(|_| bad())?),
                "--region-down" => options.region_down = Some(value),
                _ => {
                    let known = "--port N, --expose all|none|A,B, --seed N, --progress at-once|timetable|per-read:N, --retry-after S, --hourly-limit N, --region-down REGION, --access-details values|exact, --tenant small|demo|large, --hide-vaults A,B, --graph answers|denied, --role owner|backup-operator|reader|contributor|eligible|group-reader, --free-vcpus N";
                    return Err(format!("{name} is not known; known are {known}"));
                }
            }
        }
        Ok(options)
    }
}

impl Expose {
    fn parse(text: &str) -> Self {
        match text {
            "all" => Self::All,
            "none" => Self::None,
            list => Self::List(list.to_owned()),
        }
    }
}

/// Reads `small`, `demo` or `large`.
fn tenant(text: &str) -> Option<TenantSize> {
    match text {
        "small" => Some(TenantSize::Small),
        "demo" => Some(TenantSize::Demo),
        "large" => Some(TenantSize::Large),
        _ => None,
    }
}

/// Reads `at-once`, `timetable` or `per-read:N`.
pub(super) fn progress(text: &str) -> Option<Progress> {
    match text {
        "at-once" => Some(Progress::AtOnce),
        "timetable" => Some(Progress::Timetable),
        other => other.strip_prefix("per-read:")?.parse().ok().map(Progress::PerRead),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expose, Options};
    use crate::Progress;

    #[test]
    fn reads_arguments() {
        let args = "--port 8080 --expose Location,Retry-After --seed 9 --progress per-read:4 --retry-after 1 --region-down westeurope --access-details exact --tenant large --hide-vaults a,b --graph denied --role backup-operator --free-vcpus 8";
        let options = Options::parse(args.split(' ').map(str::to_owned)).unwrap();
        assert_eq!((options.port, options.seed, options.progress), (8080, 9, Progress::PerRead(4)));
        assert_eq!(options.region_down.as_deref(), Some("westeurope"));
        assert!(options.exact_access_details && options.graph_denied);
        assert_eq!((options.role, options.free_vcpus), (crate::Role::BackupOperator, Some(8)));
        assert_eq!((options.tenant, options.hidden_vaults.len()), (crate::TenantSize::Large, 2));
        assert_eq!(options.expose, Expose::List("Location,Retry-After".to_owned()));
        for bad in [
            "--port x",
            "--port",
            "--colour red",
            "--progress slow",
            "--access-details some",
            "--tenant huge",
            "--graph off",
            "--role king",
            "--free-vcpus few",
        ] {
            assert!(Options::parse(bad.split(' ').map(str::to_owned)).is_err(), "{bad}");
        }
    }
}
