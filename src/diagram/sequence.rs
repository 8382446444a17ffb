//! Lifelines and messages, before anything has a place.

use super::Target;
use crate::detect::Role;

/// A picture of what happens in which order.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    /// Heading.
    pub title: String,
    /// The picture in one or two sentences.
    pub summary: String,
    /// From left to right.
    pub participants: Vec<Participant>,
    /// From top to bottom.
    pub steps: Vec<Step>,
}

/// A lifeline.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Its name.
    pub title: String,
    /// What it is, in words.
    pub subtitle: String,
    /// Its role; none for the kubelet.
    pub role: Option<Role>,
    /// What it stands for.
    pub target: Option<Target>,
}

/// How a message is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrow {
    /// A request.
    Solid,
    /// An answer.
    Dotted,
}

/// Something that happens. Participants are indices.
#[derive(Clone, Debug)]
pub enum Step {
    /// One tells another something.
    Message {
        /// Who.
        from: usize,
        /// Whom; the same for a message to itself.
        to: usize,
        /// What.
        text: String,
        /// How it is drawn.
        arrow: Arrow,
    },
    /// A remark beside or across lifelines.
    Note {
        /// Leftmost lifeline.
        from: usize,
        /// Rightmost lifeline.
        to: usize,
        /// The remark.
        text: String,
    },
    /// Steps that do not wait for each other.
    Parallel {
        /// What they have in common.
        label: String,
        /// The steps.
        steps: Vec<Self>,
    },
}
