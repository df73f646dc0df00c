//! What everybody knows of the columns of the records: `[facts]`, as used.

/// Facts that an intruder needs no table for.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Names of variables: every category of the first lies in one of the second.
    pub nested: Vec<(String, String)>,
    /// Names of variables that are free to combine, whatever the records look like.
    pub free: Vec<(String, String)>,
    /// Columns of which the first is the sum of the others in every record.
    pub sums: Vec<Vec<String>>,
    /// Categories that never come together.
    pub impossible: Vec<Impossible>,
}

/// Categories of different variables that no record can have together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible {
    /// Index in [`super::Spec::variables`], and the code.
    pub categories: Vec<(usize, String)>,
    /// Line in the specification, for messages.
    pub line: usize,
}

impl Facts {
    /// Whether two variables are declared to be free to combine.
    pub fn is_free(&self, a: &str, b: &str) -> bool {
        self.free.iter().any(|(x, y)| (x == a && y == b) || (x == b && y == a))
    }

    /// Whether some combination of two variables (by index) is declared impossible.
    pub fn exclude(&self, a: usize, b: usize) -> bool {
        let names = |fact: &Impossible, v: usize| fact.categories.iter().any(|(w, _)| *w == v);
        a != b && self.impossible.iter().any(|fact| names(fact, a) && names(fact, b))
    }
}
