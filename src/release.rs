//! Releases of Kubernetes, and what each of them can do with a sidecar.
//!
//! Sources: `pkg/features/kube_features.go` of each release, and the code that a feature without a gate changed.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A minor release of Kubernetes, such as 1.33.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Release(u8);

impl Release {
    /// The first release with the field that makes a native sidecar is 1.28; this is the one before.
    pub const OLDEST: Self = Self(27);
    /// The release that everything here was checked against.
    pub const NEWEST: Self = Self(36);

    /// The release `1.minor`, when it is one that we know.
    #[must_use]
    pub const fn new(minor: u8) -> Option<Self> {
        if minor < Self::OLDEST.0 || minor > Self::NEWEST.0 { None } else { Some(Self(minor)) }
    }

    /// All releases, the oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Self> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Self)
    }

    /// The number behind the dot.
    #[must_use]
    pub fn minor(self) -> u8 {
        self.0
    }

    /// Reads `1.33`, `v1.33`, `1.33.4` or `33`.
    ///
    /// ```
    /// use sidecar_playground::release::Release;
    /// assert_eq!(Release::parse("v1.33.13"), Release::new(33));
    /// assert_eq!(Release::parse("2.0"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let mut numbers = text.split('.');
        let first = numbers.next()?;
        let minor = match numbers.next() {
            Some(minor) if first == "1" => minor,
            Some(_) => return None,
            None => first,
        };
        Self::new(minor.parse().ok()?)
    }
}

impl Default for Release {
    fn default() -> Self {
        Self::NEWEST
    }
}

impl fmt::Display for Release {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "1.{}", self.0)
    }
}

/// In which release a feature came.
struct Since {
    /// The first release whose API types know its fields; for a behaviour without fields, the first that can do it.
    known: u8,
    /// The first release that has it switched on; none if all need the gate to be set.
    on: Option<u8>,
    /// The first release that cannot switch it off.
    locked: Option<u8>,
}

macro_rules! features {
    ($($(#[doc = $doc:literal])* $variant:ident $gate:literal known $known:literal on $on:tt locked $locked:tt;)*) => {
        /// Something that not every release can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Feature {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Feature {
            /// All features.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name of its feature gate; empty when there is none to switch.
            #[must_use]
            pub fn gate(self) -> &'static str {
                match self { $(Self::$variant => $gate,)* }
            }

            /// What it does, in one sentence.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii(),)* }
            }

            fn since(self) -> Since {
                match self {
                    $(Self::$variant => Since { known: $known, on: features!(@$on), locked: features!(@$locked) },)*
                }
            }
        }
    };
    (@never) => { None };
    (@$number:literal) => { Some($number) };
}

features! {
    /// An init container with `restartPolicy: Always` is a native sidecar.
    SidecarContainers "SidecarContainers" known 28 on 29 locked 33;
    /// When a Pod stops, native sidecars stop after the regular containers, the last one first.
    TerminationOrdering "" known 29 on 29 locked 29;
    /// A native sidecar whose image changes is restarted.
    SidecarRestartOnImageChange "" known 32 on 32 locked 32;
    /// A native sidecar is never a likelier victim of the OOM killer than the smallest regular container.
    SidecarOomAdjustment "" known 32 on 32 locked 32;
    /// A Service finds the named port of a native sidecar.
    SidecarNamedTargetPort "" known 33 on 33 locked 33;
    /// The scheduler counts the host ports of native sidecars.
    SidecarHostPorts "" known 33 on 33 locked 33;
    /// A Pod that initializes once more, after a reboot, is Pending meanwhile.
    PendingWhileReinitializing "" known 33 on 33 locked 33;
    /// Containers have a `restartPolicy` of their own, and rules by exit code.
    ContainerRestartRules "ContainerRestartRules" known 34 on 35 locked never;
    /// The rule action `RestartAllContainers` resets the whole Pod in place.
    RestartAllContainers "RestartAllContainersOnContainerExits" known 35 on 36 locked never;
    /// `spec.resources` sets requests and limits for the Pod as a whole.
    PodLevelResources "PodLevelResources" known 32 on 34 locked never;
    /// The hook action `sleep`.
    SleepAction "PodLifecycleSleepAction" known 29 on 30 locked 34;
    /// The hook action `sleep` may last zero seconds.
    SleepActionAllowZero "PodLifecycleSleepActionAllowZero" known 32 on 33 locked 34;
    /// `lifecycle.stopSignal` chooses the signal that stops a container.
    ContainerStopSignals "ContainerStopSignals" known 33 on never locked never;
    /// CPU and memory of a running container can be changed.
    InPlaceResize "InPlacePodVerticalScaling" known 27 on 33 locked 35;
    /// CPU and memory of a plain init container can be changed too.
    InPlaceResizeOfInitContainers "InPlacePodVerticalScalingInitContainers" known 36 on 36 locked never;
    /// Pod-level CPU and memory of a running Pod can be changed.
    InPlacePodLevelResize "InPlacePodLevelResourcesVerticalScaling" known 35 on 36 locked never;
}

