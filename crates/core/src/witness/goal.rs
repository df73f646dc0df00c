//! What a move must achieve.

use crate::model::{Interval, Want};

/// How far a cell must move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Up: at least by the first, at most by the second.
    Up(i64, i64),
    /// Down: at least by the first, at most by the second.
    Down(i64, i64),
    /// In either direction, at least this far.
    Either(i64),
}

impl Goal {
    /// What a want asks of a cell (or form) of this value; `None` if nothing is left to ask.
    pub fn of(want: Want, value: i64) -> Option<Goal> {
        match want {
            Want::Within(bounds) if bounds.contains(value) => None,
            Want::Within(Interval { lo, hi }) => {
                let from = |b: Option<i64>, far: i64| b.map_or(far, |b| b.saturating_sub(value));
                let (low, high) = (from(lo, -i64::MAX), from(hi, i64::MAX));
                Some(if low > 0 {
                    Goal::Up(low, high)
                } else {
                    Goal::Down(high.saturating_neg(), low.saturating_neg())
                })
            }
            Want::Spread(width) if width <= 0 => None,
            Want::Spread(width) => Some(Goal::Either(width)),
        }
    }

    /// Whether a difference reaches it.
    pub fn met(self, by: i64) -> bool {
        match self {
            Goal::Up(least, most) => least <= by && by <= most,
            Goal::Down(least, most) => least <= -by && -by <= most,
            Goal::Either(least) => by.abs() >= least,
        }
    }

    /// The directions that reach it, each with the smallest distance.
    pub fn ways(self) -> Vec<(i64, i64)> {
        match self {
            Goal::Up(least, _) => vec![(1, least)],
            Goal::Down(least, _) => vec![(-1, least)],
            Goal::Either(least) => vec![(1, least), (-1, least)],
        }
    }

    /// The smallest distance.
    pub fn distance(self) -> i64 {
        match self {
            Goal::Up(least, _) | Goal::Down(least, _) | Goal::Either(least) => least,
        }
    }
}
