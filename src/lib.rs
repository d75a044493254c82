//! VM Restore.
