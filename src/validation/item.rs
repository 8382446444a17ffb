//! A decoded object: plain data in the shape of the API types, after wrong and unknown fields were sorted out.

use std::borrow::Cow;

/// The name of a field or the key of a map.
pub(super) type Key = Cow<'static, str>;

/// A decoded value. Absent and null are the same: the field is not there.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Bool(bool),
    Int(i64),
    /// Also amounts and times, as they were written.
    Text(Cow<'static, str>),
    List(Vec<Self>),
    /// A Go map, by key. Empty is the same as absent.
    Map(Vec<(Key, Self)>),
    /// A Go struct. Empty is not the same as absent where Go has a pointer.
    Struct(Vec<(Key, Self)>),
}

impl Item {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Cow::Owned(text.to_owned()))
    }

    /// A text that is always the same.
    pub(super) const fn word(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) fn empty() -> Self {
        Self::Struct(Vec::new())
    }

    fn fields(&self) -> &[(Key, Self)] {
        match self {
            Self::Map(fields) | Self::Struct(fields) => fields,
            _ => &[],
        }
    }

    fn fields_mut(&mut self) -> Option<&mut Vec<(Key, Self)>> {
        match self {
            Self::Map(fields) | Self::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.fields_mut()?.iter_mut().find(|(name, _)| name == key).map(|(_, item)| item)
    }

    /// The value of a key, made when it is not there; nothing in a value that has no keys.
    pub(super) fn make(&mut self, key: &'static str) -> Option<&mut Self> {
        if self.get_mut(key).is_none() {
            self.set(key, Self::empty());
        }
        self.get_mut(key)
    }

    pub(super) fn set(&mut self, key: impl Into<Key>, item: Self) {
        let key = key.into();
        if let Some(known) = self.get_mut(&key) {
            *known = item;
        } else if let Some(fields) = self.fields_mut() {
            fields.push((key, item));
        }
    }

    /// Sets or removes.
    pub(super) fn put(&mut self, key: &'static str, item: Option<Self>) {
        match item {
            Some(item) => self.set(key, item),
            None => {
                self.remove(key);
            }
        }
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Self> {
        let fields = self.fields_mut()?;
        let index = fields.iter().position(|(name, _)| name == key)?;
        Some(fields.remove(index).1)
    }

    /// Sets what is absent or empty text.
    pub(super) fn default(&mut self, key: &'static str, item: Self) {
        if At(Some(self)).get(key).is_zero() {
            self.set(key, item);
        }
    }

    /// Sets what is absent.
    pub(super) fn default_absent(&mut self, key: impl Into<Key>, item: Self) {
        let key = key.into();
        if !At(Some(self)).has(&key) {
            self.set(key, item);
        }
    }

    /// The entries of a list field.
    pub(super) fn list_mut(&mut self, key: &str) -> &mut [Self] {
        match self.get_mut(key) {
            Some(Self::List(items)) => items,
            _ => &mut [],
        }
    }

    /// The value at the end of a route of keys.
    pub(super) fn at_mut(&mut self, route: &[&str]) -> Option<&mut Self> {
        route.iter().try_fold(self, |item, key| item.get_mut(key))
    }

    pub(super) fn at(&self) -> At<'_> {
        At(Some(self))
    }
}

/// A place in a decoded object that may be absent: reading it gives Go's zero values.
#[derive(Clone, Copy)]
pub(super) struct At<'i>(pub(super) Option<&'i Item>);

impl<'i> At<'i> {
    pub(super) const NONE: Self = Self(None);

    pub(super) fn get(self, key: &str) -> Self {
        // As plain as it can be: it is called more often than anything else here.
        for (name, item) in self.0.map_or(&[][..], Item::fields) {
            if name == key {
                return Self(Some(item));
            }
        }
        Self::NONE
    }

    pub(super) fn at(self, route: &[&str]) -> Self {
        route.iter().fold(self, |at, key| at.get(key))
    }

    pub(super) fn is_set(self) -> bool {
        self.0.is_some()
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.get(key).is_set()
    }

