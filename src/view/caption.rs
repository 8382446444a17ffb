//! What stands above a picture.

use super::{PictureView, View};
use crate::form::{Form, Written};

/// What a picture of a pair is to the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Badge {
    /// It shows the manifest as it is written.
    Yours,
    /// The manifest has helpers of both forms.
    Mixed,
    /// It shows helpers that are added when the Pod is created.
    OnceAdded,
    /// It is the other form.
    Other,
}

impl Badge {
    /// Its name in `words/en.yaml`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Yours => "yours",
            Self::Mixed => "mixed",
            Self::OnceAdded => "once-added",
            Self::Other => "other",
        }
    }
}

impl PictureView {
    /// What it is to a manifest that is written in this form; nothing when there is only one picture.
    #[must_use]
    pub fn badge(&self, written: Option<Written>) -> Option<Badge> {
        self.form?;
        Some(match (self.is_written, written) {
            (true, _) => Badge::Yours,
            (_, Some(Written::Mixed)) => Badge::Mixed,
            (_, Some(Written::Neither)) => Badge::OnceAdded,
            _ => Badge::Other,
        })
    }
}

impl View {
    /// For each picture the id of its form, the id of its [`Badge`], and its summary: enough for a page that cannot read
    /// anything else of this yet.
    #[must_use]
    pub fn captions(&self) -> Vec<[&str; 3]> {
        let pictures = self.pictures.iter();
        let texts = pictures.map(|picture| {
            let form = picture.form.map_or("", Form::id);
            [form, picture.badge(self.written).map_or("", Badge::id), picture.summary.as_str()]
        });
        texts.collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::session::first_view;
    use crate::view::Request;

    #[test]
    fn a_pair_says_which_one_is_written() {
        let text =
            "kind: Pod\nspec:\n  containers: [{ name: shop, image: shop }, { name: logs, image: fluent/fluent-bit }]\n";
        let view = first_view(text, &Request::of_newcomer());
        let captions = view.captions();
        assert_eq!(captions.iter().map(|[form, ..]| *form).collect::<Vec<_>>(), ["traditional", "native"]);
        assert_eq!(captions.iter().map(|[_, badge, _]| *badge).collect::<Vec<_>>(), ["yours", "other"]);
        assert!(captions.iter().all(|[_, _, summary]| !summary.is_empty()));
    }

    #[test]
    fn a_single_picture_needs_no_badge() {
        let view =
            first_view("kind: Pod\nspec: { containers: [{ name: shop, image: shop }] }\n", &Request::of_newcomer());
        assert_eq!(view.captions().first().map(|[form, badge, _]| (*form, *badge)), Some(("", "")));
    }
}
