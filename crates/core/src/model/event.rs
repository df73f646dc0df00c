//! What long work tells of itself while it goes on.
//!
//! Nothing here holds a value of a cell, or a sum of values: a loss would be the value of the only cell that is withheld
//! for the sake of others. There are counts of cells and steps, and shares.

/// Something to be shown to those who wait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A stage begins: `read`, `attack`.
    Stage(&'static str),
    /// So many of so many steps are done.
    Steps {
        /// What is counted, in the plural: "unsafe cells".
        what: &'static str,
        /// Those that are done.
        done: usize,
        /// All of them.
        total: usize,
    },
    /// A search knows more than before.
    Search(Standing),
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// Cells that are withheld to protect others.
    pub cells: Option<usize>,
    /// Which share of the first pattern's loss has been saved, 0 to 1.
    pub saved: Option<f64>,
    /// Which share of the loss could be saved at most, 0 to 1.
    pub gap: Option<f64>,
}

impl Standing {
    /// What the best loss so far, the first one, and the proven bound tell without being told.
    pub fn new(cells: Option<usize>, first: i64, loss: i64, bound: i64) -> Self {
        let share = |part: i64, of: i64| (of > 0).then(|| (part as f64 / of as f64).clamp(0.0, 1.0));
        Standing {
            cells,
            saved: share(first.saturating_sub(loss), first),
            gap: share(loss.saturating_sub(bound), loss).filter(|_| bound > 0),
        }
    }
}

/// Who is told. Called from several threads.
pub type Listener<'a> = &'a (dyn Fn(Event) + Sync);

#[cfg(test)]
mod tests {
    use super::Standing;

    #[test]
    fn shares_take_the_place_of_amounts() {
        let standing = Standing::new(Some(3), 200, 100, 75);
        assert_eq!(standing, Standing { cells: Some(3), saved: Some(0.5), gap: Some(0.25) });
        assert_eq!(Standing::new(None, 0, 0, 0), Standing::default(), "where nothing is lost there is no share");
        assert_eq!(Standing::new(None, 10, 10, 0).gap, None, "a bound of 0 says nothing");
    }
}
