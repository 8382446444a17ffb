//! Parts of the site beside the playground.

mod catalogue;

pub(crate) use catalogue::CataloguePage;
