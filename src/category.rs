//! What a sidecar is for.

use serde::{Deserialize, Serialize};

macro_rules! categories {
    ($($(#[doc = $doc:literal])* $variant:ident $id:literal $label:literal;)*) => {
        /// What a sidecar does for the app beside it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Category {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Category {
            /// All categories, in the order in which near cases are decided.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The id, as in reports: `log-shipper`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// The words for it: `log shipper`.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// One sentence about it.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

categories! {
    /// Takes over the traffic of the Pod as part of a service mesh: encryption between Pods, routing, telemetry.
    MeshProxy "mesh-proxy" "mesh proxy";
    /// Terminates TLS for the app, or supplies its certificates.
    Tls "tls" "TLS";
    /// Lets only callers through that it has authenticated or that are allowed to call.
    AuthProxy "auth-proxy" "auth proxy";
    /// Gives the app a local address for a managed database.
    DbProxy "db-proxy" "database proxy";
    /// Stands between the app and the outside on its behalf: tunnels, VPNs, routing proxies.
    Ambassador "ambassador" "ambassador";
    /// Translates what the app speaks into what the outside expects.
    Adapter "adapter" "adapter";
    /// Forwards or streams the log files that the app writes.
    LogShipper "log-shipper" "log shipper";
    /// Offers or sends figures about the app to a monitoring system.
    Metrics "metrics" "metrics";
    /// Collects traces of the app.
    Tracing "tracing" "tracing";
    /// Fetches content for the app and keeps it up to date.
    DataSync "data-sync" "data sync";
    /// Copies configuration to the app, or makes it reload when that changes.
    ConfigReload "config-reload" "config reload";
    /// Fetches secrets or credentials for the app and renews them.
    SecretsAgent "secrets-agent" "secrets agent";
    /// Keeps answers close to the app.
    Cache "cache" "cache";
    /// Saves the data of the app.
    Backup "backup" "backup";
    /// Is there to look into the Pod.
    Debug "debug" "debugging";
    /// Helps in a way that fits no other category.
    Other "other" "helper";
}

impl Category {
    /// The category of an id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|category| category.id() == id)
    }
}
