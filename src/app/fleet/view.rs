//! How the list of machines is looked at: what it is searched, filtered and sorted by. The address tells it.

use azure_backup::arm::id::{ArmId, SubscriptionId};

use super::{Column, Facet, Filter};
use crate::app::list_query::{order_text, read_order};

/// A view of the list of machines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FleetView {
    /// What is wanted.
    pub filter: Filter,
    /// What the list is sorted by.
    pub sort: Column,
    /// Whether the last comes first.
    pub descending: bool,
}

/// The name of the searched text in an address.
const SEARCH: &str = "search";
/// The name of the order in an address.
const SORT: &str = "sort";

impl FleetView {
    /// The machines of one value of a facet.
    pub fn only(facet: Facet, value: &str) -> Self {
        let filter = Filter { text: String::new(), values: vec![(facet, value.to_lowercase())] };
        Self { filter, ..Self::default() }
    }

    /// The view that the parts of an address describe, each a name and a decoded value. What is not understood is left out.
    pub fn read(parts: impl Iterator<Item = (String, String)>) -> Self {
        let mut view = Self::default();
        for (name, value) in parts.filter(|(_, value)| !value.is_empty()) {
            if name == SEARCH {
                view.filter.text = value;
            } else if name == SORT {
                let (descending, column) = read_order(&value);
                if let Some(column) = Column::ALL.into_iter().find(|known| known.name() == column) {
                    (view.sort, view.descending) = (column, descending);
                }
            } else if let Some(facet) = Facet::ALL.into_iter().find(|facet| facet.name() == name) {
                let wanted = (facet, value.to_lowercase());
                if !view.filter.values.contains(&wanted) {
                    view.filter.values.push(wanted);
                }
            }
        }
        view
    }

    /// The parts of the address that describe it.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let text = Some((SEARCH, self.filter.text.clone())).filter(|(_, text)| !text.is_empty());
        let values = self.filter.values.iter().map(|(facet, value)| (facet.name(), value.clone()));
        let sort = Some((SORT, order_text(self.sort.name(), self.descending)))
            .filter(|_| (self.sort, self.descending) != <(Column, bool)>::default());
        text.into_iter().chain(values).chain(sort).collect()
    }

    /// The values of a facet that are wanted.
    pub fn values(&self, facet: Facet) -> impl Iterator<Item = &str> {
        self.filter.values.iter().filter(move |(of, _)| *of == facet).map(|(_, value)| value.as_str())
    }

    /// The only value of a facet that is wanted.
    fn only_value(&self, facet: Facet) -> Option<&str> {
        let mut values = self.values(facet);
        values.next().filter(|_| values.next().is_none())
    }

    /// The vault, if the list is that of one.
    pub fn vault(&self) -> Option<ArmId> {
        ArmId::parse(self.only_value(Facet::Vault)?).ok()
    }

    /// The subscription, if the list is that of one, or of one vault.
    pub fn subscription(&self) -> Option<SubscriptionId> {
        let own = self.only_value(Facet::Subscription).and_then(|id| SubscriptionId::parse(id).ok());
        own.or_else(|| SubscriptionId::parse(self.vault()?.subscription()?).ok())
    }

    /// The same with a value wanted, or no longer wanted.
    #[must_use]
    pub fn with(mut self, facet: Facet, value: &str, wanted: bool) -> Self {
        self.filter.values.retain(|(of, known)| (*of, known.as_str()) != (facet, value));
        if wanted {
            self.filter.values.push((facet, value.to_owned()));
        }
        self
    }

    /// The same with no value of a facet wanted more than others.
    #[must_use]
    pub fn without(mut self, facet: Facet) -> Self {
        self.filter.values.retain(|(of, _)| *of != facet);
        self
    }

    /// The same search and order with no value of any facet wanted more than others.
    #[must_use]
    pub fn without_filters(mut self) -> Self {
        self.filter.values.clear();
        self
    }

    /// The same with another text searched.
    #[must_use]
    pub fn searching(mut self, text: &str) -> Self {
        text.clone_into(&mut self.filter.text);
        self
    }

    /// The same sorted by a column; by the one that it is sorted by already, the other way round. The newest point comes first.
    #[must_use]
    pub fn sorted_by(mut self, column: Column) -> Self {
        self.descending = if self.sort == column { !self.descending } else { column == Column::LatestPoint };
        self.sort = column;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_comes_back_from_the_parts_that_describe_it() {
        let read = |parts: &[(&str, &str)]| {
            FleetView::read(parts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
        };
        let plain = FleetView::default();
        assert_eq!((plain.parts(), read(&[])), (Vec::new(), plain.clone()));
        let view = FleetView { filter: Filter { text: " web 0".to_owned(), values: Vec::new() }, ..plain.clone() }
            .with(Facet::Tag, "env=prod", true)
            .with(Facet::Region, "eastus", true)
            .with(Facet::Region, "westeurope", true)
            .sorted_by(Column::LatestPoint);
        let owned: Vec<(String, String)> =
            view.parts().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(owned.last().map(|(_, sort)| sort.as_str()), Some("-latest"));
        assert_eq!(FleetView::read(owned.into_iter()), view);
        // An older address, and what no address has.
        let vault = "/subscriptions/S-1/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/V";
        let old = read(&[("vault", vault), ("vault", vault), ("sort", "size"), ("color", "red"), ("region", "")]);
        assert_eq!(old, FleetView::only(Facet::Vault, vault));
        assert_eq!(old.vault(), ArmId::parse(vault).ok());
        assert_eq!(old.subscription().map(|id| id.to_string()), Some("s-1".to_owned()));
        assert_eq!(old.clone().with(Facet::Vault, "other", true).vault(), None);
        assert_eq!(old.without(Facet::Vault), plain);
    }

    #[test]
    fn a_column_is_sorted_by_from_its_useful_end_and_then_the_other_way_round() {
        let by_point = FleetView::default().sorted_by(Column::LatestPoint);
        assert!(by_point.descending && !by_point.clone().sorted_by(Column::LatestPoint).descending);
        assert!(!by_point.sorted_by(Column::Facet(Facet::Health)).descending);
        assert!(FleetView::default().sorted_by(Column::Name).descending);
    }
}
