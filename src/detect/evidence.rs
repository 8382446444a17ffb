//! What speaks for and against a verdict.

use crate::category::Category;
use crate::source::Place;
use serde::{Deserialize, Serialize};

/// What a container is in its Pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What the Pod exists for.
    App,
    /// A further container that is an app of its own or a co-equal part of the same product.
    Peer,
    /// A regular container that helps another one and would be pointless alone: the traditional form.
    Sidecar,
    /// An entry of `initContainers` with `restartPolicy: Always`.
    NativeSidecar,
    /// Runs once, before the app.
    Init,
    /// Added to a running Pod for debugging.
    Ephemeral,
}

impl Role {
    /// All roles.
    pub const ALL: &[Self] = &[Self::App, Self::Peer, Self::Sidecar, Self::NativeSidecar, Self::Init, Self::Ephemeral];

    /// The id, as in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Peer => "peer",
            Self::Sidecar => "sidecar",
            Self::NativeSidecar => "native-sidecar",
            Self::Init => "init",
            Self::Ephemeral => "ephemeral",
        }
    }

    /// The words for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Peer => "peer app",
            Self::Sidecar => "sidecar",
            Self::NativeSidecar => "native sidecar",
            Self::Init => "init container",
            Self::Ephemeral => "ephemeral container",
        }
    }

    /// One sentence about it.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::App => "The container that the Pod exists for.",
            Self::Peer => "Another app in the same Pod, not a helper of the first one.",
            Self::Sidecar => {
                "A regular container that helps the app. Kubernetes starts and stops it together with the app and does \
                 not know that it is a helper."
            }
            Self::NativeSidecar => {
                "A helper that Kubernetes knows as one: it starts before the app, is restarted whenever it exits, and \
                 is stopped after the app."
            }
            Self::Init => "Runs to its end before the app starts.",
            Self::Ephemeral => "Was added to a running Pod for debugging; it is not part of the Pod template.",
        }
    }

    /// Whether this is a helper that runs beside the app.
    #[must_use]
    pub fn is_sidecar(self) -> bool {
        matches!(self, Self::Sidecar | Self::NativeSidecar)
    }
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Little speaks for it; another answer is quite possible.
    #[default]
    Guess,
    /// More speaks for it than against it.
    Likely,
    /// Syntax or a well-known image decides.
    Certain,
}

impl Confidence {
    /// The id, as in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Guess => "guess",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}

/// Where a piece of evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The list that holds the container, and its `restartPolicy`.
    Syntax,
    /// The image.
    Image,
    /// The name of the container.
    Name,
    /// The name of the workload or of its labels.
    WorkloadName,
    /// What it runs: command and arguments.
    Command,
    /// Ports.
    Ports,
    /// Environment variables.
    Env,
    /// Volumes that it mounts.
    Mounts,
    /// Annotations and labels of the Pod.
    Annotations,
    /// Comments in the text.
    Comment,
    /// Services and other objects that refer to it.
    References,
    /// Addresses and sockets of other containers that it names.
    Connections,
    /// The other containers beside it.
    Neighbours,
}

/// One reason for or against a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Where it comes from.
    pub kind: EvidenceKind,
    /// Above zero: speaks for a helper. Below zero: speaks for an app. Zero: tells only the category.
    pub points: i16,
    /// The category it speaks for, and how strongly.
    pub category: Option<(Category, u8)>,
    /// The reason, as the end of a sentence that starts with the container: `image istio/proxyv2 is Istio's proxy`.
    pub text: String,
    /// Where it stands in the text.
    #[serde(skip)]
    pub place: Option<Place>,
    /// Whether it was left out on request.
    pub is_ignored: bool,
}

/// What a container is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its role.
    pub role: Role,
    /// What it is for, when it is a sidecar.
    pub category: Option<Category>,
    /// How sure that is.
    pub confidence: Confidence,
    /// The reasons, strongest first.
    pub evidence: Vec<Evidence>,
    /// Id of its catalogue entry, when it is a known helper.
    pub known_as: Option<&'static str>,
}
