//! Pictures of a workload: model → graph → writers.
//!
//! A *kind* (one file in `kinds/`) builds a [`Graph`] or a [`Sequence`]. Writers turn that into SVG, Mermaid text or a
//! nested outline; since all three start from the same graph, they cannot tell different things. Spec order is kept
//! from top to bottom, because order is the lesson.

mod bars;
mod graph;
pub mod kinds;
mod layout;
mod mermaid;
mod outline;
mod scene;
mod sequence;
mod svg;
mod text;
mod timeline;

pub use bars::{Bars, Chart, Row, Share};
pub use graph::{Edge, EdgeKind, Graph, Group, GroupKind, Node, NodeKind, Target};
pub use layout::{Axis, Stretch};
pub use outline::Outline;
pub use sequence::{Arrow, Participant, Sequence, Step};
pub use svg::{SvgOptions, themes};
pub use timeline::{Lane, Mark, Timeline};

/// A picture before it is drawn.
#[derive(Clone, Debug)]
pub enum Diagram {
    /// Boxes and arrows.
    Graph(Graph),
    /// Boxes and arrows, of a whole text.
    Map(Graph),
    /// Lifelines and messages.
    Sequence(Sequence),
    /// Lanes over time.
    Timeline(Timeline),
    /// Amounts.
    Bars(Bars),
}

impl Diagram {
    /// The heading.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Graph(graph) | Self::Map(graph) => &graph.title,
            Self::Sequence(sequence) => &sequence.title,
            Self::Timeline(timeline) => &timeline.title,
            Self::Bars(bars) => &bars.title,
        }
    }

    /// The picture in one or two sentences.
    #[must_use]
    pub fn summary(&self) -> &str {
        match self {
            Self::Graph(graph) | Self::Map(graph) => &graph.summary,
            Self::Sequence(sequence) => &sequence.summary,
            Self::Timeline(timeline) => &timeline.summary,
            Self::Bars(bars) => &bars.summary,
        }
    }

    /// What its parts stand for, in reading order.
    #[must_use]
    pub fn targets(&self) -> Vec<Target> {
        match self {
            Self::Graph(graph) | Self::Map(graph) => {
                let groups = graph.groups.iter().filter_map(|group| group.target);
                groups.chain(graph.nodes.iter().filter_map(|node| node.target)).collect()
            }
            Self::Sequence(sequence) => {
                sequence.participants.iter().filter_map(|participant| participant.target).collect()
            }
            Self::Timeline(timeline) => timeline.lanes.iter().filter_map(|lane| lane.target).collect(),
            Self::Bars(bars) => {
                let parts = bars.charts.iter().flat_map(|chart| &chart.rows).flat_map(|row| &row.parts);
                parts.filter_map(|part| part.target).collect()
            }
        }
    }

    /// As SVG.
    #[must_use]
    pub fn svg(&self, options: &SvgOptions) -> String {
        let scene = match self {
            Self::Graph(graph) => return graph.svg(options),
            Self::Map(graph) => layout::map(graph),
            Self::Sequence(sequence) => layout::lifelines(sequence),
            // A page tells what was assumed in words of its own.
            Self::Timeline(timeline) => layout::timeline(timeline, !options.is_interactive).0,
            Self::Bars(bars) => layout::bars(bars),
        };
        svg::write(&scene, options)
    }

    /// Its time axis, when it has one.
    #[must_use]
    pub fn axis(&self) -> Option<Axis> {
        match self {
            Self::Timeline(timeline) => Some(layout::timeline(timeline, false).1),
            Self::Graph(_) | Self::Map(_) | Self::Sequence(_) | Self::Bars(_) => None,
        }
    }

    /// As Mermaid text.
    #[must_use]
    pub fn mermaid(&self) -> String {
        match self {
            Self::Graph(graph) => mermaid::flowchart(graph, "TB"),
            Self::Map(graph) => mermaid::flowchart(graph, "LR"),
            Self::Sequence(sequence) => mermaid::sequence(sequence),
            Self::Timeline(timeline) => mermaid::gantt(timeline),
            Self::Bars(bars) => mermaid::stages(bars),
        }
    }

    /// As a nested list of sentences.
    #[must_use]
    pub fn outline(&self) -> Outline {
        match self {
            Self::Graph(graph) | Self::Map(graph) => graph.outline(),
            Self::Sequence(sequence) => outline::of_sequence(sequence),
            Self::Timeline(timeline) => outline::of_timeline(timeline),
            Self::Bars(bars) => outline::of_bars(bars),
        }
    }
}

// Of its own, for a program that draws nothing else.
impl Graph {
    /// [`Diagram::svg`] of a graph.
    pub(crate) fn svg(&self, options: &SvgOptions) -> String {
        svg::write(&layout::columns(self), options)
    }

    /// [`Diagram::outline`] of a graph.
    pub(crate) fn outline(&self) -> Outline {
        outline::of_graph(self)
    }
}
