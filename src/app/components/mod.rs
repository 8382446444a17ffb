//! The parts of the page: one per file, none with a rule of its own.

mod api_answer;
mod around_list;
mod change_panel;
mod command_list;
mod container_list;
mod details;
mod export_panel;
mod finding_list;
mod header;
mod history_panel;
mod outline_list;
mod pane_bar;
mod picture;
mod picture_pane;
mod problem_list;
mod reason;
mod rewrite_bar;
mod share_panel;
mod time_bar;
mod tools;
mod trouble;
mod what_if_panel;

pub(crate) use change_panel::ChangePanel;
pub(crate) use details::Details;
pub(crate) use export_panel::ExportPanel;
pub(crate) use header::Header;
pub(crate) use history_panel::HistoryPanel;
pub(crate) use pane_bar::PaneBar;
pub(crate) use picture_pane::PicturePane;
pub(crate) use share_panel::SharePanel;

use api_answer::ApiAnswer;
use around_list::AroundList;
use command_list::command_list;
use container_list::ContainerList;
use finding_list::FindingList;
use outline_list::OutlineList;
use picture::Picture;
use problem_list::ProblemList;
use reason::Reason;
use rewrite_bar::RewriteBar;
use time_bar::TimeBar;
use tools::tools;
use trouble::Trouble;
use what_if_panel::WhatIfPanel;
