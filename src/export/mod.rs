//! The analysis as text for people and programs.

#[cfg(feature = "cli")]
pub mod containers;
#[cfg(feature = "cli")]
pub mod json;
pub mod markdown;
pub mod mermaid;
mod plain;
pub mod report;
pub mod review;
#[cfg(any(feature = "cli", feature = "worker"))]
pub mod sarif;
