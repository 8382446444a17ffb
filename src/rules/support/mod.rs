//! What rules share: the parts of a Pod under the names that rules use, command lines, and how findings are hidden.

pub(super) mod amounts;
pub(super) mod case;
pub(super) mod compose;
pub(super) mod endless;
pub(super) mod hiding;
pub(super) mod images;
pub(super) mod ports;
pub(super) mod server;
pub(super) mod shell;

pub(super) use case::{Case, Member, is_finite_job, is_injected, named};
pub(super) use server::is_placeholder;
