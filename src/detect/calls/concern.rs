//! What a call is about, as far as names and ports tell.

use super::address::Words;

macro_rules! concerns {
    ($($(#[doc = $doc:literal])* $variant:ident $label:literal [$($port:literal)*] [$($word:literal)*];)*) => {
        /// What a call is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Concern {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Concern {
            /// The word for it.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// What words and a port tell; the order below decides where several fit.
            pub(super) fn of(words: &Words<'_>) -> Option<Self> {
                let by_port = match words.port {
                    $($(Some($port) => Some(Self::$variant),)*)*
                    _ => None,
                };
                let found = || {
                    $(if [$($word),*].iter().any(|word| words.have(word)) {
                        return Some(Self::$variant);
                    })*
                    None
                };
                found().or(by_port)
            }
        }
    };
}

concerns! {
    /// Someone is told that something is wrong.
    Alerts "alerts" [] ["alert" "pagerduty" "opsgenie"];
    /// Who someone is.
    Auth "authentication" [] ["auth" "oidc" "issuer" "jwks" "login" "keycloak" "sso" "ldap"];
    /// Log lines.
    Logs "logging" [9200 3100 24224 5044 514] ["log" "logging" "logstash" "elastic" "opensearch" "loki" "splunk" "graylog" "syslog" "fluent"];
    /// Traces.
    Traces "tracing" [4317 4318 9411 14268] ["otel" "otlp" "jaeger" "zipkin" "tempo" "trace"];
    /// Figures.
    Metrics "metrics" [8125 9091] ["metric" "statsd" "prometheus" "pushgateway" "influx" "graphite"];
    /// Secrets.
    Secrets "secrets" [8200] ["vault" "secret"];
    /// Configuration.
    Configuration "configuration" [8888 8500 2379] ["config" "consul" "etcd" "apollo" "nacos" "settings"];
    /// Answers that are kept.
    Cache "cache" [6379 11211] ["cache" "redis" "memcache" "valkey"];
    /// Messages that wait.
    Queue "messages" [5672 9092 4222] ["kafka" "amqp" "rabbit" "nats" "broker" "queue" "pulsar"];
    /// Data.
    Database "database" [5432 3306 27017 1433] ["db" "database" "postgres" "mysql" "maria" "mongo" "sql" "jdbc" "dsn"];
    /// Files and objects.
    Storage "storage" [] ["s3" "minio" "bucket" "blob" "backup"];
    /// Ways through the network.
    Network "network" [3128 8761] ["proxy" "gateway" "egress" "eureka" "discovery" "registry" "router"];
}

impl Concern {
    /// Whether the one who answers keeps what it is sent.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Logs | Self::Cache | Self::Queue | Self::Database | Self::Storage)
    }
}
