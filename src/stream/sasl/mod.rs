//! Logging in (RFC 4422, RFC 6120 §6).

pub mod base64;
