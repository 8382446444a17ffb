//! What went wrong with the engine, in plain words, and as a report that holds nothing of the user's.

use super::words::{Word, w};
use sidecar_playground::view::Request;

/// What can happen to the engine's worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It does not start.
    Start,
    /// It ended in the middle of its work.
    Stop,
    /// There is not enough memory for it.
    Memory,
    /// It gave no sign of life for too long.
    Silence,
}

impl Fault {
    /// What an error of the browser means.
    pub(crate) fn of(message: &str) -> Self {
        let message = message.to_ascii_lowercase();
        if ["memory", "allocation"].iter().any(|word| message.contains(word)) { Self::Memory } else { Self::Stop }
    }
}

/// A failure of the engine.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    fault: Fault,
    /// See [`Failure::report`].
    report: String,
}

/// Most characters of the browser's own words that go into a report.
const WORDS: usize = 200;

impl Failure {
    /// `message` is the browser's, `units` the length of the text, `tasks` how many were to be done beside the question.
    pub(crate) fn new(fault: Fault, message: &str, units: u32, request: Option<&Request>, tasks: usize) -> Self {
        let link = gloo::utils::document().get_element_by_id("worker-module");
        let address = link.and_then(|link| link.get_attribute("href")).unwrap_or_default();
        let worker = address.rsplit('/').next().unwrap_or_default();
        let browser = gloo::utils::window().navigator().user_agent().unwrap_or_default();
        let message: String = message.chars().take(WORDS).collect();
        let (kind, release) = request.map_or(("", ""), |request| (request.kind.as_str(), request.k8s.as_str()));
        let report = [
            ("Sidecar Playground", env!("CARGO_PKG_VERSION").to_owned()),
            ("Program", worker.to_owned()),
            ("Failure", format!("{fault:?}")),
            ("Message", message),
            ("Length", units.to_string()),
            ("Picture", kind.to_owned()),
            ("Release", release.to_owned()),
            ("Tasks", tasks.to_string()),
            ("Browser", browser),
        ];
        let lines = report.into_iter().filter(|(_, value)| !value.is_empty());
        Self { fault, report: lines.map(|(name, value)| format!("{name}: {value}\n")).collect() }
    }

    /// What happened, and what becomes of the text.
    pub(crate) fn words(&self) -> [Word; 2] {
        match self.fault {
            Fault::Start => [w::ENGINE_NOT_STARTED, w::ENGINE_NOT_STARTED_KEPT],
            Fault::Stop => [w::ENGINE_STOPPED, w::ENGINE_KEPT],
            Fault::Memory => [w::ENGINE_NO_MEMORY, w::ENGINE_KEPT],
            Fault::Silence => [w::ENGINE_SILENT, w::ENGINE_KEPT],
        }
    }

    /// What the makers of this page need to know: nothing of the text, no address, no name.
    pub(crate) fn report(&self) -> &str {
        &self.report
    }
}
