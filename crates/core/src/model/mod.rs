//! The vocabulary of tabsafe: nothing here reads, writes, solves or decides.
//!
//! A [`Space`] says along which dimensions the records are classified, a [`Table`] which part of it is to be
//! published, a [`System`] holds every cell of every table once, with the relations that bind them. A rule makes
//! [`Finding`]s, a method a [`Protection`]. This room imports no other room, no serde and no Polars.

mod answer;
mod block;
mod event;
mod finding;
mod groups;
mod interval;
mod key;
mod protection;
mod space;
mod structure;
mod system;
mod table;

pub use answer::{Answer, Exemption, Question};
pub use block::{Block, BlockDim, Family, Kept, NullVector};
pub use event::{Event, Listener, Standing};
pub use finding::{Demand, Finding, Harm, Severity, Want};
pub use groups::{Equation, Groups, Part};
pub use interval::{Bounds, Decimal, Interval};
pub use key::{CellKeys, Modulus, RecordKeys};
pub use protection::{Choice, DrawnKey, Protection, Treatment, Verdict};
pub use space::{DimId, Dimension, LeafSet, Node, NodeId, Space};
pub use structure::Structure;
pub use system::{Cell, CellId, Contributions, Exposure, Narrow, Place, Relation, System};
pub use table::Coords;
pub use table::{Axis, Entry, Measure, MeasureId, Role, Sensitive, Table, grouped, scaled};
