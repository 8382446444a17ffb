//! Pictures of a workload: model → graph → writers.
//!
//! A *kind* (one file in `kinds/`) builds a [`Graph`] or a [`Sequence`]. Writers turn that into SVG, Mermaid text or a
//! nested outline; since all three start from the same graph, they cannot tell different things. Spec order is kept
//! from top to bottom, because order is the lesson.

mod graph;
pub mod kinds;
mod layout;
mod mermaid;
mod outline;
mod scene;
mod sequence;
mod svg;
mod text;

pub use graph::{Edge, EdgeKind, Graph, Group, GroupKind, Node, NodeKind, Target};
pub use outline::Outline;
pub use sequence::{Arrow, Participant, Sequence, Step};
pub use svg::{SvgOptions, themes};

/// A picture before it is drawn.
#[derive(Clone, Debug)]
pub enum Diagram {
    /// Boxes and arrows.
    Graph(Graph),
    /// Lifelines and messages.
    Sequence(Sequence),
}

impl Diagram {
    /// The heading.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Graph(graph) => &graph.title,
            Self::Sequence(sequence) => &sequence.title,
        }
    }

    /// The picture in one or two sentences.
    #[must_use]
    pub fn summary(&self) -> &str {
        match self {
            Self::Graph(graph) => &graph.summary,
            Self::Sequence(sequence) => &sequence.summary,
        }
    }

    /// What its parts stand for, in reading order.
    #[must_use]
    pub fn targets(&self) -> Vec<Target> {
        match self {
            Self::Graph(graph) => graph.nodes.iter().filter_map(|node| node.target).collect(),
            Self::Sequence(sequence) => {
                sequence.participants.iter().filter_map(|participant| participant.target).collect()
            }
        }
    }

    /// As SVG.
    #[must_use]
    pub fn svg(&self, options: &SvgOptions) -> String {
        let scene = match self {
            Self::Graph(graph) => layout::columns(graph),
            Self::Sequence(sequence) => layout::lifelines(sequence),
        };
        svg::write(&scene, options)
    }

    /// As Mermaid text.
    #[must_use]
    pub fn mermaid(&self) -> String {
        match self {
            Self::Graph(graph) => mermaid::flowchart(graph),
            Self::Sequence(sequence) => mermaid::sequence(sequence),
        }
    }

    /// As a nested list of sentences.
    #[must_use]
    pub fn outline(&self) -> Outline {
        match self {
            Self::Graph(graph) => outline::of_graph(graph),
            Self::Sequence(sequence) => outline::of_sequence(sequence),
        }
    }
}
