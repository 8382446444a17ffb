//! The parts of the page: one per file, none with a rule of its own.

mod around_list;
mod container_list;
mod details;
mod finding_list;
mod header;
mod outline_list;
mod pane_bar;
mod picture;
mod picture_pane;
mod problem_list;
mod reason;

pub(crate) use details::Details;
pub(crate) use header::Header;
pub(crate) use pane_bar::PaneBar;
pub(crate) use picture_pane::PicturePane;

use around_list::AroundList;
use container_list::ContainerList;
use finding_list::FindingList;
use outline_list::OutlineList;
use picture::Picture;
use problem_list::ProblemList;
use reason::Reason;
