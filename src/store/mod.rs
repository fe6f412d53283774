//! Where state lives, once.

pub mod cache;
mod contacts;

pub use contacts::{Contact, Contacts};
