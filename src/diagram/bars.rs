//! Amounts as bars, before anything has a place.

use super::Target;
use crate::detect::Role;

/// A picture of what is reserved.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// Heading.
    pub title: String,
    /// The picture in one or two sentences.
    pub summary: String,
    /// One for each resource.
    pub charts: Vec<Chart>,
    /// More to know, as sentences.
    pub notes: Vec<String>,
}

/// The bars of one resource.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What is counted: `CPU`.
    pub title: String,
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// What is reserved all the time: the amount, and how it is written.
    pub reserved: (f64, String),
}

/// A stage.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name.
    pub title: String,
    /// What is asked for in all, as it is written.
    pub total: String,
    /// Who asks for how much, from left to right.
    pub parts: Vec<Share>,
}

/// A part of a bar.
#[derive(Clone, Debug)]
pub struct Share {
    /// Who.
    pub title: String,
    /// Its role.
    pub role: Option<Role>,
    /// How much.
    pub amount: f64,
    /// How that is written.
    pub text: String,
    /// What it stands for.
    pub target: Option<Target>,
}