/// A cluster: its release, and feature gates that are not at their default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// Release of the API server and of all nodes.
    pub release: Release,
    /// Gates that were set by hand.
    pub gates: Vec<(Feature, bool)>,
}

impl Cluster {
    /// A cluster with the gates as they come.
    #[must_use]
    pub fn new(release: Release) -> Self {
        Self { release, gates: Vec::new() }
    }

    /// Whether the API types of this release have the fields of a feature at all.
    #[must_use]
    pub fn knows(&self, feature: Feature) -> bool {
        self.release.0 >= feature.since().known
    }

    /// Whether a feature is switched on.
    #[must_use]
    pub fn has(&self, feature: Feature) -> bool {
        let since = feature.since();
        let reached = |minor: Option<u8>| minor.is_some_and(|minor| self.release.0 >= minor);
        if !self.knows(feature) || reached(since.locked) {
            return self.knows(feature);
        }
        let set = self.gates.iter().rev().find(|(of, _)| *of == feature);
        set.map_or_else(|| reached(since.on), |(_, on)| *on)
    }

    /// Sets gates as they are given to Kubernetes: `SidecarContainers=false,PodLevelResources=true`. Names that we do
    /// not know are left out.
    ///
    /// ```
    /// use sidecar_playground::release::{Cluster, Feature, Release};
    /// let mut cluster = Cluster::new(Release::NEWEST);
    /// cluster.set_gates("ContainerRestartRules=false");
    /// assert!(!cluster.has(Feature::ContainerRestartRules));
    /// ```
    pub fn set_gates(&mut self, text: &str) {
        for part in text.split(',') {
            let Some((name, value)) = part.split_once('=') else { continue };
            let feature = Feature::ALL.iter().find(|feature| feature.gate() == name.trim() && !name.trim().is_empty());
            if let (Some(feature), Ok(on)) = (feature, value.trim().parse()) {
                self.gates.push((*feature, on));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cluster, Feature, Release};

    fn has(minor: u8, feature: Feature) -> bool {
        Cluster::new(Release::new(minor).unwrap()).has(feature)
    }

    #[test]
    fn features_come_with_their_release() {
        assert!(!has(28, Feature::SidecarContainers), "1.28 has it as alpha, switched off");
        assert!(has(29, Feature::SidecarContainers));
        assert!(!has(34, Feature::ContainerRestartRules) && has(35, Feature::ContainerRestartRules));
        assert!(!has(36, Feature::ContainerStopSignals), "alpha to this day");
    }

    #[test]
    fn gates_can_be_set_until_they_are_locked_and_not_before_they_exist() {
        let with = |minor, gates: &str| {
            let mut cluster = Cluster::new(Release::new(minor).unwrap());
            cluster.set_gates(gates);
            cluster.has(Feature::SidecarContainers)
        };
        assert!(!with(27, "SidecarContainers=true"));
        assert!(with(28, "SidecarContainers=true"));
        assert!(!with(32, "SidecarContainers=false"));
        assert!(with(33, "SidecarContainers=false"), "locked since 1.33");
    }

    #[test]
    fn every_release_can_be_written_and_read() {
        for release in Release::all() {
            assert_eq!(Release::parse(&release.to_string()), Some(release));
        }
        assert_eq!(Release::parse("1.26"), None);
        assert_eq!(Release::parse(""), None);
    }
}
