//! The XML stream between this client and its server.

pub mod sasl;
