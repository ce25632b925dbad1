//! masters
