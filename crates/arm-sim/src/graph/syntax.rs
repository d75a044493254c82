//! The syntax tree of a query.

use super::cell::Cell;

/// A query: a table, and what is done with its rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub(crate) table: Table,
    pub(crate) steps: Vec<Step>,
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// Vaults, virtual machines, networks, storage accounts.
    Resources,
    /// Subscriptions and resource groups.
    Containers,
    /// Protected items.
    RecoveryServices,
}

/// What is done with rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Where(Expression),
    Extend(Vec<Named>),
    Project(Vec<Named>),
    /// `join kind=leftouter (…) on …`
    Join(Query, Vec<String>),
    /// Columns, and whether the order is descending.
    Order(Vec<(String, bool)>),
    Limit(usize),
}

/// A column that is computed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) value: Expression,
}

/// What is computed for a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Constant(Cell),
    Column(String),
    Member(Box<Expression>, String),
    Call(Function, Vec<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// `in`, `in~` and their negations.
    Among {
        value: Box<Expression>,
        list: Vec<Expression>,
        ignore_case: bool,
        negated: bool,
    },
    /// `and`. A list, so that a long one is no deep one.
    All(Vec<Expression>),
    /// `or`.
    Any(Vec<Expression>),
}

impl Expression {
    /// Whether it is true or false by its form.
    pub(crate) fn is_condition(&self) -> bool {
        match self {
            Self::Constant(cell) => matches!(cell, Cell::Flag(_)),
            Self::Call(function, _) => function.is_condition(),
            Self::Compare(..) | Self::Among { .. } | Self::All(_) | Self::Any(_) => true,
            Self::Column(_) | Self::Member(..) => false,
        }
    }
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($variant:ident $text:literal)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),* }

        impl $name {
            /// The function of this name.
            pub(crate) fn of(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// A function.
    Function {
        ToLower "tolower" ToText "tostring" Coalesce "coalesce"
        IsEmpty "isempty" IsNotEmpty "isnotempty" IsNull "isnull" IsNotNull "isnotnull" Not "not"
    }
}

impl Function {
    /// Whether it takes this number of arguments.
    pub(crate) fn takes(self, arguments: usize) -> bool {
        if self == Self::Coalesce { (2..=64).contains(&arguments) } else { arguments == 1 }
    }

    fn is_condition(self) -> bool {
        !matches!(self, Self::ToLower | Self::ToText | Self::Coalesce)
    }
}

words! {
    /// A comparison of two values.
    Comparison {
        Equal "==" NotEqual "!=" Same "=~" NotSame "!~"
        Contains "contains" ContainsNot "!contains" StartsWith "startswith" StartsWithNot "!startswith"
    }
}
