//! Where in the site the visitor is: the part of the address behind `#/`. What a user typed never stands there.

use super::words::{Word, t, w};
use yew::prelude::*;

/// A part of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Playground,
    /// The catalogue of known helpers, at the entry of this id when it has one.
    Catalogue(String),
    /// The rules, or the one of this id.
    Rules(String),
    /// Lessons, at this place when it is not empty: see `learn`.
    Learn(String),
    /// What is kept and what is sent.
    Privacy,
}

impl Route {
    /// All parts, at their beginnings.
    pub(crate) fn parts() -> [Self; 5] {
        [
            Self::Playground,
            Self::Learn(String::new()),
            Self::Catalogue(String::new()),
            Self::Rules(String::new()),
            Self::Privacy,
        ]
    }

    /// The part that an address names; the playground for all that we do not know.
    pub(crate) fn of(hash: &str) -> Self {
        Self::find(hash).unwrap_or(Self::Playground)
    }

    /// The part that an address names, if it names one.
    pub(crate) fn find(hash: &str) -> Option<Self> {
        let fragment = hash.strip_prefix('#').unwrap_or(hash);
        let path = fragment.strip_prefix('/').unwrap_or(fragment);
        Some(match path.split_once('/').unwrap_or((path, "")) {
            ("", "") => Self::Playground,
            ("catalogue", entry) => Self::Catalogue(entry.to_owned()),
            ("rules", rule) => Self::Rules(rule.to_owned()),
            ("learn", place) => Self::Learn(place.to_owned()),
            ("privacy", "") => Self::Privacy,
            _ => return None,
        })
    }

    pub(crate) fn address(&self) -> String {
        match self {
            Self::Playground => "#/".to_owned(),
            Self::Catalogue(entry) if entry.is_empty() => "#/catalogue".to_owned(),
            Self::Catalogue(entry) => format!("#/catalogue/{entry}"),
            Self::Rules(rule) if rule.is_empty() => "#/rules".to_owned(),
            Self::Rules(rule) => format!("#/rules/{rule}"),
            Self::Learn(place) if place.is_empty() => "#/learn".to_owned(),
            Self::Learn(place) => format!("#/learn/{place}"),
            Self::Privacy => "#/privacy".to_owned(),
        }
    }

    pub(crate) fn name(&self) -> Word {
        match self {
            Self::Playground => w::ROUTE_PLAYGROUND,
            Self::Catalogue(_) => w::ROUTE_CATALOGUE,
            Self::Rules(_) => w::ROUTE_RULES,
            Self::Learn(_) => w::ROUTE_LEARN,
            Self::Privacy => w::ROUTE_PRIVACY,
        }
    }
}

/// The current route, kept up to date.
#[hook]
pub(crate) fn use_route() -> Route {
    let route = use_state_eq(current);
    {
        let setter = route.setter();
        use_effect_with((), move |()| {
            let listener =
                gloo::events::EventListener::new(&gloo::utils::window(), "hashchange", move |_| setter.set(current()));
            move || drop(listener)
        });
    }
    (*route).clone()
}

/// Names the part of the site in the title of the page: in tabs, in the history, and for those who hear it.
#[hook]
pub(crate) fn use_title(route: &Route, language: &'static str) {
    let own = use_memo((), |()| gloo::utils::document().title());
    let part = match route {
        Route::Playground => None,
        Route::Catalogue(at) | Route::Rules(at) | Route::Learn(at) if at.is_empty() => Some(t(route.name()).to_owned()),
        Route::Catalogue(at) | Route::Rules(at) => Some(at.clone()),
        Route::Learn(_) | Route::Privacy => Some(t(route.name()).to_owned()),
    };
    use_effect_with((part, language), move |(part, _)| {
        let title = part.as_ref().map_or_else(|| (*own).clone(), |part| format!("{part} · {own}"));
        gloo::utils::document().set_title(&title);
    });
}

fn current() -> Route {
    Route::of(&gloo::utils::window().location().hash().unwrap_or_default())
}
