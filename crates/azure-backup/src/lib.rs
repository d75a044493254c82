//! Sans-IO client.
