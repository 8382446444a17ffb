//! Parts of the site beside the playground.

mod catalogue;
mod privacy;

pub(crate) use catalogue::CataloguePage;
pub(crate) use privacy::PrivacyPage;