    /// Whether this is Go's zero value.
    pub(super) fn is_zero(self) -> bool {
        match self.0 {
            None | Some(Item::Bool(false) | Item::Int(0)) => true,
            Some(Item::Text(text)) => text.is_empty(),
            Some(Item::List(items)) => items.is_empty(),
            Some(Item::Map(fields) | Item::Struct(fields)) => fields.is_empty(),
            Some(_) => false,
        }
    }

    pub(super) fn opt_text(self) -> Option<&'i str> {
        match self.0 {
            Some(Item::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn text(self) -> &'i str {
        self.opt_text().unwrap_or_default()
    }

    pub(super) fn opt_int(self) -> Option<i64> {
        match self.0 {
            Some(Item::Int(int)) => Some(*int),
            _ => None,
        }
    }

    pub(super) fn int(self) -> i64 {
        self.opt_int().unwrap_or_default()
    }

    pub(super) fn opt_bool(self) -> Option<bool> {
        match self.0 {
            Some(Item::Bool(bool)) => Some(*bool),
            _ => None,
        }
    }

    pub(super) fn bool(self) -> bool {
        self.opt_bool().unwrap_or_default()
    }

    pub(super) fn items(self) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator + 'i {
        let items: &'i [Item] = match self.0 {
            Some(Item::List(items)) => items,
            _ => &[],
        };
        items.iter().map(|item| Self(Some(item)))
    }

    pub(super) fn nth(self, index: usize) -> Self {
        self.items().nth(index).unwrap_or(Self::NONE)
    }

    /// Keys and values, by key: a Go map has no order of its own.
    pub(super) fn entries(self) -> Vec<(&'i str, Self)> {
        let mut entries: Vec<(&'i str, Self)> =
            self.0.map(Item::fields).unwrap_or_default().iter().map(|(key, item)| (&**key, Self(Some(item)))).collect();
        entries.sort_by_key(|(key, _)| *key);
        entries
    }

    pub(super) fn len(self) -> usize {
        match self.0 {
            Some(Item::List(items)) => items.len(),
            Some(item) => item.fields().len(),
            None => 0,
        }
    }

    pub(super) fn texts(self) -> Vec<&'i str> {
        self.items().map(Self::text).collect()
    }

    pub(super) fn owned(self) -> Option<Item> {
        self.0.cloned()
    }

    /// As Kubernetes compares (`apiequality.Semantic`): no entries is the same as no list, amounts are compared by value.
    pub(super) fn same(self, other: Self) -> bool {
        same(self.0, other.0, false)
    }
}

fn same(one: Option<&Item>, other: Option<&Item>, is_amount: bool) -> bool {
    let is_empty = |item: &Item| {
        matches!(item, Item::List(items) if items.is_empty()) || matches!(item, Item::Map(fields) if fields.is_empty())
    };
    match (one, other) {
        (None, None) => true,
        (Some(item), None) | (None, Some(item)) => is_empty(item),
        (Some(one), Some(other)) => match (one, other) {
            (Item::Bool(one), Item::Bool(other)) => one == other,
            (Item::Int(one), Item::Int(other)) => one == other,
            (Item::Text(one), Item::Text(other)) => {
                let amount = |text: &str| crate::quantity::Quantity::parse(text.trim());
                one == other || (is_amount && amount(one).is_some() && amount(one) == amount(other))
            }
            (Item::List(one), Item::List(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| same(Some(one), Some(other), false))
            }
            (Item::Map(_), Item::Map(_)) | (Item::Struct(_), Item::Struct(_)) => {
                let (left, right) = (At(Some(one)), At(Some(other)));
                let holds_amounts = |key: &str| matches!(key, "limits" | "requests" | "overhead");
                let keys = left.entries().into_iter().chain(right.entries()).map(|(key, _)| key);
                let is_amount_list = is_amount && matches!(one, Item::Map(_));
                keys.into_iter().all(|key| {
                    let is_amount = is_amount_list || holds_amounts(key) || matches!(key, "sizeLimit" | "divisor");
                    same(left.get(key).0, right.get(key).0, is_amount)
                })
            }
            _ => false,
        },
    }
}
