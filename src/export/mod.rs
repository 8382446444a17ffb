//! The analysis as text for people and programs.

pub mod containers;
pub mod json;
pub mod mermaid;
pub mod report;
