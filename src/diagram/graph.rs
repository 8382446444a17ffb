//! Boxes and arrows, before anything has a place.

use crate::detect::Role;
use crate::source::Place;

/// What a part of a picture stands for in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// Index of the container in its Pod, when the part is one.
    pub container: Option<usize>,
    /// The lines to show when it is clicked.
    pub place: Place,
}

/// A picture of boxes and arrows.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Heading.
    pub title: String,
    /// The picture in one or two sentences.
    pub summary: String,
    /// Boxes around nodes; the first one is the outermost.
    pub groups: Vec<Group>,
    /// In reading order.
    pub nodes: Vec<Node>,
    /// In reading order.
    pub edges: Vec<Edge>,
}

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// A Pod, or a Compose project.
    Pod,
    /// Containers that start one after another.
    InitLane,
    /// Containers that start together.
    RegularLane,
    /// Containers that were added later.
    EphemeralLane,
    /// A namespace, or a Compose project, around its workloads.
    Namespace,
    /// A workload among others.
    Card,
}

/// A titled box around nodes.
#[derive(Clone, Debug)]
pub struct Group {
    /// Unique in its graph: letters and digits.
    pub id: String,
    /// What it is.
    pub kind: GroupKind,
    /// Its title.
    pub title: String,
    /// What is special about it, after the title.
    pub note: String,
    /// Index of the group around it.
    pub parent: Option<usize>,
    /// What it stands for.
    pub target: Option<Target>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NodeKind {
    /// A container, by its role in this picture.
    Container(Role),
    /// A volume that lives and dies with the Pod.
    #[default]
    Volume,
    /// A volume whose data outlives the Pod.
    Storage,
    /// A Service that sends traffic to the Pod.
    Service,
    /// What routes traffic to a Service.
    Route,
    /// Another workload.
    Workload,
    /// What answers outside of the text.
    Outside,
    /// The same, when it keeps what it is sent.
    Store,
}

/// A box.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Unique in its graph: letters and digits.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// Index of the group that holds it.
    pub group: Option<usize>,
    /// Its name.
    pub title: String,
    /// What it is, in words: `native sidecar · log shipper`.
    pub subtitle: String,
    /// Small print: image, ports.
    pub details: Vec<String>,
    /// What a reader should notice about it, such as that it stands elsewhere in the manifest.
    pub remark: Option<String>,
    /// What it stands for.
    pub target: Option<Target>,
    /// Whether the manifest does not show it, because something adds it later.
    pub is_added: bool,
}

/// What an arrow means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    /// The second starts after the first.
    Then,
    /// Both start together.
    Parallel,
    /// Data goes from container to volume.
    Writes,
    /// Data goes from volume to container.
    Reads,
    /// Data goes either way.
    Shares,
    /// Traffic from outside the Pod.
    Traffic,
    /// A connection between containers.
    Talks,
    /// A mesh proxy hands on all traffic of a container, in and out.
    Hands,
    /// A connection out of the Pod.
    Calls,
    /// The same, to get something from there.
    Fetches,
    /// The same, between two mesh proxies with mutual TLS.
    Encrypted,
    /// The same, but the other side lets nobody in who does not use mutual TLS.
    Refused,
    /// The first waits for the second (Compose `depends_on`).
    DependsOn,
}

/// An arrow between two nodes.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Index of the node it leaves.
    pub from: usize,
    /// Index of the node it reaches.
    pub to: usize,
    /// What it means.
    pub kind: EdgeKind,
    /// What it says.
    pub label: String,
    /// Small print: the path of a mount.
    pub detail: String,
}

impl EdgeKind {
    /// Whether it is about a volume.
    #[must_use]
    pub fn is_mount(self) -> bool {
        matches!(self, Self::Reads | Self::Writes | Self::Shares)
    }

    /// Whether it leads out of the Pod.
    #[must_use]
    pub fn is_outbound(self) -> bool {
        matches!(self, Self::Calls | Self::Fetches | Self::Encrypted | Self::Refused)
    }
}

impl Graph {
    /// Adds a group and gives its index.
    pub fn group(&mut self, id: &str, kind: GroupKind, title: String, note: &str, parent: Option<usize>) -> usize {
        self.groups.push(Group { id: id.to_owned(), kind, title, note: note.to_owned(), parent, target: None });
        self.groups.len() - 1
    }

    /// Adds a node and gives its index.
    pub fn node(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds an edge.
    pub fn edge(&mut self, from: usize, to: usize, kind: EdgeKind, label: &str, detail: &str) {
        self.edges.push(Edge { from, to, kind, label: label.to_owned(), detail: detail.to_owned() });
    }

    /// The nodes of a group, with their index, in order.
    pub fn in_group(&self, group: usize) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.group == Some(group))
    }
}
