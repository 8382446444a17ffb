//! Parts of the site beside the playground.

mod catalogue;
mod privacy;
mod rules;

pub(crate) use catalogue::CataloguePage;
pub(crate) use privacy::PrivacyPage;
pub(crate) use rules::RulesPage;
