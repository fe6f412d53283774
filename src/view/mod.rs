//! What is to be seen: plain data that elements show as it is. Which, in which order, and how much of it is decided here.

pub mod boxes;
pub mod commands;
pub mod conversation;
pub mod fragment;
pub mod names;
pub mod notice;
pub mod occupants;
pub mod roster;
mod text;
