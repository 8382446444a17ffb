//! Short messages at the edge of the page, with a way back where something was replaced.

use super::words::{t, w};
use std::rc::Rc;
use yew::prelude::*;

/// What a message is about. A newer message takes the place of an older one about the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The text was replaced.
    Text,
    /// A link could not be opened.
    Link,
    /// A manifest of another site.
    Address,
    /// Something cannot be kept.
    Storage,
    /// Working without a network.
    Offline,
    /// The words of another language.
    Language,
}

/// A message.
#[derive(Clone, PartialEq)]
pub(crate) struct Notice {
    pub(crate) about: About,
    pub(crate) text: String,
    /// What can be done about it: the words on the button, and what happens.
    pub(crate) action: Option<(&'static str, Callback<()>)>,
}

/// The messages that are shown.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Notices(Vec<Notice>);

/// What can happen to messages.
pub(crate) enum NoticeAction {
    Show(Notice),
    Dismiss(About),
}

impl Reducible for Notices {
    type Action = NoticeAction;

    fn reduce(self: Rc<Self>, action: NoticeAction) -> Rc<Self> {
        let mut list = self.0.clone();
        match action {
            NoticeAction::Show(notice) => {
                list.retain(|known| known.about != notice.about);
                list.push(notice);
            }
            NoticeAction::Dismiss(about) => list.retain(|known| known.about != about),
        }
        Rc::new(Self(list))
    }
}

/// Shows messages and takes them back.
pub(crate) type Tell = UseReducerDispatcher<Notices>;

/// The messages.
pub(crate) fn notice_list(notices: &UseReducerHandle<Notices>) -> Html {
    let items = notices.0.iter().map(|notice| {
        let about = notice.about;
        let dismiss = {
            let notices = notices.clone();
            Callback::from(move |_: MouseEvent| notices.dispatch(NoticeAction::Dismiss(about)))
        };
        let (label, act) = match &notice.action {
            Some((label, act)) => (*label, act.clone()),
            None => ("", Callback::noop()),
        };
        let onclick = {
            let notices = notices.clone();
            Callback::from(move |_: MouseEvent| {
                notices.dispatch(NoticeAction::Dismiss(about));
                act.emit(());
            })
        };
        let is_bad = matches!(about, About::Link | About::Storage | About::Language);
        html! {
            <li key={format!("{about:?}")} class={classes!("notice", is_bad.then_some("notice--bad"))}>
                <p class="notice__text">{ &notice.text }</p>
                <button type="button" class="notice__action" hidden={label.is_empty()} {onclick}>{ label }</button>
                <button type="button" class="notice__close" aria-label={t(w::PAGE_CLOSE_MESSAGE)} onclick={dismiss}>{ "✕" }</button>
            </li>
        }
    });
    html! { <ul class="notices" aria-live="polite" aria-label={t(w::PAGE_MESSAGES)}>{ for items }</ul> }
}
