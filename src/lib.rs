//! The engine of the Sidecar Playground.
